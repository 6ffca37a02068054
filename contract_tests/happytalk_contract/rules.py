"""The catalogue: every rule of the kit, deepest first.

A finding of an earlier rule can explain one of a later rule, never the other way round (see `fold`).
"""

from __future__ import annotations

from typing import Final

from happytalk_contract import (
    rules_fields,
    rules_lists,
    rules_messages,
    rules_relations,
    rules_robustness,
)
from happytalk_contract.rule import Rule

RULES: Final[tuple[Rule, ...]] = (
    *rules_robustness.RULES,
    *rules_fields.RULES,
    *rules_lists.RULES,
    *rules_relations.RULES,
    *rules_messages.RULES,
)
