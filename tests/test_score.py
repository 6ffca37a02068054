"""The scorecard: each item on clients that do well, that do not, and that were never put to the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from happytalk_mock import MockServer
from happytalk_mock.cli.commands import main
from happytalk_mock.core.clock import SEOUL
from happytalk_mock.journal.score import ITEM_IDS, ITEMS, MOST_TRIES, card
from happytalk_mock.testing.happytalk import HappyTalk

DAY = "2026-11-20"
Post = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def server() -> Iterator[MockServer]:
    with MockServer(port=None) as server:
        yield server


@pytest.fixture
def happytalk(server: MockServer) -> Iterator[HappyTalk]:
    with server.tenant() as tenant:
        tenant.freeze(f"{DAY} 15:00:00")
        yield tenant


@pytest.fixture
def post(happytalk: HappyTalk) -> Iterator[Post]:
    with happytalk.httpx_client() as client:

        def post(page: int = 1, **more: Any) -> httpx.Response:
            body = {"token": happytalk.token, "ndate": DAY, "limit": 50, "page": page, **more}
            return client.post(happytalk.rooms_url, json=body)

        yield post


def verdict(happytalk: HappyTalk, item: str) -> str:
    return happytalk.scorecard()[item].verdict


def test_nothing_asked_is_nothing_seen(happytalk: HappyTalk) -> None:
    found = happytalk.scorecard()
    assert {result.verdict for result in found.results} == {"not seen"}
    assert found.score == 0
    assert [result.id for result in found.results] == list(ITEM_IDS)


def test_a_client_that_does_well(happytalk: HappyTalk, post: Post) -> None:
    happytalk.freeze(f"{DAY} 08:00:00")
    happytalk.add_rooms(120, reg_date=f"{DAY} 01:00:00", status=[0, 2], users_id=[None, "a"])
    happytalk.fail(429, retry_after=0)
    happytalk.fail("truncated-body")
    happytalk.fail(-501)
    assert post().status_code == 429
    with pytest.raises(httpx.RemoteProtocolError):
        post()
    assert post().json()["code"] == -501
    page = 1
    while post(page).json()["data"]["chat_list"]:
        page += 1
    post(ndate="2026-11-19")
    found = happytalk.scorecard()
    expected = dict.fromkeys(ITEM_IDS, "pass") | {"zero-dates": "seen", "null-users-id": "seen"}
    assert {result.id: result.verdict for result in found.results} == expected
    assert found.score == 100
    assert found.requests == 8
    assert {result.id: (result.why, len(result.requests)) for result in found.results} == {
        "documented": ("8 requests, none departs from the documentation", 0),
        "limit": ("asked for at most 50 a page", 0),
        "past-first-page": ("asked for the second page of 1 of 1 longer list", 7),
        "every-page": ("read 1 list to the last page", 7),
        "stops-at-end": ("stopped at the end of 1 list", 0),
        "empty-list": ("took 1 list without rooms for what it is", 1),
        "rate-limit": ("waited as told after 429 (1 time), and asked again", 1),
        "server-errors": ("1 failed on the server's side, 1 asked again", 1),
        "refusals": ("did not insist on what was refused (-501)", 1),
        "ties": ("read 1 list to the end across rooms of the same date, by page number", 7),
        "zero-dates": ("3 answers had rooms whose complate_date is the zero date; it went on asking", 3),
        "null-users-id": ("3 answers had rooms whose users_id is null; it went on asking", 3),
        "seoul-day": ("between 00:00 and 09:00 it asked for the day in Seoul", 7),
    }


def test_a_client_that_does_badly(happytalk: HappyTalk, post: Post) -> None:
    happytalk.freeze(f"{DAY} 08:00:00")
    yesterday = {"ndate": "2026-11-19"}
    happytalk.add_rooms(120, reg_date="2026-11-19 01:00:00", status=[0, 2], users_id=[None, "a"])
    for page in (1, 3, 4, 5):
        post(page, **yesterday)
    happytalk.fail(-501, times=3)
    happytalk.fail(500, times=6)
    for _ in range(9):
        post(**yesterday)
    for page in (1, 2):
        post(page, ndate="2026-11-18", limit=100)
    happytalk.fail(429, retry_after=5)
    post(**yesterday)
    post(7, **yesterday)
    found = happytalk.scorecard()
    assert {result.id: (result.verdict, result.why, len(result.requests)) for result in found.results} == {
        "documented": ("fail", "limit is above 50", 2),
        "limit": ("fail", "asked for more than 50 a page; 50 come, so pages are not what it thinks", 2),
        "past-first-page": ("pass", "asked for the second page of 1 of 1 longer list", 4),
        "every-page": ("fail", "page 2 was never served, and later ones were: its rooms are lost", 4),
        "stops-at-end": ("fail", "asked for 2 pages past the last one (3); one empty page tells the end", 2),
        "empty-list": ("fail", "asked for further pages of a list without rooms", 1),
        "rate-limit": ("fail", "asked again 0.0 s after a 429 that said Retry-After: 5", 2),
        "server-errors": ("fail", "tried the same request 6 times on end", 6),
        "refusals": ("fail", "sent the same request 3 times, refused each time", 3),
        "ties": ("not seen", "no page ended and the next began with rooms of the same date", 0),
        "zero-dates": (
            "seen",
            "2 answers had rooms whose complate_date is the zero date; it went on asking",
            2,
        ),
        "null-users-id": ("seen", "2 answers had rooms whose users_id is null; it went on asking", 2),
        "seoul-day": (
            "fail",
            "between 00:00 and 09:00 in Seoul it asked for the day before, which is the day by UTC",
            10,
        ),
    }
    assert found.score == 100 * 3 // 13


def test_documented(happytalk: HappyTalk, post: Post) -> None:
    post()
    assert verdict(happytalk, "documented") == "pass"
    post(sort_by="reg_date")
    assert verdict(happytalk, "documented") == "fail"
    assert "sort_by is not a documented parameter" in happytalk.scorecard()["documented"].why


@pytest.mark.parametrize(("limit", "expected"), [(50, "pass"), ("50", "pass"), (51, "fail"), ("100", "fail")])
def test_limit(happytalk: HappyTalk, post: Post, limit: object, expected: str) -> None:
    post(limit=limit)
    assert verdict(happytalk, "limit") == expected


@pytest.mark.parametrize("size_type", ["number", "text"])
@pytest.mark.parametrize(
    ("rooms", "pages", "past", "every", "end"),
    [
        (50, [1], "not seen", "not seen", "pass"),
        (51, [1], "fail", "not seen", "not seen"),
        (51, [1, 2], "pass", "pass", "pass"),
        (51, [1, 2, 3], "pass", "pass", "pass"),
        (51, [1, 2, 3, 4], "pass", "pass", "fail"),
        (120, [1, 2], "pass", "fail", "not seen"),
        (120, [1, 3], "pass", "fail", "pass"),
        (120, [3, 1, 2], "pass", "pass", "pass"),
        (120, [1, 1, 2, 3], "pass", "pass", "pass"),
    ],
)
def test_pages(
    happytalk: HappyTalk,
    post: Post,
    size_type: str,
    rooms: int,
    pages: list[int],
    past: str,
    every: str,
    end: str,
) -> None:
    happytalk.behaviour(size_type=size_type)
    happytalk.add_rooms(rooms, reg_date=f"{DAY} 09:00:00", every="1s")
    for page in pages:
        post(page)
    found = happytalk.scorecard()
    verdicts = [found[item].verdict for item in ("past-first-page", "every-page", "stops-at-end")]
    assert verdicts == [past, every, end]


def test_a_page_that_failed_and_was_passed_over_is_lost(happytalk: HappyTalk, post: Post) -> None:
    happytalk.add_rooms(120, reg_date=f"{DAY} 09:00:00")
    post(1)
    happytalk.fail(503)
    post(2)
    post(3)
    found = happytalk.scorecard()["every-page"]
    assert found.verdict == "fail"
    assert "page 2 was never served" in found.why
    post(2)
    assert verdict(happytalk, "every-page") == "pass"


def test_a_page_whose_answer_came_too_late_may_be_asked_again(happytalk: HappyTalk, post: Post) -> None:
    happytalk.add_rooms(60, reg_date=f"{DAY} 09:00:00")
    happytalk.delay(0.001, times=1)
    for page in (1, 1, 2):
        post(page)
    (walk,) = {len(result.requests) for result in [happytalk.scorecard()["every-page"]]}
    assert walk == 3


def test_an_empty_list(happytalk: HappyTalk, post: Post) -> None:
    post()
    assert verdict(happytalk, "empty-list") == "pass"
    post(2)
    assert verdict(happytalk, "empty-list") == "fail"


def test_rate_limit(happytalk: HappyTalk, post: Post) -> None:
    happytalk.fail(429, retry_after=30)
    post()
    assert happytalk.scorecard()["rate-limit"].why == "asked no more after a 429"
    post()
    found = happytalk.scorecard()["rate-limit"]
    assert found.verdict == "fail"
    assert "said Retry-After: 30" in found.why
    assert len(found.requests) == 2


def test_rate_limit_is_timed_by_the_machine_though_the_mocks_clock_stands_still(
    happytalk: HappyTalk, post: Post, server: MockServer
) -> None:
    happytalk.fail(429, retry_after=30)
    post()
    post()
    limited, again = [server.control.reader.entry(one).payload() for one in list(server.control.journal)[-2:]]
    later = datetime.fromisoformat(limited["machine_moment"]) + timedelta(seconds=30.1)
    again["machine_moment"] = later.astimezone(SEOUL).isoformat()
    assert limited["moment"] == again["moment"]
    assert card([again, limited])["rate-limit"].verdict == "pass"


@pytest.mark.parametrize(("tries", "expected"), [(1, "pass"), (MOST_TRIES, "pass"), (MOST_TRIES + 1, "fail")])
@pytest.mark.parametrize("what", [500, "empty-body", "wrong-content-type"])
def test_server_errors(happytalk: HappyTalk, post: Post, tries: int, expected: str, what: int | str) -> None:
    happytalk.fail(what, times=None)
    for _ in range(tries):
        post()
    assert verdict(happytalk, "server-errors") == expected


@pytest.mark.parametrize(("times", "expected"), [(1, "pass"), (2, "pass"), (3, "fail")])
def test_refusals(happytalk: HappyTalk, post: Post, times: int, expected: str) -> None:
    happytalk.fail(-501, times=None)
    for _ in range(times):
        post()
    assert verdict(happytalk, "refusals") == expected


def test_asking_now_and_then_is_no_retrying(happytalk: HappyTalk, post: Post, server: MockServer) -> None:
    happytalk.fail(-502, times=None)
    for _ in range(5):
        post()
    entries = [server.control.reader.entry(one).payload() for one in list(server.control.journal)[-5:]]
    assert card(entries)["refusals"].verdict == "fail"
    for number, entry in enumerate(entries):
        later = datetime.fromisoformat(entry["machine_moment"]) + timedelta(minutes=5 * number)
        entry["machine_moment"] = later.isoformat()
    assert card(entries)["refusals"].verdict == "pass"


def test_ties(happytalk: HappyTalk, post: Post) -> None:
    happytalk.add_rooms(60, reg_date=f"{DAY} 09:00:00", every="1s", complate_date=f"{DAY} 10:00:00", status=2)
    post(1)
    post(2)
    assert verdict(happytalk, "ties") == "not seen"
    post(1, sort_key="complate_date")
    post(2, sort_key="complate_date")
    assert verdict(happytalk, "ties") == "pass"


def test_what_only_the_client_knows_is_seen_not_passed(happytalk: HappyTalk, post: Post) -> None:
    happytalk.add_room(status=2, users_id="someone", reg_date=f"{DAY} 09:00:00")
    post()
    found = happytalk.scorecard()
    assert [found[item].verdict for item in ("zero-dates", "null-users-id")] == ["not seen"] * 2
    happytalk.add_room(status=0, users_id=None, reg_date=f"{DAY} 09:00:00")
    post()
    assert happytalk.scorecard()["zero-dates"].why.endswith("no request came after that")
    post()
    found = happytalk.scorecard()
    assert [found[item].verdict for item in ("zero-dates", "null-users-id")] == ["seen"] * 2
    assert found["zero-dates"].why.endswith("it went on asking")


@pytest.mark.parametrize(
    ("hour", "asked", "expected"),
    [
        (8, {"ndate": "2026-11-20"}, "pass"),
        (8, {"ndate": None}, "pass"),
        (0, {"ndate": "2026-11-19"}, "fail"),
        (8, {"sdate": "2026-11-13", "edate": "2026-11-20", "ndate": "2026-11-19"}, "pass"),
        (8, {"sdate": "2026-11-12", "edate": "2026-11-19"}, "fail"),
        (8, {"ndate": "2026-01-01"}, "not seen"),
        (9, {"ndate": "2026-11-19"}, "not seen"),
    ],
)
def test_seoul_day(happytalk: HappyTalk, post: Post, hour: int, asked: dict[str, Any], expected: str) -> None:
    happytalk.freeze(f"{DAY} {hour:02}:59:59")
    post(**asked)
    assert verdict(happytalk, "seoul-day") == expected


def test_clients_are_told_apart(server: MockServer) -> None:
    with server.tenant() as one, server.tenant() as other:
        since = server.control.journal.last_number
        for tenant in (one, other):
            tenant.freeze(f"{DAY} 15:00:00")
            tenant.add_rooms(60, day="today")
        for tenant, page in ((one, 1), (other, 2)):
            with tenant.httpx_client() as client:
                client.post(tenant.rooms_url, json={"token": tenant.token, "limit": 50, "page": page})
        entries = [
            server.control.reader.entry(each).payload()
            for each in server.control.journal
            if each.number > since
        ]
        assert card(entries)["past-first-page"].verdict == "fail"


# --- the command -------------------------------------------------------------------------------------------


@pytest.fixture
def saved(happytalk: HappyTalk, post: Post, server: MockServer, tmp_path: Path) -> Path:
    """The journal of a client that asked for too much a page, once."""
    post(limit=80)
    path = tmp_path / "journal.json"
    entry = server.control.reader.entry(list(server.control.journal)[-1]).payload()
    path.write_text(json.dumps({"count": 1, "last": entry["id"], "requests": [entry]}), encoding="utf-8")
    return path


def test_the_command_reads_a_saved_journal(saved: Path) -> None:
    found = CliRunner().invoke(main, ["score", "--journal", str(saved)])
    assert found.exit_code == 0
    assert "FAIL      limit" in found.output
    assert "1 requests" in found.output
    as_json = CliRunner().invoke(main, ["score", "--journal", "-", "--json"], input=saved.read_bytes())
    payload = json.loads(as_json.output)
    assert payload["score"] == 100 * 1 // len(ITEMS)
    assert payload["items"][1]["verdict"] == "fail"


def test_the_command_fails_under_a_score(saved: Path) -> None:
    def code(*args: str) -> int:
        return CliRunner().invoke(main, ["score", "--journal", str(saved), *args]).exit_code

    assert code("--fail-under", "5") == 0
    assert code("--fail-under", "90") == 1
    others = [option for item in ITEM_IDS if item != "empty-list" for option in ("--skip", item)]
    assert code(*others, "--fail-under", "100") == 0


def test_the_command_asks_a_running_mock() -> None:
    with MockServer(admin_token="let-me-in") as server, server.tenant("one") as one:
        assert httpx.post(one.rooms_url, json={"token": "one"}).status_code == 200
        httpx.post(one.rooms_url, json={"token": server.token})

        def requests(*args: str) -> int:
            found = CliRunner().invoke(main, ["score", "--url", server.url, "--json", *args])
            return int(json.loads(found.output)["requests"])

        assert requests("--admin-token", "let-me-in") == 2
        assert requests("--admin-token", "let-me-in", "--tenant", "one") == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--url", "http://127.0.0.1:1"], "refused"),
        (["--url", "nonsense"], "expected an origin"),
        (["--journal", "nowhere.json"], "No such file"),
        (["--journal", "-", "--tenant", "x"], "masks tokens"),
        (["--journal", "-"], "not JSON"),
        (["--skip", "page"], "received 'page'"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(args: list[str], said: str) -> None:
    found = CliRunner().invoke(main, ["score", *args], input="no journal")
    assert found.exit_code == 2
    assert said in found.output
    assert len(found.output.splitlines()) == 1


@pytest.mark.parametrize("text", ["3", "null", "{}", '["a"]', '[{"id": 1}]'])
def test_what_is_no_journal(text: str) -> None:
    found = CliRunner().invoke(main, ["score", "--journal", "-"], input=text)
    assert found.exit_code == 2
    assert "no journal" in found.output


def test_every_item_is_documented() -> None:
    page = (Path(__file__).parent.parent / "docs" / "score.md").read_text(encoding="utf-8")
    for item in ITEMS:
        assert f"| `{item.id}` | {item.asks}" in page


# --- work ---------------------------------------------------------------------------------------------------


def _entry(number: int, **more: Any) -> dict[str, Any]:
    """An entry of a journal, as the admin API tells it."""
    asked, answered = more.pop("parameters", {}), more.pop("answer", {})
    moment = (datetime(2026, 11, 20, 15, tzinfo=SEOUL) + timedelta(seconds=number)).isoformat()
    plain = {
        "id": number,
        "endpoint": "rooms",
        "customer": "c",
        "headers": {},
        "parameters": asked,
        "moment": moment,
        "machine_moment": moment,
        "milliseconds": 1.0,
        "status": 200,
        "result": "success",
        "answer": {"page": 1, "limit": 10, "total_count": 30, "rooms": 10, **answered},
        "violations": [],
    }
    return {**plain, **more}


def _cpu(entries: list[dict[str, Any]]) -> float:
    began = process_time()
    card(entries)
    return process_time() - began


@pytest.mark.parametrize("page", [2_000_000_000, 10**18, "2000000000"])
def test_the_number_of_a_page_costs_nothing(page: object) -> None:
    entries = [_entry(number, parameters={"page": asked}) for number, asked in enumerate((1, 2, page), 1)]
    assert _cpu(entries) < 0.2
    found = card(entries)["every-page"]
    assert (found.verdict, found.why) == (
        "fail",
        "page 3 was never served, and later ones were: its rooms are lost",
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "more",
    [
        {"status": 429, "result": "failure", "answer": {"retry_after": 1}},
        {"result": "failure", "answer": {"code": -501}},
        {"status": 503, "result": "broken"},
    ],
    ids=["429", "refused", "broken"],
)
def test_many_requests_cost_as_many_times_one(more: dict[str, Any]) -> None:
    entries = [_entry(number, **more) for number in range(1, 4_001)]
    assert _cpu(entries) < 1.5
