"""Rows of rooms that people wrote: what of a room orders and selects it, and its text."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from typing import Any, Final

import orjson

from ..core.clock import NEVER, ZERO_DATE, parse_second
from ..spec.vocabulary import Room
from .rows import Row


def row_of(room: Room, ref: int, old: Row | None = None, given: Container[str] = ()) -> Row:
    """The row of a room; of one that was `old`, what is not among the `given` fields stays as it was read.

    Raises ValueError where a date or status cannot be read.
    """
    registered, completed, status = (
        getattr(old, key) if old is not None and name not in given else read(room, name)
        for name, (key, read) in _KEYS.items()
    )
    return Row(registered, completed, status, ref, encoded(room))


def written(row: Row) -> list[Any]:
    """A row as JSON."""
    return [row.registered, row.completed, row.status, row.ref, (row.text or b"").decode()]


def read(kept: list[Any]) -> Row:
    """The row that was `written`."""
    registered, completed, status, ref, text = kept
    return Row(registered, completed, status, ref, text.encode())


def encoded(room: Room) -> bytes:
    """A room as JSON, in no more memory than that takes: what orjson returns keeps its work space, 8 kB or 16."""
    return bytes(memoryview(orjson.dumps(room)))


def _second(room: Room, name: str) -> int:
    """The sort key of a date of a room. Raises ValueError saying what is expected."""
    text = room[name] or ""
    if text == ZERO_DATE:
        return NEVER
    try:
        return parse_second(text)
    except ValueError:
        raise ValueError(f"{name}: received {text!r}; expected Y-m-d H:i:s or {ZERO_DATE}") from None


def _status(room: Room, name: str) -> int:
    """The status of a room. Raises ValueError saying what is expected."""
    try:
        return int(room[name] or "")
    except ValueError:
        raise ValueError(f"{name}: received {room[name]!r}; expected a whole number as text") from None


#: What a row knows of its room: field -> its name in the row, and how it is read.
_KEYS: Final[Mapping[str, tuple[str, Callable[[Room, str], int]]]] = {
    "reg_date": ("registered", _second),
    "complate_date": ("completed", _second),
    "status": ("status", _status),
}
