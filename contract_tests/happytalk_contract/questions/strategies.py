"""Simpler forms of a question that departs, as Hypothesis strategies, and the least of them that does.

Hypothesis switches to a derandomised profile by itself where `CI` is set; a nightly run would then shrink in
the same way each night. So every setting is written out here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample

from happytalk_contract.questions.meaning import ABSENT

Params = dict[str, Any]


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


def least(strategy: st.SearchStrategy[Params], fails: Callable[[Params], bool], *, by: int) -> Params | None:
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
