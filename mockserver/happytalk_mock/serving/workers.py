"""Several processes on one socket: started, watched, started again when one dies, and stopped together."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NoReturn

from ..core.errors import ConfigurationError

#: A process that ends by itself sooner than this, in seconds, is not started again: it would end again.
_TOO_SOON: Final = 2.0
#: Seconds that processes have to end by themselves.
_GRACE: Final = 10.0

#: Serves in a process of its own until it is told to stop; calls the first argument, with a text, when it is ready,
#: and lets the second be called with what stops it.
Work = Callable[[Callable[[str], None], Callable[[Callable[[], object]], None]], None]


class Workers:
    """Processes that do the same. The one that made them only watches."""

    def __init__(self, number: int, work: Work, *, left_alone: Callable[[], object]) -> None:
        """`left_alone`: what each does at its end where the one that made them was killed.

        Raises ConfigurationError where the system has no fork.
        """
        if not hasattr(os, "fork"):
            raise ConfigurationError(
                f"--workers: received {number}; this system cannot hand a socket to several processes; "
                "allowed here: 1"
            )
        self._number, self._work, self._left_alone = number, work, left_alone
        self._began: dict[int, float] = {}  # by process id
        self._ending = False
        # Closes when this process ends, however it ends: then the others end too.
        self._alive, self._life = os.pipe()

    def run(self, ready: Callable[[str], object]) -> int:
        """Returns an exit code when all have ended. `ready` gets the first one's text when all are ready."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop())
        code = 0
        if all(text := self._start() for _ in range(self._number)):
            ready(text)
        while self._began:
            ended, status = os.wait()
            began = self._began.pop(ended, 0.0)
            if self._ending:
                continue
            if not text:  # what keeps one from starting is said by it
                code = abs(os.waitstatus_to_exitcode(status))
                self._stop()
                continue
            sys.stderr.write(f"happytalk-mock: process {ended} ended ({_why(status)})\n")
            by_itself = os.WIFEXITED(status) and time.monotonic() - began < _TOO_SOON
            if by_itself:
                code = 1
                self._stop()
            else:
                self._start()  # where that one ends before it is ready, it is told next
        return code

    def _start(self) -> str:
        """Starts a process; what it says when it is ready, "" where it ends before."""
        told, tells = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(told)
            self._be_one(tells)
        os.close(tells)
        self._began[process] = time.monotonic()
        if self._ending:  # it was told to all before there was this one
            self._tell(signal.SIGTERM)
        with os.fdopen(told, "rb") as stream:
            return stream.read().decode()

    def _be_one(self, tells: int) -> NoReturn:
        """What a process does; it never returns."""
        code = 1
        try:
            os.close(self._life)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)

            def ready(text: str) -> None:
                os.write(tells, text.encode())
                os.close(tells)

            self._work(ready, self._watch)
            if select.select([self._alive], [], [], 0)[0]:  # closed: the one that would clean up is no more
                self._left_alone()
            code = 0
        except ConfigurationError as error:
            sys.stderr.write(f"happytalk-mock: {error}\n")
            code = 2
        finally:
            # Threads that are still winding down would crash in an interpreter that is being torn down.
            with suppress(OSError, ValueError):
                sys.stderr.flush()
            os._exit(code)

    def _watch(self, stop: Callable[[], object]) -> None:
        """Calls `stop` when the first process is no more."""

        def watch() -> None:
            select.select([self._alive], [], [])
            stop()

        threading.Thread(target=watch, name="happytalk-watch", daemon=True).start()

    def _stop(self) -> None:
        """Tells all to end, and ends those that do not."""
        if self._ending:
            return
        self._ending = True
        self._tell(signal.SIGTERM)
        threading.Thread(target=self._insist, name="happytalk-insist", daemon=True).start()

    def _insist(self) -> None:
        time.sleep(_GRACE)
        self._tell(signal.SIGKILL)

    def _tell(self, number: int) -> None:
        for process in tuple(self._began):
            with suppress(ProcessLookupError):
                os.kill(process, number)


def _why(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"signal {os.WTERMSIG(status)}"
    return f"exit code {os.waitstatus_to_exitcode(status)}"
