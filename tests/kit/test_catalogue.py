"""The catalogue: complete, and the same in the code and in docs/rules.md."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from happytalk_contract.cli import rule_pages as catalogue
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.rules.catalogue import RULES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"


def test_the_page_is_current() -> None:
    written = PAGE.read_text("utf-8")
    assert written == catalogue.as_markdown(RULES), "happytalk-contract rules --markdown > docs/rules.md"


def test_every_rule_says_all_that_a_reader_needs() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.id.startswith(f"{rule.endpoint}."), rule.id
        assert rule.sentence.strip(), rule.id
        assert rule.needs.strip(), rule.id


def test_each_form_has_every_rule() -> None:
    assert [rule["id"] for rule in json.loads(catalogue.as_json(RULES))] == [rule.id for rule in RULES]
    text, page = catalogue.as_text(RULES), catalogue.as_markdown(RULES)
    for rule in RULES:
        assert f"\n{rule.id}  (" in f"\n{text}"
        assert f"| `{rule.id}` |" in page
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert all(line.replace("\\|", "").count("|") == 5 for line in rows)


def test_patterns_choose() -> None:
    assert catalogue.selected(()) == RULES
    messages = catalogue.selected(["messages.*"])
    assert messages
    assert {rule.endpoint for rule in messages} == {"messages"}
    assert [rule.id for rule in catalogue.selected([RULES[3].id, RULES[1].id])] == [RULES[1].id, RULES[3].id]


def test_a_pattern_that_chooses_nothing_is_told_with_what_is_near() -> None:
    with pytest.raises(WrongUseError, match=r"no such rule; did you mean .*rooms\.wire\.json"):
        catalogue.selected(["rooms.wire.jsn"])
    with pytest.raises(WrongUseError, match="`happytalk-contract rules` lists them"):
        catalogue.selected(["zzz"])
