"""Which requests of the journal are meant, and which come near to an expected one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

import orjson

from ..core.exchange import Received
from .entries import Entry, Reader, endpoint_of, shown, summary
from .journal import Recorded

_ABSENT: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which requests are meant. What is None or empty asks nothing."""

    endpoint: str | None = None
    tenant: str | None = None  #: a customer token, in the clear
    result: str | None = None
    status: int | None = None  #: HTTP status
    since: int = 0  #: only requests with a greater number
    violations: bool | None = None  #: True: only departing ones; False: only documented ones
    faulty: bool | None = None  #: True: only those a fault was put on
    parameters: Mapping[str, Any] = field(default_factory=dict)  #: all of these, by value
    loose: bool = False  #: values are text of a URL, and match whatever reads the same

    def choose(self, recorded: Iterable[Recorded], reader: Reader) -> Iterator[Recorded]:
        """Those that match, in their order."""
        for one in recorded:
            if self._matches(one, reader):
                yield one

    def _matches(self, one: Recorded, reader: Reader) -> bool:
        if one.number <= self.since:
            return False
        if self.endpoint is not None and endpoint_of(one.received) != self.endpoint:
            return False
        if self.status is not None and one.answer.status != self.status:
            return False
        if self.faulty is not None and bool(one.faults) != self.faulty:
            return False
        if self.tenant is not None and reader.token(one) != self.tenant:
            return False
        if self.result is not None and summary(one.answer.body)[0] != self.result:
            return False
        if self.parameters and differences(self.parameters, one.received, loose=self.loose):
            return False
        if self.violations is None:
            return True
        return bool(reader.entry(one).violations) == self.violations


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A parameter that is not as expected. Secrets are masked on both sides."""

    field: str
    expected: Any
    received: Any  #: None where it is absent or null
    given: bool  #: whether the request has the parameter at all


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A request that is like the expected one, and where it is not."""

    distance: float  #: 0 for a match; grows by up to 1 for each parameter that differs
    differences: tuple[Difference, ...]
    entry: Entry


def near_misses(
    expected: Mapping[str, Any],
    recorded: Iterable[Recorded],
    reader: Reader,
    *,
    endpoint: str | None = None,
    most: int = 3,
) -> list[NearMiss]:
    """The requests closest to one with the `expected` parameters, the closest and newest first."""
    scored = []
    for one in recorded:
        found = differences(expected, one.received)
        distance = sum(_distance(expected[name], value) for name, value in found.items())
        if endpoint is not None and endpoint_of(one.received) != endpoint:
            distance += 10
        scored.append((round(distance, 3), -one.number, one, found))
    scored.sort(key=lambda each: each[:2])
    return [
        NearMiss(
            distance=distance,
            differences=tuple(
                Difference(
                    field=name,
                    expected=shown(name, expected[name], known=True),
                    received=None if value is _ABSENT else shown(name, value),
                    given=value is not _ABSENT,
                )
                for name, value in found.items()
            ),
            entry=reader.entry(one),
        )
        for distance, _, one, found in scored[:most]
    ]


def differences(expected: Mapping[str, Any], received: Received, *, loose: bool = False) -> dict[str, Any]:
    """The expected parameters that the request has otherwise, with what it has (`_ABSENT`: nothing)."""
    given = received.parameters.values
    return {
        name: given.get(name, _ABSENT)
        for name, value in expected.items()
        if not _same(value, given.get(name, _ABSENT), loose=loose)
    }


def _same(expected: Any, received: Any, *, loose: bool) -> bool:
    """Null and absent are the same to the API, so they are here; True and 1 are not."""
    if expected is None or (loose and expected == "null"):
        return received is None or received is _ABSENT or (loose and received == "null")
    if received is _ABSENT:
        return False
    if loose:
        plain = isinstance(received, str) or type(received) is int  # whatever its size
        return (str(received) if plain else orjson.dumps(received).decode()) == str(expected)
    if isinstance(expected, bool) or isinstance(received, bool):
        return expected is received
    return bool(expected == received)


def _distance(expected: Any, received: Any) -> float:
    if received is _ABSENT or received is None:
        return 1.0
    return 1.0 - 0.9 * SequenceMatcher(None, str(expected)[:60], str(received)[:60]).ratio()
