"""A small source of rooms with many ties, and the ten-line model that the store is held to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from happytalk_mock.core.clock import DAY, ZERO_DATE, parse_second, second_text
from happytalk_mock.data.source import Timeline
from happytalk_mock.store.rooms import Selection

SETTLE_DAYS = 3
SECONDS = (0, 1, 3600, 3600, 43_200, 43_201, DAY - 1)


class FakeSource:
    """Rooms at random, but the same for a seed; few different seconds, so that ties abound."""

    settle_days = SETTLE_DAYS
    recorded = False
    ranks: Mapping[Any, Any] = {}

    def __init__(
        self,
        *,
        seed: int,
        rooms: int,
        days: int = 20,
        per_day: int = 6,
        seconds: Sequence[int] = SECONDS,
    ) -> None:
        """`seconds`: the times of day at which rooms are registered."""
        self.shown, self._days = rooms, days
        self._seed, self._per_day, self._seconds = seed, per_day, seconds
        self._made: dict[int, list[Timeline]] = {}

    def begins(self, today: int) -> int:
        return today - 20 * self._days - 400

    def days(self, first: int, last: int) -> range:
        """All of them."""
        return range(first, last + 1)

    def count(self, day: int) -> int:
        return len(self.timelines(day))

    def at_least(self, _first_day: int, _day: int) -> int:
        return 0

    def forget(self) -> None:
        """It remembers nothing that can be made again."""

    def timelines(self, day: int) -> list[Timeline]:
        if day not in self._made:
            random = Random(f"{self._seed} {day}")
            seconds = sorted(random.choice(self._seconds) for _ in range(random.randint(0, self._per_day)))
            self._made[day] = [
                self._timeline(random, (day << 20) + index, day * DAY + second)
                for index, second in enumerate(seconds)
            ]
        return self._made[day]

    def _timeline(self, random: Random, ref: int, registered: int) -> Timeline:
        first, final = random.choice((0, -1, -2)), random.choice((-2, -1, 0, 1, 2, 2, 3, 4))
        answered = registered + random.choice((0, 1, 600, DAY)) if final in (1, 2) else 0
        if final < 2:
            return Timeline(ref, registered, answered, 0, 0, 1 if final == 1 else final, final)
        ended = max(answered, registered) + random.choice((0, 1, 3600, DAY, 2 * DAY))
        completed = 0 if final > 2 and random.random() < 0.4 else ended
        return Timeline(ref, registered, answered, ended, completed, first, final)

    def columns(self, first_day: int, last_day: int) -> Any:
        lines = [line for day in range(first_day, last_day + 1) for line in self.timelines(day)]
        return SimpleNamespace(
            ref=np.array([line.ref for line in lines], np.int64),
            registered=np.array([line.registered for line in lines], np.int64),
            completed=np.array([line.completed for line in lines], np.int64),
            status=np.array([line.final for line in lines], np.int8),
        )

    def fields(self, ref: int, *, registered: int, completed: int, status: int) -> dict[str, str | None]:
        end = second_text(completed) if completed else ZERO_DATE
        return room(f"g{ref}", second_text(registered), end, status)

    def id_of(self, ref: int, registered: int) -> str:
        return f"g{ref}"

    def ref_of(self, room_id: str) -> int | None:
        return int(room_id[1:]) if room_id.startswith("g") and room_id[1:].isdigit() else None


def room(room_id: str, reg_date: str, complate_date: str, status: int) -> dict[str, str | None]:
    """A room with the fields that matter to a store, and one that does not."""
    return {
        "id": room_id,
        "title": f"{room_id} {status}",
        "reg_date": reg_date,
        "complate_date": complate_date,
        "status": str(status),
    }


class Entry(NamedTuple):
    """A visible room of the model. `place` orders ties."""

    completed: int
    place: tuple[int, bool, int]
    status: int
    room: dict[str, str | None]


class Naive:
    """What the store must answer, by filtering and sorting everything anew."""

    def __init__(self, source: FakeSource | None) -> None:
        self.source, self.on = source, True
        self.by_hand: dict[str, tuple[int, dict[str, str | None]]] = {}
        self.removed: set[str] = set()
        self.sequence = 0

    def visible(self, now: int) -> list[Entry]:
        found = []
        if self.source is not None and self.on:
            lines: list[Timeline] = []
            most = self.source.shown
            for day in range(now // DAY, now // DAY - 100, -1):
                if len(lines) < most:
                    lines += [line for line in self.source.timelines(day) if line.registered <= now]
            found = [self._generated(line, now) for line in sorted(lines, key=lambda x: x[1::-1])[-most:]]
        found = [entry for entry in found if entry.room["id"] not in self.removed]
        found += [self._by_hand(sequence, room) for sequence, room in self.by_hand.values()]
        return sorted(found, key=lambda entry: entry.place)

    def page(
        self, selection: Selection, offset: int, count: int, now: int
    ) -> tuple[int, list[dict[str, str | None]]]:
        found = [
            entry
            for entry in self.visible(now)
            if selection.first <= entry.place[0] <= selection.last
            and selection.status in (None, entry.status)
            and entry.status not in selection.hidden
        ]
        if selection.ties == "insertion":
            found.sort(key=lambda entry: entry.place[1:])
        elif selection.ties != "registration":
            found.sort(key=lambda entry: str(entry.room["id"]), reverse=selection.ties == "id_falling")
        if selection.descending and selection.turned:
            found.reverse()
        by_end = selection.sort_key == "complate_date"
        found.sort(
            key=lambda entry: entry.completed if by_end else entry.place[0], reverse=selection.descending
        )
        if selection.descending:
            pass
        elif selection.sort_key == "complate_date" and selection.zero_last:
            found.sort(key=lambda entry: entry.completed < 0)
        return len(found), [entry.room for entry in found[offset : offset + count]]

    def put(self, old_id: str | None, new: dict[str, str | None]) -> None:
        sequence = self.sequence = self.sequence + 1
        if old_id is not None:
            kept = self.by_hand.pop(old_id, None)
            sequence = kept[0] if kept else sequence
            if kept is None:
                self.removed.add(old_id)
        self.by_hand[str(new["id"])] = (sequence, new)

    def delete(self, room_id: str) -> None:
        if self.by_hand.pop(room_id, None) is None:
            self.removed.add(room_id)

    def _generated(self, line: Timeline, now: int) -> Entry:
        ended = bool(line.ended) and line.ended <= now
        status = line.final if ended else 1 if line.answered and line.answered <= now else line.first
        completed = line.completed if ended else 0
        text = self.source.fields(line.ref, registered=line.registered, completed=completed, status=status)
        return Entry(completed or -1, (line.registered, False, line.ref), status, text)

    def _by_hand(self, sequence: int, text: dict[str, str | None]) -> Entry:
        zero = text["complate_date"] == ZERO_DATE
        completed = -1 if zero else parse_second(str(text["complate_date"]))
        registered = parse_second(str(text["reg_date"]))
        return Entry(completed, (registered, True, sequence), int(str(text["status"])), text)
