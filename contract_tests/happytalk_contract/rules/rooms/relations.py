"""Rules over several answers: filters complete, dates, pages, sorts and limits agree.

All stand on `Evidence.comparisons`: an answer predicted from a whole reading of its window. A departure is
told only where two equal readings bracket it; else it is a doubt, and the runner looks again.
Source: chat_room_lists, Request.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from typing import Final, NamedTuple

from happytalk_contract.evidence.blame import PLAIN, Blamed
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.predictions import TOLD
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.rules.rule import HELD, Doubt, Verdict, rule
from happytalk_contract.rules.telling import finding, shown

OVER_DATE: Final = -504

#: Faults of single answers that explain what relations see in the same answers.
LOCAL: Final = (
    "envelope:* echo.* limit.most status.sound order.* "
    "field.*:id field.*:reg_date field.*:complate_date field.*:status*"
)
#: Faults that make every prediction doubtful: the reading that it stands on has them too.
BASIS: Final = "count unique dates.sound* sense.* same_answer read_only"


@rule("rooms.answered", "a well-formed question", explained_by=LOCAL, akin=BASIS)
def answered(evidence: Evidence) -> Iterator[Verdict]:
    """token: 고객사 토큰; a valid token with documented parameters gets result success."""
    # As others by the same credentials are.
    accepted = {_has_client(view) for view in evidence.rooms if view.kind == "success" and view.meaning}
    for view in evidence.rooms:
        if view.meaning is None or not view.is_plain or view.meaning.page != 1:
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
        yield found if len(refused) > 1 else Doubt(finding=found)
    for one in evidence.departures.get("rooms.answered", ()):
        if one.made.view.meaning is not None and one.made.view.meaning.page > 1:
            yield _told(evidence, one)


def _has_client(view: RoomsView) -> bool:
    return "HT-Client-Id" in view.exchange.request.headers


def _told(evidence: Evidence, one: Blamed) -> Verdict:
    found = finding(
        one.made.view,
        TOLD[one.departure.kind],
        one.departure.received,
        one.departure.expected,
        one.departure.json_path,
        subject=one.departure.subject or "+".join(sorted(one.common - PLAIN)),
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


class Predicted(NamedTuple):
    """A rule whose answers are as predicted."""

    name: str
    needs: str
    sentence: str
    with_all: Set[str] = frozenset()  #: traits that a question exercising it has
    with_any: Set[str] = frozenset()  #: traits of which it has one at least
    without: Set[str] = frozenset()  #: traits that it does not have
    explained_by: str = ""


def predicted(evidence: Evidence, line: Predicted) -> Iterator[Verdict]:
    """Answers are as predicted."""
    for made in evidence.comparisons:
        if made.departure is not None or not made.had_rooms or made.traits & line.without:
            continue
        if line.with_all <= made.traits and (not line.with_any or line.with_any & made.traits):
            yield HELD
    for one in evidence.departures.get(f"rooms.{line.name}", ()):
        yield _told(evidence, one)


PREDICTED: Final = tuple(
    rule(
        f"rooms.{line.name}",
        line.needs,
        sentence=line.sentence,
        explained_by=f"{LOCAL} {line.explained_by}",
        akin=BASIS,
        line=line,
    )(predicted)
    for line in (
        Predicted(
            "same_room",
            "a room in two lists",
            "A room is the same room in every list.",
            explained_by="field.* sense.*",
        ),
        Predicted(
            "status.complete",
            "rooms of a status in a window that can be read whole",
            "status: exactly the rooms of that status which the 99 (전체) list holds.",
            with_all={"status"},
        ),
        Predicted(
            "dates.today",
            "rooms registered today",
            "null로 넘길경우 당일날짜를 조회합니다: no date means today in Seoul.",
            with_all={"today"},
        ),
        Predicted(
            "dates.priority",
            "a range with rooms, asked with an ndate beside it",
            "ndate, sdate, edate 우선순위는 sdate,edate > ndate > null.",
            with_all={"ndate", "range"},
        ),
        Predicted(
            "dates.ndate",
            "a day with rooms",
            "ndate: 조회 일자; one day, the same as sdate = edate = that day.",
            with_all={"ndate"},
            without={"range"},
        ),
        Predicted(
            "dates.range",
            "a range with rooms",
            "sdate 검색 시작일, edate 검색 종료일: both included; a range is the union of its days.",
            without={"ndate", "today"},
        ),
        Predicted(
            "pages.partition",
            "a list with a second page",
            "page: 페이지 번호; page k holds the k-th part of the sorted list.",
            with_all={"page"},
        ),
        Predicted(
            "sorts.union",
            "rooms under each sort",
            "sort_key, sort_value: the rooms do not depend on the order asked for.",
            with_any={"sort_key", "sort_value"},
        ),
        Predicted(
            "limits.union",
            "rooms under several limits",
            "limit: the rooms do not depend on the size of a page.",
            with_all={"limit"},
        ),
        Predicted(
            "count.exact",
            "a window that can be read whole",
            "total_count: 상담방 개수, every room that matches.",
        ),
    )
)
