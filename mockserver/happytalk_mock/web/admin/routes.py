"""The table of routes of the admin API, `routes.toml`: Flask's URL map, OpenAPI and docs come from it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import quote

from ...api.control import RESETTABLE
from ...faults.faults import FIELDS as FAULT_FIELDS
from ...journal.entries import ENDPOINT_NAMES, RESULTS
from ...spec.vocabulary import MESSAGE_STATUSES, ROOM_STATUSES, SORT_KEYS, SORT_VALUES
from . import data, metrics, requests, settings, snapshots
from .asking import Asked, Field

#: What a tenant means to a route: whose data (the first tenant's if none is named), whose setting
#: (everyone's if none is named), one that must be named, or nothing.
Scope = Literal["data", "setting", "named", "none"]
Handler = Callable[[Asked], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One line of the table."""

    method: str
    path: str  #: below /__admin, in Flask's notation
    handler: Handler
    scope: Scope
    query: Mapping[str, Field]
    body: Mapping[str, Field] | None  #: members; None: there is no body
    #: A body whose members the handler checks, as a JSON Schema; in place of `body`.
    free: Mapping[str, Any] | None
    #: Beginnings of further names that the query may have.
    prefixes: tuple[str, ...]
    example: Any  #: a body
    everyone: bool  #: without a tenant it changes the data of every one that there is
    public: bool  #: readable from anywhere
    reads: bool  #: it changes nothing
    content: str  #: the type of what is answered
    status: int

    @property
    def name(self) -> str:
        """How it is told from the others."""
        return f"{self.method} {self.path}"

    def at(self, given: Mapping[str, Any]) -> str:
        """Its path with these parameters."""
        return _PARAMETER.sub(lambda found: quote(str(given[found[1]]), safe=""), self.path)

    @property
    def summary(self) -> str:
        """What it does: the handler's own words."""
        return (self.handler.__doc__ or "").partition("\n")[0]


_PARAMETER: Final = re.compile(r"<(?:\w+:)?(\w+)>")
_TABLE: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
_MODULES: Final = {
    each.__name__.rpartition(".")[2]: each for each in (data, metrics, requests, settings, snapshots)
}
#: Lists of values that the table calls by name.
_LISTS: Final[Mapping[str, Any]] = {
    "endpoints": ENDPOINT_NAMES,
    "results": RESULTS,
    "resettable": RESETTABLE,
    "room_statuses": ROOM_STATUSES,
    "message_statuses": MESSAGE_STATUSES,
    "sort_keys": SORT_KEYS,
    "sort_values": SORT_VALUES,
}
_FAULT: Final = {name: schema for name, schema in FAULT_FIELDS.items() if name != "tenant"}
_FREE: Final[Mapping[str, Any]] = {**_TABLE["free"], "fault": {"type": "object", "properties": _FAULT}}


def _schema(found: Any) -> Any:
    """The schema, lists called by name put in."""
    if not isinstance(found, dict):
        return found
    named = found.get("enum")
    listed = {"enum": list(_LISTS[named])} if isinstance(named, str) else {}
    return {name: _schema(value) for name, value in (found | listed).items()}


def _fields(groups: list[str]) -> dict[str, Field]:
    return {
        name: Field(says=each.pop("says"), required=each.pop("required", False), schema=each)
        for group in groups
        for name, each in _schema(_TABLE["fields"][group]).items()
    }


def _route(line: str, told: Mapping[str, Any]) -> Route:
    method, path = line.split()
    module, _, handler = told["handler"].partition(".")
    return Route(
        method=method,
        path=path,
        handler=getattr(_MODULES[module], handler),
        scope=told.get("tenant", "none"),
        query=_fields(told.get("query", [])),
        body=_fields(told["body"]) if "body" in told else None,
        free=_FREE[told["free"]] if "free" in told else None,
        prefixes=tuple(told.get("prefixes", ())),
        example=told.get("example"),
        everyone=told.get("everyone", False),
        public=told.get("public", False),
        reads=told.get("reads", method == "GET"),
        content=told.get("content", "application/json"),
        status=told.get("status", 200),
    )


#: From top to bottom: data, clock and behaviour, trouble, journal, the mock itself.
ROUTES: Final = tuple(_route(line, told) for line, told in _TABLE["routes"].items())
