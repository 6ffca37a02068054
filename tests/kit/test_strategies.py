"""The strategies draw what they say, by seed alone, and shrink to the least."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings

from happytalk_contract.questions import strategies
from happytalk_contract.questions.meaning import PARAMETERS, meaning, rooms

WINDOW = (date(2022, 5, 20), date(2022, 6, 5))


@settings(max_examples=40)
@given(strategies.room_questions(within=WINDOW))
def test_documented_questions_are_documented(params: dict) -> None:
    means = meaning(params)
    assert means.is_plain
    assert params.keys() <= set(PARAMETERS)
    assert means.first is not None
    assert WINDOW[0] <= means.first <= means.last <= WINDOW[1]


@settings(max_examples=40)
@given(strategies.odd_questions(within=WINDOW))
def test_odd_questions_can_be_written(params: dict) -> None:
    assert json.loads(rooms(params).body)


@settings(max_examples=40)
@given(strategies.windows(within=WINDOW))
def test_windows_stand_the_right_way_round(window: tuple[date, date]) -> None:
    assert WINDOW[0] <= window[0] <= window[1] <= WINDOW[1]


@settings(max_examples=20)
@given(strategies.odd_bodies())
def test_odd_bodies_are_short_bytes(body: bytes) -> None:
    assert len(body) < 200


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_seed_draws_the_same_with_and_without_ci(ci: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", ci)
    one = strategies.drawn(strategies.room_questions(within=WINDOW), count=12, by=5)
    assert one == strategies.drawn(strategies.room_questions(within=WINDOW), count=12, by=5)
    assert one != strategies.drawn(strategies.room_questions(within=WINDOW), count=12, by=6)
    assert len(one) == 12


def test_shrinking_keeps_only_what_is_needed() -> None:
    params = {
        "sdate": "2022-05-20", "edate": "2022-06-05", "ndate": "2022-05-21", "status": 2,
        "sort_key": "complate_date", "sort_value": "asc", "limit": 50, "page": 7,
    }  # fmt: skip
    asked = []

    def fails(form: dict) -> bool:
        asked.append(form)
        return form.get("status") == 2 and form.get("sort_key") == "complate_date" and form.get("page", 1) > 1

    least = strategies.least(strategies.simpler(params), fails, by=1)
    assert least == {
        "sdate": "2022-05-20", "edate": "2022-06-05", "status": 2, "sort_key": "complate_date", "page": 2,
    }  # fmt: skip
    assert len({repr(form) for form in asked}) < 60


def test_what_is_not_met_again_has_no_least() -> None:
    assert strategies.least(strategies.simpler({"page": 2, "limit": 3}), lambda _form: False, by=1) is None
