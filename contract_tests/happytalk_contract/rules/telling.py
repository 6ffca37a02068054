"""How findings are worded: what was received, without people's words, and where.

A finding made here has no rule id yet; the judge fills in the rule that yielded it.
"""

from __future__ import annotations

from typing import Any, Final

from happytalk_contract.core.model import Finding, Kind, Severity
from happytalk_contract.evidence.recording import KEPT
from happytalk_contract.evidence.views import Listed, RoomsView, View

#: Nothing longer than this is shown of what was received; names and codes are shorter.
LONGEST: Final = 60
LONGEST_NAME: Final = 40
LONGEST_CODE: Final = 12
#: How text that is encoded twice is told: the message, what was received, what is documented.
TWICE: Final = (
    "is encoded twice",
    "Hangul in UTF-8 that was taken for Latin-1 and encoded once more",
    "text in UTF-8",
)


def shown(name: str, value: Any) -> str:
    """Show a received value: codes, ids, times and numbers as they are, people's words by kind and length."""
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return str(value)[:LONGEST]
    if isinstance(value, str):
        if value == "" or (name in KEPT and len(value) <= LONGEST):
            return f'"{value}"'
        return f"text of {len(value)} characters"
    if isinstance(value, list):
        return f"array of {len(value)}"
    return f"object of {len(value)} fields"


def no_object(view: View, expected: str, subject: str) -> Finding:
    """Tell of an answer that is JSON and no object."""
    told = shown("", view.body)
    if isinstance(view.body, str) and view.body.lstrip()[:1] in ("{", "["):
        told += ", which hold JSON once more"
    return finding(view, "the answer is JSON, but no object", told, expected, "$", subject=subject)


def finding(
    seen: View | Listed,
    message: str,
    received: str,
    expected: str,
    at: str = "",
    *,
    subject: str = "",
    kind: Kind | None = None,
    way_out: str = "",
    more: tuple[int, ...] = (),
    after: tuple[int, ...] = (),
) -> Finding:
    """Tell a departure that `seen` shows.

    `at`: where it stands, in a listed room or message the field's name; `more`: the numbers of other
    exchanges behind it; `after`: those that only say what `seen` had to answer.
    """
    view = seen.view if isinstance(seen, Listed) else seen
    if isinstance(view, RoomsView) and view.today and view.meaning and view.meaning.is_today:
        expected = f"{expected}; today is {view.today} by the target's clock"
    if isinstance(seen, Listed):
        at = f"{seen.path}.{at}" if at else seen.path
    return Finding(
        rule="",
        severity=Severity.BREAKING,
        message=message,
        received=received,
        documented=expected,
        way_out=way_out,
        json_path=at,
        request=view.exchange.request,
        exchanges=(view.number, *more),
        together=tuple(sorted({*after, *more, view.number})) if after or more else (),
        subject=subject,
        kind=kind,
    )
