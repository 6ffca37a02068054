"""The documentation: generated pages are current, links lead somewhere, README's commands are real."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from happytalk_mock import MockServer
from happytalk_mock.cli.commands import main
from happytalk_mock.cli.texts import ready_block
from twins import write_twin

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_docs", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_pages_are_current() -> None:
    for name, text in generator().PAGES.items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text(), (
            f"{name} is old: `make docs` writes it anew"
        )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            continue
        assert (page.parent / target.partition("#")[0]).exists(), f"{target} leads nowhere"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_the_readmes_commands_are_real(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dev.toml").write_text(
        'bad_date = "absent"\n', encoding="utf-8"
    )  # as --report-behaviour writes it
    write_twin(tmp_path / "shop.twin")
    lines = re.findall(
        r"^\$ happytalk-mock (.*?)(?:\s{2,}#.*)?$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(lines) >= 4
    for line in lines:
        words = shlex.split(line)
        # A server would run on; `rooms` takes the same options and ends.
        if words[0] == "serve":
            words = ["rooms", *words[1:], "--format", "jsonl"]
        assert CliRunner().invoke(main, words).exit_code == 0, line


#: The moment that the READMEs show, and some at which today has no room yet, or which are far from it.
MOMENTS = (
    "2026-11-20T15:30:00+09:00",
    "2026-11-22T03:00:00+09:00",
    "2027-01-01T00:00:00+09:00",
    "2028-02-29T00:00:01+09:00",
    "2031-10-01T05:00:00+09:00",
)


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
@pytest.mark.parametrize("now", MOMENTS)
def test_the_first_request_of_the_readme_has_rooms_at_any_hour(name: str, now: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    (ready, tokens, command, answer) = re.findall(
        r"^(happytalk-mock is ready .*?)\n\n(.*?)\.\.\.\n\$ (curl .*?')\n(\{.*?) …$",
        text,
        re.MULTILINE | re.DOTALL,
    )[0]
    words = shlex.split(command.replace("\\\n", ""))
    with MockServer(port=None, now=now) as server:
        body, kind = words[words.index("--data-raw") + 1], {"Content-Type": "application/json"}
        given = server.httpx_client().post(urlsplit(words[3]).path, content=body, headers=kind).text
        block = ready_block("http://127.0.0.1:8080", server.mock)
    assert '"chat_list":[{' in given
    assert tokens in block
    if now == MOMENTS[0]:
        assert ready == block.partition("\n")[0].replace(", frozen", "")
        assert given.startswith(answer.replace("\n ", ""))


def test_both_readmes_show_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return [line.partition("  #")[0].rstrip() for line in re.findall(r"^\$ .*$", text, re.MULTILINE)]

    assert commands("README.md") == commands("README.ko.md")
