"""Parcel numbers: another number of the same courier's form, whose check digit is right where it was."""

from __future__ import annotations

import re
from typing import Final

from happytalk_contract.twin.permuting import disguised

_POSTAL: Final = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})")
_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def parcel(number: str, key: bytes) -> str:
    """The pseudonym of a parcel number. The first digit, by which couriers are known, stays."""
    if found := _POSTAL.fullmatch(number):
        is_right = _postal(found[2]) == found[3]
        made = disguised(found[2] if is_right else found[2] + found[3], key, b"postal", inside=True)
        while not is_right and _postal(made[:8]) == made[8]:
            made = disguised(made, key, b"postal", inside=True)
        return f"{found[1]}{made}{_postal(made) if is_right else ''}{found[4]}"
    if not re.fullmatch(r"[0-9]{10,14}", number):
        return disguised(number, key)
    kinds, made = _checks(number), number
    while True:  # until it is right in the same ways: a permutation among those that are
        changing = made[1:-1] if any(kinds) else made[1:]
        made = made[0] + disguised(changing, key, b"parcel" + made[:1].encode(), inside=True)
        if any(kinds):
            made += str(int(made[2:] if kinds[0] else made) % 7)
        if _checks(made) == kinds:
            return made


def _checks(number: str) -> tuple[bool, bool]:
    """Whether the last digit is the remainder by 7 of the digits from the third on, or of all before it."""
    return int(number[2:-1]) % 7 == int(number[-1]), int(number[:-1]) % 7 == int(number[-1])


def _postal(digits: str) -> str:
    """The check digit of a number of eight digits by the Universal Postal Union's S10."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    return {10: "0", 11: "5"}.get(rest, str(rest))
