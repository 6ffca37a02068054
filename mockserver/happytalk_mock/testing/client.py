"""A client of the admin API, for tests and tools in another process than the mock.

admin = AdminClient("http://127.0.0.1:8080", tenant="team-a")
admin.call("POST", "/rooms", [{"status": "2", "count": 3}])
admin.call("GET", "/journal", violations=True)["requests"]
"""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ..core.errors import AdminError


class AdminClient:
    """Calls the admin API at an origin. Each call has a connection of its own; threads may share a client."""

    def __init__(
        self, url: str, *, admin_token: str | None = None, tenant: str | None = None, timeout: float = 30
    ) -> None:
        """`tenant`: the customer token that every call speaks of."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"expected an origin such as http://127.0.0.1:8080, not {url!r}")
        secure = parts.scheme == "https"
        self._kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._host, self._port = parts.hostname, parts.port
        self._headers = {"Content-Type": "application/json"}
        if admin_token is not None:
            written = admin_token if admin_token.isascii() else quote(admin_token, safe="")
            self._headers["Authorization"] = f"Bearer {written}"
        self._tenant = tenant
        self._timeout = timeout

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The decoded answer of a route such as `/rooms`. Raises AdminError, OSError where nobody answers."""
        if self._tenant is not None and not path.startswith(_WITHOUT_TENANT):
            query.setdefault("token", self._tenant)
        given = {name: _written(value) for name, value in query.items() if value is not None}
        target = f"/__admin{quote(path)}" + (f"?{urlencode(given)}" if given else "")
        payload = None if body is None and method in ("GET", "DELETE") else json.dumps(body or {})
        status, text = self._send(method, target, payload)
        try:
            answer = json.loads(text)
        except ValueError:
            answer = {"detail": f"{len(text)} bytes that are no JSON; is this a happytalk-mock?"}
            raise AdminError(status, answer) from None
        if status >= 400:
            raise AdminError(status, answer)
        return answer

    def _send(self, method: str, target: str, payload: str | None) -> tuple[int, bytes]:
        """Status and body of the answer."""
        connection = self._kind(self._host, self._port, timeout=self._timeout)
        try:
            connection.request(method, target, payload, self._headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()


#: Routes that speak of no tenant, or take its token as their own parameter.
_WITHOUT_TENANT = ("/health", "/tenants", "/faults/", "/openapi.json", "/audit", "/metrics")


def is_loopback(url: str) -> bool:
    """Whether an address is one of this machine."""
    host = urlsplit(url).hostname or ""
    return host == "localhost" or host == "::1" or host.startswith("127.")


def _written(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
