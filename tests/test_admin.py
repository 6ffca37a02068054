"""The admin API: who may use it, every route, every refusal, and that the next request sees each change."""

from __future__ import annotations

import base64
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from admin_calls import Admin
from happytalk_mock import MockServer
from happytalk_mock.api.control import Control
from happytalk_mock.core.clock import ZERO_DATE, Clock
from happytalk_mock.core.errors import AdminError, ConfigurationError
from happytalk_mock.journal import audit
from happytalk_mock.serving.server import Server, bind
from happytalk_mock.spec.vocabulary import ROOM_FIELDS, ROOMS_PATH
from happytalk_mock.state.credentials import DEFAULT_CREDENTIALS, Credentials
from happytalk_mock.state.mock import Mock
from happytalk_mock.state.tenants import Setup
from happytalk_mock.testing.client import AdminClient
from happytalk_mock.web.admin import PREFIX, ROUTES, Access
from happytalk_mock.web.app import create_app

NOW = "2026-03-02T13:00:00+09:00"
OWN, TWO = DEFAULT_CREDENTIALS, Credentials.of("second-tenant-token")
KEY = OWN.sender_keys[0]


@pytest.fixture
def control() -> Iterator[Control]:
    made = Control(Mock(Setup(rooms=30, credentials=(OWN, TWO)), Clock.parse(NOW)))
    yield made
    made.close()


@pytest.fixture
def admin(control: Control) -> Admin:
    return Admin(control)


@pytest.fixture(scope="module")
def unchanged() -> Iterator[Admin]:
    """One for all that refuse to change it."""
    with closing(Control(Mock(Setup(rooms=30, credentials=(OWN, TWO)), Clock.parse(NOW)))) as made:
        yield Admin(made)


# --- who may -----------------------------------------------------------------------------------------------


def ask(admin: Admin, **environ: Any) -> int:
    headers = environ.pop("headers", {})
    return admin.raw("GET", "/rooms", environ_base=environ, headers=headers).status_code


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200),
        ("127.8.9.1", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("10.0.0.5", 403),
        ("::ffff:10.0.0.5", 403),
        ("localhost", 403),
        ("", 403),
    ],
)
def test_only_loopback(admin: Admin, address: str, status: int) -> None:
    assert ask(admin, REMOTE_ADDR=address) == status


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8080", 200),
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("evil.example", 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.evil.example:80", 403),
        ("10.0.0.5:8080", 403),
        ("[::2]", 403),
    ],
)
def test_a_foreign_host_is_refused(admin: Admin, host: str, status: int) -> None:
    assert ask(admin, headers={"Host": host}) == status


def test_the_bound_host_is_no_foreign_one(control: Control) -> None:
    bound = Admin(control, Access(host="192.168.7.7"))
    assert ask(bound, headers={"Host": "192.168.7.7:8080"}) == 200
    assert ask(bound, headers={"Host": "192.168.7.8:8080"}) == 403


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8080", 200),
        ("http://localhost", 403),
        ("http://localhost:3000", 403),
        ("https://evil.example", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_a_foreign_origin_is_refused(admin: Admin, origin: str, status: int) -> None:
    assert ask(admin, headers={"Host": "localhost:8080", "Origin": origin}) == status


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_what_a_proxy_forwards_needs_the_token(admin: Admin, name: str) -> None:
    assert ask(admin, headers={name: "127.0.0.1"}) == 403


def basic(password: str) -> str:
    return "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("Bearer sésame", 401),
        ("Bearer sesame", 200),
        ("bearer sesame", 200),
        (basic("sesame"), 200),
        (basic("sesam"), 401),
        ("Basic !!!", 401),
        ("sesame", 401),
    ],
)
@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5"])
def test_with_a_token_everyone_needs_it(
    control: Control, authorization: str | None, status: int, address: str
) -> None:
    guarded = Admin(control, Access.by(["sesame"]))
    headers = {} if authorization is None else {"Authorization": authorization}
    assert ask(guarded, REMOTE_ADDR=address, headers=headers) == status


def test_the_token_lets_other_names_of_the_machine_in_but_no_foreign_page(control: Control) -> None:
    guarded, known = Admin(control, Access.by(["sesame"])), {"Authorization": "Bearer sesame"}
    assert ask(guarded, REMOTE_ADDR="10.0.0.5", headers={**known, "Host": "mock:8080"}) == 200
    assert ask(guarded, headers={**known, "Host": "mock:8080", "Origin": "http://evil.example"}) == 403


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_who_may_only_read_changes_nothing(control: Control) -> None:
    guarded = Admin(control, Access.by(["sesame"], ["viewer=look"]))
    looking = {"headers": bearer("look")}
    assert guarded.raw("GET", "/rooms?limit=0", **looking).status_code == 200
    assert guarded.raw("POST", "/journal/find", {}, **looking).status_code == 200
    for route in ROUTES:
        if not route.reads:
            refused = guarded.raw(route.method, re.sub(r"<.*?>", "1", route.path), route.example, **looking)
            assert refused.status_code == 403, route.path
            problem = orjson.loads(refused.data)
            assert (problem["field"], problem["received"]) == ("Authorization", "a token that may only read")
    assert guarded.raw("GET", "/rooms?limit=0", headers=bearer("sesame")).status_code == 200
    assert list(control.audit) == []


def test_it_is_told_who_changed_what(control: Control) -> None:
    guarded = Admin(control, Access.by(["ci=one-secret", "김=another-secret", "third-secret"], ["look"]))

    def change(token: str, method: str, path: str, body: Any = None) -> None:
        assert guarded.raw(method, path, body, headers=bearer(token)).status_code in (200, 201)

    change(
        "one-secret",
        "POST",
        f"/rooms?token={TWO.token}",
        [{"title": "비밀 이야기", "status": "0"}, {"count": 2}],
    )
    change(quote("김=another-secret"), "POST", "/faults", {"status": 500, "tenant": TWO.token})
    change("third-secret", "DELETE", "/faults")
    guarded.raw("POST", "/rooms", [{"status": "9"}], headers=bearer("one-secret"))
    told = guarded.raw("GET", "/audit", headers=bearer("look"))
    found = [
        (each["who"], each["method"], each["path"], each["fields"], each["did"])
        for each in told.json["changes"]
    ]
    assert found == [
        ("admin", "DELETE", "/faults", [], {"deleted": 1}),
        ("김", "POST", "/faults", ["status"], {"id": 1, "status": 500, "uses": 0, "active": True}),
        ("ci", "POST", "/rooms", ["title", "status", "count"], {"added": 3}),
    ]
    for secret in ("one-secret", "another-secret", "third-secret", "비밀", TWO.token):
        assert secret not in told.text
    last = told.json["changes"][0]["id"]
    assert guarded.raw("GET", f"/audit?since={last - 1}", headers=bearer("look")).json["count"] == 1
    change("one-secret", "POST", "/reset", {})
    assert guarded.raw("GET", "/audit", headers=bearer("look")).json["count"] == 4


def test_the_list_of_changes_has_an_end(admin: Admin) -> None:
    for _ in range(audit.KEPT + 5):
        admin.control.audit.note(who="x", method="POST", path="/reset", token=None, body=None, told={})
    found = admin.call("GET", "/audit?limit=10000")
    assert found["count"] == audit.KEPT
    assert found["changes"][0]["id"] == audit.KEPT + 5


@pytest.mark.parametrize("written", ["c2VjcmV0Cg==", "a=", "=a", "plain", "a b"])
def test_a_token_without_a_name(control: Control, written: str) -> None:
    guarded = Admin(control, Access.by([written]))
    assert guarded.raw("DELETE", "/faults", headers=bearer(written)).status_code == 200
    assert [each.who for each in control.audit] == ["admin"]


@pytest.mark.parametrize(("tokens", "read"), [(["a", ""], []), (["a"], [""]), (["a"], ["b=a"])])
def test_tokens_that_cannot_be_told_apart_are_refused(tokens: list[str], read: list[str]) -> None:
    with pytest.raises(ConfigurationError):
        Access.by(tokens, read)


def test_live_and_ready_are_for_everyone(control: Control) -> None:
    guarded, foreign = Admin(control, Access.by(["sesame"])), {"environ_base": {"REMOTE_ADDR": "10.0.0.5"}}
    for path in ("/health/live", "/health/ready"):
        assert guarded.raw("GET", path, **foreign).status_code == 200
    control.checks["state"] = lambda: "the database does not answer"
    assert guarded.raw("GET", "/health/live", **foreign).status_code == 200
    refused = guarded.raw("GET", "/health/ready", **foreign)
    assert refused.status_code == 503
    assert orjson.loads(refused.data)["received"] == "state: the database does not answer"


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "text/json"],
)
def test_a_form_of_another_site_changes_nothing(admin: Admin, content_type: str) -> None:
    response = admin.raw("POST", "/rooms", b'{"title": "x"}', content_type=content_type)
    assert response.status_code == 415
    assert orjson.loads(response.data)["field"] == "Content-Type"
    assert admin.raw("DELETE", "/rooms", b"{}", content_type=content_type).status_code == 415
    assert admin.raw("POST", "/reset", content_type=content_type).status_code == 415
    assert admin.control.mock.tenants.known(OWN.token).rooms.version == 0  # type: ignore[union-attr]


@pytest.mark.slow
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_is_guarded(control: Control, route: Any) -> None:
    path = re.sub(r"<.*?>", "1", route.path)
    foreign = Admin(control, Access())
    response = foreign.raw(route.method, path, environ_base={"REMOTE_ADDR": "10.0.0.5"})
    assert response.status_code == (200 if route.public else 403)
    for extra in ("/openapi.json", ""):
        assert foreign.raw("GET", extra, environ_base={"REMOTE_ADDR": "10.0.0.5"}).status_code == 403


def test_health_is_for_everyone_and_holds_no_secret(control: Control) -> None:
    guarded = Admin(control, Access.by(["sesame"]))
    control.faults.add({"status": 500, "tenant": TWO.token})
    control.drifts.set(["title-missing"], TWO.token)
    control.churn.start("0.01/s")
    foreign = {"REMOTE_ADDR": "10.0.0.5"}
    response = guarded.raw("GET", "/health", environ_base=foreign, headers={"Host": "mock"})
    assert response.status_code == 200
    for secret in (OWN.token, TWO.token, OWN.client_id, OWN.client_secret, KEY, "sesame"):
        assert secret not in response.text
    found = response.get_json()
    assert found["status"] == "ready"
    assert found["data"]["rooms"] == 30
    assert found["data"]["messages"] > 0
    assert found["active"] == {"faults": 1, "drifts": ["title-missing"], "churn": 2, "behaviour": {}}
    assert found["journal"] == {"kept": 0, "size": 1000}
    assert found["store"]["version"] == 0
    assert found["tenants"] == 2


# --- wrong paths, methods and bodies -----------------------------------------------------------------------


def test_wrong_paths_and_methods_name_the_right_ones(admin: Admin) -> None:
    found = admin.problem("GET", "/clock/now", status=404)
    assert "POST /__admin/clock/freeze" in found["allowed"]
    assert "/__admin/rooms" in admin.problem("GET", "/room", status=404)["allowed"]
    response = admin.raw("PUT", "/clock")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert orjson.loads(response.data)["field"] == "method"


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "/rooms", b"{", "body"),
        ("POST", "/rooms", b"\xff", "body"),
        ("POST", "/rooms", None, "rooms"),
        ("POST", "/rooms", [], "rooms"),
        ("POST", "/rooms", 3, "rooms[0]"),
        ("POST", "/rooms", {"satus": "2"}, "rooms[0].satus"),
        ("POST", "/rooms", {"title": {"a": 1}}, "rooms[0].title"),
        ("POST", "/rooms", {"title": True}, "rooms[0].title"),
        ("POST", "/rooms", {"title": "x" * 101}, "rooms[0].title"),
        ("POST", "/rooms", {"reg_date": "2022-02-30 00:00:00"}, "rooms[0].reg_date"),
        ("POST", "/rooms", {"status": "5"}, "rooms[0].status"),
        ("POST", "/rooms", {"out_api": "7"}, "rooms[0].out_api"),
        ("POST", "/rooms", {"id": ""}, "rooms[0].id"),
        ("POST", "/rooms", {"status": "0", "complate_date": "now"}, "rooms[0].complate_date"),
        ("POST", "/rooms", {"status": "2", "complate_date": ZERO_DATE}, "rooms[0].complate_date"),
        (
            "POST",
            "/rooms",
            {"status": "2", "reg_date": "now", "complate_date": "now-1h"},
            "rooms[0].complate_date",
        ),
        ("POST", "/rooms", {"count": 0}, "rooms[0].count"),
        ("POST", "/rooms", [{"id": "a"}, {"id": "a"}], "rooms[1].id"),
        ("POST", "/rooms", [{"count": 60_000}, {"count": 60_000}], "rooms"),
        ("POST", "/rooms", {"rooms": [{}], "title": "x"}, "title"),
        ("POST", "/rooms", {"title": "x", "tenant": 3}, "tenant"),
        ("POST", f"/rooms?token={OWN.token}", {"title": "x", "tenant": TWO.token}, "tenant"),
        ("GET", "/rooms?status=9", None, "status"),
        ("GET", "/rooms?status=two", None, "status"),
        ("GET", "/rooms?sdate=2022-02-30", None, "sdate"),
        ("GET", "/rooms?limit=1001", None, "limit"),
        ("GET", "/rooms?limt=10", None, "limt"),
        ("GET", "/rooms?limit=1&limit=2", None, "limit"),
        ("GET", "/rooms?token=", None, "token"),
        ("POST", "/messages", {"nmae": "x"}, "system_messages[0].nmae"),
        ("POST", "/messages", {"status": "X"}, "system_messages[0].status"),
        (
            "POST",
            "/messages",
            {"messages": [{"messageType": "S5", "buttons": [{}]}]},
            "system_messages[0].messages[0].buttons",
        ),
        ("POST", "/messages", {"id": 2**64 - 1}, "system_messages[0].id"),
        ("POST", "/messages", {"comments": [{"id": 2**63}]}, "system_messages[0].comments[0].id"),
        ("POST", "/messages", {"createdAt": "now-999999999d"}, "system_messages[0]"),
        ("POST", "/messages", {"createdAt": "now", "modifiedAt": "now-1d"}, "system_messages[0].modifiedAt"),
        ("POST", "/rooms", {"day": "today-999999"}, "rooms[0]"),
        ("POST", "/rooms", {"status": 2, "reg_date": "9999-12-31 23:59:59"}, "rooms[0]"),
        ("POST", "/reset", {"to": "nothing"}, "to"),
        ("POST", "/reset", {"only": ["data", "all"]}, "only"),
        ("POST", "/reset", [], "body"),
        ("POST", "/clock/freeze", {"at": "tomorrow"}, "at"),
        ("POST", "/clock/freeze", {"at": "0001-01-01"}, "at"),
        ("POST", "/clock/freeze", {"to": NOW}, "to"),
        ("POST", "/clock/set", {}, "to"),
        ("POST", "/clock/advance", {}, "seconds"),
        ("POST", "/clock/advance", {"hours": "9"}, "hours"),
        ("POST", "/clock/advance", {"days": 4_000_000}, "seconds"),
        ("PATCH", "/behaviour", {}, "behaviour"),
        ("PATCH", "/behaviour", {"zero_dates": "last"}, "zero_dates"),
        ("PATCH", "/behaviour", {"zero_date_order": "first"}, "zero_date_order"),
        ("PATCH", "/behaviour", {"longest_period": "9" * 5000}, "longest_period"),
        ("PATCH", "/behaviour", {"longest_period": 0}, "longest_period"),
        ("POST", "/faults", {}, "fault"),
        ("POST", "/faults", [], "fault"),
        ("POST", "/faults", {"status": 600}, "status"),
        ("POST", "/faults", {"stauts": 500}, "stauts"),
        ("PUT", "/drift", {}, "name"),
        ("PUT", "/drift", {"name": "a", "names": ["b"]}, "name"),
        ("PUT", "/drift", {"names": []}, "names"),
        ("PUT", "/drift", {"names": [1]}, "names"),
        ("PUT", "/drift", {"name": "no-such-drift"}, "drift"),
        ("PUT", "/churn", {}, "rate"),
        ("PUT", "/churn", {"rate": "fast"}, "rate"),
        ("GET", "/journal?violations=maybe", None, "violations"),
        ("GET", "/journal?endpoint=room", None, "endpoint"),
        ("POST", "/journal/find", {"body": [1]}, "body"),
        ("POST", "/journal/near-misses", {}, "body"),
        ("POST", "/tenants", {}, "token"),
        ("POST", "/tenants", {"token": ""}, "token"),
        ("POST", "/tenants", {"token": "a", "sender_keys": [1]}, "sender_keys"),
        ("POST", "/tenants", {"token": "a", "client_id": OWN.client_id}, "client_id"),
        ("DELETE", "/tenants", None, "token"),
    ],
)
def test_bad_input_is_told_and_changes_nothing(
    unchanged: Admin, method: str, path: str, body: Any, field: str
) -> None:
    before = _state(unchanged)
    found = unchanged.problem(method, path, body)
    assert found["field"] == field
    for secret in (OWN.token, TWO.token, OWN.client_id):
        assert secret not in str(found)
    assert _state(unchanged) == before


def _state(admin: Admin) -> Any:
    control = admin.control
    tenants = [
        (each.token, list(each.rooms.rooms(control.mock.clock.second()))) for each in control.mock.tenants
    ]
    return (
        tenants,
        admin.messages(),
        control.mock.clock.now(),
        control.mock.behaviour.differences,
        [fault.id for fault in control.faults],
        control.drifts.all_names(),
        control.churn.report(),
    )


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/rooms/nothing", None),
        ("PATCH", "/rooms/nothing", {"title": "x"}),
        ("DELETE", "/rooms/nothing", None),
        ("GET", "/messages/1", None),
        ("PATCH", "/messages/1", {"name": "x"}),
        ("DELETE", "/messages/1", None),
        ("GET", "/messages?sender_key=nobody-at-all-here", None),
        ("GET", "/faults/1", None),
        ("DELETE", "/faults/1", None),
        ("GET", "/journal/999", None),
        ("GET", "/rooms?token=nobody-at-all-here", None),
        ("POST", "/clock/freeze", {"tenant": "nobody-at-all-here"}),
        ("DELETE", "/tenants?token=nobody-at-all-here", None),
    ],
)
def test_what_is_not_there(admin: Admin, method: str, path: str, body: Any) -> None:
    assert "nobody-at-all-here" not in str(admin.problem(method, path, body, status=404))


# --- rooms -------------------------------------------------------------------------------------------------


def test_a_room_is_added_with_a_few_fields(admin: Admin) -> None:
    answer = admin.call("POST", "/rooms", {"status": "1", "title": "배송 문의"})
    (room,) = answer["rooms"]
    assert answer["added"] == 1
    assert list(room) == list(ROOM_FIELDS)
    assert (room["status"], room["title"], room["complate_date"]) == ("1", "배송 문의", ZERO_DATE)
    assert room in admin.listed(status=1)["chat_list"]
    assert admin.call("GET", f"/rooms/{room['id']}") == room


@pytest.mark.parametrize(
    "body",
    [
        [{"status": "2"}, {"status": "2"}, {"status": "2"}],
        {"rooms": [{"status": "2", "count": 2}, {"status": "2"}]},
        {"status": "2", "count": 3, "tenant": None},
        {"status": ["2"], "title": ["a", "b", "c"]},
    ],
)
def test_many_rooms_are_added(admin: Admin, body: Any) -> None:
    before = admin.listed(status=2)["total_count"]
    found = admin.call("POST", "/rooms", body)["rooms"]
    assert len({room["id"] for room in found}) == 3
    assert admin.listed(status=2)["total_count"] == before + 3


def test_a_taken_id_adds_none_of_many(admin: Admin) -> None:
    admin.call("POST", "/rooms", {"id": "taken"})
    before = admin.call("GET", "/rooms")["total_count"]
    found = admin.problem("POST", "/rooms", [{"id": "new"}, {"id": "taken"}])
    assert found["received"] == '"taken"'
    assert admin.call("GET", "/rooms")["total_count"] == before
    admin.problem("GET", "/rooms/new", status=404)


def test_the_same_additions_make_the_same_rooms(admin: Admin) -> None:
    def add() -> list[Any]:
        return [admin.call("POST", "/rooms", {"count": 2})["rooms"] for _ in range(2)]

    first = add()
    admin.call("POST", "/reset", {})
    admin.call("POST", f"/rooms?token={TWO.token}", {})  # of another tenant: no matter
    assert add() == first
    assert first[0] != first[1]


def test_a_changed_status_moves_the_end_date_along(admin: Admin) -> None:
    (room,) = admin.call("POST", "/rooms", {"status": "0"})["rooms"]
    path = f"/rooms/{room['id']}"
    assert admin.call("PATCH", path, {"status": "1"})["complate_date"] == ZERO_DATE
    assert admin.call("PATCH", path, {"status": "2"})["complate_date"] == "2026-03-02 13:00:00"
    assert admin.call("PATCH", path, {"status": "3"})["complate_date"] == "2026-03-02 13:00:00"
    assert admin.call("PATCH", path, {"status": 0})["complate_date"] == ZERO_DATE
    assert admin.problem("PATCH", path, {"complate_date": "now"})["field"] == "complate_date"
    assert admin.problem("PATCH", path, {"status": "2", "title": ["a"]})["field"] == "title"
    assert admin.call("GET", path)["status"] == "0"


def test_a_generated_room_can_be_changed_and_deleted(admin: Admin) -> None:
    room = admin.call("GET", "/rooms?limit=1")["rooms"][0]
    changed = admin.call("PATCH", f"/rooms/{room['id']}", {"title": "바뀐 제목"})
    assert changed == {**room, "title": "바뀐 제목"}
    admin.call("DELETE", f"/rooms/{room['id']}")
    assert admin.call("GET", "/rooms")["total_count"] == 29


def test_an_id_may_hold_anything(admin: Admin) -> None:
    admin.call("POST", "/rooms", {"id": "a/b ?&"})
    assert admin.call("GET", "/rooms/a%2Fb%20%3F%26")["id"] == "a/b ?&"


def test_rooms_are_filtered_and_paged(admin: Admin) -> None:
    everything = admin.call("GET", "/rooms?limit=1000")["rooms"]
    assert len(everything) == 30
    pages = [admin.call("GET", f"/rooms?limit=7&offset={at}")["rooms"] for at in range(0, 35, 7)]
    assert [room for page in pages for room in page] == everything
    done = admin.call("GET", "/rooms?status=2&limit=1000&sort_value=asc")
    assert done["total_count"] == len(done["rooms"])
    assert [room["id"] for room in done["rooms"]] == [
        room["id"] for room in reversed(everything) if room["status"] == "2"
    ]
    days = admin.call("GET", "/rooms?sdate=2026-02-10&edate=2026-02-20&limit=1000")["rooms"]
    assert days == [room for room in everything if "2026-02-10" <= room["reg_date"][:10] <= "2026-02-20"]
    assert admin.call("GET", "/rooms?limit=0")["rooms"] == []


def test_clearing_rooms(admin: Admin) -> None:
    assert admin.call("DELETE", "/rooms") == {"deleted": 30}
    assert admin.listed()["total_count"] == 0
    admin.call("POST", "/reset", {"only": ["data"]})
    assert admin.call("GET", "/rooms")["total_count"] == 30


# --- system messages ---------------------------------------------------------------------------------------


def test_messages_are_added_changed_and_deleted(admin: Admin) -> None:
    before = admin.messages()
    (made,) = admin.call("POST", "/messages", {"name": "점심시간"})["messages"]
    assert made in admin.messages()
    path = f"/messages/{made['id']}"
    assert admin.call("PATCH", path, {"name": "저녁시간"})["name"] == "저녁시간"
    admin.call("PATCH", path, {"status": "T"})
    assert admin.messages() == before  # the endpoint lists only those of status A
    assert admin.call("GET", path)["name"] == "저녁시간"
    assert [each["id"] for each in admin.call("GET", "/messages?status=T")["messages"]].count(made["id"]) == 1
    assert admin.problem("PATCH", path, {"id": 1})["field"] == "id"
    assert admin.problem("POST", "/messages", [{}, {"id": made["id"]}])["field"] == "system_messages[1].id"
    admin.call("DELETE", path)
    admin.problem("GET", path, status=404)
    admin.call("DELETE", "/messages")
    assert admin.messages() == []
    admin.call("POST", "/reset", {})
    assert admin.messages() == before


def test_a_new_sender_key_becomes_known(admin: Admin) -> None:
    admin.call("POST", "/messages?sender_key=another-key", [{"name": "a"}, {"name": "b"}])
    found = admin.call("GET", "/messages?sender_key=another-key")
    assert [each["name"] for each in found["messages"]] == ["a", "b"]


# --- clock and behaviour -----------------------------------------------------------------------------------


def test_the_clock(admin: Admin) -> None:
    assert admin.call("GET", "/clock") == {"now": NOW, "frozen": True, "own": False}
    assert admin.call("POST", "/clock/advance", {"hours": 9, "days": 1})["now"] == "2026-03-03T22:00:00+09:00"
    assert admin.call("POST", "/clock/advance", {"hours": -9})["now"] == "2026-03-03T13:00:00+09:00"
    found = admin.call("POST", "/clock/freeze", {"at": "2026-11-01 23:59:50"})
    assert found == {"now": "2026-11-01T23:59:50+09:00", "frozen": True, "own": False}
    assert admin.call("POST", "/clock/run", {})["frozen"] is False
    assert admin.call("POST", "/clock/freeze", {})["frozen"] is True
    assert admin.call("POST", "/clock/set", {"to": NOW})["frozen"] is False
    assert admin.call("GET", "/clock")["now"] >= NOW
    admin.call("POST", "/clock/follow", {})
    assert admin.control.mock.clock.mark() == (None, 0.0)
    admin.call("POST", "/reset", {"only": ["clock"]})
    assert admin.call("GET", "/clock")["now"] == NOW


@pytest.mark.parametrize(
    ("unit", "seconds"), [("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1)]
)
def test_each_unit_of_time_is_as_long_as_it_is(admin: Admin, unit: str, seconds: int) -> None:
    before = admin.control.mock.clock.second()
    admin.call("POST", "/clock/advance", {unit: 2})
    assert admin.control.mock.clock.second() == before + 2 * seconds


def test_the_next_request_sees_the_clock(admin: Admin) -> None:
    admin.call("POST", "/rooms", {"reg_date": "2026-03-05 00:00:00"})
    before = admin.listed()["total_count"]
    admin.call("POST", "/clock/freeze", {"at": "2026-03-05T00:00:00"})
    today = admin.listed()
    assert {room["reg_date"][:10] for room in today["chat_list"]} == {"2026-03-05"}
    assert before != today["total_count"] or before == 1


def test_a_tenants_clock_is_its_own(admin: Admin) -> None:
    admin.call("POST", "/clock/advance", {"hours": 1, "tenant": TWO.token})
    assert admin.call("GET", f"/clock?token={TWO.token}") == {
        "now": "2026-03-02T14:00:00+09:00",
        "frozen": True,
        "own": True,
    }
    assert admin.call("GET", "/clock")["now"] == NOW
    assert admin.call("POST", f"/clock/follow?token={TWO.token}", {})["own"] is False


def test_a_refused_moment_gives_a_tenant_no_clock(admin: Admin) -> None:
    admin.problem("POST", "/clock/freeze", {"at": "0001-01-01", "tenant": TWO.token})
    admin.problem("POST", "/clock/advance", {"days": 4_000_000, "tenant": TWO.token})
    assert admin.call("GET", f"/clock?token={TWO.token}")["own"] is False


def test_behaviour(admin: Admin) -> None:
    changes = {"size_type": "text", "longest_period": 7}
    sizes = dict.fromkeys(("size_type.page", "size_type.limit", "size_type.total_count"), "text")
    expected = {**sizes, "longest_period": "7"}
    assert admin.call("PATCH", "/behaviour", changes) == {"differences": expected}
    assert admin.listed()["page"] == "1"
    found = admin.call("GET", "/behaviour")
    assert found["differences"] == expected
    question = next(each for each in found["questions"] if each["id"] == "size_type.page")
    assert (question["answer"], question["default"]) == ("text", "number")
    admin.problem("PATCH", "/behaviour", {"size_type": "number", "longest_period": "x"})
    told = admin.problem("PATCH", "/behaviour", {"failure_text": "terse"})
    assert told["received"] == "a question that is failure_message now"
    assert admin.listed()["page"] == "1"
    assert admin.call("DELETE", "/behaviour") == {"differences": {}}
    assert admin.listed()["page"] == 1


def test_behaviour_of_one_tenant(admin: Admin) -> None:
    admin.call("PATCH", f"/behaviour?token={TWO.token}", {"size_type": "text"})
    assert [admin.listed(each.token)["page"] for each in (OWN, TWO)] == [1, "1"]
    admin.call("DELETE", f"/behaviour?token={TWO.token}")
    assert admin.listed(TWO.token)["page"] == 1


# --- faults, drift, churn ----------------------------------------------------------------------------------


def test_faults(admin: Admin) -> None:
    made = admin.call("POST", "/faults", {"status": 503, "times": 1, "tenant": OWN.token})
    assert (made["id"], made["remaining"], made["tenant"]) == (1, 1, "happ…(20)")
    admin.call("POST", "/faults", {"delay": {"uniform": [0, 0.01]}, "endpoint": "messages"})
    assert len(admin.call("GET", "/faults?unused=true")["faults"]) == 2
    assert admin.http.post(ROOMS_PATH, json={"token": OWN.token}).status_code == 503
    assert admin.http.post(ROOMS_PATH, json={"token": OWN.token}).status_code == 200
    assert [each["id"] for each in admin.call("GET", "/faults?unused=true")["faults"]] == [2]
    assert admin.call("GET", "/faults/1")["uses"] == 1
    assert [each["id"] for each in admin.call("GET", f"/faults?token={OWN.token}")["faults"]] == [1]
    admin.call("DELETE", "/faults/1")
    assert admin.call("DELETE", "/faults") == {"deleted": 1}
    assert admin.call("GET", "/faults") == {"faults": []}


def test_drift(admin: Admin) -> None:
    known = admin.call("GET", "/drift")["known"]
    assert len(known) >= 60
    assert admin.call("PUT", "/drift", {"name": "title-missing"}) == {"active": ["title-missing"]}
    window = {"sdate": "2026-02-01", "edate": "2026-03-02"}
    assert "title" not in admin.listed(**window)["chat_list"][0]
    assert admin.call("GET", "/drift")["active"] == ["title-missing"]
    assert admin.call("DELETE", "/drift") == {"active": []}
    assert "title" in admin.listed(**window)["chat_list"][0]


def test_churn(admin: Admin) -> None:
    (stream,) = admin.call("PUT", "/churn", {"rate": "0.01/s", "tenant": TWO.token})["streams"]
    assert (stream["tenant"], stream["per_second"]) == ("seco…(19)", 0.01)
    assert len(admin.call("PUT", "/churn", {"rate": 0.02, "seed": 4})["streams"]) == 2
    assert admin.call("DELETE", f"/churn?token={TWO.token}") == {"stopped": 1}
    assert admin.call("DELETE", "/churn") == {"stopped": 1}
    assert admin.call("GET", "/churn") == {"streams": []}


# --- journal -----------------------------------------------------------------------------------------------


def test_journal(admin: Admin) -> None:
    admin.listed(status=2)
    admin.listed(TWO.token, status="2")
    admin.messages()
    found = admin.call("GET", "/journal")
    assert [each["id"] for each in found["requests"]] == [3, 2, 1]
    assert (found["count"], found["last"]) == (3, 3)
    for query, ids in {
        "body.status=2": [2, 1],
        "violations=true": [2],
        "endpoint=messages": [3],
        f"token={TWO.token}": [2],
        "since=1&limit=1": [3],
        f"query.senderKey={KEY}": [3],
        "result=success&status=200": [3, 2, 1],
    }.items():
        assert [each["id"] for each in admin.call("GET", f"/journal?{query}")["requests"]] == ids, query
    assert admin.call("GET", "/journal/count?body.status=2")["count"] == 2
    typed = admin.call("POST", "/journal/find", {"body": {"status": 2}})
    assert [each["id"] for each in typed["requests"]] == [1]
    assert admin.call("GET", "/journal/2")["violations"][0]["field"] == "status"
    near = admin.call("POST", "/journal/near-misses", {"endpoint": "rooms", "body": {"status": 2, "page": 3}})
    assert near["matches"] == 0
    assert near["near_misses"][0]["differences"] == [
        {"field": "page", "expected": 3, "received": None, "given": False}
    ]
    assert admin.call("DELETE", f"/journal?token={TWO.token}") == {"deleted": 1}
    assert admin.call("DELETE", "/journal") == {"deleted": 2}
    for secret in (OWN.token, TWO.token, OWN.client_id, OWN.client_secret, KEY):
        assert secret not in str([found, typed, near])


# --- tenants and reset -------------------------------------------------------------------------------------


def test_tenants(admin: Admin) -> None:
    made = admin.call("POST", "/tenants", {"token": "team-a-token", "empty": True})
    assert made["client_id"] == "team-a-token-client-id"
    assert admin.listed("team-a-token")["total_count"] == 0
    tenants = admin.call("GET", "/tenants")["tenants"]
    assert [each["token"] for each in tenants] == [OWN.token, "seco…(19)", "team…(12)"]
    admin.call("POST", "/faults", {"delay": 0, "tenant": "team-a-token"})
    admin.call("PUT", "/drift", {"name": "title-missing", "tenant": "team-a-token"})
    assert admin.call("DELETE", "/tenants?token=team-a-token") == {"deleted": 1}
    refused = admin.http.post(ROOMS_PATH, json={"token": "team-a-token"}).get_json()
    assert refused["code"] == -501
    assert list(admin.control.faults) == []
    assert admin.control.drifts.all_names() == []


def test_a_tenant_added_again_starts_afresh(admin: Admin) -> None:
    admin.call("POST", "/tenants", {"token": "team-a-token"})
    admin.call("POST", "/faults", {"status": 500, "tenant": "team-a-token"})
    admin.call("POST", "/tenants", {"token": "team-a-token", "empty": True, "client_id": "new"})
    assert admin.listed("team-a-token")["total_count"] == 0
    assert admin.control.mock.tenants.token_of_client("team-a-token-client-id") is None


def test_a_refused_tenant_keeps_what_was_set_for_it(admin: Admin) -> None:
    admin.call("POST", "/faults", {"status": 500, "tenant": TWO.token})
    admin.problem("POST", "/tenants", {"token": TWO.token, "client_id": OWN.client_id})
    assert [fault.tenant for fault in admin.control.faults] == [TWO.token]


def test_a_reset_to_empty(admin: Admin) -> None:
    admin.call("POST", "/reset", {"to": "empty", "tenant": TWO.token})
    counts = [admin.call("GET", f"/rooms?token={each.token}")["total_count"] for each in (OWN, TWO)]
    assert counts == [30, 0]
    admin.call("POST", "/reset", {"to": "empty"})
    assert admin.call("GET", "/rooms")["total_count"] == 0
    admin.call("POST", "/reset", {})
    assert admin.call("GET", "/rooms")["total_count"] == 30


# --- its own document --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_openapi_document_is_valid_and_whole(admin: Admin) -> None:
    document = admin.raw("GET", "/openapi.json").get_json()
    OpenAPIV31SpecValidator(document).validate()
    told = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    routes = {(each.method, PREFIX + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", each.path)) for each in ROUTES}
    assert told == routes
    operations = [each for item in document["paths"].values() for each in item.values()]
    assert len({each["operationId"] for each in operations}) == len(operations)


def test_every_route_says_what_it_does(admin: Admin) -> None:
    assert all(route.summary.endswith(".") for route in ROUTES)
    assert len(admin.call("GET", "")["routes"]) == len(ROUTES)


@pytest.mark.parametrize(
    "route", [each for each in ROUTES if each.example is not None], ids=lambda route: route.path
)
def test_the_examples_work(admin: Admin, route: Any) -> None:
    made: dict[str, Callable[[], Any]] = {
        "/rooms/<path:id>": lambda: admin.call("POST", "/rooms", {"status": "0"})["rooms"][0]["id"],
        "/messages/<int:id>": lambda: admin.call("POST", "/messages", {})["messages"][0]["id"],
        "/snapshots/<name>": lambda: "mine",
        "/snapshots/<name>/restore": lambda: admin.call("PUT", "/snapshots/mine")["name"],
    }
    path = re.sub("<.*>", str(made[route.path]()), route.path) if route.path in made else route.path
    admin.call(route.method, path, route.example)


# --- from another process ----------------------------------------------------------------------------------


def test_the_client(control: Control) -> None:
    with MockServer(now=NOW, rooms=5, admin_token="sesame") as server:
        plain = AdminClient(server.url)
        assert plain.call("GET", "/health")["status"] == "ready"
        with pytest.raises(AdminError, match="HTTP 401"):
            plain.call("GET", "/rooms")
        body = {"token": "team-a", "empty": True}
        AdminClient(server.url, admin_token="sesame").call("POST", "/tenants", body)
        call = AdminClient(server.url, admin_token="sesame", tenant="team-a").call
        (room,) = call("POST", "/rooms", [{"status": "0"}])["rooms"]
        changed = call("PATCH", f"/rooms/{room['id']}", {"status": "2"})
        assert changed["complate_date"] == "2026-03-02 13:00:00"
        assert [each["id"] for each in call("GET", "/rooms", status=2)["rooms"]] == [room["id"]]
        call("POST", "/clock/freeze", {"at": "2026-03-03T00:00:00"})
        call("POST", "/clock/advance", {"hours": 1})
        call("PATCH", "/behaviour", {"size_type": "text"})
        assert call("POST", "/faults", {"status": 429, "times": 1})["id"] == 1
        assert [each["id"] for each in call("GET", "/faults", unused=True)["faults"]] == [1]
        call("PUT", "/drift", {"names": ["title-missing"]})
        call("DELETE", "/drift")
        assert call("GET", "/journal", violations=False)["requests"] == []
        with pytest.raises(AdminError) as caught:
            call("POST", "/rooms", [{"satus": "0"}])
        assert caught.value.problem["field"] == "rooms[0].satus"
        call("POST", "/reset", {"to": "seed", "only": ["data"]})
        call("POST", "/reset", {"to": "empty"})
        assert call("GET", "/rooms")["rooms"] == []
        call("DELETE", "/tenants", token="team-a")


def test_a_token_may_be_in_any_language(control: Control) -> None:
    http = create_app(control, access=Access.by(["열려라"])).test_client()
    as_sent = "열려라".encode().decode("latin-1")  # how WSGI hands over the bytes of a header
    for authorization in (f"Bearer {as_sent}", basic("열려라")):
        assert http.get("/__admin/clock", headers={"Authorization": authorization}).status_code == 200
    assert http.get("/__admin/clock", headers={"Authorization": "Bearer ?"}).status_code == 401


def test_a_body_over_the_limit_is_told_in_bytes(admin: Admin) -> None:
    length = {"CONTENT_LENGTH": str(65 * 1024 * 1024)}
    response = admin.raw("POST", "/rooms", b"{}", environ_overrides=length)
    assert response.status_code == 413
    assert orjson.loads(response.data)["allowed"] == f"at most {64 * 1024 * 1024} bytes"


@pytest.mark.parametrize("way", ["fault", "Prefer"])
def test_a_429_can_be_made_without_retry_after(admin: Admin, way: str) -> None:
    headers = {}
    if way == "fault":
        fault = admin.call("POST", "/faults", {"status": 429, "retry_after": None})
        assert fault["retry_after"] is None
    else:
        headers["Prefer"] = "status=429, retry-after=none"
    answer = admin.http.post(ROOMS_PATH, json={"token": OWN.token}, headers=headers)
    assert answer.status_code == 429
    assert "Retry-After" not in answer.headers


def test_a_token_that_is_not_ascii_works_as_bearer_over_a_socket(control: Control) -> None:
    server = Server(create_app(control, access=Access.by(["열려라"])), bind("127.0.0.1", 0))
    server.start()
    try:
        assert AdminClient(server.url, admin_token="열려라").call("GET", "/clock")["frozen"]
        with pytest.raises(AdminError) as caught:
            AdminClient(server.url, admin_token="닫혀라").call("GET", "/clock")
        assert "percent-encoded" in caught.value.problem["allowed"]
    finally:
        server.stop()


def test_a_body_far_over_the_limit_is_read_before_it_is_refused(control: Control) -> None:
    """A client that sends all of it before it reads gets its answer, and no broken connection."""
    server = Server(create_app(control), bind("127.0.0.1", 0))
    server.start()
    size, piece = 70 * 1024 * 1024, bytes(1024 * 1024)
    try:
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
            head = f"POST /__admin/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n"
            client.sendall(f"{head}Content-Type: application/json\r\nConnection: close\r\n\r\n".encode())
            for _ in range(size // len(piece)):
                client.sendall(piece)
            assert client.recv(4096).startswith(b"HTTP/1.1 413 ")
    finally:
        server.stop()


@pytest.mark.parametrize("path", ["/clock", "/rooms", "/tenants", "/openapi.json"])
def test_options_is_a_method_like_another(admin: Admin, path: str) -> None:
    response = admin.raw("OPTIONS", path)
    assert response.status_code == 405
    assert response.content_type == "application/problem+json"
    assert "GET" in response.headers["Allow"]
    assert "Access-Control-Allow-Origin" not in response.headers


def test_null_is_taken_where_the_openapi_document_says_so(admin: Admin) -> None:
    document = admin.call("GET", "/openapi.json")
    for route in ROUTES:
        if not route.body:
            continue
        operation = document["paths"][PREFIX + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)][
            route.method.lower()
        ]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        for name in route.body:
            accepted = not list(Draft202012Validator(schema["properties"][name]).iter_errors(None))
            body = {**(route.example or {}), name: None}
            told = admin.raw(route.method, route.path, body).json or {}
            refused = told.get("status") == 400 and (told["field"], told["received"]) == (name, "nothing")
            assert accepted == (not refused), (route.path, name)


def test_a_path_is_told_as_it_was_sent(admin: Admin) -> None:
    sent = {"PATH_INFO": f"/{ROOMS_PATH}"}
    told = admin.http.post("/", json={}, environ_overrides=sent).get_json(force=True)
    assert told["status"] == 404
    assert told["received"] == f"POST /{ROOMS_PATH}"
    assert told["received"] not in told["allowed"]
