"""The whole tree of categories of a shop."""

from __future__ import annotations

from happytalk_mock.pools.delivery import DELIVERY
from happytalk_mock.pools.shapes import Category, Trade


def tree(trade: Trade) -> tuple[Category, ...]:
    """대분류 and 중분류 of a shop of that trade, in the order of its menu."""
    return (DELIVERY, Category(name="상품문의", topics=trade.topics))
