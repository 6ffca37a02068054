"""One read-only visit: read the account, decide what is open, hear how failures are worded, look again."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from random import Random
from typing import Any, Final

from happytalk_contract.core.errors import AskingEnds, OutOfReachError, TimeSpent
from happytalk_contract.core.events import PhaseStarted
from happytalk_contract.core.model import NAMES, Endpoint
from happytalk_contract.engine.greeting import greet
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.views import RoomsView, registered_on
from happytalk_contract.questions import draws
from happytalk_contract.questions.meaning import SORT_KEYS, rooms
from happytalk_contract.questions.probes import WRONG, elsewhere, odd_bodies, token_probes
from happytalk_contract.rules.answers.answers import seen
from happytalk_contract.rules.answers.question import concluded
from happytalk_contract.transport.reach import obstacle
from happytalk_contract.twin.crawl import USUAL_LIMITS, Crawled, Crawler
from happytalk_contract.twin.decide import ORDER, QUESTIONS, Decider, Decision, holds, of_sightings, told
from happytalk_contract.twin.forms import plainest
from happytalk_contract.twin.messages import Messages, read_messages
from happytalk_contract.twin.model import Refused, predictions
from happytalk_contract.twin.ties import ENOUGH, Ties, crossing, other_lists
from happytalk_contract.twin.world import World

#: Bodies that are no JSON object, of which so many are sent; and tokens that are not valid.
_BODIES: Final = 7
_TOKENS: Final = 4
#: Questions drawn at random to hold the answers against, half of them documented.
_DRAWN: Final = 40
#: How the other endpoint is learnt by itself.
_ALONE: Final[dict[Endpoint, str]] = {
    "rooms": "to learn messages alone, leave HAPPYTALK_TOKEN out",
    "messages": "to learn rooms alone, leave HAPPYTALK_SENDER_KEY out",
}
#: Questions that are asked twice to see whether they are answered alike.
_AGAIN: Final = 12
#: Lists under another limit or filter that must show ties before an order of ties is believed.
_LISTS_OF_TIES: Final = 2
_MORE_TIES: Final = "more rooms of equal complate_date, of one status and on one page"
#: The mock's answers.
DEFAULTS: Final = {question: record.default for question, record in QUESTIONS.items()}
#: Odd values by parameter, to hear how each is refused.
_ODD: Final[tuple[tuple[str, tuple[Any, ...]], ...]] = (
    *((name, ("abc", "2022-02-30", 20220526)) for name in ("ndate", "sdate", "edate")),
    ("status", ("abc", 7, "2", None)), ("sort_key", ("title", None)), ("sort_value", ("up", None)),
    ("limit", (0, "abc", 51, "3", None)), ("page", (0, "abc", 9999, "2", None)), ("unknown", ("x",)),
)  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Visit:
    """What a visit found out."""

    crawled: Crawled | None = None
    messages: Messages = field(default_factory=Messages)
    decisions: dict[str, Decision] = field(default_factory=dict)
    today: date = date.min  #: the target's own day
    notes: list[str] = field(default_factory=list)
    departing: tuple[int, ...] = ()  #: exchanges that the answers do not predict
    cut: str = ""  #: why it is to go on another time
    unread: list[str] = field(default_factory=list)  #: why an endpoint that was to be learnt gave nothing

    @property
    def answers(self) -> dict[str, str]:
        """The profile: what was decided, and a candidate where the default is none of them."""
        found = {}
        for question, decision in self.decisions.items():
            if decision.answer is not None:
                found[question] = decision.answer
            elif decision.candidates and QUESTIONS[question].default not in decision.candidates:
                found[question] = decision.candidates[0]
        return found

    @property
    def ranks(self) -> dict[str, dict[str, int]]:
        """Places of rooms by list, where neither an answer nor the day of registration explains them."""
        crawled = self.crawled
        if crawled is None:
            return {}
        found = dict(crawled.ties.ranks)
        days = [registered_on(room) for room in crawled.ties.rooms]
        if not found and self.answers.get("tie_order") == "insertion" and days != sorted(days):
            found = self._places(crawled.ties, ("complate_date",), {})
        for what, ties in crawled.beside.items():
            turn = {
                "tie_order": "insertion",
                "tie_direction": "kept" if ties.directions == {"kept"} else "turned",
            }
            places = self._places(ties, SORT_KEYS, turn) if ties.is_consistent else ties.ranks
            found |= {f"{order} {what}": each for order, each in places.items()}
        return found

    def _places(self, ties: Ties, keys: Iterable[str], answers: dict[str, str]) -> dict[str, dict[str, int]]:
        """The places of rooms in lists by some keys, up and down, as the profile and some answers put them."""
        assert self.crawled is not None  # noqa: S101 - it has ties
        window, profile = self.crawled.window, DEFAULTS | self.answers | answers
        world = World(ties.rooms, window, self.crawled.today)
        return {
            f"{key} {way}": {
                one: at
                for at, one in enumerate(
                    world.ordered(window, None, key, way == "desc", profile.__getitem__), 1
                )
            }
            for key, way in product(keys, ("asc", "desc"))
        }

    @property
    def has_seen(self) -> bool:
        """Whether any endpoint answered."""
        return self.crawled is not None or self.messages.is_read

    @property
    def world(self) -> World | None:
        """The rooms that were read; None where nothing was."""
        return None if self.crawled is None else self.crawled.world


class Visitor:
    """Goes through a visit; every step may be its last."""

    def __init__(
        self,
        desk: Desk,
        *,
        days: int,
        message_ids: tuple[int, ...] = (),
        limits: tuple[int, ...] = USUAL_LIMITS,
    ) -> None:
        """`days`: so many are read; `message_ids`: asked for one by one; `limits`: whose ties are read first."""
        self.desk, self._days, self._ids, self._limits = desk, days, message_ids, limits
        self.visit = Visit()
        self._crawler = Crawler(desk, days)
        self._ties_hang_on = ""  #: `filter` or `limit`

    def go(self) -> Visit:
        """Ask all that is planned, as far as it may be."""
        steps: list[tuple[Endpoint, Callable[[], object]]] = [
            ("rooms", self._crawl),
            ("messages", self._read_messages),
            ("rooms", self._decide),
            ("rooms", self._refusals),
            ("rooms", self._look_again),
        ]
        try:
            for endpoint, step in steps:
                with contextlib.suppress(OutOfReachError):
                    if endpoint not in self.desk.skipped and not self.desk.reach.lost:
                        step()
        except TimeSpent as spent:
            self.visit.cut = str(spent)
        except AskingEnds as spent:
            self.visit.notes.append(f"stopped early: {spent}; more is learnt with more --max-requests")
        except KeyboardInterrupt:
            self.desk.control.interrupt()
            self.visit.cut = "interrupted"
        if self.desk.reach.broken:
            self.visit.cut = "the API stopped answering"
        lost = self.desk.reach.lost
        self.visit.unread = [f"{why}; {_ALONE[endpoint]}" for endpoint, why in lost.items()]
        self.visit.unread += self._locked_out()
        self.visit.notes += [why for endpoint, why in self.desk.skipped.items() if endpoint not in lost]
        self.visit.notes += self.desk.notes
        self._conclude()
        return self.visit

    def _locked_out(self) -> Iterator[str]:
        """Whether credentials that were taken at first are refused in the end: what came meanwhile shows nothing."""
        usual = self.desk.headers.keys()
        for endpoint in NAMES.keys() - self.desk.reach.lost.keys():
            ordinary = (
                exchange
                for exchange in reversed(self.desk.recording)
                if exchange.request.endpoint == endpoint and exchange.request.headers.keys() >= usual
            )
            if why := next((why for one in ordinary if (why := obstacle(one)) is not None), ""):
                yield f"{NAMES[endpoint]}: the API {why} by now, which it took when the visit began; give new ones"

    def _crawl(self) -> None:
        greet(self.desk, "rooms")
        crawled = self.visit.crawled = self._crawler.crawl()
        self.visit.notes += crawled.notes
        for question, fits in (
            ("tie_direction", crawled.ties.directions),
            ("tie_order", crawled.ties.orders),
        ):
            self._decided(of_ties(question, fits, crawled.ties.is_consistent))

    def _read_messages(self) -> None:
        greet(self.desk, "messages")
        self.visit.messages = read_messages(self.desk, self._ids)
        if not self._ids:
            self.visit.notes.append(
                "a list shows no message that is stopped: --message-ids FIRST-LAST asks for them"
            )

    def _decided(self, decision: Decision) -> None:
        self.visit.decisions[decision.question] = decision

    def _decide(self) -> None:
        crawled = self.visit.crawled
        if crawled is None:
            return
        self.desk.tell(PhaseStarted, "deciding what the documentation leaves open")
        if crawled.longest is None:
            self._crawler.find_period(crawled)
        self._decided(self._sighted("longest_period"))
        self._look_at_ties(crawled)
        decider = Decider(desk=self.desk, world=crawled.world, answers=self.visit.answers)
        for question in (*ORDER, *ORDER):  # what was decided later may tell apart what could not be at first
            known = self.visit.decisions.get(question)
            if known is None or known.state in ("undecided", "not_seen"):
                self._decided(decider.decide(question))

    def _look_at_ties(self, crawled: Crawled) -> None:
        """Whether ties stand alike under another limit, and under a filter; else nothing is sure of them."""
        world, fits = crawled.world, crawled.ties.orders
        looked = 0
        for params in other_lists(world, crawled.longest) if fits else ():
            view = self.desk.rooms(params, "ties under another limit or filter")
            expected = predictions(params, self.visit.answers, world)
            if not expected or not view.is_list:
                continue
            looked += crossing(view.rooms, "complate_date") > 1
            if not any(holds(one, view, world) for one in expected):
                crawled.ties = replace(crawled.ties, is_consistent=False)
                by = self._ties_hang_on = "filter" if "status" in params else "limit"
                what = f"ties stand otherwise under another {by}"
                for question in ("tie_order", "tie_direction"):
                    made = self.visit.decisions[question]
                    # What the lists without a filter show is served all the same.
                    shown = made.candidates or ((made.answer,) if made.answer else ())
                    numbers = (view.number,)
                    self._decided(
                        replace(
                            made,
                            state="other",
                            answer=None,
                            candidates=shown,
                            exchanges=numbers,
                            excerpt=what,
                        )
                    )
                return
        if looked < _LISTS_OF_TIES or crawled.ties.pairs < ENOUGH:
            for question in ("tie_order", "tie_direction"):
                made = self.visit.decisions[question]
                if made.answer is not None:
                    self._decided(
                        replace(
                            made, state="undecided", answer=None, candidates=(made.answer,), needs=_MORE_TIES
                        )
                    )

    def _refusals(self) -> None:
        """Hear how failures are worded: of tokens, bodies, methods and paths, and of each parameter."""
        self.desk.tell(PhaseStarted, "asking what is refused")
        client = self.desk.client
        if client:
            self.desk.ask(rooms({}, why="without the HT headers"))
            self.desk.ask(rooms({}, token=WRONG, why="a wrong token without the HT headers"))
        for request in (
            *[*token_probes(client=client)][:_TOKENS],
            *elsewhere(client=client),
            *[*odd_bodies(client=client)][:_BODIES],
        ):
            self.desk.ask(request)
        world = self.visit.world
        for params in () if world is None else self._refused_parameters(world):
            self.desk.rooms(params, "how an odd value is refused")

    def _refused_parameters(self, world: World) -> Iterator[dict[str, Any]]:
        """For each parameter one question that is refused for its sake."""
        day = max(world.days, key=lambda one: world.days[one], default=world.today.isoformat())
        answers = self.visit.answers
        for name, values in _ODD:
            beside = {"sdate": day, "edate": day} if name in ("sdate", "edate") else {"ndate": day}
            expected = {Refused(f"parameter.{name}")}
            asked = ({**beside, name: value} for value in values)
            found = next((one for one in asked if predictions(one, answers, world) == expected), None)
            if found is not None and self.desk.kept(self.desk.question(found)) is None:
                yield found

    def _look_again(self) -> None:
        """Ask a few questions again, draw some at random, and read again what moved."""
        crawled = self.visit.crawled
        if crawled is None:
            return
        self.desk.tell(PhaseStarted, "looking again")
        random = Random(self.desk.seed)  # noqa: S311 - draws questions, guards nothing
        deciding = {
            one.exchanges[0]
            for one in self.visit.decisions.values()
            if one.exchanges and one.answer is not None
        }
        for number in random.sample(sorted(deciding), min(_AGAIN, len(deciding))):
            self.desk.ask(self.desk.recording[number - 1].request)
        for turn in range(_DRAWN):
            draw = draws.documented if turn % 2 else draws.odd
            self.desk.once(draw(random, within=crawled.window), "any question")
        began = self.desk.control.sent
        if self._ties_hang_on == "filter":
            self.visit.notes.append(self._crawler.read_filtered(crawled))
        if self._ties_hang_on == "limit":
            self.visit.notes.append(self._crawler.read_limited(crawled, self._limits))
        crawled.requests += self.desk.control.sent - began
        self._crawler.refresh(crawled)
        first, last = (day.isoformat() for day in crawled.window)
        shown = [
            listed.item
            for listed in self.desk.evidence.distinct_rooms
            if first <= registered_on(listed.item) <= last
        ]
        ties = crawled.ties.with_rooms(shown)
        crawled.ties = replace(ties, rooms=plainest(ties.rooms, shown))
        self.visit.notes += _moving(crawled)

    def _sighted(self, question: str) -> Decision:
        """What all that was seen says of a question, by the kit's own way of seeing."""
        record = QUESTIONS[question]
        return of_sightings(concluded(record, seen(record, self.desk.evidence)))

    def _conclude(self) -> None:
        """Take the rest of the answers from all that was seen, and tell what they do not predict."""
        self.visit.today = self.desk.today()
        made = self.visit.decisions
        for question in QUESTIONS:
            # How ties stand was concluded from all lists together.
            if question not in made or (
                made[question].state == "not_seen" and not question.startswith("tie_")
            ):
                made[question] = self._sighted(question)
        self.visit.decisions = {question: self._steady(made[question]) for question in QUESTIONS}
        world = self.visit.world
        self.visit.departing = () if world is None else tuple(self._unpredicted(world))

    def _steady(self, decision: Decision) -> Decision:
        """A decision, or that the same question was answered in two ways."""
        if decision.answer is None or decision.question not in ORDER:
            return decision
        for number in decision.exchanges:
            again = self.desk.evidence.by_request[self._view(number).asked]
            kinds = {view.kind for view in again if view.kind in ("success", "failure")}
            if len(kinds) > 1:
                both = ", then ".join(dict.fromkeys(told(view) for view in again))
                return replace(decision, state="unsteady", answer=None, excerpt=both)
        return decision

    def _view(self, number: int) -> RoomsView:
        return next(view for view in self.desk.evidence.rooms if view.number == number)

    def _unpredicted(self, world: World) -> Iterator[int]:
        answers, usual = self.visit.answers, self.desk.headers.keys()
        for view in self.desk.evidence.rooms:
            if view.params is None or not view.exchange.request.headers.keys() >= usual:
                continue
            expected = predictions(view.params, answers, world)
            if expected and not any(holds(one, view, world) for one in expected):
                yield view.number


def of_ties(question: str, fits: frozenset[str], is_consistent: bool) -> Decision:
    """What lists show of a question about ties, as a decision."""
    if not is_consistent:
        return Decision(question=question, state="other", excerpt="no one order explains all lists")
    if len(fits) == 1:
        return Decision(question=question, state="decided", answer=next(iter(fits)))
    ordered = tuple(one for one in QUESTIONS[question].answers if one in fits)
    return Decision(
        question=question,
        state="undecided" if fits else "not_seen",
        candidates=ordered,
        needs=QUESTIONS[question].needs.en,
    )


def _moving(crawled: Crawled) -> Iterator[str]:
    if crawled.moved:
        days = ", ".join(day.isoformat() for day in sorted(crawled.moved)[:5])
        more = f" and {len(crawled.moved) - 5} more" if len(crawled.moved) > 5 else ""
        yield f"rooms changed while they were read: {days}{more}"
