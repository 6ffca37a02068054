"""The shape of an account: counts and quantiles that the mock's schema takes, and no small cell."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.kit.fake_api import NOW, TODAY, room
from tests.kit.fake_api import rooms as fake_rooms

from happytalk_contract.twin.account import LEAST, quantiles, shape
from happytalk_contract.twin.crawl import Crawled
from happytalk_contract.twin.ties import Ties
from happytalk_contract.twin.toml import written
from happytalk_mock.spec.resources import schema


def of(rooms: list[dict[str, Any]], days: int = 14) -> dict[str, Any]:
    window = (TODAY - timedelta(days=days - 1), TODAY)
    return shape(Crawled(window=window, today=TODAY, longest=None, ties=Ties(rooms=tuple(rooms))), ())


def counts(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        for item in value.values():
            yield from counts(item)
    elif isinstance(value, list):
        for item in value:
            yield from counts(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def test_it_is_as_the_mock_takes_it() -> None:
    found = of(fake_rooms())
    document = tomllib.loads(written(found))
    part = schema("twin.schema")["$defs"]["account"]
    assert set(document) <= set(part["properties"])
    assert document["rooms"] == 112
    assert sum(document["week"]) == 112


@pytest.mark.parametrize("per_day", [1, 3, 8])
def test_no_cell_is_under_five(per_day: int) -> None:
    found = of(fake_rooms(per_day=per_day))
    for name in ("returning", "status", "ends", "channels"):
        assert all(count >= LEAST for count in counts(found.get(name, {}))), name
    assert all(count >= LEAST for branch in found.get("categories", {}).get("tree", []) for count in branch)
    for name in ("week", "hours"):
        pools = found.get(name, [])
        rows = [pools] if isinstance(pools, list) else list(pools.values())
        for row in rows:
            shared = {value: row.count(value) * value for value in row if value}
            assert all(total >= LEAST - 0.1 for total in shared.values()), (name, row)


def test_the_shape_of_two_weeks() -> None:
    """Five of a kind are told, four are not; what is rare in an hour is shared with its neighbours."""
    asked = [
        room(900 + number, NOW - timedelta(days=2), 3, NOW - timedelta(days=1) if number % 2 else None)
        for number in range(10)
    ]
    found = of([*fake_rooms(), *asked])
    assert of([*fake_rooms(), *asked[:8]])["ends"] == {
        "2": {"real": 37},
        "3": {"zero": 17},
        "4": {"real": 12},
    }
    assert found["ends"] == {"2": {"real": 37}, "3": {"zero": 18, "real": 5}, "4": {"real": 12}}
    assert (found["rooms"], found["days"], found["customers"], found["returning"]) == (
        122,
        14,
        122,
        {"1": 122},
    )
    assert found["week"] == [16, 26, 16, 16, 16, 16, 16]
    assert found["hours"] == {
        "working": [5, 5, 10, 20, 5, 5, 10, 10, 10, *[0.67] * 15],
        "weekend": [*[2.67] * 3, 8, *[2.67] * 3, *[0.47] * 17],
    }
    assert found["status"] == {
        "0": {"other": 8},
        "1": {"other": 8},
        "2-3": {"2": 5, "3": 12, "other": 9},
        "4+": {"-1": 9, "-2": 9, "0": 9, "1": 8, "2": 27, "3": 9, "4": 9},
    }
    assert found["seconds"] == {"done": [1800] * 21}
    assert found["ties"] == {"reg_date": 38, "complate_date": 7, "sweeps": ["14:00:00"]}
    assert found["channels"] == {"out_api": {"0": 122}, "phone_os": {"": 122}}
    assert found["fields"]["customer_uuid"] == {"null": 0, "empty": 0, "lengths": [12, 13, 13, 13, 14]}
    assert found["fields"]["users_id"] == {"null": 1, "empty": 0}
    assert found["fields"]["phone_os"] == {"null": 0, "empty": 1}


def test_a_few_rooms_have_no_shape() -> None:
    assert of(fake_rooms()[:3]) == {"format": 1, "rooms": 3, "days": 14}


def test_quantiles_do_not_tell_the_one_greatest() -> None:
    assert quantiles([1, 2, 3, 4, 123456], 4)[-1] == 120000
    assert quantiles([3, 7, 12], 2) == [3, 7, 12]
    assert quantiles([1234, 5678, 5679], 2) == [1200, 5678, 5700]
    assert quantiles([5678, 1234], 1) == [1234, 5678]


def test_toml_reads_as_it_was_written() -> None:
    table = {"a": 1, "b.c": '\u007f"\\\n가', "t": {"x": [1, 2.5], "y": {"1": True}}, "empty": {}}
    assert tomllib.loads(written(table)) == table
