"""Rules over several answers: filters complete, dates, pages, sorts and limits agree.

All stand on `Evidence.comparisons`: an answer predicted from a whole reading of its window. A departure is
told only where two equal readings bracket it; else it is a doubt, and the runner looks again.
Source: chat_room_lists, Request.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from happytalk_contract.evidence.blame import PLAIN, Blamed
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.predictions import TOLD
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.rules.rule import HELD, Doubt, Verdict, rule
from happytalk_contract.rules.telling import finding, shown
from happytalk_contract.rules.wire import SEVERAL

OVER_DATE: Final = -504

#: Faults of single answers that explain what relations see in the same answers.
LOCAL: Final = (
    "envelope:* echo.* limit.most status.sound order.* "
    "field.*:id field.*:reg_date field.*:complate_date field.*:status*"
)
#: Faults that make every prediction doubtful: the reading that it stands on has them too.
BASIS: Final = "count pages.repeat unique dates.sound* sense.* same_answer read_only"


@rule("rooms.answered", "a well-formed question", explained_by=LOCAL, akin=BASIS)
def answered(evidence: Evidence) -> Iterator[Verdict]:
    """token: 고객사 토큰; a valid token with documented parameters gets result success."""
    # As others by the same credentials are.
    accepted = {_has_client(view) for view in evidence.rooms if view.kind == "success" and view.meaning}
    # Once may be anything; one question refused twice is no accident, nor are several that are answered otherwise.
    both = {view.asked for view in evidence.rooms if view.kind == "success"}
    fleeting = {view.asked for view in evidence.rooms if view.kind == "failure" and view.is_plain} & both
    inside = _pages_inside(evidence)
    for view in evidence.rooms:
        if (
            view.meaning is None
            or not view.is_plain
            or (view.meaning.page != 1 and view.number not in inside)
        ):
            continue
        if view.kind != "failure":
            yield HELD
            continue
        code = view.fields.get("code")
        if code == OVER_DATE or _has_client(view) not in accepted:
            continue
        received = f"failure with code {shown('code', code)}"
        found = finding(view, TOLD["refused"], received, "a success", "$.result")
        refused = [other for other in evidence.by_request[view.asked] if other.kind == "failure"]
        is_sure = len(refused) > 1 or (view.asked in fleeting and len(fleeting) >= SEVERAL)
        yield found if is_sure else Doubt(finding=found)
    for one in evidence.departures.get("rooms.answered", ()):
        if one.made.view.meaning is not None and one.made.view.meaning.page > 1:
            yield _told(evidence, one, "")


def _pages_inside(evidence: Evidence) -> set[int]:
    """Later pages that begin well before the end of their list, by each total_count that was told of it."""
    lists: dict[Any, list[RoomsView]] = defaultdict(list)
    for view in evidence.rooms:
        if view.judged is not None and view.window is not None and view.is_plain:
            lists[view.window, view.judged.status].append(view)
    return {
        view.number
        for views in lists.values()
        if (totals := [view.total for view in views if view.total])
        for view in views
        if view.judged and 1 < view.judged.page < min(totals) // view.judged.limit
    }


def _has_client(view: RoomsView) -> bool:
    return "HT-Client-Id" in view.exchange.request.headers


def _told(evidence: Evidence, one: Blamed, where: str) -> Verdict:
    kind = one.departure.kind
    found = finding(
        one.made.view,
        TOLD[kind] if kind == "strangers" or not where else f"{TOLD[kind]}, {where}",
        one.departure.received,
        one.departure.expected,
        one.departure.json_path,
        subject=one.departure.subject
        or ("" if kind == "strangers" else "+".join(sorted(one.common - PLAIN))),
        kind=kind,
        after=one.made.read,
    )
    if one.is_certain:
        return found
    has_moved = evidence.readings.is_moving or not one.made.is_calm
    return HELD if one.is_withdrawn and has_moved else Doubt(finding=found)


@rule("rooms.period", "a period refused with -504", explained_by=LOCAL, akin=BASIS)
def period(evidence: Evidence) -> Iterator[Verdict]:
    """-504 overDate: query period over the maximum."""
    spans: dict[bool, list[tuple[int, RoomsView]]] = {True: [], False: []}
    for view in evidence.rooms:
        over = view.kind == "failure" and view.fields.get("code") == OVER_DATE
        if view.judged and view.window and (over or view.is_list):
            spans[over].append(((view.window[1] - view.window[0]).days, view))
    longest = max((days for days, _view in spans[False]), default=0)
    for days, view in spans[True]:
        message = "a period is refused as too long, though a longer one is answered"
        received, expected = f"-504 for {days + 1} days", f"an answer, as for {longest + 1} days"
        yield HELD if days > longest else finding(view, message, received, expected, "$.code")


def predicted(
    evidence: Evidence, told_as: str, traits: Mapping[str, Collection[str]], where: str
) -> Iterator[Verdict]:
    """Answers are as predicted."""
    needed, any_of, without = (frozenset(traits.get(kind, ())) for kind in ("all", "any", "without"))
    for made in evidence.comparisons:
        if made.departure is not None or not made.had_rooms or made.traits & without:
            continue
        if needed <= made.traits and (not any_of or any_of & made.traits):
            yield HELD
    for one in evidence.departures.get(told_as, ()):
        yield _told(evidence, one, where)


_TABLE: Final = tomllib.loads(Path(__file__).with_name("predicted.toml").read_text(encoding="utf-8"))
PREDICTED: Final = tuple(
    rule(
        f"rooms.{name}",
        line["needs"],
        sentence=line["sentence"],
        explained_by=f"{LOCAL} {line.get('explained_by', '')}",
        akin=f"{BASIS} {line.get('akin', '')}",
        told_as=f"rooms.{name}",
        traits=line,
        where=line.get("where", ""),
    )(predicted)
    for name, line in _TABLE.items()
)
