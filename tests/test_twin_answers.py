"""What a twin answers beside its data: failures word for word, recorded exceptions, and where an answer comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from happytalk_mock.core.exchange import SOURCE_HEADER
from happytalk_mock.spec.vocabulary import ROOMS_PATH
from happytalk_mock.testing.hosting import InProcessAdmin
from test_twin import ODD_DAY, Client, serving
from twins import ODD, RECORDED, TODAY, a_message, a_room, write_twin

TOKEN = "${HAPPYTALK_TOKEN}"
SECRETS = {"HT-Client-Id": "${HAPPYTALK_CLIENT_ID}", "HT-Client-Secret": "${HAPPYTALK_CLIENT_SECRET}"}


def exchange(
    answer: Any, *, status: int = 200, serve: bool = True, token: Any = TOKEN, **body: Any
) -> dict[str, Any]:
    """A line of evidence about the chat room list."""
    asked = body if token is None else {"token": token, **body}
    return {
        "n": 1,
        "request": {
            "endpoint": "rooms",
            "method": "POST",
            "headers": {"Content-Type": "application/json"},
            "query": [],
            "why": "",
            "body": json.dumps(asked),
        },
        "answer": {
            "status": status,
            "headers": {"Content-Type": "application/json", "Content-Length": "7", "X-Recorded": "yes"},
            "body": answer if isinstance(answer, str) else json.dumps(answer),
        },
    } | ({"serve": "recorded"} if serve else {})


def a_list(*rooms: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    sizes = {"page": 1, "limit": 10, "total_count": len(rooms) if total is None else total}
    return {"result": "success", "data": {**sizes, "chat_list": list(rooms)}}


def source(answer: Any) -> str:
    return str(answer.headers[SOURCE_HEADER])


# --- failures word for word ---

WORDS = """
limit_invalid.text = "failure"
bad_date.form = "failure"
unknown_sort.key = "failure"
other_method = "405"
[failures.rooms.token]
status = 401
body = '{"result":"fail","code":-1,"message":"who?"}'
[failures.rooms.parameter]
status = 400
body = 'bad {value}'
content_type = "text/plain"
[failures.rooms."parameter.limit"]
status = 422
body = 'limit'
[failures.rooms.method]
status = 405
body = '<h1>no</h1>'
content_type = "text/html"
[failures.rooms.path]
status = 404
body = 'nowhere'
[failures.messages.id_unknown]
status = 404
body = '{"code":"508","message":"none such"}'
"""


@pytest.fixture
def wordy(tmp_path: Path) -> Iterator[Client]:
    with serving(write_twin(tmp_path / "t", behaviour=WORDS)) as client:
        yield client


def test_failures_are_told_as_they_were(wordy: Client) -> None:
    assert wordy.post(token="wrong").json() == {"result": "fail", "code": -1, "message": "who?"}
    assert wordy.post(token="wrong").status_code == 401
    bad = wordy.post(ndate="20261128")
    assert (bad.status_code, bad.text, bad.headers["Content-Type"]) == (400, "bad 20261128", "text/plain")
    assert wordy.post(limit="many").text == "limit"
    method = wordy.post(method="PUT")
    assert (method.status_code, method.text, method.headers["Content-Type"]) == (
        405,
        "<h1>no</h1>",
        "text/html",
    )
    assert wordy.messages(id=999).json()["message"] == "none such"
    elsewhere = wordy.server.httpx_client().get(wordy.server.url + "/user/api/other")
    assert (elsewhere.status_code, elsewhere.text) == (404, "nowhere")


@pytest.mark.parametrize(
    ("value", "told"),
    [("", ""), ('"', '\\"'), ("up", "up"), ('a"b', 'a\\"b'), ([1], "[1]"), (7, "7"), ({}, "{}")],
)
def test_a_failure_repeats_a_value_as_json_has_it_in_a_text(wordy: Client, value: Any, told: str) -> None:
    assert wordy.post(sort_key=value).text == f"bad {told}"


def test_an_answer_that_somebody_chose_wins_over_the_words_of_its_cause(wordy: Client) -> None:
    wordy.server.happytalk.behaviour(**{"failure_http_status.parameter": "418"})
    assert wordy.post(limit="many").status_code == 418
    assert wordy.post(ndate="20261128").status_code == 418
    assert wordy.post(method="PUT").text == "<h1>no</h1>"


@pytest.mark.slow
def test_the_console_shows_a_failure_that_is_no_json(wordy: Client) -> None:
    page = wordy.server.httpx_client().get(f"{wordy.server.url}/__console?ndate=20261128")
    assert page.status_code == 200
    assert "bad 20261128" in page.text


# --- recorded exceptions ---


def with_evidence(tmp_path: Path, *evidence: Any, **more: Any) -> Path:
    return write_twin(tmp_path / "t", evidence=evidence, **more)


def test_an_exception_is_answered_as_recorded(tmp_path: Path) -> None:
    twin = with_evidence(
        tmp_path,
        exchange("<b>oops</b>", status=500, status_of="x", page="seven"),
        exchange({"result": "fail"}, page="eight", serve=False),
        exchange({"first": "of two"}, page="nine"),
        exchange({"second": "of two"}, page="nine"),
    )
    with serving(twin) as client:
        answer = client.post(page="seven", status_of="x")
        assert (answer.status_code, answer.text, answer.headers["X-Recorded"]) == (500, "<b>oops</b>", "yes")
        assert source(answer) == "recorded"
        assert answer.headers["Content-Length"] == "11"
        assert source(client.post(page="eight")) == "default"
        assert client.post(page="nine").json() == {"first": "of two"}
        for other in (
            {"page": "seven"},
            {"page": "seven", "status_of": "x", "limit": 10},
            {"page": 7, "status_of": "x"},
        ):
            assert client.post(**other).status_code == 200


def test_a_secret_is_told_apart_as_right_wrong_or_missing(tmp_path: Path) -> None:
    wrong, cut, missing, odd = {"of": "wrong"}, {"of": "cut"}, {"of": "missing"}, {"of": "odd"}
    twin = with_evidence(
        tmp_path,
        exchange(wrong, token="wrong-token", page=1),
        exchange(missing, token=None, page=1),
        exchange(odd, token=17, page=1),
        exchange(cut, token="${HAPPYTALK_TOKEN%?}", page=2),
    )
    with serving(twin) as client:
        assert client.post(token="another", page=1).json() == wrong
        assert client.post(token="another", page=2).json() == cut
        without = client.server.httpx_client().post(client.server.url + ROOMS_PATH, json={"page": 1})
        assert without.json() == missing
        assert client.post(token=17, page=1).json() == odd
        assert client.post(page=1).json()["result"] == "success"


def test_exceptions_of_messages(tmp_path: Path) -> None:
    request = {
        "endpoint": "messages",
        "method": "GET",
        "headers": SECRETS,
        "query": [["senderKey", "${HAPPYTALK_SENDER_KEY}"], ["id", "0x7"]],
        "why": "",
        "body": None,
    }
    evidence = {
        "n": 1,
        "serve": "recorded",
        "request": request,
        "answer": {"status": 200, "headers": {}, "body": "hm"},
    }
    messages = [{"message": a_message(5), "listed": 1, "sender": "main"}]
    with serving(with_evidence(tmp_path, evidence, messages=messages)) as client:
        assert client.messages(id="0x7").text == "hm"
        assert client.messages(1, id="0x7").json()["code"] == "405"
        assert client.messages(id="0x8").json()["code"] == "405"
        client.server.happytalk.add_message(name="new")
        assert client.messages(id="0x7").json()["code"] == "405"


#: What turns a list's exception off, and how it comes back.
CHANGES = {
    "a room": lambda one: one.add_room(),
    "an answer": lambda one: one.behaviour(zero_date_order="last"),
    "a drift": lambda one: one.drift("total-count-of-page"),
    "churn": lambda one: one.churn("1000/s"),
    "a scenario": lambda one: InProcessAdmin(one._app).call(
        "PUT", "/scenario", {"rooms": [{"title": "another"}]}
    ),
    "an earlier clock": lambda one: one.advance(hours=-1),
    "a later day": lambda one: one.advance(days=1),
}


@pytest.mark.parametrize("change", CHANGES)
def test_exceptions_hold_while_all_is_as_recorded(tmp_path: Path, change: str) -> None:
    twin = with_evidence(tmp_path, exchange(a_list(total=77)), rooms=[a_room("now", f"{TODAY} 11:30:00")])
    with serving(twin) as client:
        assert client.post().json()["data"]["total_count"] == 77
        CHANGES[change](client.server.happytalk)
        if change == "churn":
            while not client.server.mock.tenants.by_token(client.server.token).rooms.touched:  # type: ignore[union-attr]
                pass
        assert client.post().json()["data"]["total_count"] != 77
        if change != "a scenario":  # that one is what a reset comes back to
            client.server.control.reset(None)
            assert client.post().json()["data"]["total_count"] == 77


def test_a_settled_day_is_as_recorded_whatever_the_clock_says_since(tmp_path: Path) -> None:
    twin = with_evidence(
        tmp_path, exchange(a_list(total=77), ndate=ODD_DAY), exchange(a_list(total=78), ndate=TODAY)
    )
    with serving(twin, shift="none") as client:
        assert client.data(ndate=ODD_DAY, limit=50)["total_count"] == len(ODD)
        client.server.happytalk.advance(days=30)
        assert client.post(ndate=ODD_DAY).json()["data"]["total_count"] == 77
        assert (
            client.post(ndate=TODAY).json()["data"]["total_count"] != 78
        )  # rooms came that day after the recording
    with serving(twin, shift="none", beyond="empty") as client:
        client.server.happytalk.advance(days=30)
        assert client.post(ndate=TODAY).json()["data"]["total_count"] == 78


def test_a_request_without_a_date_is_that_of_the_recorded_day(tmp_path: Path) -> None:
    with serving(with_evidence(tmp_path, exchange(a_list(total=77))), shift="none", beyond="empty") as client:
        assert client.post().json()["data"]["total_count"] == 77
        client.server.happytalk.advance(days=1)
        assert client.post().json()["data"]["total_count"] == 0


def test_dates_of_exceptions_are_moved(tmp_path: Path) -> None:
    recorded = a_list(a_room("there", f"{ODD_DAY} 09:00:00"), total=77)
    twin = with_evidence(
        tmp_path, exchange(recorded, ndate=ODD_DAY), exchange({"page": "odd"}, page="odd", ndate=ODD_DAY)
    )
    with serving(twin, "2026-12-17 12:00:00") as client:  # the recorded Saturday is two days ahead
        moved = client.post(ndate="2026-12-11")
        assert source(moved) == "recorded"
        assert moved.json()["data"]["chat_list"][0]["reg_date"] == "2026-12-11 09:00:00"
        assert source(client.post(ndate=ODD_DAY)) != "recorded"
        assert client.post(page="odd", ndate="2026-12-11").json() == {"page": "odd"}


def test_an_answer_given_on_the_command_line_wins_over_a_recorded_one(tmp_path: Path) -> None:
    twin = with_evidence(tmp_path, exchange({"of": "page"}, page="seven"))
    with serving(twin, behaviour={"page_invalid.text": "failure"}) as client:
        assert client.post(page="seven").json()["result"] == "fail"


# --- where an answer comes from ---


def test_an_order_of_ties_that_nobody_saw_is_a_guess(tmp_path: Path) -> None:
    tied = [a_room(name, f"{ODD_DAY} 09:00:00", status="2") for name in "abc"]
    rooms = [
        {"room": room, "rank": {"reg_date desc": at, "reg_date desc limit=2": -at}}
        for at, room in enumerate(tied)
    ]
    rooms += [{"room": a_room("alone", f"{ODD_DAY} 12:00:00", status="0")}]
    with serving(write_twin(tmp_path / "t", rooms, behaviour='size_type = "number"\n')) as client:
        sources = {limit: source(client.post(ndate=ODD_DAY, limit=limit)) for limit in (50, 2, 3, 1)}
        assert sources == {50: "computed", 2: "computed", 3: "default", 1: "computed"}
        assert source(client.post(ndate=ODD_DAY, limit=1, page=2)) == "default"
        assert source(client.post(ndate=ODD_DAY, limit=3, status=0)) == "computed"
    by_status = [{"room": room, "rank": {"reg_date desc status=0": at}} for at, room in enumerate(tied)]
    with serving(write_twin(tmp_path / "u", by_status, behaviour='size_type = "number"\n')) as client:
        assert source(client.post(ndate=ODD_DAY, limit=3)) == "computed"
        assert source(client.post(ndate=ODD_DAY, limit=3, status=2)) == "default"


def test_an_answer_says_whether_it_hangs_on_what_was_not_learnt(tmp_path: Path) -> None:
    decided = (
        'size_type = "number"\npage_invalid.text = "first"\npage_echo = "asked"\nnumeric_text = "taken"\n'
    )
    with serving(write_twin(tmp_path / "t", behaviour=decided)) as client:
        for _ in range(2):
            assert source(client.post(ndate=ODD_DAY)) == "computed"
            assert source(client.post(page="seven")) == "computed"
            assert source(client.post(page=-1)) == "default"
            assert source(client.post(ndate="2026-13-01")) == "default"
            assert source(client.post(sort_key="complate_date")) == "default"
        client.server.happytalk.behaviour(**{"page_invalid.negative": "first"})
        assert source(client.post(page=-1)) == "computed"
    with serving(write_twin(tmp_path / "u")) as client:
        assert source(client.post(ndate=ODD_DAY)) == "default"  # whether the sizes are text


@pytest.mark.slow
def test_a_mock_without_a_twin_says_nothing() -> None:
    from happytalk_mock import MockServer

    with MockServer(port=None, now=RECORDED) as server:
        assert SOURCE_HEADER not in Client(server).post().headers


# --- over a socket ---


def test_recorded_answers_travel_as_any_other(tmp_path: Path) -> None:
    import httpx

    from happytalk_mock import MockServer

    odd = exchange("없음", status=418, page="seven")
    odd["answer"]["headers"] = {
        "X-Odd": "a\r\nSet-Cookie: b",
        "X-한글": "x",
        "Transfer-Encoding": "chunked",
        "X-Fine": "y",
    }
    nothing = exchange("", status=204, page="eight")
    with (
        MockServer(twin=with_evidence(tmp_path, odd, nothing), now=RECORDED) as server,
        httpx.Client() as client,
    ):
        url, body, happytalk = server.url + ROOMS_PATH, {"token": server.token}, server.happytalk
        answer = client.post(url, json=body | {"page": "seven"})
        assert (answer.status_code, answer.text, answer.headers["X-Fine"]) == (418, "없음", "y")
        assert answer.headers.keys().isdisjoint({"X-Odd", "Set-Cookie", "Transfer-Encoding"})
        assert client.post(url, json=body | {"page": "eight"}).status_code == 204
        assert source(client.post(url, json=body | {"ndate": ODD_DAY})) == "default"
        assert [request.status for request in happytalk.requests] == [418, 204, 200]
