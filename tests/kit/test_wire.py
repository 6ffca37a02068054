"""What goes over the wire and what is made of what the network does, without a network."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

import httpcore
import pytest
from test_transport import OK, Pool, transport

from happytalk_contract.core.control import Control
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.questions.meaning import rooms
from happytalk_contract.transport.faults import Fault, NoAnswer
from happytalk_contract.transport.http import RENEWED
from happytalk_contract.transport.wire import Reply, Wire, _host_of, _pool, bundles, proxy_of

USUAL = [
    ("User-Agent", "happytalk-contract"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip, deflate"),
]


def sent(
    method: str, headers: list[tuple[str, str]], body: bytes | None, url: str = "http://api:81/x"
) -> Any:
    """The headers of a request, as they are sent."""
    seen: list[httpcore.Request] = []

    def answer(request: httpcore.Request) -> httpcore.Response:
        seen.append(request)
        return OK

    Wire(url, pool=Pool(answer)).send(method, url, headers, body)
    return [(name.decode(), value.decode()) for name, value in seen[0].headers]


@pytest.mark.parametrize(
    ("headers", "more"),
    [
        (sent("GET", [], None), [("Host", "api:81"), *USUAL]),
        (sent("GET", [], None, "http://api/x"), [("Host", "api"), *USUAL]),
        (sent("GET", [("HOST", "other")], None), [("HOST", "other"), *USUAL]),
        (sent("GET", [("accept", "a/b")], None), [("Host", "api:81"), ("accept", "a/b"), *USUAL[::2]]),
        (sent("POST", [], b"12345"), [("Host", "api:81"), *USUAL, ("Content-Length", "5")]),
        (sent("POST", [], None), [("Host", "api:81"), *USUAL, ("Content-Length", "0")]),
        (sent("GET", [], b""), [("Host", "api:81"), *USUAL, ("Content-Length", "0")]),
    ],
)  # fmt: skip
def test_headers_are_sent_once_and_in_order(headers: Any, more: Any) -> None:
    assert headers == more


def test_equal_headers_of_an_answer_are_joined_by_their_name_in_lower_case() -> None:
    raw = [(b"X-A", b"1"), (b"x-a", "둘".encode()), (b"Y", b"\xff")]
    answer = httpcore.Response(201, headers=raw, content=b"body")
    assert Wire("http://api", pool=Pool(lambda _request: answer)).send(
        "GET", "http://api", [], None
    ) == Reply(status=201, headers={"x-a": "1, 둘", "y": "\ufffd"}, body=b"body")


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def tls(reason: str | None) -> Exception:
    error = ssl.SSLError("handshake failed")
    error.reason = reason  # type: ignore[assignment]
    return caused(httpcore.ConnectError("tls"), error)


def untrusted() -> Exception:
    error = ssl.SSLCertVerificationError("no")
    error.verify_message = "self-signed certificate"
    return caused(httpcore.ConnectError("tls"), error)


@pytest.mark.parametrize(
    ("error", "first", "told"),
    [
        (httpcore.ProxyError("407"), b"", f"{Fault.PROXY}: 407"),
        (httpcore.ConnectTimeout("t"), b"", Fault.TIMEOUT),
        (untrusted(), b"", f"{Fault.CERTIFICATE}: self-signed certificate"),
        (tls("WRONG_VERSION_NUMBER"), b"", f"{Fault.NO_TLS}: wrong version number"),
        (tls("PACKET_LENGTH_TOO_LONG"), b"", f"{Fault.NO_TLS}: packet length too long"),
        (tls("RECORD_LAYER_FAILURE"), b"", f"{Fault.NO_TLS}: record layer failure"),
        (tls("NO_SHARED_CIPHER"), b"", f"{Fault.TLS}: no shared cipher"),
        (tls(None), b"", f"{Fault.TLS}: tls"),
        (caused(httpcore.ConnectError("x"), socket.gaierror()), b"", Fault.UNKNOWN_HOST),
        (caused(httpcore.ConnectError("x"), ConnectionRefusedError()), b"", Fault.REFUSED),
        (caused(httpcore.ConnectError("no route"), OSError()), b"", f"{Fault.UNREACHABLE}: no route"),
        (httpcore.ReadError("x"), b"\x15\x03\x01", Fault.TLS_WANTED),
        (httpcore.ReadError("x"), b"\x16\x03\x01", Fault.TLS_WANTED),
        (httpcore.RemoteProtocolError("x"), b"SSH-2.0-", Fault.NO_HTTP),
        (httpcore.RemoteProtocolError("x"), b"HTTP/1.1", Fault.TORN),
        (httpcore.RemoteProtocolError("x"), b"", Fault.DROPPED),
        (httpcore.ReadError("x"), b"SSH-2.0-", Fault.TORN),
        (httpcore.ReadError("x"), b"", Fault.DROPPED),
        (KeyError("x"), b"", f"{Fault.OTHER}: KeyError"),
    ],
)  # fmt: skip
def test_what_the_network_does_has_a_name(error: Exception, first: bytes, told: str) -> None:
    wire = Wire("http://localhost")
    wire._backend.first = first
    assert str(wire._named(error)) == told


@pytest.mark.parametrize("cause", [socket.gaierror(), ConnectionRefusedError(), OSError()])
def test_a_proxy_in_between_is_named(cause: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://me:secret@proxy:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    told = str(Wire("http://api.example")._named(caused(httpcore.ConnectError("x"), cause)))
    assert told.endswith(": through the proxy http://proxy:3128")
    assert str(Wire("http://api.example")._named(httpcore.ProxyError("407"))) == (
        "proxy refused: 407 (through the proxy http://proxy:3128)"
    )


@pytest.mark.parametrize(
    ("proxy", "host", "kind"),
    [
        ("proxy", "http://proxy:80", httpcore.HTTPProxy),
        ("http://me:p%40@proxy:3128", "http://proxy:3128", httpcore.HTTPProxy),
        ("https://proxy", "https://proxy:443", httpcore.HTTPProxy),
    ],
)
def test_a_proxy_is_gone_through(proxy: str, host: str, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", proxy)
    made = _pool("http://api.example", None, Wire("http://localhost")._backend)
    assert type(made) is kind
    assert _host_of(proxy if "://" in proxy else f"http://{proxy}") == host
    assert proxy_of("http://api.example").startswith(host.rpartition(":")[0])
    assert proxy_of("http://localhost:9") == ""


@pytest.mark.parametrize(
    ("address", "host"), [("socks5://p", "socks5://p:1080"), ("socks5h://p:9", "socks5://p:9")]
)
def test_a_socks_proxy_has_its_own_port(address: str, host: str) -> None:
    assert _host_of(address) == host


def test_who_names_certificates_first_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    assert bundles(None) == []
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "r")
    monkeypatch.setenv("SSL_CERT_FILE", "f")
    assert bundles(Path("given")) == [
        ("--ca-bundle", "given"),
        ("SSL_CERT_FILE", "f"),
        ("REQUESTS_CA_BUNDLE", "r"),
    ]
    with pytest.raises(
        WrongUseError, match=r"SSL_CERT_FILE f: no certificates can be read from it \(No such file"
    ):
        Wire("https://localhost")


def test_waits_grow_and_every_ninth_request_opens_a_connection() -> None:
    def refuse(_request: httpcore.Request) -> httpcore.Response:
        if made.control.sent > 1:
            raise httpcore.ReadError("reset")
        return OK

    made = transport(refuse)
    made.ask(rooms())
    made.ask(rooms())
    assert made.waits == [0.05, 0.1]

    told: list[str] = []
    control = Control(max_requests=99, on_event=lambda event: told.append(event.text))
    made = transport(lambda _request: OK if control.sent == 1 else httpcore.Response(429), control=control)
    made.ask(rooms())
    made.ask(rooms())
    assert [one.rpartition("waiting ")[2] for one in told] == [
        "0.5 s",
        "1.0 s",
        "2.0 s",
        "4.0 s",
        "8.0 s",
        "16.0 s",
    ]
    assert control.sent == 1 + 7

    renewed: list[int] = []

    class Kept:
        def send(self, *_: object, seconds: float) -> Reply:
            return Reply(status=200, headers={}, body=b"{}", connection=4)

        def renew(self) -> None:
            renewed.append(made.control.sent)

    made = transport(lambda _request: OK, max_requests=30, opener=lambda _url: Kept())
    assert {made.ask(rooms()).connection for _ in range(20)} == {4}
    assert renewed == [RENEWED, 2 * RENEWED]


def test_what_fails_is_asked_over_another_connection_next() -> None:
    renewed: list[int] = []

    class Failing:
        def send(self, *_: object, seconds: float) -> Reply:
            return Reply(status=503 if made.control.sent == 2 else 404, headers={}, body=b"", connection=1)

        def renew(self) -> None:
            renewed.append(made.control.sent)

    made = transport(lambda _request: OK, opener=lambda _url: Failing())
    assert [made.ask(rooms()).response.status for _ in range(3)] == [404, 503, 404]
    assert renewed == [2]


def test_a_fault_is_told_with_what_more_is_known() -> None:
    def refuse(_request: httpcore.Request) -> httpcore.Response:
        raise NoAnswer(Fault.TOO_LARGE, "once unpacked")

    exchange = transport(refuse).ask(rooms())
    assert (exchange.fault, exchange.connection) == ("answer too large: once unpacked", 0)
