"""What may stand in a scenario file, and what is said when something else does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from ..core.chance import mix
from ..core.errors import ScenarioError
from ..core.moments import DAY_FORMS, END_FORMS, MOMENT_FORMS, Moment, parse_day, parse_moment, parse_span
from ..spec.resources import fields_of
from ..spec.vocabulary import BUTTONLESS_TYPES, ROOM_FIELDS

MAX_COUNT: Final = 100_000
#: The greatest id: what is made of it stays a number that JavaScript reads to the last digit.
MAX_NUMBER: Final = 10**14
#: Where in a day rooms are put that name only their day: office hours.
_OPEN, _HOURS = 9 * 3600, 9 * 3600

_DIRECTIVES: Final = ("count", "day", "every")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a scenario file, such as `ties.toml: rooms[2].status`."""

    file: str
    path: str = ""

    def __truediv__(self, step: str | int) -> Place:
        if isinstance(step, int):
            return Place(self.file, f"{self.path}[{step}]")
        return Place(self.file, f"{self.path}.{step}" if self.path else step)

    def __str__(self) -> str:
        return f"{self.file}: {self.path}" if self.path else self.file

    def error(self, received: object, expected: str, *, at: str = "") -> ScenarioError:
        """The error for what stands here, or in the field `at` of what does."""
        here, shown = self / at if at else self, _shown(received)
        return ScenarioError(
            f"{here}: received {shown}; expected {expected}",
            field=here.path,
            received=shown,
            allowed=expected,
        )


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of `rooms`: `count` rooms that take the values of each field in turn."""

    place: Place
    count: int
    values: Mapping[str, tuple[str | None, ...]]
    registered: tuple[Moment, ...] = ()
    completed: tuple[Moment, ...] = ()
    day: Moment | None = None
    every: int | None = None

    def fields(self, repeat: int) -> dict[str, str | None]:
        """The given fields of one room but for its dates."""
        return {name: found[repeat % len(found)] for name, found in self.values.items()}

    def began(self, repeat: int, now: int) -> int | None:
        """When that room began (wall second); None: not given."""
        if self.day is not None:
            start = self.day.second(now, None)
            if self.every is not None:
                return start + repeat * self.every
            share = _HOURS // self.count
            unrest = mix(repeat + 1) % share if share else 0
            return start + _OPEN + repeat * _HOURS // self.count + unrest
        if not self.registered:
            return None
        begun = self.registered[repeat % len(self.registered)].second(now, None)
        return begun + repeat * (self.every or 0)

    def ended(self, repeat: int) -> Moment | None:
        """When it ended; None: not given."""
        return self.completed[repeat % len(self.completed)] if self.completed else None


def check_keys(found: Mapping[str, Any], allowed: Iterable[str], place: Place) -> None:
    """Raises ScenarioError for a key that is not allowed, with the one that was perhaps meant."""
    known = tuple(allowed)
    for key in found:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"allowed: {', '.join(known)}"
            raise ScenarioError(
                f"{place / key}: there is no such field; {hint}",
                field=(place / key).path,
                received="an unknown field",
                allowed=hint,
            )


def check_text(value: object, place: Place) -> str:
    """The value if it is text, else ScenarioError."""
    if not isinstance(value, str):
        raise place.error(value, "text")
    return value


# --- rooms ---


def check_rooms(found: object, place: Place) -> tuple[Entry, ...]:
    """The entries of `rooms`; ids given twice are refused."""
    entries = tuple(_entry(one, place / number) for number, one in enumerate(_list(found, place)))
    seen: dict[str | None, Place] = {}
    for entry in entries:
        ids = entry.values.get("id", ())
        for repeat in range(entry.count if ids else 0):
            one = ids[repeat % len(ids)]
            if one in seen:
                where = entry.place / "id"
                raise ScenarioError(
                    f"{where}: {one!r} is the id of {seen[one].path} already",
                    field=where.path,
                    received=_shown(one),
                    allowed=f"an id of its own; that is the one of {seen[one].path}",
                )
            seen[one] = entry.place
    return entries


def _list(found: object, place: Place) -> list[Any]:
    if not isinstance(found, list):
        raise place.error(found, "a list")
    return found


def _entry(found: object, place: Place) -> Entry:
    if not isinstance(found, dict):
        raise place.error(found, "an object with the fields of a room")
    check_keys(found, (*_DIRECTIVES, *ROOM_FIELDS), place)
    lists = {name: value if isinstance(value, list) else [value] for name, value in found.items()}
    for name, values in lists.items():
        if not values or (name in _DIRECTIVES and isinstance(found[name], list)):
            raise (place / name).error(found[name], "one value" if values else "at least one value")
    if "day" in found and "reg_date" in found:
        raise place.error("day and reg_date", "one of the two", at="day")
    every = None if "every" not in found else parse_span(found["every"])
    if "every" in found and every is None:
        raise (place / "every").error(found["every"], "seconds, or a span such as 90s, 5m, 2h")
    if every is not None and "day" not in found and "reg_date" not in found:
        raise place.error(found["every"], "day or reg_date beside it, to count from", at="every")
    return Entry(
        place=place,
        count=_count(found, lists, place),
        values={
            name: tuple(_value(name, value, place / name) for value in values)
            for name, values in lists.items()
            if name in ROOM_FIELDS and name not in ("reg_date", "complate_date")
        },
        registered=tuple(_moment(one, place / "reg_date") for one in lists.get("reg_date", ())),
        completed=tuple(
            _moment(one, place / "complate_date", ending=True) for one in lists.get("complate_date", ())
        ),
        day=_day(found["day"], place / "day") if "day" in found else None,
        every=every,
    )


def _count(found: Mapping[str, Any], lists: Mapping[str, list[Any]], place: Place) -> int:
    """How many rooms: as told, else as many as the longest list has values."""
    count = found.get("count", max((len(values) for values in lists.values()), default=1))
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MAX_COUNT:
        raise (place / "count").error(count, f"a number from 1 to {MAX_COUNT}")
    return count


def _day(value: object, place: Place) -> Moment:
    day = parse_day(value)
    if day is None:
        raise place.error(value, DAY_FORMS)
    return day


def _moment(value: object, place: Place, *, ending: bool = False) -> Moment:
    moment = parse_moment(value, ending=ending)
    if moment is None:
        raise place.error(value, END_FORMS if ending else MOMENT_FORMS)
    return moment


def _value(name: str, value: object, place: Place) -> str | None:
    """A field's value as text; numbers are taken for their digits."""
    if value is None and name == "users_id":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise place.error(value, "text or null" if name == "users_id" else "text")
    said = fields_of("room")[name]
    width, codes = said.get("maxLength"), [code["const"] for code in said.get("oneOf", ())]
    if width is not None and len(value) > width:
        raise place.error(value, f"at most {width} characters, not {len(value)}")
    if codes and value not in codes:
        raise place.error(value, f"one of {', '.join(repr(code) for code in codes)}")
    if name == "id" and not value:
        raise place.error(value, "an id")
    return value


# --- system messages ---


def check_messages(found: object, place: Place) -> dict[str, tuple[Mapping[str, Any], ...]]:
    """Partial messages by sender key; a bare list belongs to the tenant's first sender key, ""."""
    if isinstance(found, list):
        found = {"": found}
    if not isinstance(found, dict):
        raise place.error(found, "a list of messages, or such lists by sender key")
    checked: dict[str, tuple[Mapping[str, Any], ...]] = {}
    seen: set[int] = set()
    for key, messages in found.items():
        here = place / key if key else place
        checked[key] = tuple(
            _object(one, "system_message", here / number) for number, one in enumerate(_list(messages, here))
        )
        for number, message in enumerate(checked[key]):
            if message.get("id") in seen:
                raise (here / number).error(message["id"], "an id that no other message has", at="id")
            if "id" in message:
                seen.add(message["id"])
    return checked


def _object(found: object, name: str, place: Place) -> dict[str, Any]:
    """An object with fields of schema `name`, any of them."""
    if not isinstance(found, dict):
        raise place.error(found, "an object")
    fields = fields_of(name)
    check_keys(found, fields, place)
    checked = {key: _part(value, fields[key], place / key) for key, value in found.items()}
    if checked.get("messageType") in BUTTONLESS_TYPES and checked.get("buttons"):
        raise (place / "buttons").error(
            found["buttons"], f"none: {checked['messageType']} cannot use buttons"
        )
    return checked


def _part(value: object, said: Mapping[str, Any], place: Place) -> Any:
    """The value of a field of which its schema has `said` what it is; dates may be relative."""
    if "items" in said:
        name = said["items"]["$ref"].removesuffix(".json")
        return [_object(one, name, place / number) for number, one in enumerate(_list(value, place))]
    reference, kind = said.get("$ref", ""), said.get("type")
    if value is None and (reference.endswith("_or_none") or isinstance(kind, list)):
        return None
    if "/date_time" in reference:
        return _moment(value, place)
    if kind == "integer":
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_NUMBER:
            raise place.error(value, f"a number from 0 to {MAX_NUMBER}")
        return value
    codes = [code["const"] for code in said.get("oneOf", ())]
    if codes and value not in codes:
        raise place.error(value, f"one of {', '.join(codes)}")
    return check_text(value, place)
