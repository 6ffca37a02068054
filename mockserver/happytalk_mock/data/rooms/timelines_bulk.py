"""The timelines of whole stretches of days at once, in numpy; equal to what `timelines` says room by room.

Imported only where there are very many rooms: numpy takes longer to import than 500 rooms take to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ...core.chance import GOLDEN
from ...core.clock import DAY
from .timelines import INDEX_BITS, DayPlan, Rhythm, Schedule, bot_talks, course_of, talks, waits

Ints = NDArray[np.int64]
Chance = NDArray[np.uint64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Settled rooms as arrays of one length, sorted by registration (wall seconds; 0: the zero date)."""

    ref: Ints
    registered: Ints
    completed: Ints
    status: NDArray[np.int8]


def columns(schedule: Schedule, first_day: int, last_day: int) -> Columns:
    """What `schedule.timelines` says of the days from `first_day` to `last_day`, once they are settled."""
    parts = [_day(schedule, day) for day in range(first_day, last_day + 1) if schedule.count(day)]
    if not parts:
        nothing = np.empty(0, np.int64)
        return Columns(ref=nothing, registered=nothing, completed=nothing, status=np.empty(0, np.int8))
    return Columns(
        ref=np.concatenate([part.ref for part in parts]),
        registered=np.concatenate([part.registered for part in parts]),
        completed=np.concatenate([part.completed for part in parts]),
        status=np.concatenate([part.status for part in parts]),
    )


def _day(schedule: Schedule, day: int) -> Columns:
    plan, rhythm = schedule.plan(day), schedule.rhythm
    index = np.arange(plan.size, dtype=np.uint64)
    chance = _mix((index + np.uint64(1)) * np.uint64(GOLDEN) + np.uint64(plan.base))
    registered = _registrations(plan, chance, rhythm.ties)
    course = _courses(rhythm)[(index * np.uint64(GOLDEN) + np.uint64(plan.course)) >> np.uint64(54)]
    final = _finals(rhythm)[course]
    answered = np.where(_answereds(rhythm)[course], _answers(plan, registered, chance, rhythm), 0)
    completed = _ends(final, registered, answered, chance, rhythm)
    half = _bits(chance, 46, 1) == 1
    for status, wish in schedule.zero_ends.items():
        if wish != "real":
            completed[(final == status) & (half if wish == "mixed" else True)] = 0
    refs = np.arange(plan.size, dtype=np.int64) + (day << INDEX_BITS)
    return Columns(ref=refs, registered=registered, completed=completed, status=final)


def _mix(values: Chance) -> Chance:
    """`entropy.mix` of every element; unsigned 64-bit arithmetic wraps as the mask does."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@cache
def _courses(rhythm: Rhythm) -> NDArray[np.int8]:
    return np.array(course_of(rhythm), np.int8)


@cache
def _finals(rhythm: Rhythm) -> NDArray[np.int8]:
    return np.array([course.final for course in rhythm.courses], np.int8)


@cache
def _answereds(rhythm: Rhythm) -> NDArray[np.bool_]:
    return np.array([course.answered for course in rhythm.courses], np.bool_)


def _bits(chance: Chance, shift: int, mask: int) -> Ints:
    return ((chance >> np.uint64(shift)) & np.uint64(mask)).astype(np.int64)


def _registrations(plan: DayPlan, chance: Chance, ties: int) -> Ints:
    index = np.arange(plan.size, dtype=np.int64)
    at = (((index << 20) + _bits(chance, 0, 0xFFFFF)) << 10) // plan.size
    points = np.array(plan.spread, np.int64)
    low, high = points[at >> 20], points[(at >> 20) + 1]
    second = plan.start + low + ((high - low) * (at & 0xFFFFF) >> 20)
    if plan.midnight_last:
        second[-1] = plan.start + DAY - 1
    if plan.midnight_first:
        second[0] = plan.start
    tied = _bits(chance, 40, 63) < ties
    tied[0] = False
    return np.where(tied, np.concatenate((second[:1], second[:-1])), second)


def _answers(plan: DayPlan, registered: Ints, chance: Chance, rhythm: Rhythm) -> Ints:
    if rhythm.done:
        whole, turn = np.array(rhythm.done, np.int64)[_bits(chance, 30, 1023)], _bits(chance, 20, 1023)
        if rhythm.answer:
            return registered + np.minimum(whole, np.array(rhythm.answer, np.int64)[turn])
        return registered + (whole * turn >> 10)
    soon = registered + np.array(waits(), np.int64)[_bits(chance, 20, 1023)]
    slow = _bits(chance, 54, 1023)
    early = (registered < plan.opens) & (plan.opens < plan.start + DAY)
    opening = np.where(early, plan.opens, plan.opening)
    later = opening + (slow * slow * 3 >> 10) + _bits(chance, 20, 31)
    return np.where((plan.opens <= registered) & (registered < plan.closes), soon, later)


def _ends(final: NDArray[np.int8], registered: Ints, answered: Ints, chance: Chance, rhythm: Rhythm) -> Ints:
    length, done = _bits(chance, 30, 1023), final == 2
    end = np.where(answered > 0, answered + _at(talks(), length), registered + _at(bot_talks(), length))
    if rhythm.done:
        end = np.where(done, registered + _at(rhythm.done, length), end)
    if rhythm.ended:
        end = np.where(done, end, np.maximum(answered, registered + _at(rhythm.ended, length)))
    sweep = np.where(done, *rhythm.sweeps)
    closed = (np.where(answered > 0, answered, registered) - sweep + DAY) // DAY * DAY + sweep
    swept = (_bits(chance, 46, 255) < rhythm.swept) & (done | (answered == 0))
    return np.where(final < 2, 0, np.where(swept, closed, end))


def _at(table: tuple[int, ...], places: Ints) -> Ints:
    found: Ints = np.array(table, np.int64)[places]
    return found
