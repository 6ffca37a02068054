"""The least request that shows a departure: Hypothesis shrinks, then each parameter that is left is proven needed.

A form that was asked before is answered from the recording. One that the budget does not reach counts as not
departing, so the search ends with the least that was seen. Then each parameter is left out in turn, and stays out if
it still departs: what is left is proven least.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from happytalk_contract.core.model import Finding
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.questions.meaning import parameters
from happytalk_contract.questions.strategies import least, simpler
from happytalk_contract.rules.rule import HELD, Doubt, Rule
from happytalk_contract.verdict.judge import verdicts
from happytalk_contract.verdict.pattern import shows

#: What is left out in turn: what says least about a list first; both ends of a range stand together.
PARTS: Final = (
    *(("ndate",), ("page",), ("limit",), ("sort_value",), ("sort_key",), ("status",)),
    ("sdate", "edate"),
)
#: Requests that the search may take, and both together at most.
SEARCH: Final = 4
BUDGET: Final = SEARCH + len(PARTS)


def shrink(desk: Desk, finding: Finding, rule: Rule) -> dict[str, Any] | None:
    """Find the least form of the question behind `finding`; None where it can not be told."""
    params = None if finding.request is None else parameters(finding.request)
    if not params or any(isinstance(value, list | dict) for value in params.values()):
        return None

    def fails(form: dict[str, Any], *, to: int) -> bool:
        request = desk.question(form, "a simpler form of what departs")
        view = desk.kept(request)
        if view is None and desk.left > to:
            view = desk.rooms(form, request.why)
        return view is not None and departs(desk, view, finding, rule)

    stop = max(0, desk.left - SEARCH)
    found = least(simpler(params), partial(fails, to=stop), by=desk.seed) or params
    known = {name for part in PARTS for name in part}
    for part in (*((name,) for name in found if name not in known), *PARTS):
        rest = {name: value for name, value in found.items() if name not in part}
        if len(rest) < len(found) and fails(rest, to=0):
            found = rest
    return found


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
