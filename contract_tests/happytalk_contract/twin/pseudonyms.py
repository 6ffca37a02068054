"""Pseudonyms for what a visit read: no one's words, names, numbers or ids, and all that tests rely on.

Equal stays equal and different different, in whatever field, and inside a message that quotes a room's value;
length and kind of characters stay; dates move by one number of weeks, in order numbers and timed ids too;
codes, null and "" stay. The key alone makes them; without it nobody can check a guess.
"""

from __future__ import annotations

import hmac
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from happytalk_contract.evidence.views import ZERO_DATE
from happytalk_contract.questions.meaning import DEFAULTS
from happytalk_contract.twin.parcels import parcel
from happytalk_contract.twin.permuting import disguised

Room = Mapping[str, Any]
#: A part of a text, from and to, and what takes its place.
_Span = tuple[int, int, str]

#: Fields that hold codes or counts, which are nobody's.
CODES: Final = frozenset(
    {
        "out_api",
        "status",
        "parcel_companycode",
        "phone_os",
        "messageType",
        "linkType",
        "inspectStatus",
        "ordering",
    }
)
#: Sentences: what they quote is looked for in them, and they are not looked for in others.
SENTENCES: Final = frozenset({"title", "last_message", "content"})
#: A code, or the API's own short word or version: of few letters, and not of digits enough for a phone.
_CODE: Final = re.compile(r"(?!.*\d{7})[\w.:/+-]{0,12}", re.ASCII)
#: A field's name, and numbers too large to be a count.
_NAME: Final = re.compile(r"[^\W\d]\w{0,39}", re.ASCII)
_LARGE: Final = 1_000_000
#: Fields whose values the API may repeat in words of its own; and what is somebody's wherever it stands.
_SOMEBODYS: Final = frozenset(
    {"users_id", "customer_uuid", "counselor_name", "order_number", "parcel_number"}
)
_REACHED_BY: Final = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\d-])(?:\+82[ -]?|0)\d{1,2}[ -]?\d{3,4}[ -]?\d{4}(?![\d-])", re.ASCII
)
#: What is longer is known again in the API's own words.
_SHORT: Final = 5
#: Digits that say a day from so long before a visit to so long after it are a date.
_BACK: Final = timedelta(days=1200)
_AHEAD: Final = timedelta(days=60)
_DAY: Final = re.compile(r"(?<!\d)(20\d\d)-(\d\d)-(\d\d)(?:([ T]\d\d:\d\d:\d\d)|(?!\d))")
_DIGITS: Final = re.compile(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?=\d{0,12}(?!\d))")
_SHORT_DIGITS: Final = re.compile(r"(?:(?<=^)|(?<=\b[A-Z]))(\d\d)(\d\d)(\d\d)(?=-\d{4}|\d{6,10}(?!\d))")
_TIMED_ID: Final = re.compile(r"(?=[0-9A-Za-z]{20,40}$)([0-9a-f]{8})([0-9a-f]{5})")
_SLASHED: Final = re.compile(r"(?<!\d)(20\d\d)/(\d\d)/(\d\d)(?!\d)")
_SCHEME: Final = re.compile(r"\bhttps?(?=://)")
_HANGUL: Final = re.compile(r"[가-힣]")
#: The site and the customer's own id.
_UUID: Final = re.compile(r"(\d{4,12})_(.+)", re.DOTALL)


class Pseudonyms:
    """One key's pseudonyms of one visit."""

    def __init__(
        self, key: bytes, today: date, rooms: Iterable[Room] = (), tied: Iterable[Sequence[str]] = ()
    ) -> None:
        """`rooms`: whose values messages may quote. `tied`: ids whose order among each other is to stay."""
        self._key = key
        weeks = 8 + int.from_bytes(self._mac(b"shift")[:4], "big") % 105
        self.shift = -timedelta(weeks=weeks)
        self._offset = 101 + int.from_bytes(self._mac(b"numbers")[:4], "big") % 600
        self._first, self._last = today - _BACK, today + _AHEAD
        self._made: dict[str, str] = {}
        self._plainly: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self._somebodys: dict[str, str] = {}
        self.learn(rooms)
        for ids in tied:
            self._known |= zip(sorted(ids), sorted(self.text(one) for one in ids), strict=True)

    def _mac(self, what: bytes) -> bytes:
        return hmac.digest(self._key, b"happytalk-contract|" + what, "sha256")

    # --- texts ---

    def learn(self, rooms: Iterable[Room]) -> None:
        """Know the values that a sentence may quote; a sentence that was made already is made anew."""
        self._made.clear()
        found: dict[str, str] = {}
        for room in rooms:
            for name, value in room.items():
                if isinstance(value, str) and name not in SENTENCES | CODES and _is_telling(value):
                    found[value] = name
                    if name == "customer_uuid" and (parts := _UUID.fullmatch(value)):
                        found |= {part: "" for part in parts.groups() if _is_telling(part)}
        for value, name in found.items():
            special = {"parcel_number": self._parcel, "customer_uuid": self._uuid}
            self._known[value] = special.get(name, self._plain)(value)
            if name in _SOMEBODYS and (len(value) > _SHORT or _HANGUL.search(value)):
                made = self._known[value]
                self._somebodys |= {value: made, json.dumps(value)[1:-1]: json.dumps(made)[1:-1]}
        self._lengths, self._somebodys_lengths = _lengths(self._known), _lengths(self._somebodys)

    def _parcel(self, value: str) -> str:
        return parcel(value, self._key)

    def _uuid(self, value: str) -> str:
        parts = _UUID.fullmatch(value)
        return self._plain(value) if parts is None else f"{self._plain(parts[1])}_{self._plain(parts[2])}"

    def text(self, text: str) -> str:
        """The pseudonym of a text, whatever field it stands in."""
        if text in self._known:
            return self._known[text]
        if text == ZERO_DATE:
            return text
        if text not in self._made:
            self._made[text] = self._sentence(text)
        return self._made[text]

    def _sentence(self, text: str) -> str:
        """A text with the values that it quotes replaced."""
        return self._disguised(text, [*_quoted(text, self._known, self._lengths)])

    def _plain(self, text: str) -> str:
        """A text of its own, whichever others are known: worked out once."""
        if text not in self._plainly:
            self._plainly[text] = self._disguised(text, [])
        return self._plainly[text]

    def _disguised(self, text: str, spans: list[_Span]) -> str:
        """A text with parts replaced and dates moved, and the rest disguised as one."""
        ordered = sorted([*spans, *self._dates(text)], key=lambda span: (span[0], -span[1]))
        apart = [span for at, span in enumerate(ordered) if not at or span[0] >= ordered[at - 1][1]]
        cuts = [0, *(place for start, end, _new in apart for place in (start, end)), len(text)]
        rest = [text[start:end] for start, end in zip(cuts[::2], cuts[1::2], strict=True)]
        form = ",".join(str(len(part)) for part in rest) if apart else ""
        hidden, at, found = disguised("".join(rest), self._key, form.encode()), 0, []
        for part, new in zip(rest, [*(span[2] for span in apart), ""], strict=True):
            found += [hidden[at : at + len(part)], new]
            at += len(part)
        return "".join(found)

    def _dates(self, text: str) -> Iterator[_Span]:
        """Where dates stand in a text, and what takes their place; what is part of any address as well."""
        for form in (_DAY, _DIGITS, _SHORT_DIGITS):
            for found in form.finditer(text):
                if (moved := self._redated(found)) != found[0]:
                    yield found.start(), found.end(), moved
        for found in _SCHEME.finditer(text):
            yield found.start(), found.end(), found[0]
        if (timed := _TIMED_ID.match(text)) and self._is_timed(int(timed[1], 16)):
            yield 0, 13, f"{int(timed[1], 16) + int(self.shift.total_seconds()):08x}{timed[2]}"

    def _day(self, found: re.Match[str]) -> date | None:
        """The day that digits say, if it is one; without hyphens one near the visit."""
        year = int(found[1]) + (2000 if len(found[1]) == 2 else 0)
        try:
            day = date(year, int(found[2]), int(found[3]))
        except ValueError:
            return None
        return day if "-" in found[0] or self._first <= day <= self._last else None

    def _is_timed(self, second: int) -> bool:
        return self._first <= date.fromordinal(719163 + second // 86400) <= self._last

    # --- documents ---

    def value(self, value: Any, name: str = "") -> Any:
        """The pseudonym of a JSON value that stands under `name`."""
        match value:
            case dict():
                return {self._field(field): self.value(item, field) for field, item in value.items()}
            case list():
                return [self.value(item, name) for item in value]
            case None | bool():
                return value
            case str():
                return value if name in CODES and _CODE.fullmatch(value) else self.text(value)
            case int() if name in CODES:
                return value
            case int() if name == "id":
                return self.number(value)
        hidden = disguised(str(value), self._key)
        return int(hidden) if isinstance(value, int) else _number(hidden)

    def _field(self, name: str) -> str:
        """The name of a field; a value where things stand under one, such as a phone number or a customer."""
        is_name = _NAME.fullmatch(name) and name not in self._somebodys
        return name if is_name else self.text(name)

    def around(self, value: Any) -> Any:
        """The pseudonym of what stands around a list: versions and numbers stay, for they are the API's."""
        if isinstance(value, str):
            return value if _CODE.fullmatch(value) else self.text(value)
        is_small = value is None or (isinstance(value, int | float) and abs(value) < _LARGE)
        return value if is_small else self.value(value)

    def spoken(self, text: str) -> str:
        """The API's own words, but for whom they name and how somebody is reached."""
        for start, end, pseudonym in reversed([*_quoted(text, self._somebodys, self._somebodys_lengths)]):
            text = text[:start] + pseudonym + text[end:]
        return _REACHED_BY.sub(lambda found: self.text(found[0]), text)

    def number(self, value: int) -> int:
        """The pseudonym of a number that things are known by: their order stays."""
        return value + self._offset

    def dated(self, value: Any) -> Any:
        """What was asked: dates moved, all else as it is, parameters that are no date among them."""
        match value:
            case dict():
                return {
                    field: item if field in DEFAULTS else self.dated(item) for field, item in value.items()
                }
            case list():
                return [self.dated(item) for item in value]
            case str():
                for form in (_DAY, _DIGITS, _SLASHED):
                    value = form.sub(self._redated, value)
            case int() if not isinstance(value, bool) and (found := _DIGITS.fullmatch(str(value))):
                return int(self._redated(found))
        return value

    def _redated(self, found: re.Match[str]) -> str:
        """A date moved, with its time where it has one; what is none as it was."""
        day, sign = self._day(found), found[0][4]
        if day is None:
            return found[0]
        year = "%Y" if len(found[1]) == 4 else "%y"
        write = f"{year}%m%d" if sign.isdigit() else f"%Y{sign}%m{sign}%d"
        return (day + self.shift).strftime(write) + (found[4] or "" if found.re is _DAY else "")


class Originals(Pseudonyms):
    """Everything as it came, for accounts that hold test data alone."""

    def __init__(self) -> None:
        """Know nothing."""
        super().__init__(b"", date(2000, 1, 1))
        self.shift, self._offset = timedelta(0), 0

    def text(self, text: str) -> str:
        """The text."""
        return text

    def value(self, value: Any, name: str = "") -> Any:
        """The value."""
        return value

    def around(self, value: Any) -> Any:
        """The value."""
        return value

    def spoken(self, text: str) -> str:
        """The text."""
        return text

    def dated(self, value: Any) -> Any:
        """The value."""
        return value


def _lengths(values: Iterable[str]) -> dict[str, list[int]]:
    """How long the values are that begin with two characters, the longest first."""
    found: dict[str, set[int]] = defaultdict(set)
    for value in values:
        found[value[:2]].add(len(value))
    return {start: sorted(some, reverse=True) for start, some in found.items()}


def _quoted(text: str, known: Mapping[str, str], lengths: Mapping[str, list[int]]) -> Iterator[_Span]:
    """Where values stand in a text, and what takes their place."""
    at = 0
    while at < len(text):
        size = next((n for n in lengths.get(text[at : at + 2], ()) if text[at : at + n] in known), 0)
        if size:
            yield at, at + size, known[text[at : at + size]]
        at += size or 1


def _number(text: str) -> float:
    """A number under a pseudonym; one whose letters were changed, as in 1e-07, says nothing."""
    try:
        return float(text)
    except ValueError:
        return 0.5


def _is_telling(value: str) -> bool:
    """Whether a value is long enough to be known again in a sentence."""
    return len(value) >= (2 if _HANGUL.search(value) else 4) and value != ZERO_DATE
