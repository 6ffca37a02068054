"""The options that several commands share, and the setup they make."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from ..core.clock import Clock
from ..core.errors import ConfigurationError
from ..data.scenario import Scenario, ScenarioError
from ..data.scenario import load as load_scenario
from ..spec import behaviour as behaviours
from ..spec.behaviour import Behaviour
from ..state.credentials import DEFAULT_CREDENTIALS, Credentials, load_credentials
from ..state.mock import Mock
from ..state.tenants import Setup
from . import completion

Command = TypeVar("Command", bound=Callable[..., Any])

_DATA = (
    click.option(
        "--rooms",
        type=click.IntRange(0, 5_000_000),
        default=500,
        show_default=True,
        metavar="N",
        help="Generated rooms per token.",
    ),
    click.option(
        "--days",
        type=click.IntRange(1, 3660),
        default=30,
        show_default=True,
        metavar="D",
        help="Days that the rooms reach back.",
    ),
    click.option(
        "--seed",
        type=int,
        default=1,
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
    rooms: int,
    days: int,
    seed: int,
    scenario: str | None,
    now: str | None,
    behaviour_file: Path | None,
    settings: tuple[str, ...],
    environment: str,
    tokens: tuple[str, ...],
    tenants_file: Path | None,
    any_token: bool,
) -> Mock:
    """The mock that the options describe. Raises ConfigurationError in one line for what cannot be used."""
    loaded = _scenario(scenario)
    moment = now if now is not None else (loaded.now if loaded else None)
    try:
        clock = Clock.parse(moment) if moment else Clock()
    except ValueError as error:
        raise ConfigurationError(f"--now: {error}") from None
    setup = Setup(
        seed=seed,
        rooms=rooms,
        days=days,
        credentials=_credentials(tokens, tenants_file, loaded),
        any_token=any_token,
        behaviour=_behaviour(behaviour_file, settings, environment),
        scenario=loaded,
    )
    try:
        return Mock(setup, clock)
    except ScenarioError as error:
        raise ConfigurationError(str(error)) from None


def _scenario(name: str | None) -> Scenario | None:
    if name is None:
        return None
    try:
        return load_scenario(name)
    except ScenarioError as error:
        raise ConfigurationError(str(error)) from None


def _behaviour(file: Path | None, settings: tuple[str, ...], environment: str) -> Behaviour:
    answers = {"ht_headers": "needed"} if environment == "production" else {}
    answers |= behaviours.load(file) if file else {}
    answers |= dict(behaviours.parse_setting(setting) for setting in settings)
    return Behaviour().but(answers)


def _credentials(
    tokens: tuple[str, ...], file: Path | None, scenario: Scenario | None
) -> tuple[Credentials, ...]:
    if any(not token for token in tokens):
        raise ConfigurationError("--token: a token cannot be empty")
    known = [
        DEFAULT_CREDENTIALS if token == DEFAULT_CREDENTIALS.token else Credentials.of(token)
        for token in tokens
    ]
    known += load_credentials(file) if file else ()
    if not known and scenario and scenario.token:
        known = [replace(DEFAULT_CREDENTIALS, token=scenario.token)]
    return tuple(known) or (DEFAULT_CREDENTIALS,)
