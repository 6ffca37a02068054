"""The pytest plugin as its users see it: fixtures, marker, strictness, reports, and what it costs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from happytalk_mock import MockServer

pytest_plugins = ["pytester"]

#: A client as users have one.
CLIENT = """
import pytest
import requests

PATH = "/user/api/chat_room_lists/format/json"

def rooms(happytalk, ndate=None, **more):
    found, page = [], 1
    while True:
        body = {"token": happytalk.token, "ndate": ndate, "limit": 50, "page": page, **more}
        answer = requests.post(happytalk.url + PATH, json=body, timeout=5)
        if answer.status_code == 429:
            continue
        chat_list = answer.json()["data"]["chat_list"]
        if not chat_list:
            return found
        found += chat_list
        page += 1
"""


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """A run in this process forgets what it imported: without this each would import it all anew."""
    with MockServer(port=None) as server, server.tenant(rooms=2, days=1) as tenant:
        session = tenant.requests_session()
        assert session.post(tenant.rooms_url, json={"token": tenant.token, "limit": 80}).ok
        assert requests.__version__ in session.headers["User-Agent"]
        tenant.report()
        tenant.httpx_client().close()


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Callable[..., pytest.RunResult]:
    """Runs tests written beside the client; in this process, which has imported everything already."""

    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # others' plugins take their time

    def run(tests: str, *args: str) -> pytest.RunResult:
        pytester.makepyfile(CLIENT + tests)
        return pytester.runpytest_inprocess(
            "-p", "happytalk_mock.testing.plugin", "-p", "no:cacheprovider", *args
        )

    return run


@pytest.mark.slow
def test_the_examples_of_the_readme(run) -> None:
    found = run("""
def test_reads_every_page(happytalk):
    happytalk.add_rooms(120, reg_date="2026-11-20 10:00:00")
    assert len(rooms(happytalk, "2026-11-20")) == 120

def test_copes_with_429(happytalk):
    happytalk.fail(429, times=1)
    assert rooms(happytalk) == []
    assert len(happytalk.requests) == 2
    happytalk.assert_no_violations()
    happytalk.assert_faults_used()
""")
    found.assert_outcomes(passed=2)


@pytest.mark.slow
def test_each_test_has_a_tenant_of_its_own_on_one_server(run) -> None:
    found = run("""
seen = []

@pytest.mark.parametrize("number", range(3))
def test_alone(happytalk, happytalk_server, number):
    assert happytalk.rooms == [] and happytalk.requests == []
    happytalk.add_rooms(number + 1)
    happytalk.freeze("2026-11-01 23:59:50")
    happytalk.fail(503, times=None)
    assert (happytalk.token, happytalk.url) not in seen
    assert {url for _, url in seen} <= {happytalk_server.url}
    seen.append((happytalk.token, happytalk.url))
    assert happytalk.token.isascii() and "test-alone" in happytalk.token
""")
    found.assert_outcomes(passed=3)


def test_the_same_test_gets_the_same_data_again(run, pytester: pytest.Pytester) -> None:
    tests = """
@pytest.mark.happytalk(now="2026-11-20 15:00:00", rooms=20, days=3)
def test_data(happytalk):
    print("IDS", [room["id"] for room in happytalk.rooms])
"""
    first, second = (run(tests, "-s") for _ in range(2))
    lines = [line for line in first.outlines if "IDS" in line]
    assert lines
    assert lines == [line for line in second.outlines if "IDS" in line]


def test_the_marker_says_how_a_test_begins(run) -> None:
    found = run("""
@pytest.mark.happytalk(now="2026-11-01 23:59:50", rooms=30, days=2)
class TestMarked:
    def test_inherits(self, happytalk):
        assert f"{happytalk.now:%Y-%m-%d %H:%M:%S}" == "2026-11-01 23:59:50"
        assert len(happytalk.rooms) == 30

    @pytest.mark.happytalk(rooms=0, behaviour={"size_type": "text"})
    def test_overrides(self, happytalk):
        assert f"{happytalk.now:%S}" == "50"
        assert happytalk.rooms == []
        assert happytalk.behaviour() == {f"size_type.{case}": "text" for case in ("page", "limit", "total_count")}
""")
    found.assert_outcomes(passed=2)


@pytest.mark.parametrize("mark", ["rooom=3", "3"])
def test_a_marker_that_makes_no_sense(run, mark: str) -> None:
    found = run(f"""
@pytest.mark.happytalk({mark})
def test_marked(happytalk):
    pass
""")
    found.assert_outcomes(errors=1)
    found.stdout.fnmatch_lines(["*marker happytalk: received * allowed: now, rooms, days, *"])


STRICT = """
def test_departs(happytalk):
    rooms(happytalk, limit=80)

def test_plans_too_much(happytalk):
    happytalk.fail(500)

def test_goes_astray(happytalk):
    requests.post(happytalk.url + PATH, json={"token": "nobody", "sdate": "today"}, timeout=5)

@pytest.mark.happytalk(strict=False)
def test_may(happytalk):
    rooms(happytalk, limit=80)
    happytalk.fail(500)

def test_is_fine(happytalk):
    rooms(happytalk)
"""


def test_nobody_is_strict_unless_asked(run) -> None:
    run(STRICT).assert_outcomes(passed=5)


def test_strict_by_option(run) -> None:
    found = run(STRICT, "--happytalk-strict")
    found.assert_outcomes(passed=2, failed=3)
    found.stdout.fnmatch_lines(
        [
            "*happytalk (strict): requests depart from the documentation:",
            "*limit is above 50*",
            "*happytalk (strict): faults that no request met:",
            "*status 500, times 1*",
            "*sdate*",
        ]
    )


@pytest.mark.parametrize(
    ("setting", "failed"), [("happytalk_strict_requests", 2), ("happytalk_strict_faults", 1)]
)
def test_strict_by_setting(run, pytester: pytest.Pytester, setting: str, failed: int) -> None:
    pytester.makeini(f"[pytest]\n{setting} = true")
    run(STRICT).assert_outcomes(passed=5 - failed, failed=failed)


def test_strict_by_marker(run) -> None:
    found = run("""
@pytest.mark.happytalk(strict=True, strict_faults=False)
def test_one(happytalk):
    happytalk.fail(500)

@pytest.mark.happytalk(strict_requests=True)
def test_other(happytalk):
    rooms(happytalk, limit=80)

@pytest.mark.happytalk(strict=True)
def test_own_failure_wins(happytalk):
    rooms(happytalk, limit=80)
    assert "own failure" == ""
""")
    found.assert_outcomes(passed=1, failed=2)
    found.stdout.fnmatch_lines(["*assert 'own failure' == ''*"])


def test_a_failing_test_shows_what_the_mock_was_asked(run) -> None:
    found = run("""
@pytest.mark.happytalk(now="2026-11-20 15:00:00")
def test_fails(happytalk):
    happytalk.add_rooms(3, day="today")
    happytalk.fail("truncated-body", endpoint="messages")
    rooms(happytalk, sort_key="complete_date")
    assert len(happytalk.requests) == 5, happytalk.token[:0]
""")
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(
        [
            "*- happytalk requests -*",
            '*POST rooms {*"sort_key": "complete_date"*} -> 200 success, 3 of 3 rooms, * ms',
            "*violates: sort_key is not in the documented list; did you mean complate_date*",
            "faults that no request met:",
            "*fault truncated-body, times 1, endpoint messages",
        ]
    )
    assert 'token":' not in found.stdout.str()


def test_a_passing_test_shows_nothing(run) -> None:
    found = run("def test_fine(happytalk):\n    rooms(happytalk)\n", "-rA")
    found.stdout.no_fnmatch_line("*happytalk requests*")


def test_a_server_of_ones_own(run) -> None:
    found = run("""
from happytalk_mock import MockServer

@pytest.fixture(scope="session")
def happytalk_server():
    with MockServer(port=None, now="2022-05-26 13:00:00", scenario="documented") as server:
        yield server

def test_without_a_socket(happytalk, happytalk_server):
    assert happytalk.now.year == 2022
    assert happytalk.rooms == [] and len(happytalk_server.happytalk.rooms) == 2
    with happytalk.httpx_client() as client:
        assert client.post(PATH, json={"token": happytalk.token}).json()["result"] == "success"
    assert happytalk.requests_session().post(happytalk.rooms_url, json={"token": "x"}).json()["code"] == -501
""")
    found.assert_outcomes(passed=1)


@pytest.mark.slow
def test_a_mock_that_runs_already(run) -> None:
    with MockServer(now="2026-11-20 15:00:00") as server:
        found = run(
            """
def test_elsewhere(happytalk, happytalk_server):
    happytalk.add_rooms(60, day="today")
    happytalk.fail(429)
    assert len(rooms(happytalk)) == 60
    assert len(happytalk.requests) == 4
    assert "RemoteMock" in repr(happytalk_server)

def test_fails(happytalk):
    rooms(happytalk)
    assert 0
""",
            "--happytalk-url",
            server.url,
        )
        found.assert_outcomes(passed=1, failed=1)
        found.stdout.fnmatch_lines(["*happytalk requests*", "*POST rooms*"])
        assert [tenant.token for tenant in server.mock.tenants] == [server.token]
        assert len(server.control.journal) == 0


@pytest.mark.slow
def test_a_mock_that_does_not_run(run) -> None:
    found = run("def test_it(happytalk):\n    pass\n", "--happytalk-url", "http://127.0.0.1:1")
    found.assert_outcomes(errors=1)
    found.stdout.fnmatch_lines(["*--happytalk-url http://127.0.0.1:1: no mock to be used there:*refused*"])


@pytest.mark.slow
def test_under_xdist_in_any_order_and_with_warnings_as_errors(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        CLIENT
        + """
@pytest.mark.happytalk(now="2026-11-20 15:00:00")
@pytest.mark.parametrize("number", range(1, 13))
def test_many(happytalk, number):
    happytalk.add_rooms(number * 10, day="today")
    assert len(rooms(happytalk)) == number * 10
    assert len(happytalk.rooms) == number * 10
"""
    )
    found = pytester.runpytest_subprocess(
        *("-p", "xdist", "-p", "pytest_randomly", "-p", "happytalk_mock.testing.plugin"),
        *("-n", "2", "-W", "error", "-p", "no:cacheprovider"),
    )
    found.assert_outcomes(passed=12)


@pytest.mark.slow
def test_a_run_that_does_not_use_it_imports_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text(
        """
import sys

def test_nothing(pytestconfig):
    assert pytestconfig.pluginmanager.has_plugin("happytalk_mock.testing.plugin")
    ours = {name for name in sys.modules if name.startswith("happytalk_")}
    assert ours == {
        "happytalk_mock", "happytalk_mock.core", "happytalk_mock.core.version",
        "happytalk_mock.testing", "happytalk_mock.testing.plugin",
        "happytalk_contract", "happytalk_contract.suite", "happytalk_contract.suite.entry",
    }
    heavy = {"click", "faker", "flask", "httptools", "httpx", "hypothesis", "jsonschema", "numpy", "orjson", "rich"}
    assert heavy.isdisjoint(sys.modules)
""",
        encoding="utf-8",
    )
    # Other people's plugins import what they like: only ours are loaded.
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        "--rootdir",
        ".",
    ]
    plugins = ["-p", "happytalk_mock.testing.plugin", "-p", "happytalk_contract.suite.entry"]
    done = subprocess.run(
        [*command, *plugins, "test_nothing.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
def test_the_examples_of_the_documentation(run, pytester: pytest.Pytester) -> None:
    page = (Path(__file__).parent.parent / "docs" / "pytest.md").read_text(encoding="utf-8")
    files = dict(re.findall(r"^```python file=(\S+)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    assert len(files) >= 5
    for name, text in files.items():
        (pytester.path / name).write_text(text, encoding="utf-8")
    found = run("")
    found.assert_outcomes(passed=9)


def test_a_conftest_says_how_the_sessions_mock_is_started(
    pytester: pytest.Pytester, run: Callable[..., pytest.RunResult]
) -> None:
    pytester.makeconftest("""
import pytest

@pytest.fixture(scope="session")
def happytalk_options():
    return {"seed": 7, "rooms": 12, "any_token": True, "now": "2026-11-20 15:00:00"}
""")
    done = run("""
def test_as_said(happytalk, happytalk_server):
    setup = happytalk_server.mock.setup
    assert (setup.seed, setup.rooms, setup.any_token) == (7, 12, True)
    assert len(happytalk_server.happytalk.rooms) == 12
    assert f"{happytalk.now:%Y-%m-%d %H:%M}" == "2026-11-20 15:00"
    assert happytalk.rooms == []
    sent = {"token": "anyone", "ndate": None}
    assert requests.post(happytalk.url + PATH, json=sent, timeout=5).json()["result"] == "success"
""")
    done.assert_outcomes(passed=1)


def test_a_conftest_that_says_what_cannot_be(
    pytester: pytest.Pytester, run: Callable[..., pytest.RunResult]
) -> None:
    pytester.makeconftest("""
import pytest

@pytest.fixture(scope="session")
def happytalk_options():
    return {"scenario": "dokumented"}
""")
    done = run("def test_never(happytalk): pass\n")
    done.assert_outcomes(errors=1)
    done.stdout.fnmatch_lines(["*no scenario named 'dokumented'*"])
