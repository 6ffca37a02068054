"""All that was seen in a run, arranged for judging.

A *reading* is a whole unfiltered list, page by page. Two equal readings of one window bracket what was
asked between them: nothing moved there, so every other answer over that window can be predicted exactly.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import orjson

from happytalk_contract.core.model import SEOUL, Exchange, Window, within
from happytalk_contract.core.room_fields import NAMES
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import MessagesView, RoomsView, messages_view, rooms_view

#: Around midnight in Seoul neither clock is trusted, by this much.
MIDNIGHT_MARGIN: Final = timedelta(seconds=3)

#: Parameters of a plain question for a window.
PLAIN: Final = frozenset({"sdate", "edate", "limit", "page"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One whole list of one window, unfiltered, as its pages showed it."""

    window: Window
    limit: int
    views: tuple[RoomsView, ...]  #: pages 1, 2, 3 … to the last
    contents: frozenset[int]  #: interned room contents
    rooms: dict[Any, dict[str, Any]]  #: by id
    content_of: dict[Any, int]  #: interned room contents, by id
    is_whole: bool  #: no room twice, as many as every page's total_count says

    @property
    def first(self) -> int:
        """Number of its first exchange."""
        return self.views[0].number

    @property
    def last(self) -> int:
        """Number of its last exchange."""
        return self.views[-1].number


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a view may be compared with."""

    reading: Reading
    is_calm: bool  #: bracketed by two equal readings: nothing moved in between


class Evidence:
    """The exchanges of a run, read; grows while the run goes on."""

    def __init__(self, exchanges: Iterable[Exchange] = ()) -> None:
        """Read what is there already."""
        self.rooms: list[RoomsView] = []
        self.messages: list[MessagesView] = []
        self.readings: list[Reading] = []  #: all whole lists that were asked for plainly, by their last page
        self.by_request: dict[Any, list[RoomsView]] = defaultdict(list)  #: by what was asked, word for word
        self.concluded: dict[str, Any] = {}  #: what rules share, kept until the next exchange
        self.known: dict[Any, Any] = {}  #: what rules concluded of exchanges that can not change any more
        self._chains: dict[Any, list[RoomsView]] = {}
        self._by_window: dict[tuple[Window, int], list[Reading]] = {}
        self._contents: dict[int, tuple[int, ...]] = {}
        self._interned: dict[bytes, int] = {}
        self._more: set[frozenset[str]] = {frozenset()}
        self._samples: list[tuple[RoomsView, int]] = []
        for exchange in exchanges:
            self.add(exchange)

    def add(self, exchange: Exchange) -> RoomsView | MessagesView:
        """Read one more exchange; what was concluded so far is concluded anew when asked for."""
        self.concluded.clear()
        if exchange.request.endpoint == "rooms":
            view = rooms_view(exchange)
            self.rooms.append(view)
            self.by_request[key(exchange.request)].append(view)
            self._contents[view.number] = tuple(
                self._intern(view, index, room) for index, room in enumerate(view.rooms)
            )
            self._read(view)
            return view
        seen = messages_view(exchange)
        self.messages.append(seen)
        return seen

    def _intern(self, view: RoomsView, index: int, room: dict[str, Any]) -> int:
        """A number that stands for the room's whole content, fields beyond the dictionary aside."""
        fields = frozenset(room.keys() - NAMES)
        content = orjson.dumps(_documented(room) if fields else room, option=orjson.OPT_SORT_KEYS)
        if content not in self._interned or fields not in self._more:
            self._interned.setdefault(content, len(self._interned))
            self._more.add(fields)
            self._samples.append((view, index))
        return self._interned[content]

    def contents(self, view: RoomsView) -> tuple[int, ...]:
        """A number for each listed room that stands for its whole content."""
        return self._contents[view.number]

    def distinct_rooms(self) -> Iterator[tuple[RoomsView, int, dict[str, Any]]]:
        """Every room content that was seen, once, with where it was seen first."""
        for view, index in self._samples:
            yield view, index, view.rooms[index]

    # -- time ------------------------------------------------------------------------------------------

    @staticmethod
    def today(view: RoomsView) -> date | None:
        """The day in Seoul when `view` was answered; None too close to midnight or where clocks differ."""
        started = datetime.fromtimestamp(view.exchange.started, UTC)
        took = timedelta(seconds=view.exchange.response.seconds if view.exchange.response else 0)
        moments = [started - MIDNIGHT_MARGIN, started + took + MIDNIGHT_MARGIN]
        answered = _date_header(view.exchange)
        # An hour off or more is a clock set on purpose (a mock's), not one that goes wrong.
        if answered is not None and abs(answered - started) < timedelta(hours=1):
            moments.append(answered)
        days = {moment.astimezone(SEOUL).date() for moment in moments}
        return days.pop() if len(days) == 1 else None

    def window(self, view: RoomsView) -> Window | None:
        """The days that `view` asked for, today resolved."""
        return view.window(self.today(view))

    # -- readings --------------------------------------------------------------------------------------

    def _read(self, view: RoomsView) -> None:
        """Put the pages of plain questions together: those of sdate, edate, limit and page alone.

        What other ways of asking show is judged by these.
        """
        means = view.meaning
        if means is None or not means.is_plain or not view.is_list or not view.params:
            return
        if means.first is None or means.last is None or view.params.keys() - PLAIN:
            return
        group = ((means.first, means.last), means.limit)
        if means.page == 1:
            self._chains[group] = [view]
        elif group in self._chains and means.page == len(self._chains[group]) + 1:
            self._chains[group].append(view)
        else:
            return
        if means.limit * len(self._chains[group]) >= (view.total or 0):
            self._keep(self._reading(*group, self._chains.pop(group)))

    def _keep(self, reading: Reading) -> None:
        """Keep a reading; those of the largest pages are looked at first."""
        self.readings.append(reading)
        if reading.is_whole:
            self._by_window.setdefault((reading.window, reading.limit), []).append(reading)
            self._by_window = dict(sorted(self._by_window.items(), key=lambda item: -item[0][1]))

    def _reading(self, window: Window, limit: int, chain: list[RoomsView]) -> Reading:
        rooms = [room for view in chain for room in view.rooms]
        by_id = {room.get("id"): room for room in rooms if isinstance(room.get("id"), str)}
        return Reading(
            window=window,
            limit=limit,
            views=tuple(chain),
            contents=frozenset(content for view in chain for content in self.contents(view)),
            rooms=by_id,
            content_of={
                room_id: content
                for view in chain
                for room_id, content in zip(view.ids, self.contents(view), strict=True)
            },
            is_whole=len(by_id) == len(rooms) and {view.total for view in chain} == {len(rooms)},
        )

    def calm_between(self, window: Window, first: int, last: int) -> Reading | None:
        """A reading that covers `window` and stood unchanged from exchange `first` to `last`."""
        for (covered, _limit), readings in self._by_window.items():
            if not within(window, covered):
                continue
            before = None
            for reading in readings:
                if reading.last <= first:
                    before = reading
                elif before is not None:
                    if reading.contents != before.contents:
                        break
                    if reading.first >= last:
                        return before
        return None

    def basis(self, view: RoomsView, window: Window) -> Basis | None:
        """What `view` can be compared with: a calm reading if there is one, else the nearest."""
        calm = self.calm_between(window, view.number, view.number)
        if calm is not None:
            return Basis(reading=calm, is_calm=True)
        nearest = min(
            (
                reading
                for (covered, _limit), readings in self._by_window.items()
                if within(window, covered)
                for reading in readings
            ),
            key=lambda reading: min(abs(reading.last - view.number), abs(reading.first - view.number)),
            default=None,
        )
        return None if nearest is None else Basis(reading=nearest, is_calm=False)

    @property
    def is_moving(self) -> bool:
        """Whether any window was read twice and was not the same."""
        return any(
            len({reading.contents for reading in readings}) > 1 for readings in self._by_window.values()
        )


def _documented(room: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in room.items() if name in NAMES}


def _date_header(exchange: Exchange) -> datetime | None:
    value = exchange.response.headers.get("date") if exchange.response else None
    try:
        answered = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return answered if answered is None or answered.tzinfo else answered.replace(tzinfo=UTC)
