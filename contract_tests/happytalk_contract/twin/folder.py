"""A twin as files: written whole, readable by their owner alone, and read again."""

from __future__ import annotations

import base64
import contextlib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.files import write_atomically
from happytalk_contract.core.model import SEOUL, Exchange, Request, Response
from happytalk_contract.evidence.views import says_success
from happytalk_contract.twin.decide import Decision
from happytalk_contract.twin.messages import Message
from happytalk_contract.twin.pseudonyms import Pseudonyms
from happytalk_contract.twin.toml import written
from happytalk_contract.twin.words import DOCUMENTED, Words
from happytalk_contract.twin.world import Room

NOTICE: Final = "pseudonymous, still personal data"
FORMAT: Final = 1
#: How much of a list stands in the evidence.
Kept = Literal["whole", "ids", "count"]
_WORD: Final = re.compile(r'[^\s{}\[\]":,]+')
#: Headers of an answer that say something of it, not of its way, and their form.
_HEADERS: Final[Mapping[str, str]] = {
    "content-type": r"\w+/[\w.+-]+(;\s*charset=\"?[\w-]+\"?)?",
    "retry-after": r"\d{1,6}|\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT",
}
_BY_TEXT: Final = (
    "The answers of an API where its documentation is silent, as one visit saw them.\n"
    "`happytalk-mock serve --behaviour` takes this file; under [learned] stands how each was learnt."
)


@dataclass(slots=True, kw_only=True)
class Twin:
    """What is written."""

    about: dict[str, Any]
    answers: Mapping[str, str]
    drifts: tuple[str, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    failures: Mapping[str, Mapping[str, Words]] = field(default_factory=dict)
    envelope: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    changing: frozenset[str] = frozenset()  #: fields around answers that change by themselves
    account: dict[str, Any] = field(default_factory=dict)
    rooms: list[dict[str, Any]] = field(default_factory=list)  #: lines of rooms.jsonl
    messages: list[dict[str, Any]] = field(default_factory=list)
    evidence: list[dict[str, Any]] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write every file; what has nothing is not there. Raises `WrongUseError`."""
        behaviour = {
            **({"drifts": list(self.drifts)} if self.drifts else {}),
            **self.answers,
            "failures": {
                endpoint: {cause: _failure(words) for cause, words in causes.items() if words.status}
                for endpoint, causes in self.failures.items()
                if causes
            },
            **({"envelope": self.envelope} if self.envelope else {}),
            "learned": {question: _learned(one) for question, one in self.decisions.items()}
            | ({"envelope": {"state": "unsteady", "fields": sorted(self.changing)}} if self.changing else {}),
        }
        files = {
            "twin.toml": written(self.about).encode(),
            "behaviour.toml": written(behaviour, _BY_TEXT).encode(),
            "account.toml": written(self.account).encode() if self.account else b"",
            "rooms.jsonl": _jsonl(self.rooms),
            "messages.jsonl": _jsonl(self.messages),
            "evidence.jsonl": _jsonl(self.evidence),
        }
        for name, content in files.items():
            if content:
                write_atomically(folder / name, content, private=True)
            else:
                (folder / name).unlink(missing_ok=True)


def _jsonl(lines: Iterable[Any]) -> bytes:
    return b"".join(orjson.dumps(line) + b"\n" for line in lines)


def _failure(words: Words) -> dict[str, Any]:
    return {"status": words.status, "content_type": words.content_type, "body": words.body}


def _learned(decision: Decision) -> dict[str, Any]:
    told = asdict(decision)
    told |= {"confidence": decision.confidence, "evidence": list(told.pop("exchanges"))}
    names = ("state", "answer", "confidence", "evidence", "candidates", "excerpt", "needs")
    return {name: told[name] for name in names if told[name]}


def make_folder(folder: Path) -> None:
    """Make the folder of a twin, or see that it can be written. Raises `WrongUseError`."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        others = [one.name for one in folder.iterdir() if one.name not in FILES]
    except OSError as error:
        raise WrongUseError(f"-o {folder}: {error.strerror or error}") from None
    if others and not (folder / "twin.toml").exists():
        raise WrongUseError(
            f"-o {folder}: holds {others[0]}, so it is no twin; expected a new folder, or one of a twin"
        )


FILES: Final = frozenset(
    {
        "twin.toml",
        "behaviour.toml",
        "account.toml",
        "rooms.jsonl",
        "messages.jsonl",
        "evidence.jsonl",
        "visit.jsonl",
    }
    | {".gitignore"}
)


def room_lines(
    rooms: Iterable[Room], ranks: Mapping[str, Mapping[str, int]], words: Pseudonyms
) -> Iterator[dict[str, Any]]:
    """Lines of rooms.jsonl."""
    for room in rooms:
        one = str(room.get("id"))
        rank = {name: places[one] for name, places in ranks.items() if one in places}
        yield {"room": words.value(dict(room))} | ({"rank": rank} if rank else {})


def message_lines(messages: Iterable[Message], words: Pseudonyms) -> Iterator[dict[str, Any]]:
    """Lines of messages.jsonl."""
    for one in messages:
        yield {"message": words.value(one.message), "listed": one.listed, "sender": one.sender}


def exchange_line(exchange: Exchange, words: Pseudonyms, *, kept: Kept) -> dict[str, Any]:
    """A line of evidence.jsonl."""
    request, answer = exchange.request, exchange.response
    asked = asked_alike(request, words)
    at = datetime.fromtimestamp(exchange.started, SEOUL) + words.shift
    line: dict[str, Any] = {
        "n": exchange.number,
        "at": f"{at:%Y-%m-%dT%H:%M:%S}",
        "request": {
            "endpoint": request.endpoint,
            "method": request.method,
            "headers": dict(request.headers),
            "query": [list(pair) for pair in asked.query],
            "why": request.why,
            **({"suffix": request.suffix} if request.suffix else {}),
            **_bytes(asked.body),
        },
    }
    if answer is None:
        raise ValueError("an exchange without an answer is no evidence")
    headers = {
        name: answer.headers[name]
        for name, form in _HEADERS.items()
        if re.fullmatch(form, answer.headers.get(name, ""), re.ASCII)
    }
    body = told_body(request.endpoint, answer, words, kept=kept)
    return line | {"answer": {"status": answer.status, "headers": headers, **_bytes(body)}}


def asked_alike(request: Request, words: Pseudonyms) -> Request:
    """A question as the twin is asked it."""
    return replace(
        request,
        query=tuple((name, _asked_id(name, value, words)) for name, value in request.query),
        body=None if request.body is None else _asked(request.body, words),
    )


def _bytes(body: bytes | None) -> dict[str, Any]:
    if body is None:
        return {"body": None}
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(body).decode("ascii")}


def _asked_id(name: str, value: str, words: Pseudonyms) -> str:
    """An id that was asked for, as the twin knows it."""
    is_id = name == "id" and value.isascii() and value.isdigit() and len(value) < 8 and value[0] != "0"
    return str(words.number(int(value))) if is_id else value


def _asked(body: bytes, words: Pseudonyms) -> bytes:
    """A request's body with its dates moved; byte for byte where none was."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return body
    moved = words.dated(value)
    if moved == value:
        return body
    text = body.decode()
    for old, new in _changes(value, moved):
        text = text.replace(old, new)
    return text.encode()


def _changes(old: Any, new: Any) -> Iterator[tuple[str, str]]:
    if isinstance(old, dict):
        for name in old:
            yield from _changes(old[name], new[name])
    elif isinstance(old, list):
        for one, other in zip(old, new, strict=True):
            yield from _changes(one, other)
    elif old != new:
        yield orjson.dumps(old).decode(), orjson.dumps(new).decode()


def told_body(endpoint: str, answer: Response, words: Pseudonyms, *, kept: Kept = "whole") -> bytes:
    """An answer's body in the twin's words. A failure's are the API's own, and so is a page of an error."""
    try:
        document = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        # What broke off in the midst of a list is made of people's words.
        return (_spoken if answer.status >= 400 else _disguised)(answer.body, words)
    if not isinstance(document, dict):
        return orjson.dumps(words.value(document))
    if not may_tell(endpoint, document):
        return _spoken(answer.body, words)
    told, data = _around(document, DOCUMENTED[endpoint], words), document.get("data")
    if isinstance(data, dict):
        told["data"] = _around(data, DOCUMENTED["data"], words)
        if "chat_list" in data:
            listed = data["chat_list"]
            told["data"]["chat_list"] = (
                _kept(listed, words, kept) if isinstance(listed, list) else words.value(listed)
            )
    elif isinstance(data, list):
        told["data"] = _kept(data, words, kept)
    elif "data" in document:
        told["data"] = words.value(data)
    return orjson.dumps(told)


def may_tell(endpoint: str, document: Any) -> bool:
    """Whether a JSON answer may tell of people: all but a failure without data."""
    if not isinstance(document, dict):
        return True
    data = document.get("data")
    if (isinstance(data, dict) and any(isinstance(one, list | dict) and one for one in data.values())) or (
        isinstance(data, list) and data
    ):
        return True
    return says_success(endpoint, document)


def _kept(items: list[Any], words: Pseudonyms, kept: Kept) -> Any:
    """Rooms or messages whole, by their ids, or by their number alone."""
    if kept == "whole":
        return words.value(items)
    return (
        {"ids": [words.value(_id_of(one), "id") for one in items]} if kept == "ids" else {"count": len(items)}
    )


def _spoken(body: bytes, words: Pseudonyms) -> bytes:
    """The API's own words; nobody is named in them."""
    for charset in ("utf-8", "cp949", "latin-1"):
        with contextlib.suppress(UnicodeDecodeError):
            return words.spoken(body.decode(charset)).encode(charset, "replace")
    return b""


def _disguised(body: bytes, words: Pseudonyms) -> bytes:
    """What is no JSON, each word of it under a pseudonym."""
    text = body.decode("utf-8", "replace")
    return _WORD.sub(lambda found: words.text(found[0]), text).encode("utf-8", "surrogatepass")


def _around(fields: Mapping[str, Any], documented: frozenset[str], words: Pseudonyms) -> dict[str, Any]:
    """What stands around a list: documented fields as they are, others as the API's own or as pseudonyms."""
    return {name: value if name in documented else words.around(value) for name, value in fields.items()}


def _id_of(item: Any) -> Any:
    return item.get("id") if isinstance(item, dict) else item


def load_about(folder: Path) -> dict[str, Any]:
    """twin.toml. Raises `WrongUseError`."""
    return load_table(folder / "twin.toml")


def load_table(path: Path) -> dict[str, Any]:
    """A TOML file of a twin. Raises `WrongUseError`."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongUseError(
            f"{path}: {error.strerror or error}; expected a folder that `learn -o` wrote"
        ) from None
    except ValueError as error:
        raise WrongUseError(f"{path}: not TOML ({error})") from None


def holds(folder: Path, part: str) -> bool:
    """Whether a folder holds the rooms or messages of a twin."""
    path = folder / f"{part}.jsonl"
    return path.exists() and path.stat().st_size > 0


def changes(folder: Path, twin: Twin) -> Iterator[str]:
    """What is another way than in the twin that a folder holds: answers, failures, fields."""
    if not (folder / "behaviour.toml").exists():
        return
    before = load_table(folder / "behaviour.toml")
    old = {name: value for name, value in before.items() if not isinstance(value, dict | list)}
    for question in dict.fromkeys([*old, *twin.answers]):
        was, now = old.get(question, "not decided"), twin.answers.get(question, "not decided")
        if was != now:
            yield f"{question}: {was}, now {now}"
    for endpoint, causes in twin.failures.items():
        known = before.get("failures", {}).get(endpoint, {})
        for cause, words in causes.items():
            if cause in known and known[cause] != _failure(words):
                yield f"a failure about {cause} ({endpoint}) reads otherwise"
    for name, lines in (("room", twin.rooms), ("message", twin.messages)):
        path = folder / f"{name}s.jsonl"
        was_there = {key for line in _read(path) for key in line[name]}
        there = {key for line in lines for key in line[name]}
        if was_there and there:
            yield from (f"{name}: field {key} is new" for key in sorted(there - was_there))
            yield from (f"{name}: field {key} is gone" for key in sorted(was_there - there))


def _read(path: Path) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
