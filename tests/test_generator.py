"""Generated rooms: pure in their key, alike in Python and numpy, in agreement with themselves."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from happytalk_mock.core.clock import DAY, ZERO_DATE, second_text
from happytalk_mock.data.rooms.holidays import is_holiday, is_working
from happytalk_mock.data.rooms.timelines import Timeline
from happytalk_mock.data.source import Options, RoomSource
from happytalk_mock.spec import resources
from happytalk_mock.spec.vocabulary import OPEN_STATUSES, PARCEL_COMPANIES, PARCEL_W, ROOM_STATUSES, Room
from rooms_judged import problems

TODAY = 20_600  # 2026-05-27
QUICK = settings(max_examples=25)
seeds = st.integers(min_value=-(2**70), max_value=2**70)
tokens = st.text(min_size=1, max_size=12)
days = st.integers(min_value=-1_000, max_value=30_000)


def source_of(seed: int = 1, token: str | None = None, **options: Any) -> RoomSource:
    return RoomSource(Options(seed=seed, **options), token or "happytalk-mock-token")


def month(source: RoomSource) -> list[Timeline]:
    return [line for day in range(TODAY - 30, TODAY) for line in source.timelines(day)]


def last_state(source: RoomSource, line: Timeline) -> Room:
    return source.fields(line.ref, registered=line.registered, completed=line.completed, status=line.final)


def states(line: Timeline) -> list[tuple[int, int, int]]:
    """(from when, status, completed) of every state a room passes through."""
    found = [(line.registered, line.first, 0)]
    if line.answered:
        found.append((line.answered, 1, 0))
    if line.ended:
        found.append((line.ended, line.final, line.completed))
    return found


# --- times ---


@QUICK
@given(seed=seeds, token=tokens, day=days)
def test_timelines_are_in_order_and_settle(seed: int, token: str, day: int) -> None:
    source = source_of(seed, token)
    lines = source.timelines(day)
    assert len(lines) == source.count(day)
    assert [line.registered for line in lines] == sorted(line.registered for line in lines)
    assert [line.ref for line in lines] == [(day << 20) + index for index in range(len(lines))]
    for line in lines:
        assert day * DAY <= line.registered < (day + 1) * DAY
        moments = [moment for moment, _, _ in states(line)]
        assert moments == sorted(moments)
        assert max(moments) < (day + source.settle_days + 1) * DAY
        assert line.first in (0, -1, -2)
        assert line.completed in (0, line.ended)
        assert (line.ended == 0) == (line.final in OPEN_STATUSES)
        if line.final == 2:
            assert line.answered
            assert line.completed == line.ended
        if not line.ended:
            assert line.final == (1 if line.answered else line.first)


@QUICK
@given(
    seed=seeds,
    token=tokens,
    day=days,
    rooms=st.integers(min_value=0, max_value=3_000),
    span=st.integers(min_value=1, max_value=60),
    deleted=st.sampled_from(["mixed", "zero", "real"]),
    bot=st.sampled_from(["mixed", "zero", "real"]),
)
def test_columns_say_what_timelines_say(
    seed: int, token: str, day: int, rooms: int, span: int, deleted: Any, bot: Any
) -> None:
    source = source_of(seed, token, rooms=rooms, days=span, deleted_end=deleted, bot_ended_end=bot)
    lines = [line for each in range(day, day + 4) for line in source.timelines(each)]
    columns = source.columns(day, day + 3)
    assert columns.ref.tolist() == [line.ref for line in lines]
    assert columns.registered.tolist() == [line.registered for line in lines]
    assert columns.completed.tolist() == [line.completed for line in lines]
    assert columns.status.tolist() == [line.final for line in lines]


def test_columns_of_no_rooms() -> None:
    assert len(source_of(rooms=0).columns(TODAY, TODAY + 5).ref) == 0


@pytest.mark.parametrize("rooms", [500, 2_000, 50_000])
def test_as_many_rooms_as_asked_for_reach_back_about_as_many_days(rooms: int) -> None:
    source = source_of(rooms=rooms)
    assert sum(source.count(day) for day in range(TODAY - 30, TODAY)) == pytest.approx(rooms, rel=0.15)
    assert sum(source.count(day) for day in range(TODAY - 360, TODAY)) == pytest.approx(rooms * 12, rel=0.1)


def test_days_outside_the_calendar_are_empty() -> None:
    source = source_of()
    for day in (-800_000, 0, 2_932_896, 10**9):
        assert source.timelines(day) == []
    assert source.timelines(2_932_000)


def test_a_day_has_no_more_rooms_than_refs() -> None:
    assert source_of(rooms=10**8, days=1).count(TODAY) == 1 << 20


@pytest.mark.slow
def test_the_rhythm_of_a_shop() -> None:
    source = source_of(rooms=20_000, days=28)
    every = [line.registered for day in range(TODAY - 84, TODAY) for line in source.timelines(day)]
    hours = Counter(second % DAY // 3600 for second in every if is_working(second // DAY))
    total = sum(hours.values())
    assert sum(hours[hour] for hour in range(9, 18)) > 0.6 * total
    assert hours[12] < 0.75 * hours[11]
    assert sum(hours[hour] for hour in range(1, 6)) < 0.03 * total
    assert 0.08 * total < sum(hours[hour] for hour in range(19, 24)) < 0.3 * total
    weekdays = Counter((second // DAY + 3) % 7 for second in every)
    assert weekdays[0] > weekdays[2] > 1.3 * weekdays[5]
    counts = sorted(source.count(day) for day in range(TODAY - 84, TODAY))
    assert counts[-1] > 3 * counts[0]


def test_holidays() -> None:
    new_year, seollal, plain = 20_454, 20_501, 20_507  # 2026-01-01, 2026-02-17, 2026-02-23
    assert is_holiday(new_year)
    assert all(is_holiday(seollal + around) for around in (-1, 0, 1))
    assert not is_holiday(plain)
    assert is_working(plain)
    assert not is_working(plain - 1)  # a Sunday


def test_counsellors_answer_in_office_hours() -> None:
    for line in month(source_of(rooms=5_000)):
        if line.answered:
            assert is_working(line.answered // DAY) or line.answered // DAY == line.registered // DAY + 3
            assert 9 * 3600 <= line.answered % DAY < 21 * 3600


# --- the default data set ---


@pytest.mark.parametrize("seed", range(1, 13))
def test_every_status_lies_in_old_and_in_recent_days(seed: int) -> None:
    lines = month(source_of(seed))
    for some in (lines[: len(lines) // 2], lines[len(lines) // 2 :], lines[-170:]):
        assert {line.final for line in some} == set(ROOM_STATUSES)


@pytest.mark.parametrize("seed", range(1, 13))
def test_ties_and_midnights(seed: int) -> None:
    lines = month(source_of(seed))
    assert _ties(line.registered for line in lines) >= 4
    assert _ties(line.completed for line in lines if line.completed) >= 8
    assert 4 <= sum(line.registered % DAY == 0 for line in lines) <= 20
    assert 4 <= sum(line.registered % DAY == DAY - 1 for line in lines) <= 20


def _ties(seconds: Any) -> int:
    return sum(count - 1 for count in Counter(seconds).values())


def test_answers_to_open_questions_shape_the_data() -> None:
    def ends(status: int, **options: Any) -> set[bool]:
        return {bool(line.completed) for line in month(source_of(**options)) if line.final == status}

    assert ends(3) == {True, False}
    assert ends(3, deleted_end="zero") == {False}
    assert ends(3, deleted_end="real") == {True}
    assert ends(4) == {True}
    assert ends(4, bot_ended_end="zero") == {False}
    assert ends(4, bot_ended_end="mixed") == {True, False}
    codes = {wish: Counter() for wish in (True, False)}
    for wish, counted in codes.items():
        source = source_of(parcel_w=wish)
        counted.update(last_state(source, line)["parcel_companycode"] for line in month(source))
    assert 5 <= codes[True][PARCEL_W] <= 50
    assert PARCEL_W not in codes[False]
    assert codes[True][""] + codes[True][PARCEL_W] == codes[False][""]


def test_answers_to_open_questions_move_nothing_else() -> None:
    plain, other = source_of(), source_of(deleted_end="zero", bot_ended_end="zero")
    for one, two in zip(month(plain), month(other), strict=True):
        assert one._replace(completed=0) == two._replace(completed=0)


def test_options_are_checked() -> None:
    for wrong in ({"rooms": -1}, {"days": 0}):
        with pytest.raises(ValueError, match="rooms must be 0 or more and days 1 or more"):
            Options(seed=1, **wrong)


# --- text ---


@pytest.mark.slow
@QUICK
@given(seed=seeds, token=tokens, day=days)
def test_rooms_agree_with_themselves(seed: int, token: str, day: int) -> None:
    source = source_of(seed, token, rooms=1_500)
    for line in source.timelines(day):
        for moment, status, completed in states(line):
            room = source.fields(line.ref, registered=line.registered, completed=completed, status=status)
            assert problems(room) == [], room
            assert room["reg_date"] == second_text(line.registered)
            assert room["complate_date"] == (second_text(completed) if completed else ZERO_DATE)
            assert completed <= moment  # nothing lies in the future of the moment it is seen


@pytest.mark.slow
def test_rooms_pass_the_schema() -> None:
    names = resources.schema_names()
    schemas = [resources.schema(name) for name in names]
    registry = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in schemas)
    validator = Draft202012Validator(resources.schema("room"), registry=registry)
    source = source_of()
    for line in month(source):
        assert not list(validator.iter_errors(last_state(source, line)))


def test_a_room_keeps_its_matter_while_it_goes_on() -> None:
    source = source_of(rooms=3_000)
    changing = {
        "status", "complate_date", "counselor_name", "counselor_nickname", "etc_assign", "last_message",
    }  # fmt: skip
    for line in month(source)[:300]:
        seen = [
            source.fields(line.ref, registered=line.registered, completed=completed, status=status)
            for _, status, completed in states(line)
        ]
        kept = [{name: room[name] for name in room if name not in changing} for room in seen]
        assert all(one == kept[0] for one in kept)
        named = {room["counselor_name"] for room in seen} - {""}
        assert len(named) <= 1


def test_a_deleted_room_has_a_counsellor_if_one_had_answered() -> None:
    source = source_of(rooms=20_000)
    deleted = [line for line in month(source) if line.final == 3]
    assert {bool(line.answered) for line in deleted} == {True, False}
    for line in deleted:
        assert bool(last_state(source, line)["counselor_name"]) == bool(line.answered)


@pytest.mark.slow
def test_the_tree_is_consistent_and_the_staff_is_fixed() -> None:
    source = source_of(rooms=5_000)
    rooms = [last_state(source, line) for line in month(source)]
    categories = {(room["category_id"], room["cate_name1"]) for room in rooms}
    divisions = {(room["division_id"], room["category_id"], room["cate_name2"]) for room in rooms}
    assert len({number for number, _ in categories}) == len({name for _, name in categories}) == 9
    assert len({number for number, _, _ in divisions}) == len(divisions) >= 20
    staff = {(room["counselor_name"], room["counselor_nickname"]) for room in rooms} - {("", "")}
    assert 7 <= len(staff) <= 10
    assert len({name for name, _ in staff}) == len(staff)
    waiting = [room for room in rooms if room["status"] == "0"]
    assert 0 < sum(bool(room["counselor_name"]) for room in waiting) < len(waiting) / 3


def test_customers_return_as_themselves() -> None:
    source = source_of()
    rooms = [last_state(source, line) for line in month(source)]
    by_customer: dict[str | None, list[Room]] = {}
    for room in rooms:
        by_customer.setdefault(room["customer_uuid"], []).append(room)
    often = [found for found in by_customer.values() if len(found) > 1]
    assert len(rooms) / 4 < len(by_customer) < 0.8 * len(rooms)
    assert len(often) > 50
    assert max(len(found) for found in often) < 20
    for found in often:
        for name in ("users_id", "out_api", "phone_os", "phone_telecomm", "app_hash", "phone_model"):
            assert len({room[name] for room in found}) == 1, name
    nobody = sum(room["users_id"] is None for room in rooms)
    assert len(rooms) / 5 < nobody < 4 * len(rooms) / 5


@pytest.mark.slow
def test_couriers_and_their_check_digits() -> None:
    source = source_of(rooms=20_000)
    seen = Counter()
    for line in month(source):
        room = last_state(source, line)
        code, number = str(room["parcel_companycode"]), str(room["parcel_number"])
        seen[code] += 1
        if code == "4":
            assert int(number[2:11]) % 7 == int(number[11])
        if code == "12":
            weighted = sum(int(d) * w for d, w in zip(number[2:10], (8, 6, 4, 2, 3, 5, 9, 7), strict=True))
            assert {10: 0, 11: 5}.get(11 - weighted % 11, 11 - weighted % 11) == int(number[10])
    assert len(set(PARCEL_COMPANIES) & set(seen)) >= 14
    assert seen["4"] > seen["5"] > seen["6"]


def test_phones_are_not_from_the_future() -> None:
    source = source_of(rooms=5_000)
    spring_2022 = 19_138
    models = Counter()
    for day in range(spring_2022 - 30, spring_2022):
        for line in source.timelines(day):
            room = last_state(source, line)
            models[room["phone_model"]] += 1
            if room["phone_os"] == "A":
                assert int(str(room["phone_osver"])) <= 12
            elif room["phone_os"] == "I":
                assert float(".".join(str(room["phone_osver"]).split(".")[:2])) <= 15.4
    assert models["SM-G991N"]
    assert models["iPhone 13"]
    assert not any(str(model).startswith(("iPhone 14", "SM-S9")) for model in models)


# --- ids ---


@QUICK
@given(seed=seeds, token=tokens, day=days)
def test_an_id_leads_back_to_its_room(seed: int, token: str, day: int) -> None:
    source = source_of(seed, token)
    for line in source.timelines(day)[:5]:
        room = last_state(source, line)
        assert source.ref_of(str(room["id"])) == line.ref


def test_other_ids_lead_nowhere() -> None:
    source = source_of()
    for text in ("", "fi9LcAh16utMZEVpe5UYFvrkQgnBJT", "x" * 30, "가" * 30, "0" * 31):
        assert source.ref_of(text) is None
    made = source.complete({"reg_date": "2026-05-26 10:00:00"}, key=1)
    ref = source.ref_of(str(made["id"]))
    assert ref is None


@pytest.mark.slow
def test_ids_are_unique_and_timed_since_2024() -> None:
    source = source_of(rooms=10_000)
    lines = month(source)
    assert len({last_state(source, line)["id"] for line in lines}) == len(lines)
    for day, timed in ((19_722, False), (19_723, True)):
        line = source.timelines(day)[0]
        begins = f"{line.registered - 9 * 3600:08x}"
        assert str(last_state(source, line)["id"]).startswith(begins) == timed


# --- determinism ---

PROGRAM = """
import hashlib, json, sys
from happytalk_mock.data.source import Options, RoomSource
source = RoomSource(Options(seed=7), "another token")
digest = hashlib.sha256()
days = list(range(20590, 20600))
rooms = {}
for day in reversed(days):
    for line in reversed(source.timelines(day)):
        rooms[line.ref] = source.fields(
            line.ref, registered=line.registered, completed=line.completed, status=line.final
        )
made = source.complete({"reg_date": "2022-05-26 10:00:00"}, key=5)
text = json.dumps([rooms[ref] for ref in sorted(rooms)] + [made])
print(hashlib.sha256(text.encode()).hexdigest())
"""


def digest_here() -> str:
    source = RoomSource(Options(seed=7), "another token")
    made = source.complete({"reg_date": "2022-05-26 10:00:00"}, key=5)
    rooms = [last_state(source, line) for day in range(20_590, 20_600) for line in source.timelines(day)]
    return hashlib.sha256(json.dumps([*rooms, made]).encode()).hexdigest()


@pytest.mark.slow
def test_other_processes_other_orders_other_hash_seeds_same_rooms() -> None:
    here = digest_here()
    for hash_seed in ("0", "4242"):
        env = {**os.environ, "PYTHONHASHSEED": hash_seed}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=env, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == here


def test_seeds_and_tokens_have_data_of_their_own() -> None:
    def look(source: RoomSource) -> list[Room]:
        return [last_state(source, line) for line in source.timelines(TODAY)]

    assert look(source_of(1)) == look(source_of(1))
    assert look(source_of(1)) != look(source_of(2))
    one, two = look(source_of(token="a")), look(source_of(token="b"))
    assert not {room["id"] for room in one} & {room["id"] for room in two}
    assert {str(r["customer_uuid"])[:10] for r in one} != {str(r["customer_uuid"])[:10] for r in two}


def test_importing_is_light_and_the_token_is_not_shown() -> None:
    program = (
        "import sys, happytalk_mock.data.source as g\n"
        "source = g.RoomSource(g.Options(seed=1), 'secret-token')\n"
        "source.timelines(20600)\n"
        "assert not {'numpy', 'faker'} & set(sys.modules)\n"
        "assert 'secret' not in repr(source)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
