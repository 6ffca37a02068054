"""What an open question of the documentation is, and how `schemas/open_questions.toml` is read.

Reading is pure: the text comes from `resources`, which the contract kit uses as well.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,8}", re.ASCII)


class Both(NamedTuple):
    """A text in both languages."""

    en: str
    ko: str


SILENT = Both("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """The numbers that are legal answers."""

    means: Both
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One fact that the pages leave open. Where an API can treat cases apart, each case is a question."""

    id: str  #: `question`, or `question.case`
    endpoint: Literal["rooms", "messages"]
    asks: Both
    quote: Both  #: what the documentation says; "" where it says nothing
    answers: Mapping[str, Both]  #: legal answers and what each means
    number: Numbers | None  #: where an answer may be a number
    default: str
    needs: Both  #: what an account or API must have for an answer to show; "" where a request is enough

    @property
    def group(self) -> str:
        """The question whose case this is; its own id where it has none."""
        return self.id.partition(".")[0]

    def accepts(self, answer: str) -> bool:
        """Whether `answer` is legal."""
        number = self.number
        return answer in self.answers or bool(
            number and _WHOLE.fullmatch(answer) and number.least <= int(answer) <= number.most
        )

    def means(self, answer: str) -> Both:
        """What a legal answer means."""
        if answer in self.answers or self.number is None:
            return self.answers[answer]
        return Both(*(f"{answer}: {text}" for text in self.number.means))

    @property
    def legal(self) -> str:
        """The legal answers, for messages."""
        number = self.number
        numbers = [f"a number from {number.least} to {number.most}: {number.means.en}"] if number else []
        return ", ".join([*self.answers, *numbers])


class OpenQuestions(NamedTuple):
    """The whole list, and what was said before."""

    questions: Mapping[str, Question]  #: by id, in the order of the pages
    replaced: Mapping[str, str]  #: an id or `id=answer` of before -> what to say now


def parse(text: str) -> OpenQuestions:
    """The open questions of a TOML text."""
    tables = tomllib.loads(text)
    replaced = tables.pop("replaced", {})
    found = (question for id_, table in tables.items() for question in _questions(id_, table))
    return OpenQuestions({question.id: question for question in found}, replaced)


def _questions(id_: str, table: Mapping[str, Any]) -> Iterator[Question]:
    number = table.get("number")
    only = table.get("only", {})
    for case, words in table.get("cases", {"": ["", ""]}).items():
        yield Question(
            id=f"{id_}.{case}" if case else id_,
            endpoint=table["endpoint"],
            asks=Both(
                *(asks.replace("{case}", word) for asks, word in zip(table["asks"], words, strict=True))
            ),
            quote=Both(*table.get("quote", SILENT)),
            answers={
                answer: Both(*means)
                for answer, means in table["answers"].items()
                if case in only.get(answer, (case,))
            },
            number=number and Numbers(means=Both(*number["means"]), least=number["from"], most=number["to"]),
            default=table.get("defaults", {}).get(case) or table["default"],
            needs=Both(*table.get("needs", SILENT)),
        )
