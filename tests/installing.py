"""Both commands, installed once in a test run as the action installs them: locked, in an environment of their own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
INSTALL = ROOT / ".github" / "scripts" / "install.sh"
LOCK = ROOT / "requirements.lock"
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
        provide(shared / "happytalk-mock")
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


def provide(venv: Path) -> None:
    """Puts what is locked and here, in the very version, where pip finds it and need not fetch and unpack it.

    `make test` itself installs the lock file with its hashes.
    """
    paths = sysconfig.get_paths("venv", vars={"base": str(venv), "platbase": str(venv)})
    site, scripts = Path(paths["purelib"]), Path(paths["scripts"])
    scripts.mkdir(parents=True)
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", LOCK.read_text("utf-8"), re.MULTILINE):
        try:
            found = distribution(name)
        except PackageNotFoundError:  # of another system
            continue
        if found.version != version:
            continue
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            source = Path(str(found.locate_file(top)))
            if source.is_dir():
                shutil.copytree(source, site / top, copy_function=_link, dirs_exist_ok=True)
            else:
                _link(source, site / top)
        for entry in found.entry_points.select(group="console_scripts"):
            script = scripts / entry.name
            script.write_text(f"#!{scripts / 'python'}\nimport {entry.module} as of\nof.{entry.attr}()\n")
            script.chmod(0o755)


def _link(source: str | Path, target: str | Path) -> None:
    """Puts a file elsewhere too; nobody changes those of a library, so that none need be copied."""
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


def _wait_for(done: Path) -> Path:
    until = time.monotonic() + _PATIENCE
    while not done.exists():
        assert time.monotonic() < until, "another worker did not finish installing"
        time.sleep(0.2)
    folder = done.read_text()
    assert folder, "installing failed; another worker's failure tells why"
    return Path(folder)
