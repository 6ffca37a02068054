"""Sends one request after the other over a re-used connection, gently, and records what came.

Secrets go in at the moment of sending and are taken out of whatever comes back. What the network does
(429, refused or dropped connections, timeouts) is waited for and tried again; it is told apart from what
the API answers. Every request sent counts, tries included, and is asked of the run's `Control` first.
"""

from __future__ import annotations

import email.utils
import time
import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final, Self
from urllib.parse import quote, urlsplit

import httpcore

from happytalk_contract.core.control import Control
from happytalk_contract.core.events import Waiting
from happytalk_contract.core.model import (
    SECRETS,
    Endpoint,
    Exchange,
    Request,
    Response,
    cut_placeholder,
    placeholder,
)
from happytalk_contract.transport.connection import ACCEPTED_CODINGS, ascii_host, connection, decoded

#: How often one request is sent before its connection fault is recorded.
TRIES: Final = 3
#: How often a request waits for 429 to pass.
PATIENCE: Final = 6
#: Secrets shorter than this would tear ordinary text apart if they were taken out of answers.
SHORTEST: Final = 4
#: The longest single wait that Retry-After can ask for, in seconds.
LONGEST_WAIT: Final = 60.0
#: Answers beyond this many bytes are cut: no documented answer comes near it.
LARGEST_ANSWER: Final = 20_000_000

#: Sent with every request.
HEADERS: Final = {
    "Accept": "*/*",
    "Accept-Encoding": ACCEPTED_CODINGS,
    "Connection": "keep-alive",
    "User-Agent": "happytalk-contract",
}


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
        connect: Callable[[str], httpcore.ConnectionPool] = connection,
    ) -> None:
        """Prepare to send; `urls` maps an endpoint to its whole address."""
        self._urls = {endpoint: ascii_host(url) for endpoint, url in urls.items()}
        self._pools = {endpoint: connect(url) for endpoint, url in self._urls.items()}
        self._timeouts = dict.fromkeys(("connect", "read", "write", "pool"), request_timeout)
        known = {name: credentials[name] for name in SECRETS if credentials.get(name)}
        whole = {placeholder(name): secret for name, secret in known.items()}
        # Whole secrets first: what is taken out of an answer is the longest that fits.
        self._secrets = whole | {cut_placeholder(name): secret[:-1] for name, secret in known.items()}
        self._control = control
        self._now = now
        self._pause = 1 / rate if rate else 0.0
        self._sleep = sleep
        self._next_send = 0.0
        self._kept = 0

    def __enter__(self) -> Self:
        """Use as a context manager to close the connections."""
        return self

    def __exit__(self, *_exception: object) -> None:
        """Close the connections."""
        for pool in self._pools.values():
            pool.close()

    def ask(self, request: Request) -> Exchange:
        """Send `request` and return the exchange; raises `BudgetSpent` where nothing may be sent."""
        waits = tries = 0
        while True:
            self._wait_for_turn()
            outcome, started = self._send(request)
            if isinstance(outcome, Response) and outcome.status == 429 and waits < PATIENCE:
                waits += 1
                self._back_off(outcome, waits)
                continue
            tries += 1
            if isinstance(outcome, str) and tries < TRIES and outcome != "timeout":
                self._control.tell(Waiting, f"{outcome}; asking again")
                self._sleep(0.05 * tries)
                continue
            return self._recorded(request, outcome, started)

    def _recorded(self, request: Request, outcome: Response | str, started: float) -> Exchange:
        self._kept += 1
        answer, fault = (outcome, None) if isinstance(outcome, Response) else (None, outcome)
        return Exchange(number=self._kept, started=started, request=request, response=answer, fault=fault)

    def _send(self, request: Request) -> tuple[Response | str, float]:
        """Send once; the answer, or what the network did in words."""
        self._control.sent += 1
        started, clock = self._now().timestamp(), time.monotonic()
        try:
            status, headers, body = self._received(request)
        except httpcore.TimeoutException:
            return "timeout", started
        except httpcore.ConnectError:
            return "connection refused", started
        except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
            return "connection dropped", started
        except zlib.error:
            return "content encoding broken", started
        except (httpcore.ProtocolError, httpcore.ProxyError, httpcore.UnsupportedProtocol) as error:
            return type(error).__name__, started
        return (
            Response(
                status=status,
                headers={name: self._emptied(value) for name, value in headers.items()},
                body=self._emptied_bytes(body),
                seconds=time.monotonic() - clock,
            ),
            started,
        )

    def _received(self, request: Request) -> tuple[int, dict[str, str], bytes]:
        """Send once; status, headers and decoded body of the answer."""
        own = {name: self._filled(value) for name, value in request.headers.items()}
        with self._pools[request.endpoint].stream(
            request.method,
            self._address(request),
            headers=[("Host", urlsplit(self._urls[request.endpoint]).netloc), *(HEADERS | own).items()],
            content=None if request.body is None else self._filled_bytes(request.body),
            extensions={"timeout": self._timeouts},
        ) as answer:
            received: dict[str, str] = {}
            for raw_name, raw in answer.headers:
                name, value = raw_name.decode("ascii", "replace").lower(), raw.decode("utf-8", "replace")
                received[name] = f"{received[name]}, {value}" if name in received else value
            body = b""
            for chunk in answer.iter_stream():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    break
        return answer.status, received, decoded(body, received.get("content-encoding", ""), LARGEST_ANSWER)

    def _address(self, request: Request) -> str:
        """The endpoint's address with the query; percent-encoded here, so that any bytes can be asked."""
        pairs = [
            f"{quote(name, safe='')}={quote(self._filled(value), safe='')}" for name, value in request.query
        ]
        return self._urls[request.endpoint] + request.suffix + ("?" + "&".join(pairs) if pairs else "")

    def _wait_for_turn(self) -> None:
        pause = self._next_send - time.monotonic()
        self._control.admit(pause)
        if pause > 0:
            self._sleep(pause)
        self._next_send = time.monotonic() + self._pause

    def _back_off(self, answer: Response, waits: int) -> None:
        """Wait as Retry-After says, and be slower from now on."""
        asked = retry_after(answer.headers.get("retry-after"), datetime.now(UTC))
        wait = min(0.25 * 2**waits if asked is None else asked, LONGEST_WAIT)
        self._pause = min(max(self._pause * 1.5, 0.02), 2.0)
        self._control.tell(Waiting, f"429: asked to slow down; waiting {wait:.1f} s")
        self._next_send = time.monotonic() + wait

    def _filled(self, text: str) -> str:
        for name, secret in self._secrets.items():
            text = text.replace(name, secret)
        return text

    def _filled_bytes(self, body: bytes) -> bytes:
        for name, secret in self._secrets.items():
            body = body.replace(name.encode(), _json_inside(secret))
        return body

    def _emptied(self, text: str) -> str:
        for name, secret in self._secrets.items():
            if len(secret) >= SHORTEST:
                text = text.replace(secret, name)
        return text

    def _emptied_bytes(self, body: bytes) -> bytes:
        for name, secret in self._secrets.items():
            if len(secret) >= SHORTEST:
                body = body.replace(_json_inside(secret), name.encode()).replace(
                    secret.encode(), name.encode()
                )
        return body


def _json_inside(secret: str) -> bytes:
    """`secret` as it stands between the quotes of a JSON string."""
    plain = secret.replace("\\", "\\\\").replace('"', '\\"')
    return plain.encode()


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
