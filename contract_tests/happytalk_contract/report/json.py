"""The report for programs."""

from __future__ import annotations

import orjson

from happytalk_contract.report.document import Document


def render(document: Document) -> str:
    """The document itself, as JSON text."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
