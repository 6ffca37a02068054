"""Very many settled rooms: columns, and any page of any order of them without sorting.

Registration order is the order of the columns. For the order of completion each set of statuses that is asked
for has a wavelet matrix: among the rooms registered in any period it finds the k-th by completion, one step a
bit. Imported only where it is needed, because numpy takes longer to import than a small mock to start.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from wavelet_matrix import WaveletMatrix

from .rows import NEVER, Recent, Row, Rows, Selection

if TYPE_CHECKING:
    from .window import Source

Ints = NDArray[np.int32]

#: Bytes of room text remembered in each of two generations.
KEPT_TEXT: Final = 16_000_000
#: Rooms of a block of the order of completion; 20 ms to make.
_BLOCK: Final = 65_536


class Group:
    """The rooms of some statuses: where they stand in the columns, and their order by completion.

    The order is cut into blocks with a wavelet matrix each: while one is made no other thread runs, and a server
    is not to stand still for longer than it takes to make a block.
    """

    def __init__(self, places: Ints, completed: NDArray[np.int64]) -> None:
        """`places` ascend; `completed` are the completions there."""
        order = np.argsort(completed, kind="stable").astype(np.int32)
        self._blocks = [_block(order[start : start + _BLOCK]) for start in range(0, len(order), _BLOCK)]
        # Python reads single numbers from memory views several times as fast as from arrays.
        self.places_view = places.data
        self._order_view = order.data  # positions in the group, by completion and then by registration
        self._completed_view = completed[order].data

    def shares(self, first: int, last: int) -> list[Share]:
        """What each block has of the rooms from position `first` to before `last`."""
        found, before = [], 0
        for number, (positions, matrix) in enumerate(self._blocks):
            start, end = bisect_left(positions, first), bisect_left(positions, last)
            found.append(Share(number * _BLOCK, before, start, end, matrix))
            before += end - start
        return found

    def rank(self, position: int, completed: int) -> int:
        """How many of the group stand before a room completed then that is at `position` by registration."""
        start = bisect_left(self._completed_view, completed)
        end = bisect_right(self._completed_view, completed, start)
        return bisect_left(self._order_view, position, start, end)

    def place(self, rank: int) -> int:
        """The place in the columns of the room that stands there by completion."""
        place: int = self.places_view[self._order_view[rank]]
        return place


def _block(order: Ints) -> tuple[memoryview, WaveletMatrix]:
    """Positions in a part of the order of completion, ascending, and their ranks in that part."""
    ranks = np.argsort(order)
    return order[ranks].data, WaveletMatrix(ranks.tolist())


class Share(NamedTuple):
    """The rooms of a period that stand in one block of the order of completion."""

    first: int  #: rank of the block's first room
    before: int  #: rooms of the period in the blocks before it
    start: int  #: the first of them in the block, by registration
    end: int  #: and the one behind the last
    matrix: WaveletMatrix

    def below(self, rank: int) -> int:
        """How many of the period stand before a rank of the block."""
        return self.before + self.matrix.range_freq(self.start, self.end, upper=rank - self.first)

    def ranks(self, first: int, last: int) -> Iterator[int]:
        """Their ranks, ascending, as far as they are from `first` to before `last` of the whole period."""
        first, last = max(first - self.before, 0), min(last - self.before, self.end - self.start)
        if first < last:
            least = self.matrix.quantile(self.start, self.end, first + 1)
            most = self.matrix.quantile(self.start, self.end, last)
            for each in self.matrix.range_list(self.start, self.end, least, most + 1):  # each is there once
                yield self.first + each["value"]


class Part:
    """The rooms of a group that were registered in a period, in ascending order of a sort key."""

    def __init__(self, base: Base, group: Group, first: int, last: int, *, by_end: bool) -> None:
        """From position `first` of the group to before `last`."""
        self._base, self._group, self._by_end = base, group, by_end
        self._first, self._last = first, last
        self._shares = group.shares(first, last) if by_end else []

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
        rank = self._group.rank(position, completed)
        block = rank // _BLOCK
        return self._shares[block].below(rank) if block < len(self._shares) else len(self)

    def places(self, start: int, end: int) -> list[int]:
        """Places in the columns of the rooms from `start` to before `end` in the order."""
        group = self._group
        if not self._by_end:
            return group.places_view[self._first + start : self._first + end].tolist()
        return [group.place(rank) for share in self._shares for rank in share.ranks(start, end)]


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
