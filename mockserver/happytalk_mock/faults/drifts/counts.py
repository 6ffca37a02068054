"""Drifts of the counts: total_count, and what page and limit say was served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .drift import Apply, Drift, rows_of
from .room_lists import Page, Where, on_list
from .stated import ENVELOPE

_row = rows_of("counts")


def _total(reckon: Callable[[Page], int], where: Where | None = None) -> Apply:
    return on_list(lambda page: page.count("total_count", reckon(page)), where)


def _echo(name: str, reckon: Callable[[Page], int], where: Where | None = None) -> Apply:
    return on_list(lambda page: page.count(name, reckon(page)), where)


def _null_when_none(page: Page) -> None:
    if page.total == 0:
        page.data["total_count"] = None


def _without_deleted(page: Page) -> int:
    return page.total - page.ask(status=3, page=1).total


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "total-count-of-page",
        ENVELOPE,
        "total_count counts the rooms on the page",
        "total_count가 현재 페이지의 건수다",
        _total(lambda page: len(page.rooms)),
        when="a list of two pages or more",
    ),
    _row(
        "total-count-one-too-many",
        ENVELOPE,
        "total_count is one too many",
        "total_count가 하나 많다",
        _total(lambda page: page.total + 1),
    ),
    _row(
        "total-count-ignores-status",
        ENVELOPE,
        "total_count counts rooms of every status",
        "status를 지정해도 total_count는 전체 건수다",
        _total(lambda page: page.ask(status=99).total, lambda asked: asked.status != 99),
        when="a status other than 99",
    ),
    _row(
        "total-count-of-first-day",
        ENVELOPE,
        "total_count counts the first day of a range only",
        "기간 조회의 total_count가 첫날 건수뿐이다",
        _total(lambda page: page.ask(edate=page.asked.first, page=1).total, lambda asked: asked.ranged),
        when="a range of several days",
    ),
    _row(
        "total-count-stops-at-100",
        ENVELOPE,
        "total_count is never more than 100",
        "total_count가 100을 넘지 않는다",
        _total(lambda page: min(page.total, 100)),
        when="a list of more than 100 rooms",
    ),
    _row(
        "total-count-shrinks-by-page",
        ENVELOPE,
        "total_count counts only what earlier pages did not show",
        "뒤 페이지로 갈수록 total_count가 줄어든다",
        _total(lambda page: max(page.total - page.asked.offset, 0), lambda asked: asked.page > 1),
        when="page 2 and later",
    ),
    _row(
        "total-count-without-deleted",
        ENVELOPE,
        "total_count leaves deleted rooms out that the list shows",
        "목록에 있는 삭제 상담방이 total_count에서 빠진다",
        _total(_without_deleted, lambda asked: asked.status == 99),
        when="status 99, a list with deleted rooms",
    ),
    _row(
        "total-count-of-pages",
        ENVELOPE,
        "total_count is the number of pages",
        "total_count가 상담방 수가 아니라 페이지 수다",
        _total(lambda page: -(-page.total // page.asked.limit)),
    ),
    _row(
        "total-count-null-when-empty",
        ENVELOPE,
        "total_count is null where no room matches",
        "상담방이 없으면 total_count가 null이다",
        on_list(_null_when_none),
        when="an empty list",
    ),
    _row(
        "page-echo-always-1",
        ENVELOPE,
        "data.page is always 1",
        "응답의 page가 항상 1이다",
        _echo("page", lambda _: 1, lambda asked: asked.page > 1),
        when="page 2 and later",
    ),
    _row(
        "page-echo-from-zero",
        ENVELOPE,
        "data.page is one less than the page served",
        "응답의 page가 0부터 센 번호다",
        _echo("page", lambda page: page.asked.page - 1),
    ),
    _row(
        "limit-echo-always-10",
        ENVELOPE,
        "data.limit is always 10",
        "응답의 limit이 항상 10이다",
        _echo("limit", lambda _: 10),
        when="limit other than 10",
    ),
    _row(
        "limit-echo-of-served",
        ENVELOPE,
        "data.limit is the number of rooms on the page",
        "응답의 limit이 실제로 온 상담방 수다",
        _echo("limit", lambda page: len(page.rooms)),
        when="a page that is not full",
    ),
    _row(
        "total-count-stale-at-page-3",
        ENVELOPE,
        "on page 3 total_count is that of status 99",
        "3페이지에서만 total_count가 전체 상태의 건수다",
        _total(lambda page: page.ask(status=99).total, lambda asked: asked.page == 3 and asked.status != 99),
        when="a status other than 99, page 3",
    ),
)
