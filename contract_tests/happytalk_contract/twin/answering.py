"""A mock that answers as a twin, asked over HTTP as any other API."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from happytalk_contract.core.control import Control
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import SEOUL, Exchange, Request, Response
from happytalk_contract.transport.http import Transport
from happytalk_contract.transport.targets import PATHS

if TYPE_CHECKING:
    from happytalk_mock import HappyTalk, MockServer

_MANY: Final = 10**9

Ask = Callable[[Request], Exchange]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mock:
    """A mock on a twin."""

    ask: Ask
    _server: MockServer
    _happytalk: HappyTalk

    def drift(self, *names: str) -> None:
        """Let it drift so, and in no other way."""
        self._happytalk.drift(*names)

    def drifts(self, endpoints: Set[str]) -> list[str]:
        """The names of all drifts of some endpoints."""
        with self._server.httpx_client() as client:
            known = client.get(f"{self._server.url}/__admin/drift").json()["known"]
        return [one["name"] for one in known if one["endpoint"] in endpoints]


@contextlib.contextmanager
def answering(folder: Path, recorded: str) -> Iterator[Mock]:
    """Serve a twin with its clock standing at the recorded moment. Raises `WrongUseError`."""
    from happytalk_mock import ConfigurationError, MockServer  # here: most runs need no server

    with contextlib.ExitStack() as stack:
        try:
            server = stack.enter_context(MockServer(twin=folder, shift="none", beyond="empty", now=recorded))
        except ConfigurationError as error:
            raise WrongUseError(str(error)) from None
        credentials = {
            "HAPPYTALK_TOKEN": server.token,
            "HAPPYTALK_CLIENT_ID": server.client_id,
            "HAPPYTALK_CLIENT_SECRET": server.client_secret,
            "HAPPYTALK_SENDER_KEY": server.sender_key,
        }
        transport = Transport(
            urls={"rooms": server.url + PATHS["rooms"], "messages": server.url + PATHS["messages"]},
            credentials=credentials,
            control=Control(max_requests=_MANY),
            now=lambda: datetime.now(SEOUL),
        )
        ask = stack.enter_context(transport).ask
        yield Mock(ask=ask, _server=server, _happytalk=server.happytalk)


def document(answer: Response | None) -> Any:
    """What an answer says; None for none."""
    return None if answer is None else loaded(answer.body)


def loaded(body: bytes) -> Any:
    """A body as JSON; its bytes where it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
