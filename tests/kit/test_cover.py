"""Documented questions: what each can refute, and the drawing of such as the account has rooms for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from itertools import product
from random import Random
from typing import Any

import pytest
from fake_api import TODAY, FakeApi, rooms

from happytalk_contract.engine.cover import Draws, points
from happytalk_contract.engine.plan import Plan, Step
from happytalk_contract.engine.scout import Account, ranged
from happytalk_contract.evidence.views import as_time
from happytalk_contract.questions.meaning import (
    MOST_PER_PAGE,
    SORT_KEYS,
    SORT_VALUES,
    STATUSES,
    Meaning,
    meaning,
)

WINDOW = (TODAY - timedelta(days=13), TODAY - timedelta(days=1))


def account() -> Account:
    stored = [room for room in rooms(days=14, per_day=12) if room["reg_date"][:10] != TODAY.isoformat()]
    days: dict[date, int] = {}
    for room in stored:
        at = as_time(room["reg_date"])
        assert at is not None
        days[at.date()] = days.get(at.date(), 0) + 1
    return Account(window=WINDOW, span=WINDOW, rooms=tuple(stored), has_today=False, days=days)


def drawn(seed: int = 1) -> list[dict[str, Any]]:
    return list(Draws(account=account(), today=TODAY, random=Random(seed)).some(seed))


def found(params: dict[str, Any]) -> dict[str, Any]:
    """The single values among a question's points."""
    return dict(point[0] for point in points(params, account(), TODAY) if len(point) == 1)


@pytest.mark.slow
def test_every_status_is_drawn_in_every_order() -> None:
    seen = {(means.status, means.sort_key, means.sort_value) for means in map(meaning, drawn())}
    assert seen == set(product(STATUSES, SORT_KEYS, SORT_VALUES))


def test_every_question_is_documented_and_has_rooms() -> None:
    api = FakeApi(list(account().rooms))
    for params in drawn():
        assert meaning(params).is_plain
        assert api._list(params)["data"]["chat_list"], params


def test_the_same_seed_draws_the_same() -> None:
    assert drawn(seed=3) == drawn(seed=3) != drawn(seed=4)


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({}, {"span": "today", "dates": "none", "page": "first", "status": 99, "limit": 10}),
        ({"ndate": None}, {"span": "today", "dates": "none null"}),
        ({"ndate": WINDOW[1].isoformat(), "limit": 3, "page": 2}, {"span": "day", "dates": "ndate", "page": "second"}),
        ({**ranged(WINDOW), "page": 16, "sort_value": "asc"}, {"span": "month", "page": "last", "sort_value": "asc"}),
        ({**ranged(WINDOW), "page": 9}, {"page": "middle", "dates": "range"}),
        ({**ranged(WINDOW), "page": 17}, {"page": "past the end"}),
        ({**ranged(WINDOW), "ndate": TODAY.isoformat(), "limit": 49}, {"dates": "range outside", "limit": 49}),
        ({**ranged(WINDOW), "ndate": WINDOW[0].isoformat(), "limit": 20}, {"dates": "range inside", "limit": "some"}),
        ({"ndate": WINDOW[0].isoformat(), "sdate": None, "edate": None}, {"dates": "ndate null ends"}),
    ],
)  # fmt: skip
def test_what_is_special_about_a_question(params: dict[str, Any], told: dict[str, Any]) -> None:
    assert found(params).items() >= told.items()


def test_a_question_that_is_not_documented_refutes_nothing() -> None:
    assert points({"limit": 0}, account(), TODAY) == {}


def test_a_default_left_out_and_written_out_differ_in_being_written_alone() -> None:
    whole = ranged(WINDOW)
    plain, written = points(whole, account(), TODAY), points({**whole, "status": 99}, account(), TODAY)
    assert written.keys() - plain.keys() == {("written", "status")}


def test_few_questions_hold_each_status_against_each_order_and_fifty_rooms() -> None:
    plan = Plan()
    asked: list[Meaning] = []
    for params in drawn():
        ask = partial(asked.append, meaning(params))
        plan.add([Step(endpoint="rooms", ask=ask, points=points(params, account(), TODAY))])
    for _turn in range(4 * len(STATUSES) + 4):
        step = plan.next(left=1)
        assert step is not None
        step.ask()
    orders = {(means.status, name) for means in asked for name in (means.sort_key, means.sort_value)}
    assert orders == set(product(STATUSES, (*SORT_KEYS, *SORT_VALUES)))
    both = {(means.status, means.sort_key, means.sort_value) for means in asked}
    assert len(both) >= 24  # of 28
    assert {means.status for means in asked if means.limit == MOST_PER_PAGE} == set(STATUSES)


def test_an_order_is_asked_where_there_are_rooms_enough_to_show_it() -> None:
    sparse = replace(account(), rooms=tuple(account().rooms[:40]), days={})
    draws = Draws(account=sparse, today=TODAY, random=Random(1))
    of_status = [params for _turn in range(60) if (params := draws.one(draws.random, (3, "reg_date", "asc")))]
    windows = {(means.first, means.last) for means in map(meaning, of_status)}
    assert windows
    assert all(
        first is not None and last is not None and sparse.expected((first, last), 3) >= 3
        for first, last in windows
    )
