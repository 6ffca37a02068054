"""A client of the admin API, for tests and tools in another process than the mock.

admin = AdminClient("http://127.0.0.1:8080", tenant="team-a")
admin.add_rooms({"status": "2", "count": 3})
admin.add_fault(status=429, times=2)
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
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
            self._headers["Authorization"] = f"Bearer {admin_token}"
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

    def health(self) -> dict[str, Any]:
        """What is ready and in force."""
        found: dict[str, Any] = self.call("GET", "/health")
        return found

    def add_tenant(self, token: str, *, empty: bool = False) -> dict[str, Any]:
        """Makes a token known; its credentials."""
        found: dict[str, Any] = self.call("POST", "/tenants", {"token": token, "empty": empty})
        return found

    def delete_tenant(self, token: str) -> None:
        """Forgets a tenant and all of its own."""
        self.call("DELETE", "/tenants", token=token)

    def rooms(self, **filters: Any) -> list[dict[str, Any]]:
        """A page of the rooms that match."""
        found: list[dict[str, Any]] = self.call("GET", "/rooms", **filters)["rooms"]
        return found

    def add_rooms(self, *rooms: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Adds rooms, all or none; the whole rooms."""
        found: list[dict[str, Any]] = self.call("POST", "/rooms", list(rooms))["rooms"]
        return found

    def change_room(self, room_id: str, **fields: Any) -> dict[str, Any]:
        """Changes fields of a room; the whole room."""
        found: dict[str, Any] = self.call("PATCH", f"/rooms/{room_id}", fields)
        return found

    def reset(self, *only: str, empty: bool = False) -> None:
        """Back to the start: everything, or only some of it."""
        body: dict[str, Any] = {"to": "empty" if empty else "seed"}
        self.call("POST", "/reset", {**body, "only": list(only)} if only else body)

    def freeze(self, at: str | None = None) -> None:
        """Stands the clock still, at a moment or where it is."""
        self.call("POST", "/clock/freeze", {} if at is None else {"at": at})

    def advance(self, **spans: float) -> None:
        """Moves the clock on by days, hours, minutes, seconds."""
        self.call("POST", "/clock/advance", spans)

    def behave(self, **answers: Any) -> None:
        """Changes answers to open questions."""
        self.call("PATCH", "/behaviour", answers)

    def add_fault(self, **fault: Any) -> int:
        """Adds a fault; its id."""
        found: int = self.call("POST", "/faults", fault)["id"]
        return found

    def faults(self, *, unused: bool | None = None) -> list[dict[str, Any]]:
        """The faults with their uses."""
        found: list[dict[str, Any]] = self.call("GET", "/faults", unused=unused)["faults"]
        return found

    def drift(self, *names: str) -> None:
        """Puts drifts in force in place of those that were; none: the API behaves again."""
        if names:
            self.call("PUT", "/drift", {"names": list(names)})
        else:
            self.call("DELETE", "/drift")

    def requests(self, **filters: Any) -> list[dict[str, Any]]:
        """The journal's requests that match, the newest first."""
        found: list[dict[str, Any]] = self.call("GET", "/journal", **filters)["requests"]
        return found


#: Routes that speak of no tenant, or take its token as their own parameter.
_WITHOUT_TENANT = ("/health", "/tenants", "/faults/", "/openapi.json")


def _written(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
