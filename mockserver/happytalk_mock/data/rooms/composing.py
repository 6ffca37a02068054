"""The 36 fields of a room: what is decided about it first, then written down.

A `Draft` holds what a room's fields hang on: category, customer, product, courier, counsellor. Generated rooms
are drafted from chance alone; hand-made ones (`completing`) correct the draft by what was given. Both are
written by the same `write`, so that fields agree in either.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from struct import Struct
from typing import Final

from ...core.chance import MASK, key_of, mix, number_of, unmix
from ...core.clock import DAY, ZERO_DATE, day_text, second_text
from ...spec.vocabulary import PARCEL_W, ROOM_WIDTHS, Room
from ..pools import endings, things
from ..pools.things import Courier
from .customers import Customer, joined_text, make_customer, phones_of
from .numbers import courier_of, order_number, parcel_number, read_number, room_id, spell_number
from .shape import Channels, Shape
from .shaping import shaped
from .shop import SUNDRIES, Counselor, Node, Product, open_shop
from .talk import last_message, title

_WORDS: Final = Struct("<32H")
_CUSTOMERS_KEPT: Final = 20_000
_NOBODY: Final = Counselor("", "")
_NO_PARAMETERS: Final = {f"parameter{number}": "" for number in range(1, 11)}


@dataclass(slots=True, kw_only=True)
class Draft:
    """What is decided about a room before it is written down."""

    spell: bytes  # chance that the id is spelt from
    tail: str = ""  # what the id ends in: for a generated room, its ref
    words: tuple[int, ...]
    registered: int
    node: Node
    customer: Customer
    product: Product
    counselor: Counselor
    courier: Courier
    order_day: int
    shows_product: bool
    shows_order: bool
    shows_parcel: bool
    # What a hand-made room gives; None: as chance has it.
    phone: tuple[str, str] | None = None
    order_number: str | None = None
    parcel_number: str | None = None

    @property
    def day(self) -> int:
        """The day of registration."""
        return self.registered // DAY


class Composer:
    """Writes the rooms of one tenant."""

    def __init__(
        self, *, seed: int, token: str, rooms: int, parcel_w: bool, shape: Shape | None = None
    ) -> None:
        self.shop = open_shop(seed, token, shape.tree if shape else ())
        self._shape = shape
        self._parcel_w = parcel_w
        self._id_key = number_of("ids", seed, token)
        rooms_key = key_of("rooms", seed, token)
        self._rooms_key = rooms_key[:16], rooms_key[16:]
        self._made_key = key_of("made", seed, token)
        self._customers_key = key_of("customers", seed, token)
        self._of = max(1, round(rooms * shape.customers)) if shape else max(24, rooms * 11 // 20)
        self._channels = shape.channels if shape else Channels()
        self._parameters = [
            (f"parameter{number}", _PARAMETERS[role])
            for number, role in enumerate(self.shop.parameters, 1)
            if role
        ]
        self._customers: dict[int, Customer] = {}

    def room(self, ref: int, *, registered: int, completed: int, status: int, talked: bool) -> Room:
        """The generated room `ref` as it stands with that status (wall seconds; 0: the zero date).

        `talked`: of a deleted room, whether a counsellor had answered it.
        """
        spell = self._spell(ref)
        draft = self.draft(spell, registered)
        draft.tail = self._tail(ref)
        if self._shape is None:
            return self.write(draft, completed=completed, status=status, talked=talked)
        turn = draft.words[4] / 65_536  # one chance for all three: a parcel has an order, an order a product
        draft.shows_product = self._shape.present("product_number", draft.shows_product, turn)
        draft.shows_order = self._shape.present("order_number", draft.shows_order, turn)
        draft.shows_parcel = self._shape.present("parcel_number", draft.shows_parcel, turn)
        room = self.write(draft, completed=completed, status=status, talked=talked)
        return shaped(room, self._shape, spell, self._more(draft, completed, status))

    def _more(self, draft: Draft, completed: int, status: int) -> dict[str, Callable[[int], str]]:
        """More text about the room, for fields that are to be longer."""
        topic, words, slots = draft.node.topic, draft.words, Slots(self, draft)
        return {
            "title": lambda turn: title(
                topic, (words[turn % 32], words[23 - turn % 16], words[turn % 29]), slots
            ),
            "last_message": lambda turn: last_message(
                topic, status, completed, tuple(words[(turn * 4 + place) % 32] for place in range(4)), slots
            ),
        }

    def id_of(self, ref: int, registered: int) -> str:
        """The id of the generated room `ref`."""
        spell = self._spell(ref)
        return self._id(spell, registered, _WORDS.unpack(spell), self._tail(ref))

    def _spell(self, ref: int) -> bytes:
        # Salted rather than keyed: half the work for as good a spread.
        salt, person = self._rooms_key
        return blake2b(ref.to_bytes(8, "little", signed=True), salt=salt, person=person).digest()

    def _tail(self, ref: int) -> str:
        return spell_number(mix(ref ^ self._id_key))

    @staticmethod
    def _id(spell: bytes, registered: int, words: tuple[int, ...], tail: str) -> str:
        return room_id(registered, words[20] << 16 | words[21], spell, tail)

    def ref_of(self, room_id: str) -> int | None:
        """The ref that an id spells; the id of a room that was not generated spells none or a wild one."""
        mixed = read_number(room_id)
        if mixed is None:
            return None
        ref = unmix(mixed) ^ self._id_key
        return ref - MASK - 1 if ref >> 63 else ref

    def chance(self, key: int) -> bytes:
        """What a hand-made room's draft is drawn from; never that of a generated one."""
        return blake2b(str(key).encode(), key=self._made_key).digest()

    def draft(self, spell: bytes, registered: int) -> Draft:
        """What chance decides about a room that began then."""
        words = _WORDS.unpack(spell)
        shop, shown = self.shop, words[4]
        # Some write twice as often as the others: the mean of an even and a squared chance.
        customer = self.customer((words[0] * (words[0] + 65_536) >> 9) * self._of >> 24)
        deck = shop.deck if customer.in_app else shop.web_deck
        node = deck[words[1] & 1023]
        about, age = node.topic.about, node.topic.age
        # Messengers seldom know the order a customer writes about; the shop's own widget often does.
        passed = shown & 255 if customer.out_api == "0" else (shown & 255) + 130
        shows_order = about in ("order", "parcel") and passed < 160
        return Draft(
            spell=spell,
            words=words,
            registered=registered,
            node=node,
            customer=customer,
            product=shop.products[words[3] % len(shop.products)],
            counselor=shop.staff[words[12] % len(shop.staff)],
            courier=courier_of(words[5]),
            order_day=registered // DAY - age[0] - words[7] % (age[1] - age[0] + 1),
            shows_order=shows_order,
            shows_product=shows_order or (about == "product" and passed < 180),
            shows_parcel=shows_order and about == "parcel" and shown >> 8 < 170,
        )

    def customer(self, number: int) -> Customer:
        """One of the tenant's customers."""
        customer = self._customers.get(number)
        if customer is None:
            if len(self._customers) >= _CUSTOMERS_KEPT:
                self._customers.clear()
            customer = make_customer(self.shop, self._customers_key, number, self._of, self._channels)
            self._customers[number] = customer
        return customer

    def order_number(self, draft: Draft) -> str:
        """The order the room is about, whether or not the shop passes it."""
        words = draft.words
        if draft.order_number is not None:
            return draft.order_number
        return order_number(self.shop.style, draft.order_day, words[6] << 16 | words[8])

    def parcel_number(self, draft: Draft) -> str:
        """The parcel the room is about, whether or not the shop passes it."""
        words = draft.words
        if draft.parcel_number is not None:
            return draft.parcel_number
        return parcel_number(draft.courier, words[8] << 32 | words[9] << 16 | words[10])

    def year(self, draft: Draft) -> int:
        """The calendar year of registration."""
        return int(day_text(draft.day)[:4])

    def phone(self, draft: Draft) -> tuple[str, str]:
        """Model and system of the customer's phone in the year of the room."""
        if draft.phone is not None:
            return draft.phone
        customer = draft.customer
        if customer.os not in ("A", "I"):
            return "", ""
        phones = phones_of(customer.os, self.year(draft))
        return phones[customer.phone % len(phones)]

    def _counselor(self, draft: Draft, status: int, talked: bool) -> Counselor:
        """Who has the room: everybody's from status 1 on; a few waiting ones are assigned already."""
        if status in (1, 2) or (status == 3 and talked) or (status == 0 and draft.words[21] % 8 == 0):
            return draft.counselor
        return _NOBODY

    def write(self, draft: Draft, *, completed: int, status: int, talked: bool) -> Room:
        """The 36 fields, in the documented order."""
        node, customer, words = draft.node, draft.customer, draft.words
        counselor = self._counselor(draft, status, talked=talked)
        (model, osver), slots = self.phone(draft), Slots(self, draft)
        room: Room = {
            "id": self._id(draft.spell, draft.registered, words, draft.tail),
            "title": title(node.topic, (words[11], words[23], words[15]), slots)[: ROOM_WIDTHS["title"]],
            "counselor_name": counselor.name,
            "counselor_nickname": counselor.nickname,
            "customer_uuid": f"{self.shop.site_id}_{customer.own_id}",
            "users_id": customer.users_id,
            "category_id": node.category_id,
            "division_id": node.division_id,
            "cate_name1": node.category,
            "cate_name2": node.topic.name,
            "etc_assign": endings.ASSIGNMENTS[words[2] % len(endings.ASSIGNMENTS)] if counselor.name else "",
            "reg_date": second_text(draft.registered),
            "complate_date": second_text(completed) if completed else ZERO_DATE,
            "out_api": customer.out_api,
            "status": str(status),
            "order_number": self.order_number(draft) if draft.shows_order else "",
            "product_number": draft.product.number if draft.shows_product else "",
            "parcel_number": self.parcel_number(draft) if draft.shows_parcel else "",
            "parcel_companycode": self._company(draft),
            "app_ver": _app_version(draft.day, words[19]) if customer.in_app else "",
            "phone_os": customer.os,
            "phone_model": model,
            "phone_osver": osver,
            "phone_telecomm": customer.telecom,
            "app_hash": customer.app_hash,
        }
        room.update(_NO_PARAMETERS)
        if customer.out_api == "0":  # messengers pass none
            for name, value_of in self._parameters:
                room[name] = value_of(draft)
        room["last_message"] = last_message(
            node.topic, status, completed, words[25:29] if status & 1 else words[14:18], slots
        )
        return room

    def _company(self, draft: Draft) -> str:
        if draft.shows_parcel:
            return draft.courier.code
        return PARCEL_W if self._parcel_w and draft.words[22] % 24 == 0 else ""


class Slots(dict[str, str]):
    """What texts about a room can name, each worked out when a text asks for it."""

    def __init__(self, composer: Composer, draft: Draft) -> None:
        self._composer, self._draft = composer, draft

    def __missing__(self, name: str) -> str:
        composer, draft = self._composer, self._draft
        value_of = _SLOTS.get(name)
        if value_of is not None:
            return value_of(composer, draft)
        shop, chance = composer.shop, draft.words[13]
        sources = (
            draft.product.slots,
            shop.sundries[chance % SUNDRIES],
            shop.options[chance // SUNDRIES % len(shop.options)],
            shop.names,
        )
        for source in sources:
            if name in source:
                return source[name]
        raise KeyError(name)


@lru_cache(maxsize=4096)
def _month_day(day: int) -> str:
    text = day_text(day)
    return f"{int(text[5:7])}월 {int(text[8:])}일"


def _one(texts: Sequence[str], chance: int) -> str:
    return texts[chance % len(texts)]


#: Slots that hang on the room; the others are forms of the product, the option, the shop, or sundries.
_SLOTS: Final[Mapping[str, Callable[[Composer, Draft], str]]] = {
    "택배사": lambda composer, draft: draft.courier.spoken,
    "운송장": lambda composer, draft: composer.parcel_number(draft),
    "주문번호": lambda composer, draft: composer.order_number(draft),
    "주문일": lambda composer, draft: _month_day(draft.order_day),
    "경과일": lambda composer, draft: f"{max(1, draft.day - draft.order_day)}일",
    "도착일": lambda composer, draft: _month_day(draft.day + 1 + draft.words[13] % 2),
    "예약일": lambda composer, draft: _month_day(draft.day + 2 + draft.words[13] % 9),
    "별명": lambda composer, draft: draft.counselor.nickname,
    "이름": lambda composer, draft: draft.customer.name,
    "분류": lambda composer, draft: draft.node.category,
    "소분류": lambda composer, draft: draft.node.topic.name,
    "예약": lambda composer, draft: composer.shop.trade.booking,
    "기기": lambda composer, draft: things.SPOKEN.get(composer.phone(draft)[0], "갤럭시"),
}

#: What shops pass in custom parameters (shop.PARAMETERS), most of it only now and then.
_PARAMETERS: Final[Mapping[str, Callable[[Draft], str]]] = {
    "grade": lambda draft: draft.customer.grade,
    "entrance": lambda draft: _one(things.ENTRANCES, draft.words[18]),
    "state": lambda draft: draft.node.topic.state if draft.shows_order else "",
    "campaign": lambda draft: "" if draft.words[18] & 768 else _one(things.CAMPAIGNS, draft.words[19]),
    "joined": lambda draft: joined_text(draft.customer, draft.day),
    "branch": lambda draft: "" if draft.words[18] & 7168 else _one(things.BRANCHES, draft.words[19]),
    "cart": lambda draft: "" if draft.words[18] & 24_576 else str(draft.words[19] % 6),
}


def _app_version(day: int, chance: int) -> str:
    """The version the app had then, or the one before it."""
    release = max(0, (day - 17_600) // 24 - (chance & 1))
    return f"{1 + release // 48}.{release // 6 % 8}.{release % 6}"
