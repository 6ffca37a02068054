"""Transports without a socket: a Python client asks a WSGI application of this process.

What goes wrong on purpose looks as it does over a socket: an answer cut short and a time limit that runs out
raise what the client raises there. Only connecting cannot fail.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from ..core.errors import AbortedOnPurpose, CutShort
from ..core.waiting import PATIENCE
from ..serving.wsgi import USUAL

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

_PORTS = {"http": 80, "https": 443}


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
        **USUAL,
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "REQUEST_METHOD": method,
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
    """The application's answer, made on the caller's own thread.

    `timeout` in seconds is how long what is held back on purpose may take: the head, and each piece of the
    body. Raises CutShort where the connection ends before the head, TimeoutError, and whatever the application
    raises.
    """
    told: list[Any] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> Any:
        told[:] = [status, headers]
        return written.append

    environ[PATIENCE] = timeout
    try:
        body = app(environ, start_response)
    except AbortedOnPurpose:
        raise CutShort("the connection ended before the answer") from None
    code, _, reason = told[0].partition(" ")
    return Reply(status=int(code), reason=reason, headers=told[1], frames=_frames(chain(written, body), body))


def _frames(pieces: Iterable[bytes], body: object) -> Iterator[bytes]:
    try:
        yield from filter(None, pieces)
    except AbortedOnPurpose:
        raise CutShort("the connection ended in the middle of the answer") from None
    finally:
        getattr(body, "close", bool)()
