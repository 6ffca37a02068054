"""The days on which nobody works in Korea."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from typing import Final

from ...core.clock import day_number

_YEARLY_HOLIDAYS: Final = frozenset({(1, 1), (3, 1), (5, 5), (6, 6), (8, 15), (10, 3), (10, 9), (12, 25)})
#: Seollal and Chuseok (three days each), Buddha's birthday: they follow the moon, so they are listed.
_GREAT_FEASTS: Final = (
    "2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-07 2028-01-27 "
    "2029-02-13 2030-02-03 2020-10-01 2021-09-21 2022-09-10 2023-09-29 2024-09-17 2025-10-06 2026-09-25 "
    "2027-09-15 2028-10-03 2029-09-22 2030-09-12"
)
_SMALL_FEASTS: Final = (
    "2020-04-30 2021-05-19 2022-05-08 2023-05-27 2024-05-15 2025-05-05 2026-05-24 2027-05-13 2028-05-02 "
    "2029-05-20 2030-05-09"
)


@cache
def _holidays() -> frozenset[int]:
    great = [day_number(date.fromisoformat(text)) for text in _GREAT_FEASTS.split()]
    small = [day_number(date.fromisoformat(text)) for text in _SMALL_FEASTS.split()]
    return frozenset([day + around for day in great for around in (-1, 0, 1)] + small)


@lru_cache(maxsize=4096)
def is_holiday(day: int) -> bool:
    """Whether a day number is a public holiday in Korea (those that follow the moon: 2020 to 2030)."""
    moment = date.fromordinal(day + date(1970, 1, 1).toordinal())
    return (moment.month, moment.day) in _YEARLY_HOLIDAYS or day in _holidays()


def is_working(day: int) -> bool:
    """Whether counsellors are there that day."""
    return (day + 3) % 7 < 5 and not is_holiday(day)
