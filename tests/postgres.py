"""A PostgreSQL of the tests' own: a cluster in a temporary folder, reached over a Unix socket and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

#: Set where a test that finds no PostgreSQL must fail: on CI.
REQUIRED = os.environ.get("HAPPYTALK_REQUIRE_POSTGRES") == "1"


@cache
def binaries() -> Path | None:
    """Where initdb and pg_ctl lie, the newest of Debian's; None where they are not installed."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    return next((each for each in [*folders, *debian[::-1]] if (each / "pg_ctl").exists()), None)


def need_postgres() -> None:
    """Skips the test where there is no PostgreSQL, or fails it where there must be one."""
    if binaries() is None:
        missing = "no PostgreSQL here (initdb, pg_ctl): what replicas do with it is left out"
        pytest.fail(missing) if REQUIRED else pytest.skip(missing)


class Postgres:
    """A running server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._names = iter(range(1_000_000))
        # It refuses to run as root.
        self._user: dict[str, Any] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
        self._call(
            "initdb", "-D", self._data, "-U", "mock", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"
        )
        self.start()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _call(self, name: str, *arguments: str) -> None:
        folder = binaries()
        assert folder is not None
        subprocess.run(
            [str(folder / name), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            timeout=60,
            **self._user,
        )

    def start(self) -> None:
        """Starts the server, and returns when it answers."""
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c max_connections=200"
        self._call("pg_ctl", "-D", self._data, "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stops the server; `immediate` is as good as kill -9."""
        self._call("pg_ctl", "-D", self._data, "-m", mode, "-w", "stop")

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"mock{next(self._names)}"
        self._call("createdb", "-h", str(self.folder), "-U", "mock", name)
        return f"postgresql://mock@/{name}?host={self.folder}"


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="happytalk-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    try:
        server = Postgres(folder)
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
