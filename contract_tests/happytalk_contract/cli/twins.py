"""The commands `learn` and `fidelity`: a twin of an API and an account, made and held against them."""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from happytalk_contract import check
from happytalk_contract.cli.options import options
from happytalk_contract.cli.outputs import person
from happytalk_contract.core.control import ignore
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import ExitCode
from happytalk_contract.report.console import progressing
from happytalk_contract.twin.notebook import NAME

if TYPE_CHECKING:
    from happytalk_contract.twin.fidelity import Fidelity
    from happytalk_contract.twin.learn import Outcome

#: What a shell expects of a command that Ctrl-C ended.
INTERRUPTED = 130
_MOST_IDS = 2000


@click.command("learn")
@options("asking", "learn", "showing")
def learn_command(**given: Any) -> int:
    """Learn a twin of an API and an account in one read-only visit, for `happytalk-mock serve --twin`.

    \b
      happytalk-contract learn --target dev -o shop.twin
      happytalk-mock serve --twin shop.twin

    What a person wrote, names, numbers and ids become pseudonyms before they are written; the files are
    personal data still. A visit that was interrupted goes on when the same command is given again.
    """
    from happytalk_contract.twin.learn import Asked, learn, learn_from  # here: `check` needs none of it

    asked = Asked(
        output=given["output"],
        days=given["days"],
        rooms=not given["without_rooms"],
        words=given["words"],
        meant=given["meant"],
        key_file=given["key_file"],
        message_ids=_numbers(given["message_ids"]),
        limits=given["limits"],
    )
    asked.make_sure()
    console = _console(given, error=False)
    if given["recording"] is not None:
        outcome = learn_from(given["recording"], asked)
    else:
        with _asking(given) as (ready, on_event):
            outcome = learn(ready, asked, on_event)
    if not given["quiet"]:
        for line in _told(outcome, asked.output):
            console.print(line, markup=False, soft_wrap=True)
    if outcome.twin is None:
        return INTERRUPTED if outcome.visit.cut == "interrupted" else ExitCode.NOTHING_JUDGED
    return ExitCode.CONFORMS


@click.command("fidelity")
@options("asking", "fidelity", "showing")
def fidelity_command(**given: Any) -> int:
    """Tell how alike an API and its twin answer: both are asked the same, drawn at random.

    \b
      happytalk-contract fidelity --twin shop.twin --target dev --max-requests 100 --at-least 0.99

    Pseudonyms do not count as differences; what moved while it was asked does not count at all. Exit codes:
    0 alike enough, 1 less than --at-least, 3 nothing could be compared.
    """
    from happytalk_contract.twin.fidelity import fidelity  # here: `check` needs none of it

    console = _console(given, error=False)
    with _asking(given) as (ready, on_event):
        outcome = fidelity(ready, given["twin"], key_file=given["key_file"], on_event=on_event)
    if not given["quiet"]:
        for line in _shares(outcome):
            console.print(line, markup=False, soft_wrap=True)
    if not outcome.asked.total():
        return ExitCode.NOTHING_JUDGED
    wanted = given["at_least"]
    return ExitCode.DRIFT if wanted is not None and outcome.share < wanted else ExitCode.CONFORMS


@contextlib.contextmanager
def _asking(given: dict[str, Any]) -> Iterator[tuple[check.Settings, Any]]:
    """A target to ask, and who listens to what happens."""
    names = {each.name for each in dataclasses.fields(check.Options)} & given.keys()
    with check.prepared(check.Options(**{name: given[name] for name in names}), ask=person()) as ready:
        console = _console(given, error=True)
        if not given["quiet"]:
            console.print(f"target {ready.target}, seed {ready.seed}", markup=False)
        with contextlib.nullcontext(ignore) if given["quiet"] else progressing(console) as on_event:
            yield ready, on_event


def _console(given: dict[str, Any], *, error: bool) -> Console:
    return Console(stderr=error, no_color=True if given["no_color"] else None, highlight=False)


def _numbers(text: str | None) -> tuple[int, ...]:
    """Read `100-300`, or one number. Raises `WrongUseError`."""
    if text is None:
        return ()
    found = re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", text.strip())
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if not first <= last < first + _MOST_IDS:
        raise WrongUseError(
            f"--message-ids {text!r}: expected FIRST-LAST such as 100-300, at most {_MOST_IDS} of them"
        )
    return tuple(range(first, last + 1))


def _told(outcome: Outcome, folder: Path) -> Iterator[str]:
    """What became of a visit, for a person."""
    visit, twin = outcome.visit, outcome.twin
    yield from (f"note: {note}" for note in visit.notes)
    if twin is None:
        if visit.cut:
            yield (
                f"{visit.cut} after {outcome.requests} requests; the same command goes on where it was. "
                f"Until then {folder / NAME} holds answers as they came"
            )
        else:
            yield from visit.unread
            left = f"{folder} is as it was" if (folder / "twin.toml").exists() else "no twin was written"
            yield (
                f"nothing was learned: {left}"
                if visit.unread
                else "nothing was learned: no endpoint could be asked"
            )
        return
    rooms = len(visit.crawled.ties.rooms) if visit.crawled else 0
    yield f"read {rooms} rooms and {len(visit.messages.messages)} system messages in {outcome.requests} requests"
    states = [one.state for one in visit.decisions.values()]
    counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(sorted(states)))
    yield f"open questions: {counts.replace('_', ' ')}"
    for one in visit.decisions.values():
        if one.state in ("undecided", "other", "unsteady"):
            yield f"  {one.question}: {one.state}: {' or '.join(one.candidates) or one.excerpt}"
    if outcome.changes:
        yield "differences to the twin that was there:"
        yield from (f"  {change}" for change in outcome.changes)
    found = outcome.verified
    if found.drifts:
        yield f"drifts as {', '.join(found.drifts)}: the mock on the twin does so too"
    yield f"mock answers {found.alike} of {found.asked} as recorded"
    for apart, kind in found.departing[:20]:
        yield f"  {apart.number}: {apart.request.why} ({kind}): served as it was recorded"
    yield f"wrote {folder}: {twin.about['notice']}"


def _shares(outcome: Fidelity) -> Iterator[str]:
    """How alike an API and its twin are, for a person."""
    yield from (f"note: {note}" for note in outcome.notes)
    for kind, count in outcome.asked.items():
        yield f"{kind}: {outcome.alike[kind]} of {count} alike ({outcome.alike[kind] / count:.1%})"
    for kind, found, request in outcome.examples:
        body = (request.body or b"").decode("utf-8", "replace")[:160]
        query = "&".join(f"{name}={value}" for name, value in request.query)
        yield f"  {kind}, {found}: {request.method}{request.suffix} {body or query}"
    if outcome.moved:
        yield f"not counted, for the data moved: {outcome.moved}"
    yield f"{outcome.share:.2%} of {outcome.asked.total()} questions are answered alike, seed {outcome.seed}"
