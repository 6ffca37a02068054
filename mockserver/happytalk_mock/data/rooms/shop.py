"""What is fixed about one tenant: its shop, its tree of categories, its people, its goods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from ...core.chance import number_of
from ..pools import things
from ..pools.shapes import Category, Topic, Trade
from ..pools.trades import TRADES
from ..pools.tree import tree
from .josa import forms
from .korean import KoreanFaker

#: Sizes of the tables that words of 16 bits are looked up in; powers of two.
DECK, SUNDRIES = 1024, 64


class Node(NamedTuple):
    """A 중분류 in the tenant's tree."""

    category_id: str
    division_id: str
    category: str
    topic: Topic


class Counselor(NamedTuple):
    """One of the staff."""

    name: str
    nickname: str


class Product(NamedTuple):
    """One thing the shop sells; `slots` are its name and price as texts need them."""

    number: str
    price: int
    slots: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """One tenant's shop."""

    site_id: str
    #: The slots of the shop's and the bot's name.
    names: dict[str, str]
    #: 0: order numbers of a rented mall; 1: of the portal's market; 2: of an own shop.
    style: int
    trade: Trade
    nodes: tuple[Node, ...]
    #: The same nodes as often as they come up; the second without those that only users of the app reach.
    deck: tuple[Node, ...]
    web_deck: tuple[Node, ...]
    staff: tuple[Counselor, ...]
    products: tuple[Product, ...]
    options: tuple[dict[str, str], ...]
    #: Slots that hang on nothing else: cards, branches, times ….
    sundries: tuple[dict[str, str], ...]
    people: tuple[str, ...]
    stems: tuple[str, ...]
    #: What the shop passes in parameter1 to parameter10; "" where it passes nothing.
    parameters: tuple[str, ...]


#: What shops pass in custom parameters; each shop in an order of its own.
PARAMETERS = ("grade", "entrance", "state", "campaign", "joined", "branch", "cart")


@lru_cache(maxsize=8)  # a mock for each test, or a reset, has the same again
def open_shop(seed: int, token: str, like: tuple[tuple[int, ...], ...] = ()) -> Shop:
    """The shop of a tenant; `like`: its categories and divisions with how often each comes up."""
    faker = KoreanFaker(number_of("shop", seed, token))
    pick = faker.random
    trade = pick.choice(TRADES)
    style = pick.randrange(3)
    nodes = _nodes(_like(tree(trade), like), first_id=pick.randrange(21_000, 98_000))
    web_nodes = tuple(node for node in nodes if not node.topic.app_only)
    roles = pick.sample(PARAMETERS, k=pick.randrange(4, len(PARAMETERS) + 1))
    return Shop(
        site_id=f"10002{pick.randrange(10_000, 99_999)}",
        names={**forms("상점", pick.choice(trade.shop_names)), **forms("봇", faker.words.bot_name())},
        style=style,
        trade=trade,
        nodes=nodes,
        deck=_deck(nodes),
        web_deck=_deck(web_nodes),
        staff=_staff(faker, pick.randrange(7, 11)),
        products=tuple(
            Product(_product_number(style, pick.randrange(10**9)), price, _product_slots(name, price))
            for name, price in trade.products
        ),
        options=_options(trade.options),
        sundries=tuple(_sundry(faker) for _ in range(SUNDRIES)),
        people=tuple(faker.name() for _ in range(256)),
        stems=tuple(faker.words.login_stem() for _ in range(256)),
        parameters=tuple(roles) + ("",) * (10 - len(roles)),
    )


def _like(own: tuple[Category, ...], weights: tuple[tuple[int, ...], ...]) -> tuple[Category, ...]:
    """A tree of that form, in the names of one's own; those that come again are numbered."""
    return (
        tuple(
            Category(
                name=_again(own[place % len(own)].name, place // len(own)),
                topics=tuple(
                    _topic(own[place % len(own)].topics, number, weight) for number, weight in enumerate(each)
                ),
            )
            for place, each in enumerate(weights)
        )
        or own
    )


def _topic(topics: tuple[Topic, ...], number: int, weight: int) -> Topic:
    topic = topics[number % len(topics)]
    return replace(topic, name=_again(topic.name, number // len(topics)), weight=weight, app_only=False)


def _again(name: str, turn: int) -> str:
    return f"{name} {turn + 1}" if turn else name


def _nodes(categories: tuple[Category, ...], first_id: int) -> tuple[Node, ...]:
    """The tree with its ids: a category takes the next id, its divisions the ones after it."""
    nodes, next_id = [], first_id
    for category in categories:
        category_id = next_id
        for offset, topic in enumerate(category.topics, 1):
            nodes.append(Node(str(category_id), str(category_id + offset), category.name, topic))
        next_id = category_id + len(category.topics) + 1
    return tuple(nodes)


def _deck(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    total = sum(node.topic.weight for node in nodes)
    deck: list[Node] = []
    passed = 0
    for node in nodes:
        passed += node.topic.weight
        deck += [node] * (passed * DECK // total - len(deck))
    return tuple(deck)


def _staff(faker: KoreanFaker, size: int) -> tuple[Counselor, ...]:
    staff: dict[str, Counselor] = {}
    while len(staff) < size:
        name = faker.name()
        staff[name] = Counselor(name, faker.words.counselor_nickname(name))
    return tuple(staff.values())


def _product_number(style: int, chance: int) -> str:
    if style == 0:
        letters = ""
        for _ in range(4):
            chance, letter = divmod(chance, 26)
            letters += chr(ord("A") + letter)
        return f"P000{letters}"
    return f"{5_000_000_000 + chance * 5}" if style == 1 else f"G{chance % 10**7:07d}"


def _product_slots(name: str, price: int) -> dict[str, str]:
    return {**forms("상품", name), "금액": f"{price:,}원"}


def _options(options: tuple[str, ...]) -> tuple[dict[str, str], ...]:
    following = options[1:] + options[:1]
    return tuple(
        {**forms("옵션", one), **forms("다른옵션", other)}
        for one, other in zip(options, following, strict=True)
    )


def _sundry(faker: KoreanFaker) -> dict[str, str]:
    choose = faker.random.choice
    return {
        "카드": choose(things.CARDS),
        **forms("결제수단", choose(things.PAYS)),
        **forms("은행", choose(things.BANKS)),
        "지점": choose(things.BRANCHES),
        **forms("쿠폰", choose(things.COUPONS)),
        **forms("시간", choose(things.TIMES)),
        "적립금": choose(things.POINTS),
        "수량": choose(things.COUNTS),
        "지역": faker.words.region(),
        "뒷자리": f"{faker.random.randrange(10_000):04d}",
    }
