"""What a failure looks like as an answer: the envelope, its HTTP status, and a hint in a header."""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import Final

import orjson

from ..core.errors import ApiFailure, RoomsFailure
from ..core.exchange import HINT_HEADER, JSON_TYPE, MOCK_HEADER, Answer
from ..core.version import __version__
from ..spec.behaviour import Behaviour

#: The headers of every answer of the two endpoints.
HEADERS: Final = (("Content-Type", JSON_TYPE), (MOCK_HEADER, __version__))


def refusal(failure: ApiFailure, behaviour: Behaviour) -> Answer:
    """The failure envelope, with the HTTP status that the profile gives failures."""
    if isinstance(failure, RoomsFailure):
        status = int(behaviour["failure_http_status"])
        terse = behaviour["failure_text"] == "terse"
    else:
        status = failure.http_status if behaviour["message_failure_http_status"] == "4xx" else 200
        terse = False
    payload = failure.payload()
    if terse:
        payload["message"] = failure.message.partition(":")[0]
    return Answer(status, _failure_headers(failure.hint), orjson.dumps(payload))


@lru_cache(maxsize=256)
def _failure_headers(hint: str) -> tuple[tuple[str, str], ...]:
    """The usual headers and the hint, which is a header and so must be printable ASCII on one line."""
    printable = "".join(char if " " <= char <= "~" else "?" for char in hint)
    return (*HEADERS, (HINT_HEADER, printable)) if hint else HEADERS


def same(given: str | None, expected: str) -> bool:
    """Whether a credential is the expected one; takes the same time wherever they differ."""
    return given is not None and hmac.compare_digest(given.encode(), expected.encode())
