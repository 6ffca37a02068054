"""The one module that reads the data folders: schemas, documented examples, scenarios.

Installed from a wheel, the folders lie inside the package under `_data`; in a checkout (and in an editable
installation of one) they are `schemas/` and `fixtures/` at its top. Reading is plain files and the standard
library's JSON and TOML, so that importing this costs nothing worth measuring.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.errors import ResourceNotFound

if TYPE_CHECKING:
    from .open_questions import OpenQuestions
    from .open_questions import Question as Question  # for the contract kit, which reads this module alone


#: What a schema's `$id` begins with. The domain is reserved to lead nowhere: nothing is ever fetched from it.
SCHEMA_BASE = "https://happytalk-mock.invalid/schemas/"
#: The same for the strict variants, so that one registry holds both and relative references stay in theirs.
STRICT_SCHEMA_BASE = SCHEMA_BASE + "strict/"

#: The schema of what the pages leave open in a request; strict variants leave out what refers to it.
LENIENT = "lenient"

#: Keywords under which a schema only asks or adds a condition: closing it there would refuse legal answers.
_CONDITIONS = frozenset({"if", "then", "else", "not"})
#: Keywords that hold schemas by name rather than a schema.
_MAPS_OF_SCHEMAS = frozenset({"properties", "$defs"})


# --- schemas -----------------------------------------------------------------------------------------------


def schema_names() -> tuple[str, ...]:
    """The names of the JSON Schemas, such as `room`, in alphabetical order."""
    return _names("schemas", ".json")


def schema(name: str, *, strict: bool = False) -> dict[str, Any]:
    """JSON Schema `name` (draft 2020-12), a fresh copy at every call.

    `strict` gives the closed variant: every object refuses fields the pages do not have, and request
    parameters refuse the forms that the pages leave open (`lenient.json`).

    Raises ResourceNotFound.
    """
    document: dict[str, Any] = json.loads(_read("schema", "schemas", name, schema_names()))
    return strict_variant(document) if strict else document


def strict_variant(document: Mapping[str, Any]) -> dict[str, Any]:
    """The closed variant of a schema of ours; `document` is left as it is."""
    closed: dict[str, Any] = _close(document)
    closed["$id"] = STRICT_SCHEMA_BASE + str(document["$id"]).removeprefix(SCHEMA_BASE)
    return closed


def write_schemas(directory: Path, *, strict: bool = False) -> list[Path]:
    """Write every schema as `<name>.json` into `directory` (made if need be) and say which files they are.

    The strict variants refer to each other and need nothing of the tolerant ones; `lenient.json` is not
    among them. Raises OSError.
    """
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for name in schema_names():
        if strict and name == LENIENT:
            continue
        path = directory / f"{name}.json"
        text = json.dumps(schema(name, strict=strict), ensure_ascii=False, indent=2)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")
        written.append(path)
    return written


def _close(node: Any, *, is_schema: bool = True) -> Any:
    if isinstance(node, list):
        return [_close(item) for item in node if not _refers_to_lenient(item)]
    if not isinstance(node, Mapping):
        return node
    closed = {
        key: value
        if key in _CONDITIONS and is_schema
        else _close(value, is_schema=not (is_schema and key in _MAPS_OF_SCHEMAS))
        for key, value in node.items()
    }
    if not is_schema:
        return closed
    if closed.get("type") == "object" and "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return _without_lone_choice(closed)


def _refers_to_lenient(item: Any) -> bool:
    return isinstance(item, Mapping) and str(item.get("$ref", "")).startswith(f"{LENIENT}.json#")


def _without_lone_choice(closed: dict[str, Any]) -> dict[str, Any]:
    """`anyOf` with one alternative left says no more than the alternative itself, and reads worse."""
    match closed.get("anyOf"):
        case [Mapping() as only] if not (only.keys() & closed.keys()):
            return {key: value for key, value in closed.items() if key != "anyOf"} | dict(only)
    return closed


@cache
def fields_of(name: str) -> Mapping[str, Mapping[str, Any]]:
    """The fields that schema `name` has, in the documented order, each with what its own schema adds."""
    definitions = schema("definitions")["$defs"]
    fields = schema(name)["properties"]
    return {
        name: {**definitions.get(field.get("$ref", "").rpartition("/")[2], {}), **field}
        for name, field in fields.items()
    }


@cache
def code_list(name: str) -> Mapping[Any, tuple[str, str]]:
    """A list of codes that `definitions.json` has: each with what it means, in Korean and in English."""
    definition = schema("definitions")["$defs"][name]
    listed = (one for one in definition.get("oneOf", definition.get("anyOf")) if "const" in one)
    return {one["const"]: (one["title"], one["description"]) for one in listed}


@cache
def endpoints() -> Mapping[str, Mapping[str, Any]]:
    """The two endpoints by name: method, path, and the failures that the pages list by code."""
    return tomllib.loads((_folder("schemas") / "endpoints.toml").read_text(encoding="utf-8"))


# --- open questions ----------------------------------------------------------------------------------------


@cache
def open_questions() -> OpenQuestions:
    """What the pages leave open, with every legal answer."""
    from .open_questions import parse  # here: whoever loads this file by itself has only the schemas

    return parse((_folder("schemas") / "open_questions.toml").read_text(encoding="utf-8"))


# --- examples and scenarios --------------------------------------------------------------------------------


def documented_names() -> tuple[str, ...]:
    """The names of the documented examples, such as `chat_room_lists.success`."""
    return _names("fixtures/documented", ".json")


def documented(name: str) -> Any:
    """A request or answer as the vendor's pages show it, word for word. Raises ResourceNotFound."""
    return json.loads(_read("documented example", "fixtures/documented", name, documented_names()))


def scenario_names() -> tuple[str, ...]:
    """The names of the hand-made data sets, such as `ties`."""
    return _names("fixtures/scenarios", ".json", ".toml")


def scenario_path(name: str) -> Path:
    """The file (JSON or TOML) of scenario `name`. Raises ResourceNotFound."""
    known = scenario_names()
    if name not in known:
        raise ResourceNotFound("scenario", name, known)
    folder = _folder("fixtures/scenarios")
    return next(path for suffix in (".json", ".toml") if (path := folder / f"{name}{suffix}").is_file())


# --- folders -----------------------------------------------------------------------------------------------


def _folder(relative: str) -> Path:
    """The packaged folder if there is one, else the checkout's."""
    here = Path(__file__).resolve().parents[1]
    packaged = here / "_data"
    return (packaged if packaged.is_dir() else here.parents[1]) / relative


def _names(relative: str, *suffixes: str) -> tuple[str, ...]:
    folder = _folder(relative)
    if not folder.is_dir():
        return ()
    return tuple(sorted({path.stem for path in folder.iterdir() if path.suffix in suffixes}))


def _read(kind: str, relative: str, name: str, known: tuple[str, ...]) -> str:
    # Only a listed name is read: a name from the command line cannot lead out of the folder.
    if name not in known:
        raise ResourceNotFound(kind, name, known)
    return (_folder(relative) / f"{name}.json").read_text(encoding="utf-8")
