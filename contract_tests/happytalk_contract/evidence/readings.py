"""Whole unfiltered lists, put together page by page.

Two equal readings of one window bracket what was asked between them: nothing moved there, so every other
answer over that window can be predicted exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from happytalk_contract.core.model import Window, within
from happytalk_contract.evidence.views import RoomsView, registered_on

#: Parameters of a plain question for a window.
PLAIN: Final = frozenset({"sdate", "edate", "limit", "page"})


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One whole list of one window, unfiltered, as its pages showed it."""

    window: Window
    limit: int
    views: tuple[RoomsView, ...]  #: pages 1, 2, 3 … to the last

    @property
    def first(self) -> int:
        """Number of its first exchange."""
        return self.views[0].number

    @property
    def last(self) -> int:
        """Number of its last exchange."""
        return self.views[-1].number

    @property
    def days(self) -> int:
        """How many days its window has."""
        return (self.window[1] - self.window[0]).days + 1

    @cached_property
    def rooms(self) -> dict[Any, dict[str, Any]]:
        """The rooms by id."""
        return {room["id"]: room for _id, room, _content in self._listed if isinstance(room.get("id"), str)}

    @cached_property
    def _days(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Day of registration, status and room."""
        return [(registered_on(room), str(room.get("status")), room) for room in self.rooms.values()]

    def matching(self, window: Window, status: int) -> list[dict[str, Any]]:
        """The rooms registered in `window` with `status` (99: any)."""
        first, last = (day.isoformat() for day in window)
        wanted = str(status)
        return [
            room for day, has, room in self._days if first <= day <= last and (status == 99 or has == wanted)
        ]

    @cached_property
    def content_of(self) -> dict[Any, bytes]:
        """What stands for each room's content, by id."""
        return {room_id: content for room_id, _room, content in self._listed}

    @cached_property
    def contents(self) -> frozenset[bytes]:
        """What stands for the contents of all rooms."""
        return frozenset(content for _id, _room, content in self._listed)

    @cached_property
    def is_whole(self) -> bool:
        """No room twice, as many as every page's total_count says."""
        return len(self.rooms) == len(self._listed) and {view.total for view in self.views} == {
            len(self._listed)
        }

    @cached_property
    def _listed(self) -> list[tuple[Any, dict[str, Any], bytes]]:
        return [one for view in self.views for one in zip(view.ids, view.rooms, view.contents, strict=True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a view may be compared with."""

    reading: Reading
    is_calm: bool  #: bracketed by two equal readings: nothing moved in between


class Readings(list[Reading]):
    """All whole lists that were asked for plainly, by their last page; knows which stood still."""

    def __init__(self) -> None:
        """Begin without any."""
        super().__init__()
        self._chains: dict[Any, list[RoomsView]] = {}
        self._by_window: dict[tuple[Window, int], list[Reading]] = {}

    def add_page(self, view: RoomsView) -> None:
        """Put the pages of plain questions together: those of sdate, edate, limit and page alone.

        What other ways of asking show is judged by these.
        """
        means = view.meaning
        if means is None or not means.is_plain or not view.is_list or not view.params:
            return
        if means.first is None or means.last is None or view.params.keys() - PLAIN:
            return
        group = ((means.first, means.last), means.limit)
        if means.page == 1:
            self._chains[group] = [view]
        elif group in self._chains and means.page == len(self._chains[group]) + 1:
            self._chains[group].append(view)
        else:
            return
        if means.limit * len(self._chains[group]) >= (view.total or 0):
            window, limit = group
            self._keep(Reading(window=window, limit=limit, views=tuple(self._chains.pop(group))))

    def _keep(self, reading: Reading) -> None:
        """Keep a reading; those of the largest pages are looked at first."""
        self.append(reading)
        if reading.is_whole:
            self._by_window.setdefault((reading.window, reading.limit), []).append(reading)
            self._by_window = dict(sorted(self._by_window.items(), key=lambda item: -item[0][1]))

    def _covering(self, window: Window) -> list[list[Reading]]:
        return [
            readings for (covered, _limit), readings in self._by_window.items() if within(window, covered)
        ]

    def calm_between(self, window: Window, first: int, last: int) -> Reading | None:
        """A reading that covers `window` and stood unchanged from exchange `first` to `last`."""
        return next(self._calm(window, first, last), None)

    def _calm(self, window: Window, first: int, last: int) -> Iterator[Reading]:
        """Those readings, the newest of each way to read."""
        # Data that moved do not come back to what they were: whatever was read in between, it is the odd one.
        for readings in self._covering(window):
            after = {reading.contents for reading in readings if reading.first >= last}
            for reading in reversed(readings):
                if reading.last <= first and reading.contents in after:
                    yield reading
                    break

    def shorter(self, number: int, window: Window, basis: Basis) -> list[Reading]:
        """Readings of fewer days that exchange `number` can be compared with as well."""
        calm = self._calm(window, number, number) if basis.is_calm else ()
        return [reading for reading in calm if reading.days < basis.reading.days]

    def basis(self, number: int, window: Window) -> Basis | None:
        """What exchange `number` can be compared with: a calm reading if there is one, else the nearest."""
        calm = self.calm_between(window, number, number)
        if calm is not None:
            return Basis(reading=calm, is_calm=True)
        nearest = min(
            (reading for readings in self._covering(window) for reading in readings),
            key=lambda reading: min(abs(reading.last - number), abs(reading.first - number)),
            default=None,
        )
        return None if nearest is None else Basis(reading=nearest, is_calm=False)

    @property
    def is_moving(self) -> bool:
        """Whether any window was not the same any more when it was read last."""
        return any(readings[0].contents != readings[-1].contents for readings in self._by_window.values())
