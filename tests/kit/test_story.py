"""What the answers behind a finding say together: told of an API that departs in one way, by few questions."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from happytalk_contract.core.control import Control
from happytalk_contract.core.model import Finding
from happytalk_contract.questions.meaning import rooms
from happytalk_contract.verdict.judge import judge

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.score_rival import NOW
from tests.kit.test_plans import InProcess
from tests.rival import RivalApi

Params = dict[str, Any]
MONTH_END = date(2026, 10, 31)


def between(first: int, last: int, **more: Any) -> Params:
    """Days around the end of a month."""
    first_day, last_day = (MONTH_END + timedelta(days=days) for days in (first, last))
    return {"sdate": first_day.isoformat(), "edate": last_day.isoformat(), **more}


def whole(first: int, last: int) -> list[Params]:
    """A whole list, by its pages."""
    return [
        between(first, last, limit=50, page=page) if page > 1 else between(first, last, limit=50)
        for page in (1, 2)
    ]


READ = [*whole(-1, 1), *whole(-1, 0), *whole(0, 1), *whole(1, 2)]
DAYS = [{"ndate": (MONTH_END + timedelta(days=days)).isoformat(), "limit": 50} for days in (-1, 0, 1, 2)]
TODAY = {"sdate": "2026-11-20", "edate": "2026-11-20", "limit": 50}
NO_DATE: list[Params] = [TODAY, {}, {"sort_value": "asc"}, {}, {"sort_value": "asc"}, TODAY]


def told(fault: str, *asked: Params) -> Finding:
    """The finding that leads where an API departs by `fault`."""
    api = RivalApi(account="normal", seed=1, now=NOW, faults=[fault], legal=[])
    transport = InProcess(api, Control(max_requests=1000))
    return judge([transport.ask(rooms(params)) for params in asked]).findings[0]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            "end-day-excluded-long",
            "such lists lack all rooms of the last day that is asked for, and no others",
        ),
        ("start-day-excluded", "such lists lack all rooms of the first day that is asked for, and no others"),
        ("month-end-lost-range", "such lists lack all rooms of the last day of a month, and no others"),
        ("last-second-lost", "all of them registered at 23:59:59, none of the others"),
        ("month-crossing-empty", "these lists are empty"),
    ],
)
def test_which_rooms_whole_lists_lack(fault: str, words: str) -> None:
    finding = told(fault, *READ, *DAYS, *DAYS, *READ)
    assert words in finding.received
    assert "never otherwise" not in finding.often  # that is of the lists alone which others were held against


def test_how_many_days_lists_hold() -> None:
    far = [between(first, last, limit=50) for first, last in ((-9, 4), (-8, 5), (-12, 2))]
    days = [between(day, day, limit=50) for day in range(-12, 6)]
    lists = [one | ({"page": page} if page > 1 else {}) for one in far for page in range(1, 6)]
    finding = told("range-cap-7", *lists, *days, *lists)
    assert "such lists lack all rooms of all days but the last 7, and no others" in finding.received


def test_which_rooms_are_not_counted() -> None:
    for fault in ("total-no-deleted", "total-no-deleted-range"):
        received = told(fault, *READ, *DAYS, *DAYS, *READ).received
        assert received.endswith("total_count is less by the rooms of status 3")


def test_which_single_days_are_empty() -> None:
    finding = told("month-end-lost-ndate", *READ, *DAYS, *DAYS, *READ)
    assert finding.received.endswith("such lists lack all rooms of the last day of a month, and no others")


def test_no_list_is_longer() -> None:
    lists = [between(-9, 0, limit=50, page=page) for page in (1, 2)] + [
        between(-8, 1, limit=50, page=page) for page in (1, 2)
    ]
    lists = [{name: value for name, value in one.items() if (name, value) != ("page", 1)} for one in lists]
    finding = told("range-first-100", *lists, *DAYS, *DAYS, *lists)
    assert "no whole list holds more than 100" in finding.received
    assert len(finding.together) == 2  # the page on which the room would stand


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("today-week", "from 6 days before the day that was asked for on"),
        ("today-24-hours", "those of the last 24 hours"),
        ("today-only-open", "all of them of status 2, 3 or 4, the others of status -1, -2, 0 or 1"),
        ("default-end", "it is by complate_date desc"),
    ],
)
def test_what_stands_in_place_of_today(fault: str, words: str) -> None:
    assert words in told(fault, *NO_DATE).received


def test_which_of_all_questions_depart() -> None:
    asked = [
        *whole(-1, 1),
        *({**one, "status": 99} for one in (between(-1, 1), *DAYS)),
        between(-1, 1),
        *DAYS,
    ]
    finding = told("explicit-99-no-deleted", *asked, *asked, *whole(-1, 1))
    assert finding.received.endswith("all of them of status 3, none of the others")
    assert finding.often.endswith("each time with status 99 written out, never otherwise")


def test_a_room_by_another_id_is_the_same_room() -> None:
    finding = told("ids-by-sort", TODAY, {"sort_key": "complate_date"}, {"sort_key": "complate_date"}, TODAY)
    assert (finding.signature, finding.json_path) == ("rooms.same_room:id", "$.data.chat_list[0].id")


def test_which_answers_read_otherwise() -> None:
    limits = [{"limit": limit} for limit in (50, 49, 20, 10)] + [
        {"limit": 50, "sort_value": "asc"},
        {"limit": 50, "status": 2},
    ]
    finding = told("reg-date-utc-limit-50", *limits)
    assert finding.received.endswith(
        "9:00:00 apart; reg_date reads in one way each time with limit 50, in another without"
    )
    assert len(finding.together) == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("total-all-days", "whatever days are asked for"),
        ("total-shown", "each total_count is the number of rooms on its page"),
        ("pages-from-0", "as if pages counted from 0"),
    ],
)
def test_what_all_counts_have_in_common(fault: str, words: str) -> None:
    lists = [
        *whole(-9, 0),
        *whole(-15, 0),
        *whole(-3, 3),
        *whole(-1, 1),
        between(-9, 0, page=2),
        between(-9, 0, page=3),
    ]
    assert words in told(fault, *lists, *lists).received


def test_counts_that_are_rounded() -> None:
    lists = [between(-9, last, limit=50, page=page) for last in (2, 5, 8, 11) for page in range(1, 15)]
    assert told("total-tens", *lists, *lists).received.endswith(
        "each total_count above 50 is a multiple of 10"
    )


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("complate-date-utc", "never by more than nine hours, as UTC tells times"),
        ("dates-swapped-done", "all of them of status 2, none of the others"),
    ],
)
def test_how_rooms_end_before_they_begin(fault: str, words: str) -> None:
    assert words in told(fault, *READ).received
