"""What is in force beside the data: journal, faults, drifts, churn; and the way back to the start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ..core.errors import ChangeError, TwinError
from ..core.exchange import Answer, Received
from ..data.scenario import parse
from ..data.scenario_file import Place
from ..faults.active import ActiveDrifts
from ..faults.faults import Faults
from ..journal.audit import Audit
from ..journal.entries import Reader
from ..journal.journal import DEFAULT_SIZE, Journal
from ..journal.tally import Tally
from ..state.changes import reset_data
from ..state.churn import Churn
from ..state.mock import Mock
from ..state.snapshots import Snapshots
from ..state.tenants import Tenant

if TYPE_CHECKING:
    from ..state.log import Log
    from .ledger import Ledger

#: Called after each answered request: request, answer, seconds it took.
Observer = Callable[[Received, Answer, float], None]
#: Changes that churn makes are kept together, for so many seconds.
_CHURN_PAUSE: Final = 0.05
#: What a reset puts back, and can be asked to put back alone.
RESETTABLE: Final = ("data", "clock", "behaviour", "faults", "drift", "churn", "journal")


class Control:
    """What a mock is steered by while it runs. Safe under threads."""

    def __init__(
        self, mock: Mock, *, journal_size: int = DEFAULT_SIZE, observers: tuple[Observer, ...] = ()
    ) -> None:
        self.mock = mock
        self.journal = Journal(journal_size)
        self.reader = Reader(mock.token_of, mock.needs_headers)
        self.faults = Faults(mock.setup.seed)
        self.drifts = ActiveDrifts(mock.setup.seed)
        self.churn = Churn(mock)
        self.snapshots = Snapshots(mock)
        self.audit = Audit()
        #: Further figures by name, with what they say: such as how far a replica is behind.
        self.gauges: dict[str, tuple[str, Callable[[], float]]] = {}
        #: Why the mock cannot serve now, by what is wrong; None: it can.
        self.checks: dict[str, Callable[[], str | None]] = {}
        self.tally: Tally | None = None  #: None until somebody asks how many requests came
        self.observers = observers
        self._recorded_drifts()
        self._start = mock.clock.mark()
        #: What makes each kind of change, by its name. All it is given is JSON.
        self.makers: dict[str, Callable[..., Any]] = {
            "take": self.faults.take,
            "churn": self.churn.advance,
        }
        self._scenario: Mapping[str, Any] | None = None  # as it was written; None: that of the start
        self.ledger: Ledger | None = None  #: where changes outlive the process
        self.churn.due = lambda born, upto: self.change("churn", born=born, upto=upto)

    def change(self, do: str, **given: Any) -> Any:
        """Makes a change: at once or, where the state outlives the process, by way of its log.

        The one way for everything that changes what requests to come are answered. Raises what its maker raises.
        """
        return self.makers[do](**given) if self.ledger is None else self.ledger.change(do, given)

    def keep_in(self, log: Log) -> Ledger:
        """Lets every change go by way of a log from now on, so that it outlives this process."""
        from .ledger import Ledger

        self.mock.tenants.keep_changed = True
        self.churn.pause = _CHURN_PAUSE
        self.ledger = ledger = Ledger(log, self.makers, self.dump, self.take_up)
        self.checks["state"] = ledger.wrong
        self.gauges["happytalk_mock_state_changes"] = ("Changes of the state made here.", lambda: ledger.made)
        self.gauges["happytalk_mock_state_lag"] = ("Changes that the last replica is behind.", ledger.lag)
        return ledger

    def dump(self) -> dict[str, Any]:
        """All that changes made, as JSON."""
        return {
            "mock": self.mock.dump(),
            "faults": self.faults.dump(),
            "drifts": self.drifts.dump(),
            "churn": self.churn.dump(),
            "snapshots": self.snapshots.dump(),
            "audit": self.audit.dump(),
            "scenario": self._scenario,
        }

    def take_up(self, dumped: Mapping[str, Any]) -> None:
        """Has what was dumped in place of what there is."""
        self.churn.stop()
        if dumped["scenario"] is not None:
            self.load_scenario(dumped["scenario"])
        self.mock.take_up(dumped["mock"])
        self.faults.take_up(dumped["faults"])
        self.drifts.take_up(dumped["drifts"])
        self.churn.take_up(dumped["churn"])
        self.snapshots.take_up(dumped["snapshots"])
        self.audit.take_up(dumped["audit"])

    def count_requests(self) -> Tally:
        """The counts of requests, of those that the journal keeps and of all from the first call on."""
        if self.tally is None:
            tally = Tally()
            for one in self.journal:
                tally.count(one.received, one.answer, one.seconds, bool(one.faults))
            self.tally = tally
        return self.tally

    def hindrances(self) -> dict[str, str]:
        """Why the mock cannot serve now, by what is wrong; nothing if it can. Makes what the first answer needs."""
        first = next(iter(self.mock.tenants), None)
        if first is not None:
            first.rooms.prepare(self.mock.clock_of(first).second())
        found = {name: check() for name, check in self.checks.items()}
        return {name: why for name, why in found.items() if why is not None}

    def close(self) -> None:
        """Ends churn and every delay that is being waited for."""
        self.faults.close()
        self.churn.stop()

    def reset(
        self, tenant: Tenant | None, *, empty: bool = False, only: frozenset[str] | None = None
    ) -> None:
        """Puts the mock, or one tenant, back to how it was started; `only` names some of RESETTABLE.

        `empty` leaves no data instead of the data of the start.
        """
        token = None if tenant is None else tenant.token
        affected = list(self.mock.tenants) if tenant is None else [tenant]
        steps: dict[str, Callable[[], object]] = {
            "churn": lambda: self.churn.stop(token),
            "faults": lambda: self.faults.clear(token),
            "drift": lambda: self._reset_drifts(token),
            "behaviour": lambda: self._reset_behaviour(tenant, affected),
            "clock": lambda: self._reset_clock(tenant, affected),
            "data": lambda: self._reset_data(affected, empty=empty),
            "journal": lambda: self.forget_requests(token),
        }
        for name, step in steps.items():
            if only is None or name in only:
                step()

    def load_scenario(self, written: Mapping[str, Any]) -> None:
        """Serves another scenario, whose data begin anew. Raises ScenarioError; all is as it was then."""
        scenario = parse(dict(written), Place("scenario"))
        self.churn.stop()
        self.mock.load(scenario)
        self._scenario = written

    def forget(self, token: str) -> None:
        """Ends what was set for a tenant that is no more."""
        self.churn.stop(token)
        self.faults.clear(token)
        self.drifts.clear(token)
        self.snapshots.forget(token)

    def forget_requests(self, token: str | None) -> int:
        """Clears the journal, or the requests of one tenant; says how many."""
        if token is None:
            return self.journal.clear()
        chosen = (one.number for one in self.journal if self.reader.token(one) == token)
        return self.journal.clear(frozenset(chosen))

    def _reset_behaviour(self, tenant: Tenant | None, affected: list[Tenant]) -> None:
        for each in affected:
            self.mock.behave(None, each)
        if tenant is None:
            self.mock.behave(None)

    def _reset_drifts(self, token: str | None) -> None:
        self.drifts.clear(token, everywhere=token is None)
        if token is None:
            self._recorded_drifts()

    def _recorded_drifts(self) -> None:
        """Puts in force how a twin's API departs from its documentation. Raises ConfigurationError."""
        twin = self.mock.setup.twin
        if twin is not None and twin.twin.drifts:
            try:
                self.drifts.set(twin.twin.drifts)
            except ChangeError as error:
                raise TwinError(f"twin {twin.twin.name}, behaviour.toml: drifts: {error}") from None

    def _reset_clock(self, tenant: Tenant | None, affected: list[Tenant]) -> None:
        for each in affected:
            each.clock = None
        if tenant is None:
            self.mock.clock.restore(self._start)

    def _reset_data(self, affected: list[Tenant], *, empty: bool) -> None:
        for each in affected:
            if each.size is not None:
                self.mock.tenants.generate(each, None)
            reset_data(each, empty=empty)
