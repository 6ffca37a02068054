"""Every open question of `schemas/open_questions.toml` with how its answer is seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from happytalk_contract.core.model import Answer
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.rules.answers.failures import FAILURES
from happytalk_contract.rules.answers.lists import LISTS
from happytalk_contract.rules.answers.messages import MESSAGES
from happytalk_contract.rules.answers.question import QUESTIONS, Look, Seen, concluded
from happytalk_contract.rules.answers.ties import TIES

if TYPE_CHECKING:
    from happytalk_mock.spec.resources import Question

#: A question, all its cases together -> where its answer is seen.
LOOKS: Final[Mapping[str, Look]] = {**LISTS, **TIES, **FAILURES, **MESSAGES}


def seen(question: Question, evidence: Evidence) -> Seen:
    """Every sighting of a question's answer."""
    found = LOOKS[question.group](evidence, question.id.partition(".")[2])
    # A server that fails answers nothing of its own will.
    return (one for one in found if one.view.status < 500)


def answers(evidence: Evidence) -> tuple[Answer, ...]:
    """Tell what was seen of each open question."""
    return tuple(concluded(question, seen(question, evidence)) for question in QUESTIONS.values())
