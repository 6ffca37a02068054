"""The console: plain where there is no terminal, and lines that can be pasted."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from rich.console import Console
from sample_report import accepted, answer, conforming, exchange, question, rule, sample

from happytalk_contract.core.events import Answered, Event, PhaseStarted
from happytalk_contract.core.model import Status
from happytalk_contract.report.console import progressing, show
from happytalk_contract.report.document import as_document

COLOUR = r"\x1b\[(?:\d+;)*3[1-7]m"
#: Whatever the terminal of whoever runs the tests.
TERMINAL = {"TERM": "xterm-256color"}


def shown(run: Any, *, width: int = 60, **options: Any) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, _environ=TERMINAL, **options)
    show(as_document(run), console)
    text: str = console.file.getvalue()
    return text


def test_findings_then_coverage_then_questions_then_the_verdict() -> None:
    text = shown(sample(accepted=(accepted(),)))
    places = [
        text.index(part)
        for part in ("breaking: With sort_key", "additive", "accepted since 2026-05-01", "rules: 1 pass, 3 fail",
                     "Open questions", "note: system messages skipped", "drift: 2 new departures")
    ]  # fmt: skip
    assert places == sorted(places)
    assert "3 of 300 requests, 4.2 s, seed 20260526." in text
    assert "not exercised: rooms.ties: no two rooms had the same time" in text
    assert "explains   1 more finding: rooms.pages" in text


def test_a_curl_line_is_never_broken() -> None:
    line = as_document(sample())["findings"][0]["curl"]
    assert len(line) > 200
    assert f"  ask again  {line}\n" in shown(sample(), width=40)


def test_no_colours_without_a_terminal_and_with_one_if_not_wanted() -> None:
    assert "\x1b[" not in shown(sample())
    assert re.search(COLOUR, shown(sample(), force_terminal=True))
    assert not re.search(COLOUR, shown(sample(), force_terminal=True, no_color=True))


def test_what_was_received_is_no_mark_up() -> None:
    text = shown(sample(notes=("[bold]x[/] [/nope] \x1b[2J",)))
    assert "note: [bold]x[/] [/nope] \\x1b[2J" in text


def test_a_conforming_run_is_short() -> None:
    text = shown(conforming(), width=100)
    assert "conforms: No departure" in text
    assert len(text.splitlines()) < 15


def test_very_many_idle_rules_are_not_all_named() -> None:
    run = sample(rules=tuple(rule(f"rooms.r{n}", Status.NOT_EXERCISED) for n in range(50)))
    assert shown(run).count("not exercised: ") == 12
    assert "and 38 more" in shown(run)


def events() -> list[Event]:
    return [
        PhaseStarted(text="looking for data", requests=0, max_requests=300),
        *(
            Answered(
                text="rooms: 200",
                requests=n,
                max_requests=300,
                exchange=exchange(n, question(), answer([])),
            )
            for n in range(1, 51)
        ),
    ]


@pytest.mark.parametrize(("seconds_each", "lines"), [(0.01, 0), (0.1, 2), (1.0, 25)])
def test_without_a_terminal_progress_is_a_line_now_and_then(seconds_each: float, lines: int) -> None:
    console = Console(file=io.StringIO(), width=40, _environ=TERMINAL)
    now = 0.0
    with progressing(console, clock=lambda: now) as on_event:
        for event in events():
            now += seconds_each
            on_event(event)
    told = console.file.getvalue().splitlines()
    assert len(told) == lines
    assert all("of 300 requests: looking for data" in line for line in told)


def test_on_a_terminal_progress_moves_and_goes() -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=True, _environ=TERMINAL)
    with progressing(console) as on_event:
        for event in events():
            on_event(event)
    text = console.file.getvalue()
    assert events()[-1].exchange.request.why in text  # what is being looked at
    assert "50/300" in text
    assert text.endswith("\x1b[2K")  # the line is taken away
