"""What the admin API answers, word for word: one day with it, call by call, as it always was.

What each call does is tested elsewhere; here any change of an answer is seen. Where one is meant:
`python tests/test_admin_answers.py` writes the answers anew, and the change belongs into the changelog.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from happytalk_mock.api.control import Control
from happytalk_mock.core.clock import Clock
from happytalk_mock.spec.vocabulary import ROOMS_PATH
from happytalk_mock.state.credentials import DEFAULT_CREDENTIALS
from happytalk_mock.state.mock import Mock
from happytalk_mock.state.tenants import Setup
from happytalk_mock.web.admin import PREFIX, ROUTES
from happytalk_mock.web.app import create_app

GOLDEN = Path(__file__).parent / "golden" / "admin.json"
NOW = "2026-03-02T13:00:00+09:00"
#: A request to the room list, which the journal then tells of.
ASKED = "asked"
#: Method, path and body of each call, in turn.
DAY: tuple[tuple[Any, ...], ...] = (
    ("GET", "/health"),
    ("GET", ""),
    ("POST", "/tenants", {"token": "team-a", "empty": True}),
    ("POST", "/tenants", {"token": "team-a"}),
    ("POST", "/tenants", {"token": "team-b", "client_id": "id", "client_secret": "s", "sender_keys": ["one", "two"]}),
    ("POST", "/tenants", {"sender_keys": ["one"]}),
    ("GET", "/tenants"),
    ("GET", "/rooms?token=team-a"),
    ("POST", "/rooms", {"tenant": "team-a", "status": "2", "id": "x" * 30, "reg_date": "2026-03-01 10:00:00"}),
    ("POST", "/rooms?token=team-a", [{"status": "0", "id": "y" * 30}, {"status": "9"}]),
    ("POST", "/rooms?token=team-a", [{"status": "0", "id": "y" * 30, "count": 1}]),
    ("POST", "/rooms?token=team-a", []),
    ("POST", "/rooms?token=team-a", "room"),
    ("GET", "/rooms?token=team-a&status=2&sdate=2026-03-01&edate=today&sort_value=asc&offset=0&limit=1"),
    ("GET", "/rooms?token=team-a&limit=1001"),
    ("GET", "/rooms?token=team-a&limit=-1"),
    ("GET", "/rooms?token=team-a&status=7"),
    ("GET", "/rooms?token=team-a&sort_key=id"),
    ("GET", "/rooms?token=team-a&sdate=2026-02-30"),
    ("GET", "/rooms?token=team-a&stauts=2"),
    ("GET", "/rooms?token=team-c"),
    ("GET", "/rooms?limit=0"),
    ("GET", "/rooms?limit=2"),
    ("GET", f"/rooms/{'x' * 30}?token=team-a"),
    ("PATCH", f"/rooms/{'y' * 30}?token=team-a", {"status": "3"}),
    ("PATCH", f"/rooms/{'y' * 30}?token=team-a", {"status": "30"}),
    ("PATCH", f"/rooms/{'y' * 30}?token=team-a", None),
    ("DELETE", f"/rooms/{'x' * 30}?token=team-a"),
    ("GET", f"/rooms/{'x' * 30}?token=team-a"),
    ("DELETE", "/rooms?token=team-a"),
    ("GET", "/messages"),
    ("POST", "/messages?token=team-a", {"name": "점심시간 안내", "status": "A", "messages": [{"messageType": "S2"}]}),
    ("POST", "/messages?token=team-b&sender_key=two", {"name": "둘"}),
    ("POST", "/messages?token=team-b&sender_key=three", {"name": "셋"}),
    ("POST", "/messages?token=team-a", {"status": "Z"}),
    ("POST", "/messages?token=team-a", []),
    ("GET", "/messages?token=team-a&status=A"),
    ("GET", "/messages?token=team-a&status=B"),
    ("GET", "/messages?token=team-b&sender_key=two"),
    ("GET", "/messages/1093744?token=team-a"),
    ("PATCH", "/messages/1093744?token=team-a", {"status": "T"}),
    ("PATCH", "/messages/99?token=team-a", {"status": "T"}),
    ("DELETE", "/messages/1093744?token=team-a"),
    ("DELETE", "/messages/1093744?token=team-a"),
    ("DELETE", "/messages?token=team-b&sender_key=two"),
    ("POST", "/generate?token=team-a", {"rooms": 3, "days": 2}),
    ("POST", "/generate?token=team-a", {"rooms": 3, "days": 0}),
    ("POST", "/generate?token=team-a", {"rooms": True}),
    ("PUT", "/snapshots/first?token=team-a"),
    ("PUT", "/snapshots/-?token=team-a"),
    ("GET", "/snapshots?token=team-a"),
    ("GET", "/snapshots?token=team-c"),
    ("POST", "/snapshots/first/restore?token=team-a"),
    ("POST", "/snapshots/second/restore?token=team-a"),
    ("GET", "/scenario?token=team-a&snapshot=first"),
    ("GET", "/scenario?token=team-b"),
    ("DELETE", "/snapshots/first?token=team-a"),
    ("DELETE", "/snapshots/first?token=team-a"),
    ("PUT", "/scenario", {"rooms": [{"status": "9"}]}),
    ("PUT", "/scenario", {"room": []}),
    ("PUT", "/scenario", []),
    ("GET", "/clock"),
    ("POST", "/clock/freeze", {"at": "2026-11-01 23:59:50"}),
    ("POST", "/clock/advance", {"hours": 9, "seconds": 10}),
    ("POST", "/clock/advance", {}),
    ("POST", "/clock/advance", {"hours": "9"}),
    ("POST", "/clock/advance", {"hours": 4_000_000_001}),
    ("POST", "/clock/freeze?token=team-a", {"at": "2022-05-26T13:00:00+09:00"}),
    ("POST", "/clock/set", {}),
    ("POST", "/clock/set", {"to": "yesterday"}),
    ("GET", "/clock?token=team-a"),
    ("POST", "/clock/follow?token=team-a", {}),
    ("POST", "/clock/run", {"at": "now"}),
    ("GET", "/behaviour"),
    ("PATCH", "/behaviour", {"zero_date_order": "last", "longest_period": 31}),
    ("PATCH", "/behaviour", {"zero_date_order": "lost"}),
    ("PATCH", "/behaviour", {"zero_dat_order": "last"}),
    ("PATCH", "/behaviour", {}),
    ("PATCH", "/behaviour?token=team-a", {"zero_date_order": "first"}),
    ("DELETE", "/behaviour?token=team-a"),
    ("POST", "/faults", {"status": 429, "retry_after": 3, "times": 2}),
    ("POST", "/faults?token=team-a", {"delay": {"lognormal": {"median": 0.001, "sigma": 0.1}}, "on": "rooms"}),
    ("POST", "/faults", {"status": 42}),
    ("POST", "/faults", {"sattus": 429}),
    ("POST", "/faults", []),
    ASKED,
    ("GET", "/faults"),
    ("GET", "/faults?unused=true"),
    ("GET", "/faults?token=team-a&unused=0"),
    ("GET", "/faults?unused=maybe"),
    ("GET", "/faults/1"),
    ("DELETE", "/faults/1"),
    ("GET", "/faults/1"),
    ("DELETE", "/faults"),
    ("PUT", "/drift", {"name": "total-count-of-page"}),
    ("PUT", "/drift?token=team-a", {"names": ["title-missing", "page-echo-missing"]}),
    ("PUT", "/drift?token=team-a", {"names": ["title-missing", "closed-rooms-lost"]}),
    ("PUT", "/drift", {"name": "total-count-of-pages"}),
    ("PUT", "/drift", {"names": "title-missing"}),
    ("PUT", "/drift", {}),
    ASKED,
    ("GET", "/drift?token=team-a"),
    ("DELETE", "/drift"),
    ("PUT", "/churn?token=team-a", {"rate": "30/m", "seed": 3}),
    ("PUT", "/churn", {"rate": "fast"}),
    ("PUT", "/churn", {"seed": 1}),
    ("GET", "/churn?token=team-a"),
    ("DELETE", "/churn?token=team-a"),
    ASKED,
    ("GET", "/journal"),
    ("GET", "/journal?endpoint=rooms&faulty=false&limit=1"),
    ("GET", "/journal?endpoint=room"),
    ("GET", "/journal?status=99"),
    ("GET", "/journal?body.status=2&since=1"),
    ("GET", "/journal/count?status=200"),
    ("GET", "/journal/count?limit=1"),
    ("POST", "/journal/find", {"endpoint": "rooms", "body": {"status": 2, "page": 1}}),
    ("POST", "/journal/find", {"body": []}),
    ("POST", "/journal/near-misses", {"endpoint": "rooms", "body": {"status": 2, "sort_key": "id"}, "limit": 1}),
    ("POST", "/journal/near-misses", {"limit": 0}),
    ("GET", "/journal/1"),
    ("GET", "/journal/99"),
    ("DELETE", "/journal?token=team-a"),
    ("DELETE", "/journal"),
    ("POST", "/reset", {"to": "empty", "only": ["data", "clock"]}),
    ("POST", "/reset", {"to": "nothing"}),
    ("POST", "/reset", {"only": ["rooms"]}),
    ("POST", "/reset?token=team-a", {"tenant": "team-b"}),
    ("POST", "/reset", {"tenant": 5}),
    ("POST", "/reset", {"tenant": None}),
    ("PUT", "/scenario", {"rooms": [{"status": "2", "count": 2}]}),
    ("GET", "/rooms?limit=0"),
    ("GET", "/audit?limit=2"),
    ("GET", "/audit?since=0&limit=0"),
    ("GET", "/health/live"),
    ("GET", "/health/ready"),
    ("GET", "/metrics?limit=2"),
    ("GET", "/metrics"),
    ("DELETE", "/tenants"),
    ("DELETE", "/tenants?token=team-a"),
    ("DELETE", "/tenants?token=team-a"),
    ("GET", "/nothing"),
    ("PUT", "/rooms"),
)  # fmt: skip


#: What differs from run to run, or with the version.
NEVER_ALIKE = {"customer", "machine_moment", "milliseconds", "version"}


def steady(told: Any) -> Any:
    """What was told, without what is never alike."""
    match told:
        case dict():
            return {name: None if name in NEVER_ALIKE else steady(value) for name, value in told.items()}
        case list():
            return [steady(each) for each in told]
    return told


def outline(told: Any) -> Any:
    """The names and types in a long answer, such as the list of all drifts, which grows."""
    match told:
        case dict():
            return {name: outline(value) for name, value in told.items()}
        case list():
            return [outline(told[0])] if told else []
    return type(told).__name__


def answers() -> dict[str, str]:
    """Each call with its status and what it told."""
    control = Control(Mock(Setup(rooms=5, credentials=(DEFAULT_CREDENTIALS,)), Clock.parse(NOW)))
    try:
        http, found = create_app(control).test_client(), {}
        for number, call in enumerate(DAY, 1):
            if call == ASKED:
                http.post(ROOMS_PATH, json={"token": "team-a", "status": 2, "limit": 80})
                continue
            method, path, body = (*call, None if call[0] in ("GET", "DELETE") else {})[:3]
            answer = http.open(PREFIX + path, method=method, json=body)
            told = steady(answer.json) if answer.is_json else answer.content_type
            if len(_text(told)) > 3000:
                told = outline(told)
            about = f"{answer.status_code} {answer.content_type} {sorted(answer.allow)}"
            found[f"{number} {method} {path} {_text(body) if body else ''}".strip()] = (
                f"{about} {_text(told)}"
            )
        return found
    finally:
        control.close()


def _text(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


@pytest.mark.slow
def test_the_answers_are_what_they_always_were() -> None:
    expected, told = json.loads(GOLDEN.read_text("utf-8")), answers()
    differing = {
        call: (told.get(call), expected[call]) for call in expected if told.get(call) != expected[call]
    }
    assert differing == {}
    assert told.keys() == expected.keys()


def test_the_day_calls_every_route() -> None:
    called = [(call[0], call[1].partition("?")[0]) for call in DAY if call != ASKED]
    missing = [
        (route.method, route.path)
        for route in ROUTES
        if not any(
            route.method == method and re.fullmatch(re.sub(r"<[^>]+>", "[^/]+", route.path), path)
            for method, path in called
        )
    ]
    assert missing == []


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(answers(), ensure_ascii=False, indent=1) + "\n", "utf-8")
