"""An answer as bytes: its head, and what the server itself says where a request cannot be served."""

from __future__ import annotations

import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Final

import orjson

from ..core.errors import UnservableError
from ..core.exchange import MOCK_HEADER, Answer
from ..core.problems import PROBLEM_TYPE, problem
from ..core.version import __version__

_REASONS: Final = {status.value: status.phrase for status in HTTPStatus}


#: Answers that have no body, and must not say how long it is (RFC 9110, 8.6).
BODILESS: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


@lru_cache(maxsize=1024)
def beginning(status: int, headers: tuple[tuple[str, str], ...]) -> bytes:
    """The head of an answer up to the number of its Content-Length, where it has one."""
    lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Answer')}"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines += [] if status in BODILESS else ["Content-Length: "]
    return "\r\n".join(lines).encode("latin-1", "replace")


def date_line() -> bytes:
    """What follows the length: the date, which is the machine's."""
    return f"\r\nDate: {formatdate(time.time(), usegmt=True)}".encode("ascii")


def refusal(refused: UnservableError) -> Answer:
    """The answer to what cannot be served, in problem details."""
    body = orjson.dumps(problem(refused.status, refused.problem))
    return Answer(refused.status, (("Content-Type", PROBLEM_TYPE), (MOCK_HEADER, __version__)), body)
