"""Several processes of one state: a change that one acknowledged is seen by the very next request to any other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from happytalk_mock.core.errors import AdminError
from happytalk_mock.state import replicas as leases
from happytalk_mock.state.places import open_log
from postgres import Postgres, need_postgres, postgres
from replicas import Replica, Replicas, replica
from served import ask_rooms, serve


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    need_postgres()
    with postgres() as server:
        yield server


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_three_replicas_equal_one_model_in_memory(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    numbers = iter(range(1_000_000))
    server: Any = request.getfixturevalue("server") if kind == "postgresql" else None

    class Here(Replicas):
        def place(self) -> str:
            self.where = server.database() if server else str(tmp_path / f"{next(numbers)}.db")
            return self.where

    run_state_machine_as_test(Here, settings=settings(max_examples=2, stateful_step_count=12))


@pytest.mark.slow
def test_a_change_is_seen_by_all_before_it_is_acknowledged(server: Postgres) -> None:
    where = server.database()
    with ExitStack() as stack:
        three = [stack.enter_context(replica(where)) for _ in range(3)]
        for number in range(9):
            three[number % 3].admin.call("POST", "/rooms", {"title": str(number)})
            # From memory: nobody reads the database to answer.
            counts = [next(iter(each.control.mock.tenants)).rooms.version for each in three]
            assert counts == [number + 1] * 3


@pytest.mark.slow
def test_changes_at_the_same_time_are_made_in_one_order(server: Postgres) -> None:
    where = server.database()
    with ExitStack() as stack:
        three = [stack.enter_context(replica(where)) for _ in range(3)]
        threads = [Thread(target=add, args=(each, name)) for each, name in zip(three, "abc", strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        lists = [each.admin.call("GET", "/rooms", limit=1000) for each in three]
        assert lists[0]["total_count"] == 12 + 3 * 8
        assert lists[0] == lists[1] == lists[2]


def add(one: Replica, name: str) -> None:
    for number in range(8):
        one.admin.call("POST", "/rooms", {"title": f"{name}{number}"})


@pytest.mark.slow
def test_who_is_killed_is_waited_for_no_longer_than_its_lease(server: Postgres, tmp_path: Path) -> None:
    where = server.database()
    options = ("--state", where, "--rooms", 0)
    with serve(tmp_path, *options) as one, serve(tmp_path, *options) as two:
        one.kill()
        began = time.monotonic()
        two.admin.call("POST", "/rooms", {"title": "x"})
        assert time.monotonic() - began < leases.LEASE + 5
        assert ask_rooms(two)[1]["data"]["total_count"] == 1
    with serve(tmp_path, *options) as three:
        assert three.titles() == {"x"}


@pytest.mark.slow
def test_without_its_database_a_replica_answers_503_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    need_postgres()
    with postgres() as server, serve(tmp_path, "--state", server.database(), "--rooms", 5) as one:
        one.admin.call("POST", "/rooms", {"title": "before"})
        server.stop()
        with pytest.raises(AdminError) as refused:
            one.admin.call("POST", "/rooms", {"title": "during"})
        assert (refused.value.status, refused.value.problem["field"]) == (503, "state")
        until = time.monotonic() + 20
        while (answer := ask_rooms(one))[0] == 200:  # until its lease ends, nobody else can change anything
            assert answer[1]["data"]["total_count"] == 6
            assert time.monotonic() < until
            time.sleep(0.1)
        assert (answer[0], answer[1]["field"]) == (503, "state")
        assert one.ask("GET", "/__admin/health")[0] == 200
        server.start()
        until = time.monotonic() + 20
        while ask_rooms(one)[0] != 200:
            assert time.monotonic() < until
            time.sleep(0.1)
        one.admin.call("POST", "/rooms", {"title": "after"})
        assert {"before", "after"} <= one.titles()


@pytest.mark.slow
def test_a_lease_that_ended_is_not_believed(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    where = server.database()
    with replica(where) as one, replica(where) as two:
        log: Any = two.control.ledger.log  # type: ignore[union-attr]
        monkeypatch.setattr(log, "_renew", lambda: None)  # as if it could not reach the database
        monkeypatch.setattr(log, "wait", lambda stop, seconds: stop.wait(60))
        until = time.monotonic() + 20
        while time.monotonic() < log._until:
            assert time.monotonic() < until
            time.sleep(0.05)
        time.sleep(leases.LEASE)
        began = time.monotonic()
        one.admin.call("POST", "/rooms", {"title": "x"})
        assert time.monotonic() - began < leases.LEASE
        assert b'"total_count":13' in two.ask("happytalk-mock-token")[1]  # it looks in the database instead


def test_another_format_is_refused_there_too(server: Postgres) -> None:
    where = server.database()
    open_log(where, {"rooms": "1"}).close()
    with pytest.raises(Exception, match="made with another --rooms"):
        open_log(where, {"rooms": "2"})
