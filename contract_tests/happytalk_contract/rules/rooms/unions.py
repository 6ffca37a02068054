"""Rules over several answers: pages add up to their list, days to their range, filters to the whole.

Source: chat_room_lists, Request (page, status 99, sdate and edate).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from happytalk_contract.core.model import Window
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.predictions import traits
from happytalk_contract.evidence.readings import Basis, Reading
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.questions.meaning import as_day
from happytalk_contract.rules.rooms.relations import BASIS, LOCAL
from happytalk_contract.rules.rule import HELD, Doubt, Verdict, rule
from happytalk_contract.rules.telling import finding, shown


@rule(
    "rooms.pages.repeat",
    "a list with a second page",
    explained_by=LOCAL,
    akin=f"{BASIS} pages.partition* dates.* limits.*",
)
def pages_repeat(evidence: Evidence) -> Iterator[Verdict]:
    """page: pages neither repeat nor lose a room; ties stay put."""
    lists: dict[tuple[Window, Any], list[tuple[int, RoomsView]]] = defaultdict(list)
    for view in evidence.rooms:
        if view.judged and view.window and view.rooms:
            asked = tuple((name, str(value)) for name, value in (view.params or {}).items() if name != "page")
            lists[view.window, asked].append((view.judged.page, view))
    for (window, _asked), pages in lists.items():
        latest: dict[int, RoomsView] = {}
        for page, view in pages:
            for other_page, other in latest.items():
                if other_page != page:
                    yield _disjoint(evidence, window, (other_page, other), (page, view))
            latest[page] = view
    for earlier, later in _repeated_readings(evidence):
        yield _not_whole(earlier, later)


def _disjoint(
    evidence: Evidence, window: Window, one: tuple[int, RoomsView], other: tuple[int, RoomsView]
) -> Verdict:
    shared = (frozenset(one[1].ids) & frozenset(other[1].ids)) - {None}
    if not shared:
        return HELD
    pages, numbers = sorted((one[0], other[0])), (one[1].number, other[1].number)
    found = finding(
        other[1],
        "pages of one list repeat a room, so another one is lost",
        f"{len(shared)} rooms on page {pages[0]} and on page {pages[1]}, such as {min(shared)[:30]}",
        "every room on one page",
        "$.data.chat_list",
        more=numbers[:1],
    )
    if evidence.readings.calm_between(window, *numbers) is not None:
        return found
    asked_again = all(evidence.by_request[view.asked][-1].number > numbers[1] for _page, view in (one, other))
    return HELD if asked_again else Doubt(finding=found)


def _repeated_readings(evidence: Evidence) -> Iterator[tuple[Reading, Reading | None]]:
    """Readings that are not whole, with the next reading by the same questions."""
    waiting: dict[Any, Reading] = {}
    for reading in evidence.readings:
        asked = tuple(view.asked for view in reading.views)
        before = waiting.pop(asked, None)
        if reading.is_whole:
            continue
        if before is not None:
            yield before, reading
        waiting[asked] = reading
    for reading in waiting.values():
        yield reading, None


def _not_whole(reading: Reading, again: Reading | None) -> Verdict:
    listed = [view.rooms for view in reading.views]
    found = finding(
        reading.views[-1],
        "the pages of a list do not add up to it",
        f"{len(reading.rooms)} different rooms in {sum(map(len, listed))} places on {len(listed)} pages, "
        f"total_count {reading.views[-1].total}",
        "every room on one page, as many as total_count says",
        "$.data.chat_list",
        more=tuple(view.number for view in reading.views[:-1]),
    )
    same = again is not None and [view.rooms for view in again.views] == listed
    return found if same else Doubt(finding=found)


@rule(
    "rooms.status.all",
    "a window that can be read whole",
    explained_by=f"{LOCAL} field.*",
    akin=f"{BASIS} same_room* dates.* count* pages.* limits.*",
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
            text = str(room.get("reg_date"))[:10]
            if text not in bases:
                day = as_day(text)
                bases[text] = evidence.readings.basis(view.number, (day, day)) if day else None
            basis = bases[text]
            if basis is not None:
                yield _held_there(view, index, basis)


def _held_there(view: RoomsView, index: int, basis: Basis) -> Verdict:
    room, there = view.rooms[index], basis.reading.content_of.get(view.ids[index])
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
        after=tuple(page.number for page in basis.reading.views),
    )
    return found if basis.is_calm else Doubt(finding=found)


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
