"""The words that faults in dates are written in."""

from datetime import date, timedelta
from typing import Any

from .fault import Test, always


def shifted(day: str, days: int) -> str:
    """The day so many days later."""
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def span(change: Any, where: Test = always) -> Any:
    """A fault that turns (first, last) into another pair."""

    def do(ask: Any) -> None:
        if where(ask):
            ask.first, ask.last = change(ask)

    return do


def loses(where: Test, when: Test = always) -> Any:
    """A fault that loses rooms of the span."""
    return lambda ask, inside, room: inside and not (when(ask) and where(ask, room))


def in_range(ask: Any) -> bool:
    """The condition that the days come from sdate and edate."""
    return ask.dates == "range"


def end_of_month(day: str) -> str:
    """The last day of the month of a day."""
    later = shifted(day[:8] + "01", 31)
    return shifted(later[:8] + "01", -1)
