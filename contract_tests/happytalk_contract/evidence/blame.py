"""Answers that depart from their prediction, and which statement of the documentation each is blamed on.

Departures with something special in common are most likely one fault; what is special in all of them says
which statement is broken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Final

from happytalk_contract.core.model import Window
from happytalk_contract.evidence.condition import condition
from happytalk_contract.evidence.predictions import Comparison, Departure
from happytalk_contract.evidence.views import RoomsView

#: Traits that every question over a window has.
PLAIN: Final = frozenset({"range", "days"})
#: Which rule departures belong to, by what is special about all questions that show them; first hit wins.
BLAME: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("rooms.status.complete", frozenset({"status"})),
    ("rooms.dates.today", frozenset({"today"})),
    ("rooms.dates.priority", frozenset({"ndate", "range"})),
    ("rooms.dates.ndate", frozenset({"ndate"})),
    ("rooms.pages.partition", frozenset({"page"})),
    ("rooms.sorts.union", frozenset({"sort_key"})),
    ("rooms.sorts.union", frozenset({"sort_value"})),
    ("rooms.limits.union", frozenset({"limit"})),
    ("rooms.limits.union", frozenset({"limit_above_max"})),
    ("rooms.dates.range", frozenset()),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blamed:
    """A departing answer."""

    made: Comparison
    departure: Departure
    is_certain: bool  #: nothing moved around it, and the same question departed more than once
    is_withdrawn: bool  #: the same question, asked again later, was answered as predicted: the data had moved
    common: frozenset[str] = frozenset()  #: what is special in all departures of its cluster


@dataclass(slots=True, kw_only=True)
class _Cluster:
    """Departures that have something special in common: most likely one fault."""

    group: str
    common: frozenset[str]
    members: list[Blamed] = field(default_factory=list)

    @property
    def rule(self) -> str:
        """The rule that they are blamed on."""
        if self.group in ("refused", "content"):
            return {"refused": "rooms.answered", "content": "rooms.same_room"}[self.group]
        if self.group == "strangers":  # whole lists are asked for in one way: what matters is what they lack
            return "rooms.status.complete" if "status" in self.special else "rooms.dates.range"
        counts = all(member.departure.kind == "count" for member in self.members)
        if counts and not self.special & {"status", "today", "ndate"}:
            return "rooms.count.exact"
        return next(name for name, needed in BLAME if needed <= self.special)

    @property
    def special(self) -> frozenset[str]:
        """What is special in all, but for the size of a page where one shows it that nobody chose."""
        chosen = all("limit" in (member.made.view.params or {}) for member in self.members)
        return self.common if chosen else self.common - {"limit"}


def blamed(
    comparisons: Sequence[Comparison], by_request: Mapping[Any, Sequence[Comparison]]
) -> dict[str, list[Blamed]]:
    """The departing answers by the rule they are blamed on."""
    departing = [
        _departing(made, made.departure, by_request[made.view.asked])
        for made in comparisons
        if made.departure is not None
    ]
    lacking = {
        one.made.reading.window for one in departing if one.is_certain and one.departure.kind == "strangers"
    }
    departing = [one for one in departing if not _is_its_whole(one, lacking)]
    found: dict[str, list[Blamed]] = {}
    held = [made.view for made in comparisons if made.departure is None and made.is_calm]
    for cluster in _clusters(departing, held):
        found.setdefault(cluster.rule, []).extend(
            replace(one, common=cluster.special) for one in cluster.members
        )
    return found


def _departing(made: Comparison, departure: Departure, same: Sequence[Comparison]) -> Blamed:
    """`same` are the comparisons of the same question."""
    return Blamed(
        made=made,
        departure=departure,
        is_certain=made.is_calm and sum(other.departure is not None for other in same) > 1,
        is_withdrawn=any(other.departure is None and other.view.number > made.view.number for other in same),
    )


def _is_its_whole(one: Blamed, lacking: Set[Window]) -> bool:
    """Whether a list has more rooms than a whole one that lacks some: that is the one at fault."""
    if one.departure.kind == "count":
        return bool(lacking) and (one.made.off_by or 0) > 0
    return one.made.reading.window in lacking and one.departure.kind == "place"


def _clusters(departing: list[Blamed], held: Sequence[RoomsView]) -> list[_Cluster]:
    """Put departures together by what is special in all of them, the certain and the simple ones first."""
    departing.sort(key=lambda one: (not one.is_certain, len(one.made.traits), sorted(one.made.traits)))
    plain = {_group(one) for one in departing if one.made.traits <= PLAIN and one.is_certain}
    # So are those of all whose questions have something in common that no other has.
    for group in {_group(one) for one in departing} - plain:
        odd = [one.made.view for one in departing if one.made.is_calm and _group(one) == group]
        plain |= {group} if condition(odd, held) else set()
    clusters: list[_Cluster] = []
    for one in departing:
        group, special = _group(one), one.made.traits
        joined = next(
            (
                cluster
                for cluster in clusters
                if cluster.group == group and (group in plain or _is_joint(cluster, one))
            ),
            None,
        )
        if joined is None:
            joined = _Cluster(group=group, common=special)
            clusters.append(joined)
        joined.common &= special
        joined.members.append(one)
    return clusters


def _is_joint(cluster: _Cluster, one: Blamed) -> bool:
    """Whether something special is common to all; what whole lists lack is theirs, however it was asked for."""
    by_whole = cluster.group == "strangers" and one.is_certain
    return by_whole or bool((cluster.common & one.made.traits) - PLAIN)


def _group(one: Blamed) -> str:
    return one.departure.kind if one.departure.kind in ("refused", "content", "strangers") else "list"
