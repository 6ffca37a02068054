"""Drifts of what carries the answer: crashes on odd input, wrong type, encoding, pieces missing."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from ...core.exchange import Answer
from ...spec.parameters import integer
from ...spec.vocabulary import SORT_KEYS
from .conditions import LATER, LIMIT_50, PAST_THE_END, SHOWING_ROOMS
from .drift import HTML_HEADERS, Apply, Change, Condition, Exchange, Reply, View, area, drift, instead
from .room_lists import Page, day, read, see, sent, succeeded

_LAST_MESSAGE: Final = re.compile(rb'"last_message":"((?:[^"\\]|\\.)*)"')
#: Above this a 32-bit integer overflows.
_INT_MAX: Final = 2**31 - 1
_WARNING: Final = (
    b"<br />\n<b>Warning</b>:  Undefined array key in <b>room_lists.php</b> on line <b>118</b><br />\n"
)


def _page(status: int, title: str) -> Answer:
    """An error page as web servers and PHP frameworks write it."""
    text = f"<!doctype html>\n<html><head><title>{status} {title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Answer(status, HTML_HEADERS, text.encode())


# --- without asking the honest API ---


def _crashing(answer: Answer) -> Change[Exchange]:
    """A change that answers by itself."""

    def under(condition: Condition[Exchange]) -> Apply:
        def apply(exchange: Exchange) -> Reply:
            return Reply(answer) if condition.holds(exchange) else exchange.ask(exchange.received)

        return apply

    return under


_ERROR_500: Final = _crashing(_page(500, "Internal Server Error"))


def _sent(says: str, test: Callable[[Exchange], bool]) -> Condition[Exchange]:
    return Condition(says=says, holds=test)


def _given(says: str, test: Callable[[Mapping[str, Any]], bool]) -> Condition[Exchange]:
    """Parameters of a kind, in a body that can be read."""

    def holds(exchange: Exchange) -> bool:
        body = sent(exchange.received)
        return body is not None and test(body)

    return Condition(says=says, holds=holds)


def _no_object(exchange: Exchange) -> bool:
    unreadable = exchange.received.parameters.unreadable
    return unreadable is not None and unreadable.why == "no object"


def _no_json(exchange: Exchange) -> bool:
    return sent(exchange.received) is None and not _no_object(exchange)


def _long_range(exchange: Exchange) -> bool:
    asked = read(exchange.received, exchange.today)
    return asked is not None and asked.days > 14


def _nested(body: Mapping[str, Any]) -> bool:
    return any(isinstance(value, list | dict) for value in body.values())


def _odd_page(body: Mapping[str, Any]) -> bool:
    page = body.get("page")
    number = integer(page)
    return page is not None and (number is None or number < 1)


def _odd_date(body: Mapping[str, Any]) -> bool:
    dates = (body.get(name) for name in ("ndate", "sdate", "edate"))
    return any(value not in (None, "") and day(value) is None for value in dates)


def _overflowing(body: Mapping[str, Any]) -> bool:
    values = (body.get(name) for name in ("status", "limit", "page"))
    return any(isinstance(value, int | float) and abs(value) > _INT_MAX for value in values)


def _quoted(body: Mapping[str, Any]) -> bool:
    return any(isinstance(value, str) and "'" in value for value in body.values())


# --- the honest answer, sent otherwise ---


def _sending(change: Callable[[Answer], Answer]) -> Change[Page]:
    return instead(see, lambda page, _: Reply(change(page.reply.answer)))


def _see_any(exchange: Exchange, honest: Reply) -> View | None:
    """A list, whatever was asked."""
    return View(exchange=exchange, reply=honest, payload=honest.payload) if succeeded(honest) else None


def _sending_any(**changes: Any) -> Change[View]:
    return instead(_see_any, lambda view, _: view.reply.sent(**changes))


_NO_ROOMS: Final[Condition[View]] = Condition(
    says="an empty list", holds=lambda view: not view.payload["data"]["chat_list"]
)


def _typed(content_type: str | None) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        rest = tuple(header for header in answer.headers if header[0] != "Content-Type")
        typed = (("Content-Type", content_type),) if content_type else ()
        return answer._replace(headers=(*typed, *rest))

    return change


def _body(change: Callable[[bytes], bytes]) -> Change[Page]:
    return _sending(lambda answer: answer._replace(body=change(answer.body)))


def _euc_kr(answer: Answer) -> Answer:
    body = answer.body.decode().encode("cp949", errors="replace")
    return _typed("application/json; charset=euc-kr")(answer)._replace(body=body)


def _cut_characters(body: bytes) -> bytes:
    # A text cut at a width in bytes loses part of its last character; every Korean letter has three.
    def cut(found: re.Match[bytes]) -> bytes:
        text = found[1]
        return b'"last_message":"%b"' % (text[:-1] if text and text[-1] >= 0x80 else text)

    return _LAST_MESSAGE.sub(cut, body)


DRIFTS: Final = area(
    "transport",
    drift(
        "html-on-broken-json",
        _crashing(_page(400, "Bad Request")),
        _sent("a body that is not JSON", _no_json),
    ),
    drift("error-500-on-json-list", _ERROR_500, _sent("a list, text, number or null as body", _no_object)),
    drift(
        "html-on-get",
        _crashing(_page(405, "Method Not Allowed")),
        _sent("a method other than POST", lambda exchange: exchange.received.method != "POST"),
    ),
    drift("error-500-on-nested-parameter", _ERROR_500, _given("a list or object as a parameter", _nested)),
    drift("error-500-on-odd-page", _ERROR_500, _given("page 0, negative or no number", _odd_page)),
    drift(
        "error-500-on-limit-0", _ERROR_500, _given("limit=0", lambda body: integer(body.get("limit")) == 0)
    ),
    drift("error-500-on-bad-date", _ERROR_500, _given("a date that is not Y-m-d or not a day", _odd_date)),
    drift("error-500-on-huge-number", _ERROR_500, _given("a number beyond 32 bits", _overflowing)),
    drift(
        "error-500-on-unknown-sort-key",
        _ERROR_500,
        _given("an unknown sort_key", lambda body: body.get("sort_key") not in (None, *SORT_KEYS)),
    ),
    drift("error-500-on-quote", _ERROR_500, _given("an apostrophe in a parameter", _quoted)),
    drift("error-502-past-the-end", _sending(lambda _: _page(502, "Bad Gateway")), PAST_THE_END),
    drift(
        "error-504-on-long-ranges",
        _crashing(_page(504, "Gateway Time-out")),
        _sent("a range of more than 14 days", _long_range),
    ),
    drift(
        "every-third-answer-503",
        _crashing(_page(503, "Service Unavailable")),
        _sent("every third answer", lambda exchange: exchange.turn(3)),
    ),
    drift("good-body-with-500", _sending(lambda answer: answer._replace(status=500))),
    drift("empty-body-when-no-rooms", _sending_any(body=b""), _NO_ROOMS),
    drift("status-204-when-no-rooms", _sending_any(status=204, body=b""), _NO_ROOMS),
    drift("content-type-html", _sending(_typed("text/html; charset=utf-8"))),
    drift("content-type-missing", _sending(_typed(None))),
    drift("byte-order-mark", _body(lambda body: b"\xef\xbb\xbf" + body)),
    drift("text-in-euc-kr", _sending(_euc_kr)),
    drift("characters-cut-in-half", _body(_cut_characters), SHOWING_ROOMS),
    drift("json-inside-text", _body(lambda body: orjson.dumps(body.decode()))),
    drift("warning-before-json-from-page-2", _body(lambda body: _WARNING + body), LATER),
    drift("cut-off-at-limit-50", _body(lambda body: body[: len(body) * 2 // 3]), LIMIT_50 & SHOWING_ROOMS),
    drift("gzip-untold", _body(lambda body: gzip.compress(body, mtime=0))),
)
