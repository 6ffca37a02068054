"""How errors speak of what was received: shortened, in JSON, with the name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import orjson

from .masking import shorten


def said(value: Any) -> str:
    """A value as JSON, shortened."""
    try:
        return shorten(orjson.dumps(value, default=str).decode())
    except TypeError:  # an integer beyond 64 bits
        return shorten(repr(value))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean sdate?)`, or nothing where no known word is near."""
    near = difflib.get_close_matches(word.lower()[:60], list(known), 1, 0.6)
    return f" (did you mean {near[0]}?)" if near else ""
