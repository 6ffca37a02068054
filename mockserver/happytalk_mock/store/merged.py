"""Pages of two kinds of rooms in one order: the many of the columns, and the few beside them.

The few are newer rooms that still change and rooms by hand. Rooms of the columns that were removed stay in
the columns; they are counted out. Nothing is ever sorted whole: the few in a page are found by bisection on
how many rooms of the columns stand before each.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Iterator, Sequence
from heapq import merge
from typing import TYPE_CHECKING

from .rows import (
    BY_COMPLETION,
    BY_PLACE,
    BY_REGISTRATION,
    KEPT_REFERENCES,
    NEVER,
    Recent,
    Row,
    Rows,
    Selection,
    Texts,
    tied,
)

if TYPE_CHECKING:
    from .columns import Base, Part


class Merged:
    """All visible rooms where there are very many: the engine for them."""

    def __init__(self, base: Base, first: int, beside: Rows, removed: Iterable[int], texts: Texts) -> None:
        """Rooms of the base at places from `first` on but for references that are `removed`, and `beside`.

        At equal keys the rooms of the base stand before those beside them.
        """
        self._base, self._first = base, first
        self._beside, self._gone = beside, base.rows_of(removed, first)
        self._texts = texts
        self._ties: Recent[Hashable, list[Row]] = Recent(KEPT_REFERENCES)

    def count(self) -> int:
        return len(self._base) - self._first - len(self._gone) + len(self._beside)

    def all(self) -> Iterator[Row]:
        gone = {row.ref for row in self._gone.rows}
        of_base = map(self._base.row, self._base.indexes(self._first, gone))
        return merge(of_base, self._beside.rows, key=BY_PLACE)

    def page(self, selection: Selection, offset: int, count: int) -> tuple[int, list[bytes]]:
        ascending = selection._replace(descending=False, zero_last=False, ties="registration", turned=True)
        beside = _ordered(self._beside, ascending)
        part = self._base.part(ascending, self._first)
        if part is None or not len(part):
            found = _Beside(beside, ascending.by_end)
        else:
            found = _Both(self._base, part, _ordered(self._gone, ascending), beside, ascending.by_end)
        total = len(found)
        end = min(offset + count, total)
        if offset >= end:
            return total, []
        if selection.by_end and selection.zero_last and not selection.descending:
            # The zero dates stand first in the order; shown after the others, the order is turned by so many.
            zeros = found.upto(NEVER)
            dated = total - zeros
            parts = [
                (min(offset + zeros, total), min(end + zeros, total)),
                (max(offset - dated, 0), max(end - dated, 0)),
            ]
        else:
            parts = [(total - end, total - offset) if selection.descending else (offset, end)]
        rows = [
            row for start, stop in parts if start < stop for row in self._part(found, start, stop, selection)
        ]
        return total, [self._text(row) for row in rows]

    def _part(self, found: _Beside, start: int, end: int, selection: Selection) -> Sequence[int | Row]:
        """The rooms from `start` to before `end` of the ascending order, in the order that is selected."""
        if selection.usual_ties:
            rows = found.slice(start, end)
            return rows[::-1] if selection.descending else rows
        # Rooms of equal keys stand as the selection says: a page takes part in whole runs of them.
        first, last = found.upto(found.key(start) - 1), found.upto(found.key(end - 1))
        kept = (selection, first, last)
        whole = self._ties.get(kept)
        if whole is None:
            rows = found.slice(first, last)
            whole = tied([self._row(row) for row in rows], selection, self._texts)
            self._ties.put(kept, whole)
        if selection.descending:
            return whole[last - end : last - start]
        return whole[start - first : end - first]

    def _row(self, row: int | Row) -> Row:
        return self._base.row(row) if isinstance(row, int) else row

    def _text(self, row: int | Row) -> bytes:
        if isinstance(row, int):
            return self._base.text(row, self._texts.room)
        return row.text or self._texts.room(row)


class _Beside:
    """Selected rooms where the base has none."""

    def __init__(self, rows: list[Row], by_end: bool) -> None:
        self._rows = rows
        self._by_end = by_end
        self.sort_key = BY_COMPLETION if by_end else BY_REGISTRATION

    def __len__(self) -> int:
        return len(self._rows)

    def upto(self, key: int) -> int:
        """How many stand up to a value of the sort key."""
        return bisect_right(self._rows, key, key=self.sort_key)

    def key(self, index: int) -> int:
        """The sort key of what stands there."""
        return self._key(self._rows[index])[0]

    def _key(self, row: int | Row) -> tuple[int, int]:
        """What a room is ordered by, before its place."""
        assert isinstance(row, Row)  # noqa: S101 - a place is of the base
        return (row.completed, row.registered) if self._by_end else (row.registered, 0)

    def slice(self, start: int, end: int) -> list[int | Row]:
        return list(self._rows[start:end])


class _Both(_Beside):
    """Selected rooms of the base and beside it, ascending. A room of the base is given as its place."""

    def __init__(self, base: Base, part: Part, gone: list[Row], beside: list[Row], by_end: bool) -> None:
        super().__init__(beside, by_end)
        self._base, self._part, self._gone = base, part, gone

    def __len__(self) -> int:
        return len(self._part) - len(self._gone) + len(self._rows)

    def upto(self, key: int) -> int:
        last = Row(1 << 62, key, 0, 0) if self._by_end else Row(key, 0, 0, 0)  # behind every room of that key
        gone = bisect_right(self._gone, key, key=self.sort_key)
        return self._part.before(last) - gone + super().upto(key)

    def key(self, index: int) -> int:
        (row,) = self.slice(index, index + 1)
        return self._key(row)[0]

    def slice(self, start: int, end: int) -> list[int | Row]:
        """The rooms from `start` to before `end` in the order."""
        if start >= end:
            return []
        rows = self._rows
        first = bisect_left(range(len(rows)), start, key=self._position)
        most = min(len(rows), first + end - start)
        last = bisect_left(range(len(rows)), end, first, most, key=self._position)
        found: list[int | Row] = list(self._places(start - first, end - last))
        if first < last:
            found += rows[first:last]
            # Stable, and the base stands first: at equal keys it stays first.
            found.sort(key=self._key)
        return found

    def _position(self, index: int) -> int:
        """Where a row beside stands in the whole order."""
        row = self._rows[index]
        gone = bisect_right(self._gone, self._key(row), key=self._key)
        return index + self._part.before(row) - gone

    def _places(self, start: int, end: int) -> list[int]:
        """Places of the rooms of the base from `start` to before `end`, those gone not counted."""
        if start >= end:
            return []
        if not self._gone:
            return self._part.places(start, end)
        gone = {row.ref for row in self._gone}
        found = self._part.places(self._with_gone(start), self._with_gone(end - 1) + 1)
        return [place for place in found if place not in gone]

    def _key(self, row: int | Row) -> tuple[int, int]:
        return self._base.key(row, by_end=self._by_end) if isinstance(row, int) else super()._key(row)

    def _with_gone(self, rank: int) -> int:
        """The rank, those gone counted, of what has this one without them."""
        gone, index = self._gone, self._part.index
        return rank + bisect_right(range(len(gone)), rank, key=lambda number: index(gone[number]) - number)


def _ordered(table: Rows, selection: Selection) -> list[Row]:
    """The selected rows of a table. Periods that differ only where it has no rows are one, and sorted once."""
    rows = table.rows
    if not rows:
        return rows
    first, last = max(selection.first, rows[0].registered), min(selection.last, rows[-1].registered)
    return table.ordered(selection._replace(first=first, last=last))
