"""The pages on admin API and faults say what the code does, and their commands work."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from happytalk_mock import MockServer
from test_docs import generator

DOCS = Path(__file__).parent.parent / "docs"
PAGES = ("admin.md", "faults.md")
GENERATOR = generator()
TABLES, renew = GENERATOR.TABLES, GENERATOR.renew
ORIGIN = "http://127.0.0.1:8080"


@pytest.mark.parametrize("name", PAGES)
def test_the_tables_are_those_of_the_code(name: str) -> None:
    page = (DOCS / name).read_text(encoding="utf-8")
    assert renew(page) == page, "`make docs` renews it"


def test_every_table_is_on_a_page() -> None:
    pages = "".join((DOCS / name).read_text(encoding="utf-8") for name in PAGES)
    assert all(f"<!-- {name}: made from the code -->" in pages for name in TABLES)


def test_renewing_touches_nothing_between_two_sections() -> None:
    empty = "<!-- effects: made from the code -->\n<!-- end -->\n"
    page = renew(f"a\n{empty}between\n{empty}z\n")
    assert page.count("| `empty-body` |") == 2
    assert "\nbetween\n" in page
    assert renew(page) == page


def commands(name: str) -> list[str]:
    """The curl commands of a page, each on one line."""
    page = (DOCS / name).read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", page, re.DOTALL)).replace("\\\n", " ")
    return [line for line in blocks.splitlines() if line.startswith("curl")]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed; it runs the pages' commands")
@pytest.mark.parametrize("name", PAGES)
def test_the_commands_work(name: str) -> None:
    found = commands(name)
    assert len(found) >= 5
    with MockServer(rooms=20) as server:
        for command in found:
            status = _run(command.replace(ORIGIN, server.url))
            server.control.faults.clear()
            assert status in _expected(command), f"{command}: HTTP {status}"


def _expected(command: str) -> tuple[int, ...]:
    if "Prefer: code=429" in command:
        return (429,)
    return (200, 201)


def _run(command: str) -> int:
    shell = shutil.which("sh")
    arguments = [shell or "sh", "-c", f"{command} -s -o /dev/null -w '%{{http_code}}'"]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=30, check=True)
    return int(done.stdout[-3:])
