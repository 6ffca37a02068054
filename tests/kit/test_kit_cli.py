"""The command: what it takes, what it refuses in a line, what it writes, and what it exits with.

The run itself is replaced by a hand-made one here; tests of the runner are elsewhere.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sample_report import NEW_CODE, ORDER, answer, conforming, exchange, question, room, sample

from happytalk_contract import check
from happytalk_contract.cli import commands as cli
from happytalk_contract.cli import outputs
from happytalk_contract.core.events import Answered, Event
from happytalk_contract.core.model import ExitCode, RunReport
from happytalk_contract.engine.runner import Settings
from happytalk_contract.evidence import recording
from happytalk_contract.report import WRITERS

SECRETS = {
    "HAPPYTALK_TOKEN": "s3cret-token-Zq8",
    "HAPPYTALK_CLIENT_ID": "s3cret-client-id-Vx1",
    "HAPPYTALK_CLIENT_SECRET": "s3cret-client-secret-Kw7",
    "HAPPYTALK_SENDER_KEY": "s3cret-sender-key-Bn4",
}
URL = "http://127.0.0.1:9"

Runner = Callable[[Settings, Callable[[Event], None]], RunReport]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[Settings]:
    """Replace the run by the sample; the settings of each run are kept here."""
    seen: list[Settings] = []

    def run(settings: Settings, _on_event: Callable[[Event], None]) -> RunReport:
        seen.append(settings)
        return sample(
            seed=settings.seed,
            target=settings.target,
            chat_url=settings.chat_url or "",
            max_requests=settings.max_requests,
        )

    monkeypatch.setattr(check, "run", run)
    return seen


def use(monkeypatch: pytest.MonkeyPatch, report: RunReport) -> None:
    monkeypatch.setattr(check, "run", lambda _settings, _on_event: report)


def test_a_run_reports_and_exits_by_its_verdict(
    runs: list[Settings], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["check", "--target", URL]) == ExitCode.DRIFT
    assert "rooms are not in that order" in capsys.readouterr().out
    use(monkeypatch, conforming())
    assert cli.main(["check", "--target", URL]) == ExitCode.CONFORMS
    use(monkeypatch, sample(findings=(), exit_code=ExitCode.NOTHING_JUDGED, notes=("can not be reached",)))
    assert cli.main(["check", "--target", URL]) == ExitCode.NOTHING_JUDGED
    assert "note: can not be reached" in capsys.readouterr().out


def test_options_reach_the_run(runs: list[Settings]) -> None:
    limits = ["--max-requests", "77", "--rate-limit", "90/min", "--max-time", "2m", "--request-timeout", "3s"]
    cli.main(["check", "--target", URL, *limits, "--hypothesis-seed", "5", "--fail-on", "breaking"])
    (settings,) = runs
    assert (settings.max_requests, settings.rate, settings.max_time, settings.request_timeout) == (
        77,
        1.5,
        120.0,
        3.0,
    )
    assert (settings.seed, settings.target) == (5, URL)
    assert settings.fail_on == {"breaking"}
    assert settings.credentials == SECRETS
    assert settings.chat_url == URL + "/user/api/chat_room_lists/format/json"
    assert settings.now().utcoffset().total_seconds() == 9 * 3600  # type: ignore[union-attr]


def test_what_is_trusted_and_may_be_empty_reaches_the_run(runs: list[Settings]) -> None:
    bundle = Path(__file__).parents[1] / "certificates" / "ca.pem"
    cli.main(["check", "--target", URL, "--ca-bundle", str(bundle), "--allow-empty", "messages"])
    cli.main(["check", "--target", URL])
    assert [(one.ca_bundle, one.allow_empty) for one in runs] == [(bundle, {"messages"}), (None, frozenset())]
    assert runs[1].max_time == 300.0


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has a device that is always full")
@pytest.mark.parametrize("arguments", [["rules"], ["check", "--target", URL, "--dry-run"]])
def test_a_full_disk_is_told_in_a_line(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "happytalk_contract", *arguments]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == ExitCode.USAGE
    assert done.stderr == "happytalk-contract: standard output can not be written (No space left on device)\n"


def test_a_dry_run_shows_what_the_credentials_at_hand_would_ask(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SECRETS.keys() - {"HAPPYTALK_TOKEN"}:
        monkeypatch.delenv(name)
    assert cli.main(["check", "--target", URL, "--dry-run"]) == ExitCode.CONFORMS
    output = capsys.readouterr().out
    assert "$HAPPYTALK_TOKEN" in output
    assert "HT-Client" not in output
    assert "SENDER_KEY" not in output


def test_seeds_differ_unless_given(runs: list[Settings], capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(3):
        cli.main(["check", "--target", URL])
    assert len({settings.seed for settings in runs}) == 3
    told = capsys.readouterr().err
    assert all(f"seed {settings.seed}" in told for settings in runs)


def test_remote_targets_are_asked_gently(runs: list[Settings]) -> None:
    cli.main(["check", "--target", "dev"])
    cli.main(["check", "--target", URL])
    cli.main(["check", "--target", "dev", "--rate-limit", "none"])
    assert [settings.rate for settings in runs] == [5.0, None, None]


def test_what_lacks_credentials_is_skipped_and_told(
    runs: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HAPPYTALK_CLIENT_ID")
    cli.main(["check", "--target", URL])
    monkeypatch.setenv("HAPPYTALK_CLIENT_ID", "x")
    monkeypatch.delenv("HAPPYTALK_TOKEN")
    cli.main(["check", "--target", URL])
    first, second = runs
    unset = "not set (environment or .env)"
    assert first.skipped == {"messages": f"system messages skipped: HAPPYTALK_CLIENT_ID {unset}"}
    assert second.skipped == {"rooms": f"chat rooms skipped: HAPPYTALK_TOKEN {unset}"}


def test_one_address_alone_asks_for_no_other_credentials(
    runs: list[Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name)
    Path("my.env").write_text("HAPPYTALK_TOKEN=x\n")
    assert cli.main(["check", "--chat-url", URL, "--env-file", "my.env"]) == ExitCode.DRIFT
    assert runs[0].message_url is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--target", "ftp://x"], "is no target"),
        (["--target", "production"], "--i-know-this-is-production"),
        (["--rate-limit", "fast"], "--rate-limit 'fast'"),
        (["--max-requests", "0"], "0 is not in the range"),
        (["--max-time", "soon"], "'soon': expected a time such as 90s"),
        (["--request-timeout", "0"], "'0': expected a time"),
        (["--seed", "x"], "'x' is not a valid integer"),
        (["--fail-on", "all"], "expected none, or some of breaking, value"),
        (["--only", "rooms.no_such"], "--only rooms.no_such: no such rule"),
        (["--only", "rooms.ordr"], "no such rule; did you mean rooms.order.*?"),
        (["--only", "rooms.order.reg_dat.asc"], "did you mean rooms.order.reg_date.asc?"),
        (["--target", "mok"], "'mok' is no target; did you mean mock?"),
        (["--target", "http://[::1"], "is no target"),
        (["--target", "http://a..b"], "is no target"),
        (["--target", "http://customer。happytalk.io"], "customer.happytalk.io is production"),
        (["--target", "mock", "--env-file", "none.env"], "--env-file none.env: No such file"),
        (
            ["--ca-bundle", "none.pem"],
            "--ca-bundle none.pem: no certificates can be read from it (No such file",
        ),
        (["--ca-bundle", "file"], "--ca-bundle file: no certificates can be read from it"),
        (
            ["--target", "http://localhost:9", "--ca-bundle", "file"],
            "--ca-bundle file: no certificates can be read from it",
        ),
        (["--allow-empty", "everything"], "'everything' is not one of 'rooms', 'messages'"),
        (["--update-baseline"], "needs --baseline FILE"),
        (["--baseline", "none.toml"], "no such file; --update-baseline writes one"),
        (["--env-file", "none.env"], "--env-file none.env: No such file"),
        (["--report-json", "."], "--report-json"),
        (["--report-html", "file/x.html"], "--report-html file/x.html: can not be written"),
        (["--record", "file/x"], "--record file/x: can not be written"),
        (["--report-json", "file", "--report-html", "./file"], "name the same file"),
        (["--report-json", "-", "--report-html", "-"], "only one report"),
        (["--nonsense"], "No such option"),
        (["extra"], "unexpected extra argument"),
    ],
)
def test_wrong_use_is_told_in_a_line_before_anything_is_asked(
    runs: list[Settings], capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    Path("file").write_text("")
    target = [] if "--target" in arguments else ["--target", URL]
    assert cli.main(["check", *target, *arguments]) == ExitCode.USAGE
    output = capsys.readouterr()
    assert told in output.err
    assert output.err.startswith("happytalk-contract: ")
    assert output.err.count("\n") == 1
    assert output.out == ""
    assert runs == []


def test_no_credentials_is_wrong_use(
    runs: list[Settings], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name)
    assert cli.main(["check", "--target", "dev"]) == ExitCode.USAGE
    assert "no credentials: chat rooms skipped: HAPPYTALK_TOKEN not set" in capsys.readouterr().err


# --- files -------------------------------------------------------------------------------------------------


def test_every_report_is_written(runs: list[Settings]) -> None:
    options = [
        text for writer in WRITERS for text in (f"--report-{writer.name}", f"new/report.{writer.name}")
    ]
    assert cli.main(["check", "--target", URL, "--record", "new/run.jsonl", *options]) == ExitCode.DRIFT
    assert {path.name for path in Path("new").iterdir()} == {
        *(f"report.{writer.name}" for writer in WRITERS),
        "run.jsonl",
    }
    document = json.loads(Path("new/report.json").read_text("utf-8"))
    assert document["target"] == URL
    assert document["chat_url"].startswith(URL)
    assert document["findings"][0]["rule"] == ORDER.rule


def test_a_report_can_go_to_standard_output(runs: list[Settings], capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["check", "--target", URL, "--report-json", "-"])
    output = capsys.readouterr()
    assert json.loads(output.out)["summary"]["verdict"] == "drift"
    assert "drift: 2 departures" in output.err


def test_quiet_is_quiet(runs: list[Settings], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--target", URL, "--quiet"]) == ExitCode.DRIFT
    assert capsys.readouterr() == ("", "")


@pytest.mark.slow
def test_no_secret_is_in_any_report_or_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], echoing_api: str
) -> None:
    """The real run, against an API that gives everything it was sent back."""
    monkeypatch.setattr(check, "run", REAL_RUN)
    options = [text for writer in WRITERS for text in (f"--report-{writer.name}", f"report.{writer.name}")]
    options += ["--record", "run.jsonl", "--baseline", "baseline.toml", "--update-baseline"]
    code = cli.main(["check", "--target", echoing_api, "--max-requests", "40", *options])
    assert code in (ExitCode.CONFORMS, ExitCode.DRIFT, ExitCode.NOTHING_JUDGED)
    output = capsys.readouterr()
    texts = {"out": output.out, "err": output.err}
    texts |= {path.name: path.read_text("utf-8") for path in Path().iterdir()}
    assert set(texts) >= {"report.json", "report.html", "report.junit", "report.markdown", "run.jsonl"}
    assert "HAPPYTALK_TOKEN" in texts["run.jsonl"]  # something was asked with it
    for name, text in texts.items():
        for secret in SECRETS.values():
            assert secret not in text, name


REAL_RUN = check.run


@pytest.fixture
def echoing_api() -> Iterator[str]:
    import http.server
    import threading

    class Echo(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            echo = f"{self.path} {dict(self.headers)} {received.decode('utf-8', 'replace')}"
            data = {
                "page": 1,
                "limit": 10,
                "total_count": 1,
                "chat_list": [room(1, id=echo, parameter1=echo)],
            }
            body = json.dumps({"result": "success", "message": echo, "data": data}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header(
                "X-Echo", echo.replace("\r", "").replace("\n", "")[:2000].encode("ascii", "replace").decode()
            )
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PUT = do_DELETE = do_PATCH = do_POST  # noqa: N815 - the names http.server calls

        def log_message(self, *args: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


# --- baselines ---------------------------------------------------------------------------------------------


def test_a_baseline_makes_only_what_is_new_fail(
    runs: list[Settings], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["check", "--target", URL, "--baseline", "b.toml"]
    assert cli.main([*arguments, "--update-baseline"]) == ExitCode.CONFORMS
    assert cli.main(arguments) == ExitCode.CONFORMS
    text = Path("b.toml").read_text("utf-8")
    head, entry, rest = text.partition('signature = "rooms.order:')
    Path("b.toml").write_text(
        head + entry + rest.replace('reason = ""', 'reason = "vendor told"', 1), "utf-8"
    )
    use(monkeypatch, sample(findings=(ORDER, NEW_CODE, replace(NEW_CODE, subject="8", message="a new one"))))
    assert cli.main(arguments) == ExitCode.DRIFT
    output = capsys.readouterr().out
    assert "1 new departure from the documentation, 2 accepted by the baseline" in output
    assert cli.main([*arguments, "--update-baseline"]) == ExitCode.CONFORMS
    assert "vendor told" in Path("b.toml").read_text("utf-8")
    assert "vanished: rooms.fields:tags is no longer found" in capsys.readouterr().out


# --- interruptions -----------------------------------------------------------------------------------------


def test_ctrl_c_tells_what_was_seen_and_writes_the_reports(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    echoing_api: str,
) -> None:
    def stop(event: Event) -> None:
        if isinstance(event, Answered) and event.exchange.number == 6:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(check, "run", lambda settings, _on_event: REAL_RUN(settings, stop))
    # A run of the tests in a shell's background ignores Ctrl-C.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, handler))
    Path("b.toml").write_text("")
    arguments = [
        "--record",
        "r.jsonl",
        "--report-json",
        "r.json",
        "--baseline",
        "b.toml",
        "--update-baseline",
    ]
    assert cli.main(["check", "--target", echoing_api, *arguments]) == 130
    assert "interrupted after 6 answers" in capsys.readouterr().out
    assert len(recording.load(Path("r.jsonl"))) == 6
    assert json.loads(Path("r.json").read_text("utf-8"))["summary"]["requests"] == 6
    assert Path("b.toml").read_text() == ""  # half a run decides nothing


def test_ctrl_c_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_arguments: Any, **_options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(check, "prepared", interrupt)
    assert cli.main(["check", "--target", URL]) == 130
    assert capsys.readouterr().err.strip().endswith("interrupted before anything was asked")


# --- judge, rules, help ------------------------------------------------------------------------------------


def test_a_recording_is_judged_again(capsys: pytest.CaptureFixture[str]) -> None:
    rooms = [room(number) for number in range(3)]
    recording.save(
        [exchange(1, question(sdate="2026-05-26", edate="2026-05-26"), answer(rooms))], Path("r.jsonl")
    )
    code = cli.main(["judge", "r.jsonl", "--report-json", "j.json"])
    assert code in (ExitCode.CONFORMS, ExitCode.DRIFT)
    document = json.loads(Path("j.json").read_text("utf-8"))
    assert document["target"] == "recording"
    assert document["started"].startswith("2026-05-26T12:40:01+09:00")
    assert any(rule["exercised"] for rule in document["rules"])


@pytest.mark.parametrize(
    ("content", "told"), [(None, "No such file"), ("{}", "line 1"), ("no json", "line 1")]
)
def test_what_is_no_recording_is_told(
    capsys: pytest.CaptureFixture[str], content: str | None, told: str
) -> None:
    if content is not None:
        Path("r.jsonl").write_text(content)
    assert cli.main(["judge", "r.jsonl"]) == ExitCode.USAGE
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_an_empty_recording_judges_nothing() -> None:
    Path("r.jsonl").write_text("")
    assert cli.main(["judge", "r.jsonl"]) == ExitCode.NOTHING_JUDGED


def test_a_dry_run_asks_nothing_and_needs_no_credentials(
    runs: list[Settings], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in SECRETS:
        monkeypatch.delenv(name)
    assert cli.main(["check", "--target", "production", "--dry-run"]) == ExitCode.CONFORMS
    output = capsys.readouterr().out
    assert "curl --request POST https://customer.happytalk.io/user/api/chat_room_lists/format/json" in output
    assert "$HAPPYTALK_TOKEN" in output
    assert "Nothing was asked" in output
    assert runs == []


def test_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "--json"]) == ExitCode.CONFORMS
    listed = json.loads(capsys.readouterr().out)
    assert len(listed) > 40
    assert {"id", "endpoint", "severity", "sentence", "needs"} == set(listed[0])
    assert cli.main(["rules", listed[0]["id"]]) == ExitCode.CONFORMS
    assert listed[0]["sentence"] in capsys.readouterr().out
    assert cli.main(["rules", "no.such"]) == ExitCode.USAGE


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["check", "--help"], ["judge", "-h"], ["rules", "-h"], ["--version"]):
        assert cli.main(arguments) == ExitCode.CONFORMS
        assert "happytalk-contract" in capsys.readouterr().out
    assert cli.main([]) == ExitCode.USAGE


def test_prompts_never_show_what_is_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(outputs.click, "prompt", lambda text, **options: asked.append(options) or "x")
    assert outputs._prompt("token") == "x"
    assert asked[0]["hide_input"] is True


def test_a_bug_of_the_kit_is_no_drift(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("holds " + "-".join(["010", "1234", "5678"]))

    monkeypatch.setattr(cli.check, "run", broken)
    assert cli.main(["check", "--target", "mock", "-q"]) == 70
    said = capsys.readouterr().err
    assert "RuntimeError" in said
    assert "a bug of the kit itself" in said
    assert "010-1234-5678" not in said


@pytest.mark.slow
def test_a_code_page_without_hangul_is_no_bug() -> None:
    command = [sys.executable, "-m", "happytalk_contract", "rules"]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert b"rooms.wire.json" in done.stdout


@pytest.mark.slow
def test_a_check_leaves_nothing_in_the_folder_where_it_runs(tmp_path: Path) -> None:
    words = ["check", "--target", "mock", "--fast", "--quiet", "--seed", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "happytalk_contract", *words], cwd=tmp_path, timeout=300, check=False
    )
    assert done.returncode == 0
    assert not list(tmp_path.iterdir())
