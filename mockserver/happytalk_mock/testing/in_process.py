"""Transports without a socket: a Python client asks a WSGI application of this process.

What goes wrong on purpose looks as it does over a socket: an answer cut short and a time limit that runs out
raise what the client raises there. Only connecting cannot fail.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from ..core.errors import AbortedOnPurpose, CutShort

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_PORTS = {"http": 80, "https": 443}
_Event = tuple[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an application answers; the body comes as it is made."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    #: Raises CutShort where the answer ends early, TimeoutError where a piece takes too long.
    frames: Iterator[bytes]

    @property
    def announced(self) -> int:
        """Content-Length; 0 where there is none."""
        return next((int(value) for name, value in self.headers if name.lower() == "content-length"), 0)


def environ_of(method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> WSGIEnvironment:
    """The WSGI environment of a request that comes from this machine."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme, 80)
    environ: WSGIEnvironment = {
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(parts.path or "/").decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
    }
    for name, value in headers:
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    environ["CONTENT_LENGTH"] = str(len(body)) if body else environ.get("CONTENT_LENGTH", "")
    return environ


def perform(app: WSGIApplication, environ: WSGIEnvironment, *, timeout: float | None = None) -> Reply:
    """The application's answer. It is made on a thread, so that waiting for it can end.

    `timeout` in seconds is how long the head and each piece of the body may take. Raises CutShort where the
    connection ends before the head, TimeoutError, and whatever the application raises.
    """
    events: SimpleQueue[_Event] = SimpleQueue()
    Thread(
        target=_run, args=(app, environ, events.put), name="happytalk-mock-in-process", daemon=True
    ).start()
    status, headers = _next(events, timeout)[1]
    code, _, reason = status.partition(" ")
    return Reply(status=int(code), reason=reason, headers=headers, frames=_frames(events, timeout))


def _frames(events: SimpleQueue[_Event], timeout: float | None) -> Iterator[bytes]:
    while True:
        kind, value = _next(events, timeout)
        if kind == "end":
            return
        if value:
            yield value


def _next(events: SimpleQueue[_Event], timeout: float | None) -> _Event:
    try:
        event = events.get(timeout=timeout)
    except Empty:
        raise TimeoutError(f"no answer within {timeout:g} s") from None
    if event[0] == "error":
        raise event[1]
    return event


def _run(app: WSGIApplication, environ: WSGIEnvironment, put: Callable[[_Event], None]) -> None:
    """Calls the application and tells each event: head, data, end or error."""

    def start_response(
        status: str, headers: list[tuple[str, str]], exc_info: object = None
    ) -> Callable[[bytes], object]:
        put(("head", (status, headers)))
        return lambda data: put(("data", data))

    try:
        body = app(environ, start_response)
        try:
            for piece in body:
                put(("data", piece))
        finally:
            getattr(body, "close", bool)()
        put(("end", None))
    except AbortedOnPurpose:
        put(("error", CutShort("the connection ended in the middle of the answer")))
    except BaseException as error:  # raised again on the client's thread
        put(("error", error))
