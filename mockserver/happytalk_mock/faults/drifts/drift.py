"""What a drift is: a change, and the condition under which alone it shows; together they break a statement.

A drift stands between a request and the honest API. It may answer by itself, change the answer, or ask the
honest API any number of times and put an answer of its own together.

Condition  when: what was asked, what was answered, which rooms or messages of it
Change     what is done where a condition holds; with a condition it makes an Apply
Drift      a name and two sentences for the two together
Active     a drift that is switched on; `drifted` answers through several
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any, Final, Generic, Literal, TypeVar

import orjson

from ...core.clock import DAY, day_text
from ...core.errors import Refused
from ...core.exchange import MOCK_HEADER, Answer, Received
from ...core.version import __version__
from ...spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from ...state.credentials import Credentials
from .stated import TOLD, Stated

#: Headers of an error page. It comes from a mock, and says so, however wrong it is.
HTML_HEADERS: Final = (("Content-Type", "text/html; charset=utf-8"), (MOCK_HEADER, __version__))
_UNREAD: Final = object()

#: Asks the honest API.
Ask = Callable[[Received], Answer]
#: A room, a message or a part of one.
Record = dict[str, Any]


def _written(payload: Any) -> bytes:
    """JSON; numbers beyond 64 bits too, which a page may be asked for and told as."""
    try:
        return orjson.dumps(payload)
    except TypeError:
        return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(slots=True)
class Reply:
    """An answer on its way through drifts: its JSON is read once at most, and written once at the end."""

    _answer: Answer
    _payload: Any = _UNREAD
    _changed: bool = False  #: the payload is not what the answer's body says

    @property
    def payload(self) -> Any:
        """The JSON of its body; None for anything else. Whoever changes it in place tells it anew."""
        if self._payload is _UNREAD:
            try:
                self._payload = orjson.loads(self._answer.body)
            except orjson.JSONDecodeError:
                self._payload = None
        return self._payload

    @property
    def answer(self) -> Answer:
        """The answer as it is sent."""
        if self._changed:
            self._answer, self._changed = self._answer._replace(body=_written(self._payload)), False
        return self._answer

    def telling(self, payload: Any) -> Reply:
        """The same answer with other JSON."""
        return Reply(self._answer, payload, True)

    def sent(self, **changes: Any) -> Reply:
        """The same answer with another status, other headers or another body."""
        return Reply(self.answer._replace(**changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request before a drift: what was asked, whom the drift may ask in its turn, and what else it knows."""

    received: Received
    ask: Callable[[Received], Reply]  #: the honest API, or the next drift on the way to it
    now: int  #: wall second in Seoul
    keys: Credentials  #: of the tenant that is served where a drift lets a stranger in
    turns: Iterator[int]  #: counts from 0 for as long as the drift is on
    seed: int

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


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An honest answer as a drift sees it. A change asks whatever it asks first, then changes `payload`."""

    exchange: Exchange
    reply: Reply
    payload: dict[str, Any]


Seen = TypeVar("Seen")
Viewed = TypeVar("Viewed", bound=View)
Apply = Callable[[Exchange], Reply]


# --- conditions ---


def _always(*_: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition(Generic[Seen]):
    """When alone a drift shows, in words and as tests: of what is seen, and of each room or message in it."""

    says: str  #: "" where plain requests show it
    holds: Callable[[Seen], bool] = _always
    each: Callable[[Record, Seen], bool] = _always

    def __and__(self, other: Condition[Seen]) -> Condition[Seen]:
        return Condition(
            says=", ".join(filter(None, (self.says, other.says))),
            holds=lambda seen: self.holds(seen) and other.holds(seen),
            each=lambda record, seen: self.each(record, seen) and other.each(record, seen),
        )

    def told(self, says: str) -> Condition[Seen]:
        """The same in other words."""
        return replace(self, says=says)


def data(says: str) -> Condition[Any]:
    """Data without which a change changes nothing: told, not tested."""
    return Condition(says=says)


ALWAYS: Final = data("")


def where(says: str, test: Callable[[Record], bool]) -> Condition[Any]:
    """Rooms, messages or their parts of a kind."""
    return Condition(says=says, each=lambda record, _: test(record))


def every(number: Literal[2, 3]) -> Condition[Any]:
    """Every second or third answer."""
    words = {2: "every second answer", 3: "every third answer"}
    return Condition(says=words[number], holds=lambda view: view.exchange.turn(number))


# --- changes ---

Change = Callable[[Condition[Seen]], Apply]
#: Reads an honest answer; None where it is of another kind.
See = Callable[[Exchange, Reply], Viewed | None]


def instead(see: See[Viewed], change: Callable[[Viewed, Condition[Viewed]], Reply]) -> Change[Viewed]:
    """A change that puts another answer in the place of the honest one."""

    def under(condition: Condition[Viewed]) -> Apply:
        def apply(exchange: Exchange) -> Reply:
            honest = exchange.ask(exchange.received)
            view = see(exchange, honest)
            if view is None or not condition.holds(view):
                return honest
            try:
                return change(view, condition)
            except Refused:
                return honest

        return apply

    return under


def in_place(see: See[Viewed], change: Callable[[Viewed], Any]) -> Change[Viewed]:
    """A change of the answer as a whole."""

    def changed(view: Viewed, _: Condition[Viewed]) -> Reply:
        change(view)
        return view.reply.telling(view.payload)

    return instead(see, changed)


def on_each(
    see: See[Viewed], records: Callable[[Viewed], Iterable[Record]], change: Callable[[Record], Any]
) -> Change[Viewed]:
    """A change of each room or message for which the condition holds."""

    def changed(view: Viewed, condition: Condition[Viewed]) -> Reply:
        for record in records(view):
            if condition.each(record, view):
                change(record)
        return view.reply.telling(view.payload)

    return instead(see, changed)


# --- drifts ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One way to misbehave on purpose."""

    name: str  #: kebab-case, unique
    area: str
    breaks: Stated
    says: str  #: what the API does, in one line of English
    says_ko: str  #: the same in Korean
    when: str  #: the condition's words
    apply: Apply

    @property
    def endpoint(self) -> Literal["rooms", "messages"]:
        """The endpoint that misbehaves."""
        return self.breaks.endpoint

    @property
    def path(self) -> str:
        """The path of that endpoint."""
        return ROOMS_PATH if self.endpoint == "rooms" else MESSAGES_PATH


def drift(name: str, change: Change[Seen], condition: Condition[Seen] = ALWAYS) -> Drift:
    """A line of an area's table: a change under a condition. `stated.toml` has the words of that name."""
    breaks, says, says_ko = TOLD[name]
    return Drift(
        name=name,
        area="",
        breaks=breaks,
        says=says,
        says_ko=says_ko,
        when=condition.says,
        apply=change(condition),
    )


def area(name: str, *drifts: Drift) -> tuple[Drift, ...]:
    """The table of one area."""
    return tuple(replace(each, area=name) for each in drifts)


@dataclass(slots=True)
class Active:
    """A drift that is switched on. Keeps its count of turns; several threads may answer through it."""

    drift: Drift
    seed: int = 1
    turns: Iterator[int] = field(default_factory=count)  # itertools.count steps whole under threads


def drifted(
    actives: Sequence[Active], ask: Ask, received: Received, *, now: int, keys: Credentials, odd: bool = False
) -> Answer:
    """The answer through several drifts; the first stands nearest to the honest API. `now`: wall second.

    Requests to another endpoint pass a drift untouched. A drift to which another left nothing it can read
    passes that other's answer on, as one does that cannot read `odd` data, which nobody has judged.
    """

    def through(actives: Sequence[Active], received: Received) -> Reply:
        if not actives:
            return Reply(ask(received))
        *inner, outer = actives

        def inside(request: Received) -> Reply:
            return through(inner, request)

        if received.path != outer.drift.path:
            return inside(received)
        exchange = Exchange(
            received=received, ask=inside, now=now, keys=keys, turns=outer.turns, seed=outer.seed
        )
        try:
            return outer.drift.apply(exchange)
        except (AttributeError, LookupError, TypeError, ValueError):
            if not (inner or odd):
                raise
            return inside(received)

    return through(actives, received).answer
