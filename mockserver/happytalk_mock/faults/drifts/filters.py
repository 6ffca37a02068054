"""Drifts of the status filter: leaks, losses, alone and together with sort key, limit, page or dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ...core.clock import ZERO_DATE
from .drift import Apply, Drift, rows_of
from .room_lists import ONE_DAY, Asked, Page, Room, Where, asking, losing, mixing, on_list
from .stated import PAGES, STATUS

_row = rows_of("filters")


def _filtered(asked: Asked) -> bool:
    return asked.status != 99


def _is(status: int) -> Where:
    return lambda asked: asked.status == status


def _unfiltered(where: Where) -> Apply:
    return asking(lambda _: {"status": 99}, where)


def _leaking(also: str, where: Where) -> Apply:
    """The list shows another status too."""

    def kept(room: Room, page: Page) -> bool:
        return room["status"] in (str(page.asked.status), also)

    return on_list(mixing(lambda _: {"status": 99}, kept), where)


def _without(status: str, where: Where) -> Apply:
    return losing(lambda room, _: bool(room["status"] == status), where)


def _nothing(page: Page) -> None:
    page.serve([])


def _after_paging(page: Page) -> None:
    rooms = page.ask(status=99).rooms
    page.data["chat_list"] = [room for room in rooms if room["status"] == str(page.asked.status)]


def _day_before(page: Page) -> Mapping[str, Any]:
    return {"sdate": page.asked.first - ONE_DAY, "edate": page.asked.last}


def _all(_room: Room, _page: Page) -> bool:
    return True


def _guest(room: Room, _page: Page) -> bool:
    return room["users_id"] is None


def _other_channel(room: Room, _page: Page) -> bool:
    return bool(room["out_api"] != "0")


def _never_ended(room: Room, _page: Page) -> bool:
    return bool(room["complate_date"] == ZERO_DATE)


def _positive(page: Page) -> Mapping[str, Any]:
    return {"status": -page.asked.status}


def _both(one: Where, other: Callable[[Asked], bool]) -> Where:
    return lambda asked: one(asked) and other(asked)


def _by_completion(asked: Asked) -> bool:
    return asked.sort_key == "complate_date"


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "status-ignored",
        STATUS,
        "status is ignored: every room is listed",
        "status를 무시하고 모든 상담방을 준다",
        _unfiltered(_filtered),
        when="a status other than 99",
    ),
    _row(
        "status-0-means-all",
        STATUS,
        "status 0 lists every room, as if it were not given",
        "status=0이 미지정으로 처리되어 전체가 나온다",
        _unfiltered(_is(0)),
        when="status=0",
    ),
    _row(
        "negative-status-made-positive",
        STATUS,
        "status -1 lists 1, and -2 lists 2",
        "status=-1, -2가 1, 2로 처리된다",
        asking(_positive, lambda asked: asked.status < 0),
        when="status=-1 or -2",
    ),
    _row(
        "done-leaks-deleted",
        STATUS,
        "status 2 lists deleted rooms too",
        "완료(2)를 조회하면 삭제(3) 상담방도 나온다",
        _leaking("3", _is(2)),
        when="status=2",
    ),
    _row(
        "in-progress-leaks-waiting-by-completion",
        STATUS,
        "status 1 by complate_date lists waiting rooms too",
        "status=1이고 complate_date 정렬이면 접수 대기(0)도 나온다",
        _leaking("0", _both(_is(1), _by_completion)),
        when="status=1, sort_key=complate_date",
    ),
    _row(
        "deleted-not-found",
        STATUS,
        "status 3 lists nothing, though 99 shows deleted rooms",
        "전체에는 보이는 삭제 상담방이 status=3으로는 조회되지 않는다",
        on_list(_nothing, _is(3)),
        when="status=3",
    ),
    _row(
        "all-hides-deleted",
        STATUS,
        "99 leaves deleted rooms out, which status 3 lists",
        "status=99에 삭제(3) 상담방이 빠진다",
        _without("3", _is(99)),
        when="status 99, deleted rooms",
    ),
    _row(
        "all-hides-bot-rooms",
        STATUS,
        "99 leaves rooms with the bot out, which status -1 lists",
        "status=99에 챗봇 진행중(-1) 상담방이 빠진다",
        _without("-1", _is(99)),
        when="status 99, rooms with the bot",
    ),
    _row(
        "all-hides-bot-ended-by-completion",
        STATUS,
        "99 by complate_date leaves out rooms that the bot ended",
        "complate_date 정렬이면 전체 목록에서 챗봇종료(4)가 빠진다",
        _without("4", _both(_is(99), _by_completion)),
        when="status 99, sort_key=complate_date",
    ),
    _row(
        "status-filtered-after-paging",
        STATUS,
        "the filter takes rooms off the pages of the whole list",
        "전체 목록을 페이지로 나눈 뒤에 status를 거른다",
        on_list(_after_paging, _filtered),
        when="a status other than 99",
    ),
    _row(
        "status-lost-from-page-2",
        STATUS,
        "from page 2 on the filter is forgotten",
        "2페이지부터 status 조건이 풀린다",
        _unfiltered(lambda asked: _filtered(asked) and asked.page > 1),
        when="a status other than 99, page 2 and later",
    ),
    _row(
        "status-lost-in-ranges",
        STATUS,
        "in a range of several days the filter is forgotten",
        "여러 날을 조회하면 status 조건이 풀린다",
        _unfiltered(lambda asked: _filtered(asked) and asked.days > 1),
        when="a status other than 99, a range of several days",
    ),
    _row(
        "status-lost-at-limit-50",
        STATUS,
        "with limit 50 the filter is forgotten",
        "limit=50이면 status 조건이 풀린다",
        _unfiltered(lambda asked: _filtered(asked) and asked.limit == 50),
        when="a status other than 99, limit 50 or more",
    ),
    _row(
        "deleted-leak-from-the-day-before",
        STATUS,
        "status 3 lists deleted rooms of the day before too",
        "status=3이면 하루 전 삭제 상담방까지 나온다",
        on_list(mixing(_day_before, _all), _is(3)),
        when="status=3",
    ),
    _row(
        "guests-lost-with-status",
        STATUS,
        "with a status rooms without users_id are lost",
        "status를 지정하면 users_id가 null인 상담방이 빠진다",
        losing(_guest, _filtered),
        when="a status other than 99, customers without an own id",
    ),
    _row(
        "channels-lost-by-completion",
        PAGES,
        "by complate_date asc rooms of other channels are lost",
        "complate_date asc이면 해피톡 외 채널의 상담방이 빠진다",
        losing(_other_channel, lambda asked: _by_completion(asked) and not asked.descending),
        when="sort_key=complate_date, sort_value=asc",
    ),
    _row(
        "open-rooms-lost-by-completion",
        PAGES,
        "by complate_date rooms with the zero date are lost",
        "complate_date 정렬이면 완료되지 않은 상담방이 빠진다",
        losing(_never_ended, _by_completion),
        when="sort_key=complate_date",
    ),
    _row(
        "waiting-lost-ascending",
        PAGES,
        "ascending, waiting rooms are lost",
        "asc 정렬이면 접수 대기(0) 상담방이 빠진다",
        _without("0", lambda asked: not asked.descending),
        when="sort_value=asc, waiting rooms",
    ),
)
