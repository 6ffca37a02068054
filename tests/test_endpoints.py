"""Both endpoints over HTTP: what the pages state, what the profile decides, and every way to get it wrong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from happytalk_mock.core.clock import Clock
from happytalk_mock.data.scenario import load
from happytalk_mock.spec import violations as validation
from happytalk_mock.spec.behaviour import QUESTIONS, Behaviour
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from happytalk_mock.state.credentials import DEFAULT_CREDENTIALS
from happytalk_mock.state.mock import Mock
from happytalk_mock.state.tenants import Setup
from happytalk_mock.web.app import create_app

NOW = "2026-11-20T15:30:00+09:00"
OWN = DEFAULT_CREDENTIALS
HEADERS = {"HT-Client-Id": OWN.client_id, "HT-Client-Secret": OWN.client_secret}


def client_of(now: str = NOW, **setup: Any) -> FlaskClient:
    """A client of a mock with a frozen clock."""
    return create_app(Mock(Setup(**setup), Clock.parse(now))).test_client()


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    return client_of()


def behaving(**answers: Any) -> FlaskClient:
    return client_of(behaviour=Behaviour().but(answers))


def ask(client: FlaskClient, **body: Any) -> Any:
    response = client.post(ROOMS_PATH, json={"token": OWN.token, **body})
    assert response.content_type == "application/json; charset=utf-8"
    return response.json


def rooms_of(client: FlaskClient, **body: Any) -> list[dict[str, Any]]:
    return list(pages(client, **body))


def pages(client: FlaskClient, **body: Any) -> Iterator[dict[str, Any]]:
    """Every room that a question matches, page by page."""
    page = 1
    while found := ask(client, **{"limit": 50, **body, "page": page})["data"]["chat_list"]:
        yield from found
        page += 1


MONTH = {"sdate": "2026-10-01", "edate": "2026-11-20"}


def test_the_default_is_today_newest_first_ten_a_page(client: FlaskClient) -> None:
    data = ask(client)["data"]
    assert (data["page"], data["limit"]) == (1, 10)
    dates = [room["reg_date"] for room in data["chat_list"]]
    assert dates == sorted(dates, reverse=True)
    assert {date[:10] for date in dates} == {"2026-11-20"}
    assert data["total_count"] == len(rooms_of(client))


def test_the_whole_period_holds_the_rooms_that_were_asked_for(client: FlaskClient) -> None:
    found = rooms_of(client, **MONTH)
    assert len(found) == len({room["id"] for room in found}) == 500
    assert {room["status"] for room in found} == {"-2", "-1", "0", "1", "2", "3", "4"}
    assert max(room["reg_date"] for room in found) <= "2026-11-20 15:30:00"
    assert max(room["complate_date"] for room in found) <= "2026-11-20 15:30:00"


@pytest.mark.slow
@pytest.mark.parametrize("key", ["reg_date", "complate_date"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("status", [99, -2, -1, 0, 1, 2, 3])
def test_filter_sort_and_pages(client: FlaskClient, key: str, direction: str, status: int) -> None:
    everything = rooms_of(client, **MONTH)
    expected = [room for room in everything if status in (99, int(room["status"]))]
    question = {**MONTH, "status": status, "sort_key": key, "sort_value": direction}
    for limit in (7, 50):
        found = rooms_of(client, **question, limit=limit)
        assert sorted(room["id"] for room in found) == sorted(room["id"] for room in expected)
        dates = [room[key] for room in found]
        assert dates == sorted(dates, reverse=direction == "desc")
        assert ask(client, **question)["data"]["total_count"] == len(expected)


def test_a_range_is_the_union_of_its_days_and_ndate_is_a_range_of_one_day(client: FlaskClient) -> None:
    days = [f"2026-11-{day:02d}" for day in range(9, 16)]
    union = [room["id"] for day in days for room in rooms_of(client, ndate=day, sort_value="asc")]
    whole = rooms_of(client, sdate=days[0], edate=days[-1], ndate="2026-11-01", sort_value="asc")
    assert [room["id"] for room in whole] == union
    assert rooms_of(client, ndate=days[0]) == rooms_of(client, sdate=days[0], edate=days[0])


def test_asking_changes_nothing(client: FlaskClient) -> None:
    first = client.post(ROOMS_PATH, json={"token": OWN.token, **MONTH}).data
    assert client.post(ROOMS_PATH, json={"token": OWN.token, **MONTH}).data == first


def test_the_pages_sample_works_word_for_word(client: FlaskClient) -> None:
    sample = f'''{{
            "token" : "{OWN.token}",
            "ndate" : "조회 일자",
            "status" : "상담방 상태"
        }}'''
    assert post(client, sample.encode()).json == ask(client)


# --- failures of the chat room list ---


def post(client: FlaskClient, body: bytes, content_type: str | None = "application/json") -> TestResponse:
    return client.post(ROOMS_PATH, data=body, content_type=content_type)


@pytest.mark.parametrize(
    "body", [{}, {"token": None}, {"token": ""}, {"token": "wrong"}, {"token": 5}, {"token": []}]
)
def test_token_failure(client: FlaskClient, body: dict[str, Any]) -> None:
    response = client.post(ROOMS_PATH, json=body)
    assert response.json == {"result": "fail", "code": -501, "message": "token"}
    assert response.status_code == 200
    assert "token" in response.headers["X-HappyTalk-Mock-Hint"]


def test_production_asks_for_permission() -> None:
    client = behaving(ht_headers="needed")
    body = {"token": OWN.token}
    for headers in ({}, {**HEADERS, "HT-Client-Secret": "wrong"}, {"HT-Client-Id": OWN.client_id}):
        answer = client.post(ROOMS_PATH, json=body, headers=headers).json
        assert answer == {"result": "fail", "code": -502, "message": "unAuthorized"}
    assert client.post(ROOMS_PATH, json=body, headers=HEADERS).json["result"] == "success"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "body: received nothing; expected a JSON object with a token"),
        (b"   ", "body: received nothing"),
        (b"not json", "body: received 8 bytes that are not JSON"),
        (b'{"token": "x"', "that are not JSON"),
        (b'["token"]', "body: received an array; expected a JSON object"),
        (b'"token"', "body: received text"),
        (b"17", "body: received a number"),
        (b"null", "body: received null"),
        (b"true", "body: received true or false"),
        (b'{"token": "\xff\xfe"}', "that are not JSON"),
        (b'{"token": NaN}', "that are not JSON"),
        (b"\x00\x01", "that are not JSON"),
        (b"[" * 100_000, "that are not JSON"),
        (b'{"token":' * 5000 + b"1" + b"}" * 5000, "that are not JSON"),
        (b'{"token": "' + b"x" * 10_000_000 + b'"}', "body: received more than 1000000 bytes"),
        (b'{"token": "\\ud800"}', "that are not JSON"),
    ],
    ids=range(16),
)
def test_what_is_no_json_object(client: FlaskClient, body: bytes, says: str) -> None:
    answer = post(client, body).json
    assert answer["result"] == "fail"
    assert answer["code"] == -506
    assert says in answer["message"]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (
            {"ndate": "2022-02-30"},
            'ndate: received "2022-02-30"; expected a day as Y-m-d, such as 2022-05-26',
        ),
        ({"sdate": 20220101, "edate": "2022-01-02"}, "sdate: received 20220101; expected a day"),
        ({"ndate": "\x00" * 100}, "ndate: received"),
        ({"ndate": {"a": ["b" * 1000]}}, "ndate: received"),
    ],
)
def test_parameter_failure_names_the_field(client: FlaskClient, fields: dict[str, Any], says: str) -> None:
    answer = ask(client, **fields)
    assert answer["code"] == -505
    assert answer["message"].startswith(says)
    assert len(answer["message"]) < 200


@pytest.mark.parametrize(
    "number", ["9" * 40, "-" + "9" * 40, "1e400", "1e308", "123456789012345678901234567890.5"]
)
def test_numbers_beyond_64_bits_are_answered(client: FlaskClient, number: str) -> None:
    for field in ("limit", "page", "status", "ndate"):
        body = f'{{"token": "{OWN.token}", "{field}": {number}}}'.encode()
        answer = post(client, body).json
        assert answer["result"] in ("success", "fail")


def test_a_number_beyond_64_bits_is_a_number(client: FlaskClient) -> None:
    body = f'{{"token": "{OWN.token}", "limit": {"9" * 30}, "page": -{"9" * 30}, "status": {"9" * 25}}}'
    data = post(client, body.encode()).json["data"]
    assert (data["limit"], data["page"], data["total_count"]) == (50, 1, 0)
    for wrong in (
        f'{{"a": NaN, "b": {"9" * 30}}}',
        f'{{"a": "\\ud800", "b": {"9" * 30}}}',
        "[" * 9000 + "9" * 30,
    ):
        assert post(client, wrong.encode()).json["code"] == -506


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_wrong_method(client: FlaskClient, method: str) -> None:
    answer = client.open(ROOMS_PATH, method=method).json
    assert answer == {"result": "fail", "code": -507, "message": f"method: received {method}; expected POST"}
    if method != "GET":
        answer = client.open(MESSAGES_PATH, method=method, headers=HEADERS).json
        assert answer["code"] == "405"


@pytest.mark.parametrize(
    "path", ["/", "/user/api/chat_room_lists", "/kakaoWebhook/v3/bzmc", "/..%2f", "/%00", "/한글"]
)
def test_wrong_path(client: FlaskClient, path: str) -> None:
    for method in ("GET", "POST"):
        response = client.open(path, method=method)
        assert response.status_code in (404, 405)
        assert response.content_type == "application/problem+json"
        assert ROOMS_PATH in str(response.json["endpoints"])


def test_a_head_request_gets_the_head_of_the_answer_and_no_body(client: FlaskClient) -> None:
    head, whole = client.head(ROOMS_PATH), client.get(ROOMS_PATH)
    assert (head.status_code, head.content_length) == (
        whole.status_code,
        len(whole.data) + len("HEAD") - len("GET"),
    )
    assert head.data == b""


def test_a_bug_of_the_mock_is_told_as_one(caplog: pytest.LogCaptureFixture) -> None:
    client = client_of(rooms=0)
    client.application.add_url_rule("/broken", view_func=lambda: str(1 // 0))
    answer = client.get("/broken")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert "ZeroDivisionError" in caplog.text


def test_every_answer_says_that_it_comes_from_a_mock(client: FlaskClient) -> None:
    for response in (
        client.post(ROOMS_PATH, json={}),
        client.get(MESSAGES_PATH),
        client.get("/nowhere"),
        client.get("/openapi.json"),
        client.get("/__admin/health"),
    ):
        assert response.headers["X-HappyTalk-Mock"]


def test_a_form_is_refused_or_taken() -> None:
    form = f"token={OWN.token}&status=2&limit=3".encode()
    refused = post(client_of(), form, "application/x-www-form-urlencoded").json
    assert refused["code"] == -506
    assert "application/json" in refused["message"]
    taken = post(behaving(form_body="taken"), form, "application/x-www-form-urlencoded").json
    assert taken["data"]["limit"] == 3


@pytest.mark.parametrize("status", ["200", "400", "401", "403"])
def test_http_status_of_failures(status: str) -> None:
    assert behaving(failure_http_status=status).post(ROOMS_PATH, json={}).status_code == int(status)


def test_terse_failures_name_only_what_is_wrong() -> None:
    client = behaving(failure_message="terse")
    assert ask(client, ndate="x") == {"result": "fail", "code": -505, "message": "ndate"}
    assert post(client, b"x").json == {"result": "fail", "code": -506, "message": "body"}


def test_sizes_as_text() -> None:
    data = ask(behaving(size_type="text"), **MONTH)["data"]
    assert (data["page"], data["limit"], data["total_count"]) == ("1", "10", "500")


def test_hidden_bot_rooms_are_in_no_list() -> None:
    client = behaving(bot_statuses="hidden")
    assert not {room["status"] for room in pages(client, **MONTH)} & {"-1", "-2"}
    assert ask(client, **MONTH, status=-1)["data"]["total_count"] == 0


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_zero_dates_last(direction: str) -> None:
    client = behaving(zero_date_order="last")
    dates = [
        room["complate_date"]
        for room in pages(client, **MONTH, sort_key="complate_date", sort_value=direction)
    ]
    real = [date for date in dates if date[:4] != "0000"]
    assert 0 < len(real) < len(dates)
    assert dates == sorted(real, reverse=direction == "desc") + ["0000-00-00 00:00:00"] * (
        len(dates) - len(real)
    )


def test_page_past_the_end() -> None:
    past = {**MONTH, "page": 11, "limit": 50}
    data = ask(client_of(), **past)["data"]
    assert (data["page"], data["total_count"], data["chat_list"]) == (11, 500, [])
    refused = ask(behaving(page_past_end="failure"), **past)
    assert refused["message"] == "page: received 11; expected a page from 1 to 10"
    assert ask(behaving(page_past_end="failure"), ndate="1999-01-01")["data"]["chat_list"] == []


@pytest.mark.parametrize(
    ("question", "status", "zero", "real"),
    [
        ("deleted_end_date=mixed", "3", True, True),
        ("deleted_end_date=zero", "3", True, False),
        ("deleted_end_date=real", "3", False, True),
        ("bot_ended_end_date=real", "4", False, True),
        ("bot_ended_end_date=zero", "4", True, False),
        ("bot_ended_end_date=mixed", "4", True, True),
    ],
)
def test_end_dates_of_deleted_and_bot_ended_rooms(question: str, status: str, zero: bool, real: bool) -> None:
    name, answer = question.split("=")
    found = [
        room["complate_date"]
        for room in pages(behaving(**{name: answer}), **MONTH)
        if room["status"] == status
    ]
    assert any(date.startswith("0000") for date in found) is zero
    assert any(not date.startswith("0000") for date in found) is real


def test_parcel_code_w() -> None:
    assert "W" in {room["parcel_companycode"] for room in pages(client_of(), **MONTH)}
    assert "W" not in {room["parcel_companycode"] for room in pages(behaving(parcel_w="not_seen"), **MONTH)}


# --- system messages ---


def messages(client: FlaskClient, headers: dict[str, str] | None = None, **query: Any) -> Any:
    response = client.get(MESSAGES_PATH, query_string=query, headers=HEADERS if headers is None else headers)
    assert response.content_type == "application/json; charset=utf-8"
    return response.json


KEY = OWN.sender_keys[0]


def test_a_senders_messages_are_those_of_status_a(client: FlaskClient) -> None:
    answer = messages(client, senderKey=KEY)
    assert answer["code"] == "200"
    assert "message" not in answer
    assert {message["status"] for message in answer["data"]} == {"A"}
    assert answer["data"] == sorted(answer["data"], key=lambda message: message["id"])


def every_message(client: FlaskClient, key: str) -> list[dict[str, Any]]:
    """A sender's messages, whatever their status."""
    mock = client.application.extensions["happytalk_mock"].mock
    tenant = next(iter(mock.tenants))
    return tenant.messages.find(key, mock.clock.second())  # type: ignore[no-any-return]


def test_by_id_the_message_whatever_its_status_but_only_the_senders(client: FlaskClient) -> None:
    other = OWN.sender_keys[1]
    found = every_message(client, KEY)
    assert {message["status"] for message in found} == {"A", "T", "S"}
    for message in found:
        assert [one["id"] for one in messages(client, senderKey=KEY, id=message["id"])["data"]] == [
            message["id"]
        ]
        assert messages(client, senderKey=other, id=message["id"])["code"] == "508"


@pytest.mark.parametrize(
    ("query", "headers", "code"),
    [
        ({"senderKey": KEY}, {}, "403"),
        ({"senderKey": KEY}, {"HT-Client-Id": OWN.client_id}, "403"),
        ({"senderKey": KEY}, {**HEADERS, "HT-Client-Secret": "wrong"}, "403"),
        ({"senderKey": KEY}, {**HEADERS, "HT-Client-Id": "wrong"}, "403"),
        ({}, HEADERS, "405"),
        ({"senderKey": ""}, HEADERS, "405"),
        ({"senderKey": KEY, "id": "abc"}, HEADERS, "405"),
        ({"senderKey": "unknown"}, HEADERS, "507"),
        ({"senderKey": KEY, "id": "999999999"}, HEADERS, "508"),
        ({"senderKey": KEY, "id": "9" * 60}, HEADERS, "508"),
        ({"senderKey": KEY, "id": "9" * 5000}, HEADERS, "405"),
    ],
)
def test_message_failures(
    client: FlaskClient, query: dict[str, str], headers: dict[str, str], code: str
) -> None:
    answer = messages(client, headers, **query)
    assert answer["code"] == code
    assert any("가" <= char <= "힣" for char in answer["message"])
    assert set(answer) == {"code", "message"}


@pytest.mark.parametrize(
    ("answers", "query", "expected"),
    [
        ({"message_unknown_id": "empty"}, {"senderKey": KEY, "id": "999999999"}, {"code": "200", "data": []}),
        ({"unknown_sender_key": "empty"}, {"senderKey": "unknown"}, {"code": "200", "data": []}),
        ({"message_on_success": "null"}, {"senderKey": KEY, "id": "1"}, None),
    ],
)
def test_message_answers(answers: dict[str, str], query: dict[str, str], expected: Any) -> None:
    answer = messages(behaving(**answers), **query)
    if expected is not None:
        assert answer == expected


def test_a_sender_without_messages() -> None:
    empty = replace(OWN, sender_keys=("empty",))
    for chosen, code in (("empty", "200"), ("508", "508")):
        client = client_of(credentials=(empty,), behaviour=Behaviour().but({"no_messages": chosen}))
        next(iter(client.application.extensions["happytalk_mock"].mock.tenants)).messages.clear()
        assert messages(client, senderKey="empty")["code"] == code


def test_message_on_success() -> None:
    assert messages(behaving(message_on_success="null"), senderKey=KEY)["message"] is None
    assert messages(behaving(message_on_success="empty"), senderKey=KEY)["message"] == ""


def test_dates_that_have_not_come() -> None:
    def dates(client: FlaskClient) -> set[Any]:
        found = [
            messages(client, senderKey=KEY, id=one["id"])["data"][0] for one in every_message(client, KEY)
        ]
        return {message["inspectedAt"] for message in found if not message["inspectedAt"]}

    assert dates(client_of()) == {None}
    assert dates(behaving(uninspected_dates="empty")) == {""}


def test_links_that_a_type_does_not_use() -> None:
    def links(client: FlaskClient) -> list[dict[str, Any]]:
        data = messages(client, senderKey=KEY)["data"]
        return [button for one in data for part in one["messages"] for button in part["buttons"]]

    assert any(button["linkIos"] is None for button in links(client_of()))
    assert any(button["linkIos"] == "" for button in links(behaving(unused_links="empty")))
    assert any("linkIos" not in button for button in links(behaving(unused_links="absent")))


def test_messages_newest_first() -> None:
    data = messages(behaving(message_order="newest_first"), senderKey=KEY)["data"]
    dates = [message["modifiedAt"] for message in data]
    assert dates == sorted(dates, reverse=True)


def test_http_status_of_message_failures() -> None:
    client = client_of(
        behaviour=Behaviour().but(
            {
                "message_failure_http_status.headers": 403,
                "message_failure_http_status.sender_key_missing": 400,
                "message_failure_http_status.sender_key_unknown": 404,
            }
        )
    )
    assert client.get(MESSAGES_PATH).status_code == 403
    assert client.get(MESSAGES_PATH, headers=HEADERS).status_code == 400
    assert client.get(MESSAGES_PATH, headers=HEADERS, query_string={"senderKey": "x"}).status_code == 404


# --- failures by cause, other methods and paths, what comes first ---


def test_a_failure_has_the_code_status_and_message_of_its_cause() -> None:
    answers = {
        "failure_http_status.body": 415,
        "failure_code.body": -400,
        "failure_message.parameter": "terse",
    }
    client = client_of(behaviour=Behaviour().but(answers))
    body = post(client, b"x")
    assert (body.status_code, body.json["code"]) == (415, -400)
    assert ask(client, ndate="x")["message"] == "ndate"
    assert post(client, b'{"token": 1}').status_code == 200


@pytest.mark.parametrize(
    ("answers", "path", "method", "status", "code"),
    [
        ({}, ROOMS_PATH, "GET", 200, -507),
        ({"other_method": "405"}, ROOMS_PATH, "GET", 405, None),
        ({"other_method": "404"}, ROOMS_PATH, "GET", 404, None),
        ({}, "/elsewhere", "POST", 404, None),
        ({"other_path": "405"}, "/elsewhere", "POST", 405, None),
        ({"other_path": "failure"}, "/elsewhere", "POST", 200, -508),
        ({}, ROOMS_PATH + "/", "POST", 404, None),
        ({"trailing_slash": "taken"}, ROOMS_PATH + "/", "POST", 200, 0),
        ({"trailing_slash": "taken"}, ROOMS_PATH + "//", "POST", 404, None),
        ({"other_path": "failure"}, ROOMS_PATH + "/", "POST", 200, -508),
        ({"other_path": "failure"}, "/__admin/nowhere", "GET", 404, None),
    ],
)
def test_other_methods_and_paths(
    answers: dict[str, str], path: str, method: str, status: int, code: int | None
) -> None:
    client = client_of(behaviour=Behaviour().but(answers))
    response = client.open(path, method=method, json={"token": OWN.token} if method == "POST" else None)
    assert response.status_code == status
    found = response.json.get("code", 0 if response.json.get("result") == "success" else None)
    assert found == code


def test_which_is_told_first_where_token_and_headers_are_wrong() -> None:
    for first, code in (("token", -501), ("headers", -502)):
        client = client_of(behaviour=Behaviour().but({"ht_headers": "needed", "first_check": first}))
        assert client.post(ROOMS_PATH, json={"token": "x"}).json["code"] == code
        assert client.post(ROOMS_PATH, json={"token": "x"}, headers=HEADERS).json["code"] == -501
        assert client.post(ROOMS_PATH, json={"token": OWN.token}).json["code"] == -502


def test_fields_of_a_sister_page() -> None:
    room = ask(behaving(additive_fields="some"), **MONTH)["data"]["chat_list"][0]
    assert list(room)[-4:] == ["tags", "user_parameter", "vote_score", "vote_comment"]


@pytest.mark.slow
@pytest.mark.parametrize(("page", "told"), [(0, 0), ("x", "x"), (1.5, 1.5), ([1], [1]), (3, 3), (None, 1)])
def test_a_page_may_be_told_as_it_was_asked(page: object, told: object) -> None:
    assert ask(behaving(page_echo="asked"), page=page)["data"]["page"] == told


# --- every answer validates ---

_EVERY_ANSWER = [(question.id, answer) for question in QUESTIONS for answer in question.answers] + [
    (question.id, str(number))
    for question in QUESTIONS
    if question.number
    for number in (question.number.least, 7, question.number.most)
    if question.accepts(str(number))
]
_BODIES: list[dict[str, Any]] = [
    {},
    {**MONTH, "limit": 15},
    {**MONTH, "limit": 60, "page": 99, "status": "2", "sort_key": "complate_date"},
    {**MONTH, "status": 4},
    {"sdate": "2026-11-02", "edate": "2026-11-01"},
    {"sdate": "2026-11-19"},
    {"ndate": ""},
    {"ndate": "never"},
    {"limit": 0, "page": 0, "sort_key": "id", "colour": "red"},
    {"page": 99},
]


def _answers_of(client: FlaskClient) -> Iterator[tuple[Any, dict[str, Any], Any]]:
    """The answers to questions of every kind, each with what was asked."""
    for body in _BODIES:
        yield "rooms", body, ask(client, **body)
    yield "rooms", {}, client.post(ROOMS_PATH, data=b"x").json
    for query in (
        {},
        {"senderKey": KEY},
        {"senderKey": "x"},
        {"senderKey": KEY, "id": "x"},
        {"senderKey": KEY, "id": "1"},
    ):
        yield "messages", query, messages(client, **query)
    yield "messages", {}, messages(client, {}, senderKey=KEY)


@pytest.mark.slow
def test_every_answer_in_every_behaviour_validates() -> None:
    validated: set[str] = set()  # most answers are those of another behaviour, too
    offences = []
    mock = Mock(Setup(), Clock.parse(NOW))
    client = create_app(mock).test_client()
    for question, answer in _EVERY_ANSWER:
        mock.behave(Behaviour().but({question: answer}))
        for endpoint, asked, told in _answers_of(client):
            if question == "page_echo" and asked.get("page") == 0:
                continue  # what is no page is told as it was asked
            strict = question != "additive_fields" or endpoint == "messages"
            text = json.dumps([endpoint, strict, told])
            if text not in validated:
                validated.add(text)
                errors = validation.response_errors(endpoint, told, strict=strict)
                offences += [(question, answer, asked, error) for error in errors]
    assert offences == []


def test_secrets_are_in_no_answer(client: FlaskClient) -> None:
    secret = "a-secret-nobody-may-see"
    for response in (
        client.post(ROOMS_PATH, json={"token": secret}),
        client.post(ROOMS_PATH, data=f'{{"token": "{secret}'.encode()),
        client.get(MESSAGES_PATH, query_string={"senderKey": secret}, headers=HEADERS),
        client.get(MESSAGES_PATH, headers={"HT-Client-Id": secret, "HT-Client-Secret": secret}),
    ):
        assert secret not in response.text + json.dumps(dict(response.headers))


# --- any token ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["token", "client"])
def test_any_token_has_one_tenant_by_token_and_by_client_id(first: str) -> None:
    client = client_of(any_token=True)
    own = {"HT-Client-Id": "shop-client-id", "HT-Client-Secret": "whatever"}
    if first == "token":
        assert client.post(ROOMS_PATH, json={"token": "shop"}).json["result"] == "success"
    found = messages(client, own, senderKey="any key")["data"]
    assert found
    assert messages(client, {**own, "HT-Client-Secret": "another"}, senderKey="any key")["data"] == found
    tenants = client.get("/__admin/tenants").json["tenants"]
    assert len(tenants) == 2  # the documented default, and this one
    made = client.post("/__admin/messages?token=shop&sender_key=any%20key", json={"name": "새 메시지"}).json
    assert made["messages"][0] in messages(client, own, senderKey="any key")["data"]
    assert messages(client, {**own, "HT-Client-Id": ""}, senderKey="any key")["code"] == "403"


@pytest.mark.slow
def test_any_token_takes_any_headers_but_not_none() -> None:
    client = client_of(any_token=True, behaviour=Behaviour().but({"ht_headers": "needed"}))
    headers = {"HT-Client-Id": "mine", "HT-Client-Secret": "mine too"}
    assert client.post(ROOMS_PATH, json={"token": "shop"}, headers=headers).json["result"] == "success"
    assert client.post(ROOMS_PATH, json={"token": "shop"}).json["code"] == -502
    assert client.post(ROOMS_PATH, json={"token": OWN.token}, headers=headers).json["code"] == -502


def test_any_token_serves_the_messages_of_a_scenario() -> None:
    client = client_of("2022-05-26T13:00:00", any_token=True, scenario=load("documented"))
    headers = {"HT-Client-Id": "someone", "HT-Client-Secret": "s"}
    for key in ("someone-sender-key", "another"):
        assert [one["id"] for one in messages(client, headers, senderKey=key)["data"]] == [175]


@pytest.mark.parametrize("page", [2**63 - 1, 2**63, 2**64 - 1, 2**64, 2**64 + 1, 10**30 + 1])
def test_a_page_of_any_size_is_echoed_to_the_last_digit(page: int) -> None:
    answer = behaving(page_echo="asked").post(
        ROOMS_PATH, data=f'{{"token": "{OWN.token}", "page": {page}}}', content_type="application/json"
    )
    assert f'"page":{page},'.encode() in answer.data


def test_a_compressed_body_is_told_by_its_content_encoding(client: FlaskClient) -> None:
    body = gzip.compress(json.dumps({"token": OWN.token}).encode())
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    answer = client.post(ROOMS_PATH, data=body, headers=headers)
    assert "Content-Encoding 'gzip'" in answer.json["message"]


@pytest.mark.parametrize("placeholder", [{}, {"ndate": "조회 일자"}, {"status": "상담방 상태"}])
def test_an_unknown_null_is_unknown_beside_a_placeholder(placeholder: dict[str, str]) -> None:
    strict = behaving(unknown_parameters="failure")
    assert ask(strict, **placeholder)["result"] == "success"
    assert ask(strict, **placeholder, colour=None)["result"] == "fail"


def test_a_message_failure_has_the_status_that_the_behaviour_promises() -> None:
    client = behaving(**{"message_failure_http_status.method": "405"})
    assert client.post(MESSAGES_PATH, headers=HEADERS).status_code == 405
