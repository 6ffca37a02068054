"""The kit against the rival: a fault is found, legal behaviour of the wire and of data is left in peace.

More of them are played by `test_plans.py`; the whole examination is
`python -m tests.kit.score_rival --faults '*' --legal '*' --accounts`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.score_rival import Job, play

pytestmark = pytest.mark.slow


def test_a_fault_is_found_over_a_socket() -> None:
    score = play(Job(fault="sort-key-ignored-done-week", seed=3))
    assert score.exit_code == 1, score
    assert score.requests <= 300


@pytest.mark.parametrize("legal", ["churn=10", "compression=gzip"])
def test_a_legal_behaviour_is_left_in_peace(legal: str) -> None:
    score = play(Job(legal=(legal,), seed=4, max_requests=200))
    assert score.exit_code == 0, score


TWO = (
    ("sort-asc-is-desc-range", "m-missing-headers-taken", ("rooms.order.", "messages.required")),
    ("total-minus-1-empty", "sort-asc-is-desc-filtered", ("rooms.count", "rooms.order.")),
    ("deleted-leaks-bot-ended", "m-id-prefix", ("rooms.status.sound", "messages.by_id")),
)


@pytest.mark.usefixtures("wireless")
@pytest.mark.parametrize(("one", "other", "named"), TWO)
def test_two_faults_at_once_are_both_named(one: str, other: str, named: tuple[str, str]) -> None:
    score = play(Job(fault=one, also=other, seed=41))
    assert score.exit_code == 1, score
    assert all(any(told.startswith(rule) for told in score.findings) for rule in named), score


@pytest.mark.usefixtures("wireless")
@pytest.mark.parametrize(
    ("fault", "led_by"),
    [
        ("pages-overlap-limit-50", "rooms.pages.repeat "),
        ("last-page-full", "rooms.pages.repeat "),
        ("limit-30", "rooms.pages.repeat "),
        ("range-no-today", "rooms.dates.range "),
        ("end-day-excluded-long", "rooms.dates.range "),
        ("m-code-201", "messages.code:code=201 "),
        ("default-end", "rooms.order.reg_date.desc "),
    ],
)
def test_the_finding_that_leads_names_the_fault(fault: str, led_by: str) -> None:
    score = play(Job(fault=fault, seed=77))
    assert [told.startswith(led_by) for told in score.findings] == [True], score


@pytest.mark.usefixtures("wireless")
@pytest.mark.parametrize("days", [1, 7, 31])
def test_old_data_are_found_under_a_short_longest_period(days: int) -> None:
    score = play(Job(account="old-data-only", fault="parameters-list", legal=(f"longest-period={days}",)))
    assert score.exit_code == 1, score
