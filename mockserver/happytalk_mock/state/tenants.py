"""Whose data it is: tenants by token and by HT-Client-Id, and the state that requests are answered from.

A token is a customer. Each has rooms and system messages of its own, so tests that run side by side under
different tokens never meet.
"""

from __future__ import annotations

import tomllib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Final

from ..core.clock import Clock
from ..core.errors import ConfigurationError
from ..data.messages import messages_of
from ..data.scenario import Scenario
from ..data.source import Options, RoomSource
from ..spec.behaviour import Behaviour
from ..store.messages import MessageStore
from ..store.rooms import RoomStore

#: Tenants that `any_token` makes on demand; past this the one longest unused is forgotten.
MAX_ANY_TENANTS: Final = 1000
#: The first number of what is added by hand, past the entries of any scenario.
_FIRST_BY_HAND: Final = 1 << 24
#: What follows the token in an HT-Client-Id that is derived from it.
_CLIENT_ID: Final = "-client-id"
#: Answers of the behaviour profile that shape generated rooms, and the field of `Options` each sets.
_DATA_QUESTIONS: Final = ("deleted_end_date", "bot_ended_end_date", "parcel_w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a customer of the mock identifies itself with. None of it is a secret."""

    token: str
    client_id: str
    client_secret: str
    sender_keys: tuple[str, ...]

    @classmethod
    def of(cls, token: str) -> Credentials:
        """Credentials derived from a token, for tenants of which only that is given."""
        return cls(
            token=token,
            client_id=f"{token}{_CLIENT_ID}",
            client_secret=f"{token}-client-secret",
            sender_keys=(f"{token}-sender-key",),
        )


#: The documented default: works out of the box.
DEFAULT_CREDENTIALS: Final = Credentials(
    token="happytalk-mock-token",  # noqa: S106 - the mock's own, printed at every start
    client_id="happytalk-mock-client-id",
    client_secret="happytalk-mock-client-secret",  # noqa: S106 - the same
    sender_keys=("happytalk-mock-sender-key", "happytalk-mock-sender-key-2"),
)


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


class Tenants:
    """The tenants of a mock, found by token or by HT-Client-Id."""

    def __init__(self, setup: Setup, clock: Clock) -> None:
        self._lock = Lock()
        self._setup = setup
        self._clock = clock
        #: The mock's profile: what tenants made from now on get.
        self.behaviour = setup.behaviour
        self._known: dict[str, Tenant] = {}
        self._clients: dict[str, Tenant] = {}
        self._any: OrderedDict[str, Tenant] = OrderedDict()
        for credentials in setup.credentials:
            self.add(credentials)

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
            tenant = self.by_token(_token_of(client_id))
        return tenant

    def known(self, token: str) -> Tenant | None:
        """The tenant of a token if there is one by now; none is made."""
        return self._known.get(token) or self._any.get(token)

    def token_of_client(self, client_id: str) -> str | None:
        """The token of the tenant that an HT-Client-Id stands for; none is made."""
        tenant = self._clients.get(client_id)
        if tenant is not None:
            return tenant.token
        return _token_of(client_id) if self._setup.any_token else None

    def add(self, credentials: Credentials, *, empty: bool = False) -> Tenant:
        """Makes a tenant known; one with the same token is put in its place.

        `empty`: without generated or scenario data. Raises ConfigurationError for a client id in use.
        """
        holder = self._clients.get(credentials.client_id)
        if holder is not None and holder.token != credentials.token:
            raise ConfigurationError(f"HT-Client-Id {credentials.client_id!r} belongs to another tenant")
        tenant = self._make(credentials)
        if empty:
            tenant.rooms.clear()
            tenant.messages.clear()
        with self._lock:
            old = self._known.get(credentials.token)
            if old is not None:
                self._clients.pop(old.client_id, None)
            self._known[credentials.token] = tenant
            self._clients[credentials.client_id] = tenant
        return tenant

    def remove(self, token: str) -> bool:
        """Forgets a tenant and its data; False if there is none of that token."""
        with self._lock:
            tenant = self._known.pop(token, None) or self._any.pop(token, None)
            if tenant is not None:
                self._clients.pop(tenant.client_id, None)
        return tenant is not None

    def profile(self, tenant: Tenant, behaviour: Behaviour) -> None:
        """Lets the answers that shape data take effect on generated rooms; changes by hand stay."""
        tenant.source = self._source(tenant, behaviour)
        if self._setup.scenario is None or tenant.size is not None:
            tenant.rooms.replace_source(tenant.source)

    def generate(self, tenant: Tenant, size: tuple[int, int] | None) -> None:
        """Gives a tenant so many generated rooms over so many days (None: what the setup says).

        They stand in place of the generated ones it had; those made by hand stay. It gets the generated
        system messages too.
        """
        tenant.size = size
        tenant.source = self._source(tenant, tenant.behaviour or self.behaviour)
        own = size is not None or self._setup.scenario is None
        tenant.rooms.generate(tenant.source if own else None)
        tenant.messages.generate()

    def _source(self, tenant: Tenant, behaviour: Behaviour) -> RoomSource:
        options = data_options(self._setup, behaviour)
        if tenant.size is not None:
            rooms, days = tenant.size
            options = replace(options, rooms=rooms, days=days)
        return RoomSource(options, tenant.token)

    def _on_demand(self, credentials: Credentials) -> Tenant:
        with self._lock:
            tenant = self._any.get(credentials.token)
            if tenant is None:
                tenant = self._any[credentials.token] = self._make(credentials, on_demand=True)
                if len(self._any) > MAX_ANY_TENANTS:
                    self._any.popitem(last=False)
            self._any.move_to_end(credentials.token)
        return tenant

    def _make(self, credentials: Credentials, *, on_demand: bool = False) -> Tenant:
        scenario, seed = self._setup.scenario, self._setup.seed
        source = RoomSource(data_options(self._setup, self.behaviour), credentials.token)
        if scenario is None:
            messages = MessageStore(
                credentials.sender_keys,
                lambda key, now: messages_of(seed, key, now),
                any_sender=on_demand,
            )
            return Tenant(credentials, RoomStore(source), messages, source, on_demand=on_demand)
        return self._from_scenario(credentials, scenario, source, on_demand)

    def _from_scenario(
        self, credentials: Credentials, scenario: Scenario, source: RoomSource, on_demand: bool
    ) -> Tenant:
        rooms, messages = scenario.materialise(source, self._clock.second())
        store = RoomStore(None, initial=rooms)
        first = credentials.sender_keys[0]
        by_key = {key or first: found for key, found in messages.items()}
        keys = tuple(dict.fromkeys([*credentials.sender_keys, *by_key]))
        others = by_key.get(first, []) if on_demand else []
        made = MessageStore(keys, lambda key, _now: by_key.get(key, others), any_sender=on_demand)
        return Tenant(credentials, store, made, source, on_demand=on_demand)


def _token_of(client_id: str) -> str:
    """The token from which an HT-Client-Id is derived; of one that is not, a token of its own."""
    return client_id.removesuffix(_CLIENT_ID) or client_id


class Mock:
    """The state that requests are answered from: clock, behaviour, tenants."""

    def __init__(self, setup: Setup, clock: Clock) -> None:
        self.setup = setup
        self.clock = clock
        self.behaviour = setup.behaviour
        self.tenants = Tenants(setup, clock)

    def behave(self, behaviour: Behaviour | None, tenant: Tenant | None = None) -> None:
        """Puts a profile in force for one tenant (None: the mock's again), or for all without their own."""
        if tenant is not None:
            old, tenant.behaviour = self.behaviour_of(tenant), behaviour
            self._reshape(tenant, old)
            return
        before, self.behaviour = self.behaviour, behaviour or self.setup.behaviour
        self.tenants.behaviour = self.behaviour
        for other in self.tenants:
            if other.behaviour is None:
                self._reshape(other, before)

    def behaviour_of(self, tenant: Tenant) -> Behaviour:
        """The profile in force for a tenant."""
        return tenant.behaviour or self.behaviour

    def clock_of(self, tenant: Tenant) -> Clock:
        """The clock that a tenant's answers go by."""
        return tenant.clock or self.clock

    def _reshape(self, tenant: Tenant, old: Behaviour) -> None:
        new = self.behaviour_of(tenant)
        if any(old[question] != new[question] for question in _DATA_QUESTIONS):
            self.tenants.profile(tenant, new)


def data_options(setup: Setup, behaviour: Behaviour) -> Options:
    """What shapes generated rooms, out of the setup and the behaviour profile."""
    return Options(
        seed=setup.seed,
        rooms=setup.rooms,
        days=setup.days,
        deleted_end=behaviour["deleted_end_date"],  # type: ignore[arg-type]
        bot_ended_end=behaviour["bot_ended_end_date"],  # type: ignore[arg-type]
        parcel_w=behaviour["parcel_w"] == "seen",
    )


def load_credentials(path: Path) -> tuple[Credentials, ...]:
    """The tenants of a TOML file: `[[tenant]]` with token and maybe client_id, client_secret, sender_keys.

    Raises ConfigurationError naming file, tenant and field.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad writes a byte order mark
    except OSError as error:
        raise ConfigurationError(f"tenants file {path}: {error.strerror or error}") from None
    except ValueError as error:  # no UTF-8, no TOML, or a number of thousands of digits
        raise ConfigurationError(f"tenants file {path}: not TOML ({error})") from None
    entries = content.get("tenant")
    if not isinstance(entries, list) or not entries or not all(isinstance(each, dict) for each in entries):
        raise ConfigurationError(f"tenants file {path}: expected at least one [[tenant]] with a token")
    return tuple(
        _credentials(entry, f"tenants file {path}, tenant {n}") for n, entry in enumerate(entries, 1)
    )


def _credentials(entry: Mapping[str, Any], where: str) -> Credentials:
    allowed = ("token", "client_id", "client_secret", "sender_keys")
    for name in entry:
        if name not in allowed:
            raise ConfigurationError(f"{where}: unknown field {name!r}; allowed: {', '.join(allowed)}")
    for name in ("token", "client_id", "client_secret"):
        value = entry.get(name)
        if (value is None and name == "token") or (
            value is not None and (not isinstance(value, str) or not value)
        ):
            raise ConfigurationError(f"{where}: {name} must be a text that is not empty")
    keys = entry.get("sender_keys", [])
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise ConfigurationError(f"{where}: sender_keys must be a list of texts")
    derived = Credentials.of(entry["token"])
    return Credentials(
        token=derived.token,
        client_id=entry.get("client_id", derived.client_id),
        client_secret=entry.get("client_secret", derived.client_secret),
        sender_keys=tuple(keys) or derived.sender_keys,
    )
