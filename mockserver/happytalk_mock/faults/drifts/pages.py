"""Drifts of pages: overlap, loss, shift, the last page, limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ...spec.vocabulary import DEFAULT_LIMIT, MAX_LIMIT
from .drift import Apply, Drift, rows_of
from .room_lists import Asked, Page, Where, integer, on_list
from .stated import PAGES, STEADY

_row = rows_of("pages")


def _later(asked: Asked) -> bool:
    return asked.page > 1


def _from(offset: Callable[[Asked], int], where: Where | None = _later) -> Apply:
    """Pages that begin at another place of the list."""

    def change(page: Page) -> None:
        page.serve(page.everything(), offset=offset(page.asked))

    return on_list(change, where)


def _holding(limit: Callable[[Asked], int], where: Where | None = None) -> Apply:
    """Pages that hold another number of rooms, and begin where they should."""

    def change(page: Page) -> None:
        page.data["chat_list"] = page.rooms[: limit(page.asked)]

    return on_list(change, where)


def _last_lost(page: Page) -> None:
    if page.asked.offset + page.asked.limit >= page.total:
        page.rooms.clear()


def _partial_lost(page: Page) -> None:
    if len(page.rooms) < page.asked.limit:
        page.rooms.clear()


def _first_lost_again(page: Page) -> None:
    page.serve(page.everything()[1:], total=page.total)


def _above_maximum(page: Page) -> None:
    limit = min(integer(page.asked.body.get("limit")) or DEFAULT_LIMIT, 100)
    page.serve(page.everything(), offset=(page.asked.page - 1) * limit, limit=limit)
    page.count("limit", limit)


def _more_than_50(asked: Asked) -> bool:
    return (integer(asked.body.get("limit")) or 0) > MAX_LIMIT


def _joined_twice(page: Page) -> None:
    # A join with a table of orders that has several lines for one room.
    rooms = page.everything()
    page.serve([room for room in rooms for _ in range(2 if room["order_number"] else 1)])


def _sometimes_short(page: Page) -> None:
    if page.context.turn(3) and page.rooms:
        page.rooms.pop()


def _fixed_page(number: Callable[[Asked], int], where: Where) -> Apply:
    """Shows the rooms of another page of the same list."""

    def change(page: Page) -> None:
        page.data["chat_list"] = page.ask(page=number(page.asked)).rooms

    return on_list(change, where)


def _nothing(asked: Asked) -> int:
    return 0


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "page-ignored",
        PAGES,
        "every page is the first",
        "page를 무시하고 항상 첫 페이지다",
        _fixed_page(lambda _: 1, _later),
    ),
    _row(
        "pages-count-from-zero",
        PAGES,
        "page 1 is the second page, and the first cannot be had",
        "페이지가 0부터 시작해 page=1이 두 번째 페이지다",
        _from(lambda asked: asked.page * asked.limit, None),
    ),
    _row(
        "pages-overlap",
        PAGES,
        "each page begins with the last room of the one before",
        "각 페이지가 앞 페이지의 마지막 상담방으로 시작한다",
        _from(lambda asked: (asked.page - 1) * (asked.limit - 1)),
        when="page 2 and later",
    ),
    _row(
        "pages-lose-a-room",
        PAGES,
        "between one page and the next a room is lost",
        "페이지 사이에서 상담방이 하나씩 빠진다",
        _from(lambda asked: (asked.page - 1) * (asked.limit + 1)),
        when="page 2 and later",
    ),
    _row(
        "page-3-repeats-page-2",
        PAGES,
        "page 3 shows what page 2 showed",
        "3페이지가 2페이지와 같다",
        _fixed_page(lambda _: 2, lambda asked: asked.page == 3),
        when="page 3",
    ),
    _row(
        "offset-by-default-limit",
        PAGES,
        "pages begin at every tenth room, whatever the limit",
        "limit과 상관없이 페이지 시작 위치를 10개 단위로 계산한다",
        _from(
            lambda asked: (asked.page - 1) * DEFAULT_LIMIT,
            lambda asked: asked.page > 1 and asked.limit != DEFAULT_LIMIT,
        ),
        when="page 2 and later, limit other than 10",
    ),
    _row(
        "later-pages-shift-in-ranges",
        PAGES,
        "in a range of several days pages from 2 on begin one room too late",
        "여러 날을 조회하면 2페이지부터 한 건씩 밀린다",
        _from(lambda asked: asked.offset + 1, lambda asked: asked.page > 1 and asked.days > 1),
        when="page 2 and later, a range of several days",
    ),
    _row(
        "last-page-lost",
        PAGES,
        "the last page of several is empty",
        "여러 페이지 중 마지막 페이지가 비어 있다",
        on_list(_last_lost, _later),
        when="the last page, from page 2 on",
    ),
    _row(
        "partial-page-lost",
        PAGES,
        "a last page that is not full is empty",
        "꽉 차지 않은 마지막 페이지가 비어 있다",
        on_list(_partial_lost, _later),
        when="a last page with fewer rooms than limit, from page 2 on",
    ),
    _row(
        "pages-end-after-four",
        PAGES,
        "pages from 5 on are empty",
        "5페이지부터 항상 비어 있다",
        _holding(_nothing, lambda asked: asked.page > 4),
        when="page 5 and later",
    ),
    _row(
        "page-one-room-short",
        PAGES,
        "a page holds one room less than limit, and that room is on no page",
        "페이지마다 limit보다 한 건 적고 그 상담방은 어디에도 없다",
        _holding(lambda asked: asked.limit - 1),
    ),
    _row(
        "limit-ignored",
        PAGES,
        "a page holds ten rooms at most, whatever the limit",
        "limit과 상관없이 10건까지만 준다",
        _holding(lambda _: DEFAULT_LIMIT, lambda asked: asked.limit > DEFAULT_LIMIT),
        when="limit above 10",
    ),
    _row(
        "limit-above-50-served",
        PAGES,
        "a limit above 50 is served, up to 100",
        "50을 넘는 limit을 100까지 그대로 준다",
        on_list(_above_maximum, _more_than_50),
        when="limit above 50",
    ),
    _row(
        "limit-50-loses-a-room",
        PAGES,
        "with limit 50 the fiftieth room of a page is lost",
        "limit=50이면 페이지의 50번째 상담방이 빠진다",
        _holding(lambda _: MAX_LIMIT - 1, lambda asked: asked.limit == MAX_LIMIT),
        when="limit 50 or more, a full page",
    ),
    _row(
        "limit-1-repeats",
        PAGES,
        "with limit 1 every page shows the first room",
        "limit=1이면 모든 페이지가 같은 상담방이다",
        _fixed_page(lambda _: 1, lambda asked: asked.limit == 1 and asked.page > 1),
        when="limit=1, page 2 and later",
    ),
    _row(
        "first-room-lost-by-completion",
        PAGES,
        "by complate_date the first room of the list is on no page",
        "complate_date 정렬이면 목록의 첫 상담방이 어느 페이지에도 없다",
        on_list(_first_lost_again, lambda asked: asked.sort_key == "complate_date"),
        when="sort_key=complate_date",
    ),
    _row(
        "rooms-with-orders-twice",
        PAGES,
        "rooms with an order number stand in the list twice",
        "주문 번호가 있는 상담방이 두 번씩 나온다",
        on_list(_joined_twice),
        when="rooms with an order number",
    ),
    _row(
        "every-third-list-short",
        STEADY,
        "every third answer has lost its last room",
        "세 번에 한 번은 목록의 마지막 상담방이 빠진다",
        on_list(_sometimes_short),
        when="every third answer",
    ),
)
