"""Drifts on demand: named ways in which the mock breaks the documentation, one statement each, on purpose.

For whoever wants to see whether a client, an alarm or a contract test notices. A drift is a change under a
condition; each area has a module whose table is its last part; `DRIFTS` is all of them. A drift knows the
documentation, and nothing of any rule that may find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from . import (
    access,
    codes,
    counts,
    dates,
    defaults,
    fields,
    filters,
    message_fields,
    messages,
    order,
    pages,
    transport,
    zones,
)
from .drift import Active, Drift, drifted
from .stated import STATEMENTS, Stated

__all__ = ["AREAS", "DRIFTS", "STATEMENTS", "Active", "Drift", "Stated", "drifted"]

_OF_ROOMS: Final = (fields, codes, order, pages, counts, dates, zones, filters, defaults, access, transport)
_OF_MESSAGES: Final = (messages, message_fields)
#: Name -> drift, area by area, in the order in which they are shown.
DRIFTS: Final[Mapping[str, Drift]] = MappingProxyType(
    {drift.name: drift for module in _OF_ROOMS + _OF_MESSAGES for drift in module.DRIFTS}
)
AREAS: Final = tuple(dict.fromkeys(drift.area for drift in DRIFTS.values()))
