"""What everything stands on: how texts speak of what was received, what errors say, chance, waits."""

from __future__ import annotations

import time
from typing import Any

import pytest

from happytalk_mock.core import chance, clock, errors
from happytalk_mock.core.clock import Clock, at_moment, machine_time, wall_second
from happytalk_mock.core.waiting import Wait
from happytalk_mock.core.wording import did_you_mean, kind_of, mask, said, shorten

# --- wording -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "a boolean"),
        (0, "a number"),
        (0.5, "a number"),
        ("", "text"),
        ([], "an array"),
        ({}, "an object"),
    ],
)
def test_what_json_calls_a_value(value: Any, kind: str) -> None:
    assert kind_of(value) == kind


def test_a_value_is_said_as_json_and_short() -> None:
    assert said({"a": [None, "한"]}) == '{"a":[null,"한"]}'
    assert said(10**20) == "1" + "0" * 20  # beyond 64 bits JSON's writer refuses it
    assert said(10**99) == "1" + "0" * 58 + "…"


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("x\ny", "x\\ny"),
        ("한" * 60 + "\n", "\\ud55c" * 9 + "\\ud55…"),
        ("한" * 61 + "\n", "한" * 59 + "…"),  # what is cut off is not looked at
    ],
)
def test_a_text_stays_on_one_line_of_sixty_characters(text: str, short: str) -> None:
    assert shorten(text) == short
    assert shorten("abcd", 3) == "ab…"


def test_what_was_probably_meant() -> None:
    assert did_you_mean("Sdates", ["edate", "sdate", "page"]) == " (did you mean sdate?)"
    assert did_you_mean("limit", ["sdate", "page"]) == ""
    assert did_you_mean("aaab", ["aaacccx"]) == ""  # six of ten and more are alike, or it is not told
    assert did_you_mean("aaabb", ["aaacc"]) == " (did you mean aaacc?)"
    assert did_you_mean("a" * 27 + "b" * 99, ["a" * 27 + "ccc"])  # sixty characters are looked at


@pytest.mark.parametrize(
    ("secret", "shown"),
    [("", "…(0)"), ("elevenchars", "…(11)"), ("twelve-chars", "twel…(12)"), ("\n" * 12, "…(12)")],
)
def test_of_a_secret_little_is_shown(secret: str, shown: str) -> None:
    assert mask(secret) == shown


# --- what errors say ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (errors.ScenarioError("rooms: what", field="rooms"), "rooms: what"),
        (errors.ResourceNotFound("schema", "x", ("a", "b")), "no schema named 'x'; there are: a, b"),
        (errors.ResourceNotFound("schema", "x", ()), "no schema named 'x'; there are: none"),
        (errors.ChangeError("page", received="0", allowed="1"), "page: received 0; allowed: 1"),
        (
            errors.ChangeError("id", received="0", allowed="1").within("rooms[3]"),
            "rooms[3].id: received 0; allowed: 1",
        ),
        (errors.StateLostError("it", allowed="to look"), "state: received it; allowed: to look"),
        (
            errors.UnservableError(431, "head", received="much", allowed="less"),
            "head: received much; allowed: less",
        ),
        (errors.AdminError(404, {"detail": "id: unknown"}), "HTTP 404: id: unknown"),
        (errors.AdminError(502, {}), "HTTP 502: no problem details"),
        (errors.MessagesFailure("508", "no message", cause="id"), "no message"),
        (
            errors.ParameterFailure("limit", received="x", expected="a number"),
            "limit: received x; expected a number",
        ),
        (
            errors.BodyFailure(received="nothing"),
            "body: received nothing; expected a JSON object with a token",
        ),
    ],
)
def test_what_an_error_says(error: errors.MockError, says: str) -> None:
    assert str(error) == says


def test_state_that_is_lost_may_be_asked_for_again() -> None:
    assert "ask again once the database can be reached" in errors.StateLostError("x").problem.allowed


# --- chance ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 2**31 + 7, 2**63, 2**64 - 1, chance.GOLDEN])
def test_what_is_mixed_can_be_told_back(number: int) -> None:
    assert chance.unmix(chance.mix(number)) == number
    assert chance.mix(number + 2**64) == chance.mix(number) < 2**64


def test_chance_is_what_it_always_was() -> None:
    """Seeds that people wrote down, and twins that were recorded, stand on these numbers."""
    assert chance.mix(1) == 0x5692161D100B05E5
    assert chance.key_of("a", 1) != chance.key_of("a1") != chance.key_of("a", "1", "")
    assert chance.number_of("end", "1") == 0x6EA778EC5D896F7E
    assert len(chance.key_of()) == 32


# --- time --------------------------------------------------------------------------------------------------


def test_a_thread_makes_a_change_as_of_a_moment() -> None:
    with at_moment(1000.0):
        assert machine_time() == 1000.0
        with at_moment(2000.0):
            assert machine_time() == 2000.0
        assert machine_time() == 1000.0
    assert abs(machine_time() - time.time()) < 60


def test_parts_of_a_second_are_cut_off_before_1970_too() -> None:
    assert wall_second(clock.seoul_time(1.75)) == 9 * 3600 + 1
    assert wall_second(clock.seoul_time(-1.75)) == 9 * 3600 - 2


@pytest.mark.parametrize(
    ("epoch", "taken"),
    [(-62_000_000_000, False), (-61_999_999_999, True), (253_299_999_999, True), (253_300_000_000, False)],
)
def test_the_ends_of_the_clock(epoch: int, taken: bool) -> None:
    made = Clock()
    made.set(clock.seoul_time(0), ticking=False)
    if taken:
        made.advance(epoch)
        assert made.epoch() == epoch
    else:
        with pytest.raises(ValueError, match="0006 to 9996"):
            made.advance(epoch)
        assert made.epoch() == 0


def test_a_wait_ends_with_what_causes_it() -> None:
    told: list[object] = []
    wait = Wait({1: 1000.0, 2: 2000.0})
    wait.changed = lambda: told.append(wait.left)
    assert 2900 < wait.left <= 3000
    wait.lift(1)
    assert 1900 < wait.left <= 2000
    wait.again({1: 500.0, 3: 100.0})  # what is gone stays gone
    assert 0 < wait.left <= 100
    wait.lift()
    wait.lift(3)  # nothing is left to be lifted
    wait.again({4: 100.0})
    assert wait.left == 0.0
    assert len(told) == 3
