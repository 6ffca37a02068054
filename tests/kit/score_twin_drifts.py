"""Score what a twin keeps of a drift: `python -m tests.kit.score_twin_drifts --help`.

The mock drifts in one way; a visit learns it; the mock on that twin is checked as the first one is. Told are
the drifts that the visit names, those that both checks find by the same rules, and those that leave no trace.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from happytalk_contract.core.model import SEOUL
from happytalk_contract.engine.runner import Settings, run
from happytalk_contract.twin.learn import Asked, learn
from happytalk_mock import MockServer
from happytalk_mock.faults.drifts import DRIFTS

NOW = datetime(2026, 11, 20, 15, 30, tzinfo=SEOUL)
SMALL: dict[str, Any] = {"rooms": 150, "days": 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of one drift."""

    drift: str
    named: tuple[str, ...]
    found: frozenset[str]  #: rules that the API breaks
    kept: frozenset[str]  #: rules that its twin breaks
    alike: str  #: questions of the visit that the twin answers as recorded, of all

    @property
    def outcome(self) -> str:
        """In a word."""
        if not self.found and not self.kept:
            return "found in neither"
        return (
            "found alike"
            if self.found == self.kept
            else "found otherwise"
            if self.found & self.kept
            else "lost"
        )


def settings_of(server: MockServer, requests: int, now: datetime) -> Settings:
    """What a visit or a check of a mock is told."""
    names = ("token", "client_id", "client_secret", "sender_key")
    return Settings(
        chat_url=server.url,
        message_url=server.url,
        credentials={f"HAPPYTALK_{name.upper()}": getattr(server, name) for name in names},
        target="mock",
        seed=1,
        max_requests=requests,
        now=lambda: now,
    )


def play(drift: str, requests: int) -> Kept:
    """Learn a drifting mock, and check it and its twin."""
    with tempfile.TemporaryDirectory() as folder:
        twin = Path(folder) / "a.twin"
        with MockServer(now=NOW.isoformat(), **SMALL) as server:
            server.happytalk.drift(drift)
            settings = settings_of(server, 400, NOW)
            outcome = learn(settings, Asked(output=twin))
            first = run(replace(settings, max_requests=requests))
        assert outcome.twin is not None
        later = datetime.fromisoformat(outcome.twin.about["recorded"]).replace(tzinfo=SEOUL)
        with MockServer(twin=twin, shift="none", beyond="empty", now=later.isoformat()) as server:
            second = run(settings_of(server, requests, later))
    found = outcome.verified
    return Kept(
        drift=drift,
        named=found.drifts,
        found=frozenset(one.rule for one in first.findings),
        kept=frozenset(one.rule for one in second.findings),
        alike=f"{found.alike} of {found.asked}",
    )


def main() -> int:
    """Play and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drift", help="one drift by its name")
    parser.add_argument(
        "--sample", type=int, default=len(DRIFTS), metavar="N", help="so many, drawn by --seed"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", default="1/1", metavar="K/N", help="the K-th part of N")
    parser.add_argument("--requests", type=int, default=300, help="of each check")
    options = parser.parse_args()
    names = Random(options.seed).sample(sorted(DRIFTS), min(options.sample, len(DRIFTS)))
    part, parts = map(int, options.part.split("/"))
    names = [options.drift] if options.drift else names[part - 1 :: parts]
    named, outcomes = 0, Counter[str]()
    for name in names:
        one = play(name, options.requests)
        named += name in one.named
        outcomes[one.outcome] += 1
        rules = f"{' '.join(sorted(one.found))} | {' '.join(sorted(one.kept))}"
        print(f"{name}: named {' '.join(one.named) or 'none'}; {one.alike}; {one.outcome}: {rules}")  # noqa: T201
        sys.stdout.flush()
    print(f"{len(names)} drifts, {named} named by their name; {dict(outcomes)}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
