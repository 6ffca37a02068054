"""Rules over the system messages: envelope, fields, sense, the id filter, what is required.

Source: system messages, Request, Response and Data Dictionary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from happytalk_contract.evidence import Evidence
from happytalk_contract.message_fields import PARTS, defects
from happytalk_contract.model import Severity
from happytalk_contract.questions import CLIENT_HEADERS, SENDER_KEY
from happytalk_contract.recording import key
from happytalk_contract.rule import HELD, Doubt, Rule, Verdict
from happytalk_contract.telling import finding, shown
from happytalk_contract.views import MessagesView, as_time

#: Failures the vendor's page lists.
CODES: Final = frozenset({"403", "405", "507", "508", "509", "510", "514", "515", "516", "517", "520"})
#: A message id as one is written; what is longer may count as no number.
_MESSAGE_ID: Final = re.compile(r"[1-9][0-9]{0,8}")
#: Message types whose buttons can not be used.
WITHOUT_BUTTONS: Final = frozenset({"S5", "BL", "SB"})


def _headers(view: MessagesView) -> Mapping[str, str]:
    return view.exchange.request.headers


def _query(view: MessagesView, name: str) -> str | None:
    return next((value for asked, value in view.exchange.request.query if asked == name), None)


def proper(evidence: Evidence) -> list[MessagesView]:
    """The exchanges asked as documented: both headers and the sender key, nothing odd beside them."""
    return [view for view in evidence.messages if _flaw(evidence, view) is None]


def _flaw(evidence: Evidence, view: MessagesView) -> str | None:
    """What is wrong with a request's credentials: a header's name, senderKey, or nothing."""
    headers = _headers(view)
    usual = Counter(frozenset(_headers(other)) for other in evidence.messages).most_common(1)[0][0]
    for name, value in CLIENT_HEADERS.items():
        if headers.get(name) != value and (name in usual or name in headers):
            return name
    sender = [value for asked, value in view.exchange.request.query if asked == "senderKey"]
    return None if sender == [SENDER_KEY] else "senderKey"


def _lists(evidence: Evidence) -> list[MessagesView]:
    return [
        view
        for view in proper(evidence)
        if view.message_id is None and view.kind == "success" and view.has_list
    ]


def _by_id(evidence: Evidence) -> list[tuple[int, MessagesView]]:
    return [
        (int(view.message_id), view)
        for view in proper(evidence)
        if view.message_id is not None and _MESSAGE_ID.fullmatch(view.message_id)
    ]


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
    for view in evidence.messages:
        response = view.exchange.response
        if view.kind != "success" or response is None:
            continue
        yield (
            HELD
            if response.status == 200
            else finding(
                view,
                "a success comes with an HTTP status that says something else",
                received=f"HTTP {response.status} with code 200",
                expected="HTTP 200",
            )
        )


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


def _buttons(evidence: Evidence) -> Iterator[Verdict]:
    """S5, BL and SB have no buttons."""
    for view in evidence.messages:
        for index, message in enumerate(view.messages):
            parts = message.get("messages")
            for at, part in enumerate(parts if isinstance(parts, list) else []):
                if not isinstance(part, dict) or part.get("messageType") not in WITHOUT_BUTTONS:
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
    for view in _lists(evidence):
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
    for wanted, view in _by_id(evidence):
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


def _bracketed(evidence: Evidence, number: int) -> MessagesView | None:
    """The sender's list, if it was the same before and after exchange `number`."""
    lists = _lists(evidence)
    before = [view for view in lists if view.number < number]
    after = [view for view in lists if view.number > number]
    if before and after and before[-1].body == after[0].body:
        return before[-1]
    return None


def _list_and_id(evidence: Evidence) -> Iterator[Verdict]:
    """By id a message of the list is found, the same; what is found with status A is in the list."""
    for wanted, view in _by_id(evidence):
        listing = _bracketed(evidence, view.number)
        near = listing or next(iter(_lists(evidence)), None)
        if near is None or view.kind not in ("success", "failure"):
            continue
        entry = next((m for m in near.messages if str(m.get("id")) == str(wanted)), None)
        one = view.messages[0] if len(view.messages) == 1 else None
        if entry is None and (one is None or one.get("status") != "A"):
            continue
        if entry == one:
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


def _required(evidence: Evidence) -> Iterator[Verdict]:
    """Headers and senderKey are required: without them a failure, and never data."""
    for view in evidence.messages:
        flaw = _flaw(evidence, view)
        if flaw is None or view.kind not in ("success", "failure"):
            continue
        wrong_sender = flaw == "senderKey" and _query(view, "senderKey")
        if view.kind == "failure" or (wrong_sender and view.has_list and not view.messages):
            yield HELD
            continue
        yield finding(
            view,
            f"a request without a valid {flaw} is not refused",
            received=f"code 200 with {len(view.messages)} messages",
            expected="a failure, and no data" if not wrong_sender else "507, or an empty list",
            json_path="$.data",
            subject=flaw,
        )


def _same_answer(evidence: Evidence) -> Iterator[Verdict]:
    """The same question has the same answer, in the same order."""
    asked: dict[Any, list[MessagesView]] = {}
    for view in evidence.messages:
        if view.kind in ("success", "failure"):
            asked.setdefault(key(view.exchange.request), []).append(view)
    for views in asked.values():
        bodies = [view.body for view in views]
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
    return sorted(view.messages, key=lambda message: str(message.get("id")))


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
    _rule("required", "HT-Client-Id, HT-Client-Secret, senderKey: Required Y.", _required,
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
    _rule("sense.buttons", "S5, BL, SB: 버튼 사용 불가.", _buttons, "a message of type S5, BL or SB"),
    _rule("normal", "By senderKey it returns the messages whose status is normal (A).", _only_normal,
          by=("messages.field.*:message.status*",)),
    _rule("unique", "id: 시스템 메시지 아이디.", _unique, "two messages", by=("messages.field.*:message.id",)),
    _rule("by_id", "By id it returns that one message.", _the_one, "a message asked by id",
          by=("messages.field.*:message.id",)),
    _rule("list_and_id", "By id that one message, whatever its status; never another sender's.", _list_and_id,
          "messages asked by id", by=("messages.normal", "messages.by_id", "messages.unique", "messages.envelope:*")),
    _rule("same_answer", "The answer is the same each time; any order, but stable.", _same_answer,
          "a question asked twice"),
)  # fmt: skip
