"""Asking without a socket: the same answers, and the same exceptions, as over one."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpx
import pytest
import requests

from happytalk_mock import MockServer
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from happytalk_mock.testing.adapters import httpx_transport, requests_adapter
from happytalk_mock.testing.in_process import environ_of, perform

Ask = Callable[[float], Any]
LIBRARIES = ("httpx", "requests")


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(rooms=60, days=2, now="2026-11-20 15:00:00") as server:
        yield server


@pytest.fixture(params=LIBRARIES)
def pair(server: MockServer, request: pytest.FixtureRequest) -> Iterator[tuple[Ask, Ask]]:
    """The same request over a socket, and without one."""
    body = {"token": server.token, "sdate": "2000-01-01", "edate": "2099-12-31", "limit": 50}
    if request.param == "httpx":
        with httpx.Client() as over, httpx.Client(transport=httpx_transport(server.app)) as without:
            yield tuple(
                lambda timeout, client=client: client.post(
                    server.url + ROOMS_PATH, json=body, timeout=timeout
                )
                for client in (over, without)
            )
        return
    with requests.Session() as over, requests.Session() as without:
        without.mount(server.url, requests_adapter(server.app))
        yield tuple(
            lambda timeout, session=session: session.post(server.url + ROOMS_PATH, json=body, timeout=timeout)
            for session in (over, without)
        )


@pytest.fixture(autouse=True)
def no_faults(server: MockServer) -> Iterator[None]:
    yield
    server.control.faults.clear()


def outcome(server: MockServer, ask: Ask, fault: dict[str, Any] | None) -> object:
    """What the client got, or what it raised."""
    if fault:
        server.control.faults.add({**fault, "times": 1})
    # Whoever is to give up does so soon; who gets an answer has time for it on a busy machine too.
    late = fault is not None and (fault.get("seconds", 0) > 1 or "delay" in fault)
    try:
        response = ask(0.3 if late else 20)
    except Exception as error:
        return type(error), type(error.__context__)
    return response.status_code, response.headers["Content-Type"], response.content


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    [
        None,
        {"status": 503},
        {"failure": -501},
        {"fault": "empty-body"},
        {"fault": "malformed-json"},
        {"fault": "wrong-content-type"},
        {"fault": "truncated-body"},
        {"fault": "connection-reset"},
        {"fault": "slow-trickle", "seconds": 0.1},
        {"fault": "slow-trickle", "seconds": 30},
        {"delay": 3},
    ],
    ids=str,
)
def test_a_client_sees_what_it_sees_over_a_socket(
    server: MockServer, pair: tuple[Ask, Ask], fault: dict[str, Any] | None
) -> None:
    over, without = (outcome(server, ask, fault) for ask in pair)
    assert without[:1] == over[:1]
    if not isinstance(over[0], type):
        assert without == over


@pytest.mark.slow
def test_a_client_that_gives_up_is_noted_all_the_same(server: MockServer, pair: tuple[Ask, Ask]) -> None:
    for ask in pair:
        server.control.journal.clear()
        outcome(server, ask, {"delay": 60})
        until = time.perf_counter() + 5
        while not len(server.control.journal) and time.perf_counter() < until:
            time.sleep(0.01)
        (noted,) = server.control.journal
        assert 0.2 < noted.seconds < 5


def test_what_is_cut_and_what_is_late_is_told_in_the_words_of_the_library(server: MockServer) -> None:
    with httpx.Client(transport=httpx_transport(server.app)) as client:
        url, body = server.url + ROOMS_PATH, {"token": server.token}
        server.control.faults.add({"fault": "truncated-body", "times": 1})
        with pytest.raises(
            httpx.RemoteProtocolError, match=r"complete message body \(received \d+ bytes, expected \d+"
        ) as told:
            client.post(url, json=body)
        received, expected = map(int, re.findall(r"\d+", str(told.value)))
        assert received == expected // 2
        server.control.faults.add({"delay": 5, "times": 1})
        began = time.perf_counter()
        with pytest.raises(httpx.ReadTimeout):
            client.post(url, json=body, timeout=0.05)
        assert time.perf_counter() - began < 2
    session = requests.Session()
    session.mount(server.url, requests_adapter(server.app))
    server.control.faults.add({"fault": "connection-reset", "times": 1})
    with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
        session.post(url, json=body)
    server.control.faults.add({"delay": 5, "times": 1})
    with pytest.raises(requests.ReadTimeout):
        session.post(url, json=body, timeout=(1, 0.05))


@pytest.mark.slow
def test_asynchronous_clients_too(server: MockServer) -> None:
    async def ask() -> list[int]:
        transport = httpx_transport(server.app)
        async with httpx.AsyncClient(transport=transport, base_url=server.url) as client:
            server.control.faults.add({"fault": "truncated-body", "times": 1})
            with pytest.raises(httpx.RemoteProtocolError):
                await client.post(ROOMS_PATH, json={"token": server.token})
            server.control.faults.add({"delay": 1, "times": 4})
            asked = (
                client.post(ROOMS_PATH, json={"token": server.token, "page": page}) for page in range(1, 5)
            )
            return [response.json()["data"]["page"] for response in await asyncio.gather(*asked)]

    began = time.perf_counter()
    assert asyncio.run(ask()) == [1, 2, 3, 4]
    assert time.perf_counter() - began < 4  # at once, not one after the other


def test_an_asynchronous_question_that_is_given_up_holds_nobody_up(server: MockServer) -> None:
    async def ask() -> float:
        async with httpx.AsyncClient(transport=httpx_transport(server.app), base_url=server.url) as client:
            server.control.faults.add({"delay": 8, "times": 1})
            began = time.perf_counter()
            with pytest.raises(TimeoutError), anyio.fail_after(0.2):
                await client.post(ROOMS_PATH, json={"token": server.token})
            return time.perf_counter() - began

    assert asyncio.run(ask()) < 4  # the client itself would wait for 5 seconds


def test_headers_query_and_korean_text_arrive(server: MockServer) -> None:
    params = {"senderKey": server.sender_key, "id": "한 글"}
    headers = {"HT-Client-Id": server.client_id, "HT-Client-Secret": server.client_secret}
    with httpx.Client(transport=httpx_transport(server.app)) as client:
        one = client.get(server.url + MESSAGES_PATH, params=params, headers=headers).json()
    session = requests.Session()
    session.mount("http://", requests_adapter(server.app))
    other = session.get(server.url + MESSAGES_PATH, params=params, headers=headers).json()
    assert one == other
    assert one["code"] == "405"


@pytest.mark.parametrize(
    "data", ['{"token": "x"}', b'{"token": "x"}', iter([b'{"token"', b': "x"}'])], ids=type
)
def test_bodies_of_every_kind(server: MockServer, data: Any) -> None:
    session = requests.Session()
    session.mount("http://", requests_adapter(server.app))
    assert session.post(server.url + ROOMS_PATH, data=data).json()["message"] == "token"


def test_a_request_comes_from_this_machine(server: MockServer) -> None:
    with httpx.Client(transport=httpx_transport(server.app)) as client:
        assert client.get("http://127.0.0.1/__admin/clock").status_code == 200
        assert client.get("http://evil.example/__admin/clock").status_code == 403


def test_what_an_application_raises_reaches_its_client() -> None:
    def application(environ: Any, start_response: Any) -> Any:
        raise ZeroDivisionError("in the application")

    client = httpx.Client(transport=httpx_transport(application))
    with client, pytest.raises(ZeroDivisionError, match="in the application"):
        client.get("http://127.0.0.1/")


def test_an_application_may_write_and_is_closed() -> None:
    closed = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            yield b""
            yield b"second"

        def close(self) -> None:
            closed.append(True)

    def application(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])(b"first ")
        return Body()

    reply = perform(application, environ_of("GET", "http://127.0.0.1:81/a%20b?c", [], b""))
    assert b"".join(reply.frames) == b"first second"
    assert (reply.status, reply.reason, reply.announced, closed) == (200, "OK", 0, [True])


def test_an_environment_is_complete() -> None:
    environ = environ_of(
        "POST", "http://u:p@localhost:81/%EA%B0%80?q=1", [("Content-Type", "a/b"), ("X-Y", "z")], b"12"
    )
    wanted = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/가".encode().decode("latin-1"),
        "QUERY_STRING": "q=1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "81",
        "HTTP_HOST": "localhost:81",
        "CONTENT_TYPE": "a/b",
        "CONTENT_LENGTH": "2",
        "HTTP_X_Y": "z",
        "REMOTE_ADDR": "127.0.0.1",
    }
    assert {name: environ[name] for name in wanted} == wanted
