"""The shape of an account's data: what the generator goes by in place of its own figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, NamedTuple, Self, TypeVar

from ...core.clock import DAY
from .timelines import COURSES, OWN, Course, Rhythm

T = TypeVar("T")
#: No room takes longer to its end than this.
_LONGEST: Final = 30 * DAY
#: Sizes of the tables that chance looks up in.
_QUANTILES: Final = 1024
_HUNDRED: Final = 100


class Channels(NamedTuple):
    """Where customers write from, in tables of a hundred."""

    apis: Sequence[str] = "0" * 62 + "2" * 24 + "1" * 14  #: out_api
    devices: Sequence[str] = (
        "A" * 34 + "I" * 26 + "W" * 22 + " " * 18
    )  #: phone_os of those that use the widget
    in_app: int = 5  #: of eight with a phone, so many write from within the shop's app


class FieldShape(NamedTuple):
    """How often a field has no value, and how long the values are."""

    null: float
    empty: float
    lengths: tuple[int, ...]  #: 1024 quantiles; none: as long as they come

    @property
    def nothing(self) -> float:
        """The share of rooms without a value."""
        return min(1.0, self.null + self.empty)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """An account in counts and quantiles. What an `account.toml` leaves out is the mock's own."""

    rooms: int
    days: int
    rhythm: Rhythm
    customers: float  #: of each room, so many different ones
    tree: tuple[tuple[int, ...], ...]  #: by category its divisions, with how often each comes up
    channels: Channels
    fields: Mapping[str, FieldShape]

    @classmethod
    def of(cls, account: Mapping[str, Any]) -> Self:
        """The shape that an `account.toml` tells."""
        rooms = account["rooms"]
        fields = {
            name: FieldShape(
                told.get("null", 0.0), told.get("empty", 0.0), stretched(told.get("lengths", ()))
            )
            for name, told in account.get("fields", {}).items()
        }
        return cls(
            rooms=rooms,
            days=account["days"],
            rhythm=_rhythm(account),
            customers=account.get("customers", rooms * 11 / 20) / rooms if rooms else 1.0,
            tree=tuple(
                tuple(max(1, round(count)) for count in divisions)
                for divisions in account.get("categories", {}).get("tree", ())
            ),
            channels=_channels(account.get("channels", {}), fields.get("app_ver")),
            fields=fields,
        )

    def present(self, name: str, otherwise: bool, turn: float) -> bool:
        """Whether a room has a value in a field; `turn`: its chance from 0 to 1."""
        field = self.fields.get(name)
        return otherwise if field is None else turn < 1 - field.nothing


def dealt(weights: Mapping[T, float], size: int) -> tuple[T, ...]:
    """A table of `size` in which each stands as often as its weight says; none where nothing weighs."""
    total, passed = sum(weights.values()), 0.0
    out: list[T] = []
    for each, weight in weights.items():
        passed += weight
        out += [each] * (round(passed * size / total) - len(out) if total else 0)
    return tuple(out)


def stretched(quantiles: Sequence[float], size: int = _QUANTILES) -> tuple[int, ...]:
    """Quantiles at equal steps as a table of `size`; none of fewer than two."""
    steps = len(quantiles) - 1
    if steps < 1:
        return ()
    return tuple(
        round(low + (high - low) * (place * steps / (size - 1) - step))
        for step, (low, high) in enumerate(pairwise(sorted(quantiles)))
        for place in range(size)
        if step <= place * steps / (size - 1) < step + 1 or (step == steps - 1 and place == size - 1)
    )


def _rhythm(account: Mapping[str, Any]) -> Rhythm:
    hours, ties, seconds = (account.get(name, {}) for name in ("hours", "ties", "seconds"))
    rooms = max(1, account["rooms"])
    week = [bound - before for before, bound in pairwise(_sevenths(account.get("week", OWN.week)))]
    sweeps = [_second_of_day(text) for text in ties.get("sweeps", ())]
    done = _ends(seconds.get("done", ()))
    return Rhythm(
        week=tuple(week) if sum(week) else OWN.week,
        working=_weights(hours.get("working")) or OWN.working,
        weekend=_weights(hours.get("weekend")) or OWN.weekend,
        courses=_courses(account.get("status", {})),
        ties=round(ties["reg_date"] * 64 / rooms) if "reg_date" in ties else OWN.ties,
        swept=min(256, round(ties.get("complate_date", 0) * 256 / rooms))
        if sweeps
        else 0
        if done
        else OWN.swept,
        sweeps=(sweeps[0], sweeps[-1]) if sweeps else OWN.sweeps,
        answer=_ends(seconds.get("answer", ())),
        done=done,
        ended=_ends(seconds.get("ended", ())),
    )


def _sevenths(week: Sequence[float]) -> list[int]:
    """Where the days of a week begin and end if 7000 rooms came in it."""
    total = sum(week) or 1
    return [round(sum(week[:day]) * 7000 / total) for day in range(8)]


def _weights(hours: Sequence[float] | None) -> tuple[int, ...]:
    """Whole weights, none of them nothing: a schedule divides by each."""
    return tuple(max(1, round(each * 100)) for each in hours) if hours and sum(hours) else ()


def _ends(quantiles: Sequence[float]) -> tuple[int, ...]:
    return tuple(min(each, _LONGEST) for each in stretched(quantiles))


def _second_of_day(text: str) -> int:
    hour, minute, second = map(int, text.split(":"))
    return hour * 3600 + minute * 60 + second


def _courses(by_age: Mapping[str, Mapping[str, float]]) -> tuple[Course, ...]:
    """The mock's courses, as often as rooms came to rest in each status: those of the greatest age say it."""
    oldest = max(by_age, key=lambda age: int(re.sub(r"\D.*", "", age) or 0), default=None)
    counts = by_age[oldest] if oldest is not None else {}
    own = {
        course.final: sum(each.share for each in COURSES if each.final == course.final) for course in COURSES
    }
    weights = {
        course: counts.get(str(course.final), 0) * course.share / own[course.final] for course in COURSES
    }
    if not sum(weights.values()):
        return COURSES
    table = dealt({number: weights[course] for number, course in enumerate(COURSES)}, _QUANTILES)
    return tuple(replace(course, share=table.count(number)) for number, course in enumerate(COURSES))


def _channels(told: Mapping[str, Mapping[str, float]], app: FieldShape | None) -> Channels:
    apis, devices = told.get("out_api", {}), told.get("phone_os", {})
    own = Channels()
    phones = sum(devices.get(name, 0) for name in ("A", "I"))
    widget = apis.get("0", 0) or sum(devices.values())
    known = {name: count for name, count in devices.items() if name and name != "other"}
    table = dealt(known | {" ": max(0, widget - sum(known.values()))}, _HUNDRED)
    in_app = own.in_app
    if app is not None and phones:
        in_app = min(8, round((1 - app.nothing) * sum(devices.values()) * 8 / phones))
    named = {name: count for name, count in apis.items() if name != "other"}
    return Channels(dealt(named, _HUNDRED) or own.apis, table if devices else own.devices, in_app)
