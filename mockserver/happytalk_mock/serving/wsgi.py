"""A request that a WSGI application answers, on a thread of the pool."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from ..core.exchange import Answer, Delivery
from ..core.waiting import Wait
from .head import Head

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

#: What every WSGI environment says.
USUAL: Final[Mapping[str, Any]] = {
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "SCRIPT_NAME": "",
}
#: Headers of an answer that are the server's affair.
_OURS = ("content-length", "connection", "transfer-encoding")


def environ_of(head: Head, body: IO[bytes], size: int, own: tuple[str, int], client: str) -> WSGIEnvironment:
    """The WSGI environment of a request.

    Nothing of the process's environment is in it: HTTP_PROXY, with its password, would be a header that every
    client sent.
    """
    environ: WSGIEnvironment = {
        **USUAL,
        "wsgi.url_scheme": "http",
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "REQUEST_METHOD": head.method,
        "PATH_INFO": unquote_to_bytes(head.raw_path).decode("latin-1"),
        "QUERY_STRING": head.query,
        "SERVER_NAME": own[0],
        "SERVER_PORT": str(own[1]),
        "SERVER_PROTOCOL": "HTTP/1.0" if head.http_1_0 else "HTTP/1.1",
        "REMOTE_ADDR": client,
    }
    for name, value in head.headers.items():
        environ[f"HTTP_{name.replace('-', '_').upper()}"] = value
    environ.pop("HTTP_CONTENT_LENGTH", None)
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    if head.length:
        environ["CONTENT_LENGTH"] = str(size)
    if (kind := environ.pop("HTTP_CONTENT_TYPE", None)) is not None:
        environ["CONTENT_TYPE"] = kind
    return environ


def ask(app: WSGIApplication, environ: WSGIEnvironment) -> Answer:
    """The application's answer, whole."""
    told: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        told[:] = [int(status[:3]), headers]
        return bool

    pieces = app(environ, start_response)
    try:
        body = b"".join(pieces)
    finally:
        getattr(pieces, "close", bool)()
        environ["wsgi.input"].close()
    status, headers = told
    kept = tuple((name, value) for name, value in headers if name.lower() not in _OURS)
    if environ["REQUEST_METHOD"] != "HEAD":
        return Answer(status, kept, body)
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    return Answer(status, kept, b"", Delivery(length, (), Wait({})))
