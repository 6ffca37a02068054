"""What a drift is: a named way in which the mock breaks one statement of the documentation.

A drift stands between a request and the honest API. It may change the request, change the answer, or ask the
honest API any number of times and put an answer of its own together.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Final, Literal, Protocol

from ...core.clock import DAY, day_text
from ...core.exchange import MOCK_HEADER, Answer, Received
from ...core.version import __version__
from ...spec.vocabulary import MESSAGES_PATH, ROOMS_PATH

#: Headers of an error page. It comes from a mock, and says so, however wrong it is.
HTML_HEADERS: Final = (("Content-Type", "text/html; charset=utf-8"), (MOCK_HEADER, __version__))

#: Asks the honest API (or the next drift on the way to it).
Ask = Callable[[Received], Answer]


class Keys(Protocol):
    """What a tenant identifies itself with; for drifts that answer whom they should refuse."""

    @property
    def token(self) -> str:
        """The customer token."""
        ...

    @property
    def client_id(self) -> str:
        """HT-Client-Id."""
        ...

    @property
    def client_secret(self) -> str:
        """HT-Client-Secret."""
        ...

    @property
    def sender_keys(self) -> Sequence[str]:
        """The sender profiles' keys, the first one first asked for."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a drift knows beside the request."""

    now: int  #: wall second in Seoul
    keys: Keys  #: of the tenant that is served where a drift lets a stranger in
    turns: Iterator[int]  #: counts from 0 for as long as the drift is on
    seed: int = 1

    @property
    def today(self) -> date:
        """The day in Seoul."""
        return date.fromisoformat(day_text(self.now // DAY))

    def turn(self, every: int) -> bool:
        """True on every so many-th call: the second of two, the third of three."""
        return next(self.turns) % every == every - 1

    def picks(self, text: str, one_in: int) -> bool:
        """Picks about one text in so many; always the same ones under a seed."""
        return zlib.crc32(f"{self.seed}/{text}".encode()) % one_in == 0


Apply = Callable[[Ask, Received, Context], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A statement of the documentation that a drift can break."""

    id: str  #: `rooms-5`: endpoint and number, as numbered in docs/drifts.md
    says: str
    quote: str  #: the page's own words

    @property
    def endpoint(self) -> Literal["rooms", "messages"]:
        """Whose page it is on."""
        return "rooms" if self.id.startswith("rooms") else "messages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One way to misbehave on purpose."""

    name: str  #: kebab-case, unique
    area: str
    breaks: Stated
    says: str  #: what the API does, in one line of English
    says_ko: str  #: the same in Korean
    #: The combination of parameters or data under which alone it shows; "" where plain requests show it.
    when: str
    apply: Apply

    @property
    def endpoint(self) -> Literal["rooms", "messages"]:
        """The endpoint that misbehaves."""
        return self.breaks.endpoint

    @property
    def path(self) -> str:
        """The path of that endpoint."""
        return ROOMS_PATH if self.endpoint == "rooms" else MESSAGES_PATH


class Row(Protocol):
    """Makes a line of an area's table."""

    def __call__(
        self, name: str, breaks: Stated, says: str, says_ko: str, apply: Apply, when: str = ""
    ) -> Drift: ...


def rows_of(area: str) -> Row:
    """A maker of the lines of one area's table."""

    def row(name: str, breaks: Stated, says: str, says_ko: str, apply: Apply, when: str = "") -> Drift:
        return Drift(name=name, area=area, breaks=breaks, says=says, says_ko=says_ko, when=when, apply=apply)

    return row


@dataclass(slots=True)
class Active:
    """A drift that is switched on. Keeps its count of turns; several threads may answer through it."""

    drift: Drift
    seed: int = 1
    _turns: Iterator[int] = field(default_factory=count)  # itertools.count steps whole under threads

    def answer(self, ask: Ask, received: Received, *, now: int, keys: Keys) -> Answer:
        """The answer as drifted; requests to the other endpoint pass untouched. `now`: wall second."""
        if received.path != self.drift.path:
            return ask(received)
        context = Context(now=now, keys=keys, turns=self._turns, seed=self.seed)
        return self.drift.apply(ask, received, context)


def drifted(actives: Sequence[Active], ask: Ask, received: Received, *, now: int, keys: Keys) -> Answer:
    """The answer through several drifts; the first stands nearest to the honest API.

    A drift to which another left nothing it can read passes that other's answer on.
    """
    if not actives:
        return ask(received)
    *inner, outer = actives

    def inside(request: Received) -> Answer:
        return drifted(inner, ask, request, now=now, keys=keys)

    if not inner:
        return outer.answer(ask, received, now=now, keys=keys)
    try:
        return outer.answer(inside, received, now=now, keys=keys)
    except (AttributeError, LookupError, TypeError, ValueError):
        return inside(received)
