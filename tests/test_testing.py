"""The handle that tests hold: data, clock, behaviour, trouble, and the requests that came."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

import happytalk_mock
from happytalk_mock import ChangeError, HappyTalk, MockServer, RemoteMock
from happytalk_mock.core.errors import ConfigurationError
from happytalk_mock.testing.client import is_loopback

ALL_DAYS = {"sdate": "2000-01-01", "edate": "2099-12-31"}


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(rooms=7, now="2026-11-20 15:00:00") as server:
        yield server


@pytest.fixture(params=["here", "elsewhere"])
def tenant(server: MockServer, request: pytest.FixtureRequest) -> Iterator[HappyTalk]:
    """The same handle, on a mock in this process and on one reached over HTTP."""
    host = server if request.param == "here" else RemoteMock(server.url)
    with host.tenant() as tenant:
        yield tenant


def ask(tenant: HappyTalk, **parameters: Any) -> httpx.Response:
    with tenant.httpx_client() as client:
        return client.post(tenant.rooms_url, json={"token": tenant.token, **parameters})


def total(tenant: HappyTalk, **parameters: Any) -> int:
    answer: int = ask(tenant, **(ALL_DAYS | parameters)).json()["data"]["total_count"]
    return answer


def messages(tenant: HappyTalk, **query: Any) -> Any:
    with tenant.httpx_client() as client:
        url, params = tenant.messages_url, {"senderKey": tenant.sender_key, **query}
        return client.get(url, params=params, headers=tenant.headers).json()


# --- data --------------------------------------------------------------------------------------------------


def test_begins_without_data_and_serves_what_is_added(tenant: HappyTalk) -> None:
    assert tenant.rooms == []
    assert total(tenant) == 0
    added = tenant.add_room(status=2, title="배송 문의", reg_date="2026-11-20 09:00:00")
    assert added["status"] == "2"
    assert len(added) == 36
    assert ask(tenant).json()["data"]["chat_list"] == [added]
    assert tenant.rooms == [added]


def test_adds_many_with_values_in_turn(tenant: HappyTalk) -> None:
    assert tenant.add_rooms(0) == []
    tenant.add_rooms(5, status=[0, 2], reg_date=datetime(2026, 11, 20, 9), every="10m")
    assert [room["status"] for room in tenant.rooms] == ["0", "2", "0", "2", "0"]
    assert [room["reg_date"] for room in tenant.rooms][:2] == ["2026-11-20 09:00:00", "2026-11-20 09:10:00"]
    assert total(tenant, status=0) == 3


@pytest.mark.slow
def test_more_rooms_than_one_page_of_the_admin_api(tenant: HappyTalk) -> None:
    tenant.add_rooms(1003, reg_date="2026-11-20 10:00:00")
    assert len({room["id"] for room in tenant.rooms}) == 1003


def test_python_dates_are_days_and_moments_of_seoul(tenant: HappyTalk) -> None:
    tenant.add_room(reg_date=datetime(2026, 11, 19, 15, 0, 1, tzinfo=UTC), status=0)
    tenant.add_room(day=date(2026, 11, 18))
    days = [str(room["reg_date"]) for room in tenant.rooms]
    assert days[0].startswith("2026-11-18 ")
    assert days[1] == "2026-11-20 00:00:01"


def test_changes_and_deletes(tenant: HappyTalk) -> None:
    one, other = tenant.add_rooms(2, status=0, reg_date="2026-11-20 09:00:00")
    changed = tenant.change_room(str(one["id"]), status=2)
    assert changed["complate_date"] == "2026-11-20 15:00:00"
    tenant.delete_room(str(other["id"]))
    assert tenant.rooms == [changed]
    tenant.clear()
    assert tenant.rooms == []


def test_generated_data_come_on_top_and_are_the_same_again(server: MockServer) -> None:
    found = []
    for _ in range(2):
        with server.tenant("always-the-same") as tenant:
            own = tenant.add_room(reg_date="2026-11-20 09:00:00")
            tenant.generate(rooms=40, days=4)
            assert own in tenant.rooms
            assert tenant.messages
            found.append(tenant.rooms)
    assert found[0] == found[1]
    assert len(found[0]) == 41


def test_generated_data_keep_their_size_under_another_behaviour(tenant: HappyTalk) -> None:
    tenant.generate(rooms=40, days=4)
    before = [room["complate_date"] for room in tenant.rooms]
    tenant.behaviour(deleted_end_date="zero", parcel_w="not_seen")
    assert len(tenant.rooms) == 40
    assert "W" not in {room["parcel_companycode"] for room in tenant.rooms}
    tenant.reset()
    assert tenant.rooms == []
    assert len(before) == 40


def test_messages(tenant: HappyTalk) -> None:
    assert messages(tenant) == {"code": "200", "data": []}
    added = tenant.add_message(name="점심시간 안내", status="A", messages=[{"messageType": "S2"}])
    assert messages(tenant)["data"] == [added] == tenant.messages
    tenant.add_message(sender_key="another", status="A")
    assert len(tenant.messages) == 1
    assert len(messages(tenant, senderKey="another")["data"]) == 1


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        (lambda one: one.add_room(statuss=2), "statuss", "did you mean 'status'"),
        (lambda one: one.add_room(status=9), "status", "'-2'"),
        (lambda one: one.add_rooms(-1), "count", "from 1"),
        (lambda one: one.add_message(status="X"), "status", "A, T, S"),
        (lambda one: one.change_room("nobody", status=2), "id", "visible room"),
        (lambda one: one.behaviour(zero_date="last"), "zero_date", "zero_date_order"),
        (lambda one: one.behaviour(zero_date_order="first"), "zero_date_order", "lowest, last"),
        (lambda one: one.freeze("soon"), "at", "ISO 8601"),
        (lambda one: one.advance(), "seconds", "not 0"),
        (lambda one: one.fail("truncated"), "fault", "truncated-body"),
        (lambda one: one.fail(200), "status", "400 to 599"),
        (lambda one: one.fail(-999), "failure", "-501"),
        (lambda one: one.fail(429, time=1), "time", "did you mean times"),
        (lambda one: one.delay(-1), "delay", "0 to 300"),
        (lambda one: one.drift("nothing-like-it"), "drift", "happytalk-mock drifts"),
        (lambda one: one.churn("fast"), "rate", "10/s"),
    ],
)
def test_wrong_use_names_field_and_what_is_allowed(
    tenant: HappyTalk, wrong: Any, field: str, said: str
) -> None:
    with pytest.raises(ChangeError) as caught:
        wrong(tenant)
    assert caught.value.field == field
    assert said in f"{caught.value.received} {caught.value.allowed}"


# --- clock and behaviour -----------------------------------------------------------------------------------


def test_the_clock_decides_what_today_is(tenant: HappyTalk) -> None:
    tenant.freeze("2026-11-01 23:59:50")
    tenant.add_room(reg_date="2026-11-01 12:00:00")
    assert ask(tenant).json()["data"]["total_count"] == 1
    tenant.advance(seconds=10)
    assert tenant.now == datetime.fromisoformat("2026-11-02T00:00:00+09:00")
    assert ask(tenant).json()["data"]["total_count"] == 0
    tenant.advance(hours=-1)
    assert f"{tenant.now:%H}" == "23"
    tenant.run("2026-11-05 00:00:00")
    assert f"{tenant.now:%d}" == "05"
    tenant.freeze(datetime(2026, 11, 6, 0, 0, tzinfo=UTC))
    assert f"{tenant.now:%d %H}" == "06 09"
    tenant.run()
    assert tenant.now > datetime(2026, 11, 6, tzinfo=UTC)


def test_behaviour_tells_what_differs(tenant: HappyTalk) -> None:
    assert tenant.behaviour() == {}
    sizes = {
        "size_type.page",
        "size_type.limit",
        "size_type.total_count",
    }  # what the whole question was split into
    assert tenant.behaviour(size_type="text", longest_period=31) == {
        **dict.fromkeys(sizes, "text"),
        "longest_period": "31",
    }
    assert ask(tenant).json()["data"]["page"] == "1"
    tenant.reset()
    assert tenant.behaviour() == {}


def test_tenants_never_meet(server: MockServer) -> None:
    with server.tenant() as one, server.tenant() as other:
        one.add_rooms(3)
        one.freeze("2020-01-01 00:00:00")
        one.behaviour(size_type="text")
        one.fail(503, times=None)
        one.drift("total-count-of-page")
        assert total(other) == 0
        assert ask(other).json()["data"]["page"] == 1
        assert other.rooms == []
        assert other.now.year == 2026
        assert other.unused_faults == []
        assert one.requests == []
        assert len(other.requests) == 2
        assert ask(one).status_code == 503


# --- trouble -----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_fails_in_every_documented_way(tenant: HappyTalk) -> None:
    tenant.fail(429, retry_after=7)
    limited = ask(tenant)
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
    tenant.fail(-502)
    assert ask(tenant).json() == {"result": "fail", "code": -502, "message": "unAuthorized"}
    tenant.fail("508")
    assert messages(tenant)["code"] == "508"
    tenant.fail("malformed-json", times=2)
    assert [ask(tenant).text[-1:] for _ in range(3)] == ["}", "}", "}"]
    assert [request.result for request in tenant.requests] == ["failure"] * 3 + ["broken"] * 2 + ["success"]


def test_faults_count_their_uses(tenant: HappyTalk) -> None:
    once, always = tenant.fail(500, endpoint="messages"), tenant.fail(503, times=None)
    for _ in range(3):
        assert ask(tenant).status_code == 503
    assert (once.uses, always.uses) == (0, 3)
    assert [fault["id"] for fault in tenant.unused_faults] == [once.id]
    with pytest.raises(AssertionError, match=f"fault {once.id}: status 500, times 1, endpoint messages"):
        tenant.assert_faults_used()
    once.cancel()
    always.cancel()
    tenant.assert_faults_used()
    assert ask(tenant).status_code == 200


def test_delays(tenant: HappyTalk) -> None:
    tenant.delay(0.05, times=1)
    ask(tenant)
    ask(tenant)
    slow, quick = tenant.requests
    assert slow.duration >= 0.05 > quick.duration


def test_drifts_and_churn(tenant: HappyTalk) -> None:
    tenant.add_rooms(12)
    tenant.drift("total-count-of-page")
    assert total(tenant) == 10
    tenant.drift()
    assert total(tenant) == 12
    tenant.churn("1000/s", seed=3)
    tenant.churn(None)
    assert tenant.requests[0].drifts == ("total-count-of-page",)


# --- requests ----------------------------------------------------------------------------------------------


def test_a_request_tells_what_was_asked_and_answered(server: MockServer) -> None:
    with server.tenant() as tenant:
        tenant.add_rooms(3, day="today", status=0)
        ask(tenant, status=0, limit=2)
        (request,) = tenant.requests
        assert (request.method, request.path) == ("POST", "/user/api/chat_room_lists/format/json")
        assert request.params == {"token": tenant.token, "status": 0, "limit": 2}
        assert request.body == b'{"token":"' + tenant.token.encode() + b'","status":0,"limit":2}'
        assert request.headers["content-type"] == "application/json"
        assert (request.status, request.result, request.code) == (200, "success", None)
        assert request.answer["total_count"] == 3
        assert request.violations == ()
        assert 0 < request.duration < 1
        assert request.moment == datetime.fromisoformat("2026-11-20T15:00:00+09:00")
        assert repr(request).startswith(
            '<POST rooms {"status": 0, "limit": 2} -> 200 success, 2 of 3 rooms, '
        )
        assert tenant.token not in repr(request)


@pytest.mark.parametrize(
    ("host", "here"),
    [("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("[::1]", True)]
    + [(host, False) for host in ("128.0.0.1", "mock", "localhost.example", "[::2]", "")],
)
def test_which_addresses_are_of_this_machine(host: str, here: bool) -> None:
    assert is_loopback(f"http://{host}:80/x") is here


def test_tenants_of_a_mock_elsewhere_have_names_of_their_own(server: MockServer) -> None:
    remote = RemoteMock(server.url + "/")
    names = [
        remote.tenant("orders").token,
        remote.tenant("orders").token,
        remote.tenant().token,
        remote.tenant().token,
    ]
    assert len({*names}) == 4
    beginnings = [name.rpartition("-")[0] for name in names]
    assert beginnings == ["orders", "orders", "tenant-1", "tenant-2"]


def test_a_mock_elsewhere_keeps_bodies_and_secrets_to_itself(server: MockServer) -> None:
    with RemoteMock(server.url).tenant() as tenant:
        ask(tenant, page=2)
        (request,) = tenant.requests
        assert request.body is None
        assert request.params["page"] == 2
        assert request.params["token"] != tenant.token


def test_requests_are_chosen_by_endpoint_and_parameters(tenant: HappyTalk) -> None:
    for page in (1, 2):
        ask(tenant, page=page)
    messages(tenant)
    assert len(tenant.requests) == 3
    assert [request.params["page"] for request in tenant.requests.to("rooms")] == [1, 2]
    assert len(tenant.requests.where(page=2, ndate=None)) == 1
    assert len(tenant.requests.where(page="2")) == len(tenant.requests.where(page=True)) == 0
    assert [request.endpoint for request in tenant.requests[1:]] == ["rooms", "messages"]
    with pytest.raises(IndexError, match=r"no request \[7\]: 3 came"):
        tenant.requests[7]
    with pytest.raises(ValueError, match="rooms, messages, other"):
        tenant.requests.to("room")


def test_reset_forgets_requests_and_plans(tenant: HappyTalk) -> None:
    tenant.fail(500)
    tenant.freeze("2020-01-01 00:00:00")
    ask(tenant)
    tenant.reset()
    assert tenant.requests == []
    assert tenant.unused_faults == []
    assert tenant.now.year == 2026


def test_violations_fail_an_assertion_that_names_them(tenant: HappyTalk) -> None:
    ask(tenant)
    tenant.assert_no_violations()
    ask(tenant, limit=80, sort_by="reg_date")
    assert [violation.field for violation in tenant.requests.violations] == ["limit", "sort_by"]
    with pytest.raises(AssertionError, match="limit is above 50") as caught:
        tenant.assert_no_violations()
    assert "did you mean" in str(caught.value)


def test_strays_are_what_names_no_tenant(server: MockServer) -> None:
    with server.tenant() as tenant, server.tenant() as other, tenant.httpx_client() as client:
        ask(other)
        client.post(tenant.rooms_url, json={"token": "nobody"})
        client.post(f"{tenant.url}/user/api/chat_room_list", json={"token": tenant.token})
        assert [request.endpoint for request in tenant.strays] == ["rooms"]
        assert [request.endpoint for request in tenant.requests] == ["other"]
        with pytest.raises(AssertionError, match="no endpoint at this path"):
            tenant.assert_no_violations()
        assert "of no tenant" in tenant.report()


def test_what_was_expected_and_did_not_come_is_told_with_the_nearest(tenant: HappyTalk) -> None:
    ask(tenant, status=2, page=1)
    assert tenant.assert_requested(status=2) == tenant.requests
    with pytest.raises(AssertionError) as caught:
        tenant.assert_requested(status=2, page=2)
    assert "POST rooms" in str(caught.value)
    assert "[page: 1]" in str(caught.value)
    with pytest.raises(AssertionError, match="1 requests came"):
        tenant.assert_requested("messages")


# --- where tenants live ------------------------------------------------------------------------------------


def test_closing_forgets_the_tenant(server: MockServer) -> None:
    with server.tenant("passing-by") as tenant:
        client = tenant.httpx_client()
        assert ask(tenant).json()["result"] == "success"
    assert client.post(tenant.rooms_url, json={"token": "passing-by"}).json()["code"] == -501
    tenant.close()


def test_a_server_hands_out_its_first_tenant_too(server: MockServer) -> None:
    happytalk = server.happytalk
    assert len(happytalk.rooms) == 7
    ask(happytalk)
    assert len(happytalk.requests) == 1
    assert server.happytalk.requests == []  # what came before is another test's
    happytalk.add_room()
    happytalk.reset()
    assert len(happytalk.rooms) == 7
    happytalk.generate(rooms=3, days=1)
    assert len(happytalk.rooms) == 3
    happytalk.close()
    happytalk.reset()
    assert len(happytalk.rooms) == 7


def test_without_a_socket() -> None:
    with MockServer(port=None, rooms=5) as server:
        assert "without a socket" in repr(server)
        with server.httpx_client() as client:
            assert client.get("/__admin/health").json()["data"]["rooms"] == 5
        assert server.requests_session().get(f"{server.url}/__admin/health").json()["status"] == "ready"
        with pytest.raises(ConfigurationError, match="no socket"):
            _ = server.port


def test_an_admin_token_is_handed_on() -> None:
    with MockServer(port=None, admin_token="let-me-in") as server, server.tenant() as tenant:
        assert len(tenant.add_rooms(2)) == 2


def test_a_scenario_by_its_name() -> None:
    with MockServer(port=None, scenario="documented") as server:
        assert len(server.happytalk.rooms) == 2
        assert server.happytalk.now.year == 2022
        with server.tenant() as tenant, server.tenant() as other:
            assert tenant.rooms == []
            assert (tenant.token, other.token) == ("tenant-1", "tenant-2")
            tenant.generate(rooms=3, days=1)
            assert len(tenant.rooms) == 3
    with pytest.raises(ConfigurationError, match="documented"):
        MockServer(port=None, scenario="dokumented")


def test_a_mock_elsewhere_that_is_not_there() -> None:
    with pytest.raises(OSError, match="refused"):
        RemoteMock("http://127.0.0.1:1")


# --- the names that are public -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", happytalk_mock.__all__)
def test_public_names_are_there(name: str) -> None:
    assert getattr(happytalk_mock, name) is not None
    assert name in dir(happytalk_mock)


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, happytalk_mock; print(*sorted(m for m in sys.modules if m.startswith('happytalk_mock')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == ["happytalk_mock", "happytalk_mock.core", "happytalk_mock.core.version"]


def test_another_name_is_none_of_them() -> None:
    with pytest.raises(AttributeError, match="no attribute 'MokServer'"):
        happytalk_mock.MokServer  # noqa: B018


def test_this_machine_is_asked_directly_whatever_proxy_there_is(
    tenant: HappyTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert ask(tenant).status_code == 200
    with tenant.requests_session() as session:
        assert session.post(tenant.rooms_url, json={"token": tenant.token}).status_code == 200
