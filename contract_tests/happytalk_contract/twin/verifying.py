"""A mock on a twin is asked all that was asked: what it answers otherwise, and whether one drift explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

from happytalk_contract.core.model import Exchange, Request
from happytalk_contract.twin.answering import Ask, Mock, answering, document, loaded
from happytalk_contract.twin.comparing import Difference, difference, without
from happytalk_contract.twin.folder import asked_alike, exchange_line, may_tell, told_body
from happytalk_contract.twin.pseudonyms import Pseudonyms

#: So many answers must depart before a drift is looked for, and this share of them be explained by one.
_WORTH: Final = 4
_EXPLAINED: Final = 0.75
#: Departing answers that a drift is tried on first, and answers that it must leave as they are.
_TRIED: Final = 6
_KEPT: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A question in the twin's time, and the answer in the twin's words."""

    number: int
    request: Request
    status: int
    body: Any
    changing: frozenset[str]  #: fields around it that change by themselves

    def differs(self, ask: Ask) -> Difference:
        """How a mock answers otherwise; "" if it does not."""
        told = ask(self.request).response
        other = without(document(told), self.changing)
        return difference(self.status, self.body, 0 if told is None else told.status, other)


@dataclass(slots=True, kw_only=True)
class Verified:
    """What came of it."""

    asked: int = 0
    departing: tuple[tuple[Recorded, Difference], ...] = ()
    drifts: tuple[str, ...] = ()  #: that explain what departed

    @property
    def alike(self) -> int:
        """How many questions were answered as recorded."""
        return self.asked - len(self.departing)

    @property
    def other_lists(self) -> list[Recorded]:
        """What departs by more than the words of a failure, which no drift is about."""
        return [one for one, kind in self.departing if kind != "words"]


def recorded(
    exchanges: Sequence[Exchange], words: Pseudonyms, changing: frozenset[str], *, rooms: bool
) -> list[Recorded]:
    """What can be asked again; lists only where the twin has `rooms`."""
    return [
        Recorded(
            number=one.number,
            request=asked_alike(one.request, words),
            status=one.response.status,
            body=without(loaded(told_body(one.request.endpoint, one.response, words)), changing),
            changing=changing,
        )
        for one in exchanges
        if one.response is not None and (rooms or not may_tell(one.request.endpoint, document(one.response)))
    ]


def verified(folder: Path, moment: str, questions: Sequence[Recorded]) -> Verified:
    """Ask a mock on the twin; where much departs, with each drift in force."""
    with answering(folder, moment) as mock:
        found = _asked(mock.ask, questions)
        apart = found.other_lists
        if len(apart) < _WORTH:
            return found
        numbers = {one.number for one, _kind in found.departing}
        same = [one for one in questions if one.number not in numbers]
        for name in _explaining(mock, apart, same):
            mock.drift(name)
            again = _asked(mock.ask, questions)
            if len(again.other_lists) <= (1 - _EXPLAINED) * len(apart):
                again.drifts = (name,)
                return again
    return found


def _asked(ask: Ask, questions: Sequence[Recorded]) -> Verified:
    apart = [(one, kind) for one in questions if (kind := one.differs(ask))]
    return Verified(asked=len(questions), departing=tuple(apart))


def _explaining(mock: Mock, apart: Sequence[Recorded], same: Sequence[Recorded]) -> Iterator[str]:
    """The drifts that explain most of some departing answers and change none of some others, the best first."""
    tried = apart[:: max(1, len(apart) // _TRIED)][:_TRIED]
    kept = same[:: max(1, len(same) // _KEPT)][:_KEPT]
    explained: dict[str, int] = {}
    endpoints = {one.request.endpoint for one in apart}
    may_stay = (1 - _EXPLAINED) * len(tried)
    for name in mock.drifts(endpoints):
        mock.drift(name)
        staying = (one for one in tried if one.differs(mock.ask))
        stay = sum(
            1 for _ in islice(staying, int(may_stay) + 1)
        )  # most drifts are ruled out by two questions
        if stay <= may_stay and not any(one.differs(mock.ask) for one in kept):
            explained[name] = len(tried) - stay
    yield from sorted(explained, key=lambda name: -explained[name])


def marked(
    evidence: Sequence[dict[str, Any]],
    found: Verified,
    exchanges: Mapping[int, Exchange],
    words: Pseudonyms,
) -> None:
    """Mark the lines of what departs, which are then served as they were recorded."""
    apart = {one.number for one, _kind in found.departing}
    for line in evidence:
        if line["n"] in apart:
            line |= {**exchange_line(exchanges[line["n"]], words, kept="whole"), "serve": "recorded"}
