"""What the mock promises of its ends and limits, one test a promise: each fails when the promise is broken."""

from __future__ import annotations

import http.client
import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from happytalk_mock import MockServer
from happytalk_mock.api.chain import chain
from happytalk_mock.api.control import Control
from happytalk_mock.journal.journal import MAX_BODY, Journal
from happytalk_mock.spec.parameters import receive
from happytalk_mock.spec.vocabulary import ROOMS_PATH
from happytalk_mock.state.settings import Settings
from happytalk_mock.testing.client import AdminClient, AdminError
from test_cli import serving, url_of
from test_journal import FINE, entry, rooms

NOW = "2026-11-20 15:00:00"


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(now=NOW, rooms=30, days=2) as server:
        yield server


def ask(url: str, body: dict[str, Any]) -> bytes:
    """What comes back of an answer; b"" where the connection ends without one."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
    try:
        connection.request("POST", ROOMS_PATH, json.dumps(body), {"Content-Type": "application/json"})
        return connection.getresponse().read()
    except (http.client.HTTPException, OSError):
        return b""
    finally:
        connection.close()


# --- what a broken body is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (b'{"result": "success", "data": {}}', "success"),
        (b'{"code": "200", "data": []}', "success"),
        (b'{"result": "fail", "code": -505, "message": "parameter"}', "failure"),
        (b'{"code": "508", "message": "m"}', "failure"),
        (b'{"code": "200", "data": {}}', "failure"),
        (b"", "broken"),
        (b"<h1>503</h1>", "broken"),
        (b'{"result": "success", "data": {}', "broken"),
        (b"[]", "broken"),
        (b'"success"', "broken"),
        (b"null", "broken"),
        (b"{}", "broken"),
        (b'{"result": "success"}', "broken"),
        (b'{"result": "success", "data": []}', "broken"),
        (b'{"result": "fail", "message": "no code"}', "broken"),
        (b'{"result": "\xff"}', "broken"),
    ],
)
def test_the_journal_says_of_an_answer_what_it_is(body: bytes, result: str) -> None:
    assert entry(rooms(), FINE._replace(body=body)).result == result


@pytest.mark.parametrize(
    ("fault", "result"),
    [(None, "success"), (-502, "failure"), ("empty-body", "broken"), ("malformed-json", "broken")],
)
def test_the_journal_of_a_mock_finds_broken_answers(server: MockServer, fault: Any, result: str) -> None:
    with server.tenant() as tenant:
        if fault is not None:
            tenant.fail(fault)
        ask(server.url, {"token": tenant.token})
        assert [request.result for request in tenant.requests] == [result]
        admin = AdminClient(server.url, tenant=tenant.token)
        found = {
            name: len(admin.call("GET", "/journal", result=name)["requests"])
            for name in ("success", "failure", "broken")
        }
        assert found == {"success": 0, "failure": 0, "broken": 0} | {result: 1}


# --- the journal's weight ----------------------------------------------------------------------------------


def weight(journal: Journal) -> int:
    return sum(len(one.received.body) + len(one.answer.body) for one in journal)


@pytest.mark.parametrize("size", [1, 10, 1000])
@pytest.mark.parametrize("asked", [10, 5_000, MAX_BODY])
@pytest.mark.parametrize("answered", [10, 5_000, 90_000])
def test_a_journal_never_weighs_more_than_it_may_whatever_passes(
    size: int, asked: int, answered: int
) -> None:
    most = 200_000
    journal = Journal(size, max_bytes=most)
    request, answer = rooms(b"x" * asked), FINE._replace(body=b"y" * answered)
    light = rooms(b"{}")
    for turn in range(80):
        journal.record(0.0, light if turn % 3 else request, answer if turn % 2 else FINE, 0.0)
        assert len(journal) <= size
        assert weight(journal) <= most + most // 4 + asked + answered
    assert list(journal)[-1].number == 80
    if asked == 10:  # a longer request weighs more than its bytes
        # And no lighter than it may: the oldest go one by one, and only where they must.
        assert len(journal) == min(size, 80) or weight(journal) > most - asked - answered


@pytest.mark.slow
@pytest.mark.parametrize("what", ["query", "header"])
def test_a_journal_weighs_queries_and_headers_too(what: str) -> None:
    control = Control(Settings().mock())
    answer = chain(control)
    query, headers = ("a&" * 30_000, {}) if what == "query" else ("", {"x-long": "x" * 400_000})
    asked, kept = {"query": (40, 20), "header": (120, 110)}[what]
    for _ in range(asked):
        answer(receive("POST", ROOMS_PATH, query, {"content-type": "application/json", **headers}, b"{}"))
    assert len(control.journal) < kept
    assert control.journal.last_number == asked


def test_one_answer_that_is_heavier_than_the_journal_is_kept_alone() -> None:
    journal = Journal(10, max_bytes=1_000)
    for _ in range(3):
        journal.record(0.0, rooms(), FINE._replace(body=b"y" * 50_000), 0.0)
        assert len(journal) == 1


def test_a_long_body_is_kept_no_longer_than_the_bound() -> None:
    journal = Journal(3)
    for length in (MAX_BODY - 1, MAX_BODY, MAX_BODY + 1):
        journal.record(0.0, rooms(b"x" * length), FINE, 0.0)
    assert [len(one.received.body) for one in journal] == [MAX_BODY - 1, MAX_BODY, MAX_BODY]


# --- no tenant left ----------------------------------------------------------------------------------------


def test_an_admin_call_with_no_tenant_left_says_so_and_harms_nothing() -> None:
    with MockServer(now=NOW, rooms=3) as server:
        admin = AdminClient(server.url)
        admin.call("DELETE", "/tenants", token=server.token)
        for call in (
            lambda: admin.call("GET", "/rooms"),
            lambda: admin.call("POST", "/rooms", [{"status": "2"}]),
            lambda: admin.call("DELETE", "/rooms"),
            lambda: admin.call("GET", "/messages"),
            lambda: admin.call("POST", "/generate", {"rooms": 3}),
        ):
            with pytest.raises(AdminError) as refused:
                call()
            assert refused.value.status == 404
            assert refused.value.problem["field"] == "tenant"
            assert "there is none any more" in refused.value.problem["allowed"]
        assert json.loads(ask(server.url, {"token": server.token}))["code"] == -501
        assert admin.call("GET", "/health")
        admin.call("POST", "/tenants", {"token": "another"})
        assert admin.call("POST", "/rooms", [{"status": "2"}])["added"] == 1
        assert json.loads(ask(server.url, {"token": "another"}))["result"] == "success"


# --- the end -----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_an_answer_in_flight_is_finished_before_the_end(number: str) -> None:
    with serving("--log", "never") as (process, block):
        url = url_of(block)
        admin = AdminClient(url)
        whole = ask(url, {"token": "happytalk-mock-token"})
        assert json.loads(whole)["result"] == "success"
        admin.call("POST", "/faults", {"delay": 1.5, "times": 1})
        answers: list[bytes] = []
        client = threading.Thread(target=lambda: answers.append(ask(url, {"token": "happytalk-mock-token"})))
        client.start()
        until = time.monotonic() + 20
        while not admin.call("GET", "/faults")["faults"][0]["uses"] and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(getattr(signal, number))
        client.join(20)
        assert process.wait(20) == 0
        (answer,) = answers
        assert json.loads(answer)["result"] == "success"
