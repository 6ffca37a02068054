"""Faults in dates, their priority, the day in Seoul, and defaults."""

from datetime import date, timedelta
from typing import Any

from .data import Room
from .fault import Fault, Test, always, moved


def _f(name: str, breaks: str, says: str, do: Any, stage: str = "query", clock: str = "") -> Fault:
    return Fault(name=name, breaks=f"rooms-{breaks}", says=says, stage=stage, do=do, clock=clock)


def shifted(day: str, days: int) -> str:
    """The day so many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def _span(change: Any, where: Test = always) -> Any:
    """A fault that turns (first, last) into another pair."""

    def do(ask: Any) -> None:
        if where(ask):
            ask.first, ask.last = change(ask)

    return do


def _loses(where: Test, when: Test = always) -> Any:
    """A fault that loses rooms of the span."""
    return lambda ask, inside, room: inside and not (when(ask) and where(ask, room))


def _by_time(told: Any, when: Test = always) -> Any:
    """A fault that judges rooms by another time than reg_date."""

    def do(ask: Any, inside: bool, room: Room) -> bool:
        return ask.first <= told(room) < ask.last + " 24" if when(ask) else inside

    return do


def _end(room: Room) -> str:
    return str(room["complate_date"])


def _utc(room: Room) -> str:
    return str(moved(hours=-9)(room["reg_date"]))


def _in_range(ask: Any) -> bool:
    return ask.dates == "range"


def _long(ask: Any) -> bool:
    return ask.first < ask.last


def _no_date(ask: Any) -> bool:
    return ask.dates == "today"


def _at(clock: str) -> Test:
    return lambda _, room: room["reg_date"].endswith(clock)


def _end_of_month(day: str) -> str:
    later = shifted(day[:8] + "01", 31)
    return shifted(later[:8] + "01", -1)


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
        _loses(lambda a, r: r["reg_date"] >= a.last, _in_range),
        "inside",
    ),
    _f(
        "end-day-excluded-long",
        "3",
        "the end day is left out of ranges of several days",
        _loses(lambda a, r: r["reg_date"] >= a.last, _long),
        "inside",
    ),
    _f(
        "end-day-excluded-filtered",
        "3",
        "the end day is left out of ranges with a filter",
        _loses(lambda a, r: r["reg_date"] >= a.last, lambda a: _long(a) and a.filtered),
        "inside",
    ),
    _f(
        "end-day-excluded-by-end",
        "3",
        "the end day is left out by complate_date",
        _loses(lambda a, r: r["reg_date"] >= a.last, lambda a: _long(a) and a.by_end),
        "inside",
    ),
    _f(
        "end-day-midnight-only",
        "3",
        "of the end day only 00:00:00 is in",
        _loses(lambda a, r: r["reg_date"] > a.last + " 00:00:00", _in_range),
        "inside",
    ),
    _f(
        "end-day-till-noon",
        "3",
        "the end day of a range stops at noon",
        _loses(lambda a, r: r["reg_date"] >= a.last + " 12", _long),
        "inside",
    ),
    _f(
        "start-day-excluded",
        "3",
        "the first day is left out of ranges of several days",
        _loses(lambda a, r: r["reg_date"] < shifted(a.first, 1), _long),
        "inside",
    ),
    _f(
        "start-day-excluded-asc",
        "3",
        "the first day is left out of ranges in asc",
        _loses(
            lambda a, r: r["reg_date"] < shifted(a.first, 1), lambda a: _long(a) and a.sort_value == "asc"
        ),
        "inside",
    ),
    _f(
        "middle-days-lost",
        "3",
        "a range holds its first and last day only",
        _loses(lambda a, r: a.first < r["reg_date"][:10] < a.last),
        "inside",
    ),
    _f(
        "last-second-lost",
        "3",
        "rooms at 23:59:59 are lost from ranges",
        _loses(_at("23:59:59"), _in_range),
        "inside",
    ),
    _f(
        "last-second-lost-long",
        "3",
        "rooms at 23:59:59 of the end day are lost",
        _loses(lambda a, r: r["reg_date"] == a.last + " 23:59:59", _long),
        "inside",
    ),
    _f(
        "last-second-lost-ndate",
        "3",
        "rooms at 23:59:59 are lost with ndate",
        _loses(_at("23:59:59"), lambda a: a.dates == "ndate"),
        "inside",
    ),
    _f(
        "midnight-lost",
        "3",
        "rooms at 00:00:00 are lost from ranges",
        _loses(_at("00:00:00"), _in_range),
        "inside",
    ),
    _f(
        "midnight-lost-first",
        "3",
        "rooms at 00:00:00 of the first day are lost",
        _loses(lambda a, r: r["reg_date"] == a.first + " 00:00:00", _in_range),
        "inside",
    ),
    _f(
        "midnight-lost-ndate",
        "3",
        "rooms at 00:00:00 are lost with ndate",
        _loses(_at("00:00:00"), lambda a: a.dates == "ndate"),
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
        _span(lambda a: (a.first, shifted(a.last, 1)), _in_range),
    ),
    _f(
        "next-day-in-filtered",
        "3",
        "ranges with a filter hold the day after too",
        _span(lambda a: (a.first, shifted(a.last, 1)), lambda a: _in_range(a) and a.filtered),
    ),
    _f(
        "day-before-in",
        "3",
        "ranges hold the day before too",
        _span(lambda a: (shifted(a.first, -1), a.last), _in_range),
    ),
    _f(
        "one-day-range-empty",
        "3",
        "sdate = edate holds nothing",
        _loses(always, lambda a: _in_range(a) and a.first == a.last),
        "inside",
    ),
    _f(
        "two-day-range-one",
        "3",
        "a range of two days holds the first",
        _span(lambda a: (a.first, a.first), lambda a: a.days == 2),
    ),
    _f("range-is-first-day", "3", "a range holds its first day only", _span(lambda a: (a.first, a.first))),
    _f("range-is-last-day", "3", "a range holds its last day only", _span(lambda a: (a.last, a.last))),
    _f(
        "range-cap-7",
        "3",
        "a range holds its last seven days",
        _span(lambda a: (max(a.first, shifted(a.last, -6)), a.last)),
    ),
    _f(
        "range-cap-30",
        "3",
        "a range holds its first thirty days",
        _span(lambda a: (a.first, min(a.last, shifted(a.first, 29)))),
    ),
    _f(
        "range-no-today",
        "3",
        "ranges stop at yesterday",
        _loses(lambda a, r: r["reg_date"] >= a.api.today, _in_range),
        "inside",
    ),
    _f("range-no-weekend", "3", "weekends are left out of ranges", _loses(_weekend, _long), "inside"),
    _f(
        "range-first-100",
        "3",
        "a range holds at most 100 rooms",
        lambda a, rooms: rooms[:100] if _in_range(a) else rooms,
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
        _loses(lambda _, r: r["status"] == "1", _long),
        "inside",
    ),
)

_MONTHS = (
    _f("month-end-lost", "3", "the last day of a month is lost", _loses(_on_month_end), "inside"),
    _f(
        "month-end-lost-range",
        "3",
        "the last day of a month is lost from ranges",
        _loses(_on_month_end, _long),
        "inside",
    ),
    _f(
        "month-end-lost-ndate",
        "3",
        "ndate on the last day of a month is empty",
        _loses(_on_month_end, lambda a: a.dates == "ndate"),
        "inside",
    ),
    _f(
        "month-end-edate-excluded",
        "3",
        "edate on the last day of a month is left out",
        _loses(lambda a, r: r["reg_date"] >= a.last, lambda a: _long(a) and _month_end(a.last)),
        "inside",
    ),
    _f(
        "month-first-lost",
        "3",
        "the first day of a month is lost from ranges",
        _loses(lambda _, r: r["reg_date"][8:10] == "01", _long),
        "inside",
    ),
    _f(
        "month-cut",
        "3",
        "a range stops with the month of its first day",
        _loses(lambda a, r: r["reg_date"][:7] > a.first[:7]),
        "inside",
    ),
    _f(
        "month-crossing-empty",
        "3",
        "a range over the end of a month is empty",
        _loses(always, _crosses_month),
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
        _loses(lambda a, r: r["reg_date"][:7] > a.first[:7], lambda a: a.filtered),
        "inside",
    ),
)

_ZONES = (
    _f("days-utc", "2", "days are those of UTC", _by_time(_utc), "inside"),
    _f("days-utc-range", "2", "days of ranges are those of UTC", _by_time(_utc, _in_range), "inside"),
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
        _span(lambda a: (a.api.utc_day,) * 2, _no_date),
        clock="night",
    ),
    _f(
        "today-yesterday", "2", "no date is yesterday", _span(lambda a: (shifted(a.first, -1),) * 2, _no_date)
    ),
    _f("today-all", "2", "no date is every day", _span(lambda a: ("2000-01-01", a.last), _no_date)),
    _f(
        "today-week",
        "2",
        "no date is the last seven days",
        _span(lambda a: (shifted(a.last, -6), a.last), _no_date),
    ),
    _f(
        "today-two-days",
        "2",
        "no date is yesterday and today",
        _span(lambda a: (shifted(a.last, -1), a.last), _no_date),
    ),
    _f("today-tomorrow", "2", "no date is tomorrow", _span(lambda a: (shifted(a.last, 1),) * 2, _no_date)),
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
        _loses(lambda _, r: r["status"] in ("2", "3", "4"), _no_date),
        "inside",
    ),
    _f(
        "today-all-filtered",
        "2",
        "no date with a filter is every day",
        _span(lambda a: ("2000-01-01", a.last), lambda a: _no_date(a) and a.filtered),
    ),
    _f(
        "today-all-by-end",
        "2",
        "no date by complate_date is every day",
        _span(lambda a: ("2000-01-01", a.last), lambda a: _no_date(a) and a.by_end),
    ),
    _f(
        "null-ndate-all",
        "2",
        "ndate null is every day, absent is today",
        _span(lambda a: ("2000-01-01", a.last), lambda a: _no_date(a) and "ndate" in a.body),
    ),
    _f(
        "null-range-empty",
        "2",
        "sdate and edate null is nothing, absent is today",
        _loses(always, lambda a: _no_date(a) and "sdate" in a.body),
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
        _by_time(_end, lambda a: a.by_end and _in_range(a) and a.sort_value == "asc"),
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


def _given(ask: Any) -> str:
    """The ndate that stands beside a range, "" when there is none."""
    value = ask.body.get("ndate")
    return value if _in_range(ask) and isinstance(value, str) and len(value) == 10 and value[4] == "-" else ""


def _ndate_wins(when: Test = always) -> Any:
    return _span(lambda a: (_given(a),) * 2, lambda a: bool(_given(a)) and when(a))


def _inside(ask: Any) -> bool:
    return bool(ask.first <= _given(ask) <= ask.last)


def _omitted(name: str, value: Any, key: str | None = None, when: Test = always) -> Any:
    """A fault that gives an omitted parameter another value than its default."""

    def do(ask: Any) -> None:
        if name not in ask.body and when(ask):
            setattr(ask, key or name, value)

    return do


def _limit_default(value: int, when: Test = always) -> Any:
    def do(ask: Any) -> None:
        if "limit" not in ask.body and when(ask):
            ask.limit = ask.echo = value

    return do


_PRIORITY = (
    _f("ndate-wins", "2", "ndate wins over the range", _ndate_wins()),
    _f("ndate-wins-inside", "2", "ndate wins when it lies in the range", _ndate_wins(_inside)),
    _f(
        "ndate-wins-outside",
        "2",
        "ndate wins when it lies outside the range",
        _ndate_wins(lambda a: not _inside(a)),
    ),
    _f(
        "ndate-wins-after",
        "2",
        "ndate wins when it lies after the range",
        _ndate_wins(lambda a: _given(a) > a.last),
    ),
    _f("ndate-wins-filtered", "2", "ndate wins with a status filter", _ndate_wins(lambda a: a.filtered)),
    _f("ndate-wins-by-end", "2", "ndate wins by complate_date", _ndate_wins(lambda a: a.by_end)),
    _f(
        "ndate-wins-today",
        "2",
        "ndate wins when it is today",
        _ndate_wins(lambda a: _given(a) == a.api.today),
    ),
    _f(
        "ndate-widens",
        "2",
        "ndate widens the range",
        _span(lambda a: (min(a.first, _given(a)), max(a.last, _given(a))), lambda a: bool(_given(a))),
    ),
    _f(
        "ndate-is-edate",
        "2",
        "ndate takes the place of edate when it lies in the range",
        _span(lambda a: (a.first, _given(a)), lambda a: bool(_given(a)) and _inside(a)),
    ),
    _f(
        "range-dropped-by-ndate",
        "2",
        "range and ndate together are today",
        _span(lambda a: (a.api.today,) * 2, lambda a: bool(_given(a))),
    ),
    _f(
        "ndate-ignored",
        "2",
        "ndate is ignored",
        _span(lambda a: (a.api.today,) * 2, lambda a: a.dates == "ndate"),
    ),
    _f(
        "ndate-ignored-filtered",
        "2",
        "ndate is ignored with a filter",
        _span(lambda a: (a.api.today,) * 2, lambda a: a.dates == "ndate" and a.filtered),
    ),
    _f(
        "ndate-ignored-by-end",
        "2",
        "ndate is ignored by complate_date",
        _span(lambda a: (a.api.today,) * 2, lambda a: a.dates == "ndate" and a.by_end),
    ),
    _f(
        "ndate-till-today",
        "3",
        "ndate is that day and all after it",
        _span(lambda a: (a.first, a.api.today), lambda a: a.dates == "ndate"),
    ),
    _f(
        "ndate-month",
        "3",
        "ndate is its month",
        _span(lambda a: (a.first[:8] + "01", _end_of_month(a.first)), lambda a: a.dates == "ndate"),
    ),
    _f(
        "ndate-day-before",
        "3",
        "ndate is the day before",
        _span(lambda a: (shifted(a.first, -1),) * 2, lambda a: a.dates == "ndate"),
    ),
    _f("range-ignored", "2", "the range is ignored", _span(lambda a: (a.api.today,) * 2, _in_range)),
    _f(
        "range-ignored-filtered-end",
        "2",
        "the range is ignored by complate_date with a filter",
        _span(lambda a: (a.api.today,) * 2, lambda a: _in_range(a) and a.filtered and a.by_end),
    ),
)

_DEFAULTS = (
    _f("default-status-0", "7", "omitted status is 0", _omitted("status", 0)),
    _f("default-status-2", "7", "omitted status is 2", _omitted("status", 2)),
    _f(
        "default-status-not-deleted",
        "7",
        "omitted status leaves deleted rooms out",
        _loses(lambda _, r: r["status"] == "3", lambda a: "status" not in a.body),
        "inside",
    ),
    _f(
        "default-status-open-range",
        "7",
        "omitted status is 2 in ranges",
        _omitted("status", 2, when=_in_range),
    ),
    _f(
        "default-status-1-by-end",
        "7",
        "omitted status is 2 by complate_date",
        _omitted("status", 2, when=lambda a: a.by_end),
    ),
    _f("default-asc", "7", "omitted sort_value is asc", _omitted("sort_value", "asc")),
    _f(
        "default-asc-by-end",
        "7",
        "omitted sort_value is asc by complate_date",
        _omitted("sort_value", "asc", when=lambda a: a.by_end),
    ),
    _f(
        "default-asc-sort-key",
        "7",
        "omitted sort_value is asc when sort_key is given",
        _omitted("sort_value", "asc", when=lambda a: "sort_key" in a.body),
    ),
    _f(
        "default-asc-filtered",
        "7",
        "omitted sort_value is asc with a filter",
        _omitted("sort_value", "asc", when=lambda a: a.filtered),
    ),
    _f("default-end", "7", "omitted sort_key is complate_date", _omitted("sort_key", "complate_date")),
    _f(
        "default-end-done",
        "7",
        "omitted sort_key is complate_date when done rooms are asked for",
        _omitted("sort_key", "complate_date", when=lambda a: a.status == 2),
    ),
    _f(
        "default-end-asc",
        "7",
        "omitted sort_key is complate_date with sort_value asc",
        _omitted("sort_key", "complate_date", when=lambda a: a.sort_value == "asc"),
    ),
    _f("default-limit-20", "7", "omitted limit is 20", _limit_default(20)),
    _f("default-limit-50", "7", "omitted limit is 50", _limit_default(50)),
    _f("default-limit-9", "7", "omitted limit is 9", _limit_default(9)),
    _f("default-limit-20-range", "7", "omitted limit is 20 in ranges", _limit_default(20, _in_range)),
    _f(
        "default-limit-50-filtered",
        "7",
        "omitted limit is 50 with a filter",
        _limit_default(50, lambda a: a.filtered),
    ),
    _f("default-limit-untold", "7", "omitted limit is 20 and told as 10", _omitted("limit", 20)),
    _f("default-page-2", "7", "omitted page is 2", _omitted("page", 2)),
    _f(
        "default-page-2-limit",
        "7",
        "omitted page is 2 when limit is given",
        _omitted("page", 2, when=lambda a: "limit" in a.body),
    ),
    _f(
        "explicit-99-no-deleted",
        "7",
        "status 99 written out leaves deleted rooms out",
        _loses(lambda _, r: r["status"] == "3", lambda a: a.body.get("status") == 99),
        "inside",
    ),
    _f(
        "explicit-today-yesterday",
        "7",
        "today written out lacks the newest rooms",
        _loses(lambda a, r: moved(hours=1)(r["reg_date"]) > a.api.stamp, lambda a: a.dates == "ndate"),
        "inside",
    ),
    _f(
        "explicit-reg-date-asc",
        "7",
        "sort_key reg_date written out is asc",
        lambda a: (
            setattr(a, "sort_value", "asc")
            if a.body.get("sort_key") == "reg_date" and "sort_value" not in a.body
            else None
        ),
    ),
    _f(
        "explicit-page-1-is-2",
        "7",
        "page 1 written out is page 2",
        lambda a: setattr(a, "page", 2) if a.body.get("page") == 1 else None,
    ),
    _f(
        "explicit-limit-10-is-9",
        "7",
        "limit 10 written out is 9",
        lambda a: setattr(a, "limit", 9) if a.body.get("limit") == 10 else None,
    ),
)

DATE_FAULTS = (*_ENDS, *_MONTHS, *_ZONES, *_PRIORITY, *_DEFAULTS)
