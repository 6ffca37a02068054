"""The command `serve` in a process of its own, and questions to it."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from happytalk_mock.testing.client import AdminClient

TOKEN = "happytalk-mock-token"
_NUMBERS = count()


class Served:
    """A running `serve`."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.port = port
        self._ended = False
        self.admin = AdminClient(f"http://127.0.0.1:{port}")

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and decoded answer of a request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, path, payload, {"Content-Type": "application/json", **headers})
            response = connection.getresponse()
            return response.status, json.loads(response.read())
        finally:
            connection.close()

    def titles(self) -> set[str]:
        """The titles of the first tenant's rooms."""
        found: set[str] = set()
        while True:
            page = self.admin.call("GET", "/rooms", offset=len(found), limit=1000)
            found |= {room["title"] for room in page["rooms"]}
            if len(found) >= page["total_count"] or not page["rooms"]:
                return found

    def children(self) -> list[int]:
        """The processes that it started."""
        told = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        return sorted(int(each) for each in told.stdout.split())

    @property
    def ended(self) -> bool:
        """Whether it was told to end."""
        return self._ended

    def kill(self) -> None:
        """kill -9."""
        self._ended = True
        self._process.kill()
        self._process.wait(30)

    def stop(self) -> int:
        """Stops it as a supervisor does; its exit code."""
        self._ended = True
        self._process.terminate()
        return self._process.wait(30)


@contextmanager
def serve(folder: Path, *options: object, port: int = 0) -> Iterator[Served]:
    """Runs `serve` with these options on a free port, until the end of the block."""
    said = folder / f"said-{next(_NUMBERS)}"
    command = [sys.executable, "-m", "happytalk_mock", "serve", "--port", str(port), *map(str, options)]
    with said.open("wb") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, cwd=folder)
    assert process.stdout is not None
    try:
        line = process.stdout.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        assert found, f"it did not start: {said.read_text()}"
        yield Served(process, int(found[1]))
    finally:
        process.stdout.close()
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(15)


def ask_rooms(server: Served, token: str = TOKEN, **more: Any) -> tuple[int, Any]:
    """Status and answer of the chat room list of all days."""
    body = {"token": token, "sdate": "2000-01-01", "edate": "2099-12-31", **more}
    return server.ask("POST", ROOMS_PATH, body)


def ask_messages(server: Served) -> tuple[int, Any]:
    """Status and answer of the system messages."""
    keys = {"HT-Client-Id": "happytalk-mock-client-id", "HT-Client-Secret": "happytalk-mock-client-secret"}
    return server.ask("GET", f"{MESSAGES_PATH}?senderKey=happytalk-mock-sender-key", None, **keys)
