"""`--watch`: a scenario file that was saved is served, without a restart."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from ..core.errors import AdminError, ScenarioError
from ..core.wording import shorten
from ..data import scenario
from ..testing.client import AdminClient

#: Seconds between two looks. Looking works where events of the file system do not: containers, network drives.
LOOK_EVERY: Final = 0.5
_KEPT: Final = "the data stay as they were"


class Watch:
    """Looks at a file, and hands it to the admin API when it was saved."""

    def __init__(self, path: Path, admin: AdminClient, tell: Callable[..., object]) -> None:
        """`tell` takes a sentence, and the same as fields."""
        self._path, self._admin, self._tell = path, admin, tell
        self._stop = threading.Event()
        self._served = self._seen = self._state()

    def start(self) -> None:
        """Looks from now on, on a thread of its own."""
        threading.Thread(target=self._run, name="happytalk-watch", daemon=True).start()

    def stop(self) -> None:
        """Looks no more."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            self.look()

    def look(self) -> None:
        """Serves the file if it was saved and, since the last look, is no longer being written."""
        seen, self._seen = self._seen, self._state()
        if self._seen == seen != self._served:
            self._served = seen
            self._serve()

    def _state(self) -> tuple[int, int] | None:
        """What tells one file from another that was saved later; None: there is none."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size

    def _serve(self) -> None:
        name = self._path.name
        try:
            scenario.load(str(self._path))
            told: Any = self._admin.call("PUT", "/scenario", scenario.read(self._path))
        except (ScenarioError, AdminError, OSError) as error:
            problem = shorten(str(error), 400)
            self._tell(f"--watch: {problem}; {_KEPT}", event="scenario-refused", file=name, problem=problem)
            return
        text = f"--watch: {name} was saved: {told['rooms']} rooms from it now, and no change by hand"
        self._tell(text, event="scenario-loaded", file=name, rooms=told["rooms"])
