"""The catalogue: every rule of the kit, deepest first.

A finding of an earlier rule can explain one of a later rule, never the other way round (see `fold`).
"""

from __future__ import annotations

from typing import Final

from happytalk_contract.rule import Rule
from happytalk_contract.rules_fields import RULES as FIELDS
from happytalk_contract.rules_lists import HEADS, LISTS
from happytalk_contract.rules_messages import RULES as MESSAGES
from happytalk_contract.rules_open import RULES as OPEN
from happytalk_contract.rules_relations import RULES as RELATIONS
from happytalk_contract.rules_relations import STEADY
from happytalk_contract.rules_robustness import RULES as ROBUSTNESS

RULES: Final[tuple[Rule, ...]] = (*ROBUSTNESS, *FIELDS, *HEADS, *STEADY, *LISTS, *RELATIONS, *MESSAGES, *OPEN)
