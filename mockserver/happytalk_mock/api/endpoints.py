"""The two endpoints: a request as received in, an answer in the documented envelope out.

POST chat_room_lists and GET system messages, as their pages document them. What the pages leave open is taken
from the behaviour profile. Nothing here knows of Flask or sockets, and every failure is an answer.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

import orjson

from ..core.clock import DAY
from ..core.errors import (
    ApiFailure,
    BodyFailure,
    ForbiddenFailure,
    InputFailure,
    MessagesFailure,
    MethodFailure,
    NoDataFailure,
    ParameterFailure,
    PermissionFailure,
    RoomsFailure,
    SenderFailure,
    TokenFailure,
)
from ..core.exchange import FORM_TYPE, HINT_HEADER, JSON_TYPE, MOCK_HEADER, Answer, Received
from ..core.version import __version__
from ..spec.behaviour import Behaviour
from ..spec.query import LONGEST_NUMBER, RoomQuery, read_messages, read_rooms
from ..spec.vocabulary import BUTTON_LINKS, MESSAGES_PATH, OPEN_STATUSES, ROOMS_PATH, Message
from ..state.tenants import Mock, Tenant
from ..store.rooms import Selection

#: A body over this many bytes is refused; it is read to its end first, so that the answer arrives.
MAX_BODY = 1_000_000
_HEADERS = (("Content-Type", JSON_TYPE), (MOCK_HEADER, __version__))
_NONE_HIDDEN: frozenset[int] = frozenset()
_BOT_HIDDEN: frozenset[int] = frozenset(status for status in OPEN_STATUSES if status < 0)

_LONG_NUMBER = re.compile(rb"[0-9]{19}")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")

Endpoint = Callable[[Mock, Received], Answer]


def answer_rooms(mock: Mock, received: Received) -> Answer:
    """POST chat_room_lists. Never raises for bad input: it answers the failure envelope."""
    behaviour = mock.behaviour
    try:
        if received.method != "POST":
            raise MethodFailure(received.method)
        body = _read_body(received, behaviour)
        tenant = _tenant_of_token(mock, body.get("token"))
        behaviour = mock.behaviour_of(tenant)
        if behaviour["ht_headers"] == "needed":
            _check_permission(tenant, received)
        now = mock.clock_of(tenant).second()
        return _room_page(tenant, read_rooms(body, today=now // DAY, behaviour=behaviour), behaviour, now)
    except RoomsFailure as failure:
        return _refusal(failure, behaviour)


def _room_page(tenant: Tenant, query: RoomQuery, behaviour: Behaviour, now: int) -> Answer:
    selection = Selection(
        first=query.first,
        last=query.last,
        status=query.status,
        hidden=_BOT_HIDDEN if behaviour["bot_statuses"] == "hidden" else _NONE_HIDDEN,
        sort_key=query.sort_key,
        descending=query.descending,
        zero_last=behaviour["zero_date_order"] == "last",
    )
    total, rooms = tenant.rooms.page(selection, query.offset, query.limit, now)
    if query.page > 1 and query.offset >= total and behaviour["page_past_end"] == "failure":
        pages = -(-total // query.limit)
        raise ParameterFailure("page", received=str(query.page), expected=f"a page from 1 to {max(pages, 1)}")
    sizes = b'"page":"%d","limit":"%d","total_count":"%d"' if behaviour["size_type"] == "text" else _NUMBERS
    head = sizes % (query.page, query.limit_echo, total)
    body = b'{"result":"success","data":{%b,"chat_list":[%b]}}' % (head, b",".join(rooms))
    return Answer(200, _HEADERS, body)


_NUMBERS = b'"page":%d,"limit":%d,"total_count":%d'


def _read_body(received: Received, behaviour: Behaviour) -> dict[str, Any]:
    """The parameters that a body carries. Raises BodyFailure."""
    raw = received.body
    if len(raw) > MAX_BODY:
        raise BodyFailure(
            received=f"more than {MAX_BODY} bytes", expected=f"a JSON object of at most {MAX_BODY} bytes"
        )
    if received.headers.get("content-type", "").lower().startswith(FORM_TYPE):
        return _read_form(raw, behaviour)
    if not raw.strip():
        raise BodyFailure(received="nothing")
    try:
        body = _load(raw)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        reason = error.msg.split(":")[0]
        raise BodyFailure(received=f"{len(raw)} bytes that are not JSON ({reason}, {place})") from None
    if not isinstance(body, dict):
        kind = {list: "an array", str: "text", bool: "true or false", type(None): "null"}.get(
            type(body), "a number"
        )
        raise BodyFailure(received=kind)
    return body


def _load(raw: bytes) -> Any:
    """The JSON of a body. Raises orjson.JSONDecodeError.

    orjson reads no integer beyond 64 bits, which JSON allows. The library's slower reader does, but is not let near
    lone surrogates, which are no text.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        if not _LONG_NUMBER.search(raw) or _SURROGATE.search(raw):
            raise
        try:
            return json.loads(raw.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError):
            pass
        raise


def _refuse(constant: str) -> Any:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _read_form(raw: bytes, behaviour: Behaviour) -> dict[str, Any]:
    if behaviour["form_body"] == "failure":
        raise BodyFailure(
            received=f"Content-Type {FORM_TYPE}",
            expected="Content-Type application/json and a JSON object with a token",
        )
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise BodyFailure(received=f"{len(raw)} bytes that are no form in UTF-8") from None
    # A form knows only text; whether numeric text is taken is another question, which a form cannot ask.
    return {
        name: int(text) if name in _INT_PARAMETERS and _is_integer(text) else text for name, text in pairs
    }


_INT_PARAMETERS = ("status", "limit", "page")


def _is_integer(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) <= LONGEST_NUMBER


def _tenant_of_token(mock: Mock, token: Any) -> Tenant:
    """Raises TokenFailure. The token itself is never repeated."""
    if token is None:
        raise TokenFailure(hint="token is missing; expected the customer's token")
    if not isinstance(token, str) or not token:
        raise TokenFailure(hint="token is not a text; expected the customer's token")
    tenant = mock.tenants.by_token(token)
    if tenant is None:
        raise TokenFailure(hint="token is not known; the ready block of the server shows the mock's own")
    return tenant


def _check_permission(tenant: Tenant, received: Received) -> None:
    """Raises PermissionFailure. Where any token is taken, any value of the headers is."""
    for name, own in (("HT-Client-Id", tenant.client_id), ("HT-Client-Secret", tenant.client_secret)):
        given = received.headers.get(name.lower())
        if not given or not (tenant.on_demand or _same(given, own)):
            raise PermissionFailure(hint=f"{name} is missing or wrong")


def _same(given: str | None, expected: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode(), expected.encode())


def answer_messages(mock: Mock, received: Received) -> Answer:
    """GET system messages. Never raises for bad input: it answers the failure envelope."""
    behaviour = mock.behaviour
    try:
        if received.method not in ("GET", "HEAD"):
            raise InputFailure(
                "허용되지 않은 메서드입니다.", hint=f"received {received.method}; expected GET"
            )
        tenant = _tenant_of_headers(mock, received)
        behaviour = mock.behaviour_of(tenant)
        # Bad UTF-8 becomes U+FFFD: no sender key and no number has that.
        pairs = dict(reversed(parse_qsl(received.query, keep_blank_values=True)))
        query = read_messages(pairs, behaviour=behaviour)
        found = tenant.messages.find(query.sender_key, mock.clock_of(tenant).second())
        if found is None:
            if behaviour["unknown_sender_key"] == "507":
                raise SenderFailure("유효하지 않은 발신프로필입니다.", hint="senderKey is not known")
            found = []
        elif query.id is None:
            found = [message for message in found if message["status"] == "A"]
            if not found and behaviour["no_messages"] == "508":
                raise NoDataFailure
        else:
            found = [message for message in found if message["id"] == query.id]
            if not found and behaviour["message_unknown_id"] == "508":
                raise NoDataFailure(hint=f"id: received {query.id}; the sender has no such message")
        return _message_list(found, behaviour)
    except MessagesFailure as failure:
        return _refusal(failure, behaviour)


def _tenant_of_headers(mock: Mock, received: Received) -> Tenant:
    client_id, secret = (received.headers.get(name) for name in ("ht-client-id", "ht-client-secret"))
    for name, value in (("HT-Client-Id", client_id), ("HT-Client-Secret", secret)):
        if not value:
            raise ForbiddenFailure("권한이 없습니다.", hint=f"{name} is missing")
    tenant = mock.tenants.by_client(client_id or "")
    if tenant is None or not (tenant.on_demand or _same(secret, tenant.client_secret)):
        raise ForbiddenFailure("권한이 없습니다.", hint="HT-Client-Id or HT-Client-Secret is wrong")
    return tenant


def _message_list(messages: list[Message], behaviour: Behaviour) -> Answer:
    if behaviour["message_order"] == "newest_first":
        messages = sorted(messages, key=lambda message: (message["modifiedAt"], message["id"]), reverse=True)
    payload: dict[str, Any] = {
        "code": "200",
        "data": [_as_profiled(message, behaviour) for message in messages],
    }
    on_success = behaviour["message_on_success"]
    if on_success != "absent":
        payload["message"] = None if on_success == "null" else ""
    return Answer(200, _HEADERS, orjson.dumps(payload))


def _as_profiled(message: Message, behaviour: Behaviour) -> Message:
    """A message with what has no value written as the profile says."""
    no_date = "" if behaviour["uninspected_dates"] == "empty" else None
    shown = {**message}
    for name in ("inspectRequestAt", "inspectedAt"):
        shown[name] = message[name] or no_date
    shown["messages"] = [
        {**part, "buttons": [_button(button, behaviour["unused_links"]) for button in part["buttons"]]}
        for part in message["messages"]
    ]
    return shown


def _button(button: dict[str, Any], unused: str) -> dict[str, Any]:
    """A button; links that have no value are null, "", or not there."""
    if unused == "absent":
        return {name: value for name, value in button.items() if value or name not in BUTTON_LINKS}
    nothing = "" if unused == "empty" else None
    return {name: (value or nothing) if name in BUTTON_LINKS else value for name, value in button.items()}


def _refusal(failure: ApiFailure, behaviour: Behaviour) -> Answer:
    """The failure envelope, with the HTTP status that the profile gives failures."""
    if isinstance(failure, RoomsFailure):
        status = int(behaviour["failure_http_status"])
        terse = behaviour["failure_text"] == "terse"
    else:
        status = failure.http_status if behaviour["message_failure_http_status"] == "4xx" else 200
        terse = False
    payload = failure.payload()
    if terse:
        payload["message"] = failure.message.partition(":")[0]
    return Answer(status, _failure_headers(failure.hint), orjson.dumps(payload))


@lru_cache(maxsize=256)
def _failure_headers(hint: str) -> tuple[tuple[str, str], ...]:
    """The usual headers and the hint, which is a header and so must be printable ASCII on one line."""
    printable = "".join(char if " " <= char <= "~" else "?" for char in hint)
    return (*_HEADERS, (HINT_HEADER, printable)) if hint else _HEADERS


#: Path -> what answers there, whatever the method.
ENDPOINTS: dict[str, Endpoint] = {ROOMS_PATH: answer_rooms, MESSAGES_PATH: answer_messages}
