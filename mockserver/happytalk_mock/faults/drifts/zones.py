"""Drifts of the time zone: what is Seoul's day or hour is taken or written in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...core.clock import DAY, day_text
from .conditions import BY_COMPLETION, SEVERAL_DAYS, UNDATED
from .drift import Change, Record, area, data, drift
from .room_lists import ONE_DAY, Page, misreading, mixing, moved, on_rooms, one_day_more

#: Seoul is this far ahead of UTC, in seconds.
_AHEAD: Final = 9 * 3600


def _in_utc_days(room: Record, page: Page) -> bool:
    # The UTC day d runs from 09:00 of d to 09:00 of the day after, on a clock in Seoul.
    first, after = page.asked.first, page.asked.last + ONE_DAY
    return bool(f"{first} 09:00:00" <= room["reg_date"] < f"{after} 09:00:00")


_UTC_DAYS: Final = mixing(one_day_more, _in_utc_days)


def _utc_today(page: Page) -> Mapping[str, Any]:
    return {"ndate": day_text((page.exchange.now - _AHEAD) // DAY)}


def _in_utc(name: str) -> Change[Page]:
    return on_rooms(lambda room: room.update({name: moved(room[name], -_AHEAD)}))


DRIFTS: Final = area(
    "time zone",
    drift("utc-days", _UTC_DAYS),
    drift("utc-days-in-ranges", _UTC_DAYS, SEVERAL_DAYS),
    drift("utc-days-by-completion", _UTC_DAYS, BY_COMPLETION),
    drift("utc-today", misreading(_utc_today), UNDATED & data("between 00:00 and 09:00 in Seoul")),
    drift("reg-date-in-utc", _in_utc("reg_date")),
    drift("complate-date-in-utc", _in_utc("complate_date")),
)
