"""Drifts of the order of the list: by key, by direction, on some pages or for some questions only."""

from __future__ import annotations

import zlib
from typing import Final

from .drift import Apply, Drift, rows_of
from .room_lists import Asked, Page, Room, Where, asking, on_list, ordered
from .stated import ORDER

_row = rows_of("sort")
_BY_REGISTRATION: Final = {"sort_key": "reg_date"}


def _by_completion(asked: Asked) -> bool:
    return asked.sort_key == "complate_date"


def _ascending(asked: Asked) -> bool:
    return not asked.descending


def _other_way(where: Where | None = None) -> Apply:
    return asking(lambda page: {"sort_value": "asc" if page.asked.descending else "desc"}, where)


def _by_registration(where: Where | None = None) -> Apply:
    return asking(lambda _page: _BY_REGISTRATION, where)


def _descending(where: Where | None = None) -> Apply:
    return asking(lambda _page: {"sort_value": "desc"}, where)


def _mixed(room: Room, salt: object = "") -> int:
    return zlib.crc32(f"{salt}/{room['id']}".encode())


def _unsorted_page(page: Page) -> None:
    page.rooms.sort(key=_mixed)


def _swapped_neighbours(page: Page) -> None:
    rooms = page.rooms
    if len(rooms) > 1:
        middle = len(rooms) // 2
        rooms[middle - 1], rooms[middle] = rooms[middle], rooms[middle - 1]


def _sorted_on_page_only(page: Page) -> None:
    page.serve(sorted(page.everything(), key=_mixed))
    page.data["chat_list"] = ordered(page.rooms, page.asked.sort_key, descending=page.asked.descending)


def _by_clipped(length: int) -> Apply:
    """Sorted by the first characters of the date only; what those leave equal stands in any order."""

    def change(page: Page) -> None:
        asked = page.asked
        rooms = sorted(page.everything(), key=_mixed)
        rooms.sort(key=lambda room: room[asked.sort_key][:length], reverse=asked.descending)
        page.serve(rooms)

    return on_list(change)


def _by_time_of_day(page: Page) -> None:
    asked = page.asked
    rooms = page.everything()
    page.serve(sorted(rooms, key=lambda room: room[asked.sort_key][11:], reverse=asked.descending))


def _ties_by_page(page: Page) -> None:
    asked = page.asked
    rooms = sorted(page.everything(), key=lambda room: _mixed(room, asked.page))
    page.serve(ordered(rooms, asked.sort_key, descending=asked.descending))


def _last_page_reversed(page: Page) -> None:
    if page.asked.offset + page.asked.limit >= page.total:
        page.rooms.reverse()


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "sort-value-reversed",
        ORDER,
        "asc gives desc and desc asc",
        "asc와 desc가 뒤바뀌어 있다",
        _other_way(),
    ),
    _row(
        "sort-value-ignored",
        ORDER,
        "the list is always descending",
        "sort_value를 무시하고 항상 내림차순이다",
        _descending(_ascending),
        when="sort_value=asc",
    ),
    _row(
        "sort-key-ignored",
        ORDER,
        "the list is always by reg_date",
        "sort_key를 무시하고 항상 등록일 순이다",
        _by_registration(_by_completion),
        when="sort_key=complate_date",
    ),
    _row(
        "page-unsorted",
        ORDER,
        "rooms on a page stand in no order",
        "페이지 안의 순서가 뒤섞여 있다",
        on_list(_unsorted_page),
    ),
    _row(
        "neighbours-swapped",
        ORDER,
        "the two rooms in the middle of a page have changed places",
        "각 페이지 가운데 두 상담방의 순서가 바뀌어 있다",
        on_list(_swapped_neighbours),
    ),
    _row(
        "sorted-on-page-only",
        ORDER,
        "each page is sorted by itself, the list over the pages is not",
        "페이지 안에서만 정렬되고 전체 순서는 맞지 않는다",
        on_list(_sorted_on_page_only),
        when="a list of two pages or more",
    ),
    _row(
        "sorted-by-day-only",
        ORDER,
        "dates are compared by their day, not their time",
        "정렬할 때 날짜만 비교하고 시각은 무시한다",
        _by_clipped(10),
    ),
    _row(
        "sorted-by-hour-only",
        ORDER,
        "dates are compared to the hour",
        "정렬할 때 시까지만 비교하고 분·초는 무시한다",
        _by_clipped(13),
        when="two rooms in the same hour",
    ),
    _row(
        "sorted-by-time-of-day",
        ORDER,
        "the list is by the time of day, whatever the day",
        "날짜를 무시하고 시각만으로 정렬한다",
        on_list(_by_time_of_day, lambda asked: asked.days > 1),
        when="a range of several days",
    ),
    _row(
        "ties-move-between-pages",
        ORDER,
        "rooms of equal dates stand in another order on each page, so pages repeat and lose some",
        "같은 일시의 상담방 순서가 페이지마다 달라 중복·누락이 생긴다",
        on_list(_ties_by_page),
        when="rooms with equal dates",
    ),
    _row(
        "last-page-reversed",
        ORDER,
        "the last page of several stands in reverse",
        "여러 페이지 중 마지막 페이지만 역순이다",
        on_list(_last_page_reversed, lambda asked: asked.page > 1),
        when="the last page, from page 2 on",
    ),
    _row(
        "done-asc-by-registration-from-page-2",
        ORDER,
        "status 2 by complate_date asc is by reg_date from page 2 on",
        "status=2, complate_date asc일 때 2페이지부터 등록일 순이다",
        _by_registration(
            lambda asked: asked.status == 2 and _by_completion(asked) and _ascending(asked) and asked.page > 1
        ),
        when="status=2, sort_key=complate_date, sort_value=asc, page 2 and later",
    ),
    _row(
        "sort-key-lost-in-ranges",
        ORDER,
        "complate_date is not sorted by in a range of several days",
        "여러 날을 조회하면 complate_date 정렬이 무시된다",
        _by_registration(lambda asked: _by_completion(asked) and asked.days > 1),
        when="sort_key=complate_date, a range of several days",
    ),
    _row(
        "asc-lost-with-status",
        ORDER,
        "asc is ignored once a status is asked for",
        "status를 지정하면 asc가 무시된다",
        _descending(lambda asked: _ascending(asked) and asked.status != 99),
        when="sort_value=asc, a status other than 99",
    ),
    _row(
        "direction-flips-at-limit-50",
        ORDER,
        "by complate_date with limit 50 the direction is the other one",
        "limit=50이고 complate_date 정렬이면 방향이 뒤바뀐다",
        _other_way(lambda asked: _by_completion(asked) and asked.limit == 50),
        when="sort_key=complate_date, limit 50 or more",
    ),
    _row(
        "deleted-by-registration",
        ORDER,
        "deleted rooms by complate_date are by reg_date",
        "status=3이면 complate_date 정렬이 무시된다",
        _by_registration(lambda asked: asked.status == 3 and _by_completion(asked)),
        when="status=3, sort_key=complate_date",
    ),
    _row(
        "asc-lost-past-page-2",
        ORDER,
        "asc is ignored from page 3 on",
        "3페이지부터 asc가 무시된다",
        _descending(lambda asked: _ascending(asked) and asked.page > 2),
        when="sort_value=asc, page 3 and later",
    ),
)
