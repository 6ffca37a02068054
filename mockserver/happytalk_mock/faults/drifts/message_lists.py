"""System messages as drifts see them: what was asked, what was honestly answered, and what is not listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from .drift import Change, Condition, Exchange, Record, Reply, View, in_place, on_each

_NUMBER: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
#: How far around the listed ids others are looked for, and how many at most.
_AROUND: Final = 64
_MOST: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(View):
    """An honest success of the system messages, to be changed in place."""

    sender_key: str
    id: int | None

    @property
    def messages(self) -> list[Record]:
        """The messages answered."""
        messages: list[Record] = self.payload["data"]
        return messages

    def other(self, sender_key: str, id: int | None = None) -> list[Record]:
        """What the honest API answers for a sender key and maybe an id; nothing for a failure."""
        query = {"senderKey": sender_key} | ({} if id is None else {"id": str(id)})
        reply = self.exchange.ask(self.exchange.received.asking(query))
        return reply.payload["data"] if is_list(reply) else []

    def unlisted(self) -> Iterator[Record]:
        """Messages of the sender near the listed ones that the list leaves out, found by asking for ids."""
        listed = {message["id"] for message in self.messages}
        if not listed:
            return
        first = max(min(listed) - _AROUND, 1)
        for number in range(first, min(max(listed) + _AROUND, first + _MOST) + 1):
            if number not in listed:
                yield from self.other(self.sender_key, number)


def is_list(reply: Reply) -> bool:
    """Whether an answer is the envelope of a success."""
    return isinstance(reply.payload, dict) and isinstance(reply.payload.get("data"), list)


def see(exchange: Exchange, honest: Reply) -> Listing | None:
    """The success that answers a request."""
    if not is_list(honest):
        return None
    query = exchange.received.parameters.values
    text = query.get("id", "")
    return Listing(
        exchange=exchange,
        reply=honest,
        payload=honest.payload,
        sender_key=query.get("senderKey", ""),
        id=int(text) if _NUMBER.fullmatch(text) else None,
    )


# --- conditions ---

SINGLE: Final[Condition[Listing]] = Condition(says="with id", holds=lambda listing: listing.id is not None)
LISTED: Final[Condition[Listing]] = Condition(says="without id", holds=lambda listing: listing.id is None)


# --- what can be changed: all of it, or each message, part, button or comment ---

Records = Callable[[Listing], Iterator[Record]]


def messages(listing: Listing) -> Iterator[Record]:
    """The messages."""
    yield from listing.messages


def parts(listing: Listing) -> Iterator[Record]:
    """The entries of their `messages`."""
    for message in listing.messages:
        yield from message["messages"]


def buttons(listing: Listing) -> Iterator[Record]:
    """The buttons of those."""
    for part in parts(listing):
        yield from part["buttons"]


def comments(listing: Listing) -> Iterator[Record]:
    """The comments of the messages."""
    for message in listing.messages:
        yield from message["comments"]


# --- changes ---


def on_listing(change: Callable[[Listing], Any]) -> Change[Listing]:
    """A change of the list or its envelope."""
    return in_place(see, change)


def on_records(records: Records, change: Callable[[Record], Any]) -> Change[Listing]:
    """A change of each record of a kind."""
    return on_each(see, records, change)


def setting(records: Records, **values: Any) -> Change[Listing]:
    """Fields of each record have these values."""
    return on_records(records, lambda record: record.update(values))


def dropping(records: Records, name: str) -> Change[Listing]:
    """Each record lacks a field."""
    return on_records(records, lambda record: record.pop(name, None))


def as_text(records: Records, name: str) -> Change[Listing]:
    """A number of each record is text."""
    return on_records(records, lambda record: record.update({name: str(record[name])}))
