"""Drifts of authentication: strangers are let in, or the refusal has another shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ...core.exchange import Answer
from .drift import HTML_HEADERS, Condition, Reply, View, area, drift
from .refusals import code, on_refusal, refusing
from .room_lists import sent

_TOKEN_REFUSED: Final = code(-501)
_LOGIN_PAGE: Final = Answer(302, (*HTML_HEADERS, ("Location", "/user/login")), b"")
_ERROR_PAGE: Final = Answer(401, HTML_HEADERS, b"<!doctype html><title>401</title><h1>Unauthorized</h1>")


def _with_token(says: str, test: Callable[[Any], bool]) -> Condition[View]:
    """A token of a kind, refused."""

    def holds(view: View) -> bool:
        body = sent(view.exchange.received)
        return body is not None and test(body.get("token"))

    return _TOKEN_REFUSED & Condition(says=says, holds=holds)


def _let_in(view: View) -> Reply:
    """Answers as if the request came with the right token."""
    received, token = view.exchange.received, view.exchange.keys.token
    return view.exchange.ask(received.asking({**received.parameters.values, "token": token}))


def _empty_success(view: View) -> Reply:
    data = {"page": 1, "limit": 10, "total_count": 0, "chat_list": []}
    return view.reply.sent(status=200).telling({"result": "success", "data": data})


def _in_error(payload: dict[str, Any]) -> dict[str, Any]:
    return {"result": payload.pop("result"), "error": payload}


DRIFTS: Final = area(
    "authentication",
    drift(
        "unknown-token-accepted",
        on_refusal(_let_in),
        _with_token("", lambda token: isinstance(token, str) and bool(token)),
    ),
    drift("missing-token-accepted", on_refusal(_let_in), _with_token("", lambda token: token is None)),
    drift(
        "empty-token-accepted", on_refusal(_let_in), _with_token('token ""', lambda token: bool(token == ""))
    ),
    drift("unknown-token-sees-no-rooms", on_refusal(_empty_success), _TOKEN_REFUSED),
    drift("refusal-is-a-login-page", on_refusal(lambda _: Reply(_LOGIN_PAGE)), _TOKEN_REFUSED),
    drift("refusal-is-html", on_refusal(lambda _: Reply(_ERROR_PAGE)), _TOKEN_REFUSED),
    drift("failure-code-as-text", refusing(lambda payload: {**payload, "code": str(payload["code"])})),
    drift("failure-code-401", refusing(lambda payload: {**payload, "code": 401}), _TOKEN_REFUSED),
    drift(
        "failure-without-message",
        refusing(lambda payload: {name: payload[name] for name in ("result", "code")}),
    ),
    drift("failure-in-error", refusing(_in_error)),
    drift("failure-says-success", refusing(lambda payload: {**payload, "result": "success"})),
)
