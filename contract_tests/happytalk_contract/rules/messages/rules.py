"""Rules over the system messages: envelope, fields, sense, the id filter, what is required.

Source: system messages, Request, Response and Data Dictionary.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from happytalk_contract.core.model import Severity
from happytalk_contract.evidence.readings import Evidence
from happytalk_contract.evidence.views import MessagesView, as_time
from happytalk_contract.rules.messages.fields import PARTS, defects
from happytalk_contract.rules.messages.relations import (
    by_id,
    list_and_id,
    lists,
    proper,
    read_only,
    required,
    same_answer,
)
from happytalk_contract.rules.rooms.robustness import success_status
from happytalk_contract.rules.rule import HELD, Doubt, Rule, Verdict
from happytalk_contract.rules.telling import finding, shown

#: Failures the vendor's page lists.
CODES: Final = frozenset({"403", "405", "507", "508", "509", "510", "514", "515", "516", "517", "520"})
#: Message types whose buttons can not be used.
WITHOUT_BUTTONS: Final = frozenset({"S5", "BL", "SB"})


def _envelope(evidence: Evidence) -> Iterator[Verdict]:
    """Success is code "200" and data, a list; a failure is another code and a message."""
    for view in evidence.messages:
        if (
            view.kind in ("none", "broken")
            or view.exchange.response is None
            or view.exchange.response.status == 429
        ):
            continue
        body = view.body if isinstance(view.body, dict) else {}
        code = body.get("code")
        if not isinstance(code, str):
            yield _odd(
                view, "code", shown("code", code) if "code" in body else "no code", 'text, such as "200"'
            )
        elif view.kind == "success" and not view.has_list:
            yield _odd(
                view, "data", shown("data", body.get("data")), "a list of messages, [] where there is none"
            )
        elif view.kind == "failure" and (not isinstance(body.get("message"), str) or not body["message"]):
            yield _odd(view, "message", shown("message", body.get("message")), "text that says why")
        elif view.kind == "failure" and body.get("data"):
            yield _odd(view, "data", shown("data", body["data"]), "no data in a failure")
        else:
            yield HELD


def _odd(view: MessagesView, name: str, received: str, expected: str) -> Verdict:
    return finding(
        view,
        f"{name} of the answer is not of the documented form",
        received=received,
        expected=expected,
        json_path=f"$.{name}",
        subject=name,
    )


def _http_status(evidence: Evidence) -> Iterator[Verdict]:
    """A success comes with 200."""
    return success_status(evidence.messages, "code 200")


def _codes(evidence: Evidence) -> Iterator[Verdict]:
    """Failures have codes of the list."""
    for view in evidence.messages:
        code = view.body.get("code") if view.kind == "failure" else None
        if not isinstance(code, str):
            continue
        yield (
            HELD
            if code in CODES
            else finding(
                view,
                "a failure has a code that the list does not have",
                received=shown("code", code),
                expected=" ".join(sorted(CODES)),
                json_path="$.code",
                subject=f"code={code[:8]}",
            )
        )


def _answered(evidence: Evidence) -> Iterator[Verdict]:
    """The sender's list is answered where the sender's messages are known to be there."""
    lists = [view for view in proper(evidence) if view.message_id is None]
    known = any(view.kind == "success" for view in lists)
    for view in lists:
        if view.kind == "success":
            yield HELD
        elif view.kind == "failure" and known and view.body.get("code") != "508":
            found = finding(
                view,
                "the same question is answered once and refused once",
                received=f"code {shown('code', view.body.get('code'))}",
                expected="the same answer",
                json_path="$.code",
            )
            yield Doubt(finding=found)


def _fields(kind: str) -> Any:
    def check(evidence: Evidence) -> Iterator[Verdict]:
        """Fields are there, of their types, of their code lists; others are told."""
        for view in evidence.messages:
            for index, message in enumerate(view.messages):
                for defect in defects(message, f"$.data[{index}]"):
                    if defect.kind == kind:
                        yield finding(
                            view,
                            defect.message,
                            received=defect.received,
                            expected=defect.expected,
                            json_path=defect.json_path,
                            subject=defect.subject,
                        )
                yield HELD

    return check


def _order_of_times(earlier: str, later: str) -> Any:
    def check(evidence: Evidence) -> Iterator[Verdict]:
        """What follows is not dated before what it follows."""
        for view in evidence.messages:
            for index, message in enumerate(view.messages):
                first, second = as_time(message.get(earlier)), as_time(message.get(later))
                if first is None or second is None:
                    continue
                yield (
                    finding(
                        view,
                        f"{later} is before {earlier}",
                        received=f"{later} {second}, {earlier} {first}",
                        expected=f"{later} not before {earlier}",
                        json_path=f"$.data[{index}].{later}",
                    )
                    if second < first
                    else HELD
                )

    return check


def _inspected(evidence: Evidence) -> Iterator[Verdict]:
    """What was approved or rejected was inspected, at some time; only before that may the time be blank."""
    for view in evidence.messages:
        for index, message in enumerate(view.messages):
            status = message.get("inspectStatus")
            if status not in ("APR", "REJ") or "inspectedAt" not in message:
                continue
            yield (
                HELD
                if message["inspectedAt"]
                else finding(
                    view,
                    "a message whose inspection is over has no time of inspection",
                    received=f"inspectStatus {status} with inspectedAt {shown('inspectedAt', message['inspectedAt'])}",
                    expected="inspectedAt (검수일) once inspectStatus is APR (승인) or REJ (반려)",
                    json_path=f"$.data[{index}].inspectedAt",
                )
            )


def _buttons(evidence: Evidence) -> Iterator[Verdict]:
    """S5, BL and SB have no buttons."""
    for view in evidence.messages:
        for index, message in enumerate(view.messages):
            parts = message.get("messages")
            for at, part in enumerate(parts if isinstance(parts, list) else []):
                if not isinstance(part, dict) or str(part.get("messageType")) not in WITHOUT_BUTTONS:
                    continue
                buttons = part.get("buttons")
                yield (
                    finding(
                        view,
                        "a message type that can not use buttons has some",
                        received=f"{part['messageType']} with {shown('buttons', buttons)}",
                        expected="S5, BL, SB: 버튼 사용 불가; an empty list",
                        json_path=f"$.data[{index}].messages[{at}].buttons",
                    )
                    if buttons
                    else HELD
                )


def _only_normal(evidence: Evidence) -> Iterator[Verdict]:
    """Without id only messages whose status is A are listed."""
    for view in lists(evidence):
        for index, message in enumerate(view.messages):
            yield (
                HELD
                if message.get("status") == "A"
                else finding(
                    view,
                    "the sender's list holds a message whose status is not A",
                    received=f"status {shown('status', message.get('status'))}",
                    expected="by senderKey the messages whose status is normal (A)",
                    json_path=f"$.data[{index}].status",
                )
            )


def _unique(evidence: Evidence) -> Iterator[Verdict]:
    """A message is listed once."""
    for view in evidence.messages:
        ids = [str(message.get("id")) for message in view.messages]
        if len(ids) > 1:
            yield (
                HELD
                if len(set(ids)) == len(ids)
                else finding(
                    view,
                    "a message is listed more than once",
                    received=f"{len(ids) - len(set(ids))} of {len(ids)} ids again",
                    expected="every message once",
                    json_path="$.data",
                )
            )


def _the_one(evidence: Evidence) -> Iterator[Verdict]:
    """By id there is that one message."""
    for wanted, view in by_id(evidence):
        if view.kind != "success" or not view.messages:
            continue
        ids = [message.get("id") for message in view.messages]
        yield (
            HELD
            if [str(found) for found in ids] == [str(wanted)]
            else finding(
                view,
                "asked for one message by id, the answer holds others",
                received=f"ids {', '.join(shown('id', found) for found in ids[:3])} ({len(ids)} in all)",
                expected=f"the message with id {wanted} alone",
                json_path="$.data",
            )
        )


def _rule(
    name: str,
    sentence: str,
    check: Any,
    needs: str = "a message",
    *,
    severity: Severity = Severity.BREAKING,
    by: tuple[str, ...] = (),
) -> Rule:
    return Rule(
        id=f"messages.{name}",
        endpoint="messages",
        sentence=sentence,
        severity=severity,
        needs=needs,
        check=check,
        explained_by=by,
    )


_ENVELOPE = ("messages.envelope:*",)

RULES: Final = (
    _rule("envelope", 'code: Text, 결과 코드; data: SystemMessage[]; message: 처리 실패 시 결과 메시지.', _envelope,
          "an answer"),
    _rule("http_status", 'code "200": success.', _http_status, "a success"),
    _rule("code", "code: 403 405 507 508 509 510 514 515 516 517 520.", _codes, "a failure",
          severity=Severity.VALUE),
    _rule("answered", "By senderKey it returns the sender's messages.", _answered, "a sender with messages"),
    _rule("required", "HT-Client-Id, HT-Client-Secret, senderKey: Required Y.", required,
          "a request that lacks one of them", by=_ENVELOPE),
    _rule("field.present", "A message has " + ", ".join(field.name for field in PARTS["message"]) + "; …",
          _fields("present")),
    _rule("field.type", "id, ordering: Number; data, messages, buttons, comments: lists; the rest: Text.",
          _fields("type")),
    _rule("field.time", "createdAt, modifiedAt, inspectRequestAt, inspectedAt: Y-m-d H:i:s.", _fields("time"),
          by=("messages.field.type:*",)),
    _rule("field.code", "status A T S; inspectStatus REG REQ APR REJ; messageType, linkType, comment status as listed.",
          _fields("code"), severity=Severity.VALUE),
    _rule("field.more", "Parameters may be added at any time; customers should allow for them.", _fields("more"),
          severity=Severity.ADDITIVE),
    _rule("sense.modified", "createdAt: 등록일; modifiedAt: 수정일.", _order_of_times("createdAt", "modifiedAt"),
          by=("messages.field.*:message.*At",)),
    _rule("sense.inspected", "inspectRequestAt: 검수 요청일; inspectedAt: 검수일.",
          _order_of_times("inspectRequestAt", "inspectedAt"), "a message that was inspected"),
    _rule("sense.inspection", "inspectStatus: APR 승인, REJ 반려; inspectedAt: 검수일.", _inspected,
          "a message that was inspected", by=("messages.field.*:message.inspect*",)),
    _rule("sense.buttons", "S5, BL, SB: 버튼 사용 불가.", _buttons, "a message of type S5, BL or SB"),
    _rule("normal", "By senderKey it returns the messages whose status is normal (A).", _only_normal,
          by=("messages.field.*:message.status*",)),
    _rule("unique", "id: 시스템 메시지 아이디.", _unique, "two messages", by=("messages.field.*:message.id",)),
    _rule("by_id", "By id it returns that one message.", _the_one, "a message asked by id",
          by=("messages.field.*:message.id",)),
    _rule("list_and_id", "By id that one message, whatever its status; never another sender's.", list_and_id,
          "messages asked by id", by=("messages.normal", "messages.by_id", "messages.unique", "messages.envelope:*")),
    _rule("read_only", "Reading changes nothing.", read_only, "messages that change while they are read"),
    _rule("same_answer", "The answer is the same each time; any order, but stable.", same_answer,
          "a question asked twice"),
)  # fmt: skip
