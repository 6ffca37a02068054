"""Open questions of the documentation, and the answers that were seen.

Any answer is legal; what is told is which one. An answer that changes within a run is no answer: the rules
`rooms.open.steady` and `messages.open.steady` judge that. Source of the questions: the pages say nothing, or
contradict themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from happytalk_contract.core.model import Answer
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import ZERO_DATE, RoomsView, as_count
from happytalk_contract.rules.answers.messages import MESSAGE_QUESTIONS
from happytalk_contract.rules.answers.question import Question, Seen, Sighting
from happytalk_contract.rules.rooms.heads import HEAD


def answers(evidence: Evidence) -> tuple[Answer, ...]:
    """Tell what was seen of each open question."""
    return tuple(_answer(question, evidence) for question in QUESTIONS)


def _answer(question: Question, evidence: Evidence) -> Answer:
    numbers: dict[str, list[int]] = {}
    for sighting in question.seen(evidence):
        if sighting.view.status >= 500:
            continue  # no answer of its own to anything
        numbers.setdefault(sighting.answer, []).append(sighting.view.number)
    return Answer(
        question=question.id,
        endpoint=question.endpoint,
        asks=question.asks,
        answer="; ".join(sorted(numbers)) or None,
        legal=question.legal,
        exchanges=tuple(sorted(number for shown in numbers.values() for number in shown[:3])),
    )


@dataclass(frozen=True, slots=True)
class _Touching:
    """Questions that touch one open point and no other; a success is read by `success`."""

    question: str
    success: Callable[[Evidence, RoomsView], str]

    def __call__(self, evidence: Evidence) -> Seen:
        """Yield what such questions got."""
        for view in evidence.rooms:
            if view.meaning is None or view.meaning.open != {self.question}:
                continue
            if view.kind == "failure":
                yield Sighting(answer="failure", view=view, variant=view.asked)
            elif view.is_list:
                # What a success holds can change with the data; that it is one can not.
                told = self.success(evidence, view)
                yield Sighting(answer=told, view=view, variant=view.asked, steady="success")


def _fixed(answer: str) -> Callable[[Evidence, RoomsView], str]:
    return lambda _evidence, _view: answer


def _limit_served(_evidence: Evidence, view: RoomsView) -> str:
    return {10: "default", 1: "clamp to 1"}.get(view.limit or 0, f"limit {view.limit}")


def _page_served(_evidence: Evidence, view: RoomsView) -> str:
    return "page 1" if view.page == 1 else "the page asked"


def _one_end(evidence: Evidence, view: RoomsView) -> str:
    """Rooms of today or of ndate: ignored. Others: the range has an open end."""
    window = view.window
    days = {str(room.get("reg_date"))[:10] for room in view.rooms}
    if window is None or days <= {window[0].isoformat()}:
        return "ignored"
    return "open-ended range"


def _reversed(_evidence: Evidence, view: RoomsView) -> str:
    return "swapped" if view.total else "empty"


def _as_absent(evidence: Evidence, view: RoomsView) -> str:
    today = view.today
    days = {str(room.get("reg_date"))[:10] for room in view.rooms}
    return "as if absent" if today and days <= {today.isoformat()} else "other days"


def _statuses(_evidence: Evidence, view: RoomsView) -> str:
    asked = str((view.params or {}).get("status"))
    if not view.total:
        return "empty"
    return "that status" if {room.get("status") for room in view.rooms} == {asked} else "all"


def _notation(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        if view.is_list:
            told = "text" if isinstance(view.body["data"].get(HEAD[-1]), str) else "number"
            yield Sighting(answer=told, view=view, variant=None)


def _limit_echo(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        if view.meaning is not None and view.meaning.open == {"limit_over"} and view.is_list:
            asked = as_count((view.params or {}).get("limit"))
            told = "the number asked" if view.limit == asked else str(view.limit)
            yield Sighting(answer=told, view=view, variant=None)


def _past_end(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        means = view.meaning
        if means is None or not means.is_plain or means.page < 2:
            continue
        if view.kind == "failure":
            yield Sighting(answer="failure", view=view, variant=view.asked)
        elif view.is_list and (means.page - 1) * means.limit >= (view.total or 0):
            told = "empty list with the true total_count"
            yield Sighting(answer=told, view=view, variant=view.asked)


def _zero_place(evidence: Evidence) -> Seen:
    """Only a rising list tells: lowest and last fall together in a falling one."""
    for view in evidence.rooms:
        means = view.meaning
        if means is None or not means.is_judged:
            continue
        if (means.sort_key, means.sort_value) != ("complate_date", "asc"):
            continue
        keys = [room.get("complate_date") for room in view.rooms]
        if ZERO_DATE in keys and len(set(keys)) > 1:
            yield Sighting(answer="lowest" if keys[0] == ZERO_DATE else "last", view=view, variant=None)


def _failure_status(evidence: Evidence) -> Seen:
    """One HTTP status for each code: different failures may have different ones."""
    for view in evidence.rooms:
        if view.kind == "failure" and view.exchange.response is not None:
            code = str(view.body.get("code"))
            yield Sighting(answer=str(view.exchange.response.status), view=view, variant=code)


def _failure_codes(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        if view.kind == "failure":
            code = str(view.body.get("code"))[:12]
            yield Sighting(answer=code, view=view, variant=view.asked)


def _form(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        if "form" in view.exchange.request.headers.get("Content-Type", "") and view.kind != "none":
            told = "taken" if view.kind == "success" else "failure"
            yield Sighting(answer=told, view=view, variant=view.asked)


def _client_headers(evidence: Evidence) -> Seen:
    for view in evidence.rooms:
        if (
            view.meaning is None
            or not view.meaning.is_plain
            or "HT-Client-Id" in view.exchange.request.headers
        ):
            continue
        if view.kind in ("success", "failure"):
            told = "not needed" if view.kind == "success" else "needed"
            yield Sighting(answer=told, view=view, variant=view.asked)


def _end_dates(status: str) -> Callable[[Evidence], Seen]:
    def seen(evidence: Evidence) -> Seen:
        for view, _index, room in evidence.distinct_rooms:
            if room.get("status") == status:
                told = "zero date" if room.get("complate_date") == ZERO_DATE else "a real one"
                yield Sighting(answer=told, view=view, variant=view.number)

    return seen


def _values(field: str, *codes: str, answer: str) -> Callable[[Evidence], Seen]:
    def seen(evidence: Evidence) -> Seen:
        for view, _index, room in evidence.distinct_rooms:
            if room.get(field) in codes:
                yield Sighting(answer=answer, view=view, variant=None)

    return seen


def _rooms(
    name: str, asks: str, legal: tuple[str, ...], seen: Callable[[Evidence], Iterator[Sighting]] | Any
) -> Question:
    return Question(id=name, endpoint="rooms", asks=asks, legal=legal, seen=seen)


def _touching(
    name: str, asks: str, legal: tuple[str, ...], success: Callable[[Evidence, RoomsView], str]
) -> Question:
    return _rooms(name, asks, legal, _Touching(name, success))


QUESTIONS: Final = (
    _rooms("notation", "Are page, limit, total_count numbers or text?", ("number", "text"), _notation),
    _touching("limit_over", "What does a limit above 50 give?", ("served as 50", "failure"), _fixed("served as 50")),
    _rooms("limit_over_echo", "What does limit echo when more than 50 was asked?", ("50", "the number asked"),
           _limit_echo),
    _touching("bad_limit", "What does a limit of 0, negative or not a number give?",
              ("default", "failure", "clamp to 1"), _limit_served),
    _touching("bad_page", "What does a page of 0, negative or not a number give?", ("page 1", "failure"), _page_served),
    _rooms("page_past_end", "What is past the last page?", ("empty list with the true total_count", "failure"),
           _past_end),
    _touching("one_end", "What does only one of sdate, edate give?", ("ignored", "open-ended range", "failure"),
              _one_end),
    _touching("reversed", "What does sdate after edate give?", ("empty", "failure", "swapped"), _reversed),
    _touching("bad_date", "What does a date that is not Y-m-d or no day give?", ("failure", "as if absent"),
              _as_absent),
    _touching("unknown_sort", "What does an unknown sort_key or sort_value give?", ("default", "failure"),
              _fixed("default")),
    _touching("unknown_status", "What does a status outside the list give?",
              ("that status", "empty", "all", "failure"), _statuses),
    _touching("bad_status", "What does a status that is no number give?", ("empty", "all", "failure"), _statuses),
    _rooms("hidden_statuses", "Are rooms with status -2, -1 in the response?", ("their number as text", "hidden"),
           _values("status", "-2", "-1", answer="their number as text")),
    _rooms("zero_dates", "Where do zero dates sort?", ("lowest", "last"), _zero_place),
    _touching("int_text", "Is numeric text taken for int parameters?", ("taken", "failure"), _fixed("taken")),
    _touching("empty_date", 'What does "" for a date give?', ("as null", "failure"), _fixed("as null")),
    _touching("unknown_parameters", "What do unknown parameters give?", ("ignored", "failure"), _fixed("ignored")),
    _rooms("form_body", "Is a form taken as the body?", ("taken", "failure"), _form),
    _rooms("failure_status", "Which HTTP status has a failure?", ("200", "400", "401", "403"), _failure_status),
    _rooms("failure_codes", "Which codes have failures?", ("any",), _failure_codes),
    _rooms("client_headers", "Are the HT headers needed for the room list?", ("needed", "not needed"),
           _client_headers),
    _rooms("deleted_end", "Which end date has a deleted room (3)?", ("zero date", "a real one", "mixed"),
           _end_dates("3")),
    _rooms("bot_ended_end", "Which end date has a bot-ended room (4)?", ("zero date", "a real one", "mixed"),
           _end_dates("4")),
    _rooms("parcel_w", 'Is parcel_companycode "W" seen?', ("seen", "not seen"),
           _values("parcel_companycode", "W", answer="seen")),
    *MESSAGE_QUESTIONS,
)  # fmt: skip
