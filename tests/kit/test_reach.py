"""Endpoints that can not be judged: told early, apart from drift, and without harm to the other endpoint."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sample_report import MESSAGES_QUESTION, answer, exchange, question

from happytalk_contract.cli import commands as cli
from happytalk_contract.core.events import Answered, Event
from happytalk_contract.core.model import (
    SECRETS,
    SEOUL,
    Exchange,
    ExitCode,
    Request,
    Response,
    RunReport,
    Status,
    placeholder,
)
from happytalk_contract.engine.runner import DEFECT, Settings, run
from happytalk_contract.transport.reach import Reach, obstacle, speaks
from happytalk_mock import MockServer

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.rival import RivalServer

MESSAGES = Request(
    endpoint="messages",
    method="GET",
    headers=MESSAGES_QUESTION.headers,
    query=(("senderKey", placeholder("HAPPYTALK_SENDER_KEY")),),
)
ROOMS = question()


def answered(request: Request, body: object, status: int = 200) -> Exchange:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange(
        number=1,
        started=0.0,
        request=request,
        response=Response(status=status, headers={}, body=raw, seconds=0.0),
    )


REFUSED = {"result": "fail", "code": -501, "message": "token"}
WRONG_TOKEN = Request(endpoint="rooms", method="POST", body=b'{"token": "no-such-token"}')


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (exchange(1, ROOMS, answer([])), ""),
        (answered(ROOMS, REFUSED), "refuses the credentials (code -501)"),
        (answered(ROOMS, REFUSED | {"code": "-502"}), "refuses the credentials (code -502)"),
        (answered(ROOMS, {"result": "fail", "code": -504}), ""),
        (answered(WRONG_TOKEN, REFUSED), None),
        (exchange(1, ROOMS, None, "connection refused"), None),
        (answered(MESSAGES, {"code": "200", "data": []}), ""),
        (answered(MESSAGES, {"code": "508", "message": "없음"}), ""),
        (answered(MESSAGES, {"code": "403", "message": "권한"}), "refuses the credentials (code 403)"),
        (answered(MESSAGES_QUESTION, {"code": "403"}), None),
    ],
)
def test_what_an_exchange_says(seen: Exchange, why: str | None) -> None:
    assert obstacle(seen) == why


ENVELOPE = '{"result":"success","data":{"page":1,"limit":10,"total_count":0,"chat_list":[]}}'


@pytest.mark.parametrize(
    "body",
    [
        ENVELOPE.encode(),
        b"\xef\xbb\xbf" + ENVELOPE.encode(),
        ENVELOPE.encode("utf-16"),
        f"callback({ENVELOPE});".encode(),
        f"<b>Notice</b>: Undefined index {ENVELOPE}".encode(),
        json.dumps(ENVELOPE).encode(),
        ENVELOPE.replace('"', "'").encode(),
        b"<response><result>fail</result><code>-501</code></response>",
        ENVELOPE[:50].encode(),
        b'{"result":"fail","code":-501,"message":"token"}',
        b'{"result":"ok","data":{"chat_list":[]}}',
        b'[{"id":"1","complate_date":"0000-00-00 00:00:00"}]',
    ],
)
def test_a_broken_answer_is_happytalks_still(body: bytes) -> None:
    assert speaks(answered(ROOMS, body))


@pytest.mark.parametrize("request_", [ROOMS, MESSAGES], ids=["rooms", "messages"])
@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b"[1]", b"{}", b"true", b"pong", b"\x00\xff",
        b"<html><title>Success!</title>",
        b"<html><title>Login</title><form>result code data message</form>",
        b'{"detail":"Not Found"}',
        b'{"status":"ok"}',
        b'{"result":"ok"}',
        b'{"message":"Missing Authentication Token"}',
        b'{"code":404,"message":"Not Found"}',
        b'{"code":"500","message":"Internal Server Error","data":null}',
        b'{"statusCode":403,"message":"Forbidden"}',
        b'{"error":{"code":401,"message":"Unauthorized"}}',
        b'{"success":true,"data":[]}',
    ],
)  # fmt: skip
def test_what_another_server_says_is_not_happytalks(request_: Request, body: bytes) -> None:
    assert not speaks(answered(request_, body))


@pytest.mark.parametrize(
    "body",
    [
        b'{"code":"200","data":[]}', b'{"code":200,"data":[]}', b'{"code":"403","message":"m"}',
        b'{"code":"508","message":""}', b'{"data":[{"id":1,"inspectStatus":"APR"}]}',
        b"<response><code>405</code><message>m</message></response>",
    ],
)  # fmt: skip
def test_messages_have_an_envelope_of_their_own(body: bytes) -> None:
    assert speaks(answered(MESSAGES, body))


def lost_after(exchanges: Iterable[Exchange]) -> int:
    reach = Reach()
    for number, seen in enumerate(exchanges, 1):
        reach.see(seen)
        if reach.lost:
            return number
    return 0


def test_patience_ends_and_one_proper_answer_settles_it() -> None:
    refused, fine = answered(ROOMS, REFUSED), exchange(1, ROOMS, answer([]))
    no_messages = answered(MESSAGES, {"code": "403", "message": "권한"})
    assert lost_after([refused] * 5) == 3
    assert lost_after([refused, refused, fine, *[refused] * 9]) == 0
    assert lost_after([answered(WRONG_TOKEN, REFUSED)] * 9) == 0
    assert lost_after([no_messages] * 5) == 2
    assert lost_after([refused, fine, no_messages, refused, no_messages]) == 5


FINE, ODD = exchange(1, ROOMS, answer([])), answered(ROOMS, b"<h1>Bad Gateway</h1>", 502)


def seen(*exchanges: Exchange) -> Reach:
    reach = Reach()
    for number, one in enumerate(exchanges, 1):
        reach.see(replace(one, number=number))
    return reach


@pytest.mark.parametrize(
    ("exchanges", "tried", "doubtful"),
    [
        ([], 0, False),
        ([ODD] * 5, 5, False),  # HappyTalk was never there
        ([FINE, ODD, ODD], 0, False),
        ([FINE, ODD, ODD, ODD], 0, True),
        ([FINE, ODD, ODD, FINE, ODD, ODD], 0, False),
        ([ODD, FINE, ODD, ODD, ODD], 1, True),
    ],
)
def test_an_endpoint_is_doubted_once_it_was_silent_three_times_in_a_row(
    exchanges: list[Exchange], tried: int, doubtful: bool
) -> None:
    reach = seen(*exchanges)
    assert (reach.tried("rooms"), reach.is_doubtful("rooms")) == (tried, doubtful)


def test_what_came_after_the_last_answer_may_be_an_outages() -> None:
    reach = seen(ODD, FINE, FINE, ODD)
    tail = [number for number in range(1, 6) if reach.is_tail(replace(ODD, number=number))]
    assert tail == [4, 5]
    elsewhere = replace(ODD, number=5, request=replace(ROOMS, suffix="/x"))
    assert not reach.is_tail(elsewhere)  # another path may say anything
    reach.lose("rooms", "http://api", ODD)
    assert reach.is_tail(elsewhere)
    assert reach.lost["rooms"].startswith("chat rooms not judged to the end: HappyTalk stopped answering")


@pytest.mark.parametrize(
    ("faults", "hopeless"),
    [
        (["unknown host"], True),
        (["timeout"], False),
        (["timeout", "timeout"], True),
        (["connection refused"], False),
        (["connection dropped"] * 5, False),
    ],
)
def test_asking_on_is_hopeless_where_the_next_try_meets_the_same(faults: list[str], hopeless: bool) -> None:
    reach = seen(*(exchange(1, ROOMS, None, fault) for fault in faults))
    assert reach.is_hopeless("rooms") is hopeless
    assert seen(answered(ROOMS, b"slow down", 429)).is_hopeless("rooms")
    assert not seen(ODD).is_hopeless("rooms")


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(rooms=200) as server:
        yield server


@pytest.fixture
def nowhere() -> Iterator[str]:
    """An address where nothing listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


def settings(mock: MockServer | RivalServer, **changes: Any) -> Settings:
    url = mock.url if isinstance(mock, MockServer) else mock.base_url
    known = {
        "HAPPYTALK_TOKEN": mock.token,
        "HAPPYTALK_CLIENT_ID": mock.client_id,
        "HAPPYTALK_CLIENT_SECRET": mock.client_secret,
        "HAPPYTALK_SENDER_KEY": mock.sender_key,
    }
    given = {"chat_url": url, "message_url": url, "credentials": known, "target": "test", "seed": 1}
    return Settings(**given | {"now": lambda: datetime.now(SEOUL), "max_requests": 90} | changes)


def statuses(report: RunReport, endpoint: str) -> set[Status]:
    return {rule.status for rule in report.rules if rule.endpoint == endpoint}


@pytest.mark.slow
def test_one_endpoint_out_of_reach_leaves_the_other_to_be_judged(mock: MockServer, nowhere: str) -> None:
    events: list[Event] = []
    report = run(settings(mock, message_url=nowhere), events.append)
    why = report.notes[0]
    assert why.startswith(
        "system messages not judged: the API can not be reached (connection refused); see whether"
    )
    assert report.unjudged == (why,)
    assert {rule.note for rule in report.rules if rule.endpoint == "messages"} == {why}
    assert statuses(report, "messages") == {Status.SKIPPED}
    assert Status.PASS in statuses(report, "rooms")
    assert report.findings == ()
    assert report.exit_code == ExitCode.NOTHING_JUDGED  # what was to be judged was not
    # One run: the budget is used up once, nothing is asked anew, and the lost endpoint is left alone.
    asked = [event.exchange.request.endpoint for event in events if isinstance(event, Answered)]
    assert asked.count("messages") == 2
    assert report.requests == len(report.exchanges) + 2 == 90
    assert [event.requests for event in events] == sorted(event.requests for event in events)
    assert {event.max_requests for event in events} == {90}
    assert sum(event.text == "looking for where the account has data" for event in events) == 1
    assert {exchange.request.endpoint for exchange in report.exchanges} == {"rooms"}
    assert not [one for one in report.answers if one.endpoint == "messages" and one.answer]


def test_rooms_out_of_reach_leave_the_messages_to_be_judged(mock: MockServer, nowhere: str) -> None:
    report = run(settings(mock, chat_url=nowhere))
    (why,) = report.unjudged
    assert why.startswith("chat rooms not judged: the API can not be reached (connection refused)")
    assert (statuses(report, "rooms"), report.exit_code) == ({Status.SKIPPED}, ExitCode.NOTHING_JUDGED)
    assert Status.PASS in statuses(report, "messages")


@pytest.mark.slow
def test_drift_of_the_other_endpoint_stays_drift(nowhere: str) -> None:
    with RivalServer(seed=1, faults=["no-out-api"]) as drifting:
        report = run(settings(drifting, message_url=nowhere))
    assert report.exit_code == ExitCode.DRIFT


def test_nothing_in_reach_is_told_with_both_reasons(mock: MockServer, nowhere: str) -> None:
    secrets = {**settings(mock).credentials, "HAPPYTALK_TOKEN": "a-token-nobody-has"}
    report = run(settings(mock, credentials=secrets, message_url=nowhere))
    assert sorted(why.partition(";")[0] for why in report.unjudged) == [
        "chat rooms not judged: the API refuses the credentials (code -501)",
        "system messages not judged: the API can not be reached (connection refused)",
    ]
    assert report.notes == report.unjudged
    assert (report.exit_code, report.findings, report.exchanges) == (ExitCode.NOTHING_JUDGED, (), ())
    assert report.requests == 3 + 2
    assert {outcome.status for outcome in report.rules} == {Status.SKIPPED}
    assert {outcome.note for outcome in report.rules} == set(report.notes)


def test_a_listener_that_fails_is_told_as_a_defect(mock: MockServer) -> None:
    def fail(event: Event) -> None:
        if event.requests == 5:
            raise RuntimeError("display")

    report = run(settings(mock), fail)
    assert any(note.startswith(DEFECT) for note in report.notes)


def test_refused_credentials_are_no_defect_of_the_kit(
    mock: MockServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HAPPYTALK_TOKEN", "a-token-nobody-has")
    code = cli.main(["check", "--target", mock.url])
    said = capsys.readouterr()
    assert code == ExitCode.NOTHING_JUDGED
    assert "refuses the credentials (code -501)" in said.out + said.err
    assert "defect" not in said.out + said.err


@pytest.mark.slow
def test_only_what_showed_something_conforms(mock: MockServer) -> None:
    with MockServer() as empty:
        tenant = empty.tenant()
        secrets = {
            "HAPPYTALK_TOKEN": tenant.token,
            "HAPPYTALK_CLIENT_ID": tenant.client_id,
            "HAPPYTALK_CLIENT_SECRET": tenant.client_secret,
            "HAPPYTALK_SENDER_KEY": tenant.sender_key,
        }
        known = settings(empty, credentials=secrets, max_requests=60)
        bare = run(known)
        half = run(replace(known, allow_empty=frozenset({"rooms"})))
        whole = run(replace(known, allow_empty=frozenset({"rooms", "messages"})))
    assert [why.partition(",")[0] for why in bare.unjudged] == [
        "not one room was seen", "not one system message was seen",
    ]  # fmt: skip
    assert [why.partition(",")[0] for why in half.unjudged] == ["not one system message was seen"]
    assert [run_.exit_code for run_ in (bare, half, whole)] == [3, 3, 0]
    assert (whole.unjudged, whole.findings) == ((), ())


@pytest.mark.slow
def test_a_run_that_is_cut_short_does_not_conform(mock: MockServer) -> None:
    cut = run(settings(mock, max_time=0.4, rate=60.0))
    assert cut.exit_code == ExitCode.NOTHING_JUDGED
    assert cut.unjudged[0] == "stopped early: the time allowed (--max-time) is over"


@pytest.mark.slow
def test_a_budget_that_is_used_up_is_as_planned(mock: MockServer) -> None:
    report = run(settings(mock, max_requests=90))
    assert (report.exit_code, report.unjudged) == (ExitCode.CONFORMS, ())


def test_a_proxy_in_between_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, nowhere: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", nowhere.replace("http://", "http://me:s3cret@"))
    monkeypatch.delenv("NO_PROXY", raising=False)
    known = {"HAPPYTALK_TOKEN": "a-token"}
    report = run(
        Settings(
            chat_url="http://api.example", message_url=None, credentials=known, target="t", seed=1,
            now=lambda: datetime.now(SEOUL),
        )
    )  # fmt: skip
    assert f"chat rooms are asked through the environment's proxy {nowhere}" in report.notes
    assert "s3cret" not in repr(report)
    assert report.exit_code == ExitCode.NOTHING_JUDGED
    assert f"(connection refused: through the proxy {nowhere})" in report.notes[0]
