"""Sends one request after the other over a re-used connection, gently, and records what came.

Secrets go in at the moment of sending and are taken out of whatever comes back. What the network does
(429, refused or dropped connections, timeouts) is waited for and tried again; it is told apart from what
the API answers. Every request sent counts, tries included, and is asked of the run's `Control` first.
"""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, Self
from urllib.parse import quote

from happytalk_contract.core.control import TIME_OVER, Control
from happytalk_contract.core.errors import TimeSpent
from happytalk_contract.core.events import Waiting
from happytalk_contract.core.model import (
    Endpoint,
    Exchange,
    Request,
    Response,
)
from happytalk_contract.transport.faults import Fault, NoAnswer, fault_of
from happytalk_contract.transport.secrets import Secrets
from happytalk_contract.transport.wire import Reply, Wire

#: How often one request is sent before its connection fault is recorded.
TRIES: Final = 3
#: Faults that asking again may change at once. What began to answer is told, not asked again in silence.
FLEETING: Final = frozenset({Fault.REFUSED, Fault.DROPPED, Fault.UNREACHABLE, Fault.PROXY})
#: Requests after which a new connection is opened: of two servers behind a balancer each is to be seen.
RENEWED: Final = 9
#: How often a request waits for 429 to pass.
PATIENCE: Final = 6
#: The same where the endpoint never answered anything else.
FIRST_PATIENCE: Final = 3
#: The longest single wait that Retry-After can ask for, in seconds.
LONGEST_WAIT: Final = 120.0


class Sender(Protocol):
    """What sends: a `Wire`, or a test's own."""

    def send(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        *,
        seconds: float,
    ) -> Reply:
        """Ask, and read the whole answer. Raises `NoAnswer`, after `seconds` at the latest."""

    def renew(self) -> None:
        """Let the next request open a connection of its own."""

    def close(self) -> None:
        """Close the connection."""


class Transport:
    """The only place that sends."""

    def __init__(
        self,
        *,
        urls: Mapping[Endpoint, str],
        credentials: Mapping[str, str],
        control: Control,
        now: Callable[[], datetime],
        rate: float | None = None,
        request_timeout: float = 10.0,
        sleep: Callable[[float], None] = time.sleep,
        ca_bundle: Path | None = None,
        opener: Callable[[str], Sender] | None = None,
    ) -> None:
        """Prepare to send; `urls` maps an endpoint to its whole address."""
        self._urls = urls
        self.secrets = Secrets(credentials)
        self._control = control
        self._now = now
        self._pause = 1 / rate if rate else 0.0
        self._sleep = sleep
        self._next_send = 0.0
        self._kept = 0
        self._connection = 0  #: that the last answer came by
        self._open = opener or (lambda url: Wire(url, timeout=request_timeout, ca_bundle=ca_bundle))
        self._wires: dict[str, Sender] = {}
        self._answering: set[Endpoint] = set()  #: an endpoint that never answered is not waited for as long

    def __enter__(self) -> Self:
        """Use as a context manager to close the connection."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the connections."""
        for wire in self._wires.values():
            wire.close()

    def ask(self, request: Request) -> Exchange:
        """Send `request` and return the exchange; raises `BudgetSpent` where nothing may be sent."""
        waits = tries = 0
        while True:
            self._wait_for_turn()
            outcome, started = self._send(request)
            is_known = request.endpoint in self._answering
            if isinstance(outcome, Response) and outcome.status == 429:
                waits += 1
                if waits <= (PATIENCE if is_known else FIRST_PATIENCE) and self._backs_off(outcome, waits):
                    continue
            elif isinstance(outcome, Response):
                self._answering.add(request.endpoint)
            tries += 1
            if isinstance(outcome, str) and is_known and tries < TRIES and fault_of(outcome) in FLEETING:
                self._control.tell(Waiting, f"{outcome}; asking again")
                self._sleep(0.05 * tries)
                continue
            return self._recorded(request, outcome, started)

    def _recorded(self, request: Request, outcome: Response | str, started: float) -> Exchange:
        self._kept += 1
        answer, fault = (outcome, None) if isinstance(outcome, Response) else (None, outcome)
        return Exchange(
            number=self._kept,
            started=started,
            request=request,
            response=answer,
            fault=fault,
            connection=self._connection if answer else 0,
        )

    def _send(self, request: Request) -> tuple[Response | str, float]:
        """Send once; the answer, or what the network did in words. Raises `TimeSpent` in the midst of it."""
        self._control.sent += 1
        started, clock = self._now().timestamp(), time.monotonic()
        fill, empty = self.secrets.fill, self.secrets.empty
        try:
            wire = self._wire(self._urls[request.endpoint])
            if self._control.sent % RENEWED == 0:
                wire.renew()
            reply = wire.send(
                request.method,
                self._address(request),
                [(name, fill(value)) for name, value in request.headers.items()],
                None if request.body is None else self.secrets.fill_bytes(request.body),
                seconds=max(self._control.seconds_left, 0.0),
            )
        except NoAnswer as fault:
            if fault.fault is Fault.TIMEOUT and self._control.seconds_left <= 0:
                raise TimeSpent(TIME_OVER) from None  # the run's time is over, not the answer's
            return empty(str(fault)), started
        self._connection = reply.connection
        if reply.status >= 500:  # of two servers the other one may be well
            wire.renew()
        answer = Response(
            status=reply.status,
            headers={name: empty(value) for name, value in reply.headers.items()},
            body=self.secrets.empty_bytes(reply.body),
            seconds=time.monotonic() - clock,
        )
        return answer, started

    def _wire(self, url: str) -> Sender:
        origin = "/".join(url.split("/", 3)[:3])
        if origin not in self._wires:
            self._wires[origin] = self._open(url)
        return self._wires[origin]

    def _address(self, request: Request) -> str:
        """The endpoint's address with the query; percent-encoded here, so that any bytes can be asked."""
        pairs = [
            f"{quote(name, safe='')}={quote(self.secrets.fill(value), safe='')}"
            for name, value in request.query
        ]
        return self._urls[request.endpoint] + request.suffix + ("?" + "&".join(pairs) if pairs else "")

    def _wait_for_turn(self) -> None:
        pause = self._next_send - time.monotonic()
        self._control.admit(pause)
        if pause > 0:
            self._sleep(pause)
        self._next_send = time.monotonic() + self._pause

    def _backs_off(self, answer: Response, waits: int) -> bool:
        """Wait as Retry-After says, and be slower from now on; False where that takes too long."""
        asked = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
        wait = 0.25 * 2**waits if asked is None else asked
        if wait > min(LONGEST_WAIT, self._control.seconds_left):
            return False
        self._pause = min(max(self._pause * 1.5, 0.02), 2.0)
        self._control.tell(Waiting, f"429: asked to slow down; waiting {wait:.1f} s")
        self._next_send = time.monotonic() + wait
        return True


def retry_after(value: str | None, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or HTTP date, as seconds from `now`; None if there is none."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None
