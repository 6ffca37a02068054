"""The transport for httpx, synchronous and asynchronous."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import anyio.to_thread
import httpx

from ..core.errors import CutShort
from .in_process import Reply, environ_of, perform

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class HttpxTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers requests from a WSGI application; the read timeout of the client holds."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer. Raises what httpx raises for the same over a socket."""
        return self._respond(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, waited for on a thread."""
        body = await request.aread()
        return await anyio.to_thread.run_sync(self._respond, request, body, abandon_on_cancel=True)

    def _respond(self, request: httpx.Request, body: bytes) -> httpx.Response:
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        environ = environ_of(request.method, str(request.url), headers, body)
        with _in_words_of_httpx(
            request, httpx.ReadError("[Errno 104] Connection reset by peer", request=request)
        ):
            reply = perform(self._app, environ, timeout=request.extensions.get("timeout", {}).get("read"))
        return httpx.Response(
            reply.status,
            headers=reply.headers,
            stream=_Body(request, reply),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": reply.reason.encode("ascii")},
        )


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer as it comes."""

    def __init__(self, request: httpx.Request, reply: Reply) -> None:
        self._request = request
        self._reply = reply
        self._received = 0

    def __iter__(self) -> Iterator[bytes]:
        while (piece := self._piece()) is not None:
            yield piece

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await anyio.to_thread.run_sync(self._piece, abandon_on_cancel=True)) is not None:
            yield piece

    def _piece(self) -> bytes | None:
        sizes = f"received {self._received} bytes, expected {self._reply.announced}"
        told = f"peer closed connection without sending complete message body ({sizes})"
        cut = httpx.RemoteProtocolError(told, request=self._request)
        with _in_words_of_httpx(self._request, cut):
            piece = next(self._reply.frames, None)
        self._received += len(piece or b"")
        return piece


@contextmanager
def _in_words_of_httpx(request: httpx.Request, cut: httpx.TransportError) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error), request=request) from None
    except CutShort:
        raise cut from None
