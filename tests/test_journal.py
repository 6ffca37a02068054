"""The journal keeps the last requests, tells what was wrong with them, and tells nothing secret."""

from __future__ import annotations

import threading
from typing import Any

import orjson
import pytest

from happytalk_mock.core.exchange import JSON_TYPE, Answer, Received
from happytalk_mock.core.wording import mask
from happytalk_mock.journal.entries import Entry, Reader
from happytalk_mock.journal.journal import MAX_BODY, Journal
from happytalk_mock.journal.matching import Filter, differences, near_misses
from happytalk_mock.spec.parameters import receive
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH

TOKEN = "token-of-a-customer"
SECRETS = {"ht-client-id": "client-id-of-a-customer", "ht-client-secret": "secret-of-a-customer"}
SENDER_KEY = "sender-key-of-a-customer"
JSON = {"content-type": "application/json"}
FINE = Answer(200, (("Content-Type", JSON_TYPE),), b'{"code":"200","data":[]}')


def rooms(body: Any = None, **more: Any) -> Received:
    raw = body if isinstance(body, bytes) else orjson.dumps({"token": TOKEN} if body is None else body)
    return receive(
        more.get("method", "POST"), ROOMS_PATH, more.get("query", ""), more.get("headers", JSON), raw
    )


def messages(query: str = f"senderKey={SENDER_KEY}", **more: Any) -> Received:
    return receive("GET", MESSAGES_PATH, query, more.get("headers", SECRETS), b"")


READER = Reader(lambda received: received.token, lambda _token: False)


def entry(received: Received, answer: Answer = FINE) -> Entry:
    journal = Journal(1)
    journal.record(0.0, received, answer, 0.001)
    (recorded,) = journal
    return READER.entry(recorded)


def fields(received: Received) -> set[str]:
    return {violation.field for violation in entry(received).violations}


# --- keeping -----------------------------------------------------------------------------------------------


def test_keeps_the_last_and_counts_on() -> None:
    journal = Journal(3)
    for number in range(5):
        journal.record(float(number), rooms(), FINE, 0.0)
    assert [one.number for one in journal] == [3, 4, 5]
    assert journal.last_number == 5
    assert journal.get(2) is None
    kept = journal.get(4)
    assert kept is not None
    assert kept.epoch == 3.0


def test_size_0_keeps_nothing() -> None:
    journal = Journal(0)
    journal.record(0.0, rooms(), FINE, 0.0)
    assert list(journal) == []
    assert journal.last_number == 0


def test_clearing_some_keeps_the_others_and_the_numbers() -> None:
    journal = Journal(10)
    for _ in range(4):
        journal.record(0.0, rooms(), FINE, 0.0)
    assert journal.clear(frozenset({2, 3, 99})) == 2
    assert [one.number for one in journal] == [1, 4]
    assert journal.clear() == 2
    journal.record(0.0, rooms(), FINE, 0.0)
    assert [one.number for one in journal] == [5]


def test_heavy_bodies_are_bounded() -> None:
    journal = Journal(1000, max_bytes=100_000)
    heavy = FINE._replace(body=b"x" * 10_000)
    for _ in range(500):
        journal.record(0.0, rooms(), heavy, 0.0)
    assert 1 <= len(journal) <= 13  # a quarter over the bound at most
    assert list(journal)[-1].number == 500


def test_what_weighs_as_much_as_is_kept_is_kept() -> None:
    sent = rooms()
    heavy = FINE._replace(body=b"x" * (10_000 - len(sent.body) - sum(map(len, sent.headers.values()))))
    journal = Journal(10, max_bytes=40_000)
    for _ in range(4):
        journal.record(0.0, sent, heavy, 0.0)
    assert len(journal) == 4


def test_a_long_request_is_kept_in_part_and_not_judged() -> None:
    raw = orjson.dumps({"token": TOKEN, "x": "y" * MAX_BODY})
    sent = rooms(raw, headers={**JSON, "content-length": str(len(raw))})
    journal = Journal(1)
    journal.record(0.0, sent, FINE, 0.0)
    (recorded,) = journal
    assert len(recorded.received.body) == MAX_BODY
    (violation,) = READER.entry(recorded).violations
    assert violation.field == "body"
    assert str(len(raw)) in violation.received


def test_threads_number_every_request_once() -> None:
    journal = Journal(10_000)

    def record() -> None:
        for _ in range(500):
            journal.record(0.0, rooms(), FINE, 0.0)

    threads = [threading.Thread(target=record) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.number for one in journal] == list(range(1, 4001))


# --- entries -----------------------------------------------------------------------------------------------


def test_an_entry_tells_the_request_and_the_answer() -> None:
    body = orjson.dumps(
        {
            "result": "success",
            "data": {
                "page": 1,
                "limit": 10,
                "total_count": 7,
                "chat_list": [{"id": "r1", "status": "2", "last_message": "비밀 이야기"}],
            },
        }
    )
    found = entry(rooms({"token": TOKEN, "status": 2}), Answer(200, (("Content-Type", JSON_TYPE),), body))
    assert found.endpoint == "rooms"
    assert found.moment == "1970-01-01T09:00:00.000+09:00"
    assert found.parameters == {"token": "toke…(19)", "status": 2}
    assert found.violations == ()
    assert found.result == "success"
    assert found.milliseconds == 1.0
    assert found.answer == {
        "page": 1,
        "limit": 10,
        "total_count": 7,
        "rooms": 1,
        "ids": ["r1"],
        "statuses": ["2"],
        "bytes": len(body),
        "content_type": JSON_TYPE,
    }
    assert "비밀" not in str(found.payload())


@pytest.mark.parametrize(
    ("received", "wrong"),
    [
        (rooms(), set()),
        (rooms({"token": TOKEN, "limt": 10}), {"limt"}),
        (rooms({"token": TOKEN, "status": "2", "limit": 51}), {"status", "limit"}),
        (rooms(b"no json"), {"body"}),
        (rooms(method="GET"), {"method"}),
        (rooms(query="page=2"), {"page"}),
        (rooms(headers={}), {"Content-Type"}),
        (messages(), set()),
        (messages(""), {"senderKey"}),
        (messages(headers={}), {"HT-Client-Id", "HT-Client-Secret"}),
        (receive("GET", "/user/api/chat_room_list", "", {}, b""), {"path"}),
    ],
)
def test_violations(received: Received, wrong: set[str]) -> None:
    assert fields(received) == wrong


def test_production_asks_for_the_headers() -> None:
    journal = Journal(1)
    journal.record(0.0, rooms(), FINE, 0.0)
    (recorded,) = journal
    found = Reader(lambda received: received.token, lambda token: token == TOKEN).entry(recorded)
    assert {violation.field for violation in found.violations} == {"HT-Client-Id", "HT-Client-Secret"}


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b'{"result":"fail","code":-501,"message":"token"}', "failure"),
        (b'{"code":"508","message":"-"}', "failure"),
        (b'{"code":"200","data":[]}', "success"),
        (b"", "broken"),
        (b"<html>", "broken"),
        (b"[]", "broken"),
        (b"{}", "broken"),
        (b'{"result":"success"}', "broken"),
    ],
)
def test_results(body: bytes, result: str) -> None:
    assert entry(rooms(), FINE._replace(body=body)).result == result


@pytest.mark.parametrize(
    "received",
    [
        rooms({"token": TOKEN, "tokne": TOKEN, "ndate": TOKEN[:0]}, headers={**JSON, **SECRETS}),
        rooms({"token": [TOKEN], "status": {"a": TOKEN}}, headers={**JSON, "authorization": TOKEN}),
        rooms(b'{"token":"' + TOKEN.encode(), headers={**JSON, "cookie": TOKEN}),
        rooms({"token": TOKEN}, query=f"token={TOKEN}"),
        messages(f"senderKey={SENDER_KEY}&senderkey={SENDER_KEY}&id={SENDER_KEY[:0]}"),
        messages(f"sender_key={SENDER_KEY}", headers={**SECRETS, "x-api-key": SENDER_KEY}),
    ],
)
def test_no_secret_is_told(received: Received) -> None:
    told = orjson.dumps(entry(received).payload(), default=str).decode()
    for secret in (TOKEN, SENDER_KEY, *SECRETS.values()):
        assert secret not in told


# --- filters and near misses -------------------------------------------------------------------------------


@pytest.fixture
def journal() -> Journal:
    made = Journal(100)
    made.record(0.0, rooms({"token": TOKEN, "status": 2, "page": 1}), FINE, 0.0)
    made.record(0.0, rooms({"token": TOKEN, "status": "2"}), FINE, 0.0)
    refused = Answer(401, (), b'{"result":"fail","code":-501,"message":"token"}')
    made.record(0.0, rooms({"token": "another", "ndate": None}), refused, 0.0)
    made.record(0.0, messages(f"senderKey={SENDER_KEY}&id=3"), FINE, 0.0, (7,))
    made.record(0.0, receive("GET", "/", "", {}, b""), Answer(404, (), b"{}"), 0.0)
    return made


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Filter(), [1, 2, 3, 4, 5]),
        (Filter(endpoint="rooms"), [1, 2, 3]),
        (Filter(endpoint="other"), [5]),
        (Filter(tenant=TOKEN), [1, 2]),
        (Filter(tenant="nobody"), []),
        (Filter(result="failure"), [3]),
        (Filter(result="broken"), [5]),
        (Filter(status=401), [3]),
        (Filter(since=3), [4, 5]),
        (Filter(violations=True), [2, 5]),
        (Filter(violations=False, endpoint="rooms"), [1, 3]),
        (Filter(faulty=True), [4]),
        (Filter(faulty=False, since=2), [3, 5]),
        (Filter(parameters={"status": 2}), [1]),
        (Filter(parameters={"status": "2"}), [2]),
        (Filter(parameters={"status": "2"}, loose=True), [1, 2]),
        (Filter(parameters={"status": 2, "page": 1}), [1]),
        (Filter(parameters={"page": True}), []),
        (Filter(parameters={"ndate": None}, endpoint="rooms"), [1, 2, 3]),
        (Filter(parameters={"token": "another"}), [3]),
        (Filter(parameters={"id": "3"}), [4]),
    ],
)
def test_filters(journal: Journal, wanted: Filter, numbers: list[int]) -> None:
    assert [one.number for one in wanted.choose(journal, READER)] == numbers


def test_near_misses_tell_field_by_field(journal: Journal) -> None:
    found = near_misses({"status": 2, "page": 2, "token": TOKEN}, journal, READER, endpoint="rooms", most=2)
    assert [miss.entry.id for miss in found] == [1, 2]
    (page,) = found[0].differences
    assert (page.field, page.expected, page.received, page.given) == ("page", 2, 1, True)
    kinds = {each.field: (each.received, each.given) for each in found[1].differences}
    assert kinds == {"status": ("2", True), "page": (None, False)}
    assert found[0].distance < found[1].distance


def test_a_match_has_distance_0_and_the_newest_comes_first() -> None:
    made = Journal(5)
    for _ in range(3):
        made.record(0.0, rooms({"token": TOKEN, "page": 1}), FINE, 0.0)
    found = near_misses({"page": 1}, made, READER)
    assert [(miss.distance, miss.entry.id) for miss in found] == [(0, 3), (0, 2), (0, 1)]


@pytest.mark.parametrize(
    ("expected", "received", "same", "loosely"),
    [
        (None, None, True, True),
        (None, ..., True, True),
        (None, "null", False, True),
        (None, 0, False, False),
        ("null", None, False, True),
        ("null", ..., False, True),
        (1, ..., False, False),
        (1, 1, True, True),
        (1, "1", False, True),
        ("1", 1, False, True),
        (1, True, False, False),
        (True, 1, False, False),
        ("true", True, False, True),
        (True, True, True, False),
        (1, 1.0, True, False),
        ("1.5", 1.5, False, True),
        (10**30, 10**30, True, True),
        ("[1]", [1], False, True),
        ([1], [1], True, True),
    ],
)
def test_what_is_the_same_to_a_filter(expected: object, received: object, same: bool, loosely: bool) -> None:
    asked = receive("POST", ROOMS_PATH, "", {}, b"{}").asking({} if received is ... else {"x": received})
    found = [not differences({"x": expected}, asked, loose=loose) for loose in (False, True)]
    assert found == [same, loosely]


def test_of_two_that_differ_the_one_that_differs_less_is_nearer() -> None:
    made = Journal(5)
    for day in ("2026-11-21", "1999-01-01", None):
        made.record(0.0, rooms({"token": TOKEN, "sdate": day}), FINE, 0.0)
    found = near_misses({"sdate": "2026-11-20"}, made, READER)
    assert [miss.entry.id for miss in found] == [1, 2, 3]
    assert 0 < found[0].distance < found[1].distance < found[2].distance == 1


def test_near_misses_show_no_secret(journal: Journal) -> None:
    found = near_misses({"token": "expected-token-of-somebody"}, journal, READER, most=5)
    assert TOKEN not in str(found)
    assert "expected-token-of-somebody" not in str(found)
    assert any(each.expected == "expe…(26)" for miss in found for each in miss.differences)


def test_a_form_belongs_to_whom_its_token_names() -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    found = entry(rooms(f"token={TOKEN}&status=2&name=%ED%99%8D%EA%B8%B8%EB%8F%99".encode(), headers=form))
    assert found.tenant == mask(TOKEN)
    assert found.parameters["status"] == "2"
    assert TOKEN not in str(found.payload())
    assert "홍길동" not in str(found.payload())
