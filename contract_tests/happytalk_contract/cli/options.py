"""The options of the commands: those of a check (`check.toml`), and one for each kind of report."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from happytalk_contract.check import OPTIONS
from happytalk_contract.cli import completion
from happytalk_contract.core.model import FAIL_ON, Severity
from happytalk_contract.questions.meaning import MOST_PER_PAGE
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


def limits(value: str) -> tuple[int, ...]:
    """Read limits with commas between."""
    found = [part.strip() for part in value.split(",")]
    read = tuple(int(part) for part in found if re.fullmatch(r"\d{1,2}", part, re.ASCII))
    if len(read) < len(found) or not all(0 < one <= MOST_PER_PAGE for one in read):
        raise click.BadParameter(f"{value!r}: expected numbers from 1 to {MOST_PER_PAGE} with commas between")
    return read


_REPORTS: Final = {
    f"report-{writer.name}": {
        "help": f"Write a report: {writer.about}. - is standard output.",
        "metavar": "FILE",
    }
    for writer in WRITERS
}
_FAIL_ON: Final = {"type": severities, "default": ",".join(sorted(FAIL_ON))}
_TWINS: Final = tomllib.loads((Path(__file__).parent / "twins.toml").read_text(encoding="utf-8"))
#: The options by what they are for; `asking`: whom a twin is learnt from; `outcome`: where the outcome of
#: `check` and `judge` goes.
_TABLE: Final[dict[str, Any]] = {
    "check": OPTIONS["check"],
    "asking": {
        name: told
        for name, told in OPTIONS["check"].items()
        if name not in ("max-requests", "fast", "fail-fast", "record", "dry-run")
    },
    **_TWINS,
    "showing": OPTIONS["showing"],
    "outcome": {
        **OPTIONS["judging"],
        "fail-on": OPTIONS["judging"]["fail-on"] | _FAIL_ON,
        **_REPORTS,
        **OPTIONS["showing"],
    },
}


def options(*groups: str) -> Callable[[Command], Command]:
    """Add the options of some groups."""

    def added(command: Command) -> Command:
        for name, told in reversed([each for group in groups for each in _TABLE[group].items()]):
            command = _option(name, **told)(command)
        return command

    return added


def _option(
    name: str, *, dest: str = "", also: str = "", offers: str = "", path: str = "", **told: Any
) -> Callable[[Command], Command]:
    """An option from its line of the table; what the table does not call otherwise is click's own."""
    if offers:
        told["shell_complete"] = getattr(completion, offers)
    if "min" in told:
        told["type"] = click.IntRange(min=told.pop("min"))
    if "choices" in told:
        told["type"] = click.Choice(told.pop("choices"))
    if told.get("type") == "float":
        told["type"] = click.FloatRange(0, 1)
    if told.get("type") == "limits":
        told["type"] = limits
    if path:
        told["type"] = click.Path(file_okay=path != "folder", dir_okay=path != "file", path_type=Path)
    return click.option(f"--{name}", *filter(None, (also, dest)), show_default=True, **told)
