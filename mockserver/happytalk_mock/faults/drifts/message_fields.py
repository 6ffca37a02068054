"""Drifts of the system messages' fields: types, codes, times, buttons, comments."""

from __future__ import annotations

from typing import Any, Final

from ...spec.vocabulary import BUTTONLESS_TYPES, MESSAGE_STATUSES
from .drift import Condition, Record, area, data, drift, where
from .message_lists import (
    LISTED,
    SINGLE,
    as_text,
    buttons,
    comments,
    dropping,
    messages,
    on_records,
    parts,
    setting,
)
from .room_lists import moved

_INSPECTION: Final = ("inspectRequestAt", "inspectedAt")
_INSPECTED: Final = where("inspected messages", lambda message: all(message[name] for name in _INSPECTION))


def _having(says: str, name: str, *values: str) -> Condition[Any]:
    """Records with one of these codes."""
    return where(says, lambda record: record[name] in values)


def _typed(*types: str) -> Condition[Any]:
    *others, last = types
    kinds = f"{', '.join(others)} or {last}" if others else last
    return _having(f"messages of type {kinds}", "messageType", *types)


def _lacking(says: str, name: str) -> Condition[Any]:
    return where(says, lambda record: not record[name])


def _iso(message: Record) -> None:
    for name in ("createdAt", "modifiedAt", *_INSPECTION):
        if message[name]:
            message[name] = message[name].replace(" ", "T")


def _zero_dates(message: Record) -> None:
    message.update({name: "0000-00-00 00:00:00" for name in _INSPECTION if not message[name]})


def _spelt_out(message: Record) -> None:
    message["status"] = MESSAGE_STATUSES.get(message["status"], message["status"])


def _first_part_only(message: Record) -> None:
    message["messages"] = message["messages"][0] if message["messages"] else None


def _add_button(part: Record) -> None:
    links = dict.fromkeys(("linkMobile", "linkPc", "linkIos", "linkAndroid"))
    part["buttons"] = [{"ordering": 1, "linkType": "BK", "linkName": "처음으로", **links}]


DRIFTS: Final = area(
    "message fields",
    drift("message-id-as-text", as_text(messages, "id")),
    drift("message-name-missing", dropping(messages, "name")),
    drift(
        "modified-at-renamed",
        on_records(messages, lambda message: message.update(updatedAt=message.pop("modifiedAt"))),
    ),
    drift("message-times-in-iso-8601", on_records(messages, _iso)),
    drift(
        "created-at-day-only",
        on_records(messages, lambda message: message.update(createdAt=message["createdAt"][:10])),
    ),
    drift(
        "not-inspected-as-zero-date", on_records(messages, _zero_dates), data("messages not yet inspected")
    ),
    drift("message-status-spelt-out", on_records(messages, _spelt_out)),
    drift(
        "inspect-status-new",
        setting(messages, inspectStatus="HLD"),
        _having("messages whose inspection is asked for", "inspectStatus", "REQ"),
    ),
    drift("messages-missing-in-single", dropping(messages, "messages"), SINGLE),
    drift("messages-as-object-in-single", on_records(messages, _first_part_only), SINGLE),
    drift("comments-missing-in-list", dropping(messages, "comments"), LISTED),
    drift(
        "comments-null-when-none",
        setting(messages, comments=None),
        _lacking("messages without comments", "comments"),
    ),
    drift(
        "modified-before-created",
        on_records(messages, lambda message: message.update(modifiedAt=moved(message["createdAt"], -60))),
    ),
    drift(
        "inspected-before-requested",
        on_records(
            messages, lambda message: message.update(inspectedAt=moved(message["inspectRequestAt"], -60))
        ),
        _INSPECTED,
    ),
    drift("message-type-new", setting(parts, messageType="S6"), _typed("S4")),
    drift("message-type-missing", dropping(parts, "messageType")),
    drift(
        "message-content-as-object",
        on_records(parts, lambda part: part.update(content={"text": part["content"]})),
    ),
    drift("button-on-s5", on_records(parts, _add_button), _typed("S5")),
    drift("button-on-bl-and-sb", on_records(parts, _add_button), _typed("BL", "SB")),
    drift(
        "buttons-null-when-none",
        setting(parts, buttons=None),
        _lacking("messages without buttons", "buttons"),
    ),
    drift("buttons-missing-when-unusable", dropping(parts, "buttons"), _typed(*BUTTONLESS_TYPES)),
    drift("ordering-as-text", as_text(buttons, "ordering")),
    drift("link-name-missing", dropping(buttons, "linkName")),
    drift("link-type-new", setting(buttons, linkType="BF"), _having("buttons of type MD", "linkType", "MD")),
    drift("comment-id-as-text", as_text(comments, "id")),
    drift("comment-user-name-missing", dropping(comments, "userName")),
    drift(
        "comment-status-new",
        setting(comments, status="ANS"),
        _having("comments of status INQ", "status", "INQ"),
    ),
)
