"""The head of a request: from its bytes to method, target, headers and what they say of the body.

httptools (llhttp) reads it. A head depends on its bytes alone, so equal bytes are read once.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

import httptools

from ..core.errors import UnservableError
from ..core.exchange import Received, Respond

#: The longest head, in bytes.
MAX_HEAD: Final = 64 * 1024
#: Bytes of heads and bodies that are remembered; past it all are forgotten.
REMEMBERED: Final = 4 * 1024 * 1024
_USUAL: Final = 1024  # a longer body is no usual request
_SPREAD: Final = 24  # so many bytes a decoded body takes for each of its own, at the worst
_METHOD: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32} ")
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")
_ORIGIN: Final = re.compile("[a-z][a-z0-9+.-]*://[^/?#]*", re.IGNORECASE)


class Head:
    """What stands before the body."""

    __slots__ = (
        "expects",
        "headers",
        "http_1_0",
        "keep_alive",
        "known",
        "length",
        "method",
        "path",
        "query",
        "raw_path",
        "respond",
        "target",
        "usual",
    )

    def __init__(self, raw: bytes) -> None:
        """Raises UnservableError."""
        method = _METHOD.match(raw)
        if method is None:
            raise _refused("request", "what is no HTTP/1.1 request", "METHOD /path HTTP/1.1")
        self.method, line = method[0][:-1].decode("ascii"), raw.find(b"\r\n")
        self.target = ""
        self.headers: dict[str, str] = {}  #: names in lower case; repeated ones are joined
        self.length = 0  #: of the body; -1 where it comes in chunks
        self.known: dict[bytes, Received] = {}  #: requests under this head, by their bodies
        self.respond: Respond | None = None  #: the endpoint that is asked, if it is one
        parser = httptools.HttpRequestParser(self)
        try:
            # The library knows registered methods alone, takes some of them for other protocols, and takes no
            # target in UTF-8, which many a client sends.
            parser.feed_data(b"POST " + _NOT_ASCII.sub(_quoted, raw[method.end() : line]) + raw[line:])
        except httptools.HttpParserUpgrade:
            pass  # to h2c or a WebSocket, which nobody is obliged to do
        except httptools.HttpParserError as error:
            raise _refused("request", f"no HTTP/1.1 ({str(error)[:100]})", "a request of RFC 9112") from None
        version = parser.get_http_version()
        if version not in ("1.0", "1.1"):
            raise _refused("version", f"HTTP/{version}", "HTTP/1.0 or HTTP/1.1", 505)
        self.http_1_0 = version == "1.0"
        self._connection()
        self._body()
        path, _, self.query = self.target.partition("#")[0].partition("?")
        self.raw_path = _ORIGIN.sub("", path) or "/"
        self.path = unquote(self.raw_path)

    # --- what httptools calls ---

    def on_url(self, target: bytes) -> None:
        """Keeps the target, which may come in pieces."""
        self.target += target.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keeps a header."""
        key, text = name.decode("latin-1").lower().replace("_", "-"), value.strip().decode("latin-1")
        self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text

    # --- inside ---

    def _connection(self) -> None:
        options = {each.strip() for each in self.headers.get("connection", "").lower().split(",")}
        self.usual = (
            not self.http_1_0 and "close" not in options
        )  #: nothing needs to be said of the connection
        self.keep_alive = self.usual or (self.http_1_0 and "keep-alive" in options)

    def _body(self) -> None:
        self.expects = self.headers.get("expect", "").lower() == "100-continue" and not self.http_1_0
        coding = self.headers.get("transfer-encoding", "").lower()
        if coding not in ("", "chunked"):
            raise _refused("Transfer-Encoding", coding[:100], "chunked", 501)
        self.length = -1 if coding else int(self.headers.get("content-length") or 0)


class Heads:
    """Heads by their bytes. For one thread."""

    def __init__(self) -> None:
        self.known: dict[bytes, Head] = {}
        self._weight = 0

    def read(self, raw: bytes) -> Head:
        """The head of these bytes. Raises UnservableError."""
        head = self.known.get(raw)
        if head is None:
            head = Head(raw)
            self._weigh(len(raw))
            self.known[raw] = head
        return head

    def keep(self, head: Head, body: bytes, received: Received) -> None:
        """Remembers what was decoded of a request."""
        self._weigh(len(body) * _SPREAD)
        if len(body) < _USUAL:
            head.known[body] = received

    def _weigh(self, size: int) -> None:
        """Forgets everything if `size` bytes more are too many."""
        self._weight += size + 500  # what Python's objects take besides
        if self._weight > REMEMBERED:
            for head in self.known.values():
                head.known.clear()
            self.known.clear()
            self._weight = size


def _quoted(byte: re.Match[bytes]) -> bytes:
    return b"%%%02X" % byte[0][0]


def _refused(field: str, received: str, allowed: str, status: int = 400) -> UnservableError:
    return UnservableError(status, field, received=received, allowed=allowed)
