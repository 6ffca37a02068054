"""The system messages of one tenant: generated ones by sender key, and what people changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from threading import Lock
from typing import Any, Final, NamedTuple

from ..data.twin.files import RecordedMessage
from ..spec.vocabulary import Message

#: A wall second after everything that a clock can show: 9999-01-01.
_EVER: Final = 253_370_764_800
#: Makes the messages of a sender key as they are at a wall second.
MakeMessages = Callable[[str, int], list[Message]]


class SavedMessages(NamedTuple):
    """What differs from the generated messages."""

    added: Mapping[str, dict[int, Message]]
    removed: frozenset[tuple[str, int]]
    generated: bool  #: generated messages are shown


def json_of(saved: SavedMessages) -> Any:
    """As JSON."""
    added = [[key, list(messages.values())] for key, messages in saved.added.items()]
    return [added, sorted(saved.removed), saved.generated]


def from_json(written: Any) -> SavedMessages:
    """What `json_of` was given."""
    added, removed, generated = written
    return SavedMessages(
        {key: {message["id"]: message for message in messages} for key, messages in added},
        frozenset((key, number) for key, number in removed),
        generated,
    )


def number_of(message: Message) -> int | None:
    """The id of a message; None for a recorded one whose id is no number."""
    number = message.get("id")
    return number if type(number) is int else None


class MessageStore:
    """Messages by sender key. Every change is seen by the very next `find`."""

    def __init__(
        self, sender_keys: tuple[str, ...], make: MakeMessages | None, *, any_sender: bool = False
    ) -> None:
        self._lock = Lock()
        self._own_keys = sender_keys
        self._make = make
        self._any_sender = any_sender
        self._added: dict[str, dict[int, Message]] = {key: {} for key in sender_keys}
        self._removed: frozenset[tuple[str, int]] = frozenset()
        self._generated = True

    @property
    def touched(self) -> bool:
        """Whether it is another than it was at the beginning."""
        return bool(self._removed) or not self._generated or any(self._added.values())

    @property
    def sender_keys(self) -> tuple[str, ...]:
        """The known sender keys, the tenant's own first."""
        return tuple(self._added)

    def find(self, sender_key: str, now: int) -> list[Message] | None:
        """The messages of a sender by id, recorded ones as they stood, whatever their status.

        None for an unknown sender key.
        """
        added = self._added.get(sender_key)
        if added is None and not self._any_sender:
            return None
        added = added or {}
        made: list[Message] = []
        if self._make and self._generated and (self._any_sender or sender_key in self._own_keys):
            gone = {*added, *(number for key, number in self._removed if key == sender_key)}
            made = [message for message in self._make(sender_key, now) if number_of(message) not in gone]
        if made and isinstance(made[0], RecordedMessage):  # they stand as they stood
            return [*made, *(added[number] for number in sorted(added))]
        return sorted([*made, *added.values()], key=itemgetter("id"))

    def ids(self, sender_key: str) -> set[int]:
        """The ids of a sender's messages, of generated ones to come too: no new message can have one."""
        numbers = (number_of(message) for message in self.find(sender_key, _EVER) or ())
        return {number for number in numbers if number is not None}

    def next_id(self, sender_key: str) -> int:
        """An id past those of the sender's messages, of deleted generated ones too: they may come back."""
        gone = (number for key, number in self._removed if key == sender_key)
        return max((0, *self.ids(sender_key), *gone)) + 1

    def put(self, sender_key: str, message: Message) -> None:
        """Adds a whole message, or puts it in the place of the one with its id."""
        with self._lock:
            self._added[sender_key] = {**self._added.get(sender_key, {}), message["id"]: message}

    def delete(self, sender_key: str, number: int, now: int) -> bool:
        """Takes a message away; False if the sender has none with that id."""
        found = self.find(sender_key, now)
        if found is None or all(number_of(message) != number for message in found):
            return False
        with self._lock:
            self._removed = self._removed | {(sender_key, number)}
            kept = self._added.get(sender_key, {})
            self._added[sender_key] = {key: message for key, message in kept.items() if key != number}
        return True

    def clear(self) -> None:
        """No messages at all, until `restore`."""
        with self._lock:
            self._added, self._removed = {key: {} for key in self._own_keys}, frozenset()
            self._generated = False

    def copy(self) -> MessageStore:
        """Another store of the same messages."""
        copied = MessageStore(self._own_keys, self._make, any_sender=self._any_sender)
        copied.put_back(self.saved())
        return copied

    def saved(self) -> SavedMessages:
        """The changes so far, for `put_back`."""
        with self._lock:
            return SavedMessages(dict(self._added), self._removed, self._generated)

    def put_back(self, saved: SavedMessages) -> None:
        """These changes in place of those there are."""
        with self._lock:
            self._added, self._removed, self._generated = dict(saved.added), saved.removed, saved.generated

    def generate(self) -> None:
        """Shows the generated messages, removed ones too. What was added stays."""
        with self._lock:
            self._removed, self._generated = frozenset(), True

    def dump(self) -> Any:
        """The changes so far, as JSON."""
        return json_of(self.saved())

    def take_up(self, dumped: Any) -> None:
        """What was dumped in place of the changes there are."""
        self.put_back(from_json(dumped))

    def restore(self) -> None:
        """Back to the generated messages, changes forgotten."""
        with self._lock:
            self._added, self._removed = {key: {} for key in self._own_keys}, frozenset()
            self._generated = True
