"""Who changed what of the mock: the last changes, with names of fields and never a value that somebody wrote."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any, Final

from ..core.clock import machine_time, seoul_time
from ..core.wording import mask, shorten

#: Changes kept at most.
KEPT: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that was made."""

    id: int  #: counts from 1, over the life of the server
    machine_moment: str  #: ISO 8601 in Seoul time, by the machine's clock
    who: str  #: the name of an admin token; `local` where none is asked for
    method: str
    path: str
    tenant: str | None  #: its token, masked; None where it is for everyone, or for the first
    fields: tuple[str, ...]  #: names in the body
    did: Mapping[str, int]  #: what the answer counts, such as rooms added


class Audit:
    """The last changes, the oldest forgotten first. Any number of threads may note and read them."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._kept: deque[Change] = deque(maxlen=KEPT)

    def __iter__(self) -> Any:
        """Those kept, the oldest first."""
        return iter(tuple(self._kept))

    def dump(self) -> list[Any]:
        """Those kept, as JSON."""
        return [asdict(each) for each in self]

    def take_up(self, dumped: Iterable[Any]) -> None:
        """Has what was dumped in place of what is kept."""
        changes = [Change(**{**each, "fields": tuple(each["fields"])}) for each in dumped]
        self._kept = deque(changes, maxlen=KEPT)
        self._numbers = count(changes[-1].id + 1 if changes else 1)

    def note(self, *, who: str, method: str, path: str, token: str | None, body: Any, told: Any) -> Change:
        """Notes that a change was made, and what was told of it."""
        change = Change(
            id=next(self._numbers),
            machine_moment=seoul_time(machine_time()).isoformat(timespec="milliseconds"),
            who=who,
            method=method,
            path=shorten(path, 200),
            tenant=None if token is None else mask(token),
            fields=_names(body),
            did={name: value for name, value in told.items() if isinstance(value, int)}
            if isinstance(told, dict)
            else {},
        )
        self._kept.append(change)
        return change


def _names(body: Any) -> tuple[str, ...]:
    """The names of an object's members, or of all objects of an array."""
    entries = body if isinstance(body, list) else [body]
    found = {shorten(name): None for entry in entries if isinstance(entry, dict) for name in entry}
    return tuple(found)
