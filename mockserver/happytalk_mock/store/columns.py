"""Very many settled rooms: columns, and any page of any order of them without sorting.

Registration order is the order of the columns. For the order of completion each set of statuses that is asked
for has a wavelet matrix: among the rooms registered in any period it finds the k-th by completion, one step a
bit. Imported only where it is needed, because numpy takes longer to import than a small mock to start.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from .rows import NEVER, Recent, Row, Rows, Selection

if TYPE_CHECKING:
    from .window import Source

Ints = NDArray[np.int32]

#: Bytes of room text remembered in each of two generations.
KEPT_TEXT: Final = 16_000_000


class WaveletMatrix:
    """Order statistics of any slice of a permutation of 0 to n - 1 (Claude, Navarro, Ordóñez 2015).

    Level by level, from the highest bit down, the values are parted stably into those with a 0 and those with
    a 1 there. `counts[i]` is the number of zeros among the first i: 4 bytes a value and level, for which a
    step is one look-up.
    """

    def __init__(self, values: Ints) -> None:
        self._size = len(values)
        self._levels: list[tuple[int, Ints, memoryview]] = []
        for bit in reversed(range(max(1, (self._size - 1).bit_length()))):
            zero = (values >> bit) & 1 == 0
            counts = np.zeros(self._size + 1, np.int32)
            np.cumsum(zero, out=counts[1:])
            values = np.concatenate((values[zero], values[~zero]))
            self._levels.append((bit, counts, counts.data))

    def smallest(self, first: int, last: int, ranks: NDArray[np.int64]) -> NDArray[np.int64]:
        """The values at `ranks` (from 0) of the slice from `first` to before `last`, were it sorted."""
        found = np.zeros_like(ranks)
        starts, ends = np.full_like(ranks, first), np.full_like(ranks, last)
        for bit, counts, _ in self._levels:
            zeros = counts[-1]
            starts_0, ends_0 = counts[starts], counts[ends]
            inside = ends_0 - starts_0
            one = ranks >= inside
            found += one << bit
            ranks = np.where(one, ranks - inside, ranks)
            starts = np.where(one, starts - starts_0 + zeros, starts_0)
            ends = np.where(one, ends - ends_0 + zeros, ends_0)
        return found

    def below(self, first: int, last: int, value: int) -> int:
        """How many values of the slice are less than `value`."""
        if value >= self._size:
            return last - first
        found = 0
        for bit, _, counts in self._levels:
            starts_0, ends_0 = counts[first], counts[last]
            if value >> bit & 1:
                found += ends_0 - starts_0
                first, last = first - starts_0 + counts[-1], last - ends_0 + counts[-1]
            else:
                first, last = starts_0, ends_0
        return found


class Group:
    """The rooms of some statuses: where they stand in the columns, and their order by completion."""

    def __init__(self, places: Ints, completed: NDArray[np.int64]) -> None:
        """`places` ascend; `completed` are the completions there."""
        order = np.argsort(completed, kind="stable").astype(np.int32)
        ranks = np.empty_like(order)
        ranks[order] = np.arange(len(order), dtype=np.int32)
        self.matrix = WaveletMatrix(ranks)
        self.places = places
        self.order = order  # positions in the group, by completion and then by registration
        # Python reads single numbers from memory views several times as fast as from arrays.
        self.places_view = places.data
        self._order_view = order.data
        self._completed_view = completed[order].data

    def rank(self, position: int, completed: int) -> int:
        """How many of the group stand before a room completed then that is at `position` by registration."""
        start = bisect_left(self._completed_view, completed)
        end = bisect_right(self._completed_view, completed, start)
        return bisect_left(self._order_view, position, start, end)


class Part:
    """The rooms of a group that were registered in a period, in ascending order of a sort key."""

    def __init__(self, base: Base, group: Group, first: int, last: int, *, by_end: bool) -> None:
        """From position `first` of the group to before `last`."""
        self._base, self._group, self._by_end = base, group, by_end
        self._first, self._last = first, last

    def __len__(self) -> int:
        return self._last - self._first

    def before(self, row: Row) -> int:
        """How many stand before a row that is not of the base; at equal keys all of the base do."""
        position = bisect_right(self._group.places_view, row.registered, key=self._base.registered_at)
        return self._before(position, row.completed)

    def index(self, row: Row) -> int:
        """Where a row of the base stands; its `ref` is its place in the columns."""
        return self._before(bisect_left(self._group.places_view, row.ref), row.completed)

    def _before(self, position: int, completed: int) -> int:
        if not self._by_end:
            return min(max(position, self._first), self._last) - self._first
        return self._group.matrix.below(self._first, self._last, self._group.rank(position, completed))

    def places(self, start: int, end: int) -> list[int]:
        """Places in the columns of the rooms from `start` to before `end` in the order."""
        group = self._group
        if not self._by_end:
            return group.places_view[self._first + start : self._first + end].tolist()
        ranks = group.matrix.smallest(self._first, self._last, np.arange(start, end))
        return group.places[group.order[ranks]].data.tolist()


class Base:
    """The settled rooms of some days, in their last state."""

    def __init__(self, source: Source, first_day: int, last_day: int) -> None:
        self.first_day, self.last_day = first_day, last_day
        columns = source.columns(first_day, last_day)
        completed = np.where(columns.completed == 0, NEVER, columns.completed)
        status = columns.status
        self._completed_column, self._status_column = completed, status
        self._registered = np.ascontiguousarray(columns.registered).data
        self._completed = completed.data
        self._status = np.ascontiguousarray(status).data
        self._ref = np.ascontiguousarray(columns.ref).data
        self.registered_at = self._registered.__getitem__
        self._lock = Lock()
        self.statuses = frozenset(np.unique(status).tolist())
        self._groups: dict[frozenset[int], Group] = {}
        for wanted in (self.statuses, *(frozenset((one,)) for one in self.statuses)):
            self._group(wanted)
        self._texts: Recent[int, bytes] = Recent(KEPT_TEXT)

    def __len__(self) -> int:
        return len(self._registered)

    def place(self, index: int) -> tuple[int, int]:
        """What rows stand by: registration and reference."""
        return self._registered[index], self._ref[index]

    def row(self, index: int) -> Row:
        """The room at a place of the columns."""
        return Row(self._registered[index], self._completed[index], self._status[index], self._ref[index])

    def text(self, index: int, make: Callable[[Row], bytes]) -> bytes:
        """The text of the room at a place of the columns."""
        text = self._texts.get(index)
        if text is None:
            text = make(self.row(index))
            self._texts.put(index, text)
        return text

    def key(self, index: int, *, by_end: bool) -> tuple[int, int]:
        """What the room at a place of the columns is ordered by, before its place."""
        registered = self._registered[index]
        return (self._completed[index], registered) if by_end else (registered, 0)

    def part(self, selection: Selection, first: int) -> Part | None:
        """The selected rooms at places from `first` on, ascending; None if their statuses do not occur."""
        status = selection.status
        wanted = (self.statuses if status is None else self.statuses & {status}) - selection.hidden
        if not wanted:
            return None
        group = self._group(wanted)
        start = bisect_left(group.places_view, selection.first, key=self.registered_at)
        start = max(start, bisect_left(group.places_view, first))
        end = bisect_right(group.places_view, selection.last, key=self.registered_at)
        return Part(self, group, start, max(start, end), by_end=selection.by_end)

    def rows_of(self, refs: Iterable[int], first: int) -> Rows:
        """The rooms of these references at places from `first` on; a row's `ref` is its place here."""
        places = sorted(place for ref in refs if (place := self._place_of(ref)) >= first)
        return Rows(
            [
                Row(self._registered[place], self._completed[place], self._status[place], place)
                for place in places
            ]
        )

    def indexes(self, first: int, gone: Collection[int]) -> Iterator[int]:
        """Places from `first` on that are not among `gone`."""
        return (index for index in range(first, len(self)) if index not in gone)

    def _place_of(self, ref: int) -> int:
        """The place of a reference; -1 if it is not of these days."""
        place = bisect_left(self._ref, ref)
        return place if place < len(self) and self._ref[place] == ref else -1

    def _group(self, wanted: frozenset[int]) -> Group:
        group = self._groups.get(wanted)
        if group is None:
            with self._lock:
                group = self._groups.get(wanted) or self._groups.setdefault(wanted, self._grouped(wanted))
        return group

    def _grouped(self, wanted: frozenset[int]) -> Group:
        if wanted == self.statuses:
            return Group(np.arange(len(self), dtype=np.int32), self._completed_column)
        places = np.flatnonzero(np.isin(self._status_column, list(wanted))).astype(np.int32)
        return Group(places, self._completed_column[places])
