"""From the bytes of a request to its parameters."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl

import orjson

from ..core.errors import BodyFailure
from ..core.exchange import FORM_TYPE, Received
from .behaviour import Behaviour
from .query import LONGEST_NUMBER

#: A body over this many bytes is refused; it is read to its end first, so that the answer arrives.
MAX_BODY = 1_000_000


_LONG_NUMBER = re.compile(rb"[0-9]{19}")


_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read_body(received: Received, behaviour: Behaviour) -> dict[str, Any]:
    """The parameters that a body carries. Raises BodyFailure."""
    raw = received.body
    if len(raw) > MAX_BODY:
        raise BodyFailure(
            received=f"more than {MAX_BODY} bytes", expected=f"a JSON object of at most {MAX_BODY} bytes"
        )
    if received.headers.get("content-type", "").lower().startswith(FORM_TYPE):
        return _read_form(raw, behaviour)
    if not raw.strip():
        raise BodyFailure(received="nothing")
    try:
        body = _load(raw)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        reason = error.msg.split(":")[0]
        raise BodyFailure(received=f"{len(raw)} bytes that are not JSON ({reason}, {place})") from None
    if not isinstance(body, dict):
        kind = {list: "an array", str: "text", bool: "true or false", type(None): "null"}.get(
            type(body), "a number"
        )
        raise BodyFailure(received=kind)
    return body


def _load(raw: bytes) -> Any:
    """The JSON of a body. Raises orjson.JSONDecodeError.

    orjson reads no integer beyond 64 bits, which JSON allows. The library's slower reader does, but is not let near
    lone surrogates, which are no text.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        if not _LONG_NUMBER.search(raw) or _SURROGATE.search(raw):
            raise
        try:
            return json.loads(raw.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError):
            pass
        raise


def _refuse(constant: str) -> Any:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def _read_form(raw: bytes, behaviour: Behaviour) -> dict[str, Any]:
    if behaviour["form_body"] == "failure":
        raise BodyFailure(
            received=f"Content-Type {FORM_TYPE}",
            expected="Content-Type application/json and a JSON object with a token",
        )
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        raise BodyFailure(received=f"{len(raw)} bytes that are no form in UTF-8") from None
    # A form knows only text; whether numeric text is taken is another question, which a form cannot ask.
    return {
        name: int(text) if name in _INT_PARAMETERS and _is_integer(text) else text for name, text in pairs
    }


_INT_PARAMETERS = ("status", "limit", "page")


def _is_integer(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) <= LONGEST_NUMBER
