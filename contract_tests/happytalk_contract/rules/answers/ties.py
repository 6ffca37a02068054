"""In which order rooms of equal sort key stand, and whether it turns round with the list.

A pair of equal rooms that is listed rising and falling shows the turn. Whether such pairs stand by
registration or by id is then held against all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, groupby, pairwise
from typing import Any, Final, NamedTuple

from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.rules.answers.question import Look, Seen, once

Room = Mapping[str, Any]


class _Tied(NamedTuple):
    """A list in which rooms of equal sort key stand."""

    view: RoomsView
    sort_key: str
    falling: bool
    pairs: Sequence[tuple[Room, Room]]  #: neighbours of equal sort key, as they stand
    places: list[tuple[Any, Any]]  #: the ids of every two rooms of equal sort key, the first one first


def _tied(view: RoomsView) -> Iterator[_Tied]:
    means = view.judged
    if means is None or not view.is_list:
        return
    runs = [list(run) for _key, run in groupby(view.rooms, lambda room: room.get(means.sort_key))]
    pairs = [pair for run in runs for pair in pairwise(run)]
    if pairs:
        places = [
            (str(one.get("id")), str(two.get("id"))) for run in runs for one, two in combinations(run, 2)
        ]
        yield _Tied(view, means.sort_key, means.sort_value == "desc", pairs, places)


def _lists(evidence: Evidence) -> Sequence[_Tied]:
    return evidence.said("ties", evidence.rooms, _tied)


def direction(evidence: Evidence, _case: str) -> Seen:
    """Two rooms of equal key in a rising and in a falling list."""
    rising: dict[str, set[tuple[Any, Any]]] = defaultdict(set)
    for tied in _lists(evidence):
        if not tied.falling:
            rising[tied.sort_key].update(tied.places)
    for tied in _lists(evidence):
        before = rising[tied.sort_key] if tied.falling else ()
        for one, other in tied.places if before else ():
            turned, kept = (other, one) in before, (one, other) in before
            if turned != kept:
                yield once(tied.view, "turned" if turned else "kept")
                break


def order(evidence: Evidence, _case: str) -> Seen:
    """What rising lists, and falling ones once the turn is known, have in common."""
    turns = {fit for one in direction(evidence, "") for fit in one.fits}
    shown = [tied for tied in _lists(evidence) if not tied.falling or len(turns) == 1]
    shown.sort(key=lambda tied: tied.falling)
    fits = set(
        _fits(
            [
                (two, one) if tied.falling and turns == {"turned"} else (one, two)
                for tied in shown
                for one, two in tied.pairs
            ]
        )
    )
    for tied in shown:
        yield once(tied.view, *fits)


def _fits(listed: list[tuple[Room, Room]]) -> Iterator[str]:
    found = []
    for answer, name, falling in (
        ("registration", "reg_date", False),
        ("id", "id", False),
        ("id_falling", "id", True),
    ):
        keys = [(str(one.get(name)), str(two.get(name))) for one, two in listed]
        if all((one >= two) if falling else (one <= two) for one, two in keys):
            found.append(answer)
    yield from found
    # Rooms are inserted as they are registered, but for those that are brought in later.
    if not found or "registration" in found:
        yield "insertion"


TIES: Final[Mapping[str, Look]] = {"tie_order": order, "tie_direction": direction}
