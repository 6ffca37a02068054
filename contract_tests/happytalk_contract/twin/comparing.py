"""Whether two answers are alike, and in what kind of way they are not."""

from __future__ import annotations

from collections.abc import Set
from typing import Any, Literal

Difference = Literal[
    "",
    "answered",
    "code",
    "words",
    "count",
    "sizes",
    "rooms",
    "order",
    "fields",
    "messages",
    "body",
    "media type",
]

_SIZES = ("page", "limit")


def difference(status: int, mine: Any, other_status: int, other: Any) -> Difference:
    """The first kind of way in which an answer departs from another; "" where they are alike."""
    if status != other_status:
        return "code"
    if mine == other:
        return ""
    if not (isinstance(mine, dict) and isinstance(other, dict)):
        return "body"
    if _is_success(mine) != _is_success(other):
        return "answered"
    if not _is_success(mine):
        return "code" if mine.get("code") != other.get("code") else "words"
    one, two = mine.get("data"), other.get("data")
    if isinstance(one, dict) and isinstance(two, dict):
        return _of_lists(one, two)
    return "messages" if one != two else "body"


def without(document: Any, names: Set[str]) -> Any:
    """A document without some fields around its list: those that change by themselves."""
    if not names or not isinstance(document, dict):
        return document
    kept = {name: value for name, value in document.items() if name not in names}
    return {**kept, "data": without(kept["data"], names)} if isinstance(kept.get("data"), dict) else kept


def _is_success(document: dict[str, Any]) -> bool:
    return document.get("result") == "success" or document.get("code") == "200"


def _of_lists(one: dict[str, Any], two: dict[str, Any]) -> Difference:
    if one.get("total_count") != two.get("total_count"):
        return "count"
    if any(one.get(name) != two.get(name) for name in _SIZES):
        return "sizes"
    rooms, others = one.get("chat_list"), two.get("chat_list")
    if rooms == others:
        return "body"
    ids, other_ids = _ids(rooms), _ids(others)
    if ids == other_ids:
        return "fields"
    return "order" if sorted(ids) == sorted(other_ids) else "rooms"


def _ids(rooms: Any) -> list[str]:
    found = rooms if isinstance(rooms, list) else []
    return [str(room.get("id")) if isinstance(room, dict) else str(room) for room in found]
