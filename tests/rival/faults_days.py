"""Faults in the days that a list holds, and in what today is."""

from datetime import date
from typing import Any

from .data import Room
from .fault import Fault, Test, always, moved
from .spans import in_range, loses, shifted, span


def _f(name: str, breaks: str, says: str, do: Any, stage: str = "query", clock: str = "") -> Fault:
    return Fault(name=name, breaks=f"rooms-{breaks}", says=says, stage=stage, do=do, clock=clock)


def _by_time(told: Any, when: Test = always) -> Any:
    """A fault that judges rooms by another time than reg_date."""

    def do(ask: Any, inside: bool, room: Room) -> bool:
        return ask.first <= told(room) < ask.last + " 24" if when(ask) else inside

    return do


def _end(room: Room) -> str:
    return str(room["complate_date"])


def _utc(room: Room) -> str:
    return str(moved(hours=-9)(room["reg_date"]))


def _long(ask: Any) -> bool:
    return ask.first < ask.last


def _no_date(ask: Any) -> bool:
    return ask.dates == "today"


def _at(clock: str) -> Test:
    return lambda _, room: room["reg_date"].endswith(clock)


def _month_end(day: str) -> bool:
    return shifted(day, 1).endswith("-01")


def _on_month_end(_: Any, room: Room) -> bool:
    return _month_end(room["reg_date"][:10])


def _crosses_month(ask: Any) -> bool:
    return ask.first[:7] < ask.last[:7]


def _weekend(_: Any, room: Room) -> bool:
    return date.fromisoformat(room["reg_date"][:10]).weekday() >= 5


_ENDS = (
    _f(
        "end-day-excluded",
        "3",
        "the end day of a range is left out",
        loses(lambda a, r: r["reg_date"] >= a.last, in_range),
        "inside",
    ),
    _f(
        "end-day-excluded-long",
        "3",
        "the end day is left out of ranges of several days",
        loses(lambda a, r: r["reg_date"] >= a.last, _long),
        "inside",
    ),
    _f(
        "end-day-excluded-filtered",
        "3",
        "the end day is left out of ranges with a filter",
        loses(lambda a, r: r["reg_date"] >= a.last, lambda a: _long(a) and a.filtered),
        "inside",
    ),
    _f(
        "end-day-excluded-by-end",
        "3",
        "the end day is left out by complate_date",
        loses(lambda a, r: r["reg_date"] >= a.last, lambda a: _long(a) and a.by_end),
        "inside",
    ),
    _f(
        "end-day-midnight-only",
        "3",
        "of the end day only 00:00:00 is in",
        loses(lambda a, r: r["reg_date"] > a.last + " 00:00:00", in_range),
        "inside",
    ),
    _f(
        "end-day-till-noon",
        "3",
        "the end day of a range stops at noon",
        loses(lambda a, r: r["reg_date"] >= a.last + " 12", _long),
        "inside",
    ),
    _f(
        "start-day-excluded",
        "3",
        "the first day is left out of ranges of several days",
        loses(lambda a, r: r["reg_date"] < shifted(a.first, 1), _long),
        "inside",
    ),
    _f(
        "start-day-excluded-asc",
        "3",
        "the first day is left out of ranges in asc",
        loses(lambda a, r: r["reg_date"] < shifted(a.first, 1), lambda a: _long(a) and a.sort_value == "asc"),
        "inside",
    ),
    _f(
        "middle-days-lost",
        "3",
        "a range holds its first and last day only",
        loses(lambda a, r: a.first < r["reg_date"][:10] < a.last),
        "inside",
    ),
    _f(
        "last-second-lost",
        "3",
        "rooms at 23:59:59 are lost from ranges",
        loses(_at("23:59:59"), in_range),
        "inside",
    ),
    _f(
        "last-second-lost-long",
        "3",
        "rooms at 23:59:59 of the end day are lost",
        loses(lambda a, r: r["reg_date"] == a.last + " 23:59:59", _long),
        "inside",
    ),
    _f(
        "last-second-lost-ndate",
        "3",
        "rooms at 23:59:59 are lost with ndate",
        loses(_at("23:59:59"), lambda a: a.dates == "ndate"),
        "inside",
    ),
    _f(
        "midnight-lost",
        "3",
        "rooms at 00:00:00 are lost from ranges",
        loses(_at("00:00:00"), in_range),
        "inside",
    ),
    _f(
        "midnight-lost-first",
        "3",
        "rooms at 00:00:00 of the first day are lost",
        loses(lambda a, r: r["reg_date"] == a.first + " 00:00:00", in_range),
        "inside",
    ),
    _f(
        "midnight-lost-ndate",
        "3",
        "rooms at 00:00:00 are lost with ndate",
        loses(_at("00:00:00"), lambda a: a.dates == "ndate"),
        "inside",
    ),
    _f(
        "next-midnight-in",
        "3",
        "00:00:00 of the next day is in",
        lambda a, ok, r: ok or r["reg_date"] == shifted(a.last, 1) + " 00:00:00",
        "inside",
    ),
    _f(
        "next-day-in",
        "3",
        "ranges hold the day after too",
        span(lambda a: (a.first, shifted(a.last, 1)), in_range),
    ),
    _f(
        "next-day-in-filtered",
        "3",
        "ranges with a filter hold the day after too",
        span(lambda a: (a.first, shifted(a.last, 1)), lambda a: in_range(a) and a.filtered),
    ),
    _f(
        "day-before-in",
        "3",
        "ranges hold the day before too",
        span(lambda a: (shifted(a.first, -1), a.last), in_range),
    ),
    _f(
        "one-day-range-empty",
        "3",
        "sdate = edate holds nothing",
        loses(always, lambda a: in_range(a) and a.first == a.last),
        "inside",
    ),
    _f(
        "two-day-range-one",
        "3",
        "a range of two days holds the first",
        span(lambda a: (a.first, a.first), lambda a: a.days == 2),
    ),
    _f("range-is-first-day", "3", "a range holds its first day only", span(lambda a: (a.first, a.first))),
    _f("range-is-last-day", "3", "a range holds its last day only", span(lambda a: (a.last, a.last))),
    _f(
        "range-cap-7",
        "3",
        "a range holds its last seven days",
        span(lambda a: (max(a.first, shifted(a.last, -6)), a.last)),
    ),
    _f(
        "range-cap-30",
        "3",
        "a range holds its first thirty days",
        span(lambda a: (a.first, min(a.last, shifted(a.first, 29)))),
    ),
    _f(
        "range-no-today",
        "3",
        "ranges stop at yesterday",
        loses(lambda a, r: r["reg_date"] >= a.api.today, in_range),
        "inside",
    ),
    _f("range-no-weekend", "3", "weekends are left out of ranges", loses(_weekend, _long), "inside"),
    _f(
        "range-first-100",
        "3",
        "a range holds at most 100 rooms",
        lambda a, rooms: rooms[:100] if in_range(a) else rooms,
        "rooms",
    ),
    _f(
        "range-first-50-a-day",
        "3",
        "a day of a range holds at most 50 rooms",
        lambda a, rooms: (
            [
                r
                for at, r in enumerate(rooms)
                if sum(q["reg_date"][:10] == r["reg_date"][:10] for q in rooms[max(0, at - 60) : at]) < 50
            ]
            if _long(a)
            else rooms
        ),
        "rooms",
    ),
    _f(
        "range-loses-open",
        "3",
        "rooms in progress are lost from ranges",
        loses(lambda _, r: r["status"] == "1", _long),
        "inside",
    ),
)

_MONTHS = (
    _f(
        "month-end-lost-range",
        "3",
        "the last day of a month is lost from ranges",
        loses(_on_month_end, _long),
        "inside",
    ),
    _f(
        "month-end-lost-ndate",
        "3",
        "ndate on the last day of a month is empty",
        loses(_on_month_end, lambda a: a.dates == "ndate"),
        "inside",
    ),
    _f(
        "month-end-edate-excluded",
        "3",
        "edate on the last day of a month is left out",
        loses(lambda a, r: r["reg_date"] >= a.last, lambda a: _long(a) and _month_end(a.last)),
        "inside",
    ),
    _f(
        "month-first-lost",
        "3",
        "the first day of a month is lost from ranges",
        loses(lambda _, r: r["reg_date"][8:10] == "01", _long),
        "inside",
    ),
    _f(
        "month-cut",
        "3",
        "a range stops with the month of its first day",
        loses(lambda a, r: r["reg_date"][:7] > a.first[:7]),
        "inside",
    ),
    _f(
        "month-crossing-empty",
        "3",
        "a range over the end of a month is empty",
        loses(always, _crosses_month),
        "inside",
    ),
    _f(
        "month-crossing-by-day",
        "3",
        "over the end of a month only the day of the month counts",
        lambda a, ok, r: r["reg_date"][8:10] <= a.last[8:] if _crosses_month(a) and ok else ok,
        "inside",
    ),
    _f(
        "month-crossing-filtered",
        "3",
        "with a filter a range stops at the end of a month",
        loses(lambda a, r: r["reg_date"][:7] > a.first[:7], lambda a: a.filtered),
        "inside",
    ),
)

_ZONES = (
    _f("days-utc", "2", "days are those of UTC", _by_time(_utc), "inside"),
    _f("days-utc-range", "2", "days of ranges are those of UTC", _by_time(_utc, in_range), "inside"),
    _f(
        "days-utc-ndate", "2", "ndate is a day of UTC", _by_time(_utc, lambda a: a.dates == "ndate"), "inside"
    ),
    _f(
        "days-utc-filtered",
        "2",
        "with a filter days are those of UTC",
        _by_time(_utc, lambda a: a.filtered),
        "inside",
    ),
    _f(
        "today-utc",
        "2",
        "no date is the day in UTC",
        span(lambda a: (a.api.utc_day,) * 2, _no_date),
        clock="night",
    ),
    _f("today-yesterday", "2", "no date is yesterday", span(lambda a: (shifted(a.first, -1),) * 2, _no_date)),
    _f("today-all", "2", "no date is every day", span(lambda a: ("2000-01-01", a.last), _no_date)),
    _f(
        "today-week",
        "2",
        "no date is the last seven days",
        span(lambda a: (shifted(a.last, -6), a.last), _no_date),
    ),
    _f(
        "today-two-days",
        "2",
        "no date is yesterday and today",
        span(lambda a: (shifted(a.last, -1), a.last), _no_date),
    ),
    _f("today-tomorrow", "2", "no date is tomorrow", span(lambda a: (shifted(a.last, 1),) * 2, _no_date)),
    _f(
        "today-24-hours",
        "2",
        "no date is the last 24 hours",
        lambda a, ok, r: moved(hours=24)(r["reg_date"]) > a.api.stamp if _no_date(a) else ok,
        "inside",
    ),
    _f(
        "today-only-open",
        "2",
        "no date is the open rooms of today",
        loses(lambda _, r: r["status"] in ("2", "3", "4"), _no_date),
        "inside",
    ),
    _f(
        "today-all-filtered",
        "2",
        "no date with a filter is every day",
        span(lambda a: ("2000-01-01", a.last), lambda a: _no_date(a) and a.filtered),
    ),
    _f(
        "today-all-by-end",
        "2",
        "no date by complate_date is every day",
        span(lambda a: ("2000-01-01", a.last), lambda a: _no_date(a) and a.by_end),
    ),
    _f(
        "null-ndate-all",
        "2",
        "ndate null is every day, absent is today",
        span(lambda a: ("2000-01-01", a.last), lambda a: _no_date(a) and "ndate" in a.body),
    ),
    _f(
        "null-range-empty",
        "2",
        "sdate and edate null is nothing, absent is today",
        loses(always, lambda a: _no_date(a) and "sdate" in a.body),
        "inside",
    ),
    _f(
        "dates-by-end-sorted",
        "3",
        "by complate_date the dates are those of the end",
        _by_time(_end, lambda a: a.by_end),
        "inside",
    ),
    _f(
        "dates-by-end-range-sorted",
        "3",
        "by complate_date asc a range is one of the ends",
        _by_time(_end, lambda a: a.by_end and in_range(a) and a.sort_value == "asc"),
        "inside",
    ),
    _f("dates-by-end", "3", "the dates are those of the end", _by_time(_end), "inside"),
    _f(
        "dates-by-end-done",
        "3",
        "when done rooms are asked for, the dates are those of the end",
        _by_time(_end, lambda a: a.status == 2),
        "inside",
    ),
    _f(
        "dates-by-end-done-sorted",
        "3",
        "done rooms by complate_date: the dates are those of the end",
        _by_time(_end, lambda a: a.status == 2 and a.by_end),
        "inside",
    ),
)


DAY_FAULTS = (*_ENDS, *_MONTHS, *_ZONES)
