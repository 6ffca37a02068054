"""Drifts of the defaults: leaving a parameter out differs from writing its default out."""

from __future__ import annotations

from typing import Final

from .conditions import BY_COMPLETION, DELETED, FILTERED, without, written_out
from .drift import area, drift
from .room_lists import emptying, losing, misreading, on_list

_TWENTY: Final = misreading(lambda _: {"limit": 20})
_ASCENDING: Final = misreading(lambda _: {"sort_value": "asc"})

DRIFTS: Final = area(
    "defaults",
    drift("default-limit-20", _TWENTY, without("limit")),
    drift("default-limit-20-with-status", _TWENTY, without("limit") & FILTERED),
    drift("default-order-ascending", _ASCENDING, without("sort_value")),
    drift("default-order-ascending-by-completion", _ASCENDING, BY_COMPLETION & without("sort_value")),
    drift("default-key-completion", misreading(lambda _: {"sort_key": "complate_date"}), without("sort_key")),
    drift("default-status-hides-deleted", losing, without("status") & DELETED),
    drift("status-99-finds-nothing", emptying, written_out("status", 99)),
    drift(
        "page-1-written-out-shifts",
        on_list(lambda page: page.serve(page.everything(), offset=1)),
        written_out("page", 1),
    ),
)
