"""The tenant's customers: who they are, where they write from, what phone they hold."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from struct import Struct
from typing import NamedTuple

from ...core.clock import day_text
from ..pools import things
from ..pools.things import Phone
from .numbers import spell
from .shape import Channels
from .shop import Shop

_HEX = Struct("<20s6H")
_FIRST_YEAR, _LAST_YEAR = min(things.ANDROID_OF_YEAR), max(things.ANDROID_OF_YEAR)
#: Primes: a customer's number times another one, modulo the first that is large enough, tells logins apart.
_PRIMES = (997, 9_973, 99_991, 999_983, 9_999_991, 99_999_989)


class Customer(NamedTuple):
    """A customer; `chance` are words for what a room takes from them."""

    own_id: str  # the part of customer_uuid after the site id
    users_id: str | None
    name: str
    out_api: str
    os: str  # "A", "I", "W"; "" where the shop passes none
    in_app: bool
    telecom: str
    app_hash: str
    grade: str
    joined: int  # days before their first room, at least
    phone: int


class Phonebook(NamedTuple):
    """Model and system of a phone, as the shop passes them."""

    model: str
    osver: str


@cache
def phones_of(os: str, year: int) -> tuple[Phonebook, ...]:
    """The phones with that OS that people carry in a year, with the system they run then."""
    year = min(max(year, _FIRST_YEAR), _LAST_YEAR)
    carried = [phone for phone in things.PHONES if phone.os == os and year - 4 < phone.since < year]
    return tuple(Phonebook(phone.model, osver) for phone in carried for osver in _systems(phone, year))


def _systems(phone: Phone, year: int) -> tuple[str, ...]:
    if phone.os == "A":
        return (str(min(max(things.ANDROID_OF_YEAR[year], phone.first), phone.last)),)
    if int(things.IOS_OF_YEAR[year][0].split(".")[0]) > phone.last:
        return (things.IOS_LAST[phone.last],)
    return things.IOS_OF_YEAR[year]


def make_customer(shop: Shop, key: bytes, number: int, of: int, channels: Channels) -> Customer:
    """Customer `number` of `of` customers."""
    digest = blake2b(number.to_bytes(8, "little"), key=key, digest_size=32).digest()
    letters, channel, device, login, telecom, grade, phone = _HEX.unpack(digest)
    out_api = channels.apis[channel % 100]
    os = channels.devices[device % 100].strip() if out_api == "0" else ""
    in_app = os in ("A", "I") and device >> 8 & 7 < channels.in_app
    own_id, users_id = _identity(shop, out_api, number, of, login, letters)
    return Customer(
        own_id=own_id,
        users_id=users_id,
        name=shop.people[(number * 31 + login) % len(shop.people)],
        out_api=out_api,
        os=os,
        in_app=in_app,
        telecom=things.TELECOMS[telecom % len(things.TELECOMS)]
        if in_app and (os == "A" or telecom & 512)
        else "",
        app_hash=letters.hex() if in_app else "",
        grade=things.GRADES[grade % len(things.GRADES)] if users_id else "비회원",
        joined=30 + grade * 5 // 128,
        phone=phone,
    )


def _identity(
    shop: Shop, out_api: str, number: int, of: int, chance: int, letters: bytes
) -> tuple[str, str | None]:
    """The customer's own id, and whether the shop knows it (users_id)."""
    if out_api == "1":
        return f"u{spell(letters)}", None
    if out_api == "2":
        return spell(letters[:16]), None
    if chance % 16 < 3:
        return f"guest_{letters[:6].hex()}", None
    prime = next((prime for prime in _PRIMES if prime > of), of)
    unique = (number * 7_919 + 13) % prime
    if chance % 16 < 6:
        own_id = f"{10_000_000 + unique}"
    else:
        own_id = f"{shop.stems[chance >> 8]}{'_' if chance & 32 else ''}{unique:02d}"
    # A few log in where the shop does not pass who they are: known to the widget, null in users_id.
    return own_id, None if chance >> 6 & 15 == 0 else own_id


def joined_text(customer: Customer, day: int) -> str:
    """`Y-m-d` of when a member joined, as seen from `day`."""
    return day_text(max(day - day % 365 - customer.joined, 0)) if customer.users_id else ""
