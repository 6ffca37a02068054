"""Which generated rooms are visible at a moment: exactly as many as asked for, the last registered ones.

Few rooms: all of them as rows. Very many: settled days as numpy columns (bulk), the last days as rows.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ..core.clock import DAY
from ..spec.vocabulary import Room
from .rows import NEVER, Row
from .window import Source, Window, row_at

if TYPE_CHECKING:
    from ..data.source import Timeline
    from .columns import Base

#: Settled days that may gather as rows before the columns are built anew (about 1 s at a million rooms).
SLACK_DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The generated rooms to see from `since` until just before `until`."""

    since: int
    until: int
    rows: list[Row]  #: by place; after those of `base`
    by_completion: list[Row]  #: the same rows
    base: Base | None
    first: int  #: index of the first visible room of `base`


class Generated:
    """The visible rooms of a source. One thread at a time."""

    def __init__(self, source: Source, *, bulk_from: int) -> None:
        """More rooms than `bulk_from` are kept in columns."""
        self._source = source
        self._bulk = not source.recorded and source.shown > bulk_from
        self._window: Window | None = None
        self._base: Base | None = None

    def at(self, now: int) -> Shown:
        """What is visible at wall second `now`."""
        today = now // DAY
        if self._window is None or self._window.today != today:
            self._turn_to(today)
        window, base = self._window, self._base
        assert window is not None  # noqa: S101 - made above
        most = self._source.shown
        window.move(now, most)
        rows, by_completion = window.rows(), window.by_completion()
        first = 0
        if base is not None:
            first = max(0, len(base) - (most - len(rows)))
            base = base if first < len(base) else None
        return Shown(
            since=window.since,
            until=window.until,
            rows=rows,
            by_completion=by_completion,
            base=base,
            first=first,
        )

    def ready(self, now: int) -> bool:
        """Whether there are few, or the columns and rows of that day are made. From any thread."""
        window = self._window
        return not self._bulk or (window is not None and window.today == now // DAY)

    @property
    def weight(self) -> int:
        """How many rooms are held as rows; those in columns weigh a twentieth."""
        rows = len(self._window) if self._window is not None else 0
        return rows + (len(self._base) // 20 if self._base is not None else 0)

    def count(self, now: int) -> int:
        """How many are visible at `now`. Makes none of them but, where they are few, those of today."""
        most, today = self._source.shown, now // DAY
        if self._source.at_least(self._source.begins(today), today) >= most:
            return most
        before = sum(map(self._source.count, self._source.days(self._first_day(today), today - 1)))
        if before >= most:
            return most
        return min(most, before + sum(line.registered <= now for line in self._source.timelines(today)))

    def find(self, room_id: str) -> Timeline | None:
        """The room of an id, visible or not."""
        ref = self._source.ref_of(room_id)
        if ref is None:
            return None
        for line in self._source.timelines(ref >> 20):
            if line.ref == ref:
                room = room_of(self._source, row_at(line, line.registered))
                return line if str(room["id"]) == room_id else None
        return None

    def row(self, room_id: str, now: int, *, without: Collection[int]) -> Row | None:
        """The row of an id if it is visible at `now` and its reference is not among `without`."""
        line = self.find(room_id)
        if line is None or line.ref in without or line.registered > now:
            return None
        shown = self.at(now)
        if shown.base is not None:
            oldest = shown.base.place(shown.first)
        else:
            oldest = (shown.rows[0].registered, shown.rows[0].ref) if shown.rows else (now + 1, 0)
        return row_at(line, now) if (line.registered, line.ref) >= oldest else None

    def _turn_to(self, today: int) -> None:
        """Makes what is needed to answer at any moment of `today`."""
        first = self._first_day(today)
        start = first
        if self._bulk:
            settled = today - self._source.settle_days - 1  # the last such day
            self._base = self._base_up_to(first, settled)
            start = self._base.last_day + 1 if self._base is not None else first
        self._window = Window(self._source, start, today)

    def _first_day(self, today: int) -> int:
        """The day from which on there are rooms enough, even at the first second of `today`."""
        wanted, first = self._source.shown, today
        for day in reversed(self._source.days(self._source.begins(today), today - 1)):
            first = day
            wanted -= self._source.count(day)
            if wanted <= 0:
                break
        return first

    def _base_up_to(self, first: int, settled: int) -> Base | None:
        """Columns of settled days: those at hand if they still do, else new ones."""
        if self._base is not None and settled - SLACK_DAYS <= self._base.last_day <= settled:
            return self._base  # made on this day or an earlier one, so it reaches back far enough
        if settled < first:
            return None
        from .columns import Base  # numpy: only where there are very many rooms

        self._base = None  # two at a time would need twice the memory
        return Base(self._source, first, settled)


def room_of(source: Source, row: Row) -> Room:
    """The 36 fields of a generated room in the state of its row."""
    completed = 0 if row.completed == NEVER else row.completed
    return source.fields(row.ref, registered=row.registered, completed=completed, status=row.status)
