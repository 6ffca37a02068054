"""`.ci/run`: what it installs before the tests, and what it says when it cannot. Its tools are stand-ins here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workflows import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the script is for Debian")


def run(tmp_path: Path, **tools: str) -> tuple[str, list[str]]:
    """What the script says on a machine with these tools (name -> its shell script), and what they were told."""
    folder = tmp_path / "bin"
    folder.mkdir()
    calls = tmp_path / "calls"
    calls.touch()
    for name in ("bash", "dirname", "id", "env", "tail", "nproc"):
        found = shutil.which(name)
        if found:
            (folder / name).symlink_to(found)
    for name, script in {"make": "", "python3": "echo 3.x", "id": "echo 0", **tools}.items():
        (folder / name).unlink(missing_ok=True)
        record = f'echo "{name} $* browser=$HAPPYTALK_REQUIRE_BROWSER postgres=$HAPPYTALK_REQUIRE_POSTGRES" >>"{calls}"'
        (folder / name).write_text(f"#!{shutil.which('bash')}\n{record}\n{script}\n")
        (folder / name).chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if name == "LANG"}
    done = subprocess.run(
        ["bash", str(ROOT / ".ci" / "run")],
        env={**environment, "PATH": str(folder), "POSTGRES_HOME": str(tmp_path / "none")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        executable=shutil.which("bash"),
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr, calls.read_text().splitlines()


def test_a_machine_with_browser_font_and_database_installs_nothing(tmp_path: Path) -> None:
    said, calls = run(tmp_path, chromium="", initdb="", **{"fc-list": "echo Nanum", "apt-get": ""})
    assert "installing" not in said
    assert not any(call.startswith("apt-get") for call in calls)
    assert "make test browser=1 postgres=1" in calls


def test_what_is_missing_is_installed(tmp_path: Path) -> None:
    said, calls = run(tmp_path, **{"fc-list": "", "apt-get": ""})
    installs = [call for call in calls if call.startswith("apt-get install")]
    assert [call.split()[-3] for call in installs] == ["chromium", "fonts-nanum", "postgresql"]
    assert "make test browser=1 postgres=1" in calls
    assert "installing chromium" in said


def test_who_is_not_root_asks_sudo(tmp_path: Path) -> None:
    _, calls = run(tmp_path, id="echo 1000", sudo='shift; exec "$@"', **{"apt-get": ""})
    assert any(call.startswith("sudo -n apt-get update") for call in calls)
    assert any(call.startswith("apt-get install") for call in calls)


def test_without_apt_it_says_so_and_tests_all_the_same(tmp_path: Path) -> None:
    said, calls = run(tmp_path)
    assert "no apt-get here; install chromium by hand" in said
    assert "make test browser=1 postgres=1" in calls


def test_a_failing_apt_is_quoted(tmp_path: Path) -> None:
    said, calls = run(tmp_path, **{"apt-get": "echo E: no such thing >&2; exit 100"})
    assert "could not install chromium" in said
    assert "E: no such thing" in said
    assert "make test browser=1 postgres=1" in calls
