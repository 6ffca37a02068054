"""Drifts of authentication: strangers are let in, or the refusal has another shape."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import orjson

from ...core.exchange import Answer, Received
from .drift import HTML_HEADERS, Apply, Ask, Context, Drift, rows_of
from .room_lists import Refused, changed, parameters
from .stated import ENVELOPE, JSON, TOKEN

_row = rows_of("authentication")


def failure(answer: Answer) -> dict[str, Any] | None:
    """The failure envelope, or None for any other answer."""
    try:
        payload = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None
    return payload if isinstance(payload, dict) and payload.get("result") == "fail" else None


def _letting_in(who: Callable[[Any], bool]) -> Apply:
    """Requests that are refused for such a token are answered as if they came with the right one."""

    def apply(ask: Ask, received: Received, context: Context) -> Answer:
        honest = ask(received)
        body = parameters(received)
        refused = failure(honest)
        if body is None or refused is None or refused.get("code") != -501 or not who(body.get("token")):
            return honest
        try:
            return ask(changed(received, body, {"token": context.keys.token}))
        except Refused:
            return honest

    return apply


def _some_text(token: Any) -> bool:
    return isinstance(token, str) and bool(token)


def _refusing(change: Callable[[dict[str, Any]], Any]) -> Apply:
    """Failures get another body; `change` returns it."""

    def apply(ask: Ask, received: Received, _context: Context) -> Answer:
        honest = ask(received)
        refused = failure(honest)
        return honest if refused is None else honest._replace(body=orjson.dumps(change(refused)))

    return apply


def _token_refused(instead: Callable[[Answer], Answer]) -> Apply:
    """A refused token gets an answer of its own."""

    def apply(ask: Ask, received: Received, _context: Context) -> Answer:
        honest = ask(received)
        refused = failure(honest)
        return instead(honest) if refused is not None and refused.get("code") == -501 else honest

    return apply


def _empty_list(answer: Answer) -> Answer:
    data = {"page": 1, "limit": 10, "total_count": 0, "chat_list": []}
    return answer._replace(status=200, body=orjson.dumps({"result": "success", "data": data}))


def _login_page(_answer: Answer) -> Answer:
    return Answer(302, (*HTML_HEADERS, ("Location", "/user/login")), b"")


def _error_page(_answer: Answer) -> Answer:
    return Answer(401, HTML_HEADERS, b"<!doctype html><title>401</title><h1>Unauthorized</h1>")


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "unknown-token-accepted",
        TOKEN,
        "an unknown token is served",
        "모르는 토큰도 조회된다",
        _letting_in(_some_text),
    ),
    _row(
        "missing-token-accepted",
        TOKEN,
        "a request without token is served",
        "토큰이 없어도 조회된다",
        _letting_in(lambda token: token is None),
    ),
    _row(
        "empty-token-accepted",
        TOKEN,
        'a token of "" is served',
        "빈 문자열 토큰도 조회된다",
        _letting_in(lambda token: token == ""),
        when='token ""',
    ),
    _row(
        "unknown-token-sees-no-rooms",
        TOKEN,
        "a token that is not valid gets an empty success",
        "유효하지 않은 토큰에 빈 목록으로 성공 응답을 준다",
        _token_refused(_empty_list),
    ),
    _row(
        "refusal-is-a-login-page",
        JSON,
        "a token that is not valid is sent to a login page",
        "유효하지 않은 토큰이면 로그인 페이지로 이동시킨다",
        _token_refused(_login_page),
    ),
    _row(
        "refusal-is-html",
        JSON,
        "a token that is not valid gets an HTML page",
        "유효하지 않은 토큰에 HTML 오류 페이지를 준다",
        _token_refused(_error_page),
    ),
    _row(
        "failure-code-as-text",
        TOKEN,
        "a failure's code is text",
        "실패 응답의 code가 문자열이다",
        _refusing(lambda payload: {**payload, "code": str(payload["code"])}),
    ),
    _row(
        "failure-code-401",
        TOKEN,
        "a token that is not valid gets code 401",
        "토큰 오류 코드가 -501이 아니라 401이다",
        _refusing(lambda payload: {**payload, "code": 401 if payload["code"] == -501 else payload["code"]}),
    ),
    _row(
        "failure-without-message",
        TOKEN,
        "a failure has no message",
        "실패 응답에 message가 없다",
        _refusing(lambda payload: {name: payload[name] for name in ("result", "code")}),
    ),
    _row(
        "failure-in-error",
        TOKEN,
        "code and message of a failure stand in an object, error",
        "실패 응답의 code, message가 error 객체 안에 있다",
        _refusing(lambda payload: {"result": payload.pop("result"), "error": payload}),
    ),
    _row(
        "failure-says-success",
        ENVELOPE,
        "a failure's result is success",
        "실패 응답의 result가 success이다",
        _refusing(lambda payload: {**payload, "result": "success"}),
    ),
)
