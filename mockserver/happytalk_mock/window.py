"""The generated rooms of the last days, each in the state that it has at a moment.

A room is registered, perhaps answered, perhaps ended: moments at which what the API shows of it changes.
Between two such moments of any room nothing changes, so an answer stays good until the next one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from .clock import DAY
from .model import Room
from .rows import NEVER, Row

if TYPE_CHECKING:
    from .generator import Options, Timeline
    from .timelines_bulk import Columns


class Source(Protocol):
    """What the store needs of a generator of rooms; `generator.RoomSource` is one."""

    @property
    def options(self) -> Options:
        """What shapes the rooms; `options.rooms` of them are visible at any moment."""

    @property
    def settle_days(self) -> int:
        """A room of day d has reached its last state by the end of day d + settle_days."""

    def count(self, day: int) -> int:
        """How many rooms a whole day has."""

    def timelines(self, day: int) -> Sequence[Timeline]:
        """The rooms of a day by registration."""

    def columns(self, first_day: int, last_day: int) -> Columns:
        """The rooms of settled days in their last state, as numpy arrays."""

    def fields(self, ref: int, *, registered: int, completed: int, status: int) -> Room:
        """The text of a room in a state; `completed` is 0 for the zero date."""

    def ref_of(self, room_id: str) -> int | None:
        """The only generated room that can have this id, or None. Whether it has it, `fields` says."""


class Window:
    """Rooms of the days `first_day` to `today` at a moment of `today`. One thread at a time."""

    def __init__(self, source: Source, first_day: int, today: int) -> None:
        found = [line for day in range(first_day, today + 1) for line in source.timelines(day)]
        found.sort(key=lambda line: (line.registered, line.ref))
        self.first_day, self.today = first_day, today
        self._lines = found
        self._registered = [line.registered for line in found]
        changes = [
            (moment, index)
            for index, line in enumerate(found)
            for moment in (line.answered, line.ended)
            if moment
        ]
        changes.sort()
        self._moments = [moment for moment, _ in changes]
        self._changed = [index for _, index in changes]
        self._rows: list[Row] = []
        self._now = self._place = 0
        #: From this moment on, and before that one, `rows` is what there is to see.
        self.since = self.until = 0

    def rows(self, now: int, most: int) -> list[Row]:
        """The rooms visible at `now`, the `most` last registered of them, in the order of registration."""
        end = bisect_right(self._registered, now)
        place = bisect_right(self._moments, now)
        known = min(len(self._rows), end)
        del self._rows[end:]
        # Moving the clock a little touches a few rows, forwards and backwards alike.
        for index in set(self._changed[min(place, self._place) : max(place, self._place)]):
            if index < known:
                self._rows[index] = row_at(self._lines[index], now)
        self._rows.extend(row_at(line, now) for line in self._lines[known:end])
        self._place = place
        self._validity(end, place)
        return self._rows[max(0, end - most) :]

    def _validity(self, end: int, place: int) -> None:
        midnight = self.today * DAY
        self.since = max(
            [midnight, *self._registered[max(0, end - 1) : end], *self._moments[max(0, place - 1) : place]]
        )
        self.until = min(
            [midnight + DAY, *self._registered[end : end + 1], *self._moments[place : place + 1]]
        )


def row_at(line: Timeline, now: int) -> Row:
    """The row of a generated room, registered by `now`, in the state of that moment."""
    if line.ended and line.ended <= now:
        return Row(line.registered, line.completed or NEVER, line.final, line.ref)
    status = 1 if line.answered and line.answered <= now else line.first
    return Row(line.registered, NEVER, status, line.ref)
