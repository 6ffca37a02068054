"""What a person at a terminal sees: how far the run is, then what it found.

Colour and the moving bar appear on a terminal only; elsewhere progress is a plain line now and then.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from happytalk_contract.core.events import Answered, Event, FindingMade, PhaseStarted, Waiting
from happytalk_contract.report.document import Document
from happytalk_contract.report.text import answer_text, finding_facts, verdict_sentence

#: Seconds between two plain lines of progress; shorter runs print none.
PLAIN_INTERVAL: Final = 2.0

STYLES: Final = {
    "breaking": "bold red",
    "value": "bold yellow",
    "additive": "cyan",
    "open_answer": "cyan",
    "conforms": "bold green",
    "drift": "bold red",
    "nothing_judged": "bold yellow",
    "pass": "green",
    "fail": "red",
    "not_exercised": "yellow",
    "skipped": "dim",
}
#: How many rules that were not exercised are named before "and N more"; the reports have them all.
NAMED_RULES: Final = 12


@contextlib.contextmanager
def progressing(
    console: Console, *, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[Event], None]]:
    """Show a run's events on `console` (the one for people) while the block lasts; yields the listener."""
    progress = _Bar(console) if console.is_terminal else _Lines(console, clock)
    with progress:
        yield progress.on_event


class _Bar:
    """A moving line on a terminal, gone when the run is over."""

    def __init__(self, console: Console) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._told = "starting"
        self._found = 0
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("requests"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task(self._told, total=None)

    def __enter__(self) -> None:
        self._progress.start()

    def __exit__(self, *_exception: object) -> None:
        self._progress.stop()

    def on_event(self, event: Event) -> None:
        self._found += isinstance(event, FindingMade)
        self._told = _looked_at(event) or self._told
        told = f"{self._found} found; {self._told}" if self._found else self._told
        self._progress.update(
            self._task, completed=event.requests, total=event.max_requests or None, description=_cut(told, 48)
        )


class _Lines:
    """A plain line now and then, where there is no terminal; a short run prints none."""

    def __init__(self, console: Console, clock: Callable[[], float]) -> None:
        self._console = console
        self._clock = clock
        self._last = clock()
        self._phase = ""
        self._found = 0

    def __enter__(self) -> None:
        self._last = self._clock()

    def __exit__(self, *_exception: object) -> None:
        pass

    def on_event(self, event: Event) -> None:
        if isinstance(event, PhaseStarted | Waiting):
            self._phase = event.text
        self._found += isinstance(event, FindingMade)
        if self._clock() - self._last >= PLAIN_INTERVAL:
            self._last = self._clock()
            now = _looked_at(event)
            parts = [
                self._phase,
                now if now != self._phase else "",
                f"{self._found} found" if self._found else "",
            ]
            line = f"{event.requests} of {event.max_requests} requests: {'; '.join(filter(None, parts))}"
            self._console.print(Text(line), soft_wrap=True)


def show(document: Document, console: Console) -> None:
    """Print findings, rule coverage, open questions, notes and the verdict, in this order: the end of a
    long output is what stays on the screen."""
    for finding in document["findings"]:
        _show_finding(finding, console)
    for accepted in document["accepted"]:
        until = f", until {accepted['expires']}" if accepted["expires"] else ""
        told = " ".join(part for part in (accepted["reason"], accepted["ticket"]) if part)
        line = f"accepted since {accepted['since']}{until}: {accepted['finding']['message']}"
        console.print(Text(f"{line} ({told})" if told else line, style="dim"), soft_wrap=True)
    _show_rules(document, console)
    _show_answers(document, console)
    for note in [*document["notes"], *(f"baseline: {note}" for note in document["baseline_notes"])]:
        console.print(Text(f"note: {note}", style="yellow"), soft_wrap=True)
    summary = document["summary"]
    console.print(
        Text.assemble(
            (f"{summary['verdict'].replace('_', ' ')}: ", STYLES[summary["verdict"]]),
            verdict_sentence(document),
            f" {summary['requests']} of {summary['max_requests']} requests, {summary['seconds']:.1f} s, "
            f"seed {document['seed']}.",
        ),
        soft_wrap=True,
    )


def _show_finding(finding: Document, console: Console) -> None:
    severity = finding["severity"]
    head = Text.assemble(
        (f"{severity.replace('_', ' ')}: ", STYLES[severity]),
        (finding["message"], "bold" if severity in ("breaking", "value") else ""),
        (f"  [{finding['rule']}]", "dim"),
    )
    console.print(head, soft_wrap=True)
    for label, text in finding_facts(finding):
        # soft_wrap: a curl line broken by us could not be pasted
        console.print(Text.assemble((f"  {label:<11}", "dim"), text), soft_wrap=True)
    console.print()


def _show_rules(document: Document, console: Console) -> None:
    counts = document["summary"]["rules"]
    told = [
        Text(f"{count} {status.replace('_', ' ')}", STYLES[status])
        for status, count in counts.items()
        if count
    ]
    line = Text("rules: ").append_text(Text(", ").join(told))
    console.print(line, soft_wrap=True)
    idle = [rule for rule in document["rules"] if rule["status"] == "not_exercised"]
    for rule in idle[:NAMED_RULES]:
        why = rule["note"] or f"needs {rule['needs']}"
        console.print(Text(f"  not exercised: {rule['id']}: {why}", style="dim"), soft_wrap=True)
    if len(idle) > NAMED_RULES:
        rest = f"  and {len(idle) - NAMED_RULES} more; a report (--report-html) names them all"
        console.print(Text(rest, style="dim"), soft_wrap=True)
    console.print()


def _show_answers(document: Document, console: Console) -> None:
    seen = [answer for answer in document["answers"] if answer["state"] != "not_seen"]
    if not seen:
        return
    table = Table(title="Open questions of the documentation", title_justify="left", box=None, pad_edge=False)
    table.add_column("question", overflow="fold")
    table.add_column("answer seen", overflow="fold")
    for answer in seen:
        table.add_row(Text(answer["asks"]), Text(answer_text(answer)))
    console.print(table)
    unseen = len(document["answers"]) - len(seen)
    if unseen:
        console.print(Text(f"{unseen} more could not be answered in this run", style="dim"))
    console.print()


def _looked_at(event: Event) -> str:
    """What is being looked at; "" where an event does not say."""
    if isinstance(event, Answered):
        return event.exchange.request.why
    return event.text if isinstance(event, PhaseStarted | Waiting) else ""


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
