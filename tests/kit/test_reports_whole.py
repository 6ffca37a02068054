"""Reports as a whole: what a reader gets of a run with everything in it, and of one that found nothing.

Where another text is meant, `PYTHONPATH=tests/kit python -m tests.kit.test_reports_whole` writes
tests/golden/reports/ anew.
"""

from __future__ import annotations

import io
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from sample_report import (
    NEW_CODE,
    ORDER,
    accepted,
    answer,
    conforming,
    exchange,
    question,
    room,
    rule,
    sample,
)

from happytalk_contract.core.model import Answer, ExitCode, Sighted, Status
from happytalk_contract.report import WRITERS
from happytalk_contract.report.console import show
from happytalk_contract.report.document import as_document

GOLDEN = Path(__file__).parents[1] / "golden" / "reports"


def answered(question: str, state: Sighted, **more: Any) -> Answer:
    return Answer(
        question=question,
        endpoint="rooms",
        asks=f"What of {question}?",
        state=state,
        legal=("a", "b"),
        **more,
    )


def runs() -> dict[str, Any]:
    """A run with all that a report can hold, one that conforms, one that judged nothing and was interrupted."""
    answers = (
        answered("seen", Sighted.SEEN, answer="a", means="as in the example", exchanges=(1, 2)),
        answered(
            "undecided", Sighted.UNDECIDED, candidates=("a", "b"), needs="rooms of one second", exchanges=(1,)
        ),
        answered("unseen", Sighted.NOT_SEEN, needs="a day without rooms"),
    )
    more = (
        replace(
            ORDER,
            subject="id",
            often="in 2 of 9 answers where it could show",
            way_out="ask the vendor",
            together=(1, 2),
        ),
        replace(NEW_CODE, folded=(ORDER,), exchanges=(1, 2)),
    )
    idle = tuple(rule(f"rooms.idle{at}", Status.NOT_EXERCISED, needs=f"need {at}") for at in range(15))
    seen = (exchange(1, question(), answer([room(1)])), exchange(2, question(), None, fault="timeout"))
    whole = sample()
    return {
        "departs": sample(
            findings=(*whole.findings, *more),
            rules=(*whole.rules, *idle),
            answers=answers,
            exchanges=(*whole.exchanges, *seen),
            accepted=(accepted(), replace(accepted(), ticket="", reason="", expires="")),
            baseline_notes=("vanished: rooms.x is no longer found",),
        ),
        "conforms": conforming(),
        "nothing": replace(
            conforming(),
            rules=(rule("rooms.idle", Status.SKIPPED, note="not asked"),),
            answers=(),
            exit_code=ExitCode.NOTHING_JUDGED,
            unjudged=("chat rooms not judged: nobody is there",),
            notes=("chat rooms not judged: nobody is there",),
            interrupted=True,
        ),
    }


@cache
def texts() -> dict[str, str]:
    """Every text of every run, by the name of its file."""
    found = {}
    for name, run in runs().items():
        document = as_document(run)
        for writer in WRITERS:
            found[f"{name}.{writer.name}"] = writer.render(document).replace(
                document["kit"], "happytalk-contract"
            )
        console = Console(
            file=io.StringIO(), width=100, force_terminal=True, _environ={"TERM": "xterm-256color"}
        )
        show(document, console)
        found[f"{name}.console"] = console.file.getvalue()
    return found


@pytest.mark.parametrize(
    "name", [f"{run}.{form}" for run in runs() for form in (*(one.name for one in WRITERS), "console")]
)
def test_a_report_is_what_it_was(name: str) -> None:
    assert texts()[name] == (GOLDEN / name).read_text("utf-8")


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for file, text in texts().items():
        (GOLDEN / file).write_text(text, "utf-8")
