"""Rooms of an account's shape: as many, as often, as long and as empty as `account.toml` says, and always the same."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from statistics import quantiles

import pytest

from happytalk_mock import MockServer
from happytalk_mock.core.clock import DAY, ZERO_DATE, day_number
from happytalk_mock.data.rooms.shape import Shape, dealt, stretched
from happytalk_mock.data.source import Options, RoomSource
from happytalk_mock.spec.vocabulary import ROOM_FIELDS, Room
from test_twin import serving
from twins import ABOUT, RECORDED, TODAY, a_room, write_twin

ACCOUNT = """
format = 1
rooms = 3000
days = 30
customers = 600
week = [10, 20, 30, 40, 50, 60, 70]
[hours]
working = [0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 50, 50, 0, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
weekend = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100, 100, 0, 0]
[status]
"0" = {"0" = 90, "2" = 10}
"4+" = {"2" = 600, "3" = 100, "4" = 200, "1" = 100}
[seconds]
done = [60, 600, 1200]
ended = [5, 10, 20]
[ties]
reg_date = 470
complate_date = 300
sweeps = ["19:30:00"]
[categories]
tree = [[500, 300, 100, 50, 50, 20, 20, 20, 20, 20, 20], [900], [100], [5], [5], [5], [5], [5], [5], [5], [5]]
[channels]
out_api = {"0" = 600, "1" = 300, "7" = 100}
phone_os = {"A" = 300, "I" = 150, "" = 550}
[fields.users_id]
null = 0.0
empty = 0.25
[fields.order_number]
null = 0.5
empty = 0.1
[fields.parcel_number]
empty = 0.8
[fields.title]
null = 0.2
lengths = [10, 10, 10, 10, 20]
[fields.last_message]
lengths = [40, 100, 200, 300, 400]
[fields.parameter10]
empty = 1.0
[fields.parameter1]
empty = 0.0
[fields.app_ver]
empty = 0.7
[fields.vote_score]
null = 0.3
lengths = [2, 2]
[latency]
rooms = [40, 90, 200]
[wire]
gzip = true
"""


def generated(account: str = ACCOUNT, *, rooms: int = 3000, days: int = 30, seed: int = 1) -> list[Room]:
    """Every room of an account that long after it came to rest."""
    shape = Shape.of(tomllib.loads(account))
    source = RoomSource(Options(seed=seed, rooms=rooms, days=days, shape=shape), "token")
    first = day_number(date(2026, 3, 2))  # a Monday, far from holidays
    return [
        source.fields(line.ref, registered=line.registered, completed=line.completed, status=line.final)
        for day in range(first, first + 28)
        for line in source.timelines(day)
    ]


@cache
def resting() -> list[Room]:
    """The rooms of the account above."""
    return generated()


def share(holds: Callable[[Room], object]) -> float:
    return sum(map(bool, map(holds, resting()))) / len(resting())


def moment(text: object) -> datetime:
    return datetime.strptime(str(text), "%Y-%m-%d %H:%M:%S")


def test_rooms_come_by_weekday_and_hour() -> None:
    week = Counter(moment(room["reg_date"]).weekday() for room in resting())
    # Some days are busier than others: four weeks have the shares to a third.
    assert all(week[day] / len(resting()) == pytest.approx((day + 1) / 28, rel=0.35) for day in range(7))
    hours = Counter(
        (moment(room["reg_date"]).weekday() > 4, moment(room["reg_date"]).hour) for room in resting()
    )
    working, weekend = (
        sum(count for (end, _), count in hours.items() if end is which) for which in (False, True)
    )
    assert hours[False, 9] / working == pytest.approx(0.4, abs=0.03)
    assert (hours[True, 20] + hours[True, 21]) / weekend > 0.98


def test_statuses_and_ends() -> None:
    statuses = Counter(room["status"] for room in resting())
    told = {"2": 0.6, "3": 0.1, "4": 0.2, "1": 0.1}
    assert statuses.keys() == told.keys()
    assert all(
        statuses[status] / len(resting()) == pytest.approx(each, abs=0.02) for status, each in told.items()
    )
    ends = [(room, moment(room["complate_date"])) for room in resting() if room["complate_date"] != ZERO_DATE]
    swept = [room for room, end in ends if f"{end:%H:%M:%S}" == "19:30:00"]
    assert len(swept) / len(resting()) == pytest.approx(0.09, abs=0.03)
    done = sorted(
        (end - moment(room["reg_date"])).total_seconds()
        for room, end in ends
        if room["status"] == "2" and room not in swept
    )
    assert done[0] >= 60
    assert done[-1] <= 1200
    assert quantiles(done)[1] == pytest.approx(600, rel=0.05)


def test_ties() -> None:
    seconds = Counter(room["reg_date"] for room in resting())
    assert sum(count for count in seconds.values() if count > 1) / len(resting()) > 0.15


def test_the_tree_of_categories() -> None:
    tree: dict[object, Counter[object]] = {}
    for room in resting():
        tree.setdefault(room["category_id"], Counter())[room["division_id"]] += 1
    sizes = sorted((sum(each.values()) for each in tree.values()), reverse=True)
    assert sizes[0] / len(resting()) == pytest.approx(1120 / 2160, abs=0.04)
    assert sizes[1] / len(resting()) == pytest.approx(900 / 2160, abs=0.04)
    assert max(len(each) for each in tree.values()) == 11
    assert len({room["cate_name1"] for room in resting()}) == len(tree)
    assert (
        len(
            {
                room["cate_name2"]
                for room in resting()
                if room["category_id"] == max(tree, key=lambda one: len(tree[one]))
            }
        )
        == 11
    )


def test_channels_and_customers() -> None:
    assert share(lambda room: room["out_api"] == "7") == pytest.approx(0.1, abs=0.05)
    assert share(lambda room: room["out_api"] == "0") == pytest.approx(0.6, abs=0.07)
    assert share(lambda room: room["phone_os"] == "A") == pytest.approx(0.3, abs=0.07)
    assert share(lambda room: room["app_ver"]) == pytest.approx(0.28, abs=0.08)
    customers = len({room["customer_uuid"] for room in resting()})
    assert 450 <= customers <= 600


def test_fields_that_are_null_empty_or_there() -> None:
    assert share(lambda room: room["users_id"] == "") == pytest.approx(0.25, abs=0.06)
    assert share(lambda room: room["users_id"] is None) == 0
    by_customer = {(room["customer_uuid"], room["users_id"]) for room in resting()}
    assert len(by_customer) == len({customer for customer, _ in by_customer})
    assert share(lambda room: room["order_number"] is None) == pytest.approx(0.5, abs=0.04)
    assert share(lambda room: room["order_number"] == "") == pytest.approx(0.1, abs=0.03)
    assert share(lambda room: room["parcel_number"]) == pytest.approx(0.2, abs=0.04)
    assert all(room["order_number"] for room in resting() if room["parcel_number"])
    assert share(lambda room: room["title"] is None) == pytest.approx(0.2, abs=0.03)
    assert share(lambda room: room["parameter10"] == "") == 1
    assert share(lambda room: room["parameter1"]) == 1
    assert share(lambda room: room["vote_score"] is None) == pytest.approx(0.3, abs=0.03)
    assert {*map(len, filter(None, (room["vote_score"] for room in resting())))} == {2}
    assert list(resting()[0])[:-1] == list(ROOM_FIELDS)


def test_lengths() -> None:
    titles = sorted(len(room["title"]) for room in resting() if room["title"])
    assert titles[-1] <= 20
    assert quantiles(titles)[1] in (9, 10)  # a blank at the end is cut
    texts = sorted(len(str(room["last_message"])) for room in resting())
    assert texts[0] >= 39
    assert quantiles(texts) == pytest.approx([100, 200, 300], rel=0.06)
    assert texts[-1] <= 400


def test_the_same_rooms_in_any_order_and_in_columns() -> None:
    shape = Shape.of(tomllib.loads(ACCOUNT))
    one, other = (RoomSource(Options(seed=7, rooms=3000, days=30, shape=shape), "token") for _ in range(2))
    day = day_number(date(2026, 3, 2))
    lines = [line for each in range(day + 2, day - 1, -1) for line in one.timelines(each)]
    columns = other.columns(day, day + 2)
    assert sorted((line.ref, line.registered, line.completed, line.final) for line in lines) == [
        *zip(
            *(each.tolist() for each in (columns.ref, columns.registered, columns.completed, columns.status)),
            strict=True,
        )
    ]
    texts = [
        (line, one.fields(line.ref, registered=line.registered, completed=line.completed, status=line.final))
        for line in lines
    ]
    for line, room in texts:
        assert (
            other.fields(line.ref, registered=line.registered, completed=line.completed, status=line.final)
            == room
        )
        assert other.id_of(line.ref, line.registered) == room["id"]


def test_what_is_left_out_is_the_mocks_own() -> None:
    bare = "format = 1\nrooms = 500\ndays = 30\n"
    day = day_number(date(2026, 3, 2))
    own = RoomSource(Options(seed=1), "token")
    shaped = RoomSource(Options(seed=1, shape=Shape.of(tomllib.loads(bare))), "token")
    assert shaped.timelines(day) == own.timelines(day)
    line = own.timelines(day)[0]
    fields = {"registered": line.registered, "completed": line.completed, "status": line.final}
    assert shaped.fields(line.ref, **fields) == own.fields(line.ref, **fields)


def test_an_empty_account() -> None:
    empty = "format = 1\nrooms = 0\ndays = 30\nweek = [0, 0, 0, 0, 0, 0, 0]\n[categories]\ntree = []\n"
    assert generated(empty, rooms=0) == []
    assert len(generated(empty, rooms=300)) > 100


def test_a_slow_account_settles_late() -> None:
    slow = "format = 1\nrooms = 300\ndays = 30\n[seconds]\ndone = [86400, 864000]\n"
    source = RoomSource(Options(seed=1, shape=Shape.of(tomllib.loads(slow))), "token")
    day = day_number(date(2026, 3, 2))
    ends = [line.ended for line in source.timelines(day)]
    assert max(ends) > (day + 5) * DAY
    assert max(ends) < (day + 1 + source.settle_days) * DAY


# --- as it is served ---


@pytest.mark.slow
@pytest.mark.parametrize("rooms", [[], [a_room("recorded", "2026-11-20 09:00:00")]])
def test_rooms_of_a_shape_are_served(tmp_path: Path, rooms: list[Room]) -> None:
    about = ABOUT if rooms else ABOUT.replace("rooms = true", "rooms = false")
    twin = write_twin(tmp_path / "t", rooms, about=about, account=ACCOUNT)
    everything = {"sdate": "2020-01-01", "edate": TODAY, "limit": 1}
    with serving(twin, rooms=100) as client:
        assert client.data(**everything)["total_count"] == 100
        assert "vote_score" in client.data(**everything)["chat_list"][0]
    with serving(twin) as client:
        assert client.data(**everything)["total_count"] == (1 if rooms else 3000)
        with client.server.tenant(rooms=50) as tenant:
            assert len(tenant.rooms) == 50
            assert all("vote_score" in room for room in tenant.rooms)


@pytest.mark.slow
def test_time_beyond_the_recording_has_the_accounts_own_rate(tmp_path: Path) -> None:
    twin = write_twin(tmp_path / "t", account=ACCOUNT)
    with MockServer(twin=twin, now=RECORDED, port=None) as server:
        server.happytalk.advance(days=28)
        assert len(server.happytalk.rooms) == pytest.approx(10 + 2800, rel=0.2)


def test_tables_of_chance() -> None:
    assert dealt({"a": 1, "b": 3}, 8) == ("a", "a", *("b" * 6))
    assert dealt({"a": 0}, 8) == ()
    assert stretched([0, 10, 100], 5) == (0, 5, 10, 55, 100)
    assert stretched([5]) == ()
    assert len(stretched([0, 3, 8, 12, 30])) == 1024
