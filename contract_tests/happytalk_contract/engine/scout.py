"""Where the account has data: found with few requests, so that questions are aimed and not scattered.

The outcome is a window of past days, small enough to be read whole, with a month's end in it if there is
one, and the rooms in it. Past days stand still more often than today does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from happytalk_contract.core.model import Window, within
from happytalk_contract.engine.session import Desk
from happytalk_contract.engine.today import EARLIEST, todays_day
from happytalk_contract.evidence.readings import Reading
from happytalk_contract.evidence.views import RoomsView, registered_on
from happytalk_contract.questions.meaning import as_day
from happytalk_contract.rules.rooms.relations import OVER_DATE

#: Spans tried one after the other, in days, until one is not refused as too long.
SPANS: Final = (31, 7, 1)
#: Where an account without recent rooms is looked into, in days.
LONG_SPANS: Final = (366, 4500)
#: What part of the requests goes into looking back in steps, where the account shows nothing else.
LOOKING_BACK: Final = 4
#: How many days are looked into one by one where no range holds a room.
DAYS_BACK: Final = 7
#: From how many rooms seen on a day on it is worth reading whole.
BUSY: Final = 40
#: Most pages that reading the window whole may cost, and how many are enough.
MOST_PAGES: Final = 8
ENOUGH_PAGES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What was found out about where the rooms are."""

    window: Window  #: read whole
    span: Window  #: the longest range known to be answered
    rooms: tuple[dict[str, Any], ...]  #: of the window, and of other days that were read whole
    has_today: bool
    total: int = 0  #: rooms of the span
    busy: date | None = None  #: the busiest day that was found; read whole too
    days: dict[date, int] = field(default_factory=dict)  #: rooms on each day that was read
    _counts: dict[Window, Counter[str]] = field(default_factory=dict)  #: how many rooms of each status

    def inside(self, window: Window) -> list[dict[str, Any]]:
        """The rooms that were registered in `window`, as far as it was read."""
        first, last = (day.isoformat() for day in window)
        return [room for room in self.rooms if first <= registered_on(room) <= last]

    def count(self, window: Window, status: int = 99) -> int:
        """How many rooms of a status were registered in `window`, as far as it was read."""
        if window not in self._counts:
            self._counts[window] = Counter(str(room.get("status")) for room in self.inside(window))
        statuses = self._counts[window]
        return statuses.total() if status == 99 else statuses[str(status)]

    def is_read(self, window: Window) -> bool:
        """Whether all rooms of `window` are known."""
        return within(window, self.window) or (window[0] == window[1] and window[0] in self.days)

    def expected(self, window: Window, status: int = 99) -> int:
        """How many rooms of a status `window` should hold: as read, else as many as the days that were read have."""
        if self.is_read(window):
            return self.count(window, status)
        part, whole = ((days[1] - days[0]).days + 1 for days in (window, self.span))
        return (
            self.total * part * self.count(self.window, status) // (whole * max(1, self.count(self.window)))
        )

    def with_day(self, day: date, reading: Reading) -> Account:
        """The same with a day more that was read whole."""
        known = {room["id"]: room for room in (*self.rooms, *reading.rooms.values())}
        return replace(
            self, rooms=tuple(known.values()), days={**self.days, day: len(reading.rooms)}, _counts={}
        )

    def best(self) -> date | None:
        """The busiest day of the window that fits one page of 50, else the quietest one with rooms."""
        inside = {day: rooms for day, rooms in self.days.items() if within((day, day), self.window)}
        fitting = {day: rooms for day, rooms in inside.items() if rooms <= 50}
        return max(
            fitting or inside, key=lambda day: (fitting or inside)[day] * (1 if fitting else -1), default=None
        )

    def crossed(self) -> date | None:
        """The day of the window with most rooms that ended on a later one; of one page, if there is such a day."""
        later = Counter(
            registered_on(room)
            for room in self.inside(self.window)
            if registered_on(room) < str(room.get("complate_date"))[:10]
        )
        days = [day for text, _rooms in later.most_common() if (day := as_day(text)) is not None]
        return next((day for day in days if self.days.get(day, 0) <= 50), next(iter(days), None))

    def month_ends(self) -> list[date]:
        """Last days of a month in the window whose next day is in it too."""
        first, last = self.window
        days = (first + timedelta(days=offset) for offset in range((last - first).days))
        return [day for day in days if (day + timedelta(days=1)).day == 1]


def ranged(window: Window) -> dict[str, Any]:
    """The parameters that ask for a window."""
    return {"sdate": window[0].isoformat(), "edate": window[1].isoformat()}


def scout(desk: Desk) -> Account | None:
    """Find the account's data; None where no room is seen."""
    current = desk.kept(desk.today_question()) or desk.rooms({}, "what today holds")
    if not current.is_list:
        current = desk.rooms({}, "what today holds, once more")
    today = todays_day(desk, current)
    span = _answered_span(desk, today, current)
    if span is None:
        return None
    view, window = span
    if not view.total:
        found = _look_back(desk, window, today) or _day_by_day(desk, today)
        if found is None:
            return None
        view, window = found
    chosen = _choose(view, window, today, desk.left)
    reading = read(desk, chosen)
    for _attempt in range(3):
        if reading is not None or chosen[0] == chosen[1]:
            break
        half = (chosen[1] - chosen[0]).days // 2
        chosen = (chosen[1] - timedelta(days=half), chosen[1])
        reading = read(desk, chosen)
    if reading is None:
        return None
    rooms = tuple(reading.rooms.values())
    days = Counter(registered_on(room) for room in rooms)
    account = Account(
        window=chosen,
        span=window,
        total=view.total or 0,
        rooms=rooms,
        has_today=bool(current.rooms),
        days={day: count for text, count in sorted(days.items()) if (day := as_day(text)) is not None},
    )
    if not account.has_today or within((today, today), chosen):
        return account
    now = read(desk, (today, today))
    return replace(account, has_today=False) if now is None else account.with_day(today, now)


def _answered_span(desk: Desk, today: date, current: RoomsView) -> tuple[RoomsView, Window] | None:
    """The longest usual span that is answered, ending today."""
    for days in SPANS:
        window = (today - timedelta(days=days - 1), today)
        view = desk.rooms({**ranged(window), "limit": 50}, f"what the last {days} days hold")
        if view.is_list and (view.total or not current.rooms or days == 1):
            return view, window
        if view.is_list:
            continue  # there are rooms today, so a range up to today that holds none is not to be trusted
        if not (view.kind == "failure" and view.body.get("code") == OVER_DATE):
            # Refused or broken for another reason: once more, then without the parameters of a page.
            for params in ({**ranged(window), "limit": 50}, ranged(window)):
                view = desk.rooms(params, f"what the last {days} days hold")
                if view.is_list:
                    return view, window
            return None
    return None


def _look_back(desk: Desk, window: Window, today: date) -> tuple[RoomsView, Window] | None:
    """Find older rooms: in a calendar month, in one long span if such is answered, else in steps back."""
    month = today.replace(day=1)
    before = ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1))
    for one in ((month, today), before):
        view = desk.rooms({**ranged(one), "limit": 50}, "what a calendar month holds")
        if view.is_list and view.total:
            return view, one
    for days in LONG_SPANS:
        longer = (today - timedelta(days=days), today)
        view = desk.rooms({**ranged(longer), "limit": 50}, f"what the last {days} days hold")
        if view.kind == "failure":
            break
        if view.total and view.rooms:
            newest = as_day(registered_on(view.rooms[0]))
            if newest is None:
                return None
            near = (max(longer[0], newest - timedelta(days=30)), newest)
            again = desk.rooms({**ranged(near), "limit": 50}, "what the days before the newest room hold")
            return (again, near) if again.is_list and again.total else None
    else:
        return None
    length = (window[1] - window[0]).days + 1
    # Longer ones are refused: one after the other, as many as may be spent.
    for step in range(1, desk.left // LOOKING_BACK):
        back = (window[0] - timedelta(days=length * step), window[1] - timedelta(days=length * step))
        if back[0] < EARLIEST:
            return None
        view = desk.rooms({**ranged(back), "limit": 50}, f"what {length} days around {back[1]} hold")
        if view.is_list and view.total:
            return view, back
    return None


def _day_by_day(desk: Desk, today: date) -> tuple[RoomsView, Window] | None:
    """Find a recent day with rooms by ndate, where no range holds any: ranges may be what is broken."""
    for back in range(1, DAYS_BACK + 1):
        day = today - timedelta(days=back)
        view = desk.rooms({"ndate": day.isoformat(), "limit": 50}, "what one day holds")
        if view.is_list and view.total:
            return view, (day, day)
    return None


def busiest(desk: Desk, account: Account) -> Account:
    """Read a past day with about a page of rooms or more, if the answers so far show one."""
    shown = Counter(registered_on(room.item) for room in desk.evidence.distinct_rooms)
    past = (account.span[0], min(account.span[1], desk.today() - timedelta(days=1)))
    for text, rooms in shown.most_common(3):
        day = as_day(text)
        if rooms < BUSY or day is None or not within((day, day), past):
            continue
        if day in account.days:
            return replace(account, busy=day)
        known = (one for one in desk.evidence.readings if one.window == (day, day) and one.is_whole)
        reading = next(known, None) or read(desk, (day, day))
        if reading is None:
            return account
        _beside(desk, day)
        return replace(account.with_day(day, reading), busy=day)
    return account


def _beside(desk: Desk, day: date) -> None:
    """A busy day and the next as a range, and the next alone: a range is the sum of its days."""
    after = day + timedelta(days=1)
    desk.rooms(ranged((day, after)), "a busy day and the next")
    desk.rooms(ranged((after, after)), "the day after a busy one")


def longer(desk: Desk, account: Account) -> None:
    """A range three times as long, and the part that comes before: sums must agree, if it is answered."""
    whole = (account.span[0] - timedelta(days=61), account.span[1])
    view = desk.rooms({**ranged(whole), "limit": 50}, "a range of three months")
    if not view.is_list:
        return
    before = (whole[0], account.span[0] - timedelta(days=1))
    desk.rooms({**ranged(before), "limit": 50}, "the part before")
    pages = -(-(view.total or 0) // 50)
    if pages > 1:
        view = desk.rooms({**ranged(whole), "limit": 50, "page": pages}, "the last page of three months")
    oldest = as_day(registered_on(view.rooms[-1])) if view.rooms else None
    if oldest is not None:  # where ranges reach back no further than that, all of them lack what comes before
        day = max(whole[0], oldest - timedelta(days=1))
        desk.rooms({"ndate": day.isoformat(), "limit": 50}, "the day before the oldest of three months")


def _choose(view: RoomsView, window: Window, today: date, left: int) -> Window:
    """Days that can be read whole, with a month's end among them if the span has one; today is left out."""
    first, last = window[0], min(window[1], today - timedelta(days=1))
    if first > last:
        return window
    most = min(ENOUGH_PAGES * 50, max(50, 2 * left)) * 0.95
    length = (window[1] - window[0]).days + 1
    per_day = max((view.total or 0) / length, 0.01)
    days = int(min(length, max(1, most / per_day)))
    if days >= (last - first).days + 1:
        return first, last
    ends = [last - timedelta(days=back) for back in range((last - first).days + 1)]
    ends = [day for day in ends if (day + timedelta(days=1)).day == 1 and day < last]
    middle = ends[0] if ends else last
    stop = min(last, middle + timedelta(days=max(1, days // 2)))
    start = max(first, stop - timedelta(days=max(1, days - 1)))
    return start, stop


def read(desk: Desk, window: Window, **more: Any) -> Reading | None:
    """Read a window whole, page by page; None where that is not to be had."""
    page, seen = 1, 0
    while page <= MOST_PAGES + 4:
        params = {**ranged(window), "limit": 50, **more, **({"page": page} if page > 1 else {})}
        view = desk.rooms(params, f"all of {window[0]} to {window[1]}, page {page}")
        if not view.is_list:
            return None
        seen += 50
        if seen >= (view.total or 0):
            break
        if page == 1 and (view.total or 0) > MOST_PAGES * 50 * 1.5:
            return None
        page += 1
    number = desk.evidence.rooms[-1].number
    return next((reading for reading in reversed(desk.evidence.readings) if reading.last == number), None)
