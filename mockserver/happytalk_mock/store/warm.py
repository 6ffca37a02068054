"""Which stores hold generated rooms: so many rooms of all tenants together, whatever their number.

Generated rooms can be made again at any time. A mock that is asked under thousands of tokens would else hold
a million objects, which the collector of garbage walks through while a request waits.
"""

from __future__ import annotations

from threading import Lock
from typing import Protocol


class Holder(Protocol):
    """Holds generated rooms."""

    def cool(self) -> bool:
        """Lets them go, to be made again when they are asked for; False while they are in use."""


class Warm:
    """The stores that hold generated rooms. Safe under threads."""

    def __init__(self, most: int) -> None:
        """`most`: rooms of all together; a single store may hold more."""
        self._lock = Lock()
        self._most = most
        self._held: dict[Holder, int] = {}  #: rooms of each, the longest unused first
        self._sum = 0

    def holds(self, store: Holder, rooms: int) -> None:
        """A store has made so many; those that made theirs longest ago let go of them if it is too much."""
        with self._lock:
            self._sum += rooms - self._held.pop(store, 0)
            self._held[store] = rooms
            for other in list(self._held):
                if self._sum <= self._most or other is store:
                    return
                if other.cool():
                    self._sum -= self._held.pop(other)

    def forget(self, store: Holder) -> None:
        """A store is no more."""
        with self._lock:
            self._sum -= self._held.pop(store, 0)
