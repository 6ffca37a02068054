"""Drifts of the time zone: what is Seoul's day or hour is taken or written in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...core.clock import DAY, day_text
from .drift import Drift, rows_of
from .room_lists import ONE_DAY, Page, Room, asking, mixing, moved, on_list, on_rooms
from .stated import FIELDS, PRIORITY, SPAN

_row = rows_of("time zone")
#: Seoul is this far ahead of UTC, in seconds.
_AHEAD: Final = 9 * 3600


def _two_days(page: Page) -> Mapping[str, Any]:
    return {"sdate": page.asked.first, "edate": page.asked.last + ONE_DAY}


def _in_utc_days(room: Room, page: Page) -> bool:
    # The UTC day d runs from 09:00 of d to 09:00 of the day after, on a clock in Seoul.
    first, after = page.asked.first, page.asked.last + ONE_DAY
    return bool(f"{first} 09:00:00" <= room["reg_date"] < f"{after} 09:00:00")


def _utc_today(page: Page) -> Mapping[str, Any]:
    return {"ndate": day_text((page.context.now - _AHEAD) // DAY)}


def _registered_in_utc(room: Room, _page: Page) -> None:
    room["reg_date"] = moved(room["reg_date"], -_AHEAD)


def _completed_in_utc(room: Room, _page: Page) -> None:
    room["complate_date"] = moved(room["complate_date"], -_AHEAD)


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "utc-days",
        SPAN,
        "days run from 09:00 to 09:00 in Seoul, as UTC's do",
        "조회 일자를 UTC 기준 하루(한국 09시~익일 09시)로 본다",
        on_list(mixing(_two_days, _in_utc_days)),
    ),
    _row(
        "utc-days-in-ranges",
        SPAN,
        "days are UTC's in a range of several days",
        "여러 날을 조회할 때만 UTC 기준으로 본다",
        on_list(mixing(_two_days, _in_utc_days), lambda asked: asked.days > 1),
        when="a range of several days",
    ),
    _row(
        "utc-days-by-completion",
        SPAN,
        "days are UTC's when sorted by complate_date",
        "complate_date 정렬일 때만 UTC 기준으로 본다",
        on_list(mixing(_two_days, _in_utc_days), lambda asked: asked.sort_key == "complate_date"),
        when="sort_key=complate_date",
    ),
    _row(
        "utc-today",
        PRIORITY,
        "without a date the list is of the UTC day",
        "날짜가 없으면 UTC 기준 당일을 조회한다",
        asking(_utc_today, lambda asked: not asked.dated),
        when="no date, between 00:00 and 09:00 in Seoul",
    ),
    _row(
        "reg-date-in-utc",
        SPAN,
        "reg_date is written in UTC",
        "reg_date가 UTC 시각으로 온다",
        on_rooms(_registered_in_utc),
    ),
    _row(
        "complate-date-in-utc",
        FIELDS,
        "complate_date is written in UTC, so rooms end before they begin",
        "complate_date가 UTC 시각이라 등록 일시보다 앞선다",
        on_rooms(_completed_in_utc),
    ),
)
