"""Churn: rooms come, move on, end and go while clients read.

A stream of changes for a tenant is a function of (seed, number of the change, the data and the clock at that
moment); only when a change happens depends on the machine.
"""

from __future__ import annotations

import re
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import count
from random import Random
from typing import Any, Final

import orjson

from ..core.clock import ZERO_DATE, second_text
from ..core.errors import ChangeError, DuplicateRoomError, StateLostError, UnknownRoomError
from ..core.wording import mask, said
from ..data.twin.files import second_of
from ..spec.vocabulary import Room
from ..store.rooms import Selection
from .changes import end_shown
from .mock import Mock
from .tenants import Tenant

#: The fastest that changes may come, a second, and the slowest: one a day.
MAX_RATE: Final = 1000.0
MIN_RATE: Final = 1 / 86_400
#: Rooms of one stream that are kept: past this, an added room makes the oldest go.
MAX_ADDED: Final = 2000
RATE_FORMS: Final = (
    f"a number of changes a second, from one a day to {MAX_RATE:.0f}, such as 10/s, 0.5/s or 30/m"
)
_RATE: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)(?:/(s|m))?")
_ADDED_KEYS: Final = 1 << 52  # far from the keys of rooms that people add
_ALL_TIME: Final = 1 << 60
#: How likely each kind of change is, of a hundred.
_KINDS: Final = (("add", 40), ("move_on", 45), ("delete", 15))
#: Where an open room goes from each status, and how likely, of a hundred.
_COURSES: Final = {
    -2: ((-1, 80), (4, 20)),
    -1: ((0, 60), (4, 40)),
    0: ((1, 85), (3, 15)),
    1: ((2, 95), (3, 5)),
}
#: What a new room begins as, and how likely, of a hundred.
_BEGINNINGS: Final = ((0, 70), (-2, 20), (-1, 10))


def parse_rate(text: Any) -> float:
    """Changes a second out of `10/s`, `30/m` or a number. Raises ChangeError."""
    found = _RATE.fullmatch(text.strip()) if isinstance(text, str) else None
    rate = -1.0
    if found:
        rate = float(found[1]) / (60 if found[2] == "m" else 1)
    elif isinstance(text, (int, float)) and not isinstance(text, bool):
        rate = float(text)
    if not MIN_RATE <= rate <= MAX_RATE:
        raise ChangeError("rate", received=said(text), allowed=RATE_FORMS)
    return rate


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a stream has done so far."""

    added: int = 0
    moved_on: int = 0
    deleted: int = 0

    @property
    def changes(self) -> int:
        """All of it."""
        return self.added + self.moved_on + self.deleted


class Stream:
    """The changes to one tenant's rooms. `step` makes the next one."""

    def __init__(self, mock: Mock, tenant: Tenant, seed: int) -> None:
        self._mock = mock
        self._tenant = tenant
        self._random = Random(f"{seed}/churn")  # noqa: S311 - to repeat, not to hide
        self._keys = count(_ADDED_KEYS + seed % 1000 * 10**9)
        self._own: deque[str] = deque()
        self.tally = Tally()

    def step(self) -> None:
        """Adds, moves on or deletes one room; adds one where there is none to change."""
        now = self._mock.clock_of(self._tenant).second()
        kind = _draw(self._random, _KINDS)
        if kind == "delete" and self._delete(now):
            self.tally.deleted += 1
        elif kind == "move_on" and self._move_on(now):
            self.tally.moved_on += 1
        else:
            self._add(now)
            self.tally.added += 1

    def dump(self) -> dict[str, Any]:
        """How far it is, as JSON."""
        key = next(self._keys)
        self._keys = count(key)
        random, tally = self._random.getstate(), asdict(self.tally)
        return {"random": random, "key": key, "own": list(self._own), "tally": tally}

    def take_up(self, dumped: Mapping[str, Any]) -> None:
        """Goes on from what was dumped."""
        version, internal, gauss = dumped["random"]
        self._random.setstate((version, tuple(internal), gauss))
        self._keys, self._own, self.tally = (
            count(dumped["key"]),
            deque(dumped["own"]),
            Tally(**dumped["tally"]),
        )

    def _add(self, now: int) -> None:
        rooms, source = self._tenant.rooms, self._tenant.source
        given: Room = {"reg_date": second_text(now), "status": str(_draw(self._random, _BEGINNINGS))}
        for key in self._keys:
            room = source.complete(given, key=key, now=now)
            try:
                rooms.add([room])
            except DuplicateRoomError:  # an earlier stream of the same seed left it
                continue
            self._own.append(str(room["id"]))
            break
        if len(self._own) > MAX_ADDED:
            self._remove(self._own.popleft(), now)

    def _move_on(self, now: int) -> bool:
        statuses = list(_COURSES)
        self._random.shuffle(statuses)
        for status in statuses:
            room = self._pick(status, now)
            if room is not None:
                return self._advance(room, _draw(self._random, _COURSES[status]), now)
        return False

    def _advance(self, room: Room, status: int, now: int) -> bool:
        ended = ZERO_DATE
        choice = end_shown(self._mock.behaviour_of(self._tenant), status)
        if choice == "real" or (choice == "mixed" and self._random.random() >= 0.5):
            ended = second_text(max(now, second_of(room.get("reg_date")) or now))
        # The last message is written anew, so that it fits the status.
        kept = {name: value for name, value in room.items() if name not in _REWRITTEN}
        given: Room = {**kept, "status": str(status), "complate_date": ended}
        changed = self._tenant.source.complete(given, key=0, now=now)
        try:
            self._tenant.rooms.update(str(room["id"]), changed, now)
        except UnknownRoomError:
            return False
        return True

    def _delete(self, now: int) -> bool:
        room = self._pick(None, now)
        return room is not None and self._remove(str(room["id"]), now)

    def _remove(self, room_id: str, now: int) -> bool:
        try:
            self._tenant.rooms.delete(room_id, now)
        except UnknownRoomError:  # someone else was first
            return False
        return True

    def _pick(self, status: int | None, now: int) -> Room | None:
        """A visible room of a status (None: any) by chance; None where there is none."""
        selection = Selection(
            first=-_ALL_TIME,
            last=_ALL_TIME,
            status=status,
            hidden=frozenset(),
            sort_key="reg_date",
            descending=True,
            zero_last=False,
        )
        rooms = self._tenant.rooms
        total, _ = rooms.page(selection, 0, 0, now)
        if not total:
            return None
        _, found = rooms.page(selection, self._random.randrange(total), 1, now)
        room: Room | None = orjson.loads(found[0]) if found else None
        return room


_REWRITTEN: Final = ("status", "complate_date", "last_message", "counselor_name", "counselor_nickname")


def _draw(random: Random, shares: tuple[tuple[Any, int], ...]) -> Any:
    """One of the choices, each as likely as its share of a hundred."""
    return random.choices([choice for choice, _ in shares], [share for _, share in shares])[0]


class _Running:
    """Streams with the thread that says when the next change of each is due."""

    def __init__(
        self, born: int, streams: Mapping[str, Stream], rate: float, seed: int, done: int = 0
    ) -> None:
        self.born, self.streams, self.rate, self.seed = born, dict(streams), rate, seed
        self.done = done  #: changes of each stream so far
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread

    def start(self, advance: Callable[[int, int], object], pause: float) -> None:
        """Calls `advance(born, changes)` when changes are due, after a pause each time."""
        arguments = (advance, pause)
        self._thread = threading.Thread(target=self._run, args=arguments, name="happytalk-churn", daemon=True)
        self._thread.start()

    def stop(self, token: str, *, join: float) -> None:
        """Ends the stream of a tenant. When it returns no more change of it comes."""
        with self._lock:
            self.streams.pop(token, None)
        if not self.streams:
            self._stop.set()
            self._thread.join(join)

    def advance(self, upto: int) -> None:
        """Makes the changes of each stream up to so many."""
        while self.done < upto:
            for token in tuple(self.streams):
                with self._lock:
                    stream = self.streams.get(token)
                    if stream is not None:
                        stream.step()
            self.done += 1

    def _run(self, advance: Callable[[int, int], object], pause: float) -> None:
        start, first = time.monotonic(), self.done
        while True:
            wait = start + (self.done - first + 1) / self.rate - time.monotonic()
            if wait < -1:  # the machine slept or is too slow: go on from here, without a burst
                start, first, wait = time.monotonic(), self.done, 1 / self.rate
            if self._stop.wait(max(wait, pause)):
                return
            due = first + int((time.monotonic() - start) * self.rate + 1e-6)
            if due > self.done:  # else another process was first
                with suppress(StateLostError):  # the next time, then
                    advance(self.born, due)


class Churn:
    """The streams of a mock, one for a tenant at most. Safe under threads."""

    def __init__(self, mock: Mock) -> None:
        self._mock = mock
        self._lock = threading.Lock()
        self._running: dict[str, _Running] = {}
        self._born = 0
        #: What is called with a number of `_Running` and of changes when those are due.
        self.due: Callable[[int, int], object] = self.advance
        #: Seconds between two such calls, at least. Nobody waits for their end, then: they may wait for who stops them.
        self.pause = 0.0

    def start(self, rate: Any, *, tenant: Tenant | None = None, seed: int | None = None) -> None:
        """Changes rooms at a rate (`10/s`), of one tenant or of all that there are, in place of what ran.

        `seed` None: the mock's. Raises ChangeError for a rate that is none.
        """
        speed = parse_rate(rate)
        seed = self._mock.setup.seed if seed is None else seed
        tenants = [tenant] if tenant is not None else list(self._mock.tenants)
        with self._lock:
            self._end([each.token for each in tenants])
            self._born += 1
            streams = {each.token: Stream(self._mock, each, seed) for each in tenants}
            if streams:
                self._run(_Running(self._born, streams, speed, seed))

    def stop(self, token: str | None = None) -> int:
        """Ends the stream of a tenant, or all (None); says how many. No change comes after it returns."""
        with self._lock:
            return self._end(list(self._running) if token is None else [token])

    def advance(self, born: int, upto: int) -> None:
        """Makes changes that are due, if their streams still run."""
        for running in set(self._running.values()):
            if running.born == born:
                running.advance(upto)

    def dump(self) -> dict[str, Any]:
        """All streams, as JSON."""
        groups = {running.born: running for running in self._running.values()}
        return {
            "born": self._born,
            "running": [
                {
                    "born": born,
                    "rate": running.rate,
                    "seed": running.seed,
                    "done": running.done,
                    "streams": {token: stream.dump() for token, stream in running.streams.items()},
                }
                for born, running in groups.items()
            ],
        }

    def take_up(self, dumped: Mapping[str, Any]) -> None:
        """Has what was dumped in place of what runs. The tenants are those of that time by now."""
        self.stop()
        with self._lock:
            self._born = dumped["born"]
            for each in dumped["running"]:
                streams = {}
                for token, kept in each["streams"].items():
                    tenant = self._mock.tenants.by_token(token)
                    if tenant is not None:
                        streams[token] = Stream(self._mock, tenant, each["seed"])
                        streams[token].take_up(kept)
                self._run(_Running(each["born"], streams, each["rate"], each["seed"], each["done"]))

    def report(self, token: str | None = None) -> list[dict[str, Any]]:
        """What runs, of one tenant or of all: tenant (masked), changes a second, seed, changes so far."""
        return [
            {
                "tenant": mask(each),
                "per_second": running.rate,
                "seed": running.seed,
                "added": stream.tally.added,
                "moved_on": stream.tally.moved_on,
                "deleted": stream.tally.deleted,
            }
            for each, running, stream in self._items()
            if token in (None, each)
        ]

    def _run(self, running: _Running) -> None:
        self._running |= dict.fromkeys(running.streams, running)
        running.start(lambda born, upto: self.due(born, upto), self.pause)

    def _end(self, tokens: list[str]) -> int:
        """Ends the streams of tenants; says how many there were. With the lock held."""
        ended = {each: self._running.pop(each) for each in tokens if each in self._running}
        for each, running in ended.items():
            running.stop(each, join=0 if self.pause else 5)
        return len(ended)

    def _items(self) -> list[tuple[str, _Running, Stream]]:
        with self._lock:
            return [(token, running, running.streams[token]) for token, running in self._running.items()]
