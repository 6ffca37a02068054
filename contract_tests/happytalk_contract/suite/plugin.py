"""The rules as tests: options, the one run that all tests share, and its summary.

Brought in by `contract_tests/conftest.py` and, from the wheel, by `pytest --pyargs happytalk_contract`.
However many tests and pytest-xdist workers there are, the API is asked once.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pytest

from happytalk_contract import check
from happytalk_contract.core.errors import KitError
from happytalk_contract.core.files import write_atomically
from happytalk_contract.report.document import Document, as_document
from happytalk_contract.report.text import finding_lines, verdict_sentence
from happytalk_contract.rules.catalogue import RULES
from happytalk_contract.verdict import baseline

#: Under which the controller of pytest-xdist tells its workers where to share, and the seed.
_SHARED: Final = "happytalk_contract"


@dataclass(slots=True, kw_only=True)
class Suite:
    """What the tests of one session share."""

    options: check.Options
    baseline: Path | None
    folder: Path | None = None  #: where the workers of pytest-xdist share the outcome
    outcome: Document | None = None


_TABLE: Final = {**check.OPTIONS["check"], **check.OPTIONS["judging"]}
SUITE: Final = pytest.StashKey[Suite]()


#: The options of `happytalk-contract check` that the suite has, too.
NAMES: Final = (
    *("target", "chat-url", "message-url", "i-know-this-is-production", "env-file", "max-requests", "fast"),
    *("rate-limit", "max-time", "request-timeout", "ca-bundle", "allow-empty", "baseline"),
)


def _dest(name: str) -> str:
    return f"happytalk_{name.replace('-', '_')}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options by the same names; `--happytalk-NAME` is the same, for where `--NAME` is taken."""
    group = parser.getgroup("happytalk-contract", "HappyTalk contract")
    for name in NAMES:
        names, given = [f"--{name}", f"--happytalk-{name}"], {"dest": _dest(name), **_argument(name)}
        try:
            group.addoption(*names, **given)
        except (ValueError, argparse.ArgumentError):  # taken: a conftest of the user's has that name
            group.addoption(names[1], **given)


def _argument(name: str) -> dict[str, Any]:
    """What pytest is told of an option."""
    told = _TABLE[name]
    given = {each: told[each] for each in ("help", "metavar", "default", "choices") if each in told}
    if "default" in told:
        given["help"] += f"  [default: {told['default']}]"
    if told.get("is_flag") or told.get("multiple"):
        return given | {"action": "store_true" if told.get("is_flag") else "append"}
    return given | {"type": int if "min" in told else Path if "path" in told else str}


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Find out what is wrong with the options before anything is collected."""
    shared: dict[str, Any] | None = getattr(config, "workerinput", {}).get(_SHARED)
    options = _options(config)
    file: Path | None = config.getoption(_dest("baseline"))
    if shared is not None:
        options = replace(options, seed=shared["seed"])
        config.stash[SUITE] = Suite(options=options, baseline=file, folder=Path(shared["folder"]))
        return
    try:
        check.make_sure(options)
        if file is not None:
            baseline.load(file)
    except KitError as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[SUITE] = Suite(options=options, baseline=file)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist where the outcome is shared."""
    suite = node.config.stash[SUITE]
    if suite.folder is None:
        suite.folder = Path(tempfile.mkdtemp(prefix="happytalk-contract-"))
    node.workerinput[_SHARED] = {"folder": str(suite.folder), "seed": suite.options.seed}


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    suite = config.stash.get(SUITE, None)
    if suite is not None and suite.folder is not None and not hasattr(config, "workerinput"):
        shutil.rmtree(suite.folder, ignore_errors=True)


def pytest_report_header(config: pytest.Config) -> str:
    """The target, and the seed with which the same is asked again."""
    options = config.stash[SUITE].options
    where = (
        options.target or " ".join(url for url in (options.chat_url, options.message_url) if url) or "mock"
    )
    return f"happytalk-contract: target {where}, --hypothesis-seed={options.seed}"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each rule."""
    if "contract_rule" in metafunc.fixturenames:
        metafunc.parametrize("contract_rule", [rule.id for rule in RULES])


@pytest.fixture(scope="session")
def contract_report(pytestconfig: pytest.Config) -> Document:
    """The outcome of the session's one run, as the JSON report has it."""
    suite = pytestconfig.stash[SUITE]
    if suite.outcome is None:
        suite.outcome = _observe(suite) if suite.folder is None else _shared(suite, suite.folder)
    if "error" in suite.outcome:
        pytest.fail(suite.outcome["error"], pytrace=False)
    return suite.outcome


def judge_rule(rule_id: str, report: Document) -> None:
    """Pass, fail, skip or xfail as the run came out for one rule."""
    fail_on = report["summary"]["fail_on"]
    own = [f for f in report["findings"] if f["rule"] == rule_id and f["severity"] in fail_on]
    if own:
        pytest.fail("\n\n".join("\n".join(finding_lines(finding)) for finding in own), pytrace=False)
    for accepted in report["accepted"]:
        if accepted["finding"]["rule"] == rule_id:
            told = " ".join(part for part in (accepted["reason"], accepted["ticket"]) if part)
            pytest.xfail(f"accepted by the baseline since {accepted['since']}: {told or 'no reason given'}")
    rule = next((rule for rule in report["rules"] if rule["id"] == rule_id), None)
    if rule is None or rule["status"] == "skipped":
        pytest.skip(rule["note"] if rule and rule["note"] else "not judged in this run")
    if rule["status"] == "not_exercised":
        needs = f"needs {rule['needs']}"
        pytest.skip(f"{rule_id} not exercised: {rule['note'] or needs}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what no single test says: the verdict, the budget, notes, and what departs harmlessly."""
    suite = config.stash[SUITE]
    report = suite.outcome or _read(suite.folder)
    if report is None or "error" in report:
        return
    summary = report["summary"]
    terminalreporter.section("HappyTalk contract")
    terminalreporter.line(f"{summary['verdict'].replace('_', ' ')}: {verdict_sentence(report)}")
    terminalreporter.line(
        f"{summary['requests']} of {summary['max_requests']} requests in {summary['seconds']:.1f} s; "
        f"the same again: --hypothesis-seed={report['seed']}"
    )
    for finding in report["findings"]:
        if finding["severity"] not in summary["fail_on"]:
            terminalreporter.line(f"{finding['severity']}: {finding['message']} [{finding['rule']}]")
    for note in [*report["notes"], *(f"baseline: {note}" for note in report["baseline_notes"])]:
        terminalreporter.line(f"note: {note}")


def _options(config: pytest.Config) -> check.Options:
    seed = config.getoption("--hypothesis-seed", None)  # Hypothesis' own option; it may be switched off
    if seed is not None and not str(seed).isdecimal():
        raise pytest.UsageError(f"--hypothesis-seed={seed}: expected a whole number")
    given = {
        _TABLE[name].get("dest", name.replace("-", "_")): config.getoption(_dest(name)) for name in NAMES
    }
    del given["baseline_file"]
    given["allow_empty"] = tuple(given["allow_empty"] or ())
    return check.Options(seed=check.new_seed() if seed is None else int(seed), **given)


def _observe(suite: Suite) -> Document:
    try:
        known = None if suite.baseline is None else baseline.load(suite.baseline)
        with check.prepared(suite.options) as ready:
            report = check.run(replace(ready, is_thorough=known is not None))
    except KitError as error:
        return {"error": str(error)}
    if report.interrupted:
        raise KeyboardInterrupt
    return as_document(report if known is None else baseline.apply(report, known))


def _shared(suite: Suite, folder: Path) -> Document:
    """The outcome that the first worker to come here observes, and the others wait for.

    The lock goes with its process, so if that one dies the next observes anew.
    """
    with _locked(folder / "lock"):
        found = _read(folder)
        if found is None:
            found = _observe(suite)
            write_atomically(folder / "report.json", json.dumps(found).encode())
        return found


def _read(folder: Path | None) -> Document | None:
    if folder is None or not (folder / "report.json").is_file():
        return None
    found: Document = json.loads((folder / "report.json").read_bytes())
    return found


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("ab") as file:
        if sys.platform == "win32":
            import msvcrt

            while True:  # LK_LOCK gives up after ten seconds
                with contextlib.suppress(OSError):
                    msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                    break
            try:
                yield
            finally:
                msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX)
            yield
