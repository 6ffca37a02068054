"""What to ask next: the step by which most can still come to light, for each request that it takes.

What a question can refute are its points: a value of a parameter, two or three values together, a way to be
refused. A point counts until it was asked. So a question that several rules share counts for all of them, what
one answer has shown is not asked for again, and a small budget goes where most is to be found. Where no step
is worth its requests any more, there is no next one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any, Final

from happytalk_contract.core.model import Endpoint

Point = tuple[Any, ...]
Points = Mapping[Point, float]

#: What a request must be worth to be sent.
LEAST: Final = 14.9
#: The same where something departs already, so that the verdict stands.
LEAST_BESIDE: Final = 15.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question, or several that only tell together."""

    endpoint: Endpoint
    ask: Callable[[], object]  #: sends its questions
    points: Points  #: what can come to light by it, and how likely that is
    cost: int = 1  #: requests that it takes
    is_bracketed: bool = False  #: only tells where the data are known to have stood still around it

    def worth(self, seen: set[Point]) -> float:
        """What it is still worth, for each request."""
        return sum(weight for point, weight in self.points.items() if point not in seen) / self.cost


class Plan:
    """The steps that are left, and the points that were asked."""

    def __init__(self) -> None:
        """Nothing is planned yet."""
        self.seen: set[Point] = set()
        self._steps: list[
            tuple[float, int, Step]
        ] = []  #: a heap by what each was worth when it was looked at last
        self._added = 0

    def add(self, steps: Iterable[Step]) -> None:
        """Have more steps to choose from; of equal ones the first goes first."""
        for step in steps:
            self._added += 1
            heappush(self._steps, (-step.worth(self.seen), self._added, step))

    def drop_bracketed(self) -> None:
        """Leave alone what only tells before the last reading."""
        self._steps = [entry for entry in self._steps if not entry[2].is_bracketed]
        heapify(self._steps)

    def drop(self, endpoint: Endpoint) -> None:
        """Leave an endpoint alone."""
        self._steps = [entry for entry in self._steps if entry[2].endpoint != endpoint]
        heapify(self._steps)

    def next(self, *, left: float, least: float = LEAST) -> Step | None:
        """The step worth most, `least` or more, that takes at most `left` requests; its points count as asked."""
        too_long = []
        found = None
        while self._steps and found is None:
            _worth, number, step = heappop(self._steps)
            # What a step is worth only ever falls: one that is still worth most now is the best of all.
            worth = step.worth(self.seen)
            if worth < least:
                continue
            if self._steps and -worth > self._steps[0][0]:
                heappush(self._steps, (-worth, number, step))
            elif step.cost > left:
                too_long.append((-worth, number, step))
            else:
                found = step
        for entry in too_long:
            heappush(self._steps, entry)
        if found is not None:
            self.seen.update(found.points)
        return found
