"""The behaviour profile: what the mock answers where the documentation is silent or contradicts itself.

The questions and their legal answers are data, `schemas/open_questions.toml`. Every answer listed is legal for
the real API; the contract kit never calls one of them drift. A profile is the set of answers in force: the
defaults, and what a TOML file (`question = "answer"`, `question.case = "answer"`) or `--set question=answer`
changes. A question with cases can be answered whole.
"""

from __future__ import annotations

import difflib
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from ..core.errors import BehaviourError
from ..core.wording import shorten
from .documents import read_toml
from .open_questions import Question
from .resources import open_questions

BY_ID: Final[Mapping[str, Question]] = MappingProxyType(open_questions().questions)
QUESTIONS: Final[tuple[Question, ...]] = tuple(BY_ID.values())
DEFAULTS: Final[Mapping[str, str]] = MappingProxyType({each.id: each.default for each in QUESTIONS})
_GROUPS: Final[Mapping[str, list[Question]]] = MappingProxyType(
    {each.group: [one for one in QUESTIONS if one.group == each.group] for each in QUESTIONS}
)


#: Tables of a twin's profile that are no answers: only `--twin` reads them.
BESIDE: Final = ("drifts", "envelope", "failures", "learned")
#: Questions on the form of a failure; each has the causes of failures for cases.
_FAILURES: Final[Mapping[str, str]] = {
    "failure_code": "rooms",
    "failure_message": "rooms",
    "failure_http_status": "rooms",
    "message_failure_http_status": "messages",
}


class Reads(threading.local):
    """What this thread has read of profiles."""

    undecided: bool = False  #: an answer that a twin has not learnt


READS: Final = Reads()


class FailureWords(NamedTuple):
    """A failure word for word. `{value}` in the body stands for what was received."""

    status: int
    body: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The answers in force. Immutable; `but` makes one that differs."""

    answers: Mapping[str, str] = field(default_factory=lambda: DEFAULTS)
    #: Of a twin: questions whose answer is the default because the API's own is not known.
    undecided: frozenset[str] = frozenset()
    #: Of a twin: what a failure looks like, by `endpoint.cause` and `endpoint.cause.field`.
    failures: Mapping[str, FailureWords] = field(default_factory=dict)
    #: Of a twin: JSON text of the fields around a success that no page has, by `endpoint.place`.
    envelope: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, question: str) -> str:
        """The answer to a question; KeyError for one that there is not."""
        if question in self.undecided:
            READS.undecided = True
        return self.answers[question]

    def but(self, changes: Mapping[str, Any]) -> Behaviour:
        """This profile with some answers changed. Raises BehaviourError if one is not legal."""
        new = checked(changes)
        told = {
            f"{_FAILURES[group]}.{case}"
            for group, _, case in (question.partition(".") for question in new)
            if group in _FAILURES
        }
        kept = {name: words for name, words in self.failures.items() if not told & {name, _cause(name)}}
        answers = MappingProxyType({**self.answers, **new})
        return Behaviour(answers, self.undecided - new.keys(), kept, self.envelope)

    @property
    def differences(self) -> dict[str, str]:
        """The answers that are not the default."""
        return {question: answer for question, answer in self.answers.items() if answer != DEFAULTS[question]}


def _cause(name: str) -> str:
    """`rooms.parameter` of `rooms.parameter.limit`."""
    return ".".join(name.split(".")[:2])


def known(question: str) -> list[Question]:
    """The questions that an id names: one, or all cases of one. Raises BehaviourError."""
    found = [BY_ID[question]] if question in BY_ID else _GROUPS.get(question)
    if found is None:
        ids = [*BY_ID, *_GROUPS]
        near = difflib.get_close_matches(question, ids, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else "see `happytalk-mock behaviours`"
        now = open_questions().replaced.get(question)
        hint = f"it is {now} now" if now else hint
        raise BehaviourError(f"behaviour: there is no open question {shorten(repr(question))}; {hint}")
    return found


def checked(changes: Mapping[str, Any]) -> dict[str, str]:
    """Answers by question as text, those of cases after those of whole questions; numbers are taken.

    A table of cases, as a profile file may have it, is taken too. Raises BehaviourError.
    """
    flat = dict(_flat(changes))
    ordered = sorted(flat.items(), key=lambda item: item[0] in BY_ID and "." in item[0])
    return {
        each.id: _legal(each, question, answer) for question, answer in ordered for each in known(question)
    }


def _flat(changes: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for question, answer in changes.items():
        if isinstance(answer, Mapping) and known(question):
            yield from ((f"{question}.{case}", each) for case, each in answer.items())
        else:
            yield question, answer


def _legal(record: Question, question: str, answer: Any) -> str:
    text = str(answer) if isinstance(answer, str) or type(answer) is int else ""
    if record.accepts(text):
        return text
    now = open_questions().replaced.get(f"{question}={text}")
    hint = f"; it is {now} now" if now else ""
    raise BehaviourError(
        f"behaviour {record.id}: received {shorten(repr(answer))}; allowed: {record.legal}{hint}"
    )


def parse_setting(text: str) -> dict[str, str]:
    """`question=answer` of the command line. Raises BehaviourError."""
    question, equals, answer = text.partition("=")
    if not equals:
        raise BehaviourError(
            f"--set: received {text!r}; expected question=answer, such as zero_date_order=last"
        )
    return checked({question.strip(): answer.strip()})


def load(path: Path) -> dict[str, str]:
    """The answers a TOML file gives. Raises BehaviourError for an unreadable or illegal file."""
    content = read_toml(path, "behaviour file", error=BehaviourError)
    try:
        return checked({name: each for name, each in content.items() if name not in BESIDE})
    except BehaviourError as error:
        raise BehaviourError(f"behaviour file {path}: {error}") from None
