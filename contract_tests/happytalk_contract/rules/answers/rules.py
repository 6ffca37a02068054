"""Rules over open questions: any answer is legal, but it is the same each time.

Source: the documentation is silent on the questions; that the answer is the same each time is stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from happytalk_contract.core.model import Endpoint
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.rules.answers.answers import seen
from happytalk_contract.rules.answers.question import QUESTIONS, Sighting
from happytalk_contract.rules.rule import HELD, Verdict, rule
from happytalk_contract.rules.telling import finding


def steady(evidence: Evidence, endpoint: Endpoint) -> Iterator[Verdict]:
    """Where the page says nothing any answer is legal; the answer is the same each time."""
    for question in QUESTIONS.values():
        first: dict[Any, Sighting] = {}
        for sighting in seen(question, evidence) if question.endpoint == endpoint else ():
            before = first.setdefault(sighting.variant, sighting)
            if sighting.variant is None or before.view.number == sighting.view.number:
                continue
            agree = before.steady == sighting.steady if before.steady else _agree(before, sighting)
            if agree:
                yield HELD
                continue
            yield finding(
                sighting.view,
                f"an open question is answered in two ways: {question.asks.en}",
                f"{_told(sighting)}, and {_told(before)} before",
                "one answer, whichever it is",
                subject=question.id,
                more=(before.view.number,),
            )


def _agree(one: Sighting, other: Sighting) -> bool:
    return bool(one.fits & other.fits) or (one.fits, one.told) == (other.fits, other.told)


def _told(sighting: Sighting) -> str:
    return sighting.steady or " or ".join(sorted(sighting.fits)) or sighting.told


STEADY: Final = tuple(
    rule(f"{endpoint}.open.steady", "an open question asked twice", akin=akin, endpoint=endpoint)(steady)
    for endpoint, akin in (
        (
            "rooms",
            "wire.* envelope* same_answer read_only order.* dates.* count* status.* pages.* notation* "
            "echo.* sorts.* limits.* limit.* token.* sense.* field.*",
        ),
        ("messages", "wire.* envelope* same_answer read_only list_and_id* by_id required* field.*"),
    )
)
