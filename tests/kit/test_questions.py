"""What a question means: the truth table of date priority, defaults, limits and what is open."""

from __future__ import annotations

from datetime import date

import pytest

from happytalk_contract.questions.meaning import (
    TOKEN,
    UNLISTED,
    as_day,
    meaning,
    parameters,
    rooms,
    rooms_raw,
)

A, B, C = "2022-05-26", "2022-05-31", "2022-04-01"


@pytest.mark.parametrize(
    ("params", "first", "last", "open_"),
    [
        ({}, None, None, set()),
        ({"ndate": None}, None, None, set()),
        ({"ndate": None, "sdate": None, "edate": None}, None, None, set()),
        ({"ndate": A}, A, A, set()),
        ({"sdate": A, "edate": B}, A, B, set()),
        ({"sdate": A, "edate": B, "ndate": C}, A, B, set()),
        ({"sdate": A, "edate": B, "ndate": None}, A, B, set()),
        ({"sdate": None, "edate": None, "ndate": C}, C, C, set()),
        ({"sdate": A}, None, None, {"single_date"}),
        ({"edate": A, "ndate": C}, C, C, {"single_date"}),
        ({"sdate": B, "edate": A}, B, A, {"reversed_dates"}),
        ({"ndate": ""}, None, None, {"empty_date"}),
        ({"ndate": "2022-02-30"}, None, None, {"bad_date.no_such_day"}),
        ({"ndate": 20220526}, None, None, {"bad_date.type"}),
        ({"ndate": "2022-5-6"}, None, None, {"bad_date.form"}),
    ],
)
def test_dates(params: dict, first: str | None, last: str | None, open_: set[str]) -> None:
    means = meaning(params)
    day = {None: None} | {text: date.fromisoformat(text) for text in (A, B, C)}
    assert (means.first, means.last) == (day[first], day[last])
    assert means.open == open_
    assert means.is_today == (first is None)


@pytest.mark.parametrize(
    ("params", "field", "value", "open_"),
    [
        ({}, "limit", 10, set()),
        ({"limit": 50}, "limit", 50, set()),
        ({"limit": 51}, "limit", 50, {"limit_above_max"}),
        ({"limit": "7"}, "limit", 7, {"numeric_text"}),
        ({"limit": 0}, "limit", 1, {"limit_invalid.zero"}),
        ({"limit": True}, "limit", 10, {"limit_invalid.type"}),
        ({"limit": None}, "limit", 10, {"null_value"}),
        ({"limit": 10**30}, "limit", 10, {"limit_invalid.huge"}),
        ({"limit": 1.5}, "limit", 10, {"limit_invalid.fraction"}),
        ({"limit": "x"}, "limit", 10, {"limit_invalid.text"}),
        ({"limit": 2.0}, "limit", 10, {"whole_fraction"}),
        ({"page": 10**9}, "page", 1, {UNLISTED}),
        ({"page": 10**9 - 1}, "page", 10**9 - 1, set()),
        ({"page": -1}, "page", 1, {"page_invalid.negative"}),
        ({"page": 3}, "page", 3, set()),
        ({"status": 4}, "status", 4, {"unknown_status.4"}),
        ({"status": 7}, "status", 7, {"unknown_status.number"}),
        ({"status": "-2"}, "status", -2, {"numeric_text"}),
        ({"status": []}, "status", 99, {"unknown_status.type"}),
        ({"sort_key": "title"}, "sort_key", "reg_date", {"unknown_sort.key"}),
        ({"sort_value": "up"}, "sort_value", "desc", {"unknown_sort.value"}),
        ({}, "sort_value", "desc", set()),
        ({"x": 1}, "page", 1, {"unknown_parameters"}),
    ],
)
def test_other_parameters(params: dict, field: str, value: object, open_: set[str]) -> None:
    means = meaning(params)
    assert getattr(means, field) == value
    assert means.open == open_


def test_only_what_can_only_be_taken_or_refused_is_judged() -> None:
    assert meaning({"limit": "7"}).is_judged
    assert not meaning({"limit": "7"}).is_plain
    assert not meaning({"limit": 0}).is_judged


def test_questions_are_read_back() -> None:
    assert parameters(rooms({"limit": 3})) == {"limit": 3}
    assert parameters(rooms({"limit": 3}, token="other")) is None
    assert parameters(rooms_raw(b"{")) is None
    assert parameters(rooms_raw(f'{{"token":"{TOKEN}"}}'.encode(), content_type="text/plain")) is None
    assert parameters(rooms_raw(b"[" * 50_000)) is None
    assert parameters(rooms_raw(f'{{"token":"x","token":"{TOKEN}"}}'.encode())) is None


@pytest.mark.parametrize(
    "text", ["2022-02-30", "0000-00-00", "22-01-01", "2022-05-26 ", "２０２２-05-26", None, 1]
)
def test_what_is_no_day(text: object) -> None:
    assert as_day(text) is None
