"""The part of an answer that a report shows: what a reader needs, and nobody's words.

Rooms hold what people said and who they are, so a value is shown only where its field is known to be
harmless (`recording.KEPT`); every other value, an unknown field's too, is shown by its kind and length.
"""

from __future__ import annotations

import json
import re
from collections.abc import Set
from typing import Any, Final

from happytalk_contract.core.documents import shallow
from happytalk_contract.evidence.recording import KEPT

#: What is shown of a room or system message that no finding points at.
TELLING: Final = ("id", "reg_date", "complate_date", "status", "createdAt", "inspectStatus")

LONGEST_VALUE: Final = 120
LONGEST_EXCERPT: Final = 12_000
LONGEST_RAW: Final = 600
LONGEST_LINE: Final = 240

_PAIR = re.compile(
    r'"(?P<key>[^"\\]{1,60})"(?P<colon>\s*:\s*)(?:"(?P<text>(?:[^"\\]|\\.)*)"?|(?P<number>-?\d[\w.+-]*))'
)
_INDEX = re.compile(r"\$\.data(?:\.chat_list)?\[(\d+)\]")


def excerpt(body: bytes, paths: Set[str] = frozenset()) -> str:
    """Show `body`, entries of a list on a line each; those that `paths` (JSON paths) point at in full."""
    try:
        document = shallow(json.loads(body))
    except (ValueError, RecursionError):
        return _raw(body)
    shown = {int(match[1]) for path in paths if (match := _INDEX.match(path))}
    text = _document(document, shown)
    return text if len(text) <= LONGEST_EXCERPT else f"{text[:LONGEST_EXCERPT]}…"


def glimpse(body: bytes, path: str) -> str:
    """One line of `body`: the entry of a list that `path` points at, else its beginning."""
    text = excerpt(
        body
    )  # what the finding received stands beside it: of an entry only what tells which it is
    entries = [line for line in text.splitlines() if line.startswith("  {")]
    at = _INDEX.match(path)
    line = entries[int(at[1])] if at and int(at[1]) < len(entries) else " ".join(text.split())
    return line.strip().rstrip(",") if len(line) <= LONGEST_LINE else f"{line.strip()[:LONGEST_LINE]}…"


def masked(value: Any, key: str = "") -> Any:
    """`value` as it may be shown under `key`."""
    match value:
        case dict():
            return {_shortened(name): masked(item, name) for name, item in value.items()}
        case list():
            return [masked(item, key) for item in value]
        case None | bool() | "":
            return value
        case str() if key in KEPT:
            return _shortened(value)
        case str():
            return f"({len(value)} characters)"
    return value if key in KEPT else "(a number)"


def _document(document: Any, shown: Set[int]) -> str:
    """JSON text that keeps a list's entries to a line each."""
    holder, name = document, "data"
    if isinstance(document, dict) and isinstance(document.get("data"), dict):
        holder, name = document["data"], "chat_list"
    if not isinstance(holder, dict) or not isinstance(holder.get(name), list):
        return _dump(masked(document), indent=1)
    entries = [_entry(entry, full=index in shown) for index, entry in enumerate(holder[name])]
    lines = "[\n" + ",\n".join(f"  {line}" for line in entries) + "\n ]" if entries else "[]"
    rest = {key: masked(value, key) for key, value in holder.items()} | {name: "\0"}
    around = {key: value for key, value in document.items() if key != "data"}
    whole = rest if holder is document else masked(around) | {"data": rest}
    return _dump(whole, indent=1).replace('"\\u0000"', lines)


def _entry(entry: Any, *, full: bool) -> str:
    if full or not isinstance(entry, dict):
        return _dump(masked(entry))
    telling = {name: masked(entry[name], name) for name in TELLING if name in entry}
    others = len(entry) - len(telling)
    return _dump(telling)[:-1] + f", … {others} more}}" if telling and others else _dump(masked(entry))


def _raw(body: bytes) -> str:
    """What is no JSON: its beginning, and of anything that looks like a JSON pair only what is harmless."""
    text = body[: 4 * LONGEST_RAW].decode("utf-8", "backslashreplace")
    text = _PAIR.sub(_masked_pair, text)
    text = "".join(c if c.isprintable() or c in "\n\t" else f"\\x{ord(c):02x}" for c in text)
    return f"{text[:LONGEST_RAW]}… ({len(body):,} bytes in all)" if len(text) > LONGEST_RAW else text


def _masked_pair(match: re.Match[str]) -> str:
    if match["key"] in KEPT or match["text"] == "":
        return match[0]
    kind = f"({len(match['text'])} characters)" if match["text"] is not None else "(a number)"
    return f'"{match["key"]}"{match["colon"]}"{kind}"'


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}… ({len(text)} characters)"


def _dump(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)
