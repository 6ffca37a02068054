"""A hand-made run with every kind of thing in it, for the tests of what only reads runs."""

from __future__ import annotations

import json
from typing import Any

from happytalk_contract.core.model import (
    Accepted,
    Answer,
    Exchange,
    ExitCode,
    Finding,
    Request,
    Response,
    RuleOutcome,
    RunReport,
    Severity,
    Sighted,
    Status,
    placeholder,
)

CHAT_URL = "https://patch-customer.happytalk.io/user/api/chat_room_lists/format/json"
MESSAGE_URL = "https://patch-kakao-api.happytalk.io/kakaoWebhook/v3/bzmc/sm"

#: Words of people, which no report may show.
WORDS = ("홍길동", "환불은 언제 되나요", "010-1234-5678", "1000225570_gildong")


def room(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"{number:030d}",
        "title": WORDS[1],
        "counselor_name": WORDS[0],
        "customer_uuid": WORDS[3],
        "users_id": None,
        "reg_date": f"2026-05-26 12:{59 - number:02d}:00",
        "complate_date": "0000-00-00 00:00:00",
        "status": "0",
        "last_message": f"{WORDS[2]} 로 전화 주세요",
        **fields,
    }


def answer(rooms: list[dict[str, Any]]) -> bytes:
    data = {"page": 1, "limit": 10, "total_count": len(rooms), "chat_list": rooms}
    return json.dumps({"result": "success", "data": data}, ensure_ascii=False).encode()


def question(**fields: Any) -> Request:
    body = json.dumps({"token": placeholder("HAPPYTALK_TOKEN"), **fields}).encode()
    return Request(
        endpoint="rooms",
        method="POST",
        headers={"Content-Type": "application/json"},
        body=body,
        why=f"rooms by {fields.get('sort_key', 'default')}",
    )


MESSAGES_QUESTION = Request(
    endpoint="messages",
    method="GET",
    headers={
        "HT-Client-Id": placeholder("HAPPYTALK_CLIENT_ID"),
        "HT-Client-Secret": placeholder("HAPPYTALK_CLIENT_SECRET"),
    },
    query=(("senderKey", placeholder("HAPPYTALK_SENDER_KEY")), ("id", "175")),
    why="one message",
)


def exchange(number: int, request: Request, body: bytes | None, fault: str | None = None) -> Exchange:
    response = None
    if body is not None:
        response = Response(
            status=200, headers={"content-type": "application/json; charset=utf-8"}, body=body, seconds=0.123
        )
    return Exchange(
        number=number, started=1779766800.0 + number, request=request, response=response, fault=fault
    )


ORDER = Finding(
    rule="rooms.order",
    severity=Severity.BREAKING,
    message="With sort_key=complate_date the rooms are not in that order <b>from page 2 on</b>",
    received="2026-05-26 12:38:32 before 2026-05-26 10:26:31",
    documented="ordered by complate_date, ascending",
    way_out="Sort on your side until the vendor has mended it; `limit` 50 shows | it | too.",
    json_path="$.data.chat_list[7].complate_date",
    request=question(
        sdate="2026-05-26", edate="2026-05-26", sort_key="complate_date", sort_value="asc", page=2
    ),
    exchanges=(1, 2),
    subject="complate_date asc",
    folded=(
        Finding(
            rule="rooms.pages",
            severity=Severity.BREAKING,
            message="A room stands on two pages",
            received="id 000000000000000000000000000004 on pages 1 and 2",
            documented="pages partition the list",
            exchanges=(1, 2),
        ),
    ),
)
NEW_CODE = Finding(
    rule="rooms.out_api",
    severity=Severity.VALUE,
    message="out_api has a value that its list lacks",
    received='"7"',
    documented="0 (default), 1 (카카오 상담톡), 2 (네이버 톡톡)",
    json_path="$.data.chat_list[0].out_api",
    exchanges=(1,),
    subject="7",
)
NEW_FIELD = Finding(
    rule="rooms.fields",
    severity=Severity.ADDITIVE,
    message="A room has a field that the dictionary lacks: tags",
    received="tags: array",
    documented="36 fields",
    request=question(),
    exchanges=(1,),
    subject="tags",
)


def rule(name: str, status: Status, exercised: int = 0, **fields: Any) -> RuleOutcome:
    given: dict[str, Any] = {
        "id": name,
        "endpoint": name.partition(".")[0],
        "sentence": "sort_key : 정렬 기준 (reg_date, complate_date)",
        "severity": Severity.BREAKING,
        "status": status,
        "exercised": exercised,
        "needs": "two rooms on one day",
        "note": "",
    }
    return RuleOutcome(**given | fields)


RULES = (
    rule("rooms.order", Status.FAIL, 42),
    rule("rooms.pages", Status.FAIL, 9, sentence="page : 페이지 번호; pages partition the list"),
    rule("rooms.out_api", Status.FAIL, 120, sentence="out_api : 0, 1, 2"),
    rule("rooms.fields", Status.PASS, 310, sentence="Each room has the 36 fields of the dictionary"),
    rule(
        "rooms.ties",
        Status.NOT_EXERCISED,
        note="no two rooms had the same time",
        needs="two rooms of one second",
    ),
    rule("messages.status", Status.SKIPPED, note="system messages skipped: HAPPYTALK_SENDER_KEY not set"),
)
ANSWERS = (
    Answer(
        question="size_type.page",
        endpoint="rooms",
        asks="Is data.page a number or text?",
        state=Sighted.SEEN,
        answer="number",
        means="a number, as in the example",
        legal=("number", "text"),
        exchanges=(1,),
    ),
    Answer(
        question="limit_invalid.zero",
        endpoint="rooms",
        asks="limit 0?",
        state=Sighted.UNDECIDED,
        candidates=("default", "failure"),
        needs="a day with more than 10 rooms",
        legal=("default", "failure"),
        exchanges=(2,),
    ),
    Answer(
        question="no_messages",
        endpoint="messages",
        asks="No messages?",
        state=Sighted.NOT_SEEN,
        needs="a sender without messages",
        legal=("empty", "508"),
    ),
)


def sample(**changes: Any) -> RunReport:
    """The whole run; `changes` replace its parts."""
    rooms = [room(number, out_api="7" if number == 0 else "0") for number in range(10)]
    given: dict[str, Any] = {
        "target": "dev",
        "chat_url": CHAT_URL,
        "message_url": MESSAGE_URL,
        "seed": 20260526,
        "started": "2026-05-26T12:40:00+09:00",
        "seconds": 4.2,
        "requests": 3,
        "max_requests": 300,
        "rules": RULES,
        "findings": (NEW_FIELD, ORDER, NEW_CODE),
        "answers": ANSWERS,
        "exchanges": (
            exchange(1, question(sdate="2026-05-26", edate="2026-05-26"), answer(rooms)),
            exchange(2, ORDER.request or question(), b"<html><body>Bad gateway</body></html>"),
            exchange(3, MESSAGES_QUESTION, None, "timeout"),
        ),
        "notes": ("system messages skipped: HAPPYTALK_SENDER_KEY not set (environment or .env)",),
        "exit_code": ExitCode.DRIFT,
    }
    return RunReport(**given | changes)


def accepted(finding: Finding = NEW_CODE) -> Accepted:
    return Accepted(
        finding=finding, reason="Instagram; shown as unknown", ticket="CS-12", expires="", since="2026-05-01"
    )


def conforming() -> RunReport:
    """A run without a finding."""
    return sample(findings=(), exit_code=ExitCode.CONFORMS, rules=RULES[3:])
