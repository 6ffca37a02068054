"""The rules over a small faithful list: silent while it is true, and each fault found by its own rule."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from fake_api import NOW, FakeApi, Params, rooms

from happytalk_contract.core.clock import Clock
from happytalk_contract.core.control import Control
from happytalk_contract.core.errors import BudgetSpent
from happytalk_contract.core.model import RunReport, Severity, Status
from happytalk_contract.engine.explore import Explorer
from happytalk_contract.engine.session import Desk
from happytalk_contract.engine.settle import Settler
from happytalk_contract.questions.meaning import meaning
from happytalk_contract.verdict.judge import judge

Answer = dict[str, Any]


def run(api: FakeApi, *, budget: int = 130, seed: int = 1) -> RunReport:
    """Explore the fake as a run does, without a network."""

    control = Control(max_requests=budget)

    def send(request: Any) -> Any:
        control.admit()
        control.sent += 1
        return api(request)

    desk = Desk(
        send=send,
        control=control,
        clock=Clock(lambda: NOW),
        seed=seed,
        client=False,
        skipped={"messages": "not asked"},
        sleep=api.wait,
    )
    with suppress(BudgetSpent):
        Explorer(desk, Settler(desk)).explore()
    return judge(tuple(desk.recording), skipped={"messages": "not asked"})


def listed(
    change: Callable[[list[Answer], Params], list[Answer] | None],
) -> Callable[[Answer, Params], Answer]:
    """Change the rooms of a success."""

    def changed(answer: Answer, params: Params) -> Answer:
        chat_list = answer["data"]["chat_list"]
        made = change(chat_list, params)
        answer["data"]["chat_list"] = chat_list if made is None else made
        return answer

    return changed


def field(name: str, value: Any, when: Callable[[Answer], bool] = lambda room: True) -> Any:
    """Give one field another value in some rooms."""

    def change(chat_list: list[Answer], _params: Params) -> None:
        for room in chat_list:
            if when(room):
                room[name] = value(room[name]) if callable(value) else value

    return listed(change)


def without(name: str) -> Any:
    """Leave one field out."""
    return listed(
        lambda chat_list, _params: [{k: v for k, v in room.items() if k != name} for room in chat_list]
    )


def head(name: str, value: Any) -> Any:
    """Give page, limit or total_count another value."""

    def changed(answer: Answer, params: Params) -> Answer:
        answer["data"][name] = value(answer["data"][name], params) if callable(value) else value
        return answer

    return changed


def cut(params: Params) -> bool:
    """A combination of three parameters."""
    return (
        params.get("status") == 2
        and params.get("sort_key") == "complate_date"
        and params.get("sort_value") == "asc"
    )


FAULTS: dict[str, tuple[Any, str]] = {
    "a field is missing": (without("app_hash"), "rooms.field.present:app_hash"),
    "a field is a number": (field("category_id", 7), "rooms.field.text:category_id"),
    "a field is null": (field("title", None), "rooms.field.text:title"),
    "a time has another form": (field("reg_date", lambda text: text.replace(" ", "T")), "rooms.field.time:reg_date"),
    "a day is not in the calendar": (field("complate_date", "2022-02-30 00:00:00"), "rooms.field.time:complate_date"),
    "an id is short": (field("id", lambda text: text[:20]), "rooms.field.id:id"),
    "a value is too long": (field("parameter3", "x" * 21), "rooms.field.width:parameter3"),
    "a code list grew": (field("out_api", "7"), "rooms.field.code:out_api=7"),
    "an open room has an end": (
        field("complate_date", "2026-11-05 23:00:00", lambda room: room["status"] == "0"),
        "rooms.sense.open",
    ),
    "a done room has none": (
        field("complate_date", "0000-00-00 00:00:00", lambda room: room["status"] == "2"),
        "rooms.sense.done",
    ),
    "an end before the beginning": (
        field("complate_date", "2020-01-01 00:00:00", lambda room: room["status"] == "2"),
        "rooms.sense.sequence",
    ),
    "the page echo is wrong": (head("page", 1), "rooms.echo.page"),
    "the limit echo is wrong": (head("limit", 10), "rooms.echo.limit"),
    "total_count is of the page": (
        lambda answer, _params: head("total_count", len(answer["data"]["chat_list"]))(answer, {}),
        "rooms.count",
    ),
    "one too many is counted": (head("total_count", lambda total, _params: total + 1), "rooms.count"),
    "a number turns into text": (
        head("total_count", lambda total, params: str(total) if "status" in params else total),
        "rooms.notation:total_count",
    ),
    "desc is ignored": (
        listed(lambda chat_list, params: chat_list[::-1] if params.get("sort_value", "desc") == "desc" else None),
        "rooms.order.reg_date.desc",
    ),
    "a status filter lets others in": (
        listed(lambda chat_list, params: [{**room, "status": "1"} for room in chat_list]
               if params.get("status") == 3 else None),
        "rooms.status.sound",
    ),
    "a filter loses one in a combination": (
        lambda answer, params: head("total_count", answer["data"]["total_count"] - 1)(
            listed(lambda chat_list, _params: chat_list[1:])(answer, params), params
        ) if cut(params) and answer["data"]["total_count"] <= 50 else answer,
        "rooms.status.complete",
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_true_api_is_left_in_peace(seed: int) -> None:
    report = run(FakeApi(), seed=seed)
    assert report.findings == ()
    assert report.exit_code == 0
    silent = {rule.id for rule in report.rules if rule.status is Status.NOT_EXERCISED}
    assert silent <= {"rooms.period", "rooms.read_only"}


#: A fault of a field and one of the envelope; the others are slow.
QUICK = ("a field is missing", "total_count is of the page")


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in FAULTS]
)
def test_a_fault_is_found_by_its_rule(name: str) -> None:
    change, signature = FAULTS[name]

    def successes_only(answer: Answer, params: Params) -> Answer:
        return change(answer, params) if answer["result"] == "success" else answer

    in_each = signature.startswith(("rooms.field", "rooms.sense", "rooms.echo"))
    budget = 230 if "combination" in name else 25 if in_each else 75
    report = run(FakeApi(change=successes_only), budget=budget)
    found = [
        one.signature for finding in report.findings for one in (finding, *finding.folded)
        if one.severity is not Severity.ADDITIVE
    ]  # fmt: skip
    assert any(one == signature or one.startswith(f"{signature}:") for one in found), found
    assert report.exit_code == 1


@pytest.mark.slow
def test_additive_fields_are_told_and_no_drift() -> None:
    change = listed(lambda chat_list, _params: [{**room, "tags": []} for room in chat_list])
    report = run(FakeApi(change=change))
    assert [finding.signature for finding in report.findings] == ["rooms.field.more:tags"]
    assert report.exit_code == 0


@pytest.mark.slow
def test_no_word_of_anyone_is_in_a_finding() -> None:
    report = run(FakeApi(change=field("title", "김해피톡 010-1234-5678" * 20)))
    (finding,) = report.findings
    assert finding.signature == "rooms.field.width:title"
    assert "김해피톡" not in repr([finding.message, finding.received, finding.documented])


def test_an_empty_account_is_not_green() -> None:
    report = run(FakeApi(stored=[]), budget=120)
    assert report.findings == ()
    assert report.exit_code == 3


@pytest.mark.slow
def test_data_in_motion_is_no_drift() -> None:
    """Every third answer, a room is added, ended or deleted somewhere."""
    api = FakeApi()
    spare = rooms(days=14, per_day=30)

    def move(answer: Answer, _params: Params) -> Answer:
        told: Answer = json.loads(json.dumps(answer))  # before anything moves
        if api.asked % 3 == 0:
            one = api.stored[api.asked % len(api.stored)]
            if one["status"] == "0":
                one.update(status="2", complate_date=f"{NOW:%Y-%m-%d %H:%M:%S}")
            elif api.asked % 2:
                api.stored.remove(one)
            else:
                api.stored.append({**spare[api.asked], "id": f"{10_000 + api.asked:030d}"})
        return told

    api.change = move
    report = run(api)
    assert [finding.signature for finding in report.findings] == []


@pytest.mark.slow
def test_reading_that_changes_data_is_found() -> None:
    """Where there are days that were not read before."""
    api = FakeApi(rooms(days=31, per_day=16))

    def take(answer: Answer, params: Params) -> Answer:
        shown = {room["id"] for room in answer["data"]["chat_list"]}
        for room in api.stored:
            if room["id"] in shown and room["status"] == "0":
                room["status"] = "1"
        return answer

    api.change = take
    report = run(api)
    assert "rooms.read_only" in [finding.rule for finding in report.findings]


@pytest.mark.slow
def test_a_room_that_only_an_open_question_shows_is_found() -> None:
    """Status 4 is open as a filter; that 99 leaves none out is not."""

    def hide(answer: Answer, params: Params) -> Answer:
        return answer

    stored = rooms()
    api = FakeApi(stored=stored, change=hide)
    plain = api._list
    api._list = lambda params: (
        plain(params)
        if params.get("status") == 4
        else FakeApi([room for room in stored if room["status"] != "4"])._list(params)
    )
    report = run(api)
    assert [finding.signature for finding in report.findings] == ["rooms.status.all:absent"]
    assert "unknown_status.4" in meaning({"status": 4}).open


@pytest.mark.slow
def test_an_order_that_is_ignored_is_told_as_that_and_its_pages_go_under_it() -> None:
    api = FakeApi()
    read = api._list
    api._list = lambda params: read({name: one for name, one in params.items() if name != "sort_value"})  # type: ignore[method-assign]
    drift = [finding for finding in run(api, budget=200).findings if finding.severity is Severity.BREAKING]
    assert {finding.rule.rpartition(".")[0].rpartition(".")[0] for finding in drift} == {"rooms.order"}
    assert any(under.kind == "place" for finding in drift for under in finding.folded)
