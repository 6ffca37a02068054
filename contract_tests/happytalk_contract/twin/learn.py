"""From what a person asked for to a twin: visit, pseudonyms, files, and a mock that is asked the same again."""

from __future__ import annotations

import hashlib
import secrets
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal, NamedTuple

from happytalk_contract.core.control import Control, ignore
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.events import Event, Note
from happytalk_contract.core.files import make_sure_writable, write_atomically
from happytalk_contract.core.model import SEOUL, Exchange
from happytalk_contract.engine.runner import Settings, desk_of
from happytalk_contract.evidence import recording
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.twin.account import shape
from happytalk_contract.twin.crawl import USUAL_LIMITS
from happytalk_contract.twin.folder import (
    FORMAT,
    NOTICE,
    Kept,
    Twin,
    changes,
    exchange_line,
    holds,
    make_folder,
    message_lines,
    room_lines,
)
from happytalk_contract.twin.notebook import Notebook
from happytalk_contract.twin.pseudonyms import Originals, Pseudonyms
from happytalk_contract.twin.recorded import visit_of
from happytalk_contract.twin.verifying import Verified, marked, recorded, verified
from happytalk_contract.twin.visit import Visit, Visitor
from happytalk_contract.twin.words import around, changing, failing

Words = Literal["pseudonyms", "made", "original"]

_KEY_BYTES: Final = 32
_IGNORED: Final = b"# an unfinished visit holds answers as they came\nvisit.jsonl\n.*.jsonl.*\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a visit is told."""

    output: Path
    days: int = 30
    rooms: bool = True  #: whether rooms and messages are kept
    words: Words = "pseudonyms"
    meant: bool = False  #: original words are meant to be kept
    key_file: Path | None = None
    message_ids: tuple[int, ...] = ()
    limits: tuple[int, ...] = USUAL_LIMITS  #: that are read first where ties hang on them

    def make_sure(self) -> None:
        """Find out now whether all that is asked for can be done. Raises `WrongUseError`."""
        if self.words == "original" and not self.meant:
            raise WrongUseError(
                "--words original keeps people's words, names and numbers in the files as they came: "
                "add --these-are-test-data if the account holds nobody's"
            )
        make_folder(self.output)
        if self.key_file is not None and self.key_file.exists():
            read_key(self.key_file)
        elif self.key_file is not None:
            make_sure_writable(self.key_file, "--key-file")


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of a visit."""

    visit: Visit
    twin: Twin | None  #: None: it was interrupted and is to go on
    requests: int
    resumed: int = 0
    verified: Verified = field(default_factory=Verified)
    changes: list[str] = field(default_factory=list)  #: to the twin that was there before


def learn(settings: Settings, asked: Asked, on_event: Callable[[Event], None] = ignore) -> Outcome:
    """Visit, write the twin, and ask the mock on it the same again. Raises `WrongUseError`."""
    asked.make_sure()
    control = Control(max_requests=settings.max_requests, max_time=settings.max_time, on_event=on_event)
    today = settings.now().astimezone(SEOUL).date()
    about = {
        "target": settings.target,
        "seed": settings.seed,
        "today": today.isoformat(),
        "days": asked.days,
        "max_requests": settings.max_requests,
        "message_ids": len(asked.message_ids),
        "limits": list(asked.limits),
    }
    notes = Notebook(asked.output, about)
    is_finished = False
    try:
        write_atomically(asked.output / ".gitignore", _IGNORED, private=True)
        if notes.resumed:
            control.tell(Note, f"going on with a visit of {notes.resumed} answers")
        with desk_of(settings, control, notes.through(control), seed=notes.about["seed"]) as desk:
            visitor = Visitor(desk, days=asked.days, message_ids=asked.message_ids, limits=asked.limits)
            visit = visitor.go()
            outcome = Outcome(visit=visit, twin=None, requests=control.sent, resumed=notes.resumed)
            visit.unread += losses(asked.output, visit)
            if visit.has_seen and not visit.cut and not visit.unread:
                clock = desk.clock() if desk.clock.ahead or not desk.recording else _end(desk.recording)
                made = _Made(settings.target, desk.seed, control.sent, clock)
                _write(outcome, desk.evidence, desk.recording, asked, made)
        is_finished = not visit.cut
    finally:
        notes.close(finished=is_finished)
    return outcome


def learn_from(path: Path, asked: Asked) -> Outcome:
    """The same from a recording. Raises `WrongUseError`."""
    asked.make_sure()
    exchanges = recording.load(path)
    visit, evidence = visit_of(exchanges)
    outcome = Outcome(visit=visit, twin=None, requests=0)
    visit.unread += losses(asked.output, visit)
    if visit.has_seen and not visit.unread:
        made = _Made(f"recording {path.name}", 0, len(exchanges), _end(exchanges))
        _write(outcome, evidence, exchanges, asked, made)
    return outcome


def losses(folder: Path, visit: Visit) -> Iterator[str]:
    """What a twin in the folder holds, and a visit did not read at all."""
    read = {"rooms": visit.crawled is not None, "messages": visit.messages.is_read}
    for part, is_read in read.items():
        if not is_read and holds(folder, part):
            yield f"{folder} holds {part}, of which none were read; -o another folder learns the rest by itself"


class _Made(NamedTuple):
    """How a twin came to be."""

    target: str
    seed: int
    requests: int
    recorded: datetime


def _end(exchanges: Sequence[Exchange]) -> datetime:
    return datetime.fromtimestamp(exchanges[-1].started, SEOUL)


def _write(
    outcome: Outcome, evidence: Evidence, exchanges: Sequence[Exchange], asked: Asked, made: _Made
) -> None:
    """Write the twin, and ask a mock on it the same again."""
    key = _key(asked)
    words = words_of(asked, outcome.visit, key)
    outcome.visit.decisions = {
        question: replace(one, excerpt=words.spoken(one.excerpt))
        for question, one in outcome.visit.decisions.items()
    }
    twin = outcome.twin = _twin(outcome.visit, evidence, exchanges, words, asked, made)
    twin.about["key"] = fingerprint(key) if asked.key_file is not None else ""
    outcome.changes = list(changes(asked.output, twin))
    twin.write(asked.output)
    before = set(_of_another_day(evidence, outcome.visit.today))
    kept = [one for one in exchanges if one.number not in before]
    questions = recorded(kept, words, twin.changing, rooms=asked.rooms)
    found = outcome.verified = verified(asked.output, twin.about["recorded"], questions)
    plain = replace(twin, rooms=[{"room": line["room"]} for line in twin.rooms])
    if found.other_lists and plain.rooms != twin.rooms:  # a drift may explain places that no order does
        with TemporaryDirectory() as beside:
            plain.write(Path(beside))
            other = verified(Path(beside), twin.about["recorded"], questions)
        if other.drifts and other.alike >= found.alike:
            twin, found = outcome.twin, outcome.verified = plain, other
    if found.departing or found.drifts:
        twin.drifts = found.drifts
        marked(twin.evidence, found, {one.number: one for one in exchanges}, words)
        twin.write(asked.output)


def _of_another_day(evidence: Evidence, today: date) -> Iterator[int]:
    """What was asked of the current day before midnight, where a visit went past it."""
    if any(view.today == today for view in evidence.rooms):
        for view in evidence.rooms:
            if view.meaning is not None and view.meaning.is_today and view.today != today:
                yield view.number


def read_key(path: Path) -> bytes:
    """The key of a file. Raises `WrongUseError`."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "no key of hex digits"
        raise WrongUseError(f"--key-file {path}: {why}; expected one that `learn --key-file` made") from None
    if len(key) != _KEY_BYTES:
        raise WrongUseError(f"--key-file {path}: {len(key)} bytes; expected {_KEY_BYTES}, as 64 hex digits")
    return key


def fingerprint(key: bytes) -> str:
    """What tells one key from another, and nothing of it."""
    return hashlib.sha256(b"happytalk-contract key|" + key).hexdigest()[:16]


def _key(asked: Asked) -> bytes:
    """The key of the file, made if it is not there; a new one that is thrown away where there is no file."""
    if asked.key_file is not None and asked.key_file.exists():
        return read_key(asked.key_file)
    key = secrets.token_bytes(_KEY_BYTES)
    if asked.key_file is not None:
        write_atomically(asked.key_file, key.hex().encode() + b"\n", private=True)
    return key


def words_of(asked: Asked, visit: Visit, key: bytes) -> Pseudonyms:
    """What makes a twin's words of those that came."""
    if asked.words == "original":
        return Originals()
    crawled = visit.crawled
    rooms = () if crawled is None else crawled.ties.rooms
    by_id = {"id", "id_falling"} & {visit.answers.get("tie_order", "")}
    tied = crawled.world.tied() if crawled is not None and by_id else ()
    today = visit.today
    if asked.words == "made":
        from happytalk_contract.twin.made import Made  # here: it starts a mock for its sentences

        return Made(key, today, rooms, tied)
    return Pseudonyms(key, today, rooms, tied)


def _twin(
    visit: Visit,
    evidence: Evidence,
    exchanges: Sequence[Exchange],
    words: Pseudonyms,
    asked: Asked,
    made: _Made,
) -> Twin:
    crawled = visit.crawled
    days = crawled.window if crawled is not None else (visit.today, visit.today)
    kept: Kept = "ids" if asked.rooms else "count"
    return Twin(
        about={
            "format": FORMAT,
            "notice": NOTICE if asked.words != "original" else "original words: test data alone",
            "target": made.target,
            "recorded": f"{made.recorded + words.shift:%Y-%m-%dT%H:%M:%S}",
            "today": (visit.today + words.shift).isoformat(),
            "days": [(day + words.shift).isoformat() for day in days],
            "requests": made.requests,
            "seed": made.seed,
            "words": asked.words,
            "rooms": asked.rooms,
            "key": "",
            "versions": {
                "happytalk-mock": version("happytalk-mock"),
                "python": ".".join(map(str, sys.version_info[:3])),
            },
        },
        answers=visit.answers,
        decisions=visit.decisions,
        failures=failing(evidence, visit.answers, visit.world, words),
        envelope=around(evidence, words),
        changing=changing(evidence),
        account=shape(crawled, exchanges) if crawled is not None else {},
        rooms=list(room_lines(crawled.ties.rooms, visit.ranks, words)) if asked.rooms and crawled else [],
        messages=list(message_lines(visit.messages.messages, words)) if asked.rooms else [],
        evidence=[exchange_line(one, words, kept=kept) for one in exchanges if one.response is not None],
    )
