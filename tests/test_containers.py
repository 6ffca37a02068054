"""The container files, as far as they can be tried without a container engine.

The Dockerfile's build steps are run in a folder that stands for the image, on copies of what it copies; its
entry point is started from there and its health check asked. That an engine builds it, only CI tries.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

import pytest
from click.testing import CliRunner

from happytalk_contract.cli.commands import cli as contract_command
from happytalk_mock.cli.commands import main as mock_command
from installing import provide
from workflows import ROOT, load

pytestmark = pytest.mark.slow

DOCKERFILE = ROOT / "Dockerfile"
#: Packages that only the build needs.
BUILD_TOOLS = {"hatchling", "editables", "pathspec", "trove_classifiers", "pip", "setuptools"}

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="the image's commands are those of Linux")


@dataclass(frozen=True, slots=True)
class Instruction:
    """A line of the Dockerfile, continuation lines joined."""

    word: str
    rest: str


def stages() -> list[list[Instruction]]:
    """The Dockerfile's instructions, by stage, each beginning with its FROM."""
    text = re.sub(r"^\s*#.*\n", "", DOCKERFILE.read_text("utf-8"), flags=re.MULTILINE)
    found: list[list[Instruction]] = []
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        if not line.strip():
            continue
        word, rest = line.split(maxsplit=1)
        if word == "FROM":
            found.append([])
        found[-1].append(Instruction(word, rest))
    return found


def only(stage: list[Instruction], word: str) -> str:
    """What the one instruction of `stage` with this word says."""
    (rest,) = [instruction.rest for instruction in stage if instruction.word == word]
    return rest


def in_context(path: str) -> bool:
    """Whether .dockerignore lets `path` (of a file or folder at the top) through: the last match decides."""
    kept = True
    for pattern in (ROOT / ".dockerignore").read_text("utf-8").split("\n"):
        if pattern and not pattern.startswith("#") and fnmatch(path, pattern.removeprefix("!")):
            kept = pattern.startswith("!")
    return kept


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def test_every_base_image_has_a_version() -> None:
    images = {stage[0].rest.split()[0] for stage in stages()}
    assert len(images) == 1
    assert re.fullmatch(r"python:3\.\d+-slim-[a-z]+", images.pop())


def test_what_is_copied_exists_and_is_not_ignored() -> None:
    for stage in stages():
        for instruction in stage:
            if instruction.word == "COPY" and not instruction.rest.startswith("--from"):
                for source in instruction.rest.split()[:-1]:
                    assert (ROOT / source).exists()
                    assert in_context(source)


def test_nothing_else_reaches_the_build() -> None:
    for name in (".git", ".env", "tests", ".venv", "happytalk-report.json"):
        assert not in_context(name)


def test_the_image_runs_as_nobody_in_particular_and_tells_its_health() -> None:
    final = stages()[-1]
    user = only(final, "USER")
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", user)
    assert f"--uid {user.split(':')[0]}" in only(final, "RUN")
    assert "PYTHONUNBUFFERED=1" in only(final, "ENV")
    assert only(final, "EXPOSE") == "8080"
    assert "curl" not in only(final, "HEALTHCHECK")
    assert json.loads(only(final, "ENTRYPOINT"))[:2] == ["happytalk-mock", "serve"]
    assert [step.word for step in final].index("USER") > [step.word for step in final].index("RUN")


def test_what_is_installed_is_locked() -> None:
    for step in stages()[0]:
        for install in re.findall(r"pip .*? install ([^&]*)", step.rest if step.word == "RUN" else ""):
            assert "--require-hashes" in install or "--no-deps" in install


def test_compose_runs_the_image_with_the_commands_it_has() -> None:
    services = load(ROOT / "compose.yaml")["services"]
    server, check = services["happytalk"], services["check"]
    assert server["image"] == check["image"]
    assert server["ports"] == ["127.0.0.1:8080:8080"]  # not for the whole network
    assert check["depends_on"] == {"happytalk": {"condition": "service_healthy"}}
    _takes(["happytalk-mock", "serve", *server["command"]])
    _takes([*check["entrypoint"], *check["command"]])


def _takes(command: list[str]) -> None:
    """Fails unless the command's help lists every option given."""
    program, subcommand, *rest = command
    command_of = {"happytalk-mock": mock_command, "happytalk-contract": contract_command}[program]
    said = CliRunner().invoke(command_of, [subcommand, "--help"]).output
    for word in rest:
        assert not word.startswith("--") or f"{word} " in said


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the first stage leaves in /venv; what is locked and here is in it from the start."""
    root = tmp_path_factory.mktemp("image")
    provide(root / "venv")
    places = {"/venv": str(root / "venv"), "/source": str(root / "source")}
    (root / "source").mkdir()
    for step in stages()[0]:
        if step.word == "COPY":
            _copy(step.rest, root / "source")
        elif step.word == "RUN":
            _run(step.rest, places, root)
    return root / "venv"


def _copy(rest: str, to: Path) -> None:
    *sources, target = rest.split()
    for source in sources:
        if (ROOT / source).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
            shutil.copytree(ROOT / source, to / target, ignore=ignored)
        else:
            shutil.copy(ROOT / source, to / target)


def _run(command: str, places: dict[str, str], root: Path) -> None:
    for path, stand_in in places.items():
        command = command.replace(path, stand_in)
    tools = root / "tools"
    tools.mkdir(exist_ok=True)
    for name, call in (("python", ""), ("pip", " -m pip")):
        (tools / name).write_text(f'#!/bin/sh\nexec "{sys.executable}"{call} "$@"\n')
        (tools / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PIP_NO_COMPILE": "1"}
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=root / "source",
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def container(
    image: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The image's entry point as a process, and the port that stands for 8080; it listens on loopback only."""
    port = free_port()
    entry = json.loads(only(stages()[-1], "ENTRYPOINT"))
    words = [{"0.0.0.0": "127.0.0.1", "8080": str(port)}.get(word, word) for word in entry]  # noqa: S104
    process = subprocess.Popen(
        [image / "bin" / words[0], *words[1:], "--rooms", "50"],
        cwd=tmp_path_factory.mktemp("home"),
        env={
            "PATH": f"{image / 'bin'}:/usr/bin:/bin",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert process.stdout
    assert b"is ready at" in process.stdout.readline()
    yield process, port
    if process.poll() is None:
        process.kill()
    process.wait(10)
    process.stdout.close()


def healthy(image: Path, port: int) -> bool:
    """Whether the health check's own command succeeds."""
    command = json.loads(only(stages()[-1], "HEALTHCHECK").partition("CMD ")[2])
    words = [word.replace("8080", str(port)) for word in command]
    done = subprocess.run(
        [image / "bin" / words[0], *words[1:]], capture_output=True, env={}, timeout=20, check=False
    )
    return done.returncode == 0


@needs_posix
def test_the_image_builds_becomes_healthy_and_stops_when_the_engine_says_so(
    image: Path, container: tuple[subprocess.Popen[bytes], int]
) -> None:
    # One test for it all: each worker of a run that needs the image would build its own.
    names = {path.name for path in image.glob("lib/python*/site-packages/*")}
    assert {"happytalk_mock", "happytalk_contract", "flask", "httptools", "uvloop"} <= names
    assert not BUILD_TOOLS & names
    for command in ("happytalk-contract rules", "happytalk-mock openapi", "happytalk-mock scenarios"):
        name, subcommand = command.split()  # together they need everything that is copied
        called = [image / "bin" / name, subcommand]
        assert subprocess.run(called, capture_output=True, check=True, timeout=60).stdout

    process, port = container
    assert healthy(image, port)
    assert not healthy(image, free_port())
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert time.monotonic() - started < 5
