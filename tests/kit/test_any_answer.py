"""Whatever an API answers, the kit judges it: no rule and no planner fails on what it sees."""

from __future__ import annotations

from copy import deepcopy
from random import Random
from typing import Any

import pytest
from fake_api import FakeApi, Params
from test_judge import message, told
from test_rules import run

from happytalk_contract.core.model import Exchange
from happytalk_contract.verdict.judge import COULD_NOT, judge

ODD: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 10**30, "", "x", "9" * 400, "2022-02-30 00:00:00", [], {}, [[]], [None], {"a": []},
    "\u0000", "가", "success", "fail", -504, "9999-12-31 23:59:59",
)  # fmt: skip


def spoil(value: Any, random: Random, odd: Any) -> Any:
    """Put `odd` somewhere into a JSON value."""
    if isinstance(value, dict) and value and random.random() < 0.8:
        name = random.choice(sorted(value))
        return {**value, name: spoil(value[name], random, odd)}
    if isinstance(value, list) and value and random.random() < 0.8:
        at = random.randrange(len(value))
        return [*value[:at], spoil(value[at], random, odd), *value[at + 1 :]]
    return odd


def failed(rules: Any) -> list[str]:
    return [f"{rule.id}: {rule.note}" for rule in rules if rule.note.startswith(COULD_NOT)]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_room_lists(seed: int) -> None:
    random = Random(seed)
    always = seed % 3 == 0
    odd = random.choice(ODD)

    def change(answer: Any, _params: Params) -> Any:
        if always:
            return spoil(deepcopy(answer), Random(seed), odd)
        return spoil(deepcopy(answer), random, random.choice(ODD)) if random.random() < 0.3 else answer

    assert failed(run(FakeApi(change=change), budget=60).rules) == []


@pytest.mark.parametrize("seed", range(12))
def test_messages(seed: int) -> None:
    random = Random(seed)
    listing = [message(1), message(2), message(3)]

    def spoiled(number: int, data: list[Any], **asked: Any) -> Exchange:
        for _time in range(random.randrange(4)):
            data = spoil(data, random, random.choice(ODD))
        return told(number, data, **asked)

    seen = [
        spoiled(at, listing if at % 2 else [message(1)], message_id=None if at % 2 else "1")
        for at in range(1, 9)
    ]
    assert failed(judge(seen).rules) == []
