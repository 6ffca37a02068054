"""The examination board itself: with no fault it keeps the documentation, and no fault of its list is vacuous."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from rival import FAULTS, Reply, Request, RivalApi
from rival.api import CHAT_PATH, CLIENT_ID, CLIENT_SECRET, MESSAGE_PATH, SENDERS, TOKEN

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


ROOM_SWEEP = tuple(chat_questions()) + tuple(odd_questions())
MESSAGE_SWEEP = tuple(message_questions())


def told(reply: Reply) -> tuple[Any, ...]:
    return reply.status, reply.headers.get("Content-Type"), reply.body


SWEEPS = {"rooms": ROOM_SWEEP, "messages": MESSAGE_SWEEP}


@pytest.fixture(scope="module")
def plain() -> dict[str, list[tuple[Any, ...]]]:
    """What the API answers without a fault."""
    api = RivalApi(now=NOW)
    return {name: [told(api.handle(question)) for question in sweep] for name, sweep in SWEEPS.items()}


def test_each_fault_changes_an_answer(plain: Any) -> None:
    vacuous = [name for name in FAULTS if not _shows(name, plain)]
    assert not vacuous


def _shows(name: str, plain: Any) -> bool:
    api, endpoint = RivalApi(faults=[name], now=NOW), FAULTS[name].breaks.split("-")[0]
    pairs = zip(SWEEPS[endpoint], plain[endpoint], strict=True)
    return any(told(api.handle(question)) != usual for question, usual in pairs)
