"""Data that moves while it is read: new rooms, progress, completions, deletions."""

import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from .data import STAMP, ZERO, Account, end_date, new_room

#: What a room's status can become.
NEXT = {"-2": "-1", "-1": "4", "0": "1", "1": "2", "2": "3"}


class Churn:
    """Applies the changes that are due since the first request."""

    def __init__(
        self, store: Account, answers: Mapping[str, str], rng: random.Random, now: Callable[[], datetime]
    ) -> None:
        self._store, self._answers, self._rng, self._now = store, answers, rng, now
        self._rate = 0.0 if answers["churn"] == "none" else float(answers["churn"])
        self._since: float | None = None
        self._done = 0

    def move(self) -> None:
        """Make the changes that are due by now."""
        if not self._rate:
            return
        if self._since is None:
            self._since = time.monotonic()
        due = int((time.monotonic() - self._since) * self._rate)
        for _ in range(min(due - self._done, 1000)):
            self._change()
        self._done = due

    def _change(self) -> None:
        rooms, rng, now = self._store.rooms, self._rng, self._now()
        if not rooms or rng.random() < 0.35:
            rooms.append(new_room(rng, now, ("0", "-2", "-1"), now, self._answers))
            return
        at = rng.randrange(len(rooms))
        room = dict(rooms[at])
        status = NEXT.get(room["status"])
        if status is None:
            return
        room |= {"status": status, "last_message": "상태가 바뀌었습니다."}
        if status in ("3", "4"):
            kept = room["complate_date"]
            reg = datetime.strptime(room["reg_date"], STAMP)
            drawn = end_date(rng, status, reg, now, self._answers)
            room["complate_date"] = kept if kept != ZERO and drawn != ZERO else drawn
        elif status == "2":
            room["complate_date"] = now.strftime(STAMP)
        rooms[at] = room
