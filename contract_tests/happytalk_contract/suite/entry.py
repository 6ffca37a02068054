"""What pytest loads in every run of everyone who installed this: next to nothing.

The suite's options (`--target`, `--baseline` …) exist only where the suite is what is run:
`pytest --pyargs happytalk_contract`.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None]:
    """Bring in the suite's plugin if the suite is named; later would be too late for its options.

    After the user's conftest, whose options keep their names.
    """
    yield
    if "--pyargs" in args and any(_is_suite(argument) for argument in args):
        early_config.pluginmanager.import_plugin("happytalk_contract.suite.plugin")


def _is_suite(argument: str) -> bool:
    return argument.partition("::")[0].split(".")[0] == "happytalk_contract"
