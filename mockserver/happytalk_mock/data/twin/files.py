"""The folder of a twin, read and checked: what departs from its form is told with file, line and place."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import orjson

from ...core.clock import DAY, day_number, parse_second
from ...core.errors import BehaviourError, TwinError
from ...core.exchange import JSON_TYPE
from ...spec.behaviour import BESIDE, BY_ID, Behaviour, FailureWords, checked
from ...spec.documents import check, read_toml
from ...spec.parameters import day, integer
from ...spec.vocabulary import Message
from ..rooms.shape import Shape

FORMAT: Final = 1
#: A status that cannot be read, so that no request can name it.
NO_NUMBER: Final = -(1 << 62)
_MOMENT: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?)?", re.ASCII
)


class RecordedMessage(dict[str, Any]):
    """A message as it was answered; it is shown so, and listed where it was listed."""

    __slots__ = ("listed",)

    def __init__(self, message: Message, *, listed: int | None) -> None:
        super().__init__(message)
        self.listed = listed


class RecordedRoom(NamedTuple):
    """A room as it was answered, and what can be read of it. Times are wall seconds; 0: none."""

    id: str
    line: bytes  #: JSON: an object whose `room` is the room
    registered: int
    completed: int
    status: int
    ranks: Mapping[str, int]


class RecordedExchange(NamedTuple):
    """A request and the answer that it got, where that is not what the mock works out."""

    line: int
    request: Mapping[str, Any]
    answer: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Twin:
    """What was recorded of an account and its API."""

    name: str  #: of its folder
    recorded: int  #: the last moment at which it was seen, a wall second
    words: str
    behaviour: Behaviour
    drifts: tuple[str, ...]
    shape: Shape | None
    #: None: no rooms were recorded, or they were left out.
    rooms: tuple[RecordedRoom, ...] | None
    #: By sender, the first one the tenant's own; None: no messages were recorded.
    messages: Mapping[str, tuple[RecordedMessage, ...]] | None
    exchanges: tuple[RecordedExchange, ...]


def load(folder: Path) -> Twin:
    """The twin in a folder. Raises TwinError."""
    missing = next((name for name in ("twin.toml", "behaviour.toml") if not (folder / name).exists()), None)
    if missing is not None:
        what = "is no folder" if folder.exists() else "there is no such folder"
        what = f"has no {missing}" if folder.is_dir() else what
        raise TwinError(f"twin {folder}: {what}; expected one that `happytalk-contract learn -o` wrote")
    about = _table(folder / "twin.toml", "twin")
    _day(about["today"], folder / "twin.toml")  # what it was for the API: told to people
    behaviour, drifts = _behaviour(folder / "behaviour.toml")
    account = folder / "account.toml"
    rooms = (_room(*each, folder) for each in _lines(folder / "rooms.jsonl"))
    return Twin(
        name=folder.resolve().name,
        recorded=_at(about["recorded"], folder / "twin.toml"),
        words=about["words"],
        behaviour=behaviour,
        drifts=drifts,
        shape=Shape.of(_table(account, "account")) if account.exists() else None,
        rooms=tuple(room for room in rooms if room is not None) if about.get("rooms", True) else None,
        messages=_messages(folder / "messages.jsonl", about.get("messages")),
        exchanges=tuple(_exchanges(folder / "evidence.jsonl")),
    )


# --- tables ------------------------------------------------------------------------------------------------


def _table(path: Path, part: str) -> dict[str, Any]:
    """A TOML file that is as the schema says. Raises TwinError."""
    content = read_toml(path, "twin", error=TwinError)
    number = content.get("format", FORMAT)
    if number != FORMAT:
        raise TwinError(
            f"twin {path}: format: received {number!r}; this version reads {FORMAT}: update happytalk-mock, "
            "or learn the twin anew"
        )
    _check(content, part, str(path))
    return content


def _check(document: Any, part: str, where: str) -> None:
    check(document, "twin.schema", f"twin {where}", part=part, error=TwinError)


def _at(text: str, path: Path) -> int:
    try:
        return parse_second(text.replace("T", " "))
    except ValueError:
        raise TwinError(f"twin {path}: recorded: received {text!r}; expected 2026-11-28T12:00:00") from None


def _day(text: str, path: Path) -> int:
    found = day(text)
    if found is None:
        raise TwinError(f"twin {path}: today: received {text!r}; expected a day such as 2026-11-28")
    return day_number(found)


def _behaviour(path: Path) -> tuple[Behaviour, tuple[str, ...]]:
    content = _table(path, "behaviour")
    try:
        answers = checked({name: each for name, each in content.items() if name not in BESIDE})
    except BehaviourError as error:
        raise TwinError(f"twin {path}: {error}") from None
    failures = {
        f"{endpoint}.{cause}": FailureWords(
            words["status"], words["body"], words.get("content_type", JSON_TYPE)
        )
        for endpoint, causes in content.get("failures", {}).items()
        for cause, words in causes.items()
    }
    learned = Behaviour().but(answers)
    around = {
        f"{endpoint}.{place}": text.strip()[1:-1]
        for endpoint, places in content.get("envelope", {}).items()
        for place, text in places.items()
    }
    unknown = frozenset(BY_ID) - answers.keys()
    profile = Behaviour(learned.answers, unknown, MappingProxyType(failures), MappingProxyType(around))
    return profile, tuple(content.get("drifts", ()))


# --- lines -------------------------------------------------------------------------------------------------


def _lines(path: Path) -> Iterator[tuple[int, bytes, Any]]:
    """Number, text and JSON of each line; none where there is no such file. Raises TwinError."""
    try:
        lines = path.read_bytes().removeprefix(BOM_UTF8).split(b"\n") if path.exists() else []
    except OSError as error:
        raise TwinError(f"twin {path}: {error.strerror or error}") from None
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield number, line, orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise TwinError(f"twin {path}, line {number}: not JSON: {error}") from None


def _room(number: int, text: bytes, line: Any, folder: Path) -> RecordedRoom | None:
    """The room of a line; None for one that no list shows. Raises TwinError."""
    # The schema's validator takes a second for 20,000 rooms; what is plainly right is not held against it.
    if not (type(line) is dict and line.keys() <= {"room", "rank"} and type(line.get("room")) is dict):
        _check(line, "room", f"{folder / 'rooms.jsonl'}, line {number}")
    room, ranks = line["room"], line.get("rank", {})
    if not (type(ranks) is dict and all(type(rank) is int for rank in ranks.values())):
        _check(line, "room", f"{folder / 'rooms.jsonl'}, line {number}")
    registered = second_of(room.get("reg_date"))
    if "day" in line:
        listed = _day(line["day"], folder / f"rooms.jsonl, line {number}")
        registered = registered if registered and registered // DAY == listed else listed * DAY
    if registered is None or line.get("hidden"):
        return None
    status = room.get("status")
    number_of = None if isinstance(status, bool) else integer(status)
    return RecordedRoom(
        id=str(room.get("id", "")),
        line=text,
        registered=registered,
        completed=second_of(room.get("complate_date")) or 0,
        status=NO_NUMBER if number_of is None else number_of,
        ranks=ranks,
    )


def second_of(value: Any) -> int | None:
    """The wall second that a value names, as far as it can be read; None for the zero date and what is no date."""
    found = _MOMENT.match(value) if isinstance(value, str) else None
    start = _start_of(found[1]) if found else None
    if found is None or start is None:
        return None
    _, hour, minute, second = found.groups()
    return start + int(hour or 0) * 3600 + int(minute or 0) * 60 + int(second or 0)


@lru_cache(maxsize=4096)
def _start_of(text: str) -> int | None:
    found = day(text)
    return None if found is None else day_number(found) * DAY


def _messages(path: Path, part: bool | None) -> Mapping[str, tuple[RecordedMessage, ...]] | None:
    """The messages by sender. Where `twin.toml` does not say whether they are a part of it, their file does."""
    if part is False or (part is None and not path.exists()):
        return None
    found: dict[str, list[RecordedMessage]] = {"main": []}
    for number, _, line in _lines(path):
        _check(line, "message", f"{path}, line {number}")
        found.setdefault(line["sender"], []).append(RecordedMessage(line["message"], listed=line["listed"]))
    return {
        sender: tuple(sorted(each, key=lambda one: (one.listed is None, one.listed or 0)))
        for sender, each in found.items()
    }


def _exchanges(path: Path) -> Iterator[RecordedExchange]:
    for number, _, line in _lines(path):
        _check(line, "exchange", f"{path}, line {number}")
        if line.get("serve"):
            yield RecordedExchange(number, line["request"], line["answer"])
