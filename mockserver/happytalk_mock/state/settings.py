"""What a mock is started with: one object, from which the command, `MockServer` and tests build theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from ..core.clock import DAY, Clock
from ..core.errors import ConfigurationError
from ..data.scenario import Scenario, load
from ..data.twin.files import load as load_twin
from ..data.twin.placed import BEYOND, SHIFTS, Beyond, Placed, Shift
from ..spec.behaviour import Behaviour
from .credentials import DEFAULT_CREDENTIALS, Credentials
from .mock import Mock
from .tenants import Setup


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings as a person gives them."""

    seed: int = 1  #: the same seed, token and clock give the same rooms
    rooms: int | None = None  #: generated rooms of each tenant; None: 500, or a twin's own rooms
    days: int | None = None  #: over about so many days; None: 30, or as many as the twin has
    scenario: Scenario | str | None = None  #: a hand-made data set, or the name or file of one
    twin: Path | str | None = None  #: the folder of a recorded account and API
    shift: Shift = "weeks"  #: how a twin's dates are moved, so that its recorded day is today
    beyond: Beyond = "generated"  #: what a twin shows of days after the recorded moment
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
        if self.twin is not None:
            files = sorted(path for path in Path(self.twin).glob("*") if path.is_file())
            given["twin"] = [(path.name, path.read_bytes()) for path in files]
        given["behaviour"] = sorted(self.behaviour.items())
        given["token"] = given.pop("credentials")  # as the option is called
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
        twin = self._twin(clock.second() // DAY)
        shape = twin.twin.shape if twin is not None else None
        usual = Setup() if shape is None else shape
        profile = Behaviour() if twin is None else twin.twin.behaviour
        setup = Setup(
            seed=self.seed,
            rooms=usual.rooms if self.rooms is None else self.rooms,
            days=usual.days if self.days is None else self.days,
            credentials=(DEFAULT_CREDENTIALS,) if credentials is None else credentials,
            any_token=self.any_token,
            behaviour=profile.but(self.behaviour),
            scenario=scenario,
            twin=twin,
            recorded=twin is not None and twin.twin.rooms is not None and self.rooms is None,
        )
        return Mock(setup, clock)

    def _twin(self, today: int) -> Placed | None:
        """The twin on the mock's clock. Raises ConfigurationError."""
        for name, given, allowed in (("shift", self.shift, SHIFTS), ("beyond", self.beyond, BEYOND)):
            if given not in allowed:
                raise ConfigurationError(f"{name}: received {given!r}; allowed: {', '.join(allowed)}")
        if self.twin is None:
            return None
        if self.scenario is not None:
            raise ConfigurationError("twin: received a scenario beside it; each has its own rooms")
        return Placed(load_twin(Path(self.twin)), today=today, shift=self.shift, beyond=self.beyond)
