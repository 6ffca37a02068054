"""One check from what a person asked for to a report: targets, credentials, the run, the baseline.

The command and the pytest suite both go through here, so they ask and judge alike.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import difflib
import fnmatch
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import (
    SEOUL,
    Endpoint,
    Event,
    Exchange,
    ExitCode,
    RunReport,
    Severity,
    Status,
)
from happytalk_contract.engine.runner import Settings, run
from happytalk_contract.transport import credentials, targets
from happytalk_contract.transport.reach import OutOfReachError, Watch
from happytalk_contract.verdict.judge import judge

NAMES: Final[Mapping[Endpoint, str]] = {"rooms": "chat rooms", "messages": "system messages"}

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
    max_time: str | None = None  #: as typed, such as "5m"; None: no limit
    request_timeout: str = "10s"  #: as typed
    fail_on: frozenset[Severity] = FAIL_ON
    only: tuple[str, ...] = ()  #: rule ids or patterns (`rooms.*`)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A check that is ready to run, and what its reader must know."""

    settings: Settings
    lacking: Mapping[Endpoint, str] = field(default_factory=dict)  #: endpoints without credentials, and why


@contextlib.contextmanager
def prepared(options: Options, *, ask: Callable[[str], str] | None = None) -> Iterator[Prepared]:
    """Look up target and credentials, start a mock if one is meant, and stop it in the end.

    `ask` prompts a person for a credential. Raises `WrongUseError`.
    """
    limits = _limits(options)
    target = _resolved(options, production_confirmed=options.production_confirmed)
    if target is None:
        with targets.started_mock() as (target, values):
            known = credentials.Credentials(values=values)
            yield _prepared(options, target, known, limits)
        return
    known = credentials.find(env_file=options.env_file, ask=ask, wanted=_endpoints(target))
    yield _prepared(options, target, known, limits)


def planned(options: Options) -> Prepared:
    """What `prepared` would give, for a dry run: nothing is started, and no credential is needed."""
    target = _resolved(options, production_confirmed=True)  # nothing is sent
    everything = credentials.Credentials(values=dict.fromkeys(credentials.PROMPTS, "dry-run"))
    return _prepared(options, target or targets.SERVED_MOCK, everything, _limits(options))


def make_sure(options: Options) -> None:
    """Look at all that `prepared` looks at, and start nothing. Raises `WrongUseError`."""
    _limits(options)
    if _resolved(options, production_confirmed=options.production_confirmed) is not None:
        with prepared(options):
            pass


def new_seed() -> int:
    """A seed nobody asked with before."""
    return random.SystemRandom().randrange(2**32)


def observe(check: Prepared, on_event: Callable[[Event], None]) -> tuple[RunReport, bool]:
    """Run the check; (report, whether it was interrupted).

    An endpoint that can not be reached, or refuses the credentials, is left alone and told; the other is
    judged with what is left of the budget. Ctrl-C ends the asking, not the report: what was observed until
    then is judged.
    """
    settings = check.settings
    obstacles: dict[Endpoint, str] = {}
    spent = 0
    while True:
        heard = _Heard(on_event=on_event, spent=spent)
        try:
            report, interrupted = run(settings, heard.listen), False
        except OutOfReachError as found:
            obstacles[found.endpoint] = f"{NAMES[found.endpoint]} not judged: the API {found}"
            spent += heard.requests
            settings = _without(settings, found.endpoint, heard.requests)
            if settings.max_requests > 0 and (settings.chat_url or settings.message_url):
                continue
            report, interrupted = _so_far(settings, ()), False
        except KeyboardInterrupt:
            report, interrupted = _so_far(settings, heard.seen), True
        break
    return _told(check, report, obstacles, spent), interrupted


@dataclass(slots=True, kw_only=True)
class _Heard:
    """Keeps a run's exchanges, watches whether they come to anything, and passes events on."""

    on_event: Callable[[Event], None]
    spent: int  #: requests sent before this run
    seen: list[Exchange] = field(default_factory=list)
    requests: int = 0  #: sent in this run, tries included
    watch: Watch = field(default_factory=Watch)

    def listen(self, event: Event) -> None:
        self.requests = max(self.requests, event.requests)
        self.on_event(
            replace(event, requests=event.requests + self.spent, max_requests=event.max_requests + self.spent)
        )
        if isinstance(event.detail, Exchange):
            self.seen.append(event.detail)
            self.watch.see(event.detail)


def _without(settings: Settings, endpoint: Endpoint, spent: int) -> Settings:
    return replace(
        settings,
        chat_url=None if endpoint == "rooms" else settings.chat_url,
        message_url=None if endpoint == "messages" else settings.message_url,
        max_requests=settings.max_requests - spent,
    )


def _told(check: Prepared, report: RunReport, obstacles: Mapping[Endpoint, str], spent: int) -> RunReport:
    """`report` with what only this module knows: addresses, the whole budget, what could not be judged.

    What was to be judged and could not be makes no run conform.
    """
    asked = check.settings
    reasons = {**check.lacking, **obstacles}
    rules = tuple(
        replace(rule, note=reasons[rule.endpoint])
        if rule.status is Status.SKIPPED and rule.endpoint in reasons
        else rule
        for rule in report.rules
    )
    conforms = report.exit_code == ExitCode.CONFORMS
    return replace(
        report,
        chat_url=asked.chat_url or "",
        message_url=asked.message_url or "",
        requests=report.requests + spent,
        max_requests=asked.max_requests,
        rules=rules,
        notes=tuple(dict.fromkeys((*reasons.values(), *report.notes))),
        exit_code=ExitCode.NOTHING_JUDGED if obstacles and conforms else report.exit_code,
    )


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
        started=_moment(first),
        seconds=max(0.0, last - first),
        fail_on=fail_on,
        only_rules=chosen_rules(only),
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
            near = difflib.get_close_matches(pattern, ids, n=3)
            hint = f"did you mean {', '.join(near)}?" if near else "`happytalk-contract rules` lists them"
            raise WrongUseError(f"--only {pattern}: no such rule; {hint}")
        chosen.update(matching)
    return frozenset(chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """What of `Options` is read from text."""

    rate: float | None
    max_time: float | None
    request_timeout: float
    only: frozenset[str] | None


def _limits(options: Options) -> _Limits:
    """Raises `WrongUseError` for what can not be read."""
    max_time = options.max_time
    return _Limits(
        rate=None if options.rate is None else targets.parse_rate(options.rate),
        max_time=None if max_time is None else targets.parse_duration(max_time, "--max-time"),
        request_timeout=targets.parse_duration(options.request_timeout, "--request-timeout"),
        only=chosen_rules(options.only),
    )


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
    limits: _Limits,
) -> Prepared:
    wanted = _endpoints(target)
    lacking = {name: why for name in wanted if (why := credentials.skipped(known, name))}
    if len(lacking) == len(wanted):
        raise WrongUseError(f"no credentials: {'; '.join(lacking.values())}")
    settings = Settings(
        chat_url=None if "rooms" in lacking else target.chat_url,
        message_url=None if "messages" in lacking else target.message_url,
        credentials=known.values,
        target=target.name,
        seed=new_seed() if options.seed is None else options.seed,
        now=lambda: dt.datetime.now(SEOUL),
        max_requests=options.max_requests,
        rate=target.default_rate if options.rate is None else limits.rate,
        max_time=limits.max_time,
        request_timeout=limits.request_timeout,
        fail_on=options.fail_on,
        only_rules=limits.only,
    )
    return Prepared(settings=settings, lacking=lacking)


def _endpoints(target: targets.Target) -> tuple[Endpoint, ...]:
    return tuple(endpoint for endpoint in NAMES if target.url(endpoint))


def _so_far(settings: Settings, seen: Sequence[Exchange]) -> RunReport:
    """What can be said of a run that was cut short."""
    endpoints = {"rooms": settings.chat_url, "messages": settings.message_url}
    began = _moment(seen[0].started) if seen else settings.now().isoformat(timespec="seconds")
    note = f"interrupted after {len(seen)} answers: only what was seen until then is judged"
    return judge(
        seen,
        target=settings.target,
        seed=settings.seed,
        max_requests=settings.max_requests,
        started=began,
        seconds=max(0.0, seen[-1].started - seen[0].started) if seen else 0.0,
        notes=(note,) if seen else (),
        fail_on=settings.fail_on,
        only_rules=settings.only_rules,
        endpoints=frozenset(endpoint for endpoint, url in endpoints.items() if url),
    )


def _moment(started: float) -> str:
    return dt.datetime.fromtimestamp(started, SEOUL).isoformat(timespec="seconds")
