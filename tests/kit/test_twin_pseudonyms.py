"""Pseudonyms: no one's words are left, and all that tests rely on is."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kit.test_plans import digest

from happytalk_contract.core.model import Response
from happytalk_contract.twin.folder import told_body
from happytalk_contract.twin.made import Made
from happytalk_contract.twin.parcels import parcel
from happytalk_contract.twin.permuting import alphabet, disguised, permuted
from happytalk_contract.twin.pseudonyms import Originals, Pseudonyms

KEY, OTHER = b"k" * 32, b"o" * 32
TODAY = date(2026, 11, 20)
ROOM: dict[str, Any] = {
    "id": "6a1e2893cbfbfTSDc66M6MvVeYpG2a",
    "title": "환불 문의",
    "users_id": "testuser",
    "customer_uuid": "1000225570_testuser",
    "counselor_name": "김상담",
    "order_number": "20261119-0001234",
    "parcel_number": "636412345672",
    "parcel_companycode": "4",
    "reg_date": "2026-11-19 10:11:12",
    "complate_date": "0000-00-00 00:00:00",
    "status": "2",
    "etc_assign": "",
    "parameter1": None,
    "last_message": "김상담님, testuser 고객의 주문 20261119-0001234 확인 010-1234-5678",
}


def words(*rooms: dict[str, Any], key: bytes = KEY) -> Pseudonyms:
    return Pseudonyms(key, TODAY, rooms or (ROOM,))


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 2, 9, 10, 81, 1000, 11172])
def test_numbers_are_permuted(size: int) -> None:
    assert sorted(permuted(number, size, KEY, b"t") for number in range(size)) == list(range(size))


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_a_text_keeps_its_form(text: str) -> None:
    made = disguised(text, KEY)
    assert len(made) == len(text)
    assert [alphabet(char) for char in made] == [alphabet(char) for char in text]
    assert all(one == other for one, other in zip(made, text, strict=True) if not alphabet(other))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab가힣09 -", max_size=6), min_size=2, max_size=12, unique=True))
def test_what_is_different_stays_different(texts: list[str]) -> None:
    made = words({"id": "x"})
    assert len({made.text(text) for text in texts}) == len(texts)


def test_a_key_makes_the_same_pseudonyms_as_ever() -> None:
    """Twins of one account that were learnt with one key go on to be comparable."""
    made = [disguised(text, KEY) for text in ("배송 문의 010-1234-5678", "Ab9_z", "쀍 ㄱ 漢字 é")]
    assert made == ["꽡틒 믠븿 088-7315-6638", "Pq1_b", "듘 ㄝ 漹嬨 à"]
    assert (disguised("0123", KEY, b"t"), disguised("0123", KEY, b"t", inside=True)) == ("0735", "0560")
    assert words().value(ROOM) == ROOM | {
        "id": "66baad93cbfbfNUYh33I5GsEbUgZ8z",
        "title": "뻶헇 쾦셗",
        "users_id": "symcwxfy",
        "customer_uuid": "5142875642_symcwxfy",
        "counselor_name": "휢푒럼",
        "order_number": "20250130-0734797",
        "parcel_number": "626831751551",
        "reg_date": "2025-01-30 10:11:12",
        "last_message": "휢푒럼쁢, symcwxfy 삿귎춆 졇먢 20250130-0734797 럾왵 012-1855-3469",
    }


def test_a_room_keeps_what_tests_rely_on() -> None:
    made = words().value(ROOM)
    assert made["users_id"] == made["customer_uuid"].partition("_")[2]
    assert made["complate_date"] == ROOM["complate_date"]
    assert (made["status"], made["parcel_companycode"], made["etc_assign"], made["parameter1"]) == (
        "2",
        "4",
        "",
        None,
    )
    assert made["reg_date"][10:] == " 10:11:12"
    assert {len(made[name]) - len(ROOM[name]) for name in ROOM if ROOM[name]} == {0}
    for name in ("counselor_name", "users_id", "order_number"):
        assert made[name] in made["last_message"]
        assert ROOM[name] not in made["last_message"]


def test_a_page_that_reads_as_a_date_is_none() -> None:
    asked = {"page": "20261128", "limit": 20261128, "status": "20261128", "ndate": "20261128"}
    told = words().dated(asked)
    assert told.pop("ndate") != asked.pop("ndate")
    assert told == asked


def test_dates_move_alike_wherever_they_stand() -> None:
    one = words()
    made = one.value(ROOM)
    day = (date(2026, 11, 19) + one.shift).isoformat()
    assert one.shift.days % 7 == 0
    assert made["reg_date"].startswith(day)
    assert made["order_number"].startswith(day.replace("-", ""))
    assert int(made["id"][:8], 16) - int(ROOM["id"][:8], 16) == one.shift.total_seconds()
    assert one.dated({"ndate": "2026-11-19", "sdate": 20261119, "limit": 3, "edate": "2022-02-30"}) == {
        "ndate": day, "sdate": int(day.replace("-", "")), "limit": 3, "edate": "2022-02-30",
    }  # fmt: skip


def test_the_key_alone_makes_them() -> None:
    assert words().value(ROOM) == words().value(ROOM)
    mine, other = words().value(ROOM), words(key=OTHER).value(ROOM)
    assert all(mine[name] != other[name] for name in ("id", "users_id", "counselor_name", "last_message"))


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        ("636412345672", lambda made: int(made[2:-1]) % 7 == int(made[-1])),
        ("123456789014", lambda made: int(made[:-1]) % 7 == int(made[-1])),
        ("EE123456785KR", lambda made: re.fullmatch(r"EE\d{9}KR", made)),
        ("1234-5678", lambda made: re.fullmatch(r"\d{4}-\d{4}", made)),
    ],
)
def test_a_parcel_number_keeps_its_form_and_check_digit(number: str, is_right: Any) -> None:
    if number.isdigit():
        number = number[:-1] + str((int(number[2:-1]) if number[0] == "6" else int(number[:-1])) % 7)
    made = parcel(number, KEY)
    assert made != number
    assert is_right(made)


def test_parcel_numbers_are_made_as_ever() -> None:
    """Those of Korean couriers, which have a check digit or none, and of the post, right and wrong."""
    numbers = [
        str(10**length + step * 7919 + 104_729)[:length] for length in range(9, 16) for step in range(16)
    ]
    numbers += [f"RR{step * 7_919_131 % 10**9:09}KR" for step in range(48)]
    assert digest(parcel(number, KEY) for number in numbers) == "1b93e9bb98cf9fa2"


def test_parcel_numbers_stay_different() -> None:
    numbers = [str(60_000_000_000 + step * 7919) + "3" for step in range(2000)]
    assert len({parcel(number, KEY) for number in numbers}) == len(numbers)


def test_ids_that_ties_go_by_keep_their_order() -> None:
    ids = ["zA1", "aB2", "mC3", "0D4"]
    one = Pseudonyms(KEY, TODAY, [{"id": each} for each in ids], [ids])
    made = [one.text(each) for each in sorted(ids)]
    assert all(before < after for before, after in pairwise(made))


def test_numbers_that_things_are_known_by_keep_their_order() -> None:
    one = words()
    assert one.value({"id": 175})["id"] - one.value({"id": 170})["id"] == 5
    assert one.value({"id": 175})["id"] != 175


@pytest.mark.slow
def test_sentences_can_be_made_up() -> None:
    made = Made(KEY, TODAY, (ROOM,)).value(ROOM)
    assert made["last_message"] != ROOM["last_message"]
    assert abs(len(made["last_message"]) - len(ROOM["last_message"])) < 15
    assert made["users_id"] == words().value(ROOM)["users_id"]


def test_test_data_can_be_kept_as_they_came() -> None:
    assert Originals().value(ROOM) == ROOM
    assert Originals().dated({"ndate": "2026-11-19"}) == {"ndate": "2026-11-19"}


def test_what_stands_around_lists_is_kept_where_it_is_the_apis_own() -> None:
    body = orjson.dumps(
        {
            "result": "success",
            "api_version": "2.1",
            "shop": "홍길순 상점",
            "data": {"total_count": 1, "chat_list": [ROOM]},
        }
    )
    told = orjson.loads(told_body("rooms", answer(body), words()))
    assert (told["api_version"], told["data"]["total_count"]) == ("2.1", 1)
    assert told["shop"] != "홍길순 상점"
    assert told["data"]["chat_list"] == [words().value(ROOM)]


PHONE, NAME = "010-9876-5432", "홍길순"
#: Answers that hold a name or a phone where no list of rooms is looked for.
ODD_ANSWERS = {
    "a list that broke off": b'{"result":"success","data":{"chat_list":[{"users_id":"' + NAME.encode(),
    "another charset": f'{{"chat_list":[{{"users_id":"{NAME}","phone":"{PHONE}"'.encode("euc-kr"),
    "rooms as data": orjson.dumps({"result": "success", "data": [{"users_id": NAME, PHONE: 1}]}),
    "rooms elsewhere": orjson.dumps({"result": "success", "rooms": [{"users_id": NAME}], "data": {}}),
    "a list in a failure": orjson.dumps({"result": "fail", "data": {"chat_list": [{"users_id": NAME}]}}),
    "a list in no success": orjson.dumps({"Result": "OK", "data": [{"users_id": NAME}]}),
    "text as data": orjson.dumps({"result": "success", "data": f"{NAME} {PHONE}"}),
    "an object as a list": orjson.dumps({"result": "success", "data": {"chat_list": {PHONE: {"a": NAME}}}}),
    "a message in data": orjson.dumps({"result": "success", "data": {"message": NAME, "chat_list": []}}),
    "a name around": orjson.dumps({"result": "success", "by": "Hong G", "tel": 1098765432, "data": None}),
    "a bare list": orjson.dumps([NAME, {"at": 37.566535}]),
    "a code that is none": orjson.dumps({"result": "success", "data": [{"status": NAME, "out_api": PHONE}]}),
}


@pytest.mark.parametrize("kept", ["whole", "ids", "count"])
@pytest.mark.parametrize("body", ODD_ANSWERS.values(), ids=ODD_ANSWERS)
def test_nobodys_words_stay_wherever_an_answer_has_them(body: bytes, kept: Any) -> None:
    told = told_body("rooms", answer(body), words(), kept=kept)
    for planted in (NAME, PHONE, PHONE.replace("-", ""), "Hong", "1098765432", "37.566"):
        for form in (planted.encode(), planted.encode("euc-kr"), orjson.dumps(planted)):
            assert form not in told
    if kept == "count":
        assert b'"users_id"' not in told or b"chat_list" not in body


def test_the_words_of_failures_are_the_apis_own() -> None:
    for status, body in (
        (404, b"<h1>Not Found</h1>"),
        (200, b'{"result": "fail", "code": "-501", "message": "token"}'),
    ):
        assert told_body("rooms", answer(body, status), words()) == body


def answer(body: bytes, status: int = 200) -> Response:
    return Response(status=status, headers={}, body=body, seconds=0.1)
