"""How many requests came, with what outcome, and how long their answers took: all of them, whatever the journal keeps.

Counting is on the way of every answer, so what is counted is put into words only when someone asks.
"""

from __future__ import annotations

from bisect import bisect_left
from threading import Lock
from typing import Final, NamedTuple

from ..core.exchange import Answer, Received
from .entries import NAMES

#: Upper bounds of the classes of duration, in seconds.
BOUNDS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)
#: How the documented successes begin.
_SUCCESS: Final = (b'{"result":"success"', b'{"code":"200"')


class Kind(NamedTuple):
    """What requests that are counted together have in common."""

    endpoint: str
    status: int
    success: bool  #: it begins as a documented success does
    struck: bool  #: by a fault, or a Prefer header
    bound: int  #: the first of BOUNDS that the duration is not over


class Tally:
    """Counts requests. Safe under threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._found: dict[tuple[str | None, int, bool, bool, int], list[float]] = {}

    def count(self, received: Received, answer: Answer, seconds: float, *, struck: bool) -> None:
        """Counts a request with its answer."""
        kind = (
            NAMES.get(received.path),
            answer.status,
            answer.body.startswith(_SUCCESS),
            struck,
            bisect_left(BOUNDS, seconds),
        )
        with self._lock:
            found = self._found.get(kind)
            if found is None:
                found = self._found[kind] = [0, 0.0]
            found[0] += 1
            found[1] += seconds

    def read(self) -> dict[Kind, tuple[int, float]]:
        """How many there were of each kind, and their seconds in all."""
        with self._lock:
            found = {kind: (int(number), seconds) for kind, (number, seconds) in self._found.items()}
        return {Kind(kind[0] or "other", *kind[1:]): each for kind, each in found.items()}
