"""The control over a real socket: faults as a client meets them, drifts, Prefer, the journal, scoping."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from happytalk_mock import MockServer
from happytalk_mock.api.chain import chain, unhurried
from happytalk_mock.api.control import RESETTABLE, Control
from happytalk_mock.core.errors import ChangeError
from happytalk_mock.core.exchange import FAULT_HEADER, MOCK_HEADER, Answer, Held, Received
from happytalk_mock.faults.drifts import DRIFTS
from happytalk_mock.spec.parameters import receive
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from happytalk_mock.state.credentials import Credentials
from happytalk_mock.state.settings import Settings
from happytalk_mock.store.rooms import BULK_FROM

NOW = "2026-03-02T13:00:00+09:00"
ONE, TWO = Credentials.of("tenant-one"), Credentials.of("tenant-two")
MONTH = {"sdate": "2026-02-01", "edate": "2026-03-02"}


#: A response and its body.
Sent = tuple[http.client.HTTPResponse, bytes]


class Client:
    """Asks both endpoints, a connection for each question."""

    def __init__(self, server: MockServer) -> None:
        self.server = server

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Sent:
        connection = http.client.HTTPConnection(self.server.host, self.server.port, timeout=20)
        payload = None if body is None else json.dumps(body)
        sent = {"Content-Type": "application/json"} if body is not None else {}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = None
        try:
            connection.request(method, path, payload, sent | named)
            response = connection.getresponse()
            return response, response.read()
        finally:
            if response is not None:
                response.close()
            connection.close()

    def rooms(self, token: str = ONE.token, **more: Any) -> Sent:
        headers = {name: more.pop(name) for name in ("Prefer",) if name in more}
        return self.send("POST", ROOMS_PATH, {"token": token, **MONTH, **more}, **headers)

    def messages(self, of: Credentials = ONE, **headers: str) -> Sent:
        ht = {"HT_Client_Id": of.client_id, "HT_Client_Secret": of.client_secret}
        return self.send("GET", f"{MESSAGES_PATH}?senderKey={of.sender_keys[0]}", None, **ht, **headers)


@pytest.fixture(scope="module")
def running() -> Iterator[MockServer]:
    with MockServer(now=NOW, credentials=(ONE, TWO), rooms=40) as server:
        yield server


@pytest.fixture
def server(running: MockServer) -> Iterator[MockServer]:
    yield running
    running.control.reset(None)


@pytest.fixture
def client(server: MockServer) -> Client:
    return Client(server)


@pytest.fixture
def control(server: MockServer) -> Control:
    return server.control


def test_rooms_that_are_made_first_are_waited_for_on_the_loop_and_nothing_else_is() -> None:
    made = Settings(rooms=BULK_FROM + 1, now=NOW, credentials=(ONE,)).mock()
    control = Control(made)
    try:
        ask = unhurried(control)[ROOMS_PATH]

        def asked(token: object) -> Answer | Held | None:
            body = json.dumps({"token": token}).encode()
            return ask(receive("POST", ROOMS_PATH, "", {"content-type": "application/json"}, body))

        assert [type(asked(token)) for token in ("nobody", None)] == [Answer, Answer]
        held = asked(ONE.token)
        assert isinstance(held, Held)
        assert 0 < held.wait.left <= 60
        tenant = made.tenants.by_token(ONE.token)
        assert tenant is not None
        tenant.rooms.prepare(made.clock.second())
        assert isinstance(asked(ONE.token), Answer)
    finally:
        control.close()


# --- faults on the wire ------------------------------------------------------------------------------------


def test_429_and_then_well_again(client: Client, control: Control) -> None:
    control.faults.add({"status": 429, "retry_after": 3, "times": 1})
    response, body = client.rooms()
    assert (response.status, response.reason) == (429, "Too Many Requests")
    assert response.headers["Retry-After"] == "3"
    assert response.headers[FAULT_HEADER].startswith("status (fault ")
    assert response.headers[MOCK_HEADER]
    assert json.loads(body)["code"] == 429
    response, body = client.rooms()
    assert response.status == 200
    assert json.loads(body)["result"] == "success"
    assert FAULT_HEADER not in response.headers


def test_a_reset_connection_sends_no_body(
    client: Client, control: Control, capfd: pytest.CaptureFixture[str]
) -> None:
    control.faults.add({"fault": "connection-reset", "times": 1})
    with pytest.raises((http.client.IncompleteRead, ConnectionError, http.client.BadStatusLine)) as caught:
        client.rooms()
    assert not getattr(caught.value, "partial", b"")
    assert client.rooms()[0].status == 200
    assert "Traceback" not in capfd.readouterr().err


def test_a_truncated_body_is_seen_as_one(client: Client, control: Control) -> None:
    honest = client.rooms()[1]
    control.faults.add({"fault": "truncated-body", "times": 1})
    with pytest.raises(http.client.IncompleteRead) as caught:
        client.rooms()
    assert caught.value.partial == honest[: len(honest) // 2]


def test_malformed_empty_and_html(client: Client, control: Control) -> None:
    for fault in ("malformed-json", "empty-body", "wrong-content-type"):
        control.faults.add({"fault": fault, "times": 1})
    response, malformed = client.rooms()
    assert int(response.headers["Content-Length"]) == len(malformed) > 100
    with pytest.raises(json.JSONDecodeError):
        json.loads(malformed)
    response, empty = client.rooms()
    assert (response.status, empty, response.headers["Content-Length"]) == (200, b"", "0")
    response, page = client.rooms()
    assert response.headers["Content-Type"].startswith("text/html")
    assert b"<h1>" in page


@pytest.mark.slow
def test_a_trickle_arrives_whole_and_late(client: Client, control: Control) -> None:
    honest = client.rooms()[1]
    control.faults.add({"fault": "slow-trickle", "seconds": 0.4, "times": 1})
    started = time.monotonic()
    assert client.rooms()[1] == honest
    assert time.monotonic() - started >= 0.35


def test_a_delayed_request_delays_no_other(client: Client, control: Control) -> None:
    delayed = 8
    control.faults.add({"delay": 1.2, "endpoint": "messages"})
    with ThreadPoolExecutor(delayed) as threads:
        started = time.monotonic()
        waiting = [threads.submit(client.messages) for _ in range(delayed)]
        time.sleep(0.1)
        for _ in range(10):
            assert client.rooms()[0].status == 200
        quick = time.monotonic() - started
        assert [each.result()[0].status for each in waiting] == [200] * delayed
        slow = time.monotonic() - started
    assert quick < 1.0
    assert 1.2 <= slow < 1.2 * delayed / 2  # they waited side by side


def test_stopping_does_not_wait_for_a_delay() -> None:
    with MockServer(rooms=1, credentials=(ONE,)) as server:
        server.control.faults.add({"delay": 60})
        thread = threading.Thread(target=_swallow, args=(Client(server),), daemon=True)
        thread.start()
        deadline = time.monotonic() + 10
        while not any(fault.uses for fault in server.control.faults) and time.monotonic() < deadline:
            time.sleep(0.01)
        started = time.monotonic()
    assert time.monotonic() - started < 5
    thread.join(5)
    assert not thread.is_alive()


def _swallow(client: Client) -> None:
    try:
        client.rooms()
    except (OSError, http.client.HTTPException):
        return


def test_a_fault_of_one_tenant_spares_the_other(client: Client, control: Control) -> None:
    control.faults.add({"status": 500, "tenant": TWO.token})
    assert [client.rooms(each.token)[0].status for each in (ONE, TWO)] == [200, 500]
    assert [client.messages(each)[0].status for each in (ONE, TWO)] == [200, 500]


def test_a_failure_has_the_status_of_the_tenants_behaviour(client: Client, control: Control) -> None:
    (one, _) = control.mock.tenants
    control.mock.behave(control.mock.behaviour.but({"failure_http_status": "403"}), one)
    control.faults.add({"failure": -502})
    assert [client.rooms(each.token)[0].status for each in (ONE, TWO)] == [403, 200]


# --- Prefer ------------------------------------------------------------------------------------------------


def test_prefer_is_for_one_request(client: Client) -> None:
    response, _ = client.rooms(Prefer="code=503, delay=0.01")
    assert response.status == 503
    assert response.headers[FAULT_HEADER] == "status (Prefer)"
    assert client.rooms()[0].status == 200
    response, body = client.messages(Prefer="code=508")
    assert (response.status, json.loads(body)["code"]) == (200, "508")


def test_prefer_that_makes_no_sense_is_told(client: Client) -> None:
    response, body = client.rooms(Prefer="fault=explode")
    problem = json.loads(body)
    assert response.status == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (problem["field"], problem["received"]) == ("Prefer: fault", "explode")
    assert "truncated-body" in problem["allowed"]
    assert set(problem["preferences"]) == {"code", "status", "retry-after", "delay", "fault", "seconds"}


def test_prefer_uses_up_no_fault(client: Client, control: Control) -> None:
    fault = control.faults.add({"status": 500, "times": 1})
    assert client.rooms(Prefer="code=429")[0].status == 429
    assert fault.uses == 0
    assert client.rooms(Prefer="return=minimal")[0].status == 500


# --- drifts ------------------------------------------------------------------------------------------------


def total(body: bytes) -> Any:
    return json.loads(body)["data"]["total_count"]


def test_a_drift_for_one_tenant(client: Client, control: Control) -> None:
    control.drifts.set(["status-as-number"], ONE.token)
    kinds = [
        {type(room["status"]) for room in json.loads(client.rooms(each.token)[1])["data"]["chat_list"]}
        for each in (ONE, TWO)
    ]
    assert kinds == [{int}, {str}]
    control.drifts.clear(ONE.token)
    assert "status-as-number" not in control.drifts.all_names()


def test_drifts_of_all_and_of_one_add_up(client: Client, control: Control) -> None:
    control.drifts.set(["status-as-number"])
    control.drifts.set(["title-missing"], ONE.token)
    room = json.loads(client.rooms()[1])["data"]["chat_list"][0]
    assert type(room["status"]) is int
    assert "title" not in room
    assert control.drifts.all_names() == ["status-as-number", "title-missing"]
    entry = control.reader.entry(list(control.journal)[-1])
    assert entry.drifts == ("status-as-number", "title-missing")


def test_an_unknown_drift_changes_nothing(control: Control) -> None:
    control.drifts.set(["title-missing"])
    with pytest.raises(ChangeError, match="did you mean title-missing"):
        control.drifts.set(["status-as-number", "title-mising"])
    assert control.drifts.names() == ["title-missing"]


def test_a_fault_strikes_the_drifted_answer(client: Client, control: Control) -> None:
    control.drifts.set(["status-as-number"])
    control.faults.add({"delay": 0.01})
    assert type(json.loads(client.rooms()[1])["data"]["chat_list"][0]["status"]) is int


@pytest.mark.parametrize("name", list(DRIFTS)[::40])
def test_drifts_answer(name: str, client: Client, control: Control) -> None:
    control.drifts.set([name])
    assert (client.rooms() if DRIFTS[name].endpoint == "rooms" else client.messages())[1]


# --- journal -----------------------------------------------------------------------------------------------


def test_the_journal_tells_of_every_request(client: Client, control: Control) -> None:
    client.rooms(status="2")
    client.messages()
    client.send("GET", "/user/api/chat_rooms")
    client.send("GET", "/__admin/health")
    found = [control.reader.entry(recorded) for recorded in control.journal]
    assert [each.endpoint for each in found] == ["rooms", "messages", "other"]
    assert [each.tenant for each in found] == ["…(10)", "…(10)", None]
    assert [each.status for each in found] == [200, 200, 404]
    assert [[each.field for each in one.violations] for one in found] == [["status"], [], ["path"]]
    assert found[0].moment == "2026-03-02T13:00:00.000+09:00"


def test_the_journal_goes_by_the_tenants_clock(client: Client, control: Control) -> None:
    one = next(iter(control.mock.tenants))
    control.mock.change_clock(one, lambda clock: clock.advance(3600))
    client.rooms()
    client.rooms(TWO.token)
    moments = [control.reader.entry(recorded).moment[11:16] for recorded in control.journal]
    assert moments == ["14:00", "13:00"]


def test_the_journal_names_faults_and_counts_delays(client: Client, control: Control) -> None:
    fault = control.faults.add({"delay": 0.05, "times": 1})
    client.rooms()
    client.rooms(Prefer="code=500")
    client.rooms()
    found = [control.reader.entry(recorded) for recorded in control.journal]
    assert [each.faults for each in found] == [(fault.id,), (0,), ()]
    assert found[0].milliseconds >= 50


def test_a_journal_can_be_off() -> None:
    with MockServer(journal=0, rooms=1) as server:
        Client(server).rooms(server.token)
        assert list(server.control.journal) == []


# --- reset -------------------------------------------------------------------------------------------------


def state(control: Control, client: Client) -> dict[str, Any]:
    one = next(iter(control.mock.tenants))
    return {
        "data": total(client.rooms()[1]),
        "clock": (control.mock.clock.now(), one.clock),
        "behaviour": (control.mock.behaviour.differences, one.behaviour),
        "faults": len(list(control.faults)),
        "drift": control.drifts.all_names(),
        "churn": len(control.churn.report()),
    }


def disturb(control: Control) -> None:
    one, two = control.mock.tenants
    one.rooms.clear()
    control.mock.clock.advance(60)
    control.mock.change_clock(one, lambda clock: clock.advance(60))
    control.mock.behave(control.mock.behaviour.but({"zero_date_order": "last"}))
    control.mock.behave(control.mock.behaviour.but({"size_type": "text"}), two)
    control.faults.add({"delay": 0})
    control.faults.add({"delay": 0, "tenant": ONE.token})
    control.drifts.set(["title-missing"])
    control.drifts.set(["title-missing"], ONE.token)
    control.churn.start("0.01/s")


def test_a_reset_puts_everything_back(client: Client, control: Control) -> None:
    before = state(control, client)
    disturb(control)
    control.reset(None)
    assert len(control.journal) == 0
    assert state(control, client) == before


@pytest.mark.parametrize("part", RESETTABLE)
def test_a_reset_of_one_thing_leaves_the_others(part: str, client: Client, control: Control) -> None:
    before = state(control, client)
    disturb(control)
    disturbed = state(control, client)
    kept = len(control.journal)
    control.reset(None, only=frozenset({part}))
    assert len(control.journal) == (0 if part == "journal" else kept)
    assert state(control, client) == disturbed | ({part: before[part]} if part != "journal" else {})


def test_a_reset_of_one_tenant_leaves_the_other(client: Client, control: Control) -> None:
    one, two = control.mock.tenants
    before = total(client.rooms(ONE.token)[1])
    control.journal.clear()
    for each in (one, two):
        each.rooms.clear()
        control.faults.add({"delay": 0, "tenant": each.token})
        control.drifts.set(["title-missing"], each.token)
        client.rooms(each.token)
    control.reset(one)
    assert total(client.rooms(ONE.token)[1]) == before > 0
    assert total(client.rooms(TWO.token)[1]) == 0
    assert [fault.tenant for fault in control.faults] == [TWO.token]
    assert (control.drifts.names(ONE.token), control.drifts.names(TWO.token)) == ([], ["title-missing"])
    assert [control.reader.token(one) for one in control.journal] == [TWO.token, ONE.token, TWO.token]


# --- observers ---------------------------------------------------------------------------------------------


def test_observers_see_each_answer(control: Control) -> None:
    seen: list[tuple[Received, Answer, float]] = []
    watched = Control(control.mock, observers=(lambda *what: seen.append(what),))
    received = receive("POST", ROOMS_PATH, "", {}, b"{}")
    answer = chain(watched)(received)
    ((asked, answered, seconds),) = seen
    assert (asked, answered) == (received, answer)
    assert 0 < seconds < 1
