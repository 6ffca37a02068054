"""Thousands of customers at once: what each costs, and that none loses what was done for it."""

from __future__ import annotations

import gc
from threading import enumerate as threads
from time import process_time
from typing import Any

import pytest

from admin_calls import OWN, Admin
from happytalk_mock.api.control import Control
from happytalk_mock.state import tenants
from happytalk_mock.state.settings import Settings
from happytalk_mock.store.rows import Row

DAYS = {"sdate": "2026-02-01", "edate": "2026-03-02"}


#: Rooms that may be held of tenants that nobody changed, and tenants that have more.
WARM, MANY = 5_000, 15


@pytest.fixture
def admin(monkeypatch: pytest.MonkeyPatch) -> Admin:
    monkeypatch.setattr(tenants, "MAX_WARM", WARM)
    return Admin(Control(Settings(now="2026-03-02T13:00:00+09:00", any_token=True).mock()))


def rows_held() -> int:
    return sum(isinstance(each, Row) for each in gc.get_objects())


@pytest.mark.slow
def test_what_is_held_does_not_grow_with_the_number_of_tenants(admin: Admin) -> None:
    gc.collect()
    before = rows_held()
    first = [admin.listed(f"t{number}", **DAYS) for number in range(MANY)]
    assert rows_held() - before <= WARM < MANY * 500
    assert [admin.listed(f"t{number}", **DAYS) for number in range(MANY)] == first


@pytest.mark.slow
def test_what_was_changed_by_hand_is_kept_while_generated_rooms_come_and_go(admin: Admin) -> None:
    admin.call("POST", "/rooms?token=mine", {"id": "room-1", "title": "mine"})
    gone = admin.listed("mine", **DAYS)["chat_list"][-1]["id"]
    admin.call("DELETE", f"/rooms/{gone}?token=mine")
    before = admin.listed("mine", **DAYS, sort_value="asc")
    for number in range(2 * WARM // 500):
        admin.listed(f"t{number}")
    assert admin.listed("mine", **DAYS, sort_value="asc") == before
    assert admin.call("GET", "/rooms/room-1?token=mine")["title"] == "mine"


@pytest.mark.slow
def test_listing_thousands_of_tenants_makes_no_room(admin: Admin) -> None:
    for number in range(2000):
        assert admin.control.mock.tenants.by_token(f"t{number}")
    gc.collect()
    before, began = rows_held(), process_time()
    found = admin.call("GET", "/tenants")["tenants"]
    assert process_time() - began < 1
    assert rows_held() == before
    assert len(found) == 2001
    assert {each["rooms"] for each in found} == {500}


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["1970-01-05 12:00:00", "1970-02-01 00:00:00", "2026-03-02 13:00:00"])
@pytest.mark.parametrize(("rooms", "days"), [(500, 30), (3, 400), (0, 30), (20_000, 30)])
def test_rooms_are_counted_as_they_are_listed(admin: Admin, moment: str, rooms: int, days: int) -> None:
    admin.call("POST", "/clock/freeze", {"at": moment})
    told = admin.call("POST", "/generate", {"rooms": rooms, "days": days})["rooms"]
    assert told == admin.call("GET", "/rooms?limit=0")["total_count"]


@pytest.mark.slow
def test_of_too_many_tenants_those_go_first_that_nobody_changed(
    admin: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tenants, "MAX_ANY_TENANTS", 10)
    changes: list[tuple[str, str, Any]] = [
        ("POST", "/rooms", {"id": "mine"}),
        ("POST", "/messages", {"name": "mine"}),
        ("POST", "/clock/freeze", {"at": "2026-03-01"}),
        ("PATCH", "/behaviour", {"parcel_w": "not_seen"}),
        ("POST", "/generate", {"rooms": 7}),
    ]
    for number, (method, path, body) in enumerate(changes):
        admin.call(method, f"{path}?token=mine-{number}", body)
    kept = {number: admin.control.mock.tenants.known(f"mine-{number}") for number in range(5)}
    for number in range(40):
        admin.listed(f"t{number}")
    assert {number: admin.control.mock.tenants.known(f"mine-{number}") for number in range(5)} == kept
    assert len(admin.call("GET", "/tenants")["tenants"]) == 11


def test_churn_of_many_tenants_is_one_thread(admin: Admin) -> None:
    for number in range(200):
        admin.control.mock.tenants.by_token(f"t{number}")
    before = len(threads())
    assert len(admin.call("PUT", "/churn", {"rate": "1/m"})["streams"]) == 201
    assert len(threads()) == before + 1
    assert admin.call("DELETE", f"/churn?token={OWN.token}") == {"stopped": 1}
    assert admin.call("DELETE", "/churn") == {"stopped": 200}
    assert len(threads()) == before
