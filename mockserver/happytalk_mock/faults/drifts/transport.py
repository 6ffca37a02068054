"""Drifts of what carries the answer: crashes on odd input, wrong type, encoding, pieces missing."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import orjson

from ...core.exchange import Answer, Received
from ...spec.vocabulary import SORT_KEYS
from .drift import HTML_HEADERS, Apply, Ask, Context, Drift, rows_of
from .room_lists import Asked, day, integer, parameters, read, success
from .stated import JSON

_row = rows_of("transport")
_LAST_MESSAGE: Final = re.compile(rb'"last_message":"((?:[^"\\]|\\.)*)"')
#: Above this a 32-bit integer overflows.
_INT_MAX: Final = 2**31 - 1


def _page(status: int, title: str) -> Answer:
    """An error page as web servers and PHP frameworks write it."""
    text = f"<!doctype html>\n<html><head><title>{status} {title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Answer(status, HTML_HEADERS, text.encode())


_CRASH: Final = _page(500, "Internal Server Error")


def _crashing(on: Callable[[Mapping[str, Any]], bool], instead: Answer = _CRASH) -> Apply:
    """An error page for bodies of a kind."""

    def apply(ask: Ask, received: Received, _context: Context) -> Answer:
        body = parameters(received)
        return instead if body is not None and on(body) else ask(received)

    return apply


def _crash_on_no_json(ask: Ask, received: Received, _context: Context) -> Answer:
    _, form, unreadable, _ = received.parameters
    is_json = form == "json" and (unreadable is None or unreadable.why == "no object")
    return ask(received) if is_json else _page(400, "Bad Request")


def _crash_on_no_object(ask: Ask, received: Received, _context: Context) -> Answer:
    unreadable = received.parameters.unreadable
    return _CRASH if unreadable is not None and unreadable.why == "no object" else ask(received)


def _crash_on_get(ask: Ask, received: Received, _context: Context) -> Answer:
    return ask(received) if received.method == "POST" else _page(405, "Method Not Allowed")


def _nested(body: Mapping[str, Any]) -> bool:
    return any(isinstance(value, list | dict) for value in body.values())


def _odd_page(body: Mapping[str, Any]) -> bool:
    page = body.get("page")
    number = integer(page)
    return page is not None and (number is None or number < 1)


def _no_limit(body: Mapping[str, Any]) -> bool:
    return integer(body.get("limit")) == 0


def _odd_date(body: Mapping[str, Any]) -> bool:
    dates = (body.get(name) for name in ("ndate", "sdate", "edate"))
    return any(value not in (None, "") and day(value) is None for value in dates)


def _overflowing(body: Mapping[str, Any]) -> bool:
    values = (body.get(name) for name in ("status", "limit", "page"))
    return any(isinstance(value, int | float) and abs(value) > _INT_MAX for value in values)


def _unknown_key(body: Mapping[str, Any]) -> bool:
    key = body.get("sort_key")
    return key is not None and key not in SORT_KEYS


def _quoted(body: Mapping[str, Any]) -> bool:
    return any(isinstance(value, str) and "'" in value for value in body.values())


def _sending(
    change: Callable[[Answer], Answer], where: Callable[[Asked], bool] | None = None, *, full: bool = False
) -> Apply:
    """Successful answers are sent otherwise; `full`: only those that hold rooms."""

    def apply(ask: Ask, received: Received, context: Context) -> Answer:
        honest = ask(received)
        asked = read(received, context.today)
        if asked is None or (where is not None and not where(asked)):
            return honest
        payload = success(honest)
        if payload is None or (full and not payload["data"]["chat_list"]):
            return honest
        return change(honest)

    return apply


def _typed(content_type: str | None) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        rest = tuple(header for header in answer.headers if header[0] != "Content-Type")
        typed = (("Content-Type", content_type),) if content_type else ()
        return answer._replace(headers=(*typed, *rest))

    return change


def _when_empty(instead: Callable[[Answer], Answer]) -> Apply:
    """An answer without rooms is sent otherwise."""

    def apply(ask: Ask, received: Received, _context: Context) -> Answer:
        honest = ask(received)
        payload = success(honest)
        return instead(honest) if payload is not None and not payload["data"]["chat_list"] else honest

    return apply


def _later(asked: Asked) -> bool:
    return asked.page > 1


def _bad_gateway_past_end(ask: Ask, received: Received, context: Context) -> Answer:
    honest = ask(received)
    asked, payload = read(received, context.today), success(honest)
    past = asked is not None and payload is not None and asked.page > 1 and not payload["data"]["chat_list"]
    return _page(502, "Bad Gateway") if past else honest


def _slow_ranges(ask: Ask, received: Received, context: Context) -> Answer:
    asked = read(received, context.today)
    return _page(504, "Gateway Time-out") if asked is not None and asked.days > 14 else ask(received)


def _with_warning(answer: Answer) -> Answer:
    warning = (
        b"<br />\n<b>Warning</b>:  Undefined array key in <b>room_lists.php</b> on line <b>118</b><br />\n"
    )
    return answer._replace(body=warning + answer.body)


def _euc_kr(answer: Answer) -> Answer:
    body = answer.body.decode().encode("cp949", errors="replace")
    return _typed("application/json; charset=euc-kr")(answer)._replace(body=body)


def _cut_characters(answer: Answer) -> Answer:
    # A text cut at a width in bytes loses part of its last character; every Korean letter has three.
    def cut(found: re.Match[bytes]) -> bytes:
        text = found[1]
        return b'"last_message":"%b"' % (text[:-1] if text and text[-1] >= 0x80 else text)

    return answer._replace(body=_LAST_MESSAGE.sub(cut, answer.body))


def _text_of_json(answer: Answer) -> Answer:
    return answer._replace(body=orjson.dumps(answer.body.decode()))


def _busy_every_third(ask: Ask, received: Received, context: Context) -> Answer:
    return _page(503, "Service Unavailable") if context.turn(3) else ask(received)


DRIFTS: Final[tuple[Drift, ...]] = (
    _row(
        "html-on-broken-json",
        JSON,
        "a body that is not JSON gets an HTML page",
        "JSON이 아닌 본문에 HTML 오류 페이지를 준다",
        _crash_on_no_json,
        when="a body that is not JSON",
    ),
    _row(
        "error-500-on-json-list",
        JSON,
        "a JSON body that is no object gets a 500",
        "객체가 아닌 JSON 본문에 500 오류가 난다",
        _crash_on_no_object,
        when="a list, text, number or null as body",
    ),
    _row(
        "html-on-get",
        JSON,
        "another method than POST gets an HTML page",
        "POST가 아닌 메서드에 HTML 오류 페이지를 준다",
        _crash_on_get,
        when="a method other than POST",
    ),
    _row(
        "error-500-on-nested-parameter",
        JSON,
        "a list or object as a parameter gets a 500",
        "파라미터에 배열이나 객체를 보내면 500 오류가 난다",
        _crashing(_nested),
        when="a list or object as a parameter",
    ),
    _row(
        "error-500-on-odd-page",
        JSON,
        "a page that is not a number from 1 gets a 500",
        "1 이상의 숫자가 아닌 page에 500 오류가 난다",
        _crashing(_odd_page),
        when="page 0, negative or no number",
    ),
    _row(
        "error-500-on-limit-0",
        JSON,
        "limit 0 gets a 500: it is divided by",
        "limit=0이면 0으로 나누어 500 오류가 난다",
        _crashing(_no_limit),
        when="limit=0",
    ),
    _row(
        "error-500-on-bad-date",
        JSON,
        "a date that is no day gets a 500",
        "달력에 없는 날짜를 보내면 500 오류가 난다",
        _crashing(_odd_date),
        when="a date that is not Y-m-d or not a day",
    ),
    _row(
        "error-500-on-huge-number",
        JSON,
        "a number beyond 32 bits gets a 500",
        "32비트를 넘는 숫자에 500 오류가 난다",
        _crashing(_overflowing),
        when="a number beyond 32 bits",
    ),
    _row(
        "error-500-on-unknown-sort-key",
        JSON,
        "an unknown sort_key gets a 500",
        "목록에 없는 sort_key에 500 오류가 난다",
        _crashing(_unknown_key),
        when="an unknown sort_key",
    ),
    _row(
        "error-500-on-quote",
        JSON,
        "an apostrophe in a parameter gets a 500, as if it were put into SQL",
        "파라미터의 작은따옴표에 SQL 오류처럼 500이 난다",
        _crashing(_quoted),
        when="an apostrophe in a parameter",
    ),
    _row(
        "error-502-past-the-end",
        JSON,
        "a page past the end gets a 502",
        "마지막 이후 페이지에 502 오류가 난다",
        _bad_gateway_past_end,
        when="a page past the end",
    ),
    _row(
        "error-504-on-long-ranges",
        JSON,
        "a range of more than 14 days gets a 504",
        "14일을 넘는 기간이면 504 오류가 난다",
        _slow_ranges,
        when="a range of more than 14 days",
    ),
    _row(
        "every-third-answer-503",
        JSON,
        "every third answer is a 503",
        "세 번에 한 번은 503 오류가 난다",
        _busy_every_third,
        when="every third answer",
    ),
    _row(
        "good-body-with-500",
        JSON,
        "lists come with HTTP status 500",
        "정상 본문이 HTTP 500으로 온다",
        _sending(lambda answer: answer._replace(status=500)),
    ),
    _row(
        "empty-body-when-no-rooms",
        JSON,
        "an empty list comes as an empty body",
        "상담방이 없으면 본문이 비어 있다",
        _when_empty(lambda answer: answer._replace(body=b"")),
        when="an empty list",
    ),
    _row(
        "status-204-when-no-rooms",
        JSON,
        "an empty list comes as 204 without a body",
        "상담방이 없으면 본문 없이 204로 온다",
        _when_empty(lambda answer: answer._replace(status=204, body=b"")),
        when="an empty list",
    ),
    _row(
        "content-type-html",
        JSON,
        "the content type is text/html",
        "Content-Type이 text/html이다",
        _sending(_typed("text/html; charset=utf-8")),
    ),
    _row(
        "content-type-missing",
        JSON,
        "there is no content type",
        "Content-Type 헤더가 없다",
        _sending(_typed(None)),
    ),
    _row(
        "byte-order-mark",
        JSON,
        "a byte order mark stands before the JSON",
        "JSON 앞에 BOM이 붙는다",
        _sending(lambda answer: answer._replace(body=b"\xef\xbb\xbf" + answer.body)),
    ),
    _row(
        "text-in-euc-kr",
        JSON,
        "the JSON is encoded in EUC-KR",
        "응답이 EUC-KR로 인코딩된다",
        _sending(_euc_kr),
    ),
    _row(
        "characters-cut-in-half",
        JSON,
        "last_message ends inside a character",
        "last_message의 마지막 글자가 바이트 중간에서 잘린다",
        _sending(_cut_characters, full=True),
    ),
    _row(
        "json-inside-text",
        JSON,
        "the JSON is the content of a JSON text",
        "JSON이 문자열로 한 번 더 감싸져 온다",
        _sending(_text_of_json),
    ),
    _row(
        "warning-before-json-from-page-2",
        JSON,
        "from page 2 on a warning of PHP stands before the JSON",
        "2페이지부터 JSON 앞에 PHP 경고가 붙는다",
        _sending(_with_warning, _later),
        when="page 2 and later",
    ),
    _row(
        "cut-off-at-limit-50",
        JSON,
        "with limit 50 the JSON ends in the middle",
        "limit=50이면 JSON이 중간에서 끊긴다",
        _sending(
            lambda answer: answer._replace(body=answer.body[: len(answer.body) * 2 // 3]),
            lambda asked: asked.limit == 50,
            full=True,
        ),
        when="limit 50 or more",
    ),
    _row(
        "gzip-untold",
        JSON,
        "the body is gzipped without a word in the headers",
        "Content-Encoding 없이 gzip으로 압축되어 온다",
        _sending(lambda answer: answer._replace(body=gzip.compress(answer.body, mtime=0))),
    ),
)
