"""The files of a twin: what may tell of people, and what is another way than in the twin that was there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import Response
from happytalk_contract.twin.answering import answering
from happytalk_contract.twin.folder import Twin, changes, may_tell, told_body
from happytalk_contract.twin.pseudonyms import Pseudonyms
from happytalk_contract.twin.words import Words

FAILED: dict[str, Any] = {"result": "fail", "code": -504}


@pytest.mark.parametrize(
    ("endpoint", "document", "may"),
    [
        ("rooms", "text", True),
        ("rooms", [FAILED], True),
        ("rooms", FAILED, False),
        ("rooms", FAILED | {"data": {}}, False),
        ("rooms", FAILED | {"data": {"chat_list": []}}, False),
        ("rooms", FAILED | {"data": {"total_count": 1}}, False),
        ("rooms", FAILED | {"data": {"chat_list": [1]}}, True),
        ("rooms", FAILED | {"data": {"more": {"a": 1}}}, True),
        ("rooms", FAILED | {"data": []}, False),
        ("rooms", FAILED | {"data": [1]}, True),
        ("rooms", {"result": "success"}, True),
        ("rooms", {"code": "200"}, False),
        ("messages", {"code": "200"}, True),
        ("messages", {"code": 200}, True),
        ("messages", {"code": "508"}, False),
        ("messages", {"result": "success"}, False),
    ],
)
def test_all_but_a_failure_without_data_may_tell_of_people(endpoint: str, document: Any, may: bool) -> None:
    assert may_tell(endpoint, document) is may


def twin(answers: dict[str, str], failure: str, room: dict[str, Any], message: dict[str, Any]) -> Twin:
    words = Words(status=200, content_type="application/json", body=failure, exchanges=(1,), is_steady=True)
    return Twin(
        about={"words": "pseudonyms"},
        answers=answers,
        decisions={},
        failures={"rooms": {"token": words}},
        envelope={},
        changing=frozenset(),
        account={},
        rooms=[{"room": room}],
        messages=[{"message": message}],
        evidence=[],
    )


def test_what_is_another_way_than_before_is_told(tmp_path: Path) -> None:
    now = twin({"page_echo": "asked", "tie_order": "id"}, "new", {"id": 1, "b": 1, "a": 1}, {"id": 1})
    assert list(changes(tmp_path, now)) == []  # there was none
    (tmp_path / "behaviour.toml").write_text(
        'page_echo = "served"\nform_body = "taken"\ntie_order = "id"\n'
        "[failures.rooms.token]\nstatus = 200\n[failures.rooms.period]\nstatus = 400\n"
    )
    (tmp_path / "rooms.jsonl").write_bytes(orjson.dumps({"room": {"id": 1, "z": 1, "y": 1}}) + b"\n")
    assert list(changes(tmp_path, now)) == [
        "page_echo: served, now asked",
        "form_body: taken, now not decided",
        "a failure about token (rooms) reads otherwise",
        "room: field a is new",
        "room: field b is new",
        "room: field y is gone",
        "room: field z is gone",
    ]


def test_a_twin_that_no_mock_serves_is_wrong_use(tmp_path: Path) -> None:
    (tmp_path / "twin.toml").write_text("format = 2")
    (tmp_path / "behaviour.toml").write_text("")
    with (
        pytest.raises(WrongUseError, match="this version reads 1: update happytalk-mock"),
        answering(tmp_path, "2026-11-28T12:00:00"),
    ):
        pass


def test_sizes_around_a_list_of_none_are_no_ones_words() -> None:
    data = {"page": 3, "limit": 50, "total_count": 123456, "chat_list": None}
    body = orjson.dumps({"result": "success", "data": data})
    answer = Response(status=200, headers={}, body=body, seconds=0.1)
    assert orjson.loads(told_body("rooms", answer, Pseudonyms(b"k" * 32, date(2026, 11, 28))))["data"] == data
    del data["chat_list"]
    answer = replace(answer, body=orjson.dumps({"result": "success", "data": data}))
    assert orjson.loads(told_body("rooms", answer, Pseudonyms(b"k" * 32, date(2026, 11, 28))))["data"] == data
