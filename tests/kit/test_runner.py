"""A whole run as the command calls it: what is skipped, out of reach, refused; budgets; the plan."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from happytalk_contract import check
from happytalk_contract.core.events import Answered, Event, PhaseStarted
from happytalk_contract.core.model import ExitCode, RunReport, Status
from happytalk_contract.engine.runner import Settings, plan, run

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.score_rival import NOW, ticking
from tests.rival import RivalServer

pytestmark = pytest.mark.usefixtures("wireless")


def credentials(server: RivalServer) -> dict[str, str]:
    return {
        "HAPPYTALK_TOKEN": server.token,
        "HAPPYTALK_CLIENT_ID": server.client_id,
        "HAPPYTALK_CLIENT_SECRET": server.client_secret,
        "HAPPYTALK_SENDER_KEY": server.sender_key,
    }


def settings(url: str | None, secrets: Mapping[str, str], **changes: object) -> Settings:
    return Settings(
        **{
            "chat_url": url,
            "message_url": url,
            "credentials": secrets,
            "target": "test",
            "seed": 1,
            "now": ticking(NOW),
            "max_requests": 60,
            **changes,
        }
    )


@pytest.fixture(scope="module")
def server() -> RivalServer:
    with RivalServer(now=NOW, seed=1) as started:
        yield started


def play(server: RivalServer, **changes: object) -> RunReport:
    return run(settings(server.base_url, credentials(server), **changes))


@pytest.mark.slow
def test_the_budget_is_never_passed_and_both_endpoints_are_reached(server: RivalServer) -> None:
    report = play(server)
    assert report.requests <= 60
    assert {exchange.request.endpoint for exchange in report.exchanges} == {"rooms", "messages"}
    assert report.exit_code == ExitCode.CONFORMS


@pytest.mark.parametrize("budget", [0, 1, 2, 5, 12, 25])
def test_a_tiny_budget_ends_well(server: RivalServer, budget: int) -> None:
    report = play(server, max_requests=budget)
    assert report.requests <= budget
    assert report.findings == ()


@pytest.mark.slow
def test_a_small_budget_finds_plain_faults() -> None:
    with RivalServer(now=NOW, seed=1, faults=["sort-key-ignored-done-week"]) as plain:
        assert run(settings(plain.base_url, credentials(plain))).requests <= 60
    for fault in ("no-out-api", "total-shown"):
        with RivalServer(now=NOW, seed=1, faults=[fault]) as faulty:
            assert run(settings(faulty.base_url, credentials(faulty))).exit_code == ExitCode.DRIFT


@pytest.mark.slow
def test_no_secret_leaves_the_run(server: RivalServer) -> None:
    events: list[Event] = []
    report = run(settings(server.base_url, credentials(server)), events.append)
    told = repr(report) + repr(events) + repr(settings(server.base_url, credentials(server)))
    assert not [name for name, secret in credentials(server).items() if secret in told]
    assert {PhaseStarted, Answered} <= {type(event) for event in events}


def test_without_a_token_only_messages_are_judged(server: RivalServer) -> None:
    secrets = credentials(server)
    del secrets["HAPPYTALK_TOKEN"]
    report = run(settings(server.base_url, secrets))
    assert {rule.status for rule in report.rules if rule.endpoint == "rooms"} == {Status.SKIPPED}
    assert report.exit_code == ExitCode.CONFORMS
    assert any("HAPPYTALK_TOKEN" in note for note in report.notes)


def test_refused_credentials_are_no_drift(server: RivalServer) -> None:
    report = run(settings(server.base_url, {"HAPPYTALK_TOKEN": "not-a-token"}))
    assert (report.findings, report.exit_code) == ((), ExitCode.NOTHING_JUDGED)
    assert "chat rooms not judged: the API refuses the credentials (code -501)" in report.notes


def test_time_can_run_out(server: RivalServer) -> None:
    report = play(server, max_time=0.3, rate=20.0)
    assert report.requests < 20
    assert any("time" in note for note in report.notes)


@pytest.mark.slow
def test_the_plan_is_what_is_asked_first(server: RivalServer) -> None:
    chosen = settings(server.base_url, credentials(server))
    planned, asked = list(plan(chosen)), run(chosen).exchanges
    assert [request.body for request in planned[:2]] == [exchange.request.body for exchange in asked[:2]]
    assert {request.endpoint for request in planned} == {"rooms", "messages"}
    assert len(planned) > 60


@pytest.mark.slow
def test_a_seed_reproduces_a_run(server: RivalServer) -> None:
    one, two = (play(server, seed=9, max_requests=150) for _time in range(2))
    assert [exchange.request for exchange in one.exchanges] == [
        exchange.request for exchange in two.exchanges
    ]


def test_a_fast_check_asks_sixty_questions_and_finds_what_is_plain() -> None:
    with RivalServer(now=NOW, seed=2, faults=["sort-key-ignored-desc"]) as server:
        report = play(server, max_requests=check.FAST)
    assert report.requests <= check.FAST
    assert report.exit_code == ExitCode.DRIFT


def test_asking_ends_at_the_first_departure_where_that_is_wanted() -> None:
    with RivalServer(now=NOW, seed=2, faults=["parameter5-null"]) as server:
        report = play(server, fail_fast=True, max_requests=300)
    assert report.requests < 20
    assert report.exit_code == ExitCode.DRIFT
    assert "stopped early: something departs (--fail-fast)" in report.notes


@pytest.mark.slow
def test_a_run_that_finds_nothing_ends_when_nothing_is_worth_a_request(server: RivalServer) -> None:
    report = play(server, max_requests=300)
    assert report.findings == ()
    assert 120 < report.requests <= 200
    assert not [note for note in report.notes if "stopped early" in note]
