"""One fault is one finding: merging by signature, folding under what explains."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase

from happytalk_contract.core.model import Finding, Severity
from happytalk_contract.questions.meaning import messages, rooms, rooms_raw
from happytalk_contract.rules.catalogue import RULES
from happytalk_contract.verdict.fold import effort, fold, merged

BY_ID = {rule.id: rule for rule in RULES}


def found(rule: str, *exchanges: int, subject: str = "", **params: object) -> Finding:
    return Finding(
        rule=rule,
        severity=BY_ID[rule].severity,
        message="departs",
        received="this",
        documented="that",
        request=rooms(params),
        exchanges=exchanges,
        subject=subject,
    )


def told(*findings: Finding) -> list[tuple[str, list[str]]]:
    return [
        (finding.signature, [under.signature for under in finding.folded])
        for finding in fold(findings, BY_ID)
    ]


def test_the_least_request_stands_for_all() -> None:
    (one,) = merged([found("rooms.count", 4, page=2, limit=3), found("rooms.count", 2, page=2)])
    assert one.exchanges == (2, 4)
    assert one.request == rooms({"page": 2})


def test_subjects_stay_apart() -> None:
    assert (
        len(
            merged(
                [found("rooms.field.text", 1, subject="id"), found("rooms.field.text", 1, subject="title")]
            )
        )
        == 2
    )


def test_effort_counts_parameters_first() -> None:
    assert effort(rooms({"page": 2})) < effort(rooms({"page": 2, "limit": 3})) < effort(rooms_raw(b"{"))
    assert effort(messages()) > effort(None) == (False, 0, 0)
    assert effort(rooms({})) == (False, 0, len(rooms({}).body or b""))
    assert effort(rooms({"limit": 0, "page": 1}))[:2] == (True, 2)
    assert effort(rooms_raw(b"[]"))[:2] == effort(rooms_raw(b"{"))[:2] == (True, 100)
    query = sum(map(len, (text for pair in messages().query for text in pair)))
    assert effort(messages()) == (False, 100, query)


def test_what_shows_nowhere_else_is_folded() -> None:
    assert told(
        found("rooms.order.reg_date.desc", 3, 4), found("rooms.pages.partition", 4, subject="page")
    ) == [("rooms.order.reg_date.desc", ["rooms.pages.partition:page"])]


def test_what_shows_elsewhere_too_is_not() -> None:
    assert len(told(found("rooms.order.reg_date.desc", 3), found("rooms.pages.partition", 3, 9))) == 2


def test_several_findings_can_explain_one_together() -> None:
    signatures = told(
        found("rooms.echo.page", 3), found("rooms.status.sound", 4), found("rooms.count.exact", 3, 4)
    )  # fmt: skip
    assert signatures == [("rooms.echo.page", ["rooms.count.exact"]), ("rooms.status.sound", [])]


def test_a_field_explains_what_reads_it_wherever_it_shows() -> None:
    assert told(found("rooms.field.text", 1, subject="status"), found("rooms.status.sound", 8, 9)) == [
        ("rooms.field.text:status", ["rooms.status.sound"])
    ]


def test_another_field_explains_nothing() -> None:
    assert len(told(found("rooms.field.text", 8, 9, subject="title"), found("rooms.status.sound", 8, 9))) == 2


def test_one_direction_is_one_fault() -> None:
    assert told(found("rooms.order.reg_date.asc", 3), found("rooms.order.complate_date.asc", 5)) == [
        ("rooms.order.reg_date.asc", ["rooms.order.complate_date.asc"])
    ]


def test_the_worst_come_first() -> None:
    order = [severity for severity, _ in [
        (finding.severity, finding.rule) for finding in fold(
            [found("rooms.field.more", 1, subject="tags"), found("rooms.field.code", 1, subject="x"),
             found("rooms.count", 2)], BY_ID)
    ]]  # fmt: skip
    assert order == [Severity.BREAKING, Severity.VALUE, Severity.ADDITIVE]


def test_only_earlier_rules_explain() -> None:
    """Folding goes by the catalogue's order, so a pattern must name rules that stand before."""
    places = {rule.id: index for index, rule in enumerate(RULES)}
    for rule in RULES:
        for pattern in rule.explained_by:
            named = [
                name for name in places if fnmatchcase(name, pattern.partition(":")[0].rstrip("*") + "*")
            ]
            assert any(places[name] < places[rule.id] for name in named) or rule.akin, (rule.id, pattern)


def test_which_rooms_a_page_holds_leads_over_how_many() -> None:
    count = replace(found("rooms.count", 3, page=2), kind="count")
    place = replace(found("rooms.pages.partition", 3, page=2, subject="page"), kind="place")
    assert told(count, place) == [("rooms.pages.partition:page", ["rooms.count"])]
    assert told(replace(count, kind=None), place) == [("rooms.count", ["rooms.pages.partition:page"])]


def test_the_least_request_among_those_that_depart_alike_is_told() -> None:
    lead = replace(found("rooms.dates.sound", 3, 4, page=2, limit=3), kind="days")
    least = replace(found("rooms.dates.sound", 3, subject="today"), kind="days", received="of today")
    (one,) = fold([lead, least], BY_ID)
    assert (one.signature, one.request, one.received) == ("rooms.dates.sound", rooms({}), "of today")


def test_of_equal_requests_the_one_that_takes_fewer_beside_it_is_told() -> None:
    long = replace(found("rooms.dates.range", 4), together=(1, 2, 4))
    (one,) = merged([long, replace(long, exchanges=(7,), together=(5, 7))])
    assert (one.together, one.exchanges) == ((5, 7), (4, 7))


def test_a_documented_request_is_less_than_an_odd_one() -> None:
    assert effort(rooms({"sdate": "2010-01-01", "edate": "2010-01-01"})) < effort(rooms({"status": 7}))
    assert effort(rooms({}, token="wrong")) < effort(rooms({"ndate": "2010-01-01"}, token="wrong"))


def test_all_orders_broken_are_one_fault() -> None:
    orders = [
        found(f"rooms.order.{key}.{way}", at)
        for at, (key, way) in enumerate(
            (key, way) for key in ("reg_date", "complate_date") for way in ("desc", "asc")
        )
    ]
    assert told(*orders) == [
        (orders[0].signature, [one.signature for one in (orders[1], orders[2], orders[3])])
    ]
    assert len(told(orders[0], orders[3])) == 2
