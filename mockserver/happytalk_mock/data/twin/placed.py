"""A twin on the mock's clock: its dates moved on, its rooms as a source that appears as the clock reaches them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import orjson

from ...core.clock import DAY, NEVER, ZERO_DATE, day_number, day_text, second_text
from ...spec.behaviour import BY_ID
from ...spec.parameters import day as read_day
from ...spec.vocabulary import Room
from ..rooms.timelines import INDEX_BITS, Timeline
from ..source import Options, RoomSource
from .files import RecordedMessage, RecordedRoom, Twin

Shift = Literal["weeks", "days", "none"]
Beyond = Literal["generated", "empty"]
SHIFTS: Final = ("weeks", "days", "none")
BEYOND: Final = ("generated", "empty")

#: More rooms than any twin has.
_ALL: Final = 1 << 62
#: What a room shows before its end, where it ended after its beginning: no list says what it showed.
_BEFORE: Final[Mapping[int, int]] = {2: 1, 3: 0, 4: -1}
_INDEX: Final = (1 << INDEX_BITS) - 1
_DATE: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})( [0-9]{2}:[0-9]{2}:[0-9]{2})?", re.ASCII)


class Placed:
    """A twin whose dates are moved by whole days. All tenants of a mock share it; nothing in it changes."""

    def __init__(
        self, twin: Twin, *, today: int, shift: Shift = "weeks", beyond: Beyond = "generated"
    ) -> None:
        """`today`: the mock's day. By weeks the recorded day comes to be today or one of the six days after it."""
        self.twin = twin
        ahead = today - twin.recorded // DAY
        self.days = {"weeks": -(-ahead // 7) * 7, "days": ahead, "none": 0}[shift]
        self.recorded = twin.recorded + self.days * DAY
        self.today = self.recorded // DAY
        #: Whether rooms are generated from the recorded moment on.
        self.goes_on = beyond == "generated"
        self.lines: dict[int, list[Timeline]] = {}
        self.ranks: dict[tuple[str, bool, str], dict[tuple[int, int], int]] = {}
        self.ref_of: dict[str, int] = {}
        self._rooms: dict[int, RecordedRoom] = {}
        for room in twin.rooms or ():
            self._place(room)
        self.days_recorded = sorted(self.lines)
        self.begins = min(self.lines, default=self.today)
        #: By day the moment at which the last of its rooms ended.
        self._ends = {
            day: max(max(line.registered, line.ended) for line in lines) for day, lines in self.lines.items()
        }
        self._messages = [
            [RecordedMessage(self.moved(each), listed=each.listed) for each in found]
            for found in (twin.messages or {}).values()
        ]

    def _place(self, room: RecordedRoom) -> None:
        registered = room.registered + self.days * DAY
        completed = room.completed and room.completed + self.days * DAY
        lines = self.lines.setdefault(registered // DAY, [])
        ref = (registered // DAY << INDEX_BITS) + len(lines)
        before = _BEFORE.get(room.status) if completed > registered else None
        first, ended = (room.status, registered) if before is None else (before, completed)
        lines.append(Timeline(ref, registered, 0, ended, completed, first, room.status))
        self._rooms[ref] = room
        self.ref_of.setdefault(room.id, ref)
        keys = {"reg_date": registered, "complate_date": completed or NEVER}
        for order, rank in room.ranks.items():
            name, way, beside = f"{order} ".split(" ", 2)
            self.ranks.setdefault((name, way == "desc", beside.strip()), {})[ref, keys[name]] = rank

    def room(self, ref: int, *, completed: int, status: int) -> Room:
        """The room as it was answered, dates moved; before its end with what it showed then."""
        recorded = self._rooms[ref]
        room: Room = self.moved(orjson.loads(recorded.line)["room"])
        if status != recorded.status or bool(completed) != bool(recorded.completed):
            room |= {"status": str(status), "complate_date": ZERO_DATE}
        return room

    def id_of(self, ref: int) -> str:
        """The id of a recorded room."""
        return self._rooms[ref].id

    def messages(self, sender: int) -> list[RecordedMessage]:
        """The messages of the tenant's first sender (0), or of another one that was recorded."""
        return self._messages[sender] if sender < len(self._messages) else []

    def moved(self, value: Any, by: int = 1) -> Any:
        """JSON with every text that is a date moved as the twin is (`by` -1: moved back)."""
        if not self.days:
            return value
        if isinstance(value, dict):
            return {name: self.moved(each, by) for name, each in value.items()}
        if isinstance(value, list):
            return [self.moved(each, by) for each in value]
        return self._moved_text(value, by) if isinstance(value, str) else value

    def _moved_text(self, text: str, by: int) -> str:
        found = _DATE.fullmatch(text) if len(text) in (10, 19) else None
        date = read_day(found[1]) if found else None
        if found is None or date is None:
            return text
        try:
            return day_text(day_number(date) + by * self.days) + (found[2] or "")
        except (OverflowError, ValueError):  # outside the years 1 to 9999
            return text

    def told(self) -> dict[str, Any]:
        """What it is, for people and programs."""
        twin = self.twin
        return {
            "name": twin.name,
            "recorded": second_text(twin.recorded),
            "days_moved": self.days,
            "words": twin.words,
            "rooms": len(twin.rooms or ()),
            "answers_decided": len(BY_ID) - len(twin.behaviour.undecided),
            "answers_default": len(twin.behaviour.undecided),
            "exceptions": len(twin.exchanges),
            "drifts": [*twin.drifts],
        }

    def settled(self, first: int, last: int) -> int:
        """From when on the rooms of some days stand as they were recorded: a wall second."""
        return max((end for day, end in self._ends.items() if first <= day <= last), default=-_ALL)

    def gone_on(self, source: RoomSource, now: int) -> bool:
        """Whether rooms are there by now that were not recorded."""
        if not self.goes_on or now <= self.recorded:
            return False
        return any(
            line.registered <= now
            for day in range(self.today, now // DAY + 1)
            for line in source.timelines(day)[len(self.lines.get(day, ())) :]
        )


class TwinSource(RoomSource):
    """A tenant's recorded rooms, and from the recorded moment on generated ones."""

    recorded = True

    def __init__(self, options: Options, token: str, placed: Placed) -> None:
        super().__init__(options, token)
        self._placed = placed
        self.ranks = placed.ranks

    @property
    def shown(self) -> int:
        """All there are."""
        return _ALL

    def begins(self, today: int) -> int:
        """The first recorded day."""
        return min(self._placed.begins, today)

    def days(self, first: int, last: int) -> Sequence[int]:
        """The recorded ones, and all from the recorded moment on: one odd date does not make every day be looked at."""
        placed = self._placed
        recorded = [day for day in placed.days_recorded if first <= day <= min(last, placed.today - 1)]
        return [*recorded, *range(max(first, placed.today), last + 1)]

    def count(self, day: int) -> int:
        """How many rooms begin on that whole day."""
        if day < self._placed.today or not self._placed.goes_on:
            return len(self._placed.lines.get(day, ()))
        return len(self.timelines(day))

    def at_least(self, first_day: int, day: int) -> int:
        """None for certain: they are soon counted."""
        return 0

    def timelines(self, day: int) -> list[Timeline]:
        """The recorded rooms of a day, then the generated ones after the recorded moment."""
        placed = self._placed
        lines = placed.lines.get(day, [])
        if day < placed.today or not placed.goes_on:
            return lines
        more = [line for line in super().timelines(day) if line.registered > placed.recorded]
        return [*lines, *(line._replace(ref=line.ref + len(lines)) for line in more)]

    def fields(self, ref: int, *, registered: int, completed: int, status: int) -> Room:
        """A room, recorded or generated, as it stands with that status and completion."""
        own = self._own_ref(ref)
        if own is None:
            return self._placed.room(ref, completed=completed, status=status)
        return super().fields(own, registered=registered, completed=completed, status=status)

    def id_of(self, ref: int, registered: int) -> str:
        """The id of a room."""
        own = self._own_ref(ref)
        return self._placed.id_of(ref) if own is None else super().id_of(own, registered)

    def ref_of(self, room_id: str) -> int | None:
        """The first room of this id that was recorded, else the only generated one that can have it."""
        recorded = self._placed.ref_of.get(room_id)
        if recorded is not None:
            return recorded
        own = super().ref_of(room_id)
        return None if own is None else own + len(self._placed.lines.get(own >> INDEX_BITS, ()))

    def _own_ref(self, ref: int) -> int | None:
        """What the generator calls a room; None for a recorded one."""
        recorded = len(self._placed.lines.get(ref >> INDEX_BITS, ()))
        return None if ref & _INDEX < recorded else ref - recorded
