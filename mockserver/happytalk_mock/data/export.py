"""Rooms as a table, JSON lines or CSV; rooms and messages as a scenario file."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any, Final, Literal, Protocol, TextIO
from unicodedata import east_asian_width

import orjson

from ..core.errors import ChangeError
from ..spec.vocabulary import ROOM_FIELDS, ROOM_STATUSES, Message, Room
from .scenario_file import MAX_COUNT

Kind = Literal["table", "jsonl", "csv"]

#: What spreadsheets take for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
#: Columns of the table, with their widths in half-width characters; 0: as it comes.
_TABLE: Final = (
    ("id", 30),
    ("reg_date", 19),
    ("complate_date", 19),
    ("status", 12),
    ("cate_name1", 12),
    ("counselor_name", 14),
    ("customer_uuid", 30),
    ("last_message", 0),
)


class Rooms(Protocol):
    """Where rooms come from."""

    def rooms(self, now: int) -> Iterator[Room]:
        """All of them at a wall second, in the order of registration."""


class Messages(Protocol):
    """Where system messages come from."""

    @property
    def sender_keys(self) -> tuple[str, ...]:
        """Whose there are, the tenant's first one first."""

    def find(self, sender_key: str, now: int) -> list[Message] | None:
        """Those of a sender at a wall second."""


def scenario_of(rooms: Rooms, messages: Messages, now: int, *, about: str) -> dict[str, Any]:
    """A scenario file of what there is at a wall second, whole. Raises ChangeError for more than it may hold.

    The messages of the first sender key are those of whoever serves the file.
    """
    found = list(islice(rooms.rooms(now), MAX_COUNT + 1))
    if len(found) > MAX_COUNT:
        allowed = f"at most {MAX_COUNT} rooms in a scenario"
        raise ChangeError("rooms", received=f"more than {MAX_COUNT} visible ones", allowed=allowed)
    by_key = {key: messages.find(key, now) or [] for key in messages.sender_keys}
    own, *others = by_key.items() or [("", [])]
    told: Any = {key: each for key, each in [("", own[1]), *others] if each}
    return {"description": f"Data of happytalk-mock, {about}", "rooms": found, "system_messages": told}


def write_rooms(rooms: Iterable[Room], stream: TextIO, kind: str) -> int:
    """Writes rooms to `stream` and says how many; `kind` is one of `KINDS`.

    `jsonl` is the rooms word for word, one JSON object a line. `csv` has a header line and an empty cell for
    null; text that a spreadsheet would run as a formula gets an apostrophe before it. A file that Excel is to
    open needs a byte order mark: open it with the encoding utf-8-sig, and with newline="".
    `table` is for people and leaves most fields out. Raises KeyError for another kind, and OSError.
    """
    return KINDS[kind](rooms, stream)


def _write_jsonl(rooms: Iterable[Room], stream: TextIO) -> int:
    count = 0
    for room in rooms:
        stream.write(orjson.dumps(room).decode() + "\n")
        count += 1
    return count


def _write_csv(rooms: Iterable[Room], stream: TextIO) -> int:
    source = iter(rooms)
    known = list(islice(source, 1))
    # Fields that somebody added to the first room are columns too.
    names = list(dict.fromkeys([*ROOM_FIELDS, *chain.from_iterable(known)]))
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(names)
    count = 0
    for room in chain(known, source):
        writer.writerow([_cell(plain(room.get(name))) for name in names])
        count += 1
    return count


def plain(value: Any) -> str:
    """A field as text; of a recorded room it may be anything."""
    return value if isinstance(value, str) else "" if value is None else orjson.dumps(value).decode()


def _cell(value: str) -> str:
    """The value, made harmless for spreadsheets unless it is a plain number such as the status -1."""
    if not value:
        return ""
    if value.startswith(_FORMULA) and not value.lstrip("-").isdecimal():
        return "'" + value
    return value


def _write_table(rooms: Iterable[Room], stream: TextIO) -> int:
    count = 0
    stream.write(_line({name: name for name, _ in _TABLE}) + "\n")
    for room in rooms:
        shown = {name: plain(room.get(name)) for name, _ in _TABLE}
        status = shown["status"]
        if status.lstrip("-").isdecimal():
            shown["status"] = f"{status:>2} {ROOM_STATUSES.get(int(status), '')}"
        stream.write(_line(shown) + "\n")
        count += 1
    return count


def _line(shown: Mapping[str, str]) -> str:
    return "  ".join(_fit(shown[name], width) for name, width in _TABLE).rstrip()


def _fit(text: str, width: int) -> str:
    """The text on one line, cut and padded to a width in which Hangul counts twice."""
    text = " ".join(text.split())
    if not width:
        return text
    kept = "".join(_within(text, width))
    return kept + " " * (width - _columns(kept))


def _within(text: str, width: int) -> Iterator[str]:
    for letter in text:
        width -= _columns(letter)
        if width < 0:
            return
        yield letter


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


KINDS: Final[Mapping[str, Callable[[Iterable[Room], TextIO], int]]] = {
    "table": _write_table,
    "jsonl": _write_jsonl,
    "csv": _write_csv,
}
