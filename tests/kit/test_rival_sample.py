"""The kit against the rival: a sample of faults found, a sample of legal behaviours left in peace.

The whole examination is `python -m tests.kit.score_rival --faults '*' --legal '*' --accounts`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.score_rival import Job, play

pytestmark = pytest.mark.slow

FAULTS = (
    "no-users-id-when-null",
    "complate-date-t-by-end",
    "sort-key-ignored-done-week",
    "m-id-and-all",
)
LEGAL = ("longest-period=1", "churn=10", "ties=by-limit", "compression=gzip", "m-order=scattered")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str) -> None:
    score = play(Job(fault=fault, seed=3))
    assert score.exit_code == 1, score
    assert score.requests <= 300


@pytest.mark.parametrize("legal", LEGAL)
def test_a_legal_behaviour_is_left_in_peace(legal: str) -> None:
    score = play(Job(legal=(legal,), seed=4, max_requests=200))
    assert score.exit_code == 0, score


@pytest.mark.parametrize(("account", "code"), [("empty", 3), ("messages-only", 3), ("old-data-only", 0)])
def test_an_account_with_little(account: str, code: int) -> None:
    assert play(Job(account=account, max_requests=150)).exit_code == code
