"""A headless Chromium for tests, driven by its DevTools protocol over a pipe: no driver, no further package."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless",
    "--no-sandbox",  # tests run as root in containers, where there is no sandbox to be had
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
# The browser reads commands from descriptor 3 and writes to 4.
_START = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.dup2(int(sys.argv[2]), 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
WAIT = 10.0  # seconds until something that should come is missed


def find() -> str | None:
    """The path of a Chromium, if there is one."""
    if sys.platform == "win32":  # there the pipe works otherwise
        return None
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


class Browser:
    """One browser with a profile of its own."""

    def __init__(self, executable: str, profile: Path) -> None:
        import fcntl

        command_out, command_in = os.pipe()
        answer_out, answer_in = os.pipe()
        theirs = [fcntl.fcntl(each, fcntl.F_DUPFD, 10) for each in (command_out, answer_in)]
        arguments = [executable, *_FLAGS, f"--user-data-dir={profile}", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, *map(str, theirs), *arguments],
            pass_fds=theirs,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for each in (*theirs, command_out, answer_in):
            os.close(each)
        self._in, self._out = command_in, answer_out
        self._buffer = b""
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def close(self) -> None:
        """Ends the browser."""
        try:
            self.send("Browser.close")
            self._process.wait(5)
        except (OSError, subprocess.TimeoutExpired, AssertionError):
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)

    def page(self, *, width: int = 1280, height: int = 900, **media: str) -> Page:
        """A new page in a context of its own; `media` are media features such as prefers_color_scheme."""
        context = self.send("Target.createBrowserContext")["browserContextId"]
        target = self.send("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session, context)
        for domain in ("Page", "Runtime", "Log", "Network"):
            page.send(f"{domain}.enable")
        page.size(width, height)
        features = [{"name": name.replace("_", "-"), "value": value} for name, value in media.items()]
        page.send("Emulation.setEmulatedMedia", features=features)
        return page

    def send(self, method: str, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """The result of a command."""
        self._number += 1
        number = self._number
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self._in, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + WAIT
        while True:
            told = self._receive(deadline)
            if told.get("id") != number:
                self.events.append(told)
                continue
            assert "error" not in told, f"{method}: {told['error']}"
            return dict(told["result"])

    def take(self) -> None:
        """Collects the events that have come so far."""
        while select.select([self._out], [], [], 0)[0] or b"\0" in self._buffer:
            self.events.append(self._receive(time.monotonic() + WAIT))

    def _receive(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._out], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, "the browser says nothing"
            more = os.read(self._out, 1 << 20)
            assert more, "the browser has gone"
            self._buffer += more
        told, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(told))


class Page:
    """A page, and what a person does with it."""

    def __init__(self, browser: Browser, session: str, context: str) -> None:
        self._browser = browser
        self._session = session
        self._context = context
        self._forgiven: tuple[str, ...] = ()

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of a command to this page."""
        return self._browser.send(method, self._session, **parameters)

    def close(self) -> None:
        """Closes the page and forgets its storage."""
        self._browser.send("Target.disposeBrowserContext", browserContextId=self._context)

    def size(self, width: int, height: int) -> None:
        """Makes the window that large."""
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def open(self, url: str) -> None:
        """Goes to an address and waits until the page is there."""
        self.send("Page.navigate", url=url)
        self.until("location.href !== 'about:blank' && document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """What an expression gives; a promise is awaited."""
        told = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def until(self, script: str) -> Any:
        """Waits until an expression is true, and gives what it is; of an element only that it is there."""
        script = f"((found) => found instanceof Node || found)({script})"
        deadline = time.monotonic() + WAIT
        while True:
            try:
                value = self.run(script)
            except AssertionError as error:  # the page is being left
                value, failure = None, error
            else:
                failure = None
            if value:
                return value
            if time.monotonic() > deadline:
                raise AssertionError(f"never true: {script}") from failure
            time.sleep(0.03)

    def text(self, selector: str) -> str:
        """What a part of the page says."""
        return str(self.run(f"document.querySelector({json.dumps(selector)}).innerText"))

    def click(self, selector: str) -> None:
        """Clicks where the middle of an element is, as a mouse does."""
        box = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)});"
            " e.scrollIntoView({block: 'center', behavior: 'instant'});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def choose(self, selector: str, value: str) -> None:
        """Sets an input or select and tells the page so, as its own controls do."""
        self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.value = {json.dumps(value)};"
            " for (const n of ['input', 'change']) e.dispatchEvent(new Event(n, {bubbles: true})); })()"
        )

    def press(self, key: str, *, shift: bool = False) -> None:
        """Presses a key."""
        code, text = {"Tab": (9, ""), "Enter": (13, "\r"), "Escape": (27, ""), " ": (32, " ")}.get(
            key, (0, key)
        )
        event = {"key": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text, **event)
        self.send("Input.dispatchKeyEvent", type="keyUp", **event)

    def write(self, text: str) -> None:
        """Types into what has the focus."""
        self.send("Input.insertText", text=text)

    def screenshot(self, path: Path, *, whole: bool = True) -> None:
        """A picture of the page."""
        taken = self.send("Page.captureScreenshot", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(taken["data"]))

    def forgive(self, *words: str) -> None:
        """Complaints with one of these words are wanted: the browser tells of every refused request."""
        self._forgiven += words

    def complaints(self) -> list[str]:
        """Errors of the console, uncaught exceptions and broken policies so far."""
        self._browser.take()
        mine = [event for event in self._browser.events if event.get("sessionId") == self._session]
        found = [complaint for event in mine if (complaint := _complaint(event))]
        return [each for each in found if not any(word in each for word in self._forgiven)]


def _complaint(event: dict[str, Any]) -> str:
    parameters = event.get("params", {})
    readers: dict[str, Callable[[], str]] = {
        "Runtime.exceptionThrown": lambda: json.dumps(parameters["exceptionDetails"])[:500],
        "Runtime.consoleAPICalled": lambda: (
            json.dumps(parameters["args"])[:500] if parameters["type"] in ("error", "assert") else ""
        ),
        "Log.entryAdded": lambda: (
            f"{parameters['entry']['text']} {parameters['entry'].get('url', '')}"
            if parameters["entry"]["level"] == "error"
            else ""
        ),
    }
    reader = readers.get(event.get("method", ""))
    return reader() if reader else ""
