"""What is asked on purpose: a window in two halves, and documented questions to see what there is."""

from __future__ import annotations

from datetime import date, timedelta

from fake_api import TODAY, FakeApi
from test_cover import account
from test_rules import run

from happytalk_contract.engine.aims import aims
from happytalk_contract.questions.meaning import meaning, parameters


def test_the_halves_of_the_window_are_the_window() -> None:
    known = account()
    halves = [params for params, why in aims(known, TODAY) if why.endswith("half of the window")]
    (first, stop), (start, last) = ((half["sdate"], half["edate"]) for half in halves)
    assert (first, last) == tuple(day.isoformat() for day in known.window)
    assert first <= stop < start <= last
    assert date.fromisoformat(stop) + timedelta(days=1) == date.fromisoformat(start)


def test_what_is_asked_to_see_rooms_is_documented() -> None:
    looks = (
        "all of ",
        "a range of three months",
        "the part before",
        "the last page of",
        "what ",
        "which half",
    )
    asked = [exchange.request for exchange in run(FakeApi(), budget=60).exchanges]
    seen = {why for request in asked for why in looks if request.why.startswith(why)}
    assert seen == set(looks)
    for request in asked:
        if request.why.startswith(looks):
            means = meaning(parameters(request) or {})
            assert means is not None, request
            assert means.is_plain, request


def test_defaults_that_are_written_out_mean_what_is_meant_without_them() -> None:
    asked = [meaning(params) for params, why in aims(account(), TODAY) if "defaults" in why]
    plain = [(means.status, means.sort_key, means.sort_value, means.limit, means.page) for means in asked]
    assert len(plain) == 5
    assert len(set(plain)) == 1
    assert not any(means.open for means in asked)
