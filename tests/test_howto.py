"""The how-to pages, run as they stand: their files written, their commands and workflows executed for real.

A fenced block with `file=NAME` is a file; `bash` blocks are commands, run in order in the folder of those files;
`console` blocks are only shown. Port 8080 of a page is a free one here, so that tests can run side by side.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from happytalk_mock import MockServer
from happytalk_mock.testing.happytalk import HappyTalk
from installing import installed
from workflows import ROOT, Runner, hold_to_schema, load, machine

HOWTO = ROOT / "docs" / "howto"
PAGES = sorted(path.name for path in HOWTO.glob("*.md") if path.name != "README.md")
#: What a page needs besides what is installed here: name of the program -> why it may be missing.
NEEDS = {
    "node-github-actions.md": ("node", "curl"),
    "java-curl-github-actions.md": ("java", "jq", "curl"),
    "nightly-drift-check.md": ("curl",),
    "containers.md": ("curl",),
    "operations.md": ("curl",),
    "operations.ko.md": ("curl",),
    "state.md": ("curl",),
    "state.ko.md": ("curl",),
    "hosts-and-tls.md": ("caddy", "jq", "curl"),
}
_FENCE = re.compile(r"^```(?P<language>\w+)(?: file=(?P<file>\S+))?\n(?P<text>.*?)^```$", re.M | re.S)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="the pages' commands are for bash"),
]


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page."""

    language: str
    file: str | None
    text: str


def blocks(page: str) -> list[Block]:
    """The page's fenced blocks, in order."""
    text = (HOWTO / page).read_text("utf-8")
    found = [Block(match["language"], match["file"], match["text"]) for match in _FENCE.finditer(text)]
    assert len(found) == len(re.findall(r"^```\w", text, re.M)), f"{page}: a fence that is not understood"
    return found


def scripts(page: str) -> list[str]:
    """The page's commands."""
    return [block.text for block in blocks(page) if block.language == "bash" and block.file is None]


def workflows(page: str) -> list[str]:
    """Names of the workflow files that the page shows."""
    return [block.file for block in blocks(page) if block.file and "/workflows/" in block.file]


def on_free_ports(folder: Path, script: str) -> str:
    """The page's commands, and files beside them, with a free port for each that they name."""
    for port in ("8080", "8443"):
        with socket.create_server(("127.0.0.1", 0)) as free:
            other = str(free.getsockname()[1])
        if port == "8080":
            script = re.sub(r"happytalk-mock serve\b", f"happytalk-mock serve --port {other}", script)
        script = script.replace(f"127.0.0.1:{port}", f"127.0.0.1:{other}")
        for path in (path for path in folder.iterdir() if path.is_file()):
            path.write_text(path.read_text("utf-8").replace(f":{port}", f":{other}"), "utf-8")
    return script


def need_programs(page: str) -> None:
    """Skips where the page's language is not on this machine."""
    missing = [name for name in NEEDS.get(page, ()) if not shutil.which(name)]
    if missing:
        pytest.skip(f"{page} needs {', '.join(missing)}, which this machine has not")


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory)


@pytest.fixture
def environment(commands: Path) -> dict[str, str]:
    """Of a machine where this project is installed, with nothing of this test run in it."""
    return {**machine(), "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}", "NO_PROXY": "*"}


@pytest.fixture
def folder(page: str, tmp_path: Path) -> Path:
    """The reader's folder, with the page's files."""
    need_programs(page)
    home = tmp_path / "project"
    home.mkdir()
    for block in blocks(page):
        if block.file:
            (home / block.file).parent.mkdir(parents=True, exist_ok=True)
            (home / block.file).write_text(block.text, "utf-8")
    return home


@contextlib.contextmanager
def shell(script: str, folder: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A bash that runs `script`; it and whatever it leaves running are ended."""
    with (folder.parent / "said").open("wb") as said:
        process = subprocess.Popen(
            ["bash", "-e", "-o", "pipefail", "-c", script],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(10)


#: Each page whose commands are not those of another.
RUN = {tuple(scripts(page)): page for page in PAGES if scripts(page)}.values()


@pytest.mark.parametrize("page", RUN)
def test_the_commands_of_a_page_succeed(page: str, folder: Path, environment: dict[str, str]) -> None:
    for script in scripts(page):
        with shell(on_free_ports(folder, script), folder, environment) as process:
            code = process.wait(90)
        assert code == 0, (folder.parent / "said").read_text("utf-8")


@pytest.mark.parametrize(
    ("page", "workflow"), [(page, workflow) for page in PAGES for workflow in workflows(page)]
)
def test_the_workflow_of_a_page_succeeds(
    page: str, workflow: str, folder: Path, commands: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "temp").mkdir()
    overrides = {"port": "0"}
    with contextlib.ExitStack() as stack:
        secrets: dict[str, str] = {}
        if "nightly" in workflow:
            server = stack.enter_context(MockServer())
            overrides["target"] = server.url
            secrets = {
                "HAPPYTALK_TOKEN": server.token,
                "HAPPYTALK_CLIENT_ID": server.client_id,
                "HAPPYTALK_CLIENT_SECRET": server.client_secret,
                "HAPPYTALK_SENDER_KEY": server.sender_key,
            }
            (folder / "happytalk-baseline.toml").write_text("")
        runner = Runner(
            workspace=folder,
            temp=tmp_path / "temp",
            installed=commands,
            environment=environment,
            overrides=overrides,
        )
        stack.callback(runner.action, "stop")
        (job,) = load(folder / workflow)["jobs"].values()
        outcome = runner.job(job, secrets=secrets)
    assert not outcome.failed, outcome.said
    if secrets:
        assert "conforms" in runner.summary.read_text("utf-8")
        assert list(runner.uploads) == ["happytalk-drift"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client that a page shows: how it reads every room of a day, and what in its file limits a wait."""

    page: str
    command: tuple[str, ...]
    limit: tuple[str, str]  #: as it stands, and as short as a test wants it


_PYTHON = (
    "import os, rooms; print(*(r['id'] for r in rooms.chat_rooms(*os.environ['WHERE'].split(), ndate='{}')))"
)
_NODE = """
import { chatRooms } from "./rooms.mjs";
const [url, token] = process.env.WHERE.split(" ");
for await (const room of chatRooms({ url, token }, { ndate: "{}" })) console.log(room.id);
"""
CLIENTS = (
    Client(
        page="python-pytest.md",
        command=(sys.executable, "-c", _PYTHON),
        limit=("TIMEOUT = 10.0", "TIMEOUT = 1.0"),
    ),
    Client(
        page="node-github-actions.md",
        command=("node", "--input-type=module", "-e", _NODE),
        limit=("10_000", "1_000"),
    ),
    Client(
        page="java-curl-github-actions.md",
        command=("java", "Rooms.java", "{}"),
        limit=("10_000", "1_000"),
    ),
    Client(
        page="java-curl-github-actions.md",
        command=("bash", "rooms.sh", "{}"),
        limit=("--max-time 10", "--max-time 1"),
    ),
)


@pytest.fixture(params=CLIENTS, ids=lambda client: client.command[0].rpartition("/")[2])
def read(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., tuple[int, str, str]]:
    """Reads a day's rooms with a page's client; gives its exit code and what it said on both streams.

    `hurried`: it waits a second for an answer, not ten.
    """
    client: Client = request.param
    need_programs(client.page)
    found = [block for block in blocks(client.page) if block.file and "/" not in block.file]
    assert any(client.limit[0] in block.text for block in found)

    def run(happytalk: HappyTalk, day: str, *, hurried: bool = False) -> tuple[int, str, str]:
        for block in found:
            text = block.text.replace(*client.limit) if hurried else block.text
            (tmp_path / str(block.file)).write_text(text, "utf-8")
        where = {"HAPPYTALK_URL": happytalk.url, "HAPPYTALK_TOKEN": happytalk.token}
        done = subprocess.run(
            [word.replace("{}", day) for word in client.command],
            cwd=tmp_path,
            env={**machine(), **where, "WHERE": " ".join(where.values()), "NO_PROXY": "*"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    return run


def test_a_client_of_a_page_ends_where_page_is_ignored(
    read: Callable[..., tuple[int, str, str]], happytalk: HappyTalk
) -> None:
    happytalk.add_rooms(120, day="2026-11-19")
    happytalk.drift("page-ignored")
    code, _, said = read(happytalk, "2026-11-19")
    assert code == 1
    assert "page 2 has no new room: 50 of 120" in said
    assert len(happytalk.requests) == 2


def test_a_client_of_a_page_bears_an_api_that_fails_first(
    read: Callable[..., tuple[int, str, str]], happytalk: HappyTalk
) -> None:
    happytalk.behaviour(size_type="text")
    happytalk.add_rooms(51, day="2026-11-19")
    for trouble in (503, "truncated-body", "malformed-json"):
        happytalk.fail(trouble)
    happytalk.delay(3, times=1)  # on top of the first
    code, told, said = read(happytalk, "2026-11-19", hurried=True)
    assert code == 0, said
    assert all(told.count(room["id"]) == 1 for room in happytalk.rooms)
    pages = [request.params["page"] for request in happytalk.requests]
    assert (pages[:4], pages[-1]) == (
        [1, 1, 1, 1],
        2,
    )  # more often where this machine takes a second to answer


@pytest.mark.parametrize("page", PAGES)
def test_yaml_holds_to_the_schemas_that_its_readers_publish(page: str, tmp_path: Path) -> None:
    for block in blocks(page):
        if block.language == "yaml":
            schema = "compose-spec" if block.file == "compose.yaml" else "github-workflows"
            (tmp_path / "block.yaml").write_text(block.text, "utf-8")
            hold_to_schema(schema, tmp_path / "block.yaml")


def test_the_nightly_workflow_of_the_page_is_the_file_beside_it() -> None:
    (shown,) = (block.text for block in blocks("nightly-drift-check.md") if block.language == "yaml")
    assert shown == (HOWTO / "nightly-drift.yml").read_text("utf-8")


@pytest.mark.parametrize("page", [*PAGES, "README.md"])
def test_links_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\((?!https:)([^)#]+)[^)]*\)", (HOWTO / page).read_text("utf-8")):
        assert (HOWTO / target).exists()


def test_the_index_names_every_page() -> None:
    index = (HOWTO / "README.md").read_text("utf-8")
    assert all(f"]({page})" in index for page in PAGES)


def test_no_page_only_shows_what_it_could_run() -> None:
    shown: dict[str, Any] = {
        page: [b.text for b in blocks(page) if b.language == "console"] for page in PAGES
    }
    for page, texts in shown.items():
        for line in "".join(texts).splitlines():
            real = (
                "$ docker ",
                "$ export HAPPYTALK_TOKEN=…",
                "$ happytalk-contract check --target dev",
                "$ pip ",
                "$ happytalk-mock serve --state postgresql://",
            )
            assert not line.startswith("$") or line.startswith(real), f"{page}: {line}"
