"""What a failure looks like as an answer: the envelope, its HTTP status, and a hint in a header."""

from __future__ import annotations

import hmac
from functools import lru_cache
from typing import Any, Final

import orjson

from ..core.errors import ApiFailure, ChangeError, MessagesFailure, RoomsFailure
from ..core.exchange import HINT_HEADER, JSON_TYPE, MOCK_HEADER, Answer, Received
from ..core.problems import PROBLEM_TYPE, problem
from ..core.version import __version__
from ..core.wording import shorten
from ..spec.behaviour import Behaviour
from ..spec.resources import endpoints
from ..spec.vocabulary import MESSAGES_PATH, PARAMETERS, ROOMS_PATH

HT_HEADERS: Final = ("HT-Client-Id", "HT-Client-Secret")
#: Causes whose code and message the vendor lists.
_ROOMS: Final = {
    each["cause"]: (int(code), each["message"])
    for code, each in reversed([*endpoints()["rooms"]["failures"].items()])
}
#: The headers of every answer of the two endpoints.
HEADERS: Final = (("Content-Type", JSON_TYPE), (MOCK_HEADER, __version__))


def refusal(failure: RoomsFailure | MessagesFailure, behaviour: Behaviour) -> Answer:
    """The failure envelope, with the code, message and HTTP status that the profile gives such failures."""
    cause, message = failure.cause, failure.message
    endpoint = "messages" if isinstance(failure, MessagesFailure) else "rooms"
    learned = learned_failure(behaviour, endpoint, cause, failure)
    if learned is not None:
        return learned
    if isinstance(failure, MessagesFailure):
        status = behaviour[f"message_failure_http_status.{cause}"]
        payload: dict[str, Any] = {
            "code": failure.code,
            "message": message or endpoints()["messages"]["failures"][failure.code]["message"],
        }
    else:
        status = behaviour[f"failure_http_status.{cause}"]
        code, message = _ROOMS.get(cause) or (int(behaviour[f"failure_code.{cause}"]), message)
        if cause not in _ROOMS and behaviour[f"failure_message.{cause}"] == "terse":
            message = message.partition(":")[0]
        payload = {"result": "fail", "code": code, "message": message}
    return Answer(int(status), _failure_headers(failure.hint), orjson.dumps(payload))


def learned_failure(
    behaviour: Behaviour, endpoint: str, cause: str, failure: ApiFailure | None = None
) -> Answer | None:
    """The failure word for word, where a twin knows that."""
    if not behaviour.failures:
        return None
    field, received, hint = (failure.field, failure.received, failure.hint) if failure else ("", "", "")
    field = "unknown" if field and field not in PARAMETERS else field
    found = behaviour.failures.get(f"{endpoint}.{cause}.{field}") or behaviour.failures.get(
        f"{endpoint}.{cause}"
    )
    if found is None:
        return None
    headers = (("Content-Type", found.content_type), *_failure_headers(hint)[1:])
    return Answer(found.status, headers, found.body.replace("{value}", _inside_text(received)).encode())


def _inside_text(received: str) -> str:
    """A value as JSON, as it stands inside a text of JSON: a text without its quotes."""
    is_text = len(received) > 1 and received[0] == received[-1] == '"'
    return received[1:-1] if is_text else orjson.dumps(received).decode()[1:-1]


def astray(behaviour: Behaviour, received: Received) -> Answer | None:
    """What a path gets that is none of the API's; None: what the server itself says."""
    answer = behaviour["other_path"]
    learned = learned_failure(behaviour, "rooms", "path")
    if learned is not None:
        return learned
    if answer == "failure":
        message = f"path: received {shorten(received.path, 200)}; expected a path of the API"
        return refusal(RoomsFailure(message, cause="path"), behaviour)
    return elsewhere(int(answer), received) if answer != "404" else None


def elsewhere(status: int, received: Received) -> Answer:
    """404 or 405 in a form of the mock's own: another path or method than the API has."""
    asked = f"{received.method} {shorten(received.path, 200)}"
    field = "method" if status == 405 else "path"
    error = ChangeError(field, received=asked, allowed=f"POST {ROOMS_PATH}, GET {MESSAGES_PATH}")
    return Answer(status, (("Content-Type", PROBLEM_TYPE), HEADERS[1]), orjson.dumps(problem(status, error)))


@lru_cache(maxsize=256)
def _failure_headers(hint: str) -> tuple[tuple[str, str], ...]:
    """The usual headers and the hint, which is a header and so must be printable ASCII on one line."""
    printable = "".join(char if " " <= char <= "~" else "?" for char in hint)
    return (*HEADERS, (HINT_HEADER, printable)) if hint else HEADERS


def same(given: str | None, expected: str) -> bool:
    """Whether a credential is the expected one; takes the same time wherever they differ."""
    return given is not None and hmac.compare_digest(given.encode(), expected.encode())
