"""Rules over every field of a system message and its parts, and the table that they stand on.

Source: system messages, Data Dictionary.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from happytalk_contract.core.model import Severity
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import Listed, View, as_time, is_encoded_twice
from happytalk_contract.rules.rule import HELD, Verdict, rule
from happytalk_contract.rules.telling import LONGEST_CODE, LONGEST_NAME, TWICE, finding, shown
from happytalk_mock.spec.resources import fields_of, schema

Form = Literal["number", "text", "time", "list"]
DefectKind = Literal["present", "type", "time", "code", "more"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One line of a data dictionary."""

    name: str
    form: Form
    codes: frozenset[str] | None = None
    nullable: bool = False  #: null, or "" in its place
    optional: bool = False  #: may be absent
    part: str = ""  #: a list's element, by its table


class Defect(NamedTuple):
    """How one value departs from its line."""

    kind: DefectKind
    subject: str
    json_path: str
    received: str
    message: str
    expected: str = ""


#: The parts of a message, by the schema that has their fields.
_SCHEMAS: Final = {
    "message": "system_message",
    "part": "message_part",
    "button": "button",
    "comment": "comment",
}
_FORMS: Final[Mapping[str, Form]] = {"integer": "number", "array": "list"}


def _field(name: str, said: Mapping[str, Any], required: Collection[str]) -> Field:
    reference, kind = said.get("$ref", ""), said.get("type")
    listed = str(said.get("items", {}).get("$ref", "")).removesuffix(".json")
    return Field(
        name=name,
        form="time" if "/date_time" in reference else _FORMS.get(str(kind), "text"),
        codes=frozenset(code["const"] for code in said["oneOf"]) if "oneOf" in said else None,
        nullable=reference.endswith("_or_none") or isinstance(kind, list),
        optional=name not in required,
        part=next((part for part, schema in _SCHEMAS.items() if schema == listed), ""),
    )


#: The page introduces messageType and linkType with "예:" (for example); a new code is a grown list.
PARTS: Final[Mapping[str, tuple[Field, ...]]] = {
    part: tuple(_field(name, said, schema(file)["required"]) for name, said in fields_of(file).items())
    for part, file in _SCHEMAS.items()
}

#: Links that a type is for: 웹링크 leads to a mobile page (or a PC page besides), 앱링크 to an app.
#: Links that a type does not use can be null, empty or absent.
LINKS: Final[Mapping[str, tuple[str, ...]]] = {"WL": ("linkMobile",), "AL": ("linkIos", "linkAndroid")}

_EXPECTED: Final = {"number": "a number", "text": "text", "time": "text, Y-m-d H:i:s", "list": "a list"}
ID_TROUBLE: Final = "field.*:message.id"


def documented(value: Mapping[str, Any], part: str = "message") -> dict[str, Any]:
    """A message, or a part of one, without the fields that the dictionary does not have."""
    return {
        field.name: _documented_value(field, value[field.name])
        for field in PARTS[part]
        if field.name in value
    }


def _documented_value(field: Field, value: Any) -> Any:
    if not field.part or not isinstance(value, list):
        return value
    return [documented(item, field.part) if isinstance(item, dict) else item for item in value]


def defects(value: Mapping[str, Any], path: str, part: str = "message") -> Iterator[Defect]:
    """Yield what departs in a message, or in a part of one."""
    table = PARTS[part]
    for field in table:
        if field.name in value:
            yield from _value_defects(field, value[field.name], f"{path}.{field.name}", part)
        elif not field.optional:
            message = f"{field.name} is missing in a {part}"
            more = sorted(name[:LONGEST_NAME] for name in value.keys() - {one.name for one in table})
            received = f"no such field, but {', '.join(more[:3])}" if more else "no such field"
            yield Defect("present", f"{part}.{field.name}", path, received, message)
    if part == "button" and not _leads_somewhere(value):
        kind = value["linkType"]
        message = f"a button of type {kind} has no link of its type"
        received = f"{kind} without {' or '.join(LINKS[kind])}"
        yield Defect("present", f"{part}.links of {kind}", path, received, message)
    for name in value.keys() - {field.name for field in table}:
        short = name[:LONGEST_NAME]
        message = f"a {part} has a field not documented: {short}"
        yield Defect("more", f"{part}.{short}", f"{path}.{short}", shown("", value[name]), message)


def _leads_somewhere(button: Mapping[str, Any]) -> bool:
    """Whether a link button has one of the links that its type is for."""
    link_type = button.get("linkType")
    names = LINKS.get(link_type, ()) if isinstance(link_type, str) else ()
    return not names or any(button.get(name) for name in names)


def _value_defects(field: Field, value: Any, path: str, part: str) -> Iterator[Defect]:
    name, subject = field.name, f"{part}.{field.name}"
    form = _EXPECTED[field.form]
    if value is None or (value == "" and field.form == "time"):
        if not field.nullable:
            kind: DefectKind = "type" if value is None else "time"
            yield Defect(kind, subject, path, shown(name, value), f"{name} has no value")
        return
    if not _has_form(field.form, value):
        yield Defect("type", subject, path, shown(name, value), f"{name} is not {form}", form)
        return
    if isinstance(value, str) and is_encoded_twice(value):
        message, received, expected = TWICE
        yield Defect("type", subject, path, received, f"{name} {message}", expected)
    if field.form == "time" and as_time(value) is None:
        yield Defect("time", subject, path, shown(name, value), f"{name} is no time of the form Y-m-d H:i:s")
    if field.codes is not None and value not in field.codes:
        code = value[:LONGEST_CODE]
        message = f"{name} has a code that its list does not have"
        listed = " ".join(sorted(field.codes))
        yield Defect("code", f"{subject}={code}", path, shown(name, code), message, listed)
    for index, item in enumerate(value if field.part else ()):
        at = f"{path}[{index}]"
        if isinstance(item, dict):
            yield from defects(item, at, field.part)
        else:
            yield Defect("type", subject, at, shown(name, item), f"{name} holds what is no object")


def _has_form(form: Form, value: Any) -> bool:
    if form == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, list if form == "list" else str)


def _all_defects(message: Listed) -> Iterator[tuple[View, list[Defect]]]:
    yield message.view, list(defects(message.item, message.path))


def fields(evidence: Evidence, kind: DefectKind) -> Iterator[Verdict]:
    """Fields are there, of their types, of their code lists; others are told."""
    for view, found in evidence.said("messages.defects", evidence.listed_messages, _all_defects):
        for one in found:
            if one.kind == kind:
                expected = one.expected or f"as the data dictionary has {one.subject.partition('.')[2]}"
                yield finding(view, one.message, one.received, expected, one.json_path, subject=one.subject)
        yield HELD


_LINES: Final[tuple[tuple[DefectKind, Severity, str], ...]] = (
    ("present", Severity.BREAKING, f"A message has {', '.join(field.name for field in PARTS['message'])}; …"),
    (
        "type",
        Severity.BREAKING,
        "id, ordering: Number; data, messages, buttons, comments: lists; the rest: Text, in UTF-8.",
    ),
    ("time", Severity.BREAKING, "createdAt, modifiedAt, inspectRequestAt, inspectedAt: Y-m-d H:i:s."),
    (
        "code",
        Severity.VALUE,
        "status A T S; inspectStatus REG REQ APR REJ; messageType, linkType, comment status as listed.",
    ),
    ("more", Severity.ADDITIVE, "Parameters may be added at any time; customers should allow for them."),
)
FIELDS: Final = tuple(
    rule(
        f"messages.field.{kind}",
        "a message",
        sentence=sentence,
        severity=severity,
        explained_by="field.type:*" if kind == "time" else "",
        kind=kind,
    )(fields)
    for kind, severity, sentence in _LINES
)
