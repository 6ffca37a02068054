"""Serving: a socket, an event loop that answers on it, and a clean end.

One thread of this process answers the two endpoints (docs/adr/0005-own-server.md); the same server is behind
the command and behind `with MockServer() as server:` in a test. The port is bound by us, so 0 means a free
one, without a race.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from ..core.errors import ConfigurationError
from ..core.exchange import Respond
from .connection import Connection
from .service import BACKLOG, BODY_TIMEOUT, Service

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def bind(host: str, port: int, *, way: str = "port=") -> socket.socket:
    """A socket that listens on host and port (0: a free one); `way` is how one says another port.

    Raises ConfigurationError in one line if the address is taken or not of this machine.
    """
    if not 0 <= port <= 65535:
        raise ConfigurationError(f"cannot listen on {host}:{port}: ports go from 0 (a free one) to 65535")
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, proto)
    except OSError as error:
        raise ConfigurationError(f"--host {host}: {error.strerror or error}") from None
    try:
        if sys.platform != "win32":  # there it would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Accepted sockets inherit it; without it an answer in two packets waits 40 ms for the client's ACK.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        reason = error.strerror or error
        raise ConfigurationError(
            f"cannot listen on {host}:{port}: {reason}; choose another, such as {way}{8081 if port != 8081 else 8082}, "
            f"or {way}0 for a free one"
        ) from None
    return listening


def allow_connections() -> None:
    """Lets this process have as many connections as the system permits; a shell often allows it 1024."""
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else hard
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):  # macOS has a lower limit than it says
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


class Server:
    """Serves endpoints and a WSGI application on a bound socket, in this process, until `stop`."""

    def __init__(
        self,
        app: WSGIApplication,
        listening: socket.socket,
        endpoints: Mapping[str, Respond] | None = None,
        *,
        urgent: Collection[str] = (),
        body_timeout: float = BODY_TIMEOUT,
    ) -> None:
        """`endpoints` answer at their paths on the loop itself; the application answers everything else.

        It answers at `urgent` paths however busy it is elsewhere.
        """
        self._socket = listening
        self.host: str
        self.port: int
        self.host, self.port = listening.getsockname()[:2]
        own = (self.host, self.port)
        self._service = Service(app, endpoints or {}, urgent=urgent, own=own, body_timeout=body_timeout)
        self._thread: threading.Thread | None = None
        self._ready, self._stopped = threading.Event(), threading.Event()

    @property
    def url(self) -> str:
        """The origin, such as `http://127.0.0.1:8080`."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - to show a usable URL
        return (
            f"http://[{host}]:{self.port}"
            if ":" in host and "[" not in host
            else f"http://{host}:{self.port}"
        )

    def start(self) -> None:
        """Begins to answer, and returns."""
        self._thread = threading.Thread(target=self._run, name="happytalk-mock", daemon=True)
        self._thread.start()
        self._ready.wait()

    def _run(self) -> None:
        try:
            self._service.run(self._socket, partial(Connection, self._service), self._ready.set)
        finally:
            self._ready.set()
            self._stopped.set()

    def wait(self) -> None:
        """Returns when the server has stopped."""
        while not self._stopped.wait(0.5):  # a bounded wait: Windows delivers Ctrl-C only between waits
            pass

    def stop(self) -> None:
        """Stops answering and frees the port, when what is being answered is. May be called more than once."""
        if self._thread is None:
            self._socket.close()
        else:
            self._service.stop()
            self._thread.join()

    def stop_on_signals(self, before: Callable[[], object] = bool) -> None:
        """Lets Ctrl-C and SIGTERM stop the server, after a call of `before`. For the main thread."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            before()
            self._service.stop()

        for number in _stop_signals():
            signal.signal(number, stop)


def _stop_signals() -> Sequence[int]:
    if sys.platform == "win32":
        return [signal.SIGINT, signal.SIGTERM, signal.SIGBREAK]
    return [signal.SIGINT, signal.SIGTERM]
