"""Conditions of the chat room list: what is asked, what is answered, and which of its rooms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from ...core.clock import ZERO_DATE
from ...spec.vocabulary import ALL_STATUSES, MAX_LIMIT
from .drift import Condition, data, where
from .room_lists import Asked, Page


def asks(says: str, test: Callable[[Asked], bool]) -> Condition[Page]:
    """Requests of a kind."""
    return Condition(says=says, holds=lambda page: test(page.asked))


def answers(says: str, test: Callable[[Page], bool]) -> Condition[Page]:
    """Answers of a kind."""
    return Condition(says=says, holds=test)


# --- what is asked ---


def status(number: int) -> Condition[Page]:
    """One status."""
    return asks(f"status={number}", lambda asked: asked.status == number)


def page(number: int) -> Condition[Page]:
    """One page."""
    return asks(f"page {number}", lambda asked: asked.page == number)


def from_page(number: int) -> Condition[Page]:
    """A page and those after it."""
    return asks(f"page {number} and later", lambda asked: asked.page >= number)


def without(name: str) -> Condition[Page]:
    """A parameter that is left out, or null."""
    return asks(f"no {name}", lambda asked: not asked.gave(name))


def written_out(name: str, default: int) -> Condition[Page]:
    """A parameter that is given as its default."""
    return asks(
        f"{name}={default} written out", lambda asked: asked.gave(name) and getattr(asked, name) == default
    )


LATER: Final = from_page(2)
FILTERED: Final = asks("a status other than 99", lambda asked: asked.status != ALL_STATUSES)
UNFILTERED: Final = asks("status 99", lambda asked: asked.status == ALL_STATUSES)
BY_COMPLETION: Final = asks("sort_key=complate_date", lambda asked: asked.sort_key == "complate_date")
ASCENDING: Final = asks("sort_value=asc", lambda asked: not asked.descending)
LIMIT_50: Final = asks("limit 50 or more", lambda asked: asked.limit == MAX_LIMIT)
LIMIT_1: Final = asks("limit=1", lambda asked: asked.limit == 1)

UNDATED: Final = asks("no date", lambda asked: not asked.ranged and asked.ndate is None)
RANGED: Final = asks("sdate and edate", lambda asked: asked.ranged)
SEVERAL_DAYS: Final = asks("a range of several days", lambda asked: asked.days > 1)
OVER_A_WEEK: Final = asks("a range of more than 7 days", lambda asked: asked.days > 7)
OVER_MONTH_END: Final = asks(
    "a range over a month end",
    lambda asked: (asked.first.year, asked.first.month) != (asked.last.year, asked.last.month),
)
NDATE_TOO: Final = asks("ndate with sdate and edate", lambda asked: asked.ranged and asked.ndate is not None)
NDATE_OUTSIDE: Final = asks(
    "ndate outside sdate and edate",
    lambda asked: asked.ranged and asked.ndate is not None and not asked.first <= asked.ndate <= asked.last,
)

# --- what is answered ---

EMPTY_LIST: Final = answers("an empty list", lambda page: page.total == 0)
EMPTY_PAGE: Final = answers("an empty page", lambda page: not page.rooms)
SHOWING_ROOMS: Final = answers("", lambda page: bool(page.rooms))
PAST_THE_END: Final = answers("a page past the end", lambda page: page.asked.page > 1 and not page.rooms)
LAST_PAGE: Final = answers(
    "the last page, from page 2 on",
    lambda page: page.asked.page > 1 and page.asked.offset + page.asked.limit >= page.total,
)
PARTIAL_PAGE: Final = answers(
    "a last page with fewer rooms than limit, from page 2 on",
    lambda page: page.asked.page > 1 and len(page.rooms) < page.asked.limit,
)
TWO_PAGES: Final = data("a list of two pages or more")

# --- which rooms ---


def dated(says: str, test: Callable[[str, Asked], bool]) -> Condition[Page]:
    """Rooms by the time of their registration."""
    return Condition(says=says, each=lambda room, page: test(room["reg_date"], page.asked))


def days(test: Callable[[date, Asked], bool]) -> Condition[Page]:
    """Rooms by the day of their registration; which days is for the sentence to say."""
    return dated("", lambda time, asked: test(date.fromisoformat(time[:10]), asked))


def picked(one_in: int, says: str = "") -> Condition[Page]:
    """About one room in so many."""
    return Condition(says=says, each=lambda room, page: page.exchange.picks(room["id"], one_in))


def of_status(says: str, *statuses: str) -> Condition[Page]:
    """Rooms of some statuses."""
    return where(says, lambda room: room["status"] in statuses)


BOT_ROOMS: Final = of_status("rooms with the bot", "-1")
WAITING: Final = of_status("waiting rooms", "0")
DONE: Final = of_status("", "2")
DELETED: Final = of_status("deleted rooms", "3")
BOT_ENDED: Final = of_status("", "4")
GUESTS: Final = where("customers without an own id", lambda room: room["users_id"] is None)
NEVER_ENDED: Final = where("", lambda room: bool(room["complate_date"] == ZERO_DATE))
ENDED: Final = where("", lambda room: bool(room["complate_date"] != ZERO_DATE))
LAST_DAY: Final = days(lambda day, asked: day == asked.last)
