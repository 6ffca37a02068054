"""What a rule is: a sentence of the documentation and a check that judges recorded exchanges.

A check is a generator of verdicts over the evidence. It never sends. Each verdict says that the premise
occurred: `HELD` (and all was well), a `Finding`, or a `Doubt`, which is a finding that needs one more look
before it may be told, because the data could have moved between two exchanges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final, Literal

from happytalk_contract.core.model import Endpoint, Finding, Severity

if TYPE_CHECKING:
    from happytalk_contract.evidence.readings import Evidence


class Held(Enum):
    """The premise occurred and nothing departs."""

    HELD = "held"


HELD: Final = Held.HELD


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A departure that data in motion could explain; `finding` is what it would be."""

    finding: Finding


Verdict = Literal[Held.HELD] | Finding | Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One line of the catalogue."""

    id: str
    endpoint: Endpoint
    sentence: str  #: the sentence of the documentation it stands on
    severity: Severity  #: of its findings
    needs: str  #: what an account must have for it to be exercised
    check: Callable[[Evidence], Iterator[Verdict]]
    explained_by: tuple[str, ...] = ()  #: signatures (`*`: anything) of deeper findings that explain its own
    akin: tuple[str, ...] = ()  #: those of `explained_by` that explain wherever they show
