"""What answers about system messages show of the open questions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from happytalk_contract.evidence.evidence import MESSAGE_ID, Evidence
from happytalk_contract.evidence.views import MessagesView
from happytalk_contract.rules.answers.question import Look, Seen, once, sighting

#: An id that no reader takes for a number: it does not even begin like one.
_NO_NUMBER: Final = re.compile(r"[^\s0-9+\-.%].*", re.DOTALL)
_LINKS: Final = ("linkMobile", "linkPc", "linkIos", "linkAndroid")


def cause(evidence: Evidence, view: MessagesView) -> str:
    """What an answer without messages is about, by what was asked; "" where that is not clear."""
    wrong = evidence.flaws[view.number]
    if wrong == "senderKey":
        return "sender_key_unknown" if any(view.query("senderKey")) else "sender_key_missing"
    if wrong is not None:
        return "headers"
    if view.message_id is None:
        return "no_messages"
    if MESSAGE_ID.fullmatch(view.message_id):
        return "id_unknown"
    return "id_invalid" if _NO_NUMBER.fullmatch(view.message_id) else ""


def _without(evidence: Evidence, wanted: str) -> Seen:
    """What answers of one cause are: a failure's code, an empty list, or messages."""
    for view in evidence.messages:
        if view.kind not in ("success", "failure") or cause(evidence, view) != wanted:
            continue
        if view.kind == "failure":
            yield sighting(view, str(view.fields.get("code"))[:8])
        else:
            yield sighting(view, "messages" if view.messages else "empty", told="messages")


def unknown_id(evidence: Evidence, _case: str) -> Seen:
    """An id that the sender has not."""
    return (one for one in _without(evidence, "id_unknown") if "messages" not in one.fits)


def no_messages(evidence: Evidence, _case: str) -> Seen:
    """A sender's list without messages; another failure is not about that."""
    return (one for one in _without(evidence, "no_messages") if one.fits & {"508", "empty"})


def id_invalid(evidence: Evidence, _case: str) -> Seen:
    """An id that is no number; the list, as without id, where it is as empty or as full."""
    listed = {"messages" if view.messages else "empty" for view in evidence.listings}
    refused = frozenset[str]().union(*(one.fits for one in _without(evidence, "no_messages"))) - listed
    for one in _without(evidence, "id_invalid"):
        fits = {"ignored"} if one.fits <= listed else one.fits
        if one.fits <= refused:  # so is the list, of which there is none
            fits = {*fits, "ignored"}
        yield sighting(one.view, *fits, told="an empty list" if "empty" in one.fits else one.told)


def http_status(evidence: Evidence, case: str) -> Seen:
    """The HTTP status of failures of one cause."""
    for view in evidence.messages:
        if view.kind == "failure" and cause(evidence, view) == case:
            yield sighting(view, str(view.status))


def _kind(value: Any) -> str:
    return "null" if value is None else "empty" if value == "" else type(value).__name__


def on_success(evidence: Evidence, _case: str) -> Seen:
    """What message is on success."""
    for view in evidence.messages:
        if view.kind == "success":
            yield once(view, _kind(view.fields["message"]) if "message" in view.fields else "absent")


def uninspected(evidence: Evidence, _case: str) -> Seen:
    """Times of inspection that have no value."""
    for view, _at, message in evidence.listed_messages:
        for name in ("inspectRequestAt", "inspectedAt"):
            if name in message and not message[name]:
                yield once(view, _kind(message[name]))


def unused_links(evidence: Evidence, _case: str) -> Seen:
    """Links of buttons that have no value."""
    for view, _at, message in evidence.listed_messages:
        for part in message.get("messages") or ():
            for button in part.get("buttons") or () if isinstance(part, dict) else ():
                for name in _LINKS if isinstance(button, dict) else ():
                    if not button.get(name):
                        yield once(view, _kind(button[name]) if name in button else "absent")


def order(evidence: Evidence, _case: str) -> Seen:
    """How a list of two or more stands."""
    for view in evidence.listings:
        ids = [number for message in view.messages if type(number := message.get("id")) is int]
        times = [str(message.get("modifiedAt")) for message in view.messages]
        if len(view.messages) < 2 or len(ids) < len(view.messages):
            continue
        fits = {
            "id": ids == sorted(ids),
            "id_falling": ids == sorted(ids, reverse=True),
            "newest_first": times == sorted(times, reverse=True),
        }
        yield once(view, *(answer for answer, holds in fits.items() if holds), told="another order")


MESSAGES: Final[Mapping[str, Look]] = {
    "message_unknown_id": unknown_id,
    "no_messages": no_messages,
    "unknown_sender_key": lambda evidence, _case: _without(evidence, "sender_key_unknown"),
    "message_headers": lambda evidence, _case: _without(evidence, "headers"),
    "sender_key_missing": lambda evidence, _case: _without(evidence, "sender_key_missing"),
    "message_id_invalid": id_invalid,
    "message_failure_http_status": http_status,
    "message_on_success": on_success,
    "uninspected_dates": uninspected,
    "unused_links": unused_links,
    "message_order": order,
}
