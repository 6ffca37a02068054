"""The data dictionary of a room, for showing one: names of fields and meanings of codes in both languages.

Korean names are the documentation's own; English ones are the titles of the JSON Schemas.
"""

from __future__ import annotations

from typing import Final

from ...core.clock import ZERO_DATE
from ...spec.resources import code_list, fields_of
from ...spec.vocabulary import ROOM_FIELDS, Room

#: Fields whose values are codes.
_CODED: Final = ("status", "out_api", "parcel_companycode", "phone_os")


def shown(room: Room, lang: str) -> list[dict[str, str | None]]:
    """Every field of a room in the dictionary's order, then those that it does not have.

    `korean` is the dictionary's name, `english` the schema's title, `meaning` that of a code or the zero date.
    """
    documented = fields_of("room")
    names = [*ROOM_FIELDS, *(name for name in room if name not in ROOM_FIELDS)]
    return [
        {
            "name": name,
            "korean": ROOM_FIELDS.get(name, ""),
            "english": documented.get(name, {}).get("title", ""),
            "value": room.get(name),
            "meaning": meaning(name, room.get(name), lang),
        }
        for name in names
    ]


def meaning(name: str, value: str | None, lang: str) -> str:
    """What a value means, where it is a code or the zero date; "" where there is nothing to say."""
    if value == ZERO_DATE:
        return "아직 종료되지 않음" if lang == "ko" else "not ended"
    codes = code_list("room_status" if name == "status" else name) if name in _CODED else {}
    return codes.get(value, ("", ""))[lang != "ko"]


def statuses(lang: str) -> list[tuple[str, str]]:
    """The statuses that a request may name, with their meanings; 99 first."""
    return [(str(code), means[lang != "ko"]) for code, means in code_list("room_status_filter").items()]
