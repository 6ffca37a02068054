"""Of a twin: answers that departed from what the mock works out, and whether they still stand."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

import orjson

from ..core.clock import DAY
from ..core.errors import RoomsFailure
from ..core.exchange import MOCK_HEADER, Answer, Parameters, Received
from ..core.version import __version__
from ..data.twin.files import RecordedExchange
from ..data.twin.placed import Placed
from ..spec.parameters import receive
from ..spec.query import FIRST_DAY, LAST_DAY, read_days
from ..spec.resources import endpoints
from ..spec.vocabulary import MESSAGES_PATH
from ..state.tenants import Tenant
from .control import Control
from .failures import HT_HEADERS, same

#: Headers of a recorded answer that speak of its transport, which is the mock's own.
_TRANSPORT: Final = frozenset(
    {"connection", "content-encoding", "content-length", "date", "keep-alive", "server", "transfer-encoding"}
)
_PRINTABLE: Final = re.compile("[ -~]*")
#: What stands in a recording for the target's own secrets.
_OWN: Final[Mapping[str, str]] = {
    "token": "${HAPPYTALK_TOKEN}",
    "ht-client-id": "${HAPPYTALK_CLIENT_ID}",
    "ht-client-secret": "${HAPPYTALK_CLIENT_SECRET}",
    "senderKey": "${HAPPYTALK_SENDER_KEY}",
}
_IN_PARAMETERS: Final = ("token", "senderKey")
_IN_HEADERS: Final = tuple(name.lower() for name in HT_HEADERS)
#: So many questions are remembered, and none longer than so many bytes.
_MOST: Final = 2048
_USUAL: Final = 1024
#: Says of a secret by its name whether it is the one that opens.
Opens = Callable[[str, str], bool]
#: Method, path and parameters.
Question = tuple[str, str, str]


class Book:
    """The recorded answers that the mock would not give, by what was asked."""

    def __init__(self, control: Control, twin: Placed) -> None:
        self._control, self._twin, mock = control, twin, control.mock
        #: Answers that somebody chose by themselves win over recorded ones.
        self._as_learned = mock.setup.behaviour.answers == twin.twin.behaviour.answers
        self._with_headers = mock.setup.behaviour.answers["ht_headers"] == "needed"
        #: By what was asked and how right each secret was: the answer, and whether it hangs on the rooms there are.
        self._entries: dict[Question, dict[tuple[str, ...], tuple[Answer, bool]]] = {}
        #: What was asked lately, by the identity of its parameters.
        self._asked: dict[int, tuple[Parameters, str]] = {}
        for exchange in twin.twin.exchanges:
            if not exchange.request.get("suffix"):
                received, answer = _received(exchange), _answer(exchange, twin)
                secrets = self._secrets(received, lambda name, given: given == _OWN[name])
                found = self._entries.setdefault((received.method, received.path, _asked(received)), {})
                found.setdefault(secrets, (answer, _shows_rooms(received, answer)))

    def answer(self, received: Received) -> Answer | None:
        """The recorded answer, while what it speaks of is as it was."""
        found = (
            self._entries.get((received.method, received.path, self._told(received)))
            if self._entries
            else None
        )
        if found is None:
            return None
        tenant = self._control.mock.tenant_of(received)
        entry = found.get(self._secrets(received, _opening(tenant)))
        if entry is None or not self._untouched(tenant):
            return None
        answer, shows_rooms = entry
        return answer if not shows_rooms or self._stands(received, tenant) else None

    def _told(self, received: Received) -> str:
        """The parameters as they would have been on the recorded day."""
        parameters = received.parameters
        known = self._asked.get(id(parameters))
        if known is not None and known[0] is parameters:
            return known[1]
        told = _asked(received.asking(self._twin.moved(parameters.values, -1)))
        if parameters.unreadable is None and len(received.body) <= _USUAL:
            if len(self._asked) >= _MOST:
                self._asked.clear()
            self._asked[id(parameters)] = parameters, told
        return told

    def _secrets(self, received: Received, opens: Opens) -> tuple[str, ...]:
        """Of each secret whether it is right, wrong or missing."""
        values, headers = received.parameters.values, received.headers
        given = [(name, values[name]) for name in _IN_PARAMETERS if name in values]
        if self._with_headers or received.path == MESSAGES_PATH:
            given += [(name, headers.get(name)) for name in _IN_HEADERS]
        return tuple(f"{name} {_judged(name, each, opens)}" for name, each in given)

    def _untouched(self, tenant: Tenant | None) -> bool:
        """Whether nobody changed what answers follow from."""
        control, twin = self._control, self._twin.twin
        mock = control.mock
        token = None if tenant is None else tenant.token
        drifts = [active.drift.name for active in control.drifts.of(token)]
        return (
            self._as_learned
            and mock.behaviour_of(tenant) is mock.setup.behaviour
            and drifts == [*dict.fromkeys(twin.drifts)]
            and not (tenant is not None and (tenant.size or tenant.rooms.touched or tenant.messages.touched))
        )

    def _stands(self, received: Received, tenant: Tenant | None) -> bool:
        """Whether the rooms that are asked for are there, as they were recorded, and no others."""
        twin, mock = self._twin, self._control.mock
        if not mock.tenants.recorded or tenant is None:
            return False
        now = mock.clock_of(tenant).second()
        try:
            first, last = (
                read_days(received.parameters.values, today=day, behaviour=mock.setup.behaviour)
                for day in (twin.today, now // DAY)
            )
        except RoomsFailure:  # the mock cannot read a date that the API took: of any day
            first = last = (FIRST_DAY, LAST_DAY)
            if now // DAY != twin.today:
                return False
        if first != last or now < twin.settled(*first):
            return False
        return last[1] < twin.today or not twin.gone_on(tenant.source, now)


def _opening(tenant: Tenant | None) -> Opens:
    """Which secrets are a tenant's own; where it takes any, any are."""

    def opens(name: str, given: str) -> bool:
        if tenant is None:
            return False
        if name == "senderKey":
            return given == tenant.credentials.sender_keys[0] or tenant.on_demand
        own = {
            "token": tenant.token,
            "ht-client-id": tenant.client_id,
            "ht-client-secret": tenant.client_secret,
        }
        return tenant.on_demand or same(given, own[name])

    return opens


def _judged(name: str, given: Any, opens: Opens) -> str:
    """Right, wrong or missing; what is no text is told as it is."""
    if not isinstance(given, str):
        return repr(given)
    return "" if not given else "right" if opens(name, given) else "wrong"


def _asked(received: Received) -> str:
    """The parameters, type by type, without the secrets among them."""
    values, form, unreadable, _ = received.parameters
    rest = {name: value for name, value in values.items() if name not in _IN_PARAMETERS}
    body = None if unreadable is None else received.body.decode("utf-8", "replace")
    return json.dumps([form, rest, body], sort_keys=True, default=repr)


def _received(exchange: RecordedExchange) -> Received:
    """The request of a recording, decoded as any other."""
    request = exchange.request
    path = endpoints()[request["endpoint"]]["path"]
    headers = {name.lower(): value for name, value in request["headers"].items()}
    received = receive(request["method"], path, "", headers, _bytes(request))
    pairs = tuple((name, value) for name, value in request["query"])
    parameters = received.parameters._replace(pairs=pairs)
    if path == MESSAGES_PATH:
        parameters = parameters._replace(values=dict(reversed(pairs)))
    return received._replace(parameters=parameters)


def _answer(exchange: RecordedExchange, twin: Placed) -> Answer:
    """The answer of a recording, its dates moved."""
    recorded, body = exchange.answer, _bytes(exchange.answer)
    if twin.days:
        with suppress(orjson.JSONDecodeError):
            body = orjson.dumps(twin.moved(orjson.loads(body)))
    headers = [
        (name, text)
        for name, text in recorded["headers"].items()
        if name.lower() not in _TRANSPORT and _PRINTABLE.fullmatch(name + text)
    ]
    return Answer(recorded["status"], (*headers, (MOCK_HEADER, __version__)), body)


def _bytes(part: Mapping[str, Any]) -> bytes:
    if "body_base64" in part:
        return base64.b64decode(part["body_base64"])
    return (part["body"] or "").encode()


def _shows_rooms(received: Received, answer: Answer) -> bool:
    """Whether an answer hangs on the rooms there are."""
    try:
        payload = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return False
    return (
        received.path != MESSAGES_PATH and isinstance(payload, dict) and isinstance(payload.get("data"), dict)
    )
