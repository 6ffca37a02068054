"""Rows: what the store knows of a room without its text, and lists of them in every documented order.

Times are wall seconds of Seoul (see clock). Tables are never changed once made; a change makes a new one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sized
from dataclasses import dataclass
from heapq import merge
from itertools import pairwise
from operator import attrgetter
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from ..core.clock import NEVER as NEVER
from ..spec.behaviour import READS
from ..spec.vocabulary import MAX_LIMIT

#: References from here on are of rooms made by hand. At equal seconds they stand after generated ones.
BY_HAND: Final = 1 << 62
#: References to rows that the orders of one table may keep in each of two generations (8 bytes each).
KEPT_REFERENCES: Final = 500_000


class Selection(NamedTuple):
    """Which rooms are asked for, and in which order. The page is not part of it."""

    first: int  #: first wall second of registration
    last: int  #: last one, inclusive
    status: int | None  #: None: every status
    hidden: frozenset[int]  #: statuses that are never shown
    sort_key: str  #: reg_date or complate_date
    descending: bool
    zero_last: bool  #: zero dates stand last in either direction; otherwise they are the lowest
    ties: str = "registration"  #: how rooms of equal keys stand: also insertion, id or id_falling
    turned: bool = True  #: ties turn round with the list; otherwise they stand alike in both directions
    limit: int | None = None  #: rooms on a page, where the order hangs on it

    @property
    def by_end(self) -> bool:
        """Whether rooms are ordered by complate_date."""
        return self.sort_key == "complate_date"

    @property
    def usual_ties(self) -> bool:
        """Whether the list is that of the ascending order, or the same turned round."""
        return self.ties == "registration" and (self.turned or not self.descending)


@dataclass(slots=True, eq=False)
class Row:
    """A room as far as selecting and ordering goes. Not frozen: its text is filled in when first shown."""

    registered: int
    completed: int  #: what complate_date shows, or NEVER
    status: int
    ref: int  #: of a generated room; BY_HAND and up: of one made by hand
    text: bytes | None = None  #: the room as JSON


BY_REGISTRATION: Final = attrgetter("registered")
BY_COMPLETION: Final = attrgetter("completed")
#: The one order of ties: at equal keys by registration, then by reference.
BY_PLACE: Final = attrgetter("registered", "ref")
BY_INSERTION: Final = attrgetter("ref")
BY_END_AND_PLACE: Final = attrgetter("completed", "registered", "ref")

#: Where recorded rooms stood: by sort key, whether it fell and what else was asked for (`status=2`, `limit=20`, or
#: "" for all other lists), then by reference and the key they had.
Ranks = Mapping[tuple[str, bool, str], Mapping[tuple[int, int], int]]

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Sized)


class Recent(Generic[K, V]):
    """A map of bounded weight that forgets what was not asked for lately. Safe without a lock.

    Two generations: what is asked for lives in the young one; once that is full it becomes the old one, and
    the old one is dropped. A value weighs its length and one more. `capacity` is that of one generation.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self._weight = 0

    def __len__(self) -> int:
        return len(self._young.keys() | self._old.keys())

    def get(self, key: K) -> V | None:
        """The value of a key, or None if it was never put or is forgotten."""
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: K, value: V) -> None:
        """Remembers a value."""
        if self._weight >= self._capacity:
            self._old, self._young, self._weight = self._young, {}, 0
        self._young[key] = value
        self._weight += len(value) + 1


class Engine(Protocol):
    """What answers from the visible rooms of some moments."""

    def page(self, selection: Selection, offset: int, count: int) -> tuple[int, list[bytes]]:
        """How many rooms match, and those from `offset` on, at most `count`, as JSON."""

    def count(self) -> int:
        """How many rooms there are."""

    def all(self) -> Iterable[Row]:
        """All of them in the order of registration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What is told of a room beside its row."""

    room: Callable[[Row], bytes]  #: as JSON
    id: Callable[[Row], str]


class Rows:
    """A table of rows, and the orders that were asked of it: the engine for few."""

    def __init__(
        self,
        rows: list[Row],
        by_completion: list[Row] | None = None,
        texts: Texts | None = None,
        ranks: Ranks | None = None,
    ) -> None:
        """`rows` stand by BY_PLACE and belong to the table from now on.

        `by_completion`: the same rows BY_END_AND_PLACE, where that is known. `texts`: for pages of it, and for
        ties that stand by id. `ranks`: where recorded rooms stood.
        """
        self.rows = rows
        self._texts = texts
        self._ranks = ranks or {}
        #: On what the order of ties hangs, as far as it was recorded: `limit=20`, `status=2`.
        self._besides = {beside for _, _, beside in self._ranks if beside}
        self._by_limit = any(beside.startswith("limit=") for beside in self._besides)
        self._completion_order = by_completion
        self._kinds: Recent[tuple[int | None, frozenset[int], bool], Rows] = Recent(KEPT_REFERENCES)
        self._asked: Recent[Selection, list[Row]] = Recent(KEPT_REFERENCES)

    def __len__(self) -> int:
        return len(self.rows)

    def page(self, selection: Selection, offset: int, count: int) -> tuple[int, list[bytes]]:
        found = self.ordered(selection._replace(limit=count) if self._by_limit else selection)
        if self._besides and self._is_guess(selection, count, found[max(offset - 1, 0) : offset + count + 1]):
            READS.undecided = True
        texts = self._texts
        assert texts is not None  # noqa: S101 - who asks for pages gave them
        return len(found), [row.text or texts.room(row) for row in found[offset : offset + count]]

    def _is_guess(self, selection: Selection, limit: int, shown: list[Row]) -> bool:
        """Whether nobody saw how the ties on a page stand. `shown`: the page and its neighbours."""
        beside, usual = f"status={selection.status}", selection.status is None
        if self._by_limit:
            beside, usual = f"limit={limit}", limit == MAX_LIMIT
        key = BY_COMPLETION if selection.by_end else BY_REGISTRATION
        return not usual and beside not in self._besides and any(key(a) == key(b) for a, b in pairwise(shown))

    def count(self) -> int:
        return len(self.rows)

    def all(self) -> list[Row]:
        return self.rows

    def ordered(self, selection: Selection) -> list[Row]:
        """The selected rows in order. The list is shared: not to be changed."""
        found = self._asked.get(selection)
        if found is None:
            found = self._order(selection)
            self._asked.put(selection, found)
        return found

    def _order(self, selection: Selection) -> list[Row]:
        found = self._documented(selection)
        order = selection.sort_key, selection.descending
        for beside in (f"status={selection.status}", f"limit={selection.limit}", ""):
            if ranks := self._ranks.get((*order, beside)):
                return ranked(found, selection, ranks)
        return found

    def _documented(self, selection: Selection) -> list[Row]:
        found = self._of_kind(selection).within(selection)
        if not selection.usual_ties:
            found = tied(found, selection, self._texts)
        elif selection.descending:
            found.reverse()
        if selection.descending:
            return found
        if selection.by_end and selection.zero_last:
            zeros = bisect_right(found, NEVER, key=BY_COMPLETION)
            found = found[zeros:] + found[:zeros]
        return found

    def within(self, selection: Selection) -> list[Row]:
        """The rows of the selected period, whatever their status, ascending; the caller's own list."""
        first, last = selection.first, selection.last
        start = bisect_left(self.rows, first, key=BY_REGISTRATION)
        end = bisect_right(self.rows, last, key=BY_REGISTRATION)
        if not selection.by_end:
            return self.rows[start:end]
        if end - start == len(self.rows):
            return self.by_completion().copy()
        # Of a large part of the table, picking from the whole order is cheaper than sorting anew.
        if end - start > len(self.rows) // 8:
            return [row for row in self.by_completion() if first <= row.registered <= last]
        return sorted(self.rows[start:end], key=BY_COMPLETION)  # stable: ties stay by place

    def by_completion(self) -> list[Row]:
        """All rows by completion, ties by place; not to be changed."""
        order = self._completion_order
        if order is None:
            order = self._completion_order = sorted(self.rows, key=BY_COMPLETION)
        return order

    def _of_kind(self, selection: Selection) -> Rows:
        """The table of the rows of the selected statuses."""
        status, hidden = selection.status, selection.hidden
        if status is None and not hidden:
            return self
        key = (status, hidden, selection.by_end)
        found = self._kinds.get(key)
        if found is None:
            rows = _of_status(self.rows, status, hidden)
            order = _of_status(self.by_completion(), status, hidden) if selection.by_end else None
            found = Rows(rows, order, self._texts, self._ranks)
            self._kinds.put(key, found)
        return found


def tied(rows: list[Row], selection: Selection, texts: Texts | None) -> list[Row]:
    """Rows of an ascending list, in the selected direction, with those of equal keys as the selection says."""
    key = BY_COMPLETION if selection.by_end else BY_REGISTRATION
    if selection.ties != "registration":
        by_id = texts.id if texts is not None and selection.ties.startswith("id") else None
        rows = sorted(rows, key=by_id or BY_INSERTION, reverse=selection.ties == "id_falling")
    if selection.descending and selection.turned:
        rows = rows[::-1]
    return sorted(rows, key=key, reverse=selection.descending)  # stable, both ways


def ranked(rows: list[Row], selection: Selection, ranks: Mapping[tuple[int, int], int]) -> list[Row]:
    """Rows of a list with the recorded ones as they stood, even where that departs from the sort key.

    The others stand among them by their key, after recorded ones of the same.
    """
    key = BY_COMPLETION if selection.by_end else BY_REGISTRATION
    places = [ranks.get((row.ref, key(row))) for row in rows]
    inside = sorted((place, number) for number, place in enumerate(places) if place is not None)
    recorded = [rows[number] for _, number in inside]
    others = [row for row, place in zip(rows, places, strict=True) if place is None]
    last = selection.by_end and selection.zero_last and not selection.descending

    def sorted_by(row: Row) -> int:
        return -NEVER if last and key(row) == NEVER else key(row)

    return list(merge(recorded, others, key=sorted_by, reverse=selection.descending))


def _of_status(rows: list[Row], status: int | None, hidden: frozenset[int]) -> list[Row]:
    if status is None:
        return [row for row in rows if row.status not in hidden]
    return [] if status in hidden else [row for row in rows if row.status == status]
