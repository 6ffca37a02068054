"""Chat room lists as drifts see them: what was asked, what was honestly answered, and the whole match.

Only requests whose parameters are all of their documented form are read; whatever else is sent gets the
honest answer. So a drift never fails on odd input, unless failing is the drift.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from ...core.errors import Refused
from ...core.exchange import Received
from ...spec.parameters import day as calendar_day
from ...spec.parameters import integer
from ...spec.vocabulary import (
    ALL_STATUSES,
    DEFAULT_LIMIT,
    MAX_LIMIT,
    REQUEST_STATUSES,
    SORT_KEYS,
    SORT_VALUES,
)
from .drift import Change, Condition, Exchange, Record, Reply, View, in_place, instead, on_each

ONE_DAY: Final = timedelta(days=1)


# --- what was asked ---


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

    def gave(self, name: str) -> bool:
        """Whether a parameter was given, other than as null."""
        return self.body.get(name) is not None


def sent(received: Received) -> Mapping[str, Any] | None:
    """The parameters of a JSON object, or None."""
    values, form, unreadable, _ = received.parameters
    return values if form == "json" and unreadable is None else None


def day(value: Any) -> date | None:
    """A day given as Y-m-d, far enough from the calendar's ends to reckon with; else None."""
    found = calendar_day(value)
    return found if found and 1000 < found.year < 9000 else None


def read(received: Received, today: date) -> Asked | None:
    """What was asked, or None where a parameter is not of its documented form or its meaning is open."""
    body = sent(received)
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


# --- what was answered ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(View):
    """An honest answer to `asked`, to be changed in place."""

    asked: Asked

    @property
    def data(self) -> dict[str, Any]:
        """`data` of the envelope."""
        data: dict[str, Any] = self.payload["data"]
        return data

    @property
    def rooms(self) -> list[Record]:
        """The rooms on the page."""
        rooms: list[Record] = self.data["chat_list"]
        return rooms

    @property
    def total(self) -> int:
        """total_count."""
        return int(self.data["total_count"])

    def ask(self, **changes: Any) -> Page:
        """The honest answer to the same request with some parameters changed. Raises Refused."""
        written = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in changes.items()
        }
        reply = self.exchange.ask(self.exchange.received.asking({**self.asked.body, **written}))
        if not succeeded(reply):
            raise Refused
        return Page(exchange=self.exchange, reply=reply, payload=reply.payload, asked=self.asked)

    def everything(self, **changes: Any) -> list[Record]:
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
        rooms: list[Record],
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


def succeeded(reply: Reply) -> bool:
    """Whether an answer is the envelope of a chat room list."""
    try:
        data = reply.payload["data"]
        return isinstance(data["chat_list"], list) and int(data["total_count"]) >= 0
    except (LookupError, TypeError, ValueError):
        return False


def see(exchange: Exchange, honest: Reply) -> Page | None:
    """The list that answers a request of documented form."""
    asked = read(exchange.received, exchange.today)
    if asked is None or not succeeded(honest):
        return None
    return Page(exchange=exchange, reply=honest, payload=honest.payload, asked=asked)


# --- changes that more than one area makes ---


def on_list(change: Callable[[Page], Any]) -> Change[Page]:
    """A change of a page or its envelope."""
    return in_place(see, change)


def on_rooms(change: Callable[[Record], Any]) -> Change[Page]:
    """A change of each room shown."""
    return on_each(see, lambda page: page.rooms, change)


def setting(**values: Any) -> Change[Page]:
    """Fields of each room shown have these values."""
    return on_rooms(lambda room: room.update(values))


def misreading(changes: Callable[[Page], Mapping[str, Any]]) -> Change[Page]:
    """Another question is answered, its page and limit echoed."""
    return on_list(lambda page: page.payload.update(page.ask(**changes(page)).payload))


def mixing(
    widened: Callable[[Page], Mapping[str, Any]], kept: Callable[[Record, Page], bool]
) -> Change[Page]:
    """A wider question is asked and some of what it finds is kept, in the order asked for."""
    return on_list(
        lambda page: page.serve([room for room in page.everything(**widened(page)) if kept(room, page)])
    )


def one_day_more(page: Page) -> Mapping[str, Any]:
    """The day after is asked for too."""
    return {"sdate": page.asked.first, "edate": page.asked.last + ONE_DAY}


def _lose(page: Page, condition: Condition[Page]) -> Reply:
    page.serve([room for room in page.everything() if not condition.each(room, page)])
    return page.reply.telling(page.payload)


#: Rooms are left out of the whole match, so that counts and pages fit what is left.
losing: Final = instead(see, _lose)
#: The list is empty.
emptying: Final = on_list(lambda page: page.serve([]))


def ordered(rooms: list[Record], key: str, *, descending: bool) -> list[Record]:
    """Rooms by one of the dates; the zero date is lowest, equal ones stay as they stand."""
    return sorted(rooms, key=lambda room: str(room[key]), reverse=descending)


def moved(text: str, seconds: int) -> str:
    """A `Y-m-d H:i:s` moved by some seconds; the zero date stays."""
    if text.startswith("0000"):
        return text
    return (datetime.fromisoformat(text) + timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")
