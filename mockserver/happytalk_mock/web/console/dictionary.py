"""The data dictionary of a room, for showing one: names of fields and meanings of codes in both languages.

Korean names are the documentation's own; English ones are the titles of the JSON Schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from ...core.clock import ZERO_DATE
from ...spec import resources
from ...spec.vocabulary import ROOM_FIELDS, Room

#: Fields whose values are codes, and the definition that lists them.
_CODE_LISTS: Final[Mapping[str, str]] = {
    "status": "room_status",
    "out_api": "out_api",
    "parcel_companycode": "parcel_companycode",
    "phone_os": "phone_os",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A field of a room as it is shown."""

    name: str
    korean: str  #: the dictionary's name
    english: str  #: the schema's title
    value: str | None
    meaning: str  #: of a code or of the zero date; "" where the value speaks for itself


def shown(room: Room, lang: str) -> list[Shown]:
    """Every field of a room in the dictionary's order, then those that it does not have."""
    names = [*ROOM_FIELDS, *(name for name in room if name not in ROOM_FIELDS)]
    return [
        Shown(
            name=name,
            korean=ROOM_FIELDS.get(name, ""),
            english=_english().get(name, ""),
            value=room.get(name),
            meaning=meaning(name, room.get(name), lang),
        )
        for name in names
    ]


def meaning(name: str, value: str | None, lang: str) -> str:
    """What a value means, where it is a code or the zero date; "" where there is nothing to say."""
    if value == ZERO_DATE:
        return "아직 종료되지 않음" if lang == "ko" else "not ended"
    korean, english = _codes(name).get(value, ("", ""))
    return korean if lang == "ko" else english


def statuses(lang: str) -> list[tuple[str, str]]:
    """The statuses that a request may name, with their meanings; 99 first."""
    listed = _definition("room_status_filter")["oneOf"]
    return [(str(each["const"]), each["title" if lang == "ko" else "description"]) for each in listed]


@cache
def _codes(name: str) -> Mapping[str | None, tuple[str, str]]:
    if name not in _CODE_LISTS:
        return {}
    listed = _definition(_CODE_LISTS[name])["oneOf"]
    return {each["const"]: (each["title"], each["description"]) for each in listed}


@cache
def _english() -> Mapping[str, str]:
    properties = resources.schema("room")["properties"]
    return {name: _title(schema) for name, schema in properties.items()}


def _title(schema: Mapping[str, Any]) -> str:
    if "title" in schema:
        return str(schema["title"])
    return str(_definition(str(schema["$ref"]).rpartition("/")[2])["title"])


@cache
def _definition(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = resources.schema("definitions")["$defs"][name]
    return found
