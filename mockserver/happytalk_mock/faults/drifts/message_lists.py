"""System messages as drifts see them: what was asked, what was honestly answered, and what is not listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from ...core.exchange import Answer, Received
from ...spec.vocabulary import Message
from .drift import Apply, Ask, Context

_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
#: How far around the listed ids others are looked for, and how many at most.
_AROUND: Final = 64
_MOST: Final = 400

Where = Callable[["Listing"], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An honest success of the system messages, to be changed in place."""

    payload: dict[str, Any]
    sender_key: str
    id: int | None
    context: Context
    _ask: Ask
    _received: Received

    @property
    def messages(self) -> list[Message]:
        """The messages answered."""
        messages: list[Message] = self.payload["data"]
        return messages

    def other(self, sender_key: str, id: int | None = None) -> list[Message]:
        """What the honest API answers for a sender key and maybe an id; nothing for a failure."""
        query = {"senderKey": sender_key} | ({} if id is None else {"id": str(id)})
        payload = success(self._ask(self._received.asking(query)))
        return [] if payload is None else payload["data"]

    def unlisted(self) -> Iterator[Message]:
        """Messages of the sender near the listed ones that the list leaves out, found by asking for ids."""
        listed = {message["id"] for message in self.messages}
        if not listed:
            return
        first = max(min(listed) - _AROUND, 1)
        for number in range(first, min(max(listed) + _AROUND, first + _MOST) + 1):
            if number not in listed:
                yield from self.other(self.sender_key, number)


def success(answer: Answer) -> dict[str, Any] | None:
    """The envelope of a success, or None for a failure or anything else."""
    try:
        payload = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None
    readable = isinstance(payload, dict) and isinstance(payload.get("data"), list)
    return payload if readable else None


def failure(answer: Answer) -> dict[str, Any] | None:
    """The envelope of a failure, or None for a success or anything else."""
    try:
        payload = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None
    readable = isinstance(payload, dict) and "code" in payload and "data" not in payload
    return payload if readable else None


def query_of(received: Received) -> Mapping[str, str]:
    """The parameters of a query string; of a repeated one the first."""
    return received.parameters.values


def on_success(change: Callable[[Listing], None], where: Where | None = None) -> Apply:
    """A drift that changes successful answers, where the request is of the kind it shows on."""

    def apply(ask: Ask, received: Received, context: Context) -> Answer:
        honest = ask(received)
        payload = success(honest)
        if payload is None:
            return honest
        query = query_of(received)
        text = query.get("id", "")
        listing = Listing(
            payload=payload,
            sender_key=query.get("senderKey", ""),
            id=int(text) if _NUMBER.fullmatch(text) else None,
            context=context,
            _ask=ask,
            _received=received,
        )
        if where is not None and not where(listing):
            return honest
        change(listing)
        return honest._replace(body=orjson.dumps(listing.payload))

    return apply


def on_messages(change: Callable[[Message], Any], where: Where | None = None) -> Apply:
    """A drift that changes each message shown."""

    def change_all(listing: Listing) -> None:
        for message in listing.messages:
            change(message)

    return on_success(change_all, where)


def on_parts(change: Callable[[dict[str, Any]], Any]) -> Apply:
    """A drift that changes each part (an entry of `messages`) shown."""
    return on_messages(lambda message: [change(part) for part in message["messages"]])


def on_buttons(change: Callable[[dict[str, Any]], Any]) -> Apply:
    """A drift that changes each button shown."""
    return on_parts(lambda part: [change(button) for button in part["buttons"]])


def on_comments(change: Callable[[dict[str, Any]], Any]) -> Apply:
    """A drift that changes each comment shown."""
    return on_messages(lambda message: [change(comment) for comment in message["comments"]])


def listed(listing: Listing) -> bool:
    """The request names no id."""
    return listing.id is None


def single(listing: Listing) -> bool:
    """The request names an id."""
    return listing.id is not None
