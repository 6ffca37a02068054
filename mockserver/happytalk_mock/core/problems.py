"""Problem details (RFC 9457): how the mock's own interfaces say what was received and what is allowed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from .errors import ChangeError

PROBLEM_TYPE: Final = "application/problem+json"


def problem(status: int, error: ChangeError, **more: Any) -> dict[str, Any]:
    """The members of a problem, with the field that is wrong, what was received and what is allowed."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(error),
        "field": error.field,
        "received": error.received,
        "allowed": error.allowed,
        **more,
    }
