"""Where the outcome of a run goes: the options that say so, and whether it can be written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console

from happytalk_contract.cli import completion
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.files import make_sure_writable
from happytalk_contract.core.model import FAIL_ON, NAMES, Severity
from happytalk_contract.report import WRITERS

Command = TypeVar("Command", bound=Callable[..., Any])


def severities(value: str) -> frozenset[Severity]:
    """Read severities with commas between, or `none`."""
    names = [name.strip() for name in value.split(",") if name.strip()]
    if names == ["none"]:
        return frozenset()
    try:
        return frozenset(Severity(name) for name in names)
    except ValueError:
        known = ", ".join(severity.value for severity in Severity)
        raise click.BadParameter(
            f"{value!r}: expected none, or some of {known} with commas between"
        ) from None


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

    def console(self) -> Console:
        """For the outcome: standard output, unless a report goes there."""
        return self._console(stderr="-" in self.reports.values())

    def progress_console(self) -> Console:
        """For what passes by: standard error."""
        return self._console(stderr=True)

    def _console(self, *, stderr: bool) -> Console:
        return Console(stderr=stderr, no_color=True if self.color is False else None, highlight=False)


def report_options(command: Command) -> Command:
    """The options that say where an outcome goes; shared by `check` and `judge`."""
    file = click.Path(dir_okay=False, path_type=Path)
    options = [
        click.option("--fail-on", type=severities, default=",".join(sorted(FAIL_ON)), show_default=True,
                     metavar="LIST",
                     help="What makes the exit code 1: breaking, value, additive, open_answer; or none."),
        click.option("--only", multiple=True, metavar="RULE", shell_complete=completion.rules,
                     help="Judge this rule only; may be repeated, or be a pattern such as 'rooms.order*'."),
        click.option("--allow-empty", multiple=True, type=click.Choice(list(NAMES)),
                     help="The account has none of these, which is fine; may be repeated."),
        click.option("--baseline", "baseline_file", type=file, metavar="FILE",
                     help="Accept the findings written in FILE (TOML): only new ones count."),
        click.option("--update-baseline", is_flag=True,
                     help="Write what was found to the --baseline file; reasons and tickets in it are kept."),
        *(
            click.option(f"--report-{writer.name}", f"report_{writer.name}", metavar="FILE",
                         help=f"Write a report: {writer.about}. - is standard output.")
            for writer in WRITERS
        ),
        click.option("--no-color", is_flag=True, help="No colours on a terminal (as NO_COLOR=1)."),
        click.option("--quiet", "-q", is_flag=True, help="Print errors only."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command
