"""Drifts of which system messages are answered, to whom, and in which envelope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...core.errors import Refused
from ...core.exchange import Answer
from .drift import HTML_HEADERS, Change, Condition, Reply, View, area, data, drift, every, instead
from .message_lists import LISTED, SINGLE, Listing, is_list, on_listing, see
from .refusals import code, on_refusal, refusing

_ERROR_PAGE: Final = b"<!doctype html><title>Error</title><h1>HTTP Status 500 - Internal Server Error</h1>"


# --- which messages ---


def _also(status: str) -> Change[Listing]:
    """Messages of another status stand in the list too."""

    def change(listing: Listing) -> None:
        found = [message for message in listing.unlisted() if message["status"] == status]
        listing.payload["data"] = sorted([*listing.messages, *found], key=lambda message: int(message["id"]))

    return on_listing(change)


def _everything(listing: Listing) -> None:
    listing.payload["data"] = listing.other(listing.sender_key)


def _not_found(listing: Listing) -> None:
    del listing.payload["data"]
    listing.payload.update(code="508", message="요청한 데이터가 존재하지 않습니다.")


def _others(listing: Listing) -> None:
    for key in listing.exchange.keys.sender_keys:
        if key != listing.sender_key:
            listing.messages.extend(listing.other(key)[:1])


def _next_one(listing: Listing) -> None:
    # A comparison with >= where = was meant.
    asked = listing.id
    later = [message for message in listing.other(listing.sender_key) if asked and message["id"] > asked]
    listing.payload["data"] = listing.messages + later[:1]


def _not_active(listing: Listing) -> bool:
    return any(message["status"] != "A" for message in listing.messages)


# --- whom they are answered ---


def _query(view: View) -> Mapping[str, Any]:
    return view.exchange.received.parameters.values


def _as_if(view: View, **query: str) -> Reply:
    """What other parameters are answered."""
    return view.exchange.ask(view.exchange.received.asking({**_query(view), **query}))


def _of_any_sender(view: View) -> Reply:
    for key in view.exchange.keys.sender_keys:
        reply = _as_if(view, senderKey=key)
        if is_list(reply):
            return reply
    raise Refused


def _of_first_sender(view: View) -> Reply:
    keys = view.exchange.keys.sender_keys
    return _as_if(view, senderKey=keys[0]) if keys else _as_if(view)


def _headers(*names: str, given: bool) -> Change[View]:
    """HT headers are put right where they are sent (`given`), or where they are missing."""

    def change(view: View) -> Reply:
        exchange, received = view.exchange, view.exchange.received
        right = {"ht-client-id": exchange.keys.client_id, "ht-client-secret": exchange.keys.client_secret}
        put = {name: right[name] for name in names if bool(received.headers.get(name)) == given}
        return exchange.ask(received._replace(headers={**received.headers, **put}))

    return on_refusal(change)


# --- in which envelope ---


def _envelope(**values: Any) -> Change[Listing]:
    return on_listing(lambda listing: listing.payload.update(values))


def _object_for_one(listing: Listing) -> None:
    if listing.messages:
        listing.payload["data"] = listing.messages[0]


def _wrapped(listing: Listing) -> None:
    listing.payload["data"] = {"list": listing.messages, "totalCount": len(listing.messages)}


def _html(status: int) -> Change[View]:
    return on_refusal(lambda _: Reply(Answer(status, HTML_HEADERS, _ERROR_PAGE)))


def _plain_text(listing: Listing, _: Condition[Listing]) -> Reply:
    others = listing.reply.answer.headers[1:]
    return listing.reply.sent(headers=(("Content-Type", "text/plain; charset=utf-8"), *others))


DRIFTS: Final = area(
    "system messages",
    drift("stopped-messages-listed", _also("T"), LISTED),
    drift("blocked-messages-listed", _also("S"), LISTED),
    drift("id-filter-ignored", on_listing(_everything), SINGLE),
    drift(
        "id-finds-active-only",
        on_listing(_not_found),
        SINGLE.told("the id of a message of status T or S") & Condition(says="", holds=_not_active),
    ),
    drift("id-gets-the-next-too", on_listing(_next_one), SINGLE),
    drift("foreign-message-listed", on_listing(_others), LISTED & data("a customer with two sender keys")),
    drift(
        "foreign-id-answered",
        on_refusal(_of_any_sender),
        Condition(says="the id of another sender's message", holds=lambda view: "id" in _query(view)),
    ),
    drift("unknown-sender-key-answered", on_refusal(_of_first_sender), code("507", "an unknown senderKey")),
    drift(
        "sender-key-not-required",
        on_refusal(_of_first_sender),
        code("405") & Condition(says="no senderKey", holds=lambda view: not _query(view).get("senderKey")),
    ),
    drift(
        "headers-not-required",
        _headers("ht-client-id", "ht-client-secret", given=False),
        code("403", "a missing HT header"),
    ),
    drift(
        "secret-not-required", _headers("ht-client-secret", given=False), code("403", "no HT-Client-Secret")
    ),
    drift(
        "wrong-secret-accepted",
        _headers("ht-client-secret", given=True),
        code("403", "a wrong HT-Client-Secret"),
    ),
    drift(
        "wrong-client-id-accepted", _headers("ht-client-id", given=True), code("403", "a wrong HT-Client-Id")
    ),
    drift("code-as-number", _envelope(code=200)),
    drift("code-0000", _envelope(code="0000")),
    drift("code-missing", on_listing(lambda listing: listing.payload.pop("code"))),
    drift("data-object-for-one", on_listing(_object_for_one), SINGLE),
    drift(
        "data-renamed", on_listing(lambda listing: listing.payload.update(list=listing.payload.pop("data")))
    ),
    drift("data-wrapped", on_listing(_wrapped)),
    drift(
        "order-changes", on_listing(lambda listing: listing.messages.reverse()), LISTED.told("") & every(2)
    ),
    drift(
        "every-third-messages-short",
        on_listing(lambda listing: listing.messages and listing.messages.pop()),
        LISTED.told("") & every(3),
    ),
    drift(
        "message-failure-code-as-number", refusing(lambda payload: {**payload, "code": int(payload["code"])})
    ),
    drift("message-failure-says-200", refusing(lambda payload: {**payload, "code": "200"})),
    drift("message-failure-without-message", refusing(lambda payload: {"code": payload["code"]})),
    drift("html-when-not-permitted", _html(403), code("403")),
    drift("error-500-on-bad-id", _html(500), code("405", "an id that is no number, or no senderKey")),
    drift("messages-as-plain-text", instead(see, _plain_text)),
)
