"""Questions as Hypothesis strategies: drawn by a seed, and shrunk to the least that departs.

What a question of each kind holds (valid, at a boundary, odd) is described once, in terms of `draws.Chance`; here
Hypothesis is the one that chooses. Where `CI` is set it would derandomise by itself, so every setting is written out.
Hypothesis also puts in numbers and texts that it finds in the code around, which it reads for them; then a run would
depend on what else is loaded. So each choice is made of tosses of a coin, where there is nothing to put in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any, Final, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, find, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, NoSuchExample

from happytalk_contract.questions.draws import Chance
from happytalk_contract.questions.meaning import ABSENT

Params = dict[str, Any]
T = TypeVar("T")

_COIN: Final = st.booleans()
#: Questions in one example: then few examples are drawn, too few for Hypothesis to make others of them.
TOGETHER: Final = 8
#: Tosses beyond those that a choice needs, so that no value comes twice as often as another.
BEYOND: Final = 1


class Choices:
    """The choices of `draws.Chance`, made by Hypothesis: towards the front and the smaller where it shrinks."""

    def __init__(self, draw: st.DrawFn) -> None:
        """Choose by `draw`."""
        self._draw = draw

    def choice(self, seq: Sequence[T], /) -> T:
        """One of some."""
        return seq[self.randint(0, len(seq) - 1)]

    def random(self) -> float:
        """From 0 up to 1."""
        return self.randint(0, 7) / 8

    def randint(self, a: int, b: int) -> int:
        """A whole number from `a` to `b`."""
        some, tossed, tosses = b - a + 1, 0, (b - a).bit_length()
        tosses += BEYOND * (some < 1 << tosses)
        for _toss in range(tosses):
            tossed = 2 * tossed + self._draw(_COIN)
        return a + (tossed * some >> tosses)

    def randbytes(self, n: int) -> bytes:
        """Any bytes."""
        return bytes(self.randint(0, 255) for _byte in range(n))


def questions(write: Callable[[Chance], T]) -> st.SearchStrategy[T]:
    """What `write` makes of the choices that it is given: any of the questions of `draws`, or of one's own."""

    @st.composite
    def chosen(draw: st.DrawFn) -> T:
        return write(Choices(draw))

    return chosen()


def drawn(strategy: st.SearchStrategy[T], count: int, *, by: int) -> list[T]:
    """Draw so many examples, the same for the same seed; the simplest of all, which tell least, are left out."""
    found: list[T] = []
    together = max(1, min(TOGETHER, count))

    @seed(by)
    @_settings(1 + -(-count // together), Phase.generate)
    @given(st.tuples(*[strategy] * together))
    def keep(some: tuple[T, ...]) -> None:
        found.extend(some)

    keep()
    return found[together:][:count]


def simpler(params: Mapping[str, Any]) -> st.SearchStrategy[Params]:
    """Simpler forms of a question, down to leaving all out; Hypothesis shrinks towards the front.

    What stands as it was comes up three times as often as what is left out, so that a departure that needs
    several parameters together is met again soon.
    """
    choices = {name: _choices(name, value) for name, value in params.items()}
    return st.fixed_dictionaries({name: st.sampled_from(some) for name, some in choices.items()}).map(
        lambda form: {name: value for name, value in form.items() if value is not ABSENT}
    )


def _choices(name: str, value: Any) -> list[Any]:
    # Half a range is an open question; a range stays a range.
    return [value] if name in ("sdate", "edate") else [ABSENT, value, value, value]


def least(strategy: st.SearchStrategy[Params], fails: Callable[[Params], bool], *, by: int) -> Params | None:
    """The least example that fails, shrunk by Hypothesis; None where none was met again."""
    try:
        return find(
            strategy,
            fails,
            random=Random(by),  # noqa: S311 - draws questions, guards nothing
            settings=_settings(40, Phase.generate, Phase.shrink),
        )
    except (NoSuchExample, Flaky):
        return None


def _settings(examples: int, *phases: Phase) -> settings:
    return settings(
        max_examples=examples,
        phases=phases,
        database=None,
        deadline=None,
        derandomize=False,
        print_blob=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )
