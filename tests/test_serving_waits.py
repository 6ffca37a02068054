"""Waits on purpose: they hold nothing, and end when their cause, their client or the server does."""

from __future__ import annotations

import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from io import BytesIO
from typing import Any

import pytest

from happytalk_mock import MockServer
from happytalk_mock.serving.head import Head
from happytalk_mock.serving.server import Server, bind
from happytalk_mock.serving.wsgi import environ_of
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from happytalk_mock.store.rooms import BULK_FROM, RoomStore

BODY = b'{"token":"happytalk-mock-token","sdate":"2000-01-01","edate":"2099-12-31"}'
HEAD = f"POST {ROOMS_PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n".encode()
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer(rooms=60, days=2, now="2026-11-20 15:00:00") as server:
        yield server


def connect(server: MockServer, sent: bytes) -> socket.socket:
    client = socket.create_connection((server.host, server.port), timeout=20)
    client.sendall(sent)
    return client


def admin(server: MockServer, method: str, path: str, body: object = None) -> int:
    connection = http.client.HTTPConnection(server.host, server.port, timeout=20)
    try:
        payload = None if body is None else json.dumps(body)
        connection.request(method, f"/__admin{path}", payload, {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def soon(holds: Callable[[], object]) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


def whole(client: socket.socket) -> bytes:
    """An answer that has arrived to its end."""
    response = http.client.HTTPResponse(client)
    response.begin()
    return response.read()


PREFERRED = WHOLE.replace(b"Host", b"Prefer: delay=50\r\nHost")
TRICKLED = WHOLE.replace(b"Host", b"Prefer: fault=slow-trickle, seconds=50\r\nHost")
LATE = {"delay": 60}
TRICKLE = {"fault": "slow-trickle", "seconds": 60}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "sent", "end"),
    [
        (LATE, WHOLE, ("DELETE", "/faults", None)),
        (LATE, WHOLE, ("DELETE", "/faults/1", None)),
        (LATE, WHOLE, ("POST", "/reset", {})),
        (TRICKLE, WHOLE, ("DELETE", "/faults/1", None)),
        (None, PREFERRED, ("DELETE", "/faults", None)),
        (None, TRICKLED, ("POST", "/reset", {})),
    ],
)
def test_taking_a_cause_away_ends_what_waits_for_it(
    server: MockServer, fault: dict[str, object] | None, sent: bytes, end: tuple[str, str, object]
) -> None:
    if fault:
        server.control.faults.add(fault)
    began = time.monotonic()
    with connect(server, sent) as client:
        time.sleep(0.3)
        assert admin(server, *end) == 200
        assert json.loads(whole(client))["data"]["total_count"] == 60
    assert time.monotonic() - began < 10


@pytest.mark.slow
def test_only_what_is_taken_away_is_no_longer_waited_for(server: MockServer) -> None:
    server.control.faults.add({"delay": 60})
    server.control.faults.add({"delay": 1.5})
    began = time.monotonic()
    with connect(server, WHOLE) as client:
        time.sleep(0.3)
        server.control.faults.remove(1)
        whole(client)
    assert 1.3 < time.monotonic() - began < 10


def test_an_answer_is_made_when_its_wait_is_over(server: MockServer) -> None:
    server.control.faults.add({"delay": 60})
    with connect(server, WHOLE) as client:
        soon(lambda: any(fault.uses for fault in server.control.faults))
        server.happytalk.add_room(day="today")
        server.control.faults.clear()
        assert json.loads(whole(client))["data"]["total_count"] == 61


def test_a_client_that_leaves_ends_its_wait_and_is_noted(server: MockServer) -> None:
    server.control.faults.add({"delay": 60})
    clients = [connect(server, WHOLE) for _ in range(70)]
    soon(lambda: sum(fault.uses for fault in server.control.faults) == 70)
    assert len(server.control.journal) == 0
    for client in clients:
        client.close()
    began = time.monotonic()
    soon(lambda: len(server.control.journal) == 70)
    assert time.monotonic() - began < 2
    assert all(noted.seconds < 30 for noted in server.control.journal)


def test_the_end_of_the_server_ends_every_wait() -> None:
    with MockServer(rooms=5) as server:
        server.control.faults.add(LATE)
        late, half = connect(server, WHOLE), connect(server, WHOLE[:-1])
        server.control.faults.add(TRICKLE)
        trickle = connect(server, WHOLE)
        soon(lambda: len(server.control.journal) + sum(fault.uses for fault in server.control.faults) >= 3)
        began = time.monotonic()
    assert time.monotonic() - began < 8
    assert json.loads(whole(late))["result"] == "success"  # what was asked is answered, at once
    assert json.loads(whole(trickle))["result"] == "success"
    assert half.recv(1) == b""
    for client in (late, half, trickle):
        client.close()


@pytest.mark.slow
def test_nothing_is_starved_by_those_who_wait(server: MockServer) -> None:
    each = 200
    server.control.faults.add({"delay": 60, "tenant": server.token})
    server.happytalk.add_room()  # the admin API meets no fault
    other = server.tenant("other", rooms=5)
    with ExitStack() as held:
        for sent in (WHOLE, PREFERRED, WHOLE[:-1], HEAD, b""):
            for _ in range(each):
                held.enter_context(connect(server, sent))
        began = time.monotonic()
        with other.httpx_client() as client, ThreadPoolExecutor(4) as pool:
            health = [pool.submit(admin, server, "GET", "/health") for _ in range(8)]
            assert client.post(server.url + ROOMS_PATH, json={"token": other.token}).status_code == 200
            found = client.get(server.url + MESSAGES_PATH, headers=other.headers)
            assert found.status_code == 200
            assert [one.result() for one in health] == [200] * 8
        with connect(server, WHOLE.replace(b"happytalk-mock-token", b"happytalk-mock-tokem")) as client:
            assert json.loads(whole(client))["result"] == "fail"
        assert time.monotonic() - began < 2 * 5  # seconds in all
        assert threading.active_count() < 40
        assert admin(server, "DELETE", "/faults") == 200


def test_what_is_urgent_is_answered_however_busy_the_application_is() -> None:
    release = threading.Event()

    def application(environ: Any, start_response: Any) -> list[bytes]:
        if environ["PATH_INFO"] == "/slow":
            release.wait(20)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [environ["PATH_INFO"].encode()]

    serving = Server(application, bind("127.0.0.1", 0), urgent=("/urgent",))
    serving.start()
    try:
        with ExitStack() as held:
            slow = [socket.create_connection((serving.host, serving.port), timeout=20) for _ in range(30)]
            for client in slow:
                held.enter_context(client)
                client.sendall(b"GET /slow HTTP/1.1\r\n\r\n")
            with socket.create_connection((serving.host, serving.port), timeout=20) as client:
                client.sendall(b"GET /urgent HTTP/1.1\r\n\r\n")
                assert whole(client) == b"/urgent"
            release.set()
            assert {whole(client) for client in slow} == {b"/slow"}
    finally:
        release.set()
        serving.stop()


def test_an_application_that_raises_is_answered_500(capsys: pytest.CaptureFixture[str]) -> None:
    def application(environ: Any, start_response: Any) -> list[bytes]:
        raise ZeroDivisionError("on purpose")

    serving = Server(application, bind("127.0.0.1", 0))
    serving.start()
    try:
        with socket.create_connection((serving.host, serving.port), timeout=20) as client:
            client.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert json.loads(whole(client))["status"] == 500
    finally:
        serving.stop()
    assert "ZeroDivisionError: on purpose" in capsys.readouterr().err


def test_nothing_of_the_environment_is_a_header_of_the_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://user:secret@proxy.example")
    environ = environ_of(
        Head(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), BytesIO(), 0, ("127.0.0.1", 80), "127.0.0.1"
    )
    assert {name for name in environ if name.startswith("HTTP_")} == {"HTTP_HOST"}
    assert not environ.keys() & os.environ.keys()


def test_very_many_rooms_are_made_beside_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()
    prepare = RoomStore.prepare

    def prepare_slowly(store: RoomStore, now: int) -> None:
        begun.set()
        assert go_on.wait(20)
        prepare(store, now)

    monkeypatch.setattr(RoomStore, "prepare", prepare_slowly)
    now = "2026-11-20 15:00:00"
    with (
        MockServer(rooms=BULK_FROM + 500, days=20, now=now, any_token=True) as server,
        ThreadPoolExecutor(4) as pool,
    ):
        asking = [pool.submit(answered, server, WHOLE) for _ in range(2)]
        assert begun.wait(20)
        wrong = WHOLE.replace(b"happytalk-mock-token", b"11111111111111111111").replace(b"sdate", b"sdata")
        delayed = WHOLE.replace(b"Content-Type", b"Prefer: delay=0.01, code=429\r\nContent-Type")
        asking.append(pool.submit(answered, server, delayed))
        asked = http.client.HTTPConnection(server.host, server.port, timeout=20)
        asked.request("GET", MESSAGES_PATH)
        assert asked.getresponse().status
        asked.close()
        assert not any(each.done() for each in asking)
        go_on.set()
        first, second, third = (each.result(20) for each in asking)
        assert first == second
        assert json.loads(first.partition(b"\r\n\r\n")[2])["data"]["total_count"] == BULK_FROM + 500
        assert third.startswith(b"HTTP/1.1 429")
        assert answered(server, wrong).startswith(b"HTTP/1.1 200")


def answered(server: MockServer, sent: bytes) -> bytes:
    """The whole answer to a request, but for its date."""
    with connect(server, sent.replace(b"Host:", b"Connection: close\r\nHost:")) as client:
        found = b"".join(iter(lambda: client.recv(65_536), b""))
    return b"\r\n".join(line for line in found.split(b"\r\n") if not line.startswith(b"Date:"))
