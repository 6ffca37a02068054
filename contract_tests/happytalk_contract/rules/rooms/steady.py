"""Rules over answers to the same question: reading changes nothing, asking twice gives the same answer.

Told apart with care: data that moves by itself gives a doubt, never a finding. Source: chat_room_lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, Final, NamedTuple

from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.readings import Reading
from happytalk_contract.evidence.views import RoomsView, registered_on
from happytalk_contract.rules.rule import HELD, Doubt, Verdict, rule
from happytalk_contract.rules.telling import LONGEST_NAME, finding

#: How many lists must change by being read, and by nothing else.
ENOUGH: Final = 3
#: Of how many fields that changed the names are told.
FEW_FIELDS: Final = 3
#: How many rooms must be rewritten at once, and in how many ways: a name that was changed is one.
MANY: Final = 10
KINDS: Final = 5
#: Statuses that a room ends with: not much changes in it any more.
ENDED: Final = ("2", "3", "4")
#: The status that asks for all.
ALL: Final = 99


@rule(
    "rooms.read_only",
    "past days that change while they are read",
    sentence="Reading changes nothing.",
    akin="read_only unique",
)
def read_only(evidence: Evidence) -> Iterator[Verdict]:
    """A list that changes each time it is read, and only then, is changed by it.

    Data that moves by itself moves more the longer one waits. So each of several past days is asked twice at
    once and, after a longer wait, once more: changes at once and none after the wait are the reading's.
    """
    changed = moved = 0
    shown_by = before = None
    for views in evidence.by_request.values():
        for one, two, three in zip(views, views[1:], views[2:], strict=False):
            if not _is_triple(one, two, three):
                continue
            at_once, waiting = _distance(one, two), _distance(two, three)
            if waiting > at_once:
                moved += 1
            elif at_once:
                changed += 1
                shown_by, before = two, one
            yield HELD
    came_back = any(map(_came_back, evidence.by_request.values()))
    if shown_by is not None and changed >= ENOUGH and not moved and not came_back:
        received = (
            f"{changed} times rooms of past days changed between two readings at once, "
            "and never more in a longer wait"
        )
        if before is not None and (names := _changed(before, shown_by)):
            received += f"; fields that changed: {', '.join(name[:LONGEST_NAME] for name in names)}"
        message = "reading changes what is read"
        more = (before.number,) if before else ()
        yield finding(shown_by, message, received, "reading changes nothing", "$.data", more=more)


def _changed(one: RoomsView, two: RoomsView) -> list[str]:
    """The few fields that differ between two lists, place by place; none where rooms came, went or moved."""
    pairs = [(a, b) for a, b in zip(one.rooms, two.rooms, strict=False) if a != b]
    names = sorted({name for a, b in pairs for name in a.keys() | b.keys() if a.get(name) != b.get(name)})
    return names if len(one.rooms) == len(two.rooms) and len(names) <= FEW_FIELDS else []


def _is_triple(one: RoomsView, two: RoomsView, three: RoomsView) -> bool:
    """Asked twice in a row and once more after a longer wait, all about past days."""
    if not _is_past(one, three) or not (one.is_list and three.is_list):
        return False
    in_a_row = two.number == one.number + 1 and three.number == two.number + 1
    return in_a_row and two.wait(three) >= 3 * one.wait(two)


def _came_back(views: Sequence[RoomsView]) -> bool:
    """Whether a list is again what it was before it changed: what reading did to it would last."""
    lists = [view for view in views if view.is_list]
    changes = [before for before, after in pairwise(lists) if not _is_same(before, after)]
    return any(_is_same(before, lists[-1]) for before in changes)


def _is_past(view: RoomsView, later: RoomsView) -> bool:
    """Whether the days that `view` asked for were over when `later` was asked."""
    return view.window is not None and later.today is not None and view.window[1] < later.today


def _distance(one: RoomsView, two: RoomsView) -> int:
    """How many rooms differ between two answers."""
    return len(set(one.contents) ^ set(two.contents)) + abs((one.total or 0) - (two.total or 0))


@rule("rooms.same_answer", "a list asked twice", akin="read_only unique sense.identity")
def same_answer(evidence: Evidence) -> Iterator[Verdict]:
    """Asking twice gives the same answer while nothing changes."""
    for views in evidence.by_request.values():
        for earlier, later in pairwise(views):
            if earlier.meaning is None or not (earlier.is_list and later.is_list):
                continue
            verdict = _compared(evidence, earlier, later)
            # What moved and stands still since is no doubt any more.
            settled = later is not views[-1] and _is_same(views[-2], views[-1])
            yield HELD if isinstance(verdict, Doubt) and settled else verdict
    yield from _rewritten(evidence)
    yield from _come_or_gone(evidence)


def _rewritten(evidence: Evidence) -> Iterator[Verdict]:
    """All ended rooms of past days read otherwise since one request, each in its own way: no data moves so."""
    seen: dict[Any, list[_Shown]] = defaultdict(list)
    for view in evidence.rooms:
        today = "" if view.today is None else view.today.isoformat()
        for room_id, room, content in zip(view.ids, view.rooms, view.contents, strict=True):
            if str(room.get("status")) in ENDED and registered_on(room) < today:
                shown = seen[room_id]
                if not shown or shown[-1].content != content:
                    shown.append(_Shown(view, room, content))
                shown[-1] = _Shown(*shown[-1][:3], view)
    # A room that was seen once says nothing; one that changed twice is another matter.
    by_status: dict[str, list[list[_Shown]]] = defaultdict(list)
    for shown in seen.values():
        if len({one.content for one in shown}) > 1 or shown[0].view is not shown[0].last:
            by_status[str(shown[0].room.get("status"))].append(shown)
    for rooms in (list(chain(*by_status.values())), *by_status.values()):
        if (told := _at_once(rooms)) is not None:
            yield told
            return


def _come_or_gone(evidence: Evidence) -> Iterator[Verdict]:
    """Many ended rooms are in the whole list of past days since one request, or no more: no data moves so."""
    by_window: dict[Any, list[Reading]] = defaultdict(list)
    for reading in evidence.readings:
        if reading.is_whole and _is_past(reading.views[0], reading.views[-1]):
            by_window[reading.window].append(reading)
    for window, readings in by_window.items():
        lists = [set(reading.rooms) for reading in readings]
        turns = [at for at in range(1, len(lists)) if lists[at] != lists[at - 1]]
        if len(turns) != 1 or turns == [len(lists) - 1]:  # what stays so is looked at again
            continue
        (at,) = turns
        before, after = readings[at - 1], readings[at]
        if received := _told_moved(before, after):
            message = "rooms of past days are listed since one request, or no more"
            expected = f"the same rooms of {window[0]} to {window[1]} while nothing changes"
            last, since = before.views[-1], after.views[0]
            at_path = "$.data.total_count"
            yield finding(since, message, received, expected, at_path, kind="since", more=(last.number,))
            return


def _told_moved(before: Reading, after: Reading) -> str:
    """How many ended rooms came or went, where others of these days stayed among them."""
    came, went = (
        sorted(str(room.get("reg_date")) for name, room in one.rooms.items() if _is_gone(name, room, other))
        for one, other in ((after, before), (before, after))
    )
    some, told = (came, "more") if len(came) >= len(went) else (went, "fewer")
    stayed = (str(room.get("reg_date")) for name, room in before.rooms.items() if name in after.rooms)
    is_among = len(some) >= MANY and any(some[0] < registered < some[-1] for registered in stayed)
    return f"{len(some)} {told} rooms that have ended since request {after.first}" if is_among else ""


def _is_gone(name: Any, room: dict[str, Any], other: Reading) -> bool:
    return name not in other.rooms and str(room.get("status")) in ENDED


class _Shown(NamedTuple):
    """What one room was from one answer to another."""

    view: RoomsView
    room: dict[str, Any]
    content: bytes
    last: RoomsView | None = None


def _at_once(rooms: Sequence[Sequence[_Shown]]) -> Verdict | None:
    """A finding where a field of all `rooms` changed once, at the same time, to values of their own."""
    changed = [shown for shown in rooms if len(shown) > 1]
    if len(changed) < MANY or any(len(shown) > 2 for shown in changed):
        return None
    before = max((shown[0].last or shown[0].view for shown in changed), key=lambda view: view.number)
    since = min((shown[1].view for shown in changed), key=lambda view: view.number)
    stayed = any(
        len(shown) == 1 and shown[0].view.number <= before.number and shown[0].last.number >= since.number
        for shown in rooms
        if shown[0].last
    )
    if before.number >= since.number or stayed:
        return None
    pairs = [(one.room, other.room) for one, other in changed]
    for name in pairs[0][0]:
        values = [(repr(one.get(name)), repr(other.get(name))) for one, other in pairs]
        if all(one != other for one, other in values) and len(set(values)) >= KINDS:
            return finding(
                since,
                "rooms of past days read otherwise since one request",
                f"{name} of all {len(pairs)} ended rooms that were seen before and after request {since.number}",
                "the same answer while nothing changes",
                f"$.data.chat_list[*].{name}",
                subject=name,
                kind="since",
                more=(before.number,),
            )
    return None


def _is_same(one: RoomsView, two: RoomsView) -> bool:
    return (one.contents, one.total, one.page) == (two.contents, two.total, two.page)


def _compared(evidence: Evidence, earlier: RoomsView, later: RoomsView) -> Verdict:
    if _is_same(earlier, later):
        return HELD
    window, before, after = earlier.window, earlier.contents, later.contents
    reordered = before != after and sorted(before) == sorted(after) and earlier.total == later.total
    received, at = _otherwise(earlier, later, reordered)
    found = finding(
        later,
        "the same question is answered differently, though nothing changed",
        received,
        "the same answer",
        at,
        more=(earlier.number,),
    )
    calm = window is not None and evidence.readings.calm_between(window, earlier.number, later.number)
    return found if calm or reordered or _is_replaced(earlier, later) else Doubt(finding=found)


def _otherwise(earlier: RoomsView, later: RoomsView, reordered: bool) -> tuple[str, str]:
    """In what `later` differs, and where."""
    if reordered:
        return "the same rooms in another order", "$.data.chat_list"
    if earlier.contents == later.contents and earlier.total != later.total:
        return f"total_count {later.total}, {earlier.total} before; the same rooms", "$.data.total_count"
    if len(earlier.ids) != len(later.ids):
        return f"{len(later.ids)} rooms, {len(earlier.ids)} before", "$.data.chat_list"
    return "another answer than before", "$.data.chat_list"


def _is_replaced(earlier: RoomsView, later: RoomsView) -> bool:
    """Whether no room of a past day is there any more, and as many others or none are: no data moves so."""
    if not _is_past(earlier, later) or len(earlier.ids) <= 2 or earlier.meaning is None:
        return False
    is_gone = earlier.meaning.status == ALL and not later.total and not later.ids
    return is_gone or (earlier.total == later.total and set(earlier.ids).isdisjoint(later.ids))
