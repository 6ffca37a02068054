"""The contract as tests, one for each rule: `pytest contract_tests --target URL`."""

from happytalk_contract.suite.test_contract import test_rule, test_something_was_judged

__all__ = ["test_rule", "test_something_was_judged"]
