"""Chat room lists as drifts see them: what was asked, what was honestly answered, and the whole match.

Only requests whose parameters are all of their documented form are read; whatever else is sent gets the
honest answer. So a drift never fails on odd input, unless failing is the drift.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson

from ...core.exchange import Answer, Received
from ...spec.vocabulary import (
    ALL_STATUSES,
    DEFAULT_LIMIT,
    MAX_LIMIT,
    REQUEST_STATUSES,
    SORT_KEYS,
    SORT_VALUES,
)
from .drift import Apply, Ask, Context

Room = dict[str, Any]
ONE_DAY: Final = timedelta(days=1)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)
_DATES: Final = ("ndate", "sdate", "edate")


class Refused(Exception):  # noqa: N818 - an outcome, not an error
    """The honest API refuses what a drift asked in its turn; the request then gets its honest answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request of documented form, its defaults filled in."""

    body: Mapping[str, Any]
    first: date
    last: date
    ndate: date | None
    ranged: bool  #: with sdate and edate
    status: int
    sort_key: str
    descending: bool
    limit: int  #: rooms on a page, at most 50
    page: int

    @property
    def days(self) -> int:
        """How many days are asked for."""
        return (self.last - self.first).days + 1

    @property
    def offset(self) -> int:
        """How many rooms stand on earlier pages."""
        return (self.page - 1) * self.limit

    @property
    def dated(self) -> bool:
        """Whether any date was given."""
        return self.ranged or self.ndate is not None

    def gave(self, name: str) -> bool:
        """Whether a parameter was given, other than as null."""
        return self.body.get(name) is not None


Where = Callable[[Asked], bool]


def parameters(received: Received) -> Mapping[str, Any] | None:
    """The JSON object of a body, or None."""
    values, form, unreadable, _ = received.parameters
    return values if form == "json" and unreadable is None else None


def integer(value: Any) -> int | None:
    """A whole number, or numeric text as the page's sample sends it; None for anything else."""
    if type(value) is int:
        return value
    return int(value) if isinstance(value, str) and _INTEGER.fullmatch(value) else None


def day(value: Any) -> date | None:
    """A day given as Y-m-d, far enough from the calendar's ends to reckon with; else None."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if 1000 < found.year < 9000 else None


def read(received: Received, today: date) -> Asked | None:
    """What was asked, or None where a parameter is not of its documented form or its meaning is open."""
    body = parameters(received)
    if body is None:
        return None
    given = {name: value for name, value in body.items() if value is not None}
    span = _span(given, today)
    status, limit, page = (
        integer(given.get(name, default))
        for name, default in (("status", ALL_STATUSES), ("limit", DEFAULT_LIMIT), ("page", 1))
    )
    sort_key, sort_value = given.get("sort_key", "reg_date"), given.get("sort_value", "desc")
    if span is None or limit is None or page is None or limit < 1 or page < 1:
        return None
    if status is None or status not in (ALL_STATUSES, *REQUEST_STATUSES):
        return None
    if sort_key not in SORT_KEYS or sort_value not in SORT_VALUES:
        return None
    return Asked(
        body=body,
        first=span[0],
        last=span[1],
        ndate=day(given.get("ndate")),
        ranged="sdate" in given,
        status=status,
        sort_key=sort_key,
        descending=sort_value == "desc",
        limit=min(limit, MAX_LIMIT),
        page=page,
    )


def _span(given: Mapping[str, Any], today: date) -> tuple[date, date] | None:
    """First and last day, by the documented priority; None where the dates are odd or only one of a pair."""
    if "sdate" in given or "edate" in given:
        first, last = day(given.get("sdate")), day(given.get("edate"))
        return (first, last) if first and last and first <= last else None
    if "ndate" in given:
        only = day(given["ndate"])
        return (only, only) if only else None
    return today, today


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """An honest answer to `asked`, to be changed in place."""

    asked: Asked
    payload: dict[str, Any]
    context: Context
    _ask: Ask
    _received: Received

    @property
    def data(self) -> dict[str, Any]:
        """`data` of the envelope."""
        data: dict[str, Any] = self.payload["data"]
        return data

    @property
    def rooms(self) -> list[Room]:
        """The rooms on the page."""
        rooms: list[Room] = self.data["chat_list"]
        return rooms

    @property
    def total(self) -> int:
        """total_count."""
        return int(self.data["total_count"])

    def ask(self, **changes: Any) -> Page:
        """The honest answer to the same request with some parameters changed. Raises Refused."""
        request = changed(self._received, self.asked.body, changes)
        payload = success(self._ask(request))
        if payload is None:
            raise Refused
        return Page(
            asked=self.asked, payload=payload, context=self.context, _ask=self._ask, _received=request
        )

    def everything(self, **changes: Any) -> list[Room]:
        """Every room that matches, over all pages, in the order asked for. Raises Refused."""
        first = self.ask(**changes, limit=MAX_LIMIT, page=1)
        rooms = list(first.rooms)
        for page in range(2, -(-first.total // MAX_LIMIT) + 1):
            rooms += self.ask(**changes, limit=MAX_LIMIT, page=page).rooms
        return rooms

    def count(self, name: str, number: int) -> None:
        """Sets one of the envelope's numbers; it stays text where it was."""
        self.data[name] = str(number) if isinstance(self.data.get(name), str) else number

    def serve(
        self,
        rooms: list[Room],
        *,
        offset: int | None = None,
        limit: int | None = None,
        total: int | None = None,
    ) -> None:
        """Shows this page of a whole list; total_count is the list's length unless said otherwise."""
        start = self.asked.offset if offset is None else offset
        size = self.asked.limit if limit is None else limit
        self.data["chat_list"] = rooms[start : start + size]
        self.count("total_count", len(rooms) if total is None else total)


def success(answer: Answer) -> dict[str, Any] | None:
    """The envelope of a chat room list, or None for a failure or anything else."""
    try:
        payload = orjson.loads(answer.body)
        data = payload["data"]
        readable = isinstance(data["chat_list"], list) and int(data["total_count"]) >= 0
    except (LookupError, TypeError, ValueError):
        return None
    return payload if readable else None


def changed(received: Received, body: Mapping[str, Any], changes: Mapping[str, Any]) -> Received:
    """The request with parameters changed; a date becomes Y-m-d."""
    written = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in changes.items()
    }
    return received.asking({**body, **written})


def on_list(change: Callable[[Page], None], where: Where | None = None) -> Apply:
    """A drift that changes successful answers, where the request is of the kind it shows on."""

    def apply(ask: Ask, received: Received, context: Context) -> Answer:
        honest = ask(received)
        asked = read(received, context.today)
        if asked is None or (where is not None and not where(asked)):
            return honest
        payload = success(honest)
        if payload is None:
            return honest
        page = Page(asked=asked, payload=payload, context=context, _ask=ask, _received=received)
        try:
            change(page)
        except Refused:
            return honest
        return honest._replace(body=orjson.dumps(page.payload))

    return apply


def on_rooms(change: Callable[[Room, Page], None], where: Where | None = None) -> Apply:
    """A drift that changes each room shown."""

    def change_all(page: Page) -> None:
        for room in page.rooms:
            change(room, page)

    return on_list(change_all, where)


def losing(lost: Callable[[Room, Page], bool], where: Where | None = None) -> Apply:
    """A drift that leaves rooms out of the whole match, so that counts and pages fit what is left."""

    def keep(page: Page) -> None:
        page.serve([room for room in page.everything() if not lost(room, page)])

    return on_list(keep, where)


def asking(change: Callable[[Page], Mapping[str, Any]], where: Where | None = None) -> Apply:
    """A drift that reads the request wrongly: it answers another question, echoing the page asked for."""

    def replace(page: Page) -> None:
        page.payload.update(page.ask(**change(page)).payload)

    return on_list(replace, where)


def mixing(widened: Callable[[Page], Mapping[str, Any]], kept: Callable[[Room, Page], bool]) -> Change:
    """A change that asks a wider question and keeps some of what it finds, in the order asked for."""

    def change(page: Page) -> None:
        page.serve([room for room in page.everything(**widened(page)) if kept(room, page)])

    return change


Change = Callable[[Page], None]


def ordered(rooms: list[Room], key: str, *, descending: bool) -> list[Room]:
    """Rooms by one of the dates; the zero date is lowest, equal ones stay as they stand."""
    return sorted(rooms, key=lambda room: str(room[key]), reverse=descending)


def moved(text: str, seconds: int) -> str:
    """A `Y-m-d H:i:s` moved by some seconds; the zero date stays."""
    if text.startswith("0000"):
        return text
    return (datetime.fromisoformat(text) + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")
