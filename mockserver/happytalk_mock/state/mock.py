"""The state that requests are answered from: clock, behaviour profile, tenants."""

from __future__ import annotations

from typing import Final

from ..core.clock import Clock
from ..spec.behaviour import Behaviour
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
