"""Open questions about system messages, and the answers that were seen.

Source: system messages; where the page says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import MessagesView
from happytalk_contract.rules.answers.question import Question, Seen, Sighting


def _outcome(view: MessagesView) -> str:
    if view.kind == "failure":
        return str(view.body.get("code"))[:8]
    return "messages" if view.messages else "empty list"


def _sighting(view: MessagesView) -> Sighting:
    return Sighting(answer=_outcome(view), view=view, variant=view.asked)


def _unknown_id(evidence: Evidence) -> Seen:
    for _wanted, view in evidence.by_id:
        if view.kind in ("success", "failure") and not view.messages:
            yield _sighting(view)


def _odd_id(evidence: Evidence) -> Seen:
    numbered = {view.number for _wanted, view in evidence.by_id}
    for view in evidence.proper:
        if (
            view.message_id is not None
            and view.number not in numbered
            and view.kind in ("success", "failure")
        ):
            yield _sighting(view)


def _none(evidence: Evidence) -> Seen:
    for view in evidence.proper:
        if view.message_id is None and view.kind in ("success", "failure") and not view.messages:
            yield _sighting(view)


def _without(*names: str, given: bool) -> Callable[[Evidence], Seen]:
    """What a request gets whose flaw is one of `names`; `given`: with a wrong value, not without any."""

    def seen(evidence: Evidence) -> Seen:
        for view in evidence.messages:
            wrong = evidence.flaws[view.number]
            if wrong not in names or view.kind not in ("success", "failure"):
                continue
            written = any(name == "senderKey" and value for name, value in view.exchange.request.query)
            if wrong != "senderKey" or written == given:
                yield _sighting(view)

    return seen


def _failure_status(evidence: Evidence) -> Seen:
    for view in evidence.messages:
        if view.kind == "failure" and view.exchange.response is not None:
            told = str(view.exchange.response.status)
            yield Sighting(answer=told, view=view, variant=str(view.body.get("code")))


def _success_message(evidence: Evidence) -> Seen:
    for view in evidence.messages:
        if view.kind == "success":
            told = _kind(view.body["message"]) if "message" in view.body else "absent"
            yield Sighting(answer=told, view=view, variant=view.number)


def _kind(value: Any) -> str:
    return "null" if value is None else '""' if value == "" else type(value).__name__


def _not_yet(evidence: Evidence) -> Seen:
    for view in evidence.messages:
        for message in view.messages:
            for name in ("inspectRequestAt", "inspectedAt"):
                if name in message and not message[name]:
                    yield Sighting(answer=_kind(message[name]), view=view, variant=view.number)


def _order(evidence: Evidence) -> Seen:
    for view in evidence.listings:
        ids = [message.get("id") for message in view.messages]
        if len(ids) > 1 and all(isinstance(one, int) for one in ids):
            rising = sorted(ids, key=int)  # type: ignore[arg-type]
            told = "by id" if ids == rising else "by id, falling" if ids == rising[::-1] else "another"
            yield Sighting(answer=told, view=view, variant=view.number)


def _messages(name: str, asks: str, legal: tuple[str, ...], seen: Callable[[Evidence], Seen]) -> Question:
    return Question(id=name, endpoint="messages", asks=asks, legal=legal, seen=seen)


MESSAGE_QUESTIONS: Final = (
    _messages("unknown_id", "What does an unknown id give?", ("508", "empty list"), _unknown_id),
    _messages("no_messages", "What does a sender without messages get?", ("empty list", "508"), _none),
    _messages("unknown_sender", "What does an unknown senderKey give?", ("507", "empty list"),
              _without("senderKey", given=True)),
    _messages("no_client", "What does a missing or wrong header give?", ("403",),
              _without("HT-Client-Id", "HT-Client-Secret", given=True)),
    _messages("no_sender", "What does a missing senderKey give?", ("405",), _without("senderKey", given=False)),
    _messages("odd_id", "What does an id that is no number give?", ("405", "508", "ignored"), _odd_id),
    _messages("message_failure_status", "Which HTTP status has a failure?", ("200", "4xx"), _failure_status),
    _messages("success_message", "What is message on success?", ("absent", "null", '""'), _success_message),
    _messages("not_yet", "What are inspection times before they happen?", ("null", '""'), _not_yet),
    _messages("order_of_messages", "In which order are messages listed?", ("any, but stable",), _order),
)  # fmt: skip
