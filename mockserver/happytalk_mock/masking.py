"""How secrets are shown: enough to tell two apart, not enough to use one."""

from __future__ import annotations

from typing import Final

#: Names of request parameters and headers whose values are secrets, in lower case.
SECRET_NAMES: Final = frozenset({"token", "senderkey", "ht-client-id", "ht-client-secret", "authorization"})
#: Shorter secrets than this show no character.
_LONG_ENOUGH: Final = 12
_SHOWN: Final = 4


def mask(secret: str) -> str:
    """`happ…(20)`: the first characters and the length."""
    shown = secret[:_SHOWN] if len(secret) >= _LONG_ENOUGH and secret[:_SHOWN].isprintable() else ""
    return f"{shown}…({len(secret)})"


def shorten(text: str, most: int = 60) -> str:
    """The text on one line and no longer than `most` characters."""
    cut = text[: most + 1]
    clean = cut if cut.isprintable() else cut.encode("unicode_escape", "backslashreplace").decode()
    return clean if len(clean) <= most else clean[: most - 1] + "…"
