"""The days on which nobody works in Korea."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

from ...core.clock import day_number
from ..pools import feasts


@cache
def _holidays() -> frozenset[int]:
    great = [day_number(date.fromisoformat(text)) for text in feasts.GREAT.split()]
    small = [day_number(date.fromisoformat(text)) for text in feasts.SMALL.split()]
    return frozenset([day + around for day in great for around in (-1, 0, 1)] + small)


@lru_cache(maxsize=4096)
def is_holiday(day: int) -> bool:
    """Whether a day number is a public holiday in Korea (those that follow the moon: 2020 to 2030)."""
    moment = date.fromordinal(day + date(1970, 1, 1).toordinal())
    return (moment.month, moment.day) in feasts.YEARLY or day in _holidays()


def is_working(day: int) -> bool:
    """Whether counsellors are there that day."""
    return (day + 3) % 7 < 5 and not is_holiday(day)
