"""What an open question of the documentation is, and one sighting of its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from happytalk_contract.core.model import Endpoint
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import MessagesView, RoomsView


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One answer as one exchange shows it."""

    answer: str
    view: RoomsView | MessagesView
    variant: Any  #: sightings of one variant must agree; None: all of a run must
    steady: str = ""  #: what must agree, where the answer itself also depends on data; "": the answer


Seen = Iterator[Sighting]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One open question."""

    id: str
    endpoint: Endpoint
    asks: str
    legal: tuple[str, ...]
    seen: Callable[[Evidence], Seen]
