"""Faults around the system messages: access, what is listed, envelope."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .fault import Fault, always, moved, put

Message = dict[str, Any]
NEEDS_ID = "needs the id of a message that no list shows"


def _f(
    name: str, breaks: str, says: str, stage: str, do: Any, severity: str = "breaking", blind: str = ""
) -> Fault:
    return Fault(
        name=f"m-{name}",
        breaks=f"messages-{breaks}",
        says=says,
        stage=stage,
        do=do,
        severity=severity,
        blind=blind,
    )


def _access(test: Callable[[Any, str | None, str | None], bool]) -> Any:
    """A fault that lets a request in where ``test(ask, id, secret)`` holds, if it names a sender."""

    def do(ask: Any, code: str | None) -> str | None:
        headers = ask.request.headers
        sender = ask.request.query.get("senderKey")
        if code == "403" and test(ask, headers.get("ht-client-id"), headers.get("ht-client-secret")):
            return None if sender else "405"
        return code

    return do


def _is_client(ask: Any, client: str | None) -> bool:
    return bool(client == ask.api.credentials[0])


def _is_secret(ask: Any, secret: str | None) -> bool:
    return bool(secret == ask.api.credentials[1])


def _nothing(code: str) -> Any:
    """A fault that turns a failure into an empty success."""

    def do(_: Any, reply: Any) -> None:
        if reply.document["code"] == code:
            reply.status, reply.document = 200, {"code": "200", "data": []}

    return do


def _first_sender(ask: Any, code: str | None) -> str | None:
    """The first sender stands for a missing one."""
    if code == "405":
        ask.request = replace(ask.request, query={**ask.request.query, "senderKey": ask.api.senders[0]})
        return None
    return code


_ACCESS = (
    _f("no-headers-taken", "1", "no header is needed", "m_access", _access(lambda *_: True)),
    _f(
        "missing-headers-taken",
        "1",
        "missing headers are taken, wrong ones are not",
        "m_access",
        _access(lambda _, c, s: c is None and s is None),
    ),
    _f(
        "no-client-id-taken",
        "1",
        "the client id may be missing",
        "m_access",
        _access(lambda a, c, s: c is None and _is_secret(a, s)),
    ),
    _f(
        "no-secret-taken",
        "1",
        "the secret may be missing",
        "m_access",
        _access(lambda a, c, s: s is None and _is_client(a, c)),
    ),
    _f(
        "wrong-secret-taken",
        "1",
        "any secret is taken",
        "m_access",
        _access(lambda a, c, s: s is not None and _is_client(a, c)),
    ),
    _f(
        "wrong-client-id-taken",
        "1",
        "any client id is taken",
        "m_access",
        _access(lambda a, c, s: c is not None and _is_secret(a, s)),
    ),
    _f(
        "blank-headers-taken",
        "1",
        "empty headers are taken",
        "m_access",
        _access(lambda _, c, s: c == "" and s == ""),
    ),
    _f(
        "wrong-headers-with-id-taken",
        "1",
        "no header is needed when an id is given",
        "m_access",
        _access(lambda a, *_: "id" in a.request.query),
    ),
    _f("no-sender-taken", "1", "without senderKey the first sender's are told", "m_access", _first_sender),
    _f("refused-empty", "1", "missing or wrong headers get an empty success", "m_failure", _nothing("403")),
    _f("no-sender-empty", "1", "a missing senderKey gets an empty success", "m_failure", _nothing("405")),
    _f(
        "unknown-sender-taken",
        "2",
        "an unknown senderKey gets the first sender's messages",
        "m_sender",
        lambda a, key: key if key in a.api.senders or not key else a.api.senders[0],
    ),
    _f(
        "sender-prefix",
        "2",
        "a senderKey cut short is taken",
        "m_sender",
        lambda a, key: next((s for s in a.api.senders if key and s.startswith(key)), key),
    ),
)


def _everyone(ask: Any) -> list[Message]:
    return [message for messages in ask.api.store.messages.values() for message in messages]


def _by_id(ask: Any, found: list[Message]) -> bool:
    return ask.id is not None


def _listed(*statuses: str) -> Any:
    """A fault that lists messages of other statuses too."""
    return lambda a, found: (
        found if a.id is not None else [*found, *(m for m in a.own if m["status"] in statuses)]
    )


def _with_id(pick: Callable[[Any, list[Message]], list[Message]]) -> Any:
    """A fault in what is found by id."""
    return lambda a, found: found if a.id is None else pick(a, found)


def _every(count: int, change: Callable[[list[Message]], list[Message]]) -> Any:
    return lambda a, found: change(found) if a.api.turn % count == 0 else found


def _in_use(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message["status"] == "A"]


_PICKS = (
    _f("stopped-listed", "2", "stopped messages are listed", "m_pick", _listed("T")),
    _f("blocked-listed", "2", "blocked messages are listed", "m_pick", _listed("S")),
    _f("everything-listed", "2", "messages of every status are listed", "m_pick", _listed("T", "S")),
    _f(
        "one-stopped-listed",
        "2",
        "one stopped message is listed",
        "m_pick",
        lambda a, f: f if a.id is not None else [*f, *[m for m in a.own if m["status"] == "T"][:1]],
    ),
    _f(
        "others-listed",
        "2",
        "the list holds other senders' messages",
        "m_pick",
        lambda a, f: f if a.id is not None else _in_use(_everyone(a)),
    ),
    _f(
        "others-by-id",
        "2",
        "another sender's message is told by id",
        "m_pick",
        _with_id(lambda a, _: [m for m in _everyone(a) if m["id"] == a.id]),
    ),
    _f("id-ignored", "2", "id is ignored", "m_pick", _with_id(lambda a, _: _in_use(a.own))),
    _f(
        "id-and-all",
        "2",
        "with an id the whole list stands behind it",
        "m_pick",
        _with_id(lambda a, f: [*f, *(m for m in _in_use(a.own) if m not in f)]),
    ),
    _f("id-twice", "2", "the message with the id stands twice", "m_list", _with_id(lambda a, f: f * 2)),
    _f(
        "id-next",
        "2",
        "the message after the id is told",
        "m_pick",
        _with_id(lambda a, f: ([m for m in _in_use(a.own) if m["id"] > a.id] or f)[:1]),
    ),
    _f(
        "id-and-later",
        "2",
        "the messages from the id on are told",
        "m_pick",
        _with_id(lambda a, f: f and [m for m in _in_use(a.own) if m["id"] >= a.id]),
    ),
    _f(
        "id-prefix",
        "2",
        "ids that begin with the id are told too",
        "m_pick",
        _with_id(lambda a, _: [m for m in a.own if str(m["id"]).startswith(str(a.id))]),
    ),
    _f("id-empty", "2", "by id nothing is found", "m_pick", _with_id(lambda *_: [])),
    _f(
        "id-rejected-empty",
        "2",
        "by id a rejected message is not found",
        "m_pick",
        _with_id(lambda _, f: [m for m in f if m["inspectStatus"] != "REJ"]),
    ),
    _f(
        "id-approved-only",
        "2",
        "by id only approved messages are found",
        "m_pick",
        _with_id(lambda _, f: [m for m in f if m["inspectStatus"] == "APR"]),
    ),
    _f(
        "id-stopped-refused",
        "2",
        "by id a stopped message is not found",
        "m_pick",
        _with_id(lambda _, f: [m for m in f if m["status"] != "T"]),
        blind=NEEDS_ID,
    ),
    _f(
        "id-blocked-refused",
        "2",
        "by id a blocked message is not found",
        "m_pick",
        _with_id(lambda _, f: [m for m in f if m["status"] != "S"]),
        blind=NEEDS_ID,
    ),
    _f(
        "unknown-id-first",
        "2",
        "an unknown id gets the first message",
        "m_pick",
        _with_id(lambda a, f: f or _in_use(a.own)[:1]),
    ),
    _f(
        "unknown-id-all",
        "2",
        "an unknown id gets the list",
        "m_pick",
        _with_id(lambda a, f: f or _in_use(a.own)),
    ),
    _f(
        "id-other-name",
        "2",
        "by id a message has another name than in the list",
        "message",
        put("name", lambda v: v + " ", _by_id),
    ),
    _f(
        "id-no-comments",
        "2",
        "by id a message has no comments",
        "message",
        put("comments", lambda _: [], _by_id),
    ),
    _f(
        "id-other-time",
        "2",
        "by id a message was modified a minute later",
        "message",
        put("modifiedAt", moved(seconds=60), _by_id),
    ),
    _f(
        "id-stops",
        "2",
        "by id a message in use is told as stopped",
        "message",
        put("status", lambda _: "T", _by_id),
    ),
    _f("listed-twice", "2", "the first message is listed twice", "m_list", lambda a, f: [*f[:1], *f]),
    _f(
        "unstable-order",
        "2",
        "the list's order changes from time to time",
        "m_list",
        _every(3, lambda f: f[::-1]),
    ),
    _f(
        "unstable-last",
        "2",
        "the last message is missing from time to time",
        "m_list",
        _every(3, lambda f: f[:-1] if len(f) > 1 else f),
    ),
    _f(
        "shuffled",
        "2",
        "the list turns by one at each read",
        "m_list",
        lambda a, f: [*f[a.api.turn % 5 :], *f[: a.api.turn % 5]],
    ),
    _f(
        "reading-modifies",
        "2",
        "reading sets modifiedAt",
        "message",
        lambda a, m: m.update(modifiedAt=moved(seconds=a.api.turn)(m["modifiedAt"])),
    ),
    _f(
        "duplicate-ids",
        "4",
        "two messages have the same id",
        "message",
        lambda a, m: m.update(id=m["id"] - 1) if m["id"] == 178 or a.id == 178 else None,
    ),
)


def _whole(change: Any, where: Any = always) -> Any:
    return lambda ask, document: change(document) if where(ask, document) else document


def _empty(_: Any, document: Message) -> bool:
    return not document["data"]


def _single(_: Any, document: Message) -> bool:
    return len(document["data"]) == 1


def _with(**values: Any) -> Callable[[Message], Message]:
    return lambda document: {**document, **values}


def _without(name: str) -> Callable[[Message], Message]:
    return lambda document: {key: value for key, value in document.items() if key != name}


def _failure(change: Callable[[Message], Any]) -> Any:
    def do(_: Any, reply: Any) -> None:
        reply.document = change(reply.document)

    return do


_ENVELOPE = (
    _f("code-number", "3", "code is a number", "m_success", _whole(_with(code=200))),
    _f("code-ok", "3", "code is OK", "m_success", _whole(_with(code="OK"))),
    _f("code-0", "3", "code is 0", "m_success", _whole(_with(code="0"))),
    _f(
        "code-201",
        "3",
        "code is 201 by id",
        "m_success",
        _whole(_with(code="201"), lambda a, _: a.id is not None),
    ),
    _f("no-code", "3", "code is missing", "m_success", _whole(_without("code"))),
    _f(
        "code-renamed",
        "3",
        "code is called resultCode",
        "m_success",
        _whole(lambda d: {"resultCode": d["code"], "data": d["data"]}),
    ),
    _f(
        "data-renamed",
        "3",
        "data is called list",
        "m_success",
        _whole(lambda d: {"code": d["code"], "list": d["data"]}),
    ),
    _f(
        "data-object-single",
        "3",
        "data is the message itself when there is one",
        "m_success",
        _whole(lambda d: {**d, "data": d["data"][0]}, _single),
    ),
    _f(
        "data-keyed",
        "3",
        "data is an object by id",
        "m_success",
        _whole(lambda d: {**d, "data": {str(m["id"]): m for m in d["data"]}}),
    ),
    _f(
        "data-page",
        "3",
        "data is an object with a list",
        "m_success",
        _whole(lambda d: {**d, "data": {"list": d["data"], "total": len(d["data"])}}),
    ),
    _f("bare-list", "3", "the answer is the list", "m_success", _whole(lambda d: d["data"])),
    _f("data-text", "3", "data is a text", "m_success", _whole(lambda d: {**d, "data": str(d["data"])})),
    _f("data-null-single", "3", "data is [null] by id", "m_success", _whole(_with(data=[None]), _single)),
    _f(
        "fail-code-number",
        "3",
        "a failure's code is a number",
        "m_failure",
        _failure(lambda d: {**d, "code": int(d["code"])}),
    ),
    _f("fail-code-200", "3", "a failure's code is 200", "m_failure", _failure(_with(code="200"))),
    _f("fail-no-code", "3", "a failure has no code", "m_failure", _failure(_without("code"))),
    _f("fail-no-message", "3", "a failure has no message", "m_failure", _failure(_without("message"))),
    _f("fail-message-null", "3", "a failure's message is null", "m_failure", _failure(_with(message=None))),
    _f(
        "fail-message-number",
        "3",
        "a failure's message is a number",
        "m_failure",
        _failure(_with(message=-1)),
    ),
    _f(
        "fail-message-list",
        "3",
        "a failure's message is a list",
        "m_failure",
        _failure(lambda d: {**d, "message": [d["message"]]}),
    ),
    _f(
        "fail-renamed",
        "3",
        "a failure's message is called error",
        "m_failure",
        _failure(lambda d: {"code": d["code"], "error": d["message"]}),
    ),
    _f(
        "fail-rooms-shape",
        "3",
        "a failure has the chat room list's shape",
        "m_failure",
        _failure(lambda d: {"result": "fail", "code": -502, "message": "unAuthorized"}),
    ),
)


MESSAGE_FAULTS = (*_ACCESS, *_PICKS, *_ENVELOPE)
