"""Under which condition a finding shows, told of the questions alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from happytalk_contract.core.model import Exchange
from happytalk_contract.evidence.condition import condition, days, of_questions, parted
from happytalk_contract.evidence.views import RoomsView, rooms_view
from happytalk_contract.questions.meaning import rooms, rooms_raw

NOON = datetime(2022, 5, 26, 3, tzinfo=UTC).timestamp()
RANGE = {"sdate": "2022-04-30", "edate": "2022-05-01"}
OTHERS: list[dict[str, Any]] = [
    {},
    {"ndate": "2022-05-20"},
    {"sdate": "2022-05-01", "edate": "2022-05-02"},
    {"sort_key": "complate_date", "limit": 50},
]


def view(params: dict[str, Any]) -> RoomsView:
    return rooms_view(Exchange(number=1, started=NOON, request=rooms(params), response=None))


@pytest.mark.parametrize(
    ("shared", "told"),
    [
        ({"status": 2}, "a status asked for"),
        ({"sort_value": "asc"}, "sort_value asc"),
        ({"page": 3}, "a page after the first"),
        ({"ndate": None}, "ndate null"),
        (RANGE, "days of more than one month"),
        ({"status": 99}, "status 99 written out"),
        ({"limit": 10}, "limit 10 written out"),
    ],
)
def test_what_all_that_depart_share_and_no_other_has(shared: dict[str, Any], told: str) -> None:
    odd = [view({**other, **shared}) for other in OTHERS]
    assert condition(odd, [view(other) for other in OTHERS]) == told


def test_of_several_values_the_one_that_departs_is_named() -> None:
    odd = [view({**other, "status": 2}) for other in OTHERS]
    assert condition(odd, [view({**other, "status": 3}) for other in OTHERS]) == "status 2"


def test_two_things_together() -> None:
    both = {"status": 2, "sort_value": "asc"}
    odd = [view({**other, **both}) for other in OTHERS]
    even = [view({**other, name: both[name]}) for other in OTHERS for name in both]
    assert condition(odd, even) == "a status asked for and sort_value asc"


def test_few_questions_share_too_much_by_chance() -> None:
    odd = [view({**other, "status": 2}) for other in OTHERS[:2]]
    assert condition(odd, [view(other) for other in OTHERS]) == ""
    assert condition([view({**OTHERS[0], "status": 2})] * 5, [view(other) for other in OTHERS]) == ""
    written = [view({**other, "status": 99}) for other in OTHERS[:3]]
    assert condition(written, [view(other) for other in OTHERS]) == ""


def test_nothing_in_common() -> None:
    odd = [view({**OTHERS[0], "status": 2}), view({**OTHERS[1], "page": 2}), view({**OTHERS[2], "limit": 3})]
    assert condition(odd, [view(other) for other in OTHERS]) == ""
    assert parted([], [["a"]]) == parted([["a"]], []) == ""


def test_the_days_of_whole_lists() -> None:
    assert parted([[*days(view(RANGE))]], [[*days(view(OTHERS[2]))]]) == "days of more than one month"


def test_what_asks_for_no_rooms_in_a_documented_form_has_no_traits() -> None:
    odd = rooms_view(Exchange(number=1, started=NOON, request=rooms_raw(b"{"), response=None))
    assert of_questions([odd]) == []
