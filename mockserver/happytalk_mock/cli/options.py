"""The options of the commands, `options.toml`, and the mock that they describe."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from click.core import ParameterSource

from ..core.clock import Clock
from ..core.errors import ConfigurationError
from ..data.twin.placed import BEYOND, SHIFTS
from ..spec import behaviour as behaviours
from ..state.credentials import DEFAULT_CREDENTIALS, Credentials, load_credentials
from ..state.mock import Mock
from ..state.settings import Settings
from ..state.tenants import Setup
from . import completion

Command = TypeVar("Command", bound=Callable[..., Any])
T = TypeVar("T")

_TABLE: Final = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _moment(_ctx: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    try:
        Clock.parse(text) if text else None
    except ValueError as error:
        raise ConfigurationError(f"--now: {error}") from None
    return text


def _given(ctx: click.Context, option: click.Parameter, value: T) -> T | None:
    """None where nobody gave it: beside --scenario or --twin that is another thing than the default."""
    return None if ctx.get_parameter_source(option.name or "") is ParameterSource.DEFAULT else value


#: What click is told of some options beside the table.
_MORE: Final[Mapping[str, Mapping[str, Any]]] = {
    **{name: {"default": getattr(Setup(), name), "callback": _given} for name in ("rooms", "days")},
    "shift": {"default": Settings().shift, "choices": SHIFTS, "callback": _given},
    "beyond": {"default": Settings().beyond, "choices": BEYOND, "callback": _given},
    "seed": {"default": Settings().seed},
    "now": {"callback": _moment},
}


def options(*commands: str) -> Callable[[Command], Command]:
    """Adds the options that the table has for these commands."""

    def added(command: Command) -> Command:
        for name, told in reversed([each for group in commands for each in _TABLE[group].items()]):
            command = _option(name, **told, **_MORE.get(name, {}))(command)
        return command

    return added


def _option(
    name: str,
    *,
    dest: str | None = None,
    short: str | None = None,
    offers: str = "",
    files: bool = False,
    **told: Any,
) -> Callable[[Command], Command]:
    """An option from its line of the table; what the table does not call otherwise is click's own."""
    if offers:
        told["shell_complete"] = completion.offering(getattr(completion, offers), files=files)
    names = [f"--{name}", *filter(None, (short, dest))]
    return click.option(*names, type=_type(told), show_default=True, **told)


class _Line(click.types.StringParamType):
    """Text; of several in an environment variable each stands on a line of its own, and may hold blanks."""

    def split_envvar_value(self, rv: str) -> list[str]:
        return [line for line in rv.splitlines() if line]


def _type(told: dict[str, Any]) -> Any:
    """What a value must be; takes out of `told` what says so. None: as the default is, else text."""
    if told.pop("lines", False):
        return _Line()
    least, most, choices, path = (told.pop(each, None) for each in ("least", "most", "choices", "path"))
    if most is not None:
        return (click.FloatRange if isinstance(least, float) else click.IntRange)(least, most)
    if choices is not None:
        return click.Choice(choices)
    if path is None:
        return None
    return click.Path(path_type=Path) if path is True else click.Path(**path)


def build_mock(**given: Any) -> Mock:
    """The mock that the options describe. Raises ConfigurationError in one line for what cannot be used."""
    return build_settings(**given).mock()


def build_settings(
    *,
    behaviour_file: Path | None,
    settings: tuple[str, ...],
    environment: str,
    tokens: tuple[str, ...],
    tenants_file: Path | None,
    **more: Any,
) -> Settings:
    """The settings that the options describe. Raises ConfigurationError in one line for what cannot be used."""
    behaviour = _behaviour(behaviour_file, settings, environment)
    given = {name: value for name, value in more.items() if value is not None}
    _check_beside(given)
    return Settings(behaviour=behaviour, credentials=_credentials(tokens, tenants_file), **given)


def _check_beside(given: Mapping[str, Any]) -> None:
    """Refuses options that say nothing beside each other. Raises ConfigurationError."""
    beside = [f"--{name}" for name in ("rooms", "days") if name in given]
    if "scenario" in given and beside:
        received = " and ".join(beside)
        raise ConfigurationError(f"--scenario: received {received} beside it; a scenario has its own rooms")
    for name in ("shift", "beyond"):
        if name in given and "twin" not in given:
            raise ConfigurationError(f"--{name}: received it without --twin, whose dates it is about")
    if "twin" in given and beside == ["--days"]:
        raise ConfigurationError(
            "--days: received it without --rooms; a twin's own rooms have their own days"
        )


def _behaviour(file: Path | None, settings: tuple[str, ...], environment: str) -> dict[str, str]:
    answers = {"ht_headers": "needed"} if environment == "production" else {}
    answers |= behaviours.load(file) if file else {}
    for setting in settings:
        answers |= behaviours.parse_setting(setting)
    return answers


def _credentials(tokens: tuple[str, ...], file: Path | None) -> tuple[Credentials, ...] | None:
    if any(not token for token in tokens):
        raise ConfigurationError("--token: a token cannot be empty")
    known = [
        DEFAULT_CREDENTIALS if token == DEFAULT_CREDENTIALS.token else Credentials.of(token)
        for token in tokens
    ]
    return (*known, *(load_credentials(file) if file else ())) or None
