"""One sighting of the answer to an open question, and what all sightings together say.

A sighting names every legal answer that fits it. What fits all of them is the answer; where several are left
nobody can tell, and the report says so rather than guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from happytalk_contract.core.model import Answer, Sighted
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import MessagesView, RoomsView
from happytalk_mock.spec.resources import open_questions

if TYPE_CHECKING:
    from happytalk_mock.spec.resources import Question

#: Exchanges told for each kind of sighting.
SHOWN: Final = 3

QUESTIONS: Final = open_questions().questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one exchange shows of an answer."""

    view: RoomsView | MessagesView
    fits: frozenset[str]  #: the legal answers that fit; none: it is another one
    told: str = ""  #: what was seen, where it is another one
    variant: Any = None  #: sightings of one variant must agree; None: they need not
    steady: str = ""  #: what must agree, where the answer itself also depends on data; "": the answer


Seen = Iterator[Sighting]
#: Looks for sightings of a question; the case is "" where it has none.
Look = Callable[[Evidence, str], Seen]


def sighting(view: RoomsView | MessagesView, *fits: str, told: str = "", steady: str = "") -> Sighting:
    """What one exchange shows, where the same request must get the same."""
    return Sighting(view=view, fits=frozenset(fits), told=told, variant=view.asked, steady=steady)


def once(view: RoomsView | MessagesView, *fits: str, told: str = "") -> Sighting:
    """What one exchange shows, where another may show something else."""
    return Sighting(view=view, fits=frozenset(fits), told=told)


def throughout(view: RoomsView | MessagesView, *fits: str, told: str = "") -> Sighting:
    """What one exchange shows, where the whole run must show the same."""
    return Sighting(view=view, fits=frozenset(fits), told=told, variant="run")


def concluded(question: Question, sightings: Iterable[Sighting]) -> Answer:
    """What all sightings together say."""
    kinds: dict[tuple[frozenset[str], str], list[int]] = {}
    for one in sightings:
        fits = frozenset(answer for answer in one.fits if question.accepts(answer))
        told = one.told if fits else one.told or ", ".join(sorted(one.fits))
        kinds.setdefault((fits, told if not fits else ""), []).append(one.view.number)
    sets = [fits for fits, _told in kinds]
    common = reduce(frozenset.intersection, sets) if sets else frozenset()
    state, answer, means = Sighted.NOT_SEEN, None, ""
    candidates: tuple[str, ...] = ()
    if len(common) == 1:
        (answer,) = common
        state, means = Sighted.SEEN, question.means(answer).en
    elif sets and not any(sets):
        state, means = Sighted.OTHER, "; ".join(sorted(told for _fits, told in kinds))
    elif sets:
        state, candidates = Sighted.UNDECIDED, _ordered(question, common or frozenset().union(*sets))
        means = "" if common else "not the same throughout"
    return Answer(
        question=question.id,
        endpoint=question.endpoint,
        asks=question.asks.en,
        state=state,
        answer=answer,
        means=means,
        candidates=candidates,
        needs="" if answer is not None else question.needs.en or "a request that shows it",
        legal=(*question.answers, *([question.number.means.en] if question.number else [])),
        exchanges=tuple(sorted({number for numbers in kinds.values() for number in numbers[:SHOWN]})),
    )


def _ordered(question: Question, answers: frozenset[str]) -> tuple[str, ...]:
    """In the order of the list, numbers last."""
    return (*(one for one in question.answers if one in answers), *sorted(answers - question.answers.keys()))
