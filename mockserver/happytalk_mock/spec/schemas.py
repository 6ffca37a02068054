"""The JSON Schemas as validators. jsonschema is imported when one is first used."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from . import resources

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from referencing import Registry


@cache
def registry() -> Registry[Any]:
    """Every schema, tolerant and strict, by its `$id`: what resolves the references between them."""
    from referencing import Registry, Resource

    documents = [
        resources.schema(name, strict=strict)
        for name in resources.schema_names()
        for strict in (False, True)
        if not (strict and name == resources.LENIENT)
    ]
    made: Registry[Any] = Registry()
    return made.with_resources(
        (document["$id"], Resource.from_contents(document)) for document in documents
    ).crawl()


@cache
def validator(name: str, *, strict: bool = False, part: str = "") -> Draft202012Validator:
    """A validator for schema `name`, or for that `part` of its definitions, made once. Raises ResourceNotFound."""
    from jsonschema import Draft202012Validator

    document = resources.schema(name, strict=strict)
    if part:
        document = {"$ref": f"{document['$id']}#/$defs/{part}"}
    return Draft202012Validator(document, registry=registry())


@cache
def required(name: str, part: str | None) -> tuple[str, ...]:
    document = resources.schema(name, strict=True)
    return tuple((document if part is None else document["properties"][part])["required"])


@cache
def field_validator(name: str, part: str | None, field: str) -> Draft202012Validator:
    """A validator for one parameter of the strict schema `name`, references resolved from where it stands."""
    from jsonschema import Draft202012Validator

    base = f"{resources.STRICT_SCHEMA_BASE}{name}.json#"
    pointer = f"/properties/{part}" if part else ""
    reference = {"$ref": f"{base}{pointer}/properties/{field}"}
    return Draft202012Validator(reference, registry=registry())


def departure(value: Any, schema: Mapping[str, Any]) -> str | None:
    """Where a value first departs from a schema that refers to no other, such as `.uniform`; None: nowhere."""
    from jsonschema.exceptions import best_match

    error = best_match(_plain()(schema).iter_errors(value))
    return None if error is None else "".join(f".{step}" for step in error.path if isinstance(step, str))


@cache
def _plain() -> Any:
    from jsonschema import Draft202012Validator, validators

    # JSON Schema takes 2.0 for an integer; what counts or names something here is written as one.
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
    types = types.redefine(
        "number", lambda _, value: type(value) is int or (type(value) is float and isfinite(value))
    )
    return validators.extend(Draft202012Validator, type_checker=types)  # type: ignore[no-untyped-call]
