"""Checks over several answers about system messages: required, by id, the same each time.

Source: system messages, Request.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from happytalk_contract.evidence.readings import Evidence
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import MessagesView
from happytalk_contract.questions.meaning import CLIENT_HEADERS, SENDER_KEY
from happytalk_contract.rules.messages.fields import documented
from happytalk_contract.rules.rule import HELD, Doubt, Verdict
from happytalk_contract.rules.telling import finding

#: A message id as one is written; what is longer may count as no number.
_MESSAGE_ID: Final = re.compile(r"[1-9][0-9]{0,8}")
#: How many readings must change what is read, and nothing else do so.
ENOUGH: Final = 3


def _headers(view: MessagesView) -> Mapping[str, str]:
    return view.exchange.request.headers


def _query(view: MessagesView, name: str) -> str | None:
    return next((value for asked, value in view.exchange.request.query if asked == name), None)


def proper(evidence: Evidence) -> list[MessagesView]:
    """The exchanges asked as documented: both headers and the sender key, nothing odd beside them."""
    return [view for view in evidence.messages if flaw(evidence, view) is None]


def flaw(evidence: Evidence, view: MessagesView) -> str | None:
    """What is wrong with a request's credentials: a header's name, senderKey, or nothing."""
    headers = _headers(view)
    usual = Counter(frozenset(_headers(other)) for other in evidence.messages).most_common(1)[0][0]
    for name, value in CLIENT_HEADERS.items():
        if headers.get(name) != value and (name in usual or name in headers):
            return name
    sender = [value for asked, value in view.exchange.request.query if asked == "senderKey"]
    return None if sender == [SENDER_KEY] else "senderKey"


def lists(evidence: Evidence) -> list[MessagesView]:
    return [
        view
        for view in proper(evidence)
        if view.message_id is None and view.kind == "success" and view.has_list
    ]


def by_id(evidence: Evidence) -> list[tuple[int, MessagesView]]:
    return [
        (int(view.message_id), view)
        for view in proper(evidence)
        if view.message_id is not None and _MESSAGE_ID.fullmatch(view.message_id)
    ]


def _bracketed(evidence: Evidence, number: int) -> MessagesView | None:
    """The sender's list, if it was the same before and after exchange `number`."""
    listings = lists(evidence)
    before = [view for view in listings if view.number < number]
    after = [view for view in listings if view.number > number]
    if before and after and _told(before[-1]) == _told(after[0]):
        return before[-1]
    return None


def list_and_id(evidence: Evidence) -> Iterator[Verdict]:
    """By id a message of the list is found, the same; what is found with status A is in the list."""
    for wanted, view in by_id(evidence):
        listing = _bracketed(evidence, view.number)
        near = listing or next(iter(lists(evidence)), None)
        if near is None or view.kind not in ("success", "failure"):
            continue
        entry = next((m for m in near.messages if str(m.get("id")) == str(wanted)), None)
        one = view.messages[0] if len(view.messages) == 1 else None
        if entry is None and (one is None or one.get("status") != "A"):
            continue
        if entry is not None and one is not None and documented(entry) == documented(one):
            yield HELD
            continue
        if one is None and view.messages:
            continue  # not the one message: another rule's business
        found = finding(
            view,
            "the sender's list and the message asked by id do not agree",
            received="no such message by id"
            if one is None
            else "another content by id"
            if entry
            else "status A by id",
            expected="the message as listed" if entry else "not found, or in the sender's list too",
            json_path="$.data",
            subject="found" if one is None else "content" if entry else "listed",
        )
        yield found if listing is not None else Doubt(finding=found)


def required(evidence: Evidence) -> Iterator[Verdict]:
    """Headers and senderKey are required: without them a failure, and never data."""
    for view in evidence.messages:
        wrong = flaw(evidence, view)
        if wrong is None or view.kind not in ("success", "failure"):
            continue
        wrong_sender = wrong == "senderKey" and _query(view, "senderKey")
        if view.kind == "failure" or (wrong_sender and view.has_list and not view.messages):
            yield HELD
            continue
        yield finding(
            view,
            f"a request without a valid {wrong} is not refused",
            received=f"code 200 with {len(view.messages)} messages",
            expected="a failure, and no data" if not wrong_sender else "507, or an empty list",
            json_path="$.data",
            subject=wrong,
        )


def same_answer(evidence: Evidence) -> Iterator[Verdict]:
    """The same question has the same answer, in the same order."""
    asked: dict[Any, list[MessagesView]] = {}
    for view in evidence.messages:
        if view.kind in ("success", "failure"):
            asked.setdefault(key(view.exchange.request), []).append(view)
    for views in asked.values():
        bodies = [_told(view) for view in views]
        for at, view in enumerate(views[1:], 1):
            if bodies[at] == bodies[at - 1]:
                yield HELD
                continue
            reordered = _sorted(views[at - 1]) == _sorted(view) and view.kind == views[at - 1].kind
            found = finding(
                view,
                "the same question is answered differently, though nothing changed",
                received="the same messages in another order" if reordered else "another answer than before",
                expected="the same answer",
                json_path="$.data",
                more=(views[at - 1].number,),
            )
            went_back = any(bodies[at] == body for body in bodies[: at - 1])
            yield found if reordered or went_back else Doubt(finding=found)


def _sorted(view: MessagesView) -> list[Any]:
    return sorted(map(documented, view.messages), key=lambda message: str(message.get("id")))


def _told(view: MessagesView) -> Any:
    """What an answer says, fields beyond the documentation aside."""
    body = view.body if isinstance(view.body, dict) else {}
    return view.kind, body.get("code"), [documented(message) for message in view.messages]


def read_only(evidence: Evidence) -> Iterator[Verdict]:
    """Reading changes nothing: asked twice at once and again after a longer wait, as with the room list."""
    changed: list[MessagesView] = []
    moved = 0
    views = evidence.messages
    for one, two, three in zip(views, views[1:], views[2:], strict=False):
        if not key(one.exchange.request) == key(two.exchange.request) == key(three.exchange.request):
            continue
        if not (one.messages and two.messages and three.messages) or _pause(two, three) < 3 * _pause(
            one, two
        ):
            continue
        at_once, waiting = _distance(one, two), _distance(two, three)
        moved += waiting > at_once
        if at_once and waiting <= at_once:
            changed.append(two)
        yield HELD
    if len(changed) >= ENOUGH and not moved:
        yield finding(
            changed[0],
            "reading changes what is read",
            received=f"{len(changed)} times messages changed between two readings at once, "
            "and never more in a longer wait",
            expected="reading changes nothing",
            json_path="$.data",
            more=tuple(view.number for view in changed[1:]),
        )


def _pause(one: MessagesView, two: MessagesView) -> float:
    return two.exchange.started - one.exchange.started


def _distance(one: MessagesView, two: MessagesView) -> int:
    """How many messages differ between two answers, place by place."""
    pairs = zip(map(documented, one.messages), map(documented, two.messages), strict=False)
    return sum(before != after for before, after in pairs) + abs(len(one.messages) - len(two.messages))
