"""Drifts of the counts: total_count, and what page and limit say was served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from .conditions import EMPTY_LIST, FILTERED, LATER, RANGED, TWO_PAGES, UNFILTERED, page
from .drift import Change, area, data, drift
from .room_lists import Page, on_list


def _counting(name: str, reckon: Callable[[Page], int]) -> Change[Page]:
    return on_list(lambda page: page.count(name, reckon(page)))


def _total(reckon: Callable[[Page], int]) -> Change[Page]:
    return _counting("total_count", reckon)


_OF_EVERY_STATUS: Final = _total(lambda page: page.ask(status=99).total)

DRIFTS: Final = area(
    "counts",
    drift("total-count-of-page", _total(lambda page: len(page.rooms)), TWO_PAGES),
    drift("total-count-one-too-many", _total(lambda page: page.total + 1)),
    drift("total-count-ignores-status", _OF_EVERY_STATUS, FILTERED),
    drift(
        "total-count-of-first-day",
        _total(lambda page: page.ask(edate=page.asked.first, page=1).total),
        RANGED.told("a range of several days"),
    ),
    drift(
        "total-count-stops-at-100",
        _total(lambda page: min(page.total, 100)),
        data("a list of more than 100 rooms"),
    ),
    drift("total-count-shrinks-by-page", _total(lambda page: max(page.total - page.asked.offset, 0)), LATER),
    drift(
        "total-count-without-deleted",
        _total(lambda page: page.total - page.ask(status=3, page=1).total),
        UNFILTERED & data("a list with deleted rooms"),
    ),
    drift("total-count-of-pages", _total(lambda page: -(-page.total // page.asked.limit))),
    drift(
        "total-count-null-when-empty", on_list(lambda page: page.data.update(total_count=None)), EMPTY_LIST
    ),
    drift("page-echo-always-1", _counting("page", lambda _: 1), LATER),
    drift("page-echo-from-zero", _counting("page", lambda page: page.asked.page - 1)),
    drift("limit-echo-always-10", _counting("limit", lambda _: 10), data("limit other than 10")),
    drift(
        "limit-echo-of-served",
        _counting("limit", lambda page: len(page.rooms)),
        data("a page that is not full"),
    ),
    drift("total-count-stale-at-page-3", _OF_EVERY_STATUS, FILTERED & page(3)),
)
