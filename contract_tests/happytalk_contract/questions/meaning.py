"""What can be asked, and what a question means by the documentation.

`rooms()` and `messages()` write requests; `meaning()` reads one back: which window of registration days,
which status, order, page. Date priority, defaults and limits live here, once, as a truth table that every
relation rule stands on. What the documentation leaves open is named, not guessed.
Source: chat_room_lists, Request; system messages, Request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from happytalk_contract.core.model import Request, placeholder
from happytalk_mock.spec.resources import code_list, endpoints, schema

TOKEN: Final = placeholder("HAPPYTALK_TOKEN")
CLIENT_HEADERS: Final = {
    "HT-Client-Id": placeholder("HAPPYTALK_CLIENT_ID"),
    "HT-Client-Secret": placeholder("HAPPYTALK_CLIENT_SECRET"),
}
SENDER_KEY: Final = placeholder("HAPPYTALK_SENDER_KEY")

_REQUEST: Final[Mapping[str, Any]] = schema("chat_room_lists.request")["properties"]
#: Request parameters in the order of the page's table (token aside).
PARAMETERS: Final = tuple(name for name in _REQUEST if name != "token")
#: Statuses one can ask for; 99 is all.
STATUSES: Final = tuple(code_list("room_status_filter"))
SORT_KEYS: Final = tuple(code_list("sort_key"))
SORT_VALUES: Final = tuple(code_list("sort_value"))
DEFAULTS: Final[Mapping[str, Any]] = {
    name: said["default"] for name, said in _REQUEST.items() if "default" in said
}
MOST_PER_PAGE: Final = 50

#: Open questions under which a success still has one right content ("taken"): only refusing is free.
SOFT: Final = frozenset({"numeric_text", "limit_above_max", "unknown_parameters", "empty_date", "null_value"})
#: In place of a question: what is odd in a way that no open question is about.
UNLISTED: Final = "unlisted"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,40}", re.ASCII)
#: The largest number of 64 bits; and of what every API can count to.
_LARGEST: Final = 2**63 - 1
_USUAL: Final = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a question to the room list asks for, by the documentation."""

    first: date | None  #: first day of registration; None: today in Seoul (or open)
    last: date | None  #: last day, included
    status: int
    sort_key: str
    sort_value: str
    limit: int  #: as served: never above 50
    page: int
    open: frozenset[str] = frozenset()  #: ids of the open questions that the request touches

    @property
    def is_today(self) -> bool:
        """Whether the current day in Seoul is meant."""
        return self.first is None

    @property
    def is_judged(self) -> bool:
        """Whether a success has one right content."""
        return self.open <= SOFT

    @property
    def is_plain(self) -> bool:
        """Whether only a success is right."""
        return not self.open


@dataclass(frozen=True, slots=True)
class _Reader:
    """Collects the open questions while parameters are read."""

    open: set[str] = field(default_factory=set)

    def integer(self, name: str, params: Mapping[str, Any]) -> int:
        """An int parameter, written as a number or as numeric text; its default where it is neither."""
        default: int = DEFAULTS[name]
        value = self.given(name, params)
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            self.open.add("numeric_text")
            value = int(value)
        if type(value) is int and abs(value) < _USUAL:
            return value
        self.open.add(_oddity(name, value))
        return default

    def given(self, name: str, params: Mapping[str, Any]) -> Any:
        """What is given for a parameter; its default where nothing is."""
        if name in params and params[name] is None:
            self.open.add("null_value")
            return DEFAULTS[name]
        return params.get(name, DEFAULTS[name])

    def choice(self, name: str, params: Mapping[str, Any], legal: tuple[str, ...]) -> str:
        """A sort parameter."""
        value = self.given(name, params)
        if isinstance(value, str) and value in legal:
            return value
        self.open.add(f"unknown_sort.{name.removeprefix('sort_')}")
        return str(DEFAULTS[name])

    def day(self, value: Any) -> date | None:
        """A date parameter: a day, or None where it is absent, null or unusable."""
        if value is None:
            return None
        if value == "":
            self.open.add("empty_date")
            return None
        day = as_day(value)
        if day is None:
            text = "no_such_day" if isinstance(value, str) and _DAY.fullmatch(value) else "form"
            self.open.add(f"bad_date.{text if isinstance(value, str) else 'type'}")
        return day


def _oddity(name: str, value: Any) -> str:
    """The open question about a value that is no usual number."""
    group = "unknown_status" if name == "status" else f"{name}_invalid"
    if isinstance(value, str):
        return f"{group}.text"
    if type(value) is int:
        case = "huge" if value > _LARGEST else "negative" if value < 0 else ""
        return UNLISTED if name == "status" or not case else f"{group}.{case}"
    if isinstance(value, float):
        if value != value or abs(value) == float("inf"):
            return UNLISTED
        case = "number" if name == "status" else "fraction"
        return "whole_fraction" if value.is_integer() else f"{group}.{case}"
    return f"{group}.type"


def as_day(value: Any) -> date | None:
    """Read `Y-m-d` text as a day of the calendar; None if it is not one."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def as_body(fields: Mapping[str, Any]) -> bytes:
    """Write the body of a question."""
    # The standard library's JSON: numbers beyond 64 bits are among what is asked.
    text = json.dumps(dict(fields), ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def rooms(
    params: Mapping[str, Any] | None = None, *, why: str = "", token: Any = TOKEN, client: bool = False
) -> Request:
    """Ask for the room list with `params`; `client` adds the HT headers, as the production sample does."""
    body = {"token": token} if token is not ABSENT else {}
    return rooms_raw(as_body({**body, **dict(params or {})}), why=why, client=client)


def rooms_raw(
    body: bytes,
    *,
    why: str = "",
    client: bool = False,
    content_type: str | None = "application/json",
    method: str = "POST",
    suffix: str = "",
) -> Request:
    """Ask for the room list with any bytes as the body, by any method, or at a path beside it."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    return Request(
        endpoint="rooms",
        method=method,
        suffix=suffix,
        headers={**headers, **(CLIENT_HEADERS if client else {})},
        body=body,
        why=why,
    )


def messages(
    *,
    message_id: str | None = None,
    sender_key: str | None = SENDER_KEY,
    headers: Mapping[str, str] = CLIENT_HEADERS,
    extra: tuple[tuple[str, str], ...] = (),
    why: str = "",
) -> Request:
    """Ask for the sender's system messages, or for one of them."""
    query = (() if sender_key is None else (("senderKey", sender_key),)) + (
        () if message_id is None else (("id", message_id),)
    )
    return Request(endpoint="messages", method="GET", headers=dict(headers), query=query + extra, why=why)


class _Absent:
    """Stands for a parameter that is not written at all."""


ABSENT: Final = _Absent()


def is_addressed(request: Request) -> bool:
    """Whether a request is sent to its endpoint, by the documented method."""
    return not request.suffix and request.method == endpoints()[request.endpoint]["method"]


def parameters(request: Request) -> dict[str, Any] | None:
    """Read the parameters of a room question, token aside; None if it is no well-formed one.

    Well-formed: POST, a JSON object as the body, announced as JSON, and the right token in it.
    """
    if request.endpoint != "rooms" or not is_addressed(request) or not request.body:
        return None
    if dict(request.headers).get("Content-Type") != "application/json":
        return None
    body = _read(request.body)
    return None if body is None else dict(body)


@lru_cache(maxsize=2048)
def _read(body: bytes) -> dict[str, Any] | None:
    """The same of a body; a run asks for the parameters of each many times."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or read.get("token") != TOKEN or body.count(b'"token"') != 1:
        return None
    del read["token"]
    return read


def meaning(params: Mapping[str, Any]) -> Meaning:
    """Say what `params` ask for: sdate,edate > ndate > null; null is today (the page's notice)."""
    read = _Reader()
    if set(params) - set(PARAMETERS):
        read.open.add("unknown_parameters")
    days = {name: read.day(params.get(name)) for name in ("ndate", "sdate", "edate")}
    first, last = days["sdate"], days["edate"]
    if (first is None) != (last is None):
        read.open.add("single_date")
    if first is None or last is None:
        first = last = days["ndate"]
    elif first > last:
        read.open.add("reversed_dates")
    status = read.integer("status", params)
    if status not in STATUSES:
        read.open.add(f"unknown_status.{'4' if status == 4 else 'number'}")
    limit = read.integer("limit", params)
    if limit > MOST_PER_PAGE:
        read.open.add("limit_above_max")
    page = read.integer("page", params)
    for name, number in (("limit", limit), ("page", page)):
        if number < 1:
            read.open.add(f"{name}_invalid.{'negative' if number else 'zero'}")
    return Meaning(
        first=first,
        last=last,
        status=status,
        sort_key=read.choice("sort_key", params, SORT_KEYS),
        sort_value=read.choice("sort_value", params, SORT_VALUES),
        limit=min(max(limit, 1), MOST_PER_PAGE),
        page=max(page, 1),
        open=frozenset(read.open),
    )
