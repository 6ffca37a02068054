"""The edge: what stands between HTTP and the endpoints.

It keeps the journal, and where someone asked for it on purpose lets answers go wrong: drifts first (the API
itself departs from its documentation), then faults (the answer is lost, late or mangled on its way). Where
nobody asked, an answer costs one append to the journal more than without it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

import orjson

from ..core.clock import Clock
from ..core.errors import ChangeError
from ..core.exchange import FAULT_HEADER, MOCK_HEADER, Answer, Received
from ..core.problems import PROBLEM_TYPE, problem
from ..core.version import __version__
from ..faults import prefer
from ..faults.active import ActiveDrifts
from ..faults.effects import Situation
from ..faults.faults import Faults, Strike
from ..journal.entries import NAMES, Reader
from ..journal.journal import DEFAULT_SIZE, Journal
from ..spec.behaviour import Behaviour
from ..state.changes import reset_data
from ..state.churn import Churn
from ..state.mock import Mock
from ..state.tenants import Tenant
from .endpoints import ENDPOINTS

if TYPE_CHECKING:
    from ..faults.drifts.drift import Active

#: Called after each answered request: request, answer, seconds it took.
Observer = Callable[[Received, Answer, float], None]
#: What a reset puts back, and can be asked to put back alone.
RESETTABLE: Final = ("data", "clock", "behaviour", "faults", "drift", "churn", "journal")


class Edge:
    """Answers requests for `mock`, with journal, faults, drifts and churn. Safe under threads."""

    def __init__(
        self, mock: Mock, *, journal_size: int = DEFAULT_SIZE, observers: tuple[Observer, ...] = ()
    ) -> None:
        self.mock = mock
        self.journal = Journal(journal_size)
        self.faults = Faults(mock.setup.seed)
        self.drifts = ActiveDrifts(mock.setup.seed)
        self.churn = Churn(mock)
        self.reader = Reader(self.token_of, self._is_production)
        self._observers = observers
        self._closing = threading.Event()
        self._own_clocks = False
        self._start = mock.clock.mark()

    # --- answering ---

    def answer(self, received: Received) -> Answer:
        """The answer to a request to one of the two endpoints, and an entry in the journal."""
        started = time.perf_counter()
        faults: tuple[int, ...] = ()
        drifts: tuple[str, ...] = ()
        if not self.faults.live and not self.drifts and "prefer" not in received.headers:
            answer = ENDPOINTS[received.path](self.mock, received)
        else:
            answer, faults, drifts = self._disturbed(received)
        self.note(received, answer, time.perf_counter() - started, faults, drifts)
        return answer

    def note(
        self,
        received: Received,
        answer: Answer,
        seconds: float,
        faults: tuple[int, ...] = (),
        drifts: tuple[str, ...] = (),
    ) -> None:
        """Tells the journal and the observers of a request that was answered."""
        clock = self._clock_for(received) if self._own_clocks else self.mock.clock
        self.journal.record(clock.epoch(), received, answer, seconds, faults, drifts)
        for observe in self._observers:
            observe(received, answer, seconds)

    def _disturbed(self, received: Received) -> tuple[Answer, tuple[int, ...], tuple[str, ...]]:
        endpoint = NAMES[received.path]
        try:
            preferred = prefer.parse(received.headers.get("prefer", ""), endpoint)
        except ChangeError as error:
            return _refusal(error, endpoint), (), ()
        token = partial(self.token_of, received)
        drifts = self.drifts.of(token)
        honest = partial(self._drifted, received, drifts)
        if preferred is not None:
            delay = preferred.delay.first if preferred.delay else 0.0
            strike: Strike | None = Strike(delay=delay, disturbance=preferred, ids=(0,))
        else:
            strike = self.faults.take(endpoint, token)
        names = tuple(active.drift.name for active in drifts)
        if strike is None:
            return honest(), (), names
        self.pause(strike.delay)
        situation = Situation(
            endpoint=endpoint,
            honest=honest,
            behaviour=self.behaviour_for(token()),
            pause=self.pause,
        )
        return _marked(strike.disturbance.strike(situation), strike), strike.ids, names

    def _drifted(self, received: Received, drifts: Sequence[Active]) -> Answer:
        if not drifts:
            return ENDPOINTS[received.path](self.mock, received)
        from ..faults.drifts.drift import drifted

        tenant = self._tenant(self.token_of(received))
        clock = self.mock.clock if tenant is None else self.mock.clock_of(tenant)
        keys = self.mock.setup.credentials[0] if tenant is None else tenant.credentials
        return drifted(drifts, self._ask, received, now=clock.second(), keys=keys)

    def _ask(self, received: Received) -> Answer:
        return ENDPOINTS[received.path](self.mock, received)

    def pause(self, seconds: float) -> None:
        """Waits, but not past the end of the server."""
        if seconds > 0:
            self._closing.wait(seconds)

    def close(self) -> None:
        """Ends churn and every delay that is being waited for."""
        self._closing.set()
        self.churn.stop()

    # --- back to the start ---

    def reset(
        self, tenant: Tenant | None, *, empty: bool = False, only: frozenset[str] | None = None
    ) -> None:
        """Puts the mock, or one tenant, back to how it was started; `only` names some of RESETTABLE.

        `empty` leaves no data instead of the data of the start.
        """
        token = None if tenant is None else tenant.token
        steps: dict[str, Callable[[], object]] = {
            "churn": lambda: self.churn.stop(token),
            "faults": lambda: self.faults.clear(token),
            "drift": lambda: self.drifts.clear(token, everywhere=token is None),
            "behaviour": lambda: self._reset_behaviour(tenant),
            "clock": lambda: self._reset_clock(tenant),
            "data": lambda: self._reset_data(tenant, empty=empty),
            "journal": lambda: self.forget_requests(token),
        }
        for name, step in steps.items():
            if only is None or name in only:
                step()

    def forget(self, token: str) -> None:
        """Ends what was set for a tenant that is no more."""
        self.churn.stop(token)
        self.faults.clear(token)
        self.drifts.clear(token)

    def forget_requests(self, token: str | None) -> int:
        """Clears the journal, or the requests of one tenant; says how many."""
        if token is None:
            return self.journal.clear()
        chosen = (one.number for one in self.journal if self.reader.token(one) == token)
        return self.journal.clear(frozenset(chosen))

    def _reset_behaviour(self, tenant: Tenant | None) -> None:
        if tenant is None:
            for each in self.mock.tenants:
                self.mock.behave(None, each)
        self.mock.behave(None, tenant)

    def _reset_clock(self, tenant: Tenant | None) -> None:
        for each in self.mock.tenants if tenant is None else (tenant,):
            each.clock = None
        if tenant is None:
            self.mock.clock.restore(self._start)

    def _reset_data(self, tenant: Tenant | None, *, empty: bool) -> None:
        for each in self.mock.tenants if tenant is None else (tenant,):
            if each.size is not None:
                self.mock.tenants.generate(each, None)
            reset_data(each, empty=empty)

    # --- whose request it is ---

    def token_of(self, received: Received) -> str | None:
        """The customer token a request belongs to: of its body, or of its HT-Client-Id."""
        client_id = received.headers.get("ht-client-id")
        if NAMES.get(received.path) == "messages":
            return self.mock.tenants.token_of_client(client_id) if client_id else None
        return received.token

    def behaviour_of(self, received: Received) -> Behaviour:
        """The behaviour profile in force for a request."""
        return self.behaviour_for(self.token_of(received))

    def behaviour_for(self, token: str | None) -> Behaviour:
        """The behaviour profile in force for a token."""
        tenant = self._tenant(token)
        return self.mock.behaviour if tenant is None else self.mock.behaviour_of(tenant)

    def _tenant(self, token: str | None) -> Tenant | None:
        return None if token is None else self.mock.tenants.known(token)

    def _is_production(self, token: str | None) -> bool:
        return self.behaviour_for(token)["ht_headers"] == "needed"

    # --- clocks ---

    def change_clock(self, tenant: Tenant | None, change: Callable[[Clock], None]) -> None:
        """Changes the mock's clock, or a tenant's own. A change that raises leaves all as it was."""
        if tenant is None:
            change(self.mock.clock)
            return
        clock = self.mock.clock_of(tenant).copy()
        change(clock)
        tenant.clock = clock
        self._own_clocks = True

    def _clock_for(self, received: Received) -> Clock:
        tenant = self._tenant(self.token_of(received))
        return self.mock.clock if tenant is None else self.mock.clock_of(tenant)


def _marked(answer: Answer, strike: Strike) -> Answer:
    """The answer with a header that says that it went wrong on purpose."""
    what = strike.disturbance.effect or "delay"
    source = "Prefer" if strike.ids == (0,) else "fault " + " ".join(map(str, strike.ids))
    headers = answer.headers
    if not any(name == MOCK_HEADER for name, _ in headers):
        headers = (*headers, (MOCK_HEADER, __version__))
    return answer._replace(headers=(*headers, (FAULT_HEADER, f"{what} ({source})")))


def _refusal(error: ChangeError, endpoint: str) -> Answer:
    """400 with problem details for a Prefer header that makes no sense."""
    body = problem(400, error, preferences=prefer.allowed(endpoint))
    return Answer(400, (("Content-Type", PROBLEM_TYPE), (MOCK_HEADER, __version__)), orjson.dumps(body))
