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
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

import orjson

from happytalk_contract.model import Exchange
from happytalk_contract.recording import key
from happytalk_contract.room_fields import NAMES
from happytalk_contract.views import MessagesView, RoomsView, messages_view, rooms_view

SEOUL: Final = ZoneInfo("Asia/Seoul")
#: Around midnight in Seoul neither clock is trusted, by this much.
MIDNIGHT_MARGIN: Final = timedelta(seconds=3)

#: Parameters of a plain question for a window.
PLAIN: Final = frozenset({"sdate", "edate", "limit", "page"})

Window = tuple[date, date]


def within(inner: Window, outer: Window) -> bool:
    """Whether all days of `inner` are days of `outer`."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One whole list of one window, unfiltered, as its pages showed it."""

    window: Window
    limit: int
    views: tuple[RoomsView, ...]  #: pages 1, 2, 3 … to the last
    contents: frozenset[int]  #: interned room contents
    rooms: dict[Any, dict[str, Any]]  #: by id
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
        self.concluded: dict[str, Any] = {}  #: what rules share, kept until the next exchange
        self._interned: dict[bytes, int] = {}
        self._more: set[frozenset[str]] = {frozenset()}
        self._samples: list[tuple[RoomsView, int]] = []
        for exchange in exchanges:
            self.add(exchange)

    def add(self, exchange: Exchange) -> RoomsView | MessagesView:
        """Read one more exchange; what was concluded so far is concluded anew when asked for."""
        for name in ("readings", "by_request", "_by_window"):
            self.__dict__.pop(name, None)
        self.concluded.clear()
        if exchange.request.endpoint == "rooms":
            view = rooms_view(exchange)
            self.rooms.append(view)
            for index, room in enumerate(view.rooms):
                self._intern(view, index, room)
            return view
        seen = messages_view(exchange)
        self.messages.append(seen)
        return seen

    def _intern(self, view: RoomsView, index: int, room: dict[str, Any]) -> None:
        more = room.keys() - NAMES
        content, fields = _documented(room), frozenset(more)
        if content not in self._interned or fields not in self._more:
            self._interned.setdefault(content, len(self._interned))
            self._more.add(fields)
            self._samples.append((view, index))

    def content(self, room: dict[str, Any]) -> int:
        """A number that stands for the room's whole content, fields beyond the dictionary aside."""
        return self._interned[_documented(room)]

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

    @cached_property
    def readings(self) -> list[Reading]:
        """All whole lists that were asked for plainly, in the order of their last page.

        Plainly: sdate, edate, limit and page alone. What other ways of asking show is judged by these.
        """
        found = []
        chains: dict[Any, list[RoomsView]] = {}
        for view in self.rooms:
            means = view.meaning
            if means is None or not means.is_plain or not view.is_list or not view.params:
                continue
            if means.first is None or means.last is None or view.params.keys() - PLAIN:
                continue
            window = (means.first, means.last)
            group = (window, means.limit)
            if means.page == 1:
                chains[group] = [view]
            elif group in chains and means.page == len(chains[group]) + 1:
                chains[group].append(view)
            else:
                continue
            chain = chains[group]
            if means.limit * len(chain) >= (view.total or 0):
                found.append(self._reading(window, means.limit, chain))
                del chains[group]
        return found

    def _reading(self, window: Window, limit: int, chain: list[RoomsView]) -> Reading:
        rooms = [room for view in chain for room in view.rooms]
        by_id = {room.get("id"): room for room in rooms if isinstance(room.get("id"), str)}
        return Reading(
            window=window,
            limit=limit,
            views=tuple(chain),
            contents=frozenset(self.content(room) for room in rooms),
            rooms=by_id,
            is_whole=len(by_id) == len(rooms) and {view.total for view in chain} == {len(rooms)},
        )

    @cached_property
    def _by_window(self) -> dict[tuple[Window, int], list[Reading]]:
        """Whole readings by window and limit, those of the largest pages first."""
        found: dict[tuple[Window, int], list[Reading]] = defaultdict(list)
        for reading in sorted(self.readings, key=lambda reading: -reading.limit):
            if reading.is_whole:
                found[reading.window, reading.limit].append(reading)
        return found

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

    # -- repetition ------------------------------------------------------------------------------------

    @cached_property
    def by_request(self) -> dict[Any, list[RoomsView]]:
        """Room views by what was asked, word for word."""
        found: dict[Any, list[RoomsView]] = defaultdict(list)
        for view in self.rooms:
            found[key(view.exchange.request)].append(view)
        return found


def _documented(room: dict[str, Any]) -> bytes:
    if room.keys() - NAMES:
        room = {name: value for name, value in room.items() if name in NAMES}
    return orjson.dumps(room, option=orjson.OPT_SORT_KEYS)


def _date_header(exchange: Exchange) -> datetime | None:
    value = exchange.response.headers.get("date") if exchange.response else None
    try:
        answered = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return answered if answered is None or answered.tzinfo else answered.replace(tzinfo=UTC)
