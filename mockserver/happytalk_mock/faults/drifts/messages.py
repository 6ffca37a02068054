"""Drifts of which system messages are answered, to whom, and in which envelope."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import orjson

from ...core.exchange import Answer, Received
from .drift import HTML_HEADERS, Apply, Ask, Context, Drift, rows_of
from .message_lists import Listing, failure, listed, on_success, query_of, single, success
from .stated import CHOSEN, REQUIRED, RESULT

_row = rows_of("system messages")
_PAGE: Final = b"<!doctype html><title>Error</title><h1>HTTP Status 500 - Internal Server Error</h1>"


def _also(*statuses: str) -> Callable[[Listing], None]:
    """Messages of other statuses stand in the list too."""

    def change(listing: Listing) -> None:
        found = [message for message in listing.unlisted() if message["status"] in statuses]
        listing.payload["data"] = sorted([*listing.messages, *found], key=lambda message: int(message["id"]))

    return change


def _everything(listing: Listing) -> None:
    listing.payload["data"] = listing.other(listing.sender_key)


def _not_active(listing: Listing) -> None:
    if any(message["status"] != "A" for message in listing.messages):
        listing.payload.pop("data")
        listing.payload.update(code="508", message="요청한 데이터가 존재하지 않습니다.")


def _others(listing: Listing) -> None:
    for key in listing.context.keys.sender_keys:
        if key != listing.sender_key:
            listing.messages.extend(listing.other(key)[:1])


def _next_one(listing: Listing) -> None:
    # A comparison with >= where = was meant.
    asked = listing.id
    later = [message for message in listing.other(listing.sender_key) if asked and message["id"] > asked]
    listing.payload["data"] = listing.messages + later[:1]


def _foreign_id(ask: Ask, received: Received, context: Context) -> Answer:
    honest = ask(received)
    query = query_of(received)
    if failure(honest) is None or "id" not in query:
        return honest
    for key in context.keys.sender_keys:
        answer = ask(received.asking({**query, "senderKey": key}))
        if success(answer) is not None:
            return answer
    return honest


def _answering(code: str, change: Callable[[Received, Context], Received]) -> Apply:
    """Requests refused with `code` are asked again with something put right."""

    def apply(ask: Ask, received: Received, context: Context) -> Answer:
        honest = ask(received)
        refused = failure(honest)
        if refused is None or refused.get("code") != code:
            return honest
        return ask(change(received, context))

    return apply


def _with_own_key(received: Received, context: Context) -> Received:
    keys = context.keys.sender_keys
    query = {**query_of(received), **({"senderKey": keys[0]} if keys else {})}
    return received.asking(query)


def _when_missing(received: Received, context: Context) -> Received:
    return received if query_of(received).get("senderKey") else _with_own_key(received, context)


def _headers(
    *, only: str | None = None, given: bool | None = None
) -> Callable[[Received, Context], Received]:
    """Puts HT headers right: the `only` one or both; where it is sent (`given`), missing, or either."""

    def change(received: Received, context: Context) -> Received:
        right = {"ht-client-id": context.keys.client_id, "ht-client-secret": context.keys.client_secret}
        wanted = {
            name: value
            for name, value in right.items()
            if only in (None, name) and given in (None, bool(received.headers.get(name)))
        }
        return received._replace(headers={**received.headers, **wanted})

    return change


def _coded(code: Any) -> Apply:
    def change(listing: Listing) -> None:
        listing.payload["code"] = code

    return on_success(change)


def _no_code(listing: Listing) -> None:
    del listing.payload["code"]


def _object_for_one(listing: Listing) -> None:
    if listing.messages:
        listing.payload["data"] = listing.messages[0]


def _renamed_data(listing: Listing) -> None:
    listing.payload["list"] = listing.payload.pop("data")


def _wrapped(listing: Listing) -> None:
    listing.payload["data"] = {"list": listing.messages, "totalCount": len(listing.messages)}


def _reversed_now_and_then(listing: Listing) -> None:
    if listing.context.turn(2):
        listing.messages.reverse()


def _short_now_and_then(listing: Listing) -> None:
    if listing.context.turn(3) and listing.messages:
        listing.messages.pop()


def _refusing(change: Callable[[dict[str, Any]], Any]) -> Apply:
    """Failures get another body; `change` returns it."""

    def apply(ask: Ask, received: Received, _context: Context) -> Answer:
        honest = ask(received)
        refused = failure(honest)
        return honest if refused is None else honest._replace(body=orjson.dumps(change(refused)))

    return apply


def _page_for(code: str, status: int) -> Apply:
    """Failures of one code come as an HTML page."""

    def apply(ask: Ask, received: Received, _context: Context) -> Answer:
        honest = ask(received)
        refused = failure(honest)
        wanted = refused is not None and refused.get("code") == code
        return Answer(status, HTML_HEADERS, _PAGE) if wanted else honest

    return apply


def _plain_text(ask: Ask, received: Received, _context: Context) -> Answer:
    honest = ask(received)
    if success(honest) is None:
        return honest
    return honest._replace(headers=(("Content-Type", "text/plain; charset=utf-8"), *honest.headers[1:]))


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "stopped-messages-listed",
        CHOSEN,
        "the list has stopped messages (T) too",
        "목록에 중지(T) 메시지도 나온다",
        on_success(_also("T"), listed),
        when="without id",
    ),
    _row(
        "blocked-messages-listed",
        CHOSEN,
        "the list has blocked messages (S) too",
        "목록에 차단(S) 메시지도 나온다",
        on_success(_also("S"), listed),
        when="without id",
    ),
    _row(
        "id-filter-ignored",
        CHOSEN,
        "id is ignored: the whole list comes",
        "id를 무시하고 전체 목록을 준다",
        on_success(_everything, single),
        when="with id",
    ),
    _row(
        "id-finds-active-only",
        CHOSEN,
        "by id only messages of status A are found",
        "id로 조회해도 정상(A) 메시지만 나온다",
        on_success(_not_active, single),
        when="the id of a message of status T or S",
    ),
    _row(
        "id-gets-the-next-too",
        CHOSEN,
        "by id the next message comes too",
        "id로 조회하면 다음 메시지까지 나온다",
        on_success(_next_one, single),
        when="with id",
    ),
    _row(
        "foreign-message-listed",
        CHOSEN,
        "the list has a message of the customer's other sender",
        "목록에 다른 발신프로필의 메시지가 섞여 나온다",
        on_success(_others, listed),
        when="without id, a customer with two sender keys",
    ),
    _row(
        "foreign-id-answered",
        CHOSEN,
        "the id of another sender's message is answered",
        "다른 발신프로필의 메시지 id도 조회된다",
        _foreign_id,
        when="the id of another sender's message",
    ),
    _row(
        "unknown-sender-key-answered",
        CHOSEN,
        "an unknown senderKey gets the first sender's messages",
        "모르는 senderKey에 첫 발신프로필의 메시지를 준다",
        _answering("507", _with_own_key),
        when="an unknown senderKey",
    ),
    _row(
        "sender-key-not-required",
        REQUIRED,
        "without senderKey the first sender's messages come",
        "senderKey가 없어도 조회된다",
        _answering("405", _when_missing),
        when="no senderKey",
    ),
    _row(
        "headers-not-required",
        REQUIRED,
        "without the HT headers the messages come",
        "HT 헤더가 없어도 조회된다",
        _answering("403", _headers(given=False)),
        when="a missing HT header",
    ),
    _row(
        "secret-not-required",
        REQUIRED,
        "without HT-Client-Secret the messages come",
        "HT-Client-Secret이 없어도 조회된다",
        _answering("403", _headers(only="ht-client-secret", given=False)),
        when="no HT-Client-Secret",
    ),
    _row(
        "wrong-secret-accepted",
        REQUIRED,
        "any HT-Client-Secret will do",
        "HT-Client-Secret 값이 틀려도 조회된다",
        _answering("403", _headers(only="ht-client-secret", given=True)),
        when="a wrong HT-Client-Secret",
    ),
    _row(
        "wrong-client-id-accepted",
        REQUIRED,
        "any HT-Client-Id will do",
        "HT-Client-Id 값이 틀려도 조회된다",
        _answering("403", _headers(only="ht-client-id", given=True)),
        when="a wrong HT-Client-Id",
    ),
    _row(
        "code-as-number", RESULT, "code is the number 200", "code가 문자열이 아니라 숫자 200이다", _coded(200)
    ),
    _row("code-0000", RESULT, "code is 0000", "성공 code가 0000이다", _coded("0000")),
    _row("code-missing", RESULT, "code is not there", "code 필드가 없다", on_success(_no_code)),
    _row(
        "data-object-for-one",
        RESULT,
        "by id data is the message itself, not a list",
        "id로 조회하면 data가 배열이 아니라 객체다",
        on_success(_object_for_one, single),
        when="with id",
    ),
    _row(
        "data-renamed",
        RESULT,
        "data is called list",
        "data의 이름이 list로 바뀌었다",
        on_success(_renamed_data),
    ),
    _row(
        "data-wrapped",
        RESULT,
        "data is an object with a list and a count",
        "data가 list와 totalCount를 담은 객체다",
        on_success(_wrapped),
    ),
    _row(
        "order-changes",
        RESULT,
        "every second answer stands in reverse order",
        "두 번에 한 번은 목록 순서가 거꾸로다",
        on_success(_reversed_now_and_then, listed),
        when="every second answer",
    ),
    _row(
        "every-third-messages-short",
        CHOSEN,
        "every third list has lost its last message",
        "세 번에 한 번은 목록의 마지막 메시지가 빠진다",
        on_success(_short_now_and_then, listed),
        when="every third answer",
    ),
    _row(
        "message-failure-code-as-number",
        RESULT,
        "a failure's code is a number",
        "실패 응답의 code가 숫자다",
        _refusing(lambda payload: {**payload, "code": int(payload["code"])}),
    ),
    _row(
        "message-failure-says-200",
        RESULT,
        "a failure's code is 200",
        "실패 응답의 code가 200이다",
        _refusing(lambda payload: {**payload, "code": "200"}),
    ),
    _row(
        "message-failure-without-message",
        RESULT,
        "a failure has no message",
        "실패 응답에 message가 없다",
        _refusing(lambda payload: {"code": payload["code"]}),
    ),
    _row(
        "html-when-not-permitted",
        RESULT,
        "missing or wrong HT headers get an HTML page",
        "HT 헤더가 없거나 틀리면 HTML 페이지를 준다",
        _page_for("403", 403),
    ),
    _row(
        "error-500-on-bad-id",
        RESULT,
        "a parameter error gets a 500 and an HTML page",
        "파라미터 오류에 500 HTML 페이지를 준다",
        _page_for("405", 500),
        when="an id that is no number, or no senderKey",
    ),
    _row(
        "messages-as-plain-text",
        RESULT,
        "the content type is text/plain",
        "Content-Type이 text/plain이다",
        _plain_text,
    ),
)
