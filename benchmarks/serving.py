"""How fast the mock answers over HTTP, beside peers at their own best settings; and what it holds at once.

    python benchmarks/serving.py [--seconds 5] [--rounds 3] [--connections 8 32] [--rooms 1000]

Needs `wrk`. The peers give the same bytes for every request: a WSGI callable and the least Flask application,
each on granian with one blocking thread, which is what is fastest for both; they live in a virtual environment
of their own, made once in the folder for temporary files. A MockServer that runs already is named with
`--mockserver http://127.0.0.1:1080`. All are loaded in turn, several rounds, so that a busy machine is busy for
all of them: compare ratios. CPU is the server's own, a request.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from collections.abc import Callable
from pathlib import Path

ROOMS = "/user/api/chat_room_lists/format/json"
PEERS = f"""
import pathlib
from flask import Flask, Response
body = pathlib.Path(__file__).with_name("answer.json").read_bytes()
kind = "application/json; charset=utf-8"
headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
flask = Flask("minimal")

def wsgi(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", headers)
    return [body]

@flask.post("{ROOMS}")
def rooms():
    return Response(body, content_type=kind)
"""
FIXED = """
wrk.method, wrk.path = "POST", "%s"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"token":"happytalk-mock-token","sdate":"2000-01-01","edate":"2099-12-31"}'
"""

#: Varied as clients are: days and ranges, statuses, both keys, both directions, several pages and limits.
VARIED = """
local today = %d
local keys, values = {"reg_date", "complate_date"}, {"asc", "desc"}
local statuses = {99, 99, 2, 2, 0, 1, -1, 3}
local n = 0
request = function()
  n = n + 1
  local back = n %% 28
  local day = os.date("!%%Y-%%m-%%d", today - back * 86400)
  local from = os.date("!%%Y-%%m-%%d", today - (back + n %% 7) * 86400)
  local dates = n %% 3 == 0 and string.format('"ndate":"%%s"', day)
    or string.format('"sdate":"%%s","edate":"%%s"', from, day)
  local body = string.format(
    '{"token":"happytalk-mock-token",%%s,"status":%%d,"sort_key":"%%s","sort_value":"%%s","limit":10,"page":%%d}',
    dates, statuses[n %% 8 + 1], keys[n %% 2 + 1], values[math.floor(n / 2) %% 2 + 1], n %% 4 + 1)
  return wrk.format("POST", "/user/api/chat_room_lists/format/json", {["Content-Type"] = "application/json"}, body)
end
"""


class Process:
    """A server in a process of its own, once it listens."""

    def __init__(self, *command: str, port: int) -> None:
        self.started = time.perf_counter()
        self.url = f"http://127.0.0.1:{port}"
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                assert self._process.poll() is None, command
                time.sleep(0.005)

    def _pids(self) -> list[int]:
        own = self._process.pid
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        return [own, *map(int, children)]

    def cpu(self) -> float:
        """Seconds of processor time so far, of its children too (Linux)."""
        ticks = 0
        for pid in self._pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Peak resident memory in MB (Linux)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def load(url: str, script: Path, seconds: int, connections: int) -> tuple[float, float, float, int, int]:
    """Requests a second, p50 and p99 in ms, requests, and answers that were no success."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-s", str(script), url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}

    def percentile(name: str) -> float:
        value, unit = re.search(rf"{name}%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
        return float(value) * units[unit]

    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    count = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    return rate, percentile("50"), percentile("99"), count, int(failed[1]) if failed else 0


def ask(url: str, **body: object) -> bytes:
    data = json.dumps({"token": "happytalk-mock-token", **body}).encode()
    request = urllib.request.Request(url + ROOMS, data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310
        return response.read()  # type: ignore[no-any-return]


def mock(rooms: int, days: int, *more: str) -> Process:
    command, port = str(Path(sys.executable).with_name("happytalk-mock")), free_port()
    options = ("--port", str(port), "--rooms", str(rooms), "--days", str(days), *more)
    return Process(command, "serve", *options, port=port)


def peers(folder: Path) -> dict[str, Process]:
    """The peers that can be had here, each at its best."""
    own = Path(tempfile.gettempdir(), "happytalk-mock-peers")
    granian = own / "bin" / "granian"
    if not granian.exists():
        venv.create(own, with_pip=True)
        install = [own / "bin" / "python", "-m", "pip", "install", "--quiet", "granian>=2.8,<2.9", "flask"]
        if subprocess.run(install, check=False).returncode:
            print("granian and flask can not be installed: no peers")
            return {}
    (folder / "peers.py").write_text(PEERS)
    found = {}
    for name in ("wsgi", "flask"):
        port = free_port()
        options = (
            "--interface",
            "wsgi",
            "--blocking-threads",
            "1",
            "--no-access-log",
            "--working-dir",
            str(folder),
        )
        found[name] = Process(str(granian), *options, "--port", str(port), f"peers:{name}", port=port)
    return found


def expect(url: str, answer: bytes) -> None:
    """Tells a MockServer to give the answer to every request."""
    said = {"httpRequest": {}, "httpResponse": {"body": {"type": "JSON", "json": answer.decode()}}}
    data = json.dumps(said).encode()
    request = urllib.request.Request(f"{url}/mockserver/expectation", data, method="PUT")  # noqa: S310
    urllib.request.urlopen(request).close()  # noqa: S310


def race(chosen: argparse.Namespace) -> None:
    """The mock and its peers under the same load, in turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scripts = {"fixed": folder / "fixed.lua", "varied": folder / "varied.lua"}
        scripts["fixed"].write_text(FIXED % ROOMS)
        scripts["varied"].write_text(VARIED % int(time.time() + 9 * 3600))
        ours = mock(chosen.rooms, 30)
        answer = ask(ours.url, sdate="2000-01-01", edate="2099-12-31")
        (folder / "answer.json").write_bytes(answer)
        servers = {"mock": ours, **peers(folder)}
        urls = {name: server.url for name, server in servers.items()}
        if chosen.mockserver:
            expect(chosen.mockserver, answer)
            urls["MockServer"] = chosen.mockserver
            load(chosen.mockserver, scripts["fixed"], 20, 32)  # warm
        for kind, script in scripts.items():
            for connections in chosen.connections:
                rates: dict[str, list[float]] = {name: [] for name in urls}
                for _ in range(chosen.rounds):
                    for name, url in urls.items():
                        before = servers[name].cpu() if name in servers else 0.0
                        rate, p50, p99, count, failed = load(url, script, chosen.seconds, connections)
                        used = (servers[name].cpu() - before) / count * 1e6 if name in servers else 0.0
                        rates[name].append(rate)
                        print(
                            f"{kind:6} {connections:3} {name:10} {rate:8,.0f} requests/s   p50 {p50:6.2f} ms   "
                            f"p99 {p99:6.2f} ms   CPU {used:5.1f} us   refused {failed}"
                        )
                for name in rates.keys() - {"mock"}:
                    each = [ours / theirs for ours, theirs in zip(rates["mock"], rates[name], strict=True)]
                    print(f"{kind:6} {connections:3} mock / {name}: {statistics.median(each):.2f}")
        for server in servers.values():
            server.stop()


def start_up(rooms: int, days: int, runs: int) -> None:
    """From process start to the first answer, and the memory after it."""
    times, memory = [], 0.0
    for _ in range(runs):
        server = mock(rooms, days)
        ask(server.url, limit=50)
        times.append(time.perf_counter() - server.started)
        ask(server.url, sdate="2000-01-01", edate="2099-12-31", sort_key="complate_date", page=7)
        memory = max(memory, server.memory())
        server.stop()
    middle = statistics.median(times)
    print(
        f"{rooms:,} rooms, {days} days: first answer after {middle:.2f} s (median of {runs}), {memory:.0f} MB"
    )


def hold(each: int) -> None:
    """How soon others are answered while so many wait by a fault, send half a body, and are silent."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    server = mock(500, 30)
    host, port = server.url.removeprefix("http://").split(":")

    def call(method: str, path: str, body: object = None) -> float:
        began = time.perf_counter()
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        connection.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
        assert connection.getresponse().read()
        connection.close()
        return (time.perf_counter() - began) * 1000

    call("POST", "/__admin/faults", {"delay": 300, "tenant": "happytalk-mock-token"})
    body = b'{"token":"happytalk-mock-token"}'
    head = f"POST {ROOMS} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    held = []
    for sent in (head + body, b"", head + body[:9]):
        for _ in range(each):
            held.append(socket.create_connection((host, int(port)), 30))
            held[-1].sendall(sent)
    asked: dict[str, Callable[[], float]] = {
        "admin": lambda: call("GET", "/__admin/faults"),
        "rooms": lambda: call("POST", ROOMS, {"token": "another"}),
        "messages": lambda: call("GET", "/kakaoWebhook/v3/bzmc/sm"),
    }
    slowest = {name: max(one() for _ in range(20)) for name, one in asked.items()}
    told = ", ".join(f"{name} {took:.0f} ms" for name, took in slowest.items())
    print(
        f"{each:,} wait, {each:,} send half, {each:,} are silent: slowest of 20: {told}; {server.memory():.0f} MB"
    )
    server.stop()
    for client in held:
        client.close()


def many_tokens(count: int) -> None:
    """The slowest answer to tokens never seen before, each with data of its own."""
    server = mock(500, 30, "--any-token")
    times = []
    for number in range(count):
        began = time.perf_counter()
        ask(server.url, token=f"benchmark-{number}", sdate="2000-01-01", edate="2099-12-31")
        times.append((time.perf_counter() - began) * 1000)
    times.sort()
    print(
        f"{count:,} tokens of any: slowest first answer {times[-1]:.0f} ms, p99 {times[count * 99 // 100]:.0f} ms; "
        f"{server.memory():.0f} MB"
    )
    server.stop()


def endure(minutes: float) -> None:
    """Memory under mixed load: lists of every kind, messages, rooms that come and go, faults, tests of their own."""
    server = mock(500, 30, "--any-token")
    chance = random.Random(1)
    began, seen, asked = time.monotonic(), [], 0

    def admin(method: str, path: str, body: object = None) -> None:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{server.url}/__admin{path}", data, headers, method=method)  # noqa: S310
        urllib.request.urlopen(request).close()  # noqa: S310

    while (passed := time.monotonic() - began) < minutes * 60:
        token = f"endured-{chance.randrange(40)}"
        day = f"2026-11-{chance.randrange(1, 29):02d}"
        for _ in range(40):
            ask(
                server.url,
                token=token,
                ndate=day,
                page=chance.randrange(1, 9),
                status=chance.randrange(-2, 4),
            )
        admin("POST", f"/rooms?token={token}", {"title": "benchmark"})
        admin("POST", "/faults", {"tenant": token, "status": 503, "times": 1})
        urllib.request.urlopen(f"{server.url}/kakaoWebhook/v3/bzmc/sm?senderKey=any").close()  # noqa: S310
        admin("POST", f"/reset?token={token}", {})
        asked += 44
        if passed >= len(seen) * minutes * 60 / 10:
            seen.append(server.memory())
    told = " ".join(f"{memory:.0f}" for memory in seen)
    print(f"{minutes:g} minutes, {asked:,} mixed requests: {told} MB (each tenth of the time)")
    server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, nargs="+", default=[8, 32])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rooms", type=int, default=1000)
    parser.add_argument("--mockserver", metavar="URL")
    parser.add_argument("--skip-million", action="store_true")
    parser.add_argument(
        "--minutes", type=float, default=10, help="of mixed load, whose memory is told; 0: none"
    )
    chosen = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is needed to make load; install it with the system's package manager")
    race(chosen)
    hold(1000)
    many_tokens(3000)
    start_up(500, 30, runs=7)
    if not chosen.skip_million:
        start_up(1_000_000, 365, runs=1)
    if chosen.minutes:
        endure(chosen.minutes)


if __name__ == "__main__":
    main()
