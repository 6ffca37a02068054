"""The table of routes of the admin API. Flask's URL map, the OpenAPI document and docs/admin.md come from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from ...api.control import RESETTABLE
from ...faults.faults import FIELDS as FAULT_FIELDS
from ...journal.entries import ENDPOINT_NAMES, RESULTS
from ...spec.vocabulary import MESSAGE_STATUSES, ROOM_STATUSES, SORT_KEYS, SORT_VALUES
from . import data, requests, settings
from .asking import Asked, Field

#: What a tenant means to a route: whose data (the first tenant's if none is named), whose setting
#: (everyone's if none is named), one that must be named, or nothing.
Scope = Literal["data", "setting", "named", "none"]
Handler = Callable[[Asked], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of the table."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str  #: below /__admin, in Flask's notation
    handler: Handler
    scope: Scope = "none"
    query: Mapping[str, Field] = field(default_factory=dict)
    body: Mapping[str, Field] | None = None  #: members; None: there is no body
    #: A body whose members the handler checks, as a JSON Schema; in place of `body`.
    free: Mapping[str, Any] | None = None
    #: Beginnings of further names that the query may have.
    prefixes: tuple[str, ...] = ()
    example: Any = None  #: a body
    public: bool = False  #: readable from anywhere
    status: int = 200

    @property
    def summary(self) -> str:
        """What it does: the handler's own words."""
        return (self.handler.__doc__ or "").partition("\n")[0]


def _text(says: str, **schema: Any) -> Field:
    return Field(says=says, schema={"type": "string", "minLength": 1, **schema})


def _whole(says: str, least: int = 0, most: int = 10**15) -> Field:
    return Field(says=says, schema={"type": "integer", "minimum": least, "maximum": most})


def _flag(says: str) -> Field:
    return Field(says=says, schema={"type": "boolean"})


def _one_of(says: str, values: Any) -> Field:
    return Field(says=says, schema={"enum": list(values)})


def _list(says: str) -> Field:
    return Field(says=says, schema={"type": "array", "items": {"type": "string", "minLength": 1}})


def _required(each: Field) -> Field:
    return Field(says=each.says, schema=each.schema, required=True)


_SENDER = {"sender_key": _text("Which sender; the tenant's first if not given.")}
_SPAN = Field(
    says="How many.", schema={"type": "number", "minimum": -4_000_000_000, "maximum": 4_000_000_000}
)
_MOMENT = _text("ISO 8601; Seoul time where it names no offset.")
_LIMIT = _whole("At most so many.", 1, 10_000)
_ROOM: Final = {"type": "object", "description": "Fields of a room; those left out are filled in."}
_MESSAGE: Final = {"type": "object", "description": "Fields of a system message; the others are filled in."}
_JOURNAL: Final = {
    "endpoint": _one_of("Which endpoint; `other` is a path that is none.", ENDPOINT_NAMES),
    "result": _one_of("What was answered; `broken` is no documented envelope.", RESULTS),
    "status": _whole("HTTP status.", 100, 599),
    "since": _whole("Only requests with a greater id."),
    "violations": _flag("Only requests that depart from the documentation, or only those that do not."),
    "faulty": _flag("Only requests that a fault struck, or only the others."),
    "limit": _LIMIT,
}
_PARAMETERS: Final = {
    "body": Field(says="Parameters of the chat room list by name.", schema={"type": "object"}),
    "query": Field(says="Parameters of the system messages by name.", schema={"type": "object"}),
}
_ROOM_FILTERS: Final = {
    "status": Field(says="One status.", schema={"type": "integer", "enum": list(ROOM_STATUSES)}),
    "sdate": _text("Registered on this day or later: 2022-05-26, today or today-1."),
    "edate": _text("Registered on this day or earlier."),
    "sort_key": _one_of("reg_date by default.", SORT_KEYS),
    "sort_value": _one_of("desc by default.", SORT_VALUES),
    "offset": _whole("How many to leave out at the beginning."),
    "limit": _whole(f"How many; {data.PAGE} by default.", 0, 1000),
}
_TENANT: Final = {
    "token": _required(_text("The customer token.")),
    "client_id": _text("HT-Client-Id; derived from the token if not given."),
    "client_secret": _text("HT-Client-Secret; likewise."),
    "sender_keys": _list("Sender keys; likewise."),
    "empty": _flag("Without generated or scenario data."),
}
_RESET: Final = {
    "to": _one_of("`seed`: the data of the start (default); `empty`: no data.", ("seed", "empty")),
    "only": Field(
        says="Some of it; everything by default.",
        schema={"type": "array", "items": {"enum": list(RESETTABLE)}},
    ),
}
_FAULT: Final = {
    "type": "object",
    "properties": {name: {"description": says} for name, says in FAULT_FIELDS.items() if name != "tenant"},
}


def _route(method: Any, path: str, handler: Handler, scope: Scope = "none", **more: Any) -> Route:
    return Route(method=method, path=path, handler=handler, scope=scope, **more)


#: Read it from top to bottom: data, clock and behaviour, trouble, journal, the mock itself.
ROUTES: Final[tuple[Route, ...]] = (
    _route("GET", "/rooms", data.list_rooms, "data", query=_ROOM_FILTERS),
    _route(
        "POST",
        "/rooms",
        data.add_rooms,
        "data",
        free={"oneOf": [_ROOM, {"type": "array", "items": _ROOM}]},
        example={"status": "2", "title": "배송 문의", "count": 3},
        status=201,
    ),
    _route("DELETE", "/rooms", data.clear_rooms, "data"),
    _route("GET", "/rooms/<path:id>", data.get_room, "data"),
    _route("PATCH", "/rooms/<path:id>", data.change_room, "data", free=_ROOM, example={"status": "2"}),
    _route("DELETE", "/rooms/<path:id>", data.delete_room, "data"),
    _route(
        "GET",
        "/messages",
        data.list_messages,
        "data",
        query={**_SENDER, "status": _one_of("One status.", MESSAGE_STATUSES)},
    ),
    _route(
        "POST",
        "/messages",
        data.add_messages,
        "data",
        query=_SENDER,
        free={"oneOf": [_MESSAGE, {"type": "array", "items": _MESSAGE}]},
        example={"name": "점심시간 안내", "status": "A", "messages": [{"messageType": "S2"}]},
        status=201,
    ),
    _route("DELETE", "/messages", data.clear_messages, "data"),
    _route("GET", "/messages/<int:id>", data.get_message, "data", query=_SENDER),
    _route(
        "PATCH",
        "/messages/<int:id>",
        data.change_message,
        "data",
        query=_SENDER,
        free=_MESSAGE,
        example={"status": "T"},
    ),
    _route("DELETE", "/messages/<int:id>", data.delete_message, "data", query=_SENDER),
    _route(
        "POST",
        "/generate",
        data.generate,
        "data",
        body={
            "rooms": _whole("How many; as the mock was started if not given.", 0, 100_000),
            "days": _whole("Over about so many days; likewise.", 1, 3660),
        },
        example={"rooms": 50, "days": 7},
    ),
    _route("POST", "/reset", data.reset, "setting", body=_RESET, example={"to": "seed"}),
    _route("GET", "/clock", settings.read_clock, "setting"),
    _route(
        "POST",
        "/clock/freeze",
        settings.freeze_clock,
        "setting",
        body={"at": _MOMENT},
        example={"at": "2026-11-01 23:59:50"},
    ),
    _route(
        "POST",
        "/clock/set",
        settings.set_clock,
        "setting",
        body={"to": _required(_MOMENT)},
        example={"to": "2022-05-26T13:00:00+09:00"},
    ),
    _route(
        "POST",
        "/clock/advance",
        settings.advance_clock,
        "setting",
        body=dict.fromkeys(("days", "hours", "minutes", "seconds"), _SPAN),
        example={"hours": 9},
    ),
    _route("POST", "/clock/run", settings.run_clock, "setting", body={}, example={}),
    _route("POST", "/clock/follow", settings.follow_clock, "setting", body={}, example={}),
    _route("GET", "/behaviour", settings.read_behaviour, "setting"),
    _route(
        "PATCH",
        "/behaviour",
        settings.change_behaviour,
        "setting",
        free={"type": "object", "description": "Answers by the id of their question."},
        example={"zero_date_order": "last"},
    ),
    _route("DELETE", "/behaviour", settings.reset_behaviour, "setting"),
    _route(
        "GET",
        "/faults",
        settings.list_faults,
        "setting",
        query={"unused": _flag("Only faults that struck no request yet, or only the others.")},
    ),
    _route(
        "POST",
        "/faults",
        settings.add_fault,
        "setting",
        free=_FAULT,
        example={"status": 429, "retry_after": 3, "times": 2},
        status=201,
    ),
    _route("DELETE", "/faults", settings.clear_faults, "setting"),
    _route("GET", "/faults/<int:id>", settings.get_fault),
    _route("DELETE", "/faults/<int:id>", settings.delete_fault),
    _route("GET", "/drift", settings.read_drift, "setting"),
    _route(
        "PUT",
        "/drift",
        settings.set_drift,
        "setting",
        body={"name": _text("One drift."), "names": _list("Several drifts.")},
        example={"name": "total-count-of-page"},
    ),
    _route("DELETE", "/drift", settings.clear_drift, "setting"),
    _route("GET", "/churn", settings.read_churn, "setting"),
    _route(
        "PUT",
        "/churn",
        settings.set_churn,
        "setting",
        body={
            "rate": Field(
                says="Changes a second: 10/s, 30/m.", schema={"type": ["string", "number"]}, required=True
            ),
            "seed": _whole("For the same changes again."),
        },
        example={"rate": "10/s"},
    ),
    _route("DELETE", "/churn", settings.stop_churn, "setting"),
    _route(
        "GET",
        "/journal",
        requests.list_requests,
        "setting",
        query=_JOURNAL,
        prefixes=requests.PARAMETER_PREFIXES,
    ),
    _route(
        "GET",
        "/journal/count",
        requests.count_requests,
        "setting",
        query={name: each for name, each in _JOURNAL.items() if name != "limit"},
        prefixes=requests.PARAMETER_PREFIXES,
    ),
    _route(
        "POST",
        "/journal/find",
        requests.find_requests,
        "setting",
        body={**_JOURNAL, **_PARAMETERS},
        example={"endpoint": "rooms", "body": {"status": 2, "page": 1}},
    ),
    _route(
        "POST",
        "/journal/near-misses",
        requests.near_requests,
        "setting",
        body={
            **_PARAMETERS,
            "endpoint": _JOURNAL["endpoint"],
            "since": _JOURNAL["since"],
            "limit": _whole("How many; 3 by default.", 1, 100),
        },
        example={"endpoint": "rooms", "body": {"status": 2, "sort_key": "complate_date"}},
    ),
    _route("GET", "/journal/<int:id>", requests.get_request),
    _route("DELETE", "/journal", requests.clear_requests, "setting"),
    _route("GET", "/tenants", data.list_tenants),
    _route(
        "POST",
        "/tenants",
        data.add_tenant,
        body=_TENANT,
        example={"token": "team-a", "empty": True},
        status=201,
    ),
    _route("DELETE", "/tenants", data.delete_tenant, "named"),
    _route("GET", "/health", settings.health, public=True),
)
