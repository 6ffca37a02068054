"""What the kit promises of its verdicts, one test a promise: each fails when the promise is broken."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from fake_api import FakeApi
from test_judge import WHOLE, WINDOW, message, told
from test_rules import run as run_fake
from test_runner import NOW, credentials, play, settings
from tests.rival import RivalServer

from happytalk_contract.core.model import Exchange, Finding, Request, Response, RunReport, Status
from happytalk_contract.engine.runner import run
from happytalk_contract.evidence.views import rooms_view
from happytalk_contract.questions.meaning import ABSENT, parameters, rooms, rooms_raw
from happytalk_contract.rules.catalogue import RULES
from happytalk_contract.rules.rooms.failures import has_wrong_token
from happytalk_contract.verdict import judge as judging
from happytalk_contract.verdict.judge import judge

pytestmark = pytest.mark.usefixtures("wireless")


def found(report: RunReport) -> dict[str, Finding]:
    return {one.rule: one for finding in report.findings for one in (finding, *finding.folded)}


def asked(api: FakeApi, *params: dict[str, Any]) -> list[Exchange]:
    return [api(rooms(one)) for one in params]


def failing(exchange: Exchange, status: int, body: bytes = b"") -> Exchange:
    answer = Response(
        status=status, headers={"content-type": "application/json"}, body=body or b"{}", seconds=0.0
    )
    return replace(exchange, response=answer)


def cut(exchange: Exchange, fault: str = "connection dropped") -> Exchange:
    return replace(exchange, response=None, fault=fault)


# --- the wire ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 599])
@pytest.mark.parametrize("endpoint", ["rooms", "messages"])
def test_a_5xx_is_no_legal_answer_whatever_it_says(endpoint: str, status: int) -> None:
    if endpoint == "rooms":
        seen = asked(FakeApi(), WHOLE, {**WHOLE, "status": 1}, {**WHOLE, "status": 2})
        kept = b'{"result":"fail","code":-505,"message":"parameter"}'
    else:
        seen = [told(number, [message(1)]) for number in (1, 2, 3)]
        kept = b'{"code":"510","message":"m"}'
    rule = f"{endpoint}.wire.server_error"
    one = judge([seen[0], failing(seen[1], status, kept), seen[2]])
    assert rule not in found(one)  # a single one may be a gateway's
    # What is asked again and answered is settled; among the messages it is the same question.
    note = "1 not judged:" if endpoint == "rooms" else ""
    assert [outcome.note[:13] for outcome in one.rules if outcome.id == rule] == [note]
    both = judge([seen[0], failing(seen[1], status, kept), failing(seen[2], status, kept)])
    finding = found(both)[rule]
    assert (finding.received, finding.exchanges) == (f"HTTP {status}", (2, 3))
    assert both.exit_code == 1


def test_a_4xx_is_no_server_error() -> None:
    seen = [
        failing(one, 499, b'{"result":"fail","code":-505,"message":"p"}')
        for one in asked(FakeApi(), WHOLE, WHOLE)
    ]
    assert "rooms.wire.server_error" not in found(judge(seen))


@pytest.mark.parametrize("fault", ["connection dropped", "content encoding broken"])
def test_a_connection_that_is_cut_each_time_is_told_and_one_that_is_cut_once_is_not(fault: str) -> None:
    seen = asked(FakeApi(), WHOLE, {**WHOLE, "status": 1}, {**WHOLE, "status": 1}, {**WHOLE, "status": 2})
    once = judge([seen[0], cut(seen[1], fault), seen[2], cut(seen[3], fault)])
    assert "rooms.wire.whole" not in found(once)
    each = judge([seen[0], cut(seen[1], fault), cut(seen[2], fault)])
    finding = found(each)["rooms.wire.whole"]
    assert "each time" in finding.message
    assert finding.received == fault
    assert finding.exchanges == (2, 3)
    assert each.exit_code == 1


@pytest.mark.parametrize(
    ("body", "told_as"),
    [
        (b"", "an empty body"),
        (b" \n", "an empty body"),
        (b"<!doctype html><p>x", "19 bytes of HTML or XML"),
        (b"\xef\xbb\xbf{}", "a body that begins with a byte order mark"),
        (b"\xff\xfe{}", "4 bytes of UTF-16, not UTF-8"),
        ('"상담방"'.encode("euc-kr"), "8 bytes of EUC-KR, not UTF-8"),
        (b'"\xe9t\xe9"', "5 bytes of another encoding, not UTF-8"),
        (b'{"result": ', "11 bytes of JSON that is cut short"),
        (b"NaN", "3 bytes that do not parse"),
        (b"{} {}\n", "6 bytes, JSON and more behind it"),
    ],
)
def test_what_is_no_json_is_told_as_what_it_is(body: bytes, told_as: str) -> None:
    seen = asked(FakeApi(), WHOLE)[0]
    answer = Response(status=200, headers={"content-type": "application/json"}, body=body, seconds=0.0)
    finding = found(judge([replace(seen, response=answer)]))["rooms.wire.json"]
    assert finding.received == f"HTTP 200, {told_as}"
    assert (finding.subject == "empty") == (not body.strip())


def test_messages_that_are_refused_between_two_lists_are_told_and_those_refused_throughout_are_not() -> None:
    refused = b'{"code":"509","message":"sender"}'
    seen = [told(number, [message(1)]) for number in (1, 2, 3)]
    once = judge([seen[0], failing(seen[1], 200, refused), seen[2]])
    assert found(once)["messages.answered"].exchanges == (2,)
    never = judge([failing(one, 200, refused) for one in seen])
    (outcome,) = [rule for rule in never.rules if rule.id == "messages.answered"]
    assert (outcome.status, outcome.note) == (Status.NOT_EXERCISED, "needs a sender with messages")


def test_of_a_failures_code_no_more_is_told_than_a_code_has() -> None:
    """Whatever else stands there may be a secret."""
    refused = failing(told(2, [], message_id="77"), 200, b'{"code":"123456789012","message":"m"}')
    report = judge([told(1, [message(1)]), refused])
    (answer,) = [answer for answer in report.answers if answer.question == "message_unknown_id"]
    assert answer.means == "12345678"


def encoded_twice(name: str) -> FakeApi:
    """An API that takes its own UTF-8 for Latin-1 in one field."""
    api = FakeApi()
    for room in api.stored:
        room[name] = "상담 문의".encode().decode("latin-1")
    return api


def test_text_that_is_encoded_twice_is_told() -> None:
    (told_by,) = judge(asked(encoded_twice("title"), WHOLE)).findings
    assert (told_by.rule, told_by.message) == ("rooms.field.text", "title is encoded twice")
    content = "상담 문의".encode().decode("latin-1")
    parts = [{"messageType": "ST", "content": content, "buttons": []}]
    (told_by,) = judge([told(1, [message(1, messages=parts)])]).findings
    assert (told_by.rule, told_by.message) == ("messages.field.type", "content is encoded twice")


def test_what_a_customer_wrote_may_be_anything() -> None:
    assert judge(asked(encoded_twice("last_message"), WHOLE)).findings == ()


# --- a rule that raises ------------------------------------------------------------------------------------


def test_a_rule_that_raises_takes_no_other_with_it_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_evidence: object) -> Iterator[Any]:
        raise KeyError("id")
        yield

    broken = RULES[3].id
    monkeypatch.setattr(
        judging, "RULES", tuple(replace(rule, check=fails) if rule.id == broken else rule for rule in RULES)
    )
    seen = asked(FakeApi(change=lambda answer, _params: {**answer, "result": "ok"}), WHOLE)
    report = judge(seen)
    (outcome,) = [rule for rule in report.rules if rule.id == broken]
    assert (outcome.status, outcome.exercised) == (Status.NOT_EXERCISED, 0)
    assert "could not judge what it saw (KeyError): a defect of the kit" in outcome.note
    assert len(report.rules) == len(RULES)
    assert report.findings
    assert report.exit_code == 1


# --- predicted pages ---------------------------------------------------------------------------------------


def two_orders_of_ties(answer: dict[str, Any], params: Any) -> dict[str, Any]:
    """Rooms of equal registration change places where a status is asked for; on no page one is lost."""
    if params.get("status") != 2:
        return answer
    listed = answer["data"]["chat_list"]
    order = sorted(range(len(listed)), key=lambda at: (listed[at]["reg_date"], -at), reverse=True)
    return {**answer, "data": {**answer["data"], "chat_list": [listed[at] for at in order]}}


def test_ties_may_stand_in_any_order_on_a_predicted_page() -> None:
    api = FakeApi(change=two_orders_of_ties)
    for room in api.stored:
        room["reg_date"] = room["reg_date"][:11] + "00:00:01"
    done = {**WHOLE, "status": 2}
    assert judge(asked(api, WHOLE, done, done, WHOLE)).findings == ()


def test_a_tied_room_with_another_key_than_its_own_is_told() -> None:
    """The keys of the page are the right ones, but two rooms have exchanged theirs."""

    def exchanged(answer: dict[str, Any], params: Any) -> dict[str, Any]:
        if params.get("sort_value") != "asc":
            return answer
        answer = json.loads(json.dumps(answer))
        one, two = answer["data"]["chat_list"][0], answer["data"]["chat_list"][4]
        one["id"], two["id"] = two["id"], one["id"]
        return answer

    rising = {**WHOLE, "sort_value": "asc"}
    report = judge(asked(FakeApi(change=exchanged), WHOLE, rising, rising, WHOLE))
    assert any(
        "reads differently" in finding.message and "reg_date" in finding.received
        for finding in found(report).values()
    ), report.findings


def test_a_page_that_is_refused_before_the_end_is_told_and_one_past_it_is_not() -> None:
    def refuses(answer: dict[str, Any], params: Any) -> dict[str, Any]:
        total = answer["data"]["total_count"]
        return (
            {"result": "fail", "code": -505, "message": "page"}
            if int(params.get("page", 1)) >= refused_from(total)
            else answer
        )

    pages = [{**WINDOW, "limit": 10, "page": page} for page in (1, 2, 3, 4, 5)]  # of 32 rooms: four pages
    refused_from = lambda _total: 5  # noqa: E731
    past = judge(asked(FakeApi(change=refuses), WHOLE, *pages, *pages, WHOLE))
    assert past.findings == ()
    refused_from = lambda _total: 4  # noqa: E731
    before = judge(asked(FakeApi(change=refuses), WHOLE, *pages, *pages, WHOLE))
    assert before.exit_code == 1
    assert any(
        finding.message == "a well-formed question is refused"
        and finding.request is not None
        and (parameters(finding.request) or {}).get("page") == 4
        for finding in found(before).values()
    ), before.findings


@pytest.mark.parametrize(("page", "is_told"), [(2, True), (4, False)])
def test_a_page_refused_well_before_the_end_is_told_though_nothing_read_the_list_whole(
    page: int, is_told: bool
) -> None:
    def refuses(answer: dict[str, Any], params: Any) -> dict[str, Any]:
        return {"result": "fail", "code": -505, "message": "page"} if params["page"] == page else answer

    pages = [{**WINDOW, "limit": 10, "page": one} for one in (1, page)]  # of 32 rooms: four pages
    report = judge(asked(FakeApi(change=refuses), *pages, *pages))
    assert [finding.rule for finding in report.findings] == ["rooms.answered"] * is_told


@pytest.mark.parametrize("is_moving", [False, True])
def test_a_count_that_depends_on_the_order_is_told_and_one_that_grows_is_not(is_moving: bool) -> None:
    """Days that nothing read whole: no page of them is the last."""
    api = FakeApi()

    def change(answer: dict[str, Any], params: Any) -> dict[str, Any]:
        more = (api.asked > 2) if is_moving else params.get("sort_value") == "asc"
        return {**answer, "data": {**answer["data"], "total_count": answer["data"]["total_count"] + more}}

    api.change = change
    plain, rising = {**WINDOW, "limit": 10}, {**WINDOW, "limit": 10, "sort_value": "asc"}
    report = judge(asked(api, plain, rising, plain, rising, plain))
    assert [(finding.rule, finding.received) for finding in report.findings] == [
        ("rooms.count.sum", "total_count 33, asked with sort_value")
    ] * (not is_moving)


@pytest.mark.parametrize(("lacking", "is_told"), [(10, True), (1, False)])
def test_pages_that_are_empty_the_first_time_are_told_and_a_room_that_comes_between_count_and_list_is_not(
    lacking: int, is_told: bool
) -> None:
    api, seen = FakeApi(), set()

    def change(answer: dict[str, Any], params: Any) -> dict[str, Any]:
        first = params["page"] > 1 and params["page"] not in seen
        seen.add(params["page"])
        answer["data"]["chat_list"] = answer["data"]["chat_list"][lacking * first :]
        return answer

    api.change = change
    days = {"sdate": "2026-10-23", "edate": "2026-11-04", "limit": 10}
    pages = [{**days, "page": page} for page in (1, 2, 3, 4)]
    told = [finding.rule for finding in judge(asked(api, *pages, *pages)).findings]
    assert told == ["rooms.count"] * is_told


@pytest.mark.parametrize(
    ("shown", "more", "received", "at"),
    [
        (None, 1, r"total_count (\d+), (\d+) before; the same rooms", "$.data.total_count"),
        (1, 0, r"1 rooms, (\d+) before", "$.data.chat_list"),
    ],
)
def test_the_same_asked_again_is_told_by_what_differs(
    shown: int | None, more: int, received: str, at: str
) -> None:
    api = FakeApi()

    def change(answer: dict[str, Any], _params: Any) -> dict[str, Any]:
        if api.asked == 3:
            answer["data"]["chat_list"] = answer["data"]["chat_list"][:shown]
            answer["data"]["total_count"] += more
        return answer

    api.change = change
    report = judge(asked(api, WHOLE, WHOLE, WHOLE, WHOLE))
    every = [one for lead in report.findings for one in (lead, *lead.folded)]
    (found,) = [one for one in every if one.rule == "rooms.same_answer"]
    assert re.fullmatch(received, found.received), found.received
    assert found.json_path == at


# --- from one request on -----------------------------------------------------------------------------------


def rewritten(*, since: int, name: str = "customer_uuid", to: str = "", but: str = "") -> FakeApi:
    """An API that writes a field of its rooms otherwise since a request; `but`: not of this status."""
    api = FakeApi()

    def change(answer: dict[str, Any], _params: Any) -> dict[str, Any]:
        for room in answer["data"]["chat_list"] if api.asked >= since else ():
            if room["status"] != but:
                room[name] = to or f"{room[name]}x"
        return answer

    api.change = change
    return api


def test_rooms_that_all_read_otherwise_since_one_request_are_told_with_it() -> None:
    report = judge(asked(rewritten(since=3), WHOLE, WHOLE, WHOLE, WHOLE))
    (finding,) = report.findings
    assert finding.rule == "rooms.same_answer"
    assert finding.message == "rooms of past days read otherwise since one request"
    assert finding.received.endswith("seen before and after request 3")
    assert finding.exchanges == (2, 3)


@pytest.mark.parametrize(
    "changed", [{"name": "category_id", "to": "7"}, {"but": "2"}], ids=["a name", "some"]
)
def test_rooms_of_which_some_change_or_all_in_one_way_are_data_that_move(changed: dict[str, str]) -> None:
    report = judge(asked(rewritten(since=3, **changed), WHOLE, WHOLE, WHOLE, WHOLE))
    assert report.findings == ()


def lacking(at: Callable[[int], bool], *, some: Callable[[int], bool]) -> FakeApi:
    """An API without `some` of its rooms, by their place, while `at` holds of the number of a request."""
    api = FakeApi()
    every = api.stored
    few = [room for place, room in enumerate(every) if not some(place)]

    def change(answer: dict[str, Any], _params: Any) -> dict[str, Any]:
        api.stored = few if at(api.asked + 1) else every
        return answer

    api.stored, api.change = few if at(1) else every, change
    return api


@pytest.mark.parametrize(
    ("at", "told"),
    [(lambda asked: asked < 2, "more"), (lambda asked: asked >= 2, "fewer")],
    ids=["come", "go"],
)
def test_ended_rooms_that_come_or_go_among_others_at_once_are_no_data_that_move(
    at: Callable[[int], bool], told: str
) -> None:
    report = judge(asked(lacking(at, some=lambda place: place % 4 > 0), WHOLE, WHOLE, WHOLE))
    told_by = found(report)["rooms.same_answer"]
    assert told_by.message == "rooms of past days are listed since one request, or no more"
    assert re.fullmatch(rf"\d\d {told} rooms that have ended since request 2", told_by.received)
    assert told_by.exchanges == (1, 2)


@pytest.mark.parametrize(
    ("at", "some"),
    [
        (lambda asked: asked < 2, lambda place: place % 16 == 0),
        (lambda asked: asked >= 2, lambda place: place > 70),
        (lambda asked: asked == 3, lambda place: place % 4 > 0),
    ],
    ids=["few", "the oldest", "once"],
)
def test_rooms_that_come_or_go_otherwise_may_be_data_that_move(
    at: Callable[[int], bool], some: Callable[[int], bool]
) -> None:
    report = judge(asked(lacking(at, some=some), WHOLE, WHOLE, WHOLE))
    assert not [one for one in found(report).values() if "or no more" in one.message]


# --- the least request -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("budget", [260, 300])
def test_shrinking_ends_at_the_least_request(budget: int) -> None:
    """A fault of two parameters together: the finding's request has these and the days, nothing more."""

    def loses_one(answer: dict[str, Any], params: Any) -> dict[str, Any]:
        if params.get("sort_key") != "complate_date" or params.get("status") != 2 or not params.get("sdate"):
            return answer
        data = answer["data"]
        return {
            **answer,
            "data": {**data, "total_count": data["total_count"] - 1, "chat_list": data["chat_list"][1:]},
        }

    report = run_fake(FakeApi(change=loses_one), budget=budget)
    (finding,) = report.findings
    assert finding.request is not None
    asked_for = {
        name: value for name, value in (parameters(finding.request) or {}).items() if name != "token"
    }
    assert asked_for.keys() == {"sdate", "edate", "status", "sort_key"}
    # It was asked for its own sake and bracketed, not met by chance.
    why = [exchange.request.why for exchange in report.exchanges]
    assert {"a simpler form of what departs", "the least request that departs"} <= set(why)


# --- reading changes nothing -------------------------------------------------------------------------------


def spaced(bodies: str, pauses: str) -> list[Exchange]:
    """The sender's list asked over and over: `bodies` names a version of the data, `pauses` the wait before."""
    seen, started = [], NOW.timestamp()
    for number, (version, pause) in enumerate(zip(bodies, pauses, strict=True), 1):
        started += {"-": 0.01, "w": 1.0}[pause]
        exchange = told(number, [message(1, name=version), message(2)])
        seen.append(replace(exchange, started=started))
    return seen


@pytest.mark.parametrize(
    ("bodies", "changes"),
    [
        ("abb" + "cdd" + "eff", True),  # changed at once, never in the wait
        ("abb" + "cdd", False),  # not often enough
        ("aab" + "bbc" + "ccd" + "dde", False),  # moves with time, not with reading
        ("abb" + "cdd" + "eff" + "ggh", False),  # and sometimes by itself
        ("aaa" + "aaa" + "aaa", False),
    ],
)
def test_messages_that_change_by_being_read_are_told(bodies: str, changes: bool) -> None:
    pauses = "w-w" * (len(bodies) // 3)
    report = judge(spaced(bodies, pauses))
    assert ("messages.read_only" in found(report)) == changes


@pytest.mark.slow
def test_the_kit_finds_out_by_an_experiment_whether_reading_changes_messages() -> None:
    with RivalServer(now=NOW, seed=1, faults=["m-reading-modifies"]) as server:
        secrets = {name: value for name, value in credentials(server).items() if name != "HAPPYTALK_TOKEN"}
        report = run(settings(server.base_url, secrets, max_requests=120))
    assert "messages.read_only" in found(report)
    assert report.exit_code == 1


@pytest.mark.slow
def test_rooms_that_change_by_being_read_are_told() -> None:
    with RivalServer(now=NOW, seed=1, faults=["reading-takes"]) as server:
        report = play(server, max_requests=200)
    assert report.exit_code == 1
    assert "rooms.read_only" in found(report)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "over"),
    [
        ("range-ignored", "sdate and edate are"),
        ("ndate-ignored", "ndate is"),
    ],
)
def test_days_that_are_passed_over_for_today_are_told_so(fault: str, over: str) -> None:
    with RivalServer(now=NOW, seed=1, faults=[fault]) as server:
        report = play(server, max_requests=100)
    assert found(report)["rooms.dates.sound"].message == f"{over} passed over: today is listed"


def test_rooms_that_are_again_what_they_were_are_not_changed_by_reading() -> None:
    """A server that answers one in some requests otherwise looks like one that reading changes."""

    def exchanges(*, back: bool) -> list[Exchange]:
        api, made = FakeApi(), []
        for day in range(1, 5):
            question = rooms({"ndate": f"2026-11-{day:02d}", "limit": 50})
            for turn in range(3 + back):
                api.change = None if back and turn == 3 else _fewer(turn > 0)
                made.append(api(question))
                api.waited += 5 * (turn == 1)
        return made

    told = "rooms.read_only"
    assert told in found(judge(exchanges(back=False)))
    assert told not in found(judge(exchanges(back=True)))


@pytest.mark.parametrize(("count", "told"), [(1, "; fields that changed: id"), (4, "")])
def test_reading_that_changes_a_few_fields_names_them(count: int, told: str) -> None:
    def read(turn: int) -> Any:
        def change(answer: dict[str, Any], _params: Any) -> dict[str, Any]:
            for room in answer["data"]["chat_list"] if turn else ():
                room.update({name: f"{room[name]}x" for name in list(room)[:count]})
            return answer

        return change

    api, made = FakeApi(), []
    for day in range(1, 5):
        for turn in range(3):
            api.change = read(turn)
            made.append(api(rooms({"ndate": f"2026-11-{day:02d}", "limit": 50})))
            api.waited += 5 * (turn == 1)
    assert found(judge(made))["rooms.read_only"].received.partition("wait")[2] == told


def _fewer(is_read: bool) -> Any:
    def change(answer: dict[str, Any], _params: Any) -> dict[str, Any]:
        answer["data"]["chat_list"] = answer["data"]["chat_list"][is_read:]
        answer["data"]["total_count"] -= is_read
        return answer

    return change


# --- looking back ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("longest", ["31", "7"])
def test_old_rooms_are_found_in_steps_back_where_no_long_period_is_answered(longest: str) -> None:
    with RivalServer(now=NOW, account="old-data-only", legal=[f"longest-period={longest}"]) as server:
        report = run(settings(server.base_url, credentials(server), max_requests=150))
    fields = next(rule for rule in report.rules if rule.id == "rooms.field.present")
    assert fields.exercised > 20, fields
    assert report.exit_code == 0
    asked_around = [
        exchange.request.why for exchange in report.exchanges if "days around" in exchange.request.why
    ]
    # 31 days reach back to them.
    assert (longest == "7") <= len(asked_around) <= 6


# --- the fault is named ------------------------------------------------------------------------------------


def test_an_empty_page_before_the_end_is_a_fault_of_the_page_not_of_the_count() -> None:
    def empties(answer: dict[str, Any], params: Any) -> dict[str, Any]:
        rest = [] if params.get("page") == 2 else answer["data"]["chat_list"]
        return {**answer, "data": {**answer["data"], "chat_list": rest}}

    page = {**WHOLE, "limit": 3, "page": 2}
    finding = found(judge(asked(FakeApi(change=empties), page, {**page, "sort_value": "asc"}, page, page)))
    assert finding["rooms.count"].message.startswith("a later page does not hold the rooms")


def test_a_success_with_a_5xx_is_told_once_as_the_failing_server() -> None:
    seen = asked(FakeApi(), WHOLE, WHOLE)
    body = seen[0].response.body if seen[0].response else b""
    assert found(judge([failing(one, 502, body) for one in seen])).keys() == {"rooms.wire.server_error"}


@pytest.mark.parametrize(
    ("request_", "wrong"),
    [
        (rooms({}, token="x"), True),
        (rooms({}, token=ABSENT), True),
        (rooms({}, token=None), True),
        (rooms({}), False),
        (rooms({"sort_key": "token"}, token="x"), False),  # which of two counts nobody says
        (rooms_raw(b'{"token":"x"}', content_type="text/plain"), False),
        (rooms_raw(b'{"token":"x"}', method="GET"), False),
        (rooms_raw(b'{"token":"x"'), False),
        (rooms_raw(b'["token"]'), False),
        (rooms_raw(b""), False),
    ],
)
def test_a_wrong_token_is_one_in_a_json_object(request_: Request, wrong: bool) -> None:
    asked = Exchange(number=1, started=0.0, request=request_, response=None)
    assert has_wrong_token(rooms_view(asked)) is wrong
