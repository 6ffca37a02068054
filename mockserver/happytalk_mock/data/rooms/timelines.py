"""When generated rooms arrive, are answered and end: arithmetic only.

All times are wall seconds of Seoul. Everything here is a pure function of (seed, token, rooms, days, day).
A day's rooms are spread over it by the rhythm of a shop's week; index order is order of registration.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Final, Literal, NamedTuple

from ...core.chance import GOLDEN, MASK, mix, number_of
from ...core.clock import DAY, day_number
from .holidays import is_holiday, is_working

EndDate = Literal["real", "zero", "mixed"]

#: A ref is `day * 2**INDEX_BITS + index in the day`.
INDEX_BITS: Final = 20
#: A room of day d has reached its last state by the end of day d + SETTLE_DAYS.
SETTLE_DAYS: Final = 3

# No shop chatted before 1970 (so that 0 is free to mean "never"), and a room may end days after it began.
_FIRST_DAY: Final = 1
_LAST_DAY: Final = day_number(date(9999, 12, 20))

#: Share of a week's rooms by weekday, Monday first; they sum to 7000.
_WEEK: Final = (1330, 1180, 1090, 1050, 1070, 600, 680)
#: Percent of a usual day's rooms that a public holiday has.
_HOLIDAY: Final = 45
#: Counsellors are there on weekdays from 09:00 and take no new room after 17:50.
_OPENING: Final = 9 * 3600
_LAST_CALL: Final = 17 * 3600 + 50 * 60
#: Rooms nobody closed are closed for them: answered ones at this time of day, the bot's at midnight.
SWEEP: Final = 18 * 3600

# Rooms that begin in each half hour, relative: a steep morning, the lunch dip, an evening hump, few at night.
_WEEKDAY_RHYTHM: Final = (
    *(9, 7, 5, 4, 3, 2, 2, 2, 2, 2, 3, 4, 6, 9, 14, 20, 32, 52, 96, 118, 124, 120, 112, 98, 62, 58, 88),
    *(106, 112, 110, 106, 102, 98, 92, 84, 66, 44, 36, 32, 31, 32, 34, 35, 34, 31, 26, 20, 14),
)
_WEEKEND_RHYTHM: Final = (
    *(14, 11, 8, 6, 5, 4, 3, 3, 3, 3, 4, 5, 7, 9, 13, 18, 25, 34, 44, 52, 58, 60, 60, 58, 54, 52, 54, 56),
    *(58, 58, 57, 56, 54, 52, 50, 48, 47, 46, 47, 50, 54, 58, 60, 58, 52, 44, 34, 22),
)


class Timeline(NamedTuple):
    """One generated room's times. `answered`, `ended`, `completed` are 0 where that never comes.

    Its status is `first` from `registered`, 1 from `answered`, `final` from `ended`; a room that never ends
    stays at `final`, which is then `first` or 1. `completed` is what complate_date shows once it has ended.
    """

    ref: int
    registered: int
    answered: int
    ended: int
    completed: int
    first: int
    final: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How a room goes: where it starts, whether a counsellor answers, where it comes to rest."""

    first: int
    answered: bool
    final: int
    share: int  # of 1024


#: Every status has a share in which it is the last one, so that old days show it too.
COURSES: Final = (
    Course(first=0, answered=True, final=2, share=524),
    Course(first=-1, answered=True, final=2, share=172),
    Course(first=-2, answered=True, final=2, share=54),
    Course(first=-1, answered=False, final=4, share=84),
    Course(first=-2, answered=False, final=4, share=28),
    Course(first=0, answered=False, final=3, share=38),
    Course(first=0, answered=True, final=3, share=24),
    Course(first=0, answered=False, final=0, share=30),
    Course(first=0, answered=True, final=1, share=28),
    Course(first=-1, answered=False, final=-1, share=22),
    Course(first=-2, answered=False, final=-2, share=20),
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rhythm:
    """What the times of an account go by. The mock's own where nothing else is said."""

    week: tuple[int, ...] = _WEEK  #: as above; sums to 7000
    working: tuple[int, ...] = _WEEKDAY_RHYTHM
    weekend: tuple[int, ...] = _WEEKEND_RHYTHM
    courses: tuple[Course, ...] = COURSES
    ties: int = 2  #: of 64 rooms, so many begin in the same second as the one before
    swept: int = 32  #: of 256 rooms, so many are closed by nobody
    sweeps: tuple[int, int] = (SWEEP, 0)  #: times of day at which that happens: to done ones, to the others
    #: 1024 quantiles of the seconds to the answer, and from the beginning to the end of done rooms and of others.
    #: Without them rooms are answered in office hours.
    answer: tuple[int, ...] = ()
    done: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()

    @property
    def settle_days(self) -> int:
        """A room of day d has reached its last state by the end of day d + settle_days."""
        return max([SETTLE_DAYS, *(table[-1] // DAY + 2 for table in (self.done, self.ended) if table)])


OWN: Final = Rhythm()


@cache
def course_of(rhythm: Rhythm) -> tuple[int, ...]:
    """The course a room takes, of 1024; it steps by the golden ratio: any hundred in a row show every course."""
    return tuple(number for number, course in enumerate(rhythm.courses) for _ in range(course.share))


assert len(course_of(OWN)) == 1024  # noqa: S101 - a table that must add up


def _opening_after(day: int) -> int:
    """The wall second at which somebody is there again after `day`; at the latest on the third day."""
    for later in (day + 1, day + 2):
        if is_working(later):
            return later * DAY + _OPENING
    return (day + SETTLE_DAYS) * DAY + _OPENING


@cache
def _spread(rhythm: tuple[int, ...]) -> tuple[int, ...]:
    """1025 seconds of a day, between any two of which the same share of its rooms begin."""
    total, passed = sum(rhythm), 0
    points: list[int] = []
    step = DAY // len(rhythm)
    for slot, weight in enumerate(rhythm):
        while len(points) * total <= (passed + weight) * 1024 and len(points) <= 1024:
            inside = (len(points) * total - passed * 1024) * step // (weight * 1024)
            points.append(slot * step + inside)
        passed += weight
    points[-1] = DAY
    return tuple(points)


def _quantiles(low: int, median: int, high: int) -> tuple[int, ...]:
    """1024 seconds from `low` to `high`, half of them below `median`, long-tailed on both sides."""
    lower = (low * math.pow(median / low, step / 512) for step in range(512))
    upper = (median * math.pow(high / median, (step / 512) ** 2) for step in range(1, 513))
    return tuple(round(value) for value in (*lower, *upper))


@cache
def waits() -> tuple[int, ...]:
    return _quantiles(8, 150, 9_000)


@cache
def talks() -> tuple[int, ...]:
    return _quantiles(45, 620, 12_000)


@cache
def bot_talks() -> tuple[int, ...]:
    return _quantiles(20, 240, 3_600)


class DayPlan(NamedTuple):
    """What all rooms of one day share."""

    size: int  # how many rooms
    start: int  # wall second of 00:00:00
    base: int  # chance of the day
    course: int  # where its rooms stand in the golden sequence of courses
    spread: tuple[int, ...]
    opens: int  # from when, on that day, counsellors are there; start + DAY: not at all
    closes: int
    opening: int  # when they are there next
    midnight_first: bool
    midnight_last: bool


class Schedule:
    """The timelines of one tenant's generated rooms."""

    def __init__(
        self,
        *,
        seed: int,
        token: str,
        rooms: int,
        days: int,
        ends: Mapping[int, EndDate],
        rhythm: Rhythm = OWN,
    ) -> None:
        """`ends`: by status, whether rooms that came to rest there show when that was."""
        self.rhythm = rhythm
        self._week_before = (0, *accumulate(rhythm.week))
        self._key = number_of("timelines", seed, token)
        self._rooms, self._days = rooms, days
        self.zero_ends = dict(ends)

    def _reached(self, day: int) -> int:
        """How many rooms came before `day`, by the week's rhythm and some unrest."""
        week, weekday = divmod(day + 3, 7)
        unrest = mix(self._key ^ (day & MASK)) % 281 - 140
        share = week * 7000 + self._week_before[weekday] + unrest
        return (self._rooms * share + self._key % 1000) // (self._days * 1000)

    def count(self, day: int) -> int:
        """How many rooms begin on that whole day."""
        return self._count(day, self._reached(day))

    def at_least(self, first_day: int, day: int) -> int:
        """A number of rooms that the days from `first_day` to before `day` have for certain, at little cost."""
        first, end = max(first_day, _FIRST_DAY), min(day, _LAST_DAY)
        if first >= end or self._rooms > self._days << INDEX_BITS - 2:  # some days may have as many as fit
            return 0
        return (self._reached(end) - self._reached(first)) * _HOLIDAY // 100 - (end - first)

    def _count(self, day: int, reached: int) -> int:
        if not _FIRST_DAY <= day <= _LAST_DAY:
            return 0
        usual = max(0, self._reached(day + 1) - reached)
        if is_holiday(day):
            usual = usual * _HOLIDAY // 100
        elif mix(self._key + day * GOLDEN) % 14 == 0:  # a sale, a parcel strike, a newsletter
            usual = usual * 17 // 10
        return min(usual, 1 << INDEX_BITS)

    def plan(self, day: int) -> DayPlan:
        reached = self._reached(day)
        start, working, turn = day * DAY, is_working(day), (day + self._key % 5) % 5
        return DayPlan(
            size=self._count(day, reached),
            start=start,
            base=mix(self._key ^ mix(day)),
            course=(self._key + reached * GOLDEN) & MASK,
            spread=_spread(self.rhythm.working if working else self.rhythm.weekend),
            opens=start + (_OPENING if working else DAY),
            closes=start + (_LAST_CALL if working else DAY),
            opening=_opening_after(day),
            midnight_first=turn == 0,
            midnight_last=turn == 2,
        )

    def timelines(self, day: int) -> list[Timeline]:
        """The rooms that begin on `day`, in order of registration."""
        if not self.count(day):
            return []
        plan, rhythm = self.plan(day), self.rhythm
        courses = course_of(rhythm)
        out: list[Timeline] = []
        seconds, bits = self._registrations(plan)
        course_at = plan.course
        for index, registered in enumerate(seconds):
            course = rhythm.courses[courses[course_at >> 54]]
            course_at = (course_at + GOLDEN) & MASK
            chance = bits[index]
            answered = _answer(plan, registered, chance, rhythm) if course.answered else 0
            ended = _end(course.final, registered, answered, chance, rhythm)
            completed = ended
            if course.final >= 3:
                wish = self.zero_ends[course.final]
                if wish == "zero" or (wish == "mixed" and chance >> 46 & 1):
                    completed = 0
            ref = (day << INDEX_BITS) + index
            out.append(Timeline(ref, registered, answered, ended, completed, course.first, course.final))
        return out

    def talked(self, ref: int) -> bool:
        """Whether a counsellor ever answers the room `ref`."""
        plan = self.plan(ref >> INDEX_BITS)
        index = ref & (1 << INDEX_BITS) - 1
        number = course_of(self.rhythm)[(plan.course + index * GOLDEN & MASK) >> 54]
        return self.rhythm.courses[number].answered

    def _registrations(self, plan: DayPlan) -> tuple[list[int], list[int]]:
        """Registration and chance of every room of a day; rooms stand in equal strata, so already sorted."""
        count, start, spread, ties = plan.size, plan.start, plan.spread, self.rhythm.ties
        seconds, bits = [], []
        counter, before = plan.base, start
        for index in range(count):
            counter = (counter + GOLDEN) & MASK
            chance = (counter ^ (counter >> 30)) * 0xBF58476D1CE4E5B9 & MASK
            chance = (chance ^ (chance >> 27)) * 0x94D049BB133111EB & MASK
            chance ^= chance >> 31
            at = (((index << 20) + (chance & 0xFFFFF)) << 10) // count
            low = spread[at >> 20]
            second = start + low + ((spread[(at >> 20) + 1] - low) * (at & 0xFFFFF) >> 20)
            if index == 0 and plan.midnight_first:
                second = start
            elif index == count - 1 and plan.midnight_last:
                second = start + DAY - 1
            # A few rooms begin in the same second as the one before.
            seconds.append(before if index and (chance >> 40 & 63) < ties else second)
            bits.append(chance)
            before = second
        return seconds, bits


def _answer(plan: DayPlan, registered: int, chance: int, rhythm: Rhythm) -> int:
    """When a counsellor takes the room: soon in office hours, else after the next opening."""
    if rhythm.done:
        whole, turn = rhythm.done[chance >> 30 & 1023], chance >> 20 & 1023
        return registered + (min(whole, rhythm.answer[turn]) if rhythm.answer else whole * turn >> 10)
    if plan.opens <= registered < plan.closes:
        return registered + waits()[chance >> 20 & 1023]
    slow = chance >> 54
    opening = plan.opens if registered < plan.opens < plan.start + DAY else plan.opening
    return opening + (slow * slow * 3 >> 10) + (chance >> 20 & 31)


def _end(final: int, registered: int, answered: int, chance: int, rhythm: Rhythm) -> int:
    """When the room reaches `final`; 0 where that is a status that does not end."""
    if final < 2:
        return 0
    length = chance >> 30 & 1023
    if (chance >> 46 & 255) < rhythm.swept and (final == 2 or not answered):
        sweep = rhythm.sweeps[final != 2]
        return ((answered or registered) - sweep + DAY) // DAY * DAY + sweep
    if final == 2 and rhythm.done:
        return registered + rhythm.done[length]
    if final != 2 and rhythm.ended:
        return max(answered, registered + rhythm.ended[length])
    return answered + talks()[length] if answered else registered + bot_talks()[length]
