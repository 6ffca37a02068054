"""Secrets go in at the moment of sending and come out of whatever comes back, however they are spelt there.

An API that echoes a credential writes it as JSON does (`\\/`, `\\uAC00`), as a URL (`%2F`, `+`), as HTML
(`&quot;`), in base64, in another letter case, or as one of these inside another. What is left of an answer
afterwards holds none of them.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from html.entities import html5
from typing import Final
from urllib.parse import unquote

from happytalk_contract.core.model import SECRETS, cut_placeholder, placeholder, swapped_placeholder

#: Secrets shorter than this would tear ordinary text apart if they were taken out of answers.
SHORTEST: Final = 4
#: What stands for an answer that holds a secret in a way that can not be taken out of it.
WITHHELD: Final = "(withheld: the answer holds a credential)"
#: How deep one spelling is looked for inside another.
_DEPTH: Final = 3


class Secrets:
    """The credentials of a run, by placeholder. Its repr shows none of them."""

    def __init__(self, credentials: Mapping[str, str]) -> None:
        """`credentials`: names of `model.SECRETS` -> value; missing or empty: not used."""
        known = {name: credentials[name] for name in SECRETS if credentials.get(name)}
        self._filled = {placeholder(name): secret for name, secret in known.items()}
        self._filled |= {cut_placeholder(name): secret[:-1] for name, secret in known.items()}
        self._filled |= {swapped_placeholder(name): secret.swapcase() for name, secret in known.items()}
        long = [(name, secret) for name, secret in known.items() if len(secret) >= SHORTEST]
        # The longest first: what is taken out of an answer is the most that fits.
        long.sort(key=lambda each: -len(each[1]))
        plain = [secret[:-1].casefold() for _, secret in long]
        sought = [*plain, *(bare for each in plain if (bare := each.replace("\\", "")))]
        sought += [packed.casefold() for _, secret in long for packed in _packed(secret)]
        self._sought = tuple(dict.fromkeys(sought))
        self._plain = all(secret.isascii() for _, secret in long)
        self._long = tuple(long)
        self._bytes = [text.encode() for text in self._sought]
        # A plus stands for a blank only, so it hides no secret without one.
        self._signs = _SIGNS if any(" " in secret for _, secret in long) else _SIGNS[:-1]

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str, str]]:
        """What each secret matches; made when an answer first holds one, for most hold none."""
        return [(_pattern(secret), placeholder(name), cut_placeholder(name)) for name, secret in self._long]

    def fill(self, text: str) -> str:
        """`text` with the secrets in place of their placeholders."""
        for name, secret in self._filled.items():
            text = text.replace(name, secret)
        return text

    def fill_bytes(self, body: bytes) -> bytes:
        """The same for a body, where a secret stands between the quotes of a JSON string."""
        for name, secret in self._filled.items():
            plain = secret.replace("\\", "\\\\").replace('"', '\\"')
            body = body.replace(name.encode(), plain.encode())
        return body

    def empty(self, text: str) -> str:
        """`text` with placeholders in place of the secrets, in whatever spelling."""
        if not self._holds(text):
            return text
        for pattern, whole, cut in self._patterns:
            text = pattern.sub(partial(_stand_in, whole, cut), text)
        return WITHHELD if self._holds(text) else text

    def empty_bytes(self, body: bytes) -> bytes:
        """The same for a body of any encoding."""
        if self._plain and not any(sign in body for sign in self._signs):
            lower = body.lower()
            readings = (lower, lower.replace(b"\\", b"")) if b"\\" in lower else (lower,)
            if b"\\u" not in lower and not any(each in plain for plain in readings for each in self._bytes):
                return body
        text = body.decode("utf-8", "surrogateescape")
        emptied = self.empty(text)
        if emptied is text and self._sought and (b"\0" in body or not self._plain):
            # The encodings of old servers: nothing but the fact is told.
            others = (body.decode(encoding, "replace") for encoding in ("cp949", "utf-16-le", "utf-16-be"))
            if any(self._holds(other) for other in others):
                return WITHHELD.encode()
        return body if emptied is text else emptied.encode("utf-8", "surrogateescape")

    def _holds(self, text: str) -> bool:
        return any(secret in plain for plain in _readings(text) for secret in self._sought)


def _stand_in(whole: str, cut: str, match: re.Match[str]) -> str:
    """The placeholder of the whole secret, or of all but its last character."""
    is_cut = match["start"] is not None and match["last"] is None
    return cut if is_cut else whole


def _units(text: str) -> str:
    """`text` with its `\\uXXXX` resolved, pairs of surrogates put together."""
    return _UNIT.sub(_char, text).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _char(match: re.Match[str]) -> str:
    return chr(int(match[1], 16))


def _percents(text: str) -> str:
    """`text` with its `%XX` resolved; most signs of per cent are none."""
    return unquote(text) if _PERCENT.search(text) else text


def _blanks(text: str) -> str:
    """`text` with the blanks of a form."""
    return text.replace("+", " ")


#: What begins an escape, and what resolves all that begin so.
_ESCAPES: Final[Mapping[str, Callable[[str], str]]] = {
    "\\": _units,
    "&": html.unescape,
    "%": _percents,
    "+": _blanks,
}


#: Without these a body holds no escape but JSON's, and is in no encoding with zero bytes.
_SIGNS: Final = (b"\0", b"&", b"%", b"+")


def _readings(text: str) -> Iterator[str]:
    """`text` as it reads with up to `_DEPTH` escapes inside each other resolved, in one letter case."""
    known, newest = {text}, [text]
    for _ in range(_DEPTH + 1):
        for reading in newest:
            yield reading.casefold()
            if "\\" in reading:
                yield reading.replace("\\", "").casefold()
        resolved = [resolve(one) for one in newest for sign, resolve in _ESCAPES.items() if sign in one]
        newest = [one for one in dict.fromkeys(resolved) if one not in known]
        known.update(newest)


def _packed(secret: str) -> list[str]:
    """`secret` in base64, as it is and as URLs have it, without padding."""
    codes = (base64.b64encode(secret.encode()), base64.urlsafe_b64encode(secret.encode()))
    return list(dict.fromkeys(code.decode().rstrip("=") for code in codes))


def _pattern(secret: str) -> re.Pattern[str]:
    """Matches `secret` in every spelling, with its last character (group `last`) or without."""
    start = "".join(_spellings(char) for char in secret[:-1])
    whole = "|".join(map(re.escape, _packed(secret)))
    last = _spellings(secret[-1])
    return re.compile(f"(?P<start>{start})(?P<last>{last})?|(?:{whole})=*", re.IGNORECASE)


_PERCENT: Final = re.compile("%[0-9a-fA-F]{2}")
_UNIT: Final = re.compile(r"\\+[uU]([0-9a-fA-F]{4})")
#: A backslash before an escape, itself in any spelling.
_BACKSLASH: Final = r"(?:\\|%(?:25)*5c|&(?:amp;)*(?:#0*92|#x0*5c|bsol);)"


def _spellings(char: str) -> str:
    """A pattern of one character as JSON, a URL or HTML may write it."""
    code, units = ord(char), char.encode("utf-16-be", "surrogatepass").hex()
    escapes = "".join(rf"{_BACKSLASH}+u{units[at : at + 4]}" for at in range(0, len(units), 4))
    percent = "".join(f"%(?:25)*{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))
    names = [re.escape(name[:-1]) for name, text in html5.items() if text == char and name[-1] == ";"]
    entity = f"&(?:amp;)*(?:{'|'.join([f'#0*{code}', f'#x0*{code:x}', *names])});"
    blank = [r"\+"] if char == " " else []
    return f"(?:{escapes}|{_BACKSLASH}*(?:{'|'.join([percent, entity, *blank, re.escape(char)])}))"
