"""The behaviour profile: one record per open question, legal answers only."""

from __future__ import annotations

from pathlib import Path

import pytest

from happytalk_mock.core.errors import BehaviourError
from happytalk_mock.spec.behaviour import BY_ID, QUESTIONS, Behaviour, load, parse_setting


def test_every_question_is_whole() -> None:
    assert len(BY_ID) == len(QUESTIONS) == 35
    for question in QUESTIONS:
        assert question.default in question.answers
        assert question.asks.endswith("?")
        assert all(question.answers.values())


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
        ({"longest_period": 0}, "allowed: none, a number of days"),
        ({"longest_period": -3}, "received -3"),
        ({"longest_period": True}, "received True"),
        ({"size_type": None}, "received None"),
    ],
)
def test_what_is_not_legal_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(BehaviourError, match=says.replace("`", ".")):
        Behaviour().but(changes)


def test_settings_of_the_command_line() -> None:
    assert parse_setting("page_invalid = failure") == ("page_invalid", "failure")
    with pytest.raises(BehaviourError, match="expected question=answer"):
        parse_setting("page_invalid")


def test_files(tmp_path: Path) -> None:
    good = tmp_path / "good.toml"
    good.write_text('size_type = "text"\nlongest_period = 31\nfailure_http_status = 400\n', encoding="utf-8")
    assert load(good) == {"size_type": "text", "longest_period": "31", "failure_http_status": "400"}
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
