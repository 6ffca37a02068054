"""The behaviour profile: one record per open question, legal answers only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from happytalk_mock.core.errors import BehaviourError
from happytalk_mock.spec.behaviour import BY_ID, QUESTIONS, Behaviour, load, parse_setting
from happytalk_mock.spec.resources import open_questions

HANGUL = re.compile("[가-힣]")


def test_every_question_is_whole() -> None:
    assert len(BY_ID) == len(QUESTIONS) > 80
    for question in QUESTIONS:
        assert question.accepts(question.default)
        for asks in question.asks:
            assert asks.endswith("?")
            assert "{" not in asks
        assert HANGUL.search(question.asks.ko)
        assert all(all(meaning) for meaning in question.answers.values())


def test_what_was_said_before_names_what_is_said_now() -> None:
    replaced = open_questions().replaced
    for before, now in replaced.items():
        question, _, answer = before.partition("=")
        with pytest.raises(BehaviourError, match=re.escape(f"it is {now} now")):
            Behaviour().but({question: answer or "x"})


def test_a_question_with_cases_is_answered_whole_or_case_by_case() -> None:
    profile = Behaviour().but({"limit_invalid.zero": "clamp", "limit_invalid": "failure"})
    assert profile["limit_invalid.zero"] == "clamp"
    assert {
        profile[f"limit_invalid.{case}"] for case in ("negative", "fraction", "text", "huge", "type")
    } == {"failure"}
    assert Behaviour().but({"limit_invalid": {"zero": "clamp"}}).differences == {
        "limit_invalid.zero": "clamp"
    }


def test_a_profile_derives_by_difference() -> None:
    profile = Behaviour().but({"zero_date_order": "last", "longest_period": 31})
    assert profile["zero_date_order"] == "last"
    assert profile.differences == {"zero_date_order": "last", "longest_period": "31"}
    assert Behaviour().differences == {}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"zero_date_order": "first"}, "zero_date_order: received 'first'; allowed: lowest, last"),
        ({"zero_dates_order": "last"}, "did you mean zero_date_order"),
        ({"xyz": "last"}, "see `happytalk-mock behaviours`"),
        ({"longest_period": 0}, "allowed: none, a number from 1 to 9999999: days"),
        ({"longest_period": -3}, "received -3"),
        ({"longest_period": True}, "received True"),
        ({"size_type": None}, "received None"),
    ],
)
def test_what_is_not_legal_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(BehaviourError, match=says.replace("`", ".")):
        Behaviour().but(changes)


def test_settings_of_the_command_line() -> None:
    assert parse_setting("page_invalid.zero = failure") == {"page_invalid.zero": "failure"}
    assert set(parse_setting("page_invalid = failure").values()) == {"failure"}
    with pytest.raises(BehaviourError, match="expected question=answer"):
        parse_setting("page_invalid")


def test_files(tmp_path: Path) -> None:
    good = tmp_path / "good.toml"
    good.write_text(
        'size_type.page = "text"\nlongest_period = 31\n[bad_date]\ntype = "read"\n', encoding="utf-8"
    )
    assert load(good) == {"size_type.page": "text", "longest_period": "31", "bad_date.type": "read"}
    for content, says in [
        (b'size_type = "words"', "allowed: number, text"),
        (b"size_type = ", "not TOML"),
        (b"\xff\xfe", "not TOML"),
        (b'[rooms]\nsize_type = "text"', "no open question 'rooms'"),
    ]:
        bad = tmp_path / "bad.toml"
        bad.write_bytes(content)
        with pytest.raises(BehaviourError, match=says) as caught:
            load(bad)
        assert str(bad) in str(caught.value)
    with pytest.raises(BehaviourError, match="No such file"):
        load(tmp_path / "none.toml")
