"""The log of changes in a database: what there is of a mock beyond its process (docs/adr/0006-state.md).

An ordered list of changes and, now and then, a snapshot of all that they made. SQLAlchemy Core speaks to SQLite
and to PostgreSQL; it is imported here and in `replicas`, and those only with `--state`.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock
from typing import Final, NamedTuple

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Double,
    Engine,
    MetaData,
    Table,
    Text,
    delete,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from ..core.errors import ConfigurationError, StateLostError
from ..core.wording import shorten

#: Of the tables, and of what stands in them. Another one is not read.
FORMAT: Final = 1
#: Changes that are kept although a snapshot has them, for processes that are a little behind.
TAIL: Final = 1000

METADATA: Final = MetaData()
STATE: Final = Table(
    "happytalk_state",
    METADATA,
    Column("format", BigInteger, primary_key=True, autoincrement=False),
    Column("started", Double, nullable=False),  # by the machine's clock; relative moments count from here
    Column("settings", Text, nullable=False),  # digests by name
    Column("last", BigInteger, nullable=False),  # number of the last change
)
CHANGES: Final = Table(
    "happytalk_changes",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("moment", Double, nullable=False),  # by the clock of the machine that made it
    Column("change", Text, nullable=False),  # JSON
)
SNAPSHOTS: Final = Table(
    "happytalk_snapshots",
    METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),  # of the last change in it
    Column("state", Text, nullable=False),  # JSON
)


class Change(NamedTuple):
    """A change that was made, or is to be made once more."""

    number: int  #: counts from 1 without a gap
    moment: float
    change: str  #: JSON


class Log:
    """A log in a SQLite file. Any number of processes of this machine may have it open; threads may share it."""

    kind = "sqlite"

    def __init__(self, engine: Engine, settings: Mapping[str, str], path: Path | None = None) -> None:
        self._engine = engine
        self._path = path
        try:
            with self._engine.begin() as connection:
                self.started = self._prepare(connection, settings)
        except SQLAlchemyError as error:
            engine.dispose()
            raise ConfigurationError(f"--state {self}: {told(error)}") from None
        except ConfigurationError:
            engine.dispose()
            raise
        if path is not None:
            self._file = _identity(path)
            self._watching = Lock()
            self._watch = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    def __str__(self) -> str:
        """Where it is, without a password."""
        return str(self._path)

    # --- writing ---

    def append(self, change: str, moment: float) -> Change:
        """Keeps a change: once this returns it is on disk. Raises StateLostError."""
        with self.reaching() as connection:
            number = self._count(connection)
            connection.execute(insert(CHANGES).values(number=number, moment=moment, change=change))
        self._check_file()
        return Change(number, moment, change)

    def keep(self, number: int, state: str) -> None:
        """Keeps what all changes up to a number made, so that those need not be made once more."""
        with self.reaching() as connection:
            newest = connection.scalar(select(SNAPSHOTS.c.number))
            if newest is None or newest < number:
                connection.execute(delete(SNAPSHOTS))
                connection.execute(insert(SNAPSHOTS).values(number=number, state=state))
                connection.execute(delete(CHANGES).where(CHANGES.c.number <= number - TAIL))

    # --- reading ---

    def after(self, number: int) -> list[Change]:
        """The changes that came after a number, in order. Raises StateLostError."""
        rows = select(CHANGES).where(CHANGES.c.number > number).order_by(CHANGES.c.number)
        with self.reaching(reading=True) as connection:
            return [Change._make(row) for row in connection.execute(rows)]

    def snapshot(self) -> tuple[int, str] | None:
        """The last change in the snapshot, and what all those up to it made; None where there is none."""
        with self.reaching(reading=True) as connection:
            row = connection.execute(select(SNAPSHOTS)).first()
        return None if row is None else (row.number, row.state)

    def mark(self) -> int:
        """Another number than before where another process may have made a change. Raises StateLostError.

        This is on the way of every answer, so it goes past SQLAlchemy.
        """
        try:
            with self._watching:
                number: int = self._watch.execute("PRAGMA data_version").fetchone()[0]
        except sqlite3.Error as error:
            raise StateLostError(f"{self}: {error}") from None
        return number

    # --- beside other processes ---

    def join(self, number: int) -> None:
        """Takes part from now on, having made the changes up to `number`."""

    def wait(self, stop: Event, seconds: float) -> None:
        """Returns when there may be a change, when `stop` is set, or after so many seconds."""
        stop.wait(seconds)

    def made(self, number: int) -> None:
        """Tells the others that this process has made the changes up to a number."""

    def wait_for_others(self, number: int) -> None:
        """Returns when every process that answers has made a change. Here each looks before it answers."""

    def lag(self) -> dict[str, int]:
        """By process, how many changes it is behind; none where each looks before it answers."""
        return {}

    def close(self) -> None:
        """Lets go of the database."""
        self._watch.close()
        self._engine.dispose()

    # --- inside ---

    @contextmanager
    def reaching(self, *, reading: bool = False) -> Iterator[Connection]:
        """A transaction. Raises StateLostError where the database does not take part."""
        if not reading:
            self._check_file()
        try:
            with self._engine.connect() as connection:
                connection = connection.execution_options(happytalk_reading=reading)
                with connection.begin():
                    yield connection
        except SQLAlchemyError as error:
            raise StateLostError(f"{self}: {told(error)}") from None

    def _count(self, connection: Connection) -> int:
        """The number of the next change. Until the transaction ends no one else gets one."""
        counted = update(STATE).values(last=STATE.c.last + 1).returning(STATE.c.last)
        number = connection.scalar(counted)
        if number is None:
            raise StateLostError(f"{self}: its tables are empty")
        return int(number)

    def _check_file(self) -> None:
        """Raises StateLostError where the file was taken away: SQLite would go on writing to no file at all."""
        if self._path is not None and _identity(self._path) != self._file:
            raise StateLostError(f"{self}: the file was moved or deleted", allowed="a restart of the mock")

    def _prepare(self, connection: Connection, settings: Mapping[str, str]) -> float:
        """Makes the tables where there are none; when the mock began. Raises ConfigurationError."""
        if not inspect(connection).has_table(STATE.name):
            METADATA.create_all(connection)
            now = time.time()
            written = orjson.dumps(dict(settings)).decode()
            connection.execute(insert(STATE).values(format=FORMAT, started=now, settings=written, last=0))
            return now
        row = connection.execute(select(STATE.c.format)).first()
        if row is None or row.format != FORMAT:
            found = "no" if row is None else row.format
            raise ConfigurationError(
                f"--state {self}: received format {found}; this version reads format {FORMAT}; "
                "use the version of happytalk-mock that wrote it, or another place"
            )
        kept = connection.execute(select(STATE.c.started, STATE.c.settings)).one()
        before = orjson.loads(kept.settings)
        others = sorted(
            name for name in before.keys() | settings.keys() if before.get(name) != settings.get(name)
        )
        if others:
            options = ", ".join(f"--{name.replace('_', '-')}" for name in others)
            raise ConfigurationError(
                f"--state {self}: it was made with another {options}; "
                "start it with the same options as then, or give another place"
            )
        return float(kept.started)


def told(error: SQLAlchemyError) -> str:
    """The first line of what a database says, without the statement and what stood in it."""
    return shorten(str(getattr(error, "orig", None) or error).partition("\n")[0], 200)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
