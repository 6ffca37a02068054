"""The state that requests are answered from: clock, behaviour profile, tenants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from ..core.clock import Clock
from ..core.exchange import Received
from ..data.scenario import Scenario
from ..spec.behaviour import Behaviour
from ..spec.vocabulary import MESSAGES_PATH
from .tenants import Setup, Tenant, Tenants

#: Answers of the behaviour profile that shape generated rooms, and the field of `Options` each sets.
_DATA_QUESTIONS: Final = ("deleted_end_date", "bot_ended_end_date", "parcel_w")


class Mock:
    """The state that requests are answered from: clock, behaviour, tenants."""

    def __init__(self, setup: Setup, clock: Clock) -> None:
        self.setup = setup
        self.clock = clock
        self.behaviour = setup.behaviour
        self.tenants = Tenants(setup, clock)
        self._own_clocks = False

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

    def load(self, scenario: Scenario) -> None:
        """Serves another scenario: all rooms and messages begin anew. Raises ScenarioError, all as it was then."""
        self.tenants.begin_anew(scenario)
        self.setup = replace(self.setup, scenario=scenario)

    def behaviour_of(self, tenant: Tenant | None) -> Behaviour:
        """The profile in force for a tenant; for None the mock's."""
        return self.behaviour if tenant is None else tenant.behaviour or self.behaviour

    def clock_of(self, tenant: Tenant | None) -> Clock:
        """The clock that a tenant's answers go by; for None the mock's."""
        return self.clock if tenant is None else tenant.clock or self.clock

    def change_clock(self, tenant: Tenant | None, change: Callable[[Clock], None]) -> None:
        """Changes the mock's clock, or a tenant's own. A change that raises leaves all as it was."""
        if tenant is None:
            change(self.clock)
            return
        clock = self.clock_of(tenant).copy()
        change(clock)
        tenant.clock = clock
        self._own_clocks = True

    # --- beyond this process ---

    def dump(self) -> dict[str, Any]:
        """Clock, behaviour and tenants, as JSON."""
        return {
            "clock": self.clock.mark(),
            "behaviour": dict(self.behaviour.answers),
            "tenants": self.tenants.dump(),
        }

    def take_up(self, dumped: Mapping[str, Any]) -> None:
        """Has what was dumped in place of what there is."""
        self.clock.restore(dumped["clock"])
        behaviour = Behaviour().but(dumped["behaviour"])
        self.behaviour = self.setup.behaviour if behaviour == self.setup.behaviour else behaviour
        self.tenants.behaviour = self.behaviour
        self.tenants.take_up(dumped["tenants"])
        self._own_clocks = any(tenant.clock is not None for tenant in self.tenants)

    # --- whose request it is ---

    def token_of(self, received: Received) -> str | None:
        """The customer token a request belongs to: of its body, or of its HT-Client-Id."""
        if received.path != MESSAGES_PATH:
            return received.token
        client_id = received.headers.get("ht-client-id")
        return self.tenants.token_of_client(client_id) if client_id else None

    def tenant_of(self, received: Received) -> Tenant | None:
        """The tenant a request belongs to, if it is known by now."""
        return self._known(self.token_of(received))

    def clock_for(self, received: Received) -> Clock:
        """The clock that the answer to a request goes by."""
        return self.clock_of(self.tenant_of(received)) if self._own_clocks else self.clock

    def behaviour_for(self, token: str | None) -> Behaviour:
        """The profile in force for a token."""
        return self.behaviour_of(self._known(token))

    def needs_headers(self, token: str | None) -> bool:
        """Whether the chat room list asks a customer for the HT headers."""
        return self.behaviour_for(token)["ht_headers"] == "needed"

    def _known(self, token: str | None) -> Tenant | None:
        return None if token is None else self.tenants.known(token)

    def _reshape(self, tenant: Tenant, old: Behaviour) -> None:
        new = self.behaviour_of(tenant)
        if any(old[question] != new[question] for question in _DATA_QUESTIONS):
            self.tenants.profile(tenant, new)
