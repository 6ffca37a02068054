"""One connection to a server: bytes out, bytes in, and an end to everything.

httpcore speaks HTTP. Here are the limits it does not know (a deadline for the whole answer, a cap on its
size before and after decompression) and names for why there is no answer.
"""

from __future__ import annotations

import math
import os
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpcore

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.transport.faults import Fault, NoAnswer
from happytalk_contract.transport.targets import is_loopback

#: Answers beyond this many bytes, as sent or unpacked, are given up: no documented answer comes near it.
LARGEST_ANSWER: Final = 20_000_000
#: First bytes of a TLS alert and of a TLS handshake.
_TLS: Final = (b"\x15\x03", b"\x16\x03")
_HEADERS: Final = (
    ("User-Agent", "happytalk-contract"),
    ("Accept", "*/*"),
    ("Accept-Encoding", "gzip, deflate"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer as it came."""

    status: int
    headers: dict[str, str]  #: names in lower case; equal names joined by ", "
    body: bytes  #: decoded from any Content-Encoding
    connection: int = 0  #: 1, 2, 3 … in the order of opening; 0: not known


class Wire:
    """A connection that is kept and re-used; one request at a time."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 10.0,
        ca_bundle: Path | None = None,
        pool: httpcore.ConnectionPool | None = None,
    ) -> None:
        """`url`: an address of the server. `timeout`: seconds for a whole answer. Raises `WrongUseError`."""
        self._timeout = timeout
        self._backend = _Bounded()
        self._is_answered = False
        self.proxy = proxy_of(url)
        tls = trust(ca_bundle) if pool is None and url.startswith("https:") else None
        self._pool = pool or _pool(url, tls, self._backend)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    def renew(self) -> None:
        """Let the next request open a connection of its own: another server may answer there."""
        self._pool.close()

    def send(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        *,
        seconds: float = math.inf,
    ) -> Reply:
        """Ask, and read the whole answer. Raises `NoAnswer` where that can not be, or takes over `seconds`."""
        self._backend.start(min(self._timeout, seconds))
        given = {name.lower() for name, _ in headers}
        sent = [*headers, *(pair for pair in _HEADERS if pair[0].lower() not in given)]
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        raw = [(name.encode(), value.encode("utf-8", "surrogateescape")) for name, value in sent]
        if "host" not in given:
            raw.insert(0, (b"Host", f"{parts.hostname}{port}".encode()))
        if body is not None or method in ("POST", "PUT", "PATCH"):
            raw.append((b"Content-Length", str(len(body or b"")).encode()))
        try:
            with self._pool.stream(method, url, headers=raw, content=body) as answer:
                status, named = answer.status, _joined(answer.headers)
                encoding = named.get("content-encoding", "").strip().lower()
                self._is_answered = True
                body = _unpacked(answer.iter_stream(), encoding)
                return Reply(status=status, headers=named, body=body, connection=self._backend.opened)
        except NoAnswer:
            raise
        except Exception as error:
            fault = self._named(error)
            is_plain = parts.scheme == "http" and not (self._is_answered or self.proxy)
            if is_plain and fault.fault is Fault.DROPPED and _speaks_tls(parts.hostname, parts.port):
                fault = NoAnswer(Fault.TLS_WANTED)
            raise fault from error

    def _named(self, error: Exception) -> NoAnswer:
        """What went wrong, in a word that a person can act on."""
        text, causes = str(error), tuple(_causes(error))
        tls = next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None)
        proxied = f" (through the proxy {self.proxy})" if self.proxy else ""
        if isinstance(error, httpcore.ProxyError):
            return NoAnswer(Fault.PROXY, f"{text}{proxied}")
        if isinstance(error, httpcore.TimeoutException):
            return NoAnswer(Fault.TIMEOUT)
        if isinstance(tls, ssl.SSLCertVerificationError):
            return NoAnswer(Fault.CERTIFICATE, tls.verify_message)
        if tls is not None:
            plain = tls.reason in ("WRONG_VERSION_NUMBER", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE")
            return NoAnswer(
                Fault.NO_TLS if plain else Fault.TLS, (tls.reason or text).lower().replace("_", " ")
            )
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return NoAnswer(Fault.UNKNOWN_HOST, proxied.strip(" ()"))
        if isinstance(error, httpcore.ConnectError):
            refused = any(isinstance(cause, ConnectionRefusedError) for cause in causes)
            if refused:
                return NoAnswer(Fault.REFUSED, proxied.strip(" ()"))
            return NoAnswer(Fault.UNREACHABLE, proxied.strip(" ()") or text)
        if self._backend.first.startswith(_TLS):
            return NoAnswer(Fault.TLS_WANTED)
        if isinstance(error, httpcore.RemoteProtocolError) and self._backend.first[:5] not in (b"", b"HTTP/"):
            return NoAnswer(Fault.NO_HTTP)
        if isinstance(error, httpcore.RemoteProtocolError | httpcore.NetworkError):
            return NoAnswer(Fault.TORN if self._backend.first else Fault.DROPPED)
        return NoAnswer(Fault.OTHER, type(error).__name__)


class _Bounded(httpcore.NetworkBackend):
    """The operating system's network, with a deadline and a cap for each answer."""

    def __init__(self) -> None:
        self._system = httpcore.SyncBackend()
        self._deadline = 0.0
        self._read = 0
        self.first = b""  #: first bytes of the answer
        self.opened = 0  #: connections so far

    def start(self, seconds: float) -> None:
        """Begin an answer, which has so many seconds."""
        self._deadline, self._read, self.first = time.monotonic() + seconds, 0, b""

    def left(self) -> float:
        """Seconds that are left. Raises httpcore.ReadTimeout once there are none."""
        if (left := self._deadline - time.monotonic()) <= 0:
            raise httpcore.ReadTimeout
        return left

    def came(self, data: bytes) -> bytes:
        """Count what was read. Raises `NoAnswer` where it is too much."""
        self._read += len(data)
        self.first = self.first or data[:8]
        if self._read > LARGEST_ANSWER:
            raise NoAnswer(Fault.TOO_LARGE)
        return data

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within the time that is left, the look-up of the name included, whatever number of addresses."""
        self.opened += 1
        connect = partial(self._system.connect_tcp, host, port, self.left(), local_address, socket_options)
        made: Future[httpcore.NetworkStream] = Future()
        Thread(target=_fulfil, args=(made, connect), daemon=True).start()  # a look-up can not be called off
        try:
            return _Stream(made.result(self.left()), self)
        except TimeoutError:
            made.add_done_callback(_close)
            raise httpcore.ConnectTimeout from None


def _fulfil(made: Future[httpcore.NetworkStream], connect: Callable[[], httpcore.NetworkStream]) -> None:
    try:
        made.set_result(connect())
    except Exception as error:
        made.set_exception(error)


def _close(late: Future[httpcore.NetworkStream]) -> None:
    """Lets go of a connection that nobody waits for any more."""
    if late.exception() is None:
        late.result().close()


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, limits: _Bounded) -> None:
        self._stream, self._limits = stream, limits

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._limits.came(self._stream.read(max_bytes, self._limits.left()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._limits.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(
            self._stream.start_tls(ssl_context, server_hostname, self._limits.left()), self._limits
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _speaks_tls(host: str | None, port: int | None, *, timeout: float = 1.0) -> bool:
    """Whether a port that hangs up on plain HTTP takes a TLS handshake; many servers say nothing more."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # nothing is sent
    try:
        with socket.create_connection((host or "", port or 80), timeout) as plain, context.wrap_socket(plain):
            return True
    except OSError:
        return False


def _joined(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    named: dict[str, str] = {}
    for raw, value in headers:
        name, text = raw.decode("latin-1").lower(), value.decode("utf-8", "replace")
        named[name] = f"{named[name]}, {text}" if name in named else text
    return named


def _unpacked(chunks: Iterable[bytes], codings: str) -> bytes:
    """The body, unpacked. Raises `NoAnswer` for one that is too large, or not packed as it says."""
    body = b"".join(chunks)  # capped where it was read
    for coding in reversed([name.strip() for name in codings.split(",")]):
        if coding in ("", "identity"):
            continue
        if coding not in ("gzip", "x-gzip", "deflate"):
            raise NoAnswer(Fault.ENCODING, f"Content-Encoding {coding!r}, which was not offered")
        # deflate has a header of its own by the standard, and none by habit.
        has_header = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
        unpacker = zlib.decompressobj(wbits=31 if "gzip" in coding else 15 if has_header else -15)
        try:
            body = unpacker.decompress(body, LARGEST_ANSWER)
        except zlib.error as error:
            raise NoAnswer(Fault.ENCODING, str(error)) from None
        if unpacker.unconsumed_tail:
            raise NoAnswer(Fault.TOO_LARGE, "once unpacked")
        if not unpacker.eof:
            raise NoAnswer(Fault.ENCODING, "it ends too early")
    return body


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def bundles(ca_bundle: Path | None) -> list[tuple[str, str]]:
    """Who names certificates, and where they are: the first counts."""
    named = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")
    given = [("--ca-bundle", str(ca_bundle))] if ca_bundle else []
    return given + [(name, os.environ[name]) for name in named if os.environ.get(name)]


def trust(ca_bundle: Path | None) -> ssl.SSLContext:
    """Whom to trust: the bundle given, else SSL_CERT_FILE or REQUESTS_CA_BUNDLE, else certifi's.

    Raises `WrongUseError` for a bundle that can not be read.
    """
    given = bundles(ca_bundle)
    if not given:
        import certifi  # here: plain addresses need none

        return ssl.create_default_context(cafile=certifi.where())
    source, place = given[0]
    try:
        if Path(place).is_dir():
            return ssl.create_default_context(capath=place)
        return ssl.create_default_context(cafile=place)
    except (OSError, ssl.SSLError) as error:
        why = getattr(error, "strerror", None) or error
        raise WrongUseError(
            f"{source} {place}: no certificates can be read from it ({why}); expected a file in PEM form"
        ) from None


def proxy_of(url: str) -> str:
    """The proxy that the environment names for `url`, without its password; "" for none.

    This machine is asked directly, always.
    """
    address = _proxy_address(url)
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}" if address else ""


def _proxy_address(url: str) -> str:
    """The proxy for `url` as the environment has it, completed by its scheme."""
    parts = urlsplit(url)
    if is_loopback(url) or proxy_bypass(parts.hostname or ""):
        return ""
    known = getproxies()
    address = known.get(parts.scheme) or known.get("all") or ""
    return address if not address or "://" in address else f"http://{address}"


def _pool(url: str, tls: ssl.SSLContext | None, backend: httpcore.NetworkBackend) -> httpcore.ConnectionPool:
    """A pool of one connection, straight or through the environment's proxy. Raises `WrongUseError`."""
    address = _proxy_address(url)
    common: dict[str, Any] = {"ssl_context": tls, "network_backend": backend, "max_connections": 1}
    if not address:
        return httpcore.ConnectionPool(**common)
    parts = urlsplit(address)
    auth = (unquote(parts.username or "").encode(), unquote(parts.password or "").encode())
    common |= {"proxy_url": _host_of(address), "proxy_auth": auth if parts.username else None}
    if parts.scheme in ("http", "https"):
        return httpcore.HTTPProxy(**common)
    if parts.scheme in ("socks5", "socks5h") and find_spec("socksio"):
        return httpcore.SOCKSProxy(**common)
    raise WrongUseError(
        f"the environment's proxy {proxy_of(url)} is none that can be used: expected http or https, "
        "or socks5 where the package socksio is installed; change it, or name the host in NO_PROXY"
    )


def _host_of(address: str) -> str:
    """A proxy's address without its credentials."""
    parts = urlsplit(address)
    scheme = "socks5" if parts.scheme == "socks5h" else parts.scheme
    default = {"http": 80, "https": 443}.get(scheme, 1080)
    return f"{scheme}://{parts.hostname}:{parts.port or default}"
