"""Drifts of the dates: both ends, the seconds at midnight, month ends, the priority of the parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final

from ...core.clock import DAY, second_text
from .drift import Apply, Drift, rows_of
from .room_lists import ONE_DAY, Asked, Page, Room, asking, losing, mixing, on_list, ordered
from .stated import PRIORITY, SPAN

_row = rows_of("dates")
_NO_RANGE: Final[Mapping[str, Any]] = {"sdate": None, "edate": None}


def _day(room: Room) -> str:
    return str(room["reg_date"][:10])


def _ranged(asked: Asked) -> bool:
    return asked.ranged


def _several(asked: Asked) -> bool:
    return asked.days > 1


def _over_month_end(asked: Asked) -> bool:
    return (asked.first.year, asked.first.month) != (asked.last.year, asked.last.month)


def _undated(asked: Asked) -> bool:
    return not asked.dated


def _range_and_ndate(asked: Asked) -> bool:
    return asked.ranged and asked.ndate is not None


def _ndate_outside(asked: Asked) -> bool:
    return asked.ranged and asked.ndate is not None and not asked.first <= asked.ndate <= asked.last


def _losing_days(lost: Callable[[date, Asked], bool], where: Callable[[Asked], bool]) -> Apply:
    return losing(lambda room, page: lost(date.fromisoformat(_day(room)), page.asked), where)


def _is_month_end(day: date) -> bool:
    return (day + ONE_DAY).day == 1


def _up_to_next_midnight(room: Room, page: Page) -> bool:
    return bool(room["reg_date"] <= f"{page.asked.last + ONE_DAY} 00:00:00")


def _widened(page: Page) -> Mapping[str, Any]:
    return {"sdate": page.asked.first, "edate": page.asked.last + ONE_DAY}


def _joined(page: Page) -> None:
    asked = page.asked
    found = page.everything() + page.everything(**_NO_RANGE)
    page.serve(ordered(found, asked.sort_key, descending=asked.descending))


def _last_24_hours(page: Page) -> None:
    today, begin = page.context.today, second_text(page.context.now - DAY)
    rooms = page.everything(sdate=today - ONE_DAY, edate=today)
    page.serve([room for room in rooms if room["reg_date"] > begin])


def _by_end_date(page: Page) -> None:
    # A room may end days after it began; a week back finds those that end within the span.
    asked = page.asked
    rooms = page.everything(sdate=asked.first - timedelta(days=7), edate=asked.last)
    page.serve([room for room in rooms if str(asked.first) <= room["complate_date"][:10] <= str(asked.last)])


def _nothing(page: Page) -> None:
    page.serve([])


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "end-day-excluded",
        SPAN,
        "the day of edate is not in the range",
        "종료일(edate) 당일이 조회 기간에서 빠진다",
        _losing_days(lambda day, asked: day == asked.last, _ranged),
        when="sdate and edate",
    ),
    _row(
        "start-day-excluded",
        SPAN,
        "the day of sdate is not in the range",
        "시작일(sdate) 당일이 조회 기간에서 빠진다",
        _losing_days(lambda day, asked: day == asked.first, _ranged),
        when="sdate and edate",
    ),
    _row(
        "end-day-excluded-in-long-ranges",
        SPAN,
        "the day of edate is lost in ranges of more than a week",
        "7일을 넘는 기간에서만 종료일이 빠진다",
        _losing_days(lambda day, asked: day == asked.last, lambda asked: asked.ranged and asked.days > 7),
        when="a range of more than 7 days",
    ),
    _row(
        "one-day-range-empty",
        SPAN,
        "a range of one day is empty",
        "sdate와 edate가 같으면 결과가 없다",
        on_list(_nothing, lambda asked: asked.ranged and asked.days == 1),
        when="sdate equal to edate",
    ),
    _row(
        "last-second-lost",
        SPAN,
        "rooms of 23:59:59 on the last day are lost",
        "마지막 날 23:59:59에 등록된 상담방이 빠진다",
        losing(lambda room, page: bool(room["reg_date"] == f"{page.asked.last} 23:59:59")),
        when="a room at 23:59:59 of the last day",
    ),
    _row(
        "last-minute-lost",
        SPAN,
        "rooms from 23:59:00 on the last day are lost",
        "마지막 날 23:59 이후에 등록된 상담방이 빠진다",
        losing(lambda room, page: bool(room["reg_date"] >= f"{page.asked.last} 23:59:00")),
        when="a room in the last minute of the last day",
    ),
    _row(
        "first-second-lost",
        SPAN,
        "rooms of 00:00:00 on the first day are lost",
        "첫날 00:00:00에 등록된 상담방이 빠진다",
        losing(lambda room, page: bool(room["reg_date"] == f"{page.asked.first} 00:00:00")),
        when="a room at 00:00:00 of the first day",
    ),
    _row(
        "next-midnight-included",
        SPAN,
        "rooms of 00:00:00 on the day after are in the list",
        "다음 날 00:00:00에 등록된 상담방까지 나온다",
        on_list(mixing(_widened, _up_to_next_midnight)),
        when="a room at 00:00:00 of the day after",
    ),
    _row(
        "month-end-lost",
        SPAN,
        "in a range over a month end the month's last day is lost",
        "월말을 걸친 기간에서 그 달의 마지막 날이 빠진다",
        _losing_days(lambda day, asked: _is_month_end(day) and day < asked.last, _over_month_end),
        when="a range over a month end",
    ),
    _row(
        "range-stops-at-month-end",
        SPAN,
        "a range ends with the month it begins in",
        "기간이 다음 달로 넘어가면 월말까지만 조회된다",
        _losing_days(
            lambda day, asked: (day.year, day.month) != (asked.first.year, asked.first.month), _over_month_end
        ),
        when="a range over a month end",
    ),
    _row(
        "first-of-month-empty",
        SPAN,
        "the first day of a month asked for by itself is empty",
        "매월 1일을 하루만 조회하면 결과가 없다",
        on_list(_nothing, lambda asked: asked.days == 1 and asked.first.day == 1),
        when="one day, the first of a month",
    ),
    _row(
        "sundays-lost-in-ranges",
        SPAN,
        "Sundays are lost inside a range",
        "기간 조회에서 일요일이 빠진다",
        _losing_days(lambda day, _: day.weekday() == 6, _several),
        when="a range of several days with a Sunday",
    ),
    _row(
        "range-capped-at-7-days",
        SPAN,
        "of a longer range only the last 7 days are searched",
        "7일을 넘는 기간은 마지막 7일만 조회된다",
        _losing_days(lambda day, asked: day <= asked.last - timedelta(days=7), lambda asked: asked.days > 7),
        when="a range of more than 7 days",
    ),
    _row(
        "dates-follow-sort-key",
        SPAN,
        "sorted by complate_date, the dates are those of completion",
        "complate_date 정렬이면 날짜 조건도 종료일 기준이 된다",
        on_list(_by_end_date, lambda asked: asked.sort_key == "complate_date"),
        when="sort_key=complate_date",
    ),
    _row(
        "dates-forgotten-from-page-2",
        SPAN,
        "from page 2 on the list is today's, whatever the dates",
        "2페이지부터 날짜 조건을 잊고 당일을 조회한다",
        asking(lambda page: {**_NO_RANGE, "ndate": page.context.today}, lambda asked: asked.page > 1),
        when="page 2 and later, other dates than today",
    ),
    _row(
        "ndate-beats-range",
        PRIORITY,
        "ndate goes before sdate and edate",
        "ndate가 sdate, edate보다 우선한다",
        asking(lambda _: _NO_RANGE, _range_and_ndate),
        when="ndate with sdate and edate",
    ),
    _row(
        "ndate-outside-range-beats-it",
        PRIORITY,
        "ndate goes before sdate and edate if it lies outside them",
        "ndate가 기간 밖이면 ndate가 우선한다",
        asking(lambda _: _NO_RANGE, _ndate_outside),
        when="ndate outside sdate and edate",
    ),
    _row(
        "ndate-joins-range",
        PRIORITY,
        "an ndate outside the range is added to it",
        "기간 밖의 ndate가 기간에 더해진다",
        on_list(_joined, _ndate_outside),
        when="ndate outside sdate and edate",
    ),
    _row(
        "ndate-narrows-range",
        PRIORITY,
        "with ndate only that day of the range is searched",
        "ndate가 있으면 기간 중 그날만 조회된다",
        _losing_days(lambda day, asked: day != asked.ndate, _range_and_ndate),
        when="ndate with sdate and edate",
    ),
    _row(
        "ndate-beats-range-with-status",
        PRIORITY,
        "ndate goes before sdate and edate once a status is asked for",
        "status를 지정하면 ndate가 sdate, edate보다 우선한다",
        asking(lambda _: _NO_RANGE, lambda asked: _range_and_ndate(asked) and asked.status != 99),
        when="ndate with sdate and edate, a status other than 99",
    ),
    _row(
        "ndate-ignored",
        PRIORITY,
        "ndate is ignored: the list is today's",
        "ndate를 무시하고 항상 당일을 조회한다",
        asking(lambda _: {"ndate": None}, lambda asked: not asked.ranged and asked.ndate is not None),
        when="ndate other than today",
    ),
    _row(
        "range-ignored",
        PRIORITY,
        "sdate and edate are ignored: ndate or today",
        "sdate, edate를 무시하고 ndate 또는 당일을 조회한다",
        asking(lambda _: _NO_RANGE, _ranged),
        when="sdate and edate",
    ),
    _row(
        "no-date-means-all-days",
        PRIORITY,
        "without a date the list is of all days",
        "날짜가 없으면 전체 기간을 조회한다",
        asking(lambda _: {"sdate": "2000-01-01", "edate": "2099-12-31"}, _undated),
        when="no date",
    ),
    _row(
        "no-date-means-yesterday",
        PRIORITY,
        "without a date the list is yesterday's",
        "날짜가 없으면 전날을 조회한다",
        asking(lambda page: {"ndate": page.context.today - ONE_DAY}, _undated),
        when="no date",
    ),
    _row(
        "no-date-means-24-hours",
        PRIORITY,
        "without a date the list is of the last 24 hours",
        "날짜가 없으면 당일이 아니라 최근 24시간을 조회한다",
        on_list(_last_24_hours, _undated),
        when="no date",
    ),
    _row(
        "null-ndate-gets-nothing",
        PRIORITY,
        "ndate written out as null gets an empty list",
        "ndate를 null로 보내면 결과가 없다",
        on_list(_nothing, lambda asked: not asked.dated and "ndate" in asked.body),
        when="ndate: null and no other date",
    ),
)
