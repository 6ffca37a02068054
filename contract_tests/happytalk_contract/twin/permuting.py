"""Keyed permutations of text that keep its form: format-preserving encryption by a Feistel network.

A text becomes another of the same length whose characters are of the same kinds: digits stay digits, Korean
syllables Korean syllables, capitals capitals. What is no letter and no digit stays. Among texts of one form
it is a permutation, so what was different stays different. No table of originals is kept anywhere.
Source: the construction of NIST SP 800-38G (FF1), with HMAC-SHA256 as its round function and cycle walking
instead of a radix, for the kinds of characters have alphabets of different sizes.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterator
from functools import cache
from math import isqrt
from typing import Final

_ROUNDS: Final = 10


def permuted(number: int, size: int, key: bytes, tweak: bytes) -> int:
    """Another number below `size`; a permutation for each key and tweak."""
    if size < 2:
        return number
    side = isqrt(size - 1) + 1  # two halves: a few more numbers than `size`
    while True:  # one beyond `size` is permuted again; that ends, for a permutation has no dead ends
        left, right = divmod(number, side)
        for turn in range(_ROUNDS):
            left, right = right, (left + _mixed(right, turn, side, key, tweak)) % side
        number = left * side + right
        if number < size:
            return number


def _mixed(value: int, turn: int, side: int, key: bytes, tweak: bytes) -> int:
    """A number that looks like chance, from far more than `side`, so that none of its remainders is favoured."""
    width = side.bit_length() // 8 + 1
    told = value.to_bytes(width, "big")
    blocks = (
        hmac.digest(key, b"%d|%d|%b|%b" % (turn, block, tweak, told), "sha256")
        for block in range(-(-(width + 8) // 32))
    )
    return int.from_bytes(b"".join(blocks), "big")


@cache
def _syllables() -> tuple[str, str]:
    """Korean syllables in daily use (those of KS X 1001), and the others."""
    common, rare = [], []
    for code in range(0xAC00, 0xD7A4):
        try:
            chr(code).encode("euc_kr")
        except UnicodeEncodeError:
            rare.append(chr(code))
        else:
            common.append(chr(code))
    return "".join(common), "".join(rare)


@cache
def _page(number: int, category: str) -> str:
    return "".join(
        char
        for char in map(chr, range(number << 7, (number + 1) << 7))
        if unicodedata.category(char) == category
    )


@cache
def alphabet(char: str) -> str:
    """The characters that may stand in place of one; "" for one that stays."""
    if "0" <= char <= "9":
        return "0123456789"
    if "a" <= char <= "z":
        return "abcdefghijklmnopqrstuvwxyz"
    if "A" <= char <= "Z":
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    if "가" <= char <= "힣":
        return next(some for some in _syllables() if char in some)
    category = unicodedata.category(char)
    return _page(ord(char) >> 7, category) if category[0] in "LN" else ""


def disguised(text: str, key: bytes, tweak: bytes = b"", *, inside: bool = False) -> str:
    """Another text of the same form. A digit that begins a number is 0 only where it was; none does `inside` one."""
    letters = list(_alphabets(text, "0" if inside else ""))
    number, size = 0, 1
    for char, some in zip(text, letters, strict=True):
        if some:
            number, size = number * len(some) + some.index(char), size * len(some)
    form = "\0".join(
        some[:1] + str(len(some)) if some else char for char, some in zip(text, letters, strict=True)
    )
    number = permuted(number, size, key, form.encode("utf-8", "surrogatepass") + b"|" + tweak)
    found = list(text)
    for at in range(len(text) - 1, -1, -1):
        if some := letters[at]:
            number, digit = divmod(number, len(some))
            found[at] = some[digit]
    return "".join(found)


def _alphabets(text: str, before: str) -> Iterator[str]:
    for char in text:
        some = alphabet(char)
        if some == "0123456789" and not ("0" <= before <= "9"):
            some = "" if char == "0" else "123456789"
        yield some
        before = char
