"""How many requests came, with what outcome, and how long their answers took: all of them, whatever the journal keeps.

Counting is on the way of every answer, so what is counted is put into words only when someone asks.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from threading import Lock
from typing import Final, NamedTuple

from ..core.exchange import Answer, Received
from .entries import NAMES

#: Upper bounds of the classes of duration, in seconds.
BOUNDS: Final = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)
#: Requests that are looked at together; their answers are kept so long.
_BATCH: Final = 256
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
        self._new: deque[tuple[str, Answer, float, bool]] = deque()
        self._found: dict[tuple[str | None, int, bool, bool, int], list[float]] = {}

    def count(self, received: Received, answer: Answer, seconds: float, struck: bool) -> None:
        """Counts a request with its answer; looks at it later, with others, which costs half."""
        self._new.append((received.path, answer, seconds, struck))
        if len(self._new) >= _BATCH:
            self._look()

    def _look(self) -> None:
        found, new, name_of = self._found, self._new, NAMES.get
        with self._lock:
            while new:
                path, answer, seconds, struck = new.popleft()
                success = answer.body.startswith(_SUCCESS)
                kind = (name_of(path), answer.status, success, struck, bisect_left(BOUNDS, seconds))
                counted = found.get(kind)
                if counted is None:
                    counted = found[kind] = [0, 0.0]
                counted[0] += 1
                counted[1] += seconds

    def read(self) -> dict[Kind, tuple[int, float]]:
        """How many there were of each kind, and their seconds in all."""
        self._look()
        with self._lock:
            return {
                Kind(kind[0] or "other", *kind[1:]): (int(number), seconds)
                for kind, (number, seconds) in self._found.items()
            }
