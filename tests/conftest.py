"""What holds for every test: one Hypothesis profile, and one seed that a failing run prints."""

from __future__ import annotations

import gc

import pytest
from hypothesis import HealthCheck, core, settings

#: Nothing in it depends on how busy the machine is, on whether `CI` is set, or on what an earlier run left behind.
#: A test says for itself only how many examples it needs.
settings.register_profile(
    "project",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    database=None,
    derandomize=False,
    print_blob=True,
)
settings.load_profile("project")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """`-p randomly`'s seed, which the run prints and all workers share, is Hypothesis' seed too."""
    if core.global_force_seed is None:  # else the person named one with --hypothesis-seed
        core.global_force_seed = config.getoption("randomly_seed", 0)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Workers begin with the modules that have slow tests, so that none of those is left for the end."""
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """What was imported and collected stays until the end: to look through it again and again finds nothing."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
