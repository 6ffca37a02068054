"""In which order rooms were inserted, and which answer about ties explains the lists that show it.

Two rooms of equal sort key stand in a list as the API orders ties. All such pairs together are put into one
order of insertion if they let themselves be; then a twin answers every list from it, and keeps no ranks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from heapq import heapify, heappop, heappush
from itertools import groupby, pairwise
from typing import Any, Final

from happytalk_contract.core.model import Window
from happytalk_contract.engine.scout import ranged
from happytalk_contract.evidence.views import registered_on
from happytalk_contract.questions.meaning import STATUSES, as_day
from happytalk_contract.twin.world import Room, World

Pair = tuple[str, str]

#: So many pairs of ties leave little doubt about the order they stand in.
ENOUGH: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenList:
    """Rooms as one list showed them, page by page."""

    key: str
    falling: bool
    rooms: tuple[Room, ...]

    def pairs(self) -> Iterator[Pair]:
        """Neighbours of equal sort key."""
        for _key, run in groupby(self.rooms, lambda room: room.get(self.key)):
            yield from pairwise(str(room.get("id")) for room in run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """What lists show of the order of ties."""

    rooms: tuple[Room, ...]  #: in the order of insertion, as far as it shows
    directions: frozenset[str] = frozenset()  #: answers to tie_direction that fit; none: no list shows it
    orders: frozenset[str] = frozenset()  #: answers to tie_order that fit; none: no list shows it
    pairs: int = 0  #: neighbours of equal sort key that were seen
    is_consistent: bool = True  #: one order of insertion explains all lists
    ranks: dict[str, dict[str, int]] = field(default_factory=dict)  #: by list and id, where none does

    def with_day(self, day: str, rooms: Sequence[Room]) -> Ties:
        """The same with a day as it is now: what is new was inserted last."""
        now = {room.get("id"): room for room in rooms}
        kept = [now.pop(room.get("id"), None) if _on(room, day) else room for room in self.rooms]
        new = sorted(now.values(), key=lambda room: str(room.get("reg_date")))
        return replace(self, rooms=(*(room for room in kept if room is not None), *new))

    def with_rooms(self, rooms: Iterable[Room]) -> Ties:
        """The same with rooms that no whole list showed, each after those of its day."""
        known = {room.get("id") for room in self.rooms}
        new = {room.get("id"): room for room in rooms if room.get("id") not in known}
        if not new:
            return self
        by_time = sorted(new.values(), key=lambda room: str(room.get("reg_date")))
        return replace(self, rooms=tuple(sorted((*self.rooms, *by_time), key=registered_on)))


def _on(room: Room, day: str) -> bool:
    return str(room.get("reg_date")).startswith(day)


def learnt(lists: Sequence[SeenList], elsewhere: frozenset[str] = frozenset()) -> Ties:
    """Put the rooms of all lists into one order. `elsewhere`: directions that others show, where these show none."""
    rooms: dict[str, Room] = {}
    for seen in lists:
        rooms |= {str(room.get("id")): room for room in seen.rooms}
    directions = _directions(lists) or elsewhere
    # Where no list shows the turn it is taken for the mock's own, so that the mock puts back what was put in order.
    pairs = list(dict.fromkeys(_rising(lists, directions != {"kept"})))
    sure = pairs if directions else list(_rising([seen for seen in lists if not seen.falling], False))
    start = sorted(rooms, key=lambda one: str(rooms[one].get("reg_date")))
    inserted = _sorted(start, pairs)
    is_consistent = inserted is not None and len(directions) < 2
    return Ties(
        rooms=tuple(rooms[one] for one in (inserted or start)),
        directions=directions,
        orders=frozenset(_orders(sure, rooms)) if is_consistent and sure else frozenset(),
        pairs=len(pairs),
        is_consistent=is_consistent,
        ranks={} if is_consistent else _ranks(lists),
    )


def _directions(lists: Sequence[SeenList]) -> frozenset[str]:
    """By neighbours of a falling list that a rising one of the same key shows too."""
    found: Counter[str] = Counter()
    for key in ("reg_date", "complate_date"):
        place: dict[str, int] = {}
        for seen in lists:
            if seen.key == key and not seen.falling:
                place |= {str(room.get("id")): len(place) + at for at, room in enumerate(seen.rooms)}
        for seen in lists:
            if seen.key == key and seen.falling:
                for one, other in seen.pairs():
                    if one in place and other in place and one != other:
                        found["kept" if place[one] < place[other] else "turned"] += 1
    return frozenset(found)


def _rising(lists: Iterable[SeenList], turned: bool) -> Iterator[Pair]:
    for seen in lists:
        for one, other in seen.pairs():
            yield (other, one) if seen.falling and turned else (one, other)


def _sorted(start: list[str], pairs: Iterable[Pair]) -> list[str] | None:
    """The rooms in an order that all pairs agree with, near to `start`; None where there is none."""
    place = {one: at for at, one in enumerate(start)}
    later: dict[str, list[str]] = defaultdict(list)
    waits = Counter[str]()
    for one, other in pairs:
        later[one].append(other)
        waits[other] += 1
    ready = [place[one] for one in start if not waits[one]]
    heapify(ready)
    found = []
    while ready:
        one = start[heappop(ready)]
        found.append(one)
        for other in later[one]:
            waits[other] -= 1
            if not waits[other]:
                heappush(ready, place[other])
    return found if len(found) == len(start) else None


def _orders(pairs: Sequence[Pair], rooms: dict[str, Room]) -> Iterator[str]:
    """The answers to tie_order that all pairs agree with."""

    def agree(name: str, falling: bool = False) -> bool:
        keys = ((str(rooms[one].get(name)), str(rooms[two].get(name))) for one, two in pairs)
        return all(one >= two if falling else one <= two for one, two in keys)

    by_time = agree("reg_date")
    fits = [name for name, holds in (("id", agree("id")), ("id_falling", agree("id", True))) if holds]
    yield from fits
    # Rooms of equal registration say nothing of it: there it is the order of insertion.
    if by_time and any(rooms[one].get("reg_date") != rooms[two].get("reg_date") for one, two in pairs):
        yield "registration"
        yield "insertion"
    elif by_time and not fits:
        yield from ("registration", "insertion")
    elif not by_time and not fits:
        yield "insertion"


def _ranks(lists: Sequence[SeenList]) -> dict[str, dict[str, int]]:
    """The place of each room in the longest list of each order."""
    longest: dict[str, SeenList] = {}
    for seen in lists:
        name = f"{seen.key} {'desc' if seen.falling else 'asc'}"
        if name not in longest or len(seen.rooms) > len(longest[name].rooms):
            longest[name] = seen
    return {
        name: {str(room.get("id")): at for at, room in enumerate(seen.rooms, 1)}
        for name, seen in longest.items()
    }


def crossing(rooms: Iterable[Any], key: str) -> int:
    """How many rooms share their sort key with another."""
    counts = Counter(room.get(key) for room in rooms)
    return sum(count for count in counts.values() if count > 1)


def pages_of_ties(rooms: Iterable[Any], key: str, limit: int) -> list[int]:
    """The pages of a falling list on which a room has its sort key in common with the one before or behind it."""
    keys = sorted((str(room.get(key)) for room in rooms), reverse=True)
    tied = (at for at in range(1, len(keys)) if keys[at] == keys[at - 1])
    return sorted({1 + place // limit for at in tied for place in (at - 1, at)})


def _most_tied_page(rooms: Iterable[Room], limit: int) -> int:
    """The page of a rising list that holds the most ties of real ends; else the first."""
    keys = sorted(str(room.get("complate_date")) for room in rooms)
    ties = Counter(at // limit for at in range(1, len(keys)) if keys[at] == keys[at - 1])
    return 1 + max(ties, key=lambda page: ties[page], default=0)


def _most_tied_days(world: World, longest: int) -> Window:
    """The period of a length that holds the most ties of ends."""

    def ties(window: Window) -> int:
        return crossing([world.rooms[at] for at in world.within(window, None)], "complate_date")

    ends = [day for text in world.days if (day := as_day(text)) is not None]
    windows = ((max(world.window[0], day - timedelta(days=longest - 1)), day) for day in sorted(ends))
    return max(windows, key=ties, default=(world.window[1], world.window[1]))


def other_lists(world: World, longest: int | None) -> Iterator[dict[str, Any]]:
    """Pages with ties under another limit, and under the two filters that leave most ties."""
    window = world.window if longest is None else _most_tied_days(world, longest)
    rooms = [world.rooms[at] for at in world.within(window, None)]
    by_status = {
        str(status): [room for room in rooms if str(room.get("status")) == str(status)] for status in STATUSES
    }
    most = sorted(by_status, key=lambda status: -crossing(by_status[status], "complate_date"))[:2]
    for status, limit in ((None, 20), (most[0], 50), (most[1], 7)):
        page = _most_tied_page(rooms if status is None else by_status[status], limit)
        asked = {**ranged(window), "sort_key": "complate_date", "sort_value": "asc", "limit": limit}
        yield {**asked, "page": page} | ({} if status is None else {"status": int(status)})
