"""Whatever answers in HappyTalk's place: told as what it is, soon, in little memory, and never as drift."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from happytalk_mock import MockServer
from hostile import LOGIN, MODES, TITLE, Hostile, unused_port

CERTIFICATES: Final = Path(__file__).parents[1] / "certificates"
#: Those that try to fill the memory.
LARGE: Final = ("bomb", "endless", "headers", "very-deep")
#: Those that HappyTalk answers in, if late or in part.
IN_PART: Final = ("slow", "hiccup", "not-utf8")
#: Those that never come to an end by themselves.
ENDLESS: Final = ("silent", "drip", "drip-header", "continues", "bomb", "endless", "headers")
#: Seconds that a check may take: to find out, and where the other side takes its time.
SOON: Final = 9.0
LATE: Final = 14.0
#: What each check is given.
TIME: Final = 4.0
#: What is said of each, at least in part.
SAID: Final[Mapping[str, str]] = {
    "outage": f"HTTP 503, text/html, title “{TITLE}”): most likely an outage",
    "server-error": "HTTP 500, text/html, title “Internal Server Error”): most likely an outage",
    "bad-gateway": "HTTP 502, text/html, title “502 Bad Gateway”): most likely an outage",
    "proxy-outage": "most likely a proxy or gateway that can not reach it",
    "proxy-login": "most likely a proxy that wants a password; see the proxy's settings",
    "login": f"HTTP 302, text/html, no body, Location {LOGIN.partition('?')[0]}): most likely a login page",
    "moved": "Location https://bnd.example/user/api/chat_room_lists): most likely",
    "https-wanted": "most likely https is wanted; use the https:// address",
    "loop": "most likely another path is wanted, or a loop",
    "other-host": "HTTP 404, application/json): most likely another server",
    "page": "HTTP 200, text/html, title “Welcome to nginx!”): most likely another server",
    "forbidden-page": "most likely a gateway or firewall",
    "garbage-length": "(",
    "unauthorized": "most likely a login page, or a gateway that wants credentials of its own",
    "other-json": "HTTP 200, application/json): most likely another server",
    "empty": "HTTP 200, application/json, no body)",
    "no-content": "HTTP 204, application/json, no body)",
    "image": "HTTP 200, image/png)",
    "too-many": "most likely it wants to be asked less; ask again later",
    "half-gzip": "(content encoding broken: it ends too early)",
    "not-gzip": "(content encoding broken: ",
    "accept-close": "(connection dropped)",
    "reset": "(connection dropped)",
    "half": "(answer torn); see what ends the connection in the midst of an answer",
    "garbage": "(no HTTP); see whether it is the right port",
    "silent": "(timeout)",
    "drip": "(timeout)",
    "drip-header": "(timeout)",
    "continues": "(timeout)",
    "endless": "(answer too large)",
}


def play(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Check all in one process."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parents[1] / "hostile_runs.py")],
        input=json.dumps({name: {"max_time": TIME, **more} for name, more in given.items()}),
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcomes: dict[str, Any] = json.loads(done.stdout)
    return outcomes


def tls(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    return context


@pytest.fixture(scope="module")
def mock() -> Iterator[MockServer]:
    with MockServer(rooms=200) as server:
        yield server


def by_itself(mock: MockServer) -> dict[str, Any]:
    return {
        "credentials": {
            "HAPPYTALK_TOKEN": mock.token,
            "HAPPYTALK_CLIENT_ID": mock.client_id,
            "HAPPYTALK_CLIENT_SECRET": mock.client_secret,
            "HAPPYTALK_SENDER_KEY": mock.sender_key,
        },
        # The mock is to be judged however busy the machine is.
        "max_time": 240.0,
        "request_timeout": 20.0,
        "max_requests": 160,
    }


@pytest.fixture(scope="module")
def outcomes(mock: MockServer) -> dict[str, Any]:
    """What came of every mode, all at once, the large ones in a process of their own; and what was asked."""
    ca = str(CERTIFICATES / "ca.pem")
    with ExitStack() as stack:
        start = stack.enter_context
        servers = {name: start(Hostile(name, honest=mock.url)) for name in MODES if name not in LARGE}
        given: dict[str, dict[str, Any]] = {name: {"url": server.url} for name, server in servers.items()}
        honest = {"hiccup": given.pop("hiccup") | by_itself(mock)}
        for name, after in (("outage", 70), ("login", 71), ("accept-close", 72), ("other-json", 110)):
            server = start(Hostile(name, honest=mock.url, after=after))
            honest[f"{name} later"] = {"url": server.url, **by_itself(mock)}
        trusted = start(Hostile("other-host", tls=tls("server"))).url
        given["untrusted"] = {"url": trusted}
        given["trusted"] = {"url": trusted, "ca_bundle": ca}
        for name in ("expired", "other-host"):
            given[f"TLS {name}"] = {"url": start(Hostile("page", tls=tls(name))).url, "ca_bundle": ca}
        given["TLS to a plain port"] = {"url": servers["page"].url.replace("http:", "https:")}
        given["plain to a TLS port"] = {"url": trusted.replace("https:", "http:")}
        given["nobody"] = {"url": f"http://127.0.0.1:{unused_port()}"}
        given["unknown host"] = {"url": "http://no-such-host.invalid"}
        large = {name: {"url": start(Hostile(name)).url, "max_time": 8.0} for name in LARGE}
        with ThreadPoolExecutor(3) as threads:
            some, others, most = threads.map(play, (given, honest, large))
        some["outcomes"] |= others["outcomes"] | most["outcomes"]
        some["megabytes"] = most["megabytes"]
        some["asked"] = {name: len(server.asked) for name, server in servers.items()}
    return some


STRANGERS: Final = [name for name in MODES if name not in (*LARGE, *IN_PART)]


@pytest.mark.slow
@pytest.mark.parametrize("name", STRANGERS)
def test_another_server_is_told_soon_and_is_no_drift(outcomes: dict[str, Any], name: str) -> None:
    came = outcomes["outcomes"][name]
    assert (came["exit"], came["findings"], came["answers"]) == (3, [], []), came["said"]
    assert came["requests"] <= 10
    assert outcomes["asked"][name] <= 10
    assert came["seconds"] < (LATE if name in ENDLESS else SOON)
    assert SAID.get(name, "not HappyTalk") in came["said"]
    assert all(came["reports"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "untrusted",
            "certificate not trusted: unable to get local issuer certificate); name the certificates",
        ),
        ("trusted", "HTTP 404, application/json): most likely another server"),
        ("TLS expired", "certificate not trusted: certificate has expired)"),
        ("TLS other-host", "certificate not trusted: "),
        ("TLS to a plain port", "(the port speaks no TLS"),
        ("plain to a TLS port", "(the port speaks TLS); use https://"),
        ("nobody", "(connection refused); see whether the service is up"),
        ("unknown host", "(unknown host); see whether the name is spelt right"),
    ],
)
def test_why_a_connection_failed_is_told_by_its_name(outcomes: dict[str, Any], name: str, said: str) -> None:
    came = outcomes["outcomes"][name]
    assert (came["exit"], came["findings"]) == (3, [])
    assert came["requests"] <= 6
    assert said in came["said"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["outage", "login", "accept-close", "other-json"])
def test_what_breaks_off_is_judged_until_then(outcomes: dict[str, Any], name: str) -> None:
    came = outcomes["outcomes"][f"{name} later"]
    assert (came["exit"], came["findings"]) == (3, []), came
    assert "not judged to the end: HappyTalk stopped answering: " in came["said"]
    assert "25 of" not in came["said"]
    judged = int(came["said"].rpartition("; ")[2].split(" of ")[0])
    assert judged > 15
    assert came["requests"] < 150


@pytest.mark.slow
def test_a_server_that_fails_now_and_then_is_judged_to_the_end(outcomes: dict[str, Any]) -> None:
    came = outcomes["outcomes"]["hiccup"]
    assert came["requests"] > 120
    assert came["findings"] in ([], ["rooms.wire.server_error"], ["messages.wire.server_error"], [
        "rooms.wire.server_error", "messages.wire.server_error",
    ])  # fmt: skip


@pytest.mark.slow
def test_no_answer_fills_the_memory(outcomes: dict[str, Any]) -> None:
    for came in (outcomes["outcomes"][name] for name in LARGE):
        assert (came["exit"], came["findings"]) == (3, []), came
        assert came["seconds"] < LATE + 8
    assert outcomes["megabytes"] < 400
