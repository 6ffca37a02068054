"""The whole tree of categories of a shop."""

from __future__ import annotations

from .delivery import DELIVERY
from .members import EVENTS, MEMBERS
from .payment import ORDERS, REFUNDS
from .returns import RETURNS
from .service import BOOKING, SITE
from .shapes import Category, Trade


def tree(trade: Trade) -> tuple[Category, ...]:
    """대분류 and 중분류 of a shop of that trade, in the order of its menu."""
    goods = Category(name="상품문의", topics=trade.topics)
    return (goods, DELIVERY, ORDERS, REFUNDS, RETURNS, MEMBERS, EVENTS, SITE, BOOKING)
