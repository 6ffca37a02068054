"""From what a person asked for to a twin: visit, pseudonyms, files, and a mock that is asked the same again."""

from __future__ import annotations

import hashlib
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from happytalk_contract.core.control import Control, ignore
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.events import Event, Note
from happytalk_contract.core.files import write_atomically
from happytalk_contract.core.model import SEOUL, Exchange
from happytalk_contract.engine.runner import Settings, desk_of
from happytalk_contract.engine.session import Desk
from happytalk_contract.twin.account import shape
from happytalk_contract.twin.answering import answering, document
from happytalk_contract.twin.comparing import difference
from happytalk_contract.twin.folder import (
    FORMAT,
    NOTICE,
    Twin,
    exchange_line,
    make_folder,
    message_lines,
    room_lines,
    told_body,
)
from happytalk_contract.twin.notebook import Notebook
from happytalk_contract.twin.pseudonyms import Originals, Pseudonyms
from happytalk_contract.twin.visit import Visit, Visitor
from happytalk_contract.twin.words import around, failing

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


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What became of a visit."""

    visit: Visit
    twin: Twin | None  #: None: it was interrupted and is to go on
    requests: int
    resumed: int = 0
    asked: int = 0  #: recorded questions that the mock was asked again
    alike: int = 0  #: and answered as recorded
    departing: list[tuple[int, str, str]] = field(
        default_factory=list
    )  #: number, kind of difference, question


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
    }
    notes = Notebook(asked.output, about)
    is_finished = False
    try:
        write_atomically(asked.output / ".gitignore", _IGNORED, private=True)
        if notes.resumed:
            control.tell(Note, f"going on with a visit of {notes.resumed} answers")
        with desk_of(settings, control, notes.through(control), seed=notes.about["seed"]) as desk:
            visit = Visitor(desk, days=asked.days, message_ids=asked.message_ids).go()
            if control.interrupted:
                return Outcome(visit=visit, twin=None, requests=control.sent, resumed=notes.resumed)
            twin, words = _twin(visit, desk, settings, asked)
            outcome = Outcome(visit=visit, twin=twin, requests=control.sent, resumed=notes.resumed)
            twin.write(asked.output)
            _verify(outcome, twin, desk.recording, words, asked)
        is_finished = True
    finally:
        notes.close(finished=is_finished)
    return outcome


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


def _twin(visit: Visit, desk: Desk, settings: Settings, asked: Asked) -> tuple[Twin, Pseudonyms]:
    key = _key(asked)
    words = words_of(asked, visit, key)
    crawled, world = visit.crawled, visit.world
    recorded = desk.clock() + words.shift
    days = crawled.window if crawled is not None else (visit.today, visit.today)
    about = {
        "format": FORMAT,
        "notice": NOTICE if asked.words != "original" else "original words: test data alone",
        "target": settings.target,
        "recorded": f"{recorded:%Y-%m-%dT%H:%M:%S}",
        "today": (visit.today + words.shift).isoformat(),
        "days": [(day + words.shift).isoformat() for day in days],
        "requests": desk.control.sent,
        "seed": desk.seed,
        "words": asked.words,
        "rooms": asked.rooms,
        "key": fingerprint(key) if asked.key_file is not None else "",
        "versions": {
            "mock": version("happytalk-mock"),
            "kit": version("happytalk-mock"),
            "python": ".".join(map(str, sys.version_info[:3])),
        },
    }
    evidence = desk.evidence
    twin = Twin(
        about=about,
        answers=visit.answers,
        decisions=visit.decisions,
        failures=failing(evidence, visit.answers, world),
        envelope=around(evidence),
        account=shape(crawled, desk.recording) if crawled is not None else {},
        rooms=list(room_lines(crawled.ties.rooms, crawled.ties.ranks, words))
        if asked.rooms and crawled
        else [],
        messages=list(message_lines(visit.messages.messages, words)) if asked.rooms else [],
        evidence=[
            exchange_line(one, words, whole=False) for one in desk.recording if one.response is not None
        ],
    )
    return twin, words


def _verify(outcome: Outcome, twin: Twin, recording: list[Exchange], words: Pseudonyms, asked: Asked) -> None:
    """Ask a mock on the twin all that was asked, and mark what it does not answer as recorded."""
    by_number = {exchange.number: exchange for exchange in recording}
    with answering(asked.output, twin.about["recorded"]) as ask:
        for line, request in _questions(twin):
            exchange = by_number[line["n"]]
            answer = exchange.response
            if answer is None or (not asked.rooms and b'"chat_list"' in answer.body):
                continue
            told = ask(request).response
            outcome.asked += 1
            mine = (
                document(answer)
                if answer is None
                else _loaded(told_body(request.endpoint, answer.body, words))
            )
            kind = difference(answer.status, mine, 0 if told is None else told.status, document(told))
            if not kind:
                outcome.alike += 1
                continue
            outcome.departing.append((exchange.number, kind, request.why))
            line |= {**exchange_line(exchange, words, whole=True), "serve": "recorded"}
    if outcome.departing:
        twin.write(asked.output)


def _questions(twin: Twin) -> Iterator[tuple[dict[str, Any], Any]]:
    from happytalk_contract.evidence.recording import decoded

    for line in twin.evidence:
        yield (
            line,
            decoded(
                {
                    "number": line["n"],
                    "started": 0,
                    "fault": None,
                    "request": line["request"],
                    "response": None,
                }
            ).request,
        )


def _loaded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return body


__all__ = ["Asked", "Outcome", "learn", "timedelta"]
