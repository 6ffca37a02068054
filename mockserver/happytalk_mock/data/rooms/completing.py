"""A whole room around the few fields somebody gave.

The draft of a room drawn from chance is corrected by what was given (the courier by its code, the category by
its name, the phone by its OS …), written like any other room, and the given fields are laid over it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ...core.chance import number_of
from ...core.clock import ZERO_DATE, parse_second
from ...spec.vocabulary import OPEN_STATUSES, ROOM_STATUSES, Room
from .composing import Composer, Draft
from .customers import Customer, phones_of
from .numbers import COURIER_OF_CODE, courier_fitting
from .shop import Counselor, Node
from .timelines import COURSES, EndDate, bot_talks, talks, waits

Given = Mapping[str, str | None]

#: Fields that place a room in the tree of categories, and where a node has them.
_PLACES: Final[Mapping[str, Callable[[Node], str]]] = {
    "division_id": lambda node: node.division_id,
    "cate_name2": lambda node: node.topic.name,
    "category_id": lambda node: node.category_id,
    "cate_name1": lambda node: node.category,
}
_FINALS: Final = tuple(course.final for course in COURSES for _ in range(course.share))


def complete(
    composer: Composer, given: Given, *, key: int, now: int | None, ends: Mapping[int, EndDate]
) -> Room:
    """The room; `ends` says whether rooms of a status show when they ended. Errors: `RoomSource.complete`."""
    spell = composer.chance(key)
    registered, completed = _given_dates(given, now, spell)
    status = _status(given, registered, completed, now, spell)
    draft = composer.draft(spell, registered)
    draft.node = _node(composer, given, draft)
    draft.customer = _customer(draft.customer, given, spell)
    draft.phone = _phone(composer, draft, given)
    draft.counselor = _counselor(composer, given, draft.counselor)
    _correct_numbers(composer, draft, given)
    if completed is None:
        completed = _completion(status, registered, now, ends, spell)
    room = composer.write(draft, completed=completed, status=status, talked=bool(spell[0] & 1))
    if given.get("counselor_name") or given.get("counselor_nickname"):
        room["counselor_name"], room["counselor_nickname"] = draft.counselor
    elif "" in (given.get("counselor_name"), given.get("counselor_nickname")):
        room["counselor_name"] = room["counselor_nickname"] = ""
    for name, number in (("cate_name1", "category_id"), ("cate_name2", "division_id")):
        text = given.get(name)
        if text and text != room[name]:  # a name of the user's own: an id that is always the same
            room[number] = str(10_000 + number_of(name, text) % 89_999)
    room.update(given)
    return room


def _word(spell: bytes, place: int) -> int:
    """A number of 16 bits from the end of the draft's chance, which drafts themselves do not use."""
    return int.from_bytes(spell[64 - 2 * place : 66 - 2 * place], "little")


def _given_dates(given: Given, now: int | None, spell: bytes) -> tuple[int, int | None]:
    """When the room began, and when it ended if that was given (0: not)."""
    began, ended = given.get("reg_date"), given.get("complate_date")
    completed = None if ended is None else 0 if ended == ZERO_DATE else parse_second(ended)
    if began is not None:
        return parse_second(began), completed
    if completed:
        return completed - talks()[_word(spell, 1) & 511] - 60, completed
    if now is None:
        raise ValueError("a room without reg_date needs the clock's time")
    return now, completed


def _status(given: Given, registered: int, completed: int | None, now: int | None, spell: bytes) -> int:
    """The status given, or one that fits the dates and the counsellor given."""
    text = given.get("status")
    if text is not None:
        number = int(text) if text.lstrip("-").isdecimal() else 1
        return number if number in ROOM_STATUSES else 1
    if completed:
        return 2
    if given.get("counselor_name") or given.get("counselor_nickname"):
        return 1
    if completed == 0 or given.get("reg_date") is None or (now is not None and registered + 1_800 > now):
        return 0
    return _FINALS[_word(spell, 2) & 1023]


def _completion(
    status: int, registered: int, now: int | None, ends: Mapping[int, EndDate], spell: bytes
) -> int:
    """When a room of that status ended; never after `now`, unless it began later still."""
    if status in OPEN_STATUSES:
        return 0
    wish = ends.get(status, "real")
    if wish == "zero" or (wish == "mixed" and _word(spell, 3) & 1):
        return 0
    length = _word(spell, 1) & 1023
    talked = bot_talks()[length] if status != 2 else waits()[_word(spell, 4) & 1023] + talks()[length]
    completed = registered + talked
    return completed if now is None or registered > now else min(completed, now)


def _node(composer: Composer, given: Given, draft: Draft) -> Node:
    """The node the given names and ids mean; where they mean none, one that suits the given numbers."""
    wanted = {name: text for name in _PLACES if (text := given.get(name))}
    for names in (tuple(wanted), *((name,) for name in wanted)):
        fitting = [n for n in composer.shop.nodes if names and all(_PLACES[f](n) == wanted[f] for f in names)]
        if fitting:
            return draft.node if draft.node in fitting else fitting[draft.words[1] % len(fitting)]
    if wanted:
        return composer.shop.nodes[number_of(*wanted.values()) % len(composer.shop.nodes)]
    about = {"parcel_number": ("parcel",), "order_number": ("order", "parcel")}
    if given.get("parcel_companycode") in COURIER_OF_CODE:
        about["parcel_companycode"] = ("parcel",)
    for name, suited in about.items():
        if given.get(name) and draft.node.topic.about not in suited:
            fitting = [node for node in composer.shop.nodes if node.topic.about in suited]
            return fitting[draft.words[1] % len(fitting)]
    return draft.node


def _customer(customer: Customer, given: Given, spell: bytes) -> Customer:
    """The customer with the ids, the channel and the device given."""
    uuid, users_id = given.get("customer_uuid"), given.get("users_id")
    if uuid:
        own_id = uuid.partition("_")[2] or uuid
        customer = customer._replace(own_id=own_id, users_id=own_id)
    elif users_id:
        customer = customer._replace(own_id=users_id, users_id=users_id)
    model, app = given.get("phone_model"), given.get("app_ver") or given.get("app_hash")
    os = given.get("phone_os")
    if os is None and model:
        os = "I" if model.startswith(("iPhone", "iPad")) else "A"
    if os is None and (app or given.get("phone_telecomm")) and customer.os not in ("A", "I"):
        os = "A"
    out_api = given.get("out_api")
    if out_api is None and (os or app):
        out_api = "0"
    if out_api is not None:
        if os is None and out_api != "0":
            os = ""
        customer = customer._replace(out_api=out_api)
    if os is not None and os != customer.os:
        customer = customer._replace(os=os, in_app=False, telecom="", app_hash="")
    if app and not customer.in_app:
        customer = customer._replace(in_app=True, app_hash=spell[:20].hex())
    elif "" in (given.get("app_ver"), given.get("app_hash")) and not app:
        customer = customer._replace(in_app=False, telecom="", app_hash="")
    return customer


def _phone(composer: Composer, draft: Draft, given: Given) -> tuple[str, str] | None:
    """Model and system that fit what was given of them; None: as chance has it."""
    model, osver, os = given.get("phone_model"), given.get("phone_osver"), draft.customer.os
    if os not in ("A", "I") or (model is None and osver is None):
        return None
    years = [composer.year(draft), *range(2019, 2027)]
    known = [phone for year in years for phone in phones_of(os, year)]
    for phone in known:
        if model in (None, phone.model) and osver in (None, phone.osver):
            return phone
    return model or known[0].model, osver or known[0].osver


def _counselor(composer: Composer, given: Given, drawn: Counselor) -> Counselor:
    name, nickname = given.get("counselor_name"), given.get("counselor_nickname")
    if not name and not nickname:
        return drawn
    for member in composer.shop.staff:
        if name in (None, member.name) and nickname in (None, member.nickname):
            return member
    return Counselor(name or nickname or "", nickname or name or "")


def _correct_numbers(composer: Composer, draft: Draft, given: Given) -> None:
    """Order, product, parcel and courier: a parcel has an order, a courier its own form of number."""
    order, parcel, code = (
        given.get(name) for name in ("order_number", "parcel_number", "parcel_companycode")
    )
    for product in composer.shop.products:
        if product.number == given.get("product_number"):
            draft.product = product
    draft.order_number, draft.parcel_number = order or None, parcel or None
    if code in COURIER_OF_CODE:
        draft.courier = COURIER_OF_CODE[code]
    elif parcel:
        draft.courier = courier_fitting(parcel, draft.courier)
    if parcel or (code in COURIER_OF_CODE and parcel is None):
        draft.shows_parcel = True
    elif parcel == "" or code is not None:
        draft.shows_parcel = False
    draft.shows_order = draft.shows_order or draft.shows_parcel or bool(order)
    if order == "":
        draft.shows_order = False
        draft.shows_parcel = draft.shows_parcel and bool(parcel)
    draft.shows_product = draft.shows_product or draft.shows_order
