"""Judging without asking: recordings judge alike, exit codes, what is told of rules that saw nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from fake_api import NOW, TODAY, FakeApi

from happytalk_contract.core.model import Exchange, ExitCode, Finding, Response, Severity, Status
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.recording import load, renumbered, save
from happytalk_contract.evidence.views import as_count
from happytalk_contract.questions.meaning import messages, rooms
from happytalk_contract.rules.catalogue import RULES
from happytalk_contract.verdict.judge import Bench, judge

WINDOW = {"sdate": "2026-11-01", "edate": "2026-11-04"}


def exchanges(api: FakeApi, *params: dict) -> list[Exchange]:
    return [api(rooms(one)) for one in params]


def loses_one(answer: dict, params: dict) -> dict:
    """Drop a room where status 2 is asked for, and count one less."""
    if params.get("status") != 2:
        return answer
    data = answer["data"]
    return {
        **answer,
        "data": {**data, "total_count": data["total_count"] - 1, "chat_list": data["chat_list"][1:]},
    }


WHOLE = {**WINDOW, "limit": 50}
DONE = {**WHOLE, "status": 2}


def signatures(seen: list[Exchange]) -> list[str]:
    return [finding.signature for finding in judge(seen).findings]


@pytest.mark.parametrize(
    ("value", "count"),
    [
        *((5, 5), ("-5", -5), ("9" * 18, 10**18 - 1)),
        *((each, None) for each in ("9" * 19, True, 1.0, "", "x", None)),
    ],
)
def test_what_is_read_as_a_count(value: object, count: int | None) -> None:
    assert as_count(value) == count


@pytest.mark.parametrize(
    ("change", "is_list"),
    [({}, True), ({"total_count": None}, False), ({"total_count": "x"}, False), ({"chat_list": None}, False)],
)
def test_a_list_is_a_success_with_rooms_and_a_count(change: dict, is_list: bool) -> None:
    api = FakeApi(change=lambda answer, _params: {**answer, "data": {**answer["data"], **change}})
    (view,) = Evidence(exchanges(api, WHOLE)).rooms
    assert view.is_list is is_list
    api.change = lambda answer, _params: {**answer, "result": "fail", "code": -505, "message": ""}
    (view,) = Evidence(exchanges(api, WHOLE)).rooms
    assert (view.kind, view.is_list) == ("failure", False)


def test_a_departure_is_told_only_between_two_equal_readings() -> None:
    assert signatures(exchanges(FakeApi(change=loses_one), WHOLE, DONE, DONE, WHOLE)) != []
    assert signatures(exchanges(FakeApi(change=loses_one), WHOLE, DONE, WHOLE)) != []
    assert signatures(exchanges(FakeApi(change=loses_one), WHOLE, DONE, DONE)) == []
    assert signatures(exchanges(FakeApi(), WHOLE, DONE, DONE, WHOLE)) == []


def test_what_departs_once_is_told_unless_data_moved_in_that_run() -> None:
    departing, true = FakeApi(change=loses_one), FakeApi()
    seen = [*exchanges(true, WHOLE), *exchanges(departing, DONE), *exchanges(true, WHOLE)]
    assert signatures(renumbered(seen)) == ["rooms.status.complete:status"]
    true.stored.remove(next(room for room in true.stored if room["reg_date"][:10] == "2026-11-02"))
    assert signatures(renumbered([*seen, *exchanges(true, WHOLE)])) == []


def test_a_room_that_comes_in_between_is_no_departure() -> None:
    api = FakeApi()
    seen = exchanges(api, WHOLE, DONE)
    gone = next(room for room in api.stored if room["status"] == "2" and room["reg_date"] > "2026-11-01")
    api.stored.remove(gone)
    seen += exchanges(api, DONE, WHOLE, DONE, WHOLE)
    assert signatures(seen) == []


def test_a_saved_recording_is_judged_as_the_run_was(tmp_path: Path) -> None:
    seen = exchanges(FakeApi(change=loses_one), WHOLE, DONE, DONE, WHOLE)
    save(seen, tmp_path / "run.jsonl")
    before, after = judge(seen), judge(load(tmp_path / "run.jsonl"))
    assert [finding.signature for finding in before.findings] == [
        finding.signature for finding in after.findings
    ]
    assert before.rules == after.rules


def test_a_field_that_only_some_answers_add_is_told() -> None:
    """The rooms are all known by then, and read as they did but for the field."""

    def tagged(answer: dict, params: dict) -> dict:
        listed = answer["data"]["chat_list"]
        more = {"tags": []} if params.get("status") == 2 else {}
        return {**answer, "data": {**answer["data"], "chat_list": [{**room, **more} for room in listed]}}

    report = judge(exchanges(FakeApi(change=tagged), WHOLE, DONE))
    assert [(found.signature, found.exchanges) for found in report.findings] == [
        ("rooms.field.more:tags", (2,))
    ]


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        ([], ExitCode.NOTHING_JUDGED),
        (exchanges(FakeApi(stored=[]), WHOLE), ExitCode.NOTHING_JUDGED),
        (exchanges(FakeApi(), WHOLE), ExitCode.CONFORMS),
        (
            exchanges(FakeApi(change=lambda answer, _params: {**answer, "result": "ok"}), WHOLE),
            ExitCode.DRIFT,
        ),
    ],
)
def test_exit_codes(seen: list[Exchange], code: int) -> None:
    assert judge(seen).exit_code == code


def test_what_counts_as_drift_can_be_chosen() -> None:
    seen = exchanges(FakeApi(change=lambda answer, _params: {**answer, "result": "ok"}), WHOLE, WHOLE)
    assert judge(seen, fail_on=frozenset({Severity.VALUE})).exit_code == ExitCode.CONFORMS


def test_rules_that_saw_nothing_say_what_they_need() -> None:
    outcomes = {outcome.id: outcome for outcome in judge(exchanges(FakeApi(), WHOLE)).rules}
    partition = outcomes["rooms.pages.partition"]
    assert (partition.status, partition.note) == (Status.NOT_EXERCISED, "needs a list with a second page")
    assert outcomes["rooms.order.reg_date.desc"].status is Status.PASS
    assert len(outcomes) == len(RULES)


def test_an_endpoint_that_is_not_asked_is_skipped() -> None:
    report = judge(exchanges(FakeApi(), WHOLE), skipped={"messages": "not asked"})
    assert {rule.status for rule in report.rules if rule.endpoint == "messages"} == {Status.SKIPPED}


def test_a_rule_alone() -> None:
    report = judge(exchanges(FakeApi(), WHOLE), only_rules=frozenset({"rooms.unique"}))
    assert [rule.id for rule in report.rules] == ["rooms.unique"]
    assert report.exit_code == ExitCode.CONFORMS


def at(moment: str, seconds: float = 0.01, **headers: str) -> Exchange:
    hour, minute, second = map(int, moment.split(":"))
    started = NOW.replace(hour=hour, minute=minute, second=second)
    response = Response(status=200, headers=headers, body=b"{}", seconds=seconds)
    return Exchange(number=1, started=started.timestamp(), request=rooms(), response=response)


@pytest.mark.parametrize(
    ("exchange", "known"),
    [
        (at("00:30:00"), True),  # still yesterday in UTC
        (at("14:00:00"), True),
        (at("23:59:58"), False),
        (at("00:00:01"), False),
        (at("23:59:50", seconds=20.0), False),
        (at("23:59:30", date="Thu, 05 Nov 2026 15:00:10 GMT"), False),
        (at("23:59:30", date="Thu, 05 Nov 2026 14:59:31 GMT"), True),
        (at("14:00:00", date="Thu, 26 May 2022 03:00:00 GMT"), True),  # a mock with a clock of its own
        (at("14:00:00", date="nonsense"), True),
    ],
)
def test_today_is_seouls_and_unknown_around_midnight(exchange: Exchange, known: bool) -> None:
    (view,) = Evidence([exchange]).rooms
    assert view.today == (TODAY if known else None)


def message(number: int, **changes: object) -> dict:
    return {
        "id": number, "name": "n", "status": "A", "createdAt": "2019-10-31 18:26:12",
        "modifiedAt": "2019-10-31 18:26:33", "inspectStatus": "APR", "inspectRequestAt": "2019-10-31 18:26:28",
        "inspectedAt": "2019-10-31 18:26:33",
        "messages": [{"messageType": "ST", "content": "c", "buttons": [
            {"ordering": 1, "linkType": "WL", "linkName": "l", "linkMobile": "http://m", "linkPc": None}]}],
        "comments": [{"id": 1, "content": None, "userName": "u", "createdAt": "2019-10-31 18:26:33",
                      "status": "APR"}],
    } | changes  # fmt: skip


def told(number: int, data: object, *, code: object = "200", **asked: object) -> Exchange:
    body = {"code": code, "data": data} if code == "200" else {"code": code, "message": "말"}
    response = Response(
        status=200, headers={"content-type": "application/json"}, body=json.dumps(body).encode(), seconds=0.0
    )
    return Exchange(number=number, started=NOW.timestamp(), request=messages(**asked), response=response)


def findings(*seen: Exchange) -> list[Finding]:
    return [one for found in judge(seen).findings for one in (found, *found.folded)]


@pytest.mark.parametrize(
    ("changes", "signature"),
    [
        ({"status": "T"}, "messages.normal"),
        ({"status": "X"}, "messages.field.code:message.status=X"),
        ({"id": "175"}, "messages.field.type:message.id"),
        ({"createdAt": "2019-10-31"}, "messages.field.time:message.createdAt"),
        ({"modifiedAt": None}, "messages.field.type:message.modifiedAt"),
        ({"modifiedAt": "2019-10-30 00:00:00"}, "messages.sense.modified"),
        ({"inspectedAt": "2019-10-30 00:00:00"}, "messages.sense.inspected"),
        ({"inspectedAt": None}, "messages.sense.inspection"),
        ({"comments": None}, "messages.field.type:message.comments"),
        ({"messages": [{"messageType": "S5", "content": "c", "buttons": [1]}]}, "messages.sense.buttons"),
        ({"messages": [{"content": "c", "buttons": []}]}, "messages.field.present:part.messageType"),
    ],
)
def test_message_rules(changes: dict, signature: str) -> None:
    assert signature in [found.signature for found in findings(told(1, [message(1, **changes)]))]


def test_true_messages_are_left_in_peace() -> None:
    listing = [message(1), message(2, inspectStatus="REG", inspectedAt=None, inspectRequestAt="")]
    seen = [
        told(1, listing),
        told(2, [listing[0]], message_id="1"),
        told(3, None, code="508", message_id="9"),
        told(4, [message(7, status="T")], message_id="7"),
        told(5, None, code="403", headers={}),
        told(6, [], sender_key="other"),
        told(7, listing),
    ]
    assert findings(*seen) == []


@pytest.mark.parametrize(
    ("between", "signature"),
    [
        (told(2, None, code="508", message_id="1"), "messages.list_and_id:found"),
        (told(2, [message(1, name="m")], message_id="1"), "messages.list_and_id:content"),
        (told(2, [message(9)], message_id="9"), "messages.list_and_id:listed"),
        (told(2, [message(2)], message_id="1"), "messages.by_id"),
        (told(2, [message(1)], headers={}), "messages.required:HT-Client-Id"),
        (told(2, [message(1)], sender_key="other"), "messages.required:senderKey"),
        (told(2, None, code="599", message_id="9"), "messages.code:code=599"),
    ],
)
def test_message_relations(between: Exchange, signature: str) -> None:
    listing = [message(1)]
    report = judge([told(1, listing), between, told(3, listing)])
    assert [found.signature for found in report.findings] == [signature]


def calls(count: int) -> int:
    """How many calls in Python it takes to judge `count` rounds of messages, the list and one by id."""
    seen = [
        told(2 * at + page, [message(1), message(2)][: 2 - page], message_id="1" if page else None)
        for at in range(count)
        for page in (0, 1)
    ]
    made = 0

    def count_one(_frame: object, event: str, _arg: object) -> None:
        nonlocal made
        made += event == "call"

    sys.setprofile(count_one)
    try:
        judge(seen)
    finally:
        sys.setprofile(None)
    return made


@pytest.mark.slow
def test_the_work_of_judging_messages_grows_as_their_number() -> None:
    assert calls(120) < 2.3 * calls(60)


def test_a_conclusion_is_drawn_anew_after_one_more_exchange() -> None:
    """Judged bit by bit, evidence says what it says when it is judged at once."""
    seen = exchanges(FakeApi(change=loses_one), WHOLE, DONE, DONE, WHOLE, DONE)
    seen += [told(6, [message(1)]), told(7, [message(1)], headers={}), told(8, [message(1)])]
    evidence = Evidence()
    bench = Bench(evidence)
    for number, exchange in enumerate(seen, 1):
        evidence.add(exchange)
        assert bench.assess() == Bench(Evidence(seen[:number])).assess()
