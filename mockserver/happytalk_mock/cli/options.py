"""The options that several commands share, and the setup they make."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click
from click.core import ParameterSource

from ..core.clock import Clock
from ..core.errors import ConfigurationError
from ..spec import behaviour as behaviours
from ..state.credentials import DEFAULT_CREDENTIALS, Credentials, load_credentials
from ..state.mock import Mock
from ..state.settings import Settings
from . import completion

Command = TypeVar("Command", bound=Callable[..., Any])

_DEFAULT: Final = Settings()


def _moment(_ctx: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    try:
        Clock.parse(text) if text else None
    except ValueError as error:
        raise ConfigurationError(f"--now: {error}") from None
    return text


def _given(ctx: click.Context, option: click.Parameter, value: int) -> int | None:
    """None where nobody gave it: beside --scenario that is another thing than the default."""
    return None if ctx.get_parameter_source(option.name or "") is ParameterSource.DEFAULT else value


_DATA = (
    click.option(
        "--rooms",
        type=click.IntRange(0, 5_000_000),
        default=_DEFAULT.rooms,
        show_default=True,
        callback=_given,
        metavar="N",
        help="Generated rooms per token.",
    ),
    click.option(
        "--days",
        type=click.IntRange(1, 3660),
        default=_DEFAULT.days,
        show_default=True,
        callback=_given,
        metavar="D",
        help="Days that the rooms reach back.",
    ),
    click.option(
        "--seed",
        type=int,
        default=_DEFAULT.seed,
        show_default=True,
        metavar="S",
        help="The same seed, token and clock give the same rooms, on any machine.",
    ),
    click.option(
        "--scenario",
        metavar="NAME|FILE",
        shell_complete=completion.offering(completion.scenarios, files=True),
        help="Serve a hand-made data set: a name of `happytalk-mock scenarios`, or a JSON or TOML file.",
    ),
    click.option(
        "--now",
        metavar="MOMENT[,ticking]",
        callback=_moment,
        help="Freeze the clock, such as 2022-05-26T13:00:00+09:00; with `,ticking` it starts there and runs. "
        "Decides what `today` is in Seoul.",
    ),
    click.option(
        "--behaviour",
        "behaviour_file",
        type=click.Path(path_type=Path),
        metavar="FILE.toml",
        help="Answers to the documentation's open questions (`happytalk-mock behaviours` explains them).",
    ),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="QUESTION=ANSWER",
        shell_complete=completion.offering(completion.settings),
        help="One such answer; may be given again. Wins over the file.",
    ),
    click.option(
        "--environment",
        type=click.Choice(["development", "production"]),
        default="development",
        show_default=True,
        help="`production` asks for the HT headers on the chat room list too, as its sample shows.",
    ),
    click.option(
        "--token",
        "tokens",
        multiple=True,
        metavar="TOKEN",
        help=f"A known customer token; may be given again. Default: {DEFAULT_CREDENTIALS.token}",
    ),
    click.option(
        "--tenants",
        "tenants_file",
        type=click.Path(path_type=Path),
        metavar="FILE.toml",
        help="Known customers: [[tenant]] with token, client_id, client_secret, sender_keys.",
    ),
    click.option(
        "--any-token",
        is_flag=True,
        help="Take any token; each has data of its own. Its HT headers and senderKey may be any too.",
    ),
)


def data_options(command: Command) -> Command:
    """Adds the options that decide what the mock serves."""
    for option in reversed(_DATA):
        command = option(command)
    return command


def build_mock(
    *,
    behaviour_file: Path | None,
    settings: tuple[str, ...],
    environment: str,
    tokens: tuple[str, ...],
    tenants_file: Path | None,
    rooms: int | None,
    days: int | None,
    **more: Any,
) -> Mock:
    """The mock that the options describe. Raises ConfigurationError in one line for what cannot be used."""
    behaviour = _behaviour(behaviour_file, settings, environment)
    shape: dict[str, Any] = {
        name: value for name, value in (("rooms", rooms), ("days", days)) if value is not None
    }
    if more["scenario"] is not None and shape:
        received = " and ".join(f"--{name}" for name in shape)
        raise ConfigurationError(f"--scenario: received {received} beside it; a scenario has its own rooms")
    return Settings(
        behaviour=behaviour, credentials=_credentials(tokens, tenants_file), **shape, **more
    ).mock()


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
