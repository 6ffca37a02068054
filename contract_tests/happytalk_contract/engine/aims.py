"""The first questions to the room list: one for each documented statement, the likeliest to break first.

Source: chat_room_lists, Request, line by line. Each question is judged by all rules, so most of them test
filter, order, page, count and dates at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from happytalk_contract.engine.scout import Account, ranged

Aim = tuple[dict[str, Any], str]


def day_range(first: date, last: date) -> dict[str, Any]:
    """Parameters for a range of days."""
    return ranged((first, last))


def aims(account: Account, today: date) -> Iterator[Aim]:
    """Yield questions with why they are asked."""
    whole = ranged(account.window)
    yield from _filters_and_sorts(whole, account)
    yield from _dates(account, today)
    yield from _pages(whole, account)
    yield from _edges(account)
    yield from _busy(account)
    yield from _today(account, today)
    yield from _defaults(whole)
    yield from _walks(whole, account)


def _filters_and_sorts(whole: dict[str, Any], account: Account) -> Iterator[Aim]:
    yield {**whole, "limit": 50, "sort_key": "complate_date", "sort_value": "asc"}, "by completion, rising"
    yield {**whole, "limit": 50, "sort_key": "complate_date"}, "by completion, falling"
    yield {**whole, "limit": 50, "sort_value": "asc"}, "by registration, rising"
    for status in (2, 0, 1, 3, -1, -2):
        yield {**whole, "limit": 50, "status": status}, f"only status {status}"
    # 4 is in the response list alone: whether one can ask for it is open, that 99 holds such rooms is not.
    yield {**whole, "limit": 50, "status": 4}, "status 4"


def _dates(account: Account, today: date) -> Iterator[Aim]:
    day = account.best()
    if day is None:
        return
    first, last = account.window
    text = day.isoformat()
    one = day_range(day, day)
    yield {**one, "limit": 50}, "one day as a range"
    yield {"ndate": text, "limit": 50}, "one day as ndate"
    others = [other for other in account.days if other != day]
    outside = (others[0] if others else first - timedelta(days=3)).isoformat()
    yield {**one, "ndate": outside, "limit": 50}, "a range with an ndate outside it"
    yield {**ranged(account.window), "ndate": text, "limit": 50}, "a range with an ndate inside it"
    yield {"ndate": text, "sdate": None, "edate": None, "limit": 50}, "ndate with null ends"
    yield {**one, "ndate": None, "limit": 50}, "a range with ndate null"
    yield {**ranged(account.window), "ndate": today.isoformat()}, "a range with today as ndate"
    yield {"ndate": today.isoformat()}, "today as ndate"
    yield {"ndate": None}, "today as ndate null"
    yield {"ndate": None, "sdate": None, "edate": None}, "today as nulls"
    yield day_range(today, today), "today as a range"
    yield {**day_range(today, today), "limit": 50}, "today whole"
    yield {}, "today again"
    middle = first + (last - first) // 2
    if first < last:
        yield {**day_range(first, middle), "limit": 50}, "the first half of the window"
        yield {**day_range(middle + timedelta(days=1), last), "limit": 50}, "the second half of the window"
    for edge in (first, last):
        if first < last:
            yield (
                {**ranged(account.window), "ndate": edge.isoformat(), "limit": 50},
                "ndate at an end of the range",
            )


def _pages(whole: dict[str, Any], account: Account) -> Iterator[Aim]:
    rooms = len(account.inside(account.window))
    yield {**whole, "page": 2}, "the second page of ten"
    yield {**whole, "page": 3}, "the third page of ten"
    last = max(1, -(-rooms // 10))
    yield {**whole, "limit": 10, "page": last}, "the last page of ten"
    yield {**whole, "limit": 10, "page": last + 1}, "past the last page"
    for limit, page in ((1, 2), (3, 1), (49, 2), (2, 3)):
        yield {**whole, "limit": limit, "page": page}, f"a page of {limit}"
    for limit, page in ((51, 1), (100, 2), (100, 1)):
        yield {**whole, "limit": limit, "page": page}, "more than fifty asked"


def _busy(account: Account) -> Iterator[Aim]:
    """A day with more rooms than a page holds, as ndate and within ranges."""
    busy = account.busy
    if busy is None:
        return
    text = busy.isoformat()
    yield {"ndate": text, "limit": 50}, "the busiest day as ndate"
    yield {"ndate": text, "limit": 50, "page": 2}, "the busiest day as ndate, second page"
    yield {"ndate": text, "limit": 50, "sort_value": "asc"}, "the busiest day as ndate, rising"
    yield {**day_range(busy, busy), "limit": 50, "sort_key": "complate_date", "page": 2}, "the busiest day"
    yield {"ndate": text, "status": 2, "sort_key": "complate_date"}, "the busiest day as ndate, done"


def _edges(account: Account) -> Iterator[Aim]:
    for end in account.month_ends()[:2]:
        after = end + timedelta(days=1)
        yield {**day_range(end, after), "limit": 50}, "two days around a month's end"
        yield {**day_range(end, end), "limit": 50}, "the last day of a month"
        yield {"ndate": after.isoformat(), "limit": 50}, "the first day of a month"
        yield {"ndate": end.isoformat(), "limit": 50}, "the last day of a month as ndate"
        yield {**day_range(account.window[0], end), "limit": 50}, "a range up to a month's end"
        yield {**day_range(end, account.window[1]), "limit": 50}, "a range from a month's end"
        yield {**day_range(after, account.window[1]), "limit": 50}, "a range from a month's first day"
    first, last = account.window
    empty = [
        first + timedelta(days=offset)
        for offset in range((last - first).days + 1)
        if first + timedelta(days=offset) not in account.days
    ]
    if empty:
        yield day_range(empty[0], empty[0]), "a day without rooms"


def _defaults(whole: dict[str, Any]) -> Iterator[Aim]:
    yield {**whole}, "all defaults left out"
    written = {"status": 99, "sort_key": "reg_date", "sort_value": "desc", "limit": 10, "page": 1}
    yield {**whole, **written}, "all defaults written out"
    for names in (("status", "limit"), ("sort_key",), ("sort_value", "page")):
        yield {**whole, **{name: written[name] for name in names}}, "some defaults written out"
    for name, value in {"status": "99", "limit": "10"}.items():
        yield {**whole, name: value}, f"{name} as numeric text"
    yield {**whole, "status": "2", "limit": "3", "page": "2"}, "all numbers as numeric text"


def _today(account: Account, today: date) -> Iterator[Aim]:
    """Today under filters and sorts, asked without a date: the days that grow have code of their own."""
    if not account.has_today:
        return
    for params in (
        {"sort_value": "asc", "limit": 50},
        {"sort_key": "complate_date", "sort_value": "asc", "limit": 50},
        {"status": 2, "limit": 50},
        {"status": 0},
        {"limit": 3, "page": 2},
        {"ndate": today.isoformat(), "status": 1, "sort_value": "asc"},
        {"ndate": today.isoformat(), "sort_key": "complate_date", "limit": 2, "page": 2},
    ):
        yield params, "today under filters and sorts"
    yield {**day_range(today, today), "limit": 50}, "today whole, again"


def _walks(whole: dict[str, Any], account: Account) -> Iterator[Aim]:
    """Whole lists page by page, where equal keys are cut by the ends of pages.

    Rooms without a completion date all tie by it; under status 0 and 1 there are no others.
    """
    inside = account.inside(account.window)
    rooms = len(inside)
    for status in (1, 0, 2):
        count = sum(1 for room in inside if str(room.get("status")) == str(status))
        yield from _walk(
            {**whole, "status": status, "sort_key": "complate_date"},
            count,
            pages=3,
            why=f"all of status {status}",
        )
    day = account.best()
    if day is not None:
        busy = {**day_range(day, day), "sort_key": "complate_date"}
        for direction in ("asc", "desc"):
            yield from _walk(
                {**busy, "sort_value": direction}, account.days[day], pages=4, why="all of a day"
            )
        for direction in ("asc", "desc"):
            limit = _cutting(account, day)
            for page in (1, 2) if limit else ():
                yield (
                    {**day_range(day, day), "sort_value": direction, "limit": limit, "page": page},
                    "pages that cut rooms of one second",
                )
    params = {**whole, "sort_key": "complate_date", "sort_value": "asc"}
    yield from _walk(params, rooms, pages=-(-rooms // 50), why="all of the window")


def _walk(params: dict[str, Any], rooms: int, *, pages: int, why: str) -> Iterator[Aim]:
    limit = min(50, max(1, -(-rooms // pages))) if pages else 1
    for page in range(1, -(-rooms // limit) + 1):
        yield {**params, "limit": limit, "page": page}, f"{why}, page {page}"


def _cutting(account: Account, day: date) -> int | None:
    """A limit whose first page ends between two rooms that were registered in the same second."""
    times = sorted(
        str(room.get("reg_date"))
        for room in account.rooms
        if str(room.get("reg_date"))[:10] == day.isoformat()
    )
    ties = [index for index in range(1, len(times)) if times[index] == times[index - 1]]
    return next((index for index in ties if index <= 50 and len(times) - index <= 50), None)
