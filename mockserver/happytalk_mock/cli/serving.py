"""What `serve` starts: a mock in this process, or in several that have one state."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING, Any

from ..api.control import Control, Observer
from ..core.clock import at_moment
from ..core.errors import ChangeError, ConfigurationError, StateLostError
from ..serving.workers import Workers
from ..testing.hosting import InProcessAdmin
from ..web.admin import Access
from ..web.app import create_app, server
from .options import build_settings
from .texts import Tell, log_of, ready_block
from .watch import Watch

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from ..state.log import Log


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What is served, and how."""

    listen: Callable[[], socket]  #: takes the port; called when all that was given is known to be of use
    access: Access
    observers: tuple[Observer, ...]
    tell: Tell
    watched: Path | None
    body_timeout: float
    control: dict[str, Any]  #: the options that make a control


def serve(
    workers: int,
    listen: Callable[[], socket],
    *,
    host: str,
    admin_token: tuple[str, ...],
    admin_read_token: tuple[str, ...],
    log: str,
    watch: bool,
    body_timeout: float,
    **control: Any,
) -> int:
    """Serves until it is told to stop; an exit code. Raises ConfigurationError."""
    file = _watched(control["scenario"], workers, control["state"]) if watch else None
    access = Access.by(admin_token, admin_read_token, host=host, inner="watch" if watch else None)
    observers, tell = log_of(log)
    serving = Serving(
        listen=listen,
        access=access,
        observers=observers,
        tell=tell,
        watched=file,
        body_timeout=body_timeout,
        control=control,
    )
    code = 0
    if workers == 1:
        _serve(serving, serving.listen, _ready(tell), lambda stop: None)
    else:
        code = _serve_in_many(workers, serving)
    tell("stopped", event="stopped")
    return code


def _watched(path: str | None, workers: int, state: str | None) -> Path:
    """The scenario's file. Raises ConfigurationError where there is none to look at, or several would look."""
    if workers > 1 or state is not None:
        beside = "--workers" if workers > 1 else "--state"
        raise ConfigurationError(
            f"--watch: received it beside {beside}; allowed: one process without a state"
        )
    if path is None or not Path(path).is_file():
        received = "no scenario" if path is None else f"--scenario {path}, which is no file"
        raise ConfigurationError(
            f"--watch: received {received}; allowed: --scenario with a JSON or TOML file"
        )
    return Path(path)


def _ready(tell: Tell) -> Callable[[str], None]:
    """Tells of an address, and in the lines behind it of what is there."""

    def ready(text: str) -> None:
        url, _, block = text.partition("\n")
        tell(block, event="ready", url=url)

    return ready


def _serve_in_many(workers: int, serving: Serving) -> int:
    """Serves in several processes. Without a place for their state they get one that goes away with them."""
    private = None if serving.control["state"] is not None else tempfile.mkdtemp(prefix="happytalk-mock-")
    if private is not None:
        serving.control.update(state=str(Path(private, "state.db")), durable=False)

    def clean_up() -> None:
        if private is not None:
            shutil.rmtree(private, ignore_errors=True)

    try:
        listening = serving.listen()

        def one(ready: Callable[[str], None], watch: Callable[[Callable[[], object]], None]) -> None:
            _serve(serving, lambda: listening, ready, watch)

        return Workers(workers, one, left_alone=clean_up).run(_ready(serving.tell))
    finally:
        clean_up()


def _serve(
    serving: Serving,
    listen: Callable[[], socket],
    ready: Callable[[str], object],
    watch: Callable[[Callable[[], object]], None],
) -> None:
    control = _control(serving.observers, **serving.control)
    listening = listen()
    app = create_app(control, access=serving.access)
    _begin(control, serving, app)
    front = server(app, listening, body_timeout=serving.body_timeout)
    front.stop_on_signals(before=control.close)
    front.start()
    watch(front.stop)
    gc.freeze()  # what is there now stays: no collection of garbage needs to look at it again
    ledger = control.ledger
    ready(f"{front.url}\n{ready_block(front.url, control.mock, None if ledger is None else str(ledger.log))}")
    front.wait()
    if ledger is not None:
        ledger.close()


def _begin(control: Control, serving: Serving, app: WSGIApplication) -> None:
    """Reads the state, and looks at a file from now on. Raises ConfigurationError."""
    if control.ledger is not None:
        try:
            control.ledger.open()
        except StateLostError as error:
            raise ConfigurationError(f"--{error}") from None
    if serving.watched is not None:
        keys = serving.access.keys
        admin = InProcessAdmin(app, admin_token=keys[-1].token if keys else None)
        Watch(serving.watched, admin, serving.tell).start()


def _control(
    observers: tuple[Observer, ...],
    *,
    journal: int,
    drifts: tuple[str, ...],
    churn: str | None,
    state: str | None,
    durable: bool = True,
    **given: Any,
) -> Control:
    """The mock that the options describe."""
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
