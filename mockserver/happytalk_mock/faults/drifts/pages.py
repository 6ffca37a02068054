"""Drifts of pages: overlap, loss, shift, the last page, limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ...spec.parameters import integer
from ...spec.vocabulary import DEFAULT_LIMIT, MAX_LIMIT
from . import conditions as when
from .drift import Change, area, data, drift, every
from .room_lists import Asked, Page, on_list

_EMPTY_PAGE: Final = on_list(lambda page: page.rooms.clear())


def _starting(offset: Callable[[Asked], int]) -> Change[Page]:
    """Pages begin at another place of the list."""
    return on_list(lambda page: page.serve(page.everything(), offset=offset(page.asked)))


def _holding(limit: Callable[[Asked], int]) -> Change[Page]:
    """Pages hold another number of rooms, and begin where they should."""
    return on_list(lambda page: page.data.update(chat_list=page.rooms[: limit(page.asked)]))


def _showing(number: int) -> Change[Page]:
    """The rooms of another page of the same list."""
    return on_list(lambda page: page.data.update(chat_list=page.ask(page=number).rooms))


def _above_maximum(page: Page) -> None:
    limit = min(integer(page.asked.body.get("limit")) or DEFAULT_LIMIT, 100)
    page.serve(page.everything(), offset=(page.asked.page - 1) * limit, limit=limit)
    page.count("limit", limit)


def _joined_twice(page: Page) -> None:
    # A join with a table of orders that has several lines for one room.
    rooms = page.everything()
    page.serve([{**room} for room in rooms for _ in range(2 if room["order_number"] else 1)])


DRIFTS: Final = area(
    "pages",
    drift("page-ignored", _showing(1), when.LATER.told("")),
    drift("pages-count-from-zero", _starting(lambda asked: asked.page * asked.limit)),
    drift("pages-overlap", _starting(lambda asked: (asked.page - 1) * (asked.limit - 1)), when.LATER),
    drift("pages-lose-a-room", _starting(lambda asked: (asked.page - 1) * (asked.limit + 1)), when.LATER),
    drift("page-3-repeats-page-2", _showing(2), when.page(3)),
    drift(
        "offset-by-default-limit",
        _starting(lambda asked: (asked.page - 1) * DEFAULT_LIMIT),
        when.LATER & when.asks("limit other than 10", lambda asked: asked.limit != DEFAULT_LIMIT),
    ),
    drift(
        "later-pages-shift-in-ranges",
        _starting(lambda asked: asked.offset + 1),
        when.LATER & when.SEVERAL_DAYS,
    ),
    drift("last-page-lost", _EMPTY_PAGE, when.LAST_PAGE),
    drift("partial-page-lost", _EMPTY_PAGE, when.PARTIAL_PAGE),
    drift("pages-end-after-four", _EMPTY_PAGE, when.from_page(5)),
    drift("page-one-room-short", _holding(lambda asked: asked.limit - 1)),
    drift(
        "limit-ignored",
        _holding(lambda _: DEFAULT_LIMIT),
        when.asks("limit above 10", lambda asked: asked.limit > DEFAULT_LIMIT),
    ),
    drift(
        "limit-above-50-served",
        on_list(_above_maximum),
        when.asks("limit above 50", lambda asked: (integer(asked.body.get("limit")) or 0) > MAX_LIMIT),
    ),
    drift("limit-50-loses-a-room", _holding(lambda _: MAX_LIMIT - 1), when.LIMIT_50 & data("a full page")),
    drift("limit-1-repeats", _showing(1), when.LIMIT_1 & when.LATER),
    drift(
        "first-room-lost-by-completion",
        on_list(lambda page: page.serve(page.everything()[1:], total=page.total)),
        when.BY_COMPLETION,
    ),
    drift("rooms-with-orders-twice", on_list(_joined_twice), data("rooms with an order number")),
    drift("every-third-list-short", on_list(lambda page: page.rooms and page.rooms.pop()), every(3)),
)
