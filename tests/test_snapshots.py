"""Snapshots of a tenant's data, and data as a scenario: out of the mock and into it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from happytalk_mock import MockServer
from happytalk_mock.core.errors import AdminError, ChangeError
from happytalk_mock.data import scenario
from happytalk_mock.state import snapshots
from happytalk_mock.testing.happytalk import HappyTalk
from happytalk_mock.testing.hosting import InProcessAdmin

NOW = "2026-11-20 15:00:00"


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer(port=None, rooms=60, days=3, now=NOW) as server:
        yield server


def data(tenant: HappyTalk) -> tuple[Any, Any]:
    return tenant.rooms, tenant.messages


@pytest.mark.parametrize("size", [0, 40, pytest.param(5_200, marks=pytest.mark.slow)])
def test_what_was_saved_comes_back(server: MockServer, size: int) -> None:
    with server.tenant("one", rooms=size) as tenant:
        tenant.add_rooms(5, status=["0", "2"])
        rooms = tenant.rooms
        tenant.delete_room(rooms[0]["id"])
        tenant.change_room(rooms[1]["id"], title="바뀐 제목")
        tenant.add_message(name="점심시간 안내")
        before = data(tenant)
        tenant.snapshot("before")
        added = tenant.add_room(title="나중에")
        tenant.change_room(rooms[1]["id"], title="또 바뀐 제목")
        tenant.clear()
        assert data(tenant) == ([], [])
        tenant.generate(rooms=7)
        tenant.restore("before")
        assert data(tenant) == before
        assert tenant.add_room(title="나중에")["id"] == added["id"]
        tenant.restore("before")
        assert data(tenant) == before


def test_a_snapshot_survives_a_reset_and_is_its_tenants_own(server: MockServer) -> None:
    with server.tenant("one", rooms=5) as one, server.tenant("two") as two:
        before = data(one)
        one.snapshot("a.b-c_1")
        one.reset()
        assert one.rooms == []
        with pytest.raises(ChangeError) as caught:
            two.restore("a.b-c_1")
        assert caught.value.field == "name"
        one.restore("a.b-c_1")
        assert data(one) == before
    with server.tenant("one") as again, pytest.raises(ChangeError):
        again.restore("a.b-c_1")


def test_an_unknown_snapshot_is_answered_with_those_that_the_tenant_has(server: MockServer) -> None:
    with server.tenant("one") as one, server.tenant("two") as two:
        for tenant, name in ((one, "first"), (one, "second"), (two, "other")):
            tenant.snapshot(name)
        for tenant, known in ((one, "first, second"), (two, "other")):
            with pytest.raises(ChangeError) as caught:
                tenant.restore("none")
            assert (caught.value.received, caught.value.allowed) == ('"none"', known)


def test_there_is_an_end_to_how_many(server: MockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MAX_SNAPSHOTS", 2)
    with server.tenant("one") as tenant:
        for name in ("a", "b", "b"):
            tenant.snapshot(name)
        with pytest.raises(ChangeError, match="delete some first"):
            tenant.snapshot("c")


@pytest.mark.parametrize("saved", [False, True])
def test_an_export_serves_the_same_data(server: MockServer, tmp_path: Path, saved: bool) -> None:
    own = server.happytalk
    own.add_rooms(3, reg_date="2026-11-19 10:00:00")
    own.delete_room(own.rooms[0]["id"])
    own.change_room(own.rooms[4]["id"], status="3")
    own.add_message(name="둘째", sender_key="another")
    before = data(own)
    if saved:
        own.snapshot("mine")
        own.clear()
        own.generate(rooms=3)
        document = own._call("GET", "/scenario", snapshot="mine")
    else:
        document = own.scenario()
    file = tmp_path / "mine.json"
    file.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    assert scenario.load(str(file)).messages.keys() == {"", "happytalk-mock-sender-key-2", "another"}
    with MockServer(port=None, now=NOW, scenario=str(file)) as other:
        assert data(other.happytalk) == before
        pages = [
            [
                each.httpx_client()
                .post(server.happytalk.rooms_url, json={"token": own.token, **asked})
                .json()
                for each in (server.happytalk if not saved else other.happytalk, other.happytalk)
            ]
            for asked in ({"sort_key": "complate_date"}, {"sdate": "2026-11-01", "edate": "2026-11-30"})
        ]
        assert all(one == two for one, two in pages)


def test_more_rooms_than_a_scenario_holds_are_not_exported(
    server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("happytalk_mock.data.export.MAX_COUNT", 59)
    with pytest.raises(ChangeError, match="at most 59 rooms"):
        server.happytalk.scenario()


def test_a_scenario_is_loaded_whole_or_not_at_all(server: MockServer) -> None:
    own = server.happytalk
    admin = InProcessAdmin(server.app)
    with server.tenant("one", rooms=5) as one:
        one.freeze("2026-11-21 10:00:00")
        before = data(own), data(one)
        broken = {
            "rooms": [
                {"status": "2", "reg_date": "2026-11-20 10:00:00", "complate_date": "2026-11-19 10:00:00"}
            ]
        }
        for wrong in (broken, {"rooms": [{"status": "9"}]}, {"tooms": []}, {}):
            with pytest.raises(AdminError, match="HTTP 400"):
                admin.call("PUT", "/scenario", wrong)
            assert (data(own), data(one)) == before
        messages = [{"id": 7, "name": "하나"}]
        told = admin.call(
            "PUT", "/scenario", {"rooms": [{"status": "0", "count": 2}], "system_messages": messages}
        )
        assert told == {"rooms": 2}
        for each in (own, one):
            assert [room["status"] for room in each.rooms] == ["0", "0"]
            assert [message["id"] for message in each.messages] == [7]
        assert one.now.day == 21
        own.add_room()
        own.reset()
        assert len(own.rooms) == 2
