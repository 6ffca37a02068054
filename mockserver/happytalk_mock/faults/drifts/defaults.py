"""Drifts of the defaults: leaving a parameter out differs from writing its default out."""

from __future__ import annotations

from typing import Final

from .drift import Drift, rows_of
from .room_lists import Asked, Page, asking, losing, on_list
from .stated import DEFAULTS

_row = rows_of("defaults")


def _twenty(page: Page) -> None:
    page.payload.update(page.ask(limit=20).payload)


def _unlimited(asked: Asked) -> bool:
    return not asked.gave("limit")


def _nothing(page: Page) -> None:
    page.serve([])


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "default-limit-20",
        DEFAULTS,
        "without limit a page holds 20 rooms",
        "limit을 생략하면 20건씩 준다",
        on_list(_twenty, _unlimited),
        when="no limit",
    ),
    _row(
        "default-limit-20-with-status",
        DEFAULTS,
        "without limit a page holds 20 rooms once a status is asked for",
        "status를 지정하고 limit을 생략하면 20건씩 준다",
        on_list(_twenty, lambda asked: _unlimited(asked) and asked.status != 99),
        when="no limit, a status other than 99",
    ),
    _row(
        "default-order-ascending",
        DEFAULTS,
        "without sort_value the list is ascending",
        "sort_value를 생략하면 오름차순이다",
        asking(lambda _: {"sort_value": "asc"}, lambda asked: not asked.gave("sort_value")),
        when="no sort_value",
    ),
    _row(
        "default-order-ascending-by-completion",
        DEFAULTS,
        "by complate_date without sort_value the list is ascending",
        "complate_date 정렬에서 sort_value를 생략하면 오름차순이다",
        asking(
            lambda _: {"sort_value": "asc"},
            lambda asked: asked.sort_key == "complate_date" and not asked.gave("sort_value"),
        ),
        when="sort_key=complate_date, no sort_value",
    ),
    _row(
        "default-key-completion",
        DEFAULTS,
        "without sort_key the list is by complate_date",
        "sort_key를 생략하면 complate_date 순이다",
        asking(lambda _: {"sort_key": "complate_date"}, lambda asked: not asked.gave("sort_key")),
        when="no sort_key",
    ),
    _row(
        "default-status-hides-deleted",
        DEFAULTS,
        "without status deleted rooms are left out, which 99 shows",
        "status를 생략하면 삭제 상담방이 빠진다 (99로 보내면 나온다)",
        losing(lambda room, _: bool(room["status"] == "3"), lambda asked: not asked.gave("status")),
        when="no status, deleted rooms",
    ),
    _row(
        "status-99-finds-nothing",
        DEFAULTS,
        "99 written out lists nothing",
        "status=99를 명시하면 결과가 없다",
        on_list(_nothing, lambda asked: asked.gave("status") and asked.status == 99),
        when="status=99 written out",
    ),
    _row(
        "page-1-written-out-shifts",
        DEFAULTS,
        "page 1 written out begins at the second room",
        "page=1을 명시하면 두 번째 상담방부터 나온다",
        on_list(
            lambda page: page.serve(page.everything(), offset=1),
            lambda asked: asked.gave("page") and asked.page == 1,
        ),
        when="page=1 written out",
    ),
)
