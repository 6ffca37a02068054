"""One document, then writers that only read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from happytalk_contract.report import behaviour, html, json, junit, markdown
from happytalk_contract.report.document import Document


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
    Writer(
        name="behaviour", about="the answers seen, for `happytalk-mock --behaviour`", render=behaviour.render
    ),
)
