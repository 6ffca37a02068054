"""What the console says, in English and Korean: `texts.toml`, read when the console is first looked at."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final, Literal

Lang = Literal["ko", "en"]
LANGUAGES: Final[tuple[Lang, ...]] = ("ko", "en")
_ONLY: Final = "only "


@cache
def catalogue() -> Mapping[str, Mapping[str, Any]]:
    """The tables of `texts.toml` by name."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@cache
def texts(lang: Lang) -> SimpleNamespace:
    """The console's own texts in a language, by key as attributes."""
    return SimpleNamespace(**{key: both[lang == "ko"] for key, both in catalogue()["texts"].items()})


def told(table: str, text: str, lang: Lang) -> str:
    """A text that the rest of the mock says in English, in a language; as it is where the table has it not."""
    return str(catalogue()[table].get(text, text)) if lang == "ko" else text


def expected_ko(text: str) -> str:
    """What was expected, in Korean; as it is where there is none."""
    return f"{text.removeprefix(_ONLY)}만" if text.startswith(_ONLY) else told("expected", text, "ko")


def received_ko(text: str) -> str:
    """What was received, in Korean; a value stays as it is."""
    for pattern, korean in catalogue()["received"].items():
        found = re.fullmatch(pattern, text)
        if found:
            return str(found.expand(korean))
    return text
