"""Whose data it is: tenants by token and by HT-Client-Id.

A token is a customer. Each has rooms and system messages of its own, so tests that run side by side under
different tokens never meet.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import lru_cache, partial
from itertools import count
from threading import Lock
from typing import Any, Final

from ..core.clock import Clock
from ..core.errors import ConfigurationError, ScenarioError
from ..data.messages import messages_of
from ..data.scenario import Scenario
from ..data.source import Options, RoomSource
from ..data.twin.placed import Placed, TwinSource
from ..spec.behaviour import Behaviour
from ..spec.vocabulary import Message
from ..store.messages import MessageStore
from ..store.rooms import RoomStore
from ..store.warm import Warm
from .credentials import DEFAULT_CREDENTIALS, Credentials, token_of_client

#: Tenants that `any_token` makes on demand; past this the one longest unused is forgotten, and of those
#: that nobody changed, as long as there are such.
MAX_ANY_TENANTS: Final = 10_000
#: Generated rooms that all tenants hold together, to be made again at need; more where one alone has more.
MAX_WARM: Final = 20_000
#: Of the tenants that the mock is started with so many hold theirs in any case.
_ALWAYS_WARM: Final = 16
#: The first number of what is added by hand, past the entries of any scenario.
_FIRST_BY_HAND: Final = 1 << 24


@dataclass(slots=True)
class Tenant:
    """A customer: its data and, where they differ from the mock's, its clock and behaviour."""

    credentials: Credentials
    rooms: RoomStore
    messages: MessageStore
    source: RoomSource  #: fills in what rooms made by hand leave out
    clock: Clock | None = None  #: None: the mock's
    behaviour: Behaviour | None = None  #: None: the mock's
    on_demand: bool = False  #: made because any token is taken: any secret and sender key is its own
    size: tuple[int, int] | None = None  #: generated rooms and days of its own; None: the setup's
    #: Numbers what is added by hand, so that equal fields make different rooms, always the same ones.
    numbers: Iterator[int] = field(default_factory=lambda: count(_FIRST_BY_HAND))

    def restart_numbers(self) -> None:
        """After a reset the same additions make the same rooms again."""
        self.numbers = count(_FIRST_BY_HAND)

    @property
    def touched(self) -> bool:
        """Whether it is another than one that is made afresh."""
        own = self.clock or self.behaviour or self.size
        return own is not None or self.rooms.touched or self.messages.touched

    @property
    def as_new(self) -> bool:
        """Whether one that is made afresh would be the same, now and after any change."""
        return not self.touched and self.following() == _FIRST_BY_HAND

    def following(self) -> int:
        """The number that the next addition by hand gets; it is not used up."""
        number = next(self.numbers)
        self.numbers = count(number)
        return number

    def dump(self) -> dict[str, Any]:
        """What makes it another than one that is made afresh, as JSON."""
        return {
            "credentials": asdict(self.credentials),
            "on_demand": self.on_demand,
            "clock": None if self.clock is None else self.clock.mark(),
            "behaviour": None if self.behaviour is None else dict(self.behaviour.answers),
            "size": self.size,
            "numbers": self.following(),
            "rooms": self.rooms.dump(),
            "messages": self.messages.dump(),
        }

    @property
    def token(self) -> str:
        """The customer token."""
        return self.credentials.token

    @property
    def client_id(self) -> str:
        """HT-Client-Id."""
        return self.credentials.client_id

    @property
    def client_secret(self) -> str:
        """HT-Client-Secret."""
        return self.credentials.client_secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a mock is started with; the settings a reset returns to."""

    seed: int = 1
    rooms: int = 500  #: generated rooms of each tenant
    days: int = 30  #: over about so many days
    credentials: tuple[Credentials, ...] = (DEFAULT_CREDENTIALS,)
    any_token: bool = False
    behaviour: Behaviour = field(default_factory=Behaviour)
    scenario: Scenario | None = None
    twin: Placed | None = None
    recorded: bool = False  #: whether the twin's own rooms are served, not so many of its shape


class Tenants:
    """The tenants of a mock, found by token or by HT-Client-Id."""

    def __init__(self, setup: Setup, clock: Clock) -> None:
        self._lock = Lock()
        self._setup = setup
        #: What relative moments of a scenario count from, whenever a tenant is first seen.
        self._start = clock.second()
        #: The mock's profile: what tenants made from now on get.
        self.behaviour = setup.behaviour
        self._known: dict[str, Tenant] = {}
        self._clients: dict[str, Tenant] = {}
        self._any: OrderedDict[str, Tenant] = OrderedDict()
        self.keep_changed = False  #: whether a tenant made on demand that was changed is never forgotten
        self._warm = Warm(MAX_WARM)
        for number, credentials in enumerate(setup.credentials):
            self.add(credentials, warm=number < _ALWAYS_WARM)

    @property
    def recorded(self) -> bool:
        """Whether tenants begin with the rooms of a twin."""
        return self._setup.recorded and self._setup.scenario is None

    def __iter__(self) -> Iterator[Tenant]:
        """Every tenant: the known ones, then those made on demand."""
        return iter([*self._known.values(), *self._any.values()])

    def by_token(self, token: str) -> Tenant | None:
        """The tenant of a token, made on demand where any token is taken."""
        tenant = self._known.get(token)
        if tenant is None and self._setup.any_token:
            tenant = self._on_demand(Credentials.of(token))
        return tenant

    def by_client(self, client_id: str) -> Tenant | None:
        """The tenant of an HT-Client-Id, made on demand where any token is taken. Checks no secret."""
        tenant = self._clients.get(client_id)
        if tenant is None and self._setup.any_token:
            tenant = self.by_token(token_of_client(client_id))
        return tenant

    def known(self, token: str) -> Tenant | None:
        """The tenant of a token if there is one by now; none is made."""
        return self._known.get(token) or self._any.get(token)

    def meet(self, tokens: Iterable[str]) -> None:
        """Of the tenants made on demand there are these from now on, and no other that nobody changed."""
        wanted = dict.fromkeys(tokens)
        with self._lock:
            for token, tenant in list(self._any.items()):
                if token not in wanted and tenant.as_new:
                    self._take_out(token)
        for token in wanted:
            self.by_token(token)

    def token_of_client(self, client_id: str) -> str | None:
        """The token of the tenant that an HT-Client-Id stands for; none is made."""
        tenant = self._clients.get(client_id)
        if tenant is not None:
            return tenant.token
        return token_of_client(client_id) if self._setup.any_token else None

    def add(self, credentials: Credentials, *, empty: bool = False, warm: bool = False) -> Tenant:
        """Makes a tenant known; one with the same token is put in its place.

        `empty`: without generated or scenario data. `warm`: it always holds its rooms.
        Raises ConfigurationError for a client id in use.
        """
        holder = self._clients.get(credentials.client_id)
        if holder is not None and holder.token != credentials.token:
            raise ConfigurationError(f"HT-Client-Id {credentials.client_id!r} belongs to another tenant")
        tenant = self._make(credentials, warm=None if warm else self._warm)
        if empty:
            tenant.rooms.clear()
            tenant.messages.clear()
        with self._lock:
            self._take_out(credentials.token)
            self._known[credentials.token] = tenant
            self._clients[credentials.client_id] = tenant
        return tenant

    def remove(self, token: str) -> bool:
        """Forgets a tenant and its data; False if there is none of that token."""
        with self._lock:
            return self._take_out(token)

    def dump(self) -> list[dict[str, Any]]:
        """Every tenant that is not made afresh by itself, as JSON."""
        made = [each for each in self._any.values() if not each.as_new]
        return [tenant.dump() for tenant in (*self._known.values(), *made)]

    def take_up(self, dumped: Iterable[Mapping[str, Any]]) -> None:
        """Has what was dumped in place of every tenant there is, made by the mock's profile of that time."""
        with self._lock:
            for tenant in self:
                self._take_out(tenant.token)
        for each in dumped:
            keys = each["credentials"]
            credentials = Credentials(**{**keys, "sender_keys": tuple(keys["sender_keys"])})
            tenant = self._on_demand(credentials) if each["on_demand"] else self.add(credentials)
            if each["clock"] is not None:
                tenant.clock = Clock()
                tenant.clock.restore(each["clock"])
            if each["behaviour"] is not None:
                tenant.behaviour = Behaviour().but(each["behaviour"])
                self.profile(tenant, tenant.behaviour)
            if each["size"] is not None:
                rooms, days = each["size"]
                self.generate(tenant, (rooms, days))
            tenant.numbers = count(each["numbers"])
            tenant.rooms.take_up(each["rooms"])
            tenant.messages.take_up(each["messages"])

    def profile(self, tenant: Tenant, behaviour: Behaviour) -> None:
        """Lets the answers that shape data take effect, on a scenario's rooms too; changes by hand stay."""
        scenario = self._setup.scenario
        tenant.source = self.source_of(tenant.token, behaviour, tenant.size)
        if scenario is None or tenant.size is not None:
            tenant.rooms.replace_source(tenant.source)
        if scenario is not None:
            tenant.rooms.replace_initial(scenario.materialise(tenant.source, self._start)[0])

    def begin_anew(self, scenario: Scenario) -> None:
        """Gives every tenant the rooms and messages of a scenario. Raises ScenarioError; all is as it was then."""
        before, self._setup = self._setup, replace(self._setup, scenario=scenario)
        try:
            new = [
                (each, self._make(each.credentials, warm=self._warm, on_demand=each.on_demand))
                for each in self
                if each.touched or not each.on_demand  # the others are made again when they are asked for
            ]
        except ScenarioError:
            self._setup = before
            raise
        with self._lock:
            for token in [token for token, each in self._any.items() if not each.touched]:
                self._take_out(token)
            for tenant, made in new:
                self._warm.forget(tenant.rooms)
                tenant.rooms, tenant.messages, tenant.source = made.rooms, made.messages, made.source
                tenant.size = None
                tenant.restart_numbers()
        for tenant, _ in new:
            if tenant.behaviour is not None:
                self.profile(tenant, tenant.behaviour)

    def generate(self, tenant: Tenant, size: tuple[int, int] | None) -> None:
        """Gives a tenant so many generated rooms over so many days (None: what the setup says).

        They stand in place of the generated ones it had; those made by hand stay. It gets the generated
        system messages too.
        """
        tenant.size = size
        tenant.source = self.source_of(tenant.token, tenant.behaviour or self.behaviour, size)
        own = size is not None or self._setup.scenario is None
        tenant.rooms.generate(tenant.source if own else None)
        tenant.messages.generate()

    def source_of(self, token: str, behaviour: Behaviour, size: tuple[int, int] | None = None) -> RoomSource:
        options, twin = data_options(self._setup, behaviour), self._setup.twin
        if size is not None:
            rooms, days = size
            return RoomSource(replace(options, rooms=rooms, days=days), token)
        if twin is not None and self._setup.recorded:
            return TwinSource(options, token, twin)
        return RoomSource(options, token)

    def _take_out(self, token: str) -> bool:
        """Forgets the tenant of a token, known or made on demand. With the lock held."""
        tenant = self._known.pop(token, None) or self._any.pop(token, None)
        if tenant is None:
            return False
        self._clients.pop(tenant.client_id, None)
        self._warm.forget(tenant.rooms)
        return True

    def _on_demand(self, credentials: Credentials) -> Tenant:
        with self._lock:
            tenant = self._any.get(credentials.token)
            if tenant is None:
                if len(self._any) >= MAX_ANY_TENANTS:
                    unchanged = (token for token, each in self._any.items() if not each.touched)
                    gone = next(unchanged, None if self.keep_changed else next(iter(self._any)))
                    if gone is not None:
                        self._take_out(gone)
                tenant = self._make(credentials, warm=self._warm, on_demand=True)
                self._any[credentials.token] = tenant
            self._any.move_to_end(credentials.token)
        return tenant

    def _make(self, credentials: Credentials, *, warm: Warm | None, on_demand: bool = False) -> Tenant:
        scenario = self._setup.scenario
        source = self.source_of(credentials.token, self.behaviour)
        if scenario is None:
            make = partial(self._messages, credentials.sender_keys)
            messages = MessageStore(credentials.sender_keys, make, any_sender=on_demand)
            rooms = RoomStore(source, warm=warm)
            return Tenant(credentials, rooms, messages, source, on_demand=on_demand)
        return self._from_scenario(credentials, scenario, source, warm=warm, on_demand=on_demand)

    def _messages(self, own: tuple[str, ...], sender_key: str, now: int) -> list[Message]:
        twin = self._setup.twin
        if twin is not None and twin.twin.messages is not None:
            return [*twin.messages(own.index(sender_key) if sender_key in own else 0)]
        return messages_of(self._setup.seed, sender_key, now)

    def _from_scenario(
        self,
        credentials: Credentials,
        scenario: Scenario,
        source: RoomSource,
        *,
        warm: Warm | None,
        on_demand: bool,
    ) -> Tenant:
        rooms, messages = scenario.materialise(source, self._start)
        source.forget()
        store = RoomStore(None, initial=rooms, warm=warm)
        first = credentials.sender_keys[0]
        by_key = {key or first: found for key, found in messages.items()}
        keys = tuple(dict.fromkeys([*credentials.sender_keys, *by_key]))
        others = by_key.get(first, []) if on_demand else []
        made = MessageStore(keys, lambda key, _now: by_key.get(key, others), any_sender=on_demand)
        return Tenant(credentials, store, made, source, on_demand=on_demand)


#: Thousands of tenants share one.
_shared_options: Final = lru_cache(maxsize=16)(Options)


def data_options(setup: Setup, behaviour: Behaviour) -> Options:
    """What shapes generated rooms, out of the setup and the behaviour profile."""
    return _shared_options(
        seed=setup.seed,
        rooms=setup.rooms,
        days=setup.days,
        deleted_end=behaviour["deleted_end_date"],
        bot_ended_end=behaviour["bot_ended_end_date"],
        parcel_w=behaviour["parcel_w"] == "seen",
        shape=setup.twin.twin.shape if setup.twin is not None else None,
    )
