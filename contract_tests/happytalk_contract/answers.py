"""Open questions of the documentation, and the answers that were seen.

Any answer is legal; what is told is which one. Source of the questions: the pages say nothing, or
contradict themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from happytalk_contract.evidence import Evidence
from happytalk_contract.model import Answer, Endpoint
from happytalk_contract.rules_lists import HEAD
from happytalk_contract.views import ZERO_DATE, RoomsView, as_count

Seen = Iterator[tuple[str, int]]  # an answer, and the number of the exchange that shows it


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One open question."""

    id: str
    endpoint: Endpoint
    asks: str
    legal: tuple[str, ...]
    seen: Callable[[Evidence], Seen]


def answers(evidence: Evidence) -> tuple[Answer, ...]:
    """Tell what was seen of each open question."""
    return tuple(_answer(question, evidence) for question in QUESTIONS)


def _answer(question: Question, evidence: Evidence) -> Answer:
    numbers: dict[str, list[int]] = {}
    for told, number in question.seen(evidence):
        numbers.setdefault(told, []).append(number)
    return Answer(
        question=question.id,
        endpoint=question.endpoint,
        asks=question.asks,
        answer="; ".join(sorted(numbers)) or None,
        legal=question.legal,
        exchanges=tuple(sorted(number for shown in numbers.values() for number in shown[:3])),
    )


def _notation(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        if view.is_list:
            for name in HEAD:
                told = view.body["data"].get(name)
                yield ("text" if isinstance(told, str) else "number"), view.number


def _outcome(view: RoomsView) -> str:
    if view.kind == "failure":
        return f"failure {view.body.get('code')}"
    return "success" if view.kind == "success" else view.kind


def _touching(*questions: str) -> Callable[[Evidence], Seen]:
    def seen(evidence: Evidence) -> Seen:
        for view in evidence.rooms:
            if view.meaning is not None and view.meaning.open == frozenset(questions):
                yield _outcome(view), view.number

    return seen


def _limit_echo(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        if view.meaning is not None and view.meaning.open == {"limit_over"} and view.is_list:
            asked = as_count((view.params or {}).get("limit"))
            yield ("the number asked" if view.limit == asked else str(view.limit)), view.number


def _past_end(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        means = view.meaning
        if means is None or not means.is_plain or means.page < 2:
            continue
        if view.kind == "failure":
            yield "failure", view.number
        elif view.is_list and (means.page - 1) * means.limit >= (view.total or 0):
            yield "empty list with the true total_count", view.number


def _zero_place(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        means = view.meaning
        if means is None or means.sort_key != "complate_date" or means.sort_value != "asc":
            continue
        keys = [room.get("complate_date") for room in view.rooms]
        if ZERO_DATE in keys and len(set(keys)) > 1:
            yield ("lowest" if keys[0] == ZERO_DATE else "last"), view.number


def _failure_status(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        if view.kind == "failure" and view.exchange.response is not None:
            yield str(view.exchange.response.status), view.number


def _end_dates(status: str) -> Callable[[Evidence], Seen]:
    def seen(evidence: Evidence) -> Seen:
        for view, _index, room in evidence.distinct_rooms():
            if room.get("status") == status:
                yield ("zero date" if room.get("complate_date") == ZERO_DATE else "a real one"), view.number

    return seen


def _hidden(evidence: Evidence) -> Seen:
    for view, _index, room in evidence.distinct_rooms():
        if room.get("status") in ("-2", "-1"):
            yield "their number as text", view.number


def _parcel_w(evidence: Evidence) -> Seen:
    for view, _index, room in evidence.distinct_rooms():
        if room.get("parcel_companycode") == "W":
            yield "seen", view.number


def _rooms(
    name: str, asks: str, legal: tuple[str, ...], seen: Callable[[Evidence], Seen] | None = None
) -> Question:
    return Question(id=name, endpoint="rooms", asks=asks, legal=legal, seen=seen or _touching(name))


QUESTIONS: Final = (
    _rooms("notation", "Are page, limit, total_count numbers or text?", ("number", "text"), _notation),
    _rooms("limit_over", "What does a limit above 50 give?", ("served as 50", "failure")),
    _rooms(
        "limit_over_echo",
        "What does limit echo when more than 50 was asked?",
        ("50", "the number asked"),
        _limit_echo,
    ),
    _rooms(
        "bad_limit",
        "What does a limit of 0, negative or not a number give?",
        ("default", "failure", "clamp to 1"),
    ),
    _rooms("bad_page", "What does a page of 0, negative or not a number give?", ("page 1", "failure")),
    _rooms(
        "page_past_end",
        "What is past the last page?",
        ("empty list with the true total_count", "failure"),
        _past_end,
    ),
    _rooms("one_end", "What does only one of sdate, edate give?", ("ignored", "open-ended range", "failure")),
    _rooms("reversed", "What does sdate after edate give?", ("empty", "failure", "swapped")),
    _rooms("bad_date", "What does a date that is not Y-m-d or no day give?", ("failure", "as if absent")),
    _rooms("unknown_sort", "What does an unknown sort_key or sort_value give?", ("default", "failure")),
    _rooms(
        "unknown_status",
        "What does a status outside the list give?",
        ("that status", "empty", "all", "failure"),
    ),
    _rooms("bad_status", "What does a status that is no number give?", ("empty", "all", "failure")),
    _rooms(
        "hidden_statuses",
        "Are rooms with status -2, -1 in the response?",
        ("their number as text", "hidden"),
        _hidden,
    ),
    _rooms("zero_dates", "Where do zero dates sort?", ("lowest", "last"), _zero_place),
    _rooms("int_text", "Is numeric text taken for int parameters?", ("taken", "failure")),
    _rooms("empty_date", 'What does "" for a date give?', ("as null", "failure")),
    _rooms("unknown_parameters", "What do unknown parameters give?", ("ignored", "failure")),
    _rooms(
        "failure_status", "Which HTTP status has a failure?", ("200", "400", "401", "403"), _failure_status
    ),
    _rooms(
        "deleted_end",
        "Which end date has a deleted room (3)?",
        ("zero date", "a real one", "mixed"),
        _end_dates("3"),
    ),
    _rooms(
        "bot_ended_end",
        "Which end date has a bot-ended room (4)?",
        ("zero date", "a real one", "mixed"),
        _end_dates("4"),
    ),
    _rooms("parcel_w", 'Is parcel_companycode "W" seen?', ("seen", "not seen"), _parcel_w),
)
