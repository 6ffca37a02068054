"""Faults in the priority of dates, and in defaults."""

from typing import Any

from .fault import Fault, Test, always, moved
from .spans import end_of_month, in_range, loses, shifted, span


def _f(name: str, breaks: str, says: str, do: Any, stage: str = "query", clock: str = "") -> Fault:
    return Fault(name=name, breaks=f"rooms-{breaks}", says=says, stage=stage, do=do, clock=clock)


def _given(ask: Any) -> str:
    """The ndate that stands beside a range, "" when there is none."""
    value = ask.body.get("ndate")
    return value if in_range(ask) and isinstance(value, str) and len(value) == 10 and value[4] == "-" else ""


def _ndate_wins(when: Test = always) -> Any:
    return span(lambda a: (_given(a),) * 2, lambda a: bool(_given(a)) and when(a))


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
        span(lambda a: (min(a.first, _given(a)), max(a.last, _given(a))), lambda a: bool(_given(a))),
    ),
    _f(
        "ndate-is-edate",
        "2",
        "ndate takes the place of edate when it lies in the range",
        span(lambda a: (a.first, _given(a)), lambda a: bool(_given(a)) and _inside(a)),
    ),
    _f(
        "range-dropped-by-ndate",
        "2",
        "range and ndate together are today",
        span(lambda a: (a.api.today,) * 2, lambda a: bool(_given(a))),
    ),
    _f(
        "ndate-ignored",
        "2",
        "ndate is ignored",
        span(lambda a: (a.api.today,) * 2, lambda a: a.dates == "ndate"),
    ),
    _f(
        "ndate-ignored-filtered",
        "2",
        "ndate is ignored with a filter",
        span(lambda a: (a.api.today,) * 2, lambda a: a.dates == "ndate" and a.filtered),
    ),
    _f(
        "ndate-ignored-by-end",
        "2",
        "ndate is ignored by complate_date",
        span(lambda a: (a.api.today,) * 2, lambda a: a.dates == "ndate" and a.by_end),
    ),
    _f(
        "ndate-till-today",
        "3",
        "ndate is that day and all after it",
        span(lambda a: (a.first, a.api.today), lambda a: a.dates == "ndate"),
    ),
    _f(
        "ndate-month",
        "3",
        "ndate is its month",
        span(lambda a: (a.first[:8] + "01", end_of_month(a.first)), lambda a: a.dates == "ndate"),
    ),
    _f(
        "ndate-day-before",
        "3",
        "ndate is the day before",
        span(lambda a: (shifted(a.first, -1),) * 2, lambda a: a.dates == "ndate"),
    ),
    _f("range-ignored", "2", "the range is ignored", span(lambda a: (a.api.today,) * 2, in_range)),
    _f(
        "range-ignored-filtered-end",
        "2",
        "the range is ignored by complate_date with a filter",
        span(lambda a: (a.api.today,) * 2, lambda a: in_range(a) and a.filtered and a.by_end),
    ),
)

_DEFAULTS = (
    _f("default-status-0", "7", "omitted status is 0", _omitted("status", 0)),
    _f("default-status-2", "7", "omitted status is 2", _omitted("status", 2)),
    _f(
        "default-status-not-deleted",
        "7",
        "omitted status leaves deleted rooms out",
        loses(lambda _, r: r["status"] == "3", lambda a: "status" not in a.body),
        "inside",
    ),
    _f(
        "default-status-open-range",
        "7",
        "omitted status is 2 in ranges",
        _omitted("status", 2, when=in_range),
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
    _f("default-limit-20-range", "7", "omitted limit is 20 in ranges", _limit_default(20, in_range)),
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
        loses(lambda _, r: r["status"] == "3", lambda a: a.body.get("status") == 99),
        "inside",
    ),
    _f(
        "explicit-today-yesterday",
        "7",
        "today written out lacks the newest rooms",
        loses(lambda a, r: moved(hours=1)(r["reg_date"]) > a.api.stamp, lambda a: a.dates == "ndate"),
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

PRIORITY_FAULTS = (*_PRIORITY, *_DEFAULTS)
