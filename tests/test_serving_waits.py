"""Waits on purpose: they hold nothing, and end when their cause, their client or the server does."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from happytalk_mock import MockServer
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH

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
