"""Exchanges as files: saved as JSON lines, loaded to be re-judged.

Rooms hold people's words. `save` takes them out before anything is written: text becomes other text of the
same length, equal where it was equal within the file, so that every rule judges a saved recording as it
judged the run. Ids, dates and codes stay.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, Final

import orjson

from happytalk_contract.core.documents import checked, shallow
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import Exchange, Request, Response

#: Text that is no one's words: ids, times and codes. Everything else is taken out.
KEPT: Final = (
    frozenset({"id", "reg_date", "complate_date", "category_id", "division_id"})
    | {"out_api", "status", "parcel_companycode", "phone_os"}
    | {"page", "limit", "total_count", "result", "code", "message"}
    | {"createdAt", "modifiedAt", "inspectStatus", "inspectRequestAt", "inspectedAt"}
    | {"messageType", "linkType", "ordering"}
)
_WORD = re.compile(r"\w")


def key(request: Request) -> Any:
    """What makes two requests the same: all but why they are asked."""
    return (
        request.endpoint,
        request.method,
        tuple(sorted(request.headers.items())),
        request.query,
        request.body,
        request.suffix,
    )


def save(exchanges: Sequence[Exchange], path: Path) -> None:
    """Write JSON lines, people's words taken out."""
    salt = secrets.token_bytes(16)
    with path.open("wb") as file:
        for exchange in exchanges:
            file.write(orjson.dumps(encoded(exchange, lambda body: redact(body, salt))) + b"\n")


def load(path: Path) -> tuple[Exchange, ...]:
    """Read what `save` wrote; raises `WrongUseError` that says which line is not of that form."""
    return tuple(decoded(line) for line in checked(lines(path), "contract_recording.schema"))


def lines(path: Path) -> Iterator[tuple[str, Any]]:
    """The JSON lines of a file, each with where it stands. Raises `WrongUseError`."""
    try:
        read = path.read_bytes().splitlines()
    except OSError as error:
        raise WrongUseError(f"{path}: {error.strerror or error}") from None
    for number, line in enumerate(read, 1):
        if not line.strip():
            continue
        try:
            yield f"{path}, line {number}", orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise WrongUseError(f"{path}, line {number}: not JSON: {error}") from None


def redact(body: bytes, salt: bytes) -> bytes:
    """Take people's words out of an answer's body."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        # What it is can still be told by its marks (`<...>`), not by its words.
        return _WORD.sub("x", body.decode("utf-8", "replace")).encode()
    return orjson.dumps(_without_words(shallow(value), "", salt))


def _without_words(value: Any, name: str, salt: bytes) -> Any:
    if isinstance(value, dict):
        return {field: _without_words(item, field, salt) for field, item in value.items()}
    if isinstance(value, list):
        return [_without_words(item, name, salt) for item in value]
    if isinstance(value, str) and value and name not in KEPT:
        return _stand_in(value, salt)
    return value


def _stand_in(text: str, salt: bytes) -> str:
    digest = hashlib.sha256(salt + text.encode("utf-8", "surrogatepass")).hexdigest()
    return (digest * (len(text) // len(digest) + 1))[: len(text)]


def encoded(exchange: Exchange, told: Callable[[bytes], bytes]) -> dict[str, Any]:
    """A line of a recording; `told` makes of an answer's body what is kept of it."""
    line = asdict(exchange)
    request, response = line["request"], line["response"]
    request |= _bytes("body", request.pop("body"))
    if not request["suffix"]:
        del request["suffix"]
    if not line["connection"]:
        del line["connection"]
    if response is not None:
        body = response.pop("body")
        response |= _bytes("body", told(body) if body else b"")
    return line


def _bytes(name: str, body: bytes | None) -> dict[str, str | None]:
    """As text where it is text, as base64 where it is not."""
    if body is None:
        return {name: None}
    try:
        return {name: body.decode("utf-8")}
    except UnicodeDecodeError:
        return {f"{name}_base64": base64.b64encode(body).decode("ascii")}


def decoded(line: Any) -> Exchange:
    """The exchange of a line."""
    request, response = line["request"], line["response"]
    asked = Request(**_fields(Request, request) | {"query": tuple(map(tuple, request["query"]))})
    answer = None if response is None else Response(**_fields(Response, response))
    return Exchange(
        number=line["number"],
        started=line["started"],
        request=asked,
        response=answer,
        fault=line["fault"],
        connection=line.get("connection", 0),
    )


def _fields(of: type[Request | Response], part: Any) -> dict[str, Any]:
    """What a part of a line gives of a class's fields."""
    given = part | {"body": _body(part)}
    return {each.name: given[each.name] for each in fields(of) if each.name in given}


def _body(part: Any) -> bytes | None:
    if "body_base64" in part:
        return base64.b64decode(part["body_base64"], validate=True)
    text: str | None = part["body"]
    return None if text is None else text.encode("utf-8")


def renumbered(exchanges: Iterable[Exchange]) -> tuple[Exchange, ...]:
    """Number exchanges 1, 2, 3 … as they stand (recordings put one after the other)."""
    return tuple(replace(exchange, number=number) for number, exchange in enumerate(exchanges, 1))
