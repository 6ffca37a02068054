"""What a person hands in as a file is held against its schema; what departs is told with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from happytalk_contract.core.errors import WrongUseError
from happytalk_mock.spec import resources


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
