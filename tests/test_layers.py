"""The imports, held to the layers of ARCHITECTURE.md: downwards only, and the kit and the server apart."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SERVER = ROOT / "mockserver" / "happytalk_mock"
KIT = ROOT / "contract_tests" / "happytalk_contract"

#: The server's layers from the ground up. A module may import from its own layer and those above it in this list.
LAYERS: dict[str, str] = {
    "vocabulary": "errors exchange clock model moments masking wording problems entropy resources",
    "documentation": "behaviour query validation openapi",
    "data": "making generator messages scenario_checks scenario export",
    "store": "storage store message_store",
    "state": "tenants changes churn",
    "answers": "endpoints disturbances faults prefer journal entries drifts",
    "edge": "edge",
    "http": "admin console app",
    "serving": "serving server options ready cli __main__ __init__ pytest_plugin testing transports "
    "transport_httpx transport_requests hosting observed score scoring walks client",
}
_LEVEL = {module: level for level, names in enumerate(LAYERS.values()) for module in names.split()}

#: What the kit may use of the server: its data files, and a server to run against.
KIT_MAY_IMPORT = {"resources", "serving", "server", "__init__"}


def modules(package: Path) -> list[Path]:
    return sorted(package.rglob("*.py"))


def imported(path: Path, package: Path) -> Iterator[str]:
    """Absolute names of what a module imports of the two packages, inside functions too (not for type checking)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = [package.name, *path.relative_to(package).with_suffix("").parts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = own[: len(own) - node.level] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{name}.{alias.name}" for alias in node.names)


def part(name: str, package: str) -> str | None:
    """The top module of `package` that an absolute name lies in; None if in none."""
    first, *rest = name.split(".")
    if first != package:
        return None
    return (
        rest[0] if rest and (SERVER / f"{rest[0]}.py").exists() | (SERVER / rest[0]).is_dir() else "__init__"
    )


@pytest.mark.parametrize("path", modules(SERVER), ids=lambda path: str(path.relative_to(SERVER)))
def test_the_server_imports_downwards(path: Path) -> None:
    own = path.relative_to(SERVER).with_suffix("").parts[0]
    assert own in _LEVEL, f"{own} has no layer: add it to LAYERS and to ARCHITECTURE.md"
    for name in imported(path, SERVER):
        assert not name.startswith("happytalk_contract"), f"{own} imports the kit"
        other = part(name, "happytalk_mock")
        if other in (None, "__init__"):  # __init__ holds the version; its server is imported lazily
            continue
        assert other in _LEVEL, f"{own} imports {other}, which has no layer"
        assert _LEVEL[other] <= _LEVEL[own], f"{own} imports {other}, which lies above it"


@pytest.mark.parametrize("path", modules(KIT), ids=lambda path: str(path.relative_to(KIT)))
def test_the_kit_knows_nothing_of_how_the_server_answers(path: Path) -> None:
    used = {part(name, "happytalk_mock") for name in imported(path, KIT)} - {None}
    assert used <= KIT_MAY_IMPORT


def test_every_layer_is_in_use() -> None:
    names = {path.relative_to(SERVER).with_suffix("").parts[0] for path in modules(SERVER)}
    assert (
        set(_LEVEL)
        - names
        - {"console", "testing", "transports", "transport_httpx", "transport_requests", "score", "client"}
        == set()
    )


def test_modules_and_functions_stay_small() -> None:
    for path in itertools.chain(modules(SERVER), modules(KIT)):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 500, f"{path.name} has {len(text.splitlines())} lines"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{path.name}: {node.name} has {length} lines"
