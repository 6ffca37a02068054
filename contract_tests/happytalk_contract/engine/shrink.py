"""The least request that shows a departure: Hypothesis shrinks, then each parameter that is left is proven needed.

A form that was asked before is answered from the recording. One that the budget does not reach counts as not
departing, so the search ends with the least that was seen. Then each parameter is left out in turn, and stays out if
it still departs: what is left is proven least.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Final

from happytalk_contract.core.model import Finding, Request
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.questions.meaning import as_body, parameters
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
WHY: Final = "a simpler form of what departs"


def shrink(desk: Desk, finding: Finding, rule: Rule) -> Request | None:
    """Find the least form of the question behind `finding`; None where it can not be told."""
    asked = finding.request
    body = None if asked is None else _object(asked)
    if asked is None or not body or body.keys() == {"token"}:  # there is nothing to leave out
        return None

    def written(form: dict[str, Any]) -> Request:
        return replace(asked, body=as_body(form), why=WHY)

    def fails(form: dict[str, Any], *, to: int) -> bool:
        request = written(form)
        view = desk.kept(request)
        if view is None and desk.left > to:
            asked_now = desk.ask(request)
            view = asked_now if isinstance(asked_now, RoomsView) else None
        return view is not None and departs(desk, view, finding, rule)

    found = body
    params = parameters(asked)
    if params and not any(isinstance(value, list | dict) for value in params.values()):
        stop = max(0, desk.left - SEARCH)
        token = {"token": body["token"]}
        simplest = least(simpler(params), lambda form: fails(token | form, to=stop), by=desk.seed)
        found = body if simplest is None else token | simplest
    known = {name for part in PARTS for name in part} | {"token"}
    for part in (*((name,) for name in found if name not in known), *PARTS):
        rest = {name: value for name, value in found.items() if name not in part}
        if len(rest) < len(found) and fails(rest, to=0):
            found = rest
    return written(found)


def _object(request: Request) -> dict[str, Any] | None:
    """What a question holds that is a JSON object written as any; None where it is not."""
    try:
        body = json.loads(request.body or b"")
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) and as_body(body) == request.body else None


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
