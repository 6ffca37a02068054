"""Where the log of changes is kept: a SQLite file, or PostgreSQL. Imported only with `--state`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

from ..core.errors import ConfigurationError
from .log import Log

_PATIENCE: Final = 5  # seconds for a lock of the file


def open_log(where: str, settings: Mapping[str, str], *, durable: bool = True) -> Log:
    """The log at a path or a postgresql:// address, made if there is none.

    `settings` are digests by name: a log belongs to those it was made with. `durable` False: what was written
    outlives this process, but not the machine's power. Raises ConfigurationError.
    """
    if "://" not in where:
        return Log(_sqlite(Path(where), durable=durable), settings, Path(where))
    from .replicas import ReplicatedLog

    return ReplicatedLog.at(where, settings)


def _sqlite(path: Path, *, durable: bool) -> Engine:
    try:
        path.touch(0o600)  # tokens and people's words stand in it
    except OSError as error:
        raise ConfigurationError(f"--state {path}: {error.strerror or error}") from None
    engine = create_engine(make_url("sqlite://").set(database=str(path)), connect_args={"timeout": _PATIENCE})

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun below, not by the driver
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'OFF'}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        reading = connection.get_execution_options().get("happytalk_reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
