"""The JSON Schemas as validators. jsonschema is imported when one is first used."""

from __future__ import annotations

from functools import cache
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
def validator(name: str, *, strict: bool = False) -> Draft202012Validator:
    """A validator for schema `name`, made once. Raises ResourceNotFound."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(resources.schema(name, strict=strict), registry=registry())


@cache
def part_validator(name: str, part: str) -> Draft202012Validator:
    """A validator for one of the definitions of schema `name`."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(
        {"$ref": f"{resources.SCHEMA_BASE}{name}.json#/$defs/{part}"}, registry=registry()
    )


def departs(document: Any, checker: Draft202012Validator) -> str:
    """Where and how a document departs from its schema, and what is expected there; "" where it does not."""
    from jsonschema.exceptions import best_match

    error = best_match(checker.iter_errors(document))
    if error is None:
        return ""
    expected = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
    place = error.json_path.removeprefix("$").removeprefix(".")
    told = f"{place}: {error.message}" if place else error.message
    return told[:300] + (f"; expected {expected}" if expected else "")


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
