"""The drifts in force: for every tenant, and for single ones on top."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..core.errors import ChangeError
from ..core.wording import did_you_mean, said

if TYPE_CHECKING:
    from .drifts.drift import Active


class ActiveDrifts:
    """The drifts of a mock. Any number of threads may set and read them."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        #: By token; None is for every tenant. Replaced whole at each change, so read without the lock.
        self.live: Mapping[str | None, tuple[Active, ...]] = {}

    def of(self, token: str | None) -> tuple[Active, ...]:
        """Those for a request of a token, everyone's first."""
        chosen = self.live
        return chosen.get(None, ()) + (() if token is None else chosen.get(token, ()))

    def names(self, token: str | None = None) -> list[str]:
        """Those set for every tenant (None), or for one."""
        return [active.drift.name for active in self.live.get(token, ())]

    def all_names(self) -> list[str]:
        """Those set for anyone."""
        return sorted({active.drift.name for chosen in self.live.values() for active in chosen})

    def set(self, names: Iterable[str], token: str | None = None) -> None:
        """Puts these in force, and no others, for every tenant or for one. Raises ChangeError for an unknown name."""
        chosen = tuple(self._named(name) for name in dict.fromkeys(names))
        with self._lock:
            others = {key: active for key, active in self.live.items() if key != token}
            self.live = {**others, token: chosen} if chosen else others

    def _named(self, name: str) -> Active:
        from .drifts import DRIFTS, Active  # here: most mocks have none in force, and are up sooner

        if name not in DRIFTS:
            received = said(name) + did_you_mean(str(name), DRIFTS)
            allowed = "a name that `happytalk-mock drifts` or GET /__admin/drift lists"
            raise ChangeError("drift", received=received, allowed=allowed)
        return Active(DRIFTS[name], seed=self._seed)

    def dump(self) -> list[Any]:
        """Those in force, as JSON: tokens with names."""
        return [[token, self.names(token)] for token in self.live]

    def take_up(self, dumped: Iterable[Any]) -> None:
        """Has what was dumped in place of what there is."""
        self.clear(everywhere=True)
        for token, names in dumped:
            self.set(names, token)

    def clear(self, token: str | None = None, *, everywhere: bool = False) -> None:
        """Ends those set for every tenant, or for one; `everywhere` ends all there are."""
        with self._lock:
            kept = {} if everywhere else self.live
            self.live = {key: active for key, active in kept.items() if key != token}
