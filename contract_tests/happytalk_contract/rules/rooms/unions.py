"""Rules over several answers: pages add up to their list, days to their range, filters to the whole.

Source: chat_room_lists, Request (page, status 99, sdate and edate).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from happytalk_contract.core.model import Finding, Window
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.predictions import traits, without
from happytalk_contract.evidence.readings import Basis
from happytalk_contract.evidence.views import RoomsView, as_time, registered_on
from happytalk_contract.questions.meaning import as_day
from happytalk_contract.rules.rooms.relations import BASIS, LOCAL
from happytalk_contract.rules.rooms.steady import ALL
from happytalk_contract.rules.rule import HELD, Doubt, Verdict, rule
from happytalk_contract.rules.telling import finding, shown

#: Answers that are named, and asked again, as they show what is left out elsewhere.
WITNESSES: Final = 2


@rule(
    "rooms.status.all",
    "a window that can be read whole",
    explained_by=f"{LOCAL} field.*",
    akin=f"{BASIS} same_room* dates.* count* pages.* limits.* status.complete*",
)
def none_left_out(evidence: Evidence) -> Iterator[Verdict]:
    """status 99: 전체; the 99 list leaves none out."""
    # A room that any question shows is in the whole list of its day, and the same there.
    compared = {made.view.number for made in evidence.comparisons}
    for view in evidence.rooms:
        if view.number in compared or view.kind != "success":
            continue
        bases: dict[str, Basis | None] = {}
        for index, room in enumerate(view.rooms):
            text = registered_on(room)
            if text not in bases:
                day = as_day(text)
                bases[text] = evidence.readings.basis(view.number, (day, day)) if day else None
            basis = bases[text]
            if basis is not None:
                yield _held_there(view, index, basis)


def _held_there(view: RoomsView, index: int, basis: Basis) -> Verdict:
    room, pages = view.rooms[index], basis.reading.views
    there = basis.reading.content_of.get(view.ids[index])
    if there == view.contents[index]:
        return HELD
    found = finding(
        view,
        "a room is shown that the whole list of its day does not hold"
        if there is None
        else "a room reads differently here than in the whole list of its day",
        f"status {shown('status', room.get('status'))}, reg_date {shown('reg_date', room.get('reg_date'))}",
        "99 (전체) leaves none out",
        f"$.data.chat_list[{index}]",
        subject="absent" if there is None else "content",
        after=tuple(page.number for page in (without([room], pages) if there is None else pages)),
    )
    return found if basis.is_calm else Doubt(finding=found)


class _Sight(NamedTuple):
    """One room as it read from one answer to another."""

    room: dict[str, Any]
    first: int
    last: int

    def is_calm(self, view: RoomsView) -> bool:
        """Whether it was shown before an answer and after it, and read the same."""
        return self.first < view.number < self.last


@rule(
    "rooms.left_out",
    "a list with rooms that another answer shows",
    explained_by=f"{LOCAL} field.*",
    akin=f"{BASIS} echo.* limit.most order.* same_room* dates.* status.* count.* pages.* sorts.* limits.* answered",
)
def left_out(evidence: Evidence) -> Iterator[Verdict]:
    """status, sdate, edate: a list leaves out no room of that status and those days that another answer shows."""
    compared = {made.view.number for made in evidence.comparisons}  # held against a whole reading already
    views = [
        view
        for view in evidence.rooms
        if view.is_plain and view.is_list and view.window and view.number not in compared
    ]
    sights = _sights(evidence) if views else {}
    owed = {view.number: _owed(view, sights) for view in views}
    for view in views:
        if not owed[view.number]:
            continue
        lacking = _lacking(view, owed[view.number])
        if not lacking:
            yield HELD
            continue
        is_calm = bool(_lacking(view, [sight for sight in owed[view.number] if sight.is_calm(view)]))
        found = _missed(view, owed[view.number], lacking)
        # Nothing that moves is the same before and after: where it was looked at again, once is enough.
        is_again = len(evidence.by_request[view.asked]) > 1
        is_sure = is_calm and is_again and not evidence.readings.is_moving
        yield found if is_sure else HELD if evidence.readings.is_moving else Doubt(finding=found)


def _missed(view: RoomsView, owed: Sequence[_Sight], lacking: Sequence[_Sight]) -> Finding:
    shown_by = Counter(sight.first if sight.first != view.number else sight.last for sight in lacking)
    known, page = len({sight.room["id"] for sight in owed}), view.meaning.page if view.meaning else 1
    received, expected, at = (
        f"page {page} without {len(lacking)} rooms between its ends, such as one of {lacking[0].room['reg_date']}",
        "every room of that status and those days",
        "$.data.chat_list",
    )
    if known > (view.total or 0):
        received, at = f"total_count {view.total}", "$.data.total_count"
        expected = f"at least the {known} rooms of that status and those days that other answers show"
    more = tuple(number for number, _rooms in shown_by.most_common(WITNESSES))
    return finding(view, "rooms are left out that another answer shows", received, expected, at, more=more)


def _sights(evidence: Evidence) -> Mapping[str, Sequence[_Sight]]:
    """Every room content that was shown, by status in the order of registration."""
    seen: dict[bytes, _Sight] = {}
    for view in evidence.rooms:
        for content, room in zip(view.contents, view.rooms, strict=True):
            known = seen.get(content)
            seen[content] = _Sight(room, known.first if known else view.number, view.number)
    found: dict[str, list[_Sight]] = defaultdict(list)
    for sight in seen.values():
        if as_time(sight.room.get("reg_date")) and isinstance(sight.room.get("id"), str):
            found[str(sight.room.get("status"))].append(sight)
    everything = [sight for some in found.values() for sight in some]
    found[str(ALL)] = everything
    for some in found.values():
        some.sort(key=_registered)
    return found


def _registered(sight: _Sight) -> str:
    return str(sight.room["reg_date"])


def _owed(view: RoomsView, sights: Mapping[str, Sequence[_Sight]]) -> Sequence[_Sight]:
    """What other answers showed of a list's status and days."""
    if view.meaning is None or view.window is None:
        return ()
    some = sights.get(str(view.meaning.status), ())
    first, last = (day.isoformat() for day in view.window)
    start = bisect_left(some, first, key=_registered)
    inside = some[start : bisect_right(some, f"{last} 24", key=_registered)]
    return [sight for sight in inside if not sight.first == view.number == sight.last]


def _lacking(view: RoomsView, owed: Sequence[_Sight]) -> Sequence[_Sight]:
    """The rooms that a list should show where it does not, or all where it has not even room for them."""
    absent = [sight for sight in owed if sight.room["id"] not in view.ids]
    if absent and len({sight.room["id"] for sight in owed}) > (view.total or 0):
        return absent
    means = view.meaning
    keys = sorted(_keys(view.rooms, means.sort_key)) if means and absent else []
    if means is None or not keys:
        return ()
    # What stands between the ends of a page stands on it; nothing stands before the first page or after the last.
    is_first, is_last = means.page == 1, means.page * means.limit >= (view.total or 0)
    is_open = (is_first, is_last) if means.sort_value == "asc" else (is_last, is_first)
    return [
        sight
        for sight in absent
        for key in _keys([sight.room], means.sort_key)
        if (is_open[0] or keys[0] < key) and (is_open[1] or key < keys[-1])
    ]


def _keys(rooms: Iterable[Mapping[str, Any]], sort_key: str) -> list[str]:
    """The times that rooms are sorted by; where zero dates stand is open."""
    return [str(room[sort_key]) for room in rooms if as_time(room.get(sort_key))]


@rule(
    "rooms.count.sum",
    "a range and its two parts",
    explained_by=LOCAL,
    akin=f"{BASIS} dates.* count.exact* pages.* status.* limits.* sorts.*",
)
def sums(evidence: Evidence) -> Iterator[Verdict]:
    """sdate, edate: a range is the disjoint union of its days."""
    totals: dict[int, dict[Window, list[RoomsView]]] = defaultdict(lambda: defaultdict(list))
    for view in evidence.rooms:
        if view.meaning is not None and view.is_plain and view.is_list and view.window is not None:
            totals[view.meaning.status][view.window].append(view)
    for by_window in totals.values():
        for window, wholes in by_window.items():
            for part, heads in by_window.items():
                if part[0] != window[0] or part[1] >= window[1]:
                    continue
                if tails := by_window.get((part[1] + timedelta(days=1), window[1])):
                    yield _summed(wholes, heads, tails, is_moving=evidence.readings.is_moving)
    yield from _alike(evidence)


def _summed(
    wholes: Sequence[RoomsView], heads: Sequence[RoomsView], tails: Sequence[RoomsView], *, is_moving: bool
) -> Verdict:
    """Doubtful unless the whole was asked before and after its parts and said the same."""
    whole = wholes[-1]
    pairs = [(head, min(tails, key=lambda tail: abs(tail.number - head.number))) for head in heads]
    # What comes and goes can leave the whole as large as it was.
    odd = next((parts for parts in pairs if not is_moving and _is_bracketed(wholes, *parts)), None)
    head, tail = odd or pairs[-1]
    if odd is None and (whole.total or 0) == (head.total or 0) + (tail.total or 0):
        return HELD
    found = finding(
        whole,
        "total_count of a range is not the sum over its parts",
        f"{whole.total} for the whole, {head.total} and {tail.total} for its parts",
        "a range is the disjoint union of its days",
        "$.data.total_count",
        more=(head.number, tail.number),
    )
    return Doubt(finding=found) if odd is None else found


def _is_bracketed(wholes: Sequence[RoomsView], head: RoomsView, tail: RoomsView) -> bool:
    """Whether the whole said the same before and after its parts, and not their sum."""
    first, last = sorted((head.number, tail.number))
    before = [view.total for view in wholes if view.number < first]
    after = {view.total for view in wholes if view.number > last}
    return any(total in after and total != (head.total or 0) + (tail.total or 0) for total in before)


def _alike(evidence: Evidence) -> Iterator[Verdict]:
    """The same days and status have the same total_count, in whatever way they are asked for."""
    lists: dict[Any, list[RoomsView]] = defaultdict(list)
    for view in evidence.rooms:
        if view.is_plain and view.is_list and view.window and view.judged:
            lists[view.window, view.judged.status].append(view)
    compared = {made.view.number for made in evidence.comparisons}  # told with what else departs there
    for views in lists.values():
        (usual, times), *rest = Counter(view.total for view in views).most_common()
        same = [view for view in views if view.total == usual]
        if times > 1 and rest and not evidence.readings.is_moving:
            known = compared | {view.number for view in same}
            yield from (_unlike(view, same, views) for view in views if view.number not in known)


def _unlike(odd: RoomsView, same: Sequence[RoomsView], views: Sequence[RoomsView]) -> Verdict:
    """Sure where just this is answered so twice, with the `same` total_count as ever before and after it."""
    special = _traits(odd) - frozenset[str]().union(*map(_traits, same))
    before = [view.number for view in same if view.number < odd.number][-1:]
    after = [view.number for view in same if view.number > odd.number][:1]
    found = finding(
        odd,
        "total_count depends on how the same days and status are asked for",
        f"total_count {odd.total}" + (f", asked with {' and '.join(sorted(special))}" if special else ""),
        f"{same[0].total}, as the same days and status have it otherwise",
        "$.data.total_count",
        more=(*before, *after),
    )
    again = [view.total for view in views if view.asked == odd.asked]
    is_sure = before and after and len(again) > 1 and len({*again}) == 1
    return found if is_sure else Doubt(finding=found)


def _traits(view: RoomsView) -> frozenset[str]:
    return traits(view, view.judged, view.window) if view.judged and view.window else frozenset()
