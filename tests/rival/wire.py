"""Requests and replies as plain values, and the many ways in which a server may write the same JSON."""

import gzip
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What came in. Header names are lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True, kw_only=True)
class Reply:
    """What goes out: a document until it is written, then bytes. Faults change either."""

    status: int = 200
    document: Any = None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        """The document as a client reads it. Raises ValueError when it is none."""
        raw = gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" else self.body
        return json.loads(raw)


CONTENT_TYPES = {
    "utf8": "application/json; charset=utf-8",
    "bare": "application/json",
    "UTF8": "application/json;charset=UTF-8",
    "capitals": "Application/JSON; Charset=UTF-8",
}


def write(reply: Reply, request: Request, answers: Mapping[str, str]) -> None:
    """Turn the document into bytes in the manner that ``answers`` choose."""
    document = reply.document
    if answers["key-order"] != "documented":
        document = _reordered(document, answers["key-order"])
    reply.body = _dumps(document, answers["json-style"])
    reply.headers = {"Content-Type": CONTENT_TYPES[answers["content-type"]], **reply.headers}
    if answers["extra-headers"] == "php":
        reply.headers |= {"X-Powered-By": "PHP/7.4.33", "Set-Cookie": "ci_session=x; path=/; HttpOnly"}
        reply.headers |= {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache", "Vary": "Origin"}


def compress(reply: Reply, request: Request, answers: Mapping[str, str]) -> None:
    """Gzip the body where the server does so and the client takes it."""
    if answers["compression"] == "gzip" and "gzip" in request.headers.get("accept-encoding", ""):
        reply.body = gzip.compress(reply.body, 1, mtime=0)
        reply.headers["Content-Encoding"] = "gzip"


def _reordered(value: Any, order: str) -> Any:
    if isinstance(value, list):
        return [_reordered(item, order) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    if order == "sorted":
        keys.sort()
    elif order == "reversed":
        keys.reverse()
    else:
        random.Random(",".join(map(str, keys))).shuffle(keys)
    return {key: _reordered(value[key], order) for key in keys}


def _dumps(document: Any, style: str) -> bytes:
    if style == "escaped":  # PHP's default: \u escapes and \/
        return json.dumps(document, separators=(",", ":")).replace("/", "\\/").encode()
    if style == "pretty":
        return json.dumps(document, ensure_ascii=False, indent=4).encode() + b"\n"
    if style == "padded":
        return b" \r\n\t" + json.dumps(document, ensure_ascii=False).encode() + b"\n\n"
    try:
        return orjson.dumps(document)
    except TypeError:  # numbers of any length, names that are numbers: what faults write
        return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
