"""The rival on a socket: threaded, HTTP/1.1 with kept connections, on a free port."""

import socket
import threading
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .api import CHAT_PATH, CLIENT_ID, CLIENT_SECRET, MESSAGE_PATH, SENDERS, TOKEN, RivalApi
from .wire import Reply, Request

DELAYS = {"50ms": (0.05,), "200ms": (0.2,), "uneven": (0.0, 0.0, 0.03, 0.0, 0.4, 0.01, 0.12)}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    rbufsize = wbufsize = 1 << 16
    server: "_Listener"

    def log_message(self, *_: Any) -> None:
        """Say nothing: the examiner looks at answers, not at a log."""

    def do_POST(self) -> None:
        api, answers = self.server.api, self.server.api.answers
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = Request(method=self.command, path=parts.path, query=query, headers=headers, body=body)
        turn = self.server.count()
        if answers["dropped"] != "none" and turn % 40 == 17:
            self.close_connection = True
            return
        if answers["rate"] != "none" and turn % 40 == 23:
            self._send(_too_many(parts.path, answers["rate"]), answers, turn)
            return
        reply = api.handle(request)
        pauses = DELAYS.get(answers["delay"], (0.0,))
        time.sleep(pauses[turn % len(pauses)])
        self._send(reply, answers, turn)

    do_GET = do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815 - the names are the standard library's

    def _send(self, reply: Reply, answers: dict[str, str], turn: int) -> None:
        headers = {"Server": "rival", **reply.headers}
        body = reply.body
        until_close = answers["framing"] == "until-close"
        if answers["framing"] == "chunked":
            headers["Transfer-Encoding"] = "chunked"
            body = b"".join(_chunk(body[at : at + 700]) for at in range(0, len(body), 700)) + _chunk(b"")
        elif not until_close:
            headers["Content-Length"] = str(len(body))
        if answers["connection"] == "closed" or until_close:
            headers["Connection"] = "close"
            self.close_connection = True
        elif answers["connection"] == "silently-closed" and turn % 12 == 5:
            self.close_connection = True
        cased = {"lower": str.lower, "upper": str.upper}.get(answers["header-case"], str)
        reason = "" if answers["reason"] == "blank" else responses.get(reply.status, "")
        head = [f"HTTP/1.1 {reply.status} {reason}", *(f"{cased(k)}: {v}" for k, v in headers.items())]
        self.wfile.write("\r\n".join([*head, "", ""]).encode("latin-1") + body)
        self.wfile.flush()


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _too_many(path: str, rule: str) -> Reply:
    body = b'{"result":"fail","code":-429,"message":"tooManyRequests"}'
    if path == MESSAGE_PATH:
        body = b'{"code":"429","message":"too many requests"}'
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    wait = soon if rule == "with-date" else "1"
    return Reply(status=429, body=body, headers={"Content-Type": "application/json", "Retry-After": wait})


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], api: RivalApi) -> None:
        self.api = api
        self._turns = 0
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def count(self) -> int:
        with self._lock:
            self._turns += 1
            return self._turns

    def server_bind(self) -> None:
        """Bind without the look-up of the host's name, which can take seconds."""
        socket_server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no event."""

    def hang_up(self) -> None:
        """End the connections that clients keep open."""
        with self._lock:
            left = list(self._open)
        for connection in left:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself


def socket_server_bind(server: _Listener) -> None:
    """What TCPServer does to bind; HTTPServer adds a name look-up that nobody needs."""
    if server.allow_reuse_address:
        server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.socket.bind(server.server_address)
    server.server_address = server.socket.getsockname()
    server.server_name, server.server_port = server.server_address[:2]


class RivalServer:
    """A running rival; a context manager. Its attributes are all a client needs to know."""

    token, client_id, client_secret = TOKEN, CLIENT_ID, CLIENT_SECRET
    sender_key, other_sender_key = SENDERS

    def __init__(
        self,
        *,
        account: str = "normal",
        faults: Iterable[str] = (),
        legal: Iterable[str] = (),
        seed: int = 1,
        now: datetime | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
    ) -> None:
        self.api = RivalApi(account=account, faults=faults, legal=legal, seed=seed, now=now)
        self._listener = _Listener((host, port), self.api)
        self.base_url = f"http://{host}:{self._listener.server_port}"
        self.chat_url = self.base_url + CHAT_PATH
        self.message_url = self.base_url + MESSAGE_PATH
        self._thread = threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def requests(self) -> int:
        """Requests answered by the API so far."""
        return self.api.turn

    def start(self) -> "RivalServer":
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and hang up."""
        self._listener.shutdown()
        self._listener.hang_up()
        self._listener.server_close()
        self._thread.join()

    def __enter__(self) -> "RivalServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()
