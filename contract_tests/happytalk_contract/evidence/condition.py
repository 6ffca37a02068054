"""Under which condition a finding shows: what all questions have in common whose answers depart, and no other has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Final

from happytalk_contract.evidence.views import MessagesView, RoomsView
from happytalk_contract.questions.meaning import DEFAULTS

#: How many different questions of each kind there must be for what they share to say something.
ENOUGH: Final = 3
#: The same of how a default is written, or of two things together: there are many, and one fits by chance.
MANY: Final = 4
#: How far pages are told apart by how late they come.
FAR: Final = 5


def condition(departing: Sequence[RoomsView], holding: Sequence[RoomsView]) -> str:
    """Say what all of `departing` ask for and none of `holding` does; "" where nothing known is so."""
    odd, even = ({view.asked: view for view in views}.values() for views in (departing, holding))
    enough = min(len(odd), len(even))
    if enough < ENOUGH:
        return ""
    ours, theirs = ([tuple(_asked(view)) + tuple(days(view)) for view in views] for views in (odd, even))
    if enough >= MANY:
        ours, theirs = (
            [traits + tuple(_written(view)) for traits, view in zip(known, views, strict=True)]
            for known, views in ((ours, odd), (theirs, even))
        )
    if told := parted(ours, theirs):
        return told
    shared = [trait for trait in ours[0] if all(trait in traits for traits in ours)]
    asked = {*_asked(next(iter(odd)))}  # days or what is written may go together by chance
    for one, other in combinations(shared if enough >= MANY else (), 2):
        if one in asked and not any(one in traits and other in traits for traits in theirs):
            return f"{one} and {other}"
    return ""


def parted(ours: Sequence[Sequence[str]], theirs: Sequence[Sequence[str]], most: int = 1) -> str:
    """The first traits, at most so many, that all of the ones have and none of the others; "" where there is none."""
    first = ours[0] if ours and theirs else ()
    fitting = [
        trait
        for trait in first
        if all(trait in traits for traits in ours) and not any(trait in traits for traits in theirs)
    ]
    return " and ".join(fitting[:most])


def of_questions(views: Sequence[RoomsView | MessagesView]) -> list[RoomsView]:
    """Those of `views` that ask for rooms in a documented form."""
    return [view for view in views if isinstance(view, RoomsView) and view.meaning is not None]


def _asked(view: RoomsView) -> Iterator[str]:
    """Filter, order and page, however they are written."""
    params, means = view.params or {}, view.meaning
    if means is None:
        return
    if means.status != DEFAULTS["status"]:
        yield "a status asked for"
        yield f"status {means.status}"
    yield f"sort_key {means.sort_key}"
    yield f"sort_value {means.sort_value}"
    yield f"limit {means.limit}"
    if means.page > 1:
        yield "a page after the first"
        yield from (f"page {page} or later" for page in range(3, min(means.page, FAR) + 1))
        yield f"page {means.page}"
    for name in ("ndate", "sdate", "edate"):
        if name in params and params[name] is None:
            yield f"{name} null"


def days(view: RoomsView) -> Iterator[str]:
    """Which days, and how they are said."""
    params = view.params or {}
    if view.window is None:
        return
    (first, last), day = view.window, timedelta(days=1)
    if view.meaning is not None and view.meaning.is_today:
        yield "no date"
    elif not params.get("sdate"):
        yield "ndate alone"
    else:
        yield "ndate beside sdate and edate" if params.get("ndate") else "sdate and edate"
    if (first.year, first.month) != (last.year, last.month):
        yield "days of more than one month"
    if first < last:
        yield "a range of several days"
    else:
        yield "a single day"
    if (last + day).day == 1:
        yield "days that end with a month"
    if first.day == 1:
        yield "days that begin with a month"
    if view.today is not None:
        yield "today among the days" if first <= view.today <= last else "past days alone"


def _written(view: RoomsView) -> Iterator[str]:
    """Which defaults are written out, and which parameters are left out."""
    params = view.params or {}
    for name, value in DEFAULTS.items():
        if name not in params:
            yield f"no {name}"
        elif params[name] == value:
            yield f"{name} {value} written out"
        else:
            yield f"{name} other than {value}"
