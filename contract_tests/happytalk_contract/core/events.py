"""What happens during a run, as it happens. Whoever shows events only reads them: no listener steers a run."""

from __future__ import annotations

from dataclasses import dataclass

from happytalk_contract.core.model import Exchange, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One step of a run, and how far the run is."""

    text: str
    requests: int = 0  #: sent so far
    max_requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseStarted(Event):
    """What is asked from now on has another purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Event):
    """A request was sent, and this is what came of it."""

    exchange: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Event):
    """A request is sent again, or later, because of what the network or the API said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingMade(Event):
    """Something departs from the documentation."""

    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Event):
    """Something else that a reader must know."""
