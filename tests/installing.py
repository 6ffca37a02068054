"""Both commands, installed once in a test run as the action installs them: locked, in an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
INSTALL = ROOT / ".github" / "scripts" / "install.sh"
_PATIENCE = 300.0


def installed(factory: pytest.TempPathFactory) -> Path:
    """The folder of the installed commands. Workers of one run share it: the first comes to install."""
    base = factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "installed"
    done = shared / "bin.txt"
    try:
        shared.mkdir()
    except FileExistsError:
        return _wait_for(done)
    folder = ""  # what the others read if this fails
    try:
        folder = install(shared, package="")
    finally:
        done.with_suffix(".part").write_text(folder)
        done.with_suffix(".part").replace(done)
    return Path(folder)


def install(temp: Path, *, package: str) -> str:
    """Runs the actions' script; returns the folder that it names. Fails the test with what it printed."""
    output = temp / "output"
    # Compiled files are made when needed: a third of the time, and nothing that this is about.
    settings = {"PYTHON": sys.executable, "PACKAGE": package, "PIP_NO_COMPILE": "1"}
    done = subprocess.run(
        ["bash", str(INSTALL)],
        env={**os.environ, **settings, "RUNNER_TEMP": str(temp), "GITHUB_OUTPUT": str(output)},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return output.read_text().strip().removeprefix("bin=")


def _wait_for(done: Path) -> Path:
    until = time.monotonic() + _PATIENCE
    while not done.exists():
        assert time.monotonic() < until, "another worker did not finish installing"
        time.sleep(0.2)
    folder = done.read_text()
    assert folder, "installing failed; another worker's failure tells why"
    return Path(folder)
