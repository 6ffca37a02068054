"""The adapter for requests."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse, Timeout
from urllib3.exceptions import ProtocolError

from ..core.errors import CutShort
from .in_process import Reply, environ_of, perform

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from _typeshed.wsgi import WSGIApplication


class RequestsAdapter(HTTPAdapter):
    """Answers requests from a WSGI application; the read timeout of the client holds."""

    def __init__(self, app: WSGIApplication) -> None:
        super().__init__()
        self._app = app

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | Timeout | None = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """The answer. Raises what requests raises for the same over a socket."""
        headers = [(_text(name), _text(value)) for name, value in request.headers.items()]
        environ = environ_of(str(request.method), str(request.url), headers, _bytes(request.body))
        try:
            reply = perform(self._app, environ, timeout=_read_timeout(timeout))
        except TimeoutError as error:
            raise requests.ReadTimeout(str(error), request=request) from None
        except CutShort:
            reset = ConnectionResetError(104, "Connection reset by peer")
            raise requests.ConnectionError(
                ProtocolError("Connection aborted.", reset), request=request
            ) from None
        raw = HTTPResponse(
            body=_Body(reply),
            headers=HTTPHeaderDict(reply.headers),
            status=reply.status,
            reason=reply.reason,
            request_method=request.method,
            preload_content=False,
            # With this a body shorter than announced is an error, as it is over a socket.
            enforce_content_length=True,
        )
        return self.build_response(request, raw)


class _Body(io.RawIOBase):
    """The body of an answer as it comes; one that is cut short just ends."""

    def __init__(self, reply: Reply) -> None:
        self._frames = reply.frames
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        if not self._rest:
            try:
                self._rest = next(self._frames, b"")
            except CutShort:
                return 0
        view = memoryview(buffer).cast("B")
        size = min(len(view), len(self._rest))
        view[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


def _read_timeout(timeout: float | tuple[float | None, float | None] | Timeout | None) -> float | None:
    if isinstance(timeout, tuple):
        return timeout[1]
    if isinstance(timeout, Timeout):
        read = timeout.read_timeout
        return read if isinstance(read, (int, float)) else None
    return timeout


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    if isinstance(body, bytes):
        return body
    return body.read() if hasattr(body, "read") else b"".join(body)
