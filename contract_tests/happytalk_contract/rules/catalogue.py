"""The catalogue: every rule of the kit, deepest first.

A finding of an earlier rule can explain one of a later rule, never the other way round (see `fold`). Within a
module the rules stand in the order in which it declares them.
"""

from __future__ import annotations

from typing import Final

from happytalk_contract.rules import wire
from happytalk_contract.rules.answers import rules as answers
from happytalk_contract.rules.messages import fields as message_fields
from happytalk_contract.rules.messages import heads as message_heads
from happytalk_contract.rules.messages import relations as message_relations
from happytalk_contract.rules.messages import sense
from happytalk_contract.rules.rooms import failures, fields, heads, lists, pages, relations, steady, unions
from happytalk_contract.rules.rule import Rule, declared

#: Rules over single lists, and over several answers.
LISTS: Final = declared(lists, pages)
RELATIONS: Final = declared(relations, unions)

RULES: Final[tuple[Rule, ...]] = (
    *declared(wire, failures, fields, heads, steady),
    *LISTS,
    *RELATIONS,
    *declared(message_heads, message_fields, sense, message_relations, answers),
)
