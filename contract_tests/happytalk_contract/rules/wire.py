"""Rules over every answer of both endpoints, whatever was sent: whole, no 5xx, JSON, announced as JSON.

Source: chat_room_lists, Response; system messages, Response.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from json import JSONDecodeError, JSONDecoder
from typing import Final

from happytalk_contract.core.model import Endpoint
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import View
from happytalk_contract.rules.rule import HELD, Doubt, Rule, Verdict, rule
from happytalk_contract.rules.telling import finding
from happytalk_contract.transport.faults import CUT_SHORT, Fault, fault_of

#: From how many on answers that are cut short are no matter of the network.
SEVERAL: Final = 3
TOO_MANY: Final = 429
JSON_TYPES: Final = frozenset({"application/json", "text/json"})
_FOREIGN: Final = "not UTF-8"


def whole(evidence: Evidence, endpoint: Endpoint) -> Iterator[Verdict]:
    """Every request is answered."""
    views: list[View] = getattr(evidence, endpoint)
    answered = {view.asked for view in views if view.exchange.response is not None}
    faults = {view.number: fault_of(view.exchange.fault) for view in views}
    cut = Counter(view.asked for view in views if faults[view.number] in (Fault.DROPPED, *CUT_SHORT))
    torn = sum(fault in CUT_SHORT for fault in faults.values())
    for view in views:
        fault = faults[view.number]
        if fault is None:
            yield HELD
        elif fault is Fault.DROPPED or fault in CUT_SHORT:  # a connection that drops now and then is no drift
            always = view.asked not in answered
            several = fault in CUT_SHORT and torn >= SEVERAL
            when = "each time this is asked" if always or not several else "now and then"
            found = finding(
                view,
                f"the connection is closed without a whole answer, {when}",
                f"{view.exchange.fault}{'' if always else f', {torn} of {len(views)} times'}",
                "an answer in JSON",
                kind=None if always or not several else "fleeting",
            )
            yield found if several or (cut[view.asked] > 1 and always) else Doubt(finding=found)


def server_error(evidence: Evidence, endpoint: Endpoint) -> Iterator[Verdict]:
    """A 5xx is no legal answer, whatever was sent."""
    views: list[View] = getattr(evidence, endpoint)
    failed = Counter(view.asked for view in views if view.status >= 500)
    answered = {view.asked: view.number for view in views if 0 < view.status < 500}
    for view in views:
        if view.status >= 500:
            found = finding(
                view, "the server fails", f"HTTP {view.status}", "an answer in JSON, whatever was sent"
            )
            # One that does not come back when the same is asked again may be a gateway's; several are not.
            is_over = answered.get(view.asked, 0) > view.number
            is_sure = failed[view.asked] > 1 or failed.total() >= SEVERAL
            yield found if is_sure else HELD if is_over else Doubt(finding=found)
        elif view.status:
            yield HELD


def json(view: View) -> Iterator[Verdict]:
    """Response (Json), text in UTF-8."""
    response = view.exchange.response
    if response is None or view.status == TOO_MANY or view.status >= 500:
        return  # that the server fails is told as such
    if view.kind != "broken":
        yield HELD
        return
    body = response.body
    what, subject = _what(body), "" if body.strip() else "empty"
    message = "the answer is not UTF-8 text" if what.endswith(_FOREIGN) else "the answer is not JSON"
    expected = "JSON, text in UTF-8: no HTML page, no empty body"
    yield finding(view, message, f"HTTP {view.status}, {what}", expected, subject=subject)


def _what(body: bytes) -> str:
    """Say what a body is, without its words."""
    if not body.strip():
        return "an empty body"
    try:
        text = body.decode("utf-8").lstrip()
    except UnicodeDecodeError:
        return f"{len(body)} bytes {_charset(body)}, {_FOREIGN}"
    if text.startswith("\ufeff"):
        return "a body that begins with a byte order mark"
    if text[:1] == "<":
        return f"{len(body)} bytes of HTML or XML"
    try:
        _document, end = JSONDecoder().raw_decode(text)
    except RecursionError:
        return f"{len(body)} bytes that are too deep"
    except JSONDecodeError as error:
        if text[0] in "{[" and (error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")):
            return f"{len(body)} bytes of JSON that is cut short"
        around = re.match(r"[\w.$]{1,40}\(", text)
        why = (
            f"a script that calls {around[0]}…)"
            if around
            else f"{error.msg.removesuffix(' at')} at character {error.pos + 1}"
        )
        return f"{len(body)} bytes that do not parse: {why}"
    return (
        f"{len(body)} bytes, JSON and more behind it"
        if end < len(text.rstrip())
        else f"{len(body)} bytes that do not parse"
    )


def _charset(body: bytes) -> str:
    """What bytes that are not UTF-8 look like."""
    with suppress(UnicodeDecodeError):
        if re.search("[가-힣]{2}", body.decode("cp949")):
            return "of EUC-KR"
    return "of UTF-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "of another encoding"


def content_type(view: View) -> Iterator[Verdict]:
    """Response (Json)."""
    response = view.exchange.response
    if response is None or view.kind == "broken" or view.status == TOO_MANY:
        return
    told = response.headers.get("content-type", "")
    kind, _, parameters = told.lower().partition(";")
    charset = parameters.partition("charset=")[2].split(";")[0].strip().strip('"')
    is_json = kind.strip() in JSON_TYPES or kind.strip().endswith("+json")
    message = "the content type does not say JSON in UTF-8"
    wrong = finding(view, message, (told or "no content type")[:60], "application/json")
    yield HELD if is_json and charset in ("", "utf-8", "utf8") else wrong


def success_status(view: View, says: str) -> Iterator[Verdict]:
    """A success, which `says` so in its body, comes with HTTP 200."""
    if view.kind == "success" and view.status < 500:  # that the server fails is told as such
        message = "a success comes with an HTTP status that says something else"
        wrong = finding(view, message, f"HTTP {view.status} with {says}", "HTTP 200")
        yield HELD if view.status == 200 else wrong


def _wire(endpoint: Endpoint) -> tuple[Rule, ...]:
    by = "wire.server_error"
    return (
        rule(f"{endpoint}.wire.whole", "an answer", endpoint=endpoint)(whole),
        rule(f"{endpoint}.wire.server_error", "an answer", endpoint=endpoint)(server_error),
        rule(f"{endpoint}.wire.json", "an answer", each=endpoint, explained_by=by)(json),
        rule(f"{endpoint}.wire.content_type", "an answer", each=endpoint, explained_by=by)(content_type),
    )


ROOMS: Final = _wire("rooms")
MESSAGES: Final = _wire("messages")
