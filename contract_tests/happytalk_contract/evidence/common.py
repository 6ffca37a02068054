"""What rooms have in common that the others do not: which ones a list leaves out says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from happytalk_contract.core.model import Window
from happytalk_contract.core.room_fields import FIELDS
from happytalk_contract.evidence.views import ZERO_DATE, as_time

Room = Mapping[str, Any]
#: How many statuses there must be for two kinds of rooms not to be parted by them by chance.
FEW_STATUSES: Final = 4
WEEK: Final = 7
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
    return _parted(some, others) if len(some) > 1 else ""


def _parted(some: Sequence[Room], others: Sequence[Room]) -> str:
    """Say it of statuses, where both kinds have several."""
    ours, theirs = ({str(room.get("status")) for room in rooms} for rooms in (some, others))
    if ours & theirs or len(ours) + len(theirs) < FEW_STATUSES:
        return ""
    return f"all of them of status {_listed(ours)}, the others of status {_listed(theirs)}"


def _listed(codes: Iterable[str]) -> str:
    *most, last = sorted(codes)
    return f"{', '.join(most)} or {last}" if most else last


def off(listed: Sequence[tuple[Room, Window]], now: datetime) -> str:
    """Say how rooms of other days came into lists, by the days that were asked for; "" where that is not known."""
    told = [(moment, room, days) for room, days in listed if (moment := as_time(room.get("reg_date")))]
    if len(told) < len(listed) or not told:
        return ""
    clocks = {
        (moment.date(), room.get("id"), f"{moment:%H:%M:%S}")
        for moment, room, days in told
        if not _is_within(moment, days)
    }
    if len(clocks) > 1 and len({clock for _day, _room, clock in clocks}) == 1:
        return f"all of these were registered at {clocks.pop()[2]}"
    for text, holds in _OFF.items():
        if all(holds(moment, as_time(room.get("complate_date")), days, now) for moment, room, days in told):
            return text
    return _around([(moment.date(), days[0]) for moment, _room, days in told if days[0] == days[1]])


def _around(listed: Sequence[tuple[date, date]]) -> str:
    """Say how far from the day that was asked for others lie, or that all are of its month."""
    if not listed:
        return ""
    far = [(day - asked).days for day, asked in listed]
    first, last = min(far), max(far)
    if last - first >= WEEK and all(
        (day.year, day.month) == (asked.year, asked.month) for day, asked in listed
    ):
        return f"all of the month of the day that was asked for, from {_days(-first)} before it to {last} after it"
    if last <= 0:
        return f"from {_days(-first)} before the day that was asked for on"
    return f"up to {_days(last)} after the day that was asked for" if first >= 0 else ""


def _days(count: int) -> str:
    return f"{count} day{'s' * (count != 1)}"


def _is_within(moment: datetime | None, days: Window) -> bool:
    return moment is not None and days[0] <= moment.date() <= days[1]


def _is_shifted(days: int) -> Callable[[datetime, Any, Window, Any], bool]:
    return lambda moment, _ended, asked, _now: _is_within(moment - timedelta(days=days), asked)


#: Which rooms a list may hold in place of those of its days: by when they were registered and completed, the days
#: that were asked for and the time of the answer. What says most comes first.
_OFF: Final[Mapping[str, Callable[[datetime, datetime | None, Window, datetime], bool]]] = {
    "those of today": lambda moment, _ended, _days, now: moment.date() == now.date(),
    "all of which were completed on these days": lambda _moment, ended, days, _now: _is_within(ended, days),
    "those of the last 24 hours": lambda moment, _ended, _days, now: (
        now - timedelta(hours=24) <= moment <= now
    ),
    "less than nine hours before them, as UTC tells times": lambda moment, _ended, days, _now: _is_within(
        moment + AHEAD, days
    ),
    "less than nine hours after them, as UTC has days": lambda moment, _ended, days, _now: _is_within(
        moment - AHEAD, days
    ),
    "those of the day before": _is_shifted(-1),
    "those of the day after": _is_shifted(1),
}
