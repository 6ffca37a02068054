"""A patient reader of the documentation: asks the API for everything, and says which statement does not hold.

It knows nothing of faults, of legal behaviours or of the data, and its requests are not counted. It is here to
show that the examination is fair: every fault can be seen from outside, and no legal behaviour looks like one.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from .wire import Reply, Request

FIELDS = (
    *("id", "title", "counselor_name", "counselor_nickname", "customer_uuid", "users_id", "category_id"),
    *(
        "division_id",
        "cate_name1",
        "cate_name2",
        "etc_assign",
        "reg_date",
        "complate_date",
        "out_api",
        "status",
    ),
    *("order_number", "product_number", "parcel_number", "parcel_companycode", "app_ver", "phone_os"),
    *("phone_model", "phone_osver", "phone_telecomm", "app_hash", *(f"parameter{n}" for n in range(1, 11))),
    "last_message",
)
CODES = {
    "out_api": {"0", "1", "2"},
    "status": {"-2", "-1", "0", "1", "2", "3", "4"},
    "phone_os": {"A", "I", "W", ""},
    "parcel_companycode": {
        "",
        "W",
        "99",
        "1",
        "4",
        "5",
        "6",
        "8",
        "11",
        "12",
        "13",
        "18",
        "21",
        "22",
        "23",
        "24",
    }
    | {"25", "42", "45", "53"},
}
ZERO = "0000-00-00 00:00:00"
TIME = re.compile(r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
OPEN = {"-2", "-1", "0", "1"}
Problem = tuple[str, str]
Rooms = dict[str, dict[str, Any]]


def is_time(value: Any) -> bool:
    """Whether it is a moment written Y-m-d H:i:s."""
    if not (isinstance(value, str) and TIME.fullmatch(value)):
        return False
    try:
        datetime.strptime(value, "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return False
    return True


def document_of(reply: Reply) -> Any:
    """The JSON of an answer. Raises ValueError, saying what is wrong with it."""
    if reply.status >= 500:
        raise ValueError(f"HTTP {reply.status}")
    if "json" not in reply.headers.get("Content-Type", "").lower():
        raise ValueError(f"content type {reply.headers.get('Content-Type')}")
    body = gzip.decompress(reply.body) if reply.headers.get("Content-Encoding") == "gzip" else reply.body
    return json.loads(body.decode("utf-8"))  # strict: UTF-8 without a byte order mark


def whole(value: Any) -> int | None:
    """The whole number that a number or a text tells, None when it tells none."""
    if isinstance(value, bool) or not isinstance(value, int | str) or not re.fullmatch(r"-?\d+", str(value)):
        return None
    return int(value)


def room_problems(room: Any) -> Iterator[Problem]:
    """What is wrong with one room."""
    if not isinstance(room, dict):
        yield "rooms-9", "a room is no object"
        return
    for name in FIELDS:
        value = room.get(name, 0)
        if not isinstance(value, str) and not (name == "users_id" and value is None and name in room):
            yield "rooms-9", f"{name}: {value!r}"
    for name, codes in CODES.items():
        if isinstance(room.get(name), str) and room[name] not in codes:
            yield "rooms-10", f"{name}: {room[name]}"
    reg, end, status = room.get("reg_date"), room.get("complate_date"), room.get("status")
    if not is_time(reg):
        yield "rooms-9", f"reg_date: {reg!r}"
    if end != ZERO and not is_time(end):
        yield "rooms-9", f"complate_date: {end!r}"
    elif (status == "2" and end == ZERO) or (status in OPEN and end != ZERO):
        yield "rooms-9", f"status {status} with complate_date {end}"
    elif end != ZERO and str(end) < str(reg):
        yield "rooms-9", "ended before registered"


class RoomJudge:
    """Judges the chat room list; ``problems()`` is lazy, so that a caller may stop at the first."""

    def __init__(self, handle: Callable[[Request], Reply], token: str, today: date, span: int = 62) -> None:
        self._handle, self._token = handle, token
        self._days = [(today - timedelta(days=ago)).isoformat() for ago in range(span, -1, -1)]
        self._headers: dict[str, str] = {"content-type": "application/json", "accept-encoding": "gzip"}
        self._kinds: dict[str, type] = {}
        self._seen: list[Problem] = []
        self._checked: set[str] = set()
        self._refused: int | None = None  # the code of the last failure

    def with_headers(self, **headers: str) -> "RoomJudge":
        """Send these headers too."""
        self._headers |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self

    def problems(self) -> Iterator[Problem]:
        """Everything that does not hold, statement first."""
        for part in (self._first, self._access, self._base, self._defaults, self._priority, self._lists):
            for problem in part():
                yield from self._drain()
                yield problem
            yield from self._drain()

    def _drain(self) -> Iterator[Problem]:
        seen, self._seen = self._seen, []
        yield from seen

    def _send(self, body: bytes, content_type: str = "application/json") -> Any:
        headers = {**self._headers, "content-type": content_type}
        path = "/user/api/chat_room_lists/format/json"
        try:
            return document_of(self._handle(Request(method="POST", path=path, headers=headers, body=body)))
        except ValueError as error:
            self._seen.append(("rooms-11", str(error)[:80]))
            return None

    def ask(self, **body: Any) -> dict[str, Any] | None:
        """The data of a success after judging it alone; None for a failure in the documented shape."""
        document = self._send(json.dumps({"token": self._token, **body}).encode())
        if document is None:
            return None
        if not isinstance(document, dict):
            self._seen.append(("rooms-8", "no object"))
            return None
        if document.get("result") == "fail":
            if not isinstance(document.get("code"), int) or not isinstance(document.get("message"), str):
                self._seen.append(("rooms-8", "shape of a failure"))
            self._refused = document.get("code")
            return None
        data = document.get("data")
        if document.get("result") != "success" or not isinstance(data, dict):
            self._seen.append(("rooms-8", "envelope"))
            return None
        return self._judged(data, body)

    def _judged(self, data: dict[str, Any], body: dict[str, Any]) -> dict[str, Any] | None:
        told = {name: whole(data.get(name)) for name in ("page", "limit", "total_count")}
        rooms = data.get("chat_list")
        if None in told.values() or min(told.values()) < 0 or not isinstance(rooms, list):
            self._seen.append(("rooms-8", f"data: {told}"))
            return None
        for name in told:
            if self._kinds.setdefault(name, type(data[name])) is not type(data[name]):
                self._seen.append(("rooms-12", f"{name} changes its type"))
        page, limit = body.get("page", 1), body.get("limit", 10)
        if type(page) is int and page > 0 and told["page"] != page:
            self._seen.append(("rooms-8", f"page {page} told as {told['page']}"))
        if type(limit) is int and 0 < limit <= 50 and told["limit"] != limit:
            self._seen.append(("rooms-8", f"limit {limit} told as {told['limit']}"))
        if len(rooms) > min(50, limit if type(limit) is int and limit > 0 else 50):
            self._seen.append(("rooms-6", f"{len(rooms)} rooms on a page of {limit}"))
        for room in rooms:
            self._judge_room(room)
        if self._seen:
            return None
        return {**told, "rooms": rooms}

    def _judge_room(self, room: Any) -> None:
        print_of = repr(room)
        if print_of not in self._checked:
            self._checked.add(print_of)
            self._seen += room_problems(room)

    def pages(self, **body: Any) -> list[dict[str, Any]] | None:
        """The whole list, page after page and one more; None when the API refuses the question."""
        limit, found, total, page = body.get("limit", 10), [], None, 1
        while total is None or (page - 1) * limit < total:
            data = self.ask(**body, page=page)
            if data is None:
                if not self._seen and self._refused != -504:
                    self._seen.append(("rooms-8", f"refused: {body}"))
                return None
            if total is None:
                total = data["total_count"]
            if data["total_count"] != total:
                self._seen.append(("rooms-8", "total_count differs between pages"))
                return None
            if len(data["rooms"]) != max(0, min(limit, total - (page - 1) * limit)):
                self._seen.append(("rooms-6", f"{len(data['rooms'])} rooms on page {page}, {total} in all"))
                return None
            found += data["rooms"]
            page += 1
        after = self.ask(**body, page=page)
        if after and (after["rooms"] or after["total_count"] != total):
            self._seen.append(("rooms-6", "past the end"))
        return found

    def _same(self, expected: Rooms, statement: str, **body: Any) -> Iterator[Problem]:
        """Problems of a list that should hold just these rooms."""
        found = self.pages(**body)
        if found is None:
            return
        ids = [room["id"] for room in found]
        if len(set(ids)) < len(ids):
            yield "rooms-6", f"a room twice: {body}"
        elif {room["id"]: room for room in found} != expected:
            yield statement, f"{len(found)} rooms for {len(expected)}: {body}"
        yield from self._order(found, body)

    def _order(self, found: list[dict[str, Any]], body: dict[str, Any]) -> Iterator[Problem]:
        key, down = body.get("sort_key") or "reg_date", body.get("sort_value", "desc") == "desc"
        zero = [room[key] == ZERO for room in found]
        keys = [room[key] for room in found if room[key] != ZERO]
        if keys != sorted(keys, reverse=down):
            yield "rooms-5", f"order: {body}"
        if zero != sorted(zero) and (down or zero != sorted(zero, reverse=True)):
            yield "rooms-5", f"zero dates in between: {body}"

    def _first(self) -> Iterator[Problem]:
        for _ in range(6):
            self.ask()
            self.ask(limit=50)
        once = [self.ask(ndate=day, limit=50) for day in self._days[::-7]]
        for _ in range(3):
            again = [self.ask(ndate=day, limit=50) for day in self._days[::-7]]
            if again != once:
                yield "rooms-12", "another answer to the same question"

    def _base(self) -> Iterator[Problem]:
        """Every day by ndate gives what all other lists are held to."""
        self.by_day: dict[str, Rooms] = {}
        for day in self._days:
            found = self.pages(ndate=day, limit=50) or []
            self.by_day[day] = {room["id"]: room for room in found}
            if len(self.by_day[day]) < len(found):
                yield "rooms-6", f"a room twice on {day}"
            if any(room["reg_date"][:10] != day for room in found):
                yield "rooms-3", f"other days on {day}"
            yield from self._order(found, {})
        count = sum(map(len, self.by_day.values()))
        if len({id_ for rooms in self.by_day.values() for id_ in rooms}) < count:
            yield "rooms-12", "a room on two days"
        self._full = sorted(self.by_day, key=lambda day: -len(self.by_day[day]))[:3]

    def _union(self, first: str, last: str, status: int = 99) -> Rooms:
        return {
            id_: room
            for day, rooms in self.by_day.items()
            if first <= day <= last
            for id_, room in rooms.items()
            if status == 99 or room["status"] == str(status)
        }

    def _spans(self) -> list[tuple[str, str]]:
        days, now = self._days, len(self._days) - 1
        far = [(days[0], days[-1]), (days[20], days[-2])]
        ends = [day for day in days if (date.fromisoformat(day) + timedelta(days=1)).day == 1]
        month_ends = [
            (max(days[0], (date.fromisoformat(day) - timedelta(days=4)).isoformat()), day) for day in ends
        ]
        over = [
            (day, min(days[-1], (date.fromisoformat(day) + timedelta(days=3)).isoformat())) for day in ends
        ]
        short = [
            (days[at], days[min(now, at + n)])
            for at, n in ((now - 1, 1), (now - 3, 1), (now - 12, 2), (now - 9, 6))
        ]
        return [*far, *month_ends, *over, *short]

    def _lists(self) -> Iterator[Problem]:
        sorts = [(key, way) for key in ("reg_date", "complate_date") for way in ("desc", "asc")]
        for first, last in [*self._spans(), *((day, day) for day in self._full)]:
            span = {"sdate": first, "edate": last}
            yield from self._same(self._union(first, last), "rooms-3", **span, limit=50)
            for key, way in sorts:
                body = {**span, "sort_key": key, "sort_value": way, "limit": 50}
                yield from self._same(self._union(first, last), "rooms-6", **body)
                for status in (-2, -1, 0, 1, 2, 3):
                    yield from self._same(self._union(first, last, status), "rooms-4", **body, status=status)
            yield from self._bot_ended(span)
        for day in self._days:
            yield from self._same(self.by_day[day], "rooms-3", sdate=day, edate=day, limit=50)
            for status in (2, 3, 0):
                expected = self._union(day, day, status)
                yield from self._same(
                    expected, "rooms-4", ndate=day, status=status, sort_value="asc", limit=50
                )
        for day in self._full:
            for limit in (1, 7, 10, 49):
                for status in (99, 2):
                    for key, way in sorts:
                        body = {
                            "ndate": day,
                            "sort_key": key,
                            "sort_value": way,
                            "limit": limit,
                            "status": status,
                        }
                        yield from self._same(self._union(day, day, status), "rooms-6", **body)
        first, last = self._days[len(self._days) - 20], self._days[-1]
        yield from self._same(self._union(first, last), "rooms-6", sdate=first, edate=last, limit=10)
        yield from self._same(
            self._union(first, last, 2), "rooms-6", sdate=first, edate=last, limit=10, status=2
        )
        for limit in (51, 60, 100, 10**6):
            self.ask(sdate=self._days[0], edate=self._days[-1], limit=limit)

    def _bot_ended(self, span: dict[str, str]) -> Iterator[Problem]:
        """99 leaves none out: what status 4 shows must be among all."""
        shown = self.ask(**span, status=4, limit=50)
        everything = self._union(span["sdate"], span["edate"])
        for room in shown["rooms"] if shown else ():
            if room["id"] not in everything:
                yield "rooms-4", "a room that 99 leaves out"

    def _priority(self) -> Iterator[Problem]:
        today, now = self._days[-1], len(self._days) - 1
        sorts: list[dict[str, Any]] = [
            {},
            {"sort_key": "complate_date"},
            {"sort_key": "complate_date", "sort_value": "asc"},
        ]
        for first, last in [(self._days[now - 12], self._days[now - 10]), (self._full[0], self._full[0])]:
            for ndate in (first, self._days[now - 11], self._days[now - 2], self._days[now - 30], today):
                for more in sorts:
                    for status in (99, 2, 3):
                        body = {
                            "sdate": first,
                            "edate": last,
                            "ndate": ndate,
                            "status": status,
                            "limit": 50,
                            **more,
                        }
                        yield from self._same(self._union(first, last, status), "rooms-2", **body)
        nothing = [
            {"ndate": None},
            {"sdate": None, "edate": None},
            {"ndate": None, "sdate": None, "edate": None},
        ]
        for dates in ({}, *nothing, {"ndate": today}, {"sdate": today, "edate": today}):
            for more in (*sorts, {"sort_value": "asc"}):
                for status in (99, 0, 2):
                    body = {**dates, "limit": 50, "status": status, **more}
                    yield from self._same(self._union(today, today, status), "rooms-2", **body)

    def _defaults(self) -> Iterator[Problem]:
        written = {"status": 99, "sort_key": "reg_date", "sort_value": "desc", "limit": 10, "page": 1}
        span = {"sdate": self._days[0], "edate": self._days[-1]}
        short = {"sdate": self._days[-3], "edate": self._days[-2]}
        contexts: list[dict[str, Any]] = [
            {},
            {"status": 2},
            {"sort_key": "complate_date"},
            {"sort_value": "asc"},
        ]
        contexts += [{"limit": 50}, {"limit": 3, "page": 2}, {"status": 2, "sort_key": "complate_date"}]
        for dates in ({}, {"ndate": self._full[0]}, span, short):
            for context in contexts:
                full = self.ask(**dates, **{**written, **context})
                for name in written:
                    if name not in context:
                        body = {**written, **context}
                        del body[name]
                        if self.ask(**dates, **body) != full:
                            yield "rooms-7", f"{name} omitted: {dates} {context}"
                if self.ask(**dates, **context) != full:
                    yield "rooms-7", f"all omitted: {dates} {context}"

    def _access(self) -> Iterator[Problem]:
        documented = {"result": "fail", "code": -501, "message": "token"}
        bodies: list[dict[str, Any]] = [
            {},
            *({"token": token} for token in ("nobody", "", None, self._token + "x")),
        ]
        for body in bodies:
            for more in ({}, {"ndate": self._days[-2]}, {"status": 2, "page": 2}):
                document = self._send(json.dumps({**body, **more}).encode())
                if not isinstance(document, dict) or {k: document.get(k) for k in documented} != documented:
                    yield "rooms-1", f"token refused as {document!r:.80}"
                elif type(document["code"]) is not int:
                    yield "rooms-1", "type of the code"
        for token in (7, [], {}, True):
            self._send(json.dumps({"token": token}).encode())
        for text in (b"", b"{", b"[]", b"null", b'"x"', b"7", b"\xff\xfe", b"[" * 3000):
            self._send(text)
        self._send(f"token={self._token}".encode(), "application/x-www-form-urlencoded")
        for name in (
            "page",
            "limit",
            "status",
            "ndate",
            "sdate",
            "edate",
            "sort_key",
            "sort_value",
            "colour",
        ):
            for value in (
                0,
                -1,
                7,
                10**9,
                10**30,
                "abc",
                "",
                "10",
                True,
                [],
                {},
                1.5,
                None,
                "2026-02-30",
                "2026/02/03",
            ):
                self.ask(**{name: value})
        self.ask(sdate=self._days[-1], edate=self._days[-4])
        self.ask(sdate=self._days[-4])
        self.ask(edate=self._days[-4])
        yield from ()
