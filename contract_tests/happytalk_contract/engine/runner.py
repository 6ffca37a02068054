"""A whole run: ask, judge, look again where something departs, sum up."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from happytalk_contract.core.clock import Clock
from happytalk_contract.core.control import Control, ignore
from happytalk_contract.core.errors import BudgetSpent, TimeSpent
from happytalk_contract.core.events import Event
from happytalk_contract.core.model import (
    FAIL_ON,
    NAMES,
    SEOUL,
    Endpoint,
    Exchange,
    Request,
    RunReport,
    Severity,
)
from happytalk_contract.engine.session import Desk
from happytalk_contract.transport import credentials
from happytalk_contract.transport.http import Transport
from happytalk_contract.transport.targets import PATHS, endpoint_url
from happytalk_contract.transport.wire import proxy_of
from happytalk_contract.verdict.judge import judge

#: How a note begins when the planner failed on what it saw.
DEFECT: Final = "asking stopped"
NO_ADDRESS: Final = "no address for this endpoint"

#: Sends a request.
Send = Callable[[Request], Exchange]
#: Makes of what sends another that does.
Through = Callable[[Send], Send]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run is told."""

    chat_url: str | None  #: origin or whole address of the room list; None: not judged
    message_url: str | None  #: origin or whole address of the system messages; None: not judged
    credentials: Mapping[str, str] = field(repr=False)  #: names of `model.SECRETS` -> value; missing: absent
    target: str
    seed: int
    now: Callable[[], datetime]  #: the current time in Asia/Seoul
    max_requests: int = 300
    is_thorough: bool = False  #: ask all there is though something departs: a baseline may accept it
    fail_fast: bool = False  #: stop asking once something departs that fails the run
    rate: float | None = None  #: requests per second; None: no limit
    max_time: float | None = None  #: seconds
    request_timeout: float = 10.0  #: seconds
    fail_on: frozenset[Severity] = FAIL_ON
    only_rules: frozenset[str] | None = None
    ca_bundle: Path | None = None  #: certificates to trust; None: the environment's, else the usual ones
    allow_empty: frozenset[Endpoint] = frozenset()  #: endpoints where the account may show nothing

    @property
    def urls(self) -> dict[Endpoint, str]:
        """The whole addresses of the endpoints that there is an address for."""
        given: dict[Endpoint, str | None] = {"rooms": self.chat_url, "messages": self.message_url}
        return {name: whole for name, url in given.items() if (whole := endpoint_url(url, PATHS[name]))}

    @property
    def skipped(self) -> dict[Endpoint, str]:
        """The endpoints that are not asked, and why."""
        known = credentials.Credentials(values=self.credentials)
        reasons = {
            name: credentials.skipped(known, name) if name in self.urls else NO_ADDRESS for name in NAMES
        }
        return {name: why for name, why in reasons.items() if why}

    @property
    def caseless(self) -> frozenset[str]:
        """The credentials that are the same in the other letter case."""
        return frozenset(name for name, secret in self.credentials.items() if secret == secret.swapcase())

    @property
    def has_client(self) -> bool:
        """Whether there are HT credentials, which the room list may need too."""
        return all(self.credentials.get(name) for name in ("HAPPYTALK_CLIENT_ID", "HAPPYTALK_CLIENT_SECRET"))


def run(settings: Settings, on_event: Callable[[Event], None] = ignore) -> RunReport:
    """Ask within the budget, judge, and say what departs; never raises for what the API does.

    An endpoint that can not be reached, or refuses the credentials, is left alone and told; the other is
    judged with what is left of the budget. Ctrl-C ends the asking, not the report.
    """
    began, started = time.monotonic(), settings.now().astimezone(SEOUL)
    control = Control(max_requests=settings.max_requests, max_time=settings.max_time, on_event=on_event)
    with desk_of(settings, control) as desk:
        unfinished = _ask(desk, settings)
    report = _judged(desk, settings, unfinished)
    return replace(
        report,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - began, 3),
        interrupted=control.interrupted,
    )


@contextlib.contextmanager
def desk_of(
    settings: Settings, control: Control, through: Through = lambda send: send, *, seed: int | None = None
) -> Iterator[Desk]:
    """Open the connection that a run asks over; `through` may answer a request in its place.

    `seed`: in place of that of the settings.
    """
    clock = Clock(settings.now)
    with Transport(
        urls=settings.urls,
        credentials=settings.credentials,
        control=control,
        now=clock,
        rate=settings.rate,
        request_timeout=settings.request_timeout,
        ca_bundle=settings.ca_bundle,
    ) as transport:
        yield Desk(
            send=through(transport.ask),
            control=control,
            clock=clock,
            seed=settings.seed if seed is None else seed,
            client=settings.has_client,
            caseless=settings.caseless,
            urls=settings.urls,
            skipped=settings.skipped,
            only_rules=settings.only_rules,
        )


def _ask(desk: Desk, settings: Settings) -> list[str]:
    """Ask about both endpoints; returns what was planned and not done, and why."""
    # Here, not above: Hypothesis takes a while to load, and a command that only reads needs none of it.
    from happytalk_contract.engine.explore import Explorer
    from happytalk_contract.engine.settle import Settler

    try:
        settler = Settler(desk, stops_at=settings.fail_on if settings.fail_fast else frozenset())
        Explorer(desk, settler, is_thorough=settings.is_thorough).explore()
    except TimeSpent as spent:
        return [f"stopped early: {spent}"]
    except BudgetSpent as spent:  # as planned
        desk.notes.append(f"stopped early: {spent}")
    except KeyboardInterrupt:
        desk.control.interrupt()
        answers = len(desk.recording)
        return [f"interrupted after {answers} answers: only what was seen until then is judged"] * bool(
            answers
        )
    except Exception as error:
        # What was asked so far is judged all the same.
        return [f"{DEFECT} ({type(error).__name__}): a defect of the kit, please report it"]
    return []


def _judged(desk: Desk, settings: Settings, unfinished: list[str]) -> RunReport:
    """Judge what HappyTalk answered; what was to be judged and could not be makes no run conform."""
    reach = desk.reach
    for endpoint in desk.skipped.keys() ^ NAMES.keys():
        if reach.tried(endpoint) and endpoint not in reach.found:  # the run ended before that was told
            reach.lose(endpoint, settings.urls[endpoint])
    # Until an endpoint fell silent it was judged as any other.
    skipped = {name: why for name, why in desk.skipped.items() if name not in reach.broken}
    kept = tuple(
        exchange
        for exchange in desk.recording
        if exchange.request.endpoint not in skipped and not reach.is_tail(exchange)
    )
    without_credentials = [why for why in settings.skipped.values() if why != NO_ADDRESS]
    report = judge(
        kept,
        target=settings.target,
        seed=settings.seed,
        max_requests=settings.max_requests,
        requests=desk.control.sent,
        notes=(*without_credentials, *_proxies(settings), *desk.notes, *_refused(desk)),
        fail_on=settings.fail_on,
        only_rules=settings.only_rules,
        skipped=skipped,
        unjudged=(*reach.lost.values(), *unfinished),
        wanted=NAMES.keys() - skipped.keys() - settings.allow_empty,
        bench=desk.bench if len(kept) == len(desk.recording) else None,
    )
    return replace(
        report, chat_url=settings.urls.get("rooms", ""), message_url=settings.urls.get("messages", "")
    )


def _proxies(settings: Settings) -> Iterator[str]:
    """Name the proxies that the environment puts in between."""
    for endpoint, url in settings.urls.items():
        if (proxy := proxy_of(url)) and endpoint not in settings.skipped:
            yield f"{NAMES[endpoint]} are asked through the environment's proxy {proxy}"


def _refused(desk: Desk) -> Iterator[str]:
    """Say which credentials are refused throughout."""
    rooms = [view for view in desk.evidence.rooms if view.meaning is not None and view.meaning.is_plain]
    if "rooms" not in desk.skipped and rooms and all(view.kind == "failure" for view in rooms):
        yield f"every question about rooms is refused with code {rooms[0].body.get('code')}"
    listings = [view for view in desk.evidence.messages if view.message_id is None][:1]
    if "messages" not in desk.skipped and listings and listings[0].kind == "failure":
        yield f"the sender's messages are refused with code {listings[0].body.get('code')}"


def plan(settings: Settings) -> Iterable[Request]:
    """What would be asked first, in order; later questions depend on the answers."""
    from happytalk_contract.engine.explore import first_questions

    today = settings.now().astimezone(SEOUL).date()
    asked = frozenset(NAMES.keys() - settings.skipped.keys())
    yield from first_questions(today, asked, settings.has_client)
