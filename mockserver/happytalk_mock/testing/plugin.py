"""The pytest plugin: fixtures `happytalk_server` and `happytalk` (docs/pytest.md).

pytest loads this in every run of everyone who installed the package, so it imports nothing but pytest; what
is heavy is imported when a fixture is used.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from .happytalk import HappyTalk
    from .hosting import RemoteMock
    from .mock_server import MockServer

#: What the marker `happytalk` takes.
_MARKS: Final = ("now", "rooms", "days", "data", "behaviour", "strict", "strict_requests", "strict_faults")
#: Requests that the session's server keeps; a test that sends more sees the last ones.
_JOURNAL: Final = 20_000
_HANDLE: Final = pytest.StashKey["HappyTalk"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options and ini settings."""
    group = parser.getgroup("happytalk-mock", "a mock of the HappyTalk API")
    group.addoption(
        "--happytalk-url",
        metavar="URL",
        default=os.environ.get("HAPPYTALK_MOCK_URL"),
        help="Use the mock that runs there (default: $HAPPYTALK_MOCK_URL) instead of starting one.",
    )
    group.addoption(
        "--happytalk-strict",
        action="store_true",
        help="Fail tests whose requests depart from the documentation, or whose faults no request met.",
    )
    parser.addini(
        "happytalk_strict_requests", "Fail tests whose requests depart from the documentation.", "bool", False
    )
    parser.addini("happytalk_strict_faults", "Fail tests whose faults no request met.", "bool", False)


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known."""
    config.addinivalue_line(
        "markers",
        "happytalk(now=, rooms=, days=, data=, behaviour=, strict=, strict_requests=, strict_faults=): "
        "how the fixture `happytalk` begins and what fails a test at its end.",
    )


@pytest.fixture(scope="session")
def happytalk_options() -> dict[str, Any]:
    """What `MockServer` is started with (scenario, twin, seed, rooms, any_token, now …). Override it in a conftest."""
    return {}


@pytest.fixture(scope="session")
def happytalk_server(
    pytestconfig: pytest.Config, happytalk_options: dict[str, Any]
) -> Iterator[MockServer | RemoteMock]:
    """A mock on a free port for the whole session, or the one of --happytalk-url."""
    url = pytestconfig.getoption("--happytalk-url")
    if url:
        yield _remote(url)
        return
    from .mock_server import MockServer

    with MockServer(**{"journal": _JOURNAL, **happytalk_options}) as server:
        yield server


def _remote(url: str) -> RemoteMock:
    from ..core.errors import AdminError
    from .hosting import RemoteMock

    try:
        return RemoteMock(url, admin_token=os.environ.get("HAPPYTALK_MOCK_ADMIN_TOKEN"))
    except (OSError, ValueError, AdminError) as error:
        pytest.fail(f"--happytalk-url {url}: no mock to be used there: {error}", pytrace=False)


@pytest.fixture
def happytalk(
    happytalk_server: MockServer | RemoteMock, request: pytest.FixtureRequest
) -> Iterator[HappyTalk]:
    """A tenant of the test's own: no data, and its own clock, behaviour, faults and requests."""
    marks = _marks(request.node)
    size = {name: marks[name] for name in ("data", "rooms", "days") if name in marks}
    with happytalk_server.tenant(_token(request.node), **size) as tenant:
        request.node.stash[_HANDLE] = tenant
        if "now" in marks:
            tenant.freeze(marks["now"])
        if marks.get("behaviour"):
            tenant.behaviour(**marks["behaviour"])
        yield tenant
        del request.node.stash[_HANDLE]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fails a test that passed but left what strictness forbids."""
    result = yield
    tenant = item.stash.get(_HANDLE, None)
    if tenant is not None:
        found = _found_wrong(tenant, *_strictness(item))
        if found:
            pytest.fail(f"happytalk (strict): {found}", pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds what the mock was asked to the report of a test that failed."""
    report = yield
    tenant = item.stash.get(_HANDLE, None)
    if tenant is not None and report.failed:
        report.sections.append(("happytalk requests", _journal(tenant)))
    return report


def _journal(tenant: HappyTalk) -> str:
    from ..core.errors import MockError

    try:
        return tenant.report()
    except (MockError, OSError) as error:  # a mock elsewhere may be gone by now
        return f"the mock does not tell: {error}"


def _found_wrong(tenant: HappyTalk, requests: bool, faults: bool) -> str:
    try:
        if requests:
            tenant.assert_no_violations()
        if faults:
            tenant.assert_faults_used()
    except AssertionError as error:
        return str(error)
    return ""


def _strictness(item: pytest.Item) -> tuple[bool, bool]:
    """Whether violations, and whether unused faults, fail this test: the marker, else option or setting."""
    marks, config = _marks(item), item.config
    default = config.getoption("--happytalk-strict")
    chosen = [
        marks.get(name, marks.get("strict", default or config.getini(f"happytalk_{name}")))
        for name in ("strict_requests", "strict_faults")
    ]
    return bool(chosen[0]), bool(chosen[1])


def _marks(item: pytest.Item) -> dict[str, Any]:
    """What the markers say, the nearest one last and winning."""
    marks: dict[str, Any] = {}
    for mark in reversed(list(item.iter_markers("happytalk"))):
        marks.update(mark.kwargs)
        for unknown in [*mark.args, *(name for name in mark.kwargs if name not in _MARKS)]:
            pytest.fail(
                f"marker happytalk: received {unknown!r}; allowed: {', '.join(_MARKS)}", pytrace=False
            )
    return marks


def _token(item: pytest.Item) -> str:
    """A token that says which test it is, the same in every run, of characters that a header may have."""
    name = re.sub("[^a-z0-9]+", "-", item.name.lower()).strip("-")[:40]
    return f"{name}-{hashlib.sha256(item.nodeid.encode()).hexdigest()[:8]}".lstrip("-")
