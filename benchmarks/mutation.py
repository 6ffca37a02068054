"""Runs the contract kit against every drift and every legal behaviour of the mock, and writes the kill matrix.

    python benchmarks/mutation.py [--jobs 2] [--only NAME ...] [--churn-seeds 20] [--no-write]

A drift is killed when the run says `drift`. A legal behaviour must not be called drift: that would be a false
alarm. Writes docs/kill-matrix.md; the drifts the kit misses are listed there, not left out. Exits with 1 on a
false alarm or when fewer than 98 of 100 drifts are killed. Each drift is met with smaller budgets, too:
docs/kill-curve.svg shows how many of them are found by how many requests.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from happytalk_contract.core.model import SECRETS, Finding, RunReport, Severity
from happytalk_contract.engine.runner import Settings, run
from happytalk_contract.report.curl import as_curl
from happytalk_mock import MockServer
from happytalk_mock.faults.drifts import DRIFTS
from happytalk_mock.spec.behaviour import QUESTIONS

PAGE = Path(__file__).parent.parent / "docs" / "kill-matrix.md"
CURVE = PAGE.with_name("kill-curve.svg")
GOAL = 0.98
#: Smaller budgets than the usual one, to tell how many drifts they find.
BUDGETS = (20, 40, 60, 100, 160)
USUAL = 300
#: When the mocks stand, so that the matrix does not depend on the hour it is made at: in office hours of a working
#: day, or a question for today finds nothing.
DAYTIME = "2026-11-20T15:30:00+09:00,ticking"


#: Why a drift is missed, where that is understood.
WHY = {
    "utc-today": "shows only from 00:00 to 09:00 in Seoul; the matrix is made at 15:30",
    "html-on-get": "the kit asks the room list by POST alone, as documented",
    "id-finds-active-only": "a stopped message then answers like an unknown id, and nothing else tells its id",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One mock to run the kit against."""

    kind: str  #: "drift", "legal", "account" or "churn"
    name: str
    says: str
    seed: int = 1
    setup: tuple[tuple[str, Any], ...] = ()  #: arguments of MockServer
    churn: float = 0.0  #: changes a second
    budget: int = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a run said."""

    case: Case
    verdict: str
    rules: tuple[str, ...]  #: of the findings that count, worst first
    message: str
    curl: str
    at: int  #: number of the first exchange behind a finding
    requests: int
    seconds: float


def cases(churn_seeds: int) -> Iterator[Case]:
    """Every drift, then everything that is legal."""
    for drift in DRIFTS.values():
        for budget in (USUAL, *BUDGETS):
            yield Case(kind="drift", name=drift.name, says=drift.says, budget=budget)
    for question in QUESTIONS:
        number = question.number
        # A month and a week of a period; of a status the ends of what is allowed.
        numbers = (
            [one for one in (number.least, 7, 31, number.most) if number.least <= one <= number.most]
            if number
            else []
        )
        for answer in [*question.answers, *map(str, dict.fromkeys(numbers))]:
            chosen = {"behaviour": {question.id: answer}}
            yield Case(
                kind="legal", name=f"{question.id}={answer}", says=question.asks, setup=tuple(chosen.items())
            )
    for name, says, setup in (
        ("empty", "no rooms, no messages", {"rooms": 0}),
        ("one room", "", {"rooms": 1}),
        ("sparse", "twelve rooms over a month", {"rooms": 12}),
        ("busy", "20,000 rooms over a month", {"rooms": 20_000}),
        ("one day", "all rooms of one day", {"rooms": 300, "days": 1}),
        ("old data only", "a hand-made data set of 2022", {"scenario": "pages"}),
        ("ties", "many rooms in one second", {"scenario": "ties"}),
        ("midnight", "rooms around midnight in Seoul", {"scenario": "midnight"}),
        (
            "just past midnight",
            "the clock at 00:00:30 in Seoul",
            {"now": "2026-11-20T00:00:30+09:00,ticking"},
        ),
        ("midnight passes", "the day changes while it is read", {"now": "2026-11-20T23:59:58+09:00,ticking"}),
    ):
        yield Case(kind="account", name=name, says=says, setup=tuple(setup.items()))
    for rate in (0.0, 1.0, 10.0):
        for seed in range(1, churn_seeds + 1):
            yield Case(kind="churn", name=f"{rate:g}/s, seed {seed}", says="rooms change while they are read",
                       seed=seed, setup=(("seed", seed),), churn=rate)  # fmt: skip


def examine(case: Case) -> Outcome:
    """Starts the mock of a case, runs the kit against it, and says what it found."""
    setup = {"now": DAYTIME, **dict(case.setup)}
    if "scenario" in setup:
        del setup["now"]  # a scenario brings its own
    with MockServer(**setup) as server:
        control = server.app.extensions["happytalk_mock"]
        if case.kind == "drift":
            control.drifts.set([case.name])
        if case.churn:
            control.churn.start(case.churn)
        values = (server.token, server.client_id, server.client_secret, server.sender_key)
        began = time.perf_counter()
        report = run(
            Settings(
                chat_url=server.url,
                message_url=server.url,
                credentials=dict(zip(SECRETS, values, strict=True)),
                target="mock",
                seed=case.seed,
                now=server.mock.clock.now,
                max_requests=case.budget,
            )
        )
    return _outcome(case, report, time.perf_counter() - began, server.url)


def _outcome(case: Case, report: RunReport, seconds: float, url: str) -> Outcome:
    counting = [one for one in report.findings if one.severity in (Severity.BREAKING, Severity.VALUE)]
    first: Finding | None = counting[0] if counting else None
    curl = as_curl(first.request, url).replace(url, "$URL") if first and first.request else ""
    return Outcome(
        case=case,
        verdict=report.verdict,
        rules=tuple(dict.fromkeys(one.rule for one in counting)),
        message=first.message if first else "",
        curl=curl,
        at=min((min(one.exchanges, default=0) for one in counting), default=0),
        requests=report.requests,
        seconds=seconds,
    )


def page(outcomes: list[Outcome]) -> str:
    """docs/kill-matrix.md."""
    drifts = [one for one in outcomes if one.case.kind == "drift" and one.case.budget == USUAL]
    killed = [one for one in drifts if one.verdict == "drift"]
    legal = [one for one in outcomes if one.case.kind != "drift"]
    alarms = [one for one in legal if one.verdict == "drift"]
    requests = [one.requests for one in outcomes if one.case.budget == USUAL]
    lines = [
        "# Kill matrix",
        "",
        "Made by `make mutation`: the contract kit, default budget, against every drift of the mock",
        "([drifts.md](drifts.md)) and against what is legal.",
        "",
        f"- drifts found: **{len(killed)} of {len(drifts)}**",
        f"- false alarms: **{len(alarms)} of {len(legal)}** runs on legal behaviours, accounts and moving data",
        f"- requests of a run: {_spread(requests)}; until the first evidence of a drift: "
        f"{_spread([one.at for one in killed])}",
        f"- findings of a run with one drift: {_spread([len(one.rules) for one in killed])}",
        "- found with a smaller budget: "
        + ", ".join(f"{share:.0%} by {budget} requests" for budget, share in found_by(outcomes)[:-1]),
        "",
        "![Drifts found by the number of requests](kill-curve.svg)",
        "",
        "## Missed drifts",
        "",
    ]
    lines += [_missed(one.case) for one in drifts if one.verdict != "drift"] or ["None."]
    lines += ["", "## False alarms", ""]
    lines += [f"- {one.case.kind} `{one.case.name}`: {one.rules[0]}: {one.message}" for one in alarms] or [
        "None."
    ]
    lines += [
        "",
        "## Drifts",
        "",
        "| drift | found by | at request | least request |",
        "| --- | --- | --- | --- |",
    ]
    for one in drifts:
        rules = ", ".join(f"`{rule}`" for rule in one.rules) or "**missed**"
        least = f"`{one.curl.replace('|', chr(92) + '|')}`" if one.curl else ""
        lines.append(f"| `{one.case.name}` | {rules} | {one.at or ''} | {' '.join(least.split())} |")
    lines += ["", "## Legal", "", "| what | runs | false alarms | requests |", "| --- | --- | --- | --- |"]
    for kind in ("legal", "account", "churn"):
        runs = [one for one in legal if one.case.kind == kind]
        wrong = sum(one.verdict == "drift" for one in runs)
        what = {"legal": "every legal answer of every open question", "account": "accounts and clocks",
                "churn": "0, 1 and 10 changes a second"}[kind]  # fmt: skip
        lines.append(f"| {what} | {len(runs)} | {wrong} | {_spread([one.requests for one in runs])} |")
    return "\n".join(lines) + "\n"


def found_by(outcomes: list[Outcome]) -> list[tuple[int, float]]:
    """The share of the drifts that each budget finds, the smallest budget first."""
    shares = []
    for budget in (*BUDGETS, USUAL):
        runs = [one for one in outcomes if one.case.kind == "drift" and one.case.budget == budget]
        if runs:
            shares.append((budget, sum(one.verdict == "drift" for one in runs) / len(runs)))
    return shares


def curve(shares: list[tuple[int, float]]) -> str:
    """docs/kill-curve.svg: the share of found drifts over the budget, a dot for each that was measured."""
    left, top, width, height = 50, 20, 560, 240

    def at(budget: float, share: float) -> tuple[float, float]:
        return left + width * budget / USUAL, top + height * (1 - share)

    lines = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = at(0, share)[1]
        lines.append(f'<path d="M{left} {y}H{left + width}" stroke="#ccd" />')
        lines.append(f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{share:.0%}</text>')
    points = [at(budget, share) for budget, share in [(0, 0.0), *shares]]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    lines.append(f'<polyline points="{drawn}" fill="none" stroke="#0b5cad" stroke-width="2" />')
    for (budget, share), (x, y) in zip(shares, points[1:], strict=True):
        lines.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#0b5cad" />')
        lines.append(f'<text x="{x:.1f}" y="{y + 20:.1f}" text-anchor="middle">{share:.1%}</text>')
        lines.append(f'<text x="{x:.1f}" y="{top + height + 18}" text-anchor="middle">{budget}</text>')
    lines.append(f'<text x="{left + width}" y="{top + height + 36}" text-anchor="end">requests</text>')
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 660 310" font-family="sans-serif" font-size="12">'
    title = "<title>Drifts found by the number of requests</title>"
    return "\n".join([head, title, '<rect width="660" height="310" fill="white" />', *lines, "</svg>"]) + "\n"


def _missed(case: Case) -> str:
    why = f" ({WHY[case.name]})" if case.name in WHY else ""
    return f"- `{case.name}`: {case.says}{why}"


def _spread(numbers: list[int]) -> str:
    if not numbers:
        return "none"
    ordered = sorted(numbers)
    return f"{ordered[0]} to {ordered[-1]}, median {ordered[len(ordered) // 2]}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", nargs="*", help="names of cases (or a kind)")
    parser.add_argument("--churn-seeds", type=int, default=20)
    parser.add_argument("--no-write", action="store_true")
    chosen = parser.parse_args()
    todo = [
        case
        for case in cases(chosen.churn_seeds)
        if not chosen.only or case.name in chosen.only or case.kind in chosen.only
    ]
    outcomes = []
    with multiprocessing.get_context("spawn").Pool(chosen.jobs) as pool:
        for done, one in enumerate(pool.imap(examine, todo), 1):
            outcomes.append(one)
            good = (one.verdict == "drift") == (one.case.kind == "drift") or one.case.budget < USUAL
            if not good or chosen.only:
                shown = f"{one.rules} {one.message}" if one.rules else ""
                print(f"{'ok' if good else 'WRONG':6}{one.case.kind} {one.case.name}: {one.verdict} {shown}")
            if done % 20 == 0 or done == len(todo):
                print(f"{done} of {len(todo)} runs", file=sys.stderr, flush=True)
    text = page(outcomes)
    print("\n".join(text.splitlines()[5:10]))
    print("verdicts:", dict(Counter((one.case.kind, one.verdict) for one in outcomes)))
    print(f"longest run {max(one.seconds for one in outcomes):.1f} s")
    if not (chosen.no_write or chosen.only):
        PAGE.write_text(text, encoding="utf-8")
        CURVE.write_text(curve(found_by(outcomes)), encoding="utf-8")
    drifts = [one for one in outcomes if one.case.kind == "drift" and one.case.budget == USUAL]
    killed = sum(one.verdict == "drift" for one in drifts)
    alarm = any(one.verdict == "drift" for one in outcomes if one.case.kind != "drift")
    return int(alarm or killed < GOAL * len(drifts))


if __name__ == "__main__":
    raise SystemExit(main())
