"""Writes TOML: tables, texts, numbers and lists, in the order in which they are given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")


def written(table: Mapping[str, Any], comment: str = "") -> str:
    """A whole document; `comment` stands at its top."""
    head = [f"# {line}" for line in comment.splitlines()]
    return "\n".join([*head, *_lines(table, "")]).strip("\n") + "\n"


def _lines(table: Mapping[str, Any], under: str) -> Iterator[str]:
    tables = {name: value for name, value in table.items() if isinstance(value, Mapping)}
    for name, value in table.items():
        if name not in tables:
            yield f"{_key(name)} = {_value(value)}"
    for name, value in tables.items():
        path = f"{under}.{_key(name)}" if under else _key(name)
        if any(not isinstance(item, Mapping) for item in value.values()) or not value:
            yield ""
            yield f"[{path}]"
        yield from _lines(value, path)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
