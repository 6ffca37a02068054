"""Reads a sender's system messages: by list, and by id those that no list shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from happytalk_contract.core.events import PhaseStarted
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.views import MessagesView
from happytalk_contract.questions.meaning import messages
from happytalk_contract.questions.probes import message_refusals, message_refusals_by_id
from happytalk_contract.rules.messages.fields import defects

#: Ids that no message has, or that are no numbers.
_ODD_IDS: Final = ("999999999", "abc", "-1", "1.5", "", "가")
#: Listed messages that are asked for by id too.
_BY_ID: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message and where it was seen."""

    message: dict[str, Any]
    listed: int | None  #: place in the list; None: found by id alone
    sender: Literal["main", "other"] = "main"


@dataclass(slots=True, kw_only=True)
class Messages:
    """What was read of a sender's messages."""

    messages: list[Message] = field(default_factory=list)
    is_read: bool = False


def read_messages(desk: Desk, ids: Iterable[int] = ()) -> Messages:
    """The list, each of `ids` that it does not show, and what refusals say. Raises `AskingEnds`."""
    desk.tell(PhaseStarted, "reading the system messages")
    listing = _asked(desk, desk.listing_question())
    found = Messages(is_read=listing.kind == "success" or listing.kind == "failure")
    found.messages += [Message(message=one, listed=at) for at, one in enumerate(listing.messages)]
    known: dict[str, int] = {}  # places by id, in the order of the list
    for at, listed in enumerate(listing.messages):
        known.setdefault(str(listed.get("id")), at)
    headers = desk.headers
    for refusal in message_refusals(headers):
        desk.ask(refusal)
    for one, at in [*known.items()][:_BY_ID]:
        view = _asked(desk, messages(headers=headers, message_id=one, why="one message by id"))
        forms = (found.messages[at].message, *(each for each in view.messages if str(each.get("id")) == one))
        found.messages[at] = replace(found.messages[at], message=min(forms, key=_oddities))
    a_number = next((int(one) for one in known if one.isdecimal()), None)
    for refusal in message_refusals_by_id(headers, a_number) if a_number is not None else ():
        desk.ask(refusal)
    for odd in _ODD_IDS:
        desk.ask(messages(headers=headers, message_id=odd, why="an id of an undocumented form"))
    for number in ids:
        if str(number) not in known:
            view = _asked(desk, messages(headers=headers, message_id=str(number), why="a message by id"))
            found.messages += [Message(message=one, listed=None) for one in view.messages]
    return found


def _oddities(message: dict[str, Any]) -> int:
    """How much departs from the dictionary."""
    return sum(1 for _ in defects(message, ""))


def _asked(desk: Desk, request: Any) -> MessagesView:
    view = desk.ask(request)
    if not isinstance(view, MessagesView):
        raise TypeError("a question about messages is read as a view of messages")
    return view
