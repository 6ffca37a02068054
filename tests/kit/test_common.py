"""What rooms that a list leaves out have in common, and how rooms of other days came into it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from happytalk_contract.evidence.common import common, off

DAY = date(2022, 5, 26)


def room(
    registered: str, completed: str = "0000-00-00 00:00:00", status: str = "1", out_api: str = "0"
) -> dict[str, str]:
    return {"reg_date": registered, "complate_date": completed, "status": status, "out_api": out_api}


MORNING, NOON, EVENING = ("2022-05-26 08:00:00", "2022-05-26 12:00:00", "2022-05-26 20:00:00")
NEXT = "2022-05-27 01:00:00"


@pytest.mark.parametrize(
    ("some", "others", "told"),
    [
        (
            [room(EVENING)],
            [room(MORNING), room(NOON)],
            f"registered after all others, the last of which at {NOON}",
        ),
        ([room(MORNING)], [room(NOON)], f"registered before all others, the first of which at {NOON}"),
        (
            [room(NOON, status="3"), room(MORNING, status="3")],
            [room(MORNING), room(EVENING)],
            "all of them of status 3, none of the others",
        ),
        (
            [room(NOON, NEXT, "2"), room(MORNING, NEXT, "2")],
            [room(MORNING, NOON, "2"), room(EVENING, EVENING, "2")],
            "all of them completed on a later day, none of the others",
        ),
        (
            [room(NOON, out_api="2"), room(MORNING, out_api="2")],
            [room(MORNING), room(EVENING)],
            'all of them with out_api "2", none of the others',
        ),
        (
            [room(NOON, status="3"), room(MORNING, status="4")],
            [room(MORNING), room(EVENING, status="0")],
            "all of them of status 3 or 4, the others of status 0 or 1",
        ),
        ([room(NOON, status="3"), room(MORNING, status="4")], [room(MORNING), room(EVENING)], ""),
        ([room(NOON), room(MORNING)], [room(MORNING), room(EVENING)], ""),
        (
            [room(NOON)],
            [room(MORNING), room(EVENING, status="3")],
            "",
        ),  # one room always has something of its own
        ([], [room(NOON)], ""),
        ([room(NOON)], [], ""),
    ],
)
def test_what_rooms_have_in_common(
    some: list[dict[str, str]], others: list[dict[str, str]], told: str
) -> None:
    assert common(some, others) == told


NOW = datetime(2022, 5, 26, 12, 30)
AROUND = "all of the month of the day that was asked for, from {} days before it to {} after it"


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (
            ("2022-05-25 15:00:00", "2022-05-26 14:59:59"),
            "less than nine hours before them, as UTC tells times",
        ),
        (("2022-05-25 14:59:59", "2022-05-26 14:59:59"), "from 1 day before the day that was asked for on"),
        (("2022-05-26 09:00:00", "2022-05-27 08:59:59"), "less than nine hours after them, as UTC has days"),
        (("2022-05-26 08:59:59", "2022-05-27 08:59:59"), "up to 1 day after the day that was asked for"),
        (("2022-05-25 12:30:00", "2022-05-26 12:30:00"), "those of the last 24 hours"),
        (("2022-05-25 12:29:59", "2022-05-26 12:30:00"), "from 1 day before the day that was asked for on"),
        (("2022-05-25 00:00:00", "2022-05-25 23:59:59"), "those of the day before"),
        (("2022-05-27 00:00:00", "2022-05-27 23:59:59"), "those of the day after"),
        (("2022-05-20 00:00:00", "2022-05-26 23:59:59"), "from 6 days before the day that was asked for on"),
        (("2022-05-01 00:00:00", "2022-05-31 23:59:59"), AROUND.format(25, 5)),
        (("2022-05-26 12:30:00", "2022-06-02 12:30:00"), "up to 7 days after the day that was asked for"),
        (("2022-05-20 12:30:00", "2022-06-02 12:30:01"), ""),
        (("2022-05-25 00:00:00", "2022-05-27 00:00:00"), "all of these were registered at 00:00:00"),
        (("2022-05-26 00:00:00", "2022-05-26 12:00:00"), "those of today"),
        (("26.05.2022",), ""),
        ((), ""),
    ],
)
def test_which_other_days_lists_hold(times: tuple[str, ...], told: str) -> None:
    assert off([(room(one), (DAY, DAY)) for one in times], NOW) == told


def test_days_listed_for_a_range_have_no_one_day_to_count_from() -> None:
    assert off([(room("2022-05-20 12:30:00"), (DAY, date(2022, 5, 27)))], NOW) == ""


def test_rooms_listed_by_the_day_they_were_completed() -> None:
    rooms = [room("2022-05-20 09:00:00", MORNING, "2"), room("2022-05-26 07:00:00", NOON, "2")]
    days = (DAY, date(2022, 5, 27))
    assert off([(one, days) for one in rooms], NOW) == "all of which were completed on these days"
    assert off([(one, days) for one in (*rooms, room("2022-05-20 09:00:00"))], NOW) == ""
    assert off([(one, days) for one in (*rooms, room("26.05.2022", NOON))], NOW) == ""
