"""The shape of an account's data: what the generator goes by in place of its own figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shape:
    """An account in counts and quantiles."""

    rooms: int
    days: int

    @classmethod
    def of(cls, account: Mapping[str, Any]) -> Self:
        """The shape that an `account.toml` tells."""
        return cls(rooms=account["rooms"], days=account["days"])
