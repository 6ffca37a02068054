"""Exchanges read once: what each asked, what it means, what came back.

Every rule looks at these views; a body is parsed once, however many rules judge it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

import orjson

from happytalk_contract.core.model import Exchange
from happytalk_contract.questions.meaning import Meaning, meaning, parameters

ZERO_DATE: Final = "0000-00-00 00:00:00"
_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
_DIGITS = re.compile(r"-?(0|[1-9]\d*)")

Kind = Literal["success", "failure", "other", "broken", "none"]


def as_time(value: Any) -> datetime | None:
    """Read `Y-m-d H:i:s` text as a time of the calendar; None if it is not one (the zero date too)."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def as_count(value: Any) -> int | None:
    """Read an integer written as a number or as text (the page shows both); None if it is neither."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and _DIGITS.fullmatch(value) and len(value) < 19:
        return int(value)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One exchange, read."""

    exchange: Exchange
    kind: Kind  #: success, failure, other JSON, broken (no JSON), none (no answer)
    body: Any = None

    @property
    def number(self) -> int:
        """The exchange's number."""
        return self.exchange.number


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsView(View):
    """One exchange with the room list."""

    params: Mapping[str, Any] | None  #: None: not a well-formed question with the right token
    meaning: Meaning | None
    rooms: tuple[dict[str, Any], ...] = ()  #: as listed, where the list is one of objects
    has_list: bool = False  #: whether a list of objects came
    page: int | None = None
    limit: int | None = None
    total: int | None = None
    ids: tuple[Any, ...] = ()  #: the rooms' ids, as listed; None for what is no text

    @property
    def is_list(self) -> bool:
        """A usable success: a list of rooms and a count."""
        return self.kind == "success" and self.has_list and self.total is not None

    def window(self, today: date | None) -> tuple[date, date] | None:
        """First and last day meant; None where that is today and today is not known."""
        if self.meaning is None:
            return None
        first = self.meaning.first or today
        last = self.meaning.last or today
        return None if first is None or last is None else (first, last)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesView(View):
    """One exchange with the system messages."""

    message_id: str | None
    messages: tuple[dict[str, Any], ...] = ()
    has_list: bool = False


def _parsed(exchange: Exchange) -> tuple[bool, Any]:
    if exchange.response is None:
        return False, None
    try:
        return True, orjson.loads(exchange.response.body)
    except orjson.JSONDecodeError:
        return False, None


def rooms_view(exchange: Exchange) -> RoomsView:
    """Read an exchange with the room list."""
    params = parameters(exchange.request)
    means = None if params is None else meaning(params)
    readable, body = _parsed(exchange)
    if not readable:
        kind: Kind = "none" if exchange.response is None else "broken"
        return RoomsView(exchange=exchange, kind=kind, params=params, meaning=means)
    kind = "other"
    if isinstance(body, dict):
        kind = {"success": "success", "fail": "failure"}.get(_text(body.get("result")), "other")  # type: ignore[assignment]
    data = body.get("data") if isinstance(body, dict) else None
    data = data if isinstance(data, dict) else {}
    chat_list = data.get("chat_list")
    has_list = isinstance(chat_list, list) and all(isinstance(room, dict) for room in chat_list)
    return RoomsView(
        exchange=exchange,
        kind=kind,
        body=body,
        params=params,
        meaning=means,
        rooms=tuple(chat_list) if has_list and chat_list else (),
        has_list=has_list,
        page=as_count(data.get("page")),
        limit=as_count(data.get("limit")),
        total=as_count(data.get("total_count")),
        ids=tuple(_text(room.get("id")) or None for room in chat_list) if has_list and chat_list else (),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def messages_view(exchange: Exchange) -> MessagesView:
    """Read an exchange with the system messages."""
    message_id = next((value for name, value in exchange.request.query if name == "id"), None)
    readable, body = _parsed(exchange)
    if not readable:
        kind: Kind = "none" if exchange.response is None else "broken"
        return MessagesView(exchange=exchange, kind=kind, message_id=message_id)
    kind = "other"
    data = None
    if isinstance(body, dict) and "code" in body:
        kind = "success" if str(body["code"]) == "200" else "failure"
        data = body.get("data")
    has_list = isinstance(data, list) and all(isinstance(item, dict) for item in data)
    return MessagesView(
        exchange=exchange,
        kind=kind,
        body=body,
        message_id=message_id,
        messages=tuple(data) if has_list and data else (),
        has_list=has_list,
    )
