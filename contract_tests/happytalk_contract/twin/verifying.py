"""A mock on a twin is asked all that was asked: what it answers otherwise, and whether one drift explains it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from happytalk_contract.core.model import Exchange, Request, Response
from happytalk_contract.twin.answering import Ask, Mock, answering, document, loaded
from happytalk_contract.twin.comparing import Difference, difference, without
from happytalk_contract.twin.folder import asked_alike, exchange_line, may_tell, told_body
from happytalk_contract.twin.pseudonyms import Pseudonyms

#: So many departing answers a drift must explain, and this share of them, to be named; or all there are.
_WORTH: Final = 2
_EXPLAINED: Final = 0.3
#: Departing answers that each drift is tried on, answers that it must leave as they are, and drifts tried on all.
_TRIED: Final = 8
_KEPT: Final = 12
_BEST: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A question in the twin's time, and the answer in the twin's words."""

    number: int
    request: Request
    status: int
    body: Any
    media_type: str
    changing: frozenset[str]  #: fields around it that change by themselves

    def differs(self, ask: Ask) -> Difference:
        """How a mock answers otherwise; "" if it does not."""
        told = ask(self.request).response
        other = without(document(told), self.changing)
        found = difference(self.status, self.body, 0 if told is None else told.status, other)
        return found or ("" if _media_type(told) == self.media_type else "media type")


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


def _media_type(answer: Response | None) -> str:
    return "" if answer is None else answer.headers.get("content-type", "").partition(";")[0].strip().lower()


def recorded(
    exchanges: Sequence[Exchange], words: Pseudonyms, changing: frozenset[str], *, rooms: bool
) -> list[Recorded]:
    """What can be asked again; lists only where the twin has `rooms`."""
    return [
        Recorded(
            number=one.number,
            request=asked_alike(one.request, words),
            status=one.response.status,
            media_type=_media_type(one.response),
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
        if not apart:
            return found
        numbers = {one.number for one, _kind in found.departing}
        same = [one for one in questions if one.number not in numbers]
        best = max(_explaining(mock, apart, same), key=lambda each: each[0], default=None)
        if best is not None:
            mock.drift(best[1])
            found = _asked(mock.ask, questions)
            found.drifts = (best[1],)
    return found


def _asked(ask: Ask, questions: Sequence[Recorded]) -> Verified:
    apart = [(one, kind) for one in questions if (kind := one.differs(ask))]
    return Verified(asked=len(questions), departing=tuple(apart))


def _explaining(mock: Mock, apart: Sequence[Recorded], same: Sequence[Recorded]) -> Iterator[tuple[int, str]]:
    """The drifts that explain a good part of the departing answers and change no other, and how many they do."""
    tried, kept = _spread(apart, _TRIED), _spread(same, _KEPT)
    promising: list[tuple[int, str]] = []
    for name in mock.drifts({one.request.endpoint for one in apart}):
        mock.drift(name)
        count = sum(not one.differs(mock.ask) for one in tried)
        if count and not any(one.differs(mock.ask) for one in kept):
            promising.append((count, name))
    for _count, name in sorted(promising, key=lambda each: -each[0])[:_BEST]:
        mock.drift(name)
        count = sum(not one.differs(mock.ask) for one in apart)
        is_worth = count == len(apart) or count >= max(_WORTH, _EXPLAINED * len(apart))
        if is_worth and not any(one.differs(mock.ask) for one in same):
            yield count, name


def _spread(some: Sequence[Recorded], most: int) -> Sequence[Recorded]:
    """A few of some, from all over."""
    return some[:: max(1, len(some) // most)][:most]


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
