"""Questions by Hypothesis: a seed draws the same whatever else is loaded, and the least form that departs is found."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest

from happytalk_contract.questions import draws
from happytalk_contract.questions.meaning import PARAMETERS, meaning
from happytalk_contract.questions.strategies import Choices, drawn, least, questions, simpler

WINDOW = (date(2022, 5, 20), date(2022, 6, 5))
VALID = questions(partial(draws.documented, within=WINDOW))
ODD = questions(partial(draws.odd, within=WINDOW))
ASKED = {
    "sdate": "2022-05-20",
    "edate": "2022-06-05",
    "status": 2,
    "limit": 50,
    "page": 2,
    "sort_value": "asc",
}


def test_documented_questions_are_documented_and_use_every_parameter() -> None:
    found = drawn(VALID, 80, by=1)
    assert all(meaning(params).is_plain for params in found)
    assert {name for params in found for name in params} == set(PARAMETERS)
    assert any(params.get("limit") in draws.BOUNDARY_LIMITS for params in found)


@pytest.mark.parametrize("count", [0, 1, 3, 8, 9, 40])
def test_as_many_are_drawn_as_are_asked_for(count: int) -> None:
    assert len(drawn(VALID, count, by=1)) == count


def test_odd_questions_have_values_of_every_kind() -> None:
    kinds = {type(value) for params in drawn(ODD, 150, by=1) for value in params.values()}
    assert kinds == {int, float, bool, str, list, dict, type(None)}
    assert any(isinstance(body, bytes) and body for body in drawn(questions(draws.odd_body), 5, by=1))
    assert all(not text.isdigit() for text in drawn(questions(draws.odd_id), 20, by=1))


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_seed_draws_the_same_whatever_else_is_loaded(
    ci: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    many = questions(lambda by: [by.randint(0, 10**6) for _turn in range(20)])
    before = drawn(many, 40, by=5)
    assert before != drawn(many, 40, by=6)
    assert drawn(many, 0, by=5) == []
    # Hypothesis reads the constants of the modules beside it.
    of_a_user = tmp_path / f"of_a_user_{ci}.py"
    of_a_user.write_text("".join(f"N{turn} = {turn * 7 + 150}\n" for turn in range(2000)))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CI", ci)
    __import__(of_a_user.stem)
    assert drawn(many, 40, by=5) == before


@pytest.mark.parametrize("most", [0, 1, 4, 63, 64, 2**70])
def test_a_choice_reaches_both_ends_and_nothing_beyond(most: int) -> None:
    sides = [Choices(lambda _coin, side=side: side).randint(-100, most - 100) for side in (False, True)]
    assert sides == [-100, most - 100]


def test_each_value_of_a_choice_comes_about() -> None:
    random = Random(1)
    choices = Choices(lambda _coin: random.random() < 0.5)
    times = Counter(choices.randint(0, 4) for _turn in range(2000))
    assert times.keys() == set(range(5))
    assert max(times.values()) < 2.3 * min(times.values())


@pytest.mark.parametrize("needed", [(), ("status",), ("limit", "page"), ("status", "page", "sort_value")])
def test_hypothesis_finds_the_least_form_that_departs(needed: tuple[str, ...]) -> None:
    tried: list[dict[str, Any]] = []

    def fails(form: dict[str, Any]) -> bool:
        tried.append(form)
        return form.keys() >= set(needed)

    found = least(simpler(ASKED), fails, by=3)
    assert found == {name: value for name, value in ASKED.items() if name in (*needed, "sdate", "edate")}
    assert least(simpler(ASKED), lambda _form: False, by=3) is None
    assert all({"sdate", "edate"} <= form.keys() for form in tried)
