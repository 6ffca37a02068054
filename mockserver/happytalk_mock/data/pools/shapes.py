"""What the pools are made of.

Texts are templates: `{상품}`, `{상품을}`, `{택배사}` … are slots that `composing` fills from the room itself, so
that a message names the product, the courier and the order date which the room's other fields carry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: What numbers a room of a topic can carry: none; the product; order and product; the parcel as well.
About = Literal["nothing", "product", "order", "parcel"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What people write about in one 중분류."""

    name: str
    #: How often, relative to the other topics of a shop.
    weight: int
    about: About = "nothing"
    #: The state the order is in when people ask this; "" where no order is meant.
    state: str = ""
    #: How many days ago the order was placed, from and to.
    age: tuple[int, int] = (0, 0)
    #: Only users of the shop's app ask this.
    app_only: bool = False
    titles: tuple[str, ...]
    #: The customer's opening; also the last message of a room that waits.
    questions: tuple[str, ...]
    #: The counsellor in the middle of the talk.
    answers: tuple[str, ...]
    #: The customer in the middle of the talk.
    followups: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One 대분류 and its 중분류."""

    name: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """A kind of shop: what it sells and what people ask about that."""

    name: str
    #: (name, price in won) of what it sells.
    products: tuple[tuple[str, int], ...]
    #: What a product comes in; neighbours are alternatives to each other.
    options: tuple[str, ...]
    #: What customers can book there.
    booking: str
    shop_names: tuple[str, ...]
    topics: tuple[Topic, ...]
