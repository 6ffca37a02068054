"""The house: a folder is a layer and imports only folders below it. Every offence is told at once."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parent.parent
PACKAGES: Final = {
    "happytalk_mock": ROOT / "mockserver" / "happytalk_mock",
    "happytalk_contract": ROOT / "contract_tests" / "happytalk_contract",
}
#: The folders (and the modules beside them) of each package from the top down.
ORDER: Final = {
    "happytalk_mock": [
        "cli",
        "testing",
        "web",
        "api",
        "faults",
        "state",
        "store",
        "journal",
        "data",
        "serving",
        "spec",
        "core",
    ],
    "happytalk_contract": (
        [
            "cli",
            "suite",
            "check",
            "twin",
            "engine",
            "verdict",
            "report",
            "rules",
            "evidence",
            "transport",
            "questions",
            "core",
        ]
    ),
}
#: What the kit may use of the server: packaged data, and the public names of the package itself.
KIT_MAY_IMPORT: Final = ("happytalk_mock", "happytalk_mock.spec.resources")
#: Where a framework may be imported.
FRAMEWORKS: Final = {
    "flask": ("happytalk_mock.web",),
    "werkzeug": ("happytalk_mock.web",),
    "httptools": ("happytalk_mock.serving",),
    "uvloop": ("happytalk_mock.serving",),
    "numpy": ("happytalk_mock.store", "happytalk_mock.data.rooms"),
    "wavelet_matrix": ("happytalk_mock.store",),
    "prometheus_client": ("happytalk_mock.web",),
    "faker": ("happytalk_mock.data",),
    "rich": ("happytalk_mock.cli", "happytalk_contract.cli", "happytalk_contract.report"),
    "hypothesis": ("happytalk_contract.questions", "happytalk_contract.engine"),
    "pytest": ("happytalk_mock.testing", "happytalk_contract.suite"),
}
LONGEST_MODULE: Final = 400
LONGEST_FUNCTION: Final = 40


def test_the_house_stands() -> None:
    assert not (offences := sorted(_offences())), "\n" + "\n".join(offences)


def _offences() -> Iterator[str]:
    modules = {name: path for package in PACKAGES for name, path in _modules(package)}
    texts = {name: path.read_text(encoding="utf-8") for name, path in modules.items()}
    # Expressions are left out: nothing here is about them, and they are most of a tree.
    nodes = {name: list(_statements(ast.parse(text))) for name, text in texts.items()}
    graph = {name: set(_imported(name, modules[name], found, modules)) for name, found in nodes.items()}
    for name, found in nodes.items():
        yield from _order(name, graph[name])
        yield from _frameworks(name, found)
        yield from _sizes(name, texts[name], found)
        if modules[name].name == "__init__.py" and not ast.get_docstring(found[0]):
            yield f"{name}: a folder states its rule in its __init__"
    yield from _circles(graph)


def _modules(package: str) -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGES[package].rglob("*.py")):
        parts = path.relative_to(PACKAGES[package]).with_suffix("").parts
        yield ".".join([package, *(part for part in parts if part != "__init__")]), path


def _statements(tree: Any) -> Iterator[Any]:
    """A tree and every statement in it, however deep."""
    yield tree
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for child in getattr(tree, name, ()):
            yield from _statements(child)


def _imported(name: str, path: Path, nodes: list[ast.AST], modules: Iterable[str]) -> Iterator[str]:
    """The modules of the two packages that a module imports, inside functions too, and for type checking too."""
    own = name.split(".") if path.name != "__init__.py" else [*name.split("."), "__init__"]
    for node in nodes:
        if not isinstance(node, ast.ImportFrom):
            continue
        base = ".".join([*own[: len(own) - node.level], *(node.module or "").split(".")]).rstrip(".")
        base = base if node.level else node.module or ""
        for alias in node.names:
            found = next((one for one in (f"{base}.{alias.name}", base) if one in modules), None)
            if found is not None and found != name:
                yield found


def _level(name: str) -> int | None:
    """How far from the top a module lies; None for what lies beside the folders."""
    package, *rest = name.split(".")
    return ORDER[package].index(rest[0]) if rest and rest[0] in ORDER[package] else None


def _order(name: str, imports: set[str]) -> Iterator[str]:
    package, *rest = name.split(".")
    own = _level(name)
    if own is None and rest not in ([], ["__main__"]):
        yield f"{name}: has no place in the order of folders"
    for other in imports:
        if other.split(".")[0] != package:
            if package == "happytalk_mock" or other not in KIT_MAY_IMPORT:
                yield f"{name}: imports {other} of the other package"
        elif own is not None and (level := _level(other)) is not None and level < own:
            yield f"{name}: imports {other}, which lies above it"


def _frameworks(name: str, nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for framework in {one.split(".")[0] for one in names} & FRAMEWORKS.keys():
            if not name.startswith(FRAMEWORKS[framework]):
                yield f"{name}: imports {framework}, which lives in {' and '.join(FRAMEWORKS[framework])}"


def _sizes(name: str, text: str, nodes: list[ast.AST]) -> Iterator[str]:
    lines = len(text.splitlines())
    if lines > LONGEST_MODULE:
        yield f"{name}: {lines} lines, at most {LONGEST_MODULE}"
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{name}: {node.name} has {length} lines, at most {LONGEST_FUNCTION}"


def _circles(graph: dict[str, set[str]]) -> Iterator[str]:
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> Iterator[str]:
        if name in way:
            circle = (*way[way.index(name) :], name)
            yield "a circle: " + " > ".join(circle)
            return
        if name in done:
            return
        done.add(name)
        for other in sorted(graph[name]):
            # A package's __init__ may gather what lies in it; that alone is no circle.
            yield from visit(other, (*way, name))

    for name in sorted(graph):
        yield from visit(name, ())


def test_the_order_names_every_folder() -> None:
    for package, folder in PACKAGES.items():
        there = {path.parent.name for path in folder.glob("*/__init__.py")} | {
            path.stem for path in folder.glob("*.py") if not path.stem.startswith("__")
        }
        assert there == set(ORDER[package])
        assert all(upper != lower for upper, lower in pairwise(ORDER[package]))
