"""What a rule is: a sentence of the documentation and a check that judges recorded exchanges.

A check is a generator of verdicts over the evidence. It never sends. Each verdict says that the premise
occurred: `HELD` (and all was well), a `Finding`, or a `Doubt`, which is a finding that needs one more look
before it may be told, because the data could have moved between two exchanges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import partial
from types import ModuleType
from typing import Any, Final, Literal

from happytalk_contract.core.model import Endpoint, Finding, Severity
from happytalk_contract.evidence.evidence import Evidence


class Held(Enum):
    """The premise occurred and nothing departs."""

    HELD = "held"


HELD: Final = Held.HELD


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A departure that data in motion could explain; `finding` is what it would be."""

    finding: Finding


Verdict = Literal[Held.HELD] | Finding | Doubt
#: A check is given the evidence, or one thing of it (`each`), and what it is declared with.
Check = Callable[..., Iterator[Verdict]]
#: What of the evidence a check can be given one by one.
Each = Literal["rooms", "messages", "distinct_rooms", "listed_messages"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the catalogue."""

    id: str
    endpoint: Endpoint
    sentence: str  #: the sentence of the documentation it stands on
    severity: Severity  #: of its findings
    needs: str  #: what an account must have for it to be exercised
    check: Callable[[Evidence], Iterable[Verdict]]
    explained_by: tuple[str, ...] = ()  #: signatures (`*`: anything) of deeper findings that explain its own
    akin: tuple[str, ...] = ()  #: those of `explained_by` that explain wherever they show


def rule(
    name: str,
    needs: str,
    *,
    sentence: str = "",
    severity: Severity = Severity.BREAKING,
    each: Each | None = None,
    explained_by: str = "",
    akin: str = "",
    **given: Any,
) -> Callable[[Check], Rule]:
    """Make a rule of the check below; its docstring is the sentence, unless one is given.

    `each`: the check judges these one by one, and each of them once. `given`: what else the check is given;
    so several rules can share one. `explained_by`, `akin`: patterns of signatures, without the endpoint; what
    is akin explains as well.
    """

    endpoint: Endpoint = "rooms" if name.startswith("rooms.") else "messages"

    def patterns(text: str) -> tuple[str, ...]:
        return tuple(f"{endpoint}.{pattern}" for pattern in text.split())

    def made(check: Check) -> Rule:
        judge = partial(check, **given)
        return Rule(
            id=name,
            endpoint=endpoint,
            sentence=sentence or (check.__doc__ or "").strip(),
            severity=severity,
            needs=needs,
            check=judge if each is None else lambda seen: seen.said(name, getattr(seen, each), judge),
            explained_by=patterns(f"{explained_by} {akin}"),
            akin=patterns(akin),
        )

    return made


def declared(*modules: ModuleType) -> tuple[Rule, ...]:
    """The rules that `modules` declare, in the order in which they stand there; a family is a tuple of rules."""
    return tuple(
        one
        for module in modules
        for value in vars(module).values()
        for one in (value if isinstance(value, tuple) else (value,))
        if isinstance(one, Rule)
    )
