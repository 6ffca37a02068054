"""In which order rooms of equal sort key stand, and whether it turns round with the list.

A pair of equal rooms that is listed rising and falling shows the turn. Whether such pairs stand by
registration or by id is then held against all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise
from typing import Any, Final

from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.rules.answers.question import Look, Seen, once

Room = Mapping[str, Any]


def pairs(view: RoomsView) -> Iterator[tuple[Room, Room]]:
    """Neighbours of equal sort key, as they stand in a list."""
    means = view.judged
    if means is None:
        return
    for _key, run in groupby(view.rooms, lambda room: room.get(means.sort_key)):
        yield from pairwise(run)


def _places(view: RoomsView) -> Iterator[tuple[Any, Any]]:
    """Every two rooms of equal sort key, the first one first."""
    means = view.judged
    if means is None:
        return
    for _key, run in groupby(view.rooms, lambda room: room.get(means.sort_key)):
        ids = [str(room.get("id")) for room in run]
        yield from ((one, other) for at, one in enumerate(ids) for other in ids[at + 1 :])


def direction(evidence: Evidence, _case: str) -> Seen:
    """Two rooms of equal key in a rising and in a falling list."""
    rising: dict[str, set[tuple[Any, Any]]] = {}
    for view in _lists(evidence, "asc"):
        rising.setdefault(_sort_key(view), set()).update(_places(view))
    for view in _lists(evidence, "desc"):
        before = rising.get(_sort_key(view), set())
        for one, other in _places(view):
            turned, kept = (other, one) in before, (one, other) in before
            if turned != kept:
                yield once(view, "turned" if turned else "kept")
                break


def order(evidence: Evidence, _case: str) -> Seen:
    """What rising lists, and falling ones once the turn is known, have in common."""
    turns = {fit for one in direction(evidence, "") for fit in one.fits}
    shown: list[tuple[RoomsView, list[tuple[Room, Room]]]] = []
    for wanted in ("asc", "desc") if len(turns) == 1 else ("asc",):
        back = wanted == "desc" and turns == {"turned"}
        for view in _lists(evidence, wanted):
            listed = [(two, one) if back else (one, two) for one, two in pairs(view)]
            if listed:
                shown.append((view, listed))
    fits = set(_fits([pair for _view, listed in shown for pair in listed]))
    for view, _listed in shown:
        yield once(view, *fits)


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


def _lists(evidence: Evidence, wanted: str) -> Iterator[RoomsView]:
    for view in evidence.rooms:
        if view.is_list and view.judged is not None and view.judged.sort_value == wanted:
            yield view


def _sort_key(view: RoomsView) -> str:
    return view.judged.sort_key if view.judged else ""


TIES: Final[Mapping[str, Look]] = {"tie_order": order, "tie_direction": direction}
