"""The whole tree of categories of a shop."""

from __future__ import annotations

from happytalk_mock.pools.delivery import DELIVERY
from happytalk_mock.pools.members import EVENTS, MEMBERS
from happytalk_mock.pools.payment import ORDERS, REFUNDS
from happytalk_mock.pools.returns import RETURNS
from happytalk_mock.pools.service import BOOKING, SITE
from happytalk_mock.pools.shapes import Category, Trade


def tree(trade: Trade) -> tuple[Category, ...]:
    """대분류 and 중분류 of a shop of that trade, in the order of its menu."""
    goods = Category(name="상품문의", topics=trade.topics)
    return (goods, DELIVERY, ORDERS, REFUNDS, RETURNS, MEMBERS, EVENTS, SITE, BOOKING)
