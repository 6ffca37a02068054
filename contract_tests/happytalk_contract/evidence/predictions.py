"""Answers predicted from a whole reading, and what departs from the prediction.

One reading of a window says what every other question over that window must answer: which rooms, in what
order, on which page, how many in all. A comparison is that prediction held against one answer.
Source: chat_room_lists, Request (priority of dates, sort, limit, page) and data (total_count).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from happytalk_contract.core.model import Kind, Window
from happytalk_contract.evidence.readings import Basis, Reading
from happytalk_contract.evidence.views import ZERO_DATE, RoomsView
from happytalk_contract.questions.meaning import MOST_PER_PAGE, SOFT, Meaning

#: Nothing longer is shown of an id.
LONGEST_ID: Final = 40
#: How each kind of departure is told.
TOLD: Final[dict[Kind, str]] = {
    "refused": "a well-formed question is refused",
    "strangers": "the whole list of a range lacks rooms of its days that are listed here",
    "missing": "rooms are left out that the whole list of the window holds",
    "count": "total_count is not the number of rooms that match",
    "twice": "a room is listed twice on one page",
    "place": "the page does not hold the part of the sorted list that is its own",
    "content": "a room reads differently here than in the whole list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """How one answer departs from its prediction."""

    kind: Kind
    received: str
    expected: str
    json_path: str = ""
    subject: str = ""  #: a field, where one is at fault
    lacked: Sequence[Mapping[str, Any]] = ()  #: rooms that are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One answer held against its prediction."""

    view: RoomsView
    is_calm: bool
    departure: Departure | None
    had_rooms: bool  #: whether the prediction holds any room
    off_by: int | None  #: how many rooms more than the prediction holds total_count says there are
    traits: frozenset[str]  #: what makes the question special, see `traits`
    reading: Reading  #: what it is held against
    read: tuple[int, ...]  #: those of its pages that are enough to see how it departs


def compare(view: RoomsView, means: Meaning, window: Window, basis: Basis) -> Comparison:
    """Hold an answer about `window` against what `basis` predicts of it."""
    reading = basis.reading
    expected = reading.matching(window, means.status)
    departure = depart(view, means, expected, reading)
    is_whole = window == reading.window and means.status == 99
    pages = _telling(view, means, departure, reading, is_whole) if departure else reading.views
    return Comparison(
        view=view,
        is_calm=basis.is_calm,
        departure=departure,
        had_rooms=bool(expected),
        off_by=None if view.total is None else view.total - len(expected),
        traits=traits(view, means, window),
        reading=reading,
        read=tuple(page.number for page in pages),
    )


def _telling(
    view: RoomsView, means: Meaning, departure: Departure, reading: Reading, is_whole: bool
) -> Sequence[RoomsView]:
    """The pages of `reading` that are enough to see how `view` departs; `is_whole`: both are of the same rooms."""
    pages = reading.views
    if departure.kind == "strangers":
        return without(departure.lacked, pages)
    if is_whole and departure.kind in ("count", "missing") and view.total != pages[0].total:
        return pages[:1]  # its total_count says it
    if departure.kind == "missing" and departure.lacked:
        lacked_ids = {room["id"] for room in departure.lacked}
        return [page for page in pages if lacked_ids & {*page.ids}][:1]
    if is_whole and departure.kind == "place" and (means.sort_key, means.sort_value) == ("reg_date", "desc"):
        start = (means.page - 1) * means.limit
        return pages[start // reading.limit : (start + len(view.rooms) - 1) // reading.limit + 1]
    return pages


def without(rooms: Sequence[Mapping[str, Any]], pages: Sequence[RoomsView]) -> Sequence[RoomsView]:
    """Of the pages of a whole list the one that goes beyond where a room would stand: no other could hold it."""
    keys = [str(room.get("reg_date")) for room in rooms]
    for page in pages:
        if page.rooms:
            first, last = (str(page.rooms[at].get("reg_date")) for at in (0, -1))
            if any(last < key and (key < first or page is pages[0]) for key in keys):
                return [page]
    return pages


def depart(
    view: RoomsView, means: Meaning, expected: list[dict[str, Any]], reading: Reading
) -> Departure | None:
    """Say how `view` departs from `expected`, the matching rooms; None if it does not."""
    past_end = means.page > 1 and (means.page - 1) * means.limit >= len(expected)
    if view.kind == "failure":
        return None if past_end or means.open else _refused(view)
    own_keys = {room["id"]: str(room.get(means.sort_key)) for room in expected}
    strangers = [index for index, room_id in enumerate(view.ids) if room_id not in own_keys]
    if strangers:
        return _lacking_in(reading, view, strangers)
    if view.total != len(expected):
        return _miscounted(view, means, expected)
    twice = [room_id for room_id, times in Counter(view.ids).items() if times > 1]
    if twice:
        return Departure(kind="twice", received=f"{twice[0]} twice", expected="every room once")
    return _placed(view, means, own_keys) or _same_content(view, reading)


def _refused(view: RoomsView) -> Departure:
    return Departure(
        kind="refused",
        received=f"failure with code {view.fields.get('code')!r}"[:80],
        expected="a success",
        json_path="$",
    )


def _lacking_in(reading: Reading, view: RoomsView, strangers: list[int]) -> Departure:
    """The whole list is what departs: say which rooms it lacks, unless it has them by other ids."""
    lacked = [view.rooms[index] for index in strangers]
    known = {repr(_but_id(room)): room for room in reading.rooms.values()}
    at = f"$.data.chat_list[{strangers[0]}]"
    twins = [known.get(repr(_but_id(room)), {}).get("id") for room in lacked]
    if None not in twins and not {*twins} & {*view.ids}:
        told, own = (str(room.get("id")) for room in (lacked[0], known[repr(_but_id(lacked[0]))]))
        return Departure(
            kind="content",
            received=f"id {told[:LONGEST_ID]}",
            expected=f"{own[:LONGEST_ID]}, as in the whole list",
            json_path=f"{at}.id",
            subject="id",
        )
    return Departure(
        kind="strangers",
        received=f"{len(lacked)} of {len(view.rooms)} rooms, the first {_brief(lacked[0])}",
        expected="the same rooms in the whole list of {} to {}, which holds {}".format(
            *reading.window, len(reading.rooms) or "none"
        ),
        json_path=at,
        lacked=lacked,
    )


def _but_id(room: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted((name, value) for name, value in room.items() if name != "id")


def _miscounted(view: RoomsView, means: Meaning, expected: list[dict[str, Any]]) -> Departure:
    """A list that leaves rooms out says so; any other miscounts."""
    listed = [room for room in expected if room["id"] in view.ids]
    lacked = _left_out(view, means, expected)
    if lacked:
        received = f"total_count {view.total}; left out: {_brief(lacked[0])}" + (
            f" and {len(lacked) - 1} more" if len(lacked) > 1 else ""
        )
    else:
        received = f"total_count {view.total}" + (
            f", and {len(listed)} rooms are listed" if len(listed) == len(expected) else ""
        )
    return Departure(
        kind="missing" if lacked else "count",
        received=received,
        expected=f"{len(expected)}, as the whole list of the window holds",
        json_path="$.data.total_count",
        lacked=lacked,
    )


def _left_out(view: RoomsView, means: Meaning, expected: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rooms that a first page passes over: those before its last one, and all where it is the only page."""
    if means.page > 1 or (view.total or 0) >= len(expected):
        return []
    absent = [room for room in expected if room["id"] not in view.ids]
    if view.total == len(view.rooms):
        return absent
    keys = [str(room.get(means.sort_key)) for room in view.rooms]
    if not keys or ZERO_DATE in keys:
        return []
    zeros = [room for room in absent if str(room.get(means.sort_key)) == ZERO_DATE]
    if zeros and len(expected) - len(zeros) == view.total:
        return zeros
    is_rising = means.sort_value == "asc"
    own = ((str(room.get(means.sort_key)), room) for room in absent)
    return [
        room for key, room in own if key != ZERO_DATE and (key < keys[-1] if is_rising else key > keys[-1])
    ]


def _placed(view: RoomsView, means: Meaning, own_keys: dict[Any, str]) -> Departure | None:
    start = (means.page - 1) * means.limit
    size = max(0, min(means.limit, len(own_keys) - start))
    if shifted := _shifted(view, means, own_keys, start, size):
        return shifted
    # With more than 50 asked for, fewer may be an answer of its own; what is listed must still be in place.
    if len(view.rooms) != size:
        return Departure(
            kind="missing",
            received=f"{len(view.rooms)} rooms on page {means.page}",
            expected=f"{size} of the {len(own_keys)} rooms that match",
            json_path="$.data.chat_list",
        )
    seen = [str(room.get(means.sort_key)) for room in view.rooms]
    wanted: list[str] = []
    for zeros_last in (False, True):
        wanted = sorted_keys(own_keys.values(), means.sort_value, zeros_last=zeros_last)[start : start + size]
        if wanted == seen:
            return _tie_groups(view, means, seen, own_keys)
    at = next(index for index, pair in enumerate(zip(seen, wanted, strict=True)) if pair[0] != pair[1])
    return Departure(
        kind="place",
        received=f"{means.sort_key} {seen[at]} in place {start + at + 1}",
        expected=f"{wanted[at]}, by {means.sort_key} {means.sort_value}",
        json_path=f"$.data.chat_list[{at}].{means.sort_key}",
    )


def _shifted(
    view: RoomsView, means: Meaning, own_keys: dict[Any, str], start: int, size: int
) -> Departure | None:
    """A page that holds another part of the sorted list: say which."""
    seen = [str(room.get(means.sort_key)) for room in view.rooms]
    if len(set(seen)) < 2 and len(seen) != 1:
        return None
    places: list[int] = []
    for zeros_last in (False, True):
        keys = sorted_keys(own_keys.values(), means.sort_value, zeros_last=zeros_last)
        places += [at for at in range(len(keys)) if keys[at : at + len(seen)] == seen]
    at = min(places, key=lambda place: abs(place - start), default=start)
    if at == start:
        return None
    return Departure(
        kind="place",
        received=f"places {at + 1} to {at + len(seen)} of the sorted list on page {means.page}",
        expected=f"places {start + 1} to {start + size}, by {means.sort_key} {means.sort_value}"
        if size
        else f"no room: the list ends with place {len(own_keys)}",
        json_path="$.data.chat_list",
    )


def sorted_keys(keys: Iterable[str], direction: str, *, zeros_last: bool) -> list[str]:
    """Sort keys in documented order; where zero dates go in a rising list is an open question."""
    lowest_first = sorted(keys, reverse=direction == "desc")
    if zeros_last and direction == "asc":
        lowest_first.sort(key=ZERO_DATE.__eq__)
    return lowest_first


def _tie_groups(
    view: RoomsView, means: Meaning, seen: list[str], own_keys: dict[Any, str]
) -> Departure | None:
    """A page that has the right keys has the right rooms, as long as the keys are the rooms' own."""
    for index, (room_id, told) in enumerate(zip(view.ids, seen, strict=True)):
        if own_keys[room_id] != told:
            return Departure(
                kind="content",
                received=f"{means.sort_key} {view.rooms[index].get(means.sort_key)}",
                expected=f"{own_keys[room_id]}, as in the whole list",
                json_path=f"$.data.chat_list[{index}].{means.sort_key}",
                subject=means.sort_key,
            )
    return None


def _same_content(view: RoomsView, reading: Reading) -> Departure | None:
    for index, content in enumerate(view.contents):
        room_id = view.ids[index]
        if content == reading.content_of[room_id]:
            continue
        room, other = view.rooms[index], reading.rooms[room_id]
        field = next(name for name in sorted({*room, *other}) if room.get(name, ()) != other.get(name, ()))
        return Departure(
            kind="content",
            received=_kind_of(room, field),
            expected=f"as in the whole list: {_kind_of(other, field)}",
            json_path=f"$.data.chat_list[{index}].{field}",
            subject=field,
        )
    return None


def _kind_of(room: dict[str, Any], field: str) -> str:
    if field not in room:
        return "no such field"
    value = room[field]
    return f"text of {len(value)} characters" if isinstance(value, str) else type(value).__name__


def _brief(room: dict[str, Any]) -> str:
    """A room without people's words."""
    parts = (
        f"{name} {room[name]}" for name in ("id", "status", "reg_date") if isinstance(room.get(name), str)
    )
    return ", ".join(parts)[:100] or "without id"


def traits(view: RoomsView, means: Meaning, window: Window) -> frozenset[str]:
    """What makes a question special against a plain range, unfiltered, first page, default order."""
    params = view.params or {}
    found = {
        "status": means.status != 99,
        "sort_key": means.sort_key != "reg_date",
        "sort_value": means.sort_value != "desc",
        "page": means.page > 1,
        "limit": means.limit != MOST_PER_PAGE,
        "days": window[0] != window[1],
        "ndate": isinstance(params.get("ndate"), str),
        "range": isinstance(params.get("sdate"), str),
        "today": means.is_today,
        "null": any(name in params and params[name] is None for name in ("ndate", "sdate", "edate")),
    }
    return frozenset(name for name, holds in found.items() if holds) | (means.open & SOFT)
