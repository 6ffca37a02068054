"""Drifts on demand: named ways in which the mock breaks the documentation, one statement each, on purpose.

For whoever wants to see whether a client, an alarm or a contract test notices. A drift is a change under a
condition; each area has a module whose table is its last part; `DRIFTS` is all of them. A drift knows the
documentation, and nothing of any rule that may find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
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

__all__ = ["AREAS", "DRIFTS", "STATEMENTS", "Active", "Drift", "Stated", "document", "drifted"]

_OF_ROOMS: Final = (fields, codes, order, pages, counts, dates, zones, filters, defaults, access, transport)
_OF_MESSAGES: Final = (messages, message_fields)
#: Name -> drift, area by area, in the order in which they are shown.
DRIFTS: Final[Mapping[str, Drift]] = MappingProxyType(
    {drift.name: drift for module in _OF_ROOMS + _OF_MESSAGES for drift in module.DRIFTS}
)
AREAS: Final = tuple(dict.fromkeys(drift.area for drift in DRIFTS.values()))


def document() -> str:
    """docs/drifts.md, in Markdown."""
    combined = sum(bool(drift.when) for drift in DRIFTS.values())
    lines = [
        "# Drifts on demand",
        "",
        "The mock can break the documentation on purpose, so that you see whether your client, your alarms or a",
        "contract test notice: `happytalk-mock serve --drift end-day-excluded`. What a drift does not name stays",
        "honest, and requests that are not of their documented form get their honest refusal, unless failing on",
        "them is the drift. Drifts are deterministic: under one seed, one clock and one order of requests they do",
        "the same again.",
        "",
        f"There are {len(DRIFTS)}; {combined} of them show only under some parameters or some data, named in",
        "the column *only*. `happytalk-mock drifts` lists them on the terminal.",
        "",
        "This page is made from the tables in the code.",
    ]
    for area, drifts in groupby(DRIFTS.values(), key=lambda drift: drift.area):
        lines += [
            "",
            f"## {area.capitalize()}",
            "",
            "| name | what happens | only | breaks |",
            "| --- | --- | --- | --- |",
        ]
        lines += [
            f"| `{drift.name}` | {drift.says}<br>{drift.says_ko} | {drift.when} | {_link(drift.breaks)} |"
            for drift in drifts
        ]
    lines += [
        "",
        "## What the documentation says",
        "",
        "| | statement | the page's words, its rows shortened |",
        "| --- | --- | --- |",
    ]
    for stated in STATEMENTS:
        quote = stated.quote.replace("|", "\\|")
        lines.append(f'| <a id="{stated.id}"></a>{stated.id} | {stated.says} | {quote} |')
    return "\n".join(lines) + "\n"


def _link(stated: Stated) -> str:
    return f"[{stated.id}](#{stated.id})"
