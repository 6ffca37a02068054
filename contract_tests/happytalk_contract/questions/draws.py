"""What a question of each kind holds: documented ones, ones with a value of any kind, and bytes of any kind.

Who chooses is another matter: `strategies` lets Hypothesis, `random.Random` serves where very many are drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, Protocol, TypeVar

from happytalk_contract.core.model import Window
from happytalk_contract.questions.meaning import MOST_PER_PAGE, PARAMETERS, SORT_KEYS, SORT_VALUES, STATUSES

Params = dict[str, Any]
T = TypeVar("T")


class Chance(Protocol):
    """Whoever chooses, by the names of `random.Random`."""

    def choice(self, seq: Sequence[T], /) -> T:
        """One of some."""

    def random(self) -> float:
        """From 0 up to 1."""

    def randint(self, a: int, b: int) -> int:
        """A whole number from `a` to `b`."""

    def randbytes(self, n: int) -> bytes:
        """Any bytes."""


#: Sizes of a page where pages tend to break, beside any other.
BOUNDARY_LIMITS: Final = (1, 2, 3, 9, 10, 11, 49, MOST_PER_PAGE)
#: Values that tend to be read wrongly.
ODD_VALUES: Final[tuple[Any, ...]] = (
    *(0, -1, 2**31, 2**63, 2**64, 1.5, -0.0, 1e308, True, False, None, [], [None], [[], ""], {}, {"a": 1}),
    *("", " ", "0", "-1", "null", "2022-02-30", "2022-5-6", "20220526", "%", "'", "\\", "😀", "가", "\x00"),
)
#: Characters of any text: control, ASCII, Latin, Hangul, right to left, beyond the first plane.
_ALPHABETS: Final = (
    *(range(32), range(32, 127), range(160, 592), range(0xAC00, 0xD7A4), range(0x5D0, 0x600)),
    range(0x1F300, 0x1F600),
)


def documented(random: Chance, *, within: Window, most_pages: int = 4) -> Params:
    """A documented question to the room list about days of a window."""
    rest: Mapping[str, Callable[[], Any]] = {
        "status": lambda: random.choice(STATUSES),
        "sort_key": lambda: random.choice(SORT_KEYS),
        "sort_value": lambda: random.choice(SORT_VALUES),
        "limit": lambda: random.choice((*BOUNDARY_LIMITS, random.randint(1, MOST_PER_PAGE))),
        "page": lambda: random.randint(1, most_pages),
    }
    chosen = {name: draw() for name, draw in rest.items() if random.random() < 0.5}
    return {**dates(random, within=within), **chosen}


def dates(random: Chance, *, within: Window) -> Params:
    """One of the documented ways to say which days: a range, ndate, a range with any ndate beside it."""
    first, last = sorted((_day(random, within), _day(random, within)))
    ends = {"sdate": first.isoformat(), "edate": last.isoformat()}
    beside = random.choice((None, _day(random, (within[0] - timedelta(days=9), within[1])).isoformat()))
    return random.choice((ends, {"ndate": first.isoformat()}, {**ends, "ndate": beside}))


def odd(random: Chance, *, within: Window) -> Params:
    """A documented question with one parameter of any value, or with one that nobody knows."""
    name = random.choice((*PARAMETERS, "unknown"))
    kinds: tuple[Callable[[], Any], ...] = (
        lambda: random.choice(ODD_VALUES),
        lambda: random.randint(-(2**70), 2**70),
        lambda: _text(random, 40),
    )
    return {**documented(random, within=within), name: random.choice(kinds)()}


def odd_body(random: Chance) -> bytes:
    """Bytes that are no JSON, or no object."""
    if random.choice((True, False)):
        return random.randbytes(random.randint(0, 60))
    return _text(random, 30).encode()


def odd_id(random: Chance) -> str:
    """The id of a message that is no number."""
    return f"{_text(random, 20)}x"


def _day(random: Chance, window: Window) -> date:
    return window[0] + timedelta(days=random.randint(0, (window[1] - window[0]).days))


def _text(random: Chance, longest: int) -> str:
    length = random.randint(0, longest)
    return "".join(chr(random.choice(random.choice(_ALPHABETS))) for _character in range(length))
