"""Of each kind of fault the kit tells what it told ever: the same questions to an API that departs, word by word.

Which questions a run asks is the planner's; here they are fixed. `python -m tests.kit.test_findings` writes
tests/golden/findings.json anew where other words are meant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from happytalk_contract.core.control import Control
from happytalk_contract.core.model import Finding, Request
from happytalk_contract.engine.explore import first_questions
from happytalk_contract.questions.meaning import messages, rooms
from happytalk_contract.verdict.judge import judge

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.score_rival import NOW
from tests.kit.test_plans import InProcess, digest
from tests.rival import RivalApi

GOLDEN = Path(__file__).parents[1] / "golden" / "findings.json"
LAST = NOW.date() - timedelta(days=3)
FIRST = LAST - timedelta(days=2)
WHOLE = {"sdate": FIRST.isoformat(), "edate": LAST.isoformat()}


def documented() -> Iterator[dict[str, Any]]:
    """Lists of three days: whole first and last, which is what brackets are made of; parts, orders, pages, filters."""
    pages = [{**WHOLE, "limit": 50, "page": page} for page in (1, 2, 3)]
    yield from pages
    yield from ({**WHOLE, "status": status} for status in (0, 1, 2, 3, 4, -1, -2, 99))
    for key, value in product(("reg_date", "complate_date"), ("asc", "desc")):
        yield from (
            {**WHOLE, "sort_key": key, "sort_value": value, "limit": 7, "page": page} for page in (1, 2)
        )
        yield {**WHOLE, "sort_key": key, "sort_value": value, "limit": 50, "status": 2}
    for back in range(3):
        day = (LAST - timedelta(days=back)).isoformat()
        yield from ({"ndate": day, "limit": 50}, {"sdate": day, "edate": day, "limit": 50})
        yield {"ndate": day, **WHOLE, "status": 2, "limit": "20", "page": "2"}
    yield from ({}, {"limit": 50}, {"status": 2, "page": 2}, {**WHOLE, "page": 99}, {**WHOLE, "limit": 60})
    yield {**WHOLE, "sdate": WHOLE["edate"], "edate": WHOLE["sdate"]}
    yield from ({"sdate": WHOLE["sdate"]}, {"edate": WHOLE["edate"]}, WHOLE)
    yield from pages


def asked() -> list[Request]:
    """Documented lists, first and in part last; what every run asks; messages by id, and listed again."""
    lists = [rooms(params) for params in documented()]
    by_id = [messages(message_id=one) for one in ("175", "176", "177", "17", "999", "175", "176")]
    fixed = first_questions(NOW.date(), frozenset({"rooms", "messages"}), client=True)
    return [*lists, *fixed, *by_id, messages(), *lists[:3]]


def told(faults: list[str], legal: list[str]) -> dict[str, Any]:
    """What is told of an API that departs by `faults` and answers otherwise by `legal`."""
    api = RivalApi(account="normal", seed=1, now=NOW, faults=faults, legal=legal)
    transport = InProcess(api, Control(max_requests=1000))
    report = judge([transport.ask(request) for request in asked()])
    return {
        "faults": faults,
        "legal": legal,
        "findings": list(lines(report.findings)),
        "answers": {
            one.question: " ".join([one.state, *filter(None, (one.answer, *one.candidates))])
            for one in report.answers
        },
        "in full": digest([*report.findings, *report.answers, *report.rules]),
    }


def lines(findings: Iterable[Finding], before: str = "") -> Iterator[str]:
    """Each finding in a line, those that it explains under it."""
    for one in findings:
        words = (f"{before}{one.signature}", one.message, one.received, one.json_path, one.often)
        yield " | ".join(filter(None, words))
        yield from lines(one.folded, f"{before}  ")


KNOWN: list[dict[str, Any]] = json.loads(GOLDEN.read_text("utf-8"))


QUICK = 6  #: of them are no slow tests


@pytest.mark.parametrize(
    "known",
    [
        pytest.param(known, id=known["faults"][0], marks=() if at < QUICK else pytest.mark.slow)
        for at, known in enumerate(KNOWN)
    ],
)
def test_what_is_told_of_faults_stays_what_it_is(known: dict[str, Any]) -> None:
    assert told(known["faults"], known["legal"]) == known


if __name__ == "__main__":
    found = [told(known["faults"], known["legal"]) for known in KNOWN]
    GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
