"""Recorded exchanges judged again, without asking anything."""

from __future__ import annotations

from collections.abc import Sequence

from happytalk_contract.model import Exchange, RunReport, Severity


def judge(
    exchanges: Sequence[Exchange],
    *,
    target: str = "recording",
    seed: int = 0,
    max_requests: int = 0,
    started: str = "",
    seconds: float = 0.0,
    notes: tuple[str, ...] = (),
    fail_on: frozenset[Severity] = frozenset({Severity.BREAKING, Severity.VALUE}),
    only_rules: frozenset[str] | None = None,
    endpoints: frozenset[str] = frozenset({"rooms", "messages"}),
) -> RunReport:
    """Judge `exchanges` by the whole catalogue (or `only_rules`)."""
    raise NotImplementedError
