"""What a mock is started with: one object, from which the command, `MockServer` and tests build theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..core.clock import Clock
from ..core.errors import ConfigurationError
from ..data.scenario import Scenario, load
from ..spec.behaviour import Behaviour
from .credentials import DEFAULT_CREDENTIALS, Credentials
from .mock import Mock
from .tenants import Setup


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings as a person gives them."""

    seed: int = 1  #: the same seed, token and clock give the same rooms
    rooms: int = 500  #: generated rooms of each tenant
    days: int = 30  #: over about so many days
    scenario: Scenario | str | None = None  #: a hand-made data set, or the name or file of one
    now: str | None = None  #: a moment at which the clock stands, or from which it runs: `MOMENT,ticking`
    behaviour: Mapping[str, Any] = field(default_factory=dict)  #: answers to open questions
    credentials: tuple[Credentials, ...] | None = (
        None  #: known customers; None: the scenario's, else the default
    )
    any_token: bool = False  #: any token is taken

    def digests(self, **more: object) -> dict[str, str]:
        """What tells these settings, and more of their kind, from others, by name; nothing can be read from it."""
        given = {each.name: getattr(self, each.name) for each in fields(self)} | more
        if isinstance(self.scenario, str) and (file := Path(self.scenario)).is_file():
            given["scenario"] = file.read_bytes()
        given["behaviour"] = sorted(self.behaviour.items())
        return {name: sha256(repr(value).encode()).hexdigest()[:16] for name, value in given.items()}

    def mock(self) -> Mock:
        """The mock that they describe. Raises ConfigurationError in one line for what cannot be used."""
        scenario = load(self.scenario) if isinstance(self.scenario, str) else self.scenario
        now, credentials = self.now, self.credentials
        if scenario is not None:
            now = scenario.now if now is None else now
            if credentials is None and scenario.token:
                credentials = (replace(DEFAULT_CREDENTIALS, token=scenario.token),)
        try:
            clock = Clock.parse(now) if now else Clock()
        except ValueError as error:
            raise ConfigurationError(f"now: {error}") from None
        setup = Setup(
            seed=self.seed,
            rooms=self.rooms,
            days=self.days,
            credentials=(DEFAULT_CREDENTIALS,) if credentials is None else credentials,
            any_token=self.any_token,
            behaviour=Behaviour().but(self.behaviour),
            scenario=scenario,
        )
        return Mock(setup, clock)
