"""Waits that are caused on purpose: known to whoever sends an answer, ended by whoever takes the cause away.

Nobody waits in here. A server lets its loop wait; a client without a socket waits on its own thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Final

#: Of a WSGI environment: seconds that a client without a socket waits for a head, and for each piece of a body.
PATIENCE: Final = "happytalk_mock.patience"


class Wait:
    """Seconds to wait, by what causes them. Safe under threads."""

    __slots__ = ("__weakref__", "_gone", "_started", "changed", "seconds")

    def __init__(self, seconds: Mapping[int, float]) -> None:
        """`seconds` of each cause; they add up."""
        self.seconds = seconds
        self.changed: Callable[[], object] = bool  #: called, on any thread, when there is less to wait for
        self._gone: frozenset[int] | None = frozenset()  # causes that were taken away; None: all of them
        self._started = monotonic()

    @property
    def left(self) -> float:
        """Seconds that are still to be waited; 0 or less for none."""
        gone = self._gone
        if gone is None:
            return 0.0
        total = sum(seconds for cause, seconds in self.seconds.items() if cause not in gone)
        return self._started + total - monotonic()

    def again(self, seconds: Mapping[int, float]) -> None:
        """Waits anew from now on; not for causes that are gone."""
        self.seconds, self._started = seconds, monotonic()

    def lift(self, cause: int | None = None) -> None:
        """Waits no longer for a cause that was taken away (None: for none at all)."""
        self._gone = None if cause is None or self._gone is None else self._gone | {cause}
        self.changed()
