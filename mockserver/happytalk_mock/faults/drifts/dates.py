"""Drifts of the dates: both ends, the seconds at midnight, month ends, the priority of the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from ...core.clock import DAY, second_text
from . import conditions as when
from .drift import Record, area, data, drift
from .room_lists import ONE_DAY, Page, emptying, losing, misreading, mixing, on_list, one_day_more, ordered

_NO_RANGE: Final[Mapping[str, Any]] = {"sdate": None, "edate": None}
_RANGE_IGNORED: Final = misreading(lambda _: _NO_RANGE)


def _up_to_next_midnight(room: Record, page: Page) -> bool:
    return bool(room["reg_date"] <= f"{page.asked.last + ONE_DAY} 00:00:00")


def _joined(page: Page) -> None:
    asked = page.asked
    found = page.everything() + page.everything(**_NO_RANGE)
    page.serve(ordered(found, asked.sort_key, descending=asked.descending))


def _last_24_hours(page: Page) -> None:
    today, begin = page.exchange.today, second_text(page.exchange.now - DAY)
    rooms = page.everything(sdate=today - ONE_DAY, edate=today)
    page.serve([room for room in rooms if room["reg_date"] > begin])


def _by_end_date(page: Page) -> None:
    # A room may end days after it began; a week back finds those that end within the span.
    asked = page.asked
    rooms = page.everything(sdate=asked.first - timedelta(days=7), edate=asked.last)
    page.serve([room for room in rooms if str(asked.first) <= room["complate_date"][:10] <= str(asked.last)])


DRIFTS: Final = area(
    "dates",
    drift("end-day-excluded", losing, when.RANGED & when.LAST_DAY),
    drift("start-day-excluded", losing, when.RANGED & when.days(lambda day, asked: day == asked.first)),
    drift("end-day-excluded-in-long-ranges", losing, when.OVER_A_WEEK & when.LAST_DAY),
    drift(
        "one-day-range-empty",
        emptying,
        when.asks("sdate equal to edate", lambda asked: asked.ranged and asked.days == 1),
    ),
    drift(
        "last-second-lost",
        losing,
        when.dated(
            "a room at 23:59:59 of the last day", lambda time, asked: time == f"{asked.last} 23:59:59"
        ),
    ),
    drift(
        "last-minute-lost",
        losing,
        when.dated(
            "a room in the last minute of the last day", lambda time, asked: time >= f"{asked.last} 23:59:00"
        ),
    ),
    drift(
        "first-second-lost",
        losing,
        when.dated(
            "a room at 00:00:00 of the first day", lambda time, asked: time == f"{asked.first} 00:00:00"
        ),
    ),
    drift(
        "next-midnight-included",
        mixing(one_day_more, _up_to_next_midnight),
        data("a room at 00:00:00 of the day after"),
    ),
    drift(
        "month-end-lost",
        losing,
        when.OVER_MONTH_END & when.days(lambda day, asked: (day + ONE_DAY).day == 1 and day < asked.last),
    ),
    drift(
        "range-stops-at-month-end",
        losing,
        when.OVER_MONTH_END
        & when.days(lambda day, asked: (day.year, day.month) != (asked.first.year, asked.first.month)),
    ),
    drift(
        "first-of-month-empty",
        emptying,
        when.asks("one day, the first of a month", lambda asked: asked.days == 1 and asked.first.day == 1),
    ),
    drift(
        "sundays-lost-in-ranges",
        losing,
        when.SEVERAL_DAYS.told("a range of several days with a Sunday")
        & when.days(lambda day, _: day.weekday() == 6),
    ),
    drift(
        "range-capped-at-7-days",
        losing,
        when.OVER_A_WEEK & when.days(lambda day, asked: day <= asked.last - timedelta(days=7)),
    ),
    drift("dates-follow-sort-key", on_list(_by_end_date), when.BY_COMPLETION),
    drift(
        "dates-forgotten-from-page-2",
        misreading(lambda page: {**_NO_RANGE, "ndate": page.exchange.today}),
        when.LATER & data("other dates than today"),
    ),
    drift("ndate-beats-range", _RANGE_IGNORED, when.NDATE_TOO),
    drift("ndate-outside-range-beats-it", _RANGE_IGNORED, when.NDATE_OUTSIDE),
    drift("ndate-joins-range", on_list(_joined), when.NDATE_OUTSIDE),
    drift("ndate-narrows-range", losing, when.NDATE_TOO & when.days(lambda day, asked: day != asked.ndate)),
    drift("ndate-beats-range-with-status", _RANGE_IGNORED, when.NDATE_TOO & when.FILTERED),
    drift(
        "ndate-ignored",
        misreading(lambda _: {"ndate": None}),
        when.asks("ndate other than today", lambda asked: not asked.ranged and asked.ndate is not None),
    ),
    drift("range-ignored", _RANGE_IGNORED, when.RANGED),
    drift(
        "no-date-means-all-days",
        misreading(lambda _: {"sdate": "2000-01-01", "edate": "2099-12-31"}),
        when.UNDATED,
    ),
    drift(
        "no-date-means-yesterday",
        misreading(lambda page: {"ndate": page.exchange.today - ONE_DAY}),
        when.UNDATED,
    ),
    drift("no-date-means-24-hours", on_list(_last_24_hours), when.UNDATED),
    drift(
        "null-ndate-gets-nothing",
        emptying,
        when.UNDATED.told("ndate: null and no other date")
        & when.asks("", lambda asked: "ndate" in asked.body),
    ),
)
