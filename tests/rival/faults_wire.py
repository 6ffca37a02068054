"""Faults in the bytes of an answer, and in what odd input gets."""

import json
from collections.abc import Callable
from typing import Any

from .fault import Fault
from .wire import Reply, Request

MESSAGE_PATH_END = "/sm"
HTML = "<!DOCTYPE html><html><body><h1>{}</h1></body></html>"
When = Callable[[Any, Request, Reply], bool]


def _is_rooms(_: Any, request: Request, __: Reply) -> bool:
    return request.path.endswith("/json")


def _is_messages(_: Any, request: Request, __: Reply) -> bool:
    return request.path.endswith(MESSAGE_PATH_END)


def _f(name: str, says: str, do: Any, when: When = _is_rooms, breaks: str = "rooms-11") -> Fault:
    def at(api: Any, request: Request, reply: Reply) -> None:
        if when(api, request, reply):
            do(reply)

    return Fault(name=name, breaks=breaks, says=says, stage="reply", do=at)


def _m(name: str, says: str, do: Any, when: When = _is_messages) -> Fault:
    return _f(name, says, do, lambda *seen: _is_messages(*seen) and when(*seen), "messages-3")


def _bytes(change: Callable[[bytes], bytes]) -> Any:
    return lambda reply: setattr(reply, "body", change(reply.body))


def _html(status: int) -> Any:
    """An HTML page instead of the answer."""

    def do(reply: Reply) -> None:
        reply.status = status
        reply.body = HTML.format("A PHP Error was encountered").encode()
        reply.headers["Content-Type"] = "text/html; charset=UTF-8"

    return do


def _status(status: int) -> Any:
    return lambda reply: setattr(reply, "status", status)


def _typed(content_type: str | None) -> Any:
    def do(reply: Reply) -> None:
        reply.headers.pop("Content-Type", None)
        if content_type is not None:
            reply.headers["Content-Type"] = content_type

    return do


def _encoded(encoding: str) -> Any:
    def do(reply: Reply) -> None:
        text = json.dumps(json.loads(reply.body), ensure_ascii=False)
        reply.body = text.encode(encoding, "replace")

    return do


def _given(test: Callable[[dict[str, Any]], bool]) -> When:
    """Whether the body of the question passes a test."""

    def when(api: Any, request: Request, reply: Reply) -> bool:
        body = api.memory["body"]
        return _is_rooms(api, request, reply) and isinstance(body, dict) and test(body)

    return when


def _number(name: str, test: Callable[[int], bool]) -> When:
    def read(body: dict[str, Any]) -> bool:
        try:
            return test(int(body[name]))
        except (KeyError, TypeError, ValueError):
            return False

    return _given(read)


def _odd(name: str, *fine: Any) -> When:
    """Whether a parameter has a value that is none of the fine ones."""
    return _given(lambda body: name in body and body[name] not in (None, *fine))


def _no_number(name: str) -> When:
    return _given(lambda body: isinstance(body.get(name), str) and not body[name].lstrip("-").isdecimal())


def _bad_date(body: dict[str, Any]) -> bool:
    given = [body[name] for name in ("ndate", "sdate", "edate") if body.get(name)]
    return any(not isinstance(day, str) or len(day) != 10 or day.count("-") != 2 for day in given)


def _no_day(body: dict[str, Any]) -> bool:
    given = [body[name] for name in ("ndate", "sdate", "edate") if isinstance(body.get(name), str)]
    return any(day[5:] in ("02-30", "02-31", "04-31", "13-01", "00-00", "06-31", "13-45") for day in given)


def _backward(body: dict[str, Any]) -> bool:
    return str(body.get("sdate")) > str(body.get("edate")) and bool(body.get("sdate") and body.get("edate"))


def _unread(api: Any, request: Request, reply: Reply) -> bool:
    return _is_rooms(api, request, reply) and api.memory["body"] is None


def _shown(reply: Reply) -> list[Any]:
    data = reply.document.get("data") if isinstance(reply.document, dict) else None
    return list(data.get("chat_list", ())) if isinstance(data, dict) else []


def _past_end(api: Any, request: Request, reply: Reply) -> bool:
    page = _number("page", lambda n: n > 1)(api, request, reply)
    return page and not _shown(reply)


def _asked_id(text: Callable[[str], bool]) -> When:
    return lambda _, request, __: "id" in request.query and text(request.query["id"])


def _failed(_: Any, __: Request, reply: Reply) -> bool:
    return isinstance(reply.document, dict) and reply.document.get("result") == "fail"


def _refused(_: Any, __: Request, reply: Reply) -> bool:
    return isinstance(reply.document, dict) and reply.document.get("code") != "200"


def _latin_text(body: bytes) -> bytes:
    return body.decode().replace("문", "\N{LATIN SMALL LETTER E WITH ACUTE}").encode("latin-1", "replace")


_EVERY = (
    _f("http-500", "every answer is HTTP 500", _status(500)),
    _f(
        "http-500-success",
        "success is HTTP 502",
        _status(502),
        lambda a, q, r: _is_rooms(a, q, r) and not _failed(a, q, r),
    ),
    _f("html-type", "JSON is called text/html", _typed("text/html; charset=UTF-8")),
    _f("plain-type", "JSON is called text/plain", _typed("text/plain")),
    _f("xml-type", "JSON is called application/xml", _typed("application/xml")),
    _f("no-type", "the content type is missing", _typed(None)),
    _f(
        "html-type-failure",
        "a failure is called text/html",
        _typed("text/html"),
        lambda a, q, r: _is_rooms(a, q, r) and _failed(a, q, r),
    ),
    _f(
        "html-failure",
        "a failure is an HTML page",
        _html(200),
        lambda a, q, r: _is_rooms(a, q, r) and _failed(a, q, r),
    ),
    _f(
        "empty-failure",
        "a failure has no body",
        _bytes(lambda _: b""),
        lambda a, q, r: _is_rooms(a, q, r) and _failed(a, q, r),
    ),
    _f("empty-body", "no answer has a body", _bytes(lambda _: b"")),
    _f(
        "html-every-9th",
        "every ninth answer is an HTML page with HTTP 503",
        _html(503),
        lambda a, q, r: _is_rooms(a, q, r) and a.turn % 9 == 0,
    ),
    _f(
        "http-500-every-11th",
        "every eleventh answer is HTTP 500",
        _status(500),
        lambda a, q, r: _is_rooms(a, q, r) and a.turn % 11 == 0,
    ),
    _f("bom", "a byte order mark stands before the answer", _bytes(lambda b: b"\xef\xbb\xbf" + b)),
    _f("json-in-text", "the answer is JSON inside a text", _bytes(lambda b: json.dumps(b.decode()).encode())),
    _f("euc-kr", "Korean is in EUC-KR", _encoded("euc-kr")),
    _f("latin-1", "text is in Latin-1", _bytes(_latin_text)),
    _f("utf-16", "the answer is in UTF-16", _encoded("utf-16")),
    _f("jsonp", "the answer is a script", _bytes(lambda b: b"callback(" + b + b");")),
    _f("trailing-comma", "a comma stands before the last brace", _bytes(lambda b: b.rstrip()[:-1] + b",}")),
    _f("truncated", "the last bytes are missing", _bytes(lambda b: b[:-3])),
    _f("truncated-long", "an answer over 20 kB is cut there", _bytes(lambda b: b[:20_000])),
    _f(
        "php-notice",
        "a PHP notice stands before the answer",
        _bytes(lambda b: b"<br />\n<b>Notice</b>: Undefined index\n" + b),
    ),
    _f(
        "php-notice-range",
        "a PHP notice stands before answers to ranges",
        _bytes(lambda b: b"<br />\n<b>Notice</b>: Undefined index: ndate\n" + b),
        _given(lambda b: "sdate" in b),
    ),
    _f("answer-twice", "the answer stands twice", _bytes(lambda b: b + b)),
    _f("raw-newline", "line breaks stand raw in texts", _bytes(lambda b: b.replace(b"\\n", b"\n"))),
    _f("single-quotes", "texts stand in single quotes", _bytes(lambda b: b.replace(b'"', b"'"))),
    _f("bad-escape", "quotes in texts are escaped as \\'", _bytes(lambda b: b.replace(b'\\"', b"\\'"))),
    _f("empty-past-end", "past the end there is no body", _bytes(lambda _: b""), _past_end),
    _f("http-500-past-end", "past the end is HTTP 500", _status(500), _past_end),
    _f(
        "http-500-nothing",
        "nothing matching is HTTP 500",
        _status(500),
        lambda a, q, r: _is_rooms(a, q, r) and not _failed(a, q, r) and not _shown(r),
    ),
)

_ODD = (
    _f("html-no-json", "what is no JSON gets an HTML page", _html(400), _unread),
    _f("http-500-no-json", "what is no JSON gets HTTP 500", _status(500), _unread),
    _f("empty-no-json", "what is no JSON gets no body", _bytes(lambda _: b""), _unread),
    _f(
        "http-500-list",
        "a JSON list gets HTTP 500",
        _status(500),
        lambda a, q, r: _is_rooms(a, q, r) and isinstance(a.memory["body"], list),
    ),
    _f(
        "http-500-no-token", "a missing token gets HTTP 500", _status(500), _given(lambda b: "token" not in b)
    ),
    _f(
        "html-token-number",
        "a token that is a number gets an HTML page",
        _html(200),
        _given(lambda b: isinstance(b.get("token"), int)),
    ),
    _f(
        "http-500-status-text", "a status that is no number gets HTTP 500", _status(500), _no_number("status")
    ),
    _f(
        "http-500-status-unknown",
        "an unknown status gets HTTP 500",
        _status(500),
        _number("status", lambda n: n not in (99, -2, -1, 0, 1, 2, 3)),
    ),
    _f("http-500-limit-text", "a limit that is no number gets HTTP 500", _status(500), _no_number("limit")),
    _f(
        "html-limit-0",
        "limit 0 gets an HTML page: division by zero",
        _html(200),
        _number("limit", lambda n: n == 0),
    ),
    _f(
        "http-500-limit-negative",
        "a negative limit gets HTTP 500",
        _status(500),
        _number("limit", lambda n: n < 0),
    ),
    _f(
        "http-500-limit-over",
        "a limit over 50 gets HTTP 500",
        _status(500),
        _number("limit", lambda n: n > 50),
    ),
    _f(
        "http-500-page-0",
        "page 0 gets HTTP 500: a negative offset",
        _status(500),
        _number("page", lambda n: n == 0),
    ),
    _f(
        "http-500-page-negative",
        "a negative page gets HTTP 500",
        _status(500),
        _number("page", lambda n: n < 0),
    ),
    _f("http-500-page-text", "a page that is no number gets HTTP 500", _status(500), _no_number("page")),
    _f(
        "html-page-huge",
        "a page over a million gets an HTML page",
        _html(500),
        _number("page", lambda n: n > 10**6),
    ),
    _f("http-500-bad-date", "a date in another form gets HTTP 500", _status(500), _given(_bad_date)),
    _f("html-no-day", "a day that is none gets an HTML page", _html(200), _given(_no_day)),
    _f("http-500-backward", "sdate after edate gets HTTP 500", _status(500), _given(_backward)),
    _f(
        "http-500-half-range",
        "one of sdate, edate alone gets HTTP 500",
        _status(500),
        _given(lambda b: bool(b.get("sdate")) != bool(b.get("edate"))),
    ),
    _f(
        "http-500-sort-key",
        "an unknown sort_key gets HTTP 500",
        _status(500),
        _odd("sort_key", "reg_date", "complate_date"),
    ),
    _f(
        "html-sort-value",
        "an unknown sort_value gets an HTML page",
        _html(500),
        _odd("sort_value", "asc", "desc"),
    ),
    _f(
        "http-500-unknown-parameter",
        "a parameter nobody documented gets HTTP 500",
        _status(500),
        _given(
            lambda b: bool(
                set(b)
                - {"token", "ndate", "sdate", "edate", "status", "sort_key", "sort_value", "limit", "page"}
            )
        ),
    ),
    _f(
        "http-500-null-date",
        "a null date gets HTTP 500",
        _status(500),
        _given(lambda b: any(b.get(n, "") is None for n in ("ndate", "sdate", "edate"))),
    ),
    _f(
        "http-500-blank-date",
        "an empty date gets HTTP 500",
        _status(500),
        _given(lambda b: "" in (b.get("ndate"), b.get("sdate"), b.get("edate"))),
    ),
    _f(
        "empty-unknown-token",
        "an unknown token gets no body",
        _bytes(lambda _: b""),
        lambda a, q, r: (
            _is_rooms(a, q, r) and isinstance(r.document, dict) and r.document.get("code") == -501
        ),
    ),
    _f(
        "html-unknown-token",
        "an unknown token gets an HTML page",
        _html(403),
        lambda a, q, r: (
            _is_rooms(a, q, r) and isinstance(r.document, dict) and r.document.get("code") == -501
        ),
    ),
    _f(
        "http-500-form",
        "a form gets HTTP 500",
        _status(500),
        lambda a, q, r: (
            _is_rooms(a, q, r) and q.headers.get("content-type", "").startswith("application/x-www-form")
        ),
    ),
)

_MESSAGES = (
    _m("m-http-500", "every answer is HTTP 500", _status(500)),
    _m("m-html-failure", "a failure is an HTML page", _html(403), _refused),
    _m("m-http-500-failure", "a failure is HTTP 500", _status(500), _refused),
    _m("m-empty-failure", "a failure has no body", _bytes(lambda _: b""), _refused),
    _m(
        "m-http-500-id-text",
        "an id that is no number gets HTTP 500",
        _status(500),
        _asked_id(lambda t: not t.isdecimal()),
    ),
    _m(
        "m-http-500-id-unknown",
        "an unknown id gets HTTP 500",
        _status(500),
        lambda *s: _asked_id(str.isdecimal)(*s) and _refused(*s),
    ),
    _m(
        "m-html-id-huge",
        "an id of ten and more digits gets an HTML page",
        _html(500),
        _asked_id(lambda t: t.isdecimal() and len(t) > 9),
    ),
    _m(
        "m-html-no-headers",
        "missing headers get an HTML page",
        _html(401),
        lambda _, q, __: "ht-client-id" not in q.headers,
    ),
    _m(
        "m-http-500-no-sender",
        "a missing senderKey gets HTTP 500",
        _status(500),
        lambda _, q, __: "senderKey" not in q.query,
    ),
    _m(
        "m-http-500-unknown-sender",
        "an unknown senderKey gets HTTP 500",
        _status(500),
        lambda a, q, __: q.query.get("senderKey", a.senders[0]) not in a.senders,
    ),
    _m("m-html-type", "JSON is called text/html", _typed("text/html")),
    _m("m-no-type", "the content type is missing", _typed(None)),
    _m("m-empty-body", "no answer has a body", _bytes(lambda _: b"")),
    _m("m-bom", "a byte order mark stands before the answer", _bytes(lambda b: b"\xef\xbb\xbf" + b)),
    _m(
        "m-json-in-text",
        "the answer is JSON inside a text",
        _bytes(lambda b: json.dumps(b.decode()).encode()),
    ),
    _m("m-euc-kr", "Korean is in EUC-KR", _encoded("euc-kr")),
    _m("m-truncated", "the last bytes are missing", _bytes(lambda b: b[:-2])),
)

WIRE_FAULTS = (*_EVERY, *_ODD, *_MESSAGES)
