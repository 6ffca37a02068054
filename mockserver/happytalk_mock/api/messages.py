"""GET system messages, as its page documents it; what the page leaves open is the behaviour profile's."""

from __future__ import annotations

from typing import Any

import orjson

from ..core.errors import MessagesFailure
from ..core.exchange import Answer, Received
from ..data.twin.files import RecordedMessage
from ..spec.behaviour import Behaviour
from ..spec.query import read_messages
from ..spec.vocabulary import BUTTON_LINKS, Message
from ..state.mock import Mock
from ..state.tenants import Tenant
from .failures import HEADERS, HT_HEADERS, refusal, same


def answer_messages(mock: Mock, received: Received) -> Answer:
    """GET system messages. Never raises for bad input: it answers the failure envelope."""
    behaviour = mock.behaviour
    try:
        if received.method not in ("GET", "HEAD"):
            raise MessagesFailure(
                "405",
                "허용되지 않은 메서드입니다.",
                cause="method",
                hint=f"received {received.method}; expected GET",
            )
        tenant = _tenant_of_headers(mock, received)
        behaviour = mock.behaviour_of(tenant)
        query = read_messages(received.parameters.values, behaviour=behaviour)
        found = tenant.messages.find(query.sender_key, mock.clock_of(tenant).second())
        if found is None:
            if behaviour["unknown_sender_key"] == "507":
                raise MessagesFailure("507", cause="sender_key_unknown", hint="senderKey is not known")
            found = []
        elif query.id is None:
            found = [message for message in found if _listed(message)]
            if not found and behaviour["no_messages"] == "508":
                raise MessagesFailure("508", cause="no_messages")
        else:
            found = [message for message in found if str(message.get("id")) == str(query.id)]
            if not found and behaviour["message_unknown_id"] == "508":
                hint = f"id: received {query.id}; the sender has no such message"
                raise MessagesFailure("508", cause="id_unknown", hint=hint)
        return _message_list(found, behaviour)
    except MessagesFailure as failure:
        return refusal(failure, behaviour)


def _tenant_of_headers(mock: Mock, received: Received) -> Tenant:
    client_id, secret = (received.headers.get(name) for name in ("ht-client-id", "ht-client-secret"))
    missing = [name for name in HT_HEADERS if not received.headers.get(name.lower())]
    tenant = mock.tenants.by_client(client_id) if client_id and secret else None
    if tenant is None or not (tenant.on_demand or same(secret, tenant.client_secret)):
        raise MessagesFailure(
            "403",
            cause="headers",
            hint=f"{missing[0]} is missing" if missing else "HT-Client-Id or HT-Client-Secret is wrong",
        )
    return tenant


def _message_list(messages: list[Message], behaviour: Behaviour) -> Answer:
    if any(isinstance(message, RecordedMessage) for message in messages):
        pass  # they stand as they stood
    elif behaviour["message_order"] == "id_falling":
        messages = messages[::-1]
    elif behaviour["message_order"] == "newest_first":
        messages = sorted(messages, key=lambda message: (message["modifiedAt"], message["id"]), reverse=True)
    payload: dict[str, Any] = {
        "code": "200",
        "data": [_as_profiled(message, behaviour) for message in messages],
    }
    on_success = behaviour["message_on_success"]
    if on_success != "absent":
        payload["message"] = None if on_success == "null" else ""
    if top := behaviour.envelope.get("messages.top"):
        payload |= orjson.loads(f"{{{top}}}")
    return Answer(200, HEADERS, orjson.dumps(payload))


def _listed(message: Message) -> bool:
    """Whether the list without id has a message: a recorded one where it had it, others of status A."""
    return message.listed is not None if isinstance(message, RecordedMessage) else message["status"] == "A"


def _as_profiled(message: Message, behaviour: Behaviour) -> Message:
    """A message with what has no value written as the profile says; a recorded one as it is."""
    if isinstance(message, RecordedMessage):
        return message
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
