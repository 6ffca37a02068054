"""What `serve` starts: a mock in this process, or in several that have one state."""

from __future__ import annotations

import gc
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Any

from ..api.control import Control
from ..core.clock import at_moment
from ..core.errors import ChangeError, ConfigurationError, StateLostError
from ..serving.workers import Workers
from ..web.admin import Access
from ..web.app import create_app, server
from .options import build_settings
from .texts import RequestLog, ready_block

if TYPE_CHECKING:
    from ..state.log import Log


#: Takes the port. Called when all that was given is known to be of use.
Listen = Callable[[], socket]


def serve_in_one(listen: Listen, given: dict[str, Any], ready: Callable[[str], object]) -> None:
    """Serves in this process until it is told to stop; calls `ready` with what to show when it answers."""
    _serve(listen, given, ready, lambda stop: None)


def serve_in_many(workers: int, listen: Listen, given: dict[str, Any], ready: Callable[[str], object]) -> int:
    """Serves in several processes until they are told to stop; an exit code.

    Without a place for their state they get one that goes away with them.
    """
    private = None if given["state"] is not None else tempfile.mkdtemp(prefix="happytalk-mock-")
    if private is not None:
        given = {**given, "state": str(Path(private, "state.db")), "durable": False}
    listening = listen()
    try:
        return Workers(workers, lambda told, watch: _serve(lambda: listening, given, told, watch)).run(ready)
    finally:
        if private is not None:
            shutil.rmtree(private, ignore_errors=True)


def _serve(
    listen: Listen,
    given: dict[str, Any],
    ready: Callable[[str], object],
    watch: Callable[[Callable[[], object]], None],
) -> None:
    given = dict(given)
    access, body_timeout = Access(**given.pop("access")), given.pop("body_timeout")
    control = _control(**given)
    app = create_app(control, access=access)
    listening = listen()
    if control.ledger is not None:
        try:
            control.ledger.open()
        except StateLostError as error:
            raise ConfigurationError(f"--{error}") from None
    serving = server(app, listening, body_timeout=body_timeout)
    serving.stop_on_signals(before=control.close)
    serving.start()
    watch(serving.stop)
    gc.freeze()  # what is there now stays: no collection of garbage needs to look at it again
    ready(ready_block(serving.url, control.mock, None if control.ledger is None else str(control.ledger.log)))
    serving.wait()
    if control.ledger is not None:
        control.ledger.close()


def _control(
    *,
    log: str,
    journal: int,
    drifts: tuple[str, ...],
    churn: str | None,
    state: str | None,
    durable: bool = True,
    **given: Any,
) -> Control:
    """The mock that the options describe, with all that its state says."""
    watch = log == "always" or (log == "auto" and sys.stderr.isatty())
    observers = (RequestLog(sys.stderr),) if watch else ()
    settings = build_settings(**given)
    if state is None:
        control = Control(settings.mock(), journal_size=journal, observers=observers)
        _steer(control, drifts, churn)
        return control
    log_of_changes = _log(state, settings.digests(drift=drifts, churn=churn), durable=durable)
    with at_moment(log_of_changes.started):  # every process that has this state begins alike
        control = Control(settings.mock(), journal_size=journal, observers=observers)
        control.keep_in(log_of_changes)
        _steer(control, drifts, churn)
    return control


def _steer(control: Control, drifts: tuple[str, ...], churn: str | None) -> None:
    """Puts in force what is so from the beginning. Raises ConfigurationError."""
    try:
        control.drifts.set(drifts)
        if churn is not None:
            control.churn.start(churn)
    except ChangeError as error:
        option = "--drift" if error.field == "drift" else "--churn"
        raise ConfigurationError(f"{option}: received {error.received}; allowed: {error.allowed}") from None


def _log(where: str, settings: dict[str, str], *, durable: bool) -> Log:
    """Opens the log. Raises ConfigurationError, also where what it needs is not installed."""
    try:
        from ..state.places import open_log

        return open_log(where, settings, durable=durable)
    except ModuleNotFoundError as error:
        extra = "state" if error.name == "sqlalchemy" else "postgresql"
        raise ConfigurationError(
            f"--state: it needs {error.name}; install it with: pip install 'happytalk-mock[{extra}]'"
        ) from None
