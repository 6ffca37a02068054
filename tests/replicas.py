"""Several mocks of one state in this process, and the same operations on one in memory beside them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from happytalk_mock.api.control import Control
from happytalk_mock.core.clock import at_moment
from happytalk_mock.core.errors import AdminError
from happytalk_mock.spec.vocabulary import ROOMS_PATH
from happytalk_mock.state.places import open_log
from happytalk_mock.state.settings import Settings
from happytalk_mock.testing.hosting import InProcessAdmin
from happytalk_mock.testing.in_process import environ_of, perform
from happytalk_mock.web.app import create_app

SETTINGS = Settings(rooms=12, days=3, any_token=True, now="2026-11-20 15:00:00")
TOKENS = ("happytalk-mock-token", "team-a", "team-b")


class Replica:
    """A mock, with its admin API and the chat room list, without a socket."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.app = create_app(control)
        self.admin = InProcessAdmin(self.app)

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The answer of the admin API; of a refusal its status and field."""
        try:
            return self.admin.call(method, path, body, **query)
        except AdminError as error:
            return error.status, error.problem.get("field")

    def ask(self, token: str, **more: Any) -> tuple[int, bytes]:
        """Status and body of the chat room list of all days."""
        body = {"token": token, "sdate": "2000-01-01", "edate": "2099-12-31", "limit": 50, **more}
        headers = [("Content-Type", "application/json")]
        environ = environ_of("POST", f"http://127.0.0.1{ROOMS_PATH}", headers, json.dumps(body).encode())
        reply = perform(self.app, environ)
        return reply.status, b"".join(reply.frames)


@contextmanager
def replica(where: str, settings: Settings = SETTINGS) -> Iterator[Replica]:
    """A mock with its state there."""
    log = open_log(where, settings.digests())
    with at_moment(log.started):
        control = Control(settings.mock())
    ledger = control.keep_in(log)
    made = Replica(control)
    ledger.open()
    try:
        yield made
    finally:
        control.close()
        ledger.close()


class Replicas(RuleBasedStateMachine):
    """Each operation goes to one of three replicas and to the model; then all four must answer the same."""

    where: str  #: of a state that nobody has changed yet

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        where = self.place()
        self.replicas = [self._stack.enter_context(replica(where)) for _ in range(3)]
        with at_moment(self.replicas[0].control.ledger.log.started):  # type: ignore[union-attr]
            self.model = Replica(Control(SETTINGS.mock()))

    def place(self) -> str:
        """A new, empty place."""
        raise NotImplementedError

    def teardown(self) -> None:
        """Ends them all."""
        self._stack.close()
        self.model.control.close()

    def _do(self, at: int, method: str, path: str, body: Any = None, **query: Any) -> None:
        assert self.replicas[at].call(method, path, body, **query) == self.model.call(
            method, path, body, **query
        )
        self.same()

    def same(self) -> None:
        """Every replica answers as the model does."""
        for token in TOKENS:
            expected = self.model.call("GET", "/rooms", token=token, limit=1000)
            for each in self.replicas:
                assert each.call("GET", "/rooms", token=token, limit=1000) == expected
        for path in ("/clock", "/faults", "/drift", "/churn"):
            expected = self.model.call("GET", path)
            for each in self.replicas:
                assert each.call("GET", path) == expected

    at = st.integers(0, 2)
    token = st.sampled_from(TOKENS)
    status = st.sampled_from(["-2", "0", "1", "2", "3"])

    @rule(at=at, token=token, status=status, count=st.integers(1, 3))
    def add(self, at: int, token: str, status: str, count: int) -> None:
        """Adds rooms."""
        self._do(at, "POST", "/rooms", {"status": status, "count": count, "tenant": token})

    @rule(at=at, token=token, status=status, place=st.integers(0, 14))
    def change(self, at: int, token: str, status: str, place: int) -> None:
        """Changes a room, generated or not."""
        self._do(at, "PATCH", f"/rooms/{self._room(token, place)}", {"status": status}, token=token)

    @rule(at=at, token=token, place=st.integers(0, 14))
    def delete(self, at: int, token: str, place: int) -> None:
        """Takes a room away."""
        self._do(at, "DELETE", f"/rooms/{self._room(token, place)}", token=token)

    def _room(self, token: str, place: int) -> str:
        rooms = self.model.call("GET", "/rooms", token=token, limit=1000)["rooms"]
        return str(rooms[place % len(rooms)]["id"]) if rooms else "none"

    @rule(at=at, token=st.none() | token, hours=st.sampled_from([-30, 5, 40]))
    def advance(self, at: int, token: str | None, hours: int) -> None:
        """Moves the clock of all or of one."""
        self._do(at, "POST", "/clock/advance", {"hours": hours, "tenant": token})

    @rule(at=at, token=st.none() | token, answer=st.sampled_from(["zero", "real", "mixed"]))
    def behave(self, at: int, token: str | None, answer: str) -> None:
        """Changes an answer to an open question that shapes data."""
        body = {"deleted_end_date": answer}
        self._do(at, "PATCH", "/behaviour", body if token is None else {**body, "tenant": token})

    @rule(at=at, token=st.none() | token, times=st.integers(1, 4), probability=st.sampled_from([0.5, 1]))
    def plan(self, at: int, token: str | None, times: int, probability: float) -> None:
        """Plans a fault."""
        self._do(
            at,
            "POST",
            "/faults",
            {"status": 503, "times": times, "probability": probability, "tenant": token},
        )

    @rule(token=token, asking=st.lists(at, min_size=1, max_size=6))
    def ask(self, token: str, asking: list[int]) -> None:
        """Asks in turn: faults are used up once over all."""
        for at in asking:
            assert self.replicas[at].ask(token) == self.model.ask(token)
        self.same()

    @rule(at=at, token=token)
    def drift(self, at: int, token: str) -> None:
        """Puts a drift in force."""
        self._do(at, "PUT", "/drift", {"name": "total-count-of-page", "tenant": token})

    @rule(at=at, token=st.none() | token, to=st.sampled_from(["seed", "empty"]))
    def reset(self, at: int, token: str | None, to: str) -> None:
        """Takes it all back."""
        self._do(at, "POST", "/reset", {"to": to, "tenant": token})

    @rule(at=at, token=st.sampled_from(TOKENS[1:]))
    def tenant(self, at: int, token: str) -> None:
        """Makes a tenant afresh."""
        self._do(at, "POST", "/tenants", {"token": token})

    @rule(at=at)
    def snapshot(self, at: int) -> None:
        """Keeps a snapshot, as a replica does now and then."""
        self.replicas[at].control.ledger.snapshot()  # type: ignore[union-attr]

    @rule(at=at)
    def restart(self, at: int) -> None:
        """Another one comes in its place."""
        self.replicas[at].control.close()
        self.replicas[at] = self._stack.enter_context(replica(self.where))
        self.same()
