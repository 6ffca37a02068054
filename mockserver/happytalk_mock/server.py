"""`MockServer`: a mock on a free port of this machine, for a `with` block, a test session or a script."""

from __future__ import annotations

from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from .admin import Access
from .app import create_app
from .behaviour import Behaviour
from .clock import Clock
from .edge import Edge
from .errors import ConfigurationError
from .journal import DEFAULT_SIZE
from .serving import Server, bind
from .tenants import Mock, Setup


class MockServer:
    """Serves the mock from this process while the `with` block runs.

        with MockServer(rooms=120) as server:
            requests.post(server.url + "/user/api/chat_room_lists/format/json", json={"token": server.token})

    `now`, `journal` and `admin_token` take what the options of that name take; `behaviour` a mapping of open
    questions to answers; the rest are the fields of `Setup`. Raises ConfigurationError for a taken port or an
    illegal answer.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        now: str | None = None,
        behaviour: dict[str, Any] | None = None,
        journal: int = DEFAULT_SIZE,
        admin_token: str | None = None,
        **setup: Any,
    ) -> None:
        try:
            clock = Clock() if now is None else Clock.parse(now)
        except ValueError as error:
            raise ConfigurationError(f"now: {error}") from None
        self.mock = Mock(replace(Setup(**setup), behaviour=Behaviour().but(behaviour or {})), clock)
        self.edge = Edge(self.mock, journal_size=journal)
        self.app = create_app(self.edge, access=Access(token=admin_token, host=host))
        self._server = Server(self.app, bind(host, port))

    @property
    def url(self) -> str:
        """The origin of both endpoints, such as `http://127.0.0.1:41237`."""
        return self._server.url

    @property
    def host(self) -> str:
        """The address it listens on."""
        return self._server.host

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.port

    @property
    def token(self) -> str:
        """The first tenant's customer token."""
        return self.mock.setup.credentials[0].token

    @property
    def client_id(self) -> str:
        """The first tenant's HT-Client-Id."""
        return self.mock.setup.credentials[0].client_id

    @property
    def client_secret(self) -> str:
        """The first tenant's HT-Client-Secret."""
        return self.mock.setup.credentials[0].client_secret

    @property
    def sender_key(self) -> str:
        """The first tenant's first senderKey."""
        return self.mock.setup.credentials[0].sender_keys[0]

    def start(self) -> Self:
        """Begins to answer."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Stops answering and frees the port."""
        self.edge.close()
        self._server.stop()

    def __enter__(self) -> Self:
        """Begins to answer."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops answering."""
        self.stop()
