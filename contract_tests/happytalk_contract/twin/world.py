"""The rooms that were read, in any order that can be asked for."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from happytalk_contract.core.model import Window
from happytalk_contract.evidence.views import ZERO_DATE
from happytalk_contract.questions.meaning import as_day

Room = dict[str, Any]
#: Looks up the answer to an open question; raises where there is none.
Ask = Callable[[str], str]
#: Orders of lists that are kept.
_MOST_KEPT: Final = 3000


class World:
    """All rooms of some days, in the order in which they were inserted as far as lists show it."""

    def __init__(self, rooms: Sequence[Room], window: Window, today: date, *, exact: bool = True) -> None:
        """`window`: its rooms are all there. `exact`: the order of ties is understood."""
        self.rooms = tuple(rooms)
        self.window, self.today, self.exact = window, today, exact
        self.by_id: dict[Any, Room] = {room.get("id"): room for room in rooms}
        self._sorted = sorted(range(len(self.rooms)), key=lambda at: self._registered(at))
        self._times = [self._registered(at) for at in self._sorted]
        self.days = Counter(time[:10] for time in self._times if as_day(time[:10]) is not None)
        self._kept: dict[Any, tuple[str, ...]] = {}

    def _registered(self, at: int) -> str:
        return str(self.rooms[at].get("reg_date"))

    def covers(self, first: date, last: date) -> bool:
        """Whether all rooms of some days are known; none is registered after today."""
        return first >= self.window[0] and (last <= self.window[1] or self.window[1] >= self.today)

    def within(self, window: Window, status: str | None) -> list[int]:
        """The places of the rooms of some days and of one status (None: any), as inserted."""
        first, last = window[0].isoformat(), window[1].isoformat() + "~"
        found = self._sorted[bisect_left(self._times, first) : bisect_right(self._times, last)]
        return sorted(at for at in found if status is None or str(self.rooms[at].get("status")) == status)

    def ordered(
        self, window: Window, status: str | None, key: str, falling: bool, answer: Ask
    ) -> tuple[str, ...]:
        """The ids of a list. `answer` is asked only for what makes a difference."""
        places = self.within(window, status)
        keys = [str(self.rooms[at].get(key)) for at in places]
        mixed = key == "complate_date" and not falling and ZERO_DATE in keys and len(set(keys)) > 1
        zero_last = mixed and answer("zero_date_order") == "last"
        ties, turned = "insertion", False
        if self.exact and len(set(keys)) < len(keys):
            ties = answer("tie_order")
            turned = falling and answer("tie_direction") == "turned"
        asked = (window, status, key, falling, ties, turned, zero_last)
        if asked not in self._kept:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            self._kept[asked] = tuple(self._order(places, key, ties, turned, falling, zero_last))
        return self._kept[asked]

    def _order(
        self, places: list[int], key: str, ties: str, turned: bool, falling: bool, zero_last: bool
    ) -> list[str]:
        rooms = [self.rooms[at] for at in places]
        if ties != "insertion":
            by = "reg_date" if ties == "registration" else "id"
            rooms.sort(key=lambda room: str(room.get(by)), reverse=ties == "id_falling")
        if turned:
            rooms.reverse()
        rooms.sort(key=lambda room: str(room.get(key)), reverse=falling)
        if zero_last:
            rooms.sort(key=lambda room: room.get(key) == ZERO_DATE)
        return [str(room.get("id")) for room in rooms]

    def tied(self) -> list[list[str]]:
        """The ids of rooms that tie with each other, by either key or through others."""
        of: dict[str, set[str]] = {}
        for key in ("reg_date", "complate_date"):
            runs: dict[str, list[str]] = {}
            for room in self.rooms:
                runs.setdefault(str(room.get(key)), []).append(str(room.get("id")))
            for run in runs.values():
                together = set(run).union(*(of.get(one, ()) for one in run))
                of |= dict.fromkeys(together, together)
        groups = {id(group): group for group in of.values() if len(group) > 1}
        return [sorted(group) for group in groups.values()]

    def alike(self, ids: Sequence[Any], others: Sequence[Any], key: str) -> bool:
        """Whether two lists are equal; by sort key alone where the order of ties is not understood."""
        if self.exact or ids == others:
            return tuple(ids) == tuple(others)
        keys = [[self.by_id.get(one, {}).get(key) for one in each] for each in (ids, others)]
        return keys[0] == keys[1] and None not in keys[0]
