"""One document, then writers that only read it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from happytalk_contract.report.document import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """One kind of report file, written by the module of its name; its option is `--report-<name>`."""

    name: str
    about: str

    def render(self, document: Document) -> str:
        """Write `document` in this form; the module of that name is loaded now, for most runs write no file."""
        text: str = import_module(f"{__name__}.{self.name}").render(document)
        return text


WRITERS: tuple[Writer, ...] = (
    Writer(name="json", about="everything, for programs"),
    Writer(name="html", about="one self-contained page for someone who was not there"),
    Writer(name="junit", about="one test case per rule, for CI servers"),
    Writer(name="markdown", about="fits a GitHub step summary"),
    Writer(name="behaviour", about="the answers seen, for `happytalk-mock --behaviour`"),
)
