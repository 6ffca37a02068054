"""What several tests of the kit start with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from happytalk_contract.transport import http
from happytalk_contract.transport.wire import Reply, Wire, _unpacked
from happytalk_mock import MockServer
from happytalk_mock.testing.in_process import environ_of, perform

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests import rival

#: method, address, headers, body -> status, headers, body
Answering = Callable[[str, str, list[tuple[str, str]], bytes], tuple[int, Iterable[tuple[str, str]], bytes]]
#: Of the rival's legal behaviours, those that only a socket shows.
SOCKETS = ("framing", "connection", "reason", "header-case", "dropped", "rate", "delay")


class Wireless:
    """In place of a `Wire`: what answers is called, where a socket would be told the same."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._connection = 1

    def send(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str, str]],
        body: bytes | None,
        *,
        seconds: float,
    ) -> Reply:
        sent = [*headers, ("Accept-Encoding", "gzip, deflate"), ("Host", urlsplit(url).netloc)]
        status, told, content = self._answering(method, url, sent, body or b"")
        named = {name.lower(): value for name, value in told}
        unpacked = _unpacked([content], named.get("content-encoding", ""))
        return Reply(status=status, headers=named, body=unpacked, connection=self._connection)

    def renew(self) -> None:
        self._connection += 1

    def close(self) -> None: ...


def by_rival(api: rival.RivalApi) -> Answering:
    def answer(
        method: str, url: str, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, Iterable[tuple[str, str]], bytes]:
        parts = urlsplit(url)
        reply = api.handle(
            rival.Request(
                method=method,
                path=unquote(parts.path),
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                headers={name.lower(): value for name, value in headers},
                body=body,
            )
        )
        return reply.status, reply.headers.items(), reply.body

    return answer


def by_mock(server: MockServer) -> Answering:
    def answer(
        method: str, url: str, headers: list[tuple[str, str]], body: bytes
    ) -> tuple[int, Iterable[tuple[str, str]], bytes]:
        reply = perform(server.app, environ_of(method, url, headers, body))
        return reply.status, reply.headers, b"".join(reply.frames)

    return answer


@pytest.fixture(scope="module")
def wireless() -> Iterator[None]:
    """The kit asks a rival and a mock of this process without a socket, at half the price.

    For tests of what is asked and concluded; those of the wire itself go without it.
    """
    known: dict[str, Answering] = {}
    start_rival, start_mock = rival.RivalServer.start, MockServer.start

    def starting_rival(server: rival.RivalServer) -> rival.RivalServer:
        usual = rival.RivalApi(account="empty").answers
        if all(server.api.answers[name] == usual[name] for name in SOCKETS):
            known[server.base_url] = by_rival(server.api)
        return start_rival(server)

    def starting_mock(server: MockServer) -> MockServer:
        known[server.url] = by_mock(server)
        return start_mock(server)

    def opened(url: str, *, timeout: float = 10.0, ca_bundle: Path | None = None) -> Wire | Wireless:
        answering = known.get("{0.scheme}://{0.netloc}".format(urlsplit(url)))
        return Wireless(answering) if answering else Wire(url, timeout=timeout, ca_bundle=ca_bundle)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rival.RivalServer, "start", starting_rival)
        patch.setattr(MockServer, "start", starting_mock)
        patch.setattr(http, "Wire", opened)
        yield
