"""Checks over answers to the same question, to the pages of one list, and to any question about a day.

Told apart with care: data that moves by itself gives a doubt, never a finding.
Source: chat_room_lists, Request (page); reading changes nothing and the same question has the same answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from happytalk_contract.core.model import Window
from happytalk_contract.evidence.predictions import comparisons
from happytalk_contract.evidence.readings import Basis, Evidence, Reading
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.questions.meaning import as_day
from happytalk_contract.rules.rule import HELD, Doubt, Verdict
from happytalk_contract.rules.telling import finding, shown


def pages_repeat(evidence: Evidence) -> Iterator[Verdict]:
    """Pages of one list neither repeat nor lose a room."""
    lists: dict[Any, list[RoomsView]] = defaultdict(list)
    for view in evidence.rooms:
        means = view.meaning
        window = evidence.window(view)
        if means is None or window is None or not means.is_judged or not view.rooms:
            continue
        asked = tuple((name, str(value)) for name, value in (view.params or {}).items() if name != "page")
        lists[window, asked].append(view)
    for (window, _asked), views in lists.items():
        yield from _shared_rooms(evidence, window, views)
    for earlier, later in _repeated_readings(evidence):
        yield _not_whole(earlier, later)


def _shared_rooms(evidence: Evidence, window: Window, views: list[RoomsView]) -> Iterator[Verdict]:
    latest: dict[int, tuple[RoomsView, frozenset[Any]]] = {}
    for view in views:
        page = view.meaning.page if view.meaning else 1
        own = frozenset(view.ids) - {None}
        for other_page, (other, ids) in latest.items():
            shared = own & ids if other_page != page else frozenset()
            if shared:
                yield _repeats(evidence, window, other, view, shared)
            elif other_page != page:
                yield HELD
        latest[page] = (view, own)


def _repeats(
    evidence: Evidence, window: Window, one: RoomsView, other: RoomsView, shared: frozenset[Any]
) -> Verdict:
    pages = sorted(view.meaning.page for view in (one, other) if view.meaning)
    found = finding(
        other,
        "pages of one list repeat a room, so another one is lost",
        received=f"{len(shared)} rooms on page {pages[0]} and on page {pages[-1]}, such as {min(shared)[:30]}",
        expected="every room on one page",
        json_path="$.data.chat_list",
        more=(one.number,),
    )
    if evidence.calm_between(window, one.number, other.number) is not None:
        return found
    asked_again = all(
        evidence.by_request[key(view.exchange.request)][-1].number > other.number for view in (one, other)
    )
    return HELD if asked_again else Doubt(finding=found)


def _repeated_readings(evidence: Evidence) -> Iterator[tuple[Reading, Reading | None]]:
    """Readings that are not whole, with the next reading by the same questions."""
    waiting: dict[Any, Reading] = {}
    for reading in evidence.readings:
        asked = tuple(key(view.exchange.request) for view in reading.views)
        before = waiting.pop(asked, None)
        if reading.is_whole:
            continue
        if before is not None:
            yield before, reading
        waiting[asked] = reading
    for reading in waiting.values():
        yield reading, None


def _not_whole(reading: Reading, again: Reading | None) -> Verdict:
    listed = sum(len(view.rooms) for view in reading.views)
    found = finding(
        reading.views[-1],
        "the pages of a list do not add up to it",
        received=f"{len(reading.rooms)} different rooms in {listed} places on {len(reading.views)} pages, "
        f"total_count {reading.views[-1].total}",
        expected="every room on one page, as many as total_count says",
        json_path="$.data.chat_list",
        more=tuple(view.number for view in reading.views[:-1]),
    )
    same = again is not None and [view.rooms for view in again.views] == [
        view.rooms for view in reading.views
    ]
    return found if same else Doubt(finding=found)


def same_answer(evidence: Evidence) -> Iterator[Verdict]:
    """Asking twice gives the same answer while nothing changes."""
    for views in evidence.by_request.values():
        for earlier, later in pairwise(views):
            if earlier.meaning is None or not (earlier.is_list and later.is_list):
                continue
            verdict = _compared(evidence, earlier, later)
            # What moved and stands still since is no doubt any more.
            settled = later is not views[-1] and _same_list(evidence, views[-2], views[-1])
            yield HELD if isinstance(verdict, Doubt) and settled else verdict


def _same_list(evidence: Evidence, one: RoomsView, two: RoomsView) -> bool:
    same = evidence.contents(one) == evidence.contents(two)
    return same and (one.total, one.page) == (two.total, two.page)


def _compared(evidence: Evidence, earlier: RoomsView, later: RoomsView) -> Verdict:
    if _same_list(evidence, earlier, later):
        return HELD
    window = evidence.window(earlier)
    before, after = evidence.contents(earlier), evidence.contents(later)
    reordered = before != after and sorted(before) == sorted(after) and earlier.total == later.total
    found = finding(
        later,
        "the same question is answered differently, though nothing changed",
        received="the same rooms in another order" if reordered else "another answer than before",
        expected="the same answer",
        json_path="$.data.chat_list",
        more=(earlier.number,),
    )
    calm = window is not None and evidence.calm_between(window, earlier.number, later.number) is not None
    return found if calm or reordered or _replaced(evidence, earlier, later) else Doubt(finding=found)


def _replaced(evidence: Evidence, earlier: RoomsView, later: RoomsView) -> bool:
    """Whether not one room of a past day is the same any more, though they are as many: no data moves so."""
    window, today = evidence.window(earlier), evidence.today(later)
    past = window is not None and today is not None and window[1] < today
    return (
        past and earlier.total == later.total and len(later.ids) > 2 and not set(earlier.ids) & set(later.ids)
    )


def none_left_out(evidence: Evidence) -> Iterator[Verdict]:
    """A room that any question shows is in the whole list of its day, and the same there."""
    compared = {made.view.number for made in comparisons(evidence)}
    for view in evidence.rooms:
        if view.number in compared or view.kind != "success" or not view.rooms:
            continue
        bases: dict[str, Basis | None] = {}
        for index, room in enumerate(view.rooms):
            text = str(room.get("reg_date"))[:10]
            if text not in bases:
                day = as_day(text)
                bases[text] = evidence.basis(view, (day, day)) if day else None
            basis = bases[text]
            if basis is not None:
                yield _held_there(evidence, view, index, basis)


def _held_there(evidence: Evidence, view: RoomsView, index: int, basis: Basis) -> Verdict:
    room = view.rooms[index]
    there = basis.reading.content_of.get(view.ids[index])
    if there == evidence.contents(view)[index]:
        return HELD
    found = finding(
        view,
        "a room is shown that the whole list of its day does not hold"
        if there is None
        else "a room reads differently here than in the whole list of its day",
        received=f"status {shown('status', room.get('status'))}, reg_date {shown('reg_date', room.get('reg_date'))}",
        expected="99 (전체) leaves none out",
        json_path=f"$.data.chat_list[{index}]",
        subject="absent" if there is None else "content",
    )
    return found if basis.is_calm else Doubt(finding=found)


def read_only(evidence: Evidence) -> Iterator[Verdict]:
    """Reading changes nothing: a list that changes each time it is read, and only then, is changed by it.

    Data that moves by itself moves more the longer one waits. So each of several past days is asked twice at
    once and, after a longer wait, once more: changes at once and none after the wait are the reading's.
    """
    changed = moved = 0
    shown_by: RoomsView | None = None
    for views in evidence.by_request.values():
        for one, two, three in zip(views, views[1:], views[2:], strict=False):
            if not _is_triple(evidence, one, two, three):
                continue
            at_once, waiting = _distance(evidence, one, two), _distance(evidence, two, three)
            if waiting > at_once:
                moved += 1
            elif at_once:
                changed += 1
                shown_by = two
            yield HELD
    if shown_by is not None and changed >= ENOUGH and not moved:
        yield finding(
            shown_by,
            "reading changes what is read",
            received=f"{changed} times rooms of past days changed between two readings at once, "
            "and never more in a longer wait",
            expected="reading changes nothing",
            json_path="$.data",
        )


def _is_triple(evidence: Evidence, one: RoomsView, two: RoomsView, three: RoomsView) -> bool:
    """Asked twice in a row and once more after a longer wait, all about past days."""
    window, today = evidence.window(one), evidence.today(three)
    if window is None or today is None or window[1] >= today or not (one.is_list and three.is_list):
        return False
    in_a_row = two.number == one.number + 1 and three.number == two.number + 1
    return in_a_row and _pause(two, three) >= 3 * _pause(one, two)


#: How many lists must change by being read, and by nothing else.
ENOUGH: Final = 3


def _pause(one: RoomsView, two: RoomsView) -> float:
    return two.exchange.started - one.exchange.started


def _distance(evidence: Evidence, one: RoomsView, two: RoomsView) -> int:
    """How many rooms differ between two answers."""
    before, after = set(evidence.contents(one)), set(evidence.contents(two))
    return len(before ^ after) + abs((one.total or 0) - (two.total or 0))
