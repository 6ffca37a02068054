"""What a shell offers for targets and rules. Nothing is loaded before someone presses Tab."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem


def targets(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """The targets that have a name."""
    from happytalk_contract.transport.targets import ENVIRONMENTS

    return [CompletionItem(name) for name in ("mock", *ENVIRONMENTS) if name.startswith(typed)]


def rules(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
    """The rules, with the sentence that each stands on."""
    from happytalk_contract.rules.catalogue import RULES

    return [CompletionItem(rule.id, help=rule.sentence) for rule in RULES if rule.id.startswith(typed)]
