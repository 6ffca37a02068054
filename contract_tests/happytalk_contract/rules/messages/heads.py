"""Rules over one answer about system messages: envelope, codes, what is answered and what is refused.

Source: system messages, Request and Response.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from happytalk_contract.core.model import Severity
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import MessagesView
from happytalk_contract.rules.rule import HELD, Doubt, Verdict, rule
from happytalk_contract.rules.telling import LONGEST_NAME, finding, no_object, shown
from happytalk_contract.rules.wire import TOO_MANY, success_status
from happytalk_mock.spec.resources import endpoints

#: Failures the vendor's page lists.
CODES: Final = endpoints()["messages"]["failures"].keys()


@rule("messages.envelope", "an answer", each="messages")
def envelope(view: MessagesView) -> Iterator[Verdict]:
    """code: Text, 결과 코드; data: SystemMessage[]; message: 처리 실패 시 결과 메시지."""
    if view.kind in ("none", "broken") or view.status == TOO_MANY or view.status >= 500:
        return
    if not isinstance(view.body, dict):
        yield no_object(view, '{"code": …, "data": […]}', "code")
        return
    code, message, data = (view.fields.get(name) for name in ("code", "message", "data"))
    if not isinstance(code, str):
        yield _odd(view, "code", 'text, such as "200"')
    elif view.kind == "success" and not view.has_list:
        yield _odd(view, "data", "a list of messages, [] where there is none")
    elif view.kind == "failure" and code not in CODES:
        return  # the code is what is at fault: `messages.code` tells
    elif view.kind == "failure" and not (isinstance(message, str) and message):
        yield _odd(view, "message", "text that says why")
    elif view.kind == "failure" and data:
        yield _odd(view, "data", "no data in a failure")
    else:
        yield HELD


def _undocumented(view: MessagesView) -> list[str]:
    return [name[:LONGEST_NAME] for name in view.fields if name not in ("code", "data", "message")]


def _odd(view: MessagesView, name: str, expected: str) -> Verdict:
    if name in view.fields:
        message, received = (
            f"{name} of the answer is not of the documented form",
            shown(name, view.fields[name])
            + (f", and {', '.join(sorted(odd)[:4])} beside it" if (odd := _undocumented(view)) else ""),
        )
    else:
        others = ", ".join(sorted(other[:LONGEST_NAME] for other in view.fields)[:4])
        message, received = (
            f"the answer has no {name}",
            f"no {name}, but {others}" if others else f"no {name}",
        )
    return finding(view, message, received, expected, f"$.{name}", subject=name)


http_status = rule(
    "messages.http_status", "a success", sentence='code "200": success.', each="messages", says="code 200"
)(success_status)


@rule("messages.code", "a failure", severity=Severity.VALUE, each="messages")
def code(view: MessagesView) -> Iterator[Verdict]:
    """code: 403 405 507 508 509 510 514 515 516 517 520."""
    code = view.fields.get("code") if view.kind == "failure" else None
    if isinstance(code, str):
        message, expected = "a failure has a code that the list does not have", " ".join(sorted(CODES))
        new = finding(view, message, shown("code", code), expected, "$.code", subject=f"code={code[:8]}")
        yield HELD if code in CODES else new


@rule("messages.answered", "a sender with messages")
def answered(evidence: Evidence) -> Iterator[Verdict]:
    """By senderKey it returns the sender's messages."""
    lists = [view for view in evidence.proper if view.message_id is None]
    known = any(view.kind == "success" for view in lists)
    for view in lists:
        code = view.fields.get("code")
        if view.kind == "success":
            yield HELD
        elif view.kind == "failure" and known and code != "508":
            message = "the same question is answered once and refused once"
            received = f"code {shown('code', code)}"
            yield Doubt(finding=finding(view, message, received, "the same answer", "$.code"))


@rule("messages.required", "a request that lacks one of them", explained_by="envelope:*")
def required(evidence: Evidence) -> Iterator[Verdict]:
    """HT-Client-Id, HT-Client-Secret, senderKey: Required Y."""
    for view in evidence.messages:
        wrong = evidence.flaws[view.number]
        if wrong is None or view.kind not in ("success", "failure"):
            continue
        wrong_sender = wrong == "senderKey" and any(view.query("senderKey"))
        is_refused = view.kind == "failure" or (wrong_sender and view.has_list and not view.messages)
        message = f"a request without a valid {wrong} is not refused"
        received = f"code 200 with {len(view.messages)} messages"
        expected = "507, or an empty list" if wrong_sender else "a failure, and no data"
        taken = finding(view, message, received, expected, "$.data", subject=wrong)
        yield HELD if is_refused else taken
