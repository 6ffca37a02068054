"""Drifts of the system messages' fields: types, codes, times, buttons, comments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ...spec.vocabulary import BUTTONLESS_TYPES, MESSAGE_STATUSES, Message
from .drift import Apply, Drift, rows_of
from .message_lists import Listing, listed, on_buttons, on_comments, on_messages, on_parts, on_success, single
from .room_lists import moved
from .stated import BUTTON, COMMENT, MESSAGE, PART, TIMES

_row = rows_of("message fields")
Record = dict[str, Any]
_BUTTON: Final[Record] = {
    "ordering": 1,
    "linkType": "BK",
    "linkName": "처음으로",
    "linkMobile": None,
    "linkPc": None,
    "linkIos": None,
    "linkAndroid": None,
}


def _as_text(name: str) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        record[name] = str(record[name])

    return change


def _without(name: str) -> Callable[[Record], Any]:
    return lambda record: record.pop(name, None)


def _renamed(old: str, new: str) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        record[new] = record.pop(old)

    return change


def _instead(name: str, of: str, value: str) -> Callable[[Record], None]:
    """A new value of a code stands where an old one stood."""

    def change(record: Record) -> None:
        if record[name] == of:
            record[name] = value

    return change


def _null_when_none(name: str) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        record[name] = record[name] or None

    return change


def _iso(message: Message) -> None:
    for name in ("createdAt", "modifiedAt", "inspectRequestAt", "inspectedAt"):
        if message[name]:
            message[name] = message[name].replace(" ", "T")


def _day_only(message: Message) -> None:
    message["createdAt"] = message["createdAt"][:10]


def _spelt_out(message: Message) -> None:
    message["status"] = MESSAGE_STATUSES.get(message["status"], message["status"])


def _modified_first(message: Message) -> None:
    message["modifiedAt"] = moved(message["createdAt"], -60)


def _inspected_first(message: Message) -> None:
    if message["inspectedAt"] and message["inspectRequestAt"]:
        message["inspectedAt"] = moved(message["inspectRequestAt"], -60)


def _buttons_on(*kinds: str) -> Apply:
    def change(part: Record) -> None:
        if part["messageType"] in kinds:
            part["buttons"] = [dict(_BUTTON)]

    return on_parts(change)


def _no_button_list(part: Record) -> None:
    if part["messageType"] in BUTTONLESS_TYPES:
        del part["buttons"]


def _content_as_object(part: Record) -> None:
    part["content"] = {"text": part["content"]}


def _first_part_only(listing: Listing) -> None:
    for message in listing.messages:
        message["messages"] = message["messages"][0] if message["messages"] else None


def _empty_dates(message: Message) -> None:
    for name in ("inspectRequestAt", "inspectedAt"):
        message[name] = message[name] or "0000-00-00 00:00:00"


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "message-id-as-text",
        MESSAGE,
        "a message's id is text",
        "시스템 메시지 id가 문자열이다",
        on_messages(_as_text("id")),
    ),
    _row(
        "message-name-missing",
        MESSAGE,
        "a message's name is not there",
        "name 필드가 없다",
        on_messages(_without("name")),
    ),
    _row(
        "modified-at-renamed",
        MESSAGE,
        "modifiedAt is called updatedAt",
        "modifiedAt의 이름이 updatedAt으로 바뀌었다",
        on_messages(_renamed("modifiedAt", "updatedAt")),
    ),
    _row(
        "message-times-in-iso-8601",
        MESSAGE,
        "times have a T between day and time",
        "일시가 T로 구분된 ISO 8601 형식이다",
        on_messages(_iso),
    ),
    _row(
        "created-at-day-only",
        MESSAGE,
        "createdAt is the day alone",
        "createdAt에 시각이 없다",
        on_messages(_day_only),
    ),
    _row(
        "not-inspected-as-zero-date",
        MESSAGE,
        "inspection times that have not come are 0000-00-00 00:00:00",
        "검수 전 일시가 0000-00-00 00:00:00으로 온다",
        on_messages(_empty_dates),
        when="messages not yet inspected",
    ),
    _row(
        "message-status-spelt-out",
        MESSAGE,
        "status is its Korean name",
        "메시지 상태가 코드가 아니라 한글 명칭이다",
        on_messages(_spelt_out),
    ),
    _row(
        "inspect-status-new",
        MESSAGE,
        "inspectStatus HLD stands for requested ones",
        "검수요청 상태가 새 값 HLD로 온다",
        on_messages(_instead("inspectStatus", "REQ", "HLD")),
        when="messages whose inspection is asked for",
    ),
    _row(
        "messages-missing-in-single",
        MESSAGE,
        "asked for by id, a message has no messages",
        "id로 조회하면 messages 필드가 없다",
        on_messages(_without("messages"), single),
        when="with id",
    ),
    _row(
        "messages-as-object-in-single",
        MESSAGE,
        "asked for by id, messages is its first entry, not a list",
        "id로 조회하면 messages가 배열이 아니라 객체다",
        on_success(_first_part_only, single),
        when="with id",
    ),
    _row(
        "comments-missing-in-list",
        MESSAGE,
        "in the list messages have no comments",
        "목록 조회에서 comments 필드가 없다",
        on_messages(_without("comments"), listed),
        when="without id",
    ),
    _row(
        "comments-null-when-none",
        MESSAGE,
        "comments is null where there are none",
        "검수 의견이 없으면 comments가 null이다",
        on_messages(_null_when_none("comments")),
        when="messages without comments",
    ),
    _row(
        "modified-before-created",
        TIMES,
        "modifiedAt lies before createdAt",
        "수정일이 등록일보다 앞선다",
        on_messages(_modified_first),
    ),
    _row(
        "inspected-before-requested",
        TIMES,
        "inspectedAt lies before inspectRequestAt",
        "검수일이 검수 요청일보다 앞선다",
        on_messages(_inspected_first),
        when="inspected messages",
    ),
    _row(
        "message-type-new",
        PART,
        "messageType S6 stands for S4",
        "S4 대신 새 값 S6이 온다",
        on_parts(_instead("messageType", "S4", "S6")),
        when="messages of type S4",
    ),
    _row(
        "message-type-missing",
        PART,
        "messageType is not there",
        "messageType 필드가 없다",
        on_parts(_without("messageType")),
    ),
    _row(
        "message-content-as-object",
        PART,
        "content is an object with a text",
        "content가 문자열이 아니라 객체다",
        on_parts(_content_as_object),
    ),
    _row(
        "button-on-s5",
        PART,
        "an S5 has a button",
        "버튼을 쓸 수 없는 S5에 버튼이 있다",
        _buttons_on("S5"),
        when="messages of type S5",
    ),
    _row(
        "button-on-bl-and-sb",
        PART,
        "a BL or SB has a button",
        "버튼을 쓸 수 없는 BL, SB에 버튼이 있다",
        _buttons_on("BL", "SB"),
        when="messages of type BL or SB",
    ),
    _row(
        "buttons-null-when-none",
        PART,
        "buttons is null where there are none",
        "버튼이 없으면 buttons가 null이다",
        on_parts(_null_when_none("buttons")),
        when="messages without buttons",
    ),
    _row(
        "buttons-missing-when-unusable",
        PART,
        "S5, BL and SB have no field buttons",
        "S5, BL, SB에는 buttons 필드가 없다",
        on_parts(_no_button_list),
        when="messages of type S5, BL or SB",
    ),
    _row(
        "ordering-as-text",
        BUTTON,
        "a button's ordering is text",
        "버튼 ordering이 문자열이다",
        on_buttons(_as_text("ordering")),
    ),
    _row(
        "link-name-missing",
        BUTTON,
        "a button's linkName is not there",
        "버튼 linkName 필드가 없다",
        on_buttons(_without("linkName")),
    ),
    _row(
        "link-type-new",
        BUTTON,
        "linkType BF stands for MD",
        "MD 대신 새 링크 타입 BF가 온다",
        on_buttons(_instead("linkType", "MD", "BF")),
        when="buttons of type MD",
    ),
    _row(
        "comment-id-as-text",
        COMMENT,
        "a comment's id is text",
        "검수 의견 id가 문자열이다",
        on_comments(_as_text("id")),
    ),
    _row(
        "comment-user-name-missing",
        COMMENT,
        "a comment's userName is not there",
        "검수 의견에 userName이 없다",
        on_comments(_without("userName")),
    ),
    _row(
        "comment-status-new",
        COMMENT,
        "comment status ANS stands for INQ",
        "INQ 대신 새 상태 ANS가 온다",
        on_comments(_instead("status", "INQ", "ANS")),
        when="comments of status INQ",
    ),
)
