"""The least request that shows a departure.

Hypothesis shrinks; each form it wants to see is answered from the kept exchanges if it was asked before, and
asked within a budget if not. What can not be asked any more counts as not failing, so a shrink that runs out
of budget ends with the least that was seen.
"""

from __future__ import annotations

from typing import Any, Final

from happytalk_contract.core.model import Finding
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.questions.meaning import parameters
from happytalk_contract.rules.rule import HELD, Doubt, Rule
from happytalk_contract.verdict.judge import verdicts

#: Requests that one finding's shrinking may cost.
BUDGET: Final = 16


def shrink(
    desk: Desk, finding: Finding, rules: tuple[Rule, ...], *, budget: int = BUDGET
) -> dict[str, Any] | None:
    """Find the least form of the question behind `finding`; None where there is no smaller one."""
    params = None if finding.request is None else parameters(finding.request)
    if not params or len(params) <= 1 or any(isinstance(value, list | dict) for value in params.values()):
        return None
    # Here: it loads Hypothesis, and most runs have nothing to shrink.
    from happytalk_contract.questions.strategies import least, simpler

    stop_at = desk.left - budget
    known: dict[str, bool] = {}

    def fails(form: dict[str, Any]) -> bool:
        text = repr(sorted(form.items(), key=lambda item: item[0]))
        if text not in known:
            request = desk.question(form, "a simpler form of what departs")
            kept = desk.kept(request)
            if kept is None and desk.left <= stop_at:
                return False
            view = desk.ask(request) if kept is None else kept
            known[text] = isinstance(view, RoomsView) and departs(desk, view, finding, rules)
        return known[text]

    smallest = least(simpler(params), fails, by=desk.seed)
    return smallest if smallest is not None and len(smallest) < len(params) else None


def departs(desk: Desk, view: RoomsView, finding: Finding, rules: tuple[Rule, ...]) -> bool:
    """Whether `view` departs in the same way: by the same message of a rule, doubtful or not."""
    for rule in rules:
        for verdict in verdicts(rule, desk.evidence):
            if verdict is HELD:
                continue
            found = verdict.finding if isinstance(verdict, Doubt) else verdict
            if found.message == finding.message and view.number in found.exchanges:
                return True
    return False
