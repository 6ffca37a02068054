"""Rules over one room list by itself: envelope, types of the head, echo, size of the page, ids.

Each judges one answer, so data in motion can not mislead it. Source: chat_room_lists, Request and Response.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import RoomsView, as_count
from happytalk_contract.questions.meaning import MOST_PER_PAGE
from happytalk_contract.rules.rooms.failures import neither
from happytalk_contract.rules.rule import HELD, Verdict, rule
from happytalk_contract.rules.telling import LONGEST_NAME, finding, shown
from happytalk_contract.rules.wire import success_status

HEAD: Final = ("page", "limit", "total_count")


@rule("rooms.envelope", "an answer", each="rooms", akin="failure.envelope")
def envelope(view: RoomsView) -> Iterator[Verdict]:
    """Success is {"result":"success","data":{page, limit, total_count, chat_list}}."""
    if view.kind == "success":
        yield next(_odd_shape(view), HELD)
    elif view.kind == "other" and view.is_plain and view.status < 500:
        yield neither(view, '{"result": "success", "data": …} or {"result": "fail", …}', "result")


def _odd_shape(view: RoomsView) -> Iterator[Verdict]:
    data = view.fields.get("data")
    if not isinstance(data, dict):
        yield _odd(view, "data", data, "an object with page, limit, total_count, chat_list", "$.data")
        return
    for name in (*HEAD, "chat_list"):
        if name not in data:
            more = ", ".join(sorted(other[:LONGEST_NAME] for other in data.keys() - {*HEAD, "chat_list"})[:3])
            held = f"data with {len(data)} fields" + (f", among them {more}" if more else "")
            told = (f"data has no {name}", held, f"data with {name}", "$.data")
            yield finding(view, *told, subject=name)
    if not view.has_list:
        yield _odd(view, "chat_list", data["chat_list"], "a list of rooms, [] where there is none")
    for name in HEAD if view.judged else ("total_count",):
        if as_count(data[name]) is None:
            yield _odd(view, name, data[name], "a whole number, as a number or as text")


def _odd(view: RoomsView, name: str, value: Any, expected: str, at: str = "") -> Verdict:
    message = f"{name} is not of the documented form"
    received = shown(name, value)
    if isinstance(value, list) and (odd := [one for one in value if not isinstance(one, dict)]):
        received += f", {len(odd)} of them no object, such as {shown('', odd[0])}"
    return finding(view, message, received, expected, at or f"$.data.{name}", subject=name)


http_status = rule(
    "rooms.http_status", "a success", sentence="result success: 성공.", each="rooms", says="result success"
)(success_status)


@rule("rooms.notation", "a success", explained_by="envelope:*")
def notation(evidence: Evidence) -> Iterator[Verdict]:
    """page, limit, total_count: String in the dictionary, numbers in the example."""
    first: dict[str, str] = {}
    for view in evidence.rooms:
        if not view.is_list or not view.is_plain:
            continue  # what was asked oddly may be told as it was asked
        for name in HEAD:
            if name not in view.fields["data"]:
                continue
            kind = "text" if isinstance(view.fields["data"][name], str) else "number"
            before = first.setdefault(name, kind)
            if kind != before:
                yield finding(
                    view,
                    f"{name} is written as {kind} here, though it was written as {before} before",
                    f"{name} as {kind}",
                    f"{before}, as elsewhere (the page shows both, but one at a time)",
                    f"$.data.{name}",
                    subject=name,
                )
        yield HELD


def echo(view: RoomsView, field: str) -> Iterator[Verdict]:
    """`page` and `limit` say what was served."""
    means = view.judged
    if means is None or not view.is_list:
        return
    told, served = getattr(view, field), getattr(means, field)
    asked = as_count((view.params or {}).get(field)) if "limit_above_max" in means.open else served
    message = f"{field} does not say what was served"
    wrong = finding(view, message, f"{field} {told}", f"{served}", f"$.data.{field}")
    yield HELD if told in (served, asked) else wrong


ECHO: Final = tuple(
    rule(
        f"rooms.echo.{field}",
        "a success",
        sentence=sentence,
        each="rooms",
        explained_by="envelope:*",
        akin=akin,
        field=field,
    )(echo)
    for field, sentence, akin in (
        ("page", "page: 페이지 번호.", ""),
        ("limit", "limit: 한 페이지당 상담방 출력 수; 기본 10, 최대 50.", "echo.page"),
    )
)


@rule("rooms.unique", "a list of two rooms", each="rooms", explained_by="field.*:id")
def unique(view: RoomsView) -> Iterator[Verdict]:
    """id: 상담방 ID; a room's id is unique."""
    if len(view.rooms) < 2:
        return
    twice = [room_id for room_id, times in Counter(filter(None, view.ids)).items() if times > 1]
    if not twice:
        yield HELD
        return
    received = f"{len(twice)} of {len(view.rooms)} ids more than once, the first {shown('id', twice[0])}"
    message = "a room is listed more than once on one page"
    yield finding(view, message, received, "every id once", "$.data.chat_list")


@rule("rooms.limit.most", "a success", each="rooms", explained_by="envelope:* echo.limit", akin="unique")
def most(view: RoomsView) -> Iterator[Verdict]:
    """limit: 최대 50; at most 50 rooms come back whatever is asked."""
    if view.kind != "success" or not view.has_list:
        return
    limit = view.judged.limit if view.judged else MOST_PER_PAGE
    message, received = "more rooms come back than a page holds", f"{len(view.rooms)} rooms"
    many = finding(view, message, received, f"at most {limit}", "$.data.chat_list")
    yield HELD if len(view.rooms) <= limit else many
