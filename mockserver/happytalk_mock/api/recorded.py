"""Of a twin: answers that departed from what the mock works out, and whether they still stand."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

import orjson

from ..core.clock import DAY
from ..core.errors import RoomsFailure
from ..core.exchange import MOCK_HEADER, Answer, Received
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
#: What stands in a recording for the target's own secrets.
_OWN: Final[Mapping[str, str]] = {
    "token": "${HAPPYTALK_TOKEN}",
    "ht-client-id": "${HAPPYTALK_CLIENT_ID}",
    "ht-client-secret": "${HAPPYTALK_CLIENT_SECRET}",
    "senderKey": "${HAPPYTALK_SENDER_KEY}",
}
#: Says of a secret by its name whether it is the one that opens; None: what is given is no such thing.
Opens = Callable[[str, str], bool]


class Book:
    """The recorded answers that the mock would not give, by what was asked."""

    def __init__(self, control: Control, twin: Placed) -> None:
        self._control, self._twin, mock = control, twin, control.mock
        #: Answers that somebody chose by themselves win over recorded ones.
        self._as_learned = mock.setup.behaviour.answers == twin.twin.behaviour.answers
        self._with_headers = mock.setup.behaviour.answers["ht_headers"] == "needed"
        self._entries: dict[str, tuple[Answer, bool]] = {}
        for exchange in twin.twin.exchanges:
            if not exchange.request.get("suffix"):
                received, answer = _received(exchange), _answer(exchange, twin)
                key = self._key(received, lambda name, given: given == _OWN[name])
                self._entries.setdefault(key, (answer, _shows_rooms(received, answer)))

    def answer(self, received: Received) -> Answer | None:
        """The recorded answer, while what it speaks of is as it was."""
        if not self._entries:
            return None
        tenant = self._control.mock.tenant_of(received)
        moved = received.asking(self._twin.moved(received.parameters.values, -1))
        entry = self._entries.get(self._key(moved, _opening(tenant)))
        if entry is None or not self._untouched(tenant):
            return None
        answer, shows_rooms = entry
        return answer if not shows_rooms or self._stands(received, tenant) else None

    def _key(self, received: Received, opens: Opens) -> str:
        """What is asked, type by type, with each secret told apart only as right, wrong or missing."""
        parameters = received.parameters
        values = {
            name: _judged(name, value, opens) if name in _OWN else value
            for name, value in parameters.values.items()
        }
        secrets = [
            _judged(name, received.headers.get(name), opens)
            for name in map(str.lower, HT_HEADERS)
            if self._with_headers or received.path == MESSAGES_PATH
        ]
        asked = [received.method, received.path, parameters.form, values, secrets]
        if parameters.unreadable is not None:
            asked.append(received.body.decode("utf-8", "replace"))
        return json.dumps(asked, sort_keys=True, default=repr)

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
        if not mock.setup.recorded or tenant is None:
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


def _judged(name: str, given: Any, opens: Opens) -> Any:
    """Right, wrong or missing; what is no text is told as it is."""
    if not isinstance(given, str):
        return [given]
    return "" if not given else "right" if opens(name, given) else "wrong"


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
    headers = [(name, text) for name, text in recorded["headers"].items() if name.lower() not in _TRANSPORT]
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
