"""Makes `pytest contract_tests` run the kit's suite."""

pytest_plugins = ["happytalk_contract.suite.plugin"]

#: The package holds the same tests, for `pytest --pyargs happytalk_contract`.
collect_ignore = ["happytalk_contract"]
