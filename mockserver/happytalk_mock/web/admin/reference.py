"""The tables in docs/admin.md and docs/faults.md, made from the tables in the code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from ...faults.effects import EFFECTS
from ...faults.faults import FIELDS
from ...faults.prefer import allowed
from .routes import ROUTES, Route

_SCOPES: Final = {"data": "one (the first)", "setting": "one, or all", "named": "one (required)", "none": ""}
_PARAMETER: Final = re.compile(r"<(?:[a-z]+:)?([a-z]+)>")
_NAMED: Final = r"{\1}"
_SECTION: Final = re.compile(r"(<!-- (\w+): made from the code -->\n).*?(<!-- end -->)", re.DOTALL)


def renew(page: str) -> str:
    """The page with each of its marked sections made anew. KeyError for a section that is not in TABLES."""
    return _SECTION.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n\n{found[3]}", page)


def _routes() -> str:
    return _table(
        ("route", "what it does", "tenant", "query or body"),
        (
            (
                f"`{route.method} /__admin{_PARAMETER.sub(_NAMED, route.path)}`",
                route.summary,
                _SCOPES[route.scope],
                _inputs(route),
            )
            for route in ROUTES
        ),
    )


def _inputs(route: Route) -> str:
    names = [f"`{name}`" for name in route.query]
    names += [f"`{prefix}…`" for prefix in route.prefixes]
    names += [
        f"`{name}`" + (" (required)" if each.required else "") for name, each in (route.body or {}).items()
    ]
    if route.free is not None:
        names.append("see below")
    return ", ".join(names)


def _effects() -> str:
    return _table(
        ("effect", "what the client gets"), ((f"`{name}`", each.says) for name, each in EFFECTS.items())
    )


def _fields() -> str:
    return _table(("field", "takes"), ((f"`{name}`", says) for name, says in FIELDS.items()))


def _preferences() -> str:
    rooms, messages = allowed("rooms"), allowed("messages")
    rows = (
        (
            f"`{name}`",
            says if says == messages[name] else f"chat rooms: {says}<br>system messages: {messages[name]}",
        )
        for name, says in rooms.items()
    )
    return _table(("preference", "takes"), rows)


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(each.replace("|", "\\|") for each in line) + " |" for line in lines)


#: The sections that a page may hold.
TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "routes": _routes,
    "effects": _effects,
    "fields": _fields,
    "preferences": _preferences,
}
