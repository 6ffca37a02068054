"""The suite as its users run it: from the checkout, by `--pyargs`, over pytest-xdist, with and without findings.

The run is replaced by a hand-made one (a plugin of the child process), and counts how often it was asked for.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import sample_report

from happytalk_contract.cli.commands import cli
from happytalk_contract.core.model import ExitCode, RunReport
from happytalk_contract.report.document import as_document
from happytalk_contract.rules.catalogue import RULES
from happytalk_contract.suite import test_contract as suite_tests
from happytalk_contract.suite.plugin import judge_rule, pytest_addoption

CHECKOUT = Path(__file__).resolve().parents[2]

#: What the suite needs of plugins; others' take their time.
PLUGINS = ("xdist", "_hypothesis_pytestplugin", "happytalk_contract.suite.entry")

FAKE = """
import sys
from pathlib import Path
sys.path.insert(0, {samples!r})
import sample_report as sr
from dataclasses import replace
from happytalk_contract import check
from happytalk_contract.core.model import *
from happytalk_contract.rules.catalogue import RULES

def run(settings):
    with Path({log!r}).open("a") as log:
        log.write(f"{{settings.seed}} {{settings.target}}\\n")
    statuses = [Status.FAIL, Status.FAIL, Status.NOT_EXERCISED, Status.SKIPPED]
    rules = tuple(
        RuleOutcome(id=r.id, endpoint=r.endpoint, sentence=r.sentence, severity=r.severity, needs=r.needs,
                    exercised=1, note="", status=statuses[i] if i < len(statuses) else Status.PASS)
        for i, r in enumerate(RULES)
    )
    ids = [r.id for r in RULES]
    findings = (replace(sr.ORDER, rule=ids[0]), replace(sr.NEW_CODE, rule=ids[1]), replace(sr.NEW_FIELD, rule=ids[5]))
    notes = tuple(settings.skipped.values())
    return sr.sample(seed=settings.seed, target=settings.target, rules=rules, findings=findings, notes=notes)

check.run = run
"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    code: int
    output: str
    runs: list[str]

    @property
    def counts(self) -> dict[str, int]:
        last = self.output.strip().splitlines()[-1]
        return {
            word: int(number) for number, word in re.findall(r"(\d+) (failed|passed|skipped|xfailed)", last)
        }


class Suite:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "runs.log"

    def __call__(self, *arguments: str, where: str = "pyargs", plugins: Sequence[str] = PLUGINS) -> Outcome:
        """Runs it with so few plugins; with whatever is installed where they are none."""
        self.log.write_text("")
        plugin = FAKE.format(samples=str(Path(__file__).parent), log=str(self.log))
        (self.folder / "fake_run.py").write_text(plugin)
        suite = (
            ["--pyargs", "happytalk_contract"] if where == "pyargs" else [str(CHECKOUT / "contract_tests")]
        )
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(self.folder), os.environ.get("PYTHONPATH")])),
            "HAPPYTALK_TOKEN": "t",
            "PYTHONUTF8": "1",
            "COLUMNS": "200",
        }
        if plugins:
            environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
        for name in (
            "PYTEST_ADDOPTS",
            "PYTEST_XDIST_WORKER",
            "PYTEST_XDIST_WORKER_COUNT",
            "PYTEST_XDIST_TESTRUNUID",
        ):
            environment.pop(name, None)
        result = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                *suite,
                *(word for plugin in plugins for word in ("-p", plugin)),
                "-p",
                "fake_run",
                "-p",
                "no:cacheprovider",
                "--assert=plain",
                *arguments,
            ],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        runs = self.log.read_text().splitlines()
        return Outcome(code=result.returncode, output=result.stdout + result.stderr, runs=runs)


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return Suite(tmp_path)


URL = ("--target", "http://127.0.0.1:9")
PASSING = len(RULES) + 1 - 4  # one more test than rules; two fail, two are skipped


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Outcome, str]:
    """One run of the whole suite, and its JUnit file."""
    suite = Suite(tmp_path_factory.mktemp("whole"))
    outcome = suite(
        *URL, "-v", "-ra", "--hypothesis-seed=77", "--junit-xml=j.xml", "-p", "no:randomly", plugins=()
    )
    return outcome, (suite.folder / "j.xml").read_text("utf-8")


@pytest.mark.slow
def test_each_rule_is_a_test_of_one_shared_run(whole: tuple[Outcome, str]) -> None:
    outcome, junit = whole
    assert outcome.code == 1, outcome.output
    assert outcome.counts == {"failed": 2, "passed": PASSING, "skipped": 2}
    for rule in RULES:
        assert f"::test_rule[{rule.id}]" in outcome.output
    assert outcome.runs == ["77 http://127.0.0.1:9"]
    assert junit.count("<testcase") == len(RULES) + 1
    assert junit.count("<failure") == 2


@pytest.mark.slow
def test_a_failure_says_what_to_know_and_no_more(whole: tuple[Outcome, str]) -> None:
    output = whole[0].output
    assert "breaking: With sort_key=complate_date" in output
    assert "received   2026-05-26 12:38:32 before" in output
    assert "ask again  curl --include --request POST" in output
    assert "Traceback" not in output
    assert "def test_rule" not in output
    assert re.search(r"FAILED .*::test_rule\[\S+\] - .*breaking: With sort_key", output)
    assert f"{RULES[2].id} not exercised: needs {RULES[2].needs}" in output


@pytest.mark.slow
def test_the_summary_tells_what_no_test_says(whole: tuple[Outcome, str]) -> None:
    output = whole[0].output
    assert "target http://127.0.0.1:9, --hypothesis-seed=77" in output
    assert "3 of 300 requests in 4.2 s; the same again: --hypothesis-seed=77" in output
    assert "additive: A room has a field" in output
    assert "note: system messages skipped: HAPPYTALK_CLIENT_ID" in output


@pytest.mark.slow
def test_workers_share_one_run(suite: Suite) -> None:
    outcome = suite(*URL, "-n", "2")
    assert len(outcome.runs) == 1, outcome.output
    assert outcome.counts == {"failed": 2, "passed": PASSING, "skipped": 2}
    assert "the same again: --hypothesis-seed=" + outcome.runs[0].split()[0] in outcome.output


@pytest.mark.slow
def test_from_a_checkout_choosing_and_stopping_work_as_ever(suite: Suite) -> None:
    stopped = suite(*URL, "-x", "-p", "no:randomly", "-k", "rooms", where="checkout")
    assert stopped.counts["failed"] == 1
    assert "deselected" in stopped.output


@pytest.mark.slow
def test_an_option_that_a_conftest_has_keeps_its_name(suite: Suite) -> None:
    (suite.folder / "conftest.py").write_text(
        "def pytest_addoption(parser):\n    parser.addoption('--target', default='theirs')\n"
    )
    outcome = suite("--target", "x", "--happytalk-target", URL[1], "-k", "something")
    assert outcome.runs[0].endswith(f" {URL[1]}"), outcome.output
    assert outcome.counts["passed"] == 1


@pytest.mark.slow
def test_wrong_use_is_told_before_anything_is_collected(suite: Suite) -> None:
    outcome = suite("--target", "production")
    assert outcome.code == pytest.ExitCode.USAGE_ERROR
    assert "--i-know-this-is-production" in outcome.output
    assert "Traceback" not in outcome.output
    assert outcome.runs == []


@pytest.mark.slow
def test_the_options_exist_only_where_the_suite_is_run(tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text("def test_mine(): pass\n")
    code = "import sys, pytest; code = pytest.main(sys.argv[1:]); print(sorted(sys.modules)); sys.exit(code)"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    result = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), "-q", "-p", "no:randomly", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    modules = json.loads(result.stdout.splitlines()[-1].replace("'", '"'))
    ours = [name for name in modules if name.startswith("happytalk_contract")]
    assert ours == ["happytalk_contract", "happytalk_contract.suite", "happytalk_contract.suite.entry"]
    assert "httpx" not in modules


# --- one rule's verdict, without a child process -----------------------------------------------------------


def verdict(rule_id: str, report: RunReport) -> str:
    try:
        judge_rule(rule_id, as_document(report))
    except (pytest.fail.Exception, pytest.skip.Exception, pytest.xfail.Exception) as outcome:
        return f"{type(outcome).__name__}: {outcome}"
    return "pass"


def test_verdicts() -> None:
    report = sample_report.sample()
    assert verdict("rooms.order", report).startswith("Failed: breaking: With sort_key=complate_date")
    assert verdict("rooms.out_api", report).startswith("Failed: value: out_api")
    assert verdict("rooms.fields", report) == "pass"  # additive: told in the summary
    assert (
        verdict("rooms.ties", report) == "Skipped: rooms.ties not exercised: no two rooms had the same time"
    )
    assert (
        verdict("messages.status", report) == "Skipped: system messages skipped: HAPPYTALK_SENDER_KEY not set"
    )
    assert verdict("rooms.not_run", report) == "Skipped: not judged in this run"


def test_what_a_baseline_accepts_is_an_expected_failure() -> None:
    report = sample_report.sample(findings=(), accepted=(sample_report.accepted(),))
    assert verdict("rooms.out_api", report) == (
        "XFailed: accepted by the baseline since 2026-05-01: Instagram; shown as unknown CS-12"
    )


def test_a_new_finding_of_an_accepted_rule_still_fails() -> None:
    report = sample_report.sample(accepted=(sample_report.accepted(),))
    assert verdict("rooms.out_api", report).startswith("Failed")


def test_an_api_that_gives_nothing_to_judge_is_no_pass() -> None:
    nothing = sample_report.sample(
        findings=(), exit_code=ExitCode.NOTHING_JUDGED, notes=("can not be reached",)
    )
    with pytest.raises(pytest.fail.Exception, match="can not be reached"):
        suite_tests.test_something_was_judged(as_document(nothing))
    suite_tests.test_something_was_judged(as_document(sample_report.conforming()))
    suite_tests.test_something_was_judged(as_document(sample_report.sample()))


def test_what_is_not_said_is_as_in_the_command() -> None:
    parser = pytest.Parser(_ispytest=True)
    pytest_addoption(parser)
    said = vars(parser.parse([]))
    parameters = {each.name: each.default for each in cli.commands["check"].params}
    for name in ("max_requests", "max_time", "request_timeout"):
        assert said[f"happytalk_{name}"] == parameters[name]
        assert said[f"happytalk_{name}"] is not None
