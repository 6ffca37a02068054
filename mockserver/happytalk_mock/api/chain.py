"""What stands between HTTP and the endpoints: journal > fault > recorded > drift > endpoint.

Each step is a callable that answers by asking the next one, or by itself. A drift departs from the
documentation as an API would; a fault loses the answer, delays or mangles it on its way; the journal sees what
was sent in the end. Nothing in here waits: a delayed answer is `Held`, and it is the server that waits. Where
nobody asked for anything, an answer costs one append to the journal more than without it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final, TypeVar

import orjson

from ..core.errors import ChangeError
from ..core.exchange import FAULT_HEADER, MOCK_HEADER, SOURCE_HEADER, Answer, Held, Received, Respond
from ..core.problems import PROBLEM_TYPE, problem
from ..core.version import __version__
from ..core.waiting import Wait
from ..faults import prefer
from ..faults.effects import Situation
from ..faults.faults import PREFERRED, Strike
from ..journal.entries import NAMES
from ..spec.behaviour import READS
from ..spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from ..state.mock import Mock
from ..store.rooms import BULK_FROM, RoomStore
from .control import Control
from .messages import answer_messages
from .recorded import Book
from .rooms import answer_rooms

if TYPE_CHECKING:
    from ..faults.drifts.drift import Active

R = TypeVar("R", bound=Answer | Held | None)
Endpoint = Callable[[Mock, Received], Answer]
#: Path -> what answers there, whatever the method.
ENDPOINTS: Final[Mapping[str, Endpoint]] = {ROOMS_PATH: answer_rooms, MESSAGES_PATH: answer_messages}
#: Seconds after which whoever waits for a store's rooms makes them itself.
_LONGEST_PREPARING: Final = 60.0


class Passing:
    """A request on its way, and what is done to it on purpose."""

    __slots__ = ("drifts", "faults", "received")

    def __init__(self, received: Received, drifts: tuple[Active, ...] = ()) -> None:
        self.received = received
        self.drifts = drifts
        self.faults: tuple[int, ...] = ()  #: ids; 0 is one of a Prefer header


Step = Callable[[Passing], Answer]


def endpoints(control: Control) -> dict[str, Respond]:
    """What answers at the path of each endpoint, and at the same path with a slash behind it."""
    respond: Respond = chain(control)

    def slashed(received: Received) -> Answer | Held | None:
        plain = received._replace(path=received.path[:-1])
        behaviour = control.mock.behaviour_of(control.mock.tenant_of(plain))
        return respond(plain) if behaviour["trailing_slash"] == "taken" else None

    both: dict[str, Respond] = dict.fromkeys(ENDPOINTS, respond)
    return both | {f"{path}/": _current(control, slashed) for path in ENDPOINTS}


def unhurried(control: Control) -> dict[str, Respond]:
    """The same for an event loop: where very many rooms are to be made first, a thread makes them meanwhile."""
    if control.mock.setup.rooms <= BULK_FROM:
        return endpoints(control)
    mock, respond, preparing = control.mock, chain(control), Preparing()

    def waiting(received: Received) -> Answer | Held:
        tenant = None if received.token is None else mock.tenants.by_token(received.token)
        now = mock.clock_of(tenant).second()
        if tenant is None or tenant.rooms.ready(now):
            return respond(received)
        return Held(preparing.wait(tenant.rooms, now), partial(respond, received))

    return endpoints(control) | {ROOMS_PATH: waiting}


class Preparing:
    """The stores whose rooms are being made, each by a thread, and who waits for them. Safe under threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: dict[RoomStore, list[Wait]] = {}

    def wait(self, store: RoomStore, now: int) -> Wait:
        """A wait that ends when the store is ready."""
        wait = Wait({0: _LONGEST_PREPARING})
        with self._lock:
            begun = store in self._waiting
            self._waiting.setdefault(store, []).append(wait)
        if not begun:
            Thread(target=self._prepare, args=(store, now), name="happytalk-rooms", daemon=True).start()
        return wait

    def _prepare(self, store: RoomStore, now: int) -> None:
        try:
            store.prepare(now)
        finally:
            with self._lock:
                waiting = self._waiting.pop(store)
            for wait in waiting:
                wait.lift()


def chain(control: Control) -> Callable[[Received], Answer | Held]:
    """Answers requests to the two endpoints. Safe under threads."""
    honest = drift(control, endpoint(control.mock))
    return _current(control, journal(control, fault(control, recorded(control, honest))))


def _current(control: Control, respond: Callable[[Received], R]) -> Callable[[Received], R | Answer | Held]:
    """The same from a state that has every change, where other processes make some too."""
    return respond if control.ledger is None else control.ledger.answering(respond)


def journal(control: Control, ask: Callable[[Passing], Answer | Held]) -> Callable[[Received], Answer | Held]:
    """Notes each request with its answer."""

    def step(received: Received) -> Answer | Held:
        started = time.perf_counter()
        drifts = control.drifts.of(control.mock.token_of(received)) if control.drifts.live else ()
        passing = Passing(received, drifts)
        answer = ask(passing)
        if isinstance(answer, Held):
            return later(passing, answer, started)
        note(control, passing, answer, time.perf_counter() - started)
        return answer

    def later(passing: Passing, held: Held, started: float) -> Held:
        def make() -> Answer | Held:
            answer = held.make()
            if isinstance(answer, Held):
                return later(passing, answer, started)
            note(control, passing, answer, time.perf_counter() - started)
            return answer

        return Held(held.wait, make)

    return step


def note(control: Control, passing: Passing, answer: Answer, seconds: float) -> None:
    """Tells the journal and the observers of a request that was answered."""
    received = passing.received
    names = tuple(active.drift.name for active in passing.drifts) if passing.drifts else ()
    epoch = control.mock.clock_for(received).epoch()
    control.journal.record(epoch, received, answer, seconds, passing.faults, names)
    if control.tally is not None:
        control.tally.count(received, answer, seconds, bool(passing.faults))
    for observe in control.observers:
        observe(received, answer, seconds)


def fault(control: Control, ask: Step) -> Callable[[Passing], Answer | Held]:
    """Lets the answer go wrong as the Prefer header asks, else as the faults are planned."""

    def step(passing: Passing) -> Answer | Held:
        received = passing.received
        if not control.faults.live and "prefer" not in received.headers:
            return ask(passing)
        name, token = NAMES[received.path], control.mock.token_of(received)
        try:
            preferred = prefer.parse(received.headers.get("prefer", ""), name)
        except ChangeError as error:
            passing.drifts = ()  # it meets none
            return _refusal(error, name)
        faults = control.faults
        if preferred is not None:
            return struck(passing, faults.prefer(preferred, token))
        if not faults.may_strike(name, token):
            return ask(passing)
        if control.ledger is None:
            return struck(passing, faults.take(name, token))
        wait, taken = control.ledger.later("take", {"endpoint": name, "token": token})
        return Held(wait, lambda: struck(passing, taken()))

    def struck(passing: Passing, strike: Strike | None) -> Answer | Held:
        if strike is None:
            return ask(passing)
        passing.faults = strike.ids
        make = partial(_struck, control.mock, passing, strike, ask)
        return Held(strike.wait, make) if any(strike.wait.seconds.values()) else make()

    return step


def _struck(mock: Mock, passing: Passing, strike: Strike, ask: Step) -> Answer:
    """The answer with what strikes it."""
    situation = Situation(
        endpoint=NAMES[passing.received.path],
        honest=lambda: ask(passing),
        behaviour=mock.behaviour_for(mock.token_of(passing.received)),
        wait=strike.wait,
        cause=strike.cause,
    )
    return _marked(strike.disturbance.strike(situation), strike)


def recorded(control: Control, ask: Step) -> Step:
    """Of a twin, answers as recorded where that departs from what comes further on; says where answers come from."""
    if control.mock.setup.twin is None:
        return ask
    book = Book(control, control.mock.setup.twin)

    def step(passing: Passing) -> Answer:
        answer, source = book.answer(passing.received), "recorded"
        if answer is None:
            READS.undecided = False
            answer = ask(passing)
            source = "default" if READS.undecided else "computed"
        return answer._replace(headers=(*answer.headers, (SOURCE_HEADER, source)))

    return step


def drift(control: Control, ask: Step) -> Step:
    """Departs from the documentation where drifts are in force."""

    def step(passing: Passing) -> Answer:
        if not passing.drifts:
            return ask(passing)
        from ..faults.drifts.drift import drifted

        mock = control.mock
        tenant = mock.tenant_of(passing.received)
        keys = mock.setup.credentials[0] if tenant is None else tenant.credentials
        now = mock.clock_of(tenant).second()
        return drifted(
            passing.drifts,
            lambda changed: ask(Passing(changed)),
            passing.received,
            now=now,
            keys=keys,
            odd=mock.setup.recorded,
        )

    return step


def endpoint(mock: Mock) -> Step:
    """The API as documented."""

    def step(passing: Passing) -> Answer:
        return ENDPOINTS[passing.received.path](mock, passing.received)

    return step


def _marked(answer: Answer, strike: Strike) -> Answer:
    """The answer with a header that says that it went wrong on purpose."""
    what = strike.disturbance.effect or "delay"
    source = "Prefer" if strike.ids == (PREFERRED,) else "fault " + " ".join(map(str, strike.ids))
    headers = answer.headers
    if not any(name == MOCK_HEADER for name, _ in headers):
        headers = (*headers, (MOCK_HEADER, __version__))
    return answer._replace(headers=(*headers, (FAULT_HEADER, f"{what} ({source})")))


def _refusal(error: ChangeError, endpoint: str) -> Answer:
    """400 with problem details for a Prefer header that makes no sense."""
    body = problem(400, error, preferences=prefer.allowed(endpoint))
    return Answer(400, (("Content-Type", PROBLEM_TYPE), (MOCK_HEADER, __version__)), orjson.dumps(body))
