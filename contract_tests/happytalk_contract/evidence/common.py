"""What rooms have in common that the others do not: which ones a list leaves out says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from happytalk_contract.core.model import Window
from happytalk_contract.core.room_fields import FIELDS
from happytalk_contract.evidence.views import ZERO_DATE, as_time

Room = Mapping[str, Any]
#: How far Seoul's clock is ahead of UTC.
AHEAD: Final = timedelta(hours=9)


def _end(room: Room) -> str:
    registered, completed = (str(room.get(name)) for name in ("reg_date", "complate_date"))
    if completed == ZERO_DATE:
        return "not completed"
    return "completed on a later day" if completed[:10] > registered[:10] else "completed on the same day"


#: What can be said of a room, without people's words; what says most of a list comes first.
_TRAITS: Final[tuple[Callable[[Room], str], ...]] = (
    lambda room: f"of status {room.get('status')}",
    lambda room: "not completed" if room.get("complate_date") == ZERO_DATE else "completed",
    _end,
    lambda room: f"registered on {str(room.get('reg_date'))[:10]}",
    lambda room: f"registered at {str(room.get('reg_date'))[11:]}",
    lambda room: f"registered {'before' if str(room.get('reg_date'))[11:] < '09' else 'from'} 09:00",
    *(
        lambda room, name=field.name: f'with {name} "{room.get(name)}"'
        for field in FIELDS
        if field.codes and field.name != "status"
    ),
    lambda room: "with users_id null" if room.get("users_id") is None else "with users_id",
)


def common(some: Sequence[Room], others: Sequence[Room]) -> str:
    """Say what holds for all of `some` and for none of `others`; "" where nothing known does."""
    if not some or not others:
        return ""
    ours, theirs = ([str(room.get("reg_date")) for room in rooms] for rooms in (some, others))
    if min(ours) > max(theirs):
        return f"registered after all others, the last of which at {max(theirs)}"
    if max(ours) < min(theirs):
        return f"registered before all others, the first of which at {min(theirs)}"
    for trait in _TRAITS if len(some) > 1 else ():
        told = {trait(room) for room in some}
        if len(told) == 1 and told.isdisjoint(map(trait, others)):
            return f"all of them {told.pop()}, none of the others"
    return ""


def off(rooms: Sequence[Room], window: Window) -> str:
    """Say how rooms of other days than those of `window` came into its list; "" where that is not known."""
    told = [moment for room in rooms if (moment := as_time(room.get("reg_date"))) is not None]
    if len(told) < len(rooms) or not told:
        return ""
    first, last = min(told), max(told)
    if first.date() < window[0] <= (first + AHEAD).date() and (last + AHEAD).date() <= window[1]:
        return "less than nine hours before them, as UTC tells times"
    if (last - AHEAD).date() <= window[1] < last.date() and window[0] <= (first - AHEAD).date():
        return "less than nine hours after them, as UTC has days"
    ends = [moment for room in rooms if (moment := as_time(room.get("complate_date"))) is not None]
    if len(ends) == len(rooms) and all(window[0] <= moment.date() <= window[1] for moment in ends):
        return "all of which were completed on these days"
    return ""
