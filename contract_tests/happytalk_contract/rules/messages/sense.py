"""Rules over what system messages say: times in order, buttons, which messages are listed.

Source: system messages, Request and Data Dictionary.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import Listed, MessagesView, as_time
from happytalk_contract.rules.messages.fields import ID_TROUBLE
from happytalk_contract.rules.rule import HELD, Verdict, rule
from happytalk_contract.rules.telling import finding, shown

#: Message types whose buttons can not be used.
WITHOUT_BUTTONS: Final = frozenset({"S5", "BL", "SB"})


def order_of_times(message: Listed, earlier: str, later: str) -> Iterator[Verdict]:
    """What follows is not dated before what it follows."""
    first, second = as_time(message.item.get(earlier)), as_time(message.item.get(later))
    if first is None or second is None:
        return
    told, received = f"{later} is before {earlier}", f"{later} {second}, {earlier} {first}"
    expected = f"{later} not before {earlier}"
    yield finding(message, told, received, expected, later) if second < first else HELD


modified = rule(
    "messages.sense.modified",
    "a message",
    sentence="createdAt: 등록일; modifiedAt: 수정일.",
    each="listed_messages",
    explained_by="field.*:message.*At",
    earlier="createdAt",
    later="modifiedAt",
)(order_of_times)
inspected = rule(
    "messages.sense.inspected",
    "a message that was inspected",
    sentence="inspectRequestAt: 검수 요청일; inspectedAt: 검수일.",
    each="listed_messages",
    earlier="inspectRequestAt",
    later="inspectedAt",
)(order_of_times)


@rule(
    "messages.sense.inspection",
    "a message that was inspected",
    each="listed_messages",
    explained_by="field.*:message.inspect*",
)
def inspection(message: Listed) -> Iterator[Verdict]:
    """inspectStatus: APR 승인, REJ 반려; inspectedAt: 검수일."""
    status, inspected_at = message.item.get("inspectStatus"), message.item.get("inspectedAt")
    if status not in ("APR", "REJ") or "inspectedAt" not in message.item:
        return  # only before that may the time be blank
    told = "a message whose inspection is over has no time of inspection"
    received = f"inspectStatus {status} with inspectedAt {shown('inspectedAt', inspected_at)}"
    expected = "inspectedAt (검수일) once inspectStatus is APR (승인) or REJ (반려)"
    yield HELD if inspected_at else finding(message, told, received, expected, "inspectedAt")


@rule("messages.sense.buttons", "a message of type S5, BL or SB", each="listed_messages")
def buttons(message: Listed) -> Iterator[Verdict]:
    """S5, BL, SB: 버튼 사용 불가."""
    parts = message.item.get("messages")
    for index, part in enumerate(parts if isinstance(parts, list) else []):
        if not isinstance(part, dict) or str(part.get("messageType")) not in WITHOUT_BUTTONS:
            continue
        if not part.get("buttons"):
            yield HELD
            continue
        yield finding(
            message,
            "a message type that can not use buttons has some",
            f"{part['messageType']} with {shown('buttons', part['buttons'])}",
            "S5, BL, SB: 버튼 사용 불가; an empty list",
            f"messages[{index}].buttons",
        )


@rule("messages.normal", "a message", explained_by="field.*:message.status*")
def normal(evidence: Evidence) -> Iterator[Verdict]:
    """By senderKey it returns the messages whose status is normal (A)."""
    for view in evidence.listings:
        for index, item in enumerate(view.messages):
            message = "the sender's list holds a message whose status is not A"
            received = f"status {shown('status', item.get('status'))}"
            expected = "by senderKey the messages whose status is normal (A)"
            odd = finding(Listed(view, index, item), message, received, expected, "status")
            yield HELD if item.get("status") == "A" else odd


@rule("messages.unique", "two messages", each="messages", explained_by=ID_TROUBLE)
def unique(view: MessagesView) -> Iterator[Verdict]:
    """id: 시스템 메시지 아이디."""
    ids = [str(message.get("id")) for message in view.messages]
    again = len(ids) - len(set(ids))
    if len(ids) > 1:
        message, received = "a message is listed more than once", f"{again} of {len(ids)} ids again"
        yield finding(view, message, received, "every message once", "$.data") if again else HELD


@rule("messages.by_id", "a message asked by id", explained_by=f"unique {ID_TROUBLE}")
def by_id(evidence: Evidence) -> Iterator[Verdict]:
    """By id it returns that one message."""
    for wanted, view in evidence.by_id:
        if view.kind != "success" or not view.messages:
            continue
        ids = [message.get("id") for message in view.messages]
        message = "asked for one message by id, the answer holds others"
        received = f"ids {', '.join(shown('id', found) for found in ids[:3])} ({len(ids)} in all)"
        others = finding(view, message, received, f"the message with id {wanted} alone", "$.data")
        yield HELD if [str(found) for found in ids] == [str(wanted)] else others
