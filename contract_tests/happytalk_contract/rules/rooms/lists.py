"""Rules over the rooms of one list: filters, days, order.

Each judges one answer by itself, so data in motion can not mislead it.
Source: chat_room_lists, Request and Response.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from happytalk_contract.evidence.views import ZERO_DATE, RoomsView
from happytalk_contract.questions.meaning import DEFAULTS, SORT_KEYS, SORT_VALUES
from happytalk_contract.rules.rule import HELD, Verdict, rule
from happytalk_contract.rules.telling import finding, shown

UNSTEADY: Final = "same_answer read_only"


@rule(
    "rooms.status.sound",
    "rooms under a status filter",
    each="rooms",
    explained_by="field.text:status field.present:status field.code:status=*",
    akin=UNSTEADY,
)
def status_sound(view: RoomsView) -> Iterator[Verdict]:
    """status: a filtered list holds only that status."""
    means = view.judged
    if means is None or means.status == 99 or not view.rooms:
        return
    other = [at for at, room in enumerate(view.rooms) if str(room.get("status")) != str(means.status)]
    if not other:
        yield HELD
        return
    status = shown("status", view.rooms[other[0]].get("status"))
    yield finding(
        view,
        "a list filtered by status holds rooms of another status",
        f"status {status} in {len(other)} of {len(view.rooms)} rooms",
        f"only status {means.status}",
        f"$.data.chat_list[{other[0]}].status",
    )


@rule(
    "rooms.dates.sound",
    "rooms",
    each="rooms",
    explained_by="field.*:reg_date",
    akin=f"dates.sound sense.* {UNSTEADY}",
)
def days_sound(view: RoomsView) -> Iterator[Verdict]:
    """sdate, edate, ndate: 조회 일자; the days are those of registration, in Seoul."""
    means, window = view.judged, view.window
    if means is None or window is None or not view.rooms:
        return
    first, last = (day.isoformat() for day in window)
    days = [room.get("reg_date") for room in view.rooms]
    outside = [at for at, text in enumerate(days) if isinstance(text, str) and not first <= text[:10] <= last]
    if not outside:
        yield HELD
        return
    message, subject = _days_listed(view, {str(text)[:10] for text in days})
    yield finding(
        view,
        message,
        f"reg_date {shown('reg_date', days[outside[0]])} in {len(outside)} of {len(view.rooms)} rooms",
        f"{first} to {last}, both included" + (", whatever ndate says" if _has_both(view) else ""),
        f"$.data.chat_list[{outside[0]}].reg_date",
        subject=subject,
        kind=None if subject == "ndate" else "days",
    )


def _has_both(view: RoomsView) -> bool:
    """Whether ndate stands beside a range, which comes before it."""
    params = view.params or {}
    return bool(params.get("sdate")) and bool(params.get("ndate"))


def _days_listed(view: RoomsView, days: set[str]) -> tuple[str, str]:
    """Which other days a list holds: those of a parameter that should not count, or of none."""
    ndate, is_range = (view.params or {}).get("ndate"), bool((view.params or {}).get("sdate"))
    if is_range and days == {ndate}:
        return "ndate comes before sdate and edate", "ndate"
    if (ndate or is_range) and view.today and days == {view.today.isoformat()}:
        return f"{'sdate and edate are' if is_range else 'ndate is'} passed over: today is listed", ""
    message = "a list holds rooms that were registered on other days"
    is_today = view.judged is not None and view.judged.is_today
    return (f"{message}, where no date is given", "today") if is_today else (message, "")


def order(view: RoomsView, sort_key: str, direction: str) -> Iterator[Verdict]:
    """The list is ordered by the key; zero dates stand together at an end."""
    means = view.judged
    if means is None or (means.sort_key, means.sort_value) != (sort_key, direction):
        return
    keys = [text for room in view.rooms if isinstance(text := room.get(sort_key), str)]
    if len(keys) < len(view.rooms) or len(set(keys)) < 2:
        return
    at = _misplaced(keys, direction)
    if at is None:
        yield HELD
        return
    swapped = [*keys[: at - 1], keys[at], keys[at - 1], *keys[at + 1 :]]
    yield finding(
        view,
        f"the list is not ordered by {sort_key} {direction}",
        f"{keys[at]} after {keys[at - 1]}"
        + ("; with these two exchanged all are in order" if _misplaced(swapped, direction) is None else ""),
        f"{sort_key} {'rising' if direction == 'asc' else 'falling'}{_by_default(view)}",
        f"$.data.chat_list[{at}].{sort_key}",
    )


def ordered_by(views: Sequence[RoomsView]) -> str:
    """By which order all these lists stand, if by any."""
    for key in SORT_KEYS:
        for way in SORT_VALUES:
            lists = [[str(room.get(key)) for room in view.rooms] for view in views]
            if any(len(set(keys)) > 2 for keys in lists) and all(
                _misplaced(keys, way) is None for keys in lists
            ):
                return f"it is by {key} {way}"
    return ""


def _by_default(view: RoomsView) -> str:
    """Which of the two that say the order were left to their defaults."""
    left = [
        f"no {name}: {DEFAULTS[name]}"
        for name in ("sort_key", "sort_value")
        if name not in (view.params or {})
    ]
    return f" ({', '.join(left)})" if left else ""


def _misplaced(keys: list[str], direction: str) -> int | None:
    """Index of the first key out of order; zero dates: lowest, or last (which one is open)."""
    falling = direction == "desc"
    if keys == sorted(keys, reverse=falling):
        return None
    real = [text for text in keys if text != ZERO_DATE]
    tail = keys[: len(real)] == real  # every zero date behind every real one
    if tail and real == sorted(real, reverse=falling):
        return None
    for index in range(1, len(keys)):
        before, after = keys[index - 1], keys[index]
        if ZERO_DATE in (before, after) and tail:
            continue
        if (before < after) if falling else (before > after):
            return index
    return 1


ORDER: Final = tuple(
    rule(
        f"rooms.order.{sort_key}.{direction}",
        f"two rooms with different {sort_key} in one list, {direction}",
        sentence="sort_key, sort_value: 정렬 기준 (reg_date, complate_date), 정렬 방식 (asc, desc).",
        each="rooms",
        explained_by=f"field.*:{sort_key}",
        akin=f"order.*.{direction} order.{sort_key}.* sense.* {UNSTEADY}",
        sort_key=sort_key,
        direction=direction,
    )(order)
    for sort_key in ("reg_date", "complate_date")
    for direction in ("desc", "asc")  # what leads is the default: it takes fewer parameters to show
)
