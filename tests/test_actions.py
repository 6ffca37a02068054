"""The GitHub Actions of this project: their files hold to GitHub's schemas, and their steps run for real."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest

from installing import install, installed
from rival import RivalServer
from workflows import ROOT, Outcome, Runner, hold_to_schema, load

pytestmark = pytest.mark.slow

ACTIONS = ("", "stop", "drift-check")
CI = ROOT / ".github" / "workflows" / "ci.yml"
SCHEMAS = {
    "github-actions": [ROOT / folder / "action.yml" for folder in ACTIONS],
    "github-workflows": [CI],
    "compose-spec": [ROOT / "compose.yaml"],
}
ROOMS = "/user/api/chat_room_lists/format/json"
#: The documented credentials of a mock that was told nothing else.
CREDENTIALS = {
    "token": "happytalk-mock-token",
    "client-id": "happytalk-mock-client-id",
    "client-secret": "happytalk-mock-client-secret",
    "sender-key": "happytalk-mock-sender-key",
}

needs_bash = pytest.mark.skipif(
    sys.platform == "win32",
    reason="`bash` may be that of WSL here; CI runs the actions themselves on Windows",
)


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory)


@pytest.fixture
def runner(commands: Path, tmp_path: Path) -> Iterator[Runner]:
    """A job's machine; whatever mocks the test starts are stopped."""
    (tmp_path / "temp").mkdir()
    (tmp_path / "workspace").mkdir()
    machine = Runner(workspace=tmp_path / "workspace", temp=tmp_path / "temp", installed=commands)
    yield machine
    machine.action("stop")


def rooms(url: str, token: str, **query: str) -> dict[str, object]:
    """The chat room list's answer, asked for with curl."""
    body = json.dumps({"token": token, **query})
    said = subprocess.run(
        [
            *["curl", "-sS", "--noproxy", "*", "-H", "Content-Type:application/json", "--data-raw"],
            body,
            url + ROOMS,
        ],
        capture_output=True,
        check=True,
        timeout=20,
    )
    return json.loads(said.stdout)


def start(runner: Runner, **inputs: str) -> Outcome:
    """The mock, started by the action on a free port unless told otherwise."""
    return runner.action(
        "", {"port": "0", **{name.replace("_", "-"): value for name, value in inputs.items()}}
    )


@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_hold_to_the_schemas_that_their_readers_publish(schema: str) -> None:
    hold_to_schema(schema, *SCHEMAS[schema])


@pytest.mark.parametrize("folder", ACTIONS)
def test_no_step_pastes_an_expression_into_a_script(folder: str) -> None:
    # What comes from outside goes through the environment: a script that it is pasted into would run it.
    for step in load(ROOT / folder / "action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_ci_covers_the_systems_and_pythons_that_are_claimed() -> None:
    test = load(CI)["jobs"]["test"]
    claimed = set(re.findall(r"Python :: (3\.\d+)\"", (ROOT / "pyproject.toml").read_text("utf-8")))
    assert set(test["strategy"]["matrix"]["python"]) == claimed
    assert {name.split("-")[0] for name in test["strategy"]["matrix"]["os"]} == {"ubuntu", "macos", "windows"}
    assert any("HAPPYTALK_REQUIRE_BROWSER=1" in step.get("run", "") for step in test["steps"])


@needs_bash
class TestStart:
    """action.yml: the mock starts, and the steps that follow are told about it."""

    def test_outputs_lead_to_a_mock_that_answers(self, runner: Runner) -> None:
        outcome = start(runner)
        assert not outcome.failed, outcome.said
        assert {name: outcome.outputs[name] for name in CREDENTIALS} == CREDENTIALS
        assert rooms(outcome.outputs["url"], outcome.outputs["token"])["result"] == "success"
        assert (Path(outcome.outputs["bin"]) / "happytalk-contract").exists()

    def test_options_reach_the_mock_as_a_shell_would_split_them(self, runner: Runner) -> None:
        odd = "a token; $(touch broken)"
        outcome = start(runner, args=f"--rooms 7\n  --days 400 --token '{odd}'")
        assert not outcome.failed, outcome.said
        assert outcome.outputs["token"] == odd
        answer = rooms(outcome.outputs["url"], odd, sdate="2020-01-01", edate="2100-01-01")
        assert answer["data"]["total_count"] == 7
        assert not (runner.workspace / "broken").exists()

    def test_a_scenario_is_served(self, runner: Runner) -> None:
        outcome = start(runner, scenario="documented")
        answer = rooms(outcome.outputs["url"], outcome.outputs["token"], ndate="2022-05-26")
        assert answer["data"]["total_count"] == 2

    @pytest.mark.parametrize("trouble", ["port", "args", "scenario"])
    def test_a_mock_that_cannot_start_fails_the_step_and_says_why(self, runner: Runner, trouble: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            given = {"port": str(taken.getsockname()[1]), "args": "--rooms few", "scenario": "no-such"}
            outcome = start(runner, **{trouble: given[trouble]})
        assert outcome.failed
        assert "::error title=HappyTalk mock::" in outcome.said
        assert given[trouble].split()[-1] in outcome.said

    def test_two_mocks_in_one_job_are_both_stopped_and_their_logs_kept(self, runner: Runner) -> None:
        urls = [start(runner).outputs["url"] for _ in range(2)]
        for url in urls:
            rooms(url, CREDENTIALS["token"])
        stopped = runner.action("stop", {"artifact": "mock-log"})
        assert not stopped.failed
        assert len(re.findall(rf"^[\d:]+ POST {ROOMS}\b.*200 ", stopped.said, re.MULTILINE)) == 2
        assert CREDENTIALS["token"] in stopped.said  # of the block at the start, and of nothing else
        assert stopped.said.count("happytalk-mock: stopped") == 2
        for url in urls:
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1])), timeout=5)
        logs = list(runner.temp.glob("happytalk-mock-*/requests.log"))
        assert runner.uploads == {"mock-log": f"{runner.temp}/happytalk-mock-*/requests.log"}
        assert len(logs) == 2

    def test_stopping_nothing_is_no_failure(self, runner: Runner) -> None:
        assert not runner.action("stop").failed
        assert runner.uploads == {}


@needs_bash
class TestDriftCheck:
    """drift-check/action.yml: the check's outcome becomes the job's, with a summary and reports."""

    few: ClassVar = {"max-requests": "60"}

    def test_an_api_that_conforms_and_a_second_check_of_the_job(self, runner: Runner) -> None:
        mock = start(runner)
        asked = {**self.few, "target": mock.outputs["url"]}
        outcome = runner.action("drift-check", {**asked, **CREDENTIALS})
        assert not outcome.failed, outcome.said
        assert outcome.outputs["exit-code"] == "0"
        assert "conforms" in runner.summary.read_text("utf-8")
        folder = Path(outcome.outputs["reports"])
        texts = [outcome.said, *(file.read_text("utf-8") for file in folder.iterdir())]
        assert not any(secret in text for text in texts for secret in CREDENTIALS.values())
        # A part without credentials is left out; an artifact without a name is none; the summary is shared.
        assert runner.uploads.pop("happytalk-drift") == str(folder)
        only = {"token": CREDENTIALS["token"], "artifact": ""}
        part = runner.action("drift-check", {**asked, **only})
        assert part.outputs["exit-code"] == "0", part.said
        assert "system messages skipped" in part.said
        assert runner.uploads == {}
        assert runner.summary.read_text("utf-8").count("## ") == 2

    def test_drift_fails_the_step_and_still_leaves_its_reports(self, runner: Runner) -> None:
        with RivalServer(faults=["status-number"]) as drifting:
            secrets = {
                "token": drifting.token,
                "client-id": drifting.client_id,
                "client-secret": drifting.client_secret,
                "sender-key": drifting.sender_key,
            }
            outcome = runner.action("drift-check", {"target": drifting.base_url, **secrets})
        assert outcome.failed
        assert outcome.outputs["exit-code"] == "1", outcome.said
        assert "::error title=HappyTalk drift::" in outcome.said
        folder = Path(outcome.outputs["reports"])
        assert {file.name for file in folder.iterdir()} == {
            "report.html",
            "report.json",
            "junit.xml",
            "summary.md",
        }
        assert json.loads((folder / "report.json").read_text("utf-8"))["findings"]
        assert runner.summary.read_text("utf-8") == (folder / "summary.md").read_text("utf-8")
        assert runner.uploads == {"happytalk-drift": str(folder)}

    @pytest.mark.parametrize(
        ("inputs", "code"),
        [
            ({"target": "production", **CREDENTIALS}, "2"),
            ({"target": "mock", "args": "--no-such-option"}, "2"),
            ({"target": "mock", "baseline": "missing.toml"}, "2"),
            ({"target": "http://127.0.0.1:9", **CREDENTIALS, "args": "--max-time 2s"}, "3"),
        ],
    )
    def test_what_cannot_be_judged_is_no_success(
        self, runner: Runner, inputs: dict[str, str], code: str
    ) -> None:
        outcome = runner.action("drift-check", inputs)
        assert outcome.failed
        assert outcome.outputs["exit-code"] == code, outcome.said
        assert "::error title=HappyTalk drift check::" in outcome.said


@needs_bash
def test_the_job_of_ci_that_uses_the_actions_passes(runner: Runner) -> None:
    outcome = runner.job(load(CI)["jobs"]["actions"], matrix={"os": "ubuntu-latest"})
    assert not outcome.failed, outcome.said
    assert "conforms" in runner.summary.read_text("utf-8")


@needs_bash
def test_a_package_of_ones_own_can_be_installed_instead(tmp_path: Path) -> None:
    # An empty wheel stands for it: that it is this one which is installed is what matters.
    wheel = tmp_path / "stand_in-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(
            "stand_in-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: stand-in\nVersion: 1\n"
        )
        archive.writestr(
            "stand_in-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("stand_in-1.dist-info/RECORD", "")
    folder = Path(install(tmp_path, package=str(wheel)))
    assert {path.name for path in folder.parent.glob("lib/python*/site-packages/*")} == {
        "stand_in-1.dist-info"
    }
