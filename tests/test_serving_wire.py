"""HTTP as it arrives: whole and in pieces, in good form and in none, slow, ahead of time, or never."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator

import pytest

from happytalk_mock import MockServer
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH

BODY = b'{"token":"happytalk-mock-token","sdate":"2000-01-01","edate":"2099-12-31"}'
HEAD = f"POST {ROOMS_PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n".encode()
WHOLE = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY
CLOSING = HEAD + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LAST = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(rooms=60, days=2, now="2026-11-20 15:00:00") as server:
        yield server


@pytest.fixture(scope="module")
def impatient() -> Iterator[MockServer]:
    with MockServer(rooms=5, body_timeout=1) as server:
        yield server


def talk(server: MockServer, *pieces: bytes, pause: float = 0.02) -> list[tuple[int, dict[str, str], bytes]]:
    """Sends the pieces one after the other; the answers until the server closes the connection."""
    with socket.create_connection((server.host, server.port), timeout=20) as client:
        for number, piece in enumerate(pieces):
            if number:
                time.sleep(pause)
            client.sendall(piece)
        received = b"".join(iter(lambda: client.recv(65536), b""))
    return list(answers(received))


def answers(received: bytes) -> Iterator[tuple[int, dict[str, str], bytes]]:
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        length = int(headers.get("content-length", 0))
        yield int(first.split()[1]), headers, rest[:length]
        received = rest[length:]


def total(body: bytes) -> int:
    return int(json.loads(body)["data"]["total_count"])


FORMS = {
    "at once": [LAST],
    "in pieces": [LAST[:10], LAST[10:200], LAST[200:]],
    "last byte late": [LAST[:-1], LAST[-1:]],
    "a line end before": [b"\r\n" + LAST],
    "chunked": [CLOSING, b"%x\r\n" % len(BODY), BODY + b"\r\n0\r\n\r\n"],
    "chunked apart": [
        CLOSING + b"5;name=value\r\n" + BODY[:5] + b"\r",
        b"\n%X\r\n" % (len(BODY) - 5) + BODY[5:] + b"\r\n0\r\nX-Trailer: 1\r\n",
        b"\r\n",
    ],
    "HTTP/1.0": [LAST.replace(b"HTTP/1.1", b"HTTP/1.0").replace(b"Connection: close\r\n", b"")],
    "as to a proxy": [LAST.replace(ROOMS_PATH.encode(), f"http://api.example{ROOMS_PATH}".encode())],
    "to h2c": [LAST.replace(b": close", b": close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c")],
}


@pytest.mark.parametrize("pieces", FORMS.values(), ids=FORMS)
def test_a_request_in_any_legal_form_gets_the_same_answer(server: MockServer, pieces: list[bytes]) -> None:
    for _ in range(2):  # a head that is known is taken another way
        ((status, headers, body),) = talk(server, *pieces)
        assert (status, headers["connection"], total(body)) == (200, "close", 60)


@pytest.mark.parametrize(
    "first", [WHOLE, CHUNKED + b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)], ids=["length", "chunked"]
)
def test_requests_sent_ahead_are_answered_in_their_order(server: MockServer, first: bytes) -> None:
    admin = b"GET /__admin/health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    found = talk(server, first + admin + WHOLE + first + LAST)
    assert [status for status, _, _ in found] == [200] * 5
    assert json.loads(found[1][2])["status"] == "ready"
    assert found[0][2] == found[2][2] == found[3][2] == found[4][2]


def test_http_1_0_is_kept_alive_where_it_asks_for_it(server: MockServer) -> None:
    old = WHOLE.replace(b"HTTP/1.1", b"HTTP/1.0")
    (one, two) = talk(server, old.replace(b"Host: x", b"Connection: keep-alive") + old)
    assert [each[1]["connection"] for each in (one, two)] == ["keep-alive", "close"]


def test_a_client_may_ask_whether_to_send_its_body(server: MockServer) -> None:
    head, body = LAST[: -len(BODY)].replace(b"Host", b"Expect: 100-continue\r\nHost"), BODY
    (first, second) = talk(server, head, body, pause=0.2)
    assert (first[0], second[0]) == (100, 200)
    (only,) = talk(server, head + body)
    assert only[0] == 200


def test_a_head_alone_is_asked_for(server: MockServer) -> None:
    target = f"HEAD {MESSAGES_PATH} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with socket.create_connection((server.host, server.port), timeout=20) as client:
        client.sendall(target + target.replace(MESSAGES_PATH.encode(), b"/openapi.json") + LAST)
        received = b"".join(iter(lambda: client.recv(65536), b""))
    heads = re.findall(
        rb"HTTP/1.1 (\d+) .*?Content-Length: (\d+)\r\n.*?\r\n\r\n(?=HTTP|{)", received, re.DOTALL
    )
    assert [int(status) for status, _ in heads] == [200, 200, 200]
    assert all(int(length) > 40 for _, length in heads)


def test_an_answer_without_a_body_says_no_length(server: MockServer) -> None:
    server.control.drifts.set(["status-204-when-no-rooms"])
    try:
        none = LAST.replace(b"2000-01-01", b"1990-01-01").replace(b"2099-12-31", b"1990-01-01")
        ((status, headers, body),) = talk(server, none)
    finally:
        server.control.drifts.clear()
    assert (status, body, "content-length" in headers) == (204, b"", False)


def test_a_target_in_utf_8_is_understood(server: MockServer) -> None:
    ((status, _, body),) = talk(server, "GET /조회?이름=값 HTTP/1.0\r\n\r\n".encode())
    assert (status, json.loads(body)["received"]) == (404, "GET /조회")


@pytest.mark.parametrize(
    ("sent", "status", "field"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 400, "request"),
        (b"GET\r\n\r\n", 400, "request"),
        (b"GET / HTTP/2.0\r\n\r\n", 505, "version"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "version"),
        (b"GET / HTTP/1.1\r\nA B: c\r\n\r\n", 400, "request"),
        (HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\n", 400, "request"),
        (HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "request"),
        (HEAD + b"Content-Length: -3\r\n\r\n", 400, "request"),
        (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501, "Transfer-Encoding"),
        (CHUNKED + b"xyz\r\n", 400, "body"),
        (CHUNKED + b"3\r\nabcdef\r\n", 400, "body"),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 70_000, 431, "head"),
        (b"GET / HTTP/1.1\r\nA: " + b"b" * 70_000 + b"\r\n\r\n", 431, "head"),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_request_is_told_so(server: MockServer, sent: bytes, status: int, field: str) -> None:
    ((got, headers, body),) = talk(server, sent)
    problem = json.loads(body)
    assert (got, headers["content-type"], headers["connection"]) == (
        status,
        "application/problem+json",
        "close",
    )
    assert (problem["status"], problem["field"]) == (status, field)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "field"), [(HEAD, "head"), (WHOLE[:-3], "body"), (CHUNKED + b"5\r\nabc", "body"), (b"P", "head")]
)
def test_a_request_that_does_not_end_is_given_up(impatient: MockServer, sent: bytes, field: str) -> None:
    began = time.monotonic()
    ((status, _, body),) = talk(impatient, sent)
    assert (status, json.loads(body)["field"]) == (408, field)
    assert 0.5 < time.monotonic() - began < 5


@pytest.mark.slow
def test_dripping_does_not_make_it_longer(impatient: MockServer) -> None:
    with socket.create_connection((impatient.host, impatient.port), timeout=20) as client:
        began = time.monotonic()
        client.sendall(WHOLE[:-30])
        for byte in WHOLE[-30:]:
            try:
                client.sendall(bytes([byte]))
            except OSError:
                break
            time.sleep(0.2)
        assert time.monotonic() - began < 5


def test_a_body_over_the_limit_is_read_and_refused(server: MockServer) -> None:
    long = LAST.replace(b"Content-Length: %d" % len(BODY), b"Content-Length: 3000000")
    ((status, _, body),) = talk(server, long + b" " * (3_000_000 - len(BODY)))
    assert (status, json.loads(body)["result"]) == (200, "fail")
    assert "more than 1000000 bytes" in json.loads(body)["message"]


def test_a_reset_is_a_reset(server: MockServer) -> None:
    server.control.faults.add({"fault": "connection-reset", "times": 1})
    with socket.create_connection((server.host, server.port), timeout=20) as client:
        client.sendall(WHOLE)
        with pytest.raises(ConnectionResetError):
            client.recv(1)


def test_a_body_is_cut_where_it_is_said_to_be(server: MockServer) -> None:
    server.control.faults.add({"fault": "truncated-body", "times": 1})
    ((_, headers, body),) = talk(server, WHOLE)
    assert len(body) == int(headers["content-length"]) // 2


def test_a_client_that_does_not_read_holds_up_no_other(server: MockServer) -> None:
    with socket.create_connection((server.host, server.port), timeout=20) as rude:
        rude.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        rude.setblocking(False)
        many, sent = WHOLE * 400, 0
        try:
            while sent < 100_000_000:
                sent += rude.send(many[sent % len(WHOLE) :])  # what was sent in part goes on where it stopped
        except BlockingIOError:
            pass  # it is not read from for as long as it does not read
        assert sent < 100_000_000
        ((status, _, _),) = talk(server, LAST)
        assert status == 200
