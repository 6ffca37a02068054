"""Score the kit against the rival: `python -m tests.kit.score_rival --help`.

The rival is an API of its own with faults to inject and legal behaviours to choose. A fault counts as found
if the run ends in drift; drift on a legal behaviour is a false alarm. Only names are looked at here, never
how a fault is made.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase
from multiprocessing import get_context
from random import Random
from zoneinfo import ZoneInfo

from tests.rival import ACCOUNTS, FAULTS, LEGAL, RivalServer, legal_combo

from happytalk_contract.engine.runner import DEFECT, Settings, run
from happytalk_contract.verdict.judge import COULD_NOT

#: When the rival and the kit stand: what a seed finds depends on the day, so the day is part of the run.
NOW = datetime(2026, 11, 20, 15, 30, tzinfo=ZoneInfo("Asia/Seoul"))


def ticking(moment: datetime) -> Callable[[], datetime]:
    """A clock that runs from a moment on: the kit tells waits by it."""
    began = time.monotonic()
    return lambda: moment + timedelta(seconds=time.monotonic() - began)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of the kit against one rival."""

    fault: str = ""
    also: str = ""  #: another fault at the same time
    legal: tuple[str, ...] = ()
    account: str = "normal"
    seed: int = 1
    max_requests: int = 300

    @property
    def name(self) -> str:
        """What is special about it."""
        return " ".join(filter(None, [self.fault, self.also, *self.legal, self.account, f"seed={self.seed}"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What came of it."""

    job: Job
    exit_code: int
    findings: tuple[str, ...]
    requests: int
    seconds: float
    error: str = ""


def settings_of(server: RivalServer, job: Job) -> Settings:
    """What a run on a rival is told."""
    return Settings(
        chat_url=server.base_url,
        message_url=server.base_url,
        credentials={
            "HAPPYTALK_TOKEN": server.token,
            "HAPPYTALK_CLIENT_ID": server.client_id,
            "HAPPYTALK_CLIENT_SECRET": server.client_secret,
            "HAPPYTALK_SENDER_KEY": server.sender_key,
        },
        target="rival",
        seed=job.seed,
        now=ticking(server.api.now().replace(tzinfo=NOW.tzinfo)),
        max_requests=job.max_requests,
    )


def play(job: Job) -> Score:
    """Run the kit once."""
    server = RivalServer(
        account=job.account,
        faults=[name for name in (job.fault, job.also) if name],
        legal=list(job.legal),
        seed=job.seed,
        now=NOW,
    )
    began = time.perf_counter()
    with server:
        try:
            report = run(settings_of(server, job))
        except Exception as error:
            return Score(job=job, exit_code=-1, findings=(), requests=0, seconds=0.0, error=repr(error))
    told = tuple(
        f"{finding.signature} ({finding.received})"
        for finding in report.findings
        if finding.severity in report.fail_on
    )
    defects = [note for note in report.notes if note.startswith(DEFECT)]
    defects += [f"{rule.id}: {rule.note}" for rule in report.rules if rule.note.startswith(COULD_NOT)]
    return Score(
        job=job,
        error="; ".join(defects),
        exit_code=report.exit_code,
        findings=told,
        requests=report.requests,
        seconds=time.perf_counter() - began,
    )


def jobs(options: argparse.Namespace) -> Iterator[Job]:
    """What is to be played."""
    if options.faults:
        names = [name for name in FAULTS if fnmatchcase(name, options.faults)]
        if options.sample:
            names = Random(options.seed).sample(names, min(options.sample, len(names)))
        for name in names:
            yield Job(
                fault=name, seed=options.seed, max_requests=options.max_requests, account=options.account
            )
    if options.legal:
        for seed in range(options.seed, options.seed + options.seeds):
            for name in LEGAL:
                if fnmatchcase(name, options.legal):
                    yield Job(
                        legal=(name,), seed=seed, account=options.account, max_requests=options.max_requests
                    )
    if options.combos:
        for seed in range(options.seed, options.seed + options.combos):
            account = list(ACCOUNTS)[seed % len(ACCOUNTS)]
            yield Job(
                legal=tuple(legal_combo(seed)), seed=seed, account=account, max_requests=options.max_requests
            )
    if options.accounts:
        for seed in range(options.seed, options.seed + options.seeds):
            for account in ACCOUNTS:
                yield Job(account=account, seed=seed, max_requests=options.max_requests)


def tell(scores: Iterable[Score]) -> int:
    """Print each wrong score at once and the sum at the end; the number of wrong ones."""
    wrong = faults = requests = count = 0
    clusters: dict[int, int] = {}
    for score in scores:
        count += 1
        requests += score.requests
        faults += bool(score.job.fault)
        bad = bool(score.error) or (score.exit_code == 1) != bool(score.job.fault)
        wrong += bad
        if score.job.fault and not bad:
            clusters[len(score.findings)] = clusters.get(len(score.findings), 0) + 1
        if bad or VERBOSE:
            label = ("MISSED" if score.job.fault else "FALSE ALARM") if bad else "ok"
            print(  # noqa: T201 - a program that prints
                f"{label:12} {score.job.name} [{score.requests} requests, {score.seconds:.1f} s] {score.error}"
            )
            for finding in score.findings[:8]:
                print(f"             - {finding}")  # noqa: T201
            sys.stdout.flush()
    print(f"{count} runs ({faults} faults), {wrong} wrong, {requests / max(count, 1):.0f} requests a run")  # noqa: T201
    print(f"findings a found fault: {dict(sorted(clusters.items()))}")  # noqa: T201
    return wrong


VERBOSE = False


def main() -> int:
    """Play, two at a time."""
    global VERBOSE
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", metavar="GLOB")
    parser.add_argument("--legal", metavar="GLOB")
    parser.add_argument("--accounts", action="store_true", help="every account without a fault")
    parser.add_argument("--combos", type=int, default=0, help="random sets of legal behaviours")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--account", default="normal", choices=sorted(ACCOUNTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--max-requests", type=int, default=300)
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-j", "--processes", type=int, default=2)
    options = parser.parse_args()
    VERBOSE = options.verbose
    todo = list(jobs(options))
    if options.processes == 1:
        return min(1, tell(map(play, todo)))
    with ProcessPoolExecutor(options.processes, mp_context=get_context("spawn")) as pool:
        return min(1, tell(pool.map(play, todo)))


if __name__ == "__main__":
    sys.exit(main())
