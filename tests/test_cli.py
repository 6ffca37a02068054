"""The command as people use it: what it prints, serves, refuses, and how it ends."""

from __future__ import annotations

import csv
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from happytalk_contract.cli.commands import cli as contract
from happytalk_mock import MockServer, __version__
from happytalk_mock.cli.commands import main
from happytalk_mock.cli.options import build_mock
from happytalk_mock.cli.options import options as declared
from happytalk_mock.cli.texts import ready_block
from happytalk_mock.core.errors import ConfigurationError
from happytalk_mock.faults.drifts import DRIFTS
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from happytalk_mock.testing.client import AdminClient
from happytalk_mock.web.app import create_app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command in a process of its own, and its ready block."""
    command = [sys.executable, "-m", "happytalk_mock", "serve", "--port", "0", *arguments]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        assert process.stdout
        block = ""
        for line in process.stdout:
            block += line
            if line.startswith("Stop with"):
                break
        assert "is ready at" in block, process.communicate()[1]
        yield process, block
    finally:
        process.kill()
        process.communicate()


def url_of(block: str) -> str:
    found = re.search(r"http://[\d.]+:\d+", block)
    assert found
    return found.group()


def post(url: str, body: bytes) -> Any:
    request = urllib.request.Request(url + ROOMS_PATH, body, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        return json.load(response)


@pytest.mark.parametrize("endpoint", ["rooms", "messages"])
def test_drifts_of_one_endpoint_are_listed_alone(endpoint: str) -> None:
    lines = run("drifts", "--endpoint", endpoint).output.splitlines()
    assert [line.split()[0] for line in lines] == [
        name for name, drift in DRIFTS.items() if drift.endpoint == endpoint
    ]
    assert len(run("drifts").output.splitlines()) == len(DRIFTS)


@pytest.mark.slow
def test_the_documented_scenario_answers_the_documented_example() -> None:
    with serving("--scenario", "documented") as (process, block):
        url = url_of(block)
        sample = b'{\n "token" : "happytalk-mock-token",\n "ndate" : "2022-05-26",\n "status" : "99"\n}'
        assert post(url, sample) == _documented("chat_room_lists.success.json")
        headers = {
            "HT-Client-Id": "happytalk-mock-client-id",
            "HT-Client-Secret": "happytalk-mock-client-secret",
        }
        request = urllib.request.Request(  # noqa: S310
            f"{url}{MESSAGES_PATH}?senderKey=happytalk-mock-sender-key", headers=headers
        )
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            assert json.load(response) == _documented("system_messages.success.json")
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
        assert process.returncode == 0
        assert said == "happytalk-mock: stopped\n"


def _documented(name: str) -> Any:
    path = Path(__file__).parent.parent / "fixtures" / "documented" / name
    return json.loads(path.read_text(encoding="utf-8"))


#: Moments at which today may have no room yet: a Sunday before dawn, New Year's Day, just after midnight.
QUIET = ("2026-11-22T03:00:00+09:00", "2027-01-01T00:00:00+09:00", "2026-11-20T00:00:01+09:00")


def copied(block: str) -> list[str]:
    """The commands of a ready block."""
    return re.findall(r"^curl .*?(?<!\\)$", block, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("options", "day"),
    [
        *((["--now", now], None) for now in QUIET),
        (["--now", "2026-11-20T15:30:00+09:00"], "2026-11-20"),
        *((["--scenario", name], "2022-05-26") for name in ("documented", "midnight", "pages", "ties")),
        (["--scenario", "empty"], ""),
    ],
)
def test_the_ready_blocks_example_has_rooms_at_any_hour(options: list[str], day: str | None) -> None:
    command, parent = (
        click.command()(declared("data")(lambda **_: None)),
        main.make_context("happytalk-mock", ["serve"]),
    )
    mock = build_mock(**command.make_context("serve", options, parent=parent).params)
    (line, _) = copied(ready_block("http://127.0.0.1:8080", mock))
    body = json.loads(shlex.split(line.replace("\\\n", ""))[-1])
    assert day is None or body.get("ndate", "") == day
    answer = create_app(mock).test_client().post(ROOMS_PATH, json=body).json["data"]
    assert bool(answer["chat_list"]) is (day != "")


@pytest.mark.slow
def test_the_ready_block_can_be_copied() -> None:
    with serving("--rooms", "40", "--now", "2026-11-20T00:00:30+09:00") as (process, block):
        for line in (
            "token:             happytalk-mock-token",
            "senderKey:         happytalk-mock-sender-key",
        ):
            assert line in block
        assert "HT-Client-Id:      happytalk-mock-client-id" in block
        assert "HT-Client-Secret:  happytalk-mock-client-secret" in block
        lines = copied(block)
        assert len(lines) == 2
        answers = [
            json.loads(
                subprocess.run(["bash", "-c", line], capture_output=True, check=True, timeout=10).stdout
            )
            for line in lines
        ]
        assert answers[0]["data"]["chat_list"], "the first answer anyone sees has rooms, at midnight too"
        assert answers[1]["data"]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=10)
        assert process.returncode == 0


@pytest.mark.slow
def test_requests_are_logged_without_secrets() -> None:
    with serving("--log", "always") as (process, block):
        post(url_of(block), b'{"token": "happytalk-mock-token"}')
        post(url_of(block), b'{"token": "a-wrong-token"}')
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=10)
        assert said.count(f"POST {ROOMS_PATH} 200") == 2
        assert "happytalk-mock-token" not in said
        assert "a-wrong-token" not in said


@pytest.mark.slow
def test_a_body_of_ten_megabytes_is_answered_over_a_socket() -> None:
    with MockServer(rooms=1) as server:
        answer = post(server.url, b'{"token": "' + b"x" * 10_000_000 + b'"}')
        assert answer["code"] == -506


@contextmanager
def taken() -> Iterator[int]:
    """A port at which somebody else listens."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        yield int(other.getsockname()[1])


def taken_says(port: int, way: str) -> str:
    return rf"cannot listen on 127\.0\.0\.1:{port}: .*; choose another, such as {way}8081, or {way}0 for a free one\n?"


def test_a_taken_port_is_one_line() -> None:
    with taken() as port:
        done = run("serve", "--port", str(port))
        assert (done.exit_code, done.stdout) == (2, "")
        assert re.fullmatch("happytalk-mock: " + taken_says(port, "--port "), done.stderr)
        with pytest.raises(ConfigurationError) as refused:
            MockServer(port=port)
    assert re.fullmatch(taken_says(port, "port="), str(refused.value))


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("make"), reason="make is not on this machine")
def test_a_taken_port_is_told_in_the_words_of_make() -> None:
    with taken() as port:
        # The tests may run under make themselves, which tells a make below it to say where it is.
        own = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        done = subprocess.run(
            ["make", "-o", ".venv/.serve", "serve", f"PORT={port}", f"BIN={Path(sys.executable).parent}"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=own,
            cwd=Path(__file__).parents[1],
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert re.match("happytalk-mock: " + taken_says(port, "make serve PORT="), done.stderr)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["serve", "--host", "no.such.host.invalid"], "--host no.such.host.invalid"),
        (["serve", "--port", "70000"], "'--port'"),
        (["rooms", "--now", "yesterday"], "--now: 'yesterday' is no moment"),
        (["rooms", "--set", "zero_date_order=first"], "allowed: lowest, last"),
        (["rooms", "--set", "colour=red"], "no open question 'colour'"),
        (["rooms", "--behaviour", "none.toml"], "behaviour file none.toml: No such file"),
        (["rooms", "--scenario", "nothing"], "no scenario named 'nothing'; there are: documented"),
        (["rooms", "--scenario", "none.json"], "none.json: cannot be read"),
        (["rooms", "--tenants", "none.toml"], "tenants file none.toml: No such file"),
        (["rooms", "--token", ""], "a token cannot be empty"),
        (["rooms", "--rooms", "-1"], "'--rooms'"),
        (["rooms", "--scenario", "ties", "--rooms", "30"], "--scenario: received --rooms beside it"),
        (["serve", "--scenario", "ties", "--days", "3"], "--scenario: received --days beside it"),
        (["serve", "--churn", "1e-300"], "--churn: received"),
        (["rooms", "--colour"], "No such option"),
        (["rooms", "--output", "/dev/null/rooms.csv"], "--output /dev/null/rooms.csv"),
        (["colours"], "No such command 'colours'. See `"),
        (["serve", "--admin-token", ""], "--admin-token: it cannot be empty"),
        (["serve", "--admin-read-token", ""], "--admin-read-token: it cannot be empty"),
        (["serve", "--admin-token", "a=b", "--admin-read-token", "c=b"], "--admin-token: two are the same"),
        (["serve", "--port", "0", "--watch"], "--watch: received no scenario; allowed: --scenario with"),
        (
            ["serve", "--port", "0", "--watch", "--scenario", "ties"],
            "--watch: received --scenario ties, which is no file",
        ),
        (["rooms", "--set", "longest_period=" + "9" * 5000], "behaviour longest_period"),
        (["openapi", "--output", "/dev/null/openapi.json"], "--output /dev/null/openapi.json"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(arguments: list[str], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert says in result.output
    assert re.fullmatch(r"happytalk-mock: .+\n", result.output)


def test_rooms_are_the_same_again_and_exported_whole(tmp_path: Path) -> None:
    options = ["--rooms", "60", "--now", "2026-11-20T15:00:00+09:00"]
    lines = run("rooms", *options, "--format", "jsonl").output.splitlines()
    assert len(lines) == 60
    assert lines == run("rooms", *options, "--format", "jsonl").output.splitlines()
    assert lines != run("rooms", *options, "--format", "jsonl", "--seed", "2").output.splitlines()
    file = tmp_path / "rooms.csv"
    assert run("rooms", *options, "--format", "csv", "-o", str(file)).exit_code == 0
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["id"] for row in rows] == [json.loads(line)["id"] for line in lines]


@pytest.mark.slow
def test_a_terminal_without_hangul_gets_its_data_all_the_same() -> None:
    encodings, ways = ("ascii", "cp1252", "cp949"), ("", "--format jsonl", "--format csv")
    # One process for all, parted by a byte that no output holds: starting it is the dear part.
    program = (
        "import sys\n"
        "from happytalk_mock.cli.commands import main\n"
        "for encoding, way in [line.split('|') for line in sys.argv[1:]]:\n"
        "    sys.stdout.reconfigure(encoding=encoding, errors='strict', newline=None)  # as a fresh process has it\n"
        "    main(['rooms', '--now', '2026-11-20T15:00:00', *way.split()], standalone_mode=False)\n"
        "    sys.stdout.flush()\n"
        "    sys.stdout.buffer.write(b'\\x00')\n"
        "    sys.stdout.buffer.flush()\n"
    )
    command = [
        *(sys.executable, "-c", program),
        *(f"{encoding}|{way}" for encoding in encodings for way in ways),
    ]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    output = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=True).stdout
    *told, rest = output.split(b"\0")
    assert (len(told), rest) == (9, b"")
    for table, lines, sheet in zip(told[::3], told[1::3], told[2::3], strict=True):
        assert len(table.splitlines()) == 501
        rooms = [json.loads(line) for line in lines.decode().splitlines()]
        assert any("\U0001f60a" in room["last_message"] for room in rooms)  # which cp949 has not
        assert sheet.count(b"\r\n") == 501


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ["rooms", "openapi"])
def test_a_full_disk_is_told_in_one_line(command: str) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "happytalk_mock", command],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=20, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (
        2,
        "happytalk-mock: standard output: No space left on device\n",
    )


@pytest.mark.slow
def test_a_log_that_nobody_reads_fails_no_answer() -> None:
    with serving("--log", "always") as (process, block):
        assert process.stderr
        process.stderr.close()
        for _ in range(3):
            assert post(url_of(block), b'{"token": "happytalk-mock-token"}')["result"] == "success"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
def test_what_is_being_answered_at_the_end_is_answered_whole() -> None:
    with serving() as (process, block):
        address = url_of(block).removeprefix("http://").split(":")
        body = b'{"token": "happytalk-mock-token"}'
        for fault in ("delay=50", "fault=slow-trickle, seconds=50"):
            with socket.create_connection((address[0], int(address[1])), timeout=20) as client:
                head = f"POST {ROOMS_PATH} HTTP/1.1\r\nHost: x\r\nPrefer: {fault}\r\n"
                head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                client.sendall(head.encode() + body)
                post(url_of(block), b"{}")  # by now the other request is being answered
                if "slow" in fault:
                    process.terminate()
                    response = http.client.HTTPResponse(client)
                    response.begin()
                    assert json.loads(response.read())["result"] == "success"
                    assert process.wait(20) == 0


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM to send")
def test_half_a_request_does_not_hold_up_the_end() -> None:
    with serving() as (process, block):
        address = url_of(block).removeprefix("http://").split(":")
        with socket.create_connection((address[0], int(address[1]))) as client:
            head = f"POST {ROOMS_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{{"
            client.sendall(head.encode())
            post(url_of(block), b"{}")  # by now the other request is being read
            process.terminate()
            assert process.wait(20) == 0


def test_tenants_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "tenants.toml"
    file.write_text(
        '[[tenant]]\ntoken = "알파"\n[[tenant]]\ntoken = "b"\nclient_id = "c"\n', encoding="utf-8"
    )
    assert run("rooms", "--tenants", str(file), "--rooms", "5").exit_code == 0
    file.write_text('[[tenant]]\ntoken = "a"\n', encoding="utf-8-sig")
    assert run("rooms", "--tenants", str(file), "--rooms", "5").exit_code == 0
    for content, says in [
        ('[[tenant]]\ntoken = "a"\ncolour = 1', "tenant[0]: Additional properties are not allowed ('colour'"),
        ("[[tenant]]\ntoken = 1", "tenant[0].token: received a number; expected a text that is not empty"),
        ('[[tenant]]\ntoken = ""', 'tenant[0].token: received ""; expected a text that is not empty'),
        ("[[tenant]]", "tenant[0]: 'token' is a required property; expected a table with token and maybe"),
        ("tenant = [5]", "tenant[0]: received a number; expected a table with token"),
        ("x = " + "9" * 5000, "not TOML"),
        ("", "expected at least one [[tenant]]"),
        (
            '[[tenant]]\ntoken = "a"\nclient_id = "c"\n[[tenant]]\ntoken = "b"\nclient_id = "c"',
            "another tenant",
        ),
    ]:
        file.write_text(content, encoding="utf-8")
        result = run("rooms", "--tenants", str(file))
        assert result.exit_code == 2
        assert says in result.output


def test_help_and_version() -> None:
    assert __version__ in run("--version").output
    for command in ("serve", "rooms", "behaviours", "scenarios", "openapi"):
        assert command in run("--help").output
        assert "Examples" in run(command, "--help").output or command in (
            "behaviours",
            "scenarios",
            "openapi",
        )
    assert "zero_date_order" in run("behaviours").output
    assert "one-busy-day" in run("scenarios").output


def test_openapi_is_written(tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    assert run("openapi", "--server", "http://example.test", "-o", str(file)).exit_code == 0
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["openapi"].startswith("3.1")
    assert document["servers"][0]["url"] == "http://example.test"


def test_schemas_are_written_tolerant_or_strict(tmp_path: Path) -> None:
    for options, closed in ((["tolerant"], False), (["strict", "--strict"], True)):
        assert run("schemas", str(tmp_path / options[0]), *options[1:]).exit_code == 0
        room = json.loads((tmp_path / options[0] / "room.json").read_text(encoding="utf-8"))
        assert (room.get("unevaluatedProperties", room.get("additionalProperties", True)) is False) is closed
    (tmp_path / "file").write_text("")
    refused = run("schemas", str(tmp_path / "file" / "below"))
    assert refused.exit_code == 2
    assert "Traceback" not in refused.output


# --- completion ---


def completed(command: str, words: str) -> list[str]:
    """What a shell offers for the last word; asked as bash and its like ask."""
    module, name = {"happytalk-mock": (main, "MOCK"), "happytalk-contract": (contract, "CONTRACT")}[command]
    asked = {
        f"_HAPPYTALK_{name}_COMPLETE": "zsh_complete",
        "COMP_WORDS": f"{command} {words}",
        "COMP_CWORD": str(len(words.split())),
    }
    said = CliRunner().invoke(module, prog_name=command, env=asked).output.splitlines()
    return [value for kind, value in zip(said[::3], said[1::3], strict=True) if kind == "plain"]


@pytest.mark.parametrize(
    ("command", "words", "offers"),
    [
        ("happytalk-mock", "serve --scenario d", ["documented"]),
        (
            "happytalk-mock",
            "rooms --set zero_date_order=",
            ["zero_date_order=lowest", "zero_date_order=last"],
        ),
        ("happytalk-mock", "serve --drift page-ig", ["page-ignored"]),
        ("happytalk-mock", "score --skip rate", ["rate-limit"]),
        ("happytalk-mock", "dri", ["drifts"]),
        ("happytalk-contract", "check --only rooms.order.reg_date.d", ["rooms.order.reg_date.desc"]),
        ("happytalk-contract", "rules rooms.order.reg_date.d", ["rooms.order.reg_date.desc"]),
        ("happytalk-contract", "check --target d", ["dev"]),
    ],
)
def test_names_complete_in_a_shell(command: str, words: str, offers: list[str]) -> None:
    assert completed(command, words) == offers


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("bash"), reason="no bash on this machine")
def test_a_scenario_completes_in_bash_beside_files() -> None:
    script = (
        'eval "$(_HAPPYTALK_MOCK_COMPLETE=bash_source happytalk-mock)"\n'
        "compopt() { :; }\nCOMP_WORDS=(happytalk-mock serve --scenario mid) COMP_CWORD=3\n"
        '_happytalk_mock_completion happytalk-mock mid\necho "${COMPREPLY[@]}"\n'
    )
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, timeout=60, env={**os.environ, "PATH": path}
    )
    assert done.stdout == "midnight\n", done.stderr


def test_options_are_checked_before_the_port() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        result = run("serve", "--port", str(other.getsockname()[1]), "--set", "colour=red")
    assert result.exit_code == 2
    assert "no open question 'colour'" in result.output


@pytest.mark.slow
def test_a_host_may_be_written_as_a_url_writes_it() -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6")
    with serving("--host", "[::1]") as (_, block):
        url = re.search(r"http://\[::1\]:\d+", block)
        assert url
        with urllib.request.urlopen(url.group() + "/__admin/rooms?limit=1", timeout=10) as response:  # noqa: S310
            assert response.status == 200


@pytest.mark.slow
def test_a_log_for_programs_and_a_file_that_is_watched(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[[rooms]]\ncount = 2\n", "utf-8")
    command = [sys.executable, "-m", "happytalk_mock", "serve", "--port", "0", "--log", "json"]
    command += ["--watch", "--scenario", str(file), "--admin-read-token", "dashboard=look"]
    environment = {**os.environ, "HAPPYTALK_MOCK_ADMIN_TOKEN": "ci=one secret\nlead=another\n"}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    )
    assert process.stderr is not None
    try:
        ready = json.loads(process.stderr.readline())
        assert ready["event"] == "ready"
        post(ready["url"], b'{"token": "happytalk-mock-token", "title": "\xeb\xb9\x84\xeb\xb0\x80"}')
        request = json.loads(process.stderr.readline())
        assert request["event"] == "request"
        assert (request["endpoint"], request["status"], request["tenant"]) == ("rooms", 200, "happ…(20)")
        assert "비밀" not in str(request)
        file.write_text("[[rooms]]\ncount = 3\n", "utf-8")
        loaded = json.loads(process.stderr.readline())
        assert (loaded["event"], loaded["rooms"]) == ("scenario-loaded", 3)
        changes = AdminClient(ready["url"], admin_token="look").call("GET", "/audit")["changes"]
        assert [(each["who"], each["path"]) for each in changes] == [("watch", "/scenario")]
        assert AdminClient(ready["url"], admin_token="one secret").call("DELETE", "/rooms") == {"deleted": 3}
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
        assert out == ""
        assert json.loads(err)["event"] == "stopped"
    finally:
        process.kill()
        process.communicate()
