"""GET system messages, as the documentation states it; open questions are put to ``legal``."""

import copy
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from zlib import crc32

from .wire import Reply, Request

if TYPE_CHECKING:
    from .api import RivalApi

Message = dict[str, Any]
WORDS = {
    "403": "권한이 없습니다.",
    "405": "파라미터 오류입니다.",
    "507": "발신 프로필이 유효하지 않습니다.",
    "508": "요청한 데이터가 존재하지 않습니다.",
}
HTTP_BY_KIND = {"403": 403, "405": 400, "507": 404, "508": 404}
USED_LINKS = {"WL": ("linkMobile", "linkPc"), "AL": ("linkIos", "linkAndroid")}
LINKS = ("linkMobile", "linkPc", "linkIos", "linkAndroid")


class RefusedError(Exception):
    """The request ends in a failure with this code."""


@dataclass(slots=True, kw_only=True)
class MessageAsk:
    """One question for system messages while it is answered. Faults change it, so it is mutable."""

    api: "RivalApi"
    request: Request
    sender: str = ""
    #: None when no id was asked for.
    id: int | None = None
    #: Every message of the sender, whatever its status.
    own: list[Message] = field(default_factory=list)


def answer_messages(api: "RivalApi", request: Request) -> Reply:
    """Answer one request for system messages."""
    ask = MessageAsk(api=api, request=request)
    try:
        code = api.fold("m_access", ask, refusal_of(api, request))
        if code:
            raise RefusedError(code)
        found = _ordered(_pick(ask), api.answers["m-order"])
        shown = [_told(message, api.answers) for message in api.fold("m_list", ask, found)]
        for message in shown:
            api.run("message", ask, message)
        document: dict[str, Any] = {"code": "200", "data": shown}
        if api.answers["m-success-message"] != "absent":
            document["message"] = None if api.answers["m-success-message"] == "null" else ""
        if api.answers["more-message-fields"] != "none":
            document["traceId"] = "t-1"
        return Reply(document=api.fold("m_success", ask, document))
    except RefusedError as refused:
        return _failure(api, str(refused))


def refusal_of(api: "RivalApi", request: Request) -> str | None:
    """The code of a failure for what the documentation says is required, None when all is there."""
    given = (request.headers.get("ht-client-id"), request.headers.get("ht-client-secret"))
    if given != api.credentials:
        return "403"
    return None if request.query.get("senderKey") else "405"


def _failure(api: "RivalApi", code: str) -> Reply:
    rule = api.answers["m-http-status"]
    status = HTTP_BY_KIND.get(code, 400) if rule == "by-kind" else int(rule)
    document: dict[str, Any] = {"code": code, "message": WORDS[code]}
    if api.answers["more-message-fields"] != "none":
        document["traceId"] = "t-1"
    reply = Reply(status=status, document=document)
    api.run("m_failure", api, reply)
    return reply


def _pick(ask: MessageAsk) -> list[Message]:
    """The messages asked for: the one with the id, or those of the sender that are in use."""
    answers, query = ask.api.answers, ask.request.query
    ask.sender = ask.api.fold("m_sender", ask, query.get("senderKey", ""))
    if ask.sender not in ask.api.senders:
        if answers["m-unknown-sender"] == "507":
            raise RefusedError("507")
        return []
    ask.own = ask.api.store.messages.get(ask.sender, [])
    text = query.get("id")
    if text is not None and re.fullmatch(r"[0-9]{1,18}", text):
        ask.id = int(text)
    elif text is not None and answers["m-bad-id"] != "ignored":
        raise RefusedError(answers["m-bad-id"])
    if ask.id is None:
        found = [message for message in ask.own if message["status"] == "A"]
    else:
        found = [message for message in ask.own if message["id"] == ask.id]
    found = ask.api.fold("m_pick", ask, found)
    if not found and answers["m-none" if ask.id is None else "m-unknown-id"] == "508":
        raise RefusedError("508")
    return found


def _ordered(messages: list[Message], rule: str) -> list[Message]:
    keys = {
        "by-id": lambda message: message["id"],
        "newest-first": lambda message: -message["id"],
        "by-name": lambda message: message["name"],
        "scattered": lambda message: crc32(str(message["id"]).encode()),
    }
    return sorted(messages, key=keys[rule])


def _told(message: Message, answers: dict[str, str]) -> Message:
    """A copy of the message, written as the answers say."""
    told = copy.deepcopy(message)
    if answers["m-not-yet"] == "blank":
        told |= {name: told[name] or "" for name in ("inspectRequestAt", "inspectedAt")}
    for button in (button for part in told["messages"] for button in part["buttons"]):
        unused = [name for name in LINKS if name not in USED_LINKS.get(button["linkType"], ())]
        if answers["m-unused-links"] == "blank":
            button |= dict.fromkeys(unused, "")
        elif answers["m-unused-links"] == "absent":
            for name in unused:
                del button[name]
    if answers["more-message-fields"] != "none":
        for item in (told, *told["messages"], *told["comments"]):
            item["memo"] = None
        for part in told["messages"]:
            part["buttons"] = [{**button, "target": "out"} for button in part["buttons"]]
    return told
