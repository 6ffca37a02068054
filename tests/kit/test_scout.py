"""Which days are read whole, and which day is asked about: small enough, with a month's end, today left out.

What is asked of accounts and APIs of many kinds, and what is found, is held by tests/golden/scouted.json;
`python -m tests.kit.test_scout` writes it anew where another search is meant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from happytalk_contract.core.clock import Clock
from happytalk_contract.core.control import Control
from happytalk_contract.core.model import Exchange, Request, Window
from happytalk_contract.engine.scout import Account, _choose, busiest, longer, ranged, read, scout
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.views import ZERO_DATE
from happytalk_contract.questions.meaning import parameters

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.fake_api import NOW, FakeApi, room

TODAY = date(2026, 11, 5)
GOLDEN: Final = Path(__file__).parents[1] / "golden" / "scouted.json"


def nov(first: int, last: int) -> Window:
    """Days of November; those before it are of October."""
    return tuple(date(2026, 10, 31) + timedelta(days=day) for day in (first, last))  # type: ignore[return-value]


def account(days: dict[int, int], **more: Any) -> Account:
    given = {date(2026, 11, day): rooms for day, rooms in days.items()}
    return Account(window=nov(1, 4), span=nov(-25, 5), rooms=(), has_today=True, days=given, **more)


@pytest.mark.parametrize(
    ("window", "rooms", "left", "chosen"),
    [
        (nov(-1, 5), 7, 300, nov(-1, 4)),  # all of it, but for today
        (nov(5, 5), 7, 300, nov(5, 5)),  # there is nothing but today
        (nov(-1, 4), 0, 300, nov(-1, 4)),
        (nov(-25, 5), 3100, 300, nov(0, 1)),  # busy days: the end of a month and the next
        (nov(-25, 5), 310, 10, nov(-1, 2)),  # few requests: a page
        (nov(1, 5), 500, 300, nov(3, 4)),  # no month ends in it
        (nov(2, 5), 188, 300, nov(2, 4)),
        (nov(2, 5), 192, 300, nov(3, 4)),
        (nov(-25, 5), 620, 40, nov(-1, 1)),
        (nov(-25, 5), 620, 300, nov(-3, 3)),
        (nov(-25, 5), 186, 10, nov(-3, 3)),  # never fewer than a page holds
        (nov(-95, 4), 20, 10, nov(-95, 4)),  # few rooms in many days
    ],
)
def test_days_are_chosen_that_can_be_read_whole(
    window: Window, rooms: int, left: int, chosen: Window
) -> None:
    view: Any = SimpleNamespace(total=rooms)
    assert _choose(view, window, TODAY, left) == chosen


@pytest.mark.parametrize(
    ("days", "best"),
    [
        ({1: 10, 2: 50, 3: 51}, 2),  # the busiest that one page holds
        ({1: 70, 2: 60, 3: 80}, 2),  # where none is: the quietest
        ({1: 9, 2: 9}, 1),
        ({5: 40}, None),  # out of the window
        ({}, None),
    ],
)
def test_the_day_to_ask_about(days: dict[int, int], best: int | None) -> None:
    assert account(days).best() == (best and date(2026, 11, best))


def test_rooms_are_counted_by_day_and_status() -> None:
    rooms = tuple(
        {"id": at, "reg_date": f"2026-11-0{day} 23:59:59", "status": status}
        for at, (day, status) in enumerate([(1, "2"), (1, "0"), (2, "2"), (3, "-1")])
    )
    known = Account(window=nov(1, 3), span=nov(1, 3), rooms=rooms, has_today=False)
    counts = [
        known.count(nov(1, 2)),
        known.count(nov(1, 2), 2),
        known.count(nov(3, 3), -1),
        known.count(nov(4, 9)),
    ]
    assert counts == [3, 2, 1, 0]
    reading: Any = SimpleNamespace(rooms={3: rooms[3], 9: {"id": 9, "reg_date": "2026-11-05 00:00:00"}})
    more = known.with_day(TODAY, reading)
    assert (len(more.rooms), more.days, more.count(nov(5, 5))) == (5, {TODAY: 2}, 1)


@pytest.mark.parametrize(
    ("days", "crossed"),
    [
        ({1: 10, 2: 10, 3: 10}, 2),  # most of its rooms ended later
        ({1: 10, 2: 51, 3: 10}, 1),  # rather one that a page holds
        ({1: 50, 2: 51, 3: 10}, 1),
        ({1: 60, 2: 70, 3: 80}, 2),  # where there is none, any
    ],
)
def test_the_day_whose_rooms_ended_on_another(days: dict[int, int], crossed: int) -> None:
    ends = {1: ["2026-11-02 00:00:01"], 2: ["2026-11-03 00:10:00", "2026-11-04 09:00:00"], 3: [ZERO_DATE]}
    rooms = tuple(
        {"id": f"{day}{end}", "reg_date": f"2026-11-0{day} 23:59:59", "complate_date": end, "status": "2"}
        for day, some in ends.items()
        for end in some
    )
    assert replace(account(days), rooms=rooms).crossed() == date(2026, 11, crossed)


def test_days_whose_rooms_all_ended_at_once_have_none_that_crosses() -> None:
    ended = {
        "id": "1",
        "reg_date": "2026-11-01 09:00:00",
        "complate_date": "2026-11-01 23:59:59",
        "status": "2",
    }
    assert replace(account({1: 1}), rooms=(ended,)).crossed() is None


def test_days_that_were_not_read_are_expected_to_be_like_the_others() -> None:
    rooms = tuple(
        {"id": str(at), "reg_date": f"2026-11-0{1 + at % 4} 09:00:00", "status": "2" if at < 12 else "0"}
        for at in range(16)
    )
    known = replace(account(dict.fromkeys((1, 2, 3, 4, 5), 4), total=310), rooms=rooms)
    assert [known.expected(known.span, status) for status in (99, 2, 0, 3)] == [310, 232, 77, 0]
    assert [known.expected(nov(-9, 0), status) for status in (99, 2)] == [100, 75]
    assert replace(known, rooms=rooms[:1], total=62, _counts={}).expected(known.span) == 62
    assert account({}).expected(nov(-25, 5)) == 0
    # What was read is known, a day without rooms too.
    assert [known.expected(nov(1, 2), 2), known.expected(nov(5, 5), 2)] == [6, 0]


def test_a_month_ends_where_the_next_begins_in_the_window() -> None:
    for window, ends in (
        (nov(-3, 4), [nov(0, 0)[0]]),
        (nov(0, 1), [nov(0, 0)[0]]),
        (nov(-3, 0), []),
        (nov(1, 4), []),
    ):
        assert Account(window=window, span=window, rooms=(), has_today=False).month_ends() == ends


def test_a_window_is_asked_for_by_both_ends() -> None:
    assert ranged(nov(0, 4)) == {"sdate": "2026-10-31", "edate": "2026-11-04"}


@pytest.mark.parametrize("back", [3, 40, 200, 900])
def test_rooms_are_found_however_old_they_are(back: int) -> None:
    stored = [room(at, datetime(2026, 11, 5, at) - timedelta(days=back), 0) for at in range(1, 9)]
    found = scout(desk(FakeApi(stored)))
    assert found is not None
    day = TODAY - timedelta(days=back)
    assert (found.days, found.has_today, len(found.rooms)) == ({day: 8}, False, 8)
    assert found.window[0] <= day <= found.window[1] < TODAY


def test_an_account_without_rooms_is_none() -> None:
    api = FakeApi([])
    assert scout(desk(api)) is None
    assert api.asked < 20


@pytest.mark.parametrize(("back", "is_found"), [(1, True), (7, True), (8, False)])
def test_where_ranges_show_nothing_the_last_days_are_asked_one_by_one(back: int, is_found: bool) -> None:
    def no_ranges(answer: dict[str, Any], params: Any) -> dict[str, Any]:
        empty = {**answer["data"], "total_count": 0, "chat_list": []}
        return {**answer, "data": empty} if "sdate" in params else answer

    asked = desk(FakeApi([room(1, datetime(2026, 11, 5) - timedelta(days=back), 0)], change=no_ranges))
    scout(asked)
    days = [one for one in asked.recording if one.request.why == "what one day holds"]
    assert len(days) == min(back, 7)
    assert bool(asked.evidence.distinct_rooms) is is_found


@pytest.mark.parametrize(("counted", "pages"), [(50, 1), (51, 2), (600, 12), (601, 1)])
def test_no_more_is_read_whole_than_can_be(counted: int, pages: int) -> None:
    """A list of half as many pages more as are usual is begun, but a longer one is not."""
    api = FakeApi(
        change=lambda answer, _params: {**answer, "data": {**answer["data"], "total_count": counted}}
    )
    read(desk(api), nov(1, 4))
    assert api.asked == pages


# --- the whole search ----------------------------------------------------------------------------------------

Answer = dict[str, Any]
Days = dict[int, int]
#: Another answer to a question of so many days, asked as the so manieth.
Changed = Callable[[Answer, int, int, dict[str, Any]], Answer]

OVER: Final = {"result": "fail", "code": -504, "message": "period"}
BROKEN: Final = {"result": "fail", "code": -500, "message": "later"}
EVERY_DAY: Final = dict.fromkeys(range(70), 4)


def empty(answer: Answer) -> Answer:
    return {**answer, "data": {**answer["data"], "total_count": 0, "chat_list": []}}


def unlisted(answer: Answer, _length: int, _number: int, _params: dict[str, Any]) -> Answer:
    return {**answer, "data": {**answer["data"], "chat_list": []}}


def longest(most: int, refused: Answer = OVER) -> Changed:
    return lambda answer, length, _number, _params: refused if length > most else answer


def without_ranges(answer: Answer, length: int, _number: int, _params: dict[str, Any]) -> Answer:
    return empty(answer) if length > 1 else answer


def broken(*numbers: int) -> Changed:
    return lambda answer, _length, number, _params: BROKEN if number in numbers else answer


def without(name: str, most: int = 31) -> Changed:
    """Refuses a parameter with longer ranges."""
    return lambda answer, length, _number, params: BROKEN if name in params and length >= most else answer


def both(*changed: Changed) -> Changed:
    def change(answer: Answer, length: int, number: int, params: dict[str, Any]) -> Answer:
        for one in changed:
            answer = one(answer, length, number, params)
        return answer

    return change


def counting(made: Callable[[int], Any], most: int = 9999) -> Changed:
    """Counts otherwise, in lists of as many days at most."""

    def change(answer: Answer, length: int, _number: int, _params: dict[str, Any]) -> Answer:
        if answer["result"] == "fail" or length > most:
            return answer
        counted = made(answer["data"]["total_count"])
        return {**answer, "data": {**answer["data"], "total_count": counted}}

    return change


#: Rooms by days back, what the API makes of its answers, requests.
ACCOUNTS: Final[dict[str, tuple[Days, Changed, int]]] = {
    "rooms every day": (EVERY_DAY, longest(9999), 300),
    "rooms every day, few requests": (EVERY_DAY, longest(9999), 30),
    "many rooms": (dict.fromkeys(range(1, 31), 20), longest(9999), 300),
    "many rooms, fifty requests": (dict.fromkeys(range(31), 20), longest(9999), 52),
    "busy days": ({**EVERY_DAY, 12: 41, 20: 45, 25: 39}, longest(31), 300),
    "a busy day among those read": ({1: 3, 2: 44, 9: 50}, longest(31), 300),
    "a busy day of forty": ({1: 3, 2: 40, 20: 39}, longest(31), 300),
    "today is busiest": ({0: 60, 1: 2, 20: 50, 28: 48}, longest(9999), 300),
    "a day of very many": ({1: 650, 3: 2}, longest(31), 300),
    "a day of many": ({1: 580, 3: 2}, longest(31), 300),
    "today alone": ({0: 5}, longest(9999), 300),
    "a week at most": (EVERY_DAY, longest(7), 300),
    "a day at most": (EVERY_DAY, longest(1), 300),
    "a day at most, none today": ({3: 4}, longest(1), 100),
    "nothing is answered": (EVERY_DAY, broken(*range(99)), 300),
    "ranges are broken": (EVERY_DAY, longest(1, BROKEN), 300),
    "ranges are broken at first": (EVERY_DAY, broken(2), 300),
    "ranges are broken twice": (EVERY_DAY, broken(2, 3), 300),
    "today is broken at first": (EVERY_DAY, broken(1), 300),
    "today is broken": (EVERY_DAY, broken(1, 2), 300),
    "another failure of the same code": (EVERY_DAY, longest(7, {**OVER, "result": "success"}), 300),
    "no limit with a range": (EVERY_DAY, without("limit"), 300),
    "no range holds a room, but today does": (EVERY_DAY, without_ranges, 300),
    "no range holds a room": ({3: 4}, without_ranges, 300),
    "no range holds a room, a day at most": ({7: 4}, both(without_ranges, longest(1)), 300),
    "no range holds a room, and all is old": ({8: 4}, without_ranges, 300),
    "a month ago": ({33: 3, 34: 2}, longest(9999), 300),
    "before a month ago": ({37: 3}, longest(31), 60),
    "old": ({300: 3, 329: 2, 330: 2, 331: 4}, longest(9999), 300),
    "old, at the end of a year": ({350: 3, 366: 2, 367: 1}, longest(9999), 300),
    "very old": ({900: 3, 931: 1}, longest(9999), 300),
    "very old, counted in part": ({900: 3}, counting(lambda rooms: None, 999), 300),
    "old, counted and not listed": ({300: 3}, unlisted, 300),
    "older than all": ({5000: 3}, longest(9999), 300),
    "old, a month at most": ({100: 3}, longest(31), 61),
    "old, a month at most, and few requests": ({100: 3}, longest(31), 20),
    "old, a week at most": ({40: 3, 41: 2}, longest(7), 60),
    "none, a year at most": ({}, longest(366), 40),
    "none, a month at most": ({}, longest(31), 900),
    "the second page is broken": (dict.fromkeys(range(1, 31), 20), broken(4), 300),
    "pages are broken until days are few": (dict.fromkeys(range(1, 31), 20), broken(4, 6, 8), 300),
    "pages are broken": (dict.fromkeys(range(1, 31), 20), broken(4, 6, 8, 9, 10, 11, 12, 13), 300),
    "pages are broken, though days are many": (dict.fromkeys(range(1, 31), 2), broken(*range(4, 99)), 300),
    "one page is counted": (EVERY_DAY, counting(lambda rooms: min(rooms, 50)), 300),
    "days are counted twice": ({1: 30, 2: 30}, counting(lambda rooms: 2 * rooms, 20), 300),
}


def changing(changed: Changed, api: FakeApi) -> Callable[[Answer, Any], Answer]:
    """What an API's answers are changed by."""

    def change(answer: Answer, params: Any) -> Answer:
        ends = [date.fromisoformat(params[end]) for end in ("edate", "sdate") if end in params]
        return changed(answer, (ends[0] - ends[1]).days + 1 if ends else 1, api.asked, params)

    return change


def scouted(name: str) -> list[str]:
    """What is asked, in short, and what is found."""
    days, changed, left = ACCOUNTS[name]
    stored = [
        room(100 * back + at, datetime(2026, 11, 5, at % 24) - timedelta(days=back), 2)
        for back, rooms in days.items()
        for at in range(rooms)
    ]

    asked = desk(api := FakeApi(stored), left)
    api.change = changing(changed, api)
    steps: list[Callable[[Account], Account | None]] = [
        lambda found: busiest(asked, found),
        lambda found: longer(asked, found) or found,
    ]
    told = [*_told(asked, found := scout(asked))]
    for step in steps if found else ():
        before = len(asked.recording)
        found = found and step(found)
        told += _told(asked, found, before)
    return told if len(told) < 40 else [*told[:20], f"and {len(told) - 30} more", *told[-10:]]


def _told(asked: Desk, found: Account | None, before: int = 0) -> Iterator[str]:
    for one in asked.recording[before:]:
        yield f"{one.request.why}: {' '.join(map(str, parameters(one.request).values()))}"
    if found is None:
        yield "-> nothing"
        return
    window, span = (f"{days[0]}..{days[1]}" for days in (found.window, found.span))
    days = " ".join(f"{day:%m-%d}:{rooms}" for day, rooms in found.days.items())
    yield f"-> {window} in {span} of {found.total}: {days}, {len(found.rooms)} rooms, {found.has_today} {found.busy}"


def test_what_is_asked_and_found_of_any_account_stays_what_it_is() -> None:
    assert {name: scouted(name) for name in ACCOUNTS} == json.loads(GOLDEN.read_text("utf-8"))


def desk(api: FakeApi, left: int = 200) -> Desk:
    control = Control(max_requests=left)

    def send(request: Request) -> Exchange:
        control.sent += 1
        return api(request)

    return Desk(send=send, control=control, clock=Clock(lambda: NOW), seed=1, client=False)


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps({name: scouted(name) for name in ACCOUNTS}, indent=1) + "\n", "utf-8")
