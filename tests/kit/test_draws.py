"""Questions drawn at random: what they hold, and that the seed alone decides."""

from __future__ import annotations

import json
from datetime import date
from random import Random

from happytalk_contract.questions import draws
from happytalk_contract.questions.meaning import PARAMETERS, meaning, rooms

WINDOW = (date(2022, 5, 20), date(2022, 6, 5))


def drawn(count: int = 300, seed: int = 1) -> list[dict]:
    random = Random(seed)
    return [draws.documented(random, within=WINDOW) for _turn in range(count)]


def test_documented_questions_are_documented_and_stay_in_the_window() -> None:
    for params in drawn():
        means = meaning(params)
        assert means.is_plain
        assert params.keys() <= set(PARAMETERS)
        assert means.first is not None
        assert WINDOW[0] <= means.first <= means.last <= WINDOW[1]


def test_every_parameter_and_every_way_to_say_the_days_comes_up() -> None:
    seen = drawn()
    assert {name for params in seen for name in params} == set(PARAMETERS)
    ways = {frozenset({"ndate", "sdate"} & params.keys()) for params in seen}
    assert ways == {frozenset({"ndate"}), frozenset({"sdate"}), frozenset({"ndate", "sdate"})}
    assert any(params.get("ndate", "") is None for params in seen)


def test_a_seed_draws_the_same_and_another_one_does_not() -> None:
    assert drawn(12, seed=5) == drawn(12, seed=5)
    assert drawn(12, seed=5) != drawn(12, seed=6)


def test_odd_questions_can_be_written_and_have_values_of_every_kind() -> None:
    random = Random(1)
    kinds = set()
    for _turn in range(600):
        params = draws.odd(random, within=WINDOW)
        written = json.loads(rooms(params).body)
        kinds |= {type(value) for value in written.values()}
        assert written.items() >= {name: value for name, value in params.items() if value == value}.items()
    assert kinds == {int, float, bool, str, list, dict, type(None)}


def test_odd_bodies_are_short_and_mostly_no_json() -> None:
    random = Random(1)
    bodies = [draws.odd_body(random) for _turn in range(300)]
    assert max(map(len, bodies)) < 200
    assert b"" in bodies
    assert len({*bodies}) > 250
