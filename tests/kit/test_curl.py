"""The least request: what is pasted must send what was sent, byte by byte."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from happytalk_contract.core.model import Request, placeholder
from happytalk_contract.report.curl import as_curl, as_python

SECRETS = {
    "HAPPYTALK_TOKEN": "tok$en`x'y",
    "HAPPYTALK_CLIENT_ID": "the client id",
    "HAPPYTALK_CLIENT_SECRET": 'se"cret',
    "HAPPYTALK_SENDER_KEY": "0123abcd",
}
TOKEN = placeholder("HAPPYTALK_TOKEN")
JSON = {"Content-Type": "application/json"}

BODIES = {
    "plain": b'{"token":"${HAPPYTALK_TOKEN}","ndate":"2022-05-26"}',
    "spaced": b'{"token": "${HAPPYTALK_TOKEN}", "limit": 50, "page": null, "x": [true, 1.5]}',
    "quotes": b'{"status": "it\'s \\"quoted\\" \\\\ `id` $HOME ${HOME} $(id) !! *"}',
    "korean": '{"token":"${HAPPYTALK_TOKEN}","title":"해피톡 상담, 안녕하세요 👋"}'.encode(),
    "lines": b'{\n\t"status": 99\r\n}',
    "bang and control": b"wow! \x01\x7f\x1b[0m'",
    "not UTF-8": b"\xff\xfe{\xed\xa0\x80 ${HAPPYTALK_TOKEN} \xc3",
    "hex digits after an escape": b"\xffabc\x01def",
    "NUL": b"\x00abc\x00${HAPPYTALK_TOKEN}\x00!'",
    "empty": b"",
    "at sign": b"@/etc/hostname",
    "percent": b"%s %d %%",
    "long": b'{"x":"' + b"y" * 150_000 + b'"}',
    "not JSON": b"{'token': 1}",
    "an array": b"[[[]]]",
}


@dataclass
class Seen:
    method: str = ""
    path: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


class _Recorder(http.server.BaseHTTPRequestHandler):
    seen = Seen()

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length")
        body = self.rfile.read(int(length)) if length is not None else None
        headers = {name.lower(): value for name, value in self.headers.items()}
        type(self).seen = Seen(self.command, self.path, headers, body)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_PUT = do_POST  # noqa: N815 - the names http.server calls

    def log_message(self, *args: object) -> None: ...


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Recorder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/user/api"
    server.shutdown()
    thread.join()
    server.server_close()


def paste(line: str) -> Seen:
    _Recorder.seen = Seen()
    # `-s` reads the line from standard input, as a terminal would: no limit on its length
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "NO_PROXY": "*", **SECRETS}
    result = subprocess.run(["bash", "-s"], input=line.encode(), env=environment, capture_output=True)
    assert result.returncode == 0, result.stderr.decode()
    return _Recorder.seen


def run_python(source: str) -> Seen:
    """Runs it here, with the credentials where it looks for them."""
    _Recorder.seen = Seen()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (SECRETS | {"NO_PROXY": "*"}).items():
            patch.setenv(name, value)
        exec(source, {})  # noqa: S102 - it is what a person pastes
    return _Recorder.seen


def run_python_alone(source: str) -> Seen:
    """Runs it by itself, as it is pasted."""
    _Recorder.seen = Seen()
    environment = os.environ | SECRETS | {"NO_PROXY": "*", "PYTHONUTF8": "1"}
    result = subprocess.run(
        [sys.executable, "-"], input=source.encode(), env=environment, capture_output=True
    )
    assert result.returncode == 0, result.stderr.decode()
    return _Recorder.seen


def filled(body: bytes) -> bytes:
    for name, value in SECRETS.items():
        body = body.replace(placeholder(name).encode(), value.encode())
    return body


needs_curl = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")), reason="needs bash and curl on the PATH"
)


@needs_curl
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_curl_sends_the_same_bytes(url: str, body: bytes) -> None:
    seen = paste(as_curl(Request(endpoint="rooms", method="POST", headers=JSON, body=body), url))
    assert seen.body == filled(body)
    assert seen.method == "POST"
    assert seen.headers["content-type"] == "application/json"


@needs_curl
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
def test_curl_uses_the_method_without_a_body(url: str, method: str) -> None:
    seen = paste(as_curl(Request(endpoint="rooms", method=method), url))
    assert (seen.method, seen.body or b"") == (method, b"")


@needs_curl
def test_curl_sends_headers_and_query(url: str) -> None:
    request = Request(
        endpoint="messages",
        method="GET",
        headers={
            "HT-Client-Id": placeholder("HAPPYTALK_CLIENT_ID"),
            "HT-Client-Secret": placeholder("HAPPYTALK_CLIENT_SECRET"),
            "X-Empty": "",
            "Accept-Encoding": "gzip",
        },
        query=(("senderKey", placeholder("HAPPYTALK_SENDER_KEY")), ("id", "1 &'해"), ("a[b]", "{1,2}")),
    )
    seen = paste(as_curl(request, url))
    assert parse_qsl(urlsplit(seen.path).query) == [
        ("senderKey", "0123abcd"),
        ("id", "1 &'해"),
        ("a[b]", "{1,2}"),
    ]
    assert seen.headers["ht-client-id"] == "the client id"
    assert seen.headers["ht-client-secret"] == 'se"cret'
    assert seen.headers["x-empty"] == ""
    assert seen.headers["accept-encoding"] == "gzip"


@needs_curl
def test_curl_adds_no_content_type(url: str) -> None:
    seen = paste(as_curl(Request(endpoint="rooms", method="POST", body=b"{}"), url))
    assert "content-type" not in seen.headers
    assert seen.body == b"{}"


@pytest.mark.slow
@pytest.mark.parametrize("body", ["not UTF-8", "NUL", "lines", "empty", "not JSON"])
def test_python_sends_the_same_bytes(url: str, body: str) -> None:
    seen = run_python(
        as_python(Request(endpoint="rooms", method="POST", headers=JSON, body=BODIES[body]), url)
    )
    assert seen.body == filled(BODIES[body])
    assert seen.headers["content-type"] == "application/json"


@pytest.mark.slow
@pytest.mark.parametrize("body", ["spaced", "korean", "quotes", "an array"])
def test_python_sends_the_same_document(url: str, body: str) -> None:
    source = as_python(Request(endpoint="rooms", method="POST", headers=JSON, body=BODIES[body]), url)
    assert "json=" in source
    seen = run_python(source)
    assert seen.body is not None
    assert json.loads(seen.body) == json.loads(filled(BODIES[body]))
    assert seen.headers["content-type"] == "application/json"


@pytest.mark.slow
def test_python_sends_query_and_headers(url: str) -> None:
    request = Request(
        endpoint="messages",
        method="GET",
        headers={"HT-Client-Id": placeholder("HAPPYTALK_CLIENT_ID")},
        query=(("senderKey", placeholder("HAPPYTALK_SENDER_KEY")), ("id", "해")),
    )
    seen = run_python_alone(as_python(request, url))
    assert parse_qsl(urlsplit(seen.path).query) == [("senderKey", "0123abcd"), ("id", "해")]
    assert seen.headers["ht-client-id"] == "the client id"
    assert seen.body is None


def test_curl_is_one_readable_line() -> None:
    request = Request(endpoint="rooms", method="POST", headers=JSON, body=BODIES["plain"])
    assert as_curl(request, "https://customer.happytalk.io/user/api") == (
        "curl --request POST https://customer.happytalk.io/user/api "
        "--header 'Content-Type: application/json' "
        """--data-raw '{"token":"'"$HAPPYTALK_TOKEN"'","ndate":"2022-05-26"}'"""
    )


def test_another_path_and_a_query_go_into_the_address() -> None:
    asked = Request(endpoint="messages", method="GET", suffix="/x", query=(("a b", "1&2"), ("key", TOKEN)))
    assert as_curl(asked, "http://api/v1") == "curl 'http://api/v1/x?a%20b=1%262&key='\"$HAPPYTALK_TOKEN\""
    assert '"http://api/v1/x"' in as_python(replace(asked, query=()), "http://api/v1")


def test_an_interactive_shell_finds_no_history_in_curl() -> None:
    line = as_curl(
        Request(endpoint="rooms", method="POST", headers=JSON, body=BODIES["bang and control"]), "http://x"
    )
    assert "!" not in line  # between $' and ' it would be looked up


def test_python_without_secrets_imports_only_what_it_uses() -> None:
    assert "import os" not in as_python(Request(endpoint="rooms", method="GET"), "http://x")


def test_curl_takes_an_ipv6_host_literally() -> None:
    assert "--globoff" in as_curl(Request(endpoint="rooms", method="GET"), "http://[::1]:8080/x")
