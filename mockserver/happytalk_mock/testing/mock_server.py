"""`MockServer`: a mock on a free port of this machine, for a `with` block, a test session or a script."""

from __future__ import annotations

from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from ..api.control import Control
from ..core.errors import ConfigurationError
from ..journal.journal import DEFAULT_SIZE
from ..serving.server import Server, bind
from ..serving.service import BODY_TIMEOUT
from ..state.settings import Settings
from ..web.admin import Access
from ..web.app import create_app, server

if TYPE_CHECKING:
    import httpx
    import requests

    from .happytalk import HappyTalk

#: The origin of a mock without a socket; known to the admin API's guard as this machine.
_NOWHERE: Final = "http://127.0.0.1"


class MockServer:
    """Serves the mock from this process while the `with` block runs.

        with MockServer() as server, server.tenant() as happytalk:
            happytalk.add_rooms(120, day="today")
            read_all(happytalk.url, happytalk.token)

    `journal`, `admin_token` and `body_timeout` take what the options of that name take; the rest are the fields
    of `Settings`. With `port=None` there is no socket: only `httpx_client()` and its like reach it. Raises
    ConfigurationError for a taken port or a setting that cannot be used.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int | None = 0,
        journal: int = DEFAULT_SIZE,
        admin_token: str | None = None,
        body_timeout: float = BODY_TIMEOUT,
        **settings: Any,
    ) -> None:
        self.mock = Settings(**settings).mock()
        self.control = Control(self.mock, journal_size=journal)
        self.app = create_app(
            self.control, access=Access.by([] if admin_token is None else [admin_token], host=host)
        )
        self._admin_token = admin_token
        self._numbers = count(1)
        self._server: Server | None = None
        if port is not None:
            self._server = server(self.app, bind(host, port), body_timeout=body_timeout)

    def __repr__(self) -> str:
        return f"<MockServer at {self.url}{'' if self._server else ', without a socket'}>"

    @property
    def url(self) -> str:
        """The origin of both endpoints, such as `http://127.0.0.1:41237`."""
        return self._server.url if self._server else _NOWHERE

    @property
    def host(self) -> str:
        """The address it listens on."""
        return self._listening.host

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._listening.port

    @property
    def _listening(self) -> Server:
        if self._server is None:
            raise ConfigurationError("this mock has no socket: it was made with port=None")
        return self._server

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

    # --- for tests ---

    @property
    def happytalk(self) -> HappyTalk:
        """The first tenant with its data, clock, faults and requests, as the fixture `happytalk` has it."""
        from .happytalk import HappyTalk
        from .hosting import InProcessAdmin

        own = self.mock.setup.credentials[0]
        admin = InProcessAdmin(self.app, admin_token=self._admin_token, tenant=own.token)
        return HappyTalk(self.url, own, admin, app=self.app, control=self.control, mine=False, empty=False)

    def tenant(
        self, token: str | None = None, *, data: bool = False, rooms: int = 0, days: int = 30
    ) -> HappyTalk:
        """A tenant of its own: without data, or with so many generated rooms. Close it to forget it.

        `data`: with the data that the mock was started with, such as a scenario's or a twin's.
        Its clock, behaviour, faults and requests are its own too. One of the same token is replaced.
        """
        from .hosting import InProcessAdmin, make_tenant

        name = token or f"tenant-{next(self._numbers)}"
        admin = InProcessAdmin(self.app, admin_token=self._admin_token, tenant=name)
        return make_tenant(
            self.url, admin, name, data=data, rooms=rooms, days=days, app=self.app, control=self.control
        )

    def httpx_client(self, **options: Any) -> httpx.Client:
        """A client of httpx that asks this mock without a socket."""
        return self.happytalk.httpx_client(**options)

    def requests_session(self) -> requests.Session:
        """A session of requests that asks this mock without a socket."""
        return self.happytalk.requests_session()

    # --- beginning and end ---

    def start(self) -> Self:
        """Begins to answer."""
        if self._server:
            self._server.start()
        return self

    def stop(self) -> None:
        """Stops answering and frees the port."""
        self.control.close()
        if self._server:
            self._server.stop()

    def __enter__(self) -> Self:
        """Begins to answer."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stops answering."""
        self.stop()
