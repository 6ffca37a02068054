"""The contract as tests, one for each rule of the catalogue.

`pytest contract_tests --target URL` in a checkout, `pytest --pyargs happytalk_contract --target URL`
anywhere else. `-k order` chooses rules by their ids.
"""

from __future__ import annotations

import pytest

from happytalk_contract.report.document import Document
from happytalk_contract.report.text import verdict_sentence
from happytalk_contract.suite.plugin import judge_rule


def test_something_was_judged(contract_report: Document) -> None:
    """An account without data, or an API that can not be reached, must not look like a pass."""
    if contract_report["summary"]["verdict"] == "nothing_judged":
        more = [note for note in contract_report["notes"] if note not in contract_report["unjudged"]]
        pytest.fail("\n".join([verdict_sentence(contract_report), *more]), pytrace=False)


def test_rule(contract_rule: str, contract_report: Document) -> None:
    """What the API answers is what the rule's sentence of the documentation says."""
    judge_rule(contract_rule, contract_report)
