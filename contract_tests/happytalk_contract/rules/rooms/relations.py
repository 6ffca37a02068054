"""Rules over several answers: filters complete, dates, pages, sorts and limits agree, counts add up.

All stand on `relations.comparisons`: an answer predicted from a whole reading of its window. A departure is
told only where two equal readings bracket it; else it is a doubt, and the runner looks again.
Source: chat_room_lists, Request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from happytalk_contract.core.model import Severity, Window
from happytalk_contract.evidence.predictions import (
    TOLD,
    Comparison,
    comparisons,
    comparisons_by_request,
    traits,
)
from happytalk_contract.evidence.readings import Evidence
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.rules.repetition import none_left_out, pages_repeat, read_only, same_answer
from happytalk_contract.rules.rule import HELD, Doubt, Rule, Verdict
from happytalk_contract.rules.telling import finding, shown

OVER_DATE: Final = -504

#: Traits that every question over a window has.
PLAIN: Final = frozenset({"range", "days"})
#: Which rule departures belong to, by what is special about all questions that show them; first hit wins.
BLAME: Final = (
    ("status.complete", frozenset({"status"})),
    ("dates.today", frozenset({"today"})),
    ("dates.priority", frozenset({"ndate", "range"})),
    ("dates.ndate", frozenset({"ndate"})),
    ("pages.partition", frozenset({"page"})),
    ("sorts.union", frozenset({"sort_key"})),
    ("sorts.union", frozenset({"sort_value"})),
    ("limits.union", frozenset({"limit"})),
    ("limits.union", frozenset({"limit_over"})),
    ("dates.range", frozenset[str]()),
)


@dataclass(slots=True, kw_only=True)
class _Cluster:
    """Departures that have something special in common: most likely one fault."""

    group: str
    common: frozenset[str]
    members: list[Comparison] = field(default_factory=list)


def departures(evidence: Evidence) -> dict[str, list[tuple[Comparison, frozenset[str]]]]:
    """The departing comparisons by the rule they are blamed on, each with what its cluster has in common."""
    known: dict[str, list[tuple[Comparison, frozenset[str]]]] | None = evidence.concluded.get("departures")
    if known is not None:
        return known
    found: dict[str, list[tuple[Comparison, frozenset[str]]]] = defaultdict(list)
    for cluster in _clusters(evidence):
        name = _blamed(cluster)
        found[name] += [(made, cluster.common) for made in cluster.members]
    evidence.concluded["departures"] = found
    return found


def _clusters(evidence: Evidence) -> list[_Cluster]:
    """Put departures together by what is special in all of them, the certain and the simple ones first."""
    departing = [(made, traits(made.view, made.window)) for made in comparisons(evidence) if made.departure]
    departing.sort(key=lambda pair: (not _is_certain(evidence, pair[0]), len(pair[1]), sorted(pair[1])))
    plain = {_group(made) for made, special in departing if special <= PLAIN and _is_certain(evidence, made)}
    clusters: list[_Cluster] = []
    for made, special in departing:
        group = _group(made)
        joined = next(
            (
                cluster
                for cluster in clusters
                if cluster.group == group and (group in plain or (cluster.common & special) - PLAIN)
            ),
            None,
        )
        if joined is None:
            joined = _Cluster(group=group, common=special)
            clusters.append(joined)
        joined.common &= special
        joined.members.append(made)
    return clusters


def _group(made: Comparison) -> str:
    kind = made.departure.kind if made.departure else ""
    return kind if kind in ("refused", "content") else "list"


def _blamed(cluster: _Cluster) -> str:
    if cluster.group != "list":
        return {"refused": "answered", "content": "same_room"}[cluster.group]
    counts = all(made.departure and made.departure.kind == "count" for made in cluster.members)
    if counts and not cluster.common & {"status", "today", "ndate"}:
        return "count.exact"
    return next(name for name, needed in BLAME if needed <= cluster.common)


def _predicted(name: str, premise: Any) -> Any:
    def check(evidence: Evidence) -> Iterator[Verdict]:
        """Answers are as predicted; `premise` says which comparisons exercise this rule."""
        for made in comparisons(evidence):
            if made.departure is None and made.had_rooms and premise(traits(made.view, made.window)):
                yield HELD
        for made, least in departures(evidence)[name]:
            yield _told(evidence, made, least)

    return check


def _told(evidence: Evidence, made: Comparison, least: frozenset[str]) -> Verdict:
    departure = made.departure
    if departure is None:
        return HELD
    found = finding(
        made.view,
        TOLD[departure.kind],
        received=departure.received,
        expected=departure.expected,
        json_path=departure.json_path,
        subject=departure.subject or "+".join(sorted(least - PLAIN)),
    )
    if _is_certain(evidence, made):
        return found
    return HELD if _withdrawn(evidence, made) else Doubt(finding=found)


def _withdrawn(evidence: Evidence, made: Comparison) -> bool:
    """Whether the same question, asked again later, was answered as predicted: the data had moved."""
    asked = key(made.view.exchange.request)
    return any(
        other.departure is None and other.view.number > made.view.number
        for other in comparisons_by_request(evidence).get(asked, ())
    )


def _is_certain(evidence: Evidence, made: Comparison) -> bool:
    """Whether nothing moved around the answer, and the same question departed more than once."""
    if not made.is_calm:
        return False
    same = comparisons_by_request(evidence).get(key(made.view.exchange.request), ())
    return sum(1 for other in same if other.departure) > 1


def _answered(evidence: Evidence) -> Iterator[Verdict]:
    """A well-formed question with a valid token is answered, as others by the same credentials are."""
    accepted = {_has_client(view) for view in evidence.rooms if view.kind == "success" and view.meaning}
    for view in evidence.rooms:
        means = view.meaning
        if means is None or not means.is_plain or means.page != 1:
            continue
        if view.kind != "failure":
            yield HELD
            continue
        code = view.body.get("code")
        if code == OVER_DATE or _has_client(view) not in accepted:
            continue
        found = finding(
            view,
            TOLD["refused"],
            received=f"failure with code {shown('code', code)}",
            expected="a success",
            json_path="$.result",
        )
        same = evidence.by_request[key(view.exchange.request)]
        yield found if sum(other.kind == "failure" for other in same) > 1 else Doubt(finding=found)
    for made, least in departures(evidence)["answered"]:
        if made.view.meaning is not None and made.view.meaning.page > 1:
            yield _told(evidence, made, least)


def _has_client(view: RoomsView) -> bool:
    return "HT-Client-Id" in view.exchange.request.headers


def _longest_period(evidence: Evidence) -> Iterator[Verdict]:
    """-504 is for periods over a maximum: nothing shorter than an accepted one."""
    spans: dict[bool, list[tuple[int, RoomsView]]] = {True: [], False: []}
    for view in evidence.rooms:
        window = evidence.window(view)
        if view.meaning is None or not view.meaning.is_judged or window is None:
            continue
        over = view.kind == "failure" and view.body.get("code") == OVER_DATE
        if over or view.is_list:
            spans[over].append(((window[1] - window[0]).days, view))
    longest = max((days for days, _view in spans[False]), default=0)
    for days, view in spans[True]:
        yield (
            finding(
                view,
                "a period is refused as too long, though a longer one is answered",
                received=f"-504 for {days + 1} days",
                expected=f"an answer, as for {longest + 1} days",
                json_path="$.code",
            )
            if days <= longest
            else HELD
        )


def _sums(evidence: Evidence) -> Iterator[Verdict]:
    """total_count of a range is the sum over its parts."""
    totals: dict[tuple[Window, int], list[RoomsView]] = defaultdict(list)
    for view in evidence.rooms:
        window = evidence.window(view)
        if view.meaning is not None and view.meaning.is_plain and view.is_list and window is not None:
            totals[window, view.meaning.status].append(view)
    for (window, status), wholes in list(totals.items()):
        for (part, other_status), heads in list(totals.items()):
            if status != other_status or part[0] != window[0] or part[1] >= window[1]:
                continue
            rest = (part[1] + timedelta(days=1), window[1])
            if tails := totals.get((rest, status)):
                yield _summed(evidence, wholes, heads, tails)


def _summed(
    evidence: Evidence, wholes: list[RoomsView], heads: list[RoomsView], tails: list[RoomsView]
) -> Verdict:
    """Doubtful unless the whole was asked before and after its parts and said the same."""
    whole, head, tail = wholes[-1], heads[-1], tails[-1]
    if (whole.total or 0) == (head.total or 0) + (tail.total or 0):
        return HELD
    found = finding(
        whole,
        "total_count of a range is not the sum over its parts",
        received=f"{whole.total} for the whole, {head.total} and {tail.total} for its parts",
        expected="a range is the disjoint union of its days",
        json_path="$.data.total_count",
        more=(head.number, tail.number),
    )
    if evidence.is_moving:
        return Doubt(finding=found)  # what comes and goes can leave the whole as large as it was
    for parts in zip(heads, tails, strict=False):
        first, last = min(view.number for view in parts), max(view.number for view in parts)
        before = [view for view in wholes if view.number < first]
        after = [view for view in wholes if view.number > last]
        if before and after and before[-1].total == after[0].total != sum(view.total or 0 for view in parts):
            return found
    return Doubt(finding=found)


def _steady(name: str, sentence: str, check: Any, needs: str) -> Rule:
    akin = ("rooms.read_only", "rooms.unique")
    return replace(_rule(name, sentence, check, needs), explained_by=akin, akin=akin)


def _rule(
    name: str, sentence: str, check: Any, needs: str, by: tuple[str, ...] = (), akin: tuple[str, ...] = ()
) -> Rule:
    return Rule(
        id=f"rooms.{name}",
        endpoint="rooms",
        sentence=sentence,
        severity=Severity.BREAKING,
        needs=needs,
        check=check,
        explained_by=(*LOCAL, *by, *BASIS, *akin),
        akin=(*BASIS, *akin),
    )


#: Faults of single answers that explain what relations see in the same answers.
LOCAL: Final = (
    "rooms.envelope:*", "rooms.echo.*", "rooms.limit.most", "rooms.status.sound", "rooms.order.*",
    "rooms.field.*:id", "rooms.field.*:reg_date", "rooms.field.*:complate_date", "rooms.field.*:status*",
)  # fmt: skip
#: Faults that make every prediction doubtful: the reading that it stands on has them too.
BASIS: Final = (
    "rooms.count", "rooms.unique", "rooms.dates.sound*", "rooms.sense.*", "rooms.same_answer", "rooms.read_only",
)  # fmt: skip

STEADY: Final = (
    _steady("read_only", "Reading changes nothing.", read_only, "past days that change while they are read"),
    _steady("same_answer", "Asking twice gives the same answer while nothing changes.", same_answer,
          "a list asked twice"),
)  # fmt: skip

RULES: Final = (
    _rule("answered", "token: 고객사 토큰; a valid token with documented parameters gets result success.", _answered,
          "a well-formed question"),
    _rule("period", "-504 overDate: query period over the maximum.", _longest_period, "a period refused with -504"),
    _rule("same_room", "A room is the same room in every list.",
          _predicted("same_room", lambda special: True), "a room in two lists", ("rooms.field.*", "rooms.sense.*")),
    _rule("status.complete", "status: exactly the rooms of that status which the 99 (전체) list holds.",
          _predicted("status.complete", lambda special: "status" in special),
          "rooms of a status in a window that can be read whole"),
    _rule("dates.today", "null로 넘길경우 당일날짜를 조회합니다: no date means today in Seoul.",
          _predicted("dates.today", lambda special: "today" in special), "rooms registered today"),
    _rule("dates.priority", "ndate, sdate, edate 우선순위는 sdate,edate > ndate > null.",
          _predicted("dates.priority", lambda special: {"ndate", "range"} <= special),
          "a range with rooms, asked with an ndate beside it"),
    _rule("dates.ndate", "ndate: 조회 일자; one day, the same as sdate = edate = that day.",
          _predicted("dates.ndate", lambda special: "ndate" in special and "range" not in special),
          "a day with rooms"),
    _rule("dates.range", "sdate 검색 시작일, edate 검색 종료일: both included; a range is the union of its days.",
          _predicted("dates.range", lambda special: "ndate" not in special and "today" not in special),
          "a range with rooms"),
    _rule("pages.partition", "page: 페이지 번호; page k holds the k-th part of the sorted list.",
          _predicted("pages.partition", lambda special: "page" in special), "a list with a second page"),
    _rule("sorts.union", "sort_key, sort_value: the rooms do not depend on the order asked for.",
          _predicted("sorts.union", lambda special: bool(special & {"sort_key", "sort_value"})),
          "rooms under each sort"),
    _rule("limits.union", "limit: the rooms do not depend on the size of a page.",
          _predicted("limits.union", lambda special: "limit" in special), "rooms under several limits"),
    _rule("count.exact", "total_count: 상담방 개수, every room that matches.",
          _predicted("count.exact", lambda special: True), "a window that can be read whole"),
    _rule("pages.repeat", "page: pages neither repeat nor lose a room; ties stay put.", pages_repeat,
          "a list with a second page", (), ("rooms.pages.partition*", "rooms.dates.*", "rooms.limits.*")),
    _rule("status.all", "status 99: 전체; the 99 list leaves none out.", none_left_out,
          "a window that can be read whole",
          ("rooms.field.*",), ("rooms.same_room*", "rooms.dates.*", "rooms.count*", "rooms.pages.*", "rooms.limits.*")),
    _rule("count.sum", "sdate, edate: a range is the disjoint union of its days.", _sums,
          "a range and its two parts", (),
          ("rooms.dates.*", "rooms.count.exact*", "rooms.pages.*", "rooms.status.all*")),
)  # fmt: skip
