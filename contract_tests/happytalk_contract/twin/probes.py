"""Questions that may tell the answers to one open question apart; which of them do, the model says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from typing import Any, Final

from happytalk_contract.engine.scout import ranged
from happytalk_contract.questions.probes import HUGE
from happytalk_contract.twin.world import World

Params = dict[str, Any]

#: Values by question, the plainest first; each is asked beside days that have rooms.
VALUES: Final[Mapping[str, tuple[Params, ...]]] = {
    "limit_above_max": ({"limit": 51}, {"limit": 1000000}),
    "limit_echo": ({"limit": 51}, {"limit": 100}),
    "limit_invalid.zero": ({"limit": 0}, {"limit": "0"}),
    "limit_invalid.negative": ({"limit": -1}, {"limit": -2147483649}),
    "limit_invalid.fraction": ({"limit": 1.5}, {"limit": 20.25}),
    "limit_invalid.text": ({"limit": "abc"}, {"limit": ""}, {"limit": "1 OR 1=1"}),
    "limit_invalid.huge": ({"limit": HUGE}, {"limit": 2**63}),
    "limit_invalid.type": ({"limit": []}, {"limit": True}, {"limit": {"a": 1}}),
    "page_invalid.zero": ({"page": 0}, {"page": "0"}),
    "page_invalid.negative": ({"page": -1}, {"page": -2147483649}),
    "page_invalid.fraction": ({"page": 1.5}, {"page": 20.25}),
    "page_invalid.text": ({"page": "abc"}, {"page": ""}, {"page": "1 OR 1=1"}),
    "page_invalid.huge": ({"page": HUGE}, {"page": 2**63}),
    "page_invalid.type": ({"page": []}, {"page": True}, {"page": {"a": 1}}),
    "page_past_end": ({"page": 9999}, {"page": 500, "limit": 50}),
    "page_echo": ({"page": 0}, {"page": -1}, {"page": "abc"}, {"page": 1.5}, {"page": HUGE}, {"page": []}),
    "unknown_sort.key": ({"sort_key": "title"}, {"sort_key": ""}, {"sort_key": []}),
    "unknown_sort.value": ({"sort_value": "up"}, {"sort_value": ""}, {"sort_value": 1}),
    "unknown_status.4": ({"status": 4}, {"status": "4"}),
    "unknown_status.number": ({"status": 7}, {"status": -99}, {"status": 1.5}),
    "unknown_status.text": ({"status": "abc"}, {"status": ""}),
    "unknown_status.type": ({"status": []}, {"status": True}, {"status": {"a": 1}}),
    "null_value": ({"limit": None}, {"page": None}, {"status": None}, {"sort_key": None}, {"sort_value": None}),
    "numeric_text": ({"limit": "3"}, {"status": "2"}, {"page": "2"}),
    "whole_fraction": ({"limit": 3.0}, {"page": 2.0}, {"status": 2.0}),
    "unknown_parameters": ({"unknown": "x"}, {"start_date": "2022-05-26"}),
    "zero_date_order": ({"sort_key": "complate_date", "sort_value": "asc", "limit": 50},),
}  # fmt: skip


def pool(question: str, world: World) -> Iterator[Params]:
    """Questions worth a thought, the plainest first."""
    if question in VALUES:
        for value, asked in product(VALUES[question], _some_days(world)):
            yield {**asked, **value}
            if question.startswith(("unknown_", "numeric", "null")) and "limit" not in value:
                yield {**asked, "limit": 50, **value}
        return
    days = _days(world)
    for day, other in product(days[:6], days[:6]):
        if day != other:
            yield from _of_dates(question, day, other)


def _of_dates(question: str, day: date, other: date) -> Iterator[Params]:
    beside = {"ndate": other.isoformat(), "limit": 50}
    if question == "single_date" or question == "open_range_period":
        yield {"sdate": day.isoformat(), **beside}
        yield {"edate": day.isoformat(), **beside}
    if question == "reversed_dates" and day > other:
        yield {"sdate": day.isoformat(), "edate": other.isoformat(), "limit": 50}
    if question == "empty_date":
        yield {"sdate": "", "edate": "", **beside}
        yield {"ndate": "", "limit": 50}
    for value in _bad_days(question, day):
        yield {"sdate": value, "edate": value, **beside}
        yield {"ndate": value, "limit": 50}


def _bad_days(question: str, day: date) -> Iterator[Any]:
    """What can be read as a day, but is not written as one."""
    if question == "bad_date.form":
        yield from (f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", f"{day:%Y-%m-%d} 00:00:00", "abc")
    if question == "bad_date.type":
        yield from (int(f"{day:%Y%m%d}"), [], {"a": 1}, True)
    if question == "bad_date.no_such_day":
        month = day.replace(day=1)
        last = month - timedelta(days=1)
        if day.day < 4:
            yield f"{last:%Y-%m}-{last.day + day.day}"
        else:
            yield f"{day:%Y-%m}-00"
            yield f"{day:%Y}-13-01"


def _days(world: World) -> list[date]:
    """Days with rooms, those whose number of rooms is special first; then the others, and one without."""
    counts = {date.fromisoformat(day): count for day, count in world.days.items()}
    past = sorted((day for day in counts if day < world.today), key=lambda day: (-counts[day], day))
    firsts = [day for day in past if day.day < 4][:2]
    fitting = [day for day in past if counts[day] <= 50]
    spread = [*firsts, *fitting[:2], *past[:2], *fitting[-2:]]
    empty = [day for day in _all(world) if day not in counts][:2]
    today = [world.today] if world.today in counts or not counts else []
    return list(dict.fromkeys([*spread, *past[2:6], *today, *empty]))


def _some_days(world: World) -> Iterator[Params]:
    """Days to ask about by documented parameters."""
    days = _days(world)
    counts = world.days
    for day in sorted(days, key=lambda day: not 10 < counts[day.isoformat()] <= 50)[:6]:
        yield {"ndate": day.isoformat()}
    for first, last in ((world.window[0], world.window[1]), *((day, day) for day in days[:2])):
        yield ranged((first, last))


def _all(world: World) -> Iterator[date]:
    first, last = world.window
    for back in range(1, (last - first).days):
        yield last - timedelta(days=back)
