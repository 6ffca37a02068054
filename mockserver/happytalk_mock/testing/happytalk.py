"""What a test holds in its hand: one tenant of a mock, in this process or elsewhere.

`HappyTalk` is behind the pytest fixture `happytalk` and behind `MockServer.tenant()`. Whatever it changes goes
through the admin API and is seen by the very next request.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from ..core.clock import SEOUL
from ..core.errors import AdminError, ChangeError
from ..journal.requests import Request, Requests
from ..spec.vocabulary import MESSAGES_PATH, ROOMS_PATH, Message, Room
from ..state.credentials import Credentials
from .adapters import httpx_transport, requests_adapter
from .client import AdminClient, is_loopback
from .fault import Fault, told, written_failure

if TYPE_CHECKING:
    import httpx
    import requests
    from _typeshed.wsgi import WSGIApplication

    from ..api.control import Control
    from ..journal.score import Card

#: pytest shows a failing test at its own line, not inside this module.
__tracebackhide__ = True
#: Rooms fetched at once, and requests: as many as the admin API gives.
_PAGE: Final = 1000
_JOURNAL_PAGE: Final = 10_000


class HappyTalk:
    """One tenant: its credentials, data, clock, behaviour, faults, and the requests it got.

    Errors of wrong use are ChangeError: field, what was received, what is allowed.
    """

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        admin: AdminClient,
        *,
        app: WSGIApplication | None = None,
        control: Control | None = None,
        mine: bool = True,
        empty: bool = True,
    ) -> None:
        """`admin` speaks of this tenant; `app` and `control` are there if the mock runs in this process.

        `mine`: the tenant goes when this is closed. `empty`: it began without data.
        """
        self.url = url  #: origin of both endpoints
        self.token = credentials.token
        self.client_id = credentials.client_id
        self.client_secret = credentials.client_secret
        self.sender_key = credentials.sender_keys[0] if credentials.sender_keys else ""
        self._admin, self._app, self._control = admin, app, control
        self._mine, self._empty = mine, empty
        self._since = self._last_number()

    def __repr__(self) -> str:
        return f"<HappyTalk {self.token} at {self.url}>"

    # --- how to reach it ---

    @property
    def rooms_url(self) -> str:
        """Where the chat room list is POSTed to."""
        return self.url + ROOMS_PATH

    @property
    def messages_url(self) -> str:
        """Where system messages are got from."""
        return self.url + MESSAGES_PATH

    @property
    def headers(self) -> dict[str, str]:
        """HT-Client-Id and HT-Client-Secret."""
        return {"HT-Client-Id": self.client_id, "HT-Client-Secret": self.client_secret}

    def httpx_client(self, **options: Any) -> httpx.Client:
        """A client with this origin as its base; without a socket if the mock runs in this process."""
        import httpx

        return httpx.Client(**{"base_url": self.url, **self._transport(), **options})

    def async_httpx_client(self, **options: Any) -> httpx.AsyncClient:
        """The same for asynchronous code."""
        import httpx

        return httpx.AsyncClient(**{"base_url": self.url, **self._transport(), **options})

    def _transport(self) -> dict[str, Any]:
        if self._app is not None:
            return {"transport": httpx_transport(self._app)}
        # This machine is asked directly, whatever proxy the environment names.
        return {"trust_env": False} if is_loopback(self.url) else {}

    def requests_session(self) -> requests.Session:
        """A session that asks `url` without a socket if the mock runs in this process."""
        import requests

        session = requests.Session()
        if self._app is not None:
            session.mount(self.url, requests_adapter(self._app))
        session.trust_env = not is_loopback(self.url)  # this machine is asked directly
        return session

    # --- rooms and messages ---

    @property
    def rooms(self) -> list[Room]:
        """Every visible room, whatever its status, in the order of registration."""
        found: list[Room] = []
        while True:
            page = self._call("GET", "/rooms", sort_value="asc", offset=len(found), limit=_PAGE)
            found += page["rooms"]
            if len(found) >= page["total_count"] or not page["rooms"]:
                return found

    def add_room(self, **fields: Any) -> Room:
        """Adds a room with the fields one cares for (the rest is filled in) and returns it whole."""
        return self.add_rooms(1, **fields)[0]

    def add_rooms(self, count: int, **fields: Any) -> list[Room]:
        """Adds rooms. A field's list of values is taken in turn; `day` and `every` spread them out.

        add_rooms(120, day="today"); add_rooms(3, reg_date="2026-11-20 10:00:00", every="5m", status=[0, 1, 2])
        """
        if count == 0:
            return []
        entry = {name: _written(value) for name, value in fields.items()}
        added: list[Room] = self._call("POST", "/rooms", [{**entry, "count": count}])["rooms"]
        return added

    def change_room(self, room_id: str, **fields: Any) -> Room:
        """Changes fields of a room; complate_date follows a changed status unless it is given."""
        written = {name: _written(value) for name, value in fields.items()}
        changed: Room = self._call("PATCH", f"/rooms/{room_id}", written)
        return changed

    def delete_room(self, room_id: str) -> None:
        """Takes a room away."""
        self._call("DELETE", f"/rooms/{room_id}")

    @property
    def messages(self) -> list[Message]:
        """The system messages of `sender_key`, whatever their status, by id."""
        found: list[Message] = self._call("GET", "/messages")["messages"]
        return found

    def add_message(self, *, sender_key: str | None = None, **fields: Any) -> Message:
        """Adds a system message with the fields one cares for and returns it whole.

        A `sender_key` that is new becomes one of the tenant's.
        """
        added = self._call("POST", "/messages", [fields], sender_key=sender_key)["messages"]
        message: Message = added[0]
        return message

    def generate(self, *, rooms: int = 500, days: int = 30) -> None:
        """Adds generated rooms, over about so many days up to now, and generated system messages."""
        self._call("POST", "/generate", {"rooms": rooms, "days": days})

    def snapshot(self, name: str = "snapshot") -> None:
        """Keeps the rooms and system messages under a name, for `restore`."""
        self._call("PUT", f"/snapshots/{name}")

    def restore(self, name: str = "snapshot") -> None:
        """Gives back the rooms and system messages of a snapshot; clock, behaviour and faults stay."""
        self._call("POST", f"/snapshots/{name}/restore")

    def scenario(self) -> dict[str, Any]:
        """The data as the content of a scenario file (`json.dump` it; docs/scenarios.md)."""
        found: dict[str, Any] = self._call("GET", "/scenario")
        return found

    def clear(self) -> None:
        """Leaves no room and no system message."""
        self._call("POST", "/reset", {"to": "empty", "only": ["data"]})

    def reset(self) -> None:
        """Back to the start: data, clock, behaviour, faults, drifts, churn; no requests."""
        self._call("POST", "/reset", {"to": "empty" if self._empty else "seed"})
        self._since = self._last_number()

    # --- clock and behaviour ---

    @property
    def now(self) -> datetime:
        """What time it is for this tenant, in Seoul time."""
        return datetime.fromisoformat(self._call("GET", "/clock")["now"])

    def freeze(self, moment: str | datetime | None = None) -> None:
        """Stands the clock still, at a moment (Seoul time unless it names an offset) or where it is."""
        self._call("POST", "/clock/freeze", {} if moment is None else {"at": _moment(moment)})

    def run(self, moment: str | datetime | None = None) -> None:
        """Lets the clock run, from a moment or from where it is."""
        if moment is None:
            self._call("POST", "/clock/run")
        else:
            self._call("POST", "/clock/set", {"to": _moment(moment)})

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Moves the clock on, or back; it stays frozen or running as it was."""
        spans = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
        self._call("POST", "/clock/advance", spans)

    def behaviour(self, **answers: str | int) -> dict[str, str]:
        """Chooses answers to open questions of the documentation; the answers that differ from the default."""
        method, body = ("PATCH", answers) if answers else ("GET", None)
        found: dict[str, str] = self._call(method, "/behaviour", body)["differences"]
        return found

    # --- trouble ---

    def fail(self, what: int | str, *, times: int | None = 1, **options: Any) -> Fault:
        """Lets the next request (or the next `times`; None: all) fail. The client sees, for `what`:

        429, 503 …: that HTTP status; -501 …: that failure of the chat room list; "508" …: that failure of the
        system messages; "truncated-body", "connection-reset" …: that fault.
        Options: endpoint, retry_after, probability, seed, ttl, seconds (docs/pytest.md).
        """
        return self._plan({**written_failure(what), "times": times, **options})

    def delay(self, seconds: float | Mapping[str, Any], *, times: int | None = None, **options: Any) -> Fault:
        """Holds every answer back (or the next `times`), by seconds, {"uniform": [least, most]}, or such as
        {"median_ms": 80, "p99_ms": 900}."""
        return self._plan({"delay": seconds, "times": times, **options})

    def limit(self, rate: str, **options: Any) -> Fault:
        """Answers 429 with Retry-After to what comes beyond a rate such as "60/min", counted from the first request."""
        return self._plan({"rate_limit": rate, **options})

    def _plan(self, written: dict[str, Any]) -> Fault:
        given = {name: value for name, value in written.items() if value is not None}
        return Fault(id=self._call("POST", "/faults", given)["id"], _admin=self._admin)

    def drift(self, *names: str) -> None:
        """Lets the API depart from its documentation (`happytalk-mock drifts`); no name: it behaves again."""
        if names:
            self._call("PUT", "/drift", {"names": list(names)})
        else:
            self._call("DELETE", "/drift")

    def churn(self, rate: str | float | None, *, seed: int | None = None) -> None:
        """Changes rooms while they are read, such as "10/s"; None ends it."""
        if rate is None:
            self._call("DELETE", "/churn")
        else:
            self._call("PUT", "/churn", {"rate": rate, **({} if seed is None else {"seed": seed})})

    @property
    def unused_faults(self) -> list[dict[str, Any]]:
        """Faults that struck no request."""
        found: list[dict[str, Any]] = self._call("GET", "/faults", unused=True)["faults"]
        return found

    # --- what was asked ---

    @property
    def requests(self) -> Requests:
        """The requests of this tenant since the test began, in the order of arrival."""
        if self._control is None:
            found = self._call("GET", "/journal", since=self._since, limit=_JOURNAL_PAGE)["requests"]
            return Requests(Request.of(payload) for payload in reversed(found))
        return self._recorded(self._control, strays=False)

    @property
    def strays(self) -> Requests:
        """The requests since the test began that name no tenant: without or with a wrong token, or elsewhere.

        Always empty for a mock in another process, where they may be anyone's.
        """
        return Requests() if self._control is None else self._recorded(self._control, strays=True)

    def _recorded(self, control: Control, *, strays: bool) -> Requests:
        def is_wanted(token: str | None) -> bool:
            if strays:
                return token is None or control.mock.tenants.known(token) is None
            return token == self.token

        return Requests(
            Request.of(control.reader.entry(one).payload(), one.received)
            for one in control.journal
            if one.number > self._since and is_wanted(control.reader.token(one))
        )

    def assert_no_violations(self) -> None:
        """Fails if a request of the test departed from the documentation; strays count."""
        departing = [one for one in [*self.requests, *self.strays] if one.violations]
        if departing:
            raise AssertionError(f"requests depart from the documentation:\n{Requests(departing).report()}")

    def assert_faults_used(self) -> None:
        """Fails if a fault was planned that no request met."""
        unused = self.unused_faults
        if unused:
            listed = "\n".join(told(fault) for fault in unused)
            raise AssertionError(f"faults that no request met:\n{listed}")

    def assert_requested(self, endpoint: str = "rooms", **params: Any) -> Requests:
        """The requests with these parameters; fails with the nearest ones if there are none."""
        found = self.requests.to(endpoint).where(**params)
        if not found:
            raise AssertionError(f"no request to {endpoint} with {params}; {self._nearest(endpoint, params)}")
        return found

    def _nearest(self, endpoint: str, params: dict[str, Any]) -> str:
        body = {"body": params, "endpoint": endpoint, "since": self._since}
        misses = self._call("POST", "/journal/near-misses", body)["near_misses"] if params else []
        lines = []
        for miss in misses:
            differing = ", ".join(
                f"{each['field']}: {each['received']!r}" if each["given"] else f"no {each['field']}"
                for each in miss["differences"]
            )
            lines.append(f"  {Request.of(miss['request']).line()} [{differing}]")
        return "the nearest:\n" + "\n".join(lines) if lines else f"{len(self.requests)} requests came in all"

    def report(self) -> str:
        """The journal of the test, a line for each request; secrets masked."""
        parts = [self.requests.report() or "no request came"]
        strays = self.strays
        if strays:
            parts.append(f"of no tenant (token missing or not known, or another path):\n{strays.report()}")
        unused = [told(fault) for fault in self.unused_faults]
        return "\n".join([*parts, *(["faults that no request met:", *unused] if unused else [])])

    def scorecard(self) -> Card:
        """What the requests so far show of the client (docs/score.md)."""
        from ..journal.score import card

        return card(self._call("GET", "/journal", since=self._since, limit=_JOURNAL_PAGE)["requests"])

    # --- the end ---

    def close(self) -> None:
        """Forgets the tenant and its requests, if it was made for this."""
        if self._mine:
            with suppress(AdminError, OSError):
                self._admin.call("DELETE", "/journal")
                self._admin.call("DELETE", "/tenants", token=self.token)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Closes."""
        self.close()

    # --- inside ---

    def _last_number(self) -> int:
        return int(self._call("GET", "/journal/count")["last"])

    def _call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        try:
            return self._admin.call(method, path, body, **query)
        except AdminError as error:
            problem = error.problem
            if "field" not in problem:
                raise
            field = str(problem["field"]).removeprefix("rooms[0].").removeprefix("system_messages[0].")
            raise ChangeError(field, received=problem["received"], allowed=problem["allowed"]) from None


def _written(value: Any) -> Any:
    """A field's value as a scenario writes it: dates as text of Seoul."""
    if isinstance(value, (list, tuple)):
        return [_written(each) for each in value]
    if isinstance(value, datetime):
        return f"{value if value.tzinfo is None else value.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date) else value


def _moment(moment: str | datetime) -> str:
    return moment if isinstance(moment, str) else moment.isoformat()
