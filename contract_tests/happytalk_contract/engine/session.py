"""Where the planner asks: one place that sends, keeps, reads and counts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any, Final

from happytalk_contract.core.clock import Clock
from happytalk_contract.core.control import Control
from happytalk_contract.core.errors import OutOfReachError
from happytalk_contract.core.events import Answered, Note, Waiting
from happytalk_contract.core.model import Endpoint, Exchange, Request, swapped_placeholder
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import MessagesView, RoomsView
from happytalk_contract.questions.meaning import CLIENT_HEADERS, messages, rooms
from happytalk_contract.transport.faults import CUT_SHORT, fault_of
from happytalk_contract.transport.reach import Reach
from happytalk_contract.verdict.judge import NOTHING_SKIPPED, Assessment, Bench

#: How often a question is asked whose answer did not come whole.
TRIES: Final = 3
#: Seconds to wait before asking whether an endpoint that fell silent is there again.
WAITS: Final = (0.3, 1.0, 2.0)


class Desk:
    """Asks through `send`, keeps every exchange, and knows which endpoints may still be asked."""

    def __init__(
        self,
        *,
        send: Callable[[Request], Exchange],
        control: Control,
        clock: Clock,
        seed: int,
        client: bool,
        caseless: frozenset[str] = frozenset(),
        urls: Mapping[Endpoint, str] = NOTHING_SKIPPED,
        skipped: Mapping[Endpoint, str] = NOTHING_SKIPPED,
        only_rules: frozenset[str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`client`: the HT credentials are there, so they are sent with every question.

        `caseless`: names of secrets without a letter, which are the same in the other letter case.
        `urls`: the endpoints' addresses, to tell what answers there. `skipped`: endpoints that are not asked, and why.
        """
        self._send = send
        self._skipped = skipped
        self.control = control
        self.tell = control.tell
        self.clock = clock
        self.today = clock.today
        self.urls = urls
        self.random = Random(seed)  # noqa: S311 - draws questions, guards nothing
        self.seed = seed
        self._only_rules = only_rules
        self.client = client
        self._moot = tuple(map(swapped_placeholder, caseless))
        self.sleep = sleep
        self.reach = Reach()
        self.recording: list[Exchange] = []
        self.evidence = Evidence()
        self.bench = Bench(self.evidence, only_rules=only_rules)
        self.notes: list[str] = []  #: what a reader of the report must know
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

    def make_sure(self, endpoint: Endpoint) -> None:
        """Raise `OutOfReachError` if an endpoint may not be asked."""
        if why := self.skipped.get(endpoint):
            raise OutOfReachError(why)

    def ask(self, request: Request) -> RoomsView | MessagesView:
        """Send a request, whether it was asked before or not. Raises `AskingEnds` where that may not be."""
        self.make_sure(request.endpoint)
        view = self._asked_once(request)
        if self.reach.is_doubtful(request.endpoint):
            self._look_after(request.endpoint)
        return view

    def _look_after(self, endpoint: Endpoint) -> None:
        """Ask what was answered well before, a few times; if nothing comes of it the endpoint is lost."""
        for seconds in WAITS:
            self.tell(Waiting, f"no answer of HappyTalk's for some time; waiting {seconds:.1f} s")
            self.sleep(seconds)
            self._asked_once(replace(self.reach.good[endpoint], why="is HappyTalk still there?"))
            if not self.reach.is_doubtful(endpoint):
                return
        self.reach.lose(endpoint, self.urls.get(endpoint, ""), self.recording[-1])
        self.make_sure(endpoint)

    def go_by(self, moment: datetime, why: str) -> None:
        """Count days by a clock that says `moment` now; what was seen already is read anew."""
        ahead = moment - self.clock()
        self.clock.ahead += ahead
        self.recording = [
            replace(exchange, started=exchange.started + ahead.total_seconds()) for exchange in self.recording
        ]
        self.evidence = Evidence(self.recording)
        self.bench = Bench(self.evidence, only_rules=self._only_rules)
        self.notes.append(f"{why}: days and times are those of the target's clock")
        self.tell(Note, why)

    def _asked_once(self, request: Request) -> RoomsView | MessagesView:
        self._asked.add(key(request))
        # Where HappyTalk has not spoken yet, its first questions are tries enough.
        for _turn in range(TRIES if request.endpoint in self.reach.found else 1):
            exchange = self._send(request)
            view = self.evidence.add(exchange)
            self.recording.append(exchange)
            self.reach.see(exchange)
            told = exchange.fault if exchange.response is None else exchange.response.status
            self.tell(Answered, f"{request.why or request.endpoint}: {told}", exchange=exchange)
            if fault_of(exchange.fault) not in CUT_SHORT:
                break
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

    def today_question(self) -> Request:
        """Write the first question of all."""
        return self.question({}, "what today holds")

    def listing_question(self) -> Request:
        """Write the first question about messages."""
        return messages(headers=self.headers, why="the sender's messages")

    @property
    def headers(self) -> dict[str, str]:
        """The HT credentials, where there are any."""
        return dict(CLIENT_HEADERS) if self.client else {}

    def kept(self, request: Request) -> RoomsView | None:
        """The newest answer to a room question that was asked already."""
        views = self.evidence.by_request.get(key(request))
        return views[-1] if views else None

    def is_moot(self, request: Request) -> bool:
        """Whether a request would be an ordinary one, though it is meant to be a wrong one."""
        return any(text in repr(request) for text in self._moot)

    def once(self, params: Mapping[str, Any], why: str = "") -> bool:
        """Ask for the room list unless just this was asked already; say whether it was sent."""
        request = self.question(params, why)
        if key(request) in self._asked:
            return False
        self.ask(request)
        return True
