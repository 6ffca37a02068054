"""docs/contract.md speaks of options, rules and codes that exist."""

from __future__ import annotations

import fnmatch
import re
import tomllib
from pathlib import Path

import click
import pytest

from happytalk_contract.cli import commands as cli
from happytalk_contract.cli.rule_pages import SENTENCES
from happytalk_contract.core.model import SECRETS, Severity
from happytalk_contract.rules.catalogue import RULES
from happytalk_contract.suite import plugin as pytest_suite
from happytalk_contract.verdict import baseline

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "contract.md").read_text("utf-8")


def options_of_pytest() -> set[str]:
    parser = pytest.Parser(_ispytest=True)
    pytest_suite.pytest_addoption(parser)
    own = {name for group in parser._groups for option in group.options for name in option.names()}
    return own | {"--junit-xml", "--pyargs", "--hypothesis-seed"}


def test_every_option_exists() -> None:
    known = {
        name for command in cli.cli.commands.values() for option in command.params for name in option.opts
    } | options_of_pytest()
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", PAGE))
    assert len(named) > 15
    assert named <= known


def test_every_option_of_check_is_told() -> None:
    untold = {"--no-color", "--quiet"}
    for option in cli.check_command.params:
        assert isinstance(option, click.Option)
        assert untold.intersection(option.opts) or any(name in PAGE for name in option.opts), option.opts


def test_every_credential_and_severity_is_told() -> None:
    for name in (*SECRETS, *(f"`{severity.value}`" for severity in Severity)):
        assert name in PAGE


def test_the_baseline_shown_is_one(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    path = tmp_path / "b.toml"
    path.write_text(block, "utf-8")
    (entry,) = baseline.load(path).entries
    assert entry.id in {rule.id for rule in RULES}
    assert set(tomllib.loads(block)["accepted"][0]) == set(baseline._FIELDS)


def test_what_is_said_to_judge_a_sentence_is_a_rule_and_every_rule_judges_one() -> None:
    ids = {rule.id for rule in RULES}
    judging = [pattern for told in SENTENCES for pattern in told["rules"]]
    assert [pattern for pattern in judging if not fnmatch.filter(ids, pattern)] == []
    without = {name for name in ids if not any(fnmatch.fnmatch(name, pattern) for pattern in judging)}
    # These judge what no sentence of its own states: that an answer comes at all, and in which shape.
    assert without <= {
        "rooms.answered",
        "rooms.envelope",
        "rooms.period",
        "rooms.unique",
        "messages.answered",
        "messages.open.steady",
        "messages.read_only",
        "messages.same_answer",
    }
