"""Changes by hand to a tenant's rooms and system messages: checked as a whole, then made as a whole.

What may be written is what a scenario file may hold (docs/scenarios.md). Every error is a ChangeError that
names field, received and allowed, and nothing was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from ..core import chance
from ..core.clock import ZERO_DATE, second_text
from ..core.errors import ChangeError, DuplicateRoomError, NotFoundError, ScenarioError
from ..core.wording import did_you_mean, mask, said, shorten
from ..data.scenario import check_course, rooms_of, whole_message, within_calendar
from ..data.scenario_file import Place, check_messages, check_rooms
from ..data.twin.files import second_of
from ..spec.behaviour import Behaviour
from ..spec.parameters import integer
from ..spec.vocabulary import OPEN_STATUSES, ROOM_FIELDS, Message, Room
from ..store.messages import number_of
from .mock import Mock
from .tenants import Tenant

#: Rooms that one call may add.
MAX_ROOMS: Final = 100_000
_P = ParamSpec("_P")
_T = TypeVar("_T")


def _telling(function: Callable[_P, _T]) -> Callable[_P, _T]:
    """Turns what the checks of scenarios raise into ChangeError."""

    @wraps(function)
    def inside(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return function(*args, **kwargs)
        except ScenarioError as error:
            raise ChangeError(error.field, received=error.received, allowed=error.allowed) from None

    return inside


# --- rooms -------------------------------------------------------------------------------------------------


@_telling
def add_rooms(mock: Mock, tenant: Tenant, found: Sequence[Any], *, place: str = "rooms") -> list[Room]:
    """Adds the rooms of some entries, all or none, and returns them whole.

    An entry is a mapping of the fields one cares for, and maybe `count`, `day` or `every`; a field's list of
    values is taken in turn.
    """
    now = mock.clock_of(tenant).second()
    entries = check_rooms(list(found), Place("", place))
    if sum(entry.count for entry in entries) > MAX_ROOMS:
        raise ChangeError(place, received="too many rooms", allowed=f"at most {MAX_ROOMS} at once")
    rooms = [room for entry in entries for room in rooms_of(entry, next(tenant.numbers), tenant.source, now)]
    try:
        tenant.rooms.add(rooms)
    except DuplicateRoomError as error:
        raise error.within(place) from None
    except ValueError as error:
        raise ChangeError(place, received=str(error), allowed="dates and a status") from None
    return rooms


@_telling
def change_room(mock: Mock, tenant: Tenant, room_id: str, fields: Any) -> Room:
    """Changes fields of a room and returns it whole.

    Where the status changes and complate_date is not given, it follows: now for a room that ends, the zero
    date for one that is open again or that ends as the behaviour profile says.
    """
    now = mock.clock_of(tenant).second()
    old = tenant.rooms.get(room_id, now)
    new = _changed_fields(fields, old, now)
    if "status" in new and "complate_date" not in new:
        new["complate_date"] = _followed(mock.behaviour_of(tenant), old, new, now)
    if not new.keys().isdisjoint(("status", "reg_date", "complate_date")):
        with suppress(ValueError):  # a recorded date that is none contradicts no other
            check_course({**old, **new}, Place(""))
    try:
        return tenant.rooms.update(room_id, new, now)
    except ValueError as error:
        raise ChangeError("room", received=str(error), allowed="dates and a status") from None


def _followed(behaviour: Behaviour, old: Room, new: Room, now: int) -> str:
    """What complate_date shows after a change of status."""
    status, before, ended = int(new["status"] or 0), integer(old.get("status")), str(old.get("complate_date"))
    if status == before:
        return ended
    was_open = before in OPEN_STATUSES
    end = max(second_text(now), str(new.get("reg_date") or old.get("reg_date")))
    choice = end_shown(behaviour, status)
    if choice == "mixed":  # a room that ended already shows an end or not; another by the chance of its id
        ends = chance.number_of("end", str(old["id"])) & 1 if was_open else ended != ZERO_DATE
        choice = "real" if ends else "zero"
    if choice == "zero":
        return ZERO_DATE
    return end if was_open or second_of(ended) is None else ended


def end_shown(behaviour: Behaviour, status: int) -> str:
    """Which complate_date rooms of a status show, as the behaviour profile says: zero, real or mixed."""
    if status in OPEN_STATUSES:
        return "zero"
    question = {3: "deleted_end_date", 4: "bot_ended_end_date"}.get(status)
    return "real" if question is None else behaviour[question]


def _changed_fields(fields: Any, old: Room, now: int) -> Room:
    if not isinstance(fields, dict) or not fields:
        raise ChangeError("room", received=said(fields), allowed="an object with fields of a room")
    for name, value in fields.items():
        if name not in ROOM_FIELDS:
            received = f"an unknown field{did_you_mean(name, ROOM_FIELDS)}"
            raise ChangeError(shorten(name), received=received, allowed=", ".join(ROOM_FIELDS))
        if isinstance(value, list):
            raise ChangeError(name, received=said(value), allowed="one value")
    try:
        (entry,) = check_rooms([fields], Place("", ""))
    except ScenarioError as error:
        field = error.field.removeprefix("[0]").removeprefix(".")
        raise ChangeError(field, received=error.received, allowed=error.allowed) from None
    new: Room = entry.fields(0)
    with within_calendar(Place("", "room")):
        began = entry.began(0, now)
        if began is not None:
            new["reg_date"] = second_text(began)
        ended = entry.ended(0)
        if ended is not None:
            source = (second_of(old.get("reg_date")) or now) if began is None else began
            new["complate_date"] = ZERO_DATE if ended.is_zero else second_text(ended.second(now, source))
    return new


# --- system messages ---------------------------------------------------------------------------------------


def messages(mock: Mock, tenant: Tenant, sender_key: str | None) -> list[Message]:
    """All messages of a sender (None: the tenant's first), whatever their status. Raises NotFoundError."""
    key = _sender_key(tenant, sender_key)
    found = tenant.messages.find(key, mock.clock_of(tenant).second())
    if found is None:
        raise NotFoundError("sender_key", received=mask(key), allowed="a sender key of the tenant")
    return found


def get_message(mock: Mock, tenant: Tenant, sender_key: str | None, number: int) -> Message:
    """A message by its id. Raises NotFoundError."""
    for message in messages(mock, tenant, sender_key):
        if number_of(message) == number:
            return message
    raise NotFoundError("id", received=str(number), allowed="the id of a message of that sender")


@_telling
def add_messages(
    mock: Mock, tenant: Tenant, sender_key: str | None, found: Sequence[Any], *, place: str = "messages"
) -> list[Message]:
    """Adds messages, all or none, and returns them whole. A new sender key becomes one of the tenant's."""
    key = _sender_key(tenant, sender_key)
    now = mock.clock_of(tenant).second()
    (partials,) = check_messages(list(found), Place("", place)).values()
    taken = tenant.messages.ids(key)
    for position, partial in enumerate(partials):
        if partial.get("id") in taken:
            field = f"{place}[{position}].id"
            raise ChangeError(field, received=said(partial["id"]), allowed="an id that no message has")
    first = max((tenant.messages.next_id(key), *(partial.get("id", 0) + 1 for partial in partials)))
    made = [
        whole_message(partial, first + position, now, Place("", place) / position)
        for position, partial in enumerate(partials)
    ]
    for message in made:
        tenant.messages.put(key, message)
    return made


@_telling
def change_message(mock: Mock, tenant: Tenant, sender_key: str | None, number: int, fields: Any) -> Message:
    """Changes fields of a message and returns it whole; its id stays."""
    key = _sender_key(tenant, sender_key)
    old = get_message(mock, tenant, key, number)
    if not isinstance(fields, dict) or not fields:
        raise ChangeError("message", received=said(fields), allowed="an object with fields of a message")
    if fields.get("id", number) != number:
        raise ChangeError("id", received=said(fields["id"]), allowed=f"{number}, or nothing: an id stays")
    try:
        ((partial,),) = check_messages([fields], Place("", "")).values()
    except ScenarioError as error:
        field = error.field.removeprefix("[0]").removeprefix(".")
        raise ChangeError(field, received=error.received, allowed=error.allowed) from None
    now = mock.clock_of(tenant).second()
    message = whole_message({**old, **partial}, number, now, Place("", "message"))
    tenant.messages.put(key, message)
    return message


def delete_message(mock: Mock, tenant: Tenant, sender_key: str | None, number: int) -> None:
    """Takes a message away. Raises NotFoundError."""
    key = _sender_key(tenant, sender_key)
    if not tenant.messages.delete(key, number, mock.clock_of(tenant).second()):
        raise NotFoundError("id", received=str(number), allowed="the id of a message of that sender")


def _sender_key(tenant: Tenant, sender_key: str | None) -> str:
    if sender_key is not None:
        return sender_key
    keys = tenant.messages.sender_keys
    if not keys:
        raise ChangeError("sender_key", received="nothing", allowed="a sender key; the tenant has none yet")
    return keys[0]


# --- all of it ---------------------------------------------------------------------------------------------


def reset_data(tenant: Tenant, *, empty: bool) -> None:
    """Rooms and messages as at the beginning, or none at all."""
    tenant.restart_numbers()
    if empty:
        tenant.rooms.clear()
        tenant.messages.clear()
    else:
        tenant.rooms.restore()
        tenant.messages.restore()
