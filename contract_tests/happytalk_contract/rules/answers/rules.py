"""Rules over open questions: any answer is legal, but it is the same each time.

Source: the documentation is silent on the questions; that the answer is the same each time is stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from happytalk_contract.core.model import Endpoint, Severity
from happytalk_contract.evidence.readings import Evidence
from happytalk_contract.rules.answers.question import Sighting
from happytalk_contract.rules.answers.rooms import QUESTIONS
from happytalk_contract.rules.rule import HELD, Rule, Verdict
from happytalk_contract.rules.telling import finding


def _steady(endpoint: Endpoint) -> Any:
    def check(evidence: Evidence) -> Iterator[Verdict]:
        """Answers to one question agree within a run."""
        for question in QUESTIONS:
            first: dict[Any, Sighting] = {}
            for sighting in question.seen(evidence) if question.endpoint == endpoint else ():
                before = first.setdefault(sighting.variant, sighting)
                if before.view.number == sighting.view.number:
                    continue
                yield (
                    HELD
                    if (before.steady or before.answer) == (sighting.steady or sighting.answer)
                    else finding(
                        sighting.view,
                        f"an open question is answered in two ways: {question.asks}",
                        received=f"{sighting.answer}, and {before.answer} before",
                        expected="one answer, whichever it is",
                        subject=question.id,
                        more=(before.view.number,),
                    )
                )

    return check


def _rule(endpoint: Endpoint, by: tuple[str, ...]) -> Rule:
    return Rule(
        id=f"{endpoint}.open.steady",
        endpoint=endpoint,
        sentence="Where the page says nothing any answer is legal; the answer is the same each time.",
        severity=Severity.BREAKING,
        needs="an open question asked twice",
        check=_steady(endpoint),
        explained_by=by,
        akin=by,
    )


RULES: Final = (
    _rule("rooms", ("rooms.wire.*", "rooms.envelope*", "rooms.same_answer", "rooms.read_only", "rooms.order.*",
                    "rooms.dates.*", "rooms.count*", "rooms.status.*", "rooms.pages.*", "rooms.notation*",
                    "rooms.echo.*", "rooms.sorts.*", "rooms.limits.*", "rooms.limit.*", "rooms.token.*",
                    "rooms.sense.*", "rooms.field.*")),
    _rule("messages", ("messages.wire.*", "messages.envelope*", "messages.same_answer", "messages.read_only",
                       "messages.list_and_id*", "messages.by_id", "messages.required*", "messages.field.*")),
)  # fmt: skip
