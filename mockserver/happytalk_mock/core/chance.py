"""Chance without state: numbers that depend on their key alone, the same on every machine and in numpy.

Two sources, both counter-based, so that nothing depends on what was drawn before:
`mix` (the splitmix64 finaliser) where a million numbers are needed in numpy as well, and
BLAKE2b under a key of `key_of` where one room's text needs many independent numbers at once.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

MASK: Final = (1 << 64) - 1
#: 2**64 divided by the golden ratio: steps of this size fill any interval evenly.
GOLDEN: Final = 0x9E3779B97F4A7C15
_M1: Final = 0xBF58476D1CE4E5B9
_M2: Final = 0x94D049BB133111EB
_M1_BACK: Final = pow(_M1, -1, 1 << 64)
_M2_BACK: Final = pow(_M2, -1, 1 << 64)


def mix(value: int) -> int:
    """64 well-mixed bits of `value` (taken modulo 2**64)."""
    value &= MASK
    value = (value ^ (value >> 30)) * _M1 & MASK
    value = (value ^ (value >> 27)) * _M2 & MASK
    return value ^ (value >> 31)


def unmix(mixed: int) -> int:
    """The number below 2**64 whose `mix` is `mixed`."""
    mixed = (mixed ^ (mixed >> 31) ^ (mixed >> 62)) * _M2_BACK & MASK
    mixed = (mixed ^ (mixed >> 27) ^ (mixed >> 54)) * _M1_BACK & MASK
    return mixed ^ (mixed >> 30) ^ (mixed >> 60)


def key_of(*parts: str | int) -> bytes:
    """32 bytes that stand for `parts`; different parts give different keys."""
    digest = blake2b(digest_size=32)
    for part in parts:
        encoded = str(part).encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(encoded))
        digest.update(encoded)
    return digest.digest()


def number_of(*parts: str | int) -> int:
    """A 64-bit number that stands for `parts`."""
    return int.from_bytes(key_of(*parts)[:8], "little")
