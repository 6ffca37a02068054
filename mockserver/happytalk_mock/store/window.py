"""The generated rooms of the last days, each in the state that it has at a moment.

A room is registered, perhaps answered, perhaps ended: moments at which what the API shows of it changes.
Between two such moments of any room nothing changes, so an answer stays good until the next one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Protocol

from ..core.clock import DAY
from ..spec.vocabulary import Room
from .rows import BY_COMPLETION, BY_END_AND_PLACE, NEVER, Ranks, Row

if TYPE_CHECKING:
    from ..data.rooms.timelines_bulk import Columns
    from ..data.source import Timeline

#: Where more than one in so many rows change at once, sorting all is cheaper than moving each.
_FEW_PART: Final = 20


class Source(Protocol):
    """What the store needs of a generator of rooms; `generator.RoomSource` is one."""

    @property
    def shown(self) -> int:
        """How many rooms are visible at any moment, at most: the last registered ones."""

    @property
    def recorded(self) -> bool:
        """Whether it has recorded rooms: then it gives no `columns`."""

    @property
    def ranks(self) -> Ranks:
        """Where recorded rooms stand among each other."""

    def begins(self, today: int) -> int:
        """The day before which no room is looked for."""

    def days(self, first: int, last: int) -> Sequence[int]:
        """Of the days `first` to `last` those that may have rooms, ascending."""

    @property
    def settle_days(self) -> int:
        """A room of day d has reached its last state by the end of day d + settle_days."""

    def count(self, day: int) -> int:
        """How many rooms a whole day has."""

    def at_least(self, first_day: int, day: int) -> int:
        """A number of rooms that the days from `first_day` to before `day` have for certain, at little cost."""

    def forget(self) -> None:
        """Lets go of what is remembered to be quick."""

    def timelines(self, day: int) -> Sequence[Timeline]:
        """The rooms of a day by registration; references are `day << 20` and up, in the same order."""

    def columns(self, first_day: int, last_day: int) -> Columns:
        """The rooms of settled days in their last state, as numpy arrays; references ascend."""

    def fields(self, ref: int, *, registered: int, completed: int, status: int) -> Room:
        """The text of a room in a state; `completed` is 0 for the zero date."""

    def id_of(self, ref: int, registered: int) -> str:
        """The id of a room: what `fields` says, sooner."""

    def ref_of(self, room_id: str) -> int | None:
        """The only generated room that can have this id, or None. Whether it has it, `fields` says."""


class Window:
    """Rooms of the days `first_day` to `today` at a moment of `today`. One thread at a time."""

    def __init__(self, source: Source, first_day: int, today: int) -> None:
        found = [line for day in source.days(first_day, today) for line in source.timelines(day)]
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
        self._rows: list[Row] = []  # of all rooms registered so far
        self._order: list[Row] = []  # the visible ones by completion
        self._start = self._place = 0
        #: From this moment on, and before that one, `rows` and `by_completion` are what there is to see.
        self.since = self.until = 0

    def __len__(self) -> int:
        return len(self._lines)

    def move(self, now: int, most: int) -> None:
        """Shows the rooms as they are at `now`, the `most` last registered of them."""
        end, place = bisect_right(self._registered, now), bisect_right(self._moments, now)
        start, known = max(0, end - most), min(len(self._rows), end)
        # Moving the clock a little touches a few rows, forwards and backwards alike.
        changed = {
            index
            for index in self._changed[min(place, self._place) : max(place, self._place)]
            if index < known
        }
        touched = len(changed) + abs(start - self._start) + abs(end - len(self._rows))
        few = touched < len(self._order) // _FEW_PART
        if few:
            leaving = {*changed, *range(self._start, start), *range(end, len(self._rows))}
            self._take_out(index for index in leaving if index >= self._start)
        del self._rows[end:]
        for index in changed:
            self._rows[index] = row_at(self._lines[index], now)
        self._rows.extend(row_at(line, now) for line in self._lines[known:end])
        if few:
            entering = {*changed, *range(start, self._start), *range(known, end)}
            self._put_in(index for index in entering if index >= start)
        else:  # stable: equal completions stay in the order of registration
            self._order = sorted(self._rows[start:], key=BY_COMPLETION)
        self._start, self._place = start, place
        self._validity(end, place)

    def rows(self) -> list[Row]:
        """The visible rooms in the order of registration."""
        return self._rows[self._start :]

    def by_completion(self) -> list[Row]:
        """The same rooms by completion, ties by place."""
        return self._order.copy()

    def _take_out(self, indexes: Iterable[int]) -> None:
        for index in indexes:
            del self._order[
                bisect_left(self._order, BY_END_AND_PLACE(self._rows[index]), key=BY_END_AND_PLACE)
            ]

    def _put_in(self, indexes: Iterable[int]) -> None:
        for index in indexes:
            insort(self._order, self._rows[index], key=BY_END_AND_PLACE)

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
