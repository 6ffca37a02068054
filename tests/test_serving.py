"""The server in this process: ports, concurrency, clients that misbehave, a clean end."""

from __future__ import annotations

import http.client
import json
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from happytalk_mock import MockServer
from happytalk_mock.core.errors import BehaviourError, ConfigurationError
from happytalk_mock.serving.server import allow_connections
from happytalk_mock.spec.vocabulary import ROOMS_PATH

INFINITE = -1


def ask(
    server: MockServer, connection: http.client.HTTPConnection | None = None, **body: object
) -> dict[str, object]:
    own = connection or http.client.HTTPConnection(server.host, server.port, timeout=10)
    text = json.dumps({"token": server.token, **body})
    own.request("POST", ROOMS_PATH, text, {"Content-Type": "application/json"})
    answer = json.load(own.getresponse())
    if connection is None:
        own.close()
    return answer  # type: ignore[no-any-return]


def test_two_servers_run_side_by_side_and_free_their_ports() -> None:
    with MockServer(seed=1) as one, MockServer(seed=2) as two:
        assert one.port != two.port
        assert ask(one, sdate="2020-01-01", edate="2099-01-01") != ask(
            two, sdate="2020-01-01", edate="2099-01-01"
        )
        port = one.port
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
    with MockServer(port=port) as again:
        assert ask(again)["result"] == "success"


def test_stopping_twice_does_no_harm() -> None:
    server = MockServer().start()
    server.stop()
    server.stop()


@pytest.mark.slow
def test_many_clients_at_once_get_the_same_answer() -> None:
    with MockServer(now="2026-11-20T15:00:00") as server:
        expected = ask(server, sdate="2020-01-01", edate="2099-01-01", limit=50)

        def client(_: int) -> bool:
            connection = http.client.HTTPConnection(server.host, server.port, timeout=10)
            question = {"sdate": "2020-01-01", "edate": "2099-01-01", "limit": 50}
            same = all(ask(server, connection, **question) == expected for _ in range(20))
            connection.close()
            return same

        with ThreadPoolExecutor(16) as pool:
            assert all(pool.map(client, range(16)))


def test_a_client_that_goes_away_or_talks_nonsense_harms_nobody() -> None:
    with MockServer() as server:
        for nonsense in (
            b"",
            b"POST ",
            b"\x16\x03\x01\x00",
            b"GET / HTTP/9.9\r\n\r\n",
            b"POST / HTTP/1.1\r\nContent-Len",
        ):
            with socket.create_connection((server.host, server.port), timeout=5) as rude:
                rude.sendall(nonsense)
        with socket.create_connection((server.host, server.port), timeout=5) as rude:
            rude.sendall(f"POST {ROOMS_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{{".encode())
        assert ask(server)["result"] == "success"


def test_a_slow_sender_delays_no_other() -> None:
    with MockServer() as server, socket.create_connection((server.host, server.port), timeout=5) as slow:
        slow.sendall(f"POST {ROOMS_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{{".encode())
        assert ask(server)["result"] == "success"


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_port_that_is_none(port: int) -> None:
    with pytest.raises(ConfigurationError, match="cannot listen"):
        MockServer(port=port)


def test_a_taken_port() -> None:
    with MockServer() as server, pytest.raises(ConfigurationError, match="choose another, such as port=8081"):
        MockServer(port=server.port)


def test_wrong_options() -> None:
    with pytest.raises(BehaviourError, match="allowed: number, text"):
        MockServer(behaviour={"size_type": "words"})
    with pytest.raises(ConfigurationError, match="ISO 8601"):
        MockServer(now="yesterday")
    with pytest.raises(TypeError, match="colour"):
        MockServer(colour="red")


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    for _ in range(5):
        with MockServer(rooms=5) as server:
            ask(server)
    until = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < until:
        time.sleep(0.01)
    assert threading.active_count() <= before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize(
    ("soft", "hard", "made"),
    [
        (1024, 4096, (4096, 4096)),
        (1024, INFINITE, (65_536, INFINITE)),
        (100_000, INFINITE, None),
        (65_536, INFINITE, None),
        (4096, 4096, None),
        (INFINITE, INFINITE, None),
    ],
)
def test_as_many_connections_are_allowed_as_the_system_permits(
    soft: int, hard: int, made: tuple[int, int] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    given: list[object] = []
    monkeypatch.setattr(resource, "RLIM_INFINITY", INFINITE)
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _which, limits: given.append(limits))
    allow_connections()
    assert given == ([] if made is None else [made])
