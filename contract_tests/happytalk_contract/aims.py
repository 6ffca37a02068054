"""The first questions to the room list: one for each documented statement, the likeliest to break first.

Source: chat_room_lists, Request, line by line. Each question is judged by all rules, so most of them test
filter, order, page, count and dates at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from happytalk_contract.scout import Account, ranged

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
    yield from _defaults(whole)
    yield from _ties(whole, account)


def _filters_and_sorts(whole: dict[str, Any], account: Account) -> Iterator[Aim]:
    yield {**whole, "limit": 50, "sort_key": "complate_date", "sort_value": "asc"}, "by completion, rising"
    yield {**whole, "limit": 50, "sort_key": "complate_date"}, "by completion, falling"
    yield {**whole, "limit": 50, "sort_value": "asc"}, "by registration, rising"
    for status in (2, 0, 1, 3, -1, -2):
        yield {**whole, "limit": 50, "status": status}, f"only status {status}"


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
    if account.span != account.window:
        yield from _parts(account.span, account.window)


def _parts(span: tuple[date, date], window: tuple[date, date]) -> Iterator[Aim]:
    """A span longer than the window, and its two parts around the window's end."""
    cut = window[1]
    if span[0] <= cut < span[1]:
        yield {**day_range(*span), "limit": 50}, "the longest range"
        yield {**day_range(span[0], cut), "limit": 50}, "its first part"
        yield {**day_range(cut + timedelta(days=1), span[1]), "limit": 50}, "its second part"


def _pages(whole: dict[str, Any], account: Account) -> Iterator[Aim]:
    rooms = len(account.rooms)
    yield {**whole, "page": 2}, "the second page of ten"
    yield {**whole, "page": 3}, "the third page of ten"
    last = max(1, -(-rooms // 10))
    yield {**whole, "limit": 10, "page": last}, "the last page of ten"
    yield {**whole, "limit": 10, "page": last + 1}, "past the last page"
    for limit in (1, 2, 3, 49):
        yield {**whole, "limit": limit}, f"a page of {limit}"
        yield {**whole, "limit": limit, "page": 2}, f"the second page of {limit}"
    for limit in (51, 100):
        yield {**whole, "limit": limit}, "more than fifty asked"
        yield {**whole, "limit": limit, "page": 2}, "more than fifty asked, second page"


def _edges(account: Account) -> Iterator[Aim]:
    for end in account.month_ends()[:2]:
        after = end + timedelta(days=1)
        yield {**day_range(end, after), "limit": 50}, "two days around a month's end"
        yield {**day_range(end, end), "limit": 50}, "the last day of a month"
        yield {"ndate": after.isoformat(), "limit": 50}, "the first day of a month"
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
    for name, value in written.items():
        yield {**whole, name: value}, f"the default of {name} written out"
    for name, value in {"status": "99", "limit": "10", "page": "1"}.items():
        yield {**whole, name: value}, f"{name} as numeric text"
    yield {**whole, "status": "2", "limit": "3", "page": "2"}, "all numbers as numeric text"


def _ties(whole: dict[str, Any], account: Account) -> Iterator[Aim]:
    """Pages that cut through the rooms without a completion date, which all tie."""
    rooms = len(account.rooms)
    open_rooms = sum(1 for room in account.rooms if str(room.get("complate_date")).startswith("0000"))
    size = next((limit for limit in (3, 5, 7) if open_rooms <= limit * 6), 10)
    for direction, first_page in (("asc", 1), ("desc", (rooms - open_rooms) // size + 1)):
        for page in range(first_page, first_page + min(4, open_rooms // size + 1)):
            params = {"sort_key": "complate_date", "sort_value": direction, "limit": size, "page": page}
            yield {**whole, **params}, "pages within rooms of equal completion"
