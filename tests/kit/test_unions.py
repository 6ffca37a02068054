"""What several answers say together: a list lacks no room that another one shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fake_api import FakeApi, Params, rooms

from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.questions.meaning import rooms as question
from happytalk_contract.rules.rooms.unions import left_out
from happytalk_contract.rules.rule import HELD, Doubt, Verdict

LONG = {"sdate": "2026-10-24", "edate": "2026-11-05"}
DELETED = {**LONG, "status": 3}
RISING = {**LONG, "sort_value": "asc", "limit": 50}
BY_END = {**LONG, "sort_key": "complate_date", "limit": 20, "page": 2}
#: A page that shows rooms and is no whole reading of its days.
WITNESS = {**LONG, "limit": 49, "page": 1}

Change = Callable[[dict[str, Any], Params], dict[str, Any]]


def verdicts(api: FakeApi, *asked: Params) -> list[Verdict]:
    return list(left_out.check(Evidence([api(question(params)) for params in asked])))


def losing(lost: Callable[[dict[str, Any]], bool], of: Params) -> Change:
    """Lose rooms of one question, and count as many less."""

    def change(answer: dict[str, Any], params: Params) -> dict[str, Any]:
        if params != of:
            return answer
        data = answer["data"]
        kept = [room for room in data["chat_list"] if not lost(room)]
        data.update(total_count=data["total_count"] - len(data["chat_list"]) + len(kept), chat_list=kept)
        return {**answer, "data": data}

    return change


@pytest.mark.parametrize(
    "params", [DELETED, RISING, {**RISING, "page": 2}, BY_END, LONG, {**LONG, "page": 3}]
)
def test_true_answers_show_all(params: Params) -> None:
    told = verdicts(FakeApi(), WITNESS, params, params, WITNESS)
    assert told
    assert set(told) == {HELD}


def deleted(room: dict[str, Any]) -> bool:
    return room["status"] == "3"


def of_a_day(room: dict[str, Any]) -> bool:
    return str(room["reg_date"]).startswith("2026-11-02")


def one(room: dict[str, Any]) -> bool:
    return str(room["reg_date"]) == "2026-11-03 02:00:00"


def two(room: dict[str, Any]) -> bool:
    return str(room["reg_date"])[:10] in ("2026-11-02", "2026-11-03")


LOSSES = [
    (DELETED, deleted),
    ({**RISING, "page": 2}, of_a_day),
    ({**LONG, "page": 3}, one),
    ({**DELETED, "limit": 50}, two),
]


@pytest.mark.parametrize(("params", "lost"), LOSSES)
def test_a_room_that_another_answer_shows_is_missed(
    params: Params, lost: Callable[[dict[str, Any]], bool]
) -> None:
    api = FakeApi(change=losing(lost, params))
    shown = [room for room in api._list(params)["data"]["chat_list"] if lost(room)]
    assert shown, "the fault must show"
    told = [one for one in verdicts(api, WITNESS, params, params, WITNESS) if one is not HELD]
    assert [one.message for one in told if not isinstance(one, Doubt)] == [  # type: ignore[union-attr]
        "rooms are left out that another answer shows"
    ] * 2


def test_what_may_have_come_or_gone_in_between_is_a_doubt() -> None:
    api = FakeApi(change=losing(deleted, DELETED))
    assert all(isinstance(one, Doubt) for one in verdicts(api, WITNESS, DELETED, DELETED) if one is not HELD)
    assert all(isinstance(one, Doubt) for one in verdicts(api, WITNESS, DELETED, WITNESS) if one is not HELD)
    stored = rooms()
    moving = FakeApi(stored)
    seen = [moving(question(WITNESS))]
    for room in stored:
        if room["status"] == "3":
            room["status"] = "2"  # the list loses them because they are something else now
    seen += [moving(question(params)) for params in (DELETED, DELETED, WITNESS)]
    assert all(isinstance(one, Doubt) or one is HELD for one in left_out.check(Evidence(seen)))
