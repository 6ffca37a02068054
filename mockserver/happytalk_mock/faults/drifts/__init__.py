"""Drifts on demand: named ways in which the mock breaks the documentation, one statement each, on purpose.

For whoever wants to see whether a client, an alarm or a contract test notices. Each area has a module whose
table is its last part; `DRIFTS` is all of them. A drift knows the documentation, and nothing of any rule
that may find it.

    active = Active(find("end-day-excluded"))
    answer = active.answer(ask, received, now=clock.second(), keys=credentials)
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Final

from ...core.errors import ConfigurationError
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
from .drift import Active, Apply, Ask, Context, Drift, Keys, Stated, drifted
from .stated import STATEMENTS

__all__ = [
    "AREAS",
    "DRIFTS",
    "STATEMENTS",
    "Active",
    "Apply",
    "Ask",
    "Context",
    "Drift",
    "Keys",
    "Stated",
    "document",
    "drifted",
    "find",
    "text",
]

#: The areas in the order in which they are shown; each has a table.
_MODULES: Final = (
    fields, codes, order, pages, counts, dates, zones, filters, defaults, access, transport,
    messages, message_fields,
)  # fmt: skip

#: Name -> drift, area by area.
DRIFTS: Final[Mapping[str, Drift]] = MappingProxyType(
    {drift.name: drift for module in _MODULES for drift in module.DRIFTS}
)
AREAS: Final = tuple(dict.fromkeys(drift.area for drift in DRIFTS.values()))


def find(name: str) -> Drift:
    """The drift of that name. Raises ConfigurationError with the nearest name there is."""
    drift = DRIFTS.get(name)
    if drift is None:
        near = difflib.get_close_matches(name, DRIFTS, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else "see `happytalk-mock drifts`"
        raise ConfigurationError(f"drift: there is none named {name!r}; {hint}")
    return drift


def text() -> str:
    """The list for the command line, grouped by area."""
    width = max(map(len, DRIFTS))
    lines = [f"{len(DRIFTS)} ways to break the documentation on purpose. Choose with --drift NAME."]
    for area, drifts in groupby(DRIFTS.values(), key=lambda drift: drift.area):
        lines += ["", area]
        for drift in drifts:
            lines.append(f"  {drift.name:{width}}  {drift.says}")
            lines.append(f"  {'':{width}}  {drift.says_ko}")
            if drift.when:
                lines.append(f"  {'':{width}}  only: {drift.when}")
    return "\n".join(lines)


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
