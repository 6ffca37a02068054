"""Where the outcome of a run goes, and whether it can be written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.files import make_sure_writable


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """Where the reports of a run go."""

    reports: dict[str, str]  #: writer's name -> path, or "-" for standard output
    baseline: Path | None
    update_baseline: bool
    record: Path | None
    color: bool | None  #: False: never; None: on a terminal
    quiet: bool

    def make_sure(self) -> None:
        """Find out now whether everything can be written. Raises `WrongUseError`."""
        if self.update_baseline and self.baseline is None:
            raise WrongUseError("--update-baseline needs --baseline FILE to say which")
        paths = {f"--report-{name}": Path(path) for name, path in self.reports.items() if path != "-"}
        if self.record:
            paths["--record"] = self.record
        if self.baseline and self.update_baseline:
            paths["--baseline"] = self.baseline
        taken: dict[Path, str] = {}
        for option, path in paths.items():
            make_sure_writable(path, option)
            other = taken.setdefault(path.resolve(), option)
            if other != option and path.is_file():
                raise WrongUseError(f"{option} and {other} name the same file: {path}")
        if list(self.reports.values()).count("-") > 1:
            raise WrongUseError("only one report can go to standard output (-)")

    def console(self, *, progress: bool = False) -> Console:
        """For the outcome: standard output, unless a report goes there. For what passes by: standard error."""
        stderr = progress or "-" in self.reports.values()
        return Console(stderr=stderr, no_color=True if self.color is False else None, highlight=False)


def person() -> Callable[[str], str] | None:
    """What asks a person for a credential without showing it; None where nobody is there."""
    return _prompt if sys.stdin.isatty() and sys.stderr.isatty() else None


def _prompt(text: str) -> str:
    answer: str = click.prompt(
        f"{text}, Enter to skip", default="", show_default=False, hide_input=True, err=True
    )
    return answer
