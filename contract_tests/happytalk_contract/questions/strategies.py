"""Hypothesis strategies for questions: valid, at the boundary, invalid; and simpler forms of a failing one.

`drawn` takes examples from a strategy by seed alone. Hypothesis switches to a derandomised profile by itself
where `CI` is set; a nightly run would then ask the same each night. So every setting is written out here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, Phase, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample

from happytalk_contract.core.model import Window
from happytalk_contract.questions.meaning import (
    ABSENT,
    MOST_PER_PAGE,
    PARAMETERS,
    SORT_KEYS,
    SORT_VALUES,
    STATUSES,
)

Drawn = TypeVar("Drawn")
Params = dict[str, Any]

#: Sizes and page numbers where pages tend to break, beside any other.
BOUNDARY_LIMITS: Final = (1, 2, 3, 9, 10, 11, 49, MOST_PER_PAGE)


def days(*, within: Window) -> st.SearchStrategy[date]:
    """Days of a window, its ends included."""
    return st.dates(min_value=within[0], max_value=within[1])


def windows(*, within: Window) -> st.SearchStrategy[Window]:
    """Windows of one day or more inside another."""
    return st.tuples(days(within=within), days(within=within)).map(lambda pair: (min(pair), max(pair)))


def limits() -> st.SearchStrategy[int]:
    """Documented sizes of a page."""
    return st.sampled_from(BOUNDARY_LIMITS) | st.integers(1, MOST_PER_PAGE)


def date_params(*, within: Window) -> st.SearchStrategy[Params]:
    """The documented ways to say which days: a range, ndate, a range with any ndate beside it."""
    ranges = windows(within=within).map(
        lambda window: {"sdate": window[0].isoformat(), "edate": window[1].isoformat()}
    )
    texts = days(within=(within[0] - timedelta(days=9), within[1])).map(date.isoformat)
    beside = st.builds(lambda ends, ndate: {**ends, "ndate": ndate}, ranges, st.none() | texts)
    return ranges | days(within=within).map(lambda day: {"ndate": day.isoformat()}) | beside


def room_questions(*, within: Window, most_pages: int = 4) -> st.SearchStrategy[Params]:
    """Documented questions to the room list about days of a window."""
    rest: Mapping[str, st.SearchStrategy[Any]] = {
        "status": st.sampled_from(STATUSES),
        "sort_key": st.sampled_from(SORT_KEYS),
        "sort_value": st.sampled_from(SORT_VALUES),
        "limit": limits(),
        "page": st.integers(1, most_pages),
    }
    return st.builds(
        lambda dates, others: {**dates, **others},
        date_params(within=within),
        st.fixed_dictionaries({}, optional=dict(rest)),
    )


def odd_values() -> st.SearchStrategy[Any]:
    """JSON values that no parameter is documented to have, or hardly one."""
    return st.one_of(
        st.integers(-(2**70), 2**70),
        st.sampled_from([0, -1, 2**31, 2**63, 2**64, 1.5, -0.0, 1e308, True, False, None]),
        st.text(max_size=40).filter(lambda text: "\ud800" not in text),
        st.sampled_from(
            ["", " ", "0", "-1", "null", "2022-02-30", "2022-5-6", "20220526", "%", "'", "\\", "😀"]
        ),
        st.recursive(
            st.none() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=6
        ),
        st.dictionaries(st.text(max_size=5), st.integers(0, 9), max_size=3),
    )


def odd_questions(*, within: Window) -> st.SearchStrategy[Params]:
    """Documented questions with one parameter of any value, or with one that nobody knows."""
    return st.builds(
        lambda params, name, value: {**params, name: value},
        room_questions(within=within),
        st.sampled_from((*PARAMETERS, "unknown")),
        odd_values(),
    )


def odd_bodies() -> st.SearchStrategy[bytes]:
    """Bytes that are no JSON, or no object."""
    return st.binary(max_size=60) | st.text(max_size=30).map(lambda text: text.encode("utf-8", "replace"))


def simpler(params: Mapping[str, Any], days_with_rooms: Sequence[date] = ()) -> st.SearchStrategy[Params]:
    """Simpler forms of a question, down to leaving all out; Hypothesis shrinks towards the front.

    What stands as it was comes up three times as often as what is left out, so that a departure that needs
    several parameters together is met again soon.
    """
    choices = {name: _choices(name, value, days_with_rooms) for name, value in params.items()}
    return st.fixed_dictionaries({name: st.sampled_from(some) for name, some in choices.items()}).map(
        lambda drawn: {name: value for name, value in drawn.items() if value is not ABSENT}
    )


def _choices(name: str, value: Any, days_with_rooms: Sequence[date]) -> list[Any]:
    if name in ("sdate", "edate"):
        # Half a range is an open question; a range stays a range.
        return [value]
    simple = {"page": [2], "limit": [3, 10]}.get(name, [])
    return [ABSENT, *(one for one in simple if isinstance(value, int) and one < value), value, value, value]


def drawn(strategy: st.SearchStrategy[Drawn], *, count: int, by: int) -> list[Drawn]:
    """Draw up to `count` examples, by seed `by`."""
    found: list[Drawn] = []

    @seed(by)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(example: Drawn) -> None:
        found.append(example)

    collect()
    return found


def least(strategy: st.SearchStrategy[Drawn], fails: Callable[[Drawn], bool], *, by: int) -> Drawn | None:
    """The least example that fails, shrunk by Hypothesis; None where none was met again."""
    try:
        return find(
            strategy,
            fails,
            random=Random(by),  # noqa: S311 - draws questions, guards nothing
            settings=settings(
                max_examples=40,
                database=None,
                deadline=None,
                derandomize=False,
                phases=[Phase.generate, Phase.shrink],
                suppress_health_check=list(HealthCheck),
            ),
        )
    except (NoSuchExample, Flaky):
        return None
