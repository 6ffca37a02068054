"""Serving: a socket, a WSGI server on it, and a clean end.

The WSGI server is granian (docs/adr/0001-wsgi-server.md). Its worker runs in this process, on threads of its
own: one process that starts in milliseconds and leaves nothing behind when it is killed, a port that is bound
by us (so 0 means a free one, without a race), and the same server for the command and for
`with MockServer() as server:` in a test.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from granian import _futures, _granian
from granian.constants import HTTPModes

from ..core.errors import ConfigurationError

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# granian's worker is not public API and its type stubs lag behind it; pyproject.toml pins the minor version,
# and the serving tests exercise all of it.
_Worker: Any = _granian.WSGIWorker
_Holder: Any = _granian.SocketHolder
_scheduler: Any = _futures._new_cbscheduler

#: Threads that answer. Some ten microseconds of Python a request need one; the others are for requests
#: that a fault delays, so that a delayed request delays no other.
THREADS: Final = 64
_BACKLOG: Final = 1024
_IDLE_SECONDS: Final = 30
#: How long the end waits for requests that are being answered. A client that sent half a body may never
#: send the rest.
_GRACE_SECONDS: Final = 3.0


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
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        reason = error.strerror or error
        raise ConfigurationError(
            f"cannot listen on {host}:{port}: {reason}; choose another, such as {way}{8081 if port != 8081 else 8082}, "
            f"or {way}0 for a free one"
        ) from None
    return listening


class _Start:
    """WSGI's start_response: keeps status and headers for granian."""

    __slots__ = ("headers", "status")

    def __init__(self) -> None:
        self.status = 200
        self.headers: list[tuple[str, str]] = []

    def __call__(self, status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        self.status = int(status[:3])
        self.headers = headers


class _Frames:
    """A body that comes in pieces, as granian reads it: an iterator that can be closed."""

    __slots__ = ("_body", "_pieces")

    def __init__(self, body: Iterable[bytes]) -> None:
        self._body = body
        self._pieces = iter(body)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        if close is not None:
            close()


def gateway(app: WSGIApplication) -> Callable[[Any, dict[str, Any]], int]:
    """What granian calls for each request.

    In place of granian's own, which puts the process's environment variables into every request: there
    HTTP_PROXY, with its password, would be a header that every client sent.
    """
    common: dict[str, Any] = {
        "SCRIPT_NAME": "",
        "SERVER_SOFTWARE": "Granian",
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": False,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
    }

    def answer(protocol: Any, scope: dict[str, Any]) -> int:
        start = _Start()
        body = app(common | scope, start)  # type: ignore[arg-type]
        if isinstance(body, list):
            protocol.response_bytes(start.status, start.headers, b"".join(body))
        else:
            protocol.response_iter(start.status, start.headers, _Frames(body))
        return start.status

    return answer


class Server:
    """Serves a WSGI application on a bound socket, in this process, until `stop`."""

    def __init__(self, app: WSGIApplication, listening: socket.socket) -> None:
        self._app = app
        self._socket = listening
        self._signal = _granian.WorkerSignal()
        self._stopped = threading.Event()
        self._told: float | None = None  # when a signal told it to stop, by time.monotonic()
        self._loop = asyncio.new_event_loop()
        self.host: str
        self.port: int
        self.host, self.port = listening.getsockname()[:2]

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
        handle = self._socket.detach()  # the holder closes it; closing it here too could hit another's file
        # The holder's arguments differ by platform, as in granian's own use of it.
        holder = _Holder(handle) if sys.platform == "win32" else _Holder(handle, False, _BACKLOG)
        self._signal.add_cb(self._stopped.set)
        no_tls: tuple[Any, ...] = (False, None, None, None, "tls1.3", None, [], False)
        threads = (1, 512, THREADS, _IDLE_SECONDS, _BACKLOG)
        no_http_options_nor_files = (None, None, None)
        no_metrics = (None, None)
        worker = _Worker(
            1,
            (None, holder),
            None,
            *threads,
            HTTPModes.http1,
            *no_http_options_nor_files,
            *no_tls,
            no_metrics,
        )
        callback = gateway(self._app)
        worker.serve_mtr(_scheduler(self._loop, callback, impl_asyncio=True), self._loop, self._signal)

    def wait(self) -> None:
        """Returns when the server has stopped, or some seconds after a signal told it to."""
        while not self._stopped.wait(0.5):  # a bounded wait: Windows delivers Ctrl-C only between waits
            if self._told is not None and time.monotonic() - self._told > _GRACE_SECONDS:
                return

    def stop(self) -> None:
        """Stops answering and frees the port. May be called more than once."""
        self._signal.set()
        started = self._socket.fileno() == -1
        if started:
            self._stopped.wait(5)
        self._socket.close()
        self._loop.close()

    def stop_on_signals(self, before: Callable[[], object] = bool) -> None:
        """Lets Ctrl-C and SIGTERM stop the server, after a call of `before`. For the main thread."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self._told = self._told or time.monotonic()
            before()
            self._signal.set()

        for number in _stop_signals():
            signal.signal(number, stop)


def _stop_signals() -> Sequence[int]:
    if sys.platform == "win32":
        return [signal.SIGINT, signal.SIGTERM, signal.SIGBREAK]
    return [signal.SIGINT, signal.SIGTERM]
