"""Where the planner asks: one place that sends, keeps, reads and counts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Any, Final, Literal

from happytalk_contract.core.model import Endpoint, Exchange, Request
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.recording import Recording, key
from happytalk_contract.evidence.views import MessagesView, RoomsView, View
from happytalk_contract.questions.meaning import rooms

#: After how many first requests without any connection an endpoint is given up.
OUT_OF_REACH: Final = 3
AWAY: Final = frozenset({"connection refused", "timeout"})


class OutOfReach(Exception):  # noqa: N818 - what the network is like is no error of ours
    """Nothing answers at an endpoint's address; the text says which and how."""


class Desk:
    """Asks through `send`, keeps every exchange, and knows how much may still be asked."""

    def __init__(
        self,
        *,
        send: Callable[[Request], Exchange],
        left: Callable[[], int],
        today: Callable[[], date],
        seed: int,
        client: bool,
        tell: Callable[[Literal["phase", "finding", "note"], str], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`client`: the HT credentials are there, so they are sent with every question."""
        self._send = send
        self._left = left
        self.today = today
        self.random = Random(seed)  # noqa: S311 - draws questions, guards nothing
        self.seed = seed
        self.client = client
        self.tell = tell
        self.sleep = sleep
        self.recording = Recording()
        self.evidence = Evidence()
        self._asked: set[Any] = set()

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return self._left()

    def ask(self, request: Request) -> RoomsView | MessagesView:
        """Send a request, whether it was asked before or not."""
        self._asked.add(key(request))
        exchange = self._send(request)
        self.recording.add(exchange)
        view = self.evidence.add(exchange)
        self._stop_if_out_of_reach(request.endpoint)
        return view

    def _stop_if_out_of_reach(self, endpoint: Endpoint) -> None:
        seen: list[View] = list(self.evidence.rooms if endpoint == "rooms" else self.evidence.messages)
        if len(seen) == OUT_OF_REACH and all(view.exchange.fault in AWAY for view in seen):
            raise OutOfReach(f"{endpoint}: {seen[0].exchange.fault}, {OUT_OF_REACH} times of {OUT_OF_REACH}")

    def rooms(self, params: Mapping[str, Any] | None = None, why: str = "") -> RoomsView:
        """Ask for the room list."""
        view = self.ask(self.question(params, why))
        if not isinstance(view, RoomsView):
            raise TypeError("a room question is read as a room view")
        return view

    def question(self, params: Mapping[str, Any] | None = None, why: str = "") -> Request:
        """Write a room question with the credentials that are there."""
        return rooms(params, why=why, client=self.client)

    def kept(self, request: Request) -> RoomsView | None:
        """The newest answer to a room question that was asked already."""
        views = self.evidence.by_request.get(key(request))
        return views[-1] if views else None

    def once(self, params: Mapping[str, Any], why: str = "") -> bool:
        """Ask for the room list unless just this was asked already; say whether it was sent."""
        request = self.question(params, why)
        if key(request) in self._asked:
            return False
        self.ask(request)
        return True
