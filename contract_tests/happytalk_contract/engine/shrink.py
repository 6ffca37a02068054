"""The least request that shows a departure: Hypothesis shrinks, then each parameter that is left is proven needed.

A form that was asked before is answered from the recording. One that the budget does not reach counts as not
departing, so the search ends with the least that was seen. Then each parameter is left out in turn, and stays out if
it still departs: what is left is proven least.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from happytalk_contract.core.model import Finding, Request, within
from happytalk_contract.engine.scout import Account
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.predictions import TOLD
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.questions.meaning import MOST_PER_PAGE, as_body, as_day, parameters
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
SHORT_RANGES: Final = 2
BUDGET: Final = SEARCH + len(PARTS) + SHORT_RANGES
#: Departures of one list: a simpler question may show the same fault by another of them.
OF_LISTS: Final = ("missing", "count", "place", "twice")
WHY: Final = "a simpler form of what departs"


#: Requests that the least form of a question about messages may take, and looking again at it.
OF_MESSAGES: Final = 3


def shrink(desk: Desk, finding: Finding, rule: Rule, account: Account) -> tuple[Request, ...]:
    """Find the least form of the question behind `finding`, last, with what it takes beside it; () where unknown."""
    asked = finding.request
    if asked is not None and asked.endpoint == "messages":
        return _of_messages(desk, finding, rule, asked)
    body = None if asked is None else _object(asked)
    if asked is None or not body or body.keys() == {"token"}:  # there is nothing to leave out
        return ()

    beside = _page_beside(desk, finding)
    body = body if beside is None else _on_page(body, 1)

    def written(form: dict[str, Any]) -> Request:
        return replace(asked, body=as_body(form), why=WHY)

    def needed(form: dict[str, Any]) -> tuple[Request, ...]:
        return (*(() if beside is None else [written(_on_page(form, beside))]), written(form))

    def fails(form: dict[str, Any], *, to: int) -> bool:
        view = None
        for request in needed(form):
            view = desk.kept(request)
            if view is None and desk.left > to:
                asked_now = desk.ask(request)
                view = asked_now if isinstance(asked_now, RoomsView) else None
        return view is not None and departs(desk, view, finding, rule)

    found = body
    params = {name: value for name, value in body.items() if name != "token"}
    if parameters(asked) and not any(isinstance(value, list | dict) for value in params.values()):
        stop = max(0, desk.left - SEARCH)
        token = {"token": body["token"]}
        simplest = least(simpler(params), lambda form: fails(token | form, to=stop), by=desk.seed)
        found = body if simplest is None else token | simplest
    found = _without_parts(found, lambda form: fails(form, to=0))
    for window in _short_ranges(found, finding, account):
        if fails({**found, **window}, to=0):
            return needed({**found, **window})
    return needed(found)


def _without_parts(form: dict[str, Any], fails: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Leave out each parameter in turn, and let it stay out where it still departs."""
    known = {name for part in PARTS for name in part} | {"token"}
    for part in (*((name,) for name in form if name not in known), *PARTS):
        rest = {name: value for name, value in form.items() if name not in part}
        if len(rest) < len(form) and fails(rest):
            form = rest
    return form


def _on_page(form: Mapping[str, Any], page: int) -> dict[str, Any]:
    return {name: value for name, value in form.items() if name != "page"} | (
        {"page": page} if page > 1 else {}
    )


def _page_beside(desk: Desk, finding: Finding) -> int | None:
    """The later page of a list, where its first page only shows it together with that."""
    if finding.rule != "rooms.pages.repeat" or len(finding.together) != 2:
        return None
    views = (view for view in desk.evidence.rooms if view.number in finding.together)
    first, *later = sorted(view.meaning.page for view in views if view.meaning)
    return later[0] if first == 1 and later else None


def _of_messages(desk: Desk, finding: Finding, rule: Rule, asked: Request) -> tuple[Request, ...]:
    """Leave out of the query what it departs without; () where that is nothing."""
    found = asked
    for one in asked.query if not finding.together else ():
        request = replace(found, query=tuple(other for other in found.query if other != one), why=WHY)
        if desk.left and shows(rule, finding, desk.ask(request)):
            found = request
    return () if found is asked else (found,)


def _short_ranges(form: Mapping[str, Any], finding: Finding, account: Account) -> Iterator[dict[str, str]]:
    """Two days in place of those of `form`, where their whole list is one page and that of `form` is not."""
    first, last = as_day(form.get("sdate")), as_day(form.get("edate"))
    if finding.kind not in TOLD or first is None or last is None:
        return
    if account.count((first, last)) <= MOST_PER_PAGE:
        return
    pairs = [
        (day, day + timedelta(days=1))
        for day in account.days
        if within((day, day + timedelta(days=1)), account.window)
    ]
    short = [
        pair for pair in pairs if account.count(pair) <= MOST_PER_PAGE and account.count((pair[1], pair[1]))
    ]
    for first, last in sorted(short, key=account.count)[-SHORT_RANGES:]:
        ndate = {"ndate": first.isoformat()} if form.get("ndate") else {}
        yield {"sdate": first.isoformat(), "edate": last.isoformat(), **ndate}


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
    if finding.kind in TOLD:  # by whichever parameter it is blamed on then
        made = next((made for made in desk.evidence.comparisons if made.view is view), None)
        ways = OF_LISTS if finding.kind in OF_LISTS else (finding.kind,)
        if made is not None:
            return made.departure is not None and made.departure.kind in ways
    for verdict in verdicts(rule, desk.evidence):
        if verdict is not HELD:
            found = verdict.finding if isinstance(verdict, Doubt) else verdict
            if found.message == finding.message and view.number in found.exchanges:
                return True
    return False
