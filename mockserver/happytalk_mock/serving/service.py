"""The loop that all connections share: who is there, what time it is, and a pool for what would block it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Protocol

from ..core.exchange import Answer, Respond
from .head import Heads
from .responses import date_line
from .wsgi import ask

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

BACKLOG: Final = 1024
#: Seconds in which a request must have arrived whole.
BODY_TIMEOUT: Final = 10.0
#: Threads for the application.
_THREADS: Final = 8
#: How long the end waits for requests that are being answered.
_GRACE: Final = 3.0


class Client(Protocol):
    """A connection, as the service sees it."""

    def finish(self) -> None:
        """Closes as soon as nothing is being answered on it."""

    def abort(self) -> None:
        """Closes at once."""

    def expire(self, now: float) -> None:
        """Closes if something on it has lasted too long."""

    def answered(self, future: Future[Answer]) -> None:
        """Takes what the application answered."""


class Service:
    """What connections need of the server. All but `stop` belongs to the thread that runs it."""

    def __init__(
        self,
        app: WSGIApplication,
        endpoints: Mapping[str, Respond],
        *,
        urgent: Collection[str],
        own: tuple[str, int],
        body_timeout: float,
    ) -> None:
        """`urgent` paths of the application have a thread of their own."""
        self.endpoints = endpoints
        self.body_timeout = body_timeout
        self.loop = _new_loop()
        self.heads = Heads()
        self.connections: set[Client] = set()
        self.now = 0.0  #: the loop's time, at the last look
        self.date_line = b""
        self.rest = b""  #: what stands between Content-Length's number and the body, usually
        self.own = own
        self._app, self._urgent = app, urgent
        self._pool = ThreadPoolExecutor(_THREADS, "happytalk-mock-app")
        self._spare = ThreadPoolExecutor(1, "happytalk-mock-urgent")
        self._ending: asyncio.Event

    # --- beginning and end ---

    def run(
        self,
        listening: socket.socket,
        connection: Callable[[], asyncio.Protocol],
        ready: Callable[[], object],
    ) -> None:
        """Answers on the socket until `stop`, each client by a `connection` of its own."""
        try:
            self.loop.run_until_complete(self._run(listening, connection, ready))
        finally:
            self.loop.close()
            self._pool.shutdown()
            self._spare.shutdown()

    async def _run(
        self,
        listening: socket.socket,
        connection: Callable[[], asyncio.Protocol],
        ready: Callable[[], object],
    ) -> None:
        self._ending = asyncio.Event()
        self._look()
        server = await self.loop.create_server(connection, sock=listening, backlog=BACKLOG)
        ready()
        await self._ending.wait()
        server.close()
        for client in tuple(self.connections):
            client.finish()
        until = self.loop.time() + _GRACE
        while self.connections and self.loop.time() < until:
            await asyncio.sleep(0.01)
        for client in tuple(self.connections):
            client.abort()
        await asyncio.sleep(0)  # lets what was aborted say goodbye

    def stop(self) -> None:
        """Tells it to end. From any thread, and as often as you like."""
        with suppress(RuntimeError):  # it has ended
            self.loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._ending.set()

    # --- time ---

    def _look(self) -> None:
        """Looks at the clock now and then, which is cheaper than at each request."""
        self.now = self.loop.time()
        self.date_line = date_line()
        self.rest = self.date_line + b"\r\n\r\n"
        for client in tuple(self.connections):
            client.expire(self.now)
        self.loop.call_later(min(0.5, self.body_timeout / 5), self._look)

    # --- the application ---

    def ask(self, client: Client, environ: WSGIEnvironment) -> None:
        """Asks the application, on a thread; the client gets the answer on the loop."""

        def answered(future: Future[Answer]) -> None:
            with suppress(RuntimeError):  # the loop has ended
                self.loop.call_soon_threadsafe(client.answered, future)

        pool = self._spare if environ["PATH_INFO"] in self._urgent else self._pool
        pool.submit(ask, self._app, environ).add_done_callback(answered)


def _new_loop() -> asyncio.AbstractEventLoop:
    """A loop of uvloop, where there is one."""
    try:
        import uvloop
    except ImportError:  # Windows
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
