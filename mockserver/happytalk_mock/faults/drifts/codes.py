"""Drifts of code lists: a value that has grown, or is written otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from ...spec.vocabulary import PHONE_OS, ROOM_STATUSES
from .drift import Apply, Drift, rows_of
from .room_lists import Page, Room, Where, on_rooms
from .stated import CODES

_row = rows_of("code lists")


def _now_and_then(
    name: str, value: str, one_in: int, *, only: Callable[[Room], bool] = bool, where: Where | None = None
) -> Apply:
    """Some rooms have a new value of a code."""

    def change(room: Room, page: Page) -> None:
        if only(room) and page.context.picks(room["id"], one_in):
            room[name] = value

    return on_rooms(change, where)


def _has(name: str) -> Callable[[Room], bool]:
    return lambda room: bool(room[name])


def _spelt_out(room: Room, _page: Page) -> None:
    room["phone_os"] = {"A": "Android", "I": "iOS", "W": "Web"}.get(room["phone_os"], room["phone_os"])


def _lower(room: Room, _page: Page) -> None:
    if room["phone_os"] in PHONE_OS:
        room["phone_os"] = room["phone_os"].lower()


def _as_word(room: Room, _page: Page) -> None:
    room["status"] = ROOM_STATUSES.get(int(room["status"]), room["status"])


def _padded(room: Room, _page: Page) -> None:
    if room["parcel_companycode"].isdigit():
        room["parcel_companycode"] = room["parcel_companycode"].zfill(2)


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "out-api-instagram",
        CODES,
        "some rooms come from Instagram, out_api 7",
        "일부 상담방의 out_api가 새 값 7(인스타그램)이다",
        _now_and_then("out_api", "7", 6),
    ),
    _row(
        "out-api-new-past-page-1",
        CODES,
        "out_api 9 is seen, but on no first page",
        "첫 페이지가 아닌 곳에서만 out_api 새 값 9가 나온다",
        _now_and_then("out_api", "9", 4, where=lambda asked: asked.page > 1),
        when="page 2 and later",
    ),
    _row(
        "status-5-seen",
        CODES,
        "some done rooms have a new status, 5",
        "완료 상담방 일부의 상태가 새 값 5이다",
        _now_and_then("status", "5", 6, only=lambda room: room["status"] == "2"),
    ),
    _row(
        "status-6-by-completion",
        CODES,
        "some deleted rooms have status 6 when sorted by completion",
        "종료일 정렬일 때만 삭제 상담방 일부의 상태가 새 값 6이다",
        _now_and_then(
            "status",
            "6",
            2,
            only=lambda room: room["status"] == "3",
            where=lambda asked: asked.sort_key == "complate_date",
        ),
        when="sort_key=complate_date, deleted rooms",
    ),
    _row(
        "status-as-word",
        CODES,
        "status is its Korean name",
        "상태가 코드가 아니라 한글 명칭으로 온다",
        on_rooms(_as_word),
    ),
    _row(
        "phone-os-harmony",
        CODES,
        "some rooms have phone_os H",
        "일부 상담방의 phone_os가 새 값 H이다",
        _now_and_then("phone_os", "H", 5, only=_has("phone_os")),
    ),
    _row(
        "phone-os-spelt-out",
        CODES,
        "phone_os is Android, iOS or Web",
        "phone_os가 Android, iOS, Web으로 풀어서 온다",
        on_rooms(_spelt_out),
    ),
    _row(
        "phone-os-lower-case",
        CODES,
        "phone_os is in lower case",
        "phone_os가 소문자로 온다",
        on_rooms(_lower),
    ),
    _row(
        "parcel-company-new",
        CODES,
        "some parcels go with a company of code 46",
        "일부 상담방의 택배사 코드가 목록에 없는 46이다",
        _now_and_then("parcel_companycode", "46", 3, only=_has("parcel_companycode")),
        when="rooms with a parcel, one in three",
    ),
    _row(
        "parcel-company-padded",
        CODES,
        "company codes have two digits, 04 for 4",
        "택배사 코드가 04처럼 두 자리로 채워진다",
        on_rooms(_padded),
        when="parcels of companies with one digit",
    ),
)
