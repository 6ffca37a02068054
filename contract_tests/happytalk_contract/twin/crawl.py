"""Reads an account's rooms within a budget: ranges where they are allowed, days where they are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from happytalk_contract.core.events import PhaseStarted
from happytalk_contract.core.model import Window
from happytalk_contract.engine.scout import ranged
from happytalk_contract.engine.session import Desk
from happytalk_contract.engine.today import EARLIEST, todays_day
from happytalk_contract.evidence.views import RoomsView, registered_on
from happytalk_contract.questions.meaning import DEFAULTS, MOST_PER_PAGE, SORT_KEYS, STATUSES, as_day
from happytalk_contract.rules.rooms.relations import OVER_DATE
from happytalk_contract.twin.ties import ENOUGH, SeenList, Ties, crossing, learnt, pages_of_ties
from happytalk_contract.twin.world import Room, World

#: Kept back for the questions that follow.
KEPT_BACK: Final = 170
#: How often a list is read anew that moves while it is read.
_READINGS: Final = 3
#: Days that are read anew at the end.
_DAYS_ANEW: Final = 5
#: Kept back for the reading anew.
_LAST: Final = 10
#: Limits that people use beside the largest one, the default first.
USUAL_LIMITS: Final = (DEFAULTS["limit"], 20, 30)


@dataclass(slots=True, kw_only=True)
class Crawled:
    """What was read of an account."""

    window: Window
    today: date
    longest: int | None  #: days that a period may have; None: as many as were asked for
    ties: Ties = field(default_factory=lambda: Ties(rooms=()))
    beside: dict[str, Ties] = field(
        default_factory=dict
    )  #: by `status=2` or `limit=20`, where they hang on it
    requests: int = 0
    moved: set[date] = field(default_factory=set)  #: days that changed while they were read
    notes: list[str] = field(default_factory=list)

    @property
    def world(self) -> World:
        """The rooms in any order."""
        return World(self.ties.rooms, self.window, self.today, exact=self.ties.is_consistent)


class Crawler:
    """Reads lists through a desk."""

    def __init__(self, desk: Desk, days: int) -> None:
        """`days`: so many, today included."""
        self._desk, self._days = desk, days
        self._lists: list[SeenList] = []
        self._by_day = False

    def crawl(self) -> Crawled:
        """Read the days, in as many orders as ties need. Raises `AskingEnds`."""
        desk, began = self._desk, self._desk.control.sent
        desk.tell(PhaseStarted, "reading the rooms")
        current = desk.kept(desk.today_question()) or desk.rooms({}, "what today holds")
        today = todays_day(desk, current)
        window = (today - timedelta(days=self._days - 1), today)
        first = desk.rooms({**ranged(window), "limit": 50}, f"what the last {self._days} days hold")
        longest = self._longest(window) if _is_over(first) else None
        self._by_day = not first.is_list and longest is None
        crawled = Crawled(window=window, today=today, longest=longest)
        if first.is_list and not first.total:
            window = crawled.window = self._older(window, today) or window
            first = desk.rooms({**ranged(window), "limit": 50}, "what the days of the newest room hold")
        crawled.window = self._fitting(crawled, first)
        self._read_orders(crawled)
        crawled.requests = desk.control.sent - began
        return crawled

    def refresh(self, crawled: Crawled) -> None:
        """Read the first page again, and anew the days that moved since."""
        params = {**ranged(crawled.window), "limit": 50}
        before = self._desk.kept(self._desk.question(params))
        again = self._desk.rooms(params, "the first page again")
        if before is None or not again.is_list or before.contents == again.contents:
            return
        known = dict(zip(before.ids, before.contents, strict=True))
        moved = {
            as_day(registered_on(room))
            for room, one, content in zip(again.rooms, again.ids, again.contents, strict=True)
            if known.get(one) != content
        }
        for day in sorted({day for day in moved if day is not None} | {crawled.today})[-_DAYS_ANEW:]:
            rooms, _is_still = self._pages((day, day), {}, anew=True)
            crawled.moved.add(day)
            crawled.ties = crawled.ties.with_day(day.isoformat(), rooms)

    def _older(self, window: Window, today: date) -> Window | None:
        """The days up to the newest room, where the last ones hold none; None where none is found."""
        view = self._desk.rooms(
            {**ranged((EARLIEST, window[0])), "limit": 1}, "the newest room before the days asked for"
        )
        newest = as_day(registered_on(view.rooms[0])) if view.is_list and view.rooms else None
        if newest is None:
            return None
        return newest - timedelta(days=self._days - 1), today

    def _longest(self, window: Window) -> int:
        """How many days a period may have, by halving; the whole window is too long."""
        least, most = 1, (window[1] - window[0]).days + 1
        while most - least > 1:
            length = (most + least) // 2
            span = (window[1] - timedelta(days=length - 1), window[1])
            view = self._desk.rooms({**ranged(span), "limit": 1}, "how long a period may be")
            least, most = (least, length) if _is_over(view) else (length, most)
        return least

    def find_period(self, crawled: Crawled) -> None:
        """The longest period beyond the days that were read: one that is beyond all, and halves where it is refused."""
        window = (EARLIEST, crawled.today)
        if _is_over(self._desk.rooms({**ranged(window), "limit": 1}, "the longest period there can be")):
            self._longest(window)

    def _fitting(self, crawled: Crawled, first: RoomsView) -> Window:
        """The newest days whose rooms can be read twice within the budget."""
        window, pages = crawled.window, -(-(first.total or 0) // 50)
        may = max(6, (self._desk.left - KEPT_BACK) // 2)
        if pages <= may:
            return window
        days = max(1, self._days * may // pages)
        crawled.notes.append(
            f"only the newest {days} of {self._days} days were read: {first.total} rooms take more requests; "
            "raise --max-requests"
        )
        return window[1] - timedelta(days=days - 1), window[1]

    def _read_orders(self, crawled: Crawled) -> None:
        """All rooms by registration; the other orders as far as ties stand in them."""
        rooms = self._read(crawled, "reg_date", True)
        crawled.ties = learnt(self._lists)
        if crossing(rooms, "reg_date"):
            self._one_page(crawled, "reg_date", False)
        if crossing(rooms, "complate_date"):
            self._one_page(crawled, "complate_date", False)
            ties = crawled.ties = learnt(self._lists)
            is_simple = ties.is_consistent and ties.orders and "insertion" not in ties.orders
            if not is_simple or ties.pairs < ENOUGH:
                self._read(crawled, "complate_date", False)
            self._one_page(crawled, "complate_date", True)
        crawled.ties = learnt(self._lists)

    def read_filtered(self, crawled: Crawled) -> str:
        """The order of ties under each status, as far as there are ties and requests. Tells which were not read."""
        unread = []
        for status in STATUSES:
            rooms = [room for room in crawled.ties.rooms if str(room.get("status")) == str(status)]
            tied = [key for key in SORT_KEYS if crossing(rooms, key)]
            pages = sum(1 for _ in self._windows(crawled)) + len(rooms) // MOST_PER_PAGE
            if not tied:
                continue
            if self._desk.left - _LAST < (len(tied) + 1) * pages:
                unread.append(str(status))
                continue
            self._lists = []
            for key in tied:
                self._read(crawled, key, False, status)
            self._page_of(next(self._windows(crawled)), tied[-1], True, {"status": status})
            crawled.beside[f"status={status}"] = learnt(self._lists, crawled.ties.directions)
        rest = f"; under {', '.join(unread)} it is a guess: --max-requests asks for more" if unread else ""
        return f"ties stand otherwise under each status{rest}"

    def read_limited(self, crawled: Crawled, limits: tuple[int, ...]) -> str:
        """The order of ties under some limits, then all others: the pages that hold ties, as far back as may be.

        Tells which ones were read.
        """
        read = {MOST_PER_PAGE: crawled.window[0]}
        if self._by_day or crawled.longest is not None:
            return _known(read)
        for limit in dict.fromkeys((*(set(limits) - read.keys()), *range(MOST_PER_PAGE - 1, 0, -1))):
            for window in _newest(crawled.window):
                rooms = [crawled.ties.rooms[at] for at in crawled.world.within(window, None)]
                pages = [(key, page) for key in SORT_KEYS for page in pages_of_ties(rooms, key, limit)]
                if len(pages) < self._desk.left - _LAST:
                    break
            else:
                return _known(read)
            self._lists = []
            self._page_of(window, SORT_KEYS[-1], False, {"limit": limit})
            for key, page in pages:
                follows = (key, page - 1) in pages
                self._page_of(window, key, True, {"limit": limit, "page": page}, follows=follows)
            crawled.beside[f"limit={limit}"] = learnt(self._lists, crawled.ties.directions)
            read[limit] = window[0]
        return _known(read)

    def _windows(self, crawled: Crawled) -> Iterator[Window]:
        """The parts in which the days can be asked for, the newest first."""
        first, last = crawled.window
        size = 1 if self._by_day else crawled.longest or (last - first).days + 1
        while last >= first:
            start = max(first, last - timedelta(days=size - 1))
            yield start, last
            last = start - timedelta(days=1)

    def _asking(self, window: Window) -> dict[str, Any]:
        return {"ndate": window[0].isoformat()} if self._by_day else ranged(window)

    def _read(self, crawled: Crawled, key: str, falling: bool, status: int | None = None) -> list[Room]:
        """Every window whole in one order."""
        found: list[Room] = []
        sort: dict[str, Any] = {} if (key, falling) == ("reg_date", True) else {"sort_key": key}
        sort |= {} if status is None else {"status": status}
        if not falling:
            sort["sort_value"] = "asc"
        for window in self._windows(crawled):
            for reading in range(_READINGS):
                rooms, is_still = self._pages(window, sort, anew=reading > 0)
                if is_still:
                    break
                crawled.moved.update(_days_of(window))
            self._lists.append(SeenList(key=key, falling=falling, rooms=tuple(rooms)))
            found += rooms
        return found

    def _pages(self, window: Window, sort: dict[str, Any], *, anew: bool) -> tuple[list[Room], bool]:
        """All pages, each room once; and whether nothing moved while they were read."""
        found: dict[Any, Room] = {}
        totals: set[int | None] = set()
        page, listed = 1, 0
        while True:
            params = {**self._asking(window), "limit": 50, **sort, **({"page": page} if page > 1 else {})}
            kept = None if anew else self._desk.kept(self._desk.question(params))
            why = f"all of {window[0]} to {window[1]}, page {page}"
            view = kept if kept is not None and kept.is_list else self._desk.rooms(params, why)
            if not view.is_list:  # past the last page that may be a failure
                return list(found.values()), page > 1 and len(totals) == 1
            known = len(found)
            found |= {room.get("id"): room for room in view.rooms}
            totals.add(view.total)
            listed += len(view.rooms)
            # A full page may have another behind it, whatever total_count says; one of known rooms has none.
            if len(view.rooms) < MOST_PER_PAGE or len(found) == known:
                return list(found.values()), len(totals) == 1 and len(found) == listed
            page += 1

    def _one_page(self, crawled: Crawled, key: str, falling: bool) -> None:
        """A page of another order that has many ties in it: that of a day, or of all days where no day has."""
        window = _most_ties(crawled, key)
        if self._by_day or crawled.longest is not None:
            window = (window[1], window[1])
        self._page_of(window, key, falling, {})

    def _page_of(
        self, window: Window, key: str, falling: bool, beside: dict[str, Any], *, follows: bool = False
    ) -> None:
        """A page of another order; `follows`: the page before it is the last that was read."""
        params = {**self._asking(window), "limit": MOST_PER_PAGE, "sort_key": key, **beside}
        params["sort_value"] = "desc" if falling else "asc"
        view = self._desk.rooms(params, f"ties by {key}")
        before = self._lists.pop().rooms if follows else ()
        rooms = (*before, *view.rooms) if view.is_list else ()
        self._lists.append(SeenList(key=key, falling=falling, rooms=rooms))


def _most_ties(crawled: Crawled, key: str) -> Window:
    """The day with most ties, as far as a page shows them; the whole window where no day has any."""
    days: dict[date, list[Room]] = {}
    for room in crawled.ties.rooms:
        if (day := as_day(registered_on(room))) is not None:
            days.setdefault(day, []).append(room)
    ties = {day: crossing(rooms[:MOST_PER_PAGE], key) for day, rooms in days.items()}
    best = max(ties, key=lambda day: ties[day], default=crawled.today)
    return (best, best) if ties.get(best) else crawled.window


def _known(read: dict[int, date]) -> str:
    """Under which limits the order of ties is known."""
    whole = min(read.values())
    told = ", ".join(f"{limit}" + (f" (from {day} on)" if day > whole else "") for limit, day in read.items())
    rest = "; under others it is a guess: --limits asks for those that you use, --max-requests for more"
    return (
        f"ties stand otherwise under each limit; learnt for {told}{rest if len(read) < MOST_PER_PAGE else ''}"
    )


def _newest(window: Window) -> Iterator[Window]:
    """The last days of some, ever fewer; a week at least."""
    for offset in range((window[1] - window[0]).days - 5):
        yield window[0] + timedelta(days=offset), window[1]


def _days_of(window: Window) -> Iterator[date]:
    for offset in range((window[1] - window[0]).days + 1):
        yield window[0] + timedelta(days=offset)


def _is_over(view: RoomsView) -> bool:
    return view.kind == "failure" and view.body.get("code") == OVER_DATE
