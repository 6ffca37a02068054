"""Faults in counts, in access, and answers that do not stay the same."""

from typing import Any
from zlib import crc32

from .data import Room
from .fault import Fault, moved, one_in


def _f(name: str, breaks: str, says: str, stage: str, do: Any) -> Fault:
    return Fault(name=name, breaks=f"rooms-{breaks}", says=says, stage=stage, do=do)


def _all_statuses(ask: Any, _: int) -> int:
    return sum(ask.first <= room["reg_date"] < ask.last + " 24" for room in ask.api.store.rooms)


def _all_days(ask: Any, _: int) -> int:
    return sum(not ask.filtered or room["status"] == str(ask.status) for room in ask.api.store.rooms)


_COUNTS = (
    _f(
        "total-shown",
        "8",
        "total_count is the page's",
        "total",
        lambda a, _: len(a.found[a.start :][: a.limit]),
    ),
    _f("total-cap-50", "8", "total_count stops at 50", "total", lambda _, n: min(n, 50)),
    _f("total-cap-100", "8", "total_count stops at 100", "total", lambda _, n: min(n, 100)),
    _f("total-cap-1000", "8", "total_count stops at 1,000", "total", lambda _, n: min(n, 1000)),
    _f(
        "total-up-filtered",
        "8",
        "total_count is one more with a filter",
        "total",
        lambda a, n: n + (a.filtered and n > 0),
    ),
    _f(
        "total-down-desc",
        "8",
        "total_count is one less, descending, over 10",
        "total",
        lambda a, n: n - (a.sort_value == "desc" and n > 10),
    ),
    _f("total-all-statuses", "8", "total_count ignores the status", "total", _all_statuses),
    _f(
        "total-all-statuses-deleted",
        "8",
        "total_count ignores status 3",
        "total",
        lambda a, n: _all_statuses(a, n) if a.status == 3 else n,
    ),
    _f("total-all-days", "8", "total_count ignores the dates", "total", _all_days),
    _f(
        "total-left",
        "8",
        "total_count is what is left from this page on",
        "total",
        lambda a, n: max(0, n - a.start),
    ),
    _f(
        "total-ended-by-end",
        "8",
        "total_count is of ended rooms, by complate_date",
        "total",
        lambda a, n: sum(r["complate_date"] > "1" for r in a.found) if a.by_end else n,
    ),
    _f("total-pages", "8", "total_count counts pages", "total", lambda a, n: -(-n // a.limit)),
    _f(
        "total-tens",
        "8",
        "total_count is rounded to tens, over 100",
        "total",
        lambda _, n: n // 10 * 10 if n > 100 else n,
    ),
    _f(
        "total-0-past-end",
        "8",
        "total_count is 0 past the end",
        "total",
        lambda a, n: 0 if a.start >= n else n,
    ),
    _f(
        "total-no-deleted",
        "8",
        "total_count leaves deleted rooms out",
        "total",
        lambda a, n: sum(r["status"] != "3" for r in a.found),
    ),
    _f(
        "total-no-deleted-range",
        "8",
        "total_count leaves deleted rooms out of ranges",
        "total",
        lambda a, n: sum(r["status"] != "3" for r in a.found) if a.dates == "range" else n,
    ),
    _f("total-page-3", "8", "total_count is one less from page 3", "total", lambda a, n: n - (a.page >= 3)),
    _f(
        "total-limit-50",
        "8",
        "total_count is one more with limit 50",
        "total",
        lambda a, n: n + (a.limit == 50 and n > 0),
    ),
    _f("total-minus-1-empty", "8", "total_count is -1 when nothing matches", "total", lambda _, n: n or -1),
    _f(
        "total-customers",
        "8",
        "total_count counts customers",
        "total",
        lambda a, _: len({r["customer_uuid"] for r in a.found}),
    ),
)


def _failed(change: Any) -> Any:
    """A fault in what a refused token gets."""

    def do(_: Any, reply: Any) -> None:
        if reply.document["code"] == -501:
            change(reply)

    return do


def _failure_with(**values: Any) -> Any:
    return _failed(lambda reply: reply.document.update(values))


def _failure_without(name: str) -> Any:
    return _failed(lambda reply: reply.document.pop(name))


def _nothing_found(api: Any, reply: Any) -> None:
    if reply.document["code"] == -501:
        data = {"page": 1, "limit": 10, "total_count": 0, "chat_list": []}
        reply.status, reply.document = 200, {"result": "success", "data": data}


_ACCESS = (
    _f(
        "unknown-token-taken",
        "1",
        "any token is taken",
        "token",
        lambda a, ok: ok or bool(a.body.get("token")),
    ),
    _f("no-token-taken", "1", "a missing token is taken", "token", lambda a, ok: ok or "token" not in a.body),
    _f(
        "null-token-taken",
        "1",
        "a null token is taken",
        "token",
        lambda a, ok: ok or a.body.get("token", "") is None,
    ),
    _f(
        "blank-token-taken",
        "1",
        "an empty token is taken",
        "token",
        lambda a, ok: ok or a.body.get("token") == "",
    ),
    _f(
        "token-taken-with-ndate",
        "1",
        "any token is taken when ndate is given",
        "token",
        lambda a, ok: ok or bool(a.body.get("token") and a.body.get("ndate")),
    ),
    _f("unknown-token-empty", "1", "a refused token gets an empty success", "failure", _nothing_found),
    _f("fail-code-text", "1", "the failure's code is text", "failure", _failure_with(code="-501")),
    _f("fail-code-401", "1", "the failure's code is 401", "failure", _failure_with(code=401)),
    _f("fail-code-positive", "1", "the failure's code is 501", "failure", _failure_with(code=501)),
    _f(
        "fail-code-503",
        "1",
        "a refused token is -503 users",
        "failure",
        _failure_with(code=-503, message="users"),
    ),
    _f("fail-result-error", "1", "the failure's result is error", "failure", _failure_with(result="error")),
    _f("fail-result-false", "1", "the failure's result is false", "failure", _failure_with(result=False)),
    _f("fail-no-result", "1", "the failure has no result", "failure", _failure_without("result")),
    _f("fail-no-code", "1", "the failure has no code", "failure", _failure_without("code")),
    _f("fail-no-message", "1", "the failure has no message", "failure", _failure_without("message")),
    _f("fail-message-null", "1", "the failure's message is null", "failure", _failure_with(message=None)),
    _f(
        "fail-message-object",
        "1",
        "the failure's message is an object",
        "failure",
        _failure_with(message={"token": "required"}),
    ),
    _f(
        "fail-in-error",
        "1",
        "the failure lies in error",
        "failure",
        _failed(lambda r: setattr(r, "document", {"error": r.document})),
    ),
    _f(
        "fail-http-500",
        "11",
        "a refused token is HTTP 500",
        "failure",
        _failed(lambda r: setattr(r, "status", 500)),
    ),
    _f("fail-http-503", "11", "every failure is HTTP 503", "failure", lambda _, r: setattr(r, "status", 503)),
    _f(
        "fail-null",
        "1",
        "a refused token gets null",
        "failure",
        _failed(lambda r: setattr(r, "document", None)),
    ),
)


def _every(count: int, change: Any) -> Any:
    """A fault in every ``count``-th answer."""

    def do(ask: Any, value: Any) -> Any:
        return change(ask, value) if ask.api.turn % count == 0 else value

    return do


def _aging_id(ask: Any, room: Room) -> None:
    seen = ask.api.memory.setdefault("seen", {})
    seen[room["id"]] = seen.get(room["id"], 0) + 1
    if seen[room["id"]] > 1:
        room["id"] = f"{seen[room['id']]:x}".rjust(4, "0") + room["id"][4:]


def _read_changes(change: Any) -> Any:
    """A fault that changes the stored rooms that were shown."""

    def do(ask: Any, shown: list[Room]) -> list[Room]:
        told = [dict(room) for room in shown]
        for room in shown:
            change(ask, room)
        return told

    return do


def _taken(_: Any, room: Room) -> None:
    if room["status"] == "0":
        room |= {"status": "1", "counselor_name": "김상담"}


def _vanish(ask: Any, room: Room) -> None:
    if one_in(25)(ask, room):
        ask.api.store.rooms.remove(room)


_STABILITY = (
    _f(
        "duplicate-ids",
        "12",
        "two rooms share an id, here and there",
        "room",
        lambda _, r: r.update(id="A" * 30) if one_in(20)(_, r) else None,
    ),
    _f("short-ids", "12", "ids are cut to one letter", "room", lambda _, r: r.update(id=r["id"][:1])),
    _f("ids-change", "12", "a room's id changes at each read", "room", _aging_id),
    _f(
        "ids-by-sort",
        "12",
        "a room's id depends on the sort key",
        "room",
        lambda a, r: r.update(id=r["id"][::-1]) if a.by_end else None,
    ),
    _f(
        "ids-by-page-size",
        "12",
        "a room's id depends on limit",
        "room",
        lambda a, r: r.update(id=f"{a.limit:02}{r['id'][2:]}"),
    ),
    _f(
        "total-third-time",
        "12",
        "every third total_count is one more",
        "total",
        _every(3, lambda _, n: n + 1),
    ),
    _f("empty-third-time", "12", "every third list is empty", "page", _every(3, lambda *_: [])),
    _f(
        "reversed-fifth-time",
        "12",
        "every fifth page is reversed",
        "page",
        _every(5, lambda _, rooms: rooms[::-1]),
    ),
    _f(
        "stale-second-time",
        "12",
        "every second answer lacks the newest tenth",
        "order",
        _every(2, lambda _, rooms: [r for r in rooms if not one_in(10)(_, r)]),
    ),
    _f(
        "random-order",
        "12",
        "the list is shuffled anew each time",
        "order",
        lambda a, rooms: sorted(rooms, key=lambda r: crc32(f"{r['id']}{a.api.turn}".encode())),
    ),
    _f(
        "random-ties",
        "12",
        "ties stand in another order each time",
        "order",
        lambda a, rooms: sorted(
            rooms[:: 1 - 2 * (a.api.turn % 2)], key=lambda r: r[a.sort_key], reverse=a.sort_value == "desc"
        ),
    ),
    _f("reading-takes", "12", "a waiting room that was read is in progress", "page", _read_changes(_taken)),
    _f("reading-removes", "12", "some rooms are gone once read", "page", _read_changes(_vanish)),
    _f(
        "reading-marks",
        "12",
        "reading changes last_message",
        "page",
        _read_changes(lambda a, r: r.update(last_message=f"읽음 {a.api.turn}")),
    ),
    _f(
        "reg-date-drifts",
        "12",
        "reg_date is that of the read, in seconds",
        "room",
        lambda a, r: r.update(reg_date=moved(seconds=a.api.turn % 3)(r["reg_date"])),
    ),
    _f(
        "numbers-third-time",
        "12",
        "every third total_count is text",
        "success",
        _every(3, lambda _, d: {**d, "data": {**d["data"], "total_count": str(d["data"]["total_count"])}}),
    ),
)

ANSWER_FAULTS = (*_COUNTS, *_ACCESS, *_STABILITY)
