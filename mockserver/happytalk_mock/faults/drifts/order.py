"""Drifts of the order of the list: by key, by direction, on some pages or for some questions only."""

from __future__ import annotations

import zlib
from typing import Final

from . import conditions as when
from .drift import Change, Record, area, data, drift
from .room_lists import Page, misreading, on_list, ordered

_OTHER_WAY: Final = misreading(lambda page: {"sort_value": "asc" if page.asked.descending else "desc"})
_DESCENDING: Final = misreading(lambda _: {"sort_value": "desc"})
_BY_REGISTRATION: Final = misreading(lambda _: {"sort_key": "reg_date"})


def _mixed(room: Record, salt: object = "") -> int:
    return zlib.crc32(f"{salt}/{room['id']}".encode())


def _swapped_neighbours(page: Page) -> None:
    rooms = page.rooms
    if len(rooms) > 1:
        middle = len(rooms) // 2
        rooms[middle - 1], rooms[middle] = rooms[middle], rooms[middle - 1]


def _sorted_on_page_only(page: Page) -> None:
    page.serve(sorted(page.everything(), key=_mixed))
    page.data["chat_list"] = ordered(page.rooms, page.asked.sort_key, descending=page.asked.descending)


def _by_clipped(length: int) -> Change[Page]:
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


DRIFTS: Final = area(
    "sort",
    drift("sort-value-reversed", _OTHER_WAY),
    drift("sort-value-ignored", _DESCENDING, when.ASCENDING),
    drift("sort-key-ignored", _BY_REGISTRATION, when.BY_COMPLETION),
    drift("page-unsorted", on_list(lambda page: page.rooms.sort(key=_mixed))),
    drift("neighbours-swapped", on_list(_swapped_neighbours)),
    drift("sorted-on-page-only", on_list(_sorted_on_page_only), when.TWO_PAGES),
    drift("sorted-by-day-only", _by_clipped(10)),
    drift("sorted-by-hour-only", _by_clipped(13), data("two rooms in the same hour")),
    drift("sorted-by-time-of-day", on_list(_by_time_of_day), when.SEVERAL_DAYS),
    drift("ties-move-between-pages", on_list(_ties_by_page), data("rooms with equal dates")),
    drift("last-page-reversed", on_list(lambda page: page.rooms.reverse()), when.LAST_PAGE),
    drift(
        "done-asc-by-registration-from-page-2",
        _BY_REGISTRATION,
        when.status(2) & when.BY_COMPLETION & when.ASCENDING & when.LATER,
    ),
    drift("sort-key-lost-in-ranges", _BY_REGISTRATION, when.BY_COMPLETION & when.SEVERAL_DAYS),
    drift("asc-lost-with-status", _DESCENDING, when.ASCENDING & when.FILTERED),
    drift("direction-flips-at-limit-50", _OTHER_WAY, when.BY_COMPLETION & when.LIMIT_50),
    drift("deleted-by-registration", _BY_REGISTRATION, when.status(3) & when.BY_COMPLETION),
    drift("asc-lost-past-page-2", _DESCENDING, when.ASCENDING & when.from_page(3)),
)
