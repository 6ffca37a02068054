"""The two endpoints, as the documentation states them; open questions are put to ``legal``.

A request is answered in stages, and a fault is a function at one of them (see ``faults``):

    body -> token -> query -> inside / has_status -> rooms -> order -> page -> total -> room -> success
    m_access -> m_sender -> m_pick -> m_list -> message -> m_success
    and for both endpoints failure -> document -> reply
"""

import json
import random
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl
from zlib import crc32

from . import wire
from .data import STAMP, ZERO, Account, Room, build
from .faults import FAULTS
from .legal import answers_of
from .moving import Churn
from .system_messages import answer_messages
from .wire import Reply, Request

SEOUL = timezone(timedelta(hours=9))  # no summer time since 1988
CHAT_PATH = "/user/api/chat_room_lists/format/json"
MESSAGE_PATH = "/kakaoWebhook/v3/bzmc/sm"
TOKEN = "rival-token-5f0c2b"
CLIENT_ID = "rival-client-71d3"
CLIENT_SECRET = "rival-secret-9a44e0"
SENDERS = ("rival-sender-c0ffee", "rival-sender-decade")
PARAMETERS = ("token", "ndate", "sdate", "edate", "status", "sort_key", "sort_value", "limit", "page")
STATUSES = (99, -2, -1, 0, 1, 2, 3)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
INTEGER = re.compile(r"-?\d{1,30}", re.ASCII)
#: Moments of the current Seoul day, so that a caller with a real clock agrees on what today is.
MOMENTS = {"just-after-midnight": (0, 0, 30), "just-before-midnight": (23, 59, 50), "night": (3, 0, 0)}
HTTP_BY_KIND = {-501: 401, -502: 403}
WORDS = {
    "-505": (-505, "parameter: {}"),
    "-1": (-1, ""),
    "korean": (-510, "{} 값이 올바르지 않습니다."),
    "zero": (0, "{}"),
    "long": (-50512, "invalid request: {} / " + "잘못된 요청 " * 20),
}


class RefusedError(Exception):
    """The request ends in the failure envelope."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(slots=True, kw_only=True)
class Ask:
    """One question to the chat room list while it is answered. Faults change it, so it is mutable."""

    api: "RivalApi"
    body: dict[str, Any] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    #: Where the days come from: "range", "ndate" or "today".
    dates: str = "today"
    status: int | None = 99
    sort_key: str = "reg_date"
    sort_value: str = "desc"
    limit: int = 10
    echo: int = 10
    page: int = 1
    total: int = 0
    #: The whole list in order, once it is known.
    found: list[Room] = field(default_factory=list)

    @property
    def filtered(self) -> bool:
        """Whether a single status was asked for."""
        return self.status != 99

    @property
    def by_end(self) -> bool:
        """Whether the list is ordered by complate_date."""
        return self.sort_key == "complate_date"

    @property
    def start(self) -> int:
        """Place of the page's first room in the list."""
        return (self.page - 1) * self.limit

    @property
    def days(self) -> int:
        """Days in the span, both ends counted."""
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days + 1


class RivalApi:
    """The API without a socket: ``handle`` takes a request and gives a reply."""

    credentials = (CLIENT_ID, CLIENT_SECRET)
    senders = SENDERS

    def __init__(
        self,
        *,
        account: str = "normal",
        faults: Iterable[str] = (),
        legal: Iterable[str] = (),
        seed: int = 1,
        now: datetime | None = None,
    ) -> None:
        chosen = [FAULTS[name] for name in faults]
        self.answers = answers_of(tuple(legal))
        self.hooks: dict[str, list[Callable[..., Any]]] = {}
        for fault in chosen:
            self.hooks.setdefault(fault.stage, []).append(fault.do)
        moment = next((fault.clock for fault in chosen if fault.clock), self.answers["clock"])
        self._frozen = _moment(moment, now)
        self.seed = seed
        self.turn = 0  #: requests answered so far, this one included
        self.memory: dict[Any, Any] = {}  #: what faults remember from one request to the next
        self.store: Account = build(account, seed=seed, now=self.now(), answers=self.answers, senders=SENDERS)
        self.churn = Churn(self.store, self.answers, random.Random(seed), self.now)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        """The current time in Seoul, without a zone."""
        return self._frozen or datetime.now(SEOUL).replace(tzinfo=None, microsecond=0)

    @property
    def today(self) -> str:
        """The current day in Seoul."""
        return self.now().strftime("%Y-%m-%d")

    @property
    def utc_day(self) -> str:
        """The current day in Greenwich, for faults."""
        return (self.now() - timedelta(hours=9)).strftime("%Y-%m-%d")

    @property
    def stamp(self) -> str:
        """The current time in Seoul as rooms write it."""
        return self.now().strftime(STAMP)

    def handle(self, request: Request) -> Reply:
        """Answer one request; requests are answered one after the other."""
        with self._lock:
            self.turn += 1
            self.churn.move()
            self.memory["body"] = None
            reply = self._route(request)
            for hook in self.hooks.get("document", ()):
                hook(self, request, reply)
            wire.write(reply, request, self.answers)
            for hook in self.hooks.get("reply", ()):
                hook(self, request, reply)
            wire.compress(reply, request, self.answers)
            return reply

    def run(self, stage: str, *arguments: Any) -> None:
        """Let the faults of a stage change their arguments in place."""
        for hook in self.hooks.get(stage, ()):
            hook(*arguments)

    def fold(self, stage: str, subject: Any, value: Any, *more: Any) -> Any:
        """Let the faults of a stage replace a value."""
        for hook in self.hooks.get(stage, ()):
            value = hook(subject, value, *more)
        return value

    def _route(self, request: Request) -> Reply:
        if request.path == MESSAGE_PATH:
            if request.method != "GET":
                return Reply(status=405, document={"code": "405", "message": "허용되지 않는 메서드입니다."})
            return answer_messages(self, request)
        if request.path != CHAT_PATH:
            return Reply(status=404, document={"result": "fail", "code": -404, "message": "path"})
        if request.method != "POST":
            return Reply(status=405, document={"result": "fail", "code": -405, "message": "method"})
        return self._rooms(request)

    def _rooms(self, request: Request) -> Reply:
        ask = Ask(api=self)
        try:
            self._read(ask, request)
            self._check_access(ask, request)
            understand(ask)
            self.run("query", ask)
            ask.found = self.fold("order", ask, in_order(ask, self._select(ask)))
            ask.total = len(ask.found)
            if ask.page > 1 and ask.start >= ask.total and self.answers["page-past-end"] == "failure":
                raise self.refusal("page")
            return self._success(ask)
        except RefusedError as refused:
            return self._failure(refused)

    def _read(self, ask: Ask, request: Request) -> None:
        is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
        try:
            if is_form and self.answers["form-body"] == "taken":
                body: Any = dict(parse_qsl(request.body.decode()))
            else:
                body = json.loads(request.body)
        except (ValueError, RecursionError):
            body = None
        self.memory["body"] = body
        if not isinstance(body, dict) or (is_form and self.answers["form-body"] == "failure"):
            raise self.refusal("body")
        ask.body = body
        self.run("body", ask)

    def _check_access(self, ask: Ask, request: Request) -> None:
        if not self.fold("token", ask, ask.body.get("token") == TOKEN):
            raise RefusedError(-501, "token")
        given = (request.headers.get("ht-client-id"), request.headers.get("ht-client-secret"))
        if self.answers["ht-headers"] == "needed" and given != self.credentials:
            raise RefusedError(-502, "unAuthorized")

    def refusal(self, name: str) -> RefusedError:
        """The failure for a parameter that is not taken; its words are open."""
        code, words = WORDS[self.answers["failure-words"]]
        return RefusedError(code, words.format(name))

    def _select(self, ask: Ask) -> list[Room]:
        rooms = self.store.rooms
        if self.answers["bot-rooms"] == "hidden":
            rooms = [room for room in rooms if room["status"] not in ("-1", "-2")]
        first, last = ask.first, ask.last + " 24"
        found = [room for room in rooms if first <= room["reg_date"] < last]
        if "inside" in self.hooks:
            inside = {id(room) for room in found}
            found = [room for room in rooms if self.fold("inside", ask, id(room) in inside, room)]
        everything, wanted = not ask.filtered, str(ask.status)
        if "has_status" not in self.hooks:
            found = [room for room in found if everything or room["status"] == wanted]
        else:
            found = [
                room
                for room in found
                if self.fold("has_status", ask, everything or room["status"] == wanted, room)
            ]
        result: list[Room] = self.fold("rooms", ask, found)
        return result

    def _success(self, ask: Ask) -> Reply:
        shown = [dict(room) for room in self.fold("page", ask, ask.found[ask.start :][: ask.limit])]
        for room in shown:
            self.run("room", ask, room)
            _add_fields(room, self.answers["more-room-fields"])
        total = self.fold("total", ask, ask.total)
        as_told = str if self.answers["envelope-numbers"] == "text" else int
        data: dict[str, Any] = {"page": as_told(ask.page), "limit": as_told(ask.echo)}
        data |= {"total_count": as_told(total), "chat_list": shown}
        document = {"result": "success", "data": data}
        if self.answers["more-envelope-fields"] != "none":
            data["total_page"] = -(-ask.total // ask.limit)
            document |= {"api_version": "2.1", "request_id": self._request_id()}
        return Reply(document=self.fold("success", ask, document))

    def _request_id(self) -> str:
        return f"r-{self.turn}" if self.answers["more-envelope-fields"] == "changing" else "r-0"

    def _failure(self, refused: RefusedError) -> Reply:
        document: dict[str, Any] = {"result": "fail", "code": refused.code, "message": refused.message}
        if self.answers["more-envelope-fields"] != "none":
            document["request_id"] = self._request_id()
        rule = self.answers["http-status"]
        status = HTTP_BY_KIND.get(refused.code, 400) if rule == "by-kind" else int(rule)
        reply = Reply(status=status, document=document)
        self.run("failure", self, reply)
        return reply


def _moment(name: str, now: datetime | None) -> datetime | None:
    """When the rival's clock stands still: at a moment of the day that it is given, or of today; None if it runs."""
    day = (now.astimezone(SEOUL) if now and now.tzinfo else now or datetime.now(SEOUL)).replace(tzinfo=None)
    if name == "real":
        return day.replace(microsecond=0) if now else None
    hour, minute, second = MOMENTS[name]
    return day.replace(hour=hour, minute=minute, second=second, microsecond=0)


def understand(ask: Ask) -> None:
    """Turn the body's parameters into a query; every open question on the way is put to the answers."""
    if ask.api.answers["unknown-parameters"] == "failure" and set(ask.body) - set(PARAMETERS):
        raise ask.api.refusal("unknown")
    _understand_dates(ask)
    _understand_status(ask)
    _understand_sort(ask)
    _understand_page(ask)


def _understand_dates(ask: Ask) -> None:
    answers, today = ask.api.answers, ask.api.today
    sdate, edate = _day(ask, "sdate"), _day(ask, "edate")
    ask.first = ask.last = today
    if sdate and edate:
        ask.first, ask.last, ask.dates = sdate, edate, "range"
        if sdate > edate:
            if answers["backward-range"] == "failure":
                raise ask.api.refusal("sdate")
            if answers["backward-range"] == "swapped":
                ask.first, ask.last = edate, sdate
    elif (sdate or edate) and answers["half-range"] != "ignored":
        if answers["half-range"] == "failure":
            raise ask.api.refusal("edate" if sdate else "sdate")
        ask.first, ask.last, ask.dates = sdate or "2000-01-01", edate or max(today, sdate or today), "range"
    elif ndate := _day(ask, "ndate"):
        ask.first, ask.last, ask.dates = ndate, ndate, "ndate"
    if answers["longest-period"] != "none" and ask.days > int(answers["longest-period"]):
        raise RefusedError(-504, "overDate")


def _day(ask: Ask, name: str) -> str | None:
    value = ask.body.get(name)
    if value is None:
        return None
    if value == "":
        if ask.api.answers["empty-date"] == "failure":
            raise ask.api.refusal(name)
        return None
    if isinstance(value, str) and DATE.fullmatch(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            pass
    if ask.api.answers["bad-date"] == "failure":
        raise ask.api.refusal(name)
    return None


def _integer(ask: Ask, name: str) -> int | None:
    """The number that the body gives, or None when it gives none that can be read."""
    value = ask.body[name]
    if isinstance(value, str) and INTEGER.fullmatch(value):
        if ask.api.answers["numeric-text"] == "failure":
            raise ask.api.refusal(name)
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _understand_status(ask: Ask) -> None:
    if ask.body.get("status") is None:
        return
    ask.status = _integer(ask, "status")
    if ask.status not in STATUSES:
        answer = ask.api.answers["status-outside"]
        if answer == "failure":
            raise ask.api.refusal("status")
        if answer == "all":
            ask.status = 99
        elif answer == "empty":
            ask.status = None


def _understand_sort(ask: Ask) -> None:
    for name, legal in (("sort_key", ("reg_date", "complate_date")), ("sort_value", ("asc", "desc"))):
        value = ask.body.get(name)
        if isinstance(value, str) and value in legal:
            setattr(ask, name, value)
        elif value is not None and ask.api.answers["bad-sort"] == "failure":
            raise ask.api.refusal(name)


def _understand_page(ask: Ask) -> None:
    answers = ask.api.answers
    if ask.body.get("limit") is not None:
        limit = _integer(ask, "limit")
        if limit is None or limit < 1:
            if answers["limit-bad"] == "failure":
                raise ask.api.refusal("limit")
            limit = 1 if answers["limit-bad"] == "one" else 10
        if limit > 50 and answers["limit-over"] == "failure":
            raise ask.api.refusal("limit")
        ask.limit = min(limit, 50)
        ask.echo = limit if answers["limit-over-echo"] == "asked" else ask.limit
    if ask.body.get("page") is not None:
        page = _integer(ask, "page")
        if page is None or page < 1:
            if answers["page-bad"] == "failure":
                raise ask.api.refusal("page")
            page = 1
        ask.page = page


def in_order(ask: Ask, rooms: list[Room]) -> list[Room]:
    """The rooms by the key asked for; ties and zero dates as the answers say."""
    rooms = _ties(ask, rooms)
    rooms.sort(key=lambda room: str(room[ask.sort_key]), reverse=ask.sort_value == "desc")
    if ask.by_end and ask.api.answers["zero-dates"] == "last":
        rooms.sort(key=lambda room: room["complate_date"] == ZERO)
    return rooms


def _ties(ask: Ask, rooms: list[Room]) -> list[Room]:
    rule = ask.api.answers["ties"]
    if rule == "reversed" or (rule == "with-direction" and ask.sort_value == "desc"):
        return rooms[::-1]
    if rule == "by-id":
        return sorted(rooms, key=lambda room: str(room["id"]))
    if rule in ("by-limit", "by-filter"):
        salt = str(ask.limit if rule == "by-limit" else ask.status)
        return sorted(rooms, key=lambda room: crc32((salt + room["id"]).encode()))
    return list(rooms)


def _add_fields(room: Room, answer: str) -> None:
    if answer != "none":
        room |= {"tags": ["vip"], "user_parameter": "", "vote_score": None, "vote_comment": None}
    if answer == "surprising":
        room |= {"id2": 7, "regDate": "2022/01/01", "extra": {"status": 9, "out_api": None}, "parameter11": 1}
