"""How texts speak of what was received: shortened, in JSON, with the name that was probably meant, secrets masked."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, Final

import orjson

#: Names of request parameters and headers whose values are secrets, in lower case.
SECRET_NAMES: Final = frozenset({"token", "senderkey", "ht-client-id", "ht-client-secret", "authorization"})
#: Shorter secrets than this show no character.
_LONG_ENOUGH: Final = 12
_SHOWN: Final = 4


def said(value: Any) -> str:
    """A value as JSON, shortened."""
    try:
        return shorten(orjson.dumps(value, default=str).decode())
    except TypeError:  # an integer beyond 64 bits
        return shorten(repr(value))


def kind_of(value: Any) -> str:
    """What JSON calls the value, as a reader does."""
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "an array"
    return "an object"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean sdate?)`, or nothing where no known word is near."""
    near = difflib.get_close_matches(word.lower()[:60], list(known), 1, 0.6)
    return f" (did you mean {near[0]}?)" if near else ""


def mask(secret: str) -> str:
    """`happ…(20)`: the first characters and the length."""
    shown = secret[:_SHOWN] if len(secret) >= _LONG_ENOUGH and secret[:_SHOWN].isprintable() else ""
    return f"{shown}…({len(secret)})"


def shorten(text: str, most: int = 60) -> str:
    """The text on one line and no longer than `most` characters."""
    cut = text[: most + 1]
    clean = cut if cut.isprintable() else cut.encode("unicode_escape", "backslashreplace").decode()
    return clean if len(clean) <= most else clean[: most - 1] + "…"
