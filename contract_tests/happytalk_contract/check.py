"""One check from what a person asked for to a report: targets, credentials, the run, the baseline.

The command and the pytest suite both go through here, so they ask and judge alike.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import fnmatch
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from happytalk_contract import credentials, targets
from happytalk_contract.errors import WrongUseError
from happytalk_contract.judge import judge
from happytalk_contract.model import Endpoint, Event, Exchange, RunReport, Severity
from happytalk_contract.runner import Settings, run
from happytalk_contract.targets import SEOUL

FAIL_ON: Final = frozenset({Severity.BREAKING, Severity.VALUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a check is told, before targets and credentials are looked up."""

    target: str | None = None  #: None: the mock, unless addresses are given
    chat_url: str | None = None
    message_url: str | None = None
    production_confirmed: bool = False
    env_file: Path | None = None
    seed: int | None = None  #: None: a new one
    max_requests: int = 300
    rate: str | None = None  #: as typed, such as "5/s"; None: the target's default
    max_time: float | None = None  #: seconds
    request_timeout: float = 10.0  #: seconds
    fail_on: frozenset[Severity] = FAIL_ON
    only: tuple[str, ...] = ()  #: rule ids or patterns (`rooms.*`)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A check that is ready to run, and what its reader must know."""

    settings: Settings
    notes: tuple[str, ...] = ()


@contextlib.contextmanager
def prepared(options: Options, *, ask: Callable[[str], str] | None = None) -> Iterator[Prepared]:
    """Look up target and credentials, start a mock if one is meant, and stop it in the end.

    `ask` prompts a person for a credential. Raises `WrongUseError`.
    """
    only = chosen_rules(options.only)
    rate = None if options.rate is None else targets.parse_rate(options.rate)
    target = _resolved(options, production_confirmed=options.production_confirmed)
    if target is None:
        with targets.started_mock() as (target, values):
            known = credentials.Credentials(values=values)
            yield _prepared(options, target, known, rate=rate, only=only)
        return
    wanted: tuple[Endpoint, ...] = tuple(name for name in ("rooms", "messages") if target.url(name))
    known = credentials.find(env_file=options.env_file, ask=ask, wanted=wanted)
    yield _prepared(options, target, known, rate=rate, only=only)


def planned(options: Options) -> Prepared:
    """What `prepared` would give, for a dry run: nothing is started, and no credential is needed."""
    target = _resolved(options, production_confirmed=True)  # nothing is sent
    everything = credentials.Credentials(values=dict.fromkeys(credentials.PROMPTS, "dry-run"))
    return _prepared(
        options, target or targets.SERVED_MOCK, everything, rate=None, only=chosen_rules(options.only)
    )


def is_mock(options: Options) -> bool:
    """Whether a mock would be started. Raises `WrongUseError` for a target that is none."""
    return _resolved(options, production_confirmed=options.production_confirmed) is None


def new_seed() -> int:
    """A seed nobody asked with before."""
    return random.SystemRandom().randrange(2**32)


def observe(check: Prepared, on_event: Callable[[Event], None]) -> tuple[RunReport, bool]:
    """Run the check; (report, whether it was interrupted).

    Ctrl-C ends the asking, not the report: what was observed until then is judged.
    """
    seen: list[Exchange] = []

    def listen(event: Event) -> None:
        if isinstance(event.detail, Exchange):
            seen.append(event.detail)
        on_event(event)

    interrupted = False
    try:
        report = run(check.settings, listen)
    except KeyboardInterrupt:
        interrupted = True
        report = _so_far(check.settings, seen)
    settings = check.settings
    report = replace(
        report,
        chat_url=settings.chat_url or "",
        message_url=settings.message_url or "",
        notes=tuple(dict.fromkeys((*check.notes, *report.notes))),
    )
    return report, interrupted


def rejudged(
    exchanges: Sequence[Exchange],
    *,
    fail_on: frozenset[Severity] = FAIL_ON,
    only: tuple[str, ...] = (),
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
    )


def chosen_rules(patterns: Sequence[str]) -> frozenset[str] | None:
    """The ids that `patterns` choose; None for all. Raises `WrongUseError` for one that chooses none."""
    if not patterns:
        return None
    from happytalk_contract.rules import RULES  # here: the catalogue is large, and most runs take it whole

    ids = [rule.id for rule in RULES]
    chosen: set[str] = set()
    for pattern in patterns:
        matching = fnmatch.filter(ids, pattern)
        if not matching:
            near = difflib.get_close_matches(pattern, ids, n=3)
            hint = f"did you mean {', '.join(near)}?" if near else "`happytalk-contract rules` lists them"
            raise WrongUseError(f"--only {pattern}: no such rule; {hint}")
        chosen.update(matching)
    return frozenset(chosen)


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
    *,
    rate: float | None,
    only: frozenset[str] | None,
) -> Prepared:
    lacking = {name: credentials.skipped(known, name) for name in ("rooms", "messages") if target.url(name)}
    notes = tuple(note for note in lacking.values() if note)
    if len(notes) == len(lacking):
        raise WrongUseError(f"no credentials: {'; '.join(notes)}")
    settings = Settings(
        chat_url=None if lacking.get("rooms") else target.chat_url,
        message_url=None if lacking.get("messages") else target.message_url,
        credentials=known.values,
        target=target.name,
        seed=new_seed() if options.seed is None else options.seed,
        now=lambda: dt.datetime.now(SEOUL),
        max_requests=options.max_requests,
        rate=target.default_rate if options.rate is None else rate,
        max_time=options.max_time,
        request_timeout=options.request_timeout,
        fail_on=options.fail_on,
        only_rules=only,
    )
    return Prepared(settings=settings, notes=notes)


def _so_far(settings: Settings, seen: Sequence[Exchange]) -> RunReport:
    report = rejudged(seen, fail_on=settings.fail_on, target=settings.target)
    kept = report.rules
    if settings.only_rules is not None:
        kept = tuple(rule for rule in report.rules if rule.id in settings.only_rules)
    return replace(
        report,
        rules=kept,
        seed=settings.seed,
        max_requests=settings.max_requests,
        started=report.started if seen else settings.now().isoformat(timespec="seconds"),
        notes=(
            *report.notes,
            f"interrupted after {len(seen)} answers: only what was seen until then is judged",
        ),
    )
