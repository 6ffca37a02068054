"""From bytes to parameters: a truth table, and that it happens once a request whatever is switched on."""

from __future__ import annotations

import ast
import json
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

import happytalk_mock
from happytalk_mock import MockServer
from happytalk_mock.core.exchange import FORM_TYPE, Parameters
from happytalk_mock.spec import parameters
from happytalk_mock.spec.parameters import MAX_BODY, day, integer, receive
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH

LONG = 10**500


def decoded(body: bytes, content_type: str = "application/json", path: str = ROOMS_PATH) -> Parameters:
    return receive("POST", path, "a=1&a=2", {"content-type": content_type}, body).parameters


# --- JSON --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "values"),
    [
        (b'{"token": "t", "page": 2}', {"token": "t", "page": 2}),
        (b'{"page": 1, "page": 2}', {"page": 2}),
        (b'{"page": %d}' % LONG, {"page": LONG}),
        (b'{"page": -%d}' % LONG, {"page": -LONG}),
        (b'{"limit": 1e3, "a": null}', {"limit": 1000.0, "a": None}),
        ('{"token": "\\ud55c글"}'.encode(), {"token": "한글"}),
        (b" {} ", {}),
    ],
)
def test_json_that_is_read(body: bytes, values: dict[str, Any]) -> None:
    assert decoded(body)[:3] == (values, "json", None)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "nothing"),
        (b" \n", "nothing"),
        (b"{", "no JSON"),
        (b'\xef\xbb\xbf{"token": "t"}', "no JSON"),
        (b'{"token": "\\ud800"}', "no JSON"),
        (b'{"token": "\\ud800", "page": %d}' % LONG, "no JSON"),
        (b'{"page": NaN}', "no JSON"),
        (b'{"page": NaN, "limit": %d}' % LONG, "no JSON"),
        (b'{"page": %s}' % (b"9" * 5000), "no JSON"),
        (b'{"token": "\xff"}', "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "no object"),
        (b"null", "no object"),
        (b'"{}"', "no object"),
        (b"{" + b" " * MAX_BODY + b"}", "too long"),
    ],
)
def test_json_that_is_not(body: bytes, why: str) -> None:
    values, form, unreadable, _ = decoded(body)
    assert (values, form) == ({}, "json")
    assert unreadable is not None
    assert unreadable.why == why


# --- forms and query strings -------------------------------------------------------------------------------


def test_a_form_is_text() -> None:
    found = decoded(b"token=t&page=2&page=3&empty=&a+b=%ED%95%9C", f"{FORM_TYPE}; charset=UTF-8")
    assert found[:3] == ({"token": "t", "page": "3", "empty": "", "a b": "한"}, "form", None)


@pytest.mark.parametrize("body", [b"token=%FF", b"token=\xff", b"&".join([b"a=1"] * 1001)])
def test_a_form_that_is_none(body: bytes) -> None:
    values, form, unreadable, _ = decoded(body, FORM_TYPE)
    assert (values, form) == ({}, "form")
    assert unreadable is not None
    assert unreadable.why == "no form"


def test_of_a_query_the_first_counts_and_all_are_kept() -> None:
    found = decoded(b'{"id": 3}', path=MESSAGES_PATH)
    assert found == ({"a": "1"}, "query", None, (("a", "1"), ("a", "2")))
    assert decoded(b"{}").pairs == found.pairs


# --- integers and days -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "number"),
    [
        *((7, 7), ("7", 7), ("-7", -7), ("+7", 7), ("007", 7), ("9" * 1000, int("9" * 1000))),
        *((value, None) for value in ("9" * 1001, "", " 7", "7\n", "1.0", "٧", "1_0", 7.0, True, None, [7])),
    ],
)
def test_integers(value: Any, number: int | None) -> None:
    assert integer(value) == number


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("0001-01-01", date.min),
        ("9999-12-31", date.max),
        *((value, None) for value in ("2023-02-29", "2022-5-26", "20220526", "2022-05-26 ", "0000-01-01")),
        *((value, None) for value in ("2022-W21-4", "２０２２-05-26", "", 20220526, None, date.min)),
    ],
)
def test_days(value: Any, found: date | None) -> None:
    assert day(value) == found


# --- once a request ----------------------------------------------------------------------------------------


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was decoded, whoever did it."""
    seen: list[Any] = []

    def counting(original: Any) -> Any:
        def decode(raw: Any, *args: Any, **kwargs: Any) -> Any:
            seen.append(raw)
            return original(raw, *args, **kwargs)

        return decode

    monkeypatch.setattr(orjson, "loads", counting(orjson.loads))
    monkeypatch.setattr(json, "loads", counting(json.loads))
    monkeypatch.setattr(parameters, "parse_qsl", counting(parameters.parse_qsl))
    return seen


def test_a_request_is_decoded_once_whatever_is_switched_on(counted: list[Any]) -> None:
    with MockServer(port=None, now="2026-03-02T13:00:00+09:00") as server:
        happytalk = server.happytalk
        happytalk.advance(hours=1)
        happytalk.fail(503, times=1)
        happytalk.delay(0.001)
        drifts = ("guests-lost-with-status", "direction-flips-at-limit-50", "stopped-messages-listed")
        happytalk.drift(*drifts)
        body = {"token": server.token, "sdate": "2026-02-01", "edate": "2026-03-02", "status": 2, "limit": 50}
        raw = orjson.dumps(body)
        query = f"senderKey={server.sender_key}&id=1"
        with server.httpx_client() as client:
            rooms = [
                client.post(ROOMS_PATH, content=raw, headers={"Content-Type": "application/json"})
                for _ in range(3)
            ]
            client.get(f"{MESSAGES_PATH}?{query}", headers=happytalk.headers)
        assert [one.status_code for one in rooms] == [503, 200, 200]
        assert len(server.control.journal) == 4
        assert len(happytalk.requests) == 4
        happytalk.assert_no_violations()
        assert happytalk.assert_requested(status=2)
        with pytest.raises(AssertionError, match="the nearest"):
            happytalk.assert_requested(status=3, limit=10)
        assert happytalk.report().count("rooms") >= 3
    assert counted.count(raw) == 3
    assert counted.count(query) == 1


@pytest.mark.slow
def test_nothing_else_in_the_server_decodes_forms_and_queries() -> None:
    root = Path(happytalk_mock.__file__).parent
    decoders = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.alias) and node.name in ("parse_qs", "parse_qsl")
    }
    assert decoders == {"spec/parameters.py"}
