"""Which days are read whole, and which day is asked about: small enough, with a month's end, today left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from fake_api import NOW, FakeApi, room

from happytalk_contract.core.clock import Clock
from happytalk_contract.core.control import Control
from happytalk_contract.core.model import Window
from happytalk_contract.engine.scout import Account, _choose, ranged, read, scout
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.views import ZERO_DATE

TODAY = date(2026, 11, 5)


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


def desk(api: FakeApi) -> Desk:
    return Desk(send=api, control=Control(max_requests=200), clock=Clock(lambda: NOW), seed=1, client=False)
