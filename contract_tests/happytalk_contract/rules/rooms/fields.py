"""Rules over every field of every room: there, text, within its width, of its code list, making sense.

Source: chat_room_lists, Data Dictionary (chat_list, out_api, status, parcel_companycode, phone_os);
widths and the form of ids: the vendor's archive export of the same table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from happytalk_contract.core.model import Severity
from happytalk_contract.core.room_fields import FIELDS, NAMES
from happytalk_contract.evidence.readings import Evidence
from happytalk_contract.evidence.views import ZERO_DATE, as_time
from happytalk_contract.rules.rule import HELD, Rule, Verdict
from happytalk_contract.rules.telling import finding, shown

_ID = re.compile(r"[A-Za-z0-9]{30}")


def _present(evidence: Evidence) -> Iterator[Verdict]:
    """All 36 fields are there."""
    for view, index, room in evidence.distinct_rooms():
        for field in FIELDS:
            if field.name in room:
                continue
            yield finding(
                view,
                f"a room has no {field.name}",
                received=f"{len(room)} fields, {field.name} not among them",
                expected=f"{field.name}, one of the 36 fields of chat_list",
                json_path=f"$.data.chat_list[{index}]",
                subject=field.name,
            )
        yield HELD


def _text(evidence: Evidence) -> Iterator[Verdict]:
    """Values are text; users_id can be null."""
    for view, index, room in evidence.distinct_rooms():
        for field in FIELDS:
            value = room.get(field.name, "")
            if isinstance(value, str) or (value is None and field.nullable):
                continue
            yield finding(
                view,
                f"{field.name} is not text",
                received=shown(field.name, value),
                expected="text, or null where it is unknown" if field.nullable else "text",
                json_path=f"$.data.chat_list[{index}].{field.name}",
                subject=field.name,
            )
        yield HELD


def _width(evidence: Evidence) -> Iterator[Verdict]:
    """No value is longer than the table's column."""
    for view, index, room in evidence.distinct_rooms():
        for field in FIELDS:
            value = room.get(field.name)
            if field.width is None or not isinstance(value, str) or len(value) <= field.width:
                continue
            yield finding(
                view,
                f"{field.name} is longer than its column",
                received=f"text of {len(value)} characters",
                expected=f"at most {field.width} characters",
                json_path=f"$.data.chat_list[{index}].{field.name}",
                subject=field.name,
            )
        yield HELD


def _id_form(evidence: Evidence) -> Iterator[Verdict]:
    """An id is 30 letters and digits."""
    for view, index, room in evidence.distinct_rooms():
        value = room.get("id")
        if not isinstance(value, str):
            continue
        yield (
            HELD
            if _ID.fullmatch(value)
            else finding(
                view,
                "a room's id has another form",
                received=shown("id", value),
                expected="30 letters and digits",
                json_path=f"$.data.chat_list[{index}].id",
                subject="id",
            )
        )


def _times(evidence: Evidence) -> Iterator[Verdict]:
    """Dates are `Y-m-d H:i:s` and days of the calendar; only complate_date can be the zero date."""
    for view, index, room in evidence.distinct_rooms():
        for name in ("reg_date", "complate_date"):
            value = room.get(name)
            if not isinstance(value, str):
                continue
            if as_time(value) is not None or (name == "complate_date" and value == ZERO_DATE):
                yield HELD
                continue
            yield finding(
                view,
                f"{name} is no time of the form Y-m-d H:i:s",
                received=shown(name, value),
                expected="Y-m-d H:i:s" + (f", or {ZERO_DATE}" if name == "complate_date" else ""),
                json_path=f"$.data.chat_list[{index}].{name}",
                subject=name,
            )


def _codes(evidence: Evidence) -> Iterator[Verdict]:
    """Codes are of their lists."""
    for view, index, room in evidence.distinct_rooms():
        for field in FIELDS:
            value = room.get(field.name)
            if field.codes is None or not isinstance(value, str):
                continue
            if value in field.codes:
                yield HELD
                continue
            yield finding(
                view,
                f"{field.name} has a code that its list does not have",
                received=shown(field.name, value[:LONGEST_CODE]),
                expected=" ".join(sorted(code for code in field.codes if code)),
                json_path=f"$.data.chat_list[{index}].{field.name}",
                subject=f"{field.name}={value[:LONGEST_CODE]}",
                way_out="A client that switches on this list needs a branch for it.",
            )


#: A code is short; what is longer is no code and not shown whole.
LONGEST_CODE: Final = 12


def _more(evidence: Evidence) -> Iterator[Verdict]:
    """Fields beyond the dictionary are told."""
    for view, index, room in evidence.distinct_rooms():
        for name in room.keys() - NAMES:
            yield finding(
                view,
                f"a room has a field that is not documented: {name[:LONGEST_NAME]}",
                received=shown("", room[name]),
                expected="parameters may be added at any time; customers should allow for them",
                json_path=f"$.data.chat_list[{index}].{name[:LONGEST_NAME]}",
                subject=name[:LONGEST_NAME],
            )
        yield HELD


LONGEST_NAME: Final = 40


def _open_rooms(evidence: Evidence) -> Iterator[Verdict]:
    """A room that goes on has the zero date."""
    for view, index, room in evidence.distinct_rooms():
        if room.get("status") not in ("-2", "-1", "0", "1") or as_time(room.get("reg_date")) is None:
            continue
        yield (
            finding(
                view,
                "a room that is not completed has a completion date",
                received=f"status {room['status']} with complate_date {shown('complate_date', room['complate_date'])}",
                expected=f"{ZERO_DATE} while the room is not completed",
                json_path=f"$.data.chat_list[{index}].complate_date",
            )
            if as_time(room.get("complate_date")) is not None
            else HELD
        )


def _done_rooms(evidence: Evidence) -> Iterator[Verdict]:
    """A completed room has a real completion date."""
    for view, index, room in evidence.distinct_rooms():
        if room.get("status") != "2":
            continue
        yield (
            finding(
                view,
                "a completed room has no completion date",
                received=f"status 2 with complate_date {ZERO_DATE}",
                expected="the time of completion (상담방 종료 일시) once status is 2 (완료)",
                json_path=f"$.data.chat_list[{index}].complate_date",
            )
            if room.get("complate_date") == ZERO_DATE
            else HELD
        )


def _sequence(evidence: Evidence) -> Iterator[Verdict]:
    """Nothing is completed before it is registered."""
    for view, index, room in evidence.distinct_rooms():
        registered, completed = as_time(room.get("reg_date")), as_time(room.get("complate_date"))
        if registered is None or completed is None:
            continue
        yield (
            finding(
                view,
                "a room is completed before it is registered",
                received=f"complate_date {room['complate_date']}, reg_date {room['reg_date']}",
                expected="complate_date (종료 일시) not before reg_date (등록 일시)",
                json_path=f"$.data.chat_list[{index}].complate_date",
            )
            if completed < registered
            else HELD
        )


def _one_identity(evidence: Evidence) -> Iterator[Verdict]:
    """What never changes in a room is the same wherever the room is seen."""
    seen: dict[Any, Any] = {}
    for view, index, room in evidence.distinct_rooms():
        if not isinstance(room.get("id"), str):
            continue
        before = seen.setdefault(room["id"], room.get("reg_date"))
        yield (
            finding(
                view,
                "the same id is seen with two registration times",
                received=f"reg_date {shown('reg_date', room.get('reg_date'))} and {shown('reg_date', before)}",
                expected="an id names one room, which was registered once",
                json_path=f"$.data.chat_list[{index}].reg_date",
            )
            if before != room.get("reg_date")
            else HELD
        )


def _rule(
    name: str,
    sentence: str,
    check: object,
    *,
    severity: Severity = Severity.BREAKING,
    by: tuple[str, ...] = (),
    akin: tuple[str, ...] = (),
) -> Rule:
    return Rule(
        id=f"rooms.{name}",
        endpoint="rooms",
        sentence=sentence,
        severity=severity,
        needs=NEEDS.get(name, "a room"),
        check=check,  # type: ignore[arg-type]
        explained_by=by,
        akin=akin,
    )


NEEDS: Final = {
    "sense.open": "a room with status -2, -1, 0 or 1",
    "sense.done": "a room with status 2",
    "sense.sequence": "a room with a completion date",
}

_TIME_TROUBLE = ("rooms.field.*:reg_date", "rooms.field.*:complate_date")

RULES: Final = (
    _rule("field.present", "chat_list: each room has the 36 fields of the dictionary.", _present),
    _rule("field.text", "Every value is text; users_id can be null (the page's own example).", _text),
    _rule("field.time", "reg_date and complate_date are datetime, Y-m-d H:i:s; not completed: 0000-00-00 00:00:00.",
          _times, by=("rooms.field.text:*",)),
    _rule("field.id", "id: 상담방 ID, Char(30), letters and digits.", _id_form),
    _rule("field.width", "Widths: id 30, title 100, customer_uuid 80, users_id 255, parameter1..10 20 …", _width,
          by=("rooms.field.id:*", "rooms.field.time:*")),
    _rule("field.code", "out_api 0 1 2; status 0 1 2 3 4; parcel_companycode and phone_os as listed.", _codes,
          severity=Severity.VALUE),
    _rule("field.more", "Parameters may be added at any time; customers should allow for them.", _more,
          severity=Severity.ADDITIVE),
    _rule("sense.open", "A room not completed has 0000-00-00 00:00:00.", _open_rooms,
          by=(*_TIME_TROUBLE, "rooms.field.*:status*")),
    _rule("sense.done", "complate_date: 상담방 종료 일시; status 2: 완료.", _done_rooms,
          by=(*_TIME_TROUBLE, "rooms.field.*:status*")),
    _rule("sense.sequence", "reg_date: 상담방 등록 일시; complate_date: 상담방 종료 일시.", _sequence,
          by=(*_TIME_TROUBLE, "rooms.sense.open"), akin=("rooms.sense.open",)),
    _rule("sense.identity", "id: 상담방 ID; a room's id is unique.", _one_identity,
          by=("rooms.field.*:id", "rooms.field.*:reg_date")),
)  # fmt: skip
