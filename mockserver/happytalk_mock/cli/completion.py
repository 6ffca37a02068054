"""What a shell offers for options whose values are names. Nothing is loaded before someone presses Tab."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import click
from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def offering(names: Callable[[], Mapping[str, str]], *, files: bool = False) -> Complete:
    """Offers `names()` with what each means, and files where the option takes one too."""

    def complete(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
        found = [
            CompletionItem(name, help=says or None)
            for name, says in names().items()
            if name.startswith(typed)
        ]
        # First, since click's script for bash forgets what stood before an item of this type.
        return [*([CompletionItem(typed, type="file")] if files else []), *found]

    return complete


def scenarios() -> Mapping[str, str]:
    """The scenarios by name."""
    from ..data import scenario
    from ..spec import resources

    return {name: scenario.load(name).description for name in resources.scenario_names()}


def drifts() -> Mapping[str, str]:
    """The drifts by name."""
    from ..faults.drifts import DRIFTS

    return {name: drift.says for name, drift in DRIFTS.items()}


def settings() -> Mapping[str, str]:
    """Every open question with each of its legal answers, as --set takes them."""
    from ..spec.behaviour import QUESTIONS

    return {f"{question.id}={answer}": "" for question in QUESTIONS for answer in question.answers}


def score_items() -> Mapping[str, str]:
    """The items of the scorecard."""
    from ..journal.score import ITEM_IDS

    return dict.fromkeys(ITEM_IDS, "")
