"""What the rival's customers have: chat rooms and system messages, made anew from (seed, account, now)."""

import random
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

Room = dict[str, Any]

ZERO = "0000-00-00 00:00:00"
STAMP = "%Y-%m-%d %H:%M:%S"
PARAMETERS = tuple(f"parameter{n}" for n in range(1, 11))
#: The 36 fields of the data dictionary, in its order.
FIELDS = (
    *("id", "title", "counselor_name", "counselor_nickname", "customer_uuid", "users_id", "category_id"),
    *("division_id", "cate_name1", "cate_name2", "etc_assign", "reg_date", "complate_date", "out_api"),
    *("status", "order_number", "product_number", "parcel_number", "parcel_companycode", "app_ver"),
    *("phone_os", "phone_model", "phone_osver", "phone_telecomm", "app_hash", *PARAMETERS, "last_message"),
)
PARCEL_CODES = (
    *("1", "4", "5", "6", "8", "11", "12", "13", "18", "21", "22", "23", "24", "25", "42", "45", "53", "99"),
)
#: Half are done; every other status is common enough to stand on most days.
STATUSES = ("2",) * 12 + ("0", "0", "1", "1", "3", "3", "3", "4", "4", "-1", "-1", "-2", "-2")
DAY_SECONDS = 86_400
LETTERS = string.ascii_letters + string.digits
CATEGORIES = (
    ("75345", "상품문의", (("75346", "일반상담"), ("75347", "재입고"))),
    ("75350", "배송", (("75351", "배송지연"), ("75352", "오배송"))),
    ("75360", "교환/반품", (("75361", "교환"), ("75362", "반품 \\ 환불"))),
)
TITLES = (
    "1:1 채팅 상담 문의 드립니다.",
    "배송이 안 와요 😢",
    '환불 "언제" 되나요?',
    "사이즈 문의",
    "문의\n두 줄",
)
LAST = {"2": "고객님이 종료하였습니다.", "3": "삭제된 상담입니다.", "4": "챗봇 상담이 종료되었습니다."}
COUNSELORS = (("김상담", "루시"), ("이도움", "helper"), ("test-lc", "test-lc"))


@dataclass(slots=True, kw_only=True)
class Account:
    """What one customer has: rooms in stored order, system messages by sender key. The rooms may move."""

    rooms: list[Room]
    messages: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many rooms lie how many days back, of which statuses, and whether there are system messages."""

    says: str
    rooms_on: Callable[[random.Random, int], int]
    statuses: tuple[str, ...] = STATUSES
    messages: bool = True


def _normal(rng: random.Random, ago: int) -> int:
    if ago > 40 or ago == 23:
        return 0
    if ago in (2, 11, 30):
        return rng.randint(125, 160)
    return rng.randint(14, 36)


ACCOUNTS: dict[str, Plan] = {
    "normal": Plan(says="about 1,300 rooms over 41 days, three busy days, one empty", rooms_on=_normal),
    "busy": Plan(
        says="about 10,000 rooms over 41 days", rooms_on=lambda rng, ago: rng.randint(200, 290) * (ago <= 40)
    ),
    "sparse": Plan(says="a dozen rooms over a month", rooms_on=lambda _, ago: int(ago % 3 == 1 and ago < 37)),
    "one-day-only": Plan(says="90 rooms, all three days ago", rooms_on=lambda _, ago: 90 * (ago == 3)),
    "single-status": Plan(
        says="every room is done",
        rooms_on=lambda rng, ago: rng.randint(5, 30) * (ago < 30),
        statuses=("2",),
    ),
    "empty": Plan(says="no rooms, no system messages", rooms_on=lambda _, __: 0, messages=False),
    "rooms-only-today": Plan(says="75 rooms, all of today", rooms_on=lambda _, ago: 75 * (ago == 0)),
    "none-today": Plan(
        says="rooms every day, not today", rooms_on=lambda rng, ago: rng.randint(8, 30) * (0 < ago < 35)
    ),
    "old-data-only": Plan(
        says="rooms from 60 to 20 days ago", rooms_on=lambda rng, ago: rng.randint(8, 40) * (20 <= ago <= 60)
    ),
    "no-system-messages": Plan(says="as normal, without system messages", rooms_on=_normal, messages=False),
    "messages-only": Plan(says="no rooms, system messages as normal", rooms_on=lambda _, __: 0),
}


def build(
    account: str, *, seed: int, now: datetime, answers: Mapping[str, str], senders: tuple[str, str]
) -> Account:
    """All that the account has at ``now`` (Seoul, naive); no room lies later. Unknown account: KeyError."""
    asked = tuple((name, answers[name]) for name in ("data", "end-dates", "parcel-w"))
    rooms = _rooms(account, seed, now, asked)
    messages = system_messages(senders) if ACCOUNTS[account].messages else {}
    return Account(rooms=[dict(room) for room in rooms], messages=messages)


@lru_cache(maxsize=8)
def _rooms(account: str, seed: int, now: datetime, asked: tuple[tuple[str, str], ...]) -> list[Room]:
    """Rooms as first stored; kept, since examinations start hundreds of servers with the same ones."""
    plan, answers = ACCOUNTS[account], dict(asked)
    rng = random.Random(f"{seed}/{account}")
    rooms: list[Room] = []
    for ago in range(61, -1, -1):
        count = plan.rooms_on(rng, ago)
        midnight = datetime.combine(now.date() - timedelta(days=ago), datetime.min.time())
        span = DAY_SECONDS if ago else max(1, int((now - midnight).total_seconds()) + 1)
        for second in _seconds(rng, count, span):
            rooms.append(new_room(rng, midnight + timedelta(seconds=second), plan.statuses, now, answers))
    if account == "normal" and answers["data"] == "midnight":
        rooms += _around_midnights(rng, now, answers)
    return rooms


def _seconds(rng: random.Random, count: int, span: int) -> list[int]:
    """Seconds of the day: both ends of it, ties, office hours; all below ``span``."""
    if not count:
        return []
    edges = [0, 0, span - 1, span - 1] if count > 8 else []
    found = list(edges)
    while len(found) < count:
        second = rng.randrange(span) if rng.random() < 0.4 else rng.randrange(span // 3, span * 3 // 4 + 1)
        second = min(second, span - 1)
        found += [second] * rng.choice((1, 1, 1, 1, 2, 3))
    found = found[:count]
    rng.shuffle(found)  # stored order is not time order
    return found


def _around_midnights(rng: random.Random, now: datetime, answers: Mapping[str, str]) -> list[Room]:
    midnights = [datetime.combine(now.date() - timedelta(days=ago), datetime.min.time()) for ago in range(9)]
    moments = [midnight + timedelta(seconds=s) for midnight in midnights for s in (-2, -1, -1, 0, 0, 1)]
    return [new_room(rng, moment, STATUSES, now, answers) for moment in moments if moment <= now]


def new_room(
    rng: random.Random, reg: datetime, statuses: tuple[str, ...], now: datetime, answers: Mapping[str, str]
) -> Room:
    """One room registered at ``reg``, its 36 values in agreement with each other."""
    status = rng.choice(statuses)
    top, top_name, parts = rng.choice(CATEGORIES)
    division, division_name = rng.choice(parts)
    customer = f"user{rng.randrange(400)}"
    name, nickname = rng.choice(COUNSELORS) if status not in ("-2", "-1", "4") else ("", "")
    shop = rng.random() < 0.4
    phone = rng.choice(("", "", "A", "I", "W"))
    room = dict.fromkeys(FIELDS, "")
    room |= {
        "id": "".join(rng.choices(LETTERS, k=30)),
        "title": rng.choice(TITLES),
        "counselor_name": name,
        "counselor_nickname": nickname,
        "customer_uuid": f"1000225570_{customer}",
        "users_id": customer if rng.random() < 0.7 else None,
        "category_id": top,
        "division_id": division,
        "cate_name1": top_name,
        "cate_name2": division_name,
        "etc_assign": rng.choice(("", "", "소분류")),
        "reg_date": reg.strftime(STAMP),
        "complate_date": end_date(rng, status, reg, now, answers),
        "out_api": rng.choice("0012"),
        "status": status,
        "order_number": str(rng.randrange(10**9, 10**10)) if shop else "",
        "product_number": str(rng.randrange(1000, 9999)) if shop else "",
        "parcel_number": str(rng.randrange(10**11, 10**12)) if shop else "",
        "parcel_companycode": rng.choice(PARCEL_CODES) if shop else _no_parcel(rng, answers["parcel-w"]),
        "app_ver": "1.2.3" if phone else "",
        "phone_os": phone,
        "phone_model": {"A": "SM-S921N", "I": "iPhone15,2"}.get(phone, ""),
        "phone_osver": "14" if phone in ("A", "I") else "",
        "phone_telecomm": rng.choice(("SKT", "KT", "")) if phone else "",
        "parameter1": rng.choice(("", "vip", "20")),
        "parameter2": rng.choice(("", "", "추천")),
        "last_message": LAST.get(status, rng.choice(("네, 확인해 보겠습니다.", "안녕하세요", "a/b <b>?"))),
    }
    return room


def _no_parcel(rng: random.Random, answer: str) -> str:
    if answer == "always":
        return "W"
    return rng.choice(("", "", "W")) if answer == "seen" else ""


def end_date(
    rng: random.Random, status: str, reg: datetime, now: datetime, answers: Mapping[str, str]
) -> str:
    """The end of a room: real when done, zero while open; for 3 and 4 the documentation is silent."""
    drawn = rng.random()
    if status in ("3", "4"):
        rule = answers["end-dates"]
        mixed = rule == "mixed" or (rule == "3-mixed" and status == "3")
        if rule == "zero" or (mixed and drawn < 0.5):
            return ZERO
    elif status != "2":
        return ZERO
    end = reg + timedelta(seconds=rng.choice((0, 45, 600, 3600, 40_000, 200_000)) + rng.randrange(900))
    if rng.random() < 0.4:  # a counsellor closes several rooms at once: ties
        end = (end + timedelta(minutes=10)).replace(minute=end.minute // 10 * 10, second=0)
    return max(reg, min(end, now)).strftime(STAMP)


#: One line a message: sender, status, inspection, types of its parts, link types of its buttons, comments.
MESSAGE_PLAN = (
    (0, "A", "APR", "ST", "", "null"),
    (1, "A", "APR", "ST", "WL", ""),
    (0, "T", "APR", "ED", "WL", "APR"),
    (0, "A", "APR", "S1 S2", "WL AL", "APR INQ"),
    (1, "T", "REJ", "S4", "", "REJ"),
    (0, "S", "REJ", "S3", "MD", "REJ"),
    (0, "A", "REQ", "S3", "BK", "INQ"),
    (0, "A", "REG", "S4", "MD", ""),
    (1, "A", "APR", "S5", "", "APR"),
    (0, "A", "REJ", "ED", "WL BK MD", "REJ INQ REJ"),
    (0, "A", "APR", "S5", "", ""),
    (0, "T", "REQ", "SB", "", ""),
    (0, "A", "APR", "BL", "", "APR"),
    (0, "A", "APR", "SB ST", "AL", "null APR"),
    (1, "A", "REG", "ER", "", ""),
    (0, "A", "APR", "ER", "AL MD", "APR"),
    (0, "S", "APR", "ST", "", ""),
    (0, "A", "REQ", "ST S5", "WL", ""),
    (0, "T", "REG", "S2", "", ""),
    (0, "A", "APR", "S2 BL", "BK", "INQ APR"),
    (1, "S", "APR", "ED", "", ""),
    (0, "A", "REG", "S1", "", ""),
)
NO_BUTTONS = ("S5", "BL", "SB")


def system_messages(senders: tuple[str, str]) -> dict[str, list[dict[str, Any]]]:
    """The messages of both senders, ids interleaved, by sender key."""
    found: dict[str, list[dict[str, Any]]] = {sender: [] for sender in senders}
    for n, (sender, status, inspected, types, links, comments) in enumerate(MESSAGE_PLAN):
        made = datetime(2019, 10, 31, 18, 26, 12) + timedelta(days=37 * n, seconds=41 * n)
        found[senders[sender]].append(
            {
                "id": 175 + n,
                "name": f"system-message-{n}",
                "status": status,
                "createdAt": made.strftime(STAMP),
                "modifiedAt": (made + timedelta(seconds=21 * (n % 4))).strftime(STAMP),
                "inspectStatus": inspected,
                "inspectRequestAt": _stamp(made, 16, happened=inspected != "REG"),
                "inspectedAt": _stamp(made, 16 + 90 * (n % 3), happened=inspected in ("APR", "REJ")),
                "messages": [_part(kind, links.split()) for kind in types.split()],
                "comments": [
                    {
                        "id": 2892 + 10 * n + at,
                        "content": None if kind == "null" else "확인했습니다.",
                        "userName": "검수자",
                        "createdAt": _stamp(made, 21 + at, happened=True),
                        "status": "APR" if kind == "null" else kind,
                    }
                    for at, kind in enumerate(comments.split())
                ],
            }
        )
    return found


def _stamp(made: datetime, seconds: int, *, happened: bool) -> str | None:
    return (made + timedelta(seconds=seconds)).strftime(STAMP) if happened else None


def _part(kind: str, links: list[str]) -> dict[str, Any]:
    usable = [] if kind in NO_BUTTONS else links
    return {
        "messageType": kind,
        "content": "1:1채팅을 요청하셨습니다.",
        "buttons": [
            {
                "ordering": at,
                "linkType": link,
                "linkName": f"버튼 {at}",
                "linkMobile": "https://m.example.com/a" if link == "WL" else None,
                "linkPc": "https://example.com/a" if link == "WL" else None,
                "linkIos": "example://a" if link == "AL" else None,
                "linkAndroid": "example://a" if link == "AL" else None,
            }
            for at, link in enumerate(usable, 1)
        ],
    }
