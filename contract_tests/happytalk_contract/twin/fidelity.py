"""How alike a twin and its API are: both are asked the same at random, and their answers held against each other.

Dates are moved to the twin's time. Pseudonyms do not count as differences: with the key file the API's
answer is told in the twin's words; without it rooms are compared by place, by what lists are sorted and
filtered by, and by the form of every value. An answer that departs is asked for again; what moved meanwhile
does not count.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import orjson

from happytalk_contract.core.control import Control, ignore
from happytalk_contract.core.errors import AskingEnds, OutOfReachError, WrongUseError
from happytalk_contract.core.events import Event, PhaseStarted
from happytalk_contract.core.model import NAMES, Exchange, Request, Window
from happytalk_contract.engine.greeting import greet
from happytalk_contract.engine.runner import Settings, desk_of
from happytalk_contract.engine.scout import ranged
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.views import ZERO_DATE, MessagesView, as_time
from happytalk_contract.twin.answering import Ask, answering, document, loaded
from happytalk_contract.twin.comparing import Difference, difference, without
from happytalk_contract.twin.drawing import Class, drawn
from happytalk_contract.twin.folder import asked_alike, load_about, load_table, told_body
from happytalk_contract.twin.learn import fingerprint, read_key
from happytalk_contract.twin.permuting import alphabet
from happytalk_contract.twin.pseudonyms import CODES, Originals, Pseudonyms

#: How far back a shift is looked for, in weeks.
_WEEKS: Final = range(8, 113)
#: Examples that are told of each kind of difference.
_SHOWN: Final = 3


@dataclass(slots=True, kw_only=True)
class Fidelity:
    """What came of it."""

    seed: int
    asked: Counter[Class] = field(default_factory=Counter)
    alike: Counter[Class] = field(default_factory=Counter)
    kinds: Counter[tuple[Class, Difference]] = field(default_factory=Counter)
    examples: list[tuple[Class, Difference, Request]] = field(default_factory=list)
    moved: int = 0  #: answers that were another the second time
    notes: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of all that was asked, what was answered alike."""
        return sum(self.alike.values()) / max(sum(self.asked.values()), 1)


def fidelity(
    settings: Settings,
    folder: Path,
    *,
    key_file: Path | None = None,
    on_event: Callable[[Event], None] = ignore,
) -> Fidelity:
    """Ask both alike until the budget is used up. Raises `WrongUseError`."""
    about = load_about(folder)
    if not about.get("rooms", True):
        raise WrongUseError(
            f"--twin {folder}: was made with --no-rooms, so there is nothing to hold lists against; "
            "expected one with rooms"
        )
    outcome = Fidelity(seed=settings.seed)
    control = Control(max_requests=settings.max_requests, max_time=settings.max_time, on_event=on_event)
    with desk_of(settings, control) as desk, answering(folder, about["recorded"]) as mock:
        control.tell(PhaseStarted, "asking the API and its twin alike")
        try:
            for endpoint in NAMES:
                with contextlib.suppress(OutOfReachError):
                    if endpoint not in desk.skipped:
                        greet(desk, endpoint)
            _Pair(desk, mock.ask, about, folder, key_file, outcome).compare()
        except AskingEnds:
            pass  # as planned: the budget is all that ends it
        except KeyboardInterrupt:
            outcome.notes.append("interrupted")
        outcome.notes += [*desk.skipped.values()]
    return outcome


class _Pair:
    """An API and its twin."""

    def __init__(
        self,
        desk: Desk,
        ask: Ask,
        about: dict[str, Any],
        folder: Path,
        key_file: Path | None,
        outcome: Fidelity,
    ) -> None:
        self._desk, self._ask, self._outcome = desk, ask, outcome
        self._today = date.fromisoformat(about["today"])
        days = [date.fromisoformat(day) for day in about["days"]]
        self._recorded: Window = (days[0], days[1])
        self._exact = about["words"] != "original" and key_file is not None
        self._words = self._words_of(about, key_file, folder)
        moved = self._words.shift
        self._form_of_live = Unkeyed(moved, self._words.number(0))
        self._window: Window = (self._recorded[0] - moved, self._recorded[1] - moved)
        learned = load_table(folder / "behaviour.toml").get("learned", {})
        self._changing = frozenset(learned.get("envelope", {}).get("fields", ()))
        self._ids = [number - self._words.number(0) for number in _ids_of(folder)]

    def _words_of(self, about: dict[str, Any], key_file: Path | None, folder: Path) -> Pseudonyms:
        if about["words"] == "original":
            return Originals()
        if key_file is None:
            return Unkeyed(self._shift(folder), self._offset(folder))
        key = read_key(key_file)
        if about["key"] and about["key"] != fingerprint(key):
            raise WrongUseError(
                f"--key-file {key_file}: another key than the twin was made with ({about['key']})"
            )
        return Pseudonyms(key, self._today)

    def _shift(self, folder: Path) -> timedelta:
        """By how much the twin's dates are moved: where times of day agree. Raises `WrongUseError`."""
        times: Counter[str] = Counter()
        of_day: dict[str, set[str]] = {}
        for line in _lines(folder / "rooms.jsonl"):
            registered = str(line["room"].get("reg_date"))
            times[registered] += 1
            of_day.setdefault(registered[:10], set()).add(registered[11:])
        span = (self._desk.today() - timedelta(days=30), self._desk.today())
        view = self._desk.rooms({**ranged(span), "limit": 50}, "by how much the twin's dates are moved")
        seen = [at for room in view.rooms if (at := as_time(room.get("reg_date"))) is not None]
        fits = {
            weeks: sum(f"{at - timedelta(weeks=weeks):%Y-%m-%d %H:%M:%S}" in times for at in seen)
            for weeks in _WEEKS
        }
        best = max(fits, key=lambda weeks: fits[weeks])
        if not fits[best]:
            raise WrongUseError(
                "no room of the API's last 30 days is in the twin, so its dates can not be told: give --key-file"
            )
        return -timedelta(weeks=best)

    def _offset(self, folder: Path) -> int:
        """By how much the twin's message ids are moved: by the first of each list."""
        listed = [
            line["message"].get("id") for line in _lines(folder / "messages.jsonl") if line["listed"] == 0
        ]
        if not listed or "messages" in self._desk.skipped:
            return 0
        view = self._desk.ask(self._desk.listing_question())
        messages = view.messages if isinstance(view, MessagesView) else ()
        first = messages[0].get("id") if messages else None
        return listed[0] - first if isinstance(first, int) and isinstance(listed[0], int) else 0

    def compare(self) -> None:
        """Ask at random without end."""
        random = Random(self._outcome.seed)  # noqa: S311 - draws questions, guards nothing
        for kind, request in drawn(random, self._window, self._ids, client=self._desk.client):
            if self._desk.skipped.keys() >= set(NAMES):
                return
            if request.endpoint in self._desk.skipped:
                continue
            live = self._live(request)
            twin = self._ask(asked_alike(request, self._words))
            found = self._difference(live, twin)
            if found and self._moves(live, request):
                self._outcome.moved += 1
                continue
            self._count(kind, found, request)

    def _live(self, request: Request) -> Exchange:
        self._desk.ask(request)
        return self._desk.recording[-1]

    def _moves(self, live: Exchange, request: Request) -> bool:
        """Whether the API answers otherwise by now."""
        again = self._live(request)
        return bool(self._document(live) != self._document(again))

    def _document(self, exchange: Exchange) -> Any:
        """What an answer says, but for what changes by itself."""
        return without(document(exchange.response), self._changing)

    def _count(self, kind: Class, found: Difference, request: Request) -> None:
        outcome = self._outcome
        outcome.asked[kind] += 1
        outcome.alike[kind] += not found
        if found:
            outcome.kinds[kind, found] += 1
            if outcome.kinds[kind, found] <= _SHOWN:
                outcome.examples.append((kind, found, request))

    def _difference(self, live: Exchange, twin: Exchange) -> Difference:
        if live.response is None or twin.response is None:
            return "" if live.response is twin.response else "answered"
        if self._exact:
            self._words.learn(_rooms_of(self._document(live)))
            found = self._between(live, twin, self._words, Originals())
            if found not in ("fields", "messages", "rooms", "order", "body"):
                return found
        return self._between(live, twin, self._form_of_live, Unkeyed(timedelta(0), 0))

    def _between(self, live: Exchange, twin: Exchange, words: Pseudonyms, others: Pseudonyms) -> Difference:
        """The difference between two answers, each told in words of its own."""
        told = [self._told(live, words), self._told(twin, others)]
        return difference(told[0][0], told[0][1], told[1][0], told[1][1])

    def _told(self, exchange: Exchange, words: Pseudonyms) -> tuple[int, Any]:
        answer = exchange.response
        if answer is None:
            return 0, None
        return answer.status, without(
            loaded(told_body(exchange.request.endpoint, answer, words)), self._changing
        )


class Unkeyed(Pseudonyms):
    """What is known of a twin's words without its key: how far dates and numbers are moved."""

    def __init__(self, shift: timedelta, offset: int) -> None:
        """Know both."""
        super().__init__(b"", date(2000, 1, 1))
        self.shift, self._offset = shift, offset

    def text(self, text: str) -> str:
        """Length and kinds of characters."""
        return "".join(alphabet(char)[:1] or char for char in text)

    def value(self, value: Any, name: str = "") -> Any:
        """What is left of a value without its words: dates and codes, and the form of texts."""
        match value:
            case dict():
                return {self._field(field_): self.value(item, field_) for field_, item in value.items()}
            case list():
                return [self.value(item, name) for item in value]
            case str() if name in CODES or value == ZERO_DATE:
                return value
            case str() if as_time(dated := self.dated(value)) is not None:
                return dated
            case str() if name == "id":  # those of rooms that tie by id are given out in their order
                return f"{len(value)} characters"
            case str():
                return self.text(value)
            case int() | float() if not isinstance(value, bool):
                return value if name in CODES else "number"
        return value


def _rooms_of(value: Any) -> list[dict[str, Any]]:
    data = value.get("data") if isinstance(value, dict) else None
    listed = data.get("chat_list") if isinstance(data, dict) else None
    return [room for room in listed if isinstance(room, dict)] if isinstance(listed, list) else []


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.exists():
        for line in path.read_bytes().splitlines():
            yield orjson.loads(line)


def _ids_of(folder: Path) -> list[int]:
    found = (line["message"].get("id") for line in _lines(folder / "messages.jsonl"))
    return [one for one in found if isinstance(one, int)]
