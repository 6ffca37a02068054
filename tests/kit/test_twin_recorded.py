"""What a twin takes from a recording: answers to the open questions, the words of failures, what stands around lists.

The recordings are those of `test_judged`, and of APIs that repeat what was asked or say more than is documented.
`python -m tests.kit.test_twin_recorded` writes tests/golden/recorded.json anew where other conclusions are meant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from happytalk_contract.core.model import Exchange
from happytalk_contract.questions.meaning import rooms
from happytalk_contract.twin.pseudonyms import Originals
from happytalk_contract.twin.recorded import visit_of
from happytalk_contract.twin.words import Words, around, changing, failing

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit import fake_api
from tests.kit.fake_api import FakeApi
from tests.kit.test_judged import DAYS, WHOLE, Answer, Params, asked, asked_for_messages, questions

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "recorded.json"
#: Questions that the others do not ask: one after the other of a kind, so that answers can differ.
MORE: Final = (
    {**WHOLE, "limit": 2.0}, {**WHOLE, "page": 2.0, "limit": 5}, {**WHOLE, "limit": []}, {**WHOLE, "page": {}},
    {**WHOLE, "status": []}, {"sdate": "", "edate": "", "ndate": DAYS[1]}, {"ndate": DAYS[1], "limit": None},
    {"sdate": DAYS[1], "limit": 50}, {"edate": DAYS[0], "limit": 50}, {"ndate": "20261103", "limit": 50},
    {**WHOLE, "limit": "x"}, {**WHOLE, "limit": "y z"}, {**WHOLE, "page": "가"}, {**WHOLE, "page": None},
    {**WHOLE, "sort_key": "complate_date", "sort_value": "asc", "limit": 50},
)  # fmt: skip


def repeating(answer: Answer, params: Params, _number: int) -> Answer:
    """Names what it refuses, and what was asked for."""
    for name in ("limit", "page", "status"):
        value = params.get(name, 1)
        if not isinstance(value, int) or value == 0:
            told = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
            return {"result": "fail", "code": -505, "message": f"{name} {told} is none", "at": "here"}
    return answer


def saying_more(answer: Answer, params: Params, number: int) -> Answer:
    """Has fields around its lists: the same each time, another each time, the number of pages."""
    data = answer.get("data")
    if data is None:
        return {**answer, "version": 3, "turn": number}
    pages = -(-data["total_count"] // data["limit"])
    return {
        **answer,
        "version": 3,
        "turn": number,
        "data": {**data, "pages": pages, "of": "all", "now": number},
    }


def odd_at_times(answer: Answer, params: Params, number: int) -> Answer:
    """Refuses in two ways, and some of what it else lists."""
    if answer["result"] == "fail" or (number % 7 == 0 and params.get("limit") != 50):
        return {"result": "fail", "code": -505 - number % 2, "message": "parameter"}
    return answer


def refusing(answer: Answer, params: Params, _number: int) -> Answer:
    """Refuses all that is not plain."""
    plain = {"limit": int, "page": int, "status": int, "sort_key": str, "sort_value": str, "token": str}
    is_odd = params.keys() - {*plain, "ndate", "sdate", "edate"} or any(
        type(params[name]) is not kind for name, kind in plain.items() if name in params
    )
    return {"result": "fail", "code": -505, "message": "parameter"} if is_odd else answer


APIS: Final[dict[str, Callable[[Answer, Params, int], Answer]]] = {
    "an API that repeats what was asked": repeating,
    "an API that says more": saying_more,
    "an API that is odd at times": odd_at_times,
    "an API that refuses": refusing,
}
#: Ways to depart, and when.
WAYS: Final = (
    ("a room fewer", "status 2"), ("turned round", "rising"), ("turned round", "always"), ("counts in text", "always"),
    ("counts one more", "every 4th"), ("echoes in text", "always"), ("none of them", "later pages"),
    ("a failure of the period", "pages of 5"), ("a failure with its code in text", "since the 20th"),
    ("the first two exchanged", "rising"), ("another status", "until the 40th"), ("nothing", "always"),
)  # fmt: skip
MESSAGE_WAYS: Final = (
    ("a message twice", "of the list"), ("an unknown refusal", "later"), ("a field more of a message", "by id"),
    ("no message", "of the list"), ("another name", "every other"),
)  # fmt: skip


class Other(FakeApi):
    """Answers otherwise, failures too."""

    def __init__(self, make: Callable[[Answer, Params, int], Answer]) -> None:
        super().__init__(fake_api.rooms(days=5, per_day=5))
        self._make = make

    def answer(self, body: bytes) -> Answer:
        return self._make(deepcopy(super().answer(body)), json.loads(body), self.asked)


def of_api(make: Callable[[Answer, Params, int], Answer]) -> list[Exchange]:
    """What an API answers to all questions, in the order of both lists."""
    api = Other(make)
    return [api(rooms(params)) for params in (*questions(), *MORE, WHOLE)]


def told(exchanges: list[Exchange]) -> dict[str, Any]:
    """What is taken."""
    visit, evidence = visit_of(exchanges)
    failures = failing(evidence, visit.answers, visit.world, Originals())
    return {
        "decided": {
            name: " ".join(map(str, filter(None, (one.state, one.answer, one.candidates, one.exchanges))))
            for name, one in visit.decisions.items()
            if one.state != "not_seen"
        },
        "failures": {
            endpoint: {about: _in_short(words) for about, words in some.items()}
            for endpoint, some in failures.items()
        },
        "around": around(evidence, Originals()),
        "changing": sorted(changing(evidence)),
        "kept": [
            visit.today.isoformat(),
            [(one.listed, one.message.get("id")) for one in visit.messages.messages],
            None if visit.crawled is None else [str(visit.crawled.window), len(visit.crawled.ties.rooms)],
        ],
        "notes": visit.notes,
    }


def _in_short(words: Words) -> str:
    return f"{words.status} {words.content_type} {words.body} {words.exchanges} {words.is_steady}"


def golden() -> dict[str, Any]:
    """What is taken from each recording; of each but the first, what is not as in the first."""
    found = {name: told(of_api(make)) for name, make in APIS.items()}
    for at, (way, when) in enumerate(WAYS):
        some = [replace(one, number=one.number + 200) for one in asked_for_messages(*MESSAGE_WAYS[at % 5])]
        found[f"{way}, {when}"] = told([*asked(way, when), *(some if at % 2 else [])])
    usual = next(iter(found.values()))["decided"]
    for each in list(found.values())[1:]:
        each["decided"] = {
            name: each["decided"].get(name)
            for name in sorted(each["decided"] | usual)
            if each["decided"].get(name) != usual.get(name)
        }
    return found


def test_what_is_taken_from_a_recording_stays_what_it_is() -> None:
    assert json.loads(json.dumps(golden())) == json.loads(GOLDEN.read_text("utf-8"))


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), ensure_ascii=False, indent=1) + "\n", "utf-8")
