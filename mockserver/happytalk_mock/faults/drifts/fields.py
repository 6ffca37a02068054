"""Drifts of the envelope's and the rooms' fields: type, missing, renamed, null, format, agreement."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from ...core.clock import ZERO_DATE
from .conditions import DELETED, DONE, EMPTY_PAGE, ENDED, GUESTS, LATER, NEVER_ENDED, of_status, picked
from .drift import Change, Record, area, drift, where
from .room_lists import Page, moved, on_list, on_rooms, setting

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})", re.ASCII)
_PARAMETERS: Final = tuple(f"parameter{number}" for number in range(1, 11))


def _numbers(*names: str) -> Change[Page]:
    """Whole numbers instead of text in these fields, or in all: as PHP's JSON_NUMERIC_CHECK does it."""

    def change(room: Record) -> None:
        for name in names or room:
            if isinstance(room[name], str) and _INTEGER.fullmatch(room[name]):
                room[name] = int(room[name])

    return on_rooms(change)


def _dropping(name: str) -> Change[Page]:
    return on_rooms(lambda room: room.pop(name))


def _renaming(renamed: Callable[[str], str]) -> Change[Page]:
    def change(page: Page) -> None:
        rooms = [{renamed(name): value for name, value in room.items()} for room in page.rooms]
        page.data["chat_list"] = rooms

    return on_list(change)


def _respelling(names: dict[str, str]) -> Change[Page]:
    return _renaming(lambda name: names.get(name, name))


def _camel(name: str) -> str:
    return re.sub("_(.)", lambda found: found[1].upper(), name)


def _parameters_as_list(room: Record) -> None:
    room["parameters"] = [room.pop(name) for name in _PARAMETERS]


def _empty_as_null(room: Record) -> None:
    room.update({name: None for name, value in room.items() if value == ""})


def _iso(room: Record) -> None:
    for name in ("reg_date", "complate_date"):
        if room[name] != ZERO_DATE:
            room[name] = room[name].replace(" ", "T") + "+09:00"


def _mojibake(room: Record) -> None:
    room["last_message"] = room["last_message"].encode().decode("latin-1")


def _same_id(page: Page) -> None:
    if len(page.rooms) > 1:
        page.rooms[-1]["id"] = page.rooms[0]["id"]


def _in_envelope(**values: Any) -> Change[Page]:
    return on_list(lambda page: page.payload.update(values))


def _list_as_object(page: Page) -> None:
    numbered = enumerate(page.rooms, page.asked.offset)
    page.data["chat_list"] = {str(number): room for number, room in numbered}


DRIFTS: Final = area(
    "fields",
    drift("status-as-number", _numbers("status")),
    drift("category-ids-as-numbers", _numbers("category_id", "division_id")),
    drift("numeric-text-as-numbers", _numbers()),
    drift(
        "out-api-number-when-kakao",
        setting(out_api=2),
        where("rooms from KakaoTalk", lambda room: room["out_api"] == "2"),
    ),
    drift("title-missing", _dropping("title")),
    drift("parameter10-missing", _dropping("parameter10")),
    drift("users-id-missing-when-null", _dropping("users_id"), GUESTS),
    drift("last-message-missing-when-deleted", _dropping("last_message"), DELETED),
    drift("complate-date-spelt-right", _respelling({"complate_date": "complete_date"})),
    drift(
        "category-names-renamed", _respelling({"cate_name1": "category_name", "cate_name2": "division_name"})
    ),
    drift("camel-case-fields", _renaming(_camel)),
    drift("parameters-as-list", on_rooms(_parameters_as_list)),
    drift("empty-text-as-null", on_rooms(_empty_as_null)),
    drift(
        "counselor-null-while-waiting",
        setting(counselor_name=None, counselor_nickname=None),
        of_status("rooms of status -2, -1 or 0", "-2", "-1", "0"),
    ),
    drift("zero-date-as-null", setting(complate_date=None), NEVER_ENDED),
    drift("zero-date-as-empty-text", setting(complate_date=""), NEVER_ENDED),
    drift("dates-in-iso-8601", on_rooms(_iso)),
    drift(
        "reg-date-with-milliseconds", on_rooms(lambda room: room.update(reg_date=room["reg_date"] + ".000"))
    ),
    drift(
        "complate-date-without-seconds",
        on_rooms(lambda room: room.update(complate_date=room["complate_date"][:16])),
        ENDED,
    ),
    drift(
        "done-room-with-zero-date",
        setting(complate_date=ZERO_DATE),
        DONE & picked(4, "one done room in four"),
    ),
    drift(
        "open-room-with-end-date",
        on_rooms(lambda room: room.update(complate_date=moved(room["reg_date"], 600))),
        of_status("rooms of status 0 or 1", "0", "1"),
    ),
    drift(
        "completed-before-registered",
        on_rooms(lambda room: room.update(complate_date=moved(room["reg_date"], -60))),
        ENDED & picked(4, "one ended room in four"),
    ),
    drift("last-message-mojibake", on_rooms(_mojibake)),
    drift("id-repeated-on-page", on_list(_same_id)),
    drift("result-in-capitals", _in_envelope(result="SUCCESS")),
    drift("result-as-true", _in_envelope(result=True)),
    drift("data-unwrapped", on_list(lambda page: page.payload.update(page.payload.pop("data")))),
    drift("total-count-missing", on_list(lambda page: page.data.pop("total_count"))),
    drift("chat-list-object-from-page-2", on_list(_list_as_object), LATER),
    drift("chat-list-null-when-empty", on_list(lambda page: page.data.update(chat_list=None)), EMPTY_PAGE),
    drift("data-list-when-empty", on_list(lambda page: page.payload.update(data=[])), EMPTY_PAGE),
)
