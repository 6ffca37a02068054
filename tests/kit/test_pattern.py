"""How often a finding shows, and when: told of answers that depart now and then, from some moment on, by one server."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from fake_api import FakeApi
from test_judge import WHOLE
from test_rules import run

from happytalk_contract.core.model import Exchange, Finding, RunReport
from happytalk_contract.questions.meaning import rooms
from happytalk_contract.verdict.judge import judge

Answer = dict[str, Any]


def untitled(answer: Answer) -> Answer:
    for room in answer["data"]["chat_list"]:
        room["title"] = None
    return answer


def short(answer: Answer) -> Answer:
    answer["data"]["chat_list"] = answer["data"]["chat_list"][1:]
    answer["data"]["total_count"] -= bool(answer["data"]["total_count"])
    return answer


def refused(_answer: Answer) -> Answer:
    return {"result": "fail", "code": -505, "message": "parameter"}


def api(change: Callable[[Answer], Answer], when: Callable[[int], bool]) -> FakeApi:
    """An API that departs in some of its answers, whatever is asked."""
    made = FakeApi()
    made.change = lambda answer, _params: (
        change(answer) if when(made.asked) and answer["result"] == "success" else answer
    )
    return made


def lead(report: RunReport) -> Finding:
    found = [finding for finding in report.findings if finding.severity in report.fail_on]
    assert len(found) == 1, [finding.signature for finding in found]
    return found[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "rule"),
    [(untitled, "rooms.field.text"), (short, "rooms.same_answer"), (refused, "rooms.answered")],
)
def test_a_share_of_the_answers_is_told_as_such(change: Callable[[Answer], Answer], rule: str) -> None:
    finding = lead(run(api(change, lambda asked: asked % 10 == 0), budget=110))
    assert finding.rule == rule
    assert finding.message.endswith(", now and then")
    assert finding.often.startswith("now and then: in ")


@pytest.mark.slow
def test_what_begins_in_mid_run_is_told_with_its_request() -> None:
    finding = lead(run(api(untitled, lambda asked: asked >= 40), budget=110))
    since = re.search(r"each time since request (\d+), never before$", finding.often)
    assert since, finding.often
    assert 40 <= int(since[1]) < 50  # the first from there on that could show it
    assert "now and then" not in finding.message


@pytest.mark.slow
def test_what_depends_on_the_question_alone_shows_each_time() -> None:
    made = FakeApi()
    made.change = lambda answer, params: untitled(answer) if params.get("status") == 2 else answer
    finding = lead(run(made, budget=110))
    assert "now and then" not in finding.message + finding.often
    assert re.search("each time with status 2|times that the same was asked", finding.often)


def asked(*departs: bool, change: Callable[[Answer], Answer] = untitled) -> list[Exchange]:
    """One question over and over, answered by a server that departs (a null title) or by one that does not."""
    good, bad = FakeApi(), FakeApi(change=lambda answer, _params: change(answer))
    return [
        replace((bad if odd else good)(rooms(WHOLE)), number=number, connection=(number + 2) // 3)
        for number, odd in enumerate(departs, 1)
    ]


def test_one_of_two_servers_is_told_by_its_connections() -> None:
    one, other = [False] * 3, [True] * 3
    often = lead(judge(asked(*one, *other, *one, *other))).often
    assert "by some connections each time (2, 4), by the 2 others never: two servers answer" in often


@pytest.mark.parametrize(
    ("departs", "connections", "two"),
    [
        ("ggbbggbb", "11223344", True),
        ("ggbbggb", "1122334", False),  # by each more than one answer came
        ("ggbbgbb", "1122344", False),
        ("ggbbggbb", "11223322", False),  # two of each kind
        ("ggbbggbbgb", "1122334411", False),  # none of both kinds
    ],
)
def test_few_connections_tell_no_two_servers(departs: str, connections: str, two: bool) -> None:
    seen = zip(asked(*(sign == "b" for sign in departs)), connections, strict=True)
    often = lead(judge([replace(one, connection=int(by)) for one, by in seen])).often
    assert ("two servers" in often) is two


@pytest.mark.parametrize(
    ("departs", "told"),
    [
        ("gggbgggbgggb", "at every 4th request"),
        ("gbgbbgggbbgg", ""),
        ("ggggggbbbbbb", "each time since request 7, never before"),
        ("bbbbbbgggggg", "otherwise each time since request 7"),
        ("gb", ""),
        ("bg", "otherwise each time since request 2"),
        ("gbgb", ""),
        ("gbgbgb", "at every 2nd request"),
        ("gggggbbbbbb", ""),
        ("ggggggbbbbb", ""),
        ("gggb" * 3 + "g" * 12, "at every 4th request"),  # no longer than it went on before
        ("gggb" * 3 + "g" * 13, ""),
        (("g" * 19 + "b") * 3, "at every 20th request"),
        (("g" * 20 + "b") * 3, ""),
    ],
)
def test_when_it_shows(departs: str, told: str) -> None:
    exchanges = [replace(one, connection=0) for one in asked(*(sign == "b" for sign in departs))]
    often = lead(judge(exchanges)).often
    assert often.startswith("now and then: in ")
    assert often.endswith(told or "answers where it could show")


def test_the_first_answer_to_each_question_is_told_as_the_odd_one() -> None:
    good, bad = FakeApi(), FakeApi(change=lambda answer, _params: untitled(answer))
    questions = [rooms({**WHOLE, "limit": limit}) for limit in (3, 4, 5)]
    answers = [api(question) for question in questions for api in (bad, good, good)]
    often = lead(judge([replace(one, number=number) for number, one in enumerate(answers, 1)])).often
    assert often.endswith("each time something is asked for the first time, never again")


@pytest.mark.parametrize(("questions", "times", "told"), [(3, 2, True), (2, 3, True), (2, 2, False)])
def test_few_answers_tell_no_first_time(questions: int, times: int, told: bool) -> None:
    good, bad = FakeApi(), FakeApi(change=lambda answer, _params: untitled(answer))
    limits = [rooms({**WHOLE, "limit": limit}) for limit in range(3, 3 + questions)]
    seen = [api(each) for each in limits for api in (bad, *[good] * (times - 1))]
    often = lead(
        judge([replace(one, number=number, connection=0) for number, one in enumerate(seen, 1)])
    ).often
    assert ("asked for the first time" in often) is told


def test_what_shows_each_time_or_was_looked_for_once_has_no_pattern() -> None:
    bad = FakeApi(change=lambda answer, _params: untitled(answer))
    assert lead(judge(asked(True))).often == ""
    assert lead(judge(asked(True, True))).often == (
        "in 2 of 2 answers where it could show; 2 of 2 times that the same was asked"
    )
    seen = [bad(rooms({**WHOLE, "limit": limit})) for limit in range(1, 7)]
    even = [replace(one, number=2 * number) for number, one in enumerate(seen, 1)]
    assert lead(judge(even)).often == "in 6 of 6 answers where it could show"


@pytest.mark.parametrize(
    ("departs", "told"),
    [("gbg", "1 of 3"), ("gbgg", "1 of 4"), ("bgbb", "1 of 4"), ("bggbgg", "2 of 6")],
)
def test_the_same_question_answered_in_two_ways(departs: str, told: str) -> None:
    """What most answers say is the usual."""
    often = lead(judge(asked(*(sign == "b" for sign in departs), change=short))).often
    assert often.startswith(f"now and then: in {told} answers where it could show")


def torn(exchange: Exchange) -> Exchange:
    return replace(exchange, response=None, fault="answer torn")


def test_answers_that_are_torn_now_and_then_are_told() -> None:
    seen = [FakeApi()(rooms({**WHOLE, "limit": limit})) for limit in range(1, 13)]
    seen = [replace(one, number=number) for number, one in enumerate(seen, 1)]
    again = [replace(one, number=one.number + 20) for one in seen]
    two = [torn(one) if one.number in (3, 7) else one for one in seen]
    assert judge([*two, *again]).exit_code == 0  # twice may be the network's
    three = [torn(one) if one.number in (3, 7, 11) else one for one in seen]
    finding = lead(judge([*three, *again]))
    assert (finding.rule, finding.received) == ("rooms.wire.whole", "answer torn, 3 of 24 times")
    assert "now and then" in finding.message


@pytest.mark.slow
def test_a_finding_that_takes_several_requests_names_them_in_order() -> None:
    made = FakeApi()
    whole = made._list
    made._list = (
        lambda params: (  # type: ignore[method-assign]
            FakeApi(made.stored[9:])._list(params) if params.get("status") == 2 else whole(params)
        )
    )
    finding = lead(run(made, budget=110))
    assert finding.rule == "rooms.status.complete"
    asked_for = [number for number in finding.together if number not in finding.exchanges]
    assert asked_for, finding  # the whole list that the filtered one is held against
    assert list(finding.together) == sorted(finding.together)
