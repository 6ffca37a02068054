"""Recordings: saved without people's words, judged alike after loading."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fake_api import FakeApi

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import Exchange, Response
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.recording import key, load, redact, save
from happytalk_contract.questions.meaning import rooms, rooms_raw
from happytalk_contract.report import WRITERS
from happytalk_contract.report.document import as_document
from happytalk_contract.verdict.judge import judge

WORDS = "상담원이 종료하였습니다."


def test_answers_are_found_by_what_was_asked() -> None:
    api = FakeApi()
    first, second = api(rooms({"limit": 3}, why="a")), api(rooms({"limit": 3}, why="b"))
    evidence = Evidence([first, second, api(rooms({"limit": 4}))])
    assert [view.exchange for view in evidence.by_request[key(rooms({"limit": 3}))]] == [first, second]
    assert key(rooms({"limit": 5})) not in evidence.by_request
    assert len(evidence.rooms) == 3


def test_words_do_not_reach_the_file(tmp_path: Path) -> None:
    api = FakeApi()
    save([api(rooms({"ndate": "2026-11-04"}))], tmp_path / "run.jsonl")
    text = (tmp_path / "run.jsonl").read_text("utf-8")
    assert WORDS not in text
    assert "1000225570" not in text
    assert "2026-11-04" in text


def test_what_rules_look_at_survives(tmp_path: Path) -> None:
    exchange = FakeApi()(rooms({"ndate": "2026-11-04"}))
    save([exchange], tmp_path / "run.jsonl")
    (loaded,) = load(tmp_path / "run.jsonl")
    assert loaded.request == exchange.request
    before = json.loads(exchange.response.body)["data"]["chat_list"]
    after = json.loads(loaded.response.body)["data"]["chat_list"]
    assert [room["id"] for room in before] == [room["id"] for room in after]
    for one, other in zip(before, after, strict=True):
        for name, value in one.items():
            assert type(value) is type(other[name])
            assert value is None or len(value) == len(other[name])
    assert len({room["last_message"] for room in after}) == 1


@pytest.mark.slow
@pytest.mark.parametrize("levels", [60, 300, 900])
def test_an_answer_however_deep_is_judged_kept_and_told(levels: int, tmp_path: Path) -> None:
    api = FakeApi()
    deep = b'{"a":[' * levels + b'"secret words"' + b"]}" * levels
    seen = [api(rooms({"ndate": "2026-11-04"})) for _turn in range(2)]
    seen = [
        replace(
            one,
            response=replace(
                one.response, body=one.response.body.replace(b'"title":', b'"more":%b,"title":' % deep)
            ),
        )
        for one in seen
    ]
    report = judge(seen)
    save(seen, tmp_path / "run.jsonl")
    assert b"secret words" not in (tmp_path / "run.jsonl").read_bytes()
    assert [finding.signature for finding in judge(load(tmp_path / "run.jsonl")).findings] == [
        finding.signature for finding in report.findings
    ]
    assert not [rule.note for rule in report.rules if "defect" in rule.note]
    for writer in WRITERS:
        assert writer.render(as_document(report))


def test_equal_words_stay_equal_within_a_file_and_not_between_files() -> None:
    body = b'{"title":"abc","last_message":"abc"}'
    one, other = redact(body, b"1"), redact(body, b"2")
    assert one != other
    assert one.count(one.split(b'"')[3]) == 2


def test_what_is_not_json_loses_its_words_too() -> None:
    assert redact("<b>안녕 hello</b>".encode(), b"") == b"<x>xx xxxxx</x>"


def test_odd_bytes_come_back(tmp_path: Path) -> None:
    exchange = Exchange(
        number=1,
        started=0.0,
        request=rooms_raw(b"\xff\x00"),
        response=Response(status=200, headers={}, body=b"", seconds=0.0),
    )
    fault = Exchange(number=2, started=0.0, request=rooms(), response=None, fault="timeout")
    save([exchange, fault], tmp_path / "run.jsonl")
    assert load(tmp_path / "run.jsonl") == (exchange, fault)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("no json", "line 2: not JSON"),
        ("[]", "line 2: \\[\\] is not of type 'object'; expected an exchange"),
        ('{"number":1}', "line 2: 'started' is a required property"),
        (
            ("started", "soon"),
            "line 2: started: 'soon' is not of type 'number'; expected seconds since the epoch",
        ),
        (
            ("request", "endpoint", "users"),
            r"line 2: request.endpoint: 'users' is not one of \['rooms', 'messages'\]",
        ),
        (("request", "query", [["id"]]), "line 2: request.query"),
        (("request", "body_base64", "?"), "line 2: request"),
        (("response", "status", "200"), "line 2: response.status: '200' is not of type 'integer'"),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str | tuple, told: str) -> None:
    path = tmp_path / "run.jsonl"
    save([FakeApi()(rooms())], path)
    kept = path.read_text("utf-8")
    if not isinstance(line, str):
        *way, name, value = line
        changed = json.loads(kept)
        (changed[way[0]] if way else changed)[name] = value
        line = json.dumps(changed)
    path.write_text(kept + line + "\n", "utf-8")
    with pytest.raises(WrongUseError, match=told) as caught:
        load(path)
    assert "\n" not in str(caught.value)
