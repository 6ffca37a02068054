"""Faults in the envelope of a list: shape, echoes."""

from typing import Any

from .data import FIELDS, Room
from .fault import Fault, Test, always


def _f(name: str, breaks: str, says: str, stage: str, do: Any) -> Fault:
    return Fault(name=name, breaks=f"rooms-{breaks}", says=says, stage=stage, do=do)


def _data(change: Any, where: Test = always) -> Any:
    """A fault that changes the data object of a success."""

    def do(ask: Any, document: dict[str, Any]) -> dict[str, Any]:
        if where(ask):
            change(document["data"])
        return document

    return do


def _put(name: str, value: Any, where: Test = always) -> Any:
    """A fault that sets one value of data; ``value`` may be a function of the ask and the old value."""

    def do(ask: Any, document: dict[str, Any]) -> dict[str, Any]:
        if where(ask):
            old = document["data"][name]
            document["data"][name] = value(ask, old) if callable(value) else value
        return document

    return do


def _whole(change: Any) -> Any:
    """A fault that replaces the document of a success."""
    return lambda _, document: change(document)


def _renamed(old: str, new: str) -> Any:
    return _data(lambda data: data.update({new: data.pop(old)}))


def _keyed(ask: Any, rooms: list[Room]) -> Any:
    return {str(ask.start + at): room for at, room in enumerate(rooms)}


def _is_empty(ask: Any) -> bool:
    return not ask.total


def _no_room_shown(ask: Any) -> bool:
    return ask.start >= ask.total


def _without(document: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != name}


_ENVELOPE = (
    _f("result-ok", "8", "result is ok", "success", _whole(lambda d: {**d, "result": "ok"})),
    _f("result-capital", "8", "result is Success", "success", _whole(lambda d: {**d, "result": "Success"})),
    _f("result-true", "8", "result is true", "success", _whole(lambda d: {**d, "result": True})),
    _f("no-result", "8", "result is missing", "success", _whole(lambda d: _without(d, "result"))),
    _f(
        "data-list",
        "8",
        "data is the list of rooms",
        "success",
        _whole(lambda d: {**d, "data": d["data"]["chat_list"]}),
    ),
    _f(
        "data-twice",
        "8",
        "data lies in data",
        "success",
        _whole(lambda d: {**d, "data": {"data": d["data"]}}),
    ),
    _f(
        "data-renamed",
        "8",
        "data is called result_data",
        "success",
        _whole(lambda d: {"result": "success", "result_data": d["data"]}),
    ),
    _f(
        "data-flat",
        "8",
        "what belongs in data lies beside result",
        "success",
        _whole(lambda d: {"result": "success", **d["data"]}),
    ),
    _f(
        "data-null-empty",
        "8",
        "data is null when nothing matches",
        "success",
        lambda a, d: {**d, "data": None} if _is_empty(a) else d,
    ),
    _f(
        "data-list-empty",
        "8",
        "data is [] when nothing matches",
        "success",
        lambda a, d: {**d, "data": []} if _is_empty(a) else d,
    ),
    _f(
        "fail-when-empty",
        "8",
        "nothing matches is a failure",
        "success",
        lambda a, d: {"result": "fail", "code": -503, "message": "room"} if _is_empty(a) else d,
    ),
    _f("in-a-list", "8", "the whole answer is in a list", "success", _whole(lambda d: [d])),
    _f("chat-list-keyed", "8", "chat_list is an object by place", "success", _put("chat_list", _keyed)),
    _f(
        "chat-list-keyed-page-2",
        "8",
        "chat_list is an object from page 2",
        "success",
        _put("chat_list", _keyed, lambda a: a.page > 1),
    ),
    _f(
        "chat-list-keyed-filtered",
        "8",
        "chat_list is an object in filtered lists",
        "success",
        _put("chat_list", _keyed, lambda a: a.filtered),
    ),
    _f(
        "chat-list-single",
        "8",
        "chat_list is the room itself when there is one",
        "success",
        _put("chat_list", lambda _, rooms: rooms[0] if len(rooms) == 1 else rooms),
    ),
    _f(
        "chat-list-null-empty",
        "8",
        "chat_list is null when nothing is shown",
        "success",
        _put("chat_list", None, _no_room_shown),
    ),
    _f(
        "chat-list-object-empty",
        "8",
        "chat_list is {} when nothing is shown",
        "success",
        _put("chat_list", {}, _no_room_shown),
    ),
    _f(
        "chat-list-blank-empty",
        "8",
        "chat_list is empty text when nothing is shown",
        "success",
        _put("chat_list", "", _no_room_shown),
    ),
    _f(
        "no-chat-list-empty",
        "8",
        "chat_list is missing when nothing is shown",
        "success",
        _data(lambda d: d.pop("chat_list"), _no_room_shown),
    ),
    _f(
        "chat-list-renamed", "8", "chat_list is called chatList", "success", _renamed("chat_list", "chatList")
    ),
    _f(
        "chat-list-nested",
        "8",
        "each room lies in a list of its own",
        "success",
        _put("chat_list", lambda _, rooms: [[room] for room in rooms]),
    ),
    _f(
        "chat-list-rows",
        "8",
        "rooms are lists of values",
        "success",
        _put("chat_list", lambda _, rooms: [[r[f] for f in FIELDS] for r in rooms]),
    ),
    _f(
        "chat-list-text",
        "8",
        "chat_list is text",
        "success",
        _put("chat_list", lambda _, rooms: str(len(rooms))),
    ),
    _f(
        "null-room-at-end",
        "8",
        "a full page ends with null",
        "success",
        _put("chat_list", lambda a, rooms: [*rooms[:-1], None] if len(rooms) == a.limit else rooms),
    ),
    _f("no-total-count", "8", "total_count is missing", "success", _data(lambda d: d.pop("total_count"))),
    _f(
        "no-total-count-page-2",
        "8",
        "total_count is missing from page 2",
        "success",
        _data(lambda d: d.pop("total_count"), lambda a: a.page > 1),
    ),
    _f("no-page", "8", "page is missing", "success", _data(lambda d: d.pop("page"))),
    _f("no-limit", "8", "limit is missing", "success", _data(lambda d: d.pop("limit"))),
    _f(
        "total-renamed",
        "8",
        "total_count is called totalCount",
        "success",
        _renamed("total_count", "totalCount"),
    ),
    _f("page-renamed", "8", "page is called page_no", "success", _renamed("page", "page_no")),
    _f(
        "total-null-empty",
        "8",
        "total_count is null when nothing matches",
        "success",
        _put("total_count", None, _is_empty),
    ),
    _f(
        "total-comma",
        "8",
        "total_count has a comma from 1,000",
        "success",
        _put("total_count", lambda _, n: f"{n:,}" if n > 999 else n),
    ),
    _f(
        "total-fraction",
        "8",
        "total_count is a fraction",
        "success",
        _put("total_count", lambda _, n: n + 0.5),
    ),
    _f(
        "total-object",
        "8",
        "total_count is an object",
        "success",
        _put("total_count", lambda _, n: {"value": n, "relation": "eq"}),
    ),
    _f("page-null", "8", "page is null", "success", _put("page", None)),
    _f(
        "limit-null-default",
        "8",
        "limit is null unless asked for",
        "success",
        _put("limit", None, lambda a: "limit" not in a.body),
    ),
)

_ECHOES = (
    _f("page-echo-1", "8", "page is always told as 1", "success", _put("page", 1)),
    _f("page-echo-0", "8", "page is told counting from 0", "success", _put("page", lambda _, n: n - 1)),
    _f(
        "page-echo-next",
        "8",
        "page is told as the next one where there is one",
        "success",
        _put("page", lambda a, n: n + (a.start + a.limit < a.total)),
    ),
    _f(
        "page-echo-offset",
        "8",
        "page is told as the place of its first room",
        "success",
        _put("page", lambda a, _: a.start),
    ),
    _f(
        "page-echo-last",
        "8",
        "page is told as that before on the last of several",
        "success",
        _put("page", lambda a, n: n - (n > 1 and a.start + a.limit >= a.total)),
    ),
    _f(
        "page-echo-filtered",
        "8",
        "page is told as 1 in filtered lists",
        "success",
        _put("page", 1, lambda a: a.filtered),
    ),
    _f(
        "page-echo-past-end",
        "8",
        "past the end, page is told as the last one",
        "success",
        _put("page", lambda a, n: -(-a.total // a.limit) if a.start >= a.total > 0 else n),
    ),
    _f("limit-echo-10", "8", "limit is always told as 10", "success", _put("limit", 10)),
    _f(
        "limit-echo-shown",
        "8",
        "limit is told as the number of rooms shown",
        "success",
        _put("limit", lambda a, _: len(a.found[a.start :][: a.limit])),
    ),
    _f("limit-echo-50", "8", "limit is always told as 50", "success", _put("limit", 50)),
    _f(
        "limit-echo-by-end",
        "8",
        "limit is told as 10 by complate_date",
        "success",
        _put("limit", 10, lambda a: a.by_end),
    ),
    _f(
        "limit-echo-page-3",
        "8",
        "limit is told as 10 from page 3",
        "success",
        _put("limit", 10, lambda a: a.page >= 3),
    ),
    _f(
        "echoes-swapped",
        "8",
        "page and limit are exchanged",
        "success",
        _data(lambda d: d.update(page=d["limit"], limit=d["page"])),
    ),
)


ENVELOPE_FAULTS = (*_ENVELOPE, *_ECHOES)
