"""The catalogue: every rule of the kit, deepest first.

A finding of an earlier rule can explain one of a later rule, never the other way round (see `fold`).
"""

from __future__ import annotations

from typing import Final

from happytalk_contract.rules.answers.rules import RULES as OPEN
from happytalk_contract.rules.messages.rules import RULES as MESSAGES
from happytalk_contract.rules.rooms.fields import RULES as FIELDS
from happytalk_contract.rules.rooms.lists import HEADS, LISTS
from happytalk_contract.rules.rooms.relations import RULES as RELATIONS
from happytalk_contract.rules.rooms.relations import STEADY
from happytalk_contract.rules.rooms.robustness import RULES as ROBUSTNESS
from happytalk_contract.rules.rule import Rule

RULES: Final[tuple[Rule, ...]] = (*ROBUSTNESS, *FIELDS, *HEADS, *STEADY, *LISTS, *RELATIONS, *MESSAGES, *OPEN)
