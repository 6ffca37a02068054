"""Rules over the pages of one list: none repeats or loses a room, and they hold as many as total_count says.

An answer is put together from two looks at the data, the count and the list: one look alone is a doubt.
Source: chat_room_lists, Request (page, limit) and Response (total_count).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final, NamedTuple

from happytalk_contract.core.model import Finding, Window
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.readings import Reading
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.questions.meaning import MOST_PER_PAGE
from happytalk_contract.rules.rooms.relations import BASIS, LOCAL
from happytalk_contract.rules.rule import HELD, Doubt, Verdict, rule
from happytalk_contract.rules.telling import finding, shown
from happytalk_contract.rules.wire import SEVERAL

#: Rooms that a page lacks, or has too many: no data move so between two looks.
BY_FAR: Final = 10


@rule(
    "rooms.pages.repeat",
    "a list with a second page",
    explained_by=LOCAL,
    akin=f"{BASIS} dates.*",
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
    rooms = f"{len(shared)} room{'s' * (len(shared) != 1)}"
    found = finding(
        other[1],
        "pages of one list repeat a room",
        f"{rooms} on page {pages[0]} and on page {pages[1]}, such as {min(shared)[:30]}",
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
        if reading.is_whole or len(reading.views) < 2:
            continue
        if before is not None:
            yield before, reading
        waiting[asked] = reading
    for reading in waiting.values():
        yield reading, None


class _How(NamedTuple):
    """In what way pages are no whole list."""

    message: str
    detail: str
    shown_by: tuple[RoomsView, ...]  #: the pages that are enough to see it


def _not_whole(reading: Reading, again: Reading | None) -> Verdict:
    listed = [view.rooms for view in reading.views]
    how = _how(reading)
    found = finding(
        reading.views[-1],
        how.message,
        f"{len(reading.rooms)} different rooms in {sum(map(len, listed))} places on {len(listed)} pages, "
        f"total_count {reading.views[-1].total}{how.detail}",
        "every room on one page, as many as total_count says",
        "$.data.chat_list",
        more=tuple(view.number for view in reading.views[:-1]),
    )
    numbers = tuple(view.number for view in how.shown_by)
    found = replace(
        found, request=how.shown_by[-1].exchange.request, together=numbers if len(numbers) > 1 else ()
    )
    same = again is not None and [view.rooms for view in again.views] == listed
    return found if same else Doubt(finding=found)


def _how(reading: Reading) -> _How:
    views = reading.views
    for before, after in pairwise(views):
        if before.total != after.total:
            detail = f"; {before.total} on page {_page(before)}, {after.total} on page {_page(after)}"
            return _How("total_count is not the same on every page of one list", detail, (before, after))
    for before, after in pairwise(views):
        if twice := frozenset(before.ids) & frozenset(after.ids):
            return _repeated(reading, before, after, twice)
    places = sum(len(view.rooms) for view in views)
    if places > len(reading.rooms):
        return _How("pages of one list repeat a room", "", views)
    for view in views:
        if len(view.rooms) != (owed := owed_to(view) or 0):
            detail = f"; {len(view.rooms)} on page {_page(view)}, and {owed} are left for it"
            if len(view.rooms) > owed:
                return _How("pages of one list hold more rooms than total_count says", detail, (view,))
            if view is not views[-1]:
                return _How("a page before the last one is not full", detail, (view,))
            lost = "pages of one list lose a room" if view.rooms else "the last page is empty"
            return _How(lost, detail, (view,))
    return _How("pages of one list lose a room", "", views)


def _page(view: RoomsView) -> int:
    return view.meaning.page if view.meaning else 1


def _repeated(reading: Reading, before: RoomsView, after: RoomsView, twice: frozenset[Any]) -> _How:
    """Where the later page begins; rooms of one second may have changed places."""
    key = reading.rooms[before.ids[-1]].get("reg_date") if before.ids[-1] in reading.rooms else None
    if all(reading.rooms[room_id].get("reg_date") == key for room_id in twice if room_id in reading.rooms):
        is_full = sum(len(view.rooms) for view in reading.views) == reading.views[-1].total
        if is_full and after.rooms[0].get("reg_date") == key:
            message = (
                "rooms of one reg_date stand in another order on the next page: one is repeated, one lost"
            )
            return _How(message, f", such as reg_date {shown('reg_date', key)}", (before, after))
    owed = owed_to(after)
    detail = (
        f"; {len(after.rooms)} on page {_page(after)}, and {owed} are left for it"
        if len(after.rooms) != owed
        else ""
    )
    if after.ids[0] in before.ids:
        place = before.ids.index(after.ids[0]) + 1
        detail += f"; page {_page(after)} begins with room {place} of page {_page(before)}"
    return _How("pages of one list repeat a room", detail, (before, after))


@rule(
    "rooms.count",
    "a success",
    explained_by="envelope:* limit.most echo.* unique pages.repeat",
    akin="same_answer read_only limit.most pages.repeat",
)
def count(evidence: Evidence) -> Iterator[Verdict]:
    """total_count: 상담방 개수, every room that matches, not those on the page."""
    owed = {view.number: rooms for view in evidence.rooms if (rooms := owed_to(view)) is not None}
    # Count and list are two looks at the data: a room that comes in between makes them differ, once, and by little.
    listed = {view.number: view.rooms for view in evidence.rooms if view.number in owed}
    wrong = {number for number, rooms in owed.items() if rooms != len(listed[number])}
    by_far = [number for number in wrong if abs(owed[number] - len(listed[number])) >= BY_FAR]
    for view in evidence.rooms:
        if view.number not in owed:
            continue
        if view.number not in wrong:
            yield HELD
            continue
        found = _miscounted(view, owed[view.number])
        same = [other.number for other in evidence.by_request[view.asked] if other.is_list]
        again = len(evidence.by_request[view.asked]) > 1 and wrong.issuperset(same)
        is_sure = (len(wrong) > 1 and again) or (view.number in by_far and len(by_far) >= SEVERAL)
        yield found if is_sure else Doubt(finding=found)


def _miscounted(view: RoomsView, owed: int) -> Finding:
    """Say in what way a page and total_count do not fit: which one is at fault may be seen."""
    page, limit, total = _page(view), view.judged.limit if view.judged else MOST_PER_PAGE, view.total or 0
    message, listed, more = (
        "total_count does not fit the rooms listed",
        (page - 1) * limit + len(view.rooms),
        "",
    )
    if (page - 1) * limit < total < listed:
        message, more = (
            "total_count is less than the rooms that are listed",
            f", where room {listed} is listed",
        )
    elif 0 < len(view.rooms) < owed and page * limit < total:
        message, more = (
            "a page is not full, though total_count says that more rooms follow",
            f", limit {limit}",
        )
    elif page > 1:
        message = "a later page does not hold the rooms that total_count leaves for it"
    return finding(
        view,
        message,
        f"{len(view.rooms)} rooms on page {page} with total_count {view.total}{more}",
        f"{owed} rooms on this page, or another total_count",
        "$.data.total_count",
        kind="count" if page > 1 else None,
    )


def owed_to(view: RoomsView, *, later: int = 0) -> int | None:
    """How many rooms `total_count` leaves for this page, or for one so many pages `later`."""
    means = view.judged
    if means is None or not view.is_list or view.total is None:
        return None
    if view.total < 0:
        return view.total  # no page holds so many: the count is wrong by itself
    return min(means.limit, max(0, view.total - (means.page - 1 + later) * means.limit))
