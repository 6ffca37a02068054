"""A room that was shown in more than one form: the documented form is what is kept, the others are a drift's work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from happytalk_contract.core.room_fields import FIELDS
from happytalk_contract.evidence.views import ZERO_DATE, as_time
from happytalk_contract.questions.meaning import SORT_KEYS
from happytalk_contract.twin.world import Room


def oddities(room: Room) -> int:
    """How many fields depart from the dictionary: missing, not text, no code of their list, or no time."""
    departing = sum(
        field.name not in room or not _is_documented(room[field.name], field.codes, nullable=field.nullable)
        for field in FIELDS
    )
    return departing + sum(not _is_time(room.get(name)) for name in SORT_KEYS)


def _is_time(value: Any) -> bool:
    return value == ZERO_DATE or as_time(value) is not None


def _is_documented(value: Any, codes: Iterable[str] | None, *, nullable: bool) -> bool:
    if not isinstance(value, str):
        return value is None and nullable
    return codes is None or value in codes


def plainest(rooms: Iterable[Room], shown: Iterable[Room]) -> tuple[Room, ...]:
    """Rooms, each in the least odd form in which it was shown."""
    forms: dict[Any, list[Room]] = defaultdict(list)
    for form in shown:
        forms[form.get("id")].append(form)
    return tuple(
        room if len(some := forms[room.get("id")]) < 2 else min((room, *some), key=oddities) for room in rooms
    )
