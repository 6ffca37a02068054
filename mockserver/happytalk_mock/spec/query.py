"""From a request's parameters to a typed query. Pure: the day and the behaviour profile are passed in.

POST chat_room_lists, Request: the defaults, the date priority `sdate,edate > ndate > null`, the code lists.
GET system messages, Request: `senderKey` and `id`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

import orjson

from ..core.clock import DAY, day_number
from ..core.errors import MessagesFailure, ParameterFailure, RoomsFailure
from .behaviour import Behaviour
from .parameters import DATE, INTEGER, day, integer
from .vocabulary import (
    ALL_STATUSES,
    BOT_ENDED,
    DEFAULT_LIMIT,
    MAX_LIMIT,
    PARAMETERS,
    REQUEST_STATUSES,
    SORT_KEYS,
    SORT_VALUES,
)

#: A status that no room has: an answer of no rooms.
NO_STATUS: Final = -100
#: The days that a Y-m-d can name.
FIRST_DAY: Final = day_number(date.min)
LAST_DAY: Final = day_number(date.max)
#: A date that no room has, and the days of a question that no room answers.
NO_DAY: Final = LAST_DAY + 1
NOTHING: Final = (1, 0)

#: Those of which the page does not say that null stands for none.
NOT_NULL: Final = ("status", "sort_key", "sort_value", "limit", "page")
#: The largest number of 64 bits.
LARGEST: Final = (1 << 63) - 1
#: What the page's curl samples say where a value belongs. Pasted as they stand, they mean that none is given.
PLACEHOLDERS: Final = {"ndate": "조회 일자", "status": "상담방 상태"}
#: Dates as people write them: 20220526, 2022-5-6, 2022/05/26, 2022-05-26 00:00:00.
_LIKE_A_DATE: Final = re.compile(r"\s*([0-9]{4})[-/.]?([0-9]{1,2})[-/.]?([0-9]{1,2})(?![0-9])", re.ASCII)
_EXPECTED_DATE: Final = "a day as Y-m-d, such as 2022-05-26"


class RoomQuery(NamedTuple):
    """A question to the chat room list, every default filled in. Seconds are wall seconds of Seoul."""

    first: int  #: first second of registration
    last: int  #: last second of registration, inclusive
    status: int | None  #: None: all of them
    sort_key: str
    descending: bool
    limit: int  #: rooms on a page, at most 50
    page: int  #: from 1
    limit_echo: int  #: what data.limit says
    page_echo: Any  #: what data.page says: the page, or what was asked in its place

    @property
    def offset(self) -> int:
        """How many rooms stand on earlier pages."""
        return (self.page - 1) * self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQuery:
    """A question to the system messages."""

    sender_key: str
    id: int | None  #: None: the messages whose status is A


def show(value: Any) -> str:
    """A received value as JSON, shortened to some 60 characters, for an error message."""
    try:
        text = orjson.dumps(value).decode()
    except (orjson.JSONEncodeError, UnicodeDecodeError):
        text = repr(value)
    return text if len(text) <= 60 else f"{text[:50]}… ({len(text)} characters)"


def read_rooms(body: Mapping[str, Any], *, today: int, behaviour: Behaviour) -> RoomQuery:
    """The query that a request body asks. `today` is the day number in Seoul.

    Raises RoomsFailure: a ParameterFailure that names the field, or of cause "period".
    """
    if any(body.get(name) == text for name, text in PLACEHOLDERS.items()):
        body = {name: value for name, value in body.items() if (name, value) not in PLACEHOLDERS.items()}
    for name in body:
        if name not in PARAMETERS and behaviour["unknown_parameters"] == "failure":
            raise ParameterFailure(
                show(name)[1:-1], received="a parameter of that name", expected=", ".join(PARAMETERS)
            )
    first_day, last_day = read_days(body, today=today, behaviour=behaviour)
    for name in NOT_NULL:
        if name in body and body[name] is None and behaviour["null_value"] == "failure":
            raise ParameterFailure(name, received="null", expected="a value, or nothing at all")
    limit, echo = _limit(body.get("limit"), behaviour)
    sort_key, sort_value = _sort(body, behaviour)
    status = _status(body.get("status"), behaviour)
    page, page_echo = _page(body.get("page"), behaviour)
    return RoomQuery(
        first=first_day * DAY,
        last=last_day * DAY + DAY - 1,
        status=status,
        sort_key=sort_key,
        descending=sort_value == "desc",
        limit=limit,
        page=page,
        limit_echo=echo,
        page_echo=page_echo,
    )


def read_days(body: Mapping[str, Any], *, today: int, behaviour: Behaviour) -> tuple[int, int]:
    """First and last day asked for: sdate,edate > ndate > null (null: `today`).

    A reversed range holds nothing. A date that has no say is not looked at: with both sdate and edate,
    ndate may be anything.
    """
    sdate, edate = _date(body, "sdate", behaviour), _date(body, "edate", behaviour)
    if NO_DAY in (sdate, edate):
        return NOTHING
    if sdate is not None and edate is not None:
        if sdate > edate:
            sdate, edate = _reversed(sdate, edate, behaviour)
        return _within_period(sdate, edate, behaviour)
    if sdate is not None or edate is not None:
        if behaviour["single_date"] == "failure":
            missing, given = ("edate", "sdate") if edate is None else ("sdate", "edate")
            raise ParameterFailure(missing, received=f"only {given}", expected="sdate and edate together")
        if behaviour["single_date"] == "open_range":
            first = FIRST_DAY if sdate is None else sdate
            last = LAST_DAY if edate is None else edate
            over = behaviour["open_range_period"] == "over"
            return _within_period(first, last, behaviour) if over else (first, last)
    ndate = _date(body, "ndate", behaviour)
    if ndate == NO_DAY:
        return NOTHING
    only = today if ndate is None else ndate
    return only, only


def _date(body: Mapping[str, Any], name: str, behaviour: Behaviour) -> int | None:
    """The day number of a date parameter; None: null, absent or taken as such; NO_DAY: it matches nothing."""
    value = body.get(name)
    if value is None:
        return None
    if value == "" and behaviour["empty_date"] == "null":
        return None
    found = day(value)
    if found is not None:
        return day_number(found)
    case = "type"
    if isinstance(value, str):  # one of no such day is shaped like a day, but not in the calendar
        case = "no_such_day" if DATE.fullmatch(value) else "form"
    answer = "failure" if value == "" else behaviour[f"bad_date.{case}"]
    if answer == "failure":
        raise ParameterFailure(name, received=show(value), expected=_EXPECTED_DATE)
    if answer == "absent":
        return None
    return _as_read(value) if answer == "read" else NO_DAY


def _as_read(value: Any) -> int:
    """The day that a date can be read as; NO_DAY where it can not. Days past a month's end count on, as in PHP."""
    found = _LIKE_A_DATE.match(str(value)) if isinstance(value, str | int) else None
    year, month, days = map(int, found.groups()) if found else (0, 0, 0)
    if not (year and 1 <= month <= 12):
        return NO_DAY
    return day_number(date(year, month, 1)) + days - 1


def _reversed(sdate: int, edate: int, behaviour: Behaviour) -> tuple[int, int]:
    answer = behaviour["reversed_dates"]
    if answer == "failure":
        raise ParameterFailure("sdate", received="a day after edate", expected="sdate not after edate")
    return (edate, sdate) if answer == "swapped" else (sdate, edate)


def _within_period(first: int, last: int, behaviour: Behaviour) -> tuple[int, int]:
    longest = behaviour["longest_period"]
    if longest != "none" and last - first + 1 > int(longest):
        hint = f"received a period of {last - first + 1} days; expected at most {longest}"
        raise RoomsFailure(cause="period", hint=hint)
    return first, last


def _integer(value: Any, behaviour: Behaviour) -> int | None:
    """A whole number, or None if `value` is none (true and 1.5 are not; 2.0 is where the profile takes it)."""
    if isinstance(value, float) and value.is_integer() and behaviour["whole_fraction"] == "number":
        return int(value)
    return None if isinstance(value, str) and behaviour["numeric_text"] != "taken" else integer(value)


def _refused_text(name: str, value: Any, behaviour: Behaviour) -> None:
    """Raises ParameterFailure for numeric text where the profile does not take it."""
    if isinstance(value, str) and behaviour["numeric_text"] == "failure" and INTEGER.fullmatch(value):
        raise ParameterFailure(name, received=show(value), expected="a number, not text")


def _number(name: str, value: Any, behaviour: Behaviour) -> tuple[int, str]:
    """A whole number and, where it is none from 1 on that fits 64 bits, the case of an open question."""
    _refused_text(name, value, behaviour)
    number = _integer(value, behaviour)
    if number is None:
        text = "text" if isinstance(value, str) else "type"
        return 0, "fraction" if isinstance(value, float) else text
    if number >= 1:
        return number, "huge" if number > LARGEST else ""
    return number, "negative" if number < 0 else "zero"


def _limit(value: Any, behaviour: Behaviour) -> tuple[int, int]:
    """Rooms on a page, and what data.limit says of it."""
    if value is None:
        return DEFAULT_LIMIT, DEFAULT_LIMIT
    number, case = _number("limit", value, behaviour)
    answer = behaviour[f"limit_invalid.{case}"] if case else "default"
    if answer == "failure":
        raise ParameterFailure("limit", received=show(value), expected="a number from 1 to 50")
    if case and (case, answer) != ("huge", "capped"):
        served = {"clamp": 1, "capped": MAX_LIMIT}.get(answer, DEFAULT_LIMIT)
        return served, served
    if number <= MAX_LIMIT:
        return number, number
    if not case and behaviour["limit_above_max"] == "failure":
        raise ParameterFailure("limit", received=show(value), expected="at most 50")
    return MAX_LIMIT, number if behaviour["limit_echo"] == "asked" else MAX_LIMIT


def _page(value: Any, behaviour: Behaviour) -> tuple[int, Any]:
    """The page served, and what data.page says of it."""
    if value is None:
        return 1, 1
    number, case = _number("page", value, behaviour)
    answer = behaviour[f"page_invalid.{case}"] if case else "past_end"
    if answer == "past_end":
        return number, number
    if answer == "failure":
        raise ParameterFailure("page", received=show(value), expected="a number from 1")
    return 1, value if behaviour["page_echo"] == "asked" else 1


def _status(value: Any, behaviour: Behaviour) -> int | None:
    if value is None:
        return None
    _refused_text("status", value, behaviour)
    number = _integer(value, behaviour)
    if number == ALL_STATUSES:
        return None
    if number in REQUEST_STATUSES:
        return number
    if number is not None:
        case = "4" if number == BOT_ENDED else "number"
    else:
        case = {str: "text", float: "number"}.get(type(value), "type")
    answer = behaviour[f"unknown_status.{case}"]
    if answer == "failure":
        raise ParameterFailure("status", received=show(value), expected="99, -2, -1, 0, 1, 2 or 3")
    if answer == "all":
        return None
    return number if answer == "that_status" else NO_STATUS


def _sort(body: Mapping[str, Any], behaviour: Behaviour) -> tuple[str, str]:
    chosen = []
    for name, allowed, default in (("sort_key", SORT_KEYS, "reg_date"), ("sort_value", SORT_VALUES, "desc")):
        value = body.get(name)
        if value is None:
            value = default
        elif value not in allowed:
            if behaviour[f"unknown_sort.{name.removeprefix('sort_')}"] == "failure":
                raise ParameterFailure(name, received=show(value), expected=" or ".join(allowed))
            value = default
        chosen.append(value)
    return chosen[0], chosen[1]


def read_messages(query: Mapping[str, str], *, behaviour: Behaviour) -> MessageQuery:
    """The query that a query string asks. Raises MessagesFailure."""
    sender_key = query.get("senderKey", "")
    if not sender_key:
        raise MessagesFailure(
            "405",
            "파라미터 오류: senderKey가 없습니다.",
            cause="sender_key_missing",
            hint="senderKey: received nothing; expected the sender profile's key",
        )
    text = query.get("id")
    if text is None:
        return MessageQuery(sender_key=sender_key, id=None)
    if text[:1].isdigit() and INTEGER.fullmatch(text):
        return MessageQuery(sender_key=sender_key, id=int(text))
    answer = behaviour["message_id_invalid"]
    hint = f"id: received {ascii(text)[:60]}; expected a whole number"
    if answer == "405":
        raise MessagesFailure("405", "파라미터 오류: id는 숫자여야 합니다.", cause="id_invalid", hint=hint)
    if answer == "508":
        raise MessagesFailure("508", cause="id_invalid", hint=hint)
    return MessageQuery(sender_key=sender_key, id=None)
