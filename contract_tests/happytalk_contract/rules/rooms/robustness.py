"""Rules over every answer, whatever was sent: JSON, no 5xx, the failure envelope, tokens refused.

Source: chat_room_lists, Response and fail codes; system messages, Response.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import orjson

from happytalk_contract.core.model import Endpoint, Exchange, Severity
from happytalk_contract.evidence.readings import Evidence
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import RoomsView, View
from happytalk_contract.questions.meaning import TOKEN
from happytalk_contract.rules.rule import HELD, Doubt, Rule, Verdict
from happytalk_contract.rules.telling import finding, shown

#: What the network does to a request whose connection the server closes without a whole answer.
CUT_SHORT: Final = frozenset({"connection dropped", "content encoding broken"})
TOO_MANY: Final = 429
JSON_TYPES: Final = frozenset({"application/json", "text/json"})


def _views(evidence: Evidence, endpoint: Endpoint) -> list[View]:
    return list(evidence.rooms if endpoint == "rooms" else evidence.messages)


def _throttled(exchange: Exchange) -> bool:
    return exchange.response is not None and exchange.response.status == TOO_MANY


def _whole_answers(endpoint: Endpoint) -> Any:
    def check(evidence: Evidence) -> Iterator[Verdict]:
        """A request is answered; a connection that drops now and then is no drift."""
        views = _views(evidence, endpoint)
        cut: dict[Any, int] = {}
        for view in views:
            if view.exchange.fault in CUT_SHORT:
                asked = key(view.exchange.request)
                cut[asked] = cut.get(asked, 0) + 1
        for view in views:
            if view.exchange.response is not None:
                yield HELD
            elif view.exchange.fault in CUT_SHORT:
                found = finding(
                    view,
                    "the connection is closed without a whole answer, each time this is asked",
                    received=f"{view.exchange.fault}",
                    expected="an answer in JSON",
                )
                yield found if cut[key(view.exchange.request)] > 1 else Doubt(finding=found)

    return check


def _no_server_error(endpoint: Endpoint) -> Any:
    def check(evidence: Evidence) -> Iterator[Verdict]:
        """A 5xx is no legal answer; a single one may be a gateway's."""
        views = [view for view in _views(evidence, endpoint) if view.exchange.response is not None]
        failing = [view for view in views if _status(view) >= 500]
        for view in views:
            if _status(view) < 500:
                yield HELD
                continue
            found = finding(
                view,
                "the server fails",
                received=f"HTTP {_status(view)}",
                expected="an answer in JSON, whatever was sent",
            )
            yield found if len(failing) > 1 else Doubt(finding=found)

    return check


def _status(view: View) -> int:
    return view.exchange.response.status if view.exchange.response else 0


def success_status(views: Iterable[View], says: str) -> Iterator[Verdict]:
    """A success, which `says` so in its body, comes with HTTP 200."""
    for view in views:
        response = view.exchange.response
        if view.kind != "success" or response is None:
            continue
        yield (
            HELD
            if response.status == 200
            else finding(
                view,
                "a success comes with an HTTP status that says something else",
                received=f"HTTP {response.status} with {says}",
                expected="HTTP 200",
            )
        )


def _json(endpoint: Endpoint) -> Any:
    def check(evidence: Evidence) -> Iterator[Verdict]:
        """The body is JSON in UTF-8, whatever was sent."""
        for view in _views(evidence, endpoint):
            response = view.exchange.response
            if response is None or _throttled(view.exchange):
                continue
            if view.kind != "broken":
                yield HELD
                continue
            yield finding(
                view,
                "the answer is not JSON",
                received=f"HTTP {response.status}, {_what(response.body)}",
                expected="JSON, text in UTF-8: no HTML page, no empty body",
                subject="empty" if not response.body.strip() else "",
            )

    return check


def _what(body: bytes) -> str:
    """Say what a body is, without its words."""
    if not body.strip():
        return "an empty body"
    try:
        text = body.decode("utf-8").lstrip()
    except UnicodeDecodeError:
        return f"{len(body)} bytes that are not UTF-8"
    if text.startswith("\ufeff"):
        return "a body that begins with a byte order mark"
    if text[:1] == "<":
        return f"{len(body)} bytes of HTML or XML"
    return f"{len(body)} bytes that do not parse"


def _content_type(endpoint: Endpoint) -> Any:
    def check(evidence: Evidence) -> Iterator[Verdict]:
        """JSON is announced as JSON."""
        for view in _views(evidence, endpoint):
            response = view.exchange.response
            if response is None or view.kind == "broken" or _throttled(view.exchange):
                continue
            kind, _, parameters = response.headers.get("content-type", "").lower().partition(";")
            charset = parameters.partition("charset=")[2].split(";")[0].strip().strip('"')
            is_json = kind.strip() in JSON_TYPES or kind.strip().endswith("+json")
            yield (
                HELD
                if is_json and charset in ("", "utf-8", "utf8")
                else finding(
                    view,
                    "the content type does not say JSON in UTF-8",
                    received=(response.headers.get("content-type") or "no content type")[:60],
                    expected="application/json",
                )
            )

    return check


def _envelope_always(evidence: Evidence) -> Iterator[Verdict]:
    """Whatever is sent, the answer says success or fail."""
    for view in evidence.rooms:
        if view.kind in ("none", "broken") or _throttled(view.exchange) or _status(view) >= 500:
            continue
        if view.meaning is not None and view.meaning.is_plain:
            continue  # the envelope rule of lists has these
        body = view.body if isinstance(view.body, dict) else {}
        yield (
            HELD
            if view.kind in ("success", "failure")
            else finding(
                view,
                "an answer is neither a success nor a failure",
                received=f"result {shown('result', body.get('result'))}" if body else shown("", view.body),
                expected='{"result": "fail", "code": …, "message": …}',
                json_path="$.result",
            )
        )


def _failure_shape(evidence: Evidence) -> Iterator[Verdict]:
    """A failure is result, code (a number), message (text), and holds no data."""
    for view in evidence.rooms:
        if view.kind != "failure":
            continue
        code, message = view.body.get("code"), view.body.get("message")
        if isinstance(code, bool) or not isinstance(code, int):
            yield _odd_failure(view, "code", shown("code", code), "a number, such as -501")
        elif not isinstance(message, str):
            yield _odd_failure(view, "message", shown("message", message), 'text, such as "token"')
        elif view.body.get("data"):
            yield _odd_failure(view, "data", shown("data", view.body["data"]), "no data in a failure")
        else:
            yield HELD


def _odd_failure(view: RoomsView, name: str, received: str, expected: str) -> Verdict:
    return finding(
        view,
        f"a failure's {name} is not of the documented form",
        received=received,
        expected=expected,
        json_path=f"$.{name}",
        subject=name,
    )


def wrong_token(view: RoomsView) -> bool:
    """Whether a JSON object was sent without the right token in it."""
    request = view.exchange.request
    if (
        request.method != "POST"
        or not request.body
        or dict(request.headers).get("Content-Type") != "application/json"
    ):
        return False
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(body, dict) and body.get("token") != TOKEN and request.body.count(b'"token"') < 2


def _token(evidence: Evidence) -> Iterator[Verdict]:
    """Without a valid token there is the -501 failure and nothing else."""
    for view in evidence.rooms:
        if not wrong_token(view) or view.kind in ("none", "broken") or _throttled(view.exchange):
            continue
        body = view.body if isinstance(view.body, dict) else {}
        told = (body.get("result"), body.get("code"), body.get("message"))
        yield (
            HELD
            if told == ("fail", -501, "token") and not isinstance(body.get("code"), float)
            else finding(
                view,
                "a request without a valid token is not refused as documented",
                received=f"result {shown('result', told[0])}, code {shown('code', told[1])}, "
                f"message {shown('message', told[2])}",
                expected='{"result":"fail","code":-501,"message":"token"}',
                json_path="$",
            )
        )


def _no_data_unasked(evidence: Evidence) -> Iterator[Verdict]:
    """What is not a JSON question with a valid token gets no rooms."""
    for view in evidence.rooms:
        if view.kind == "success" and wrong_token(view) and view.rooms:
            yield finding(
                view,
                "rooms are shown without a valid token",
                received=f"{len(view.rooms)} rooms",
                expected="the -501 failure",
                json_path="$.data",
            )
        elif wrong_token(view):
            yield HELD


def _for(
    endpoint: Endpoint, name: str, sentence: str, check: Any, needs: str, by: tuple[str, ...] = ()
) -> Rule:
    return Rule(
        id=f"{endpoint}.{name}",
        endpoint=endpoint,
        sentence=sentence,
        severity=Severity.BREAKING,
        needs=needs,
        check=check,
        explained_by=by,
    )


ENDPOINTS: Final[tuple[Endpoint, ...]] = ("rooms", "messages")

RULES: Final = (
    *(rule
    for endpoint in ENDPOINTS
    for rule in (
        _for(endpoint, "wire.whole", "Every request is answered.", _whole_answers(endpoint), "an answer"),
        _for(endpoint, "wire.server_error", "A 5xx is no legal answer, whatever was sent.", _no_server_error(endpoint),
             "an answer"),
        _for(endpoint, "wire.json", "Response (Json), text in UTF-8.", _json(endpoint), "an answer",
             (f"{endpoint}.wire.server_error",)),
        _for(endpoint, "wire.content_type", "Response (Json).", _content_type(endpoint), "an answer",
             (f"{endpoint}.wire.server_error",)),
    )),
    _for("rooms", "failure.envelope", "result: success 성공, fail 실패.", _envelope_always, "odd input",
         ("rooms.wire.*",)),
    _for("rooms", "token.private", "token: required; without a valid one no room is shown.", _no_data_unasked,
         "a wrong token"),
    _for("rooms", "token.refused", 'Token missing or not valid: {"result":"fail","code":-501,"message":"token"}.',
         _token, "a wrong token", ("rooms.wire.*", "rooms.token.private", "rooms.failure.envelope")),
    _for("rooms", "failure.shape", 'A failure is {"result":"fail","code":…,"message":…}.', _failure_shape,
         "a failure", ("rooms.token.refused",)),
)  # fmt: skip
