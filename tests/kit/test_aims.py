"""What is asked on purpose: a window in two halves, whole lists, and the order in which a plan has it all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest
from fake_api import TODAY, FakeApi, Params, room, rooms
from test_cover import account
from test_rules import run
from test_runner import NOW, credentials, settings
from tests.rival import RivalServer

from happytalk_contract.core.model import Endpoint, RunReport, Severity
from happytalk_contract.engine.aims import walks
from happytalk_contract.engine.explore import BESIDE
from happytalk_contract.engine.plan import LEAST, LEAST_BESIDE, Plan, Step
from happytalk_contract.engine.runner import run as run_all
from happytalk_contract.evidence.views import ZERO_DATE
from happytalk_contract.questions.meaning import meaning, parameters

pytestmark = pytest.mark.usefixtures("wireless")


@cache
def true_run() -> RunReport:
    """Of an API that holds to its page."""
    return run(FakeApi(), budget=130)


@pytest.mark.slow
def test_the_parts_of_the_window_are_the_window() -> None:
    asked = [exchange.request for exchange in true_run().exchanges]
    parts = [parameters(request) or {} for request in asked if request.why == "two parts of the window"][:2]
    (first, stop), (start, last) = ((part["sdate"], part["edate"]) for part in parts)
    assert first <= stop < start <= last
    assert date.fromisoformat(stop) + timedelta(days=1) == date.fromisoformat(start)
    assert any(
        (parameters(request) or {}).get("edate") == last
        for request in asked
        if request.why.startswith("all of")
    )


@pytest.mark.slow
def test_what_is_asked_to_see_rooms_is_documented() -> None:
    asked = [exchange.request for exchange in true_run().exchanges]
    looks = ("all of ", "a range of three months", "the part before", "what ", "which half")
    seen = {why for request in asked for why in looks if request.why.startswith(why)}
    assert seen >= {"all of ", "a range of three months", "the part before", "what "}
    for request in asked:
        if request.why.startswith(looks):
            assert meaning(parameters(request) or {}).is_plain, request


class LosesADay(FakeApi):
    """Ranges lack the rooms of one weekday; by ndate they are listed."""

    def _list(self, params: Params) -> dict[str, Any]:
        weekday = 0 if params.get("sdate") else None
        kept = [one for one in self.stored if date.fromisoformat(one["reg_date"][:10]).weekday() != weekday]
        return FakeApi(kept)._list(params)


def test_a_day_that_only_ranges_lose_is_found() -> None:
    report = run(LosesADay(), budget=130)
    (found,) = [one for one in report.findings if one.severity is Severity.BREAKING]
    assert found.rule.startswith("rooms.dates")


def test_a_walk_is_of_pages_that_follow_each_other() -> None:
    for _why, pages in walks(account()):
        means = [meaning(params) for params in pages]
        assert [one.page for one in means] == [1, 2]
        assert len({(one.limit, one.status, one.sort_key, one.sort_value) for one in means}) == 1


def step(name: str, points: Mapping[Any, float], *, cost: int = 1, endpoint: Endpoint = "rooms") -> Step:
    return Step(endpoint=endpoint, ask=lambda: name, points=points, cost=cost)


def order(*steps: Step, left: float = 99) -> list[object]:
    plan, asked = Plan(), []
    plan.add(steps)
    while one := plan.next(left=left):
        asked.append(one.ask())
    return asked


def test_what_is_worth_most_for_each_request_comes_first() -> None:
    assert order(step("small", {("a",): 20}), step("large", {("b",): 50}), step("long", {("c",): 120}, cost=3)) == [
        "large", "long", "small",
    ]  # fmt: skip


def test_a_point_counts_once_whoever_asks_for_it() -> None:
    shared = {("a",): 30.0, ("b",): 30.0}
    assert order(step("both", shared), step("again", {("a",): 30, ("c",): LEAST}), step("less", {("b",): 30})) == [
        "both", "again",
    ]  # fmt: skip


def test_what_is_worth_no_request_is_not_asked() -> None:
    assert order(step("little", {("a",): LEAST - 0.1})) == []


def test_a_step_that_takes_more_than_is_left_waits() -> None:
    assert order(step("long", {("a",): 500}, cost=5), step("short", {("b",): 20}), left=4) == ["short"]


@pytest.mark.parametrize("endpoint", ["rooms", "messages"])
def test_an_endpoint_that_is_lost_is_left_alone(endpoint: Endpoint) -> None:
    plan = Plan()
    plan.add([step("r", {("a",): 20}), step("m", {("b",): 30}, endpoint="messages")])
    plan.drop(endpoint)
    one = plan.next(left=9)
    assert one is not None
    assert one.endpoint != endpoint
    assert plan.next(left=9) is None


@pytest.mark.slow
def test_old_data_are_found_in_steps_of_the_longest_period() -> None:
    """Rooms of one week long ago, where no more than a week may be asked for."""
    long_ago = timedelta(days=300)
    stored = []
    for one in rooms(days=5):
        at = datetime.fromisoformat(one["reg_date"]) - long_ago
        stored.append({**one, "reg_date": f"{at}", "complate_date": ZERO_DATE, "status": "1"})

    def refuses(answer: dict[str, Any], params: Any) -> dict[str, Any]:
        first, last = params.get("sdate"), params.get("edate")
        if first and last and (date.fromisoformat(last) - date.fromisoformat(first)).days >= 7:
            return {"result": "fail", "code": -504, "message": "overDate"}
        return answer

    report = run(FakeApi(stored, change=refuses), budget=250)
    days = {one["reg_date"][:10] for one in stored}
    read = [one for one in report.exchanges if one.request.why.startswith("all of ")]
    assert any(day.encode() in (one.response.body if one.response else b"") for one in read for day in days)


def test_what_tells_little_is_left_where_something_departs() -> None:
    plan = Plan()
    plan.add([step("much", {("a",): 40}), step("little", {("b",): LEAST})])
    first, second = (plan.next(left=9, least=LEAST_BESIDE) for _turn in range(2))
    assert first is not None
    assert (first.ask(), second) == ("much", None)


@pytest.mark.slow
@pytest.mark.parametrize("is_thorough", [False, True])
def test_a_run_with_a_departure_asks_all_only_where_a_baseline_may_accept_it(is_thorough: bool) -> None:
    with RivalServer(now=NOW, seed=1, faults=["title-list"]) as server:
        report = run_all(
            settings(server.base_url, credentials(server), max_requests=300, is_thorough=is_thorough)
        )
    assert report.exit_code == 1
    whys = {exchange.request.why for exchange in report.exchanges}
    assert ("another method" in whys) == is_thorough
    assert any(note == BESIDE for note in report.notes) != is_thorough


@pytest.mark.slow
@pytest.mark.parametrize("is_refused", [False, True])
def test_objects_in_place_of_several_parameters_are_asked_alone_only_where_one_refusal_may_hide_another(
    is_refused: bool,
) -> None:
    api = FakeApi()
    if not is_refused:
        read = api._list
        api._list = lambda params: read(
            {name: one for name, one in params.items() if not isinstance(one, list | dict)}
        )  # type: ignore[method-assign]
    asked = [parameters(one.request) or {} for one in run(api, budget=250).exchanges]
    odd = {tuple(name for name, one in params.items() if isinstance(one, dict)) for params in asked}
    assert {("limit", "page", "status"), ("sort_key", "sort_value"), ("sdate", "edate")} <= odd
    assert {("limit",), ("page",), ("status",)} <= odd if is_refused else ("page",) not in odd
    assert ("sdate",) not in odd


@pytest.mark.slow
@pytest.mark.parametrize("is_broken", [False, True])
def test_the_days_are_those_of_registration_though_the_list_is_sorted_by_completion(is_broken: bool) -> None:
    """One room alone was completed on another day than it was registered on."""
    day = TODAY - timedelta(days=5)
    late = room(
        999, datetime.combine(day, time(23, 50)), 2, datetime.combine(day + timedelta(days=1), time(0, 10))
    )
    stored = [*rooms(), late]
    by_end = FakeApi(
        [{**one, "reg_date": max(one["reg_date"], one["complate_date"])} for one in stored]
    )  # whose days are those of completion, where a room has one
    api = FakeApi(stored)
    read, ids = api._list, {one["id"]: one for one in stored}

    def by_completion(params: Params) -> dict[str, Any]:
        if not is_broken or params.get("sort_key") != "complate_date":
            return read(params)
        answer = by_end._list(params)
        answer["data"]["chat_list"] = [ids[one["id"]] for one in answer["data"]["chat_list"]]
        return answer

    api._list = by_completion  # type: ignore[method-assign]
    report = run(api, budget=200)
    asked = [parameters(one.request) for one in report.exchanges if one.request.why == "a day by completion"]
    assert asked
    assert (
        {(one or {})["sdate"] for one in asked}
        == {(one or {})["edate"] for one in asked}
        == {day.isoformat()}
    )
    found = [finding for finding in report.findings if finding.severity is Severity.BREAKING]
    assert bool(found) == is_broken
    # Told as a list of other rooms, not of a wrong order.
    assert all(one.rule.startswith(("rooms.sorts", "rooms.dates", "rooms.count")) for one in found), found
