"""The transports by name: the client's library is imported when its transport is first asked for.

`httpx_transport` is for `httpx.Client` and `httpx.AsyncClient`, `requests_adapter` for `requests.Session`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from .transport_httpx import HttpxTransport
    from .transport_requests import RequestsAdapter


def httpx_transport(app: WSGIApplication) -> HttpxTransport:
    """A transport for `httpx.Client(transport=…)` and `httpx.AsyncClient(transport=…)`."""
    from .transport_httpx import HttpxTransport

    return HttpxTransport(app)


def requests_adapter(app: WSGIApplication) -> RequestsAdapter:
    """An adapter for `session.mount("http://…", …)`. Needs the package requests."""
    from .transport_requests import RequestsAdapter

    return RequestsAdapter(app)
