"""Handlers: rooms, system messages, tenants, and the reset of it all."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

import orjson

from ...core.clock import DAY
from ...core.errors import ChangeError, ConfigurationError, NotFoundError
from ...core.moments import DAY_FORMS, parse_day
from ...core.wording import mask, said
from ...state import changes
from ...state.credentials import DEFAULT_CREDENTIALS, Credentials
from ...state.tenants import Tenant
from ...store.rooms import Selection
from .asking import Asked

#: A page of rooms unless said otherwise.
PAGE: Final = 50
_FOREVER: Final = 1 << 60


# --- rooms -------------------------------------------------------------------------------------------------


def list_rooms(asked: Asked) -> Any:
    """A page of the visible rooms that match, every status included."""
    (tenant, now), query = asked.data(), asked.query
    last = _day("edate", query, now)
    first = _day("sdate", query, now)
    selection = Selection(
        first=-_FOREVER if first is None else first,
        last=_FOREVER if last is None else last + DAY - 1,
        status=query.get("status"),
        hidden=frozenset(),
        sort_key=query.get("sort_key", "reg_date"),
        descending=query.get("sort_value", "desc") == "desc",
        zero_last=False,
    )
    limit, offset = query.get("limit", PAGE), query.get("offset", 0)
    total, rooms = tenant.rooms.page(selection, offset, limit, now)
    found = [orjson.Fragment(room) for room in rooms]
    return {"total_count": total, "offset": offset, "limit": limit, "rooms": found}


def _day(name: str, query: Any, now: int) -> int | None:
    """The first second of a day of the query."""
    if name not in query:
        return None
    day = parse_day(query[name])
    if day is None:
        raise ChangeError(name, received=said(query[name]), allowed=DAY_FORMS)
    return day.second(now, None)


def add_rooms(asked: Asked) -> Any:
    """Adds rooms: one object of fields, an array of them, or `{"rooms": [...]}`. All or none."""
    body = asked.body
    if isinstance(body, dict) and "rooms" in body:
        for name in body:
            if name != "rooms":
                raise ChangeError(name, received="a field beside rooms", allowed="rooms, tenant")
        body = body["rooms"]
    if body is None or (isinstance(body, list) and not body):
        raise ChangeError("rooms", received=said(body), allowed="an object, or an array that is not empty")
    entries = body if isinstance(body, list) else [body]
    rooms = changes.add_rooms(asked.mock, asked.tenant(), entries)
    return {"added": len(rooms), "rooms": rooms}


def get_room(asked: Asked) -> Any:
    """One room, whole."""
    tenant, now = asked.data()
    return tenant.rooms.get(asked.path["id"], now)


def change_room(asked: Asked) -> Any:
    """Changes fields of a room. A changed status moves complate_date along, unless it is given."""
    return changes.change_room(asked.mock, asked.tenant(), asked.path["id"], asked.body)


def delete_room(asked: Asked) -> Any:
    """Takes a room out of every list."""
    tenant, now = asked.data()
    tenant.rooms.delete(asked.path["id"], now)
    return {"deleted": 1}


def clear_rooms(asked: Asked) -> Any:
    """Takes every room of the tenant away, generated ones too, until a reset."""
    tenant, now = asked.data()
    count = tenant.rooms.counts(now).rooms
    tenant.rooms.clear()
    return {"deleted": count}


def generate(asked: Asked) -> Any:
    """Gives a tenant generated rooms and system messages, so many as said; those made by hand stay."""
    (tenant, now), setup = asked.data(), asked.mock.setup
    size = (asked.body.get("rooms", setup.rooms), asked.body.get("days", setup.days))
    asked.mock.tenants.generate(tenant, size)
    return {"rooms": tenant.rooms.counts(now).rooms}


# --- system messages ---------------------------------------------------------------------------------------


def list_messages(asked: Asked) -> Any:
    """Every message of a sender, whatever its status."""
    found = changes.messages(asked.mock, asked.tenant(), asked.query.get("sender_key"))
    status = asked.query.get("status")
    chosen = [message for message in found if status in (None, message.get("status"))]
    return {"total_count": len(chosen), "messages": chosen}


def add_messages(asked: Asked) -> Any:
    """Adds messages: one object of fields, an array, or `{"system_messages": [...]}`. All or none."""
    body = asked.body
    # A message has parts of the same name; those have no id and no name of their own beside them.
    if isinstance(body, dict) and body.keys() == {"system_messages"}:
        body = body["system_messages"]
    if body is None or (isinstance(body, list) and not body):
        raise ChangeError("messages", received=said(body), allowed="an object, or an array that is not empty")
    entries = body if isinstance(body, list) else [body]
    key = asked.query.get("sender_key")
    made = changes.add_messages(asked.mock, asked.tenant(), key, entries, place="system_messages")
    return {"added": len(made), "messages": made}


def get_message(asked: Asked) -> Any:
    """One message, whole."""
    key = asked.query.get("sender_key")
    return changes.get_message(asked.mock, asked.tenant(), key, asked.path["id"])


def change_message(asked: Asked) -> Any:
    """Changes fields of a message; its id stays."""
    key = asked.query.get("sender_key")
    return changes.change_message(asked.mock, asked.tenant(), key, asked.path["id"], asked.body)


def delete_message(asked: Asked) -> Any:
    """Takes a message away."""
    changes.delete_message(asked.mock, asked.tenant(), asked.query.get("sender_key"), asked.path["id"])
    return {"deleted": 1}


def clear_messages(asked: Asked) -> Any:
    """Takes every message of the tenant away, until a reset."""
    asked.tenant().messages.clear()
    return {"cleared": True}


# --- tenants -----------------------------------------------------------------------------------------------


def list_tenants(asked: Asked) -> Any:
    """The tenants there are. Tokens are masked, but for the documented default."""
    return {"tenants": [_tenant(asked, tenant) for tenant in asked.mock.tenants]}


def _tenant(asked: Asked, tenant: Tenant) -> dict[str, Any]:
    counts = tenant.rooms.counts(asked.mock.clock_of(tenant).second())
    own = tenant.token == DEFAULT_CREDENTIALS.token
    return {
        "token": tenant.token if own else mask(tenant.token),
        "rooms": counts.rooms,
        "by_hand": counts.by_hand,
        "sender_keys": len(tenant.messages.sender_keys),
        "own_clock": tenant.clock is not None,
        "own_behaviour": tenant.behaviour is not None,
    }


def add_tenant(asked: Asked) -> Any:
    """Makes a token known; what is not given is derived from the token, and all of it is answered.

    A tenant of the same token starts afresh.
    """
    given = {name: value for name, value in asked.body.items() if name != "empty"}
    credentials = Credentials.of(**given)
    try:
        asked.mock.tenants.add(credentials, empty=asked.body.get("empty", False))
    except ConfigurationError:
        taken = mask(credentials.client_id)
        raise ChangeError("client_id", received=taken, allowed="one that no other tenant has") from None
    asked.control.forget(credentials.token)
    return asdict(credentials)


def delete_tenant(asked: Asked) -> Any:
    """Forgets a tenant with its data, faults, drifts and churn."""
    if asked.token is None:
        raise ChangeError("token", received="nothing", allowed="?token= of the tenant to forget")
    if not asked.mock.tenants.remove(asked.token):
        raise NotFoundError("token", received=mask(asked.token), allowed="the token of a known tenant")
    asked.control.forget(asked.token)
    return {"deleted": 1}


def reset(asked: Asked) -> Any:
    """Back to how the mock was started: data, clock, behaviour, faults, drifts, churn, journal."""
    empty = asked.body.get("to", "seed") == "empty"
    only = asked.body.get("only")
    asked.control.reset(asked.scope(), empty=empty, only=None if only is None else frozenset(only))
    return {"reset": True}
