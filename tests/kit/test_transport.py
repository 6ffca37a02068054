"""The transport: secrets, budget, 429, connection faults, redirects; no real network."""

from __future__ import annotations

import gzip
import math
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpcore
import pytest

from happytalk_contract.core.control import Control
from happytalk_contract.core.errors import BudgetSpent, TimeSpent, WrongUseError
from happytalk_contract.core.events import Waiting
from happytalk_contract.questions.meaning import SENDER_KEY, messages, rooms
from happytalk_contract.transport.faults import Fault, NoAnswer
from happytalk_contract.transport.http import Transport, retry_after
from happytalk_contract.transport.targets import endpoint_url
from happytalk_contract.transport.wire import LARGEST_ANSWER, Wire, proxy_of

TOKEN = "s3cret-token-value"
CREDENTIALS = {"HAPPYTALK_TOKEN": TOKEN, "HAPPYTALK_SENDER_KEY": "sender/key&1"}
OK = httpcore.Response(200, content=b'{"result": "success"}')


class Pool:
    """Answers in place of a connection."""

    def __init__(self, answer: Callable[[httpcore.Request], httpcore.Response]) -> None:
        self.answer = answer

    @contextmanager
    def stream(
        self, method: str, url: str, *, headers: list, content: bytes | None
    ) -> Iterator[httpcore.Response]:
        made = self.answer(httpcore.Request(method, url, headers=headers, content=content))
        # One that was not read yet, however often a test gives the same.
        yield httpcore.Response(made.status, headers=made.headers, content=b"".join(made.stream))


def transport(
    answer: Callable[[httpcore.Request], httpcore.Response],
    *,
    max_requests: int = 10,
    max_time: float | None = None,
    **changes: object,
) -> Transport:
    waits: list[float] = []
    control = Control(max_requests=max_requests, max_time=max_time)
    made = Transport(
        **{
            "urls": {"rooms": "http://api/rooms", "messages": "http://api/messages"},
            "credentials": CREDENTIALS,
            "control": control,
            "now": lambda: datetime(2022, 5, 26, tzinfo=UTC),
            "sleep": waits.append,
            "opener": lambda url: Wire(url, pool=Pool(answer)),
            **changes,
        }
    )
    made.waits, made.control = waits, control
    return made


def test_secrets_go_in_and_do_not_come_back() -> None:
    seen = []

    def answer(request: httpcore.Request) -> httpcore.Response:
        seen.append(request)
        return httpcore.Response(200, content=f'{{"echo":"{TOKEN}"}}'.encode(), headers={"X-Echo": TOKEN})

    exchange = transport(answer).ask(rooms({"limit": 3}))
    assert TOKEN in b"".join(seen[0].stream).decode()
    assert TOKEN not in repr(exchange)
    assert exchange.response.body == b'{"echo":"${HAPPYTALK_TOKEN}"}'


def test_a_query_is_percent_encoded_whatever_the_secret_is() -> None:
    seen = []

    def answer(request: httpcore.Request) -> httpcore.Response:
        seen.append(bytes(request.url).decode())
        return OK

    exchange = transport(answer).ask(messages(message_id="1 OR 1=1", headers={}))
    assert seen == ["http://api/messages?senderKey=sender%2Fkey%261&id=1%20OR%201%3D1"]
    assert ("senderKey", SENDER_KEY) in exchange.request.query


def test_the_budget_is_a_hard_cap_and_counts_tries() -> None:
    answers = [OK]

    def answer(_request: httpcore.Request) -> httpcore.Response:
        if answers:
            return answers.pop()
        raise httpcore.RemoteProtocolError("gone")

    made = transport(answer, max_requests=5)
    made.ask(rooms())
    assert made.ask(rooms()).fault == "connection dropped"
    assert made.control.sent == 1 + 3
    with pytest.raises(BudgetSpent):
        made.ask(rooms())
    assert (made.control.sent, made.control.left) == (5, 0)


def test_an_endpoint_that_never_answered_is_tried_once() -> None:
    def answer(_request: httpcore.Request) -> httpcore.Response:
        raise httpcore.RemoteProtocolError("gone")

    made = transport(answer)
    assert made.ask(rooms()).fault == "connection dropped"
    assert made.control.sent == 1


def test_a_wait_longer_than_the_run_is_not_waited() -> None:
    made = transport(lambda _request: httpcore.Response(429, headers={"Retry-After": "60"}), max_time=5)
    assert made.ask(rooms()).response.status == 429
    assert made.waits == []


def test_the_time_of_the_run_is_the_most_an_answer_has() -> None:
    given = []

    class Slow:
        def send(self, *_: object, seconds: float) -> None:
            given.append(seconds)
            time.sleep(seconds)
            raise NoAnswer(Fault.TIMEOUT)

    made = transport(lambda _request: OK, max_time=0.05, opener=lambda _url: Slow())
    with pytest.raises(TimeSpent):
        made.ask(rooms())
    assert given == [pytest.approx(0.05, abs=0.04)]


def test_a_dropped_connection_is_tried_again() -> None:
    answers = [OK, httpcore.ReadError("reset"), OK]

    def answer(_request: httpcore.Request) -> httpcore.Response:
        one = answers.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    made, told = transport(answer), []
    made.control._on_event = told.append
    made.ask(rooms())
    exchange = made.ask(rooms())
    assert (exchange.number, exchange.fault, exchange.response.status) == (2, None, 200)
    assert [(type(event), event.text) for event in told if isinstance(event, Waiting)] == [
        (Waiting, "connection dropped; asking again")
    ]
    assert made.waits == [0.05]


def test_a_timeout_is_not_tried_again() -> None:
    def answer(_request: httpcore.Request) -> httpcore.Response:
        raise httpcore.ReadTimeout("slow")

    made = transport(answer)
    assert made.ask(rooms()).fault == "timeout"
    assert made.control.sent == 1


def test_429_is_waited_for_and_not_recorded() -> None:
    answers = [httpcore.Response(429, headers={"Retry-After": "7"}), OK]
    made = transport(lambda _request: answers.pop(0))
    exchange = made.ask(rooms())
    assert (exchange.number, exchange.response.status, made.control.sent) == (1, 200, 2)
    assert made.waits == [pytest.approx(7, abs=0.5)]


def test_429_without_end_is_an_answer_at_last() -> None:
    made = transport(lambda _request: httpcore.Response(429), max_requests=99)
    assert made.ask(rooms()).response.status == 429


def test_redirects_are_not_followed() -> None:
    made = transport(lambda _request: httpcore.Response(302, headers={"Location": "http://evil/"}))
    assert made.ask(rooms()).response.status == 302
    assert made.control.sent == 1


def test_the_rate_is_kept() -> None:
    made = transport(lambda _request: OK, rate=5.0)
    made.ask(rooms())
    made.ask(rooms())
    assert made.waits == [pytest.approx(0.2, abs=0.05)]


def test_time_can_run_out() -> None:
    made = transport(lambda _request: OK, rate=0.001, max_time=5)
    made.ask(rooms())
    with pytest.raises(BudgetSpent, match="time"):
        made.ask(rooms())


def test_the_last_second_may_be_waited_for() -> None:
    now = [100.0]
    control = Control(max_requests=2, max_time=5, clock=lambda: now[0])
    control.admit(5)
    with pytest.raises(TimeSpent):
        control.admit(5.01)
    now[0] = 105
    control.admit()
    now[0] = 105.01
    with pytest.raises(TimeSpent):
        control.admit()
    assert Control(max_requests=1).seconds_left == math.inf


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"text")),
        ("deflate", zlib.compress(b"text")),
        ("deflate", zlib.compress(b"text", wbits=-15)),
        ("deflate, gzip", gzip.compress(zlib.compress(b"text"))),
        ("identity", b"text"),
    ],
    ids=["gzip", "deflate", "bare deflate", "both", "identity"],
)
def test_what_is_packed_is_unpacked(coding: str, packed: bytes) -> None:
    made = transport(
        lambda _request: httpcore.Response(200, headers={"Content-Encoding": coding}, content=packed)
    )
    assert made.ask(rooms()).response.body == b"text"


def test_what_can_not_be_unpacked_is_told() -> None:
    made = transport(
        lambda _request: httpcore.Response(200, headers={"Content-Encoding": "gzip"}, content=b"text")
    )
    assert made.ask(rooms()).fault.startswith("content encoding broken: ")


@pytest.mark.slow
def test_what_unpacks_without_end_is_given_up() -> None:
    bomb = gzip.compress(bytes(LARGEST_ANSWER + 9))
    made = transport(
        lambda _request: httpcore.Response(200, headers={"Content-Encoding": "gzip"}, content=bomb)
    )
    assert made.ask(rooms()).fault == "answer too large: once unpacked"


@pytest.fixture
def proxies(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def test_the_environments_proxy_is_used_but_for_this_machine(proxies: pytest.MonkeyPatch) -> None:
    proxies.setenv("HTTP_PROXY", "http://me:pa%20ss@proxy:3128")
    assert proxy_of("http://api.example/rooms") == "http://proxy:3128"
    for url in (
        "http://127.0.0.1:8080/x",
        "http://localhost/x",
        "http://[::1]/x",
        "https://api.example/rooms",
    ):
        assert not proxy_of(url)
    proxies.setenv("NO_PROXY", "api.example")
    assert not proxy_of("http://api.example/rooms")


def test_a_proxy_that_can_not_be_used_is_told(proxies: pytest.MonkeyPatch) -> None:
    proxies.setenv("ALL_PROXY", "gopher://me:secret@proxy:1080")
    with pytest.raises(WrongUseError, match="proxy gopher://proxy:1080 is none") as told:
        Wire("https://api.example/rooms")
    assert "secret" not in str(told.value)


def test_a_look_up_that_takes_too_long_ends_with_the_answers_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the connection that comes of it in the end is closed."""
    go_on = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = socket.getaddrinfo("127.0.0.1", listening.getsockname()[1], type=socket.SOCK_STREAM)

        def look_up(*_asked: object, **_more: object) -> object:
            go_on.wait(20)
            return found

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        began = time.monotonic()
        with Wire("http://somewhere.test", timeout=0.2) as wire, pytest.raises(NoAnswer) as caught:
            wire.send("GET", "http://somewhere.test/", [], None)
        assert caught.value.fault is Fault.TIMEOUT
        assert time.monotonic() - began < 10
        go_on.set()
        listening.settimeout(20)
        with listening.accept()[0] as connection:
            connection.settimeout(20)
            assert connection.recv(1) == b""


def test_a_host_in_hangul_is_written_as_it_goes_over_the_wire() -> None:
    assert endpoint_url("http://해피톡.kr:80/x", "/y") == "http://xn--wy7bz9d1e.kr:80/x/y"
    assert endpoint_url("http://[::1]:80/x", "/y") == "http://[::1]:80/x/y"
    for url in ("http://가" + "나" * 70, "http://a..b/x", "http://[::1"):
        with pytest.raises(WrongUseError, match="is no target"):
            endpoint_url(url, "/y")


def test_nothing_is_sent_once_a_person_said_stop() -> None:
    made = transport(lambda _request: OK)
    made.control.interrupt()
    with pytest.raises(BudgetSpent, match="interrupted"):
        made.ask(rooms())
    assert (made.control.sent, made.control.left) == (0, 0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("3", 3.0),
        ("-1", 0.0),
        ("Thu, 26 May 2022 00:00:05 GMT", 5.0),
        ("Thu, 26 May 2022 00:00:05 -0000", None),
        ("soon", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, datetime(2022, 5, 26, tzinfo=UTC)) == seconds
