"""Drifts of the envelope's and the rooms' fields: type, missing, renamed, null, format, agreement."""

from __future__ import annotations

import re
from typing import Any, Final

from ...core.clock import ZERO_DATE
from .drift import Apply, Drift, rows_of
from .room_lists import Page, Room, moved, on_list, on_rooms
from .stated import ENVELOPE, FIELDS, JSON, STEADY

_row = rows_of("fields")
_DATES: Final = ("reg_date", "complate_date")
_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)


def _numbers(*names: str) -> Apply:
    def change(room: Room, _page: Page) -> None:
        for name in names:
            if isinstance(room[name], str) and _INTEGER.fullmatch(room[name]):
                room[name] = int(room[name])

    return on_rooms(change)


def _numeric_check(room: Room, _page: Page) -> None:
    # What PHP's json_encode does under JSON_NUMERIC_CHECK, the usual way for such an API to change types.
    for name, value in room.items():
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            room[name] = int(value)


def _missing(*names: str) -> Apply:
    def change(room: Room, _page: Page) -> None:
        for name in names:
            del room[name]

    return on_rooms(change)


def _renamed(names: dict[str, str]) -> Apply:
    def change(page: Page) -> None:
        page.data["chat_list"] = [
            {names.get(name, name): value for name, value in room.items()} for room in page.rooms
        ]

    return on_list(change)


def _camel(page: Page) -> None:
    page.data["chat_list"] = [
        {re.sub("_(.)", lambda found: found[1].upper(), name): value for name, value in room.items()}
        for room in page.rooms
    ]


def _parameters_as_list(room: Room, _page: Page) -> None:
    room["parameters"] = [room.pop(f"parameter{number}") for number in range(1, 11)]


def _empty_as_null(room: Room, _page: Page) -> None:
    for name, value in room.items():
        room[name] = None if value == "" else value


def _null_while_waiting(room: Room, _page: Page) -> None:
    if room["status"] in ("-2", "-1", "0"):
        room["counselor_name"] = room["counselor_nickname"] = None


def _zero_as(written: Any) -> Apply:
    def change(room: Room, _page: Page) -> None:
        if room["complate_date"] == ZERO_DATE:
            room["complate_date"] = written

    return on_rooms(change)


def _iso(room: Room, _page: Page) -> None:
    for name in _DATES:
        if room[name] != ZERO_DATE:
            room[name] = room[name].replace(" ", "T") + "+09:00"


def _milliseconds(room: Room, _page: Page) -> None:
    room["reg_date"] += ".000"


def _without_seconds(room: Room, _page: Page) -> None:
    if room["complate_date"] != ZERO_DATE:
        room["complate_date"] = room["complate_date"][:16]


def _done_without_end(room: Room, page: Page) -> None:
    if room["status"] == "2" and page.context.picks(room["id"], 4):
        room["complate_date"] = ZERO_DATE


def _open_with_end(room: Room, _page: Page) -> None:
    if room["status"] in ("0", "1"):
        room["complate_date"] = moved(room["reg_date"], 600)


def _end_before_start(room: Room, page: Page) -> None:
    if room["complate_date"] != ZERO_DATE and page.context.picks(room["id"], 4):
        room["complate_date"] = moved(room["reg_date"], -60)


def _no_users_id(room: Room, _page: Page) -> None:
    if room["users_id"] is None:
        del room["users_id"]


def _kakao_number(room: Room, _page: Page) -> None:
    if room["out_api"] == "2":
        room["out_api"] = 2


def _deleted_without_message(room: Room, _page: Page) -> None:
    if room["status"] == "3":
        del room["last_message"]


def _mojibake(room: Room, _page: Page) -> None:
    room["last_message"] = room["last_message"].encode().decode("latin-1")


def _same_id(page: Page) -> None:
    if len(page.rooms) > 1:
        page.rooms[-1]["id"] = page.rooms[0]["id"]


def _set(name: str, value: Any) -> Apply:
    def change(page: Page) -> None:
        page.payload[name] = value

    return on_list(change)


def _unwrapped(page: Page) -> None:
    page.payload.update(page.payload.pop("data"))


def _list_as_object(page: Page) -> None:
    start = page.asked.offset
    page.data["chat_list"] = {str(start + number): room for number, room in enumerate(page.rooms)}


def _no_total(page: Page) -> None:
    del page.data["total_count"]


def _null_list(page: Page) -> None:
    page.data["chat_list"] = page.rooms or None


def _list_data(page: Page) -> None:
    if not page.rooms:
        page.payload["data"] = []


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "status-as-number",
        FIELDS,
        "a room's status is a number",
        "상담방 상태가 문자열이 아니라 숫자로 온다",
        _numbers("status"),
    ),
    _row(
        "category-ids-as-numbers",
        FIELDS,
        "category_id and division_id are numbers",
        "대분류·중분류 ID가 숫자로 온다",
        _numbers("category_id", "division_id"),
    ),
    _row(
        "numeric-text-as-numbers",
        FIELDS,
        "whatever looks like a whole number is one",
        "숫자처럼 보이는 모든 값이 숫자로 온다",
        on_rooms(_numeric_check),
    ),
    _row(
        "out-api-number-when-kakao",
        FIELDS,
        "out_api is the number 2 for KakaoTalk, text otherwise",
        "카카오톡 상담방만 out_api가 숫자 2로 온다",
        on_rooms(_kakao_number),
        when="rooms from KakaoTalk",
    ),
    _row("title-missing", FIELDS, "title is not there", "title 필드가 없다", _missing("title")),
    _row(
        "parameter10-missing",
        FIELDS,
        "parameter10 is not there",
        "parameter10 필드가 없다",
        _missing("parameter10"),
    ),
    _row(
        "users-id-missing-when-null",
        FIELDS,
        "users_id is left out where it is null",
        "users_id가 null이면 필드 자체가 빠진다",
        on_rooms(_no_users_id),
        when="customers without an own id",
    ),
    _row(
        "last-message-missing-when-deleted",
        FIELDS,
        "deleted rooms have no last_message",
        "삭제된 상담방에는 last_message 필드가 없다",
        on_rooms(_deleted_without_message),
        when="deleted rooms",
    ),
    _row(
        "complate-date-spelt-right",
        FIELDS,
        "complate_date is called complete_date",
        "complate_date의 철자가 complete_date로 고쳐졌다",
        _renamed({"complate_date": "complete_date"}),
    ),
    _row(
        "category-names-renamed",
        FIELDS,
        "cate_name1 and cate_name2 are called category_name and division_name",
        "cate_name1, cate_name2의 이름이 category_name, division_name으로 바뀌었다",
        _renamed({"cate_name1": "category_name", "cate_name2": "division_name"}),
    ),
    _row(
        "camel-case-fields",
        FIELDS,
        "field names are camelCase",
        "필드 이름이 카멜 표기로 온다",
        on_list(_camel),
    ),
    _row(
        "parameters-as-list",
        FIELDS,
        "parameter1 to parameter10 are one list, parameters",
        "parameter1~10이 parameters 배열 하나로 합쳐졌다",
        on_rooms(_parameters_as_list),
    ),
    _row(
        "empty-text-as-null",
        FIELDS,
        'null stands where the page shows ""',
        "빈 문자열 대신 null이 온다",
        on_rooms(_empty_as_null),
    ),
    _row(
        "counselor-null-while-waiting",
        FIELDS,
        "rooms nobody has taken yet have a null counsellor",
        "접수 전 상담방의 상담사 이름과 별명이 null이다",
        on_rooms(_null_while_waiting),
        when="rooms of status -2, -1 or 0",
    ),
    _row(
        "zero-date-as-null",
        FIELDS,
        "complate_date is null while a room is open",
        "완료되지 않은 상담방의 complate_date가 null이다",
        _zero_as(None),
    ),
    _row(
        "zero-date-as-empty-text",
        FIELDS,
        'complate_date is "" while a room is open',
        "완료되지 않은 상담방의 complate_date가 빈 문자열이다",
        _zero_as(""),
    ),
    _row(
        "dates-in-iso-8601",
        FIELDS,
        "dates are 2022-05-26T12:38:32+09:00",
        "날짜가 ISO 8601 형식(T, 시간대 포함)으로 온다",
        on_rooms(_iso),
    ),
    _row(
        "reg-date-with-milliseconds",
        FIELDS,
        "reg_date has milliseconds",
        "reg_date에 밀리초가 붙는다",
        on_rooms(_milliseconds),
    ),
    _row(
        "complate-date-without-seconds",
        FIELDS,
        "complate_date ends at the minute",
        "complate_date에 초가 없다",
        on_rooms(_without_seconds),
    ),
    _row(
        "done-room-with-zero-date",
        FIELDS,
        "some rooms of status 2 have the zero date",
        "완료(2) 상담방 일부의 complate_date가 0이다",
        on_rooms(_done_without_end),
        when="one done room in four",
    ),
    _row(
        "open-room-with-end-date",
        FIELDS,
        "rooms of status 0 and 1 have a completion time",
        "완료 전(0, 1) 상담방에 종료 일시가 있다",
        on_rooms(_open_with_end),
        when="rooms of status 0 or 1",
    ),
    _row(
        "completed-before-registered",
        FIELDS,
        "some rooms end a minute before they begin",
        "일부 상담방의 종료 일시가 등록 일시보다 앞선다",
        on_rooms(_end_before_start),
        when="one ended room in four",
    ),
    _row(
        "last-message-mojibake",
        JSON,
        "last_message is UTF-8 read as Latin-1 and encoded again",
        "last_message의 한글이 이중 인코딩되어 깨진다",
        on_rooms(_mojibake),
    ),
    _row(
        "id-repeated-on-page",
        STEADY,
        "the last room of a page has the id of the first",
        "한 페이지의 마지막 상담방 ID가 첫 상담방 ID와 같다",
        on_list(_same_id),
    ),
    _row(
        "result-in-capitals",
        ENVELOPE,
        "result is SUCCESS",
        "result가 SUCCESS로 온다",
        _set("result", "SUCCESS"),
    ),
    _row("result-as-true", ENVELOPE, "result is true", "result가 true로 온다", _set("result", True)),
    _row(
        "data-unwrapped",
        ENVELOPE,
        "page, limit, total_count and chat_list stand beside result, without data",
        "data 없이 page, chat_list 등이 최상위에 온다",
        on_list(_unwrapped),
    ),
    _row(
        "total-count-missing",
        ENVELOPE,
        "total_count is not there",
        "total_count 필드가 없다",
        on_list(_no_total),
    ),
    _row(
        "chat-list-object-from-page-2",
        ENVELOPE,
        "from page 2 on chat_list is an object with the rooms' numbers as keys",
        "2페이지부터 chat_list가 배열이 아니라 번호를 키로 하는 객체다",
        on_list(_list_as_object, lambda asked: asked.page > 1),
        when="page 2 and later",
    ),
    _row(
        "chat-list-null-when-empty",
        ENVELOPE,
        "chat_list is null where no room matches",
        "상담방이 없으면 chat_list가 null이다",
        on_list(_null_list),
        when="an empty page",
    ),
    _row(
        "data-list-when-empty",
        ENVELOPE,
        "data is an empty list where no room matches",
        "상담방이 없으면 data가 빈 배열이다",
        on_list(_list_data),
        when="an empty page",
    ),
)
