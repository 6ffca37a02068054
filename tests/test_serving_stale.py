"""What the server remembers never shows: after any change it answers as a mock does that remembers nothing."""

from __future__ import annotations

import http.client
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from happytalk_mock import MockServer
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH

SETTINGS: dict[str, Any] = {
    "rooms": 25,
    "days": 3,
    "seed": 4,
    "now": "2026-11-20 15:00:00",
    "any_token": True,
}
TOKENS = ("happytalk-mock-token", "another")
ROOM = {"id": "by-hand", "reg_date": "2026-11-20 14:00:00", "status": "1", "title": "질문"}
BEHAVIOURS = (
    {"size_type.page": "text"},
    {"size_type.page": "number", "size_type.total_count": "text"},
    {"page_past_end": "failure"},
    {"single_date": "open_range", "tie_direction": "same"},
    {"limit_above_max": "failure", "bot_statuses": "hidden"},
    {"ht_headers": "needed"},
    {"ht_headers": "not_needed", "additive_fields": "some", "message_on_success": "null"},
    {"other_path": "405", "trailing_slash": "taken", "deleted_end_date": "zero"},
)
CHANGES: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/rooms", ROOM),
    ("PATCH", "/rooms/by-hand", {"status": "2", "title": "끝"}),
    ("DELETE", "/rooms/by-hand", None),
    ("POST", "/generate", {"rooms": 12, "days": 2}),
    ("POST", "/messages", [{"name": "새 메시지"}]),
    ("POST", "/clock/advance", {"minutes": 45}),
    ("POST", "/clock/advance", {"days": 1}),
    ("POST", "/clock/freeze", {"at": "2026-11-19T23:59:59"}),
    ("POST", "/reset", {}),
    ("POST", "/reset", {"to": "empty"}),
    ("POST", "/reset", {"only": ["clock"]}),
    ("PUT", "/drift", {"names": ["total-count-one-too-many"]}),
    ("DELETE", "/drift", None),
    ("POST", "/faults", {"status": 503, "times": 1}),
    *(("PATCH", "/behaviour", answers) for answers in BEHAVIOURS),
)
QUESTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"limit": 1},
    {"limit": True},
    {"limit": 1.0},
    {"limit": "1"},
    {"limit": 51, "page": 1},
    {"sdate": "2026-11-01"},
    {"sdate": "2026-11-01", "edate": "2026-11-30", "page": 3},
    {"ndate": "2026-11-21", "sort_key": "complate_date", "sort_value": "asc"},
    {"status": 1},
)

change = st.tuples(st.sampled_from(CHANGES), st.sampled_from((None, *TOKENS)))
question = st.tuples(st.sampled_from(QUESTIONS), st.sampled_from(TOKENS), st.sampled_from(("", "/")))


class Asked:
    """A mock, and what it answers over one connection."""

    def __init__(self, server: MockServer) -> None:
        self.connection = http.client.HTTPConnection(server.host, server.port, timeout=20)

    def send(self, method: str, target: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        payload = None if body is None else json.dumps(body)
        self.connection.request(method, target, payload, {"Content-Type": "application/json", **headers})
        response = self.connection.getresponse()
        return response.status, response.read()

    def change(self, change: tuple[tuple[str, str, Any], str | None]) -> int:
        (method, path, body), token = change
        return self.send(method, f"/__admin{path}" + (f"?token={token}" if token else ""), body)[0]

    def ask(self, question: tuple[dict[str, Any], str, str]) -> list[tuple[int, bytes]]:
        parameters, token, slash = question
        headers = {"HT-Client-Id": f"{token}-client-id", "HT-Client-Secret": "any"}
        return [
            self.send("POST", ROOMS_PATH + slash, {"token": token, **parameters}),
            self.send("GET", f"{MESSAGES_PATH}{slash}?senderKey=any", **headers),
        ]


@pytest.mark.slow
@given(steps=st.lists(st.tuples(change, st.lists(question, min_size=1, max_size=3)), min_size=1, max_size=5))
@settings(max_examples=12)
def test_a_remembered_request_is_answered_as_if_it_were_new(steps: list[Any]) -> None:
    with MockServer(**SETTINGS) as remembering:
        old = Asked(remembering)
        for question in (question for _, questions in steps for question in questions):
            old.ask(question)  # seen once, before anything is changed
        for number, (change, questions) in enumerate(steps):
            said = old.change(change)
            with MockServer(**SETTINGS) as forgetful:
                new = Asked(forgetful)
                # Faults are used up by questions, and the reset of a tenant that was never named does nothing.
                for question in (question for _, asked in steps for question in asked):
                    new.ask(question)
                for earlier, asked in steps[:number]:
                    new.change(earlier)
                    for question in asked:
                        new.ask(question)
                assert new.change(change) == said
                forgetful.control.journal.clear()
                _forget(forgetful)
                for question in questions:
                    assert old.ask(question) == new.ask(question)
                new.connection.close()
        old.connection.close()


def _forget(server: MockServer) -> None:
    """Takes from a server whatever it remembers of requests."""
    service = server._server._service  # type: ignore[union-attr]
    for head in service.heads.known.values():
        head.known.clear()
    service.heads.known.clear()
