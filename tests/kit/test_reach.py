"""Endpoints that can not be judged: told early, apart from drift, and without harm to the other endpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sample_report import MESSAGES_QUESTION, answer, conforming, exchange, question, room, sample

from happytalk_contract import check
from happytalk_contract.cli import commands as cli
from happytalk_contract.core.model import (
    SECRETS,
    Event,
    Exchange,
    ExitCode,
    Request,
    Response,
    RuleOutcome,
    RunReport,
    Status,
    placeholder,
)
from happytalk_contract.engine.runner import Settings
from happytalk_contract.transport.reach import OutOfReachError, Watch, obstacle
from happytalk_mock import MockServer

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
        (answered(ROOMS, {"error": "who are you?"}, 401), "refuses the credentials (HTTP 401)"),
        (answered(ROOMS, b"<html>", 403), "refuses the credentials (HTTP 403)"),
        (answered(ROOMS, b"<html>", 500), ""),
        (answered(ROOMS, b"", 200), ""),
        (answered(ROOMS, [1], 200), ""),
        (answered(WRONG_TOKEN, REFUSED), None),
        (exchange(1, ROOMS, None, "connection refused"), "can not be reached (connection refused)"),
        (exchange(1, WRONG_TOKEN, None, "timeout"), "can not be reached (timeout)"),
        (exchange(1, ROOMS, None, "connection dropped"), ""),
        (answered(MESSAGES, {"code": "200", "data": []}), ""),
        (answered(MESSAGES, {"code": "508", "message": "없음"}), ""),
        (answered(MESSAGES, {"code": "403", "message": "권한"}), "refuses the credentials (code 403)"),
        (answered(MESSAGES_QUESTION, {"code": "403"}), None),
    ],
)
def test_what_an_exchange_says(seen: Exchange, why: str | None) -> None:
    assert obstacle(seen) == why


def watched(exchanges: Iterable[Exchange]) -> int:
    watch = Watch()
    for number, seen in enumerate(exchanges, 1):
        try:
            watch.see(seen)
        except OutOfReachError:
            return number
    return 0


def test_patience_ends_and_one_proper_answer_settles_it() -> None:
    refused, fine = answered(ROOMS, REFUSED), exchange(1, ROOMS, answer([]))
    assert watched([refused] * 5) == 3
    assert watched([refused, refused, fine, *[refused] * 9]) == 0
    assert watched([answered(WRONG_TOKEN, REFUSED)] * 9) == 0
    assert watched([answered(MESSAGES, {"code": "403"})] * 5) == 2
    assert (
        watched(
            [refused, fine, answered(MESSAGES, {"code": "403"}), refused, answered(MESSAGES, {"code": "403"})]
        )
        == 5
    )


Script = Callable[[Settings, Callable[[Event], None]], RunReport]


def settings(**changes: Any) -> check.Prepared:
    options = check.Options(target="http://127.0.0.1:9", env_file=None)
    return check.planned(options) if not changes else check.planned(check.Options(**changes))


def scripted(monkeypatch: pytest.MonkeyPatch, script: Script) -> None:
    monkeypatch.setattr(check, "run", script)


def play(on_event: Callable[[Event], None], exchanges: Iterable[Exchange], tries: int = 1) -> None:
    for number, seen in enumerate(exchanges, 1):
        on_event(Event(kind="exchange", text="", requests=number * tries, max_requests=300, detail=seen))


def test_one_endpoint_out_of_reach_leaves_the_other_to_be_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Settings] = []
    events: list[Event] = []

    def script(settings: Settings, on_event: Callable[[Event], None]) -> RunReport:
        runs.append(settings)
        play(on_event, [exchange(1, ROOMS, answer([room(0)]))])
        if settings.message_url:
            play(on_event, [exchange(n, MESSAGES, None, "connection refused") for n in (2, 3)], tries=3)
        return conforming()

    scripted(monkeypatch, script)
    report, interrupted = check.observe(settings(), events.append)
    assert not interrupted
    assert [bool(run.message_url) for run in runs] == [True, False]
    assert runs[1].max_requests == 300 - 6
    assert report.requests == conforming().requests + 6
    assert report.max_requests == 300
    assert events[-1].requests == 7
    assert events[-1].max_requests == 306
    assert report.notes[0] == "system messages not judged: the API can not be reached (connection refused)"
    assert report.exit_code == ExitCode.NOTHING_JUDGED  # what was to be judged was not


def test_drift_of_the_other_endpoint_stays_drift(monkeypatch: pytest.MonkeyPatch) -> None:
    def script(settings: Settings, on_event: Callable[[Event], None]) -> RunReport:
        if settings.message_url:
            play(on_event, [answered(MESSAGES, {"code": "403"})] * 2)
        return sample()

    scripted(monkeypatch, script)
    assert check.observe(settings(), lambda _event: None)[0].exit_code == ExitCode.DRIFT


def test_nothing_in_reach_is_told_with_both_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    def script(settings: Settings, on_event: Callable[[Event], None]) -> RunReport:
        if settings.chat_url:
            play(on_event, [answered(ROOMS, REFUSED)] * 3)
        play(on_event, [exchange(1, MESSAGES, None, "timeout")] * 2)
        raise AssertionError("asked on")

    scripted(monkeypatch, script)
    report, _ = check.observe(settings(), lambda _event: None)
    assert report.notes == (
        "chat rooms not judged: the API refuses the credentials (code -501)",
        "system messages not judged: the API can not be reached (timeout)",
    )
    assert report.exit_code == ExitCode.NOTHING_JUDGED
    assert report.findings == ()
    assert report.requests == 5
    outcomes: tuple[RuleOutcome, ...] = report.rules
    assert {outcome.status for outcome in outcomes} == {Status.SKIPPED}
    assert {outcome.note for outcome in outcomes} == set(report.notes)


def test_the_listeners_word_is_no_defect_of_the_kit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HAPPYTALK_TOKEN", "a-token-nobody-has")
    with MockServer(rooms=20) as server:
        code = cli.main(["check", "--target", server.url])
    said = capsys.readouterr()
    assert code == ExitCode.NOTHING_JUDGED
    assert "refuses the credentials (code -501)" in said.out + said.err
    assert "defect" not in said.out + said.err
