"""The statements of the two pages that drifts break, and what each drift does in words: `stated.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A statement of the documentation that a drift can break."""

    id: str  #: `rooms-5`: endpoint and number, as numbered in docs/drifts.md
    says: str
    quote: str  #: the page's own words

    @property
    def endpoint(self) -> Literal["rooms", "messages"]:
        """Whose page it is on."""
        return "rooms" if self.id.startswith("rooms") else "messages"


_TABLES: Final[Mapping[str, Mapping[str, Any]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
#: In the order of the pages.
STATEMENTS: Final = tuple(
    Stated(id=id, says=table["says"], quote=table["quote"]) for id, table in _TABLES.items()
)
#: The name of a drift -> the statement it breaks, and what it does in English and in Korean.
TOLD: Final[Mapping[str, tuple[Stated, str, str]]] = {
    name: (stated, sentence["en"], sentence["ko"])
    for stated in STATEMENTS
    for name, sentence in _TABLES[stated.id]["broken-by"].items()
}
