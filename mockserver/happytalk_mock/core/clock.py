"""Time as the mock sees it: an injectable clock, counted in wall seconds of Seoul.

A *wall second* is the number of seconds from 1970-01-01 00:00:00 on a clock that hangs in Seoul, so that
`second // 86400` is the calendar day there. Korea has had no summer time since 1988: the offset is +09:00.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from threading import Lock, get_ident
from typing import Final

SEOUL: Final = timezone(timedelta(hours=9), "KST")
#: What stands for "not yet" in complate_date (the page's own example).
ZERO_DATE: Final = "0000-00-00 00:00:00"
#: The zero date as a sort key: below every date that a clock can show.
NEVER: Final = -(1 << 62)
DAY: Final = 86_400
_OFFSET: Final = 9 * 3600
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()


def wall_second(moment: datetime) -> int:
    """The wall second in Seoul of an aware `moment`; a naive one is taken as Seoul time."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SEOUL)
    return int(moment.timestamp() // 1) + _OFFSET


def seoul_time(epoch: float) -> datetime:
    """The moment in Seoul time. Not by `datetime.fromtimestamp`: on Windows that ends in 1970 and in 3000."""
    return (_EPOCH + timedelta(seconds=epoch)).astimezone(SEOUL)


def day_number(day: date) -> int:
    """Days from 1970-01-01 to `day`."""
    return day.toordinal() - _EPOCH_ORDINAL


@lru_cache(maxsize=4096)
def day_text(number: int) -> str:
    """`Y-m-d` of a day number. Raises ValueError or OverflowError outside the years 1 to 9999."""
    return date.fromordinal(number + _EPOCH_ORDINAL).isoformat()


#: `H:i:s` by minute, so that writing a date is two look-ups and no formatting of its own.
_MINUTES: Final = tuple(f"{m // 60:02d}:{m % 60:02d}:" for m in range(1440))
_SECONDS: Final = tuple(f"{s:02d}" for s in range(60))


def second_text(second: int) -> str:
    """`Y-m-d H:i:s` of a wall second (the format of reg_date and complate_date)."""
    day, rest = divmod(second, DAY)
    minute, sec = divmod(rest, 60)
    return f"{day_text(day)} {_MINUTES[minute]}{_SECONDS[sec]}"


def parse_second(text: str) -> int:
    """The wall second of `Y-m-d H:i:s`. Raises ValueError on anything else."""
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S")
    if len(text) != len("2022-05-26 12:38:32"):
        raise ValueError(f"not Y-m-d H:i:s: {text!r}")
    return wall_second(moment)


#: The moment it is for a thread that makes a change as of that moment.
_pinned: Final[dict[int, float]] = {}


def machine_time() -> float:
    """The machine's clock, in seconds since 1970-01-01 UTC; within `at_moment` that moment."""
    return _pinned.get(get_ident()) or time.time() if _pinned else time.time()


@contextmanager
def at_moment(epoch: float) -> Iterator[None]:
    """Lets it be that moment by the machine's clock, for what this thread does: a change made once more."""
    outer = _pinned.get(get_ident())
    _pinned[get_ident()] = epoch
    try:
        yield
    finally:
        if outer is None:
            del _pinned[get_ident()]
        else:
            _pinned[get_ident()] = outer


class Clock:
    """Says what time it is in Seoul. Runs with the machine, or from a chosen moment, or stands still."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._frozen: float | None = None  # UTC epoch seconds while standing still
        self._shift = 0.0  # seconds added to the machine's clock while running

    @classmethod
    def parse(cls, text: str) -> Clock:
        """A clock from `2022-05-26T13:00:00+09:00` (stands still) or `…,ticking` (starts there and runs).

        Without an offset the moment is Seoul time. Raises ValueError saying what is expected.
        """
        clock = cls()
        moment, comma, mode = text.partition(",")
        if comma and mode != "ticking":
            raise ValueError(f"after the comma only 'ticking' may stand, not {mode!r}")
        clock.set(parse_moment(moment), ticking=bool(comma))
        return clock

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen is not None

    def epoch(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        frozen = self._frozen
        return frozen if frozen is not None else machine_time() + self._shift

    def second(self) -> int:
        """The wall second in Seoul."""
        return int(self.epoch() // 1) + _OFFSET

    def now(self) -> datetime:
        """The moment, in Seoul time."""
        return seoul_time(self.epoch())

    def set(self, moment: datetime, *, ticking: bool) -> None:
        """Stands the clock at `moment` (naive: Seoul time), or starts it running from there."""
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SEOUL)
        self._place(moment.timestamp(), ticking=ticking)

    def freeze(self) -> None:
        """Stands the clock still where it is."""
        self._place(self.epoch(), ticking=False)

    def run(self) -> None:
        """Lets the clock run on from where it is."""
        self._place(self.epoch(), ticking=True)

    def advance(self, seconds: float) -> None:
        """Moves the clock on by `seconds` (back, if negative); it stays frozen or running as it was."""
        self._place(self.epoch() + seconds, ticking=not self.frozen)

    def mark(self) -> tuple[float | None, float]:
        """How the clock stands or runs now, for `restore`."""
        with self._lock:
            return self._frozen, self._shift

    def restore(self, mark: tuple[float | None, float]) -> None:
        """Stands or runs again as it did at the mark; one that ran has run on meanwhile."""
        with self._lock:
            self._frozen, self._shift = mark

    def copy(self) -> Clock:
        """Another clock that shows the same."""
        clock = Clock()
        clock.restore(self.mark())
        return clock

    def follow_machine(self) -> None:
        """Back to the machine's own time, running."""
        with self._lock:
            self._shift, self._frozen = 0.0, None

    def _place(self, epoch: float, *, ticking: bool) -> None:
        # Room dates are four-digit years, and a day on either side must exist too.
        if not -62_000_000_000 < epoch < 253_300_000_000:
            raise ValueError("the clock takes years from 0006 to 9996")
        with self._lock:
            if ticking:
                self._shift, self._frozen = epoch - machine_time(), None
            else:
                self._frozen = epoch


def parse_moment(text: str) -> datetime:
    """An ISO 8601 moment; Seoul time where it names no offset. Raises ValueError saying what is expected."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f"{text!r} is no moment; expected ISO 8601 such as 2022-05-26T13:00:00+09:00"
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SEOUL)
    try:
        moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{text!r} is out of range; the clock takes years from 0006 to 9996") from None
    return moment
