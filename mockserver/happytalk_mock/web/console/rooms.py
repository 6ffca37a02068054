"""Rooms for people: the filters of the endpoint itself, the request that they make, and its answer.

The answer is the endpoint's own, asked in this process: without faults and drifts, and not in the journal.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from ...api.chain import ENDPOINTS
from ...api.control import Control
from ...api.rooms import newest_day
from ...core.errors import NotFoundError
from ...core.exchange import HINT_HEADER, Parameters, Received
from ...data.export import plain
from ...spec.vocabulary import MAX_LIMIT, PARAMETERS, ROOM_FIELDS, ROOMS_PATH, Room
from ...state.tenants import Tenant

#: Filters whose values are numbers; what is no number goes out as it was typed.
_NUMBERS: Final = ("status", "limit", "page")
_DATES: Final = frozenset({"ndate", "sdate", "edate"})
_JSON: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A request to the chat room list, and what came of it."""

    filters: Mapping[str, str]  #: as they stand in the form
    request: str  #: the body, as JSON
    headers: Mapping[str, str]
    curl: str
    rooms: tuple[Mapping[str, str | None], ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 1
    failure: str = ""  #: the answer, where it is a failure
    hint: str = ""  #: what the mock says of it


def listing(control: Control, given: Mapping[str, str], origin: str) -> Listing:
    """The answer to what the filters `given` ask; `origin` is the server's URL, for curl.

    Where they name no date, not even an empty one, it is the newest day with rooms: today may have none yet.
    """
    filters = {name: given.get(name, "").strip() for name in PARAMETERS} | {"token": token_of(control, given)}
    tenant = control.mock.tenants.known(filters["token"])
    if tenant is not None and _DATES.isdisjoint(given):
        filters["ndate"] = newest_day(control.mock, tenant)
    body = {name: _typed(name, text) for name, text in filters.items() if text}
    headers = _headers(control, tenant)
    asked = Listing(
        filters=filters,
        request=orjson.dumps(body, option=orjson.OPT_INDENT_2).decode(),
        headers=headers,
        curl=_curl(origin + ROOMS_PATH, headers, orjson.dumps(body).decode()),
    )
    lowered = {name.lower(): value for name, value in headers.items()}
    received = Received("POST", ROOMS_PATH, "", lowered, b"", Parameters(body))
    answer = ENDPOINTS[ROOMS_PATH](control.mock, received)
    try:
        payload = orjson.loads(answer.body)
    except orjson.JSONDecodeError:  # a twin's failure may be any text
        payload = None
    if not isinstance(payload, dict) or payload.get("result") != "success":
        hint = next((value for name, value in answer.headers if name == HINT_HEADER), "")
        return replace(asked, failure=answer.body.decode(errors="replace"), hint=hint)
    data = payload["data"]
    total, page, limit = (int(data[name]) for name in ("total_count", "page", "limit"))
    # The limit may be told as it was asked; more than the most is never served.
    pages = max(1, -(-total // min(limit, MAX_LIMIT)))
    rooms = tuple({name: plain(each.get(name)) for name in ROOM_FIELDS} for each in data["chat_list"])
    return replace(asked, rooms=rooms, total=total, page=page, pages=pages)


def room(control: Control, token: str, room_id: str) -> Room | None:
    """One visible room of a customer; None if there is none."""
    tenant = control.mock.tenants.known(token)
    if tenant is None:
        return None
    try:
        found = tenant.rooms.get(room_id, control.mock.clock_of(tenant).second())
        return dict.fromkeys(ROOM_FIELDS, "") | {
            name: value if value is None else plain(value) for name, value in found.items()
        }
    except NotFoundError:
        return None


def token_of(control: Control, given: Mapping[str, str]) -> str:
    """The token of the customer that is looked at: the one given, else the first one's."""
    token = given.get("token", "").strip()
    first = next(iter(control.mock.tenants), None)
    return token or ("" if first is None else first.token)


def _typed(name: str, text: str) -> Any:
    """A filter as the documentation types it; text that is no number stays text, for the endpoint to judge."""
    digits = text.removeprefix("-")
    if name in _NUMBERS and digits.isascii() and digits.isdigit() and len(digits) < 16:
        return int(text)
    return text


def _headers(control: Control, tenant: Tenant | None) -> dict[str, str]:
    behaviour = control.mock.behaviour_of(tenant)
    if tenant is None or behaviour["ht_headers"] != "needed":
        return _JSON
    return {**_JSON, "HT-Client-Id": tenant.client_id, "HT-Client-Secret": tenant.client_secret}


def _curl(url: str, headers: Mapping[str, str], body: str) -> str:
    """The request as a command of a POSIX shell."""
    lines = [f"curl -X POST {shlex.quote(url)}"]
    lines += [f"  -H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    # curl reads a file where data begins with @; --data-raw does not.
    return " \\\n".join([*lines, f"  --data-raw {shlex.quote(body)}"])
