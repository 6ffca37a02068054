"""A visit stays what it is: it asks the same of the same account as ever, decides the same and writes the same.

What a visit must decide is tested elsewhere; here any change is seen. Where one is meant:
`python -m tests.kit.test_twin_plans` writes the digests anew.
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from happytalk_contract.cli.twins import _told as lines_of
from happytalk_contract.core.control import Control
from happytalk_contract.engine import runner
from happytalk_contract.engine.session import Desk
from happytalk_contract.twin.fidelity import fidelity
from happytalk_contract.twin.learn import Asked, learn
from happytalk_contract.twin.visit import Visitor

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.score_rival import NOW
from tests.kit.test_plans import SECRETS, InProcess, digest
from tests.rival import RivalApi, legal_combo

pytestmark = pytest.mark.usefixtures("wireless")

GOLDEN = Path(__file__).parents[1] / "golden" / "twins.json"
#: Accounts with much, little and nothing; APIs that answer otherwise, and one that departs.
VISITS: dict[str, dict[str, Any]] = {
    "a day": {},
    **{name: {"account": name} for name in ("sparse", "empty", "old-data-only")},
    "weeks": {"account": "normal", "legal": ["longest-period=7", "bad-date=absent", "ties=by-id"]},
    "single days": {"account": "none-today", "legal": ["longest-period=1", "half-range=open-ended"]},
    "ties by the limit": {"account": "none-today", "legal": ["ties=by-limit"]},
    "refusals": {"legal": ["limit-bad=failure", "page-bad=failure", "bad-sort=failure", "http-status=by-kind"]},
    "other answers": {"legal": legal_combo(2), "seed": 2},
    "an API that departs": {"account": "none-today", "faults": ["end-day-excluded", "total-third-time"]},
}  # fmt: skip
#: What departs from its twin since, in the order asked first.
SINCE = {"limit-bad": "failure", "zero-dates": "last", "ties": "by-id", "m-unknown-id": "empty"}


class Played:
    """An API in process, and the settings that ask it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **case: Any) -> None:
        case = {"account": "one-day-only", "seed": 1, "faults": (), "legal": (), **case}
        self.api = RivalApi(**case, now=NOW)
        self.started: list[InProcess] = []
        monkeypatch.setattr(runner, "Transport", self._transport)
        monkeypatch.setattr(runner, "Desk", lambda **given: Desk(**given, sleep=self.started[-1].sleep))
        self.settings = runner.Settings(
            chat_url="http://rival", message_url="http://rival", credentials=SECRETS, target="rival",
            seed=case["seed"], max_requests=350, now=lambda: self.started[-1].now if self.started else NOW,
        )  # fmt: skip

    def _transport(self, *, control: Control, **_given: object) -> InProcess:
        self.started.append(InProcess(self.api, control))
        return self.started[-1]


def visited(name: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a visit asked and decided, in short."""
    played = Played(monkeypatch, **VISITS[name])
    with runner.desk_of(played.settings, Control(max_requests=350)) as desk:
        visit = Visitor(desk, days=30, message_ids=(177, 179)).go()
    return {
        "requests": len(desk.recording),
        "asked": digest(one.request for one in desk.recording),
        "decided": {
            question: " ".join(filter(None, (one.state, one.answer)))
            for question, one in sorted(visit.decisions.items())
        },
        "in full": digest(sorted(visit.decisions.items())),
        "notes": visit.notes,
    }


def written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What stands in the files of a twin, and what is told of one whose API answers otherwise by now."""
    (folder / "key").write_text("5a" * 32)
    played = Played(monkeypatch, legal=["more-room-fields=surprising", "parcel-w=always"])
    twin = folder / "a.twin"
    outcome = learn(played.settings, Asked(output=twin, key_file=folder / "key", message_ids=(177, 179)))
    assert not outcome.verified.departing
    files = {path.name: path.read_text().splitlines() for path in sorted(twin.iterdir())}
    files["twin.toml"] = [
        line for line in files["twin.toml"] if "python =" not in line and "happytalk-mock =" not in line
    ]
    told: dict[str, Any] = {name: [len(lines), digest(lines)] for name, lines in files.items()}
    told["to a person"] = [*lines_of(outcome, Path("a.twin"))]
    again = replace(played.settings, max_requests=200, seed=5)
    for key in (folder / "key", None):
        alike = fidelity(again, twin, key_file=key)
        assert alike.share == 1.0, alike.examples
    played.api.answers.update(SINCE)
    for name, key in (("told with the key", folder / "key"), ("told by form", None)):
        found = fidelity(again, twin, key_file=key)
        told[name] = {
            "asked": found.asked,
            "kinds": {f"{kind}: {apart}": count for (kind, apart), count in found.kinds.items()},
            "examples": digest(found.examples),
            "share": round(found.share, 3),
        }
    return told


@pytest.mark.slow
@pytest.mark.parametrize("name", VISITS)
def test_a_visit_asks_and_decides_the_same_as_ever(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(json.dumps(visited(name, monkeypatch))) == json.loads(GOLDEN.read_text("utf-8"))[name]


@pytest.mark.slow
def test_a_twin_is_written_as_ever_and_told_from_an_api_that_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = json.loads(GOLDEN.read_text("utf-8"))["files"]
    assert json.loads(json.dumps(written(tmp_path, monkeypatch))) == known


def golden() -> dict[str, Any]:
    """What is to be known."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        return {name: visited(name, patch) for name in VISITS} | {"files": written(Path(folder), patch)}


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), ensure_ascii=False, indent=1) + "\n", "utf-8")
