"""What a run may still do: how many requests, for how long, and whether a person said stop.

Session and transport ask it before they act; it also tells listeners how far the run is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, Final

from happytalk_contract.core.errors import BudgetSpent, TimeSpent
from happytalk_contract.core.events import Event

TIME_OVER: Final = "the time allowed (--max-time) is over"


def ignore(_event: Event) -> None:
    """Listen to nothing."""


class Control:
    """The budget of one run, for both endpoints together."""

    def __init__(
        self,
        *,
        max_requests: int,
        max_time: float | None = None,
        on_event: Callable[[Event], None] = ignore,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`max_time` is in seconds from now; None: no limit."""
        self.max_requests = max_requests
        self.sent = 0  #: requests, tries included
        self._clock = clock
        self._deadline = None if max_time is None else clock() + max_time
        self._on_event = on_event
        self.interrupted = False  #: by a person

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return 0 if self.interrupted else max(0, self.max_requests - self.sent)

    @property
    def seconds_left(self) -> float:
        """For how long may still be asked; below 0 where that is over."""
        return math.inf if self._deadline is None else self._deadline - self._clock()

    def interrupt(self) -> None:
        """Let no request be sent any more, because a person said stop."""
        self.interrupted = True

    def admit(self, wait: float = 0.0) -> None:
        """Raise `BudgetSpent` unless a request may be sent in `wait` seconds."""
        if self.interrupted:
            raise BudgetSpent("interrupted")
        if self.sent >= self.max_requests:
            raise BudgetSpent(f"all {self.max_requests} requests are sent")
        if max(wait, 0.0) > self.seconds_left:
            raise TimeSpent(TIME_OVER)

    def tell(self, kind: type[Event], text: str, **more: Any) -> None:
        """Tell the listener what happened."""
        self._on_event(kind(text=text, requests=self.sent, max_requests=self.max_requests, **more))
