"""The report writers: each turns a report's document into one file's content.

They only read. What a writer needs that a `RunReport` does not say in words (the curl line, the counts)
is worked out once, in `document`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from happytalk_contract.writers import html, json, junit, markdown
from happytalk_contract.writers.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One kind of report file; its option is `--report-<name>`."""

    name: str
    about: str
    render: Callable[[Document], str]


WRITERS: tuple[Writer, ...] = (
    Writer(name="json", about="everything, for programs", render=json.render),
    Writer(name="html", about="one self-contained page for someone who was not there", render=html.render),
    Writer(name="junit", about="one test case per rule, for CI servers", render=junit.render),
    Writer(name="markdown", about="fits a GitHub step summary", render=markdown.render),
)
