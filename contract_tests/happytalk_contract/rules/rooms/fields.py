"""Rules over every field of every room: there, text, within its width, of its code list, making sense.

Source: chat_room_lists, Data Dictionary (chat_list, out_api, status, parcel_companycode, phone_os);
widths and the form of ids: the vendor's archive export of the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from happytalk_contract.core.model import Severity
from happytalk_contract.core.room_fields import FIELDS, NAMES
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import ZERO_DATE, Listed, as_time, is_encoded_twice
from happytalk_contract.rules.rule import HELD, Verdict, rule
from happytalk_contract.rules.telling import LONGEST_CODE, LONGEST_NAME, TWICE, finding, shown

_ID = re.compile(r"[A-Za-z0-9]{30}")
#: Fields with a width, and those with a code list.
WIDE: Final = tuple(field for field in FIELDS if field.width is not None)
CODED: Final = tuple(field for field in FIELDS if field.codes is not None)

#: What customers write, where anything may stand.
CUSTOMERS: Final = frozenset({"last_message", *(f"parameter{number}" for number in range(1, 11))})

#: Names shown of fields that the dictionary does not have.
SOME: Final = 3

TIME_TROUBLE: Final = "field.*:reg_date field.*:complate_date"
STATUS_TROUBLE: Final = "field.*:status*"


@rule("rooms.field.present", "a room", each="distinct_rooms")
def present(room: Listed) -> Iterator[Verdict]:
    """chat_list: each room has the 36 fields of the dictionary."""
    for field in FIELDS:
        if field.name not in room.item:
            received = f"{len(room.item)} fields, {field.name} not among them{_beside(room.item)}"
            expected = f"{field.name}, one of the 36 fields of chat_list"
            yield finding(room, f"a room has no {field.name}", received, expected, subject=field.name)
    yield HELD


def _beside(item: Mapping[str, Any]) -> str:
    """What else tells that a field has another name or place: how many lack, and what stands there instead."""
    lack, more = len(NAMES - item.keys()), sorted(item.keys() - NAMES)
    told = f" nor {lack - 1} others" if lack > 1 else ""
    names = ", ".join(name[:LONGEST_NAME] for name in more[:SOME])
    return told + (f"; but {names}{' …' * (len(more) > SOME)}" if more else "")


@rule("rooms.field.text", "a room", each="distinct_rooms")
def text(room: Listed) -> Iterator[Verdict]:
    """Every value is text, in UTF-8; users_id can be null (the page's own example)."""
    for field in FIELDS:
        value = room.item.get(field.name, "")
        if not isinstance(value, str) and not (value is None and field.nullable):
            expected = "text, or null where it is unknown" if field.nullable else "text"
            yield _odd(room, field.name, "is not text", shown(field.name, value), expected)
        elif field.name not in CUSTOMERS and isinstance(value, str) and is_encoded_twice(value):
            yield _odd(room, field.name, *TWICE)
    yield HELD


def _odd(room: Listed, name: str, message: str, received: str, expected: str) -> Verdict:
    return finding(room, f"{name} {message}", received, expected, name, subject=name)


@rule("rooms.field.time", "a room", each="distinct_rooms", explained_by="field.text:*")
def time(room: Listed) -> Iterator[Verdict]:
    """reg_date and complate_date are datetime, Y-m-d H:i:s; not completed: 0000-00-00 00:00:00."""
    for name, blank, expected in (
        ("reg_date", (), "Y-m-d H:i:s"),
        ("complate_date", (ZERO_DATE,), f"Y-m-d H:i:s, or {ZERO_DATE}"),
    ):
        value = room.item.get(name)
        if as_time(value) is not None or value in blank:
            yield HELD
        elif isinstance(value, str):
            yield _odd(room, name, "is no time of the form Y-m-d H:i:s", shown(name, value), expected)


@rule("rooms.field.id", "a room", each="distinct_rooms")
def id_form(room: Listed) -> Iterator[Verdict]:
    """id: 상담방 ID, Char(30), letters and digits."""
    value = room.item.get("id")
    if isinstance(value, str) and _ID.fullmatch(value):
        yield HELD
    elif isinstance(value, str):
        message, expected = "a room's id has another form", "30 letters and digits"
        yield finding(room, message, shown("id", value), expected, "id", subject="id")


@rule("rooms.field.width", "a room", each="distinct_rooms", explained_by="field.id:* field.time:*")
def width(room: Listed) -> Iterator[Verdict]:
    """Widths: id 30, title 100, customer_uuid 80, users_id 255, parameter1..10 20 …"""
    for field in WIDE:
        value = room.item.get(field.name)
        if field.width is not None and isinstance(value, str) and len(value) > field.width:
            received, expected = f"text of {len(value)} characters", f"at most {field.width} characters"
            yield _odd(room, field.name, "is longer than its column", received, expected)
    yield HELD


@rule("rooms.field.code", "a room", each="distinct_rooms", severity=Severity.VALUE)
def code(room: Listed) -> Iterator[Verdict]:
    """out_api 0 1 2; status 0 1 2 3 4; parcel_companycode and phone_os as listed."""
    for field in CODED:
        value = room.item.get(field.name)
        if isinstance(value, str) and value in (field.codes or ()):
            yield HELD
        elif isinstance(value, str):
            yield finding(
                room,
                f"{field.name} has a code that its list does not have",
                shown(field.name, value[:LONGEST_CODE]),
                " ".join(sorted(filter(None, field.codes or ()))),
                field.name,
                subject=f"{field.name}={value[:LONGEST_CODE]}",
                way_out="A client that switches on this list needs a branch for it.",
            )


@rule("rooms.field.more", "a room", each="distinct_rooms", severity=Severity.ADDITIVE)
def more(room: Listed) -> Iterator[Verdict]:
    """Parameters may be added at any time; customers should allow for them."""
    for name in room.item.keys() - NAMES:
        short = name[:LONGEST_NAME]
        message = f"a room has a field that is not documented: {short}"
        expected = "parameters may be added at any time; customers should allow for them"
        yield finding(room, message, shown("", room.item[name]), expected, short, subject=short)
    yield HELD


@rule("rooms.sense.identity", "a room", explained_by="field.*:id field.*:reg_date")
def identity(evidence: Evidence) -> Iterator[Verdict]:
    """id: 상담방 ID; a room's id is unique."""
    seen: dict[Any, Listed] = {}
    for room in evidence.distinct_rooms:
        if not isinstance(room.item.get("id"), str):
            continue
        before = seen.setdefault(room.item["id"], room)
        told, first = room.item.get("reg_date"), before.item.get("reg_date")
        message = "the same id is seen with two registration times"
        received = f"reg_date {shown('reg_date', told)} and {shown('reg_date', first)}"
        if (one := as_time(told)) and (other := as_time(first)):
            received += f", {abs(one - other)} apart"
        expected = "an id names one room, which was registered once"
        more = () if before.view is room.view else (before.view.number,)
        found = finding(room, message, received, expected, "reg_date", more=more)
        yield HELD if first == told else found


@rule(
    "rooms.sense.open",
    "a room with status -2, -1, 0 or 1",
    each="distinct_rooms",
    explained_by=f"{TIME_TROUBLE} {STATUS_TROUBLE}",
)
def open_rooms(room: Listed) -> Iterator[Verdict]:
    """A room not completed has 0000-00-00 00:00:00."""
    status, ended = room.item.get("status"), room.item.get("complate_date")
    if status not in ("-2", "-1", "0", "1") or as_time(room.item.get("reg_date")) is None:
        return
    message = "a room that is not completed has a completion date"
    expected = f"{ZERO_DATE} while the room is not completed"
    received = f"status {status} with complate_date {shown('complate_date', ended)}"
    yield finding(room, message, received, expected, "complate_date") if as_time(ended) else HELD


@rule(
    "rooms.sense.done",
    "a room with status 2",
    each="distinct_rooms",
    explained_by=f"{TIME_TROUBLE} {STATUS_TROUBLE}",
)
def done_rooms(room: Listed) -> Iterator[Verdict]:
    """complate_date: 상담방 종료 일시; status 2: 완료."""
    if room.item.get("status") != "2":
        return
    expected = "the time of completion (상담방 종료 일시) once status is 2 (완료)"
    message, received = "a completed room has no completion date", f"status 2 with complate_date {ZERO_DATE}"
    is_blank = room.item.get("complate_date") == ZERO_DATE
    yield finding(room, message, received, expected, "complate_date") if is_blank else HELD


@rule(
    "rooms.sense.sequence",
    "a room with a completion date",
    each="distinct_rooms",
    explained_by=TIME_TROUBLE,
    akin="sense.open sense.identity",
)
def sequence(room: Listed) -> Iterator[Verdict]:
    """reg_date: 상담방 등록 일시; complate_date: 상담방 종료 일시."""
    registered, completed = as_time(room.item.get("reg_date")), as_time(room.item.get("complate_date"))
    if registered is None or completed is None:
        return
    message = "a room is completed before it is registered"
    received = f"complate_date {room.item['complate_date']}, reg_date {room.item['reg_date']}"
    expected = "complate_date (종료 일시) not before reg_date (등록 일시)"
    is_before = completed < registered
    yield finding(room, message, received, expected, "complate_date") if is_before else HELD
