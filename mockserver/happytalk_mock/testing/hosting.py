"""Where a test's tenants live: in a mock of this process, or in one that runs elsewhere."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING
from uuid import uuid4

from ..state.credentials import Credentials
from .client import AdminClient
from .happytalk import HappyTalk
from .in_process import environ_of, perform

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from ..api.control import Control


class InProcessAdmin(AdminClient):
    """The admin API of an application of this process, without a socket."""

    def __init__(
        self, app: WSGIApplication, *, admin_token: str | None = None, tenant: str | None = None
    ) -> None:
        super().__init__("http://127.0.0.1", admin_token=admin_token, tenant=tenant)
        self._app = app

    def _send(self, method: str, target: str, payload: str | None) -> tuple[int, bytes]:
        url, body = f"http://127.0.0.1{target}", (payload or "").encode()
        reply = perform(self._app, environ_of(method, url, self._headers.items(), body))
        return reply.status, b"".join(reply.frames)


class RemoteMock:
    """A mock that runs already, such as a container, reached over its admin API."""

    def __init__(self, url: str, *, admin_token: str | None = None) -> None:
        """Raises OSError where nobody answers, AdminError where it is no mock or the admin token is wrong."""
        self.url = url.rstrip("/")
        self._admin_token = admin_token
        self._numbers = count(1)
        AdminClient(self.url, admin_token=admin_token).call("GET", "/journal/count")

    def __repr__(self) -> str:
        return f"<RemoteMock at {self.url}>"

    def tenant(
        self, token: str | None = None, *, data: bool = False, rooms: int = 0, days: int = 30
    ) -> HappyTalk:
        """A tenant of its own, as `MockServer.tenant`. Others may use the same mock: its token is unique."""
        # What people or several workers call the same must not meet.
        name = f"{token or f'tenant-{next(self._numbers)}'}-{uuid4().hex[:8]}"
        admin = AdminClient(self.url, admin_token=self._admin_token, tenant=name)
        return make_tenant(self.url, admin, name, data=data, rooms=rooms, days=days)


def make_tenant(
    url: str,
    admin: AdminClient,
    token: str,
    *,
    data: bool = False,
    rooms: int = 0,
    days: int = 30,
    app: WSGIApplication | None = None,
    control: Control | None = None,
) -> HappyTalk:
    """A tenant of its own: no data, the mock's, or so many generated rooms. `admin` speaks of that token."""
    made = admin.call("POST", "/tenants", {"token": token, "empty": not data})
    credentials = Credentials(**{**made, "sender_keys": tuple(made["sender_keys"])})
    tenant = HappyTalk(url, credentials, admin, app=app, control=control, empty=not data)
    if rooms:
        tenant.generate(rooms=rooms, days=days)
    return tenant
