"""The rooms a tenant has by nature: when they come and go, and what stands in their 36 fields.

A pure function of (seed, token, options, day): nothing depends on what was read before, in which process,
or on PYTHONHASHSEED. Times are arithmetic (timelines); text is made on demand (composing), so that a million
rooms cost three numbers each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from ..spec.vocabulary import Room
from .rooms.timelines import INDEX_BITS, OWN, EndDate, Schedule, Timeline

if TYPE_CHECKING:
    from .rooms.composing import Composer
    from .rooms.shape import Shape
    from .rooms.timelines_bulk import Columns

__all__ = ["Options", "RoomSource", "Timeline"]

# Where most days have no room the search for rooms goes back this many days and as many again as 20 periods.
_SEARCH_DAYS: Final = 400
_EARLIEST_DAY: Final = -719_162  # 0001-01-01


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What shapes the data."""

    seed: int
    #: How many rooms a tenant shows; about `rooms / days` begin a day.
    rooms: int = 500
    days: int = 30
    #: The end date a deleted (3) room shows: an open question of the documentation.
    deleted_end: EndDate = "mixed"
    #: The end date a room the bot ended (4) shows: an open question of the documentation.
    bot_ended_end: EndDate = "real"
    #: Whether parcel_companycode is "W" now and then, as in the page's example but not in its list.
    parcel_w: bool = True
    shape: Shape | None = None  #: None: the mock's own

    def __post_init__(self) -> None:
        if self.rooms < 0 or self.days < 1:
            raise ValueError(f"rooms must be 0 or more and days 1 or more, not {self.rooms} and {self.days}")


class RoomSource:
    """One tenant's generated rooms."""

    #: Whether it has recorded rooms.
    recorded: bool = False
    #: Where recorded rooms stand among each other; generated ones stand as the documentation says.
    ranks: Mapping[Any, Any] = MappingProxyType({})

    def __init__(self, options: Options, token: str) -> None:
        self.options = options
        self._token = token
        self._ends = {3: options.deleted_end, 4: options.bot_ended_end}
        self._schedule = Schedule(
            seed=options.seed,
            token=token,
            rooms=options.rooms,
            days=options.days,
            ends=self._ends,
            rhythm=OWN if options.shape is None else options.shape.rhythm,
        )
        #: A room of day d has reached its last state by the end of day d + settle_days.
        self.settle_days = self._schedule.rhythm.settle_days

    def __repr__(self) -> str:
        return f"RoomSource({self.options!r})"  # without the token, which is a secret

    @cached_property
    def _composer(self) -> Composer:
        from .rooms.composing import Composer

        return Composer(
            seed=self.options.seed,
            token=self._token,
            rooms=self.options.rooms,
            parcel_w=self.options.parcel_w,
            shape=self.options.shape,
        )

    @property
    def shown(self) -> int:
        """How many rooms are visible at any moment, at most: the last registered ones."""
        return self.options.rooms

    def begins(self, today: int) -> int:
        """The day before which no room is looked for."""
        return max(today - 20 * self.options.days - _SEARCH_DAYS, _EARLIEST_DAY)

    def days(self, first: int, last: int) -> Sequence[int]:
        """Of the days `first` to `last` those that may have rooms, ascending."""
        return range(first, last + 1)

    def count(self, day: int) -> int:
        """How many rooms begin on that whole day."""
        return self._schedule.count(day)

    def at_least(self, first_day: int, day: int) -> int:
        """A number of rooms that the days from `first_day` to before `day` have for certain, at little cost."""
        return self._schedule.at_least(first_day, day)

    def forget(self) -> None:
        """Lets go of what is remembered to be quick: the shop and its customers."""
        self.__dict__.pop("_composer", None)

    def timelines(self, day: int) -> list[Timeline]:
        """The rooms that begin on `day`, in order of registration."""
        return self._schedule.timelines(day)

    def columns(self, first_day: int, last_day: int) -> Columns:
        """`timelines` of many settled days at once, as numpy arrays."""
        from .rooms.timelines_bulk import columns

        return columns(self._schedule, first_day, last_day)

    def fields(self, ref: int, *, registered: int, completed: int, status: int) -> Room:
        """The 36 fields of the generated room `ref`, as it stands with that status and completion."""
        # Only a deleted room does not say by its status whether it was answered.
        talked = status == 3 and self._schedule.talked(ref)
        return self._composer.room(
            ref, registered=registered, completed=completed, status=status, talked=talked
        )

    def id_of(self, ref: int, registered: int) -> str:
        """The id of the generated room `ref`."""
        return self._composer.id_of(ref, registered)

    def ref_of(self, room_id: str) -> int | None:
        """The only generated room that can have this id, or None. Whether it has it, `fields` says."""
        ref = self._composer.ref_of(room_id)
        return (
            ref
            if ref is not None and self._schedule.count(ref >> INDEX_BITS) > ref & (1 << INDEX_BITS) - 1
            else None
        )

    def complete(self, partial: Mapping[str, str | None], *, key: int, now: int | None = None) -> Room:
        """A whole room around the given fields, which are kept word for word; the others agree with them.

        `key` tells rooms with the same given fields apart. Without `reg_date` the room begins at `now`
        (wall second). Raises ValueError where neither is given, or a given date is no `Y-m-d H:i:s`.
        """
        from .rooms.completing import complete

        return complete(self._composer, partial, key=key, now=now, ends=self._ends)
