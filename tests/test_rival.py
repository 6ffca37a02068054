"""The examination board itself: without a fault it keeps the documentation, and no fault of its list is vacuous.

``RIVAL_EVERY=1`` lets the judge look at every fault (minutes); by default at one in forty-eight.
"""

import gzip
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from typing import Any

import pytest

from rival import ACCOUNTS, FAULTS, LEGAL, Reply, Request, RivalApi, RivalServer, legal_combo
from rival.api import CHAT_PATH, CLIENT_ID, CLIENT_SECRET, MESSAGE_PATH, SENDERS, TOKEN
from rival.data import ZERO
from rival.judge import RoomJudge
from rival.judge_messages import MessageJudge
from rival.legal import QUESTIONS

pytestmark = pytest.mark.slow  # the judge asks hundreds of questions of each fault

#: The night of a Thursday: 39 days back lies a whole month, and in UTC it is still Wednesday.
NOW = datetime(2026, 3, 12, 3, 0, 0)
TODAY = NOW.date()
HEADERS = {"ht-client-id": CLIENT_ID, "ht-client-secret": CLIENT_SECRET}


def day(ago: int) -> str:
    return (TODAY - timedelta(days=ago)).isoformat()


def rooms(**body: Any) -> Request:
    return raw(json.dumps({"token": TOKEN, **body}).encode())


def raw(body: bytes, content_type: str = "application/json") -> Request:
    headers = {"content-type": content_type}
    return Request(method="POST", path=CHAT_PATH, headers=headers, body=body)


def messages(headers: dict[str, str] | None = None, **query: str) -> Request:
    headers = HEADERS if headers is None else headers
    return Request(method="GET", path=MESSAGE_PATH, headers=headers, query=query)


def chat_questions() -> Iterator[Request]:
    """Every parameter alone and with others, over spans that a normal account has rooms in."""
    month = {"sdate": day(39), "edate": day(0)}
    spans: list[dict[str, Any]] = [
        month,
        {},
        {"ndate": day(2)},
        {"sdate": day(2), "edate": day(2)},
        {"sdate": day(12), "edate": day(10)},
        {"ndate": "2026-02-28"},
        {"sdate": "2026-02-20", "edate": "2026-02-28"},
        {"sdate": day(3), "edate": day(2)},
        {"ndate": day(11), "sdate": day(12), "edate": day(10)},
        {"ndate": day(0), "sdate": day(12), "edate": day(10)},
        {"ndate": day(0)},
        {"ndate": None},
        {"sdate": None, "edate": None},
        {"ndate": day(23)},
    ]
    for span in spans:
        yield rooms(**span, limit=50)
        yield rooms(**span)
        for status in (99, -2, -1, 0, 1, 2, 3, 4):
            yield rooms(**span, status=status, limit=50)
        yield rooms(**span, sort_key="complate_date", limit=50)
        yield rooms(**span, sort_key="complate_date", sort_value="asc", limit=50)
        yield rooms(**span, sort_value="asc", limit=50)
        yield rooms(**span, sort_key="complate_date", status=2)
        yield rooms(**span, sort_key="complate_date", sort_value="asc", status=2)
    for page in (1, 2, 3, 4, 5, 6, 7, 30, 99):
        for more in ({}, {"status": 2}, {"limit": 50}, {"sort_key": "complate_date"}, {"sort_value": "asc"}):
            yield rooms(**month, **more, page=page)
            yield rooms(ndate=day(2), **more, page=page)
    for page in (21, 22, 26):
        yield rooms(**month, limit=50, page=page)
    for status in (-1, 0, 1, 3):
        yield rooms(**month, status=status, sort_key="complate_date", sort_value="asc", limit=50)
        yield rooms(**month, status=status, sort_key="complate_date", limit=50)
        yield rooms(**month, status=status, sort_value="asc", limit=50)
    for limit in (1, 10, 49, 50, 60, 100):
        yield rooms(**month, limit=limit)
        yield rooms(limit=limit)
    yield rooms(**month, status=2, sort_key="complate_date", page=2)
    yield rooms(sort_key="reg_date")
    yield rooms(limit=10, page=1, status=99, sort_key="reg_date", sort_value="desc")


def odd_questions() -> Iterator[Request]:
    """What no one should send."""
    for body in (b"", b"{", b"[]", b"null", b'{"token": "\xff"}', b"[[[[", b"7"):
        yield raw(body)
    yield raw(f"token={TOKEN}".encode(), "application/x-www-form-urlencoded")
    for token in ("nobody", "", None, 7, [], TOKEN + "x"):
        yield raw(json.dumps({"token": token}).encode())
        yield raw(json.dumps({"token": token, "ndate": day(1)}).encode())
    yield raw(b"{}")
    for name in ("limit", "page", "status"):
        for value in (0, -1, -5, "abc", "10", 10**20, True, [], {}, 1.5, "", 7):
            yield rooms(**{name: value})
    for value in ("2026/03/01", "2026-02-30", "abc", "", 20260301, "2026-3-1", "20260301", None, []):
        yield rooms(ndate=value)
        yield rooms(sdate=value, edate=day(0))
    yield rooms(sdate=day(1), edate=day(3))
    yield rooms(sdate=day(1))
    yield rooms(edate=day(1))
    yield rooms(sort_key="id")
    yield rooms(sort_value="up")
    yield rooms(colour="blue")


def message_questions() -> Iterator[Request]:
    """The list, every id there is, and all that is missing or wrong."""
    sender = SENDERS[0]
    for _ in range(3):
        yield messages(senderKey=sender)
    yield messages(senderKey=SENDERS[1])
    for number in range(172, 200):
        yield messages(senderKey=sender, id=str(number))
    for text in ("17", "abc", "", "-1", "99999999999"):
        yield messages(senderKey=sender, id=text)
    for pair in ({}, {**HEADERS, "ht-client-secret": "x"}, {**HEADERS, "ht-client-id": "x"}):
        yield messages(pair, senderKey=sender)
        yield messages(pair, senderKey=sender, id="178")
    for name in HEADERS:
        yield messages({key: value for key, value in HEADERS.items() if key != name}, senderKey=sender)
    yield messages(dict.fromkeys(HEADERS, ""), senderKey=sender)
    yield messages(dict.fromkeys(HEADERS, "x"), senderKey=sender)
    yield messages()
    yield messages(senderKey="")
    yield messages(senderKey="nobody")
    yield messages(senderKey=sender[:-4])


def told(reply: Reply) -> tuple[Any, ...]:
    return reply.status, reply.headers.get("Content-Type"), reply.body


SWEEPS = {"lists": (*chat_questions(),), "odd": (*odd_questions(),), "messages": (*message_questions(),)}
MONTH = SWEEPS["lists"][0]


@pytest.fixture(scope="module")
def plain() -> dict[str, list[tuple[Any, ...]]]:
    """What the API answers without a fault."""
    api = RivalApi(now=NOW)
    return {name: [told(api.handle(question)) for question in sweep] for name, sweep in SWEEPS.items()}


EVERY = int(os.environ.get("RIVAL_EVERY", "48"))
VISIBLE = [name for name, fault in FAULTS.items() if not fault.blind]
MOST_ANSWERS = max(len(question.answers) for question in QUESTIONS.values())


def test_each_fault_changes_an_answer(plain: Any) -> None:
    #: How often a question has shown a fault of a statement, of any statement: such are asked first.
    telling: Counter[tuple[str, str, int]] = Counter()
    assert [name for name in FAULTS if not _shows(name, plain, telling)] == []


def _shows(name: str, plain: Any, telling: Counter[tuple[str, str, int]]) -> bool:
    """Whether an answer differs; the sweep in which that is likely goes first, to save time."""
    breaks = FAULTS[name].breaks
    sweeps = ("odd", "lists") if breaks in ("rooms-1", "rooms-11") else ("lists", "odd")
    if breaks.startswith("messages"):
        sweeps = ("messages",)
    api = RivalApi(faults=[name], now=NOW)
    places = [(sweep, place) for sweep in sweeps for place in range(len(SWEEPS[sweep]))]
    for sweep, place in sorted(
        places, key=lambda at: (telling[breaks, *at], telling["any", *at]), reverse=True
    ):
        if told(api.handle(SWEEPS[sweep][place])) != plain[sweep][place]:
            telling[breaks, sweep, place] += 1
            telling["any", sweep, place] += 1
            return True
    return False


def judged(api: RivalApi, endpoints: str = "rooms messages") -> Iterator[tuple[str, str]]:
    """What a patient reader of the documentation finds wrong with the API."""
    if "rooms" in endpoints:
        judge = RoomJudge(api.handle, TOKEN, api.now().date())
        yield from judge.with_headers(ht_client_id=CLIENT_ID, ht_client_secret=CLIENT_SECRET).problems()
    if "messages" in endpoints:
        yield from MessageJudge(api.handle, api.credentials, SENDERS[0]).problems()


def test_the_documentation_holds_without_a_fault() -> None:
    assert list(judged(RivalApi(now=NOW))) == []


@pytest.mark.parametrize("account", ["old-data-only", "one-day-only", "empty", "sparse", "messages-only"])
def test_the_documentation_holds_for_every_account(account: str) -> None:
    assert list(judged(RivalApi(account=account, now=NOW, seed=2))) == []


@pytest.mark.parametrize("number", range(1, MOST_ANSWERS))
def test_the_documentation_holds_with_every_legal_behaviour(number: int) -> None:
    """Each round gives every question another of its answers, so that all of them come to be judged."""
    chosen = [
        f"{name}={question.answers[number]}"
        for name, question in QUESTIONS.items()
        if number < len(question.answers) and question.kind != "moving"
    ]
    assert list(judged(RivalApi(account=("sparse", "rooms-only-today")[number % 2], legal=chosen))) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_documentation_holds_with_legal_behaviours_by_seed(seed: int) -> None:
    assert list(judged(RivalApi(account="sparse", legal=legal_combo(seed), seed=seed))) == []


@pytest.mark.parametrize("name", VISIBLE[::EVERY])
def test_a_reader_of_the_documentation_sees_the_fault(name: str) -> None:
    assert next(judged(RivalApi(faults=[name], now=NOW), FAULTS[name].breaks), None)


def test_every_fault_says_what_it_breaks() -> None:
    assert len(FAULTS) >= 150
    for fault in FAULTS.values():
        endpoint, _, number = fault.breaks.partition("-")
        assert 1 <= int(number) <= {"rooms": 12, "messages": 8}[endpoint]
        assert fault.says
        assert fault.severity in ("breaking", "value")


def test_combinations_are_the_same_for_a_seed_and_give_a_question_one_answer() -> None:
    for seed in range(30):
        combo = legal_combo(seed)
        assert combo == legal_combo(seed)
        assert len({LEGAL[name].question for name in combo}) == len(combo)
        assert all(LEGAL[name].calm for name in combo)


def test_the_normal_account_has_what_examinations_need() -> None:
    found = RivalApi(now=NOW).store.rooms
    assert 600 < len(found) < 1600
    assert {room["status"] for room in found} == {"-2", "-1", "0", "1", "2", "3", "4"}
    for name in ("reg_date", "complate_date"):
        times = [room[name] for room in found if room[name] != ZERO]
        assert len(set(times)) < len(times) - 20
    assert {room["reg_date"][11:] for room in found} >= {"00:00:00", "23:59:59"}
    assert max(room["reg_date"] for room in found) == "2026-03-12 03:00:00"
    assert {None} < {room["users_id"] for room in found}
    assert RivalApi(now=NOW).store.rooms == found


def test_a_busy_account_has_ten_thousand_rooms() -> None:
    assert 9_000 < len(RivalApi(account="busy", now=NOW).store.rooms) < 11_000


def test_data_moves_while_it_is_read() -> None:
    api = RivalApi(legal=["churn=50"], now=NOW)
    before = told(api.handle(MONTH))
    time.sleep(0.2)
    assert told(api.handle(MONTH)) != before
    still = RivalApi(now=NOW)
    assert told(still.handle(MONTH)) == told(still.handle(MONTH))


def test_today_goes_on_at_midnight_in_seoul() -> None:
    assert RivalApi(now=datetime(2026, 3, 11, 15, 0, tzinfo=UTC)).today == "2026-03-12"
    assert RivalApi(now=datetime(2026, 3, 11, 14, 59, 59, tzinfo=UTC)).today == "2026-03-11"


def post(connection: HTTPConnection, **headers: str) -> tuple[int, dict[str, str], bytes]:
    body = json.dumps({"token": TOKEN, "ndate": day(2)})
    connection.request("POST", CHAT_PATH, body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


@pytest.fixture
def connect() -> Iterator[Callable[..., HTTPConnection]]:
    """Start a server with these legal behaviours and connect to it."""
    with ExitStack() as stack:

        def start(*legal: str) -> HTTPConnection:
            server = stack.enter_context(RivalServer(legal=legal, now=NOW))
            connection = HTTPConnection(server.base_url.removeprefix("http://"), timeout=5)
            return stack.enter_context(closing(connection))

        yield start


def test_a_connection_is_kept(connect: Any) -> None:
    connection = connect()
    _, _, first = post(connection)
    socket = connection.sock
    assert post(connection) == post(connection)
    assert connection.sock is socket
    assert json.loads(first)["result"] == "success"


@pytest.mark.parametrize("name", [name for name, one in LEGAL.items() if one.kind == "wire" and one.calm])
def test_the_same_answer_comes_whatever_way_it_is_sent(connect: Any, name: str) -> None:
    _, _, usual = post(connect())
    connection = connect(name)
    for _ in range(7):
        try:
            status, headers, body = post(connection, **{"Accept-Encoding": "gzip"})
        except (ConnectionError, RemoteDisconnected):  # it was closed while idle
            connection.close()
            status, headers, body = post(connection, **{"Accept-Encoding": "gzip"})
        if {key.lower(): value for key, value in headers.items()}.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        assert (status, json.loads(body)) == (200, json.loads(usual))


def test_a_request_can_be_dropped(connect: Any) -> None:
    connection = connect("dropped=one-in-40")
    for _ in range(16):
        post(connection)
    with pytest.raises(RemoteDisconnected):
        post(connection)
    connection.close()
    assert post(connection)[0] == 200


@pytest.mark.parametrize(("name", "pattern"), [("one-in-40", r"1"), ("with-date", r"\w{3}, .* GMT")])
def test_a_request_can_be_too_many(connect: Any, name: str, pattern: str) -> None:
    connection = connect(f"rate={name}")
    answers = [post(connection) for _ in range(23)]
    assert [status for status, _, _ in answers] == [200] * 22 + [429]
    assert re.fullmatch(pattern, answers[-1][1]["Retry-After"])


def test_the_command_serves_and_lists() -> None:
    command = [sys.executable, "-m", "tests.rival"]
    root = Path(__file__).parent.parent
    listing = subprocess.run([*command, "--list"], cwd=root, capture_output=True, text=True, check=True)
    assert len(listing.stdout.splitlines()) == len(FAULTS) + len(LEGAL) + len(ACCOUNTS)
    arguments = ["--fault", "result-ok", "--legal", "json-style=pretty", "--account", "sparse"]
    with subprocess.Popen([*command, *arguments], cwd=root, stdout=subprocess.PIPE, text=True) as process:
        try:
            first = process.stdout.readline() if process.stdout else ""
            with closing(HTTPConnection(first.split("http://")[1].strip(), timeout=5)) as connection:
                assert json.loads(post(connection)[2])["result"] == "ok"
        finally:
            process.terminate()
