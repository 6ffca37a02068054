"""What all answers behind a finding say together: which days they list, what whole lists lack, how they are ordered.

One answer fits several explanations; what fits all of them says more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, Final, NamedTuple

from happytalk_contract.core.model import SEOUL, Finding, Window
from happytalk_contract.evidence.common import AHEAD, Room, common, off
from happytalk_contract.evidence.condition import condition, of_questions
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.predictions import Comparison
from happytalk_contract.evidence.views import RoomsView, as_time, registered_on
from happytalk_contract.questions.meaning import MOST_PER_PAGE, as_day
from happytalk_contract.rules.rooms.lists import ordered_by
from happytalk_contract.rules.rooms.pages import owed_to
from happytalk_contract.rules.rooms.steady import ALL

#: How many answers must agree for what they share to be no chance.
ENOUGH: Final = 3
#: Counts that are all multiples of one of these are rounded.
ROUND: Final = (100, 10)
#: How many explanations are told that fit all the same.
TOLD: Final = 3
NONE: Final = timedelta(0)
#: The day after.
DAY: Final = timedelta(days=1)


def story(finding: Finding, evidence: Evidence) -> str:
    """Say what all answers behind `finding` have in common; "" where that is nothing known."""
    numbers = set(finding.exchanges)
    views = [view for view in evidence.rooms if view.number in numbers]
    if finding.kind == "days":
        return _days(views)
    if ".order." in finding.rule:
        return ordered_by(views)
    if finding.rule in ("rooms.count", "rooms.pages.repeat"):
        return _pages(evidence) or _totals(evidence) or _uncounted(evidence) or _another_total(evidence)
    if finding.rule == "rooms.sense.sequence":
        return _ended([listed.item for listed in evidence.distinct_rooms])
    if finding.rule == "rooms.sense.identity" or finding.kind == "content":
        return _otherwise(finding.subject or "reg_date", evidence)
    calm = [made for made in evidence.comparisons if made.is_calm]
    departing = [made for made in calm if made.view.number in numbers and made.departure]
    if finding.kind == "strangers":
        return "" if evidence.readings.is_moving else _lacked(list(_whole_lists(evidence)))
    if finding.kind in ("count", "missing"):
        lacked = (
            _by_ndate(departing) or _days_lacked(_lists(departing, calm)) or _left_out(departing, finding)
        )
        return lacked or _counts(departing) or (_totals(evidence) if finding.kind == "count" else "")
    return ""


def _days(views: Sequence[RoomsView]) -> str:
    """Which days are listed, by all answers together."""
    listed = [(room, view.window) for view in views if view.window for room in view.rooms]
    now = [datetime.fromtimestamp(view.exchange.started, SEOUL).replace(tzinfo=None) for view in views]
    if told := off(listed, max(now)):
        return told
    days: dict[Window, set[date]] = defaultdict(set)
    for room, window in listed:
        if (moment := as_time(room.get("reg_date"))) is not None:
            days[window].add(moment.date())
    around = {
        asked: (min(seen), max(seen))
        for asked, seen in days.items()
        if min(seen) < asked[0] or max(seen) > asked[1]
    }
    asked, seen = max(around.items(), key=lambda one: one[1][1] - one[1][0], default=(None, None))
    return "" if asked is None or seen is None else f"asked for {_span(asked)}, {_span(seen)} are listed"


def _span(window: Window) -> str:
    return f"{window[0]}" if window[0] == window[1] else f"{window[0]} to {window[1]}"


class _List(NamedTuple):
    """A whole list: the rooms that it lacks as others show, and those that it holds."""

    window: Window
    lacked: Sequence[Room]
    held: Sequence[Room]

    def days(self) -> _Days:
        """Which of its days it lacks, and which it holds."""
        held, lacked = (
            {day for room in rooms if (day := as_day(registered_on(room)))}
            for rooms in (self.held, self.lacked)
        )
        first, last = self.window
        count = (last - first).days + 1 if self.lacked else 0
        asked = {first + at * DAY for at in range(count)}
        return _Days(self.window, lacked - held, held, asked - held)


class _Days(NamedTuple):
    """The days of a whole list: those of known rooms that it lacks altogether, and those that it holds."""

    window: Window
    lacked: Set[date]
    held: Set[date]
    empty: Set[
        date
    ]  #: of a list that lacks some: those of which it holds no room, whether one is known or not


def _whole_lists(evidence: Evidence) -> Iterator[_List]:
    """The whole lists that were read, each once."""
    rooms = {str(listed.item.get("id")): listed.item for listed in evidence.distinct_rooms}
    for reading in {(one.window, one.contents): one for one in evidence.readings if one.is_whole}.values():
        inside = _registered_in(reading.window, rooms.values())
        lacked = [room for room in inside if room.get("id") not in reading.rooms]
        yield _List(reading.window, lacked, list(reading.rooms.values()))


def _registered_in(window: Window, rooms: Iterable[Room]) -> list[Room]:
    first, last = (day.isoformat() for day in window)
    return [room for room in rooms if first <= registered_on(room) <= last]


#: Which days a list may lack whatever was asked for.
_OF_ANY: Final[Mapping[str, Callable[[date, Window], bool]]] = {
    "of the last day of a month": lambda day, _: (day + DAY).day == 1,
    "of the first day of a month": lambda day, _: day.day == 1,
    "of Saturdays and Sundays": lambda day, _: day.weekday() > 4,
}
#: The same by the months that were asked for.
_OF_MONTHS: Final[Mapping[str, Callable[[date, Window], bool]]] = {
    "of all months but the last": lambda day, window: (
        (day.year, day.month) < (window[1].year, window[1].month)
    ),
    "of all months but the first": lambda day, window: (
        (day.year, day.month) > (window[0].year, window[0].month)
    ),
}
#: Which days a list may lack, by the days that were asked for.
_LACKED: Final[Mapping[str, Callable[[date, Window], bool]]] = {
    "of the last day that is asked for": lambda day, window: day == window[1],
    "of the first day that is asked for": lambda day, window: day == window[0],
    "between the first and the last day": lambda day, window: window[0] < day < window[1],
    "of all days but the first": lambda day, window: day > window[0],
    "of all days but the last": lambda day, window: day < window[1],
    **_OF_ANY,
    **_OF_MONTHS,
}


def _lacked(lists: Sequence[_List]) -> str:
    """What it is that whole lists lack."""
    odd = [one for one in lists if one.lacked]
    if not odd:
        return ""
    if not any(one.held for one in odd):
        return "these lists are empty"
    sizes = {len(one.held) for one in odd}
    if (
        len(sizes) == 1
        and len({one.window for one in odd}) > 1
        and max(len(one.held) for one in lists) in sizes
    ):
        return f"no whole list holds more than {sizes.pop()}"
    if told := _days_lacked(lists):
        return told
    alike = common(list(chain(*(one.lacked for one in odd))), list(chain(*(one.held for one in odd))))
    return f"what such lists lack: {alike}" if alike else _clock(odd)


def _lists(departing: Sequence[Comparison], calm: Sequence[Comparison]) -> list[_List]:
    """The rooms that lists of all statuses hold and lack, asked for as those that depart are."""
    shared = frozenset.intersection(*(made.traits for made in departing)) if departing else frozenset()
    found = []
    for made in (made for made in calm if shared <= made.traits):
        window, means = made.view.window, made.view.judged
        if window is None or means is None or means.status != ALL:
            continue
        if made.departure is None:
            found.append(_List(window, (), made.reading.matching(window, ALL)))
        elif made.departure.lacked and made.departure.kind == "missing":
            found.append(_List(window, made.departure.lacked, made.view.rooms))
    return found


def _days_lacked(lists: Sequence[_List]) -> str:
    """Which days ranges lack altogether."""
    several = [one for one in lists if one.window[0] < one.window[1]]
    is_told = any(one.lacked for one in several)  # of single days no end can be told from the other
    days = [one.days() for one in (several if is_told else lists)]
    if not any(one.lacked for one in days) or len({day for one in days for day in one.held}) < 2:
        return ""
    fitting = [
        [
            told
            for told, holds in (_LACKED if is_told else _OF_ANY).items()
            if all(
                all(holds(day, one.window) for day in (one.lacked | one.empty if strictly else one.lacked))
                and not any(holds(day, one.window) for day in one.held)
                for one in days
            )
        ]
        for strictly in (True, False)  # a day of which no room is known may just have none
    ]
    told = next(filter(None, fitting), [])
    if _OF_MONTHS.keys() >= {*told}:
        told = [*_ends(days), *told]
    return f"such lists lack all rooms {' or '.join(told[:TOLD])}, and no others" if told else ""


def _ends(lists: Sequence[_Days]) -> Iterator[str]:
    """How many days from their end or beginning all lists hold, and no others."""
    for name, at in (("last", 1), ("first", 0)):
        held = max(abs((one.window[at] - day).days) for one in lists for day in one.held)
        lacked = min(abs((one.window[at] - day).days) for one in lists for day in one.lacked)
        if 0 < held < lacked:
            to = "" if held + 1 == lacked else f" to {lacked}"
            yield f"of all days but the {name} {held + 1}{to}"


def _clock(odd: Sequence[_List]) -> str:
    """At which time of which day all rooms were registered that lists lack."""
    times = {str(room.get("reg_date"))[11:] for one in odd for room in one.lacked}
    if len(times) > 1 or not times:
        return ""
    days = [(registered_on(room), one.window) for one in odd for room in one.lacked]
    of = [
        name
        for at, name in enumerate(("first", "last"))
        if all(day == window[at].isoformat() for day, window in days)
    ]
    return f"what such lists lack was registered at {times.pop()}" + (
        f" of their {of[0]} day" if len(of) == 1 else ""
    )


def _ended(rooms: Sequence[Room]) -> str:
    """How the rooms that end before they begin do so."""
    took = [
        (ended - began, room)
        for room in rooms
        if (began := as_time(room.get("reg_date"))) and (ended := as_time(room.get("complate_date")))
    ]
    before, after = [room for time, room in took if time < NONE], [room for time, room in took if time > NONE]
    if -AHEAD <= min(time for time, _room in took) < NONE - AHEAD * 0.9:
        return "never by more than nine hours, as UTC tells times"
    alike = common(before, after)
    return alike if alike or after else "in each room that has both, as if the two were exchanged"


def _by_ndate(departing: Sequence[Comparison]) -> str:
    """Whether an ndate beside a range is what decides."""
    days = [
        {registered_on(room) for room in made.view.rooms} == {(made.view.params or {}).get("ndate")}
        for made in departing
        if "range" in made.traits and made.view.rooms
    ]
    return "all that is listed is of the day that ndate names" if days and all(days) else ""


def _left_out(departing: Sequence[Comparison], finding: Finding) -> str:
    """What the rooms that lists leave out have in common, in all of them or in the one that is told."""
    own = [made for made in departing if made.view.exchange.request == finding.request]
    for some in (departing, own[:1]):
        lacked = {room["id"]: room for made in some if made.departure for room in made.departure.lacked}
        held = {room["id"]: room for made in some for room in made.view.rooms if room.get("id") not in lacked}
        sides = list(lacked.values()), list(held.values())
        if told := common(*sides):
            return told if finding.kind == "missing" else f"what is left out elsewhere: {told}"
        if told := common(*reversed(sides)):
            return f"listed: {told}"
    return ""


def _pages(evidence: Evidence) -> str:
    """How many rooms stand on all pages, where that is another number than it should be."""
    pages = [view for view in evidence.rooms if view.is_plain and view.is_list and view.total]
    if len(
        {view.asked for view in pages if view.judged and view.judged.page > 1 and view.rooms}
    ) >= ENOUGH and all(view.total == len(view.rooms) for view in pages):
        return "each total_count is the number of rooms on its page"
    of_all = [view for view in pages if view.meaning and view.meaning.status == ALL]
    if len({view.window for view in of_all}) >= ENOUGH and len({view.total for view in of_all}) == 1:
        return f"total_count is {of_all[0].total} whatever days are asked for"
    shifted = [(owed_to(view), owed_to(view, later=1), len(view.rooms)) for view in pages]
    if (
        all(shown == after for _own, after, shown in shifted)
        and sum(own != after for own, after, _ in shifted) >= ENOUGH
    ):
        return "each page holds as many rooms as the one after it should, as if pages counted from 0"
    return ""


def _uncounted(evidence: Evidence) -> str:
    """Of which status the rooms are that counts leave out: each is less by as many as are known of those days."""
    rooms = [listed.item for listed in evidence.distinct_rooms]
    counts: dict[Window, int] = {
        view.window: view.total
        for view in evidence.rooms
        if view.is_plain and view.window and view.total and view.meaning and view.meaning.status == ALL
    }
    less: list[tuple[int, Counter[str]]] = []
    for window, total in counts.items():
        known = _registered_in(window, rooms)
        if total < len(known):
            less.append((len(known) - total, Counter(str(room.get("status")) for room in known)))
    statuses = set(less[0][1]) if len(less) >= ENOUGH else ()
    found = [one for one in statuses if all(own[one] == by for by, own in less)]
    return f"total_count is less by the rooms of status {found[0]}" if len(found) == 1 else ""


def _another_total(evidence: Evidence) -> str:
    """Which questions get another total_count than others about the same days and status."""
    made = [one for one in evidence.comparisons if one.is_calm and one.off_by is not None]
    odd, even = ([one.view for one in made if bool(one.off_by) is way] for way in (True, False))
    off_by = {one.off_by or 0 for one in made} - {0}
    told = condition(odd, even)
    much = f" by {off_by.pop():+}" if len(off_by) == 1 else ""
    return f"total_count differs{much} each time with {told}" if told else ""


def _otherwise(name: str, evidence: Evidence) -> str:
    """Which questions show another value of a field than others do for the same room."""
    values: dict[Any, set[str]] = defaultdict(set)
    for view in evidence.rooms:
        for room_id, room in zip(view.ids, view.rooms, strict=True):
            values[room_id].add(repr(room.get(name)))
    least = {room_id: min(told) for room_id, told in values.items() if len(told) > 1}
    odd: dict[bool, list[RoomsView]] = {True: [], False: []}
    for view in of_questions(evidence.rooms):
        pairs = [
            (least[one], repr(room.get(name)))
            for one, room in zip(view.ids, view.rooms, strict=True)
            if one in least
        ]
        if pairs:
            odd[any(own == told for own, told in pairs)].append(view)
    for ways in ((True, False), (False, True)):
        if told := condition(odd[ways[0]], odd[ways[1]]):
            return f"{name} reads in one way each time with {told}, in another without"
    return ""


def _totals(evidence: Evidence) -> str:
    """What all large counts have in common."""
    totals = {
        view.total for view in evidence.rooms if view.total and view.total > MOST_PER_PAGE and view.is_plain
    }
    step = next((step for step in ROUND if all(total % step == 0 for total in totals)), None)
    if not step or len(totals) < ENOUGH:
        return ""
    return f"each total_count above {MOST_PER_PAGE} is a multiple of {step}"


def _counts(departing: Sequence[Comparison]) -> str:
    """By how much all counts are off."""
    off_by = {made.off_by for made in departing}
    if len({made.view.asked for made in departing}) < ENOUGH or len(off_by) > 1 or not off_by:
        return ""
    more = off_by.pop() or 0
    return f"each time {abs(more)} too {'many' if more > 0 else 'few'}" if more else ""
