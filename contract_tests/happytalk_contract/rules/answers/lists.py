"""What room lists show of the open questions: sizes, dates, statuses, ties, fields.

Source of the questions: `schemas/open_questions.toml`; the page says nothing, or contradicts itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from itertools import chain
from typing import Any, Final

from happytalk_contract.core.model import Window
from happytalk_contract.core.room_fields import NAMES
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import ZERO_DATE, RoomsView, as_count, registered_on
from happytalk_contract.questions.meaning import meaning
from happytalk_contract.rules.answers.question import Look, Seen, once, sighting, throughout

#: So many rooms without an exception say that there is none.
ENOUGH: Final = 8
MANY: Final = 150
OVER_DATE: Final = -504
#: A maximum period longer than this is none that anybody meets.
LONGEST: Final = 4000
#: Dates as people write them.
_LIKE_A_DATE: Final = re.compile(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?: [\d:]+)?", re.ASCII)

#: The answers that a success fits.
Success = Callable[[Evidence, RoomsView], set[str]]


def touching(
    question: str, success: Success, failure: Callable[[Evidence, RoomsView], set[str]] | None = None
) -> Look:
    """Look at requests that touch one open question and no other."""

    def look(evidence: Evidence, case: str) -> Seen:
        for view in evidence.touching[f"{question}.{case}" if case else question]:
            if view.kind == "failure":
                fits = {"failure"} if failure is None else failure(evidence, view)
                yield sighting(view, *fits, told=f"failure {view.fields.get('code')}", steady="failure")
            elif view.is_list:
                # What a success holds can change with the data; that it is one can not.
                told = f"{len(view.rooms)} of {view.total} rooms, limit {view.limit}, page {view.page}"
                yield sighting(view, *success(evidence, view), told=told, steady="success")

    return look


def always(*answers: str) -> Success:
    """The answers that any success fits."""
    return lambda _evidence, _view: set(answers)


# --- how many rooms there are ----------------------------------------------------------------------------


def known(evidence: Evidence, view: RoomsView, window: Window | None, status: int = 99) -> int | None:
    """How many rooms a window holds, by the reading nearest to a view or by a plain answer; None: not known."""
    if window is None:
        return None
    basis = evidence.readings.basis(view.number, window)
    if basis is not None:
        first, last = (day.isoformat() for day in window)
        return sum(
            first <= registered_on(room) <= last and status in (99, as_count(room.get("status")))
            for room in basis.reading.rooms.values()
        )
    plain = [
        other.total
        for other in evidence.rooms
        if other.is_list and other.is_plain and other.window == window and other.meaning
        if other.meaning.status == status
    ]
    return plain[-1] if plain else None


def _holds(evidence: Evidence, view: RoomsView, window: Window | None) -> bool:
    """Whether a view can be the list of a window, unfiltered."""
    total = known(evidence, view, window)
    if total is not None:
        return view.total == total
    days = {registered_on(room) for room in view.rooms}
    return window is None or all(window[0].isoformat() <= day <= window[1].isoformat() for day in days)


# --- sizes -------------------------------------------------------------------------------------------------


def size_type(evidence: Evidence, case: str) -> Seen:
    """A number or text, in answers to plain questions."""

    def look(view: RoomsView) -> Seen:
        if view.is_list and view.is_plain and case in view.fields["data"]:
            yield throughout(view, "text" if isinstance(view.fields["data"][case], str) else "number")

    yield from evidence.said(f"size_type.{case}", evidence.rooms, look)


def limit_served(_evidence: Evidence, view: RoomsView) -> set[str]:
    """By the rooms that came and, where it names one of the three, by data.limit."""
    served = {"default": 10, "clamp": 1, "capped": 50}
    fits = {answer for answer, limit in served.items() if min(limit, view.total or 0) == len(view.rooms)}
    echoed = {answer for answer, limit in served.items() if view.limit == limit}
    return fits & echoed or fits


def limit_echo(evidence: Evidence, _case: str) -> Seen:
    """What data.limit says of a limit above 50."""
    for view in evidence.touching["limit_above_max"]:
        if view.is_list:
            asked = as_count((view.params or {}).get("limit"))
            fits = {"served"} if view.limit == 50 else {"asked"} if view.limit == asked else set()
            yield throughout(view, *fits, told=f"limit {view.limit}")


def whole_served(_evidence: Evidence, view: RoomsView) -> set[str]:
    """By data.limit and, where that names another, by the rooms: a limit of 3 as a fraction."""
    asked = (view.params or {}).get("limit")
    if not isinstance(asked, float):
        return {"number", "fraction"}
    if view.limit == asked:
        return {"number"}
    return {"fraction"} if len(view.rooms) != min(asked, view.total or 0) else {"number", "fraction"}


def page_served(_evidence: Evidence, view: RoomsView) -> set[str]:
    """Page 1, or for a number beyond all a page past the end."""
    if view.rooms:
        return {"first"}
    return {"past_end"} if view.total else {"first", "past_end"}


def page_refused(evidence: Evidence, view: RoomsView) -> set[str]:
    """A number beyond all can be refused for itself or as any page past the end."""
    refused = any("failure" in one.fits for one in past_end(evidence, ""))
    return {"failure", "past_end"} if refused else {"failure"}


def page_echo(evidence: Evidence, _case: str) -> Seen:
    """What data.page says where page 1 came for another page."""
    touching = [
        views for question, views in evidence.touching.items() if question.startswith("page_invalid.")
    ]
    for view in sorted(chain(*touching), key=lambda view: view.number):
        if view.is_list and view.rooms:
            asked, told = (view.params or {}).get("page"), view.fields["data"].get("page")
            # Beyond 64 bits JSON is read as a float; true is no 1.
            same = str(told) == str(asked) or (
                type(told) is float and type(asked) is int and told == float(asked)
            )
            fits = {"served"} if as_count(told) == 1 else {"asked"} if same else set()
            yield sighting(view, *fits, told=f"page {told!r}"[:40])


def past_end(evidence: Evidence, _case: str) -> Seen:
    """What a documented page behind the last one gets."""
    for view in evidence.rooms:
        means = view.meaning
        if means is None or not means.is_plain or means.page < 2:
            continue
        if view.kind == "failure" and view.fields.get("code") != OVER_DATE:
            yield sighting(view, "failure")
        elif view.is_list and (means.page - 1) * means.limit >= (view.total or 0):
            yield sighting(view, "empty")


# --- dates -------------------------------------------------------------------------------------------------


def one_end(evidence: Evidence, view: RoomsView) -> set[str]:
    """Rooms of ndate or today: ignored. More: the range is open."""
    params = view.params or {}
    days = {registered_on(room) for room in view.rooms}
    if view.window is not None and days - {view.window[0].isoformat()}:
        return {"open_range"}
    named = next(date.fromisoformat(str(params[name])) for name in ("sdate", "edate") if params.get(name))
    ignored, inside = known(evidence, view, view.window), known(evidence, view, (named, named))
    if ignored is not None and view.total != ignored:
        return {"open_range"}
    outside = view.window is not None and named != view.window[0]
    return {"ignored"} if ignored is not None and inside and outside else {"ignored", "open_range"}


def one_end_refused(_evidence: Evidence, view: RoomsView) -> set[str]:
    """A range that is too long is a range."""
    return {"open_range"} if view.fields.get("code") == OVER_DATE else {"failure"}


def swapped(evidence: Evidence, view: RoomsView) -> set[str]:
    """Rooms: the range between the two."""
    if view.total:
        return {"swapped"}
    between = known(evidence, view, (view.window[1], view.window[0])) if view.window else None
    return {"empty"} if between else {"empty", "swapped"}


def bad_date(evidence: Evidence, view: RoomsView) -> set[str]:
    """By how many rooms the windows hold that each answer would mean."""
    params = dict(view.params or {})
    fits = {"absent"} if _holds(evidence, view, view.window) else set()
    if not view.total:
        fits.add("empty")
    read = {name: _read(params[name]) for name in ("ndate", "sdate", "edate") if params.get(name)}
    if None in read.values():
        return fits | ({"read"} if not view.total else set())
    means = meaning({**params, **{name: day.isoformat() for name, day in read.items() if day}})
    window = (means.first, means.last) if means.first and means.last and not means.open else None
    return fits | ({"read"} if window is None or _holds(evidence, view, window) else set())


def _read(value: Any) -> date | None:
    """The day that a date may be read as; days past a month's end count on."""
    found = _LIKE_A_DATE.fullmatch(str(value)) if isinstance(value, str | int) else None
    year, month, day = map(int, found.groups()) if found else (0, 0, 0)
    if not (0 < year < 9999 and 1 <= month <= 12):
        return None
    return date(year, month, 1) + timedelta(days=day - 1)


def longest_period(evidence: Evidence, _case: str) -> Seen:
    """The longest period that was answered and the shortest that was not."""
    lengths: dict[bool, dict[int, RoomsView]] = {True: {}, False: {}}
    for view in evidence.rooms:
        over = view.kind == "failure" and view.fields.get("code") == OVER_DATE
        if view.is_plain and view.window is not None and (over or view.is_list):
            lengths[over].setdefault((view.window[1] - view.window[0]).days + 1, view)
    answered, refused = max(lengths[False], default=0), min(lengths[True], default=0)
    if refused:
        yield sighting(lengths[True][refused], *{str(answered), str(refused - 1)})
    elif answered:
        none = () if answered >= LONGEST else (str(answered),)
        yield sighting(lengths[False][answered], "none", *none)


def open_range_period(evidence: Evidence, _case: str) -> Seen:
    """Whether a range with an open end is refused as too long, where long ones are."""
    if not any(view.is_plain and view.fields.get("code") == OVER_DATE for view in evidence.rooms):
        return
    for view in evidence.touching["single_date"]:
        if view.kind == "failure" and view.fields.get("code") == OVER_DATE:
            yield sighting(view, "over")
        elif view.is_list and one_end(evidence, view) == {"open_range"}:
            yield sighting(view, "within")


# --- statuses and order ------------------------------------------------------------------------------------


def status_served(evidence: Evidence, view: RoomsView) -> set[str]:
    """By which rooms came."""
    asked = as_count((view.params or {}).get("status"))
    seen = {str(room.get("status")) for room in view.rooms}
    fits = {"that_status"} if seen <= {str(asked)} else set()
    if view.total and fits and view.total == known(evidence, view, view.window):
        fits.add("all")
    if view.total and not fits:
        fits.add("all")
    if not view.total:
        having = None if asked is None else known(evidence, view, view.window, asked)
        fits = {"empty", *(() if having else ("that_status",))}
        if not known(evidence, view, view.window):
            fits.add("all")
    return fits


def bot_statuses(evidence: Evidence, _case: str) -> Seen:
    """Rooms that have them; that there are none says nothing."""
    for view in evidence.rooms:
        if any(room.get("status") in ("-2", "-1") for room in view.rooms):
            yield throughout(view, "shown")
        elif view.is_list and view.meaning and view.meaning.is_plain and view.meaning.status in (-2, -1):
            yield throughout(view, "shown", "hidden")


def zero_place(evidence: Evidence, _case: str) -> Seen:
    """Only a rising list tells: lowest and last fall together in a falling one."""
    for view in evidence.rooms:
        means = view.judged
        if means is None or (means.sort_key, means.sort_value) != ("complate_date", "asc"):
            continue
        keys = [room.get("complate_date") for room in view.rooms]
        if ZERO_DATE in keys and len(set(keys)) > 1:
            yield throughout(view, "lowest" if keys[0] == ZERO_DATE else "last")


def end_date(status: str) -> Look:
    """Which complate_date rooms of a status have."""

    def look(evidence: Evidence, _case: str) -> Seen:
        rooms = [(view, room) for view, _at, room in evidence.distinct_rooms if room.get("status") == status]
        kinds = {"zero" if room.get("complate_date") == ZERO_DATE else "real" for _view, room in rooms}
        fits = {"mixed"} if len(kinds) > 1 else kinds if len(rooms) >= ENOUGH else {*kinds, "mixed"}
        for view, _room in rooms:
            yield once(view, *fits)

    return look


def parcel_w(evidence: Evidence, _case: str) -> Seen:
    """Whether a code is met that the list does not have."""
    rooms = evidence.distinct_rooms
    having = [room.view for room in rooms if room.item.get("parcel_companycode") == "W"]
    for view in having or [room.view for room in rooms[:1]]:
        fits = {"seen"} if having else {"not_seen", *(() if len(rooms) >= MANY else ("seen",))}
        yield once(view, *fits)


def additive_fields(evidence: Evidence, _case: str) -> Seen:
    """Whether any room has a field that the dictionary has not."""
    having = [room.view for room in evidence.distinct_rooms if room.item.keys() - NAMES]
    for view in having or [room.view for room in evidence.distinct_rooms[:1]]:
        yield once(view, "some" if having else "none")


LISTS: Final[Mapping[str, Look]] = {
    "size_type": size_type,
    "limit_above_max": touching("limit_above_max", always("capped")),
    "limit_echo": limit_echo,
    "limit_invalid": touching("limit_invalid", limit_served),
    "page_invalid": touching("page_invalid", page_served, page_refused),
    "page_echo": page_echo,
    "page_past_end": past_end,
    "single_date": touching("single_date", one_end, one_end_refused),
    "reversed_dates": touching("reversed_dates", swapped),
    "bad_date": touching("bad_date", bad_date),
    "longest_period": longest_period,
    "open_range_period": open_range_period,
    "unknown_sort": touching("unknown_sort", always("default")),
    "unknown_status": touching("unknown_status", status_served),
    "null_value": touching("null_value", always("absent")),
    "bot_statuses": bot_statuses,
    "zero_date_order": zero_place,
    "whole_fraction": touching("whole_fraction", whole_served, lambda _evidence, _view: {"fraction"}),
    "numeric_text": touching("numeric_text", always("taken")),
    "empty_date": touching("empty_date", always("null")),
    "unknown_parameters": touching("unknown_parameters", always("ignored")),
    "deleted_end_date": end_date("3"),
    "bot_ended_end_date": end_date("4"),
    "parcel_w": parcel_w,
    "additive_fields": additive_fields,
}
