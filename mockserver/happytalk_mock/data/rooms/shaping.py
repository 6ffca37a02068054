"""Fields of a generated room as an account's shape has them: null, empty, there, and how long."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from hashlib import blake2b
from struct import Struct
from typing import Final

from ...spec.vocabulary import ROOM_FIELDS, Room
from ..pools import things
from .numbers import spell
from .shape import FieldShape, Shape

_WORDS: Final = Struct("<64H")
_ALL: Final = 1 << 16
#: Fields that say what a room is. Whether others of the dictionary have a value follows from customer and course.
_KEPT: Final = frozenset({"id", "reg_date", "complate_date", "out_api", "status"})
_MADE: Final = frozenset({"title", "users_id", "category_id", "division_id", "cate_name1", "cate_name2"}) | {
    "customer_uuid",
    "last_message",
    *(f"parameter{number}" for number in range(1, 11)),
}
#: Makes one more text for a field.
More = Callable[[int], str]


def shaped(room: Room, shape: Shape, chance: bytes, more: Mapping[str, More]) -> Room:
    """The room with every field as often null, empty or there, and as long, as the shape says."""
    digest = b"".join(blake2b(chance, person=bytes([half])).digest() for half in range(2))
    words = _WORDS.unpack(digest)
    for place, (name, field) in enumerate(shape.fields.items()):
        if name not in _KEPT:
            word = words[place % len(words)]
            turn = word / _ALL
            if name == "users_id":  # a customer who is known is so in every room
                turn = zlib.crc32(str(room["customer_uuid"]).encode()) / (1 << 32)
            room[name] = _value(room, name, field, turn, digest[place % 32 :])
            text = room[name]
            if text and field.lengths and (name in more or name not in ROOM_FIELDS):
                room[name] = _fitted(text, field.lengths[word & 1023], more.get(name))
    return room


def _value(room: Room, name: str, field: FieldShape, turn: float, letters: bytes) -> str | None:
    value = room.get(name)
    natural = name in ROOM_FIELDS and name not in _MADE
    if turn >= field.nothing and not natural:
        return value or _there(room, name, letters)
    if value and natural:
        return value
    if natural:  # it has none: null or empty in the same shares
        turn *= field.nothing
    return None if turn < field.null else ""


def _there(room: Room, name: str, letters: bytes) -> str:
    """A value for a field that the mock's own account would leave empty."""
    if name == "users_id":
        return str(room["customer_uuid"]).partition("_")[2]
    if name in ROOM_FIELDS:
        return things.ENTRANCES[letters[0] % len(things.ENTRANCES)]
    return spell(letters[:16])


def _fitted(text: str, length: int, more: More | None) -> str:
    turn = 0
    while len(text) < length:
        turn += 1
        text += f" {more(turn)}" if more is not None else text
    return text[:length].rstrip() if length else text
