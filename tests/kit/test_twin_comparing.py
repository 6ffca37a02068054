"""How two answers differ, by kind: the first that holds, as a table."""

from __future__ import annotations

from typing import Any

import pytest

from happytalk_contract.twin.comparing import difference, without

A, B, C = {"id": "a", "n": 1}, {"id": "b", "n": 1}, {"id": "c", "n": 1}
FAILED = {"result": "fail", "code": -504, "message": "no"}


def listed(*rooms: Any, **more: Any) -> dict[str, Any]:
    data = {"page": 1, "limit": 10, "total_count": 2, "chat_list": list(rooms)}
    return {"result": "success", "data": data | more}


@pytest.mark.parametrize(
    ("mine", "other", "kind"),
    [
        (listed(A, B), listed(A, B), ""),
        ("text", "text", ""),
        ("text", listed(A), "body"),
        (listed(A), [], "body"),
        (listed(A), FAILED, "answered"),
        (FAILED, {"code": "200", "data": []}, "answered"),
        (FAILED, FAILED | {"code": -505, "message": "other"}, "code"),
        (FAILED, FAILED | {"message": "other"}, "words"),
        (listed(A, total_count=3), listed(B, page=2), "count"),
        (listed(A), listed(B, page=2), "sizes"),
        (listed(A), listed(B, limit=50), "sizes"),
        (listed(A), listed(A, more=1), "body"),
        (listed(A), listed({**A, "n": 2}), "fields"),
        (listed(A, B), listed(B, A), "order"),
        (listed(A, B), listed(A, C), "rooms"),
        (listed(A, A, B), listed(A, B, B), "rooms"),
        (listed("x"), listed("y"), "rooms"),
        (listed(chat_list=None), listed(A), "rooms"),
        ({"code": "200", "data": [A]}, {"code": "200", "data": [B]}, "messages"),
        ({"code": "200", "data": [A]}, {"code": "200", "data": [A], "message": "x"}, "body"),
    ],
)  # fmt: skip
def test_the_first_kind_of_difference_is_told(mine: Any, other: Any, kind: str) -> None:
    assert difference(200, mine, 200, other) == kind


def test_another_http_status_is_another_code() -> None:
    assert difference(200, FAILED, 400, FAILED) == "code"


def test_fields_that_change_by_themselves_are_left_out_around_lists_alone() -> None:
    names = {"time", "id"}
    assert without({"time": 1, "data": {"time": 2, "chat_list": [A]}}, names) == {"data": {"chat_list": [A]}}
    assert without({"time": 1, "data": [A]}, names) == {"data": [A]}
    assert without([A], names) == [A]
    assert without({"time": 1}, set()) == {"time": 1}
