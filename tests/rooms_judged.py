"""What must agree within a room, whoever made it: the sentences of the data dictionary and plain sense."""

from __future__ import annotations

import re

from happytalk_mock.core.clock import ZERO_DATE, parse_second
from happytalk_mock.spec.vocabulary import (
    OPEN_STATUSES,
    OUT_API,
    PARCEL_COMPANIES,
    PARCEL_W,
    ROOM_FIELDS,
    ROOM_STATUSES,
    ROOM_WIDTHS,
    Room,
)

HANGUL = re.compile(r"[가-힣]")
FORMS = {
    "1": r"\d{13}",
    "4": r"\d{12}",
    "5": r"\d{12}",
    "6": r"\d{11}",
    "8": r"\d{12}",
    "12": r"EE\d{9}KR",
    "13": r"\d{10}",
    "25": r"\d{9}",
}


def problems(room: Room) -> list[str]:
    """What does not agree; empty for a sound room."""
    found = [*_shape(room)]
    if found:
        return found
    return [*_dates(room), *_people(room), *_numbers(room), *_device(room)]


def _shape(room: Room) -> list[str]:
    found = []
    if list(room) != list(ROOM_FIELDS):
        found.append("fields or their order")
    found += [f"{name} is no text" for name, value in room.items() if not isinstance(value, str)]
    if room["users_id"] is None:
        found.remove("users_id is no text")
    found += [f"{n} too wide: {room[n]!r}" for n, width in ROOM_WIDTHS.items() if len(room[n] or "") > width]
    found += [f"{name} has an open slot" for name in ("title", "last_message") if "{" in (room[name] or "")]
    if not re.fullmatch("[0-9A-Za-z]{30}", str(room["id"])):
        found.append("id")
    if not room["title"] or not room["last_message"]:
        found.append("nothing said")
    return found


def _dates(room: Room) -> list[str]:
    began, status = parse_second(str(room["reg_date"])), int(str(room["status"]))
    if status not in ROOM_STATUSES:
        return ["status"]
    if room["complate_date"] == ZERO_DATE:
        return ["done without an end"] if status == 2 else []
    if status in OPEN_STATUSES:
        return ["open with an end"]
    return ["ends before it begins"] if parse_second(str(room["complate_date"])) < began else []


def _people(room: Room) -> list[str]:
    found = []
    status = int(str(room["status"]))
    if bool(room["counselor_name"]) != bool(room["counselor_nickname"]):
        found.append("name without nickname")
    if status in (1, 2) and not room["counselor_name"]:
        found.append("nobody answered")
    if status in (-2, -1, 4) and room["counselor_name"]:
        found.append("a counsellor with the bot")
    site, _, own = str(room["customer_uuid"]).partition("_")
    if not site.isdecimal() or not own or (room["users_id"] or own) != own:
        found.append("customer_uuid and users_id")
    if not int(str(room["division_id"])) > int(str(room["category_id"])) > 0:
        found.append("category ids")
    return found


def _numbers(room: Room) -> list[str]:
    found = []
    code = str(room["parcel_companycode"])
    if room["parcel_number"] and not room["order_number"]:
        found.append("a parcel without an order")
    if room["order_number"] and not room["product_number"]:
        found.append("an order without a product")
    if (code in PARCEL_COMPANIES) != bool(room["parcel_number"]):
        found.append("parcel and courier")
    if code not in PARCEL_COMPANIES and code not in ("", PARCEL_W):
        found.append("courier code")
    if code in FORMS and not re.fullmatch(FORMS[code], str(room["parcel_number"])):
        found.append(f"form of parcel number {code} {room['parcel_number']}")
    return found


def _device(room: Room) -> list[str]:
    found = []
    os, model, osver = (str(room[name]) for name in ("phone_os", "phone_model", "phone_osver"))
    if room["out_api"] not in OUT_API or (room["out_api"] != "0" and os):
        found.append("channel")
    begins = {"A": ("SM-", "LM-"), "I": ("iPhone",), "W": ("",), "": ("",)}[os]
    if not model.startswith(begins) or bool(model) != (os in ("A", "I")) or bool(osver) != bool(model):
        found.append(f"phone {os} {model} {osver}")
    if os == "A" and not osver.isdecimal():
        found.append("version of Android")
    if bool(room["app_ver"]) != bool(room["app_hash"]) or (room["app_ver"] and os not in ("A", "I")):
        found.append("app without a phone")
    if room["phone_telecomm"] and not room["app_ver"]:
        found.append("a web page knows no telecom")
    return found
