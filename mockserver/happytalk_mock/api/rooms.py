"""POST chat_room_lists, as its page documents it; what the page leaves open is the behaviour profile's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson

from ..core.clock import DAY
from ..core.errors import ParameterFailure, RoomsFailure
from ..core.exchange import Answer, Parameters, Received
from ..spec.behaviour import READS, Behaviour
from ..spec.parameters import DATE, read_body
from ..spec.query import RoomQuery, read_rooms
from ..spec.vocabulary import OPEN_STATUSES
from ..state.mock import Mock
from ..state.tenants import Tenant
from ..store.rooms import Selection
from .failures import HEADERS, HT_HEADERS, elsewhere, learned_failure, refusal, same

_ALWAYS: Final = 1 << 60  #: a wall second past every date
_NONE_HIDDEN: frozenset[int] = frozenset()
_BOT_HIDDEN: frozenset[int] = frozenset(status for status in OPEN_STATUSES if status < 0)


def answer_rooms(mock: Mock, received: Received) -> Answer:
    """POST chat_room_lists. Never raises for bad input: it answers the failure envelope."""
    behaviour = mock.behaviour
    try:
        if received.method != "POST":
            if behaviour["other_method"] != "failure":
                learned = learned_failure(behaviour, "rooms", "method")
                return learned or elsewhere(int(behaviour["other_method"]), received)
            raise RoomsFailure(f"method: received {received.method}; expected POST", cause="method")
        body = read_body(received, behaviour)
        if behaviour.answers["ht_headers"] == "needed" and behaviour["first_check"] == "headers":
            _check_permission(mock.tenants.by_client(received.headers.get("ht-client-id", "")), received)
        tenant = _tenant_of_token(mock, body.get("token"))
        behaviour = mock.behaviour_of(tenant)
        if behaviour.answers["ht_headers"] == "needed":
            _check_permission(tenant, received)
        now = mock.clock_of(tenant).second()
        return _room_page(tenant, _asked(received, body, now // DAY, behaviour), now)
    except RoomsFailure as failure:
        return refusal(failure, behaviour)


class _Asked(NamedTuple):
    """What a body asks on a day under a profile, ready for the store."""

    parameters: Parameters
    today: int
    behaviour: Behaviour
    query: RoomQuery
    selection: Selection
    additive: bool  #: rooms have fields beyond the dictionary's
    sizes: bytes  #: page, limit and total_count as they are written, the last one to be filled in
    undecided: bool  #: it hangs on an answer that a twin has not learnt


#: The last questions by the identity of their parameters. A question depends on these, the day and the profile.
_LAST: Final[dict[int, _Asked]] = {}
_MOST: Final = 2048
_USUAL: Final = 1024  #: a longer body's question is not kept


def _asked(received: Received, body: Mapping[str, Any], today: int, behaviour: Behaviour) -> _Asked:
    """The question of a body, read once as long as it means the same. Raises ParameterFailure, PeriodFailure."""
    parameters = received.parameters
    asked = _LAST.get(id(parameters))
    if (
        asked is not None
        and asked.parameters is parameters
        and asked.today == today
        and asked.behaviour is behaviour
    ):
        if asked.undecided:
            READS.undecided = True
        return asked
    query = read_rooms(body, today=today, behaviour=behaviour)
    selection = Selection(
        first=query.first,
        last=query.last,
        status=query.status,
        hidden=_hidden(behaviour),
        sort_key=query.sort_key,
        descending=query.descending,
        zero_last=query.sort_key == "complate_date" and behaviour["zero_date_order"] == "last",
        # Recorded rooms show by themselves how ties stand and what is hidden.
        ties=behaviour.answers["tie_order"],
        turned=behaviour.answers["tie_direction"] == "turned",
    )
    additive = behaviour.answers["additive_fields"] == "some"
    sizes = _sizes(query, behaviour)
    asked = _Asked(parameters, today, behaviour, query, selection, additive, sizes, READS.undecided)
    if len(received.body) <= _USUAL:
        if len(_LAST) >= _MOST:
            _LAST.clear()
        _LAST[id(parameters)] = asked
    return asked


def _room_page(tenant: Tenant, asked: _Asked, now: int) -> Answer:
    query = asked.query
    total, rooms = tenant.rooms.page(asked.selection, query.offset, query.limit, now)
    if query.page > 1 and query.offset >= total and asked.behaviour["page_past_end"] == "failure":
        pages = -(-total // query.limit)
        raise ParameterFailure("page", received=str(query.page), expected=f"a page from 1 to {max(pages, 1)}")
    if asked.additive and not tenant.source.recorded:
        rooms = [room[:-1] + _ADDITIVE for room in rooms]
    head = asked.sizes % total
    body = b'{"result":"success","data":{%b,"chat_list":[%b]}}' % (head, b",".join(rooms))
    if asked.behaviour.envelope:
        body = _surrounded(body, asked.behaviour.envelope, -(-total // query.limit))
    return Answer(200, HEADERS, body)


def _surrounded(body: bytes, around: Mapping[str, str], pages: int) -> bytes:
    """A list with the fields around it that a twin's API has beyond the page's."""
    data, top = (around.get(f"rooms.{place}", "") for place in ("data", "top"))
    inner, outer = (f",{text}" if text else "" for text in (data.replace('"${pages}"', str(pages)), top))
    return body[:-2] + f"{inner}}}{outer}}}".encode()


#: Fields that a sister page's rooms have beyond the dictionary's.
_ADDITIVE = b',"tags":[],"user_parameter":"","vote_score":null,"vote_comment":null}'


_FORMS: Final = {"number": b"%d", "text": b'"%d"'}


def _sizes(query: RoomQuery, behaviour: Behaviour) -> bytes:
    """The sizes of a list, total_count to be filled in. What else than a number was asked is told as it was asked."""
    page, limit, total = (_FORMS[behaviour[f"size_type.{name}"]] for name in ("page", "limit", "total_count"))
    if type(query.page_echo) is int:
        shown = page % query.page_echo
    else:
        shown = json.dumps(query.page_echo, separators=(",", ":")).encode().replace(b"%", b"%%")
    return b'"page":%b,"limit":%b,"total_count":%b' % (shown, limit % query.limit_echo, total)


def _hidden(behaviour: Behaviour) -> frozenset[int]:
    return _BOT_HIDDEN if behaviour.answers["bot_statuses"] == "hidden" else _NONE_HIDDEN


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
    day = str(orjson.loads(rooms[0]).get("reg_date"))[:10] if rooms else ""
    return day if DATE.fullmatch(day) else ""


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
