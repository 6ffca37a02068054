"""A server that is anything but HappyTalk: each mode is one way in which the other side of a wire goes wrong.

`with Hostile("outage") as server:` listens on a free loopback port and misbehaves until the block ends.
Modes that need an answer of HappyTalk's in between take one from `honest`, a mock's URL.
"""

from __future__ import annotations

import gzip
import http.client
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

LOGIN: Final = "https://sso.example/login?next=%2Fuser%2Fapi"
#: What a page says of itself; reports name it.
TITLE: Final = "점검 중입니다"
#: Bytes of a body that never ends, and of what a bomb unpacks to.
ENDLESS: Final = 4_000_000_000
BOMB: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it came off the wire."""

    number: int  #: from 1
    method: str
    target: str
    headers: dict[str, str]
    body: bytes


#: Sends an answer, or does not. What it leaves open is closed.
Mode = Callable[["Hostile", socket.socket, Asked], None]
MODES: dict[str, Mode] = {}


def mode(function: Mode) -> Mode:
    """Make a function a mode under its own name, with dashes."""
    MODES[function.__name__.replace("_", "-")] = function
    return function


class Hostile:
    """A listening server in one mode. `asked` keeps the requests."""

    def __init__(
        self, name: str, *, honest: str = "", after: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        """`honest` answers the first `after` requests. `tls`: speak TLS with these certificates."""
        self._mode, self.honest, self._after, self._tls = MODES[name], honest, after, tls
        self.asked: list[Asked] = []
        self.closing = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.settimeout(0.05)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        scheme = "http" if tls is None else "https"
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{scheme}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(self, *_error: object) -> None:
        self.closing.set()
        self._listener.close()
        for thread in self._threads:
            thread.join(5)

    def pause(self, seconds: float) -> bool:
        """Wait; True once the server closes."""
        return self.closing.wait(seconds)

    def forward(self, asked: Asked) -> bytes:
        """What the honest server answers, as bytes of a whole HTTP answer."""
        parts = urlsplit(self.honest)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        kept = {name: value for name, value in asked.headers.items() if name not in ("host", "connection")}
        connection.request(asked.method, asked.target, asked.body, kept)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return reply(answer.status, answer.getheader("Content-Type", ""), body)

    def _spawn(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.closing.is_set():
            with suppress(OSError):
                connection, _ = self._listener.accept()
                self._spawn(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        with suppress(OSError), connection:
            if self._tls is None:
                self._converse(connection)
                return
            with self._tls.wrap_socket(connection, server_side=True) as wrapped:
                self._converse(wrapped)

    def _converse(self, connection: socket.socket) -> None:
        with suppress(OSError):
            while (asked := self._read(connection)) is not None:
                if asked.number <= self._after:
                    connection.sendall(self.forward(asked))
                    continue
                self._mode(self, connection, asked)
                return

    def _read(self, connection: socket.socket) -> Asked | None:
        raw = b""
        while b"\r\n\r\n" not in raw:
            if not (chunk := connection.recv(65536)):
                return None
            raw += chunk
            if raw[:1] == b"\x16":  # a TLS handshake, as HTTP servers answer it
                connection.sendall(reply(400, HTML, page("400 Bad Request"), "Connection: close"))
                return None
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", "0")):
            if not (chunk := connection.recv(65536)):
                return None
            body += chunk
        method, _, rest = first.partition(" ")
        with self._lock:
            number = len(self.asked) + 1
            asked = Asked(
                number=number, method=method, target=rest.rpartition(" ")[0], headers=headers, body=body
            )
            self.asked.append(asked)
        return asked


def reply(status: int, kind: str, body: bytes, *headers: str) -> bytes:
    """A whole HTTP answer on a connection that stays open."""
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def page(title: str = TITLE) -> bytes:
    """An HTML page."""
    return f"<!doctype html><html><head><title>{title}</title></head><body>…</body></html>".encode()


def _whole(name: str, status: int, kind: str, body: bytes, *headers: str) -> None:
    """Declare a mode that sends one whole answer."""

    def send(_server: Hostile, connection: socket.socket, _asked: Asked) -> None:
        connection.sendall(reply(status, kind, body, "Connection: close", *headers))

    MODES[name] = send


HTML: Final = "text/html; charset=utf-8"
JSON: Final = "application/json"

# --- another server, or a way to one ---
_whole("outage", 503, HTML, page())
_whole("server-error", 500, HTML, page("Internal Server Error"))
_whole("bad-gateway", 502, HTML, page("502 Bad Gateway"), "Server: nginx")
_whole(
    "proxy-outage",
    503,
    HTML,
    page("ERR_CONNECT_FAIL"),
    "Via: 1.1 squid",
    "X-Squid-Error: ERR_CONNECT_FAIL 111",
)
_whole(
    "proxy-login", 407, HTML, page("Proxy Authentication Required"), 'Proxy-Authenticate: Basic realm="corp"'
)
_whole("login", 302, HTML, b"", f"Location: {LOGIN}")
_whole("moved", 301, HTML, b"", "Location: https://bnd.example/user/api/chat_room_lists")
_whole("https-wanted", 301, HTML, b"", "Location: https://127.0.0.1/user/api/chat_room_lists/format/json")
_whole("loop", 302, HTML, b"", "Location: /user/api/chat_room_lists/format/json")
_whole("other-host", 404, JSON, b'{"detail":"Not Found"}')
_whole("page", 200, HTML, page("Welcome to nginx!"))
_whole("forbidden-page", 403, HTML, page("Access Denied"))
_whole("unauthorized", 401, HTML, page("Unauthorized"), 'WWW-Authenticate: Basic realm="stage"')
_whole("other-json", 200, JSON, b'{"status":"ok"}')
_whole("array", 200, JSON, b"[]")
_whole("null", 200, JSON, b"null")
_whole("empty", 200, JSON, b"")
_whole("no-content", 204, JSON, b"")
_whole("image", 200, "image/png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
_whole("not-utf8", 200, JSON, b'{"result":"fail","code":-501,"message":"\xb0\xa1"}\xff')
_whole("deep", 200, JSON, b'{"a":' * 900 + b"1" + b"}" * 900)
_whole("very-deep", 200, JSON, b"[" * 200_000)
_whole("half-gzip", 200, JSON, gzip.compress(b'{"result":"success"}' * 100)[:40], "Content-Encoding: gzip")
_whole("not-gzip", 200, JSON, b'{"result":"success"}', "Content-Encoding: gzip")
_whole("too-many", 429, JSON, b"{}", "Retry-After: 3600")
_whole("garbage-length", 200, JSON, b"{}", "Content-Length: banana")


@mode
def accept_close(_server: Hostile, _connection: socket.socket, _asked: Asked) -> None:
    """Takes the request and hangs up."""


@mode
def reset(_server: Hostile, connection: socket.socket, _asked: Asked) -> None:
    """Takes the request and resets the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@mode
def half(_server: Hostile, connection: socket.socket, _asked: Asked) -> None:
    """Announces more than it sends."""
    connection.sendall(reply(200, JSON, b'{"result":"success","data":{"page":1,"lim' + b" " * 900)[:-900])


@mode
def garbage(_server: Hostile, connection: socket.socket, _asked: Asked) -> None:
    """Sends what is no HTTP."""
    connection.sendall(b"\x00\x01\x02SSH-2.0-OpenSSH_9.6\r\n\xff\xfe" * 20)


@mode
def silent(server: Hostile, _connection: socket.socket, _asked: Asked) -> None:
    """Takes the request and says nothing."""
    server.pause(60)


@mode
def drip(server: Hostile, connection: socket.socket, _asked: Asked) -> None:
    """Sends a byte of its body each tenth of a second, for ever."""
    connection.sendall(reply(200, JSON, b"").replace(b"Content-Length: 0", b"Content-Length: 100000"))
    while not server.pause(0.1):
        connection.sendall(b" ")


@mode
def drip_header(server: Hostile, connection: socket.socket, _asked: Asked) -> None:
    """Sends a byte of a header each tenth of a second, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not server.pause(0.1):
        connection.sendall(b"a")


@mode
def continues(server: Hostile, connection: socket.socket, _asked: Asked) -> None:
    """Asks to continue, for ever."""
    while not server.pause(0.01):
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


@mode
def headers(_server: Hostile, connection: socket.socket, _asked: Asked) -> None:
    """Sends headers without end."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(1_000_000):
        connection.sendall(f"X-{number}: {'a' * 1000}\r\n".encode())


@mode
def endless(server: Hostile, connection: socket.socket, _asked: Asked) -> None:
    """Sends a body without end."""
    connection.sendall(reply(200, JSON, b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"))
    chunk = b"10000\r\n" + b" " * 65536 + b"\r\n"
    for _ in range(ENDLESS // 65536):
        if server.closing.is_set():
            return
        connection.sendall(chunk)


@mode
def bomb(_server: Hostile, connection: socket.socket, _asked: Asked) -> None:
    """Sends a gigabyte of blanks as a megabyte of gzip."""
    start = reply(200, JSON, b"", "Content-Encoding: gzip")
    connection.sendall(start.replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"))
    for piece in _blanks():
        connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    connection.sendall(b"0\r\n\r\n")


def _blanks() -> Iterator[bytes]:
    packer, block = zlib.compressobj(9, wbits=31), b" " * 1_000_000
    for _ in range(BOMB // len(block)):
        if piece := packer.compress(block):
            yield piece
    yield packer.flush()


@mode
def slow(server: Hostile, connection: socket.socket, asked: Asked) -> None:
    """Answers honestly, two seconds late."""
    if not server.pause(2):
        connection.sendall(server.forward(asked))


@mode
def hiccup(server: Hostile, connection: socket.socket, asked: Asked) -> None:
    """Answers each third request by 503, the others honestly."""
    connection.sendall(reply(503, HTML, page()) if asked.number % 3 == 0 else server.forward(asked))


def unused_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def wait_until(holds: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether it came to hold within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.01)
    return holds()
