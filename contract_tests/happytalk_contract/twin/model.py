"""Whole answers of the room list, predicted from the rooms that were read and answers to the open questions.

Where a prediction hangs on a question that is not answered yet, it is made once for each legal answer.
Source: chat_room_lists, Request, and `schemas/open_questions.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from happytalk_contract.core.model import Window
from happytalk_contract.questions.meaning import (
    DEFAULTS,
    MOST_PER_PAGE,
    PARAMETERS,
    SORT_KEYS,
    SORT_VALUES,
    STATUSES,
    as_day,
)
from happytalk_contract.twin.world import World
from happytalk_mock.spec.resources import open_questions

LARGEST: Final = 2**63 - 1
BOT_ENDED: Final = 4
#: Text of more digits is taken for no number.
_INTEGER: Final = re.compile(r"-?[0-9]{1,40}", re.ASCII)
_DAY_FORM: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LIKE_A_DATE: Final = re.compile(r"\s*(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?!\d)", re.ASCII)
_QUESTIONS: Final = open_questions().questions
#: More ways than these to complete a prediction make it none.
_MOST: Final = 64

Answers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of rooms."""

    ids: tuple[str, ...]
    total: int
    page: str  #: as text, for a size may be written either way
    limit: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A failure."""

    cause: str  #: `period`, or `parameter.NAME` by what is at fault


Expected = Listed | Refused


class UnansweredError(Exception):
    """A prediction hangs on a question without an answer."""

    def __init__(self, question: str) -> None:
        super().__init__(question)
        self.question = question


class UnreadError(Exception):
    """A prediction hangs on rooms that were not read, or on what no question is about."""


class _RefusedError(Exception):
    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


def predictions(params: Mapping[str, Any], answers: Answers, world: World) -> frozenset[Expected]:
    """Every answer that may come, one for each way to answer what is open; none where nobody can tell."""
    found: set[Expected] = set()
    todo = [dict(answers)]
    for _turn in range(_MOST):
        if not todo:
            return frozenset(found)
        given = todo.pop()
        try:
            found.add(predict(params, given, world))
        except UnreadError:
            return frozenset()
        except UnansweredError as missing:
            todo += [{**given, missing.question: one} for one in _QUESTIONS[missing.question].answers]
    return frozenset()


def predict(params: Mapping[str, Any], answers: Answers, world: World) -> Expected:
    """The one answer that a profile gives. Raises `UnansweredError`, `UnreadError`."""
    try:
        return _Reader(params, answers, world).page()
    except _RefusedError as refused:
        return Refused(refused.cause)


class _Reader:
    """Reads one question under one profile."""

    def __init__(self, params: Mapping[str, Any], answers: Answers, world: World) -> None:
        self._params, self._answers, self._world = params, answers, world

    def page(self) -> Listed:
        if set(self._params) - set(PARAMETERS) and self._answer("unknown_parameters") == "failure":
            raise _RefusedError("parameter.unknown")
        window = self._window()
        nulls = [name for name in DEFAULTS if name in self._params and self._params[name] is None]
        if nulls and self._answer("null_value") == "failure":
            raise _RefusedError(f"parameter.{nulls[0]}")
        limit, limit_echo = self._limit()
        key = self._choice("sort_key", SORT_KEYS)
        falling = self._choice("sort_value", SORT_VALUES) == "desc"
        status = self._status()
        page, page_echo = self._page()
        ids = () if window is None else self._world.ordered(window, status, key, falling, self._answer)
        start = (page - 1) * limit
        if page > 1 and start >= len(ids) and self._answer("page_past_end") == "failure":
            raise _RefusedError("parameter.page")
        return Listed(ids[start : start + limit], len(ids), str(page_echo), str(limit_echo))

    def _answer(self, question: str) -> str:
        if question not in _QUESTIONS:
            raise UnreadError(question)
        if question not in self._answers:
            raise UnansweredError(question)
        return self._answers[question]

    def _window(self) -> Window | None:
        """The days asked for; None: no day at all."""
        sdate, edate = self._day("sdate"), self._day("edate")
        if date.max in (sdate, edate):
            return None
        if sdate and edate:
            if sdate > edate:
                answer = self._answer("reversed_dates")
                if answer == "failure":
                    raise _RefusedError("parameter.sdate")
                if answer == "empty":
                    return None
                sdate, edate = edate, sdate
            return self._known(sdate, edate)
        if (sdate or edate) and (answer := self._answer("single_date")) != "ignored":
            if answer == "failure":
                raise _RefusedError(f"parameter.{'edate' if sdate else 'sdate'}")
            if self._longest() and self._answer("open_range_period") == "over":
                raise _RefusedError("period")
            return self._covered(sdate or date.min, edate or date.max)
        ndate = self._day("ndate") or self._world.today
        return None if ndate == date.max else self._known(ndate, ndate)

    def _longest(self) -> int | None:
        answer = self._answers.get("longest_period", "none")
        return None if answer == "none" else int(answer)

    def _known(self, first: date, last: date) -> Window:
        longest = self._longest()
        if longest is not None and (last - first).days + 1 > longest:
            raise _RefusedError("period")
        return self._covered(first, last)

    def _covered(self, first: date, last: date) -> Window:
        if not self._world.covers(first, last):
            raise UnreadError("days that were not read")
        return first, last

    def _day(self, name: str) -> date | None:
        """A date parameter; None: as if absent; date.max: it matches nothing."""
        value = self._params.get(name)
        if value is None:
            return None
        if value == "":
            if self._answer("empty_date") == "failure":
                raise _RefusedError(f"parameter.{name}")
            return None
        if (day := as_day(value)) is not None:
            return day
        case = "type" if not isinstance(value, str) else "form"
        case = "no_such_day" if isinstance(value, str) and _DAY_FORM.fullmatch(value) else case
        answer = self._answer(f"bad_date.{case}")
        if answer == "failure":
            raise _RefusedError(f"parameter.{name}")
        return {"absent": None, "empty": date.max}.get(answer, _as_read(value))

    def _number(self, name: str) -> tuple[int, str]:
        """A number and, where it is none to be used as it is, the case of the open question about that."""
        value = self._params[name]
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            if self._answer("numeric_text") == "failure":
                raise _RefusedError(f"parameter.{name}")
            value = int(value)
        if isinstance(value, float) and abs(value) < float("inf") and value.is_integer():
            value = int(value) if self._answer("whole_fraction") == "number" else 0.5
        if type(value) is int:
            if value > 0:
                return value, "huge" if value > LARGEST else ""
            return value, "negative" if value else "zero"
        return 0, "fraction" if isinstance(value, float) else "text" if isinstance(value, str) else "type"

    def _limit(self) -> tuple[int, int]:
        if self._params.get("limit") is None:
            return DEFAULTS["limit"], DEFAULTS["limit"]
        number, case = self._number("limit")
        answer = self._answer(f"limit_invalid.{case}") if case else "capped"
        if answer == "failure":
            raise _RefusedError("parameter.limit")
        if answer != "capped" or case not in ("", "huge"):
            served = {"clamp": 1, "capped": MOST_PER_PAGE}.get(answer, DEFAULTS["limit"])
            return served, served
        if number <= MOST_PER_PAGE:
            return number, number
        if not case and self._answer("limit_above_max") == "failure":
            raise _RefusedError("parameter.limit")
        return MOST_PER_PAGE, number if self._answer("limit_echo") == "asked" else MOST_PER_PAGE

    def _page(self) -> tuple[int, Any]:
        if self._params.get("page") is None:
            return 1, 1
        number, case = self._number("page")
        answer = self._answer(f"page_invalid.{case}") if case else "past_end"
        if answer == "past_end":
            return number, number
        if answer == "failure":
            raise _RefusedError("parameter.page")
        return 1, self._params["page"] if self._answer("page_echo") == "asked" else 1

    def _choice(self, name: str, legal: tuple[str, ...]) -> str:
        value = self._params.get(name)
        if value in legal and isinstance(value, str):
            return value
        if value is not None and self._answer(f"unknown_sort.{name.removeprefix('sort_')}") == "failure":
            raise _RefusedError(f"parameter.{name}")
        return str(DEFAULTS[name])

    def _status(self) -> str | None:
        """The status as rooms have it; None: any; "": that of no room."""
        value = self._params.get("status")
        if value is None:
            return None
        number, case = self._number("status")
        if case in ("", "zero", "negative", "huge"):
            if number in STATUSES:
                return None if number == DEFAULTS["status"] else str(number)
            case = "4" if number == BOT_ENDED else "number"
        case = "number" if case == "fraction" else case
        answer = self._answer(f"unknown_status.{case}")
        if answer == "failure":
            raise _RefusedError("parameter.status")
        return {"all": None, "that_status": str(number)}.get(answer, "")


def _as_read(value: Any) -> date:
    """The day that a date can be read as; date.max where it can not. Days past a month's end count on."""
    found = _LIKE_A_DATE.match(str(value)) if isinstance(value, str | int) else None
    year, month, days = map(int, found.groups()) if found else (0, 0, 0)
    if not (0 < year < 9999 and 1 <= month <= 12):
        return date.max
    return date(year, month, 1) + timedelta(days=days - 1)


def ways(
    params: Mapping[str, Any], question: str, answers: Answers, world: World
) -> Iterator[tuple[str, frozenset[Expected]]]:
    """What each legal answer to a question predicts."""
    for one in _QUESTIONS[question].answers:
        yield one, predictions(params, {**answers, question: one}, world)
