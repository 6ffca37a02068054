"""A run stays what it is: a seed asks the same of the same account as ever, and tells the same.

What a run must achieve is tested elsewhere; here any change of what it asks, in which order, and of what it concludes
is seen. Where one is meant: `python -m tests.kit.test_plans` writes the digests anew.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from happytalk_contract.cli.rule_pages import SENTENCES
from happytalk_contract.core.control import Control
from happytalk_contract.core.model import Exchange, Request, Response, RunReport
from happytalk_contract.engine import runner
from happytalk_contract.engine.session import Desk
from happytalk_contract.transport.secrets import Secrets
from happytalk_contract.transport.targets import PATHS

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests import rival
from tests.kit.score_rival import NOW
from tests.rival import RivalApi, legal_combo

GOLDEN = Path(__file__).parents[1] / "golden" / "plans.json"
SECRETS = {
    "HAPPYTALK_TOKEN": rival.api.TOKEN,
    "HAPPYTALK_CLIENT_ID": rival.api.CLIENT_ID,
    "HAPPYTALK_CLIENT_SECRET": rival.api.CLIENT_SECRET,
    "HAPPYTALK_SENDER_KEY": rival.api.SENDERS[0],
}
#: Accounts with much, little, and nothing where it is looked for first; APIs that depart, and that answer otherwise.
CASES: dict[str, dict[str, Any]] = {
    "normal": {},
    "a budget of sixty": {"budget": 60},
    **{name: {"account": name} for name in ("sparse", "old-data-only", "one-day-only")},
    **{name: {"account": name, "budget": 150, "code": 3} for name in ("empty", "messages-only")},
    **{
        name: {"faults": [name], "code": 1}
        for name in (
            *("no-users-id-when-null", "complate-date-t-by-end", "sort-key-ignored-done-week"),
            *("m-id-and-all", "reading-takes", "m-reading-modifies"),
        )
    },
    "ranges of one day": {"legal": ["longest-period=1"], "budget": 200},
    "orders of other kinds": {"legal": ["ties=by-limit", "m-order=scattered"], "budget": 200},
    "other answers": {"legal": legal_combo(2), "seed": 2},
}


class InProcess:
    """In place of the kit's transport: asks an API without a socket, by a clock that only requests move on."""

    def __init__(self, api: RivalApi, control: Control) -> None:
        self._api, self._control, self._secrets = api, control, Secrets(SECRETS)
        self.now = datetime.combine(api.now().date(), api.now().time(), NOW.tzinfo)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None: ...

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def ask(self, request: Request) -> Exchange:
        self._control.admit()
        self._control.sent += 1
        self.now += timedelta(milliseconds=10)
        fill = self._secrets.fill
        reply = self._api.handle(
            rival.Request(
                method=request.method,
                path=PATHS[request.endpoint] + request.suffix,
                query={name: fill(value) for name, value in request.query},
                headers={name.lower(): fill(value) for name, value in request.headers.items()},
                body=b"" if request.body is None else self._secrets.fill_bytes(request.body),
            )
        )
        headers = {name.lower(): value for name, value in reply.headers.items()}
        answer = Response(status=reply.status, headers=headers, body=reply.body, seconds=0.001)
        return Exchange(
            number=self._control.sent, started=self.now.timestamp(), request=request, response=answer
        )


def ran(name: str, monkeypatch: pytest.MonkeyPatch) -> RunReport:
    """A run on one of the cases."""
    case = {"budget": 300, "seed": 1, "account": "normal", "faults": (), "legal": (), **CASES[name]}
    api = RivalApi(**{key: case[key] for key in ("account", "faults", "legal", "seed")}, now=NOW)
    started: list[InProcess] = []

    def transport(*, control: Control, **_given: object) -> InProcess:
        started.append(InProcess(api, control))
        return started[0]

    monkeypatch.setattr(runner, "Transport", transport)
    monkeypatch.setattr(runner, "Desk", lambda **given: Desk(**given, sleep=started[0].sleep))
    return runner.run(
        runner.Settings(
            chat_url="http://rival", message_url="http://rival", credentials=SECRETS, target="rival",
            seed=case["seed"], max_requests=case["budget"], now=lambda: started[0].now if started else NOW,
        )
    )  # fmt: skip


def played(name: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a run asked and told, in short."""
    report = ran(name, monkeypatch)
    rules = {rule.id: [rule.status, rule.exercised, rule.note] for rule in report.rules}
    return {
        "requests": report.requests,
        "asked": digest(exchange.request for exchange in report.exchanges),
        "statuses": Counter(rule.status for rule in report.rules),
        "rules": digest(rules.items()),
        "answers": digest(report.answers),
        "findings": [finding.signature for finding in report.findings],
        "shown by": digest([finding.message, finding.request] for finding in report.findings),
        "notes": [*report.notes, *report.unjudged],
        "exit code": report.exit_code,
    }


def digest(items: Iterable[Any]) -> str:
    """Stand for what is too long to be read."""
    return hashlib.sha256("\n".join(map(repr, items)).encode()).hexdigest()[:16]


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_run_asks_and_tells_the_same_as_ever(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = played(name, monkeypatch)
    assert made["exit code"] == CASES[name].get("code", 0), made["findings"]
    assert json.loads(json.dumps(made)) == json.loads(GOLDEN.read_text("utf-8"))[name]


def test_the_page_of_rules_tells_what_is_asked_within_the_usual_budget(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report = ran("normal", monkeypatch)
    whys = [exchange.request.why for exchange in report.exchanges]
    told = [why for sentence in SENTENCES for *_told, patterns in sentence["breaks"] for why in patterns]
    assert len(told) > 60
    assert [pattern for pattern in told if not fnmatch.filter(whys, pattern)] == []
    assert report.requests <= 180  # 35 s at five a second


def test_every_run_is_known() -> None:
    assert json.loads(GOLDEN.read_text("utf-8")).keys() == CASES.keys()


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        found = {name: played(name, patch) for name in CASES}
    GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
