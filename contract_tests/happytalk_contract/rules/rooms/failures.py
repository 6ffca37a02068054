"""Rules over what refuses, whatever was sent: the failure envelope, tokens refused, no room without one.

Source: chat_room_lists, Response and fail codes.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.questions.meaning import TOKEN
from happytalk_contract.rules.rule import HELD, Verdict, rule
from happytalk_contract.rules.telling import finding, no_object, shown
from happytalk_contract.rules.wire import TOO_MANY


@rule("rooms.failure.envelope", "odd input", each="rooms", explained_by="wire.*")
def envelope(view: RoomsView) -> Iterator[Verdict]:
    """result: success 성공, fail 실패."""
    if view.kind in ("none", "broken") or view.status == TOO_MANY or view.status >= 500 or view.is_plain:
        return  # the envelope rule of lists has the plain ones
    yield (
        HELD
        if view.kind in ("success", "failure")
        else neither(view, '{"result": "fail", "code": …, "message": …}')
    )


def neither(view: RoomsView, expected: str, subject: str = "") -> Verdict:
    """Tell of an answer that is neither a success nor a failure."""
    if not isinstance(view.body, dict):
        return no_object(view, expected, subject)
    told = f"result {shown('result', view.fields['result'])}" if "result" in view.fields else "no result"
    message = "an answer is neither a success nor a failure"
    return finding(view, message, told, expected, "$.result", subject=subject)


def has_wrong_token(view: RoomsView) -> bool:
    """Whether a JSON object was sent without the right token in it."""
    request = view.exchange.request
    if request.method != "POST" or not request.body:
        return False
    if request.headers.get("Content-Type") != "application/json" or request.body.count(b'"token"') > 1:
        return False
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(body, dict) and body.get("token") != TOKEN


@rule("rooms.token.private", "a wrong token", each="rooms")
def private(view: RoomsView) -> Iterator[Verdict]:
    """token: required; without a valid one no room is shown."""
    if not has_wrong_token(view):
        return
    if view.kind == "success" and view.rooms:
        message = "rooms are shown without a valid token"
        yield finding(view, message, f"{len(view.rooms)} rooms", "the -501 failure", "$.data")
    else:
        yield HELD


@rule(
    "rooms.token.refused", "a wrong token", each="rooms", explained_by="wire.* token.private failure.envelope"
)
def refused(view: RoomsView) -> Iterator[Verdict]:
    """Token missing or not valid: {"result":"fail","code":-501,"message":"token"}."""
    if not has_wrong_token(view) or view.kind in ("none", "broken") or view.status == TOO_MANY:
        return
    told = [view.fields.get(name) for name in ("result", "code", "message")]
    if told == ["fail", -502, "unAuthorized"] and "HT-Client-Id" not in view.exchange.request.headers:
        return  # which of the two is checked first is open
    if told == ["fail", -501, "token"] and not isinstance(told[1], float):
        yield HELD
        return
    yield finding(
        view,
        "a request without a valid token is not refused as documented",
        "result {}, code {}, message {}".format(*map(shown, ("result", "code", "message"), told)),
        '{"result":"fail","code":-501,"message":"token"}',
        "$",
    )


@rule("rooms.failure.shape", "a failure", each="rooms", explained_by="token.refused")
def shape(view: RoomsView) -> Iterator[Verdict]:
    """A failure is {"result":"fail","code":…,"message":…}."""
    if view.kind != "failure":
        return
    code, message = view.fields.get("code"), view.fields.get("message")
    if isinstance(code, bool) or not isinstance(code, int):
        yield _odd(view, "code", "a number, such as -501")
    elif not isinstance(message, str):
        yield _odd(view, "message", 'text, such as "token"')
    elif view.fields.get("data"):
        yield _odd(view, "data", "no data in a failure")
    else:
        yield HELD


def _odd(view: RoomsView, name: str, expected: str) -> Verdict:
    message = f"a failure's {name} is not of the documented form"
    return finding(view, message, shown(name, view.fields.get(name)), expected, f"$.{name}", subject=name)
