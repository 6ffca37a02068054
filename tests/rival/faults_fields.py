"""Faults in the fields of a room: types, names, nulls, dates, codes, and fields that disagree."""

from datetime import UTC, datetime
from typing import Any

from .data import PARAMETERS, STAMP, ZERO, Room
from .fault import (
    Fault,
    Test,
    always,
    drop,
    is_open,
    moved,
    null,
    number,
    one_in,
    put,
    rename,
    restamped,
    status_is,
    swap,
)


def _f(name: str, says: str, do: Any, breaks: str = "rooms-9", severity: str = "breaking") -> Fault:
    return Fault(name=name, breaks=breaks, says=says, stage="room", do=do, severity=severity)


def _grown(name: str, says: str, do: Any) -> Fault:
    return _f(name, says, do, breaks="rooms-10", severity="value")


def _every_number(_: Any, room: Room) -> None:
    for name, value in room.items():
        room[name] = number(value)


def _no_blanks(_: Any, room: Room) -> None:
    for name in [name for name, value in room.items() if value == ""]:
        del room[name]


def _blanks_are(value: Any, *names: str) -> Any:
    def do(_: Any, room: Room) -> None:
        for name in names or tuple(room):
            if room[name] == "":
                room[name] = value

    return do


def _camel(_: Any, room: Room) -> None:
    for name in list(room):
        head, *rest = name.split("_")
        room[head + "".join(map(str.title, rest))] = room.pop(name)


def _nested_parameters(_: Any, room: Room) -> None:
    room["parameters"] = [room.pop(name) for name in PARAMETERS]


def _as_done(_: Any, room: Room) -> None:
    room["complate_date"] = moved(seconds=60)(room["reg_date"])


def _real_on(where: Test) -> Any:
    def do(ask: Any, room: Room) -> None:
        if where(ask, room):
            _as_done(ask, room)

    return do


def _ended_before(where: Test) -> Any:
    def do(ask: Any, room: Room) -> None:
        if room["complate_date"] != ZERO and where(ask, room):
            room["complate_date"] = moved(seconds=-1)(room["reg_date"])

    return do


def _zero_to(value: Any) -> Any:
    return put("complate_date", lambda text: value if text == ZERO else text)


def _slim(_: Any, room: Room) -> None:
    for name in (*PARAMETERS[2:], "app_hash", "phone_telecomm"):
        room.pop(name)


def _blank_time(text: str) -> str:
    return text.replace(" 00:00:00", " 24:00:00") if text != ZERO else text


def _epoch(text: str) -> int:
    return int(datetime.strptime(text, STAMP).replace(tzinfo=UTC).timestamp()) - 9 * 3600


def _single_digits(text: str) -> str:
    return text.replace(" 0", " ") if text != ZERO else text


_TYPES = (
    _f("status-number", "status is a number", put("status", number)),
    _f(
        "status-number-when-filtered",
        "status is a number in filtered lists",
        put("status", number, lambda a, _: a.filtered),
    ),
    _f(
        "status-number-negative", "status -1 and -2 are numbers", put("status", number, status_is("-1", "-2"))
    ),
    _f(
        "status-bool",
        "status 0 and 1 are false and true",
        put("status", lambda v: v == "1", status_is("0", "1")),
    ),
    _f("out-api-number", "out_api is a number", put("out_api", number)),
    _f("out-api-list", "out_api is a list", put("out_api", lambda v: [v])),
    _f("category-id-number", "category_id is a number", put("category_id", number)),
    _f(
        "division-id-number-page-2",
        "division_id is a number from page 2",
        put("division_id", number, lambda a, _: a.page > 1),
    ),
    _f("order-number-number", "order_number is a number when it is there", put("order_number", number)),
    _f(
        "product-number-float",
        "product_number is a fraction",
        put("product_number", lambda v: float(v) if v else v),
    ),
    _f("parcel-number-number", "parcel_number is a number when it is there", put("parcel_number", number)),
    _f("parcel-code-number", "numeric parcel_companycode is a number", put("parcel_companycode", number)),
    _f("parameter1-number", "parameter1 is a number when it looks like one", put("parameter1", number)),
    _f("phone-osver-number", "phone_osver is a number", put("phone_osver", number)),
    _f("numeric-check", "all numeric text becomes numbers", _every_number),
    _f("id-object", "id is an object", put("id", lambda v: {"$oid": v})),
    _f("id-number", "id is a number", put("id", lambda v: sum(ord(c) * 61**n for n, c in enumerate(v[:9])))),
    _f("title-list", "title is a list", put("title", lambda v: [v])),
    _f(
        "title-object-one-in-40",
        "title is an object in one room of forty",
        put("title", lambda v: {"text": v}, one_in(40)),
    ),
    _f(
        "last-message-object",
        "last_message is an object",
        put("last_message", lambda v: {"type": "text", "text": v}),
    ),
    _f("customer-uuid-list", "customer_uuid is a list", put("customer_uuid", lambda v: v.split("_"))),
    _f(
        "users-id-number-zero",
        "users_id is 0 where unknown",
        put("users_id", lambda v: 0 if v is None else v),
    ),
    _f(
        "users-id-false",
        "users_id is false where unknown",
        put("users_id", lambda v: False if v is None else v),
    ),
    _f("blanks-false", "every empty text is false", _blanks_are(False)),
    _f("etc-assign-object-blank", "etc_assign is {} when empty", _blanks_are({}, "etc_assign")),
    _f("reg-date-number", "reg_date is seconds since 1970", put("reg_date", _epoch)),
    _f("app-ver-number", "app_ver is a fraction", put("app_ver", lambda v: 1.2 if v else v)),
)

_NAMES = (
    *(
        _f(f"no-{name.replace('_', '-')}", f"{name} is missing", drop(name))
        for name in ("id", "title", "counselor_nickname", "users_id", "cate_name2", "reg_date", "out_api")
    ),
    *(
        _f(f"no-{name.replace('_', '-')}", f"{name} is missing", drop(name))
        for name in ("status", "app_hash", "phone_telecomm", "parameter10", "last_message", "etc_assign")
    ),
    _f(
        "no-users-id-when-null",
        "users_id is missing where it would be null",
        drop("users_id", where=lambda _, r: r["users_id"] is None),
    ),
    _f(
        "no-end-while-open",
        "complate_date is missing while the room is open",
        drop("complate_date", where=is_open),
    ),
    _f(
        "no-counselor-while-waiting",
        "counselor_name is missing while waiting",
        drop("counselor_name", where=status_is("0", "-1", "-2")),
    ),
    _f("no-title-page-3", "title is missing from page 3", drop("title", where=lambda a, _: a.page >= 3)),
    _f(
        "no-parcel-number-limit-50",
        "parcel_number is missing with limit 50",
        drop("parcel_number", where=lambda a, _: a.limit == 50),
    ),
    _f(
        "no-phone-model-in-deleted",
        "phone_model is missing in deleted rooms",
        drop("phone_model", where=status_is("3")),
    ),
    _f(
        "no-order-number-status-2-filter",
        "order_number is missing when done rooms are asked for",
        drop("order_number", where=lambda a, _: a.status == 2),
    ),
    _f(
        "no-category-id-by-end-asc",
        "category_id is missing by complate_date asc",
        drop("category_id", where=lambda a, _: a.by_end and a.sort_value == "asc"),
    ),
    _f(
        "no-last-message-one-in-40",
        "last_message is missing in one room of forty",
        drop("last_message", where=one_in(40)),
    ),
    _f("no-parameters", "parameters 3 to 10, app_hash, phone_telecomm are gone", _slim),
    _f("no-blank-fields", "empty fields are left out", _no_blanks),
    _f("complete-date", "complate_date is spelt complete_date", rename("complate_date", "complete_date")),
    _f("regdate", "reg_date is called regDate", rename("reg_date", "regDate")),
    _f("category-name1", "cate_name1 is called category_name1", rename("cate_name1", "category_name1")),
    _f("customer-id", "customer_uuid is called customer_id", rename("customer_uuid", "customer_id")),
    _f(
        "parcel-company-code",
        "parcel_companycode is called parcel_company_code",
        rename("parcel_companycode", "parcel_company_code"),
    ),
    _f("camel-case", "all names are in camel case", _camel),
    _f("parameters-list", "the parameters are one list", _nested_parameters),
)

_NULLS = (
    *(
        _f(f"{name.replace('_', '-')}-null", f"{name} is null", null(name))
        for name in ("title", "customer_uuid", "status", "out_api", "parameter5", "cate_name1", "id")
    ),
    *(
        _f(
            f"{name.replace('_', '-')}-null-when-blank",
            f"{name} is null instead of empty",
            _blanks_are(None, name),
        )
        for name in ("order_number", "parcel_companycode", "phone_os", "etc_assign", "app_hash")
    ),
    _f("blanks-null", "every empty text is null", _blanks_are(None)),
    _f(
        "counselor-name-null-waiting",
        "counselor_name is null while nobody took the room",
        null("counselor_name", status_is("0", "-1", "-2")),
    ),
    _f(
        "last-message-null-bot",
        "last_message is null while the bot talks",
        null("last_message", status_is("-1")),
    ),
    _f(
        "category-id-null-one-in-60",
        "category_id is null in one room of sixty",
        null("category_id", one_in(60)),
    ),
    _f("reg-date-null-deleted", "reg_date is null in deleted rooms", null("reg_date", status_is("3"))),
    _f("title-null-limit-50", "title is null with limit 50", null("title", lambda a, _: a.limit == 50)),
)

_DATES = (
    _f("reg-date-t", "reg_date has a T", put("reg_date", restamped("%Y-%m-%dT%H:%M:%S"))),
    _f("reg-date-z", "reg_date ends with Z", put("reg_date", restamped("%Y-%m-%d %H:%M:%SZ"))),
    _f("reg-date-offset", "reg_date ends with +09:00", put("reg_date", restamped("%Y-%m-%dT%H:%M:%S+09:00"))),
    _f("reg-date-slashes", "reg_date has slashes", put("reg_date", restamped("%Y/%m/%d %H:%M:%S"))),
    _f("reg-date-dots", "reg_date has dots", put("reg_date", restamped("%Y.%m.%d %H:%M:%S"))),
    _f(
        "reg-date-milliseconds",
        "reg_date has milliseconds",
        put("reg_date", restamped("%Y-%m-%d %H:%M:%S.000")),
    ),
    _f("reg-date-no-seconds", "reg_date has no seconds", put("reg_date", restamped("%Y-%m-%d %H:%M"))),
    _f("reg-date-day-only", "reg_date is a day", put("reg_date", restamped("%Y-%m-%d"))),
    _f("reg-date-day-first", "reg_date has the day first", put("reg_date", restamped("%d-%m-%Y %H:%M:%S"))),
    _f(
        "reg-date-12-hours",
        "reg_date counts twelve hours",
        put("reg_date", restamped("%Y-%m-%d %I:%M:%S %p")),
    ),
    _f("reg-date-single-digits", "hours before ten have one digit", put("reg_date", _single_digits)),
    _f("reg-date-24-hours", "midnight is 24:00:00", put("reg_date", _blank_time)),
    _f("reg-date-utc", "reg_date is told in UTC", put("reg_date", moved(hours=-9)), "rooms-3"),
    _f(
        "reg-date-utc-limit-50",
        "reg_date is told in UTC with limit 50",
        put("reg_date", moved(hours=-9), lambda a, _: a.limit == 50),
        "rooms-3",
    ),
    _f(
        "complate-date-t",
        "complate_date has a T when done",
        put("complate_date", restamped("%Y-%m-%dT%H:%M:%S")),
    ),
    _f(
        "complate-date-t-by-end",
        "complate_date has a T when sorted by it",
        put("complate_date", restamped("%Y-%m-%dT%H:%M:%S"), lambda a, _: a.by_end),
    ),
    _f(
        "complate-date-milliseconds",
        "complate_date has milliseconds",
        put("complate_date", restamped("%Y-%m-%d %H:%M:%S.0")),
    ),
    _f(
        "complate-date-slashes-one-in-30",
        "complate_date has slashes in one room of thirty",
        put("complate_date", restamped("%Y/%m/%d %H:%M:%S"), one_in(30)),
    ),
    _f("complate-date-utc", "complate_date is told in UTC", put("complate_date", moved(hours=-9))),
    _f("zero-null", "no end is null", _zero_to(None)),
    _f("zero-blank", "no end is empty text", _zero_to("")),
    _f("zero-day", "no end is 0000-00-00", _zero_to("0000-00-00")),
    _f("zero-t", "no end is 0000-00-00T00:00:00", _zero_to("0000-00-00T00:00:00")),
    _f("zero-1970", "no end is 1970-01-01 00:00:00", _zero_to("1970-01-01 00:00:00")),
    _f("zero-0001", "no end is 0001-01-01 00:00:00", _zero_to("0001-01-01 00:00:00")),
    _f("zero-minus", "no end is -0001-11-30 00:00:00", _zero_to("-0001-11-30 00:00:00")),
    _f("zero-9999", "no end is 9999-12-31 23:59:59", _zero_to("9999-12-31 23:59:59")),
)

_CODES = (
    _grown("out-api-7", "out_api 7, which the list lacks", put("out_api", lambda _: "7", one_in(9))),
    _grown("out-api-name", "out_api is kakao for 2", put("out_api", lambda v: "kakao" if v == "2" else v)),
    _grown("status-5", "status 5 for some deleted rooms", put("status", lambda _: "5", status_is("3"))),
    _grown("status-name", "status is 완료 when done", put("status", lambda _: "완료", status_is("2"))),
    _grown("status-6-bot", "status 6 for rooms the bot ended", put("status", lambda _: "6", status_is("4"))),
    _f(
        "status-blank",
        "status is empty while waiting",
        put("status", lambda _: "", status_is("0")),
        "rooms-10",
    ),
    _grown(
        "phone-os-name", "phone_os is android for A", put("phone_os", lambda v: "android" if v == "A" else v)
    ),
    _grown(
        "phone-os-h", "phone_os H, which the list lacks", put("phone_os", lambda v: "H" if v == "W" else v)
    ),
    _grown("phone-os-lower", "phone_os is in small letters", put("phone_os", str.lower)),
    _grown(
        "parcel-code-2",
        "parcel_companycode 2, which the list lacks",
        put("parcel_companycode", lambda v: "2" if v == "4" else v),
    ),
    _grown(
        "parcel-code-padded",
        "parcel_companycode 05 for 5",
        put("parcel_companycode", lambda v: v.zfill(2) if v.isdecimal() else v),
    ),
    _grown(
        "parcel-code-name",
        "parcel_companycode is CJ for 42",
        put("parcel_companycode", lambda v: "CJ" if v == "42" else v),
    ),
)

_SENSE = (
    _f("done-zero", "done rooms have no end", put("complate_date", lambda _: ZERO, status_is("2"))),
    _f(
        "done-zero-one-in-12",
        "one done room of twelve has no end",
        put("complate_date", lambda _: ZERO, lambda a, r: r["status"] == "2" and one_in(12)(a, r)),
    ),
    _f("open-ended", "open rooms have an end", _real_on(is_open)),
    _f("open-ended-waiting", "waiting rooms have an end", _real_on(status_is("0"))),
    _f("open-ended-bot", "rooms with the bot have an end", _real_on(status_is("-1"))),
    _f("ended-before", "rooms end before they begin", _ended_before(always)),
    _f(
        "ended-before-one-in-12",
        "one room of twelve ends a second before it begins",
        _ended_before(one_in(12)),
    ),
    _f("dates-swapped", "reg_date and complate_date are exchanged", swap("reg_date", "complate_date")),
    _f(
        "dates-swapped-done",
        "the two dates are exchanged when done",
        swap("reg_date", "complate_date", status_is("2")),
    ),
    _f("codes-swapped", "status and out_api are exchanged", swap("status", "out_api"), "rooms-4"),
)

FIELD_FAULTS = (*_TYPES, *_NAMES, *_NULLS, *_DATES, *_CODES, *_SENSE)
