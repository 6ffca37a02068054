"""Where the planner asks: one place that sends, keeps, reads and counts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import date
from random import Random
from typing import Any

from happytalk_contract.core.control import Control
from happytalk_contract.core.errors import OutOfReachError
from happytalk_contract.core.events import Answered
from happytalk_contract.core.model import Endpoint, Exchange, Request
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import MessagesView, RoomsView
from happytalk_contract.questions.meaning import rooms
from happytalk_contract.transport.reach import Reach
from happytalk_contract.verdict.judge import NOTHING_SKIPPED, Assessment, Bench


class Desk:
    """Asks through `send`, keeps every exchange, and knows which endpoints may still be asked."""

    def __init__(
        self,
        *,
        send: Callable[[Request], Exchange],
        control: Control,
        today: Callable[[], date],
        seed: int,
        client: bool,
        skipped: Mapping[Endpoint, str] = NOTHING_SKIPPED,
        only_rules: frozenset[str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`client`: the HT credentials are there, so they are sent with every question.

        `skipped`: endpoints that are not asked, and why.
        """
        self._send = send
        self._skipped = skipped
        self.control = control
        self.tell = control.tell
        self.today = today
        self.random = Random(seed)  # noqa: S311 - draws questions, guards nothing
        self.seed = seed
        self.client = client
        self.sleep = sleep
        self.reach = Reach()
        self.recording: list[Exchange] = []
        self.evidence = Evidence()
        self.bench = Bench(self.evidence, only_rules=only_rules)
        self._asked: set[Any] = set()

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return self.control.left

    @property
    def skipped(self) -> dict[Endpoint, str]:
        """The endpoints that are not asked, or turned out not to let themselves be judged, and why."""
        return {**self._skipped, **self.reach.lost}

    def assess(self) -> Assessment:
        """What the rules say of all that was seen so far."""
        return self.bench.assess(self.skipped)

    def ask(self, request: Request) -> RoomsView | MessagesView:
        """Send a request, whether it was asked before or not. Raises `AskingEnds` where that may not be."""
        if why := self.skipped.get(request.endpoint):
            raise OutOfReachError(why)
        self._asked.add(key(request))
        exchange = self._send(request)
        view = self.evidence.add(exchange)
        self.recording.append(exchange)
        self.reach.see(exchange)
        told = exchange.fault if exchange.response is None else exchange.response.status
        self.tell(Answered, f"{request.why or request.endpoint}: {told}", exchange=exchange)
        return view

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
