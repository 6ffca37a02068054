"""Faults inside a system message: fields, parts, buttons, comments, times."""

from typing import Any

from .fault import Fault, Test, drop, moved, null, number, put, rename, restamped

Message = dict[str, Any]


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


def _on(*statuses: str) -> Test:
    return lambda _, message: message["inspectStatus"] in statuses


def _snake(_: Any, message: Message) -> None:
    for old, new in (
        ("createdAt", "created_at"),
        ("modifiedAt", "modified_at"),
        ("inspectedAt", "inspected_at"),
    ):
        message[new] = message.pop(old)


def _g(name: str, breaks: str, says: str, do: Any) -> Fault:
    return _f(name, breaks, says, "message", do, severity="value")


_FIELDS = (
    _f("id-text", "4", "id is text", "message", put("id", str)),
    _f("id-missing", "4", "id is missing", "message", drop("id")),
    _f("name-null", "4", "name is null", "message", null("name")),
    _f("name-missing", "4", "name is missing", "message", drop("name")),
    _f("name-number", "4", "name is a number", "message", put("name", len)),
    _f("status-missing", "4", "status is missing", "message", drop("status")),
    _g("status-lower", "4", "status is in small letters", put("status", str.lower)),
    _g("status-word", "4", "status is NORMAL", put("status", lambda _: "NORMAL")),
    _f("status-null", "4", "status is null", "message", null("status")),
    _g(
        "inspect-status-grown",
        "4",
        "inspectStatus HLD for those requested",
        put("inspectStatus", lambda v: "HLD" if v == "REQ" else v),
    ),
    _g(
        "inspect-status-word",
        "4",
        "inspectStatus is APPROVED",
        put("inspectStatus", lambda v: "APPROVED" if v == "APR" else v),
    ),
    _f(
        "inspect-status-number",
        "4",
        "inspectStatus is a number",
        "message",
        put("inspectStatus", lambda _: 2),
    ),
    _f(
        "inspect-status-null",
        "4",
        "inspectStatus is null when registered",
        "message",
        null("inspectStatus", _on("REG")),
    ),
    _f("created-t", "4", "createdAt has a T", "message", put("createdAt", restamped("%Y-%m-%dT%H:%M:%S"))),
    _f(
        "created-number",
        "4",
        "createdAt is a number",
        "message",
        put("createdAt", lambda _: 1_572_546_372_000),
    ),
    _f("created-null", "4", "createdAt is null", "message", null("createdAt")),
    _f("created-day", "4", "createdAt is a day", "message", put("createdAt", lambda v: v[:10])),
    _f(
        "modified-null-unmodified",
        "4",
        "modifiedAt is null when never modified",
        "message",
        null("modifiedAt", lambda _, m: m["modifiedAt"] == m["createdAt"]),
    ),
    _f(
        "modified-slashes",
        "4",
        "modifiedAt has slashes",
        "message",
        put("modifiedAt", restamped("%Y/%m/%d %H:%M:%S")),
    ),
    _f(
        "inspected-milliseconds",
        "4",
        "inspectedAt has milliseconds",
        "message",
        put("inspectedAt", restamped("%Y-%m-%d %H:%M:%S.000")),
    ),
    _f(
        "inspect-request-z",
        "4",
        "inspectRequestAt ends with Z",
        "message",
        put("inspectRequestAt", restamped("%Y-%m-%dT%H:%M:%SZ")),
    ),
    _f(
        "inspected-missing-not-yet",
        "4",
        "inspectedAt is missing before it happens",
        "message",
        drop("inspectedAt", where=_on("REG", "REQ")),
    ),
    _f(
        "inspected-null-approved",
        "4",
        "inspectedAt is null though approved",
        "message",
        null("inspectedAt", _on("APR")),
    ),
    _f("snake-case", "4", "times are in snake case", "message", _snake),
    _f(
        "inspect-request-renamed",
        "4",
        "inspectRequestAt is called inspectRequestedAt",
        "message",
        rename("inspectRequestAt", "inspectRequestedAt"),
    ),
    _f(
        "comments-missing-empty",
        "4",
        "comments is missing when empty",
        "message",
        drop("comments", where=lambda _, m: not m["comments"]),
    ),
    _f(
        "comments-null-empty",
        "4",
        "comments is null when empty",
        "message",
        put("comments", lambda v: v or None),
    ),
    _f(
        "comments-object",
        "4",
        "comments is the comment itself when there is one",
        "message",
        put("comments", lambda v: v[0] if len(v) == 1 else v),
    ),
    _f("messages-missing", "4", "messages is missing", "message", drop("messages")),
    _f("messages-null", "4", "messages is null when rejected", "message", null("messages", _on("REJ"))),
    _f(
        "messages-object",
        "4",
        "messages is the part itself when there is one",
        "message",
        put("messages", lambda v: v[0] if len(v) == 1 else v),
    ),
    _f("messages-text", "4", "messages is JSON in a text", "message", put("messages", str)),
    _f(
        "modified-before",
        "8",
        "modifiedAt is before createdAt",
        "message",
        put("modifiedAt", moved(hours=-1)),
    ),
    _f(
        "modified-before-one",
        "8",
        "one message was modified a second before it was made",
        "message",
        lambda _, m: m.update(modifiedAt=moved(seconds=-1)(m["createdAt"])) if m["id"] == 178 else None,
    ),
    _f(
        "inspected-before",
        "8",
        "inspectedAt is before inspectRequestAt",
        "message",
        put("inspectedAt", moved(hours=-1)),
    ),
    _f(
        "inspected-before-one",
        "8",
        "one message was inspected a second before it was asked for",
        "message",
        lambda _, m: (
            m.update(inspectedAt=moved(seconds=-1)(m["inspectRequestAt"])) if m["id"] == 187 else None
        ),
    ),
    _f(
        "times-swapped",
        "8",
        "inspectRequestAt and inspectedAt are exchanged",
        "message",
        lambda _, m: (
            m.update(inspectRequestAt=m["inspectedAt"], inspectedAt=m["inspectRequestAt"])
            if m["inspectedAt"]
            else None
        ),
    ),
)


def _parts(do: Any) -> Any:
    def each(ask: Any, message: Message) -> None:
        for part in message["messages"]:
            do(ask, part)

    return each


def _buttons(do: Any) -> Any:
    def each(ask: Any, message: Message) -> None:
        for part in message["messages"]:
            for button in part["buttons"]:
                do(ask, button)

    return each


def _comments(do: Any) -> Any:
    def each(ask: Any, message: Message) -> None:
        for comment in message["comments"]:
            do(ask, comment)

    return each


def _type(*types: str) -> Test:
    return lambda _, part: part["messageType"] in types


def _link(*types: str) -> Test:
    return lambda _, button: button["linkType"] in types


def _buttoned(kind: str) -> Any:
    button = {"ordering": 1, "linkType": "BK", "linkName": "버튼"}
    button |= dict.fromkeys(("linkMobile", "linkPc", "linkIos", "linkAndroid"))
    return _parts(put("buttons", lambda _: [button], _type(kind)))


_INSIDE = (
    *(
        _f(f"{kind.lower()}-buttons", "5", f"{kind} has a button", "message", _buttoned(kind))
        for kind in ("S5", "BL", "SB")
    ),
    _f(
        "buttons-null-empty",
        "5",
        "buttons is null when empty",
        "message",
        _parts(put("buttons", lambda v: v or None)),
    ),
    _f(
        "buttons-null-s5",
        "5",
        "buttons is null where none can be used",
        "message",
        _parts(null("buttons", _type("S5", "BL", "SB"))),
    ),
    _f(
        "buttons-missing-empty",
        "5",
        "buttons is missing when empty",
        "message",
        _parts(drop("buttons", where=lambda _, p: not p["buttons"])),
    ),
    _f("buttons-text", "5", "buttons is a text", "message", _parts(put("buttons", str))),
    _f(
        "buttons-object",
        "5",
        "buttons is an object by ordering",
        "message",
        _parts(put("buttons", lambda v: {str(b["ordering"]): b for b in v})),
    ),
    _g(
        "message-type-s6",
        "5",
        "messageType S6 for some S4",
        _parts(put("messageType", lambda v: "S6" if v == "S4" else v)),
    ),
    _g("message-type-lower", "5", "messageType is in small letters", _parts(put("messageType", str.lower))),
    _f(
        "message-type-number",
        "5",
        "messageType is a number",
        "message",
        _parts(put("messageType", lambda _: 1)),
    ),
    _f("message-type-missing", "5", "messageType is missing", "message", _parts(drop("messageType"))),
    _f("content-null", "5", "a part's content is null", "message", _parts(null("content"))),
    _f("content-missing", "5", "a part's content is missing", "message", _parts(drop("content"))),
    _f("content-list", "5", "a part's content is a list", "message", _parts(put("content", lambda v: [v]))),
    _f("ordering-text", "6", "ordering is text", "message", _buttons(put("ordering", str))),
    _f("ordering-missing", "6", "ordering is missing", "message", _buttons(drop("ordering"))),
    _g(
        "link-type-wp",
        "6",
        "linkType WP for some BK",
        _buttons(put("linkType", lambda v: "WP" if v == "BK" else v)),
    ),
    _g(
        "link-type-word",
        "6",
        "linkType is web for WL",
        _buttons(put("linkType", lambda v: "web" if v == "WL" else v)),
    ),
    _f("link-type-null", "6", "linkType is null for MD", "message", _buttons(null("linkType", _link("MD")))),
    _f("link-type-renamed", "6", "linkType is called type", "message", _buttons(rename("linkType", "type"))),
    _f("link-name-missing", "6", "linkName is missing", "message", _buttons(drop("linkName"))),
    _f("link-name-number", "6", "linkName is a number", "message", _buttons(put("linkName", len))),
    _f(
        "link-mobile-missing-wl",
        "6",
        "linkMobile is missing for WL",
        "message",
        _buttons(drop("linkMobile", where=_link("WL"))),
    ),
    _f(
        "link-ios-object",
        "6",
        "linkIos is an object for AL",
        "message",
        _buttons(put("linkIos", lambda v: {"url": v}, _link("AL"))),
    ),
    _f(
        "link-pc-false",
        "6",
        "linkPc is false where unused",
        "message",
        _buttons(put("linkPc", lambda v: v or False)),
    ),
    _f("comment-id-text", "7", "a comment's id is text", "message", _comments(put("id", str))),
    _f("comment-id-missing", "7", "a comment's id is missing", "message", _comments(drop("id"))),
    _f(
        "comment-content-missing-null",
        "7",
        "a comment's content is missing when null",
        "message",
        _comments(drop("content", where=lambda _, c: c["content"] is None)),
    ),
    _f(
        "comment-content-number",
        "7",
        "a comment's content is 0 when null",
        "message",
        _comments(put("content", lambda v: 0 if v is None else v)),
    ),
    _f(
        "comment-user-missing", "7", "a comment's userName is missing", "message", _comments(drop("userName"))
    ),
    _f("comment-user-null", "7", "a comment's userName is null", "message", _comments(null("userName"))),
    _f(
        "comment-created-t",
        "7",
        "a comment's createdAt has a T",
        "message",
        _comments(put("createdAt", restamped("%Y-%m-%dT%H:%M:%S"))),
    ),
    _f(
        "comment-created-missing",
        "7",
        "a comment's createdAt is missing",
        "message",
        _comments(drop("createdAt")),
    ),
    _g(
        "comment-status-ok",
        "7",
        "a comment's status is OK for APR",
        _comments(put("status", lambda v: "OK" if v == "APR" else v)),
    ),
    _f(
        "comment-status-null",
        "7",
        "a comment's status is null for INQ",
        "message",
        _comments(put("status", lambda v: None if v == "INQ" else v)),
    ),
    _f(
        "comment-renamed",
        "7",
        "a comment's content is called comment",
        "message",
        _comments(rename("content", "comment")),
    ),
    _f(
        "comment-status-number",
        "7",
        "a comment's status is a number",
        "message",
        _comments(put("status", lambda _: number("1"))),
    ),
)

MESSAGE_FIELD_FAULTS = (*_FIELDS, *_INSIDE)
