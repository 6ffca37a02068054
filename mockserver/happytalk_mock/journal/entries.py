"""The journal as a person or a test reads it: entries with a verdict.

Secrets are masked. Of an answer the journal tells result, counts, ids and statuses, never people's words.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from hashlib import blake2s
from typing import Any, Final, Literal

import orjson

from ..core.clock import ZERO_DATE, seoul_time
from ..core.exchange import FAULT_HEADER, Answer, Received
from ..core.wording import SECRET_NAMES, mask, shorten
from ..spec.violations import Violation, request_violations
from ..spec.vocabulary import MESSAGES_PATH, PARAMETERS, ROOMS_PATH, SORT_KEYS
from .journal import MAX_BODY, Recorded

EndpointName = Literal["rooms", "messages", "other"]
ENDPOINT_NAMES: Final = ("rooms", "messages", "other")
RESULTS: Final = ("success", "failure", "broken")
#: Endpoint of a path; every other path is "other".
NAMES: Final[Mapping[str, EndpointName]] = {ROOMS_PATH: "rooms", MESSAGES_PATH: "messages"}
_METHODS: Final = {"rooms": ("POST",), "messages": ("GET", "HEAD")}
#: Headers that an entry shows; the others are nobody's business.
_SHOWN_HEADERS: Final = ("content-type", "user-agent", "prefer", "ht-client-id", "ht-client-secret")
#: Parameters whose values are shown: the documented ones. Another might be a misspelt secret.
_SHOWN_PARAMETERS: Final = frozenset({*PARAMETERS, "id"} - {"token"})

#: The customer token a request belongs to, if it says.
TokenOf = Callable[[Received], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A request of the journal, judged. Nothing in it is secret."""

    id: int
    moment: str  #: when it came by the mock's clock, ISO 8601 in Seoul time
    machine_moment: str  #: when it was answered by the machine's clock, in Seoul time too
    endpoint: EndpointName
    method: str
    path: str
    tenant: str | None  #: its token, masked; None where the request names none
    customer: str | None  #: the same for requests under the same token, and nothing else
    headers: Mapping[str, str]
    parameters: Mapping[str, Any]  #: of the body, or of the query for system messages
    violations: tuple[Violation, ...]  #: where the request departs from the documentation
    status: int
    result: Literal["success", "failure", "broken"]  #: broken: not the documented envelope at all
    answer: Mapping[str, Any]
    milliseconds: float
    faults: tuple[int, ...]
    drifts: tuple[str, ...]

    def payload(self) -> dict[str, Any]:
        """The entry as JSON tells it."""
        return asdict(self)


class Reader:
    """Turns what was recorded into entries."""

    def __init__(self, token_of: TokenOf, production: Callable[[str | None], bool]) -> None:
        """`production` says of a token whether its chat room list needs the HT headers."""
        self._token_of = token_of
        self._production = production
        # Masks of tokens may be equal; a keyed digest tells them apart, and tells nothing of them.
        self._key = secrets.token_bytes(16)

    def token(self, recorded: Recorded) -> str | None:
        """The token of the customer who asked, in the clear: for comparing, not for showing."""
        return self._token_of(recorded.received)

    def entry(self, recorded: Recorded) -> Entry:
        """The entry of a request."""
        received, answer = recorded.received, recorded.answer
        endpoint = endpoint_of(received)
        token = self.token(recorded)
        result, told = summary(answer.body)
        return Entry(
            id=recorded.number,
            moment=_moment(recorded.epoch),
            machine_moment=_moment(recorded.machine_epoch),
            endpoint=endpoint,
            method=received.method,
            path=shorten(received.path, 200),
            tenant=None if token is None else mask(token),
            customer=None if token is None else self._customer(token),
            headers={
                name: mask(value) if name in SECRET_NAMES else shorten(value, 120)
                for name in _SHOWN_HEADERS
                if (value := received.headers.get(name)) is not None
            },
            parameters={
                shorten(name): shown(name, value) for name, value in received.parameters.values.items()
            },
            violations=tuple(_violations(received, production=self._production(token))),
            status=answer.status,
            result=result,
            answer={**told, **_framing(answer)},
            milliseconds=round(recorded.seconds * 1000, 3),
            faults=recorded.faults,
            drifts=recorded.drifts,
        )

    def _customer(self, token: str) -> str:
        return blake2s(token.encode("utf-8", "surrogatepass"), key=self._key, digest_size=4).hexdigest()


def endpoint_of(received: Received) -> EndpointName:
    """Which endpoint was asked; "other" is any path that is none."""
    return NAMES.get(received.path, "other")


# --- the parts of an entry ---------------------------------------------------------------------------------


def shown(name: str, value: Any, *, known: bool = False) -> Any:
    """A parameter's value as shown: secrets masked, the rest shortened. `known`: it is no client's."""
    if isinstance(value, str):
        if name.lower() in SECRET_NAMES:
            return mask(value)
        return shorten(value) if known or name in _SHOWN_PARAMETERS else f"…({len(value)})"
    if isinstance(value, (dict, list)):
        return f"{'an object' if isinstance(value, dict) else 'an array'} of {len(value)}"
    # JSON's readers and writers differ in what they take beyond 64 bits.
    return shorten(str(value)) if isinstance(value, int) and value.bit_length() > 63 else value


def _violations(received: Received, *, production: bool) -> Iterator[Violation]:
    endpoint = endpoint_of(received)
    if endpoint == "other":
        yield Violation(
            field="path",
            received=shorten(received.path),
            expected=f"POST {ROOMS_PATH} or GET {MESSAGES_PATH}",
            message="there is no endpoint at this path",
        )
        return
    methods = _METHODS[endpoint]
    if received.method not in methods:
        yield Violation(
            field="method",
            received=shorten(received.method),
            expected=methods[0],
            message=f"this endpoint is asked by {methods[0]}",
        )
    if received.parameters.unreadable is not None and received.parameters.unreadable.why == "not kept":
        yield Violation(
            field="body",
            received=f"{received.headers.get('content-length', f'more than {MAX_BODY}')} bytes",
            expected="a small JSON object",
            message=f"the body is longer than the {MAX_BODY} bytes that the journal keeps; it was not judged",
        )
        return
    yield from request_violations(endpoint, received, production=production)


def _moment(epoch: float) -> str:
    return seoul_time(epoch).isoformat(timespec="milliseconds")


def _framing(answer: Answer) -> dict[str, Any]:
    """What an entry tells of an answer beside its content."""
    headers = {name.lower(): value for name, value in answer.headers}
    told: dict[str, Any] = {"bytes": len(answer.body), "content_type": headers.get("content-type", "")}
    if "retry-after" in headers:
        told["retry_after"] = headers["retry-after"]
    if FAULT_HEADER.lower() in headers:
        told["fault"] = headers[FAULT_HEADER.lower()]
    return told


def summary(body: bytes) -> tuple[Literal["success", "failure", "broken"], dict[str, Any]]:
    """Result and what an entry tells of an answer."""
    try:
        payload = orjson.loads(body)
    except orjson.JSONDecodeError:
        return "broken", {}
    if not isinstance(payload, dict):
        return "broken", {}
    data = payload.get("data")
    if payload.get("result") == "success" and isinstance(data, dict):
        rooms = [room for room in data.get("chat_list") or [] if isinstance(room, dict)]
        sizes = {name: data.get(name) for name in ("page", "limit", "total_count")}
        return "success", {**sizes, "rooms": len(rooms), **_ids_and_statuses(rooms), **_oddities(rooms)}
    if payload.get("code") == "200" and isinstance(data, list):
        messages = [message for message in data if isinstance(message, dict)]
        return "success", {"code": "200", "messages": len(messages), **_ids_and_statuses(messages)}
    if "code" in payload:
        message = payload.get("message")
        return "failure", {"code": payload["code"], "message": shorten(str(message), 120)}
    return "broken", {}


def _oddities(rooms: list[dict[str, Any]]) -> dict[str, Any]:
    """What clients stumble over: zero dates, customers without an id, and the dates at the ends of a page."""
    counts = {
        "zero_dates": sum(room.get("complate_date") == ZERO_DATE for room in rooms),
        "null_users_ids": sum(room.get("users_id", "") is None for room in rooms),
    }
    told: dict[str, Any] = {name: number for name, number in counts.items() if number}
    for name in SORT_KEYS:
        if rooms and name in rooms[0]:
            told[f"{name}s"] = [rooms[0][name], rooms[-1].get(name)]
    return told


def _ids_and_statuses(items: list[dict[str, Any]]) -> dict[str, Any]:
    return {"ids": [item.get("id") for item in items], "statuses": [item.get("status") for item in items]}
