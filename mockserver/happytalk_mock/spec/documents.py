"""What a person hands in as a TOML file: read, and held against its schema."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from ..core.errors import ConfigurationError
from ..core.wording import kind_of, said
from . import schemas


def read_toml(
    path: Path, what: str, *, error: type[ConfigurationError] = ConfigurationError
) -> dict[str, Any]:
    """The content of a file. Raises `error`, which says `what` file it is and what is wrong with it."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad writes a byte order mark
    except OSError as failure:
        raise error(f"{what} {path}: {failure.strerror or failure}") from None
    except ValueError as failure:  # no UTF-8, no TOML, or a number of thousands of digits
        raise error(f"{what} {path}: not TOML ({failure})") from None


def check(
    document: Any,
    schema: str,
    where: str,
    *,
    part: str = "",
    error: type[ConfigurationError] = ConfigurationError,
) -> None:
    """Holds a document against a schema, or against a `part` of its definitions.

    Raises `error` with the place, what was received and what is expected there.

    What is received is told by its kind: it may be a secret in the wrong place.
    """
    from jsonschema.exceptions import best_match  # here: most mocks are started without a file

    found = best_match(schemas.validator(schema, part=part).iter_errors(document))
    if found is None:
        return
    place = found.json_path.removeprefix("$").removeprefix(".") or "the file"
    received = found.message  # names a field that is unknown, or one that is missing
    if found.validator not in ("additionalProperties", "required"):
        received = f"received {kind_of(found.instance) if found.instance else said(found.instance)}"
    raise error(f"{where}: {place}: {received}; expected {found.schema['description']}")
