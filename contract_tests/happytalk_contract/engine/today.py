"""Which day the target calls today: found by asking, for a mock may have a clock of its own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from happytalk_contract.core.model import SEOUL
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import RoomsView, as_time, date_header, registered_on
from happytalk_contract.questions.meaning import as_day

#: No room is older: the service began later.
EARLIEST: Final = date(2010, 1, 1)
#: How far ahead the clock of a mock is looked for, in days.
AHEAD: Final = 3660
#: Within this much of midnight two clocks that are right may still say different days.
NEAR: Final = timedelta(hours=1)


def todays_day(desk: Desk, current: RoomsView) -> date:
    """Count days by the target's clock from now on, and say what day it is; `current` was asked without a date.

    The target's today is the day of the rooms that no date gives, unless there are rooms on later days up to
    this machine's today: then what no date gives is wrong, and the rules will say so.
    """
    own = desk.today()
    if not current.is_list:
        return own
    day = _newest(current)
    if day is None:  # no rooms today, or this machine is behind
        far = {"sdate": EARLIEST.isoformat(), "edate": (own + timedelta(days=AHEAD)).isoformat(), "limit": 1}
        found = _newest(desk.rooms(far, "the newest room, to tell what day it is there"))
        day = None if found is None or found <= own else found + timedelta(days=1)
    elif day < own:
        later = {"sdate": (day + timedelta(days=1)).isoformat(), "edate": own.isoformat(), "limit": 1}
        view = desk.rooms(later, "rooms after the day that no date gives")
        if not view.is_list:
            view = desk.rooms({"ndate": own.isoformat(), "limit": 1}, "rooms of this machine's today")
        if not view.is_list or view.total:
            return own
    if day is not None and day != own:
        desk.go_by(_moment(desk, day, current), f"today is {day} there, not {own} as on this machine")
    return desk.today()


def confirm_today(desk: Desk) -> None:
    """Judge nothing about today if the target's day changed in mid-run, where its time was not known."""
    if not desk.clock.ahead:
        return
    day = _newest(desk.rooms({}, "what today holds, in the end"))
    if day != desk.today() and any(
        view.rooms for view in desk.evidence.by_request[key(desk.today_question())]
    ):
        own, began = desk.clock(), desk.recording[0].started
        spent = timedelta(seconds=own.timestamp() - began)
        midnight = datetime.combine(desk.today() + timedelta(days=1), time(0), SEOUL)
        desk.go_by(midnight + spent / 2, "the target's day changed while it was asked")


def _newest(view: RoomsView) -> date | None:
    days = [day for room in view.rooms if (day := as_day(registered_on(room))) is not None]
    return max(days, default=None)


def _moment(desk: Desk, day: date, current: RoomsView) -> datetime:
    """What time it is there, as far as it can be told."""
    told = date_header(current.exchange)
    if told is not None and told.astimezone(SEOUL).date() == day:
        return told
    now, own = desk.clock(), desk.today()
    midnight = datetime.combine(max(day, own), time(0), SEOUL)
    if abs(day - own) == timedelta(days=1) and abs(now - midnight) < NEAR:
        return midnight  # which day it is there now can not be told, so nothing about today is judged
    noon = datetime.combine(day, time(12), SEOUL)
    times = [at.replace(tzinfo=SEOUL) for room in current.rooms if (at := as_time(room.get("reg_date")))]
    return max([noon, *(at for at in times if at.date() == day)])
