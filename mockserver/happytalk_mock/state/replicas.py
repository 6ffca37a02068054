"""The log in PostgreSQL, and the processes of any machine that have it: a change is done when all have seen it.

A process that answers has a *lease*: it may answer from memory until the lease ends, and whoever makes a change waits
for all with a lease, so nobody reads the database to answer. A process that cannot renew its lease stops answering
before others stop waiting for it. The two ends are measured by different clocks, so the process counts its own from
before it asked.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from threading import Event, Thread
from typing import Any, Final, Self
from uuid import uuid4

import psycopg
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Table,
    Text,
    create_engine,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from ..core.errors import ConfigurationError, StateLostError
from .log import CHANGES, METADATA, STATE, Change, Log

#: Seconds that a lease lasts: for so long a change waits for a process that died.
LEASE: Final = 2.0
#: Seconds between two renewals.
_RENEWAL: Final = 0.4
#: So many seconds before others stop waiting for it a process stops answering.
_MARGIN: Final = 0.3
#: Seconds that a change waits for processes that renew their lease and yet do not make it.
_LONGEST: Final = 30.0
_CHANNEL: Final = "happytalk"
#: The same for all: who makes the tables does so alone.
_LOCK: Final = 0x6861707079

REPLICAS: Final = Table(
    "happytalk_replicas",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("until", TIMESTAMP(timezone=True), nullable=False),
    Column("made", BigInteger, nullable=False),
)
_NOW: Final = func.clock_timestamp()
_END: Final = _NOW + literal_column(f"interval '{LEASE} seconds'")


class ReplicatedLog(Log):
    """A log in PostgreSQL."""

    kind = "postgresql"

    def __init__(self, engine: Engine, settings: Mapping[str, str]) -> None:
        super().__init__(engine, settings)
        self._id = uuid4().hex
        self._until = 0.0  # by the monotonic clock: when this process stops answering
        self._made, self._needed = 0, 0
        self._stop = Event()
        self._reached, self._looks = True, 0
        self._renewing = Thread(target=self._renew_always, name="happytalk-lease", daemon=True)
        self._listening: Any = None

    @classmethod
    def at(cls, address: str, settings: Mapping[str, str]) -> Self:
        """The log at a postgresql:// address, made if there is none. Raises ConfigurationError."""
        allowed = "allowed: a file, or postgresql://user@host/database"
        try:
            url = make_url(address)
        except (ArgumentError, ValueError):
            raise ConfigurationError(f"--state: received an address that cannot be read; {allowed}") from None
        if url.get_backend_name() not in ("postgresql", "postgres"):
            raise ConfigurationError(f"--state: received {url.drivername}://; {allowed}")
        patience = {"connect_timeout": 5, "tcp_user_timeout": 5000, "options": "-c statement_timeout=10s"}
        missing = {name: value for name, value in patience.items() if name not in url.query}
        url = url.set(drivername="postgresql+psycopg")
        return cls(create_engine(url, connect_args=missing, pool_pre_ping=True, pool_size=10), settings)

    def __str__(self) -> str:
        url = self._engine.url.set(drivername="postgresql", query={})
        return url.render_as_string(hide_password=True)

    # --- changing ---

    def append(self, change: str, moment: float) -> Change:
        """Keeps a change: once this returns it is on disk, and the others know of it. Raises StateLostError."""
        with self.reaching() as connection:
            number = self._count(connection)
            connection.execute(insert(CHANGES).values(number=number, moment=moment, change=change))
            connection.execute(select(func.pg_notify(_CHANNEL, "")))
        return Change(number, moment, change)

    def wait_for_others(self, number: int) -> None:
        """Returns when every process with a lease has made a change. Raises StateLostError."""
        behind = select(func.count()).where(
            REPLICAS.c.id != self._id, REPLICAS.c.until > _NOW, REPLICAS.c.made < number
        )
        until, pause = time.monotonic() + _LONGEST, 0.0005
        while time.monotonic() < until:
            with self.reaching(reading=True) as connection:
                if not connection.scalar(behind):
                    return
            time.sleep(pause)
            pause = min(pause * 1.5, 0.02)
        raise StateLostError(
            "the change, and keeps it; another process has not made it yet",
            allowed="to look before asking again",
        )

    # --- answering ---

    def mark(self) -> int:
        """With a lease always the same: others wait until this process has seen a change. Else another each time.

        Raises StateLostError where the database was not there at the last renewal.
        """
        if time.monotonic() < self._until and self._made >= self._needed:
            return 0
        if not self._reached:
            raise StateLostError(f"{self}: it cannot be reached")
        self._looks += 1
        return self._looks

    # --- beside other processes ---

    def join(self, number: int) -> None:
        """Takes part from now on, having made the changes up to `number`."""
        self._made = number
        self._renew()
        self._renewing.start()

    def wait(self, stop: Event, seconds: float) -> None:
        """Returns when there may be a change, or after so many seconds."""
        try:
            if self._listening is None:
                connection = self._engine.raw_connection()
                self._listening = connection.driver_connection
                connection.detach()  # it is no longer the pool's
                self._listening.autocommit = True
                self._listening.execute(f"LISTEN {_CHANNEL}")
            for _ in self._listening.notifies(timeout=seconds, stop_after=1):
                return
        except (psycopg.Error, SQLAlchemyError):  # who calls looks at the log all the same
            if self._listening is not None:
                self._listening.close()
            self._listening = None
            stop.wait(seconds)

    def made(self, number: int) -> None:
        """Tells the others that this process has made the changes up to a number."""
        if number != self._made:
            with self.reaching() as connection:
                # Were it lost, others would wait for longer; a lease that was lost would be a lie.
                connection.execute(text("SET LOCAL synchronous_commit TO off"))
                connection.execute(update(REPLICAS).where(REPLICAS.c.id == self._id).values(made=number))
            self._made = number

    def lag(self) -> dict[str, int]:
        """By process, how many changes it is behind. Raises StateLostError."""
        last = select(STATE.c.last).scalar_subquery()
        rows = select(REPLICAS.c.id, last - REPLICAS.c.made).where(REPLICAS.c.until > _NOW)
        with self.reaching(reading=True) as connection:
            return {name[:8]: max(0, behind) for name, behind in connection.execute(rows)}

    def close(self) -> None:
        """Lets go of the database; nobody waits for this process any more. It must have stopped answering."""
        self._stop.set()
        self._until = 0.0
        if self._renewing.is_alive():
            self._renewing.join(5)
        with suppress(StateLostError), self.reaching() as connection:
            connection.execute(delete(REPLICAS).where(REPLICAS.c.id == self._id))
        if self._listening is not None:
            self._listening.close()
        self._engine.dispose()

    # --- the lease ---

    def _renew_always(self) -> None:
        while not self._stop.wait(_RENEWAL):
            try:
                self._renew()
                self._reached = True
            except StateLostError:
                self._reached = False

    def _renew(self) -> None:
        """Has a lease from now on. Where there was none, others did not wait: there may be changes to make first."""
        began = time.monotonic()
        mine = REPLICAS.c.id == self._id
        with self.reaching() as connection:
            held = connection.execute(
                update(REPLICAS).where(mine, REPLICAS.c.until > _NOW).values(until=_END)
            )
            if not held.rowcount:
                connection.execute(delete(REPLICAS).where(mine | (REPLICAS.c.until < _NOW)))
                connection.execute(insert(REPLICAS).values(id=self._id, until=_END, made=self._made))
        if not held.rowcount:
            # Read once others can see the lease: whoever made a change before that has it in the log by now.
            with self.reaching(reading=True) as connection:
                self._needed = int(connection.scalar(select(STATE.c.last)) or 0)
        self._until = began + LEASE - _MARGIN

    def _prepare(self, connection: Connection, settings: Mapping[str, str]) -> float:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        return super()._prepare(connection, settings)
