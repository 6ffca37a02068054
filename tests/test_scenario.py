"""Scenarios: the ones that come with the mock, what files may say, and what is said of a wrong one."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from happytalk_mock.core.clock import ZERO_DATE, Clock, parse_second
from happytalk_mock.core.errors import ScenarioError
from happytalk_mock.core.moments import parse_day, parse_moment, parse_span
from happytalk_mock.data.scenario import load
from happytalk_mock.data.source import Options, RoomSource
from happytalk_mock.spec import resources
from happytalk_mock.spec.vocabulary import ROOM_STATUSES, Message, Room
from rooms_judged import problems

NOW = parse_second("2022-05-26 13:00:00")
NAMES = ("documented", "empty", "midnight", "one-busy-day", "pages", "statuses", "ties")


def made(name_or_path: str, now: int | None = None) -> tuple[list[Room], dict[str, list[Message]]]:
    scenario = load(name_or_path)
    if now is None:
        now = Clock.parse(scenario.now).second() if scenario.now else NOW
    return scenario.materialise(RoomSource(Options(seed=1), "token"), now)


def written(tmp_path: Path, document: Any, name: str = "mine.json") -> str:
    path = tmp_path / name
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return str(path)


def rooms_of(tmp_path: Path, *entries: Any) -> list[Room]:
    return made(written(tmp_path, {"rooms": list(entries)}))[0]


# --- the ones that come with it ---


def test_the_required_ones_are_there() -> None:
    assert set(NAMES) <= set(resources.scenario_names())


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_is_sound(name: str) -> None:
    scenario = load(name)
    assert scenario.description.endswith(".")
    rooms, _ = made(name)
    assert len({room["id"] for room in rooms}) == len(rooms)
    if name != "documented":  # the page's own example has a waiting room with a counsellor and a "W"
        for room in rooms:
            assert problems(room) == [], room
    now = Clock.parse(scenario.now).second() if scenario.now else NOW
    for room in rooms:
        assert parse_second(str(room["reg_date"])) <= now
        if room["complate_date"] != ZERO_DATE:
            assert parse_second(str(room["complate_date"])) <= now
    assert made(name) == made(name)


def test_documented_is_word_for_word() -> None:
    rooms, messages = made("documented")
    chat = resources.documented("chat_room_lists.success")["data"]["chat_list"]
    assert rooms == chat
    assert [list(room) for room in rooms] == [list(room) for room in chat]
    data = resources.documented("system_messages.success")["data"]
    assert messages == {"": data}
    assert json.dumps(messages[""]) == json.dumps(data)
    assert load("documented").now == "2022-05-26T13:00:00+09:00"


def by_day(name: str) -> Counter[str]:
    return Counter(str(room["reg_date"])[:10] for room in made(name)[0])


def test_counts() -> None:
    assert by_day("empty") == {}
    assert by_day("one-busy-day")["2022-05-26"] > 120
    assert by_day("pages") == {"2022-05-23": 50, "2022-05-24": 51, "2022-05-25": 100, "2022-05-26": 101}


def test_midnight_has_both_edges() -> None:
    seen = {str(room["reg_date"])[11:] for room in made("midnight")[0]}
    ended = {str(room["complate_date"])[11:] for room in made("midnight")[0]}
    for edges in (seen, ended):
        assert {"00:00:00", "08:59:59", "09:00:00", "23:59:59"} <= edges


def test_ties_are_ties() -> None:
    rooms = made("ties")[0]
    assert max(Counter(room["reg_date"] for room in rooms).values()) >= 40
    ended = Counter(room["complate_date"] for room in rooms)
    assert ended["2022-05-26 12:00:00"] >= 35
    assert ended[ZERO_DATE] > 40


def test_statuses_are_all() -> None:
    rooms = made("statuses")[0]
    today = {room["status"] for room in rooms if str(room["reg_date"]).startswith("2022-05-26")}
    assert today == {str(status) for status in ROOM_STATUSES}
    for status in ("3", "4"):
        ends = {room["complate_date"] == ZERO_DATE for room in rooms if room["status"] == status}
        assert ends == {True, False}


# --- what a file may say ---


def test_the_rest_is_filled_in(tmp_path: Path) -> None:
    (room,) = rooms_of(tmp_path, {"reg_date": "2022-05-26 09:00:00", "title": "제목", "status": 2})
    assert (room["title"], room["status"]) == ("제목", "2")
    assert room["reg_date"] == "2022-05-26 09:00:00"
    assert problems(room) == []


def test_an_empty_entry_is_a_room_that_just_came(tmp_path: Path) -> None:
    (room,) = rooms_of(tmp_path, {})
    assert (room["reg_date"], room["status"]) == ("2022-05-26 13:00:00", "0")
    assert problems(room) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"parcel_companycode": "12"}, {"status": "0"}),
        ({"parcel_number": "681234567890"}, {"parcel_companycode": "4"}),
        ({"parcel_companycode": "W", "cate_name2": "배송조회"}, {"parcel_number": ""}),
        ({"parcel_companycode": "", "cate_name2": "배송조회"}, {"parcel_number": ""}),
        ({"phone_model": "iPhone 13"}, {"phone_os": "I", "out_api": "0"}),
        ({"phone_os": "A"}, {"out_api": "0"}),
        ({"app_ver": "3.2.1"}, {"out_api": "0"}),
        ({"out_api": "2"}, {"phone_os": "", "app_ver": ""}),
        ({"users_id": "minji"}, {}),
        ({"users_id": None}, {}),
        ({"customer_uuid": "77_x"}, {"users_id": "x"}),
        ({"cate_name1": "배송"}, {}),
        ({"cate_name1": "우리만의 분류"}, {}),
        ({"counselor_name": "홍길동"}, {"counselor_nickname": "홍길동", "status": "1"}),
        ({"counselor_name": "", "status": 0}, {"counselor_nickname": ""}),
        ({"complate_date": "2022-05-26 12:00:00"}, {"status": "2"}),
        ({"complate_date": ZERO_DATE}, {"status": "0"}),
        ({"order_number": ""}, {"parcel_number": ""}),
        ({"order_number": "A-1"}, {"status": "0"}),
        ({"status": -1}, {"complate_date": ZERO_DATE}),
    ],
)
@pytest.mark.parametrize("count", [40])
def test_what_is_filled_in_agrees(
    tmp_path: Path, given: dict[str, Any], expected: dict[str, str], count: int
) -> None:
    for room in rooms_of(tmp_path, {**given, "count": count}):
        assert problems(room) == [], room
        for name, value in {**given, **expected}.items():
            assert room[name] == (str(value) if isinstance(value, int) else value)


def test_what_is_filled_in_lies_before_the_clock(tmp_path: Path) -> None:
    entry = {"reg_date": "now-1m", "status": [2, 3, 4], "count": 60}
    ends = [str(room["complate_date"]) for room in rooms_of(tmp_path, entry)]
    assert max(ends) == "2022-05-26 13:00:00"


def test_users_id_names_the_customer(tmp_path: Path) -> None:
    (room,) = rooms_of(tmp_path, {"users_id": "minji"})
    assert str(room["customer_uuid"]).endswith("_minji")


def test_a_name_has_one_id_everywhere(tmp_path: Path) -> None:
    rooms = rooms_of(tmp_path, {"cate_name1": "우리만의 분류", "count": 5}, {"cate_name1": "우리만의 분류"})
    assert len({room["category_id"] for room in rooms}) == 1
    known = rooms_of(tmp_path, {"cate_name1": "배송", "count": 20}, {"cate_name2": "배송지연"})
    assert len({room["category_id"] for room in known}) == 1
    assert len({room["cate_name2"] for room in known}) > 1


def test_repeats(tmp_path: Path) -> None:
    rooms = rooms_of(tmp_path, {"reg_date": "today-1 09:00:00", "every": "90s", "count": 3, "status": [0, 1]})
    assert [room["reg_date"][11:] for room in rooms if room["reg_date"]] == [
        "09:00:00",
        "09:01:30",
        "09:03:00",
    ]
    assert [room["status"] for room in rooms] == ["0", "1", "0"]
    assert len({room["id"] for room in rooms}) == 3
    lists = rooms_of(tmp_path, {"title": ["가", "나", "다"], "out_api": ["0", "2"]})
    assert [(room["title"], room["out_api"]) for room in lists] == [("가", "0"), ("나", "2"), ("다", "0")]
    spread = rooms_of(tmp_path, {"day": "today", "count": 200})
    assert {str(room["reg_date"])[:10] for room in spread} == {"2022-05-26"}
    assert all("09" <= str(room["reg_date"])[11:13] <= "17" for room in spread)
    from_midnight = rooms_of(tmp_path, {"day": "2022-05-20", "every": "1h", "count": 2})
    assert [room["reg_date"] for room in from_midnight] == ["2022-05-20 00:00:00", "2022-05-20 01:00:00"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-05-01 10:00:00", "2022-05-01 10:00:00"),
        ("today 10:00:00", "2022-05-26 10:00:00"),
        ("today-26 23:59:59", "2022-04-30 23:59:59"),
        ("today+1 00:00:00", "2022-05-27 00:00:00"),
        ("now", "2022-05-26 13:00:00"),
        ("now-2h", "2022-05-26 11:00:00"),
        ("now+1d", "2022-05-27 13:00:00"),
    ],
)
def test_moments(tmp_path: Path, text: str, expected: str) -> None:
    (room,) = rooms_of(tmp_path, {"reg_date": text, "status": 0})
    assert room["reg_date"] == expected


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2022-02-30 10:00:00", "2022-05-01", "2022-5-1 10:00:00", "today", "today 24:00:00", "now-",
        "now-1w", "today-x 10:00:00", "2022-05-01 10:00", "2022-05-01T10:00:00", "+5m", ZERO_DATE, " now",
        "2022-05-01  10:00:00",
    ],
)  # fmt: skip
def test_no_moments(text: str) -> None:
    assert parse_moment(text) is None


def test_spans_and_days() -> None:
    assert [parse_span(text) for text in (0, 90, "90", "90s", "5m", "2h", "1d")] == [
        0, 90, 90, 90, 300, 7200, 86_400,
    ]  # fmt: skip
    assert [parse_span(text) for text in (-1, True, 1.5, "", "m", "1w", "-1s", None)] == [None] * 8
    assert parse_day("2022-02-30") is None
    assert parse_day(7) is None


def test_ends_relative_to_the_beginning(tmp_path: Path) -> None:
    (room,) = rooms_of(tmp_path, {"reg_date": "2022-05-26 09:00:00", "complate_date": "+5m"})
    assert (room["complate_date"], room["status"]) == ("2022-05-26 09:05:00", "2")


def test_toml_says_the_same(tmp_path: Path) -> None:
    text = """
        now = "2022-05-26T13:00:00+09:00"
        token = "mine"
        [[rooms]]
        reg_date = 2022-05-26 09:00:00
        status = 2
        users_id = "x"
        [[rooms]]
        day = 2022-05-25
        count = 2
        [[system_messages.my-key]]
        name = "하나"
        createdAt = "today-3 09:00:00"
    """
    path = written(tmp_path, text, "mine.toml")
    rooms, messages = made(path)
    assert [room["reg_date"] for room in rooms[:1]] == ["2022-05-26 09:00:00"]
    assert len(rooms) == 3
    assert messages["my-key"][0]["createdAt"] == "2022-05-23 09:00:00"
    assert load(path).token == "mine"
    same = {
        "now": "2022-05-26T13:00:00+09:00",
        "rooms": [
            {"reg_date": "2022-05-26 09:00:00", "status": 2, "users_id": "x"},
            {"day": "2022-05-25", "count": 2},
        ],
        "system_messages": {"my-key": [{"name": "하나", "createdAt": "today-3 09:00:00"}]},
    }
    assert made(written(tmp_path, same)) == (rooms, messages)


def test_messages_without_a_sender_are_the_first_senders(tmp_path: Path) -> None:
    _, messages = made(written(tmp_path, {"system_messages": [{"id": 5}, {}]}))
    assert [message["id"] for message in messages[""]] == [5, 1]


def test_messages_without_an_id_get_one_that_no_other_has(tmp_path: Path) -> None:
    senders = {"a": [{"id": 2}, {}, {}], "b": [{}, {"id": 1}]}
    _, messages = made(written(tmp_path, {"system_messages": senders}))
    assert {key: [one["id"] for one in found] for key, found in messages.items()} == {
        "a": [2, 3, 4],
        "b": [5, 1],
    }


@pytest.mark.parametrize(
    "room",
    [
        {"day": "today-999999"},
        {"reg_date": "now+999999999d"},
        {"reg_date": "9999-12-31 23:59:59", "status": 2},
        {"status": 2, "complate_date": "+999999999d"},
        {"complate_date": "0001-01-01 00:00:00"},
        {"day": "2022-05-26", "every": "9999d", "count": 1000},
    ],
)
def test_dates_outside_the_calendar_are_told(tmp_path: Path, room: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match=r"rooms\[0\]: received .* outside the calendar"):
        rooms_of(tmp_path, room)


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ({"createdAt": "2022-05-26 10:00:00", "modifiedAt": "2022-05-26 09:59:59"}, "modifiedAt"),
        ({"inspectRequestAt": "2022-05-02 10:00:00", "inspectedAt": "2022-05-01 10:00:00"}, "inspectedAt"),
        ({"inspectStatus": "REG", "inspectedAt": "2022-05-01 10:00:00"}, "inspectedAt"),
        ({"createdAt": "now-999999999d"}, ""),
    ],
)
def test_dates_of_messages_that_contradict_are_told(
    tmp_path: Path, message: dict[str, Any], field: str
) -> None:
    path = written(tmp_path, {"system_messages": {"key": [{}, message]}})
    with pytest.raises(ScenarioError) as error:
        made(path)
    assert error.value.field == f"system_messages.key[1]{field and '.' + field}"


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "bom.json"
    path.write_text('{"rooms": [{}]}', encoding="utf-8-sig")
    assert len(made(str(path))[0]) == 1


# --- what may not stand there ---


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ([], "mine.json: received []; expected an object with rooms and system_messages"),
        ({"room": []}, "mine.json: room: there is no such field; did you mean 'rooms'?"),
        ({"xyz": 1}, "allowed: description, now, token, rooms, system_messages"),
        ({"now": "noon"}, "mine.json: now: received \"noon\"; expected a moment"),
        ({"now": 5}, "mine.json: now: received 5; expected text"),
        ({"token": 5}, "mine.json: token: received 5; expected text"),
        ({"description": 5}, "mine.json: description: received 5; expected text"),
        ({"rooms": {}}, "mine.json: rooms: received {}; expected a list"),
        ({"rooms": [1]}, "mine.json: rooms[0]: received 1; expected an object with the fields of a room"),
        (
            {"rooms": [{}, {"titel": ""}]},
            "mine.json: rooms[1].titel: there is no such field; did you mean 'title'?",
        ),
        ({"rooms": [{"complete_date": ""}]}, "did you mean 'complate_date'?"),
        ({"rooms": [{"title": 1.5}]}, "rooms[0].title: received 1.5; expected text"),
        ({"rooms": [{"title": True}]}, "rooms[0].title: received true; expected text"),
        ({"rooms": [{"title": None}]}, "rooms[0].title: received null; expected text"),
        ({"rooms": [{"title": []}]}, "rooms[0].title: received []; expected at least one value"),
        ({"rooms": [{"users_id": 1.5}]}, "rooms[0].users_id: received 1.5; expected text or null"),
        ({"rooms": [{"parameter1": "가" * 21}]}, "expected at most 20 characters, not 21"),
        ({"rooms": [{"status": 99}]}, "rooms[0].status: received \"99\"; expected one of '-2', '-1', '0'"),
        ({"rooms": [{"out_api": "7"}]}, "rooms[0].out_api: received \"7\"; expected one of '0', '1', '2'"),
        (
            {"rooms": [{"phone_os": "a"}]},
            "rooms[0].phone_os: received \"a\"; expected one of '', 'A', 'I', 'W'",
        ),
        ({"rooms": [{"parcel_companycode": "2"}]}, "rooms[0].parcel_companycode: received \"2\""),
        (
            {"rooms": [{"reg_date": "2022-02-30 00:00:00"}]},
            "rooms[0].reg_date: received \"2022-02-30 00:00:00\"; expected 2022-05-26 12:38:32, today-1 09:00:00",
        ),
        (
            {"rooms": [{"complate_date": "soon"}]},
            "rooms[0].complate_date: received \"soon\"; expected 2022-05-26",
        ),
        (
            {"rooms": [{"day": "2022-05-32"}]},
            "rooms[0].day: received \"2022-05-32\"; expected 2022-05-26, today",
        ),
        ({"rooms": [{"day": ["today"]}]}, "rooms[0].day: received [\"today\"]; expected one value"),
        (
            {"rooms": [{"day": "today", "reg_date": "now"}]},
            "rooms[0].day: received \"day and reg_date\"; expected one of the two",
        ),
        ({"rooms": [{"every": 5}]}, "rooms[0].every: received 5; expected day or reg_date beside it"),
        ({"rooms": [{"day": "today", "every": "x"}]}, "rooms[0].every: received \"x\"; expected seconds"),
        ({"rooms": [{"count": 0}]}, "rooms[0].count: received 0; expected a number from 1 to 100000"),
        ({"rooms": [{"count": "5"}]}, "rooms[0].count: received \"5\""),
        ({"rooms": [{"id": "a"}, {"id": "a"}]}, "rooms[1].id: 'a' is the id of rooms[0] already"),
        ({"rooms": [{"id": "a", "count": 2}]}, "rooms[0].id: 'a' is the id of rooms[0] already"),
        ({"rooms": [{"id": ""}]}, "rooms[0].id: received \"\"; expected an id"),
        ({"system_messages": 5}, "system_messages: received 5; expected a list of messages, or such lists"),
        ({"system_messages": {"k": 5}}, "system_messages.k: received 5; expected a list"),
        ({"system_messages": [5]}, "system_messages[0]: received 5; expected an object"),
        ({"system_messages": [{"nam": ""}]}, "did you mean 'name'?"),
        ({"system_messages": [{"id": "5"}]}, "system_messages[0].id: received \"5\"; expected a number"),
        (
            {"system_messages": [{"status": "B"}]},
            "system_messages[0].status: received \"B\"; expected one of A, T, S",
        ),
        ({"system_messages": [{"createdAt": "x"}]}, "system_messages[0].createdAt: received \"x\""),
        ({"system_messages": [{"createdAt": None}]}, "system_messages[0].createdAt: received null"),
        (
            {"system_messages": [{"id": 1}, {"id": 1}]},
            "system_messages[1].id: received 1; expected an id that no other message has",
        ),
        (
            {"system_messages": {"k": [{"messages": [{"messageType": "BL", "buttons": [{}]}]}]}},
            "system_messages.k[0].messages[0].buttons: received [{}]; expected none: BL cannot use buttons",
        ),
        (
            {"system_messages": [{"messages": [{"buttons": [{"linkType": "XX"}]}]}]},
            "messages[0].buttons[0].linkType: received \"XX\"; expected one of WL, AL, BK, MD",
        ),
    ],
)  # fmt: skip
def test_errors_name_file_entry_field_received_and_allowed(tmp_path: Path, document: Any, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load(written(tmp_path, document))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("room", "said"),
    [
        ({"status": 2, "complate_date": ZERO_DATE}, "expected the moment it was completed, for status 2"),
        ({"status": 0, "complate_date": "+1m"}, "expected 0000-00-00 00:00:00, for the open status 0"),
        (
            {"reg_date": "2022-05-26 10:00:00", "complate_date": "2022-05-26 09:59:59"},
            "rooms[0].complate_date: received \"2022-05-26 09:59:59\"; expected not before reg_date",
        ),
    ],
)  # fmt: skip
def test_dates_that_contradict_are_told(tmp_path: Path, room: dict[str, Any], said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        rooms_of(tmp_path, room)
    assert said in str(error.value)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"gone\.toml: cannot be read: No such file"):
        load(str(tmp_path / "gone.toml"))
    with pytest.raises(
        ScenarioError, match=r"no scenario named 'gone'; there are: documented, empty, .*or give"
    ):
        load("gone")
    with pytest.raises(ScenarioError, match=r"mine\.toml: not TOML: .*line 2"):
        load(written(tmp_path, "rooms = []\n? = 1", "mine.toml"))
    with pytest.raises(ScenarioError, match=r"mine\.json: not JSON: .*line 1"):
        load(written(tmp_path, "{", "mine.json"))
    latin = tmp_path / "latin.json"
    latin.write_bytes(b'{"description": "\xe9"}')
    with pytest.raises(ScenarioError, match=r"latin\.json: not UTF-8 at byte 17"):
        load(str(latin))
    with pytest.raises(ScenarioError, match=r"cannot be read"):
        load(str(tmp_path) + "/.json")
    for name, digits in (("long.toml", "id = " + "9" * 5000), ("long.json", '{"id": ' + "9" * 5000 + "}")):
        with pytest.raises(ScenarioError, match=r"long\.\w+: not (TOML|JSON)"):
            load(written(tmp_path, digits, name))
    half = tmp_path / "half.json"
    half.write_text('{"description": "\\ud800"}', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"half\.json: half a surrogate pair"):
        load(str(half))
    deep = written(tmp_path, '{"rooms": ' + "[" * 100_000, "deep.json")
    with pytest.raises(ScenarioError, match="not JSON"):
        load(deep)


def test_the_documentation_s_example_loads(tmp_path: Path) -> None:
    page = Path(__file__).resolve().parents[1] / "docs" / "scenarios.md"
    example = page.read_text(encoding="utf-8").split("```toml\n")[1].split("```")[0]
    rooms, messages = made(written(tmp_path, example, "mine.toml"))
    assert len(rooms) == 31
    assert messages["my-sender-key"][0]["inspectStatus"] == "REQ"
    for name in NAMES:
        assert f"| `{name}` |" in page.read_text(encoding="utf-8")
