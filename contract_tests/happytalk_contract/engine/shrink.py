"""The least request that shows a departure: each parameter is left out in turn, and stays out if it still departs.

A form that was asked before is not asked again. What is left is proven least: without any one of it nothing departs.
"""

from __future__ import annotations

from typing import Any, Final

from happytalk_contract.core.model import Finding
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.questions.meaning import parameters
from happytalk_contract.rules.rule import HELD, Doubt, Rule
from happytalk_contract.verdict.judge import verdicts
from happytalk_contract.verdict.pattern import shows

#: What is left out in turn: what says least about a list first; both ends of a range stand together.
PARTS: Final = (
    *(("ndate",), ("page",), ("limit",), ("sort_value",), ("sort_key",), ("status",)),
    ("sdate", "edate"),
)
#: Requests that it takes at most.
BUDGET: Final = len(PARTS)


def shrink(desk: Desk, finding: Finding, rule: Rule) -> dict[str, Any] | None:
    """Find the least form of the question behind `finding`; None where it can not be told."""
    params = None if finding.request is None else parameters(finding.request)
    if not params or any(isinstance(value, list | dict) for value in params.values()):
        return None
    for part in PARTS:
        rest = {name: value for name, value in params.items() if name not in part}
        if len(rest) == len(params):
            continue
        request = desk.question(rest, "a simpler form of what departs")
        kept = desk.kept(request)
        if kept is None and desk.left < 1:
            return params
        view = desk.ask(request) if kept is None else kept
        if isinstance(view, RoomsView) and departs(desk, view, finding, rule):
            params = rest
    return params


def departs(desk: Desk, view: RoomsView, finding: Finding, rule: Rule) -> bool:
    """Whether `view` departs in the same way, doubtful or not: by itself, or together with what else was seen."""
    if shows(rule, finding, view):
        return True
    for verdict in verdicts(rule, desk.evidence):
        if verdict is not HELD:
            found = verdict.finding if isinstance(verdict, Doubt) else verdict
            if found.message == finding.message and view.number in found.exchanges:
                return True
    return False
