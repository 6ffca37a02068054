"""A connection without a socket: what it does with each piece that arrives, and how long it bears with a client."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from happytalk_mock.core.errors import UnservableError
from happytalk_mock.core.exchange import Answer, Delivery, Frame, Held, Received
from happytalk_mock.core.waiting import Wait
from happytalk_mock.serving import head as heads
from happytalk_mock.serving.body import Body
from happytalk_mock.serving.connection import IDLE, Connection
from happytalk_mock.serving.head import MAX_HEAD, Head, Heads
from happytalk_mock.serving.service import Service
from happytalk_mock.spec.parameters import MAX_BODY

REQUEST = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b"


class Wire:
    """The loop, the service and the transport of one connection, as it sees them. Time stands still."""

    def __init__(self) -> None:
        self.calls: list[str] = []  #: what was done to the transport
        self.sent = b""
        self.unread = 0  #: bytes that the client has not read
        self.soon: list[Callable[[], object]] = []
        self.later: list[Any] = []
        self.asked: list[dict[str, Any]] = []  #: what the application was asked
        self.answer: Callable[[Received], Answer | Held | None] = lambda received: said(received.body)
        service = SimpleNamespace(
            loop=self, now=100.0, body_timeout=10.0, heads=Heads(), connections=set(), own=("127.0.0.1", 80),
            date_line=b"\r\nDate: now", rest=b"\r\nDate: now\r\n\r\n",
            endpoints={"/echo": lambda received: self.answer(received)},
            ask=lambda client, environ: self.asked.append(environ),
        )  # fmt: skip
        self.service = service
        self.connection = Connection(cast(Service, service))
        self.connection.connection_made(cast(asyncio.BaseTransport, self))

    # --- the loop ---

    def call_soon(self, then: Callable[..., object], *given: Any) -> None:
        self.soon.append(lambda: then(*given))

    call_soon_threadsafe = call_soon

    def call_later(self, seconds: float, then: Callable[..., object], *given: Any) -> Any:
        timer = SimpleNamespace(seconds=seconds, run=lambda: then(*given))
        timer.cancel = lambda: self.later.remove(timer)
        self.later.append(timer)
        return timer

    # --- the transport ---

    def write(self, data: bytes) -> None:
        self.sent += data

    def get_extra_info(self, name: str) -> Any:
        return ("127.0.0.9", 1234)

    def get_write_buffer_size(self) -> int:
        return self.unread

    def can_write_eof(self) -> bool:
        return True

    def is_closing(self) -> bool:
        return "close" in self.calls

    def __getattr__(self, name: str) -> Callable[[], None]:
        return lambda: self.calls.append(name)

    # --- the client ---

    def arrives(self, *pieces: bytes) -> list[tuple[int, bytes]]:
        """The answers so far, when these have arrived and all was done that is to be done soon."""
        for piece in pieces:
            self.connection.data_received(piece)
        while self.soon:
            self.soon.pop(0)()
        found = re.findall(rb"HTTP/1.1 (\d+) .*?\r\n\r\n((?:(?!HTTP/1.1 \d).)*)", self.sent, re.DOTALL)
        return [(int(status), body) for status, body in found]

    def expires(self, seconds: float) -> list[str]:
        """What is done to the transport when so much time has passed."""
        self.calls.clear()
        self.connection.expire(self.service.now + seconds)
        return list(self.calls)


def said(body: bytes) -> Answer:
    return Answer(200, (), b"<%b>" % body)


def request(body: bytes = b"") -> bytes:
    return REQUEST % (len(body), body)


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.connection.connection_lost(None)


# --- requests ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_requests_in_pieces_are_answered_once_each_and_in_their_order(wire: Wire, size: int) -> None:
    sent = request(b"one") + b"\r\n" + request(b"") + request(b"three") * 2
    pieces = [sent[place : place + size] for place in range(0, len(sent), size)]
    bodies = [b"<one>", b"<>", b"<three>", b"<three>"]
    assert wire.arrives(*pieces) == [(200, body) for body in bodies]
    assert wire.calls == ["resume_reading"] * wire.calls.count("resume_reading")


def test_a_body_goes_to_its_endpoint_or_to_the_application_whatever_its_length(wire: Wire) -> None:
    for size in (0, 1, 65_536, 65_537, 200_000):
        assert wire.arrives(request(b"x" * size))[-1] == (200, b"<%b>" % (b"x" * size))
        other = Wire()
        other.arrives(request(b"x" * size).replace(b"/echo", b"/other"))
        (environ,) = other.asked
        assert (environ["PATH_INFO"], environ.get("CONTENT_LENGTH", "0")) == ("/other", str(size))
        with environ["wsgi.input"] as file:
            assert file.read() == b"x" * size
        assert environ["REMOTE_ADDR"] == "127.0.0.9"


def test_of_a_body_that_is_too_long_an_endpoint_gets_enough_to_see_it_and_an_application_all(
    wire: Wire,
) -> None:
    wire.answer = lambda received: said(b"%d" % len(received.body))
    sent = request(b"x" * (MAX_BODY + 100))
    assert wire.arrives(sent) == [(200, b"<%d>" % (MAX_BODY + 1))]
    wire.arrives(sent.replace(b"/echo", b"/other"))
    with wire.asked[0]["wsgi.input"] as file:
        assert len(file.read()) == MAX_BODY + 100


def test_what_an_endpoint_does_not_answer_the_application_does(wire: Wire) -> None:
    wire.answer = lambda received: None
    assert wire.arrives(request(b"body")) == []
    assert wire.asked[0]["wsgi.input"].read() == b"body"


def test_what_is_asked_meanwhile_waits_for_the_answer_before_it(wire: Wire) -> None:
    wait = Wait({1: 5})
    wire.answer = lambda received: Held(wait, lambda: said(b"held"))
    assert wire.arrives(request(b"one"), request(b"two")) == []
    assert wire.calls == []
    wire.answer = lambda received: said(received.body)
    wire.connection.data_received(b"x" * MAX_HEAD)  # more than is kept for a client that sends ahead
    assert wire.calls == ["pause_reading"]
    wait.lift()
    assert wire.arrives()[:2] == [(200, b"<held>"), (200, b"<two>")]
    assert "resume_reading" in wire.calls


def test_a_head_may_be_as_long_as_is_said_and_no_longer(wire: Wire) -> None:
    def of(length: int) -> bytes:
        return b"GET /echo HTTP/1.1\r\nX: %b\r\n\r\n" % (b"x" * (length - 27))

    assert [len(of(MAX_HEAD)), *(status for status, _ in wire.arrives(of(MAX_HEAD)))] == [MAX_HEAD, 200]
    assert [status for status, _ in Wire().arrives(of(MAX_HEAD + 1))] == [431]
    assert Wire().arrives(of(2 * MAX_HEAD)[:MAX_HEAD]) == []
    assert [status for status, _ in Wire().arrives(of(2 * MAX_HEAD)[: MAX_HEAD + 1])] == [431]


def test_who_asks_whether_to_go_on_is_told_so_unless_it_does_not_wait(wire: Wire) -> None:
    asks = b"POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
    assert wire.arrives(asks) == [(100, b"")]
    assert wire.arrives(b"body") == [(100, b""), (200, b"<body>")]
    assert Wire().arrives(asks + b"body") == [(200, b"<body>")]


def test_who_is_refused_is_told_why_and_no_longer_listened_to(wire: Wire) -> None:
    ((status, body),) = wire.arrives(b"\x16\x03\x01")
    assert (status, b"what is no HTTP/1.1 request" in body) == (400, True)
    assert b"Connection: close\r\n" in wire.sent
    assert wire.calls == ["write_eof"]
    assert len(wire.arrives(request(b"one"))) == 1
    assert (wire.expires(2), wire.expires(2.1)) == ([], ["abort"])


def test_an_endpoint_that_fails_is_answered_500(wire: Wire, capsys: pytest.CaptureFixture[str]) -> None:
    wire.answer = lambda received: cast(Answer, 1 // 0)
    ((status, _),) = wire.arrives(request())
    wire.answer = lambda received: Held(Wait({}), lambda: cast(Answer, 1 // 0))
    assert [status, *(each for each, _ in wire.arrives(request()))] == [500, 500, 500]
    assert capsys.readouterr().err.count("ZeroDivisionError") == 2


@pytest.mark.parametrize(
    ("version", "option", "kept"),
    [("1.1", "", True), ("1.1", "close", False), ("1.0", "", False), ("1.0", "keep-alive", True)],
)
def test_a_connection_is_kept_as_the_client_says(wire: Wire, version: str, option: str, kept: bool) -> None:
    wire.arrives(f"GET /echo HTTP/{version}\r\nConnection: {option}\r\n\r\n".encode())
    assert wire.calls == ([] if kept else ["close"])
    assert (b"Connection: close\r\n" in wire.sent) is not kept
    assert (b"Connection: keep-alive\r\n" in wire.sent) is (kept and version == "1.0")


# --- answers -----------------------------------------------------------------------------------------------


def test_frames_are_sent_each_after_its_pause(wire: Wire) -> None:
    frames = (Frame({1: 0.5}, b"one "), Frame({1: 0.5}, b"two"))
    wire.answer = lambda received: Answer(200, (), b"", Delivery(7, frames, Wait({}), "cut"))
    assert wire.arrives(request()) == [(200, b"")]
    assert 0.4 < wire.later[-1].seconds <= 0.5
    wire.later[-1].run()  # the loop's clock was fast
    assert len(wire.later) == 1
    answer = wire.connection._wait
    assert answer is not None
    answer.lift()
    assert wire.arrives() == [(200, b"one two")]
    assert wire.later == []
    assert b"Content-Length: 7\r\n" in wire.sent
    assert wire.calls == ["close"]


def test_who_leaves_is_waited_for_no_longer_and_noted(wire: Wire) -> None:
    made: list[int] = []

    def make() -> Answer | Held:
        made.append(1)
        return said(b"") if len(made) > 1 else wire.answer(cast(Received, None)) or said(b"")

    wire.answer = lambda received: Held(Wait({1: 5}), make)
    wire.arrives(request())
    assert wire.connection.eof_received() is False  # it is closed at once
    assert wire.service.connections == {wire.connection}
    wire.connection.connection_lost(None)
    assert made == [1, 1]
    assert wire.service.connections == set()


def test_who_sends_no_more_gets_the_answer_that_is_being_made(wire: Wire) -> None:
    assert wire.connection.eof_received() is False
    wire.arrives(b"GET /other HTTP/1.1\r\n\r\n")
    assert wire.connection.eof_received() is True
    wire.connection.answered(cast(Any, SimpleNamespace(result=lambda: said(b"made"))))
    assert wire.arrives() == [(200, b"<made>")]
    assert wire.calls == ["close"]
    wire.connection.answered(cast(Any, SimpleNamespace(result=lambda: said(b"late"))))
    assert wire.arrives() == [(200, b"<made>")]


def test_at_the_end_only_an_answer_that_is_being_made_is_waited_for(wire: Wire) -> None:
    other = Wire()
    other.connection.finish()
    assert other.calls == ["close"]
    wire.arrives(b"GET /other HTTP/1.1\r\n\r\n")
    wire.connection.finish()
    assert wire.calls == []
    wire.connection.answered(cast(Any, SimpleNamespace(result=lambda: said(b"made"))))
    assert wire.arrives() == [(200, b"<made>")]
    assert wire.calls == ["close"]


# --- patience ----------------------------------------------------------------------------------------------


def test_nothing_more_is_done_for_a_client_that_does_not_read(wire: Wire) -> None:
    wire.connection.pause_writing()
    assert wire.calls == ["pause_reading"]
    assert wire.arrives(request(b"one")) == []
    wire.connection.resume_writing()
    assert wire.arrives() == [(200, b"<one>")]


def test_a_client_that_reads_slowly_is_borne_with_and_one_that_does_not_read_is_not(wire: Wire) -> None:
    wire.connection.pause_writing()
    for wire.unread in (50, 40):
        assert wire.expires(IDLE + 1) == []
        wire.service.now += IDLE + 1
    assert (wire.expires(IDLE), wire.expires(IDLE + 0.1)) == ([], ["abort"])


@pytest.mark.parametrize(
    ("sent", "borne", "then"),
    [
        (b"", IDLE, ["close"]),
        (request(b"one"), IDLE, ["close"]),
        (b"POST /echo", 10, ["write_eof"]),
        (request(b"body")[:-1], 10, ["write_eof"]),
        (b"GET /other HTTP/1.1\r\n\r\n", 10**9, []),  # the application takes its time
    ],
)
def test_how_long_a_client_is_borne_with(wire: Wire, sent: bytes, borne: float, then: list[str]) -> None:
    wire.arrives(sent)
    assert wire.expires(borne) == []
    assert wire.expires(borne + 0.1) == then
    if then == ["write_eof"]:
        status, body = wire.arrives()[-1]
        assert status == 408
        assert (b'"field":"body"' if b"\r\n\r\n" in sent else b'"field":"head"') in body


def test_the_time_of_a_request_is_counted_from_its_first_byte_and_not_from_its_last(wire: Wire) -> None:
    wire.arrives(request(b"one"))
    wire.service.now += 29
    wire.arrives(b"POST")
    assert wire.expires(10) == []
    wire.service.now += 9
    wire.arrives(b" /echo")
    assert (wire.expires(1), wire.expires(1.1)) == ([], ["write_eof"])


# --- heads and bodies --------------------------------------------------------------------------------------


def test_what_is_remembered_of_heads_and_bodies_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heads, "REMEMBERED", 100_000)
    known = Heads()
    raw = b"GET /%d HTTP/1.1\r\n\r\n"
    first = known.read(raw % 0)
    assert known.read(raw % 0) is first
    received = cast(Received, object())
    known.keep(first, b"x" * 1023, received)
    known.keep(first, b"x" * 1024, received)  # no usual request
    assert first.known == {b"x" * 1023: received}
    for number in range(1, 1000):
        known.read(raw % number)
        assert len(known.known) <= 100_000 // 500
    assert first.known == {}
    assert known.read(raw % 0) is not first
    for number in range(10):  # a decoded body takes much more than its bytes
        known.keep(known.read(raw % 0), b"%d" % number * 900, received)
        assert len(known.read(raw % 0).known) <= 100_000 // (24 * 900)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        (b"5\r\nabcdeXY", "a chunk that is longer than it says"),
        (b"five\r\n", "a line that is no size of a chunk"),
        (b"5;" + b"x" * 4095, "a line that is no size of a chunk"),
        (b"0\r\n" + b"X: y\r\n" * 700, "headers after the body that have no end"),
    ],
)
def test_chunks_that_are_none(sent: bytes, says: str) -> None:
    body = Body(Head(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), 100)
    with pytest.raises(UnservableError) as caught:
        body.take(bytearray(sent))
    assert caught.value.problem.received == says
    body.close()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize("trailer", [b"", b"X: 1\r\n", b"X: 1\r\nY: 2\r\n"])
def test_chunks_in_pieces_are_a_body_of_which_the_beginning_is_kept(size: int, trailer: bytes) -> None:
    body = Body(Head(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), 9)
    sent = b"4\r\nwiki\r\nA;x=y\r\npedia in c\r\n0\r\n" + trailer + b"\r\nnext"
    coming, whole = bytearray(), False
    while not whole:
        coming += sent[:size]
        sent = sent[size:]
        whole = body.take(coming)
    assert bytes(coming) + sent == b"next"
    body.file.seek(0)
    assert (body.size, body.file.read()) == (
        14,
        b"wikipedia ",
    )  # one more than is kept, to be seen as too long
    body.close()
