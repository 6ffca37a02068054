"""From the bytes of a request to its parameters: the one place that decodes, once a request.

JSON with integers of any size, forms, query strings; and what is an integer and what is a day, wherever one
is given as text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson

from ..core.errors import BodyFailure
from ..core.exchange import FORM_TYPE, Parameters, Received, Unreadable
from .behaviour import Behaviour
from .vocabulary import MESSAGES_PATH

#: A body over this many bytes is refused; it is read to its end first, so that the answer arrives.
MAX_BODY: Final = 1_000_000
#: Text of more digits is taken for no number. Python reads 4300, which no page or id comes near.
LONGEST_NUMBER: Final = 1000
INTEGER: Final = re.compile(rf"[+-]?[0-9]{{1,{LONGEST_NUMBER}}}", re.ASCII)
DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INTEGERS: Final = ("status", "limit", "page")
_LONG_NUMBER: Final = re.compile(rb"[0-9]{19}")
#: From here on orjson reads a whole number as one with a fraction, and rounds it.
_ROUNDED: Final = 2.0**63
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_MOST_FIELDS: Final = 1000
_KINDS: Final[Mapping[type, str]] = {list: "an array", str: "text", bool: "true or false", type(None): "null"}


def receive(method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Received:
    """A request, its parameters decoded. Header names are in lower case."""
    pairs = tuple(parse_qsl(query, keep_blank_values=True)) if query else ()
    if path.removesuffix("/") == MESSAGES_PATH:
        # Of a repeated one the first counts. Bad UTF-8 becomes U+FFFD: no sender key and no number has that.
        parameters = Parameters(dict(reversed(pairs)), "query", None, pairs)
    elif len(body) > MAX_BODY:
        parameters = Parameters({}, "json", Unreadable("too long", f"over {MAX_BODY} bytes"), pairs)
    elif headers.get("content-type", "").lower().startswith(FORM_TYPE):
        parameters = _form(body, pairs)
    else:
        parameters = _json(body, pairs)
    return Received(method, path, query, headers, body, parameters)


def _form(body: bytes, pairs: tuple[tuple[str, str], ...]) -> Parameters:
    try:
        found = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        return Parameters({}, "form", Unreadable("no form"), pairs)
    return Parameters(dict(found), "form", None, pairs)


def _json(body: bytes, pairs: tuple[tuple[str, str], ...]) -> Parameters:
    try:
        value = _load(body)
    except orjson.JSONDecodeError as error:
        place = (error.msg, error.lineno, error.colno)
        return Parameters({}, "json", Unreadable("no JSON" if body.strip() else "nothing", *place), pairs)
    if type(value) is dict:
        return Parameters(value, "json", None, pairs)
    return Parameters({}, "json", Unreadable("no object", value=value), pairs)


def _load(body: bytes) -> Any:
    """The JSON of a body. Raises orjson.JSONDecodeError.

    orjson reads no integer of more than some 300 digits, which JSON allows. The library's slower reader does,
    but is not let near lone surrogates, which are no text.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        if not _LONG_NUMBER.search(body) or _SURROGATE.search(body):
            raise
        try:
            return json.loads(body.decode(), parse_constant=_refuse)
        except (ValueError, RecursionError):
            pass
        raise
    fractions = type(value) is dict and float in map(type, value.values())
    if fractions and any(type(each) is float and abs(each) >= _ROUNDED for each in value.values()):
        with suppress(RecursionError):
            return json.loads(body)
    return value


def _refuse(constant: str) -> Any:
    raise ValueError(constant)  # NaN and Infinity are no JSON


def read_body(received: Received, behaviour: Behaviour) -> Mapping[str, Any]:
    """The parameters of the chat room list. Raises BodyFailure."""
    values, form, unreadable, _ = received.parameters
    if form == "json" and unreadable is None:
        return values
    if form == "form" and behaviour["form_body"] == "failure":
        raise BodyFailure(
            received=f"Content-Type {FORM_TYPE}",
            expected="Content-Type application/json and a JSON object with a token",
        )
    if unreadable is not None:
        raise _failure(unreadable, len(received.body), received.headers.get("content-encoding", ""))
    # A form knows only text; whether numeric text is taken is another question, which a form cannot ask.
    return {name: typed(value) if name in _INTEGERS else value for name, value in values.items()}


def _failure(unreadable: Unreadable, size: int, encoding: str) -> BodyFailure:
    if unreadable.why == "too long":
        return BodyFailure(
            received=f"more than {MAX_BODY} bytes", expected=f"a JSON object of at most {MAX_BODY} bytes"
        )
    if unreadable.why == "no form":
        return BodyFailure(received=f"{size} bytes that are no form in UTF-8")
    if unreadable.why == "nothing":
        return BodyFailure(received="nothing")
    if unreadable.why == "no object":
        return BodyFailure(received=_KINDS.get(type(unreadable.value), "a number"))
    if encoding.lower() not in ("", "identity"):
        return BodyFailure(
            received=f"{size} bytes with Content-Encoding {encoding[:20]!a}, which are not decompressed",
            expected="a JSON object as it is, without Content-Encoding",
        )
    place = f"line {unreadable.line} column {unreadable.column}"
    reason = unreadable.says.split(":")[0]
    return BodyFailure(received=f"{size} bytes that are not JSON ({reason}, {place})")


# --- values ------------------------------------------------------------------------------------------------


def integer(value: Any) -> int | None:
    """A whole number, or text that is one; None for anything else."""
    if type(value) is int:
        return value
    return int(value) if isinstance(value, str) and INTEGER.fullmatch(value) else None


def typed(text: str) -> str | int:
    """The whole number that a text is, else the text."""
    number = integer(text)
    return text if number is None else number


def day(value: Any) -> date | None:
    """The day of a Y-m-d; None for what is not written so, or is no day of the calendar."""
    if not isinstance(value, str) or not DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
