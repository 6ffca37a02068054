"""Moments as scenarios write them: absolute, or relative to the clock or to a room's registration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from .clock import DAY, ZERO_DATE, day_number, parse_second

_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": DAY}
_SPAN: Final = re.compile(r"(\d{1,9})([smhd]?)")
_DAY: Final = re.compile(r"today(?:([+-])(\d{1,6}))?")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)")

#: What to write, for errors.
DAY_FORMS: Final = "2022-05-26, today or today-1"
MOMENT_FORMS: Final = "2022-05-26 12:38:32, today-1 09:00:00, now or now-30m"
END_FORMS: Final = f"{MOMENT_FORMS}, +5m after reg_date, or {ZERO_DATE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment, in seconds from `base`."""

    base: Literal["absolute", "today", "now", "registration", "zero"]
    seconds: int = 0

    @property
    def is_zero(self) -> bool:
        """Whether it is the zero date: not yet."""
        return self.base == "zero"

    def second(self, now: int, registered: int | None) -> int:
        """The wall second, with the clock at `now` and the room registered then."""
        match self.base:
            case "today":
                return now // DAY * DAY + self.seconds
            case "now":
                return now + self.seconds
            case "registration":
                return (now if registered is None else registered) + self.seconds
            case _:
                return self.seconds


def parse_span(value: object) -> int | None:
    """Seconds of `90`, `90s`, `5m`, `2h`, `1d`; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value >= 0 else None
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    return int(found[1]) * _UNITS[found[2] or "s"] if found else None


def parse_day(value: object) -> Moment | None:
    """00:00:00 of `2022-05-26`, `today`, `today-1`; None for anything else."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return Moment(base="absolute", seconds=day_number(value) * DAY)
    if not isinstance(value, str):
        return None
    found = _DAY.fullmatch(value)
    if found:
        days = int(found[2] or 0)
        return Moment(base="today", seconds=(-days if found[1] == "-" else days) * DAY)
    try:
        return Moment(base="absolute", seconds=parse_second(f"{value} 00:00:00"))
    except ValueError:
        return None


def parse_moment(value: object, *, ending: bool = False) -> Moment | None:
    """A moment in one of MOMENT_FORMS, or, of an `ending`, of END_FORMS; None for anything else."""
    if isinstance(value, datetime):
        value = value.strftime("%Y-%m-%d %H:%M:%S") if value.tzinfo is None else None
    if not isinstance(value, str):
        return None
    if ending and value == ZERO_DATE:
        return Moment(base="zero")
    if ending and value.startswith("+"):
        span = parse_span(value[1:])
        return None if span is None else Moment(base="registration", seconds=span)
    if value == "now":
        return Moment(base="now")
    if value.startswith(("now-", "now+")):
        span = parse_span(value[4:])
        return None if span is None else Moment(base="now", seconds=-span if value[3] == "-" else span)
    day_text, _, clock_text = value.partition(" ")
    day, clock = parse_day(day_text), _CLOCK.fullmatch(clock_text)
    if day is None or clock is None:
        return None
    second = int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3])
    return Moment(base=day.base, seconds=day.seconds + second)
