"""How an account's rooms are read for a twin: of accounts and APIs of many kinds, what is asked and what is kept.

`python -m tests.kit.test_twin_crawl` writes tests/golden/crawled.json anew where another reading is meant.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from happytalk_contract.questions.meaning import parameters
from happytalk_contract.twin.crawl import Crawler

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.fake_api import FakeApi, room
from tests.kit.test_plans import digest
from tests.kit.test_scout import EVERY_DAY, OVER, Changed, Days, broken, changing, counting, desk, longest

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "crawled.json"


def moving(*numbers: int) -> Changed:
    """A room more is there at some requests."""

    def change(answer: dict[str, Any], _length: int, number: int, params: dict[str, Any]) -> dict[str, Any]:
        if number not in numbers or answer["result"] == "fail" or params.get("page", 1) > 1:
            return answer
        new = room(9999, datetime(2026, 11, 3, 23), 0)
        data = answer["data"]
        listed = [new, *data["chat_list"]][: data["limit"]]
        return {**answer, "data": {**data, "total_count": data["total_count"] + 1, "chat_list": listed}}

    return change


#: Rooms by days back, what the API makes of its answers, requests, days to read.
ACCOUNTS: Final[dict[str, tuple[Days, Changed, int, int]]] = {
    "rooms every day": (EVERY_DAY, longest(9999), 60, 30),
    "a week of rooms": (dict.fromkeys(range(9), 12), longest(9999), 36, 7),
    "a week at most": (dict.fromkeys(range(20), 3), longest(7), 36, 20),
    "twelve days at most": ({0: 3, 4: 2, 18: 2}, longest(12), 36, 20),
    "a day at most": ({0: 3, 2: 7}, longest(1), 36, 6),
    "ranges are broken": ({0: 3, 2: 7}, longest(1, {**OVER, "code": -500}), 36, 4),
    "as many requests as it takes": (dict.fromkeys(range(30), 20), longest(9999), 196, 30),
    "one request fewer": (dict.fromkeys(range(30), 20), longest(9999), 195, 30),
    "old": ({200: 3, 205: 2}, longest(9999), 36, 10),
    "nothing": ({}, longest(9999), 36, 10),
    "older than may be asked": ({200: 3}, longest(31), 36, 10),
    "moves once": ({0: 3, 2: 7}, moving(4), 36, 6),
    "moves while it is read": ({0: 60, 2: 7}, moving(3, 5, 7), 36, 6),
    "never stands still": ({0: 60, 2: 7}, moving(*range(3, 90, 2)), 36, 6),
    "moves at the end": ({0: 3, 2: 7}, moving(*range(9, 40)), 36, 6),
    "a full page is the last": ({0: 25, 1: 25}, longest(9999), 36, 5),
    "a page more than is counted": ({0: 55}, counting(lambda rooms: min(rooms, 50)), 36, 5),
    "the second page is broken": ({0: 55}, broken(4), 36, 5),
}
#: Rooms of one second, one in how many, by registration and by completion.
TIES: Final = {"none": (0, 0), "by both": (3, 4), "by registration": (2, 0), "by completion": (0, 5)}


def crawled(name: str, ties: str) -> list[str]:
    """What is asked, in short, and what is kept."""
    days, changed, left, most = ACCOUNTS[name]
    begun, ended = TIES[ties]
    stored = []
    for back, rooms in days.items():
        day = datetime(2026, 11, 5) - timedelta(days=back)
        for at in range(rooms):
            begins = day + timedelta(seconds=60 * (at - (begun > 0 and at % begun == 1)))
            ends = day + timedelta(hours=9, seconds=at if not ended or at % ended else 0)
            stored.append(room(100 * back + at, begins, (2, 3, 0)[at % 3], ends if at % 3 < 2 else None))
    asked = desk(api := FakeApi(stored), left)
    api.change = changing(changed, api)
    crawler = Crawler(asked, most)
    found = crawler.crawl()
    told = [f"{found.longest} days, {found.requests} requests, {len(found.ties.rooms)} rooms, {found.notes}"]
    told += [
        f"{kind}: {sorted(shown)}"
        for kind, shown in (("turn", found.ties.directions), ("tie", found.ties.orders))
    ]
    crawler.find_period(found)
    crawler.read_filtered(found)
    told += [crawler.read_limited(found, (30, 10)), f"{asked.control.sent} requests"]
    crawler.refresh(found)
    told += [f"{beside}: {sorted(kept.orders)} {kept.pairs}" for beside, kept in found.beside.items()]
    told.append(
        f"{found.window[0]} {found.window[1]}, {len(found.ties.rooms)} rooms; moved {sorted(map(str, found.moved))}"
    )
    requests = [
        f"{one.request.why}: {' '.join(map(str, parameters(one.request).values()))}"
        for one in asked.recording
    ]
    return [*told, *(requests if len(requests) < 40 else [*requests[:25], digest(requests), *requests[-15:]])]


CASES: Final = [(name, list(TIES)[at % 4]) for at, name in enumerate(ACCOUNTS)]
CASES += [
    ("rooms every day", "by both"),
    ("a week of rooms", "by both"),
    ("a week of rooms", "by registration"),
]


def test_what_is_read_of_any_account_stays_what_it_is() -> None:
    assert golden() == json.loads(GOLDEN.read_text("utf-8"))


def golden() -> dict[str, list[str]]:
    """What is read in each case."""
    return {f"{name}, ties {ties}": crawled(name, ties) for name, ties in CASES}


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), indent=1) + "\n", "utf-8")
