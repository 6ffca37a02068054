"""Judges what clients ask and what APIs answer against the schemas.

`request_violations` is the journal's verdict: which parameter departs from the documentation and why, even
where the API itself would shrug. It judges by the strict schemas, so the forms that the pages leave open
("10" for an int, "" for a date) count, and adds what JSON Schema cannot say (the pair sdate, edate and its
order, content type, names nearly right). The common valid request is accepted by hand-written conditions
before any schema is looked at; jsonschema is imported only when a request is not that.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..core.exchange import Received
from ..core.wording import kind_of
from .parameters import DATE, day, typed
from .resources import endpoints
from .schemas import field_validator, required, validator
from .vocabulary import ALL_STATUSES, PARAMETERS, REQUEST_STATUSES, SORT_KEYS, SORT_VALUES

if TYPE_CHECKING:
    from jsonschema import ValidationError

Endpoint = Literal["rooms", "messages"]

#: Parameters and headers whose values are never shown.
SECRET_FIELDS = frozenset({"token", "senderKey", "HT-Client-Id", "HT-Client-Secret"})
#: How much of a received value is shown, in characters.
SHOWN = 60
#: A request with more faults than this is not told them all: it could be made of a million names.
MOST_VIOLATIONS = 20

_HEADERS = ("HT-Client-Id", "HT-Client-Secret")
_RESPONSE_SCHEMA: Mapping[str, str] = {
    "rooms": "chat_room_lists.response",
    "messages": "system_messages.response",
}
#: What the pages ask of each field, in a line.
_EXPECTED: Mapping[str, str] = {
    name: says for each in endpoints().values() for name, says in each["asks"].items()
}
_MESSAGE_PARAMETERS = ("senderKey", "id")
#: Fields whose values are one of a few words, for "did you mean".
_WORDS: Mapping[str, tuple[str, ...]] = {"sort_key": SORT_KEYS, "sort_value": SORT_VALUES}
_DATES = ("ndate", "sdate", "edate")
_ROOM_PARAMETER_SET = frozenset(PARAMETERS)
_STATUSES = frozenset({ALL_STATUSES, *REQUEST_STATUSES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One departure of a request from the documentation."""

    field: str  #: the parameter or header, as documented where it is; `body` for the body as a whole
    received: str  #: what came, shortened; secrets and the values of unknown parameters left out
    expected: str  #: what the documentation asks
    message: str  #: one sentence: what departs


# --- requests ----------------------------------------------------------------------------------------------


def request_violations(
    endpoint: Endpoint, received: Received, *, production: bool = False
) -> list[Violation]:
    """Where a request departs from the documentation; an empty list if nowhere.

    `production` asks for the HT headers of the chat room list too, as its production sample shows. At most
    MOST_VIOLATIONS are told, one for a field.
    """
    judge = _room_violations(received, production) if endpoint == "rooms" else _message_violations(received)
    told: dict[str, Violation] = {}
    for violation in judge:
        told.setdefault(violation.field, violation)
        if len(told) == MOST_VIOLATIONS:
            break
    return list(told.values())


def _room_violations(received: Received, production: bool) -> Iterator[Violation]:
    if production:
        yield from _header_violations(received.headers)
    yield from _content_type_violations(received.headers)
    for name, _ in received.parameters.pairs:
        yield Violation(
            field=_shorten(name),
            received="in the query of the URL",
            expected="parameters in the JSON body",
            message=f"{_shorten(name)} stands in the URL, where this endpoint reads nothing",
        )
    told = _body_violation(received)
    if told is not None:
        yield told
    elif not is_plainly_valid(received.parameters.values):
        yield from parameter_violations(received.parameters.values)


def _message_violations(received: Received) -> Iterator[Violation]:
    yield from _header_violations(received.headers)
    if received.body:
        yield Violation(
            field="body",
            received=f"{len(received.body)} bytes",
            expected="no body: this is a GET with query parameters",
            message="the request has a body, which this endpoint does not read",
        )
    values: dict[str, Any] = {}
    for name, value in received.parameters.pairs:
        if name in values and name in _MESSAGE_PARAMETERS:
            yield _violation(name, f"{name} is given more than once", "more than one value")
        # On the wire every value is text; the schema speaks of what the text says.
        values[name] = value if name != "id" or value[:1] == "+" else typed(value)
    if values.keys() <= {"senderKey", "id"} and values.get("senderKey") and type(values.get("id", 0)) is int:
        return
    yield from _schema_violations("system_messages.request", "query", values, _MESSAGE_PARAMETERS)


def is_plainly_valid(parameters: Any) -> bool:
    """Whether the parameters of a chat room list are valid beyond doubt; False means "look closer".

    Says True only where `parameter_violations` finds nothing (a property test holds it to that).
    """
    if type(parameters) is not dict or not parameters.keys() <= _ROOM_PARAMETER_SET:
        return False
    token = parameters.get("token")
    if type(token) is not str or not token:
        return False
    for name in _DATES:
        if parameters.get(name) is not None and day(parameters[name]) is None:
            return False
    sdate, edate = parameters.get("sdate"), parameters.get("edate")
    if sdate != edate and (sdate is None or edate is None or sdate > edate):
        return False
    status, limit, page = parameters.get("status", 99), parameters.get("limit", 10), parameters.get("page", 1)
    return (
        type(status) is type(limit) is type(page) is int
        and status in _STATUSES
        and 1 <= limit <= 50
        and page >= 1
        and parameters.get("sort_key", "reg_date") in _WORDS["sort_key"]
        and parameters.get("sort_value", "desc") in _WORDS["sort_value"]
    )


def parameter_violations(parameters: Any) -> Iterator[Violation]:
    """The violations of a chat room list's parameters (the decoded JSON body), by the schema."""
    if not isinstance(parameters, dict):
        yield _violation("body", f"the body is {kind_of(parameters)}, not an object", kind_of(parameters))
        return
    yield from _schema_violations("chat_room_lists.request", None, parameters, PARAMETERS)
    yield from _pair_violations(parameters)


def _pair_violations(parameters: Mapping[str, Any]) -> Iterator[Violation]:
    """Source: "ndate, sdate, edate 우선순위는 sdate,edate > ndate > null" names sdate and edate as a pair."""
    sdate, edate = parameters.get("sdate"), parameters.get("edate")
    first, last = day(sdate), day(edate)
    for given, missing in (("sdate", "edate"), ("edate", "sdate")):
        if parameters.get(given) not in (None, "") and parameters.get(missing) in (None, ""):
            received = "not given" if missing not in parameters else _show(missing, parameters[missing])
            yield _violation(
                missing, f"{given} is given without {missing}; the page names them as a pair", received
            )
    if first is not None and last is not None and first > last:
        yield Violation(
            field="sdate",
            received=f"sdate {sdate}, edate {edate}",
            expected="sdate (검색 시작일) not after edate (검색 종료일)",
            message="sdate is after edate",
        )


def _schema_violations(
    name: str, part: str | None, values: Mapping[str, Any], documented: Sequence[str]
) -> Iterator[Violation]:
    for field in documented:
        if field in values and not field_validator(name, part, field).is_valid(values[field]):
            yield _violation(field, f"{field} {_fault(field, values[field])}", _show(field, values[field]))
    for field in required(name, part):
        if field not in values:
            yield _violation(field, f"{field} is missing", "not given")
    for field in values:
        if field not in documented:
            yield _unknown_violation(field, documented)


def _fault(field: str, value: Any) -> str:
    """Why a value is refused that the schema refuses."""
    wanted = _field_kind(field)
    if value == "":
        return "is empty"
    if kind_of(value) != wanted:
        return f"is {kind_of(value)}, not {wanted}" + (" or null" if field in _DATES else "")
    if field in _DATES:
        written = DATE.fullmatch(value)
        return "is not a day of the calendar" if written else "is not written Y-m-d"
    if field in _WORDS:
        return f"is not in the documented list{_did_you_mean(value, _WORDS[field])}"
    if field == "status":
        return "is not in the documented list"
    if isinstance(value, float) and not value.is_integer():
        return "is not a whole number"
    return "is above 50" if field == "limit" and value > 50 else "is below 1"


def _field_kind(field: str) -> str:
    return "a number" if field in {"status", "limit", "page", "id"} else "text"


def _unknown_violation(name: str, documented: Sequence[str]) -> Violation:
    suggestion = _did_you_mean(name, documented)
    if not suggestion and documented is PARAMETERS:
        words = [
            f"{field}: {word}" for field, words in _WORDS.items() for word in words if _is_near(name, word)
        ]
        suggestion = f"; did you mean {words[0]}?" if words else ""
    # The value is not shown: a misspelt token would be told.
    return Violation(
        field=_shorten(name),
        received="a parameter of that name",
        expected=f"only {', '.join(documented)}",
        message=f"{_shorten(name)} is not a documented parameter{suggestion}",
    )


def _header_violations(headers: Mapping[str, str]) -> Iterator[Violation]:
    for name in _HEADERS:
        value = headers.get(name.lower())
        if not value:
            state = "missing" if value is None else "empty"
            yield _violation(name, f"the header {name} is {state}", "not given" if value is None else '""')


def _content_type_violations(headers: Mapping[str, str]) -> Iterator[Violation]:
    value = headers.get("content-type")
    if value is None:
        yield _violation("Content-Type", "the header Content-Type is missing", "not given")
    elif value.partition(";")[0].strip().lower() != "application/json":
        yield _violation("Content-Type", "the content type is not application/json", _shorten(value))


def _body_violation(received: Received) -> Violation | None:
    """The violation of being no JSON object, if it is none. The body itself is never shown."""
    _, form, unreadable, _ = received.parameters
    size = f"{len(received.body)} bytes"
    if not received.body:
        return _violation("body", "the request has no body", size)
    if form == "form":
        return _violation("body", "the body is not JSON: it is sent as a form", size)
    if unreadable is None:
        return None
    if unreadable.why == "no object":
        kind = kind_of(unreadable.value)
        return _violation("body", f"the body is {kind}, not an object", kind)
    place = f"line {unreadable.line} column {unreadable.column}"
    return _violation("body", f"the body is not JSON: {unreadable.says}, {place}", size)


# --- wording -----------------------------------------------------------------------------------------------


def _violation(field: str, message: str, received: str) -> Violation:
    return Violation(field=field, received=received, expected=_EXPECTED[field], message=message)


def _show(field: str, value: Any) -> str:
    """The value as JSON, shortened; of a secret only its kind and length."""
    if field in SECRET_FIELDS:
        return f"text of {len(value)} characters, not shown" if isinstance(value, str) else kind_of(value)
    if isinstance(value, (dict, list)):
        return f"{kind_of(value)} of {len(value)}"
    text = value[: SHOWN + 1] if isinstance(value, str) else value
    return _shorten(json.dumps(text, ensure_ascii=False))


def _shorten(text: str) -> str:
    clean = text[: SHOWN + 1] if text.isprintable() else text[: SHOWN + 1].encode("unicode_escape").decode()
    return clean if len(clean) <= SHOWN else clean[: SHOWN - 1] + "…"


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    near = [name for name in known if _is_near(word, name)]
    return f"; did you mean {max(near, key=lambda name: _likeness(word, name))}?" if near else ""


def _is_near(word: str, name: str) -> bool:
    # Long words are not compared: the time grows with the square of their length.
    return len(word) <= SHOWN and _likeness(word, name) >= 0.75


def _likeness(word: str, name: str) -> float:
    """0 for nothing in common, 1 for the same but for case and hyphens."""
    return difflib.SequenceMatcher(None, word.lower().replace("-", "_"), name.lower()).ratio()


# --- answers -----------------------------------------------------------------------------------------------


def response_errors(endpoint: Endpoint, payload: Any, *, strict: bool = False) -> list[str]:
    """Where a decoded answer departs from the schema, as `$.data.page: why`; an empty list if nowhere.

    `strict` also tells of fields that the documentation does not have. The text quotes what came, shortened.
    """
    errors = validator(_RESPONSE_SCHEMA[endpoint], strict=strict).iter_errors(payload)
    return [f"{error.json_path}: {_reason(error)}" for error in errors]


def _reason(error: ValidationError) -> str:
    """The error in the words of the schema, where those say more than its pattern or alternatives do."""
    rule = error.schema if isinstance(error.schema, Mapping) else {}
    received = _show("", error.instance)
    codes = [json.dumps(choice["const"]) for choice in rule.get("oneOf", ()) if "const" in choice]
    if error.validator == "oneOf" and codes:
        return f"{received} is none of {', '.join(codes)}"
    if error.validator in {"pattern", "anyOf"} and "title" in rule:
        return f"{received} is not valid as {rule['title']}"
    return error.message if len(error.message) <= 300 else f"{received} breaks {error.validator}"
