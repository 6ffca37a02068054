"""The course of a run: say hello, scout, then what the plan has next; look again where something departs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from happytalk_contract.core.errors import OutOfReachError
from happytalk_contract.core.events import Note, PhaseStarted
from happytalk_contract.core.model import NAMES, Endpoint, Request
from happytalk_contract.engine.aims import OPEN, message_steps, room_steps
from happytalk_contract.engine.cover import Draws, points
from happytalk_contract.engine.greeting import greet
from happytalk_contract.engine.plan import LEAST, LEAST_BESIDE, Plan, Points, Step
from happytalk_contract.engine.scout import SPANS, Account, busiest, longer, ranged, read, scout
from happytalk_contract.engine.session import Desk
from happytalk_contract.engine.settle import Settler
from happytalk_contract.engine.today import EARLIEST, confirm_today
from happytalk_contract.evidence.views import MessagesView
from happytalk_contract.questions.meaning import CLIENT_HEADERS, messages, rooms
from happytalk_contract.questions.probes import (
    ODD_IDS,
    message_refusals,
    odd_bodies,
    odd_params,
    token_probes,
)
from happytalk_contract.rules.rooms.relations import OVER_DATE

#: Kept back for looking again at doubts.
RESERVE: Final = 5
#: Questions between two looks at what departs, and between two looks at the sender's list: a number that shares no
#: factor with the usual sizes of lists, so that what turns at each question does not come round unseen.
JUDGED_AGAIN: Final = 30
STOPPING: Final = 5  #: where a run is to end at the first departure
LISTED_AGAIN: Final = 37
#: What is told where something departs.
BESIDE: Final = (
    "as something departs, what would have told least was not asked: with a --baseline that accepts it all is"
)
#: Pages of rooms not seen yet.
MOST_FAR: Final = 3


class Explorer:
    """The asking of one run."""

    def __init__(self, desk: Desk, settler: Settler, *, is_thorough: bool = True) -> None:
        """Ask through `desk`; `settler` looks again. `is_thorough`: ask all, though something departs already."""
        self.desk = desk
        self.settler = settler
        self.is_thorough = is_thorough
        self.plan = Plan()
        self.account: Account | None = None

    def explore(self) -> None:
        """Ask about both endpoints until nothing is worth a request, or none is left."""
        desk = self.desk
        for endpoint in NAMES:
            self._try(endpoint, partial(greet, desk, endpoint))
        self._try("rooms", self._begin_rooms)
        self._try("messages", self._begin_messages)
        desk.tell(PhaseStarted, "asking where most can come to light")
        self._follow()
        self._try("messages", partial(desk.ask, desk.listing_question()))
        if "rooms" in desk.skipped:
            self._try("messages", partial(self.settler.settle, None))
        self._try("rooms", self._close_rooms)
        self._follow(is_late=True)
        self._try("rooms", partial(confirm_today, desk))
        if self._least > LEAST:
            desk.notes.append(BESIDE)

    def _try(self, endpoint: Endpoint, act: Callable[[], object]) -> None:
        """Ask an endpoint if that may be; where it is lost in the midst, the desk tells."""
        with suppress(OutOfReachError):
            if endpoint not in self.desk.skipped:
                act()
            return
        self.plan.drop(endpoint)

    def _begin_rooms(self) -> None:
        """Find the account's data, and what to ask of it."""
        desk = self.desk
        desk.tell(PhaseStarted, "looking for where the account has data")
        self.account = scout(desk)
        if self.account is None:
            desk.tell(Note, "no room was seen: most rules of the room list can not be exercised")
        else:
            self._draw_from(self.account)
            self.plan.add(self._wider(self.account))
        self.plan.add(room_steps(desk, self.account))
        self.plan.add([self._step({("the longest period",): 30.0}, self._find_period)])

    def _draw_from(self, account: Account) -> None:
        """Draw documented questions about an account; what was asked already shows what it can."""
        desk, today = self.desk, self.desk.today()
        draws = Draws(account=account, today=today, random=desk.random)
        for view in desk.evidence.rooms:
            if view.is_list:
                self.plan.seen.update(points(view.params or {}, account, today))

        for params in draws.some(desk.seed):
            ask = partial(desk.rooms, params, "a combination of parameters")
            self.plan.add([self._step(points(params, account, today), ask)])

    def _wider(self, account: Account) -> Iterator[Step]:
        """What goes beyond the days that were read: longer ranges, a busy day, rooms not seen yet."""
        yield self._step({("months",): 90.0}, partial(longer, self.desk, account), cost=4)
        if account.total > 50 and account.span[0] < account.span[1]:
            yield self._step({("a busy day",): 75.0}, self._find_busy, cost=5)
        pages = -(-account.total // 50)
        for turn, page in enumerate(range(pages, max(pages - MOST_FAR, 1), -1)):
            far = {**ranged(account.span), "limit": 50, "page": page}
            found: dict[tuple[Any, ...], float] = {("rooms not seen yet", page): 2 * OPEN - 4 * turn}
            yield self._step(found, partial(self.desk.rooms, far, "rooms not seen yet"))

    @staticmethod
    def _step(found: Points, ask: Callable[[], object], cost: int = 1) -> Step:
        return Step(endpoint="rooms", ask=ask, points=found, cost=cost, is_bracketed=True)

    def _find_busy(self) -> None:
        if self.account is not None:
            self.account = busiest(self.desk, self.account)
            self._draw_from(self.account)

    def _find_period(self) -> None:
        """The longest period: one that is beyond all, and where some are refused, halving."""
        desk, today = self.desk, self.desk.today()
        view = desk.rooms({**ranged((EARLIEST, today)), "limit": 1}, "the longest period there can be")
        most, least = (today - EARLIEST).days + 1, 1
        while view.fields.get("code") == OVER_DATE or most < (today - EARLIEST).days + 1:
            if most - least <= 1 or desk.left < RESERVE:
                return
            length = (most + least) // 2
            span = (today - timedelta(days=length - 1), today)
            view = desk.rooms({**ranged(span), "limit": 1}, "how long a period may be")
            if view.kind == "failure":
                most = length
            else:
                least = length

    def _begin_messages(self) -> None:
        """List the sender's messages twice; what to ask of them one by one."""
        listing = self.desk.ask(self.desk.listing_question())
        self.plan.add(message_steps(self.desk, listing.messages if isinstance(listing, MessagesView) else ()))

    def _follow(self, *, is_late: bool = False) -> None:
        """Ask what the plan has next; in between look at what departs, and list the messages again.

        `is_late`: the last reading is done; what was kept back for nothing goes into what needs none.
        """
        desk, asked = self.desk, 0
        if is_late:
            self.plan.drop_bracketed()
        while step := self.plan.next(
            left=desk.left - (bool(desk.clock.ahead) if is_late else self._kept_back()), least=self._least
        ):
            self._try(step.endpoint, step.ask)
            asked += 1
            if asked % LISTED_AGAIN == 0:
                self._try("messages", partial(desk.ask, desk.listing_question()))
            if asked == JUDGED_AGAIN:  # once early: whether the data move decides how much is to be kept back
                self.settler.settle(self.account)
            elif asked % (STOPPING if self.settler.stops_at else JUDGED_AGAIN) == 0:
                self.settler.look()

    @property
    def _least(self) -> float:
        """What a request must be worth."""
        return LEAST if self.is_thorough or not self.settler.has_drift else LEAST_BESIDE

    def _kept_back(self) -> int:
        """Requests for looking again, for the closing of the bracket and for the least request."""
        rooms = 0 if self.account is None else self.account.count(self.account.window)
        return RESERVE + -(-rooms // 50) + self.settler.to_shrink

    def _close_rooms(self) -> None:
        """Ask a few questions again, late, and read the window again."""
        desk, account = self.desk, self.account
        if account is not None:
            self.settler.settle(account)
            plain = [view for view in desk.evidence.rooms if view.is_list and view.is_plain]
            open_ = [view for view in desk.evidence.rooms if view.meaning and view.meaning.open]
            for views in (plain, open_):
                for view in desk.random.sample(views, min(1, len(views), max(0, desk.left - RESERVE))):
                    desk.ask(view.exchange.request)
            if desk.left > 2:
                read(desk, account.window)
        self.settler.settle(account)
        if account is not None:
            self.settler.shrink(account)
            self.settler.settle(account)


def first_questions(today: date, endpoints: frozenset[Endpoint], client: bool) -> Iterator[Request]:
    """What is asked whatever the answers are."""
    if "rooms" in endpoints:
        yield rooms({}, why="what today holds", client=client)
    headers = dict(CLIENT_HEADERS) if client else {}
    if "messages" in endpoints:
        yield messages(headers=headers, why="the sender's messages")
    if "rooms" in endpoints:
        window = (today - timedelta(days=SPANS[0] - 1), today)
        yield rooms({**ranged(window), "limit": 50}, why=f"what the last {SPANS[0]} days hold", client=client)
        yield from token_probes(client=client)
        for params, why in odd_params(window[0].isoformat(), window[1].isoformat()):
            yield rooms(params, why=why, client=client)
        yield from odd_bodies(client=client)
    if "messages" in endpoints:
        yield from message_refusals(headers)
        for one in ODD_IDS:
            yield messages(headers=headers, message_id=one, why="an id of an undocumented form")
