"""What the command line shows: the block when the server is ready, a line per request, the open questions."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, TextIO

import click
import orjson

from ..api.control import Observer
from ..api.rooms import newest_day
from ..core.clock import SEOUL
from ..core.exchange import Answer, Received
from ..core.wording import mask, shorten
from ..journal.entries import NAMES
from ..spec.behaviour import QUESTIONS
from ..spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from ..state.mock import Mock

#: Tells of an event: a text for people, and `event` and more fields for programs.
Tell = Callable[..., object]


def ready_block(url: str, mock: Mock, state: str | None = None) -> str:
    """The address, the mock's own credentials, a curl line for each endpoint, and how to stop."""
    own = mock.setup.credentials[0]
    clock = mock.clock.now().strftime("%Y-%m-%d %H:%M:%S") + (", frozen" if mock.clock.frozen else "")
    permission = (
        f"  -H 'HT-Client-Id: {own.client_id}' -H 'HT-Client-Secret: {own.client_secret}' \\\n"
        if mock.behaviour["ht_headers"] == "needed"
        else ""
    )
    return f"""happytalk-mock is ready at {url}   (Seoul {clock})

  token:             {own.token}
  HT-Client-Id:      {own.client_id}
  HT-Client-Secret:  {own.client_secret}
  senderKey:         {own.sender_keys[0]}
{_twin(mock)}
curl -X POST '{url}{ROOMS_PATH}' \\
{permission}  -H 'Content-Type: application/json' --data-raw '{{"token": "{own.token}"{_ndate(mock)}}}'

curl '{url}{MESSAGES_PATH}?senderKey={own.sender_keys[0]}' \\
  -H 'HT-Client-Id: {own.client_id}' -H 'HT-Client-Secret: {own.client_secret}'

Console: {url}/__console   OpenAPI: {url}/openapi.json   Health: {url}/__admin/health{
        f'''
State: {state}'''
        if state
        else ""
    }
Stop with Ctrl-C."""


#: What became of people's words in a twin.
_WORDS: Final = {
    "pseudonyms": "pseudonymous, still personal data",
    "made": "people's words are made up; what is left is still personal data",
    "original": "people's words as they came",
}


def _twin(mock: Mock) -> str:
    """What of a twin is served; nothing where none is."""
    if mock.setup.twin is None:
        return ""
    told = mock.setup.twin.told()
    rooms = f"its {told['rooms']} rooms" if mock.setup.recorded else f"{mock.setup.rooms} rooms of its shape"
    moved = f", dates moved by {told['days_moved']} days" if told["days_moved"] else ""
    exceptions = f", {told['exceptions']} answered as recorded" if told["exceptions"] else ""
    drifts = f"  drifts:            {', '.join(told['drifts'])}\n" if told["drifts"] else ""
    return f"""
  twin:              {told["name"]}, recorded {told["recorded"]}{moved}
  serves:            {rooms}; {_WORDS[told["words"]]}
  open questions:    {told["answers_decided"]} decided, {told["answers_default"]} by default{exceptions}
{drifts}"""


def _ndate(mock: Mock) -> str:
    """A day for the curl line, so that its answer has rooms at any hour; today has none before the first one."""
    day = newest_day(mock, next(iter(mock.tenants)))
    return f', "ndate": "{day}"' if day else ""


class RequestLog:
    """Writes a line for each answered request, without any secret or word of a room in it."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def __call__(self, received: Received, answer: Answer, seconds: float) -> None:
        """Writes the line: time, method, path, status, bytes, milliseconds, who.

        Where nobody reads any more (`2>&1 | head`, a full disk, no stream at all) it falls silent: an answer
        must not fail because of its log line.
        """
        if self._stream is None:
            return
        moment = datetime.now(SEOUL).strftime("%H:%M:%S")
        who = _who(received)
        # One write of a whole line: threads do not mix theirs, and a terminal shows it at once.
        line = (
            f"{moment} {received.method} {shorten(received.path, 100)} "
            f"{answer.status} {len(answer.body)} B {seconds * 1e3:.1f} ms {who}\n"
        )
        try:
            self._stream.write(line)
            self._stream.flush()
        except (OSError, ValueError):  # ValueError: closed
            self._stream = None


class JsonLog:
    """Writes a JSON object for each answered request and each event, without any secret or word of a room in it."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream

    def __call__(self, received: Received, answer: Answer, seconds: float) -> None:
        """Writes what a line of RequestLog says."""
        self.write(
            event="request",
            method=shorten(received.method),
            path=shorten(received.path, 100),
            endpoint=NAMES.get(received.path, "other"),
            status=answer.status,
            bytes=len(answer.body),
            milliseconds=round(seconds * 1e3, 3),
            tenant=_who(received),
        )

    def tell(self, _text: str, **fields: Any) -> None:
        """Writes an event."""
        self.write(**fields)

    def write(self, **fields: Any) -> None:
        """Writes a line; falls silent where nobody reads any more."""
        if self._stream is None:
            return
        line = orjson.dumps(
            {"time": datetime.now(SEOUL).isoformat(timespec="milliseconds"), **fields}
        ).decode()
        try:
            self._stream.write(line + "\n")
            self._stream.flush()
        except (OSError, ValueError):  # ValueError: closed
            self._stream = None


def _tell(text: str, *, event: str, **_fields: Any) -> None:
    """Says what happened to a person: that the server is ready on standard output, the rest beside it."""
    with suppress(OSError):  # nobody reads it: no reason not to serve
        click.echo(text if event == "ready" else f"happytalk-mock: {text}", err=event != "ready")


def log_of(kind: str) -> tuple[tuple[Observer, ...], Tell]:
    """What is told of each request, and how events are told, by the option `--log`."""
    if kind == "json":
        log = JsonLog(sys.stderr)
        return (log,), log.tell
    shown = kind == "always" or (kind == "auto" and sys.stderr.isatty())
    return (RequestLog(sys.stderr),) if shown else (), _tell


def _who(received: Received) -> str:
    """The token or HT-Client-Id of a request, masked; `-` for none."""
    if received.path == MESSAGES_PATH:
        secret: object = received.headers.get("ht-client-id")
    else:
        secret = received.token
    return mask(secret) if isinstance(secret, str) else "-"


def behaviours_text() -> str:
    """Every open question with its quote, legal answers and default."""
    lines = [
        "Where the documentation is silent or contradicts itself. Choose with --set QUESTION=ANSWER.",
        "",
    ]
    for question in QUESTIONS:
        lines += [
            f"{question.id}  ({question.endpoint})",
            f"  {question.asks.en}",
            f"  documentation: {question.quote.en or '(silent)'}",
        ]
        for answer, means in question.answers.items():
            mark = "  (default)" if answer == question.default else ""
            lines.append(f"    {answer:14} {means.en}{mark}")
        if question.number:
            mark = "" if question.default in question.answers else f"  (default: {question.default})"
            lines.append(f"    {'<number>':14} {question.number.means.en}{mark}")
        lines.append("")
    return "\n".join(lines).rstrip()
