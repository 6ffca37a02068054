"""POST chat_room_lists, as its page documents it; what the page leaves open is the behaviour profile's."""

from __future__ import annotations

from typing import Any, Final

import orjson

from ..core.clock import DAY
from ..core.errors import MethodFailure, ParameterFailure, PermissionFailure, RoomsFailure, TokenFailure
from ..core.exchange import Answer, Received
from ..spec.behaviour import Behaviour
from ..spec.parameters import read_body
from ..spec.query import RoomQuery, read_rooms
from ..spec.vocabulary import OPEN_STATUSES
from ..state.mock import Mock
from ..state.tenants import Tenant
from ..store.rooms import Selection
from .failures import HEADERS, refusal, same

_ALWAYS: Final = 1 << 60  #: a wall second past every date
_NONE_HIDDEN: frozenset[int] = frozenset()
_BOT_HIDDEN: frozenset[int] = frozenset(status for status in OPEN_STATUSES if status < 0)


def answer_rooms(mock: Mock, received: Received) -> Answer:
    """POST chat_room_lists. Never raises for bad input: it answers the failure envelope."""
    behaviour = mock.behaviour
    try:
        if received.method != "POST":
            raise MethodFailure(received.method)
        body = read_body(received, behaviour)
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
    )
    total, rooms = tenant.rooms.page(selection, query.offset, query.limit, now)
    if query.page > 1 and query.offset >= total and behaviour["page_past_end"] == "failure":
        pages = -(-total // query.limit)
        raise ParameterFailure("page", received=str(query.page), expected=f"a page from 1 to {max(pages, 1)}")
    sizes = b'"page":"%d","limit":"%d","total_count":"%d"' if behaviour["size_type"] == "text" else _NUMBERS
    head = sizes % (query.page, query.limit_echo, total)
    body = b'{"result":"success","data":{%b,"chat_list":[%b]}}' % (head, b",".join(rooms))
    return Answer(200, HEADERS, body)


_NUMBERS = b'"page":%d,"limit":%d,"total_count":%d'


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
        if not given or not (tenant.on_demand or same(given, own)):
            raise PermissionFailure(hint=f"{name} is missing or wrong")
