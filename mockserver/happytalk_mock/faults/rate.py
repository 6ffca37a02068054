"""A rate that may not be exceeded: so many requests of each customer in a time, counted from the first one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

_SECONDS: Final = {"s": 1.0, "min": 60.0, "h": 3600.0}
#: Customers whose requests are counted; past this, those whose time is over are forgotten.
_MOST: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests in so many seconds."""

    written: str
    most: int
    seconds: float

    @classmethod
    def of(cls, written: str) -> Rate:
        """The rate of `60/min`, of a form that was checked."""
        number, _, time = written.partition("/")
        return cls(written=written, most=int(number), seconds=_SECONDS[time])


class Meter:
    """Counts the requests of each customer. One thread at a time."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        #: When the time of a customer ends, and its requests in it.
        self._counted: dict[str | None, tuple[float, int]] = {}

    def counted(self) -> list[Any]:
        """What was counted, as JSON."""
        return [[token, *each] for token, each in self._counted.items()]

    def go_on(self, counted: Iterable[Any]) -> None:
        """Goes on from what was counted."""
        self._counted = {token: (ends, number) for token, ends, number in counted}

    def excess(self, token: str | None, now: float) -> int | None:
        """Counts a request at `now`. Of one too many: whole seconds after which the next may come."""
        ends, number = self._counted.get(token, (now, 0))
        if ends <= now:
            if len(self._counted) >= _MOST:
                self._counted = {key: each for key, each in self._counted.items() if each[0] > now}
            ends, number = now + self._rate.seconds, 0
        if number >= self._rate.most:
            return math.ceil(ends - now)
        self._counted[token] = ends, number + 1
        return None
