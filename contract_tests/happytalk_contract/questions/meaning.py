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
from typing import Any, Final

from happytalk_contract.core.model import Request, placeholder

TOKEN: Final = placeholder("HAPPYTALK_TOKEN")
CLIENT_HEADERS: Final = {
    "HT-Client-Id": placeholder("HAPPYTALK_CLIENT_ID"),
    "HT-Client-Secret": placeholder("HAPPYTALK_CLIENT_SECRET"),
}
SENDER_KEY: Final = placeholder("HAPPYTALK_SENDER_KEY")

#: Request parameters in the order of the page's table (token aside).
PARAMETERS: Final = ("ndate", "sdate", "edate", "status", "sort_key", "sort_value", "limit", "page")
#: Statuses one can ask for; 99 is all.
STATUSES: Final = (99, -2, -1, 0, 1, 2, 3)
SORT_KEYS: Final = ("reg_date", "complate_date")
SORT_VALUES: Final = ("asc", "desc")
DEFAULTS: Final[Mapping[str, Any]] = {
    "status": 99,
    "sort_key": "reg_date",
    "sort_value": "desc",
    "limit": 10,
    "page": 1,
}
MOST_PER_PAGE: Final = 50

#: Open questions under which a success still has one right content ("taken"): only refusing is free.
SOFT: Final = frozenset({"int_text", "limit_over", "unknown_parameters", "empty_date"})

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INTEGER = re.compile(r"-?\d{1,9}")


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
    open: frozenset[str] = frozenset()  #: open questions that the request touches

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

    def integer(self, value: Any, question: str, default: int) -> int:
        """An int parameter, written as a number or as numeric text."""
        if isinstance(value, bool):
            self.open.add(question)
            return default
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            self.open.add("int_text")
            return int(value)
        if isinstance(value, int) and abs(value) < 10**9:
            return value
        self.open.add(question)
        return default

    def choice(self, value: Any, legal: tuple[str, ...]) -> str:
        """A sort parameter."""
        if isinstance(value, str) and value in legal:
            return value
        self.open.add("unknown_sort")
        return legal[0]

    def day(self, value: Any) -> date | None:
        """A date parameter: a day, or None where it is absent, null or unusable."""
        if value is None:
            return None
        if value == "":
            self.open.add("empty_date")
            return None
        day = as_day(value)
        if day is None:
            self.open.add("bad_date")
        return day


def as_day(value: Any) -> date | None:
    """Read `Y-m-d` text as a day of the calendar; None if it is not one."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def rooms(
    params: Mapping[str, Any] | None = None, *, why: str = "", token: Any = TOKEN, client: bool = False
) -> Request:
    """Ask for the room list with `params`; `client` adds the HT headers, as the production sample does."""
    body = {"token": token} if token is not ABSENT else {}
    # The standard library's JSON: numbers beyond 64 bits are among what is asked.
    text = json.dumps({**body, **dict(params or {})}, ensure_ascii=False, separators=(",", ":"))
    return rooms_raw(text.encode(), why=why, client=client)


def rooms_raw(
    body: bytes, *, why: str = "", client: bool = False, content_type: str | None = "application/json"
) -> Request:
    """Ask for the room list with any bytes as the body."""
    headers = {} if content_type is None else {"Content-Type": content_type}
    return Request(
        endpoint="rooms",
        method="POST",
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


def parameters(request: Request) -> dict[str, Any] | None:
    """Read the parameters of a room question, token aside; None if it is no well-formed one.

    Well-formed: POST, a JSON object as the body, announced as JSON, and the right token in it.
    """
    if request.endpoint != "rooms" or request.method != "POST" or not request.body:
        return None
    if dict(request.headers).get("Content-Type") != "application/json":
        return None
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(body, dict) or body.get("token") != TOKEN or request.body.count(b'"token"') != 1:
        return None
    del body["token"]
    return body


def meaning(params: Mapping[str, Any]) -> Meaning:
    """Say what `params` ask for: sdate,edate > ndate > null; null is today (the page's notice)."""
    read = _Reader()
    if set(params) - set(PARAMETERS):
        read.open.add("unknown_parameters")
    days = {name: read.day(params.get(name)) for name in ("ndate", "sdate", "edate")}
    first, last = days["sdate"], days["edate"]
    if (first is None) != (last is None):
        read.open.add("one_end")
    if first is None or last is None:
        first = last = days["ndate"]
    elif first > last:
        read.open.add("reversed")
    status = read.integer(params.get("status", 99), "bad_status", 99)
    if status not in STATUSES:
        read.open.add("unknown_status")
    limit = read.integer(params.get("limit", 10), "bad_limit", 10)
    if limit < 1:
        read.open.add("bad_limit")
    elif limit > MOST_PER_PAGE:
        read.open.add("limit_over")
    page = read.integer(params.get("page", 1), "bad_page", 1)
    if page < 1:
        read.open.add("bad_page")
    return Meaning(
        first=first,
        last=last,
        status=status,
        sort_key=read.choice(params.get("sort_key", "reg_date"), SORT_KEYS),
        sort_value=read.choice(params.get("sort_value", "desc"), ("desc", "asc")),
        limit=min(max(limit, 1), MOST_PER_PAGE),
        page=max(page, 1),
        open=frozenset(read.open),
    )
