"""Of a recording the kit concludes what it ever did: seventy questions to an API that departs in one way at a time,
and system messages that do.

Each way shows always, now and then, since some request, or for some questions only. `python -m tests.kit.test_judged`
writes tests/golden/judged.json anew where other conclusions are meant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from itertools import cycle, product
from pathlib import Path
from typing import Any, Final

import pytest

from happytalk_contract.core.model import Exchange, Request, Response
from happytalk_contract.questions.meaning import messages, rooms
from happytalk_contract.verdict.judge import judge

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit import fake_api
from tests.kit.fake_api import TODAY, FakeApi
from tests.kit.test_plans import digest

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "judged.json"
DAYS: Final = [(TODAY - timedelta(days=back)).isoformat() for back in (3, 2, 1)]
WHOLE: Final = {"sdate": DAYS[0], "edate": DAYS[-1]}

Answer = dict[str, Any]
Params = dict[str, Any]


def questions() -> Iterator[Params]:
    """Lists of three days: whole first and last and in between, pages, parts, filters, orders; what is left open."""
    pages = [{**WHOLE, "limit": 5, "page": page} for page in (1, 2, 3)]
    yield from pages
    yield from ({**WHOLE, "limit": 50, "status": status} for status in (99, 0, 1, 2, 2, 3, 4, -1, -2))
    for key, value in product(("reg_date", "complate_date"), ("asc", "desc")):
        yield from (
            {**WHOLE, "sort_key": key, "sort_value": value, "limit": 4, "page": page} for page in (1, 2)
        )
    yield from ({"ndate": day, "limit": 50} for day in DAYS)
    yield from ({"sdate": DAYS[0], "edate": day, "limit": 50} for day in DAYS[:2])
    yield from ({"sdate": day, "edate": DAYS[-1], "limit": 50} for day in DAYS[1:])
    yield from pages
    yield from ({}, {"limit": 50}, {**WHOLE, "limit": 60}, {**WHOLE, "page": 99}, {**WHOLE, "limit": "5"})
    yield from ({"sdate": DAYS[-1], "edate": DAYS[0]}, {"sdate": DAYS[0]}, {"edate": DAYS[0]})
    yield from ({**WHOLE, name: value} for name in ("limit", "page") for value in (0, -1, "x", 1.5, 10**20))
    yield from ({**WHOLE, "status": status} for status in (4, 5, "x", None))
    yield from ({"ndate": day} for day in ("", "2026-02-30", "02.11.2026", 20261102, None))
    yield from ({**WHOLE, "sort_key": "id"}, {**WHOLE, "sort_value": "up"}, {**WHOLE, "other": 1})
    yield from ({**WHOLE, "limit": 50, "status": 2}, {**WHOLE, "limit": 50}, *pages)


# --- ways to depart ----------------------------------------------------------------------------------------


def data(**fields: Callable[[Answer], Any]) -> Callable[[Answer], None]:
    """Other values around the rooms."""

    def change(answer: Answer) -> None:
        answer["data"] |= {name: made(answer["data"]) for name, made in fields.items()}

    return change


def listed(make: Callable[[list[Any]], list[Any]], more: int = 0) -> Callable[[Answer], None]:
    """Other rooms on the page, and so many more counted."""

    def change(answer: Answer) -> None:
        answer["data"]["chat_list"] = make(answer["data"]["chat_list"])
        answer["data"]["total_count"] = max(0, answer["data"]["total_count"] + more)

    return change


def each(**fields: Any) -> Callable[[Answer], None]:
    """Other values in every room; a room without them for ... ."""

    def change(answer: Answer) -> None:
        for room in answer["data"]["chat_list"]:
            for name, value in fields.items():
                room[name] = value(room.get(name)) if callable(value) else value
                if value is ...:
                    del room[name]

    return change


def whole(made: Answer) -> Callable[[Answer], None]:
    """Another answer."""

    def change(answer: Answer) -> None:
        answer.clear()
        answer.update(made)

    return change


WAYS: Final[dict[str, Callable[[Answer], None]]] = {
    "a room fewer": listed(lambda found: found[1:]),
    "a room fewer, not counted": listed(lambda found: found[1:], -1),
    "a room twice": listed(lambda found: [*found[:1], *found[:-1]]),
    "a room twice, counted": listed(lambda found: [*found, *found[-1:]], 1),
    "none of them": listed(lambda found: []),
    "none of them, and none counted": listed(lambda found: [], -999),
    "counts one more": data(total_count=lambda of: of["total_count"] + 1),
    "counts one less": data(total_count=lambda of: of["total_count"] - 1),
    "counts twenty more": data(total_count=lambda of: of["total_count"] + 20),
    "counts those on the page": data(total_count=lambda of: len(of["chat_list"])),
    "counts in text": data(total_count=lambda of: str(of["total_count"])),
    "counts none": data(total_count=lambda of: None),
    "turned round": listed(lambda found: found[::-1]),
    "the first two exchanged": listed(lambda found: [*found[1:2], *found[:1], *found[2:]]),
    "the last one first": listed(lambda found: [*found[-1:], *found[:-1]]),
    "echoes another page": data(page=lambda of: of["page"] + 1),
    "echoes another limit": data(limit=lambda of: of["limit"] - 1),
    "echoes in text": data(page=lambda of: str(of["page"]), limit=lambda of: str(of["limit"])),
    "a list that is an object": data(chat_list=lambda of: {}),
    "a room that is none": listed(lambda found: [None, *found[1:]]),
    "a title of null": each(title=None),
    "a number for an id": each(id=int),
    "ids all alike": each(id="1"),
    "an id that is empty": each(id=""),
    "a field more": each(mood=lambda _none: "good"),
    "a field fewer": each(title=...),
    "a date without its time": each(reg_date=lambda text: text[:10]),
    "a date written otherwise": each(complate_date=lambda text: text.replace(" ", "T")),
    "a day that is none": each(reg_date=lambda text: text[:8] + "32" + text[10:]),
    "a year before": each(reg_date=lambda text: "2025" + text[4:]),
    "ends before it begins": each(complate_date="2026-01-01 00:00:00"),
    "another status": each(status="3"),
    "a status that is none": each(status="9"),
    "a number for a status": each(status=int),
    "a code that is none": each(out_api="7"),
    "another title": each(title=lambda text: text + "."),
    "a failure": whole({"result": "fail", "code": -505, "message": "parameter"}),
    "a failure of the period": whole({"result": "fail", "code": -504, "message": "overDate"}),
    "a failure without a code": whole({"result": "fail", "message": "no"}),
    "a failure with its code in text": whole({"result": "fail", "code": "-505", "message": "no"}),
    "another result": whole({"result": "ok", "data": {}}),
    "no data": whole({"result": "success"}),
    "nothing": whole({}),
}
#: When a way to depart shows: by the number of the request, and by what it asks.
WHEN: Final[dict[str, Callable[[int, Params], bool]]] = {
    "always": lambda number, params: True,
    "status 2": lambda number, params: params.get("status") == 2,
    "every 4th": lambda number, params: number % 4 == 3,
    "rising": lambda number, params: params.get("sort_value") == "asc",
    "since the 20th": lambda number, params: number >= 20,
    "later pages": lambda number, params: params.get("page", 1) in (2, 3),
    "once": lambda number, params: number == 13,
    "pages of 5": lambda number, params: params.get("limit") == 5,
    "until the 40th": lambda number, params: number < 40,
    "single days": lambda number, params: "ndate" in params,
}
#: Every way always, and each in one of the others in turn.
CASES: Final = [
    *((way, "always") for way in WAYS),
    *zip(WAYS, cycle(list(WHEN)[1:]), strict=False),
    *zip(reversed(WAYS), cycle(list(WHEN)[1:]), strict=False),
]


def asked(way: str, when: str) -> list[Exchange]:
    """The recording of an API that departs so."""
    api, number = FakeApi(fake_api.rooms(days=5, per_day=5)), 0

    def depart(answer: Answer, params: Params) -> Answer:
        if answer["result"] == "success" and WHEN[when](number, params):
            WAYS[way](answer)
        return answer

    api.change = depart  # type: ignore[assignment]
    found = []
    for number, params in enumerate(questions(), 1):
        request: Request = rooms(params)
        found.append(replace(api(request), number=number))
    return found


# --- system messages ---------------------------------------------------------------------------------------


def message(number: int, **changes: Any) -> dict[str, Any]:
    times = {"createdAt": "2019-10-31 18:26:12", "modifiedAt": "2019-10-31 18:26:33"}
    inspected = {"inspectRequestAt": "2019-10-31 18:26:28", "inspectedAt": "2019-10-31 18:26:33"}
    button = {"ordering": 1, "linkType": "WL", "linkName": "l", "linkMobile": "http://m", "linkPc": None}
    comment = {"id": 1, "content": None, "userName": "u", "createdAt": times["createdAt"], "status": "APR"}
    parts = [
        {"messageType": "ST", "content": "c", "buttons": [button]},
        {"messageType": "S5", "content": "c", "buttons": []},
    ]
    return {
        **{"id": number, "name": "n", "status": "A", "inspectStatus": "APR", **times, **inspected},
        **{"messages": parts, "comments": [comment], **changes},
    }


def in_messages(**fields: Any) -> Callable[[Answer], None]:
    """Other values in every message; a message without them for ... ."""
    return lambda answer: each(**fields)({"data": {"chat_list": answer["data"]}})


def in_parts(**fields: Any) -> Callable[[Answer], None]:
    """Other values in every part of every message."""

    def change(answer: Answer) -> None:
        for one in answer["data"]:
            each(**fields)({"data": {"chat_list": one["messages"]}})

    return change


def in_list(make: Callable[[list[Any]], list[Any]]) -> Callable[[Answer], None]:
    """Other messages."""
    return lambda answer: answer.update(data=make(answer["data"]))


MESSAGE_WAYS: Final[dict[str, Callable[[Answer], None]]] = {
    "no message": in_list(lambda found: []),
    "a message fewer": in_list(lambda found: found[1:]),
    "a message twice": in_list(lambda found: [*found, *found[:1]]),
    "messages turned round": in_list(lambda found: found[::-1]),
    "a message that is none": in_list(lambda found: [None, *found]),
    "a list of messages that is none": lambda answer: answer.update(data=None),
    "another code": lambda answer: answer.update(code="201"),
    "a number for a code": lambda answer: answer.update(code=200),
    "no code": lambda answer: answer.pop("code"),
    "a message beside them": lambda answer: answer.update(message="ok"),
    "a refusal": whole({"code": "509", "message": "sender"}),
    "a refusal of the credentials": whole({"code": "403", "message": "no"}),
    "a refusal without a message": whole({"code": "508"}),
    "an unknown refusal": whole({"code": "999", "message": "?"}),
    "another name": in_messages(name=lambda text: text + "."),
    "a name of null": in_messages(name=None),
    "no name": in_messages(name=...),
    "a field more of a message": in_messages(mood="good"),
    "text for an id": in_messages(id=str),
    "one id for all": in_messages(id=1),
    "messages that are stopped": in_messages(status="S"),
    "a status of no message": in_messages(status="Z"),
    "modified before it was made": in_messages(modifiedAt="2018-01-01 00:00:00"),
    "inspected before it was asked": in_messages(inspectedAt="2018-01-01 00:00:00"),
    "never inspected": in_messages(inspectedAt=None),
    "inspected unasked": in_messages(inspectRequestAt=None),
    "a day for a time": in_messages(createdAt="2019-10-31"),
    "an inspection that is none": in_messages(inspectStatus="OK"),
    "no parts": in_messages(messages=[]),
    "parts that are none": in_messages(messages=None),
    "comments that are none": in_messages(comments={}),
    "a comment without its status": in_messages(comments=[{"id": 1}]),
    "a kind of part that is none": in_parts(messageType="XX"),
    "buttons of null": in_parts(buttons=None),
    "a button of one word": in_parts(buttons=["x"]),
    "a button without its link": in_parts(buttons=[{"ordering": 1, "linkType": "WL", "linkName": "l"}]),
    "a button in text": in_parts(buttons=[{"ordering": "1", "linkType": "ZZ", "linkName": None}]),
    "content that is none": in_parts(content=1),
}
MESSAGE_WHEN: Final[dict[str, Callable[[int, str | None], bool]]] = {
    "always": lambda number, by_id: True,
    "of the list": lambda number, by_id: by_id is None,
    "by id": lambda number, by_id: by_id is not None,
    "every other": lambda number, by_id: number % 2 == 0,
    "later": lambda number, by_id: number > 7,
    "once": lambda number, by_id: number == 3,
}
MESSAGE_CASES: Final = [
    *((way, "always") for way in MESSAGE_WAYS),
    *zip(MESSAGE_WAYS, cycle(list(MESSAGE_WHEN)[1:]), strict=False),
    *zip(reversed(MESSAGE_WAYS), cycle(list(MESSAGE_WHEN)[1:]), strict=False),
]


def asked_for_messages(way: str, when: str) -> list[Exchange]:
    """The recording of messages that depart so: three of a sender, one of them stopped; at once and after a wait."""
    stored = {str(number): message(number) for number in (1, 2)} | {"3": message(3, status="S")}
    ids = [None, None, None, "1", "2", "3", None, "1", "9", "x", None, "1", None, None, None]
    found, at = [], fake_api.NOW.timestamp()
    for number, by_id in enumerate(ids, 1):
        at += 10 if number % 3 == 0 else 1
        known = [stored[by_id]] if by_id in stored else [] if by_id else [stored["1"], stored["2"]]
        refused: Answer = {"code": "508", "message": "no message"}
        answer = refused if by_id and not known else {"code": "200", "data": deepcopy(known)}
        if "data" in answer and MESSAGE_WHEN[when](number, by_id):
            MESSAGE_WAYS[way](answer)
        found.append(exchange(number, at, messages(message_id=by_id) if by_id else messages(), answer))
    without = exchange(20, at + 1, messages(headers={}), {"code": "403", "message": "no"})
    other = exchange(21, at + 2, messages(sender_key="other"), {"code": "507", "message": "no"})
    return [*found, without, other]


def exchange(number: int, at: float, request: Request, answer: Answer) -> Exchange:
    headers = {"content-type": "application/json"}
    response = Response(status=200, headers=headers, body=json.dumps(answer).encode(), seconds=0.0)
    return Exchange(number=number, started=at, request=request, response=response)


# --- what is concluded -------------------------------------------------------------------------------------


def told(way: str, when: str) -> dict[str, Any]:
    """What is concluded."""
    report = judge((asked if way in WAYS else asked_for_messages)(way, when))
    return {
        "findings": [
            " | ".join(filter(None, (one.signature, one.message, one.received, one.often)))
            for finding in report.findings
            for one in (finding, *finding.folded)
        ],
        "in full": digest([*report.findings, *report.answers, *report.rules]),
    }


KNOWN: Final[dict[str, Any]] = json.loads(GOLDEN.read_text("utf-8")) if GOLDEN.exists() else {}


@pytest.mark.parametrize(
    ("way", "when"),
    [
        pytest.param(*case, marks=() if case[1] == "always" and at % 4 == 0 else pytest.mark.slow)
        for at, case in enumerate([*CASES, *MESSAGE_CASES])
    ],
)
def test_what_is_concluded_from_a_recording_stays_what_it_is(way: str, when: str) -> None:
    assert told(way, when) == KNOWN[f"{way}, {when}"]


if __name__ == "__main__":
    found = {f"{way}, {when}": told(way, when) for way, when in (*CASES, *MESSAGE_CASES)}
    GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
