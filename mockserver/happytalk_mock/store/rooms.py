"""The rooms of one tenant: generated ones as the clock shows them, and what people changed.

An answer is a function of (source, clock, changes so far, selection). Readers take an immutable snapshot and
need no lock; a snapshot is good from one moment at which a room changes to the next, or to a change by hand.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count as counter
from threading import RLock
from typing import TYPE_CHECKING, Any, Final

import orjson

from ..core.errors import DuplicateRoomError, UnknownRoomError
from ..core.wording import said
from ..spec.vocabulary import Room
from .by_hand import encoded, read, row_of, written
from .generated import Generated, room_of
from .rows import BY_HAND, BY_PLACE, Engine, Row, Rows, Selection, Texts
from .window import Source

if TYPE_CHECKING:
    from .warm import Warm

__all__ = ["RoomStore", "Selection", "Source"]

#: More generated rooms than this are kept in numpy columns. Fewer are as fast in plain rows, sooner ready.
BULK_FROM: Final = 5_000
_FOREVER: Final = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snapshot:
    """What there is to see from `since` until just before `until`."""

    since: int
    until: int
    engine: Engine


_STALE: Final = _Snapshot(since=1, until=0, engine=Rows([]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much data there is, for the health of the server."""

    rooms: int  #: visible ones
    by_hand: int  #: of these, added or changed by hand
    removed: int  #: generated ones that were deleted or changed
    version: int  #: grows with every change by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRooms:
    """What differs from the generated rooms."""

    by_hand: Mapping[str, Row]
    removed: frozenset[int]
    generated: bool  #: generated rooms are shown


class RoomStore:
    """Rooms of a tenant. Any number of threads may read and change it; a change is seen by the next read.

    Of the generated rooms the `shown` last registered are visible. Rooms added or changed by hand
    come on top and are visible whatever the clock says. A generated room that was changed is from then on one
    made by hand. A removed room brings back no older one.
    """

    def __init__(
        self,
        source: Source | None,
        *,
        initial: Iterable[Room] = (),
        bulk_from: int = BULK_FROM,
        warm: Warm | None = None,
    ) -> None:
        """`initial` rooms are there from the beginning, and again after `restore`.

        `warm` says when to let go of generated rooms that can be made again; None: never.
        Raises ValueError where a date or status of them cannot be read, DuplicateRoomError for a repeated id.
        """
        self._lock = RLock()
        self._source = source
        self._bulk_from = bulk_from
        self._warm = warm
        self._generated = self._from_source()
        self._by_hand: dict[str, Row] = {}
        self._removed: set[int] = set()
        self._next_ref = counter(BY_HAND)
        self._texts = Texts(room=self._text, id=self._id)
        self._version = 0
        self._snapshot = _STALE
        self.add(initial)
        self._initial = dict(self._by_hand)
        self._version = 0
        self.touched = False  #: whether it is another than it was at the beginning

    # --- reading ---

    def page(self, selection: Selection, offset: int, count: int, now: int) -> tuple[int, list[bytes]]:
        """How many rooms match at wall second `now`, and those from `offset` on, at most `count`, as JSON."""
        snapshot = self._snapshot
        if not snapshot.since <= now < snapshot.until:
            del snapshot  # it would hold columns that are to be replaced
            snapshot = self._at(now)
        return snapshot.engine.page(selection, offset, count)

    def rooms(self, now: int) -> Iterator[Room]:
        """Every visible room in the order of registration, as of this call."""
        return (self._room(row) for row in self._at(now).engine.all())

    def get(self, room_id: str, now: int) -> Room:
        """The visible room of that id. Raises UnknownRoomError."""
        with self._lock:
            return self._room(self._row(room_id, now))

    def counts(self, now: int) -> Counts:
        """How much there is to see at `now`."""
        with self._lock:
            if self._removed:  # which of them would be visible takes the rooms to say
                size = self._at(now).engine.count()
            else:
                size = len(self._by_hand) + (self._generated.count(now) if self._generated is not None else 0)
            return Counts(
                rooms=size, by_hand=len(self._by_hand), removed=len(self._removed), version=self._version
            )

    @property
    def version(self) -> int:
        """Grows with every change by hand."""
        return self._version

    def ready(self, now: int) -> bool:
        """Whether an answer at `now` takes no time worth a word. May be asked while another thread makes the rooms."""
        generated = self._generated
        return self._snapshot.since <= now < self._snapshot.until or generated is None or generated.ready(now)

    def prepare(self, now: int) -> None:
        """Builds what the first answer needs, so that it does not wait."""
        self._at(now)

    def cool(self) -> bool:
        """Lets go of generated rooms, to be made again when they are asked for; False while they are in use."""
        if not self._lock.acquire(blocking=False):
            return False
        try:
            self._snapshot = _STALE
            if self._generated is not None:
                self._generated = self._from_source()
            if self._source is not None:
                self._source.forget()
        finally:
            self._lock.release()
        return True

    # --- changing ---

    def add(self, rooms: Iterable[Room]) -> None:
        """Adds whole rooms; all of them or, if an error is raised, none.

        Raises DuplicateRoomError where an id is taken, ValueError where a date or status cannot be read.
        """
        with self._lock:
            new: dict[str, Row] = {}
            for room in rooms:
                room_id = str(room["id"])
                if room_id in new or self._taken(room_id):
                    raise _taken(room_id)
                new[room_id] = self._made_by_hand(room)
            self._by_hand.update(new)
            self._changed()

    def update(self, room_id: str, fields: Mapping[str, str | None], now: int) -> Room:
        """Changes fields of a visible room, generated or not, and returns it.

        Raises UnknownRoomError, DuplicateRoomError for a new id that is taken, ValueError as `add` does.
        """
        with self._lock:
            old = self._row(room_id, now)
            room = {**self._room(old), **fields}
            new_id = str(room["id"])
            if new_id != room_id and self._taken(new_id):
                raise _taken(new_id)
            new = self._made_by_hand(room, old, fields)
            if old.ref >= BY_HAND:
                new.ref = old.ref  # among equal seconds it keeps its place
            self._forget(room_id, old)
            self._by_hand[new_id] = new
            self._changed()
            return room

    def delete(self, room_id: str, now: int) -> None:
        """Takes a visible room away, generated or not. Raises UnknownRoomError."""
        with self._lock:
            self._forget(room_id, self._row(room_id, now))
            self._changed()

    def clear(self) -> None:
        """No rooms at all, and no generated ones, until `restore`."""
        with self._lock:
            self._by_hand, self._removed, self._generated = {}, set(), None
            self._changed()

    def restore(self) -> None:
        """Drops every change: the generated rooms and the initial ones, as at the beginning."""
        with self._lock:
            self._by_hand = dict(self._initial)
            self._show_all()
            self.touched = False

    def saved(self) -> SavedRooms:
        """The changes so far, for `put_back`."""
        with self._lock:
            generated = self._generated is not None
            return SavedRooms(
                by_hand=dict(self._by_hand), removed=frozenset(self._removed), generated=generated
            )

    def put_back(self, saved: SavedRooms) -> None:
        """These changes in place of those there are."""
        with self._lock:
            self._by_hand, self._removed = dict(saved.by_hand), set(saved.removed)
            if saved.generated != (self._generated is not None):
                self._generated = self._from_source() if saved.generated else None
            self._changed()

    def generate(self, source: Source | None) -> None:
        """Shows the generated rooms of a source (None: none), removed ones too.

        Rooms by hand stay; one that has the id of a generated room stands in its place.
        """
        with self._lock:
            self._source = source
            self._show_all()

    def replace_source(self, source: Source) -> None:
        """Takes generated rooms from another source of the same references. Changes by hand stay."""
        with self._lock:
            self._source = source
            if self._generated is not None:
                self._generated = self._from_source()
            self._changed()

    def replace_initial(self, rooms: Iterable[Room]) -> None:
        """Makes the initial rooms anew, of the same ids in the same order. Those changed or deleted stay so."""
        with self._lock:
            for room, (room_id, old) in zip(rooms, list(self._initial.items()), strict=True):
                new = self._made_by_hand(room)
                new.ref = old.ref  # among equal seconds it keeps its place
                if self._by_hand.get(room_id) is old:
                    self._by_hand[room_id] = new
                self._initial[room_id] = new
            self._changed()

    # --- beyond this process ---

    def json_of(self, saved: SavedRooms) -> Any:
        """Changes as JSON; initial rooms that stand as they were by their id alone."""
        by_hand = [
            [room_id, None if self._initial.get(room_id) is row else written(row)]
            for room_id, row in saved.by_hand.items()
        ]
        return [by_hand, sorted(saved.removed), saved.generated]

    def from_json(self, dumped: Any) -> SavedRooms:
        """The changes that `json_of` was given by a store with the same initial rooms."""
        by_hand, removed, generated = dumped
        rows = {room_id: self._initial[room_id] if kept is None else read(kept) for room_id, kept in by_hand}
        return SavedRooms(by_hand=rows, removed=frozenset(removed), generated=generated)

    def dump(self) -> Any:
        """All that tells it from what it was at the beginning, as JSON."""
        with self._lock:
            following = next(self._next_ref)
            self._next_ref = counter(following)
            return [self.json_of(self.saved()), following, self._version, self.touched]

    def take_up(self, dumped: Any) -> None:
        """Has what was dumped in place of what was changed; source and initial rooms are as they were then."""
        with self._lock:
            changes, following, version, touched = dumped
            self.put_back(self.from_json(changes))
            self._next_ref = counter(following)
            self._version, self.touched = version, touched

    # --- inside; with the lock held, but for _text and _room ---

    def _from_source(self) -> Generated | None:
        source = self._source
        return Generated(source, bulk_from=self._bulk_from) if source and source.shown else None

    def _show_all(self) -> None:
        """Generated rooms as the source has them, but for those whose id a room by hand has."""
        self._generated, self._removed = self._from_source(), set()
        if self._generated is not None:
            found = map(self._generated.find, self._by_hand)
            self._removed = {line.ref for line in found if line is not None}
        self._changed()

    def _changed(self) -> None:
        self._version += 1
        self._snapshot = _STALE
        self.touched = True

    def _made_by_hand(self, room: Room, old: Row | None = None, given: Container[str] = ()) -> Row:
        return row_of(room, next(self._next_ref), old, given)

    def _forget(self, room_id: str, row: Row) -> None:
        if row.ref >= BY_HAND:
            del self._by_hand[room_id]
        else:
            self._removed.add(row.ref)

    def _text(self, row: Row) -> bytes:
        """A row's room as JSON, made when first shown. Two threads may both make it; it is the same text."""
        text = row.text
        if text is None:
            text = row.text = encoded(self._room(row))
        return text

    def _room(self, row: Row) -> Room:
        if row.text is not None:
            room: Room = orjson.loads(row.text)
            return room
        assert self._source is not None  # noqa: S101 - only generated rows come without text
        return room_of(self._source, row)

    def _taken(self, room_id: str) -> bool:
        """Whether a room by hand, or a generated one of any time that was not removed, has the id."""
        if room_id in self._by_hand:
            return True
        found = self._generated.find(room_id) if self._generated is not None else None
        return found is not None and found.ref not in self._removed

    def _row(self, room_id: str, now: int) -> Row:
        """The visible row of an id. Raises UnknownRoomError."""
        row = self._by_hand.get(room_id)
        if row is None and self._generated is not None:
            row = self._generated.row(room_id, now, without=self._removed)
        if row is None:
            raise UnknownRoomError("id", received=said(room_id), allowed="the id of a visible room")
        return row

    def _at(self, now: int) -> _Snapshot:
        """The snapshot of `now`, made if need be."""
        with self._lock:
            if not self._snapshot.since <= now < self._snapshot.until:
                self._snapshot = _STALE  # lets go of columns that are to be replaced
                self._snapshot = self._make(now)
                if self._warm is not None and self._generated is not None:
                    self._warm.holds(self, self._generated.weight)
            return self._snapshot

    def _make(self, now: int) -> _Snapshot:
        if self._generated is None:
            return _Snapshot(since=-_FOREVER, until=_FOREVER, engine=self._table(self._with_by_hand([])))
        shown = self._generated.at(now)
        removed = self._removed
        if removed or self._by_hand:
            table = self._table(self._with_by_hand([row for row in shown.rows if row.ref not in removed]))
        else:
            table = self._table(shown.rows, shown.by_completion)
        engine: Engine = table
        if shown.base is not None:
            from .merged import Merged  # here: only where there are very many rooms

            engine = Merged(shown.base, shown.first, table, removed, self._texts)
        return _Snapshot(since=shown.since, until=shown.until, engine=engine)

    def _table(self, rows: list[Row], by_completion: list[Row] | None = None) -> Rows:
        return Rows(rows, by_completion, self._texts, self._source.ranks if self._source else None)

    def _id(self, row: Row) -> str:
        """The id of a row's room, without writing the room where it is a generated one."""
        if row.text is None and self._source is not None:
            return self._source.id_of(row.ref, row.registered)
        return str(self._room(row)["id"])

    def _with_by_hand(self, rows: list[Row]) -> list[Row]:
        if not self._by_hand:
            return rows
        return sorted([*rows, *self._by_hand.values()], key=BY_PLACE)


def _taken(room_id: str) -> DuplicateRoomError:
    allowed = "an id that no room of the tenant has"
    return DuplicateRoomError("id", received=said(room_id), allowed=allowed)
