"""What a person hands in as a file is held against its schema; what departs is told with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from happytalk_contract.core.errors import WrongUseError
from happytalk_mock.spec import resources

#: No documented answer nests deeper than seven; what is below this is left out of what is kept.
DEEPEST: Final = 60


def shallow(value: Any, depth: int = DEEPEST) -> Any:
    """`value` without what lies deeper than `depth`, so that it can be walked and written."""
    if isinstance(value, dict):
        return {name: shallow(item, depth - 1) for name, item in value.items()} if depth else {}
    if isinstance(value, list):
        return [shallow(item, depth - 1) for item in value] if depth else []
    return value


def checked(documents: Iterable[tuple[str, Any]], schema: str) -> Iterator[Any]:
    """Yield the documents of `documents` (where each is from, and it) while they are of `schema`.

    Raises `WrongUseError` with the place, what was received and what is expected there.
    """
    import jsonschema  # here: most runs read no file

    validator = jsonschema.Draft202012Validator(
        resources.schema(schema), format_checker=jsonschema.FormatChecker(["date"])
    )
    for where, document in documents:
        error = jsonschema.exceptions.best_match(validator.iter_errors(document))
        if error is not None:
            expected = error.schema.get("description", "") if isinstance(error.schema, dict) else ""
            place = error.json_path.removeprefix("$").removeprefix(".")
            told = f"{place}: {error.message}" if place else error.message
            raise WrongUseError(f"{where}: {told[:300]}" + (f"; expected {expected}" if expected else ""))
        yield document
