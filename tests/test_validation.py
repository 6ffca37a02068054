"""The verdict about a client's request: what departs is told, what is documented is not, secrets never."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from happytalk_mock.spec import schemas
from happytalk_mock.spec import violations as validation
from happytalk_mock.spec.parameters import receive
from happytalk_mock.spec.violations import (
    Endpoint,
    Violation,
    is_plainly_valid,
    parameter_violations,
    request_violations,
)
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH

#: The same examples at every run, on slow machines too.

JSON = {"Content-Type": "application/json"}
HT = {"HT-Client-Id": "an-id", "HT-Client-Secret": "a-secret"}


def judged(
    endpoint: Endpoint,
    *,
    headers: Mapping[str, str],
    query: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    production: bool = False,
) -> list[Violation]:
    lowered = {name.lower(): value for name, value in headers.items()}
    method, path = ("POST", ROOMS_PATH) if endpoint == "rooms" else ("GET", MESSAGES_PATH)
    received = receive(method, path, urlencode(list(query)), lowered, body)
    return request_violations(endpoint, received, production=production)


def rooms(body: Any, headers: dict[str, str] | None = None, **more: Any) -> dict[str, Violation]:
    """The violations of a chat room list, by field."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    found = judged("rooms", headers=JSON if headers is None else headers, body=raw, **more)
    assert len({violation.field for violation in found}) == len(found)
    return {violation.field: violation for violation in found}


def messages(
    *query: tuple[str, str], headers: dict[str, str] | None = None, **more: Any
) -> dict[str, Violation]:
    found = judged("messages", headers=HT if headers is None else headers, query=query, **more)
    return {violation.field: violation for violation in found}


# --- the chat room list ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"ndate": "2022-05-26"},
        {"ndate": None, "sdate": None, "edate": None},
        {"sdate": "2022-05-26", "edate": "2022-05-26"},
        {"ndate": "2020-01-01", "sdate": "2022-05-01", "edate": "2022-05-26"},
        {"status": -2, "sort_key": "complate_date", "sort_value": "asc", "limit": 50, "page": 1000},
        {"limit": 10.0},
        {"page": 10**30},
    ],
)
def test_documented_parameters_are_no_violation(parameters: dict[str, Any]) -> None:
    assert rooms({"token": "t"} | parameters) == {}


@pytest.mark.parametrize(
    "value", ["application/json", "Application/JSON; charset=UTF-8", "application/json;"]
)
def test_content_types_that_are_json(value: str) -> None:
    assert rooms({"token": "t"}, {"content-type": value}) == {}


@pytest.mark.parametrize(
    ("parameters", "field", "received", "message"),
    [
        ({"ndate": "2022-02-30"}, "ndate", '"2022-02-30"', "ndate is not a day of the calendar"),
        ({"ndate": "26.05.2022"}, "ndate", '"26.05.2022"', "ndate is not written Y-m-d"),
        ({"ndate": ""}, "ndate", '""', "ndate is empty"),
        ({"ndate": 20220526}, "ndate", "20220526", "ndate is a number, not text or null"),
        ({"sdate": ["2022-05-26"]}, "sdate", "an array of 1", "sdate is an array, not text or null"),
        ({"status": "99"}, "status", '"99"', "status is text, not a number"),
        ({"status": 4}, "status", "4", "status is not in the documented list"),
        ({"status": True}, "status", "true", "status is a boolean, not a number"),
        ({"status": None}, "status", "null", "status is null, not a number"),
        ({"limit": "10"}, "limit", '"10"', "limit is text, not a number"),
        ({"limit": 51}, "limit", "51", "limit is above 50"),
        ({"limit": 1e300}, "limit", "1e+300", "limit is above 50"),
        ({"limit": 0}, "limit", "0", "limit is below 1"),
        ({"limit": 1.5}, "limit", "1.5", "limit is not a whole number"),
        ({"page": -3}, "page", "-3", "page is below 1"),
        ({"page": {"a": 1}}, "page", "an object of 1", "page is an object, not a number"),
        (
            {"sort_key": "complete_date"},
            "sort_key",
            '"complete_date"',
            "sort_key is not in the documented list; did you mean complate_date?",
        ),
        ({"sort_key": "title"}, "sort_key", '"title"', "sort_key is not in the documented list"),
        (
            {"sort_value": "DESC"},
            "sort_value",
            '"DESC"',
            "sort_value is not in the documented list; did you mean desc?",
        ),
        (
            {"sortKey": 1},
            "sortKey",
            "a parameter of that name",
            "sortKey is not a documented parameter; did you mean sort_key?",
        ),
        (
            {"complete_date": 1},
            "complete_date",
            "a parameter of that name",
            "complete_date is not a documented parameter; did you mean sort_key: complate_date?",
        ),
        ({"colour": 1}, "colour", "a parameter of that name", "colour is not a documented parameter"),
        (
            {"sdate": "2022-05-26"},
            "edate",
            "not given",
            "sdate is given without edate; the page names them as a pair",
        ),
        (
            {"edate": "2022-05-26", "sdate": None},
            "sdate",
            "null",
            "edate is given without sdate; the page names them as a pair",
        ),
        (
            {"sdate": "2022-05-27", "edate": "2022-05-26"},
            "sdate",
            "sdate 2022-05-27, edate 2022-05-26",
            "sdate is after edate",
        ),
    ],
)
def test_one_departure_is_one_violation(
    parameters: dict[str, Any], field: str, received: str, message: str
) -> None:
    others = {"edate": "2022-05-26"} if field == "sdate" and isinstance(parameters["sdate"], list) else {}
    (violation,) = rooms({"token": "t"} | others | parameters).values()
    assert (violation.field, violation.received, violation.message) == (field, received, message)
    assert violation.expected


def test_both_a_wrong_value_and_its_missing_partner_are_told() -> None:
    assert set(rooms({"token": "t", "sdate": "yesterday", "limit": 99})) == {"sdate", "edate", "limit"}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({}, "token is missing"),
        ({"token": None}, "token is null, not text"),
        ({"token": ""}, "token is empty"),
        ({"token": 5}, "token is a number, not text"),
    ],
)
def test_token(parameters: dict[str, Any], message: str) -> None:
    assert rooms(parameters)["token"].message == message


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the request has no body"),
        (b"token=t", "the body is not JSON: "),
        (b'{"token": "t"', "the body is not JSON: "),
        (b"\xff\xfe", "the body is not JSON: "),
        (b'{"token": NaN}', "the body is not JSON: "),
        (b"[" * 100_000, "the body is not JSON: "),
        (b"[1, 2]", "the body is an array, not an object"),
        (b'"t"', "the body is text, not an object"),
        (b"null", "the body is null, not an object"),
    ],
)
def test_bodies_that_are_no_object(body: bytes, message: str) -> None:
    assert rooms(body)["body"].message.startswith(message)


@pytest.mark.parametrize(
    ("headers", "received"),
    [({}, "not given"), ({"content-type": "text/plain"}, "text/plain"), ({"Content-Type": ""}, "")],
)
def test_content_type(headers: dict[str, str], received: str) -> None:
    (violation,) = rooms({"token": "t"}, headers).values()
    assert (violation.field, violation.received, violation.expected) == (
        "Content-Type",
        received,
        "application/json",
    )


def test_parameters_in_the_url_are_not_read() -> None:
    (violation,) = rooms({"token": "t"}, query=[("page", "2")]).values()
    assert violation.message == "page stands in the URL, where this endpoint reads nothing"


def test_production_asks_for_the_headers_here_too() -> None:
    assert rooms({"token": "t"}, JSON | HT, production=True) == {}
    assert set(rooms({"token": "t"}, production=True)) == {"HT-Client-Id", "HT-Client-Secret"}


def test_violations_are_bounded() -> None:
    found = judged("rooms", headers={}, body=json.dumps({str(n): n for n in range(10_000)}).encode())
    assert len(found) == validation.MOST_VIOLATIONS


def test_long_and_strange_texts_are_shortened() -> None:
    name, value = "x" * 10_000, "y\n\x00" * 10_000
    found = rooms({"token": "t", name: 1, "sort_key": value, "\u202e\n": 1})
    for violation in found.values():
        assert len(violation.received) <= validation.SHOWN
        assert len(violation.field) <= validation.SHOWN
        assert (violation.message + violation.received).isprintable()


# --- the system messages -----------------------------------------------------------------------------------


@pytest.mark.parametrize("query", [[("senderKey", "k")], [("senderKey", "k"), ("id", "175")]])
def test_documented_queries_are_no_violation(query: list[tuple[str, str]]) -> None:
    assert messages(*query) == {}
    assert messages(*query, headers={name.upper(): value for name, value in HT.items()}) == {}


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ([], "senderKey", "senderKey is missing"),
        ([("senderKey", "")], "senderKey", "senderKey is empty"),
        ([("senderKey", "k"), ("id", "abc")], "id", "id is text, not a number"),
        ([("senderKey", "k"), ("id", "")], "id", "id is empty"),
        ([("senderKey", "k"), ("id", "1.5")], "id", "id is text, not a number"),
        ([("senderKey", "k"), ("id", "9" * 5000)], "id", "id is text, not a number"),
        ([("senderKey", "k"), ("id", "1"), ("id", "2")], "id", "id is given more than once"),
        ([("senderKey", "k"), ("Id", "1")], "Id", "Id is not a documented parameter; did you mean id?"),
        ([("senderKey", "k"), ("page", "1")], "page", "page is not a documented parameter"),
        ([("senderKey", "k"), ("page", "1"), ("page", "2")], "page", "page is not a documented parameter"),
    ],
)
def test_queries_that_depart(query: list[tuple[str, str]], field: str, message: str) -> None:
    (violation,) = messages(*query).values()
    assert (violation.field, violation.message) == (field, message)


@pytest.mark.parametrize("name", HT)
@pytest.mark.parametrize(("value", "state"), [(None, "missing"), ("", "empty")])
def test_headers_of_system_messages(name: str, value: str | None, state: str) -> None:
    headers = {other: text for other, text in HT.items() if other != name} | (
        {} if value is None else {name: value}
    )
    (violation,) = messages(("senderKey", "k"), headers=headers).values()
    assert (violation.field, violation.message) == (name, f"the header {name} is {state}")


def test_a_body_where_none_is_read() -> None:
    assert messages(("senderKey", "k"), body=b"{}")["body"].received == "2 bytes"


# --- secrets -----------------------------------------------------------------------------------------------

SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    ("endpoint", "request_"),
    [
        ("rooms", {"headers": JSON, "body": json.dumps({"token": [SECRET]}).encode()}),
        ("rooms", {"headers": JSON, "body": json.dumps({"tokne": SECRET, "limit": 99}).encode()}),
        ("rooms", {"headers": {}, "body": f"token={SECRET}".encode()}),
        ("rooms", {"headers": JSON, "body": f'{{"token": "{SECRET}'.encode()}),
        ("rooms", {"headers": JSON, "body": json.dumps(SECRET).encode()}),
        ("rooms", {"headers": JSON, "query": [("token", SECRET)], "body": b"{}"}),
        (
            "messages",
            {"headers": {"HT-Client-Id": SECRET}, "query": [("senderKey", SECRET), ("senderKey", SECRET)]},
        ),
        ("messages", {"headers": {}, "query": [("sender_key", SECRET)], "body": SECRET.encode()}),
    ],
)
def test_secrets_are_not_told(endpoint: Any, request_: dict[str, Any]) -> None:
    found = judged(endpoint, **request_)
    assert found
    assert "hunter2" not in repr(found)


def test_a_secret_of_the_wrong_type_is_not_told_either() -> None:
    assert rooms({"token": 2718281828})["token"].received == "a number"


# --- the quick way and the schema --------------------------------------------------------------------------

DAYS = st.dates().map(lambda day: f"{day.year:04}-{day:%m-%d}")
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    DAYS,
    st.just([]),
)
LIKELY = {
    "token": st.text(min_size=1, max_size=5),
    "ndate": st.none() | DAYS,
    "sdate": st.none() | DAYS,
    "edate": st.none() | DAYS,
    "status": st.sampled_from([99, -2, -1, 0, 1, 2, 3]),
    "sort_key": st.sampled_from(["reg_date", "complate_date"]),
    "sort_value": st.sampled_from(["asc", "desc"]),
    "limit": st.integers(-1, 52),
    "page": st.integers(-1, 10),
}
VALID = st.fixed_dictionaries(
    {"token": LIKELY["token"]}, optional={name: values for name, values in LIKELY.items() if name != "token"}
)
ANY = st.builds(
    lambda valid, odd: valid | odd,
    VALID,
    st.dictionaries(st.sampled_from([*LIKELY, "sdat", ""]), SCALARS, max_size=2),
)


@pytest.mark.parametrize(
    ("more", "plain"),
    [
        ({}, True),
        ({"ndate": None, "sdate": None, "edate": None}, True),
        ({"ndate": "2022-05-26"}, True),
        ({"ndate": "2022-05-32"}, False),
        ({"sdate": "2022-05-26", "edate": "2022-05-26"}, True),
        ({"sdate": "2022-05-25", "edate": "2022-05-26"}, True),
        ({"sdate": "2022-05-26", "edate": "2022-05-25"}, False),
        ({"sdate": "2022-05-26"}, False),
        ({"edate": "2022-05-26"}, False),
        ({"status": -2, "limit": 1, "page": 1}, True),
        ({"status": 3, "limit": 50, "page": 10**9}, True),
        ({"status": 4}, False),
        ({"status": True}, False),
        ({"limit": 0}, False),
        ({"limit": 51}, False),
        ({"limit": "10"}, False),
        ({"page": 0}, False),
        ({"page": 1.0}, False),
        ({"sort_key": "reg_date", "sort_value": "asc"}, True),
        ({"sort_key": "id"}, False),
        ({"sort_value": "up"}, False),
        ({"token": ""}, False),
        ({"token": 1}, False),
        ({"tokens": "t"}, False),
    ],
)
def test_usual_requests_are_accepted_without_the_schema(more: dict[str, Any], plain: bool) -> None:
    assert is_plainly_valid({"token": "t"} | more) is plain


@pytest.mark.slow
@given(VALID | ANY | SCALARS)
@example({"token": "t", "limit": 10.0})
@example({"token": "t", "sdate": "2022-02-30", "edate": "2022-02-30"})
@example({"token": "t", "sdate": "2022-05-26", "edate": ""})
@example({"token": "t", "ndate": "2022-05-26\n"})
@example({"token": "t", "limit": math.inf})
def test_quick_acceptance_is_never_wrong(parameters: Any) -> None:
    """What is accepted without the schema is what the schema and the pair's rules accept."""
    found = list(parameter_violations(parameters))
    if is_plainly_valid(parameters):
        assert found == []
    elif not found:
        # The one thing that is valid and not plainly so: a whole number written with a point.
        assert any(isinstance(value, float) for value in parameters.values())


@pytest.mark.slow
@given(VALID | ANY)
@example({"token": "t", "status": 99.0})
@example({"token": "t", "page": 10**400})
def test_field_by_field_is_the_whole_schema(parameters: dict[str, Any]) -> None:
    pair = ("without", "after")
    told = [
        found for found in parameter_violations(parameters) if not any(word in found.message for word in pair)
    ]
    whole = schemas.validator("chat_room_lists.request", strict=True)
    assert whole.is_valid(parameters) is (not told), told


@given(
    st.lists(
        st.tuples(st.sampled_from(["senderKey", "id", "ID"]), st.sampled_from(["", "k", "-5", "１", "7"])),
        max_size=3,
    )
)
def test_queries_are_the_whole_schema(query: list[tuple[str, str]]) -> None:
    names = [name for name, _ in query]
    read = {name: int(value) if name == "id" and value in {"-5", "7"} else value for name, value in query}
    whole = schemas.validator("system_messages.request", strict=True)
    is_valid = len(set(names)) == len(names) and whole.is_valid({"headers": HT, "query": read})
    assert (not messages(*query)) is is_valid


# --- answers -----------------------------------------------------------------------------------------------


def test_what_is_shown_of_a_name_is_sixty_characters() -> None:
    for length, shown in ((60, "x" * 60), (61, "x" * 59 + "…")):
        assert list(rooms({"token": "t", "x" * length: 1})) == [shown]


def test_response_errors_stay_short() -> None:
    payload = {
        "result": "success",
        "data": {"page": "x" * 10_000, "limit": 1, "total_count": 0, "chat_list": "y" * 999},
    }
    errors = validation.response_errors("rooms", payload)
    assert {error.partition(":")[0] for error in errors} == {"$.data.page", "$.data.chat_list"}
    assert all(len(error) < 400 for error in errors)
