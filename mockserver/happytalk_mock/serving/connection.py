"""A connection: requests in, answers out, one after the other. A wait holds nothing but its connection."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from io import BytesIO
from typing import IO, Final

from ..core.errors import UnservableError
from ..core.exchange import Answer, Delivery, Held
from ..core.waiting import Wait
from ..spec.parameters import MAX_BODY, receive
from .body import MOST, Body
from .head import MAX_HEAD, Head
from .responses import BODILESS, beginning, refusal
from .service import Service
from .wsgi import environ_of

#: Seconds that a connection may stand still between two requests, or with an answer that nobody reads.
IDLE: Final = 30.0
#: A longer body is taken piece by piece.
_SHORT: Final = 64 * 1024
#: Seconds that a client gets to read why it was refused, while what it still sends is dropped.
_FAREWELL: Final = 2.0
#: SO_LINGER of no time: to close is to reset.
_RESET: Final = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connection(asyncio.Protocol):
    """One client. All of it runs on the loop."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._transport: asyncio.Transport
        self._coming = bytearray()  # what arrived and was not looked at
        self._head: Head | None = None  # of the request that arrives or is answered
        self._body: Body | None = None  # what arrived of its body
        self._busy = False  # a request is being answered
        self._held: Held | None = None  # its answer, while it is held back
        self._wait: Wait | None = None  # what is waited for
        self._timer: asyncio.TimerHandle | None = None
        self._closing = False  # after this answer, or because the client was refused
        self._choked = False  # the client does not read
        self._unread = 0  # bytes it had not read when last looked at
        self._since = service.now  # when this request began, or the last one ended

    # --- what the loop calls ---

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begins to listen to a client."""
        self._transport = transport  # type: ignore[assignment]
        self._service.connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Takes what arrived. The usual request, whole and under a head that is known, goes straight through."""
        if self._head is None and not self._coming and not self._closing and not self._choked:
            end = data.find(b"\r\n\r\n") + 4
            head = self._service.heads.known.get(data[:end])
            if head is not None and len(data) - end == head.length and head.respond is not None:
                self._head = head
                self._ask(head, data[end:])
                return
            self._since = self._service.now
        if self._closing and not self._busy:
            return
        self._coming += data
        if (self._busy or self._choked) and len(self._coming) > MAX_HEAD:
            self._transport.pause_reading()  # requests that are sent ahead wait with the client
        self._proceed()

    def eof_received(self) -> bool:
        """The client sends no more: one whose answer waits has left, another gets its answer yet."""
        if self._wait is not None or not self._busy:
            return False
        self._closing = True
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends the wait. A request whose client did not wait for the answer is noted nevertheless."""
        self._service.connections.discard(self)
        self._closing = True
        held = self._held
        self._end_wait()
        if self._body is not None:
            self._body.close()
        while isinstance(held, Held):
            made = held.make()
            held = made if isinstance(made, Held) else None

    def pause_writing(self) -> None:
        """The client does not read: nothing more is done for it until it does."""
        self._choked, self._unread, self._since = True, 0, self._service.now
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The client reads again."""
        self._choked, self._since = False, self._service.now
        self._transport.resume_reading()
        self._service.loop.call_soon(self._proceed)

    # --- what the service calls ---

    def finish(self) -> None:
        """The server ends: a request that is being answered gets its answer, nothing else is waited for."""
        if not self._busy:
            self._transport.close()
        self._closing = True

    def abort(self) -> None:
        """Ends it at once."""
        self._transport.abort()

    def expire(self, now: float) -> None:
        """Ends what has lasted too long."""
        lasted = now - self._since
        if self._choked:
            unread = self._transport.get_write_buffer_size()
            if unread != self._unread:
                self._unread, self._since = unread, now
            elif lasted > IDLE:
                self.abort()
        elif self._busy:
            return
        elif self._closing:
            if lasted > _FAREWELL:
                self.abort()
        elif self._head is None and not self._coming:
            if lasted > IDLE:
                self._transport.close()
        elif lasted > self._service.body_timeout:
            what = "head" if self._head is None else "body"
            received = f"no whole one in {self._service.body_timeout:g} s"
            self._refuse(UnservableError(408, what, received=received, allowed="to send it faster"))

    # --- requests ---

    def _proceed(self) -> None:
        """Reads and answers what has arrived, as far as it goes."""
        try:
            while not (self._busy or self._closing or self._choked):
                if self._head is None:
                    self._head = self._read_head()
                if self._head is None or not self._read_body(self._head):
                    return
        except UnservableError as refused:
            self._refuse(refused)

    def _read_head(self) -> Head | None:
        """The head, once it is there. Raises UnservableError."""
        coming = self._coming
        while coming.startswith((b"\r", b"\n")):  # some clients send a line end after a body
            del coming[0]
        end = coming.find(b"\r\n\r\n") + 4
        if max(end, 0 if end > 3 else len(coming)) > MAX_HEAD:
            raise UnservableError(431, "head", received="a longer one", allowed=f"at most {MAX_HEAD} bytes")
        if end < 4:
            if coming and not coming[:1].isalpha():  # TLS, say: what follows will make it no request
                Head(bytes(coming))
            return None
        head = self._service.heads.read(bytes(coming[:end]))
        del coming[:end]
        head.respond = self._service.endpoints.get(head.path)
        if head.expects and not coming:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        return head

    def _read_body(self, head: Head) -> bool:
        """Reads the body, and answers once it is whole. Raises UnservableError."""
        coming = self._coming
        if 0 <= head.length <= _SHORT:
            if len(coming) < head.length:
                return False
            short = bytes(coming[: head.length])
            del coming[: head.length]
            self._ask(head, short)
            return True
        if self._body is None:
            self._body = Body(head, MOST if head.respond is None else MAX_BODY)
        if not self._body.take(coming):
            return False
        body, self._body = self._body, None
        body.file.seek(0)
        if head.respond is None:
            self._pass_on(head, body.file, body.size)
        else:
            with body.file as file:
                self._ask(head, file.read())
        return True

    def _pass_on(self, head: Head, body: IO[bytes], size: int) -> None:
        """Lets the application answer, on a thread of its own."""
        self._busy = True
        client = self._transport.get_extra_info("peername") or ("",)
        self._service.ask(self, environ_of(head, body, size, self._service.own, client[0]))

    def _ask(self, head: Head, body: bytes) -> None:
        """Asks an endpoint. What was decoded of a request depends on its bytes alone, and is kept."""
        respond = head.respond
        if respond is None:
            self._pass_on(head, BytesIO(body), len(body))
            return
        self._busy = True
        try:
            received = head.known.get(body)
            if received is None:
                received = receive(head.method, head.path, head.query, head.headers, body)
                self._service.heads.keep(head, body, received)
            answer = respond(received)
        except Exception:
            self.fail()
            return
        if answer is None:
            self._pass_on(head, BytesIO(body), len(body))
        else:
            self._give(answer)

    def _give(self, answer: Answer | Held) -> None:
        """Sends an answer, after the wait where it is held back."""
        if isinstance(answer, Held):
            self._held = answer
            self._wait_for(answer.wait, partial(self._make, answer.make))
        else:
            self.send(answer)

    # --- waits ---

    def _wait_for(self, wait: Wait, then: Callable[[], object]) -> None:
        """Goes on when the wait is over, which its cause may end earlier."""
        loop, self._wait = self._service.loop, wait
        wait.changed = lambda: loop.call_soon_threadsafe(self._look, wait, then)
        self._look(wait, then)

    def _look(self, wait: Wait, then: Callable[[], object]) -> None:
        if self._wait is not wait:
            return
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        left = wait.left
        if left > 0:
            self._timer = self._service.loop.call_later(left, self._look, wait, then)
        else:
            self._end_wait()
            then()

    def _end_wait(self) -> None:
        if self._wait is not None:
            self._wait.changed = bool
        if self._timer is not None:
            self._timer.cancel()
        self._held = self._wait = self._timer = None

    def answered(self, future: Future[Answer]) -> None:
        """Sends what the application answered, unless the client has left."""
        if not self._transport.is_closing():
            self._make(future.result)

    def _make(self, make: Callable[[], Answer | Held]) -> None:
        """Makes and gives an answer that was held back."""
        try:
            answer = make()
        except Exception:
            self.fail()
        else:
            self._give(answer)

    # --- answers ---

    def send(self, answer: Answer) -> None:
        """Sends an answer, in its own way if it has one."""
        head, delivery = self._head, answer.delivery
        if delivery is None:
            body = answer.body
            bare = answer.status in BODILESS or (head is not None and head.method == "HEAD")
            shown = b"" if bare else body
            self._transport.write(b"".join((*self._beginning(answer, len(body)), shown)))
            self._done()
        elif delivery.end == "reset":
            self._transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.abort()
        else:
            self._closing = self._closing or delivery.end == "cut"
            self._transport.write(b"".join(self._beginning(answer, delivery.announced)))
            self._deliver(delivery, 0)

    def _beginning(self, answer: Answer, length: int) -> tuple[bytes, bytes, bytes]:
        """The head of an answer, in pieces."""
        head, service = self._head, self._service
        if head is not None and head.usual and not self._closing:
            rest = service.rest
        else:
            option = b"keep-alive" if head is not None and head.keep_alive and not self._closing else b"close"
            rest = service.date_line + b"\r\nConnection: " + option + b"\r\n\r\n"
        number = b"" if answer.status in BODILESS else b"%d" % length
        return beginning(answer.status, answer.headers), number, rest

    def _deliver(self, delivery: Delivery, number: int) -> None:
        """Sends the frames from this one on, each after its pause."""
        if number == len(delivery.frames) or (self._head is not None and self._head.method == "HEAD"):
            self._done()
            return
        frame = delivery.frames[number]

        def go_on() -> None:
            self._transport.write(frame.data)
            self._deliver(delivery, number + 1)

        delivery.wait.again(frame.pause)
        self._wait_for(delivery.wait, go_on)

    def _done(self) -> None:
        """An answer is on its way: the next request, or the end."""
        head, self._head, self._busy = self._head, None, False
        self._since = self._service.now
        if self._closing or (head is not None and not head.keep_alive):
            self._closing = True
            self._transport.close()
        elif self._coming and not self._choked:  # else: once the client reads what it asked for
            self._transport.resume_reading()
            self._service.loop.call_soon(self._proceed)

    def fail(self) -> None:
        """Answers a request on which the mock itself fails; inside `except`."""
        traceback.print_exc(file=sys.stderr)
        allowed = "what the traceback on the mock's standard error shows how to mend"
        self.send(
            refusal(UnservableError(500, "request", received="one that the mock fails on", allowed=allowed))
        )

    def _refuse(self, refused: UnservableError) -> None:
        """Says why nothing more is read. What still comes is dropped, so that the client gets to read it."""
        self._closing, self._since = True, self._service.now
        answer = refusal(refused)
        self._transport.write(b"".join((*self._beginning(answer, len(answer.body)), answer.body)))
        if self._transport.can_write_eof():
            self._transport.write_eof()
