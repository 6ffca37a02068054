"""A whole run: ask, judge, look again where something departs, sum up."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from happytalk_contract.core.model import SEOUL, Endpoint, Event, Request, RunReport, Severity
from happytalk_contract.engine.explore import explore_messages, explore_rooms, first_questions
from happytalk_contract.engine.session import Desk, OutOfReach
from happytalk_contract.engine.settle import Settler
from happytalk_contract.rules.catalogue import RULES
from happytalk_contract.transport.http import BudgetSpent, Transport, whole_address
from happytalk_contract.transport.reach import OutOfReachError
from happytalk_contract.verdict.judge import DRIFT, judge

#: How a note begins when the planner failed on what it saw.
DEFECT: Final = "asking stopped"


def ignore(_event: Event) -> None:
    """Listen to nothing."""


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
    rate: float | None = None  #: requests per second; None: no limit
    max_time: float | None = None  #: seconds
    request_timeout: float = 10.0  #: seconds
    fail_on: frozenset[Severity] = DRIFT
    only_rules: frozenset[str] | None = None


def run(settings: Settings, on_event: Callable[[Event], None] = ignore) -> RunReport:
    """Ask within the budget, judge, and say what departs; never raises for what the API does."""
    began, started = time.monotonic(), settings.now().astimezone(SEOUL)
    urls = _urls(settings)
    notes = _missing(settings, urls)
    with Transport(
        urls=urls,
        credentials=settings.credentials,
        max_requests=settings.max_requests,
        now=settings.now,
        rate=settings.rate,
        max_time=settings.max_time,
        request_timeout=settings.request_timeout,
        on_event=on_event,
    ) as transport:

        def tell(kind: Literal["phase", "finding", "note"], text: str) -> None:
            on_event(Event(kind=kind, text=text, requests=transport.sent, max_requests=settings.max_requests))

        desk = Desk(
            send=transport.ask,
            left=lambda: transport.left,
            today=lambda: settings.now().astimezone(SEOUL).date(),
            seed=settings.seed,
            client=_has_client(settings),
            tell=tell,
        )
        rules = tuple(rule for rule in RULES if settings.only_rules is None or rule.id in settings.only_rules)
        try:
            notes += _explore(desk, Settler(desk, rules), frozenset(urls))
        except BudgetSpent as spent:
            notes.append(f"stopped early: {spent}")
        except OutOfReachError:
            raise  # the listener's word, not a defect: the caller asks on without that endpoint
        except Exception as error:
            # What was asked so far is judged all the same.
            notes.append(f"{DEFECT} ({type(error).__name__}): a defect of the kit, please report it")
        notes += _refused(desk)
        sent = transport.sent
    return judge(
        tuple(desk.recording),
        target=settings.target,
        seed=settings.seed,
        max_requests=settings.max_requests,
        requests=sent,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - began, 3),
        notes=tuple(notes),
        fail_on=settings.fail_on,
        only_rules=settings.only_rules,
        endpoints=frozenset(urls),
    )


def _explore(desk: Desk, settler: Settler, endpoints: frozenset[Endpoint]) -> list[str]:
    """Ask about both endpoints; returns notes on those that do not answer."""
    notes: list[str] = []
    phases: Iterator[str] = explore_rooms(desk, settler) if "rooms" in endpoints else iter(())

    def go(step: Callable[[], object]) -> None:
        try:
            step()
        except OutOfReach as gone:
            notes.append(f"nothing answers: {gone}")

    # Messages come in half-way through the rooms, so that a small budget reaches them too.
    go(lambda: next(phases, None))
    if "messages" in endpoints:
        go(lambda: explore_messages(desk, settler))
    go(lambda: deque(phases, maxlen=0))
    return notes


def _refused(desk: Desk) -> list[str]:
    """Say which credentials are refused throughout."""
    notes = []
    rooms = [view for view in desk.evidence.rooms if view.meaning is not None and view.meaning.is_plain]
    if rooms and all(view.kind == "failure" for view in rooms):
        notes.append(f"every question about rooms is refused with code {rooms[0].body.get('code')}")
    listings = [view for view in desk.evidence.messages if view.message_id is None][:1]
    if listings and listings[0].kind == "failure":
        notes.append(f"the sender's messages are refused with code {listings[0].body.get('code')}")
    return notes


def _urls(settings: Settings) -> dict[Endpoint, str]:
    """The endpoints that there is an address and a credential for."""
    urls: dict[Endpoint, str] = {}
    if settings.chat_url and settings.credentials.get("HAPPYTALK_TOKEN"):
        urls["rooms"] = whole_address(settings.chat_url, "rooms")
    if settings.message_url and settings.credentials.get("HAPPYTALK_SENDER_KEY"):
        urls["messages"] = whole_address(settings.message_url, "messages")
    return urls


def _missing(settings: Settings, urls: Mapping[Endpoint, str]) -> list[str]:
    notes = []
    if settings.chat_url and "rooms" not in urls:
        notes.append("chat rooms are skipped: HAPPYTALK_TOKEN is not set")
    if settings.message_url and "messages" not in urls:
        notes.append("system messages are skipped: HAPPYTALK_SENDER_KEY is not set")
    return notes


def _has_client(settings: Settings) -> bool:
    return all(settings.credentials.get(name) for name in ("HAPPYTALK_CLIENT_ID", "HAPPYTALK_CLIENT_SECRET"))


def plan(settings: Settings) -> Iterable[Request]:
    """What would be asked first, in order; later questions depend on the answers."""
    today = settings.now().astimezone(SEOUL).date()
    yield from first_questions(today, frozenset(_urls(settings)), _has_client(settings))
