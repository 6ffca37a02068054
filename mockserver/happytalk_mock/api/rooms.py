"""POST chat_room_lists, as its page documents it; what the page leaves open is the behaviour profile's."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

import orjson

from ..core.clock import DAY
from ..core.errors import ParameterFailure, RoomsFailure
from ..core.exchange import Answer, Received
from ..spec.behaviour import Behaviour
from ..spec.parameters import read_body
from ..spec.query import RoomQuery, read_rooms
from ..spec.vocabulary import OPEN_STATUSES
from ..state.mock import Mock
from ..state.tenants import Tenant
from ..store.rooms import Selection
from .failures import HEADERS, HT_HEADERS, elsewhere, refusal, same

_ALWAYS: Final = 1 << 60  #: a wall second past every date
_NONE_HIDDEN: frozenset[int] = frozenset()
_BOT_HIDDEN: frozenset[int] = frozenset(status for status in OPEN_STATUSES if status < 0)


def answer_rooms(mock: Mock, received: Received) -> Answer:
    """POST chat_room_lists. Never raises for bad input: it answers the failure envelope."""
    behaviour = mock.behaviour
    try:
        if received.method != "POST":
            if behaviour["other_method"] != "failure":
                return elsewhere(int(behaviour["other_method"]), received)
            raise RoomsFailure(f"method: received {received.method}; expected POST", cause="method")
        body = read_body(received, behaviour)
        if behaviour["first_check"] == "headers" and behaviour["ht_headers"] == "needed":
            _check_permission(mock.tenants.by_client(received.headers.get("ht-client-id", "")), received)
        tenant = _tenant_of_token(mock, body.get("token"))
        behaviour = mock.behaviour_of(tenant)
        if behaviour["ht_headers"] == "needed":
            _check_permission(tenant, received)
        now = mock.clock_of(tenant).second()
        return _room_page(tenant, read_rooms(body, today=now // DAY, behaviour=behaviour), behaviour, now)
    except RoomsFailure as failure:
        return refusal(failure, behaviour)


def _room_page(tenant: Tenant, query: RoomQuery, behaviour: Behaviour, now: int) -> Answer:
    selection = Selection(
        first=query.first,
        last=query.last,
        status=query.status,
        hidden=_hidden(behaviour),
        sort_key=query.sort_key,
        descending=query.descending,
        zero_last=behaviour["zero_date_order"] == "last",
        ties=behaviour["tie_order"],
        turned=behaviour["tie_direction"] == "turned",
    )
    total, rooms = tenant.rooms.page(selection, query.offset, query.limit, now)
    if query.page > 1 and query.offset >= total and behaviour["page_past_end"] == "failure":
        pages = -(-total // query.limit)
        raise ParameterFailure("page", received=str(query.page), expected=f"a page from 1 to {max(pages, 1)}")
    if behaviour["additive_fields"] == "some":
        rooms = [room[:-1] + _ADDITIVE for room in rooms]
    page = query.page_echo
    written = (behaviour["size_type.page"], behaviour["size_type.limit"], behaviour["size_type.total_count"])
    if type(page) is int:
        head = _head(*written) % (page, query.limit_echo, total)
    else:  # what else was asked as a page is told as it was asked
        told = json.dumps(page, separators=(",", ":")).encode()
        head = _head("asked", *written[1:]) % (told, query.limit_echo, total)
    body = b'{"result":"success","data":{%b,"chat_list":[%b]}}' % (head, b",".join(rooms))
    return Answer(200, HEADERS, body)


#: Fields that a sister page's rooms have beyond the dictionary's.
_ADDITIVE = b',"tags":[],"user_parameter":"","vote_score":null,"vote_comment":null}'


@cache
def _head(page: str, limit: str, total_count: str) -> bytes:
    """The head of a list, its sizes to be filled in."""
    form = {"number": b"%d", "text": b'"%d"', "asked": b"%b"}
    return b'"page":%b,"limit":%b,"total_count":%b' % (form[page], form[limit], form[total_count])


def _hidden(behaviour: Behaviour) -> frozenset[int]:
    return _BOT_HIDDEN if behaviour["bot_statuses"] == "hidden" else _NONE_HIDDEN


def newest_day(mock: Mock, tenant: Tenant) -> str:
    """The newest day (Y-m-d) on which the list has rooms, for examples that hold at any hour; "" for none."""
    newest = Selection(
        first=-_ALWAYS,
        last=_ALWAYS,
        status=None,
        hidden=_hidden(mock.behaviour_of(tenant)),
        sort_key="reg_date",
        descending=True,
        zero_last=False,
    )
    _, rooms = tenant.rooms.page(newest, 0, 1, mock.clock_of(tenant).second())
    return str(orjson.loads(rooms[0])["reg_date"])[:10] if rooms else ""


def _tenant_of_token(mock: Mock, token: Any) -> Tenant:
    """Raises RoomsFailure. The token itself is never repeated."""
    if token is None:
        raise RoomsFailure(cause="token", hint="token is missing; expected the customer's token")
    if not isinstance(token, str) or not token:
        raise RoomsFailure(cause="token", hint="token is not a text; expected the customer's token")
    tenant = mock.tenants.by_token(token)
    if tenant is None:
        raise RoomsFailure(
            cause="token", hint="token is not known; the ready block of the server shows the mock's own"
        )
    return tenant


def _check_permission(tenant: Tenant | None, received: Received) -> None:
    """Raises RoomsFailure. Where any token is taken, any value of the headers is."""
    owned = (tenant.client_id, tenant.client_secret) if tenant else ("", "")
    for name, own in zip(HT_HEADERS, owned, strict=True):
        given = received.headers.get(name.lower())
        if not given or tenant is None or not (tenant.on_demand or same(given, own)):
            raise RoomsFailure(cause="permission", hint=f"{name} is missing or wrong")
