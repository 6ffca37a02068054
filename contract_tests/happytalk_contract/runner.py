"""A whole run: ask, judge, look again where something departs, sum up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from happytalk_contract.model import Event, Request, RunReport, Severity


def ignore(_event: Event) -> None:
    """Listen to nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run is told."""

    chat_url: str | None  #: origin or whole address of the room list; None: not judged
    message_url: str | None  #: origin or whole address of the system messages; None: not judged
    credentials: Mapping[str, str] = field(repr=False)  #: names of `model.SECRETS` -> value; missing: absent
    target: str
    seed: int
    now: Callable[[], datetime]  #: the current time in Asia/Seoul
    max_requests: int = 300
    rate: float | None = None  #: requests per second; None: no limit
    max_time: float | None = None  #: seconds
    request_timeout: float = 10.0  #: seconds
    fail_on: frozenset[Severity] = frozenset({Severity.BREAKING, Severity.VALUE})
    only_rules: frozenset[str] | None = None


def run(settings: Settings, on_event: Callable[[Event], None] = ignore) -> RunReport:
    """Ask within the budget, judge, and say what departs; never raises for what the API does."""
    raise NotImplementedError


def plan(settings: Settings) -> Iterable[Request]:
    """What would be asked first, in order; later questions depend on the answers."""
    raise NotImplementedError
