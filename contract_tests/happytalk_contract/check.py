"""One check from what a person asked for to a report: targets, credentials, the run, the baseline.

The command and the pytest suite both go through here, so they ask and judge alike.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import fnmatch
import random
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import FAIL_ON, NAMES, SEOUL, Endpoint, Exchange, RunReport, Severity
from happytalk_contract.engine.runner import Settings, run
from happytalk_contract.transport import credentials, targets
from happytalk_contract.transport.wire import bundles, trust
from happytalk_contract.verdict.judge import judge

__all__ = ["Options", "Settings", "chosen_rules", "make_sure", "planned", "prepared", "rejudged", "run"]


#: The options in which a person asks for a check, by group: what the command and the suite tell of them.
OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
#: Requests of a fast check.
FAST: Final = 60
_DEFAULTS: Final = {name: told.get("default") for name, told in OPTIONS["check"].items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a check is told, before targets and credentials are looked up."""

    target: str | None = None  #: None: the mock, unless addresses are given
    chat_url: str | None = None
    message_url: str | None = None
    production_confirmed: bool = False
    env_file: Path | None = None
    seed: int | None = None  #: None: a new one
    max_requests: int = _DEFAULTS["max-requests"]
    fast: bool = False  #: no more requests than find most for their number
    fail_fast: bool = False  #: stop asking at the first departure
    rate: str | None = None  #: as typed, such as "5/s"; None: the target's default
    max_time: str = _DEFAULTS["max-time"]  #: as typed, such as "5m"
    request_timeout: str = _DEFAULTS["request-timeout"]  #: as typed
    fail_on: frozenset[Severity] = FAIL_ON
    only: tuple[str, ...] = ()  #: rule ids or patterns (`rooms.*`)
    ca_bundle: Path | None = None  #: certificates to trust
    allow_empty: tuple[Endpoint, ...] = ()  #: endpoints where the account may show nothing


@contextlib.contextmanager
def prepared(options: Options, *, ask: Callable[[str], str] | None = None) -> Iterator[Settings]:
    """Look up target and credentials, start a mock if one is meant, and stop it in the end.

    `ask` prompts a person for a credential. Raises `WrongUseError`.
    """
    limits = _limits(options)
    target = _resolved(options, production_confirmed=options.production_confirmed)
    if target is None:
        credentials.find(env_file=options.env_file)  # a file that was named is there, if not needed
        with targets.started_mock() as (target, values):
            known = credentials.Credentials(values=values)
            yield _prepared(options, target, known, limits)
        return
    known = credentials.find(
        env_file=options.env_file, ask=ask, wanted=tuple(name for name in NAMES if target.url(name))
    )
    yield _prepared(options, target, known, limits)


def planned(options: Options) -> Settings:
    """What `prepared` would give, for a dry run: nothing is started, and no credential is needed."""
    target = _resolved(options, production_confirmed=True)  # nothing is sent
    known = credentials.find(env_file=options.env_file)
    if target is None or not known.values:
        known = credentials.Credentials(values=dict.fromkeys(credentials.PROMPTS, "dry-run"))
    return _prepared(options, target or targets.SERVED_MOCK, known, _limits(options))


def make_sure(options: Options) -> None:
    """Look at all that `prepared` looks at, and start nothing. Raises `WrongUseError`."""
    _limits(options)
    if _resolved(options, production_confirmed=options.production_confirmed) is not None:
        with prepared(options):
            pass


def new_seed() -> int:
    """A seed nobody asked with before."""
    return random.SystemRandom().randrange(2**32)


def rejudged(
    exchanges: Sequence[Exchange],
    *,
    fail_on: frozenset[Severity] = FAIL_ON,
    only: tuple[str, ...] = (),
    allow_empty: tuple[Endpoint, ...] = (),
    target: str = "recording",
) -> RunReport:
    """Judge recorded exchanges without asking anything."""
    first, last = (exchanges[0].started, exchanges[-1].started) if exchanges else (0.0, 0.0)
    return judge(
        exchanges,
        target=target,
        max_requests=len(exchanges),
        started=dt.datetime.fromtimestamp(first, SEOUL).isoformat(timespec="seconds"),
        seconds=max(0.0, last - first),
        fail_on=fail_on,
        only_rules=chosen_rules(only),
        wanted={exchange.request.endpoint for exchange in exchanges}.difference(allow_empty),
    )


def chosen_rules(patterns: Sequence[str]) -> frozenset[str] | None:
    """The ids that `patterns` choose; None for all. Raises `WrongUseError` for one that chooses none."""
    if not patterns:
        return None
    from happytalk_contract.rules.catalogue import (
        RULES,  # here: the catalogue is large, and most runs take it whole
    )

    ids = [rule.id for rule in RULES]
    chosen: set[str] = set()
    for pattern in patterns:
        matching = fnmatch.filter(ids, pattern)
        if not matching:
            near = _near(pattern, ids)
            hint = f"did you mean {near}?" if near else "`happytalk-contract rules` lists them"
            raise WrongUseError(f"--only {pattern}: no such rule; {hint}")
        chosen.update(matching)
    return frozenset(chosen)


def _near(pattern: str, ids: Sequence[str]) -> str:
    """The id, or the family of ids, that `pattern` comes nearest to; "" for none."""
    families = {".".join(name.split(".")[:depth]) for name in ids for depth in (2, 3)} - set(ids)
    known = {**{family: f"{family}.*" for family in families}, **{name: name for name in ids}}
    near = difflib.get_close_matches(pattern.rstrip(".*"), known, n=1)
    return known[near[0]] if near else ""


def _limits(options: Options) -> dict[str, Any]:
    """The settings that are read from text. Raises `WrongUseError` for what can not be read."""
    read: dict[str, Any] = {
        "request_timeout": targets.parse_duration(options.request_timeout, "--request-timeout"),
        "max_time": targets.parse_duration(options.max_time, "--max-time"),
        "only_rules": chosen_rules(options.only),
        "ca_bundle": options.ca_bundle,
        "allow_empty": frozenset(options.allow_empty),
    }
    if options.ca_bundle is not None:  # what cannot be read is told now
        trust(options.ca_bundle)
    if options.rate is not None:
        read["rate"] = targets.parse_rate(options.rate)
    return read


def _resolved(options: Options, *, production_confirmed: bool) -> targets.Target | None:
    return targets.resolve(
        options.target,
        chat_url=options.chat_url,
        message_url=options.message_url,
        production_confirmed=production_confirmed,
    )


def _prepared(
    options: Options,
    target: targets.Target,
    known: credentials.Credentials,
    limits: dict[str, Any],
) -> Settings:
    if bundles(None) and any((target.url(name) or "").startswith("https:") for name in NAMES):
        trust(options.ca_bundle)
    settings = Settings(
        chat_url=target.chat_url,
        message_url=target.message_url,
        credentials=known.values,
        target=target.name,
        seed=new_seed() if options.seed is None else options.seed,
        now=lambda: dt.datetime.now(SEOUL),
        max_requests=min(FAST, options.max_requests) if options.fast else options.max_requests,
        fail_fast=options.fail_fast,
        fail_on=options.fail_on,
        **{"rate": target.default_rate} | limits,
    )
    if len(settings.skipped) == len(NAMES):
        raise WrongUseError(f"no credentials: {'; '.join(settings.skipped[name] for name in settings.urls)}")
    return settings
