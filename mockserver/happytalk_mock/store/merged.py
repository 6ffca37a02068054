"""Pages of two kinds of rooms in one order: the many of the columns, and the few beside them.

The few are newer rooms that still change and rooms by hand. Rooms of the columns that were removed stay in
the columns; they are counted out. Nothing is ever sorted whole: the few in a page are found by bisection on
how many rooms of the columns stand before each.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from .rows import NEVER, Row, Rows, Selection

if TYPE_CHECKING:
    from .columns import Base, Part


def merged(
    base: Base, first: int, beside: Rows, removed: Iterable[int], make: Callable[[Row], bytes]
) -> Merged:
    """The rooms of the base at places from `first` on but for those whose references are `removed`, and `beside`."""
    return Merged(base, first, beside, base.rows_of(removed, first), make)


class Merged:
    """All visible rooms where there are very many."""

    def __init__(
        self, base: Base, first: int, beside: Rows, gone: Rows, make: Callable[[Row], bytes]
    ) -> None:
        """Rooms at places from `first` on but for those of `gone`, whose `ref` is their place, and `beside`.

        At equal keys the rooms of the base stand before those beside them. `make` gives the text of a row.
        """
        self._base, self._first = base, first
        self._beside, self._gone = beside, gone
        self._make = make

    def __len__(self) -> int:
        """How many there are, without those beside."""
        return len(self._base) - self._first - len(self._gone.rows)

    def rows(self) -> Iterator[Row]:
        """Those of the base, in order of registration."""
        gone = {row.ref for row in self._gone.rows}
        return map(self._base.row, self._base.indexes(self._first, gone))

    def page(self, selection: Selection, offset: int, count: int) -> tuple[int, list[bytes]]:
        """How many rooms match, and those from `offset` on, at most `count`, as JSON."""
        ascending = selection._replace(descending=False, zero_last=False)
        beside = _ordered(self._beside, ascending)
        part = self._base.part(ascending, self._first)
        if part is None or not len(part):
            found = _Beside(beside)
        else:
            found = _Both(self._base, part, _ordered(self._gone, ascending), beside, ascending.by_end)
        total = len(found)
        end = min(offset + count, total)
        if offset >= end:
            return total, []
        if selection.descending:
            rows = found.slice(total - end, total - offset)[::-1]
        elif selection.by_end and selection.zero_last:
            # The zero dates stand first in the order; shown after the others, the order is turned by so many.
            zeros = found.zeros()
            dated = total - zeros
            rows = found.slice(min(offset + zeros, total), min(end + zeros, total))
            rows += found.slice(max(offset - dated, 0), max(end - dated, 0))
        else:
            rows = found.slice(offset, end)
        return total, [self._text(row) for row in rows]

    def _text(self, row: int | Row) -> bytes:
        if isinstance(row, int):
            return self._base.text(row, self._make)
        return row.text or self._make(row)


class _Beside:
    """Selected rooms where the base has none."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def zeros(self) -> int:
        return _zeros(self._rows)

    def slice(self, start: int, end: int) -> list[int | Row]:
        return list(self._rows[start:end])


class _Both(_Beside):
    """Selected rooms of the base and beside it, ascending. A room of the base is given as its place."""

    def __init__(self, base: Base, part: Part, gone: list[Row], beside: list[Row], by_end: bool) -> None:
        super().__init__(beside)
        self._base, self._part, self._gone = base, part, gone
        self._by_end = by_end

    def __len__(self) -> int:
        return len(self._part) - len(self._gone) + len(self._rows)

    def zeros(self) -> int:
        last = Row(1 << 62, NEVER, 0, 0)  # stands behind every room with a zero date
        return self._part.before(last) - _zeros(self._gone) + _zeros(self._rows)

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

    def _with_gone(self, rank: int) -> int:
        """The rank, those gone counted, of what has this one without them."""
        gone, index = self._gone, self._part.index
        return rank + bisect_right(range(len(gone)), rank, key=lambda number: index(gone[number]) - number)

    def _key(self, row: int | Row) -> tuple[int, int]:
        if isinstance(row, int):
            return self._base.key(row, by_end=self._by_end)
        return (row.completed, row.registered) if self._by_end else (row.registered, 0)


def _ordered(table: Rows, selection: Selection) -> list[Row]:
    """The selected rows of a table. Periods that differ only where it has no rows are one, and sorted once."""
    rows = table.rows
    if not rows:
        return rows
    first, last = max(selection.first, rows[0].registered), min(selection.last, rows[-1].registered)
    return table.ordered(selection._replace(first=first, last=last))


def _zeros(rows: list[Row]) -> int:
    return bisect_right(rows, NEVER, key=lambda row: row.completed)
