"""Of a recording the kit concludes what it ever did: seventy questions to an API that departs in one way at a time.

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

from happytalk_contract.core.model import Exchange, Request
from happytalk_contract.questions.meaning import rooms
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
        answer = deepcopy(answer)
        if answer["result"] == "success" and WHEN[when](number, params):
            WAYS[way](answer)
        return answer

    api.change = depart  # type: ignore[assignment]
    found = []
    for number, params in enumerate(questions(), 1):
        request: Request = rooms(params)
        found.append(replace(api(request), number=number))
    return found


def told(way: str, when: str) -> dict[str, Any]:
    """What is concluded."""
    report = judge(asked(way, when))
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
        pytest.param(way, when, id=f"{way}, {when}", marks=() if when == "always" else pytest.mark.slow)
        for way, when in CASES
    ],
)
def test_what_is_concluded_from_a_recording_stays_what_it_is(way: str, when: str) -> None:
    assert told(way, when) == KNOWN[f"{way}, {when}"]


if __name__ == "__main__":
    found = {f"{way}, {when}": told(way, when) for way, when in CASES}
    GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
