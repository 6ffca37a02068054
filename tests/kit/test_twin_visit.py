"""A visit of another API: what it decides is right, and what it can not tell it does not."""

from __future__ import annotations

import pytest
from tests.kit.score_rival import Job
from tests.kit.score_twin import Learnt, alike, play, server_of, settings_of, visited

from happytalk_contract.core.control import Control
from happytalk_contract.engine.runner import desk_of
from happytalk_contract.twin.recorded import visit_of
from happytalk_contract.twin.visit import Visitor

pytestmark = pytest.mark.usefixtures("wireless")


def learnt(*legal: str, account: str = "one-day-only", seed: int = 1) -> Learnt:
    return play(Job(legal=legal, account=account, seed=seed, max_requests=400))


@pytest.mark.slow
@pytest.mark.parametrize(
    "legal",
    [
        (),
        (
            "limit-bad=one",
            "page-bad=failure",
            "half-range=failure",
            "http-status=by-kind",
            "envelope-numbers=text",
        ),
        ("bad-date=absent", "bad-sort=failure", "numeric-text=failure", "form-body=taken", "ties=by-id"),
        (
            "longest-period=7",
            "half-range=open-ended",
            "status-outside=all",
            "ht-headers=needed",
            "zero-dates=last",
        ),
    ],
    ids=len,
)
def test_what_is_decided_is_right(legal: tuple[str, ...]) -> None:
    told = learnt(*legal)
    assert told.wrong == ()
    assert told.share > 0.9
    assert told.beside <= 250


@pytest.mark.slow
@pytest.mark.parametrize("legal", ["backward-range=swapped", "status-outside=all", "ties=with-direction"])
def test_a_whole_account_decides_all_that_occurs(legal: str) -> None:
    told = learnt(legal, account="normal")
    assert (told.wrong, told.share, told.departing) == ((), 1.0, 0)


@pytest.mark.slow
def test_ties_that_hang_on_the_limit_are_no_answer() -> None:
    told = learnt("ties=by-limit", account="none-today")
    assert told.states["tie_order"] == told.states["tie_direction"] == "other"
    assert told.wrong == ()


@pytest.mark.slow
def test_a_list_that_is_refused_hides_whether_an_id_is_ignored() -> None:
    told = learnt("m-none=508", "m-bad-id=ignored", account="empty")
    assert (told.wrong, told.states["message_id_invalid"]) == ((), "undecided")


@pytest.mark.slow
def test_ties_are_looked_at_in_the_days_that_hold_most() -> None:
    told = learnt("longest-period=7", account="old-data-only")
    assert (told.wrong, told.states["tie_order"], told.states["tie_direction"]) == ((), "decided", "decided")


@pytest.mark.slow
def test_ties_are_read_under_the_limits_that_are_used_first() -> None:
    job = Job(legal=("ties=by-limit",), account="none-today", max_requests=400)
    with server_of(job) as server, desk_of(settings_of(server, job), Control(max_requests=400)) as desk:
        visit = Visitor(desk, days=30, limits=(25, 7, 50)).go()
    assert visit.crawled is not None
    assert [*visit.crawled.beside][:3] == ["limit=25", "limit=7", "limit=49"]
    assert any("learnt for 50, 25, 7" in note and "--limits" in note for note in visit.notes)


@pytest.mark.slow
@pytest.mark.parametrize(("requests", "told"), [(400, "status"), (235, "a guess: --max-requests")])
def test_ties_that_were_not_read_under_a_status_are_told(requests: int, told: str) -> None:
    job = Job(legal=("ties=by-filter",), account="none-today", max_requests=requests)
    with server_of(job) as server:
        visit, _requests, _visitor = visited(server, job)
    (note,) = (note for note in visit.notes if "ties stand otherwise" in note)
    assert note.endswith("under each status") == (requests == 400)
    assert told in note


@pytest.mark.slow
@pytest.mark.parametrize(("legal", "least"), [("ties=by-filter", 1.0), ("ties=by-limit", 0.85)])
def test_ties_that_hang_on_what_is_asked_are_served(legal: str, least: float) -> None:
    found, outcome = alike(Job(legal=(legal,), account="none-today", max_requests=400), 150, seeds=1, days=30)
    assert found.share >= least, found.examples
    assert outcome.verified.alike > 0.95 * outcome.verified.asked


@pytest.mark.slow
def test_an_empty_account_gives_few_answers_and_says_what_it_needs() -> None:
    told = learnt(account="empty")
    assert told.wrong == ()
    assert told.states["tie_order"] == "not_seen"
    assert told.states["limit_invalid.zero"] == "decided"


@pytest.mark.slow
@pytest.mark.parametrize("legal", [("limit-bad=failure",), ("page-bad=failure", "ties=by-id")])
def test_a_recording_decides_nothing_wrong(legal: tuple[str, ...]) -> None:
    job = Job(legal=legal, account="one-day-only", max_requests=400)
    with server_of(job) as server, desk_of(settings_of(server, job), Control(max_requests=400)) as desk:
        asked = Visitor(desk, days=30).go()
    told, _evidence = visit_of(desk.recording)
    alike = [one for name, one in told.decisions.items() if one.answer == asked.decisions[name].answer]
    wrong = [
        (one, asked.decisions[name])
        for name, one in told.decisions.items()
        if one.answer is not None and one.answer != asked.decisions[name].answer
    ]
    assert wrong == []
    assert len(alike) > 70
