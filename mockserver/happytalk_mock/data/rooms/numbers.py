"""Order, parcel and room numbers in the forms Korean shops and couriers use."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from ...core.clock import DAY, day_number, day_text
from ..pools.things import COURIERS, Courier

_ALPHABET: Final = "7hQ2xLbV9kTzR4mWcJ1sYpD8fNgA3uXeK6vHtE5qGyCjZ0oUwBrFiMaPnSdlIO"
#: Chance to letters, one byte to one letter.
_LETTERS: Final = bytes(ord(_ALPHABET[byte % 62]) for byte in range(256))
#: 2048 of the 3844 pairs of those letters: one for each number of 11 bits.
_PAIRS: Final = tuple(
    _ALPHABET[place // 62] + _ALPHABET[place % 62] for place in (step * 2741 % 3844 for step in range(2048))
)
_PAIR_VALUES: Final = {pair: value for value, pair in enumerate(_PAIRS)}
#: Letters it takes to spell a number of 64 bits.
_TAIL: Final = 12
#: From here on an id begins with the moment in 13 hex digits (PHP's uniqid).
_TIMED_IDS_SINCE: Final = day_number(date(2024, 1, 1)) * DAY
_SEOUL: Final = 9 * 3600
_POSTAL_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)

_DECK: Final = tuple(courier for courier in COURIERS for _ in range(courier.share))
COURIER_OF_CODE: Final = {courier.code: courier for courier in COURIERS}


def spell(chance: bytes) -> str:
    """A letter or digit for every byte."""
    return chance.translate(_LETTERS).decode()


def room_id(registered: int, microsecond: int, chance: bytes, tail: str = "") -> str:
    """30 letters and digits that end in `tail`; `chance` is at least 30 bytes of chance."""
    letters = spell(chance)
    if registered >= _TIMED_IDS_SINCE:
        letters = f"{registered - _SEOUL:08x}{microsecond % 1_000_000:05x}{letters}"
    return letters[: 30 - len(tail)] + tail


def spell_number(number: int) -> str:
    """A number below 2**64 in 12 letters and digits."""
    return (
        _PAIRS[number & 2047]
        + _PAIRS[number >> 11 & 2047]
        + _PAIRS[number >> 22 & 2047]
        + _PAIRS[number >> 33 & 2047]
        + _PAIRS[number >> 44 & 2047]
        + _PAIRS[number >> 55]
    )


def read_number(text: str) -> int | None:
    """The number that `text` ends in, as `spell_number` wrote it; None: it ends in none."""
    if len(text) != 30:
        return None
    number = 0
    for place in range(28, 30 - _TAIL - 2, -2):
        value = _PAIR_VALUES.get(text[place : place + 2])
        if value is None:
            return None
        number = number << 11 | value
    return number if number < 1 << 64 else None


def courier_of(chance: int) -> Courier:
    """A courier, as often as shops use it."""
    return _DECK[chance & 255]


def order_number(style: int, day: int, serial: int) -> str:
    """An order placed on `day` in the style of a shop: `20220524-0001234`, `2022052412345671`, `O2205240012345`."""
    digits = _digits_of(day)
    if style == 0:
        return f"{digits}-{serial % 9_000 + 11:07d}"
    if style == 1:
        return f"{digits}{serial % 90_000_000 + 10_000_001:08d}"
    return f"O{digits[2:]}{serial % 1_000_000:07d}"


@lru_cache(maxsize=1024)
def _digits_of(day: int) -> str:
    return day_text(day).replace("-", "")


def parcel_number(courier: Courier, chance: int) -> str:
    """A parcel number in the courier's form; `chance` of 48 bits."""
    digits = f"{chance % 10**14:014d}"
    if courier.form == "S10":
        body = digits[:8]
        rest = 11 - sum(int(d) * w for d, w in zip(body, _POSTAL_WEIGHTS, strict=True)) % 11
        return f"EE{body}{0 if rest == 10 else 5 if rest == 11 else rest}KR"
    form = courier.form
    if form.endswith("7"):
        number = form.rstrip("#7") + digits[: form.count("#")]
        return f"{number}{int(number[2:]) % 7}"
    return form.rstrip("#") + digits[: form.count("#")]


def courier_fitting(number: str, otherwise: Courier) -> Courier:
    """The courier, most used first, whose numbers have that length and beginning; else `otherwise`."""
    if number.endswith("KR") and len(number) == 13:
        return COURIER_OF_CODE["12"]
    for alike in (True, False):
        for courier in COURIERS:
            if len(courier.form) == len(number) and (not alike or courier.form[0] == number[0]):
                return courier
    return otherwise
