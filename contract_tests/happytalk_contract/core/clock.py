"""The clock that days are counted by: this machine's, until the target turns out to go by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from happytalk_contract.core.model import SEOUL


class Clock:
    """The target's time, in Seoul."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        """`now`: this machine's."""
        self._now = now
        self.ahead = timedelta(0)  #: by how much the target's clock is ahead of this machine's

    def __call__(self) -> datetime:
        """The time."""
        return self._now().astimezone(SEOUL) + self.ahead

    def today(self) -> date:
        """The day."""
        return self().date()
