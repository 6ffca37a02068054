"""Churn: what changes, that it repeats under a seed, keeps rooms sensible, and stops."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from happytalk_mock.core.clock import ZERO_DATE, Clock
from happytalk_mock.core.errors import ChangeError
from happytalk_mock.spec.vocabulary import OPEN_STATUSES, ROOM_FIELDS
from happytalk_mock.state import churn
from happytalk_mock.state.churn import Churn, Stream, parse_rate
from happytalk_mock.state.credentials import Credentials
from happytalk_mock.state.mock import Mock
from happytalk_mock.state.tenants import Setup, Tenant

NOW = "2026-03-02T13:00:00+09:00"


def mock(now: str = NOW, **setup: Any) -> Mock:
    given: dict[str, Any] = {"rooms": 60, "credentials": (Credentials.of("a"), Credentials.of("b"))}
    return Mock(Setup(**(given | setup)), Clock.parse(now))


def first(made: Mock) -> Tenant:
    return next(iter(made.tenants))


def rooms(made: Mock, tenant: Tenant) -> list[dict[str, str | None]]:
    return list(tenant.rooms.rooms(made.clock.second()))


def after(steps: int, seed: int = 1, **more: Any) -> tuple[Mock, Stream]:
    made = mock(**more)
    stream = Stream(made, first(made), seed)
    for _ in range(steps):
        stream.step()
    return made, stream


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("10/s", 10),
        ("0.5/s", 0.5),
        ("30/m", 0.5),
        ("7", 7),
        (3, 3),
        (2.5, 2.5),
        (" 1/s ", 1),
        ("1000/s", 1000),
        (1 / 86_400, 1 / 86_400),
    ],
)
def test_rates(text: Any, rate: float) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize(
    "text",
    [
        "",
        "fast",
        "0/s",
        "-1/s",
        "10/h",
        "1001/s",
        1000.5,
        1 / 86_401,
        "0.0001/s",
        "1000000/m",
        0,
        True,
        None,
        [1],
        float("nan"),
    ],
)
def test_no_rates(text: Any) -> None:
    with pytest.raises(ChangeError) as caught:
        parse_rate(text)
    assert caught.value.field == "rate"


def test_the_same_seed_makes_the_same_changes() -> None:
    one, other, third = (after(80, seed) for seed in (5, 5, 6))
    assert rooms(one[0], first(one[0])) == rooms(other[0], first(other[0]))
    assert rooms(one[0], first(one[0])) != rooms(third[0], first(third[0]))


def test_every_kind_of_change_happens() -> None:
    made, stream = after(200)
    tally = stream.tally
    assert tally.changes == 200
    assert min(tally.added, tally.moved_on, tally.deleted) > 10
    assert len(rooms(made, first(made))) == 60 + tally.added - tally.deleted


def test_shares_are_of_a_hundred_and_every_open_room_has_a_course() -> None:
    shares = [churn._KINDS, churn._BEGINNINGS, *churn._COURSES.values()]
    assert [sum(share for _, share in choices) for choices in shares] == [100] * len(shares)
    assert tuple(churn._COURSES) == OPEN_STATUSES


def test_how_rooms_begin_move_on_and_go() -> None:
    made = mock(rooms=0)
    stream, tenant, before, seen = Stream(made, first(made), 5), first(made), {}, set()
    for _ in range(200):
        stream.step()
        now = {room["id"]: int(str(room["status"])) for room in rooms(made, tenant)}
        # One room changes at a time; which status it comes from, and which it goes to.
        ((room_id, _status),) = dict(before.items() ^ now.items()).items()
        seen.add((before.get(room_id), now.get(room_id)))
        before = now
    begun = {(None, status) for status in (0, -1, -2)}
    moves = {(-2, -1), (-2, 4), (-1, 0), (-1, 4), (0, 1), (0, 3), (1, 2), (1, 3)}
    assert seen >= begun | moves
    assert {move for move in seen if move[1] is not None} == begun | moves


@pytest.mark.parametrize("seed", range(5))
def test_rooms_stay_sensible(seed: int) -> None:
    made, _ = after(150, seed)
    found = rooms(made, first(made))
    now = made.clock.now().strftime("%Y-%m-%d %H:%M:%S")
    assert len({room["id"] for room in found}) == len(found)
    for room in found:
        begun, ended = str(room["reg_date"]), str(room["complate_date"])
        assert list(room) == list(ROOM_FIELDS)
        assert begun <= now
        if int(room["status"] or 0) in OPEN_STATUSES:
            assert ended == ZERO_DATE
        elif room["status"] == "2" or ended != ZERO_DATE:
            assert begun <= ended <= now


@pytest.mark.slow
@pytest.mark.parametrize(("question", "status"), [("deleted_end_date", "3"), ("bot_ended_end_date", "4")])
def test_end_dates_are_those_of_the_behaviour(question: str, status: str) -> None:
    for answer, expected in (("zero", {True}), ("real", {False}), ("mixed", {True, False})):
        made = mock(rooms=0)
        made.behave(made.behaviour.but({question: answer}))
        stream = Stream(made, first(made), 1)
        for _ in range(900):
            stream.step()
        ended = [room for room in rooms(made, first(made)) if room["status"] == status]
        assert {room["complate_date"] == ZERO_DATE for room in ended} == expected, answer


def test_an_account_without_rooms_gets_some() -> None:
    made, stream = after(1, rooms=0)
    assert stream.tally.added == 1
    assert len(rooms(made, first(made))) == 1


def test_only_the_tenant_meant_changes() -> None:
    made, _ = after(50)
    _, other = made.tenants
    assert rooms(made, other) == rooms(mock(), list(mock().tenants)[1])


def test_added_rooms_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(churn, "MAX_ADDED", 5)
    made, stream = after(300, rooms=0)
    assert stream.tally.added > 50
    assert len(rooms(made, first(made))) <= 6


def test_a_tenants_clock_is_the_one_that_counts() -> None:
    made = mock(rooms=0)
    tenant = first(made)
    tenant.clock = Clock.parse("2020-01-01T00:00:00")
    Stream(made, tenant, 1).step()
    (room,) = rooms(made, tenant)
    assert room["reg_date"] == "2020-01-01 00:00:00"


def test_runs_at_its_rate_and_stops() -> None:
    made = mock()
    running = Churn(made)
    running.start("100/s", tenant=first(made), seed=3)
    deadline = time.monotonic() + 10
    while first(made).rooms.version < 20 and time.monotonic() < deadline:
        time.sleep(0.01)
    (report,) = running.report()
    assert report["per_second"] == 100
    assert report["seed"] == 3
    assert running.stop() == 1
    version = first(made).rooms.version
    assert version >= 20
    time.sleep(0.05)
    assert first(made).rooms.version == version
    assert running.report() == []
    assert not [each for each in threading.enumerate() if each.name == "happytalk-churn"]


def test_one_stream_a_tenant() -> None:
    made = mock()
    running = Churn(made)
    try:
        running.start("1/s")
        running.start("2/s", tenant=first(made))
        assert sorted(each["per_second"] for each in running.report()) == [1, 2]
        assert [each["per_second"] for each in running.report("a")] == [2]
        assert running.stop("b") == 1
        assert running.stop("b") == 0
        assert len(running.report()) == 1
    finally:
        running.stop()


def test_a_bad_rate_changes_nothing() -> None:
    made = mock()
    running = Churn(made)
    try:
        running.start("1/s", tenant=first(made))
        with pytest.raises(ChangeError):
            running.start("never", tenant=first(made))
        assert [each["per_second"] for each in running.report()] == [1]
    finally:
        running.stop()
