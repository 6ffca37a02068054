"""Hand-made data sets: a file names what it cares for, the rest is filled in.

A scenario is a JSON or TOML file with `description`, `now`, `token`, `rooms` and `system_messages`
(docs/scenarios.md). Everything is checked when it is loaded; dates relative to the clock are worked out, and
what was left out filled in, by `Scenario.materialise`.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Final

from ..core.clock import ZERO_DATE, Clock, parse_second, second_text
from ..core.errors import ScenarioError
from ..core.moments import Moment
from ..spec import resources
from ..spec.vocabulary import Message, Room
from .messages import complete_message
from .scenario_file import Entry, Place, check_keys, check_messages, check_rooms, check_text
from .source import RoomSource

_KEYS: Final = ("description", "now", "token", "rooms", "system_messages")
#: Hand-made rooms of one entry are told apart by this many keys.
_REPEATS: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A data set as its file describes it."""

    #: What the file is called in errors.
    source: str
    description: str
    #: The clock to serve it under, as `--now` takes it; None: the machine's.
    now: str | None
    #: The customer token to serve it under; None: the mock's own.
    token: str | None
    rooms: tuple[Entry, ...]
    #: Partial messages by sender key; "" stands for the tenant's first.
    messages: Mapping[str, tuple[Mapping[str, Any], ...]]

    def materialise(self, source: RoomSource, now: int) -> tuple[list[Room], dict[str, list[Message]]]:
        """The whole rooms, in the file's order, and the whole messages by sender key.

        `source` fills in what rooms leave out; dates relative to the clock count from `now` (wall second).
        Raises ScenarioError where a date so worked out makes no sense.
        """
        rooms = [
            room for number, entry in enumerate(self.rooms) for room in rooms_of(entry, number, source, now)
        ]
        given = {partial.get("id") for found in self.messages.values() for partial in found}
        numbers = (number for number in count(1) if number not in given)
        messages = {
            key: [
                whole_message(partial, partial.get("id") or next(numbers), now, self._place(key, position))
                for position, partial in enumerate(found)
            ]
            for key, found in self.messages.items()
        }
        return rooms, messages

    def _place(self, sender_key: str, position: int) -> Place:
        place = Place(self.source, "system_messages")
        return (place / sender_key if sender_key else place) / position


def load(name_or_path: str) -> Scenario:
    """The scenario of that name (`happytalk-mock scenarios` lists them), or of that JSON or TOML file.

    Raises ScenarioError naming file, entry, field, what was received and what is allowed.
    """
    path = _path(name_or_path)
    return parse(read(path), Place(path.name))


def parse(document: Any, place: Place) -> Scenario:
    """The scenario that a file's content describes; `place` is what errors call the file. Raises ScenarioError."""
    if not isinstance(document, dict):
        raise place.error(document, "an object with rooms and system_messages")
    check_keys(document, _KEYS, place)
    now = document.get("now")
    if now is not None:
        check_text(now, place / "now")
        try:
            Clock.parse(now)
        except ValueError as error:
            raise place.error(now, "a moment such as 2022-05-26T13:00:00+09:00", at="now") from error
    token = document.get("token")
    if token is not None:
        check_text(token, place / "token")
    return Scenario(
        source=place.file,
        description=check_text(document.get("description", ""), place / "description"),
        now=now,
        token=token,
        rooms=check_rooms(document.get("rooms", []), place / "rooms"),
        messages=check_messages(document.get("system_messages", {}), place / "system_messages"),
    )


def _path(name_or_path: str) -> Path:
    """The named scenario's file; a name with a suffix or a folder in it is a path."""
    path = Path(name_or_path)
    if path.suffix.lower() in (".json", ".toml") or len(path.parts) != 1:
        return path
    try:
        return resources.scenario_path(name_or_path)
    except LookupError as error:
        if path.is_file():
            raise ScenarioError(f"{path}: expected a name that ends in .json or .toml") from None
        raise ScenarioError(f"{error}; or give a JSON or TOML file") from None


def read(path: Path) -> Any:
    """What a JSON or TOML file says. Raises ScenarioError."""
    place = Place(path.name)
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
        json.dumps(document, ensure_ascii=False, default=str).encode()
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{place}: not UTF-8 at byte {error.start}") from None
    except UnicodeEncodeError:
        raise ScenarioError(
            f"{place}: half a surrogate pair (\\ud800 to \\udfff), which is no text"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{place}: not TOML: {error}") from None
    except (ValueError, RecursionError) as error:
        raise ScenarioError(f"{place}: not JSON: {error}") from None
    return document


def rooms_of(entry: Entry, number: int, source: RoomSource, now: int) -> Iterator[Room]:
    """The whole rooms of an entry; `number` tells entries apart. Raises ScenarioError as `materialise` does."""
    for repeat in range(entry.count):
        given = entry.fields(repeat)
        with within_calendar(entry.place):
            began = entry.began(repeat, now)
            if began is not None:
                given["reg_date"] = second_text(began)
            ended = entry.ended(repeat)
            if ended is not None:
                given["complate_date"] = ZERO_DATE if ended.is_zero else second_text(ended.second(now, began))
            room = source.complete(given, key=number * _REPEATS + repeat, now=now)
        check_course(room, entry.place)
        yield room


def check_course(room: Room, place: Place) -> None:
    """A room ends when its status says so, and not before it began."""
    ended, status = str(room["complate_date"]), str(room["status"])
    if ended == ZERO_DATE:
        if status == "2":
            raise place.error(ended, "the moment it was completed, for status 2", at="complate_date")
        return
    if status in ("-2", "-1", "0", "1"):
        raise place.error(ended, f"{ZERO_DATE}, for the open status {status}", at="complate_date")
    if parse_second(ended) < parse_second(str(room["reg_date"])):
        raise place.error(ended, f"not before reg_date {room['reg_date']}", at="complate_date")


@contextmanager
def within_calendar(place: Place) -> Iterator[None]:
    """Tells a date that no calendar of four-digit years has, given or following from one, as an error there."""
    try:
        yield
    except (OverflowError, ValueError):
        expected = "dates from the year 1 to 9999, those that follow from them too"
        raise place.error("a date outside the calendar", expected) from None


def whole_message(partial: Mapping[str, Any], number: int, now: int, place: Place) -> Message:
    """The whole message, its dates worked out; `number` is its id where it gives none. Raises ScenarioError."""
    with within_calendar(place):
        message = complete_message(with_dates(partial, now), number, now=now)
    for earlier, later in (("createdAt", "modifiedAt"), ("inspectRequestAt", "inspectedAt")):
        if message[earlier] and message[later] and message[later] < message[earlier]:
            raise place.error(message[later], f"not before {earlier} {message[earlier]}", at=later)
    if message["inspectedAt"] and message["inspectStatus"] in ("REG", "REQ"):
        expected = f"null, for the inspectStatus {message['inspectStatus']}"
        raise place.error(message["inspectedAt"], expected, at="inspectedAt")
    return message


def with_dates(partial: Mapping[str, Any], now: int) -> dict[str, Any]:
    """The partial message with its dates worked out."""
    found = dict(partial)
    for name, value in found.items():
        if isinstance(value, Moment):
            found[name] = second_text(value.second(now, None))
    if "comments" in found:
        found["comments"] = [with_dates(comment, now) for comment in found["comments"]]
    return found
