"""Each drift shows itself, keeps to its scope, survives odd input, and is listed and documented."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
import pytest

from happytalk_mock.api.chain import ENDPOINTS
from happytalk_mock.core.clock import Clock
from happytalk_mock.core.exchange import MOCK_HEADER, Answer, Received
from happytalk_mock.faults import drifts
from happytalk_mock.faults.drifts import AREAS, DRIFTS, STATEMENTS, Active, Drift, drifted
from happytalk_mock.faults.drifts import drift as drift_module
from happytalk_mock.faults.drifts.stated import TOLD
from happytalk_mock.spec.behaviour import Behaviour
from happytalk_mock.spec.parameters import receive
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from happytalk_mock.state.credentials import DEFAULT_CREDENTIALS as OWN
from happytalk_mock.state.mock import Mock
from happytalk_mock.state.tenants import Setup

GOLDEN = Path(__file__).parent / "golden" / "drifts.json"
NOON = "2026-03-02T13:00:00+09:00"  # a Monday; the default 500 rooms reach back to January
NIGHT = "2026-03-02T03:00:00+09:00"  # in UTC still the first of March
HEADERS = {"ht-client-id": OWN.client_id, "ht-client-secret": OWN.client_secret}

MONTH = {"sdate": "2026-02-01", "edate": "2026-03-02"}
WEEK = {"sdate": "2026-02-23", "edate": "2026-03-01"}
DAY = {"ndate": "2026-02-10"}


class Api:
    """The honest API under a frozen clock; remembers its answers, which cannot change."""

    def __init__(self, now: str = NOON, **setup: Any) -> None:
        self.mock = Mock(Setup(**setup), Clock.parse(now))
        self.now = self.mock.clock.second()
        self._known: dict[Any, Answer] = {}

    def ask(self, received: Received) -> Answer:
        key = (
            received.method,
            received.path,
            received.query,
            repr(received.parameters),
            *sorted(received.headers.items()),
        )
        if key not in self._known:
            self._known[key] = ENDPOINTS[received.path](self.mock, received)
        return self._known[key]

    def drift(self, active: Active, received: Received) -> Answer:
        return drifted([active], self.ask, received, now=self.now, keys=OWN)


@pytest.fixture(scope="module")
def noon() -> Api:
    return Api()


@pytest.fixture(scope="module")
def night() -> Api:
    return Api(NIGHT)


def rooms(**body: Any) -> Received:
    return raw(orjson.dumps({"token": OWN.token, **body}))


def raw(body: bytes, method: str = "POST") -> Received:
    return receive(method, ROOMS_PATH, "", {"content-type": "application/json"}, body)


def messages(query: str = f"senderKey={OWN.sender_keys[0]}", **headers: str) -> Received:
    given = {name: value for name, value in {**HEADERS, **headers}.items() if value}
    return receive("GET", MESSAGES_PATH, query, given, b"")


def message_ids(api: Api, place: int = 0) -> list[int]:
    tenant = next(iter(api.mock.tenants))
    return [found["id"] for found in tenant.messages.find(OWN.sender_keys[place], api.now) or []]


# --- the sweep: requests of documented form, and odd ones ---

_DATES = ({}, DAY, WEEK, MONTH, {"sdate": "2026-02-26", "edate": "2026-02-26"}, {"ndate": "2026-03-01"})
_SORTS = (
    {},
    {"sort_key": "complate_date", "sort_value": "asc"},
    {"sort_key": "complate_date"},
    {"sort_value": "asc"},
)
_LISTS: tuple[dict[str, Any], ...] = (
    *({**dates, **sort} for dates in _DATES for sort in _SORTS),
    *({**MONTH, "status": status, **sort} for status in (99, -2, -1, 0, 1, 2, 3) for sort in _SORTS[1:3]),
    *({**MONTH, "page": page, **sort} for page in (2, 3, 5, 50) for sort in _SORTS),
    *({**MONTH, "status": 2, "page": page, "sort_value": "asc"} for page in (2, 3)),
    {**MONTH, "status": 2, "page": 2, "sort_key": "complate_date", "sort_value": "asc"},
    *({**MONTH, "limit": limit, "page": page} for limit in (1, 3, 50, 90) for page in (1, 2)),
    {**MONTH, "limit": 50, "sort_key": "complate_date"},
    {**MONTH, "limit": 50, "status": 3},
    {**MONTH, "limit": 50, "page": 10},
    {**WEEK, "ndate": "2026-02-25"},
    {**WEEK, "ndate": "2026-02-10", "status": 2},
    {**WEEK, "ndate": "2026-02-10"},
    {"ndate": None},
    {"ndate": "2026-01-30"},
    {"ndate": "2026-02-03"},
    {"page": 1, "limit": 10, "status": "99"},
    {"ndate": "2019-01-01"},
)
_BAD_ROOMS: tuple[bytes, ...] = (
    b"",
    b"not json",
    b"\xff\xfe",
    b"[]",
    b"null",
    b"17",
    b'"text"',
    b"{}",
    b'{"token": null}',
    b'{"token": ""}',
    b'{"token": "stranger"}',
    b'{"token": ["a"]}',
    b'{"token": 5, "page": 2}',
    *(
        orjson.dumps({"token": OWN.token, **body})
        for body in (
            {"ndate": "2026-02-30"},
            {"ndate": 20260226},
            {"sdate": "2026-02-01"},
            {"sdate": "2026-02-09", "edate": "2026-02-01"},
            {"sdate": "0001-01-01", "edate": "9999-12-31", "sort_key": "complate_date"},
            {"ndate": "9999-12-31"},
            {"status": 7},
            {"status": "many"},
            {"status": True},
            {"status": [0]},
            {"sort_key": "title", "sort_value": "up"},
            {"sort_key": ["reg_date"], "sort_value": {}},
            {"limit": 0},
            {"limit": -3, "page": 0},
            {"limit": "ten", "page": "two"},
            {"limit": 2**40, "page": 2**62},
            {"limit": 1.5, "page": 1e300},
            {"title": "o'clock"},
        )
    ),
    b'{"token": "%b", "deep": %b}' % (OWN.token.encode(), b"[" * 400 + b"]" * 400),
    b'{"token": "stranger", "deep": %b}' % (b"[" * 400 + b"]" * 400),
)


def room_sweep() -> list[Received]:
    return [rooms(**body) for body in _LISTS]


def message_sweep(api: Api) -> list[Received]:
    key, other = OWN.sender_keys
    own, foreign = message_ids(api), message_ids(api, 1)
    ids = [f"senderKey={key}&id={number}" for number in own]
    return [messages(), messages(), messages(), *map(messages, ids), messages(f"senderKey={other}"),
            messages(f"senderKey={key}&id={foreign[0]}")]  # fmt: skip


def odd_messages() -> list[Received]:
    key = OWN.sender_keys[0]
    return [
        *map(messages, (f"senderKey={key}&id=1", f"senderKey={key}&id=x", f"senderKey={key}&id=%FF",
                        f"id={'9' * 40}&senderKey={key}", "senderKey=stranger", "senderKey=", "", "%%%=&&")),
        messages(**{"ht-client-secret": ""}),
        messages(**{"ht-client-secret": "wrong"}),
        messages(**{"ht-client-id": "wrong"}),
        messages(**{"ht-client-id": "", "ht-client-secret": ""}),
        messages()._replace(method="POST"),
    ]  # fmt: skip


def odd_rooms() -> list[Received]:
    return [*map(raw, _BAD_ROOMS), raw(b"", "GET"), raw(rooms().body, "PUT")]


def sweep(api: Api, drift: Drift) -> list[Received]:
    if drift.endpoint == "rooms":
        return room_sweep() + odd_rooms()
    return message_sweep(api) + odd_messages()


@pytest.mark.slow
def test_every_drift_shows_itself(noon: Api, night: Api) -> None:
    def shows(drift: Drift) -> bool:
        return any(
            api.drift(active, received) != api.ask(received)
            for api, active in ((noon, Active(drift)), (night, Active(drift)))
            for received in sweep(api, drift)
        )

    assert not [drift.name for drift in DRIFTS.values() if not shows(drift)]


def test_no_drift_touches_the_other_endpoint(noon: Api) -> None:
    for drift in DRIFTS.values():
        other = rooms() if drift.endpoint == "messages" else messages()
        assert noon.drift(Active(drift), other) is noon.ask(other), drift.name


# --- odd input ---

#: Drifts whose point it is how odd or refused requests are answered.
ABOUT_REFUSALS = {
    name
    for name, drift in DRIFTS.items()
    if drift.area == "authentication" or name.startswith(("error-", "html-on-", "html-when-", "every-third-"))
} | {
    "unknown-sender-key-answered",
    "sender-key-not-required",
    "headers-not-required",
    "secret-not-required",
    "wrong-secret-accepted",
    "wrong-client-id-accepted",
    "message-failure-code-as-number",
    "message-failure-says-200",
    "message-failure-without-message",
    "foreign-id-answered",
}


@pytest.mark.slow
def test_a_refusal_stays_honest_unless_it_is_the_drift(noon: Api) -> None:
    for drift in DRIFTS.values():
        active = Active(drift)
        for received in odd_rooms() if drift.endpoint == "rooms" else odd_messages():
            honest, answer = noon.ask(received), noon.drift(active, received)
            assert any(name == MOCK_HEADER for name, _ in answer.headers), drift.name
            refused = b'"fail"' in honest.body or b'"data"' not in honest.body
            if refused and drift.name not in ABOUT_REFUSALS:
                assert answer == honest, (drift.name, received.body[:80] or received.query)


_PROFILES: tuple[dict[str, str], ...] = (
    {"size_type": "text", "page_past_end": "failure", "zero_date_order": "last", "bot_statuses": "hidden"},
    {"longest_period": "5", "limit_above_max": "failure", "limit_echo": "asked", "reversed_dates": "failure"},
    {"unused_links": "absent", "uninspected_dates": "empty", "message_on_success": "null",
     "message_unknown_id": "empty", "message_failure_http_status": "404", "ht_headers": "needed"},
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("profile", _PROFILES, ids=lambda profile: next(iter(profile)))
def test_no_drift_fails_under_another_profile(profile: Mapping[str, str]) -> None:
    api = Api(behaviour=Behaviour().but(profile))
    for drift in DRIFTS.values():
        active = Active(drift)
        for received in sweep(api, drift)[::11]:
            api.drift(active, received)


def test_no_drift_fails_without_data() -> None:
    api = Api("2018-01-05T03:00:00+09:00", rooms=0)
    for drift in DRIFTS.values():
        active = Active(drift)
        for received in (rooms(), rooms(**MONTH, page=2), messages(), messages("senderKey=a&id=3")):
            api.drift(active, received)


def test_numbers_of_the_envelope_stay_text_where_they_are_text() -> None:
    api = Api(behaviour=Behaviour().but({"size_type": "text"}))
    data = listed(api, "total-count-one-too-many", **DAY)
    assert data["total_count"] == str(int(listed(api, None, **DAY)["total_count"]) + 1)


# --- scope: what a narrow drift leaves alone, byte for byte ---

Body = Mapping[str, Any]


def page_of(body: Body) -> int:
    return int(body.get("page", 1))


def several(body: Body) -> bool:
    return body.get("sdate", "") != body.get("edate", "")


def completed(body: Body) -> bool:
    return body.get("sort_key") == "complate_date"


def ascending(body: Body) -> bool:
    return body.get("sort_value") == "asc"


def filtered(body: Body) -> bool:
    return body.get("status") not in (None, 99, "99")


def limited(body: Body) -> int:
    return int(body.get("limit", 10))


def undated(body: Body) -> bool:
    return not body.get("ndate") and not body.get("sdate")


#: Where alone these drifts may show, written from their `when` and not from their code.
NARROW: dict[str, Callable[[Body], bool]] = {
    "chat-list-object-from-page-2": lambda b: page_of(b) > 1,
    "out-api-new-past-page-1": lambda b: page_of(b) > 1,
    "status-6-by-completion": completed,
    "sort-value-ignored": ascending,
    "sort-key-ignored": completed,
    "sorted-by-time-of-day": several,
    "last-page-reversed": lambda b: page_of(b) > 1,
    "done-asc-by-registration-from-page-2": lambda b: (
        b.get("status") == 2 and completed(b) and ascending(b) and page_of(b) > 1
    ),
    "sort-key-lost-in-ranges": lambda b: completed(b) and several(b),
    "asc-lost-with-status": lambda b: ascending(b) and filtered(b),
    "direction-flips-at-limit-50": lambda b: completed(b) and limited(b) >= 50,
    "deleted-by-registration": lambda b: b.get("status") == 3 and completed(b),
    "asc-lost-past-page-2": lambda b: ascending(b) and page_of(b) > 2,
    "page-ignored": lambda b: page_of(b) > 1,
    "pages-overlap": lambda b: page_of(b) > 1,
    "page-3-repeats-page-2": lambda b: page_of(b) == 3,
    "offset-by-default-limit": lambda b: page_of(b) > 1 and limited(b) != 10,
    "later-pages-shift-in-ranges": lambda b: page_of(b) > 1 and several(b),
    "last-page-lost": lambda b: page_of(b) > 1,
    "partial-page-lost": lambda b: page_of(b) > 1,
    "pages-end-after-four": lambda b: page_of(b) > 4,
    "limit-ignored": lambda b: limited(b) > 10,
    "limit-above-50-served": lambda b: limited(b) > 50,
    "limit-50-loses-a-room": lambda b: limited(b) >= 50,
    "limit-1-repeats": lambda b: limited(b) == 1 and page_of(b) > 1,
    "first-room-lost-by-completion": completed,
    "total-count-ignores-status": filtered,
    "total-count-of-first-day": several,
    "total-count-shrinks-by-page": lambda b: page_of(b) > 1,
    "total-count-stale-at-page-3": lambda b: filtered(b) and page_of(b) == 3,
    "page-echo-always-1": lambda b: page_of(b) > 1,
    "limit-echo-always-10": lambda b: limited(b) != 10,
    "end-day-excluded": lambda b: "sdate" in b,
    "start-day-excluded": lambda b: "sdate" in b,
    "end-day-excluded-in-long-ranges": lambda b: b.get("sdate") == MONTH["sdate"],
    "one-day-range-empty": lambda b: "sdate" in b and not several(b),
    "month-end-lost": several,
    "range-stops-at-month-end": several,
    "first-of-month-empty": lambda b: b.get("ndate") == "2026-03-01",
    "sundays-lost-in-ranges": several,
    "range-capped-at-7-days": lambda b: b.get("sdate") == MONTH["sdate"],
    "dates-follow-sort-key": completed,
    "dates-forgotten-from-page-2": lambda b: page_of(b) > 1 and not undated(b),
    "ndate-beats-range": lambda b: several(b) and "ndate" in b,
    "ndate-outside-range-beats-it": lambda b: several(b) and b.get("ndate") == "2026-02-10",
    "ndate-joins-range": lambda b: several(b) and b.get("ndate") == "2026-02-10",
    "ndate-narrows-range": lambda b: several(b) and "ndate" in b,
    "ndate-beats-range-with-status": lambda b: several(b) and "ndate" in b and filtered(b),
    "ndate-ignored": lambda b: bool(b.get("ndate")) and "sdate" not in b,
    "range-ignored": lambda b: "sdate" in b,
    "no-date-means-all-days": undated,
    "no-date-means-yesterday": undated,
    "no-date-means-24-hours": undated,
    "null-ndate-gets-nothing": lambda b: undated(b) and "ndate" in b,
    "utc-days-in-ranges": several,
    "utc-days-by-completion": completed,
    "status-ignored": filtered,
    "status-0-means-all": lambda b: b.get("status") == 0,
    "negative-status-made-positive": lambda b: b.get("status") in (-1, -2),
    "done-leaks-deleted": lambda b: b.get("status") == 2,
    "in-progress-leaks-waiting-by-completion": lambda b: b.get("status") == 1 and completed(b),
    "deleted-not-found": lambda b: b.get("status") == 3,
    "all-hides-deleted": lambda b: not filtered(b),
    "all-hides-bot-ended-by-completion": lambda b: not filtered(b) and completed(b),
    "status-filtered-after-paging": filtered,
    "status-lost-from-page-2": lambda b: filtered(b) and page_of(b) > 1,
    "status-lost-in-ranges": lambda b: filtered(b) and several(b),
    "status-lost-at-limit-50": lambda b: filtered(b) and limited(b) >= 50,
    "deleted-leak-from-the-day-before": lambda b: b.get("status") == 3,
    "guests-lost-with-status": filtered,
    "channels-lost-by-completion": lambda b: completed(b) and ascending(b),
    "open-rooms-lost-by-completion": completed,
    "waiting-lost-ascending": ascending,
    "default-limit-20": lambda b: "limit" not in b,
    "default-limit-20-with-status": lambda b: "limit" not in b and filtered(b),
    "default-order-ascending": lambda b: "sort_value" not in b,
    "default-order-ascending-by-completion": lambda b: "sort_value" not in b and completed(b),
    "default-key-completion": lambda b: "sort_key" not in b,
    "default-status-hides-deleted": lambda b: "status" not in b,
    "status-99-finds-nothing": lambda b: b.get("status") in (99, "99"),
    "page-1-written-out-shifts": lambda b: b.get("page") == 1,
    "error-502-past-the-end": lambda b: page_of(b) > 1,
    "error-504-on-long-ranges": lambda b: b.get("sdate") == MONTH["sdate"],
    "warning-before-json-from-page-2": lambda b: page_of(b) > 1,
    "cut-off-at-limit-50": lambda b: limited(b) >= 50,
}


@cache
def _received_lists() -> list[Received]:
    return [rooms(**body) for body in _LISTS]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "inside"), NARROW.items(), ids=NARROW)
def test_a_narrow_drift_keeps_to_its_scope(name: str, inside: Callable[[Body], bool], noon: Api) -> None:
    active, seen = Active(DRIFTS[name]), 0
    for body, received in zip(_LISTS, _received_lists(), strict=True):
        departs = noon.drift(active, received) != noon.ask(received)
        assert inside(body) or not departs, body
        seen += departs
    assert seen


def test_what_is_not_changed_is_byte_for_byte_the_same(noon: Api) -> None:
    """Answers that pass through JSON and back, because some other room would be changed."""
    active = Active(DRIFTS["last-second-lost"])
    same = [body for body in _LISTS if noon.drift(active, rooms(**body)) == noon.ask(rooms(**body))]
    assert len(_LISTS) / 2 < len(same) < len(_LISTS)


# --- truth: drifts that answer another list answer all of it consistently ---


def listed(api: Api, name: str | None, **body: Any) -> dict[str, Any]:
    received = rooms(**body)
    answer = api.drift(Active(DRIFTS[name]), received) if name else api.ask(received)
    data: dict[str, Any] = orjson.loads(answer.body)["data"]
    return data


def every_page(api: Api, name: str | None, **body: Any) -> list[dict[str, Any]]:
    """All rooms over the pages that total_count promises."""
    limit = body.get("limit", 10)
    total = listed(api, name, **body)["total_count"]
    pages = (listed(api, name, **body, page=page) for page in range(1, -(-total // limit) + 1))
    return [room for data in pages for room in data["chat_list"]]


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [room["id"] for room in found]


def honestly(api: Api, keep: Callable[[dict[str, Any]], bool], **body: Any) -> list[str]:
    return ids([room for room in every_page(api, None, **body) if keep(room)])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "body", "keep"),
    [
        ("end-day-excluded", WEEK, lambda room: room["reg_date"] < "2026-03-01"),
        ("start-day-excluded", WEEK, lambda room: room["reg_date"] >= "2026-02-24"),
        ("month-end-lost", WEEK, lambda room: room["reg_date"][:10] != "2026-02-28"),
        ("range-stops-at-month-end", WEEK, lambda room: room["reg_date"] < "2026-03-01"),
        ("range-capped-at-7-days", MONTH, lambda room: room["reg_date"] >= "2026-02-24"),
        ("last-second-lost", {"ndate": "2026-02-26"}, lambda room: room["reg_date"][11:] != "23:59:59"),
        ("first-second-lost", {"ndate": "2026-03-01"}, lambda room: room["reg_date"][11:] != "00:00:00"),
        ("all-hides-deleted", MONTH, lambda room: room["status"] != "3"),
        ("open-rooms-lost-by-completion", {**MONTH, "sort_key": "complate_date"},
         lambda room: room["complate_date"][:4] != "0000"),
        ("guests-lost-with-status", {**MONTH, "status": 2}, lambda room: room["users_id"] is not None),
    ],
)  # fmt: skip
def test_a_loss_is_the_same_on_every_page(name: str, body: Body, keep: Any, noon: Api) -> None:
    found = every_page(noon, name, **body)
    assert ids(found) == honestly(noon, keep, **body)
    assert len(found) == listed(noon, name, **body)["total_count"] < listed(noon, None, **body)["total_count"]


def test_utc_days_are_a_partition_of_the_same_rooms(noon: Api) -> None:
    found = every_page(noon, "utc-days", ndate="2026-02-10")
    assert found
    assert all("2026-02-10 09" <= room["reg_date"] < "2026-02-11 09" for room in found)
    assert listed(noon, "utc-days", ndate="2026-02-10")["total_count"] == len(found)


def test_utc_today_shows_in_the_nine_hours_alone(noon: Api, night: Api) -> None:
    assert listed(noon, "utc-today") == listed(noon, None)
    assert listed(night, "utc-today") == listed(night, None, ndate="2026-03-01")


def test_ndate_before_the_range(noon: Api) -> None:
    body = {**WEEK, "ndate": "2026-02-10"}
    assert listed(noon, "ndate-beats-range", **body) == listed(noon, None, ndate="2026-02-10")
    joined = every_page(noon, "ndate-joins-range", **body)
    assert {room["reg_date"][:10] for room in joined} > {"2026-02-10", "2026-02-23", "2026-03-01"}
    assert [room["reg_date"] for room in joined] == sorted((r["reg_date"] for r in joined), reverse=True)


def test_pages_overlap_and_lose(noon: Api) -> None:
    honest = ids(every_page(noon, None, **MONTH))
    assert ids(listed(noon, "pages-overlap", **MONTH, page=3)["chat_list"]) == honest[18:28]
    assert ids(listed(noon, "pages-lose-a-room", **MONTH, page=3)["chat_list"]) == honest[22:32]
    assert (
        ids(listed(noon, "offset-by-default-limit", **MONTH, page=2, limit=50)["chat_list"]) == honest[10:60]
    )
    above = listed(noon, "limit-above-50-served", **MONTH, limit=90)
    assert (ids(above["chat_list"]), above["limit"]) == (honest[:90], 90)


def test_sorted_by_part_of_the_date_is_a_permutation(noon: Api) -> None:
    for name in ("sorted-by-day-only", "sorted-by-hour-only", "sorted-on-page-only", "sorted-by-time-of-day"):
        found = every_page(noon, name, **WEEK)
        assert sorted(ids(found)) == sorted(ids(every_page(noon, None, **WEEK)))
        assert ids(found) != ids(every_page(noon, None, **WEEK))
    days = [room["reg_date"][:10] for room in every_page(noon, "sorted-by-day-only", **WEEK)]
    assert days == sorted(days, reverse=True)


@pytest.mark.slow
def test_ties_keep_the_order_of_dates(noon: Api) -> None:
    found = every_page(noon, "ties-move-between-pages", **WEEK, limit=1)
    dates = [room["reg_date"] for room in found]
    assert dates == sorted(dates, reverse=True)
    assert len(set(ids(found))) < len(found)


def test_unlisted_messages_are_found_as_they_are(noon: Api) -> None:
    tenant = next(iter(noon.mock.tenants))
    stored = tenant.messages.find(OWN.sender_keys[0], noon.now) or []
    answer = orjson.loads(noon.drift(Active(DRIFTS["stopped-messages-listed"]), messages()).body)
    assert [found["id"] for found in answer["data"]] == [m["id"] for m in stored if m["status"] in "AT"]


def test_a_stranger_gets_what_the_own_token_gets(noon: Api) -> None:
    stranger = raw(orjson.dumps({"token": "stranger", **DAY}))
    assert noon.drift(Active(DRIFTS["unknown-token-accepted"]), stranger) == noon.ask(rooms(**DAY))
    assert noon.drift(Active(DRIFTS["missing-token-accepted"]), stranger) == noon.ask(stranger)
    nobody = raw(orjson.dumps(DAY))
    assert noon.drift(Active(DRIFTS["missing-token-accepted"]), nobody) == noon.ask(rooms(**DAY))


def test_headers_are_put_right_one_by_one(noon: Api) -> None:
    honest = noon.ask(messages())
    no_secret = messages(**{"ht-client-secret": ""})
    wrong_secret = messages(**{"ht-client-secret": "wrong"})
    for name, received, let_in in (
        ("secret-not-required", no_secret, True),
        ("secret-not-required", wrong_secret, False),
        ("wrong-secret-accepted", wrong_secret, True),
        ("wrong-secret-accepted", no_secret, False),
        ("headers-not-required", messages(**{"ht-client-id": "", "ht-client-secret": ""}), True),
        ("headers-not-required", wrong_secret, False),
    ):
        assert (noon.drift(Active(DRIFTS[name]), received) == honest) is let_in, name


def test_now_and_then_is_every_third_time(noon: Api) -> None:
    active = Active(DRIFTS["every-third-answer-503"])
    assert [noon.drift(active, rooms()).status for _ in range(6)] == [200, 200, 503, 200, 200, 503]


# --- determinism and several at once ---


@pytest.mark.slow
def test_every_drift_does_the_same_as_ever(noon: Api) -> None:
    """Where a change is meant: `python tests/test_drifts.py` writes the digests anew."""
    made, expected = digests(noon), json.loads(GOLDEN.read_text("utf-8"))
    assert made == expected, [name for name in made if made[name] != expected.get(name)]


def digests(api: Api) -> dict[str, str]:
    found = {}
    for drift in DRIFTS.values():
        active = Active(drift, seed=5)
        answers = [api.drift(active, received) for received in sweep(api, drift)[::5]]
        told = [
            (answer.status, answer.body, [each for each in answer.headers if each[0] != MOCK_HEADER])
            for answer in answers
        ]
        found[drift.name] = hashlib.sha256(repr(told).encode()).hexdigest()[:12]
    return found


def test_another_seed_picks_other_rooms(noon: Api) -> None:
    received = rooms(**MONTH, limit=50)
    drift = DRIFTS["out-api-instagram"]
    assert noon.drift(Active(drift, seed=1), received) != noon.drift(Active(drift, seed=2), received)


def test_several_drifts_add_up(noon: Api) -> None:
    actives = [Active(DRIFTS["status-as-number"]), Active(DRIFTS["title-missing"])]
    answer = drifted(actives, noon.ask, rooms(), now=noon.now, keys=OWN)
    room = orjson.loads(answer.body)["data"]["chat_list"][0]
    assert isinstance(room["status"], int)
    assert "title" not in room
    assert drifted([], noon.ask, rooms(), now=noon.now, keys=OWN) == noon.ask(rooms())


@pytest.mark.slow
def test_two_drifts_are_one_on_top_of_the_other(noon: Api) -> None:
    """No pair fails, and what is carried between the two is what the inner one would have sent."""
    requests = (rooms(**MONTH, status=2, sort_key="complate_date", page=2), messages())
    names = list(DRIFTS)
    for place, name in enumerate(names):
        for other in (names[(place * 7 + 3) % len(names)], "numeric-text-as-numbers", "message-id-as-text"):
            for received in requests:
                pair = [Active(DRIFTS[other]), Active(DRIFTS[name])]
                answer = drifted(pair, noon.ask, received, now=noon.now, keys=OWN)
                assert answer == sent_through(noon, other, name, received), (other, name)


def sent_through(api: Api, inner: str, outer: str, received: Received) -> Answer:
    """The same by bytes: the outer drift is put before an API that sends the inner one's answers."""
    inside = Active(DRIFTS[inner])
    try:
        return drifted(
            [Active(DRIFTS[outer])],
            lambda request: api.drift(inside, request),
            received,
            now=api.now,
            keys=OWN,
        )
    except (AttributeError, LookupError, TypeError, ValueError):
        return api.drift(inside, received)


def test_what_one_drift_makes_another_changes_for_this_answer_alone(noon: Api) -> None:
    names = ("unknown-token-sees-no-rooms", "total-count-one-too-many")
    actives, stranger = [Active(DRIFTS[name]) for name in names], raw(b'{"token": "stranger"}')
    answers = [drifted(actives, noon.ask, stranger, now=noon.now, keys=OWN) for _ in range(2)]
    assert [orjson.loads(answer.body)["data"]["total_count"] for answer in answers] == [1, 1]


def test_an_answer_is_read_once_and_written_once(noon: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    class Counting:
        JSONDecodeError = orjson.JSONDecodeError

        @staticmethod
        def loads(raw: bytes) -> Any:
            calls.append("read")
            return orjson.loads(raw)

        @staticmethod
        def dumps(value: Any) -> bytes:
            calls.append("written")
            return orjson.dumps(value)

    monkeypatch.setattr(drift_module, "orjson", Counting)
    names = ("status-as-number", "out-api-number-when-kakao", "title-missing", "total-count-one-too-many")
    actives = [Active(DRIFTS[name]) for name in names]
    drifted(actives, noon.ask, rooms(), now=noon.now, keys=OWN)
    assert calls == ["read", "written"]


# --- the table ---


def test_the_table_is_complete() -> None:
    assert DRIFTS.keys() == TOLD.keys(), "each drift is told, and nothing else"
    tables = [module.DRIFTS for module in drifts._OF_ROOMS + drifts._OF_MESSAGES]
    assert sum(map(len, tables)) == len(DRIFTS) == 238, "two drifts share a name"
    assert len([drift for drift in DRIFTS.values() if drift.when]) >= 20
    assert [stated.id for stated in STATEMENTS] == [
        *(f"rooms-{n}" for n in range(1, 13)),
        *(f"messages-{n}" for n in range(1, 9)),
    ]
    assert {drift.breaks for drift in DRIFTS.values()} == set(STATEMENTS), "each statement can be broken"
    assert list(AREAS) == [area for area, _ in groupby(drift.area for drift in DRIFTS.values())]


def test_every_drift_is_told_in_a_line_of_each_language() -> None:
    for drift in DRIFTS.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", drift.name)
        assert drift.says.isascii(), drift.name
        assert re.search("[가-힣]", drift.says_ko), drift.name
        for line in (drift.says, drift.says_ko, drift.when):
            assert not re.search(r"[\n|]|\.$", line), drift.name


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(digests(Api()), indent=0) + "\n", "utf-8")
