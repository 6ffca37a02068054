"""The schemas hold what the documentation says: what is legal passes, what is not is refused."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from happytalk_mock.spec import resources, schemas
from happytalk_mock.spec import violations as validation

#: The same examples at every run, on slow machines too.

#: Widths of the vendor's archive export, in characters.
WIDTHS = {
    "title": 100,
    "customer_uuid": 80,
    "users_id": 255,
    "counselor_nickname": 60,
    "order_number": 100,
    "parcel_number": 40,
    "app_hash": 150,
    "app_ver": 20,
    "phone_model": 20,
    "phone_osver": 20,
    "phone_telecomm": 20,
    **{f"parameter{number}": 20 for number in range(1, 11)},
}
ZERO = "0000-00-00 00:00:00"
ROOMS = resources.documented("chat_room_lists.success")
MESSAGES = resources.documented("system_messages.success")
BOTH = pytest.mark.parametrize("strict", [False, True], ids=["tolerant", "strict"])

Change = Callable[[dict[str, Any]], object]


def definition(name: str) -> Draft202012Validator:
    reference = {"$ref": f"{resources.SCHEMA_BASE}definitions.json#/$defs/{name}"}
    return Draft202012Validator(reference, registry=schemas.registry())


def put(path: str, value: Any) -> Change:
    """Sets what stands at `path`, such as `data/0/status`."""

    def change(payload: dict[str, Any]) -> None:
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("/"))
        node: Any = payload
        for step in steps:
            node = node[step]
        node[last] = value

    return change


def drop(path: str) -> Change:
    def change(payload: dict[str, Any]) -> None:
        *steps, last = (int(step) if step.isdigit() else step for step in path.split("/"))
        node: Any = payload
        for step in steps:
            node = node[step]
        del node[last]

    return change


def changed(payload: Any, *changes: Change) -> Any:
    made = copy.deepcopy(payload)
    for change in changes:
        change(made)
    return made


# --- the files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", resources.schema_names())
def test_each_schema_is_one(name: str) -> None:
    for strict in (False, True):
        Draft202012Validator.check_schema(resources.schema(name, strict=strict))
    document = resources.schema(name)
    assert document["$id"] == f"{resources.SCHEMA_BASE}{name}.json"
    assert document["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@BOTH
def test_every_reference_leads_somewhere(strict: bool) -> None:
    for name in resources.schema_names():
        document = resources.schema(name, strict=strict)
        resolver = schemas.registry().resolver(document["$id"])
        for reference in set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(document))):
            assert resolver.lookup(reference).contents
            assert not (strict and "lenient" in reference)


def test_patterns_keep_to_what_every_engine_knows() -> None:
    for name in resources.schema_names():
        for pattern in re.findall(r'"pattern": "((?:[^"\\]|\\.)*)"', json.dumps(resources.schema(name))):
            assert not re.search(r"\(\?[^:]|\\d|\\w|\\Z|\\z", pattern), f"{name}: {pattern}"


def test_codes_are_told_with_their_meaning() -> None:
    definitions = resources.schema("definitions")["$defs"]
    listed = {name: spec["oneOf"] for name, spec in definitions.items() if "oneOf" in spec}
    assert {name: " ".join(str(row["const"]) for row in rows) for name, rows in listed.items()} == {
        "room_status_filter": "99 -2 -1 0 1 2 3",
        "room_status": "-2 -1 0 1 2 3 4",
        "out_api": "0 1 2",
        "parcel_companycode": " 1 4 5 6 8 11 12 13 18 21 22 23 24 25 42 45 53 99 W",
        "phone_os": " A I W",
        "sort_key": "reg_date complate_date",
        "sort_value": "asc desc",
        "message_status": "A T S",
        "inspect_status": "REG REQ APR REJ",
        "comment_status": "APR REJ INQ",
        "message_type": "ST S1 S2 S3 S4 S5 ED ER BL SB",
        "link_type": "WL AL BK MD",
    }
    assert all(row["title"] and row["description"] for rows in listed.values() for row in rows)


def test_room_has_the_documented_fields_in_their_order() -> None:
    room = resources.schema("room")
    assert list(room["properties"]) == list(ROOMS["data"]["chat_list"][0]) == room["required"]
    assert all(re.search("[가-힣]", spec["description"]) for spec in room["properties"].values())
    widths = {name: spec["maxLength"] for name, spec in room["properties"].items() if "maxLength" in spec}
    assert widths == WIDTHS | {"id": 30}


# --- dates -------------------------------------------------------------------------------------------------

DAY, TIME = definition("day"), definition("date_time")


@pytest.mark.slow
@given(st.dates())
@example(date(1, 1, 1))
@example(date(2000, 2, 29))
@example(date(2024, 2, 29))
@example(date(9999, 12, 31))
def test_every_day_of_the_calendar_passes(day: date) -> None:
    assert DAY.is_valid(f"{day.year:04}-{day:%m-%d}")
    assert not DAY.is_valid(f"{day.year}-{day.month}-{day.day}\n")


@pytest.mark.slow
@given(st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32))
@example(2022, 2, 29)
@example(1900, 2, 29)
@example(2100, 2, 29)
@example(2022, 2, 30)
@example(2022, 4, 31)
@example(0, 0, 0)
@example(0, 2, 29)
def test_a_day_passes_only_if_the_calendar_has_it(year: int, month: int, day: int) -> None:
    try:
        exists = bool(date(year, month, day))
    except ValueError:
        exists = False
    assert DAY.is_valid(f"{year:04}-{month:02}-{day:02}") is exists


@pytest.mark.slow
def test_every_day_of_four_centuries() -> None:
    """The pattern against the calendar, one leap cycle whole: every 29 February and no other."""
    pattern = re.compile(resources.schema("definitions")["$defs"]["day"]["pattern"])
    first = date(1800, 1, 1)
    days = {str(first + timedelta(days=number)) for number in range(146097)}
    written = {f"{y:04}-{m:02}-{d:02}" for y in range(1800, 2200) for m in range(13) for d in range(33)}
    assert {text for text in written if pattern.search(text)} == days


@given(st.datetimes())
def test_every_second_passes(moment: datetime) -> None:
    assert TIME.is_valid(f"{moment.year:04}-{moment:%m-%d %H:%M:%S}")


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_a_time_passes_only_if_the_clock_has_it(hour: int, minute: int, second: int) -> None:
    exists = hour < 24 and minute < 60 and second < 60
    assert TIME.is_valid(f"2022-05-26 {hour:02}:{minute:02}:{second:02}") is exists


@pytest.mark.parametrize(
    "text",
    [
        "2022-05-26\n",
        " 2022-05-26",
        "２０２２-05-26",
        "2022/05/26",
        "20220526",
        "22-05-26",
        "2022-5-26",
        "",
        ZERO,
    ],
)
def test_what_only_looks_like_a_day(text: str) -> None:
    assert not DAY.is_valid(text)
    assert not TIME.is_valid(f"{text} 10:00:00")


@pytest.mark.parametrize("text", ["2022-05-26T12:38:32", "2022-05-26 12:38:32\n", "2022-05-26 12:38", ZERO])
def test_what_only_looks_like_a_time(text: str) -> None:
    assert not TIME.is_valid(text)


# --- answers: the chat room list ---------------------------------------------------------------------------

ROOM = "data/chat_list/0"
DONE = "data/chat_list/1"


@BOTH
def test_documented_answers_validate(strict: bool) -> None:
    assert validation.response_errors("rooms", ROOMS, strict=strict) == []
    assert validation.response_errors("messages", MESSAGES, strict=strict) == []
    for endpoint, name in (("rooms", "chat_room_lists"), ("messages", "system_messages")):
        for failure in resources.documented(f"{name}.failures"):
            assert validation.response_errors(endpoint, failure, strict=strict) == []


LEGAL_ROOMS = {
    "counts as text": [put("data/page", "1"), put("data/limit", "10"), put("data/total_count", "0")],
    "limit echoes what was asked": [put("data/limit", 1000)],
    "empty": [put("data/chat_list", []), put("data/total_count", 0)],
    "a page past the end": [put("data/chat_list", []), put("data/page", 99)],
    "waiting for bot counsel": [put(f"{ROOM}/status", "-2")],
    "bot in progress": [put(f"{ROOM}/status", "-1")],
    "deleted, zero end": [put(f"{ROOM}/status", "3")],
    "deleted, real end": [put(f"{DONE}/status", "3")],
    "bot ended, zero end": [put(f"{ROOM}/status", "4")],
    "bot ended, real end": [put(f"{DONE}/status", "4")],
    "no courier": [put(f"{ROOM}/parcel_companycode", "")],
    "a courier": [put(f"{ROOM}/parcel_companycode", "42")],
    "a phone": [put(f"{ROOM}/phone_os", "A")],
    "fields at their widths": [put(f"{ROOM}/{name}", "가" * width) for name, width in WIDTHS.items()],
}


@BOTH
@pytest.mark.parametrize("changes", LEGAL_ROOMS.values(), ids=LEGAL_ROOMS.keys())
def test_legal_room_answers(changes: list[Change], strict: bool) -> None:
    assert validation.response_errors("rooms", changed(ROOMS, *changes), strict=strict) == []


ILLEGAL_ROOMS = {
    "no result": (drop("result"), "$: 'result' is a required property"),
    "another result": (put("result", "ok"), "$.result: 'success' was expected"),
    "no page": (drop("data/page"), "$.data: 'page' is a required property"),
    "page 0": (put("data/page", 0), "$.data.page: 0 is not valid as a number counted from 1"),
    "page with a line break": (
        put("data/page", "1\n"),
        '$.data.page: "1\\n" is not valid as a number counted from 1',
    ),
    "a negative count": (put("data/total_count", -1), "$.data.total_count: -1 is not valid as a count"),
    "a count with a point": (put("data/total_count", 1.5), "$.data.total_count: 1.5 is not valid as a count"),
    "a count of true": (put("data/total_count", True), "$.data.total_count: true is not valid as a count"),
    "an object for the list": (put("data/chat_list", {}), "$.data.chat_list: {} is not of type 'array'"),
    "id of 29": (put(f"{ROOM}/id", "a" * 29), "is not valid as room id"),
    "id with a line break": (put(f"{ROOM}/id", "a" * 30 + "\n"), "is too long"),
    "a number for a code": (put(f"{ROOM}/category_id", 75345), "75345 is not of type 'string'"),
    "a null title": (put(f"{ROOM}/title", None), "None is not of type 'string'"),
    "status as a number": (put(f"{ROOM}/status", 0), "0 is not of type 'string'"),
    "a new status": (put(f"{ROOM}/status", "5"), '"5" is none of "-2", "-1", "0", "1", "2", "3", "4"'),
    "a new channel": (put(f"{ROOM}/out_api", "7"), '"7" is none of "0", "1", "2"'),
    "no channel": (put(f"{ROOM}/out_api", ""), '"" is none of'),
    "a new courier": (put(f"{ROOM}/parcel_companycode", "98"), '"98" is none of'),
    "a new phone": (put(f"{ROOM}/phone_os", "X"), '"X" is none of "", "A", "I", "W"'),
    "registered at zero": (put(f"{ROOM}/reg_date", ZERO), "$.data.chat_list[0].reg_date"),
    "registered on 30 February": (
        put(f"{ROOM}/reg_date", "2022-02-30 10:00:00"),
        "is not valid as a second of the calendar",
    ),
    "completion null": (
        put(f"{ROOM}/complate_date", None),
        "null is not valid as a second",
    ),
    "waiting, yet completed": (put(f"{DONE}/status", "0"), "'0000-00-00 00:00:00' was expected"),
    "done, yet not completed": (put(f"{ROOM}/status", "2"), "is not valid as a second of the calendar"),
    "fifty-one rooms": (put("data/chat_list", ROOMS["data"]["chat_list"][:1] * 51), "$.data.chat_list"),
    "a list": (put("data", []), "$.data: [] is not of type 'object'"),
}


@pytest.mark.parametrize(("change", "why"), ILLEGAL_ROOMS.values(), ids=ILLEGAL_ROOMS.keys())
def test_illegal_room_answers(change: Change, why: str) -> None:
    errors = validation.response_errors("rooms", changed(ROOMS, change))
    assert any(why in error for error in errors), errors


@settings(max_examples=40)
@given(name=st.sampled_from(sorted(WIDTHS)), more=st.integers(1, 300), character=st.sampled_from("a가😀"))
def test_nothing_is_wider_than_its_column(name: str, more: int, character: str) -> None:
    payload = changed(ROOMS, put(f"{ROOM}/{name}", character * (WIDTHS[name] + more)))
    assert len(validation.response_errors("rooms", payload)) == 1


@pytest.mark.slow
@settings(max_examples=40)
@given(st.sampled_from(resources.schema("room")["required"]), st.data())
def test_each_field_is_required_and_text(name: str, data: st.DataObject) -> None:
    assert validation.response_errors("rooms", changed(ROOMS, drop(f"{ROOM}/{name}")))
    not_text = st.one_of(st.integers(), st.booleans(), st.lists(st.text()), st.just({}))
    payload = changed(ROOMS, put(f"{ROOM}/{name}", data.draw(not_text)))
    assert validation.response_errors("rooms", payload)


def test_additive_fields_are_told_by_the_strict_variant_only() -> None:
    """The four fields of the sister endpoint, and one at each other level."""
    payload = changed(
        ROOMS,
        put(f"{ROOM}/tags", []),
        put(f"{ROOM}/user_parameter", ""),
        put(f"{ROOM}/vote_score", None),
        put(f"{ROOM}/vote_comment", None),
        put("data/next", 2),
        put("took", 3),
    )
    assert validation.response_errors("rooms", payload) == []
    paths = {error.partition(":")[0] for error in validation.response_errors("rooms", payload, strict=True)}
    assert paths == {"$", "$.data", "$.data.chat_list[0]"}


@pytest.mark.parametrize("code", [-501, -505, 0, 1234])
def test_a_failure_may_have_any_code(code: int) -> None:
    failure = {"result": "fail", "code": code, "message": "ndate"}
    assert validation.response_errors("rooms", failure, strict=True) == []


@pytest.mark.parametrize(
    "failure",
    [
        {"result": "fail"},
        {"result": "fail", "code": "-501", "message": "token"},
        {"result": "fail", "code": -501},
        {"result": "fail", "code": -501, "message": None},
        {"result": "FAIL", "code": -501, "message": "token"},
        {"code": -501, "message": "token"},
        [],
        None,
        "fail",
    ],
)
def test_what_is_no_failure_of_the_customer_api(failure: Any) -> None:
    assert validation.response_errors("rooms", failure)


# --- answers: the system messages --------------------------------------------------------------------------

BUTTON = {"ordering": 1, "linkType": "WL", "linkName": "열기", "linkMobile": "https://example.com"}
PART = "data/0/messages/0"

LEGAL_MESSAGES = {
    "none": [put("data", [])],
    "message null": [put("message", None)],
    "message empty": [put("message", "")],
    "not inspected, null": [put("data/0/inspectRequestAt", None), put("data/0/inspectedAt", None)],
    "not inspected, empty": [put("data/0/inspectRequestAt", ""), put("data/0/inspectedAt", "")],
    "links absent": [put(f"{PART}/buttons", [BUTTON])],
    "links null": [put(f"{PART}/buttons", [BUTTON | dict.fromkeys(["linkPc", "linkIos", "linkAndroid"])])],
    "links empty": [put(f"{PART}/buttons", [BUTTON | {"linkPc": "", "linkIos": "", "linkAndroid": ""}])],
    "no parts, no comments": [put("data/0/messages", []), put("data/0/comments", [])],
    "a type without buttons": [put(f"{PART}/messageType", "S5")],
}


@BOTH
@pytest.mark.parametrize("changes", LEGAL_MESSAGES.values(), ids=LEGAL_MESSAGES.keys())
def test_legal_message_answers(changes: list[Change], strict: bool) -> None:
    assert validation.response_errors("messages", changed(MESSAGES, *changes), strict=strict) == []


ILLEGAL_MESSAGES = {
    "code as a number": [put("code", 200)],
    "no data": [drop("data")],
    "null data": [put("data", None)],
    "one message for a list": [put("data", MESSAGES["data"][0])],
    "a message on success": [put("message", "성공")],
    "id as text": [put("data/0/id", "175")],
    "a new status": [put("data/0/status", "X")],
    "a new inspect status": [put("data/0/inspectStatus", "apr")],
    "created at zero": [put("data/0/createdAt", ZERO)],
    "inspected at zero": [put("data/0/inspectedAt", ZERO)],
    "modified never": [put("data/0/modifiedAt", None)],
    "no comments field": [drop("data/0/comments")],
    "a new message type": [put(f"{PART}/messageType", "S6")],
    "a new link type": [put(f"{PART}/buttons", [BUTTON | {"linkType": "XX"}])],
    "ordering as text": [put(f"{PART}/buttons", [BUTTON | {"ordering": "1"}])],
    "buttons null": [put(f"{PART}/buttons", None)],
    "a comment without author": [drop("data/0/comments/0/userName")],
    "a new comment status": [put("data/0/comments/0/status", "REG")],
    **{
        f"{kind} with a button": [put(f"{PART}/messageType", kind), put(f"{PART}/buttons", [BUTTON])]
        for kind in ("S5", "BL", "SB")
    },
}


@pytest.mark.parametrize("changes", ILLEGAL_MESSAGES.values(), ids=ILLEGAL_MESSAGES.keys())
def test_illegal_message_answers(changes: list[Change]) -> None:
    errors = validation.response_errors("messages", changed(MESSAGES, *changes))
    assert len({error.partition(":")[0] for error in errors}) == 1, errors


@pytest.mark.parametrize(
    ("failure", "is_legal"),
    [
        ({"code": "405", "message": "파라미터 오류입니다."}, True),
        ({"code": "999", "message": "?"}, True),
        ({"code": 405, "message": "?"}, False),
        ({"code": "405"}, False),
        ({"code": "405", "message": None}, False),
        ({"message": "?"}, False),
        ([], False),
    ],
)
def test_failures_of_the_message_api(failure: Any, is_legal: bool) -> None:
    assert (not validation.response_errors("messages", failure)) is is_legal


# --- requests ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "tolerant", "strict"),
    [
        ({"token": "t"}, True, True),
        ({"token": "t", "ndate": None, "sdate": None, "edate": None}, True, True),
        ({"token": "t", "ndate": "2024-02-29", "status": -2, "limit": 50, "page": 7}, True, True),
        ({"token": "t", "ndate": ""}, True, False),
        ({"token": "t", "status": "99", "limit": "10", "page": "1"}, True, False),
        ({"token": "t", "unknown": 1}, True, False),
        ({"token": "t", "limit": "51"}, False, False),
        ({"token": "t", "page": "1\n"}, False, False),
        ({"token": "t", "limit": 51}, False, False),
        ({"token": "t", "limit": 0}, False, False),
        ({"token": "t", "status": 4}, False, False),
        ({"token": "t", "status": False}, False, False),
        ({"token": "t", "ndate": "2022-02-30"}, False, False),
        ({"token": "t", "sort_key": "complete_date"}, False, False),
        ({"token": ""}, False, False),
        ({}, False, False),
    ],
)
def test_request_schema(parameters: dict[str, Any], tolerant: bool, strict: bool) -> None:
    assert schemas.validator("chat_room_lists.request").is_valid(parameters) is tolerant
    assert schemas.validator("chat_room_lists.request", strict=True).is_valid(parameters) is strict


def test_sample_request_names_documented_parameters() -> None:
    """The page's sample holds placeholders, so its names are what it shows."""
    sample = resources.documented("chat_room_lists.request")
    assert sample.keys() <= resources.schema("chat_room_lists.request")["properties"].keys()


def test_the_documented_python_example_runs() -> None:
    text = (Path(__file__).parents[1] / "docs" / "schemas.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(code, {})  # noqa: S102 - our own page
