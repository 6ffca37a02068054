"""What rooms that a list leaves out have in common, and how rooms of other days came into it."""

from __future__ import annotations

from datetime import date

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


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (
            ("2022-05-25 15:00:00", "2022-05-26 14:59:59"),
            "less than nine hours before them, as UTC tells times",
        ),
        (("2022-05-25 14:59:59", "2022-05-26 14:59:59"), ""),
        (("2022-05-25 15:00:00", "2022-05-26 15:00:00"), ""),
        (("2022-05-26 09:00:00", "2022-05-27 08:59:59"), "less than nine hours after them, as UTC has days"),
        (("2022-05-26 08:59:59", "2022-05-27 08:59:59"), ""),
        (("2022-05-26 09:00:00", "2022-05-27 09:00:00"), ""),
        ((), ""),
    ],
)
def test_rooms_of_other_days_by_the_hours_of_utc(times: tuple[str, ...], told: str) -> None:
    assert off([room(one) for one in times], (DAY, DAY)) == told


def test_rooms_listed_by_the_day_they_were_completed() -> None:
    rooms = [room("2022-05-20 09:00:00", MORNING, "2"), room("2022-05-26 07:00:00", NOON, "2")]
    assert off(rooms, (DAY, DAY)) == "all of which were completed on these days"
    assert off([*rooms, room("2022-05-20 09:00:00")], (DAY, DAY)) == ""
    assert off([*rooms, room("26.05.2022", NOON)], (DAY, DAY)) == ""
