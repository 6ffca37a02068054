"""Drifts of code lists: a value that has grown, or is written otherwise."""

from __future__ import annotations

from typing import Final

from ...spec.vocabulary import PHONE_OS, ROOM_STATUSES
from .conditions import BY_COMPLETION, DELETED, DONE, LATER, picked
from .drift import Record, area, drift, where
from .room_lists import on_rooms, setting

_WITH_PHONE: Final = where("", lambda room: bool(room["phone_os"]))
_WITH_PARCEL: Final = where("rooms with a parcel", lambda room: bool(room["parcel_companycode"]))
_ONE_DIGIT: Final = where(
    "parcels of companies with one digit", lambda room: bool(room["parcel_companycode"].isdigit())
)
_SPELT_OUT: Final = {"A": "Android", "I": "iOS", "W": "Web"}


def _spelt_out(room: Record) -> None:
    room["phone_os"] = _SPELT_OUT.get(room["phone_os"], room["phone_os"])


def _lower(room: Record) -> None:
    if room["phone_os"] in PHONE_OS:
        room["phone_os"] = room["phone_os"].lower()


def _as_word(room: Record) -> None:
    room["status"] = ROOM_STATUSES.get(int(room["status"]), room["status"])


def _padded(room: Record) -> None:
    room["parcel_companycode"] = room["parcel_companycode"].zfill(2)


DRIFTS: Final = area(
    "code lists",
    drift("out-api-instagram", setting(out_api="7"), picked(6)),
    drift("out-api-new-past-page-1", setting(out_api="9"), LATER & picked(4)),
    drift("status-5-seen", setting(status="5"), DONE & picked(6)),
    drift("status-6-by-completion", setting(status="6"), BY_COMPLETION & DELETED & picked(2)),
    drift("status-as-word", on_rooms(_as_word)),
    drift("phone-os-harmony", setting(phone_os="H"), _WITH_PHONE & picked(5)),
    drift("phone-os-spelt-out", on_rooms(_spelt_out)),
    drift("phone-os-lower-case", on_rooms(_lower)),
    drift("parcel-company-new", setting(parcel_companycode="46"), _WITH_PARCEL & picked(3, "one in three")),
    drift("parcel-company-padded", on_rooms(_padded), _ONE_DIGIT),
)
