"""The fields of a system message and its parts, as one table, and what departs from it.

Source: system messages, Data Dictionary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from happytalk_contract.evidence.views import as_time
from happytalk_contract.rules.telling import shown

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """How one value departs from its line."""

    kind: DefectKind
    message: str
    received: str
    expected: str
    json_path: str
    subject: str


#: The page introduces messageType and linkType with "예:" (for example); a new code is a grown list.
PARTS: Final[Mapping[str, tuple[Field, ...]]] = {
    "message": (
        Field(name="id", form="number"),
        Field(name="name", form="text"),
        Field(name="status", form="text", codes=frozenset("ATS")),
        Field(name="createdAt", form="time"),
        Field(name="modifiedAt", form="time"),
        Field(name="inspectStatus", form="text", codes=frozenset({"REG", "REQ", "APR", "REJ"})),
        Field(name="inspectRequestAt", form="time", nullable=True),
        Field(name="inspectedAt", form="time", nullable=True),
        Field(name="messages", form="list", part="part"),
        Field(name="comments", form="list", part="comment"),
    ),
    "part": (
        Field(
            name="messageType",
            form="text",
            codes=frozenset({"ST", "S1", "S2", "S3", "S4", "S5", "ED", "ER", "BL", "SB"}),
        ),
        Field(name="content", form="text"),
        Field(name="buttons", form="list", part="button"),
    ),
    "button": (
        Field(name="ordering", form="number"),
        Field(name="linkType", form="text", codes=frozenset({"WL", "AL", "BK", "MD"})),
        Field(name="linkName", form="text"),
        *(
            Field(name=name, form="text", nullable=True, optional=True)
            for name in ("linkMobile", "linkPc", "linkIos", "linkAndroid")
        ),
    ),
    "comment": (
        Field(name="id", form="number"),
        Field(name="content", form="text", nullable=True),
        Field(name="userName", form="text"),
        Field(name="createdAt", form="time"),
        Field(name="status", form="text", codes=frozenset({"APR", "REJ", "INQ"})),
    ),
}

#: Links that a type is for: 웹링크 leads to a mobile page (or a PC page besides), 앱링크 to an app.
#: Links that a type does not use can be null, empty or absent.
LINKS: Final[Mapping[str, tuple[str, ...]]] = {"WL": ("linkMobile",), "AL": ("linkIos", "linkAndroid")}

_EXPECTED: Final = {"number": "a number", "text": "text", "time": "text, Y-m-d H:i:s", "list": "a list"}
#: A code is short; what is longer is no code and not shown whole.
_LONGEST_CODE: Final = 12
_LONGEST_NAME: Final = 40


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
        if field.name not in value:
            if not field.optional:
                yield _defect(
                    "present", field.name, part, path, "no such field", f"{field.name} is missing in a {part}"
                )
            continue
        yield from _value_defects(field, value[field.name], f"{path}.{field.name}", part)
    if part == "button" and not _leads_somewhere(value):
        link_type = value["linkType"]
        yield _defect(
            "present",
            f"links of {link_type}",
            part,
            path,
            f"{link_type} without {' or '.join(LINKS[link_type])}",
            f"a button of type {link_type} has no link of its type",
        )
    for name in value.keys() - {field.name for field in table}:
        short = name[:_LONGEST_NAME]
        yield _defect(
            "more",
            short,
            part,
            f"{path}.{short}",
            shown("", value[name]),
            f"a {part} has a field not documented: {short}",
        )


def _leads_somewhere(button: Mapping[str, Any]) -> bool:
    """Whether a link button has one of the links that its type is for."""
    link_type = button.get("linkType")
    names = LINKS.get(link_type, ()) if isinstance(link_type, str) else ()
    return not names or any(button.get(name) for name in names)


def _value_defects(field: Field, value: Any, path: str, part: str) -> Iterator[Defect]:
    name = field.name
    if value is None or (value == "" and field.form == "time"):
        if not field.nullable:
            yield _defect(
                "type" if value is None else "time",
                name,
                part,
                path,
                shown(name, value),
                f"{name} has no value",
            )
        return
    if not _has_form(field.form, value):
        yield _defect(
            "type",
            name,
            part,
            path,
            shown(name, value),
            f"{name} is not {_EXPECTED[field.form]}",
            _EXPECTED[field.form],
        )
        return
    if field.form == "time" and as_time(value) is None:
        yield _defect(
            "time", name, part, path, shown(name, value), f"{name} is no time of the form Y-m-d H:i:s"
        )
    if field.codes is not None and value not in field.codes:
        code = value[:_LONGEST_CODE]
        yield Defect(
            kind="code",
            message=f"{name} has a code that its list does not have",
            received=shown(name, code),
            expected=" ".join(sorted(field.codes)),
            json_path=path,
            subject=f"{part}.{name}={code}",
        )
    if field.part:
        for index, item in enumerate(value):
            if isinstance(item, dict):
                yield from defects(item, f"{path}[{index}]", field.part)
            else:
                yield _defect(
                    "type",
                    name,
                    part,
                    f"{path}[{index}]",
                    shown(name, item),
                    f"{name} holds what is no object",
                )


def _has_form(form: Form, value: Any) -> bool:
    if form == "number":
        return isinstance(value, int) and not isinstance(value, bool)
    if form == "list":
        return isinstance(value, list)
    return isinstance(value, str)


def _defect(
    kind: DefectKind, name: str, part: str, path: str, received: str, message: str, expected: str = ""
) -> Defect:
    return Defect(
        kind=kind,
        message=message,
        received=received,
        expected=expected or f"as the data dictionary has {name}",
        json_path=path,
        subject=f"{part}.{name}",
    )
