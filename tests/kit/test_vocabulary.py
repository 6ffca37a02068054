"""One vocabulary: what the mock is told to answer, the kit's report names in the same words, and back.

Several questions are answered at once, for each has few answers; what hides another's answer is put apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path

import pytest

from happytalk_contract.core.model import SEOUL, Answer, RunReport, Sighted
from happytalk_contract.engine import aims
from happytalk_contract.engine.cover import Draws
from happytalk_contract.engine.runner import Settings, run
from happytalk_contract.report import behaviour
from happytalk_contract.report.document import as_document
from happytalk_mock import MockServer
from happytalk_mock.spec.behaviour import load
from happytalk_mock.spec.open_questions import Question
from happytalk_mock.spec.resources import open_questions

pytestmark = pytest.mark.usefixtures("wireless")

Profile = Mapping[str, str]
QUESTIONS = open_questions().questions

#: Answers that no data shows alone: others fit all that can be asked.
INDISTINGUISHABLE = {
    ("bot_statuses", "hidden"),  # as if there were no such rooms
    ("tie_order", "registration"),  # as inserted, where rooms are inserted as they are registered
    ("message_failure_http_status.method", "200"),  # a POST could write: it is not tried
    ("message_failure_http_status.method", "400"),
}
#: A number for each question that takes one.
_NUMBERS = count(400)
NUMBERS = {
    question.id: "45" if question.id == "longest_period" else str(next(_NUMBERS))
    for question in QUESTIONS.values()
    if question.number
}
NUMBERS["message_failure_http_status.method"] = "400"


def legal(question: Question) -> list[str]:
    numbers = [question.default, NUMBERS[question.id]] if question.number else []
    return list(dict.fromkeys([*question.answers, *numbers]))


def of(endpoint: str) -> list[Question]:
    return [question for question in QUESTIONS.values() if question.endpoint == endpoint]


def kind(turn: int) -> Profile:
    """Answers that refuse nothing, each question's next one at every turn."""
    chosen = {}
    for question in of("rooms"):
        answers = [answer for answer in legal(question) if answer != "failure"]
        slow = question.id in ("open_range_period", "first_check", "page_echo")
        chosen[question.id] = answers[(turn // 2 if slow else turn) % len(answers)]
    return chosen


def refusing(turn: int) -> Profile:
    """Refusals of all that can be refused, of both kinds."""
    chosen = {}
    for question in of("rooms"):
        answers = legal(question)
        refusal = "failure" if "failure" in answers else answers[turn % len(answers)]
        chosen[question.id] = refusal
    return {
        **chosen,
        "longest_period": "45",
        "ht_headers": "needed",
        "trailing_slash": "unknown",
        "page_past_end": ("failure", "empty")[turn],  # else it hides what a page beyond all gets
    }


ROOMS = [kind(0), kind(1), kind(2), kind(3), refusing(0), refusing(1)]
MESSAGES = [
    {question.id: answers[turn % len(answers)] for question in of("messages") if (answers := legal(question))}
    for turn in range(3)
]
#: Failures of messages with either HTTP status, where every one of them occurs.
MESSAGES += [
    {
        **MESSAGES[0],
        **{question.id: legal(question)[turn] for question in of("messages") if "http" in question.id},
        "no_messages": "508",
    }
    for turn in (0, 1)
]


def ask(profile: Profile, endpoint: str, *, scenario: str | None = None, empty: bool = False) -> RunReport:
    with MockServer(behaviour=dict(profile), scenario=scenario, seed=3) as server:
        tenant = next(iter(server.mock.tenants))
        if scenario is not None:  # registered before the others, and inserted after them
            server.happytalk.add_rooms(6, reg_date="2022-05-25 10:00:00", every="5m", status=0)
        if empty:
            tenant.messages.clear()
        else:  # the last by id, and the first to be modified
            server.happytalk.add_message(
                name="오래된 메시지",
                status="A",
                createdAt="2020-01-02 10:00:00",
                modifiedAt="2020-01-02 10:00:00",
            )
        credentials = {
            "HAPPYTALK_TOKEN": tenant.token,
            "HAPPYTALK_CLIENT_ID": tenant.client_id,
            "HAPPYTALK_CLIENT_SECRET": tenant.client_secret,
            "HAPPYTALK_SENDER_KEY": tenant.credentials.sender_keys[0],
        }
        return run(
            Settings(
                chat_url=server.url if endpoint == "rooms" else None,
                message_url=server.url if endpoint == "messages" else None,
                credentials=credentials,
                target="a mock",
                seed=1,
                now=lambda: datetime.now(SEOUL) if scenario is None else server.mock.clock.now(),
                only_rules=frozenset({"rooms.open.steady", "messages.open.steady"}),
            )
        )


@cache
def report_of(turn: int) -> RunReport:
    return ask(ROOMS[turn], "rooms")


@pytest.fixture(autouse=True)
def only_what_is_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """No combinations: they tell of rules, and take most of the time."""
    monkeypatch.setattr(Draws, "some", lambda *_: ())
    monkeypatch.setattr(aims, "DRAWN", 0)


def seen(report: RunReport, profile: Profile) -> Iterator[tuple[str, str, Answer]]:
    by_id = {answer.question: answer for answer in report.answers}
    return ((question, answer, by_id[question]) for question, answer in profile.items())


def shown(report: RunReport, profile: Profile) -> set[tuple[str, str]]:
    """The answers of a profile that a report names; what it says of the others is never another answer."""
    assert not report.findings
    found = set()
    for question, answer, told in seen(report, profile):
        if told.state is Sighted.SEEN:
            assert told.answer == answer, told
            found.add((question, answer))
        else:
            assert told.needs, told
            assert not told.candidates or answer in told.candidates, told
    return found


def alike(report: RunReport, again: RunReport) -> None:
    """What was decided is told again; what was not is, if at all, one of the answers that were left."""
    for before, after in zip(report.answers, again.answers, strict=True):
        if before.state is Sighted.SEEN:
            assert (after.state, after.answer) == (before.state, before.answer)
        elif before.candidates:
            assert {after.answer, *after.candidates} & set(before.candidates), after


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(len(ROOMS)))
def test_a_profile_written_from_the_report_is_reported_alike(turn: int, tmp_path: Path) -> None:
    report = report_of(turn)
    shown(report, ROOMS[turn])
    file = tmp_path / "seen.toml"
    file.write_text(behaviour.render(as_document(report)), encoding="utf-8")
    assert load(file) == as_document(report)["behaviour"]
    alike(report, ask(load(file), "rooms"))


@pytest.mark.slow
def test_every_answer_about_rooms_is_named() -> None:
    named = {pair for turn, profile in enumerate(ROOMS) for pair in shown(report_of(turn), profile)}
    for ties in ("registration", "id", "id_falling", "insertion"):
        for direction in ("turned", "kept"):
            profile = {"tie_order": ties, "tie_direction": direction}
            named |= shown(ask(profile, "rooms", scenario="ties"), profile)
    missing = {(question.id, answer) for question in of("rooms") for answer in legal(question)} - named
    assert missing <= INDISTINGUISHABLE


@pytest.mark.slow
def test_every_answer_about_messages_is_named() -> None:
    named = set()
    for profile in MESSAGES:
        report = ask(profile, "messages")
        named |= shown(report, profile)
        alike(report, ask(as_document(report)["behaviour"], "messages"))
        named |= shown(ask(profile, "messages", empty=True), profile)
    missing = {(question.id, answer) for question in of("messages") for answer in legal(question)} - named
    assert missing <= INDISTINGUISHABLE
