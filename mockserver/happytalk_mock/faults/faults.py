"""Faults: disturbances with a plan of when they strike, and the `Prefer` header, which is one for one request.

A fault strikes the next `times` requests, or with a probability, of one endpoint or tenant, for some seconds.
Delays of all faults that are due add up; of their effects the one that was added first strikes, and the
others wait for a later request.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from threading import Lock
from typing import Any, Final
from weakref import WeakKeyDictionary

from ..core.clock import machine_time
from ..core.errors import ChangeError, NotFoundError
from ..core.waiting import Wait
from ..core.wording import did_you_mean, mask, said, shorten
from ..spec.schemas import departure
from . import effects as disturbances
from .effects import PLAN_FIELDS, Disturbance
from .rate import Meter

#: Faults kept at most, those that are over included.
MAX_FAULTS: Final = 1000
#: Every field of a fault, with the schema of its value.
FIELDS: Final[Mapping[str, Mapping[str, Any]]] = {**disturbances.FIELDS, **PLAN_FIELDS}


@dataclass(slots=True, kw_only=True)
class Fault:
    """A disturbance and its plan. What changes is changed under the lock of `Faults`."""

    id: int
    disturbance: Disturbance
    times: int | None
    probability: float
    seed: int | str
    endpoint: str | None
    tenant: str | None  #: a customer token, in the clear
    ttl: float | None
    expires: float  #: by the machine's clock; infinity without a ttl
    uses: int = 0  #: requests it struck
    random: Random = field(init=False)
    meter: Meter | None = field(init=False)  #: of a limited rate

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311 - to repeat, not to hide
        self.meter = None if self.disturbance.rate is None else Meter(self.disturbance.rate)

    def due(self, token: str | None) -> Disturbance | None:
        """What it does to a request of a token; None for one that a limited rate lets pass."""
        if self.meter is None:
            return self.disturbance
        seconds = self.meter.excess(token, machine_time())
        return None if seconds is None else replace(self.disturbance, retry_after=seconds)

    @property
    def remaining(self) -> int | None:
        """Requests it may still strike; None for any number."""
        return None if self.times is None else self.times - self.uses

    @property
    def active(self) -> bool:
        """Whether it may still strike."""
        return self.remaining != 0 and machine_time() < self.expires

    def meets(self, endpoint: str, token: str | None) -> bool:
        """Whether it is for a request to an endpoint under a token."""
        return self.endpoint in (None, endpoint) and self.tenant in (None, token)

    def written(self) -> dict[str, Any]:
        """The fault as it is added, its seed said."""
        plan = {name: getattr(self, name) for name in PLAN_FIELDS}
        return {**self.disturbance.payload(), **plan}

    def payload(self) -> dict[str, Any]:
        """The fault as JSON tells it; the tenant's token masked."""
        return {
            "id": self.id,
            **self.written(),
            "tenant": None if self.tenant is None else mask(self.tenant),
            "uses": self.uses,
            "remaining": self.remaining,
            "active": self.active,
        }


#: Stands for the id of a fault where a Prefer header asks for it.
PREFERRED: Final = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """What strikes one request."""

    wait: Wait  #: the delay, by the faults that cause it
    disturbance: Disturbance  #: the effect; may be none
    cause: int  #: id of the fault that has the effect
    ids: tuple[int, ...]  #: of the faults that strike; PREFERRED for a Prefer header


class Faults:
    """The faults of a mock. Any number of threads may add, take and list them."""

    def __init__(self, seed: int) -> None:
        """`seed` is for the chances and delays of faults that are added without a seed of their own."""
        self._lock = Lock()
        self._seed = seed
        self._ids = count(1)
        self._all: dict[int, Fault] = {}
        #: Those that may strike; read without the lock, to see that there is nothing to do.
        self.live: tuple[Fault, ...] = ()
        #: Whose answers are being waited for. None at the end of the mock: then nobody waits any more.
        self._waiting: WeakKeyDictionary[Wait, str | None] | None = WeakKeyDictionary()

    def __iter__(self) -> Any:
        """Every fault in the order of addition, those that are over included."""
        return iter(tuple(self._all.values()))

    def add(self, written: Mapping[str, Any]) -> Fault:
        """Adds the fault that a mapping of FIELDS describes. Raises ChangeError."""
        for name, value in written.items():
            _check(name, value)
        disturbance = disturbances.parse(written)
        plan = _plan(written, disturbance)
        with self._lock:
            self._make_room()
            number = next(self._ids)
            seed = plan.pop("seed")
            fault = Fault(
                id=number,
                disturbance=disturbance,
                seed=f"{self._seed}/{number}" if seed is None else seed,
                expires=machine_time() + (plan["ttl"] if plan["ttl"] is not None else float("inf")),
                **plan,
            )
            self._all[number] = fault
            self._refresh()
        return fault

    def get(self, number: int) -> Fault:
        """The fault of an id. Raises NotFoundError."""
        fault = self._all.get(number)
        if fault is None:
            known = ", ".join(str(each) for each in self._all)
            raise NotFoundError("id", received=str(number), allowed=shorten(known) or "there are no faults")
        return fault

    def remove(self, number: int) -> None:
        """Takes a fault away. Raises NotFoundError."""
        with self._lock:
            self.get(number)
            self._drop([number])

    def clear(self, tenant: str | None = None) -> int:
        """Takes every fault away, or those of one tenant; says how many."""
        with self._lock:
            gone = [each.id for each in self._all.values() if tenant is None or each.tenant == tenant]
            self._drop(gone)
            for wait, token in list((self._waiting or {}).items()):
                if tenant in (None, token):
                    wait.lift(PREFERRED)
        return len(gone)

    def close(self) -> None:
        """Ends every wait; from now on nobody waits."""
        with self._lock:
            waiting, self._waiting = list(self._waiting or ()), None
        for wait in waiting:
            wait.lift()

    def dump(self) -> dict[str, Any]:
        """All of them, as JSON."""
        with self._lock:
            number = next(self._ids)
            self._ids = count(number)
            each = [
                {
                    "id": fault.id,
                    "written": fault.written(),
                    "uses": fault.uses,
                    "expires": None if fault.ttl is None else fault.expires,
                    "random": fault.random.getstate(),
                    "counted": None if fault.meter is None else fault.meter.counted(),
                }
                for fault in self._all.values()
            ]
        return {"next": number, "faults": each}

    def take_up(self, dumped: Mapping[str, Any]) -> None:
        """Has what was dumped in place of what there is."""
        self.clear()
        for each in dumped["faults"]:
            self._ids = count(each["id"])
            fault = self.add(each["written"])
            fault.uses = each["uses"]
            fault.expires = float("inf") if each["expires"] is None else each["expires"]
            version, internal, gauss = each["random"]
            fault.random.setstate((version, tuple(internal), gauss))
            if fault.meter is not None:
                fault.meter.go_on(each["counted"])
        with self._lock:
            self._ids = count(dumped["next"])
            self._refresh()

    def may_strike(self, endpoint: str, token: str | None) -> bool:
        """Whether there is a fault for such a request."""
        return any(fault.meets(endpoint, token) and fault.active for fault in self.live)

    def prefer(self, disturbance: Disturbance, token: str | None) -> Strike:
        """The strike that a Prefer header of a request asks for; uses up no fault."""
        delay = disturbance.delay.first if disturbance.delay else 0.0
        with self._lock:
            wait = self._wait({PREFERRED: delay}, token)
        return Strike(wait=wait, disturbance=disturbance, cause=PREFERRED, ids=(PREFERRED,))

    def take(self, endpoint: str, token: str | None) -> Strike | None:
        """What strikes a request of a token now, counted as used; None for nothing."""
        delays: dict[int, float] = {}
        effect, cause = Disturbance(), PREFERRED
        with self._lock:
            over = False
            for fault in self.live:
                if not fault.meets(endpoint, token):
                    continue
                if not fault.active:
                    over = True
                    continue
                has_effect = fault.disturbance.effect is not None
                if (has_effect and effect.effect is not None) or fault.random.random() >= fault.probability:
                    continue
                disturbance = fault.due(token)
                if disturbance is None:
                    continue
                fault.uses += 1
                over = over or fault.remaining == 0
                if has_effect:
                    effect, cause = disturbance, fault.id
                delay = disturbance.delay
                delays[fault.id] = 0.0 if delay is None else delay.draw(fault.random)
            if over:
                self._refresh()
            if not delays:
                return None
            wait = self._wait(delays, token)
        return Strike(wait=wait, disturbance=effect, cause=cause, ids=tuple(delays))

    def _wait(self, seconds: dict[int, float], token: str | None) -> Wait:
        """A wait that ends when its causes are taken away. With the lock held."""
        wait = Wait(seconds)
        if self._waiting is None:
            wait.lift()
        else:
            self._waiting[wait] = token
        return wait

    def _drop(self, numbers: Iterable[int]) -> None:
        """Takes faults away, and ends what is waited for because of them. With the lock held."""
        for number in numbers:
            del self._all[number]
            for wait in list(self._waiting or ()):
                wait.lift(number)
        self._refresh()

    def _refresh(self) -> None:
        self.live = tuple(fault for fault in self._all.values() if fault.active)

    def _make_room(self) -> None:
        """Forgets what is over where there are too many. Raises ChangeError where none is."""
        if len(self._all) < MAX_FAULTS:
            return
        over = [fault.id for fault in self._all.values() if not fault.active]
        if not over:
            raise ChangeError("fault", received=f"one more than {MAX_FAULTS}", allowed="to clear some first")
        for number in over:
            del self._all[number]


def _check(name: str, value: Any) -> None:
    if name not in FIELDS:
        received = f"an unknown field{did_you_mean(name, FIELDS)}"
        raise ChangeError(shorten(name), received=received, allowed=", ".join(FIELDS))
    where = None if value is None else departure(value, FIELDS[name])
    if where is not None:
        received = mask(value) if name == "tenant" and isinstance(value, str) else said(value)
        raise ChangeError(f"{name}{where}", received=received, allowed=FIELDS[name]["description"])


def _plan(written: Mapping[str, Any], disturbance: Disturbance) -> dict[str, Any]:
    """The fields of a plan."""
    plan = {name: written.get(name) for name in PLAN_FIELDS}
    only, endpoint = disturbance.endpoint, plan["endpoint"]
    if only is not None and endpoint not in (None, only):
        received = f"{disturbance.failure} for {endpoint}"
        raise ChangeError("failure", received=received, allowed=f"that code with endpoint {only}")
    chance, ttl = plan["probability"], plan["ttl"]
    return plan | {
        "probability": 1.0 if chance is None else float(chance),
        "endpoint": endpoint or only,
        "ttl": None if ttl is None else float(ttl),
    }
