"""Exchanges read once: what each asked, what it means, what came back.

Every rule looks at these views; a body is parsed once, however many rules judge it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final, Literal, NamedTuple

import orjson

from happytalk_contract.core.documents import shallow
from happytalk_contract.core.model import SEOUL, Exchange, Window
from happytalk_contract.core.room_fields import NAMES
from happytalk_contract.evidence.recording import key
from happytalk_contract.questions.meaning import Meaning, meaning, parameters

ZERO_DATE: Final = "0000-00-00 00:00:00"
#: Around midnight in Seoul neither clock is trusted, by this much; by less where the target's clock agrees.
MIDNIGHT_MARGIN: Final = timedelta(minutes=5)
AGREEING: Final = timedelta(seconds=3)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
_DIGITS = re.compile(r"-?(0|[1-9]\d*)")
#: Two syllables of Hangul in UTF-8, each byte of them a character of Latin-1.
_TWICE = re.compile("(?:[\u00ea-\u00ed][\u0080-\u00bf]{2}){2}")

Kind = Literal["success", "failure", "other", "broken", "none"]


def as_time(value: Any) -> datetime | None:
    """Read `Y-m-d H:i:s` text as a time of the calendar; None if it is not one (the zero date too)."""
    return _time(value) if isinstance(value, str) else None


@lru_cache(maxsize=4096)
def _time(text: str) -> datetime | None:
    """The same of a text; a run meets each many times."""
    try:
        return datetime.fromisoformat(text) if _TIME.fullmatch(text) else None
    except ValueError:
        return None


def registered_on(room: Mapping[str, Any]) -> str:
    """Tell the day on which a room was registered, as text: what stands there is not judged."""
    return str(room.get("reg_date"))[:10]


def is_encoded_twice(text: str) -> bool:
    """Whether text is UTF-8 that was taken for Latin-1 and encoded once more: what was Hangul shows it."""
    return _TWICE.search(text) is not None


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
    asked: Any  #: what makes two questions the same, see `recording.key`
    kind: Kind  #: success, failure, other JSON, broken (no JSON), none (no answer)
    body: Any = None

    @property
    def number(self) -> int:
        """The exchange's number."""
        return self.exchange.number

    @property
    def status(self) -> int:
        """The HTTP status; 0 where there is no answer."""
        return self.exchange.response.status if self.exchange.response else 0

    def wait(self, later: View) -> float:
        """Seconds from asking this to asking `later`."""
        return later.exchange.started - self.exchange.started

    @property
    def fields(self) -> dict[str, Any]:
        """The body's fields; none where it is no object."""
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomsView(View):
    """One exchange with the room list."""

    params: Mapping[str, Any] | None  #: None: not a well-formed question with the right token
    meaning: Meaning | None
    today: date | None  #: the day in Seoul when it was answered; None where that is not certain
    window: Window | None  #: first and last day meant; None where that is today and today is not certain
    has_list: bool = False  #: whether a list of objects came
    rooms: tuple[dict[str, Any], ...] = ()  #: as listed, where the list is one of objects
    ids: tuple[Any, ...] = ()  #: the rooms' ids, as listed; None for what is no text
    contents: tuple[bytes, ...] = ()  #: for each room what stands for its whole content, see `_content`
    page: int | None = None
    limit: int | None = None
    total: int | None = None

    @property
    def is_list(self) -> bool:
        """A usable success: a list of rooms and a count."""
        return self.kind == "success" and self.has_list and self.total is not None

    @property
    def judged(self) -> Meaning | None:
        """What was meant, where a success has one right content."""
        return self.meaning if self.meaning is not None and self.meaning.is_judged else None

    @property
    def is_plain(self) -> bool:
        """Whether only a success is right."""
        return self.meaning is not None and self.meaning.is_plain


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesView(View):
    """One exchange with the system messages."""

    message_id: str | None
    has_list: bool = False
    messages: tuple[dict[str, Any], ...] = ()

    def query(self, name: str) -> list[str]:
        """The values that were asked under `name`."""
        return [value for asked, value in self.exchange.request.query if asked == name]


class Listed(NamedTuple):
    """One room or message in the answer that shows it."""

    view: RoomsView | MessagesView
    at: int
    item: dict[str, Any]

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"$.data{'.chat_list' if isinstance(self.view, RoomsView) else ''}[{self.at}]"


def rooms_view(exchange: Exchange) -> RoomsView:
    """Read an exchange with the room list."""
    params = parameters(exchange.request)
    means = None if params is None else meaning(params)
    today = _today(exchange)
    kind, body = _parsed(exchange)
    fields = body if isinstance(body, dict) else {}
    if fields.get("result") in ("success", "fail"):
        kind = "success" if says_success("rooms", fields) else "failure"
    data = fields.get("data")
    data = data if isinstance(data, dict) else {}
    listed = _objects(data.get("chat_list"))
    rooms = listed or ()
    return RoomsView(
        exchange=exchange,
        asked=key(exchange.request),
        kind=kind,
        body=body,
        params=params,
        meaning=means,
        today=today,
        window=_window(means, today),
        has_list=listed is not None,
        rooms=rooms,
        ids=tuple(text if isinstance(text := room.get("id"), str) and text else None for room in rooms),
        contents=tuple(map(_content, rooms)),
        page=as_count(data.get("page")),
        limit=as_count(data.get("limit")),
        total=as_count(data.get("total_count")),
    )


def says_success(endpoint: str, fields: Mapping[str, Any]) -> bool:
    """Whether an answer in JSON calls itself a success: `result` of the room list, `code` of the messages."""
    return fields.get("result") == "success" if endpoint == "rooms" else str(fields.get("code")) == "200"


def messages_view(exchange: Exchange) -> MessagesView:
    """Read an exchange with the system messages."""
    kind, body = _parsed(exchange)
    listed = None
    if isinstance(body, dict) and "code" in body:
        kind = "success" if says_success("messages", body) else "failure"
        listed = _objects(body.get("data"))
    return MessagesView(
        exchange=exchange,
        asked=key(exchange.request),
        kind=kind,
        body=body,
        message_id=next((value for name, value in exchange.request.query if name == "id"), None),
        has_list=listed is not None,
        messages=listed or (),
    )


def _parsed(exchange: Exchange) -> tuple[Kind, Any]:
    if exchange.response is None:
        return "none", None
    try:
        document = orjson.loads(exchange.response.body)
    except orjson.JSONDecodeError:
        return "broken", None
    try:
        orjson.dumps(document)
    except TypeError:  # too deep to be walked
        document = shallow(document)
    return "other", document


def _objects(value: Any) -> tuple[dict[str, Any], ...] | None:
    """The elements of a list of objects; None if it is anything else."""
    is_list = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    return tuple(value) if is_list else None


def _content(room: dict[str, Any]) -> bytes:
    """Stand for the room's whole content, fields beyond the dictionary aside."""
    documented = room if room.keys() <= NAMES else {name: room[name] for name in room.keys() & NAMES}
    return blake2b(orjson.dumps(documented, option=orjson.OPT_SORT_KEYS), digest_size=16).digest()


def _window(means: Meaning | None, today: date | None) -> Window | None:
    first, last = (None, None) if means is None else (means.first or today, means.last or today)
    return None if first is None or last is None else (first, last)


def _today(exchange: Exchange) -> date | None:
    """The day in Seoul when this was answered; None too close to midnight or where clocks differ."""
    started = datetime.fromtimestamp(exchange.started, UTC)
    took = timedelta(seconds=exchange.response.seconds if exchange.response else 0)
    answered = date_header(exchange)
    agrees = answered is not None and started - AGREEING <= answered <= started + took + AGREEING
    margin = AGREEING if agrees else MIDNIGHT_MARGIN
    moments = [started - margin, started + took + margin]
    # An hour off or more is a clock set on purpose (a mock's), not one that goes wrong.
    if answered is not None and abs(answered - started) < timedelta(hours=1):
        moments.append(answered)
    days = {moment.astimezone(SEOUL).date() for moment in moments}
    return days.pop() if len(days) == 1 else None


def date_header(exchange: Exchange) -> datetime | None:
    """When this was answered by the target's own clock, if it says."""
    value = exchange.response.headers.get("date") if exchange.response else None
    try:
        answered = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return answered if answered is None or answered.tzinfo else answered.replace(tzinfo=UTC)
