"""How fast the mock answers over HTTP, beside the least Flask application on the same server.

    python benchmarks/serving.py [--seconds 5] [--connections 32] [--rooms 1000]

Needs `wrk`. Both run in turn, several rounds, so that a busy machine is busy for both. Prints requests a second,
p50 and p99, and the ratio; then the time from process start to the first answer, and the memory.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

MINIMAL = """
import sys
from flask import Flask, Response
from happytalk_mock.serving.server import Server, bind
body = bytes.fromhex(sys.argv[1])
app = Flask("minimal")

@app.post("/user/api/chat_room_lists/format/json")
def rooms():
    return Response(body, content_type="application/json; charset=utf-8")

server = Server(app, bind("127.0.0.1", 0))
server.stop_on_signals()
server.start()
print(server.url, flush=True)
server.wait()
"""

#: Varied as clients are: days and ranges, statuses, both keys, both directions, several pages and limits.
LUA = """
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
    """A server in a process of its own; `url` once it says so."""

    def __init__(self, *command: str) -> None:
        self.started = time.perf_counter()
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        for line in self._process.stdout:
            if found := re.search(r"http://[\d.:]+", line):
                self.url = found.group()
                return
        raise SystemExit(f"no address from {command}")

    def memory(self) -> float:
        """Peak resident memory in MB (Linux)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


def load(url: str, script: Path, seconds: int, connections: int) -> tuple[float, float, float, int]:
    """Requests a second, p50 and p99 in ms, and answers that were no success."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-s", str(script), url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}

    def percentile(name: str) -> float:
        value, unit = re.search(rf"{name}%\s+([\d.]+)(us|ms|s)", said).groups()  # type: ignore[union-attr]
        return float(value) * units[unit]

    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    return rate, percentile("50"), percentile("99"), int(failed[1]) if failed else 0


def ask(url: str, **body: object) -> bytes:
    data = json.dumps({"token": "happytalk-mock-token", **body}).encode()
    path = "/user/api/chat_room_lists/format/json"
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310
        return response.read()  # type: ignore[no-any-return]


def mock(rooms: int, days: int) -> Process:
    command = str(Path(sys.executable).with_name("happytalk-mock"))
    return Process(command, "serve", "--port", "0", "--rooms", str(rooms), "--days", str(days))


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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rooms", type=int, default=1000)
    parser.add_argument("--skip-million", action="store_true")
    chosen = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("wrk is needed to make load; install it with the system's package manager")
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "varied.lua")
        script.write_text(LUA % int(time.time() + 9 * 3600))
        ours = mock(chosen.rooms, 30)
        sample = ask(ours.url, sdate="2000-01-01", edate="2099-12-31")
        least = Process(sys.executable, "-c", MINIMAL, sample.hex())
        for _ in range(chosen.rounds):
            rates = []
            for name, server in (("minimal Flask", least), ("happytalk-mock", ours)):
                rate, p50, p99, failed = load(server.url, script, chosen.seconds, chosen.connections)
                print(
                    f"{name:15} {rate:8,.0f} requests/s   p50 {p50:.2f} ms   p99 {p99:.2f} ms   refused {failed}"
                )
                rates.append(rate)
            ratios.append(rates[1] / rates[0])
        print(
            f"ratio {statistics.median(ratios):.2f} (median of {chosen.rounds}); answer of {len(sample)} bytes"
        )
        ours.stop()
        least.stop()
    start_up(500, 30, runs=7)
    if not chosen.skip_million:
        start_up(1_000_000, 365, runs=1)


if __name__ == "__main__":
    main()
