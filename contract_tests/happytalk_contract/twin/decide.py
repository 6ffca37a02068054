"""Decides open questions of the room list: asks where the answers that are left predict different responses.

An answer is accepted when its whole predicted response is what came, and all others are refuted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from happytalk_contract.core.model import Answer, Sighted
from happytalk_contract.engine.session import Desk
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.report.excerpt import excerpt
from happytalk_contract.rules.rooms.relations import OVER_DATE
from happytalk_contract.twin.model import Expected, Refused, predictions, ways
from happytalk_contract.twin.probes import Params, pool
from happytalk_contract.twin.world import World
from happytalk_mock.spec.resources import open_questions

State = Literal["decided", "undecided", "other", "unsteady", "not_seen"]

QUESTIONS: Final = open_questions().questions
#: Answers that are not of this list, one after the other, before a question is left.
_ODD: Final = 2
#: Candidates looked at for the best next question.
_LOOKS: Final = 60
#: In which order: what others' predictions hang on comes first.
ORDER: Final = (
    "zero_date_order", "numeric_text", "empty_date", "null_value", "unknown_parameters", "page_past_end",
    "limit_above_max", "limit_echo",
    *(f"limit_invalid.{case}" for case in ("zero", "negative", "fraction", "text", "huge", "type")),
    *(f"page_invalid.{case}" for case in ("zero", "negative", "fraction", "text", "huge", "type")),
    "page_echo", "whole_fraction", "single_date", "open_range_period", "reversed_dates",
    "bad_date.form", "bad_date.no_such_day", "bad_date.type", "unknown_sort.key", "unknown_sort.value",
    *(f"unknown_status.{case}" for case in ("4", "number", "text", "type")),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is known of the answer to one question, and by which exchanges."""

    question: str
    state: State
    answer: str | None = None
    candidates: tuple[str, ...] = ()
    exchanges: tuple[int, ...] = ()
    excerpt: str = ""  #: of what came, where no legal answer predicts it
    needs: str = ""  #: what would decide

    @property
    def confidence(self) -> str:
        """Whether more than one response was as predicted."""
        return "" if self.state != "decided" else "high" if len(self.exchanges) > 1 else "fair"


def holds(expected: Expected, view: RoomsView, world: World) -> bool:
    """Whether what came is the whole predicted response."""
    if isinstance(expected, Refused):
        if view.kind != "failure":
            return False
        return (expected.cause == "period") == (view.fields.get("code") == OVER_DATE)
    if not view.is_list or view.total != expected.total:
        return False
    data = view.fields["data"]
    if not (_same(data.get("page"), expected.page) and _same(data.get("limit"), expected.limit)):
        return False
    key_ = str((view.params or {}).get("sort_key", "reg_date"))
    return world.alike(view.ids, expected.ids, key_ if key_ == "complate_date" else "reg_date")


def _same(told: Any, expected: str) -> bool:
    """A size as number or text; a number beyond 64 bits is read as a float."""
    if str(told) == expected:
        return True
    return isinstance(told, float) and expected.lstrip("-").isdigit() and told == float(expected)


@dataclass(slots=True, kw_only=True)
class Decider:
    """Asks through a desk about one world."""

    desk: Desk
    world: World
    answers: dict[str, str] = field(default_factory=dict)

    def decide(self, question: str) -> Decision:
        """Ask until one answer is left, or nothing that can be asked tells the rest apart."""
        left = [one for one, _predicted in ways({}, question, self.answers, self.world)]
        seen: list[int] = []
        odd: list[RoomsView] = []
        asked: set[Any] = set()
        while len(left) > 1 and len(odd) < _ODD:
            probe = self._best(question, left, asked)
            if probe is None:
                break
            view = self._ask(probe, f"open question {question}")
            asked.add(view.asked)
            fits = [one for one in left if self._fits(probe, question, one, view)]
            if not fits:
                odd.append(view)
                continue
            left, seen = fits, [*seen, view.number]
        if not seen:
            return self._unseen(question, odd, left)
        if len(left) > 1 and self._are_one(question, left):
            left = left[:1]
        if len(left) > 1:
            needs = QUESTIONS[question].needs.en or "a request that tells them apart"
            return Decision(
                question=question,
                state="undecided",
                candidates=tuple(left),
                exchanges=tuple(seen),
                needs=needs,
            )
        seen += self._confirmed(question, left[0], asked)
        if question == "open_range_period" and (odd := self._uneven(left[0])):
            return self._unseen(question, odd, left)
        self.answers[question] = left[0]
        return Decision(question=question, state="decided", answer=left[0], exchanges=tuple(seen))

    def _are_one(self, question: str, left: list[str]) -> bool:
        """Whether each of some answers refuses whatever is asked, whatever rooms there are."""
        for params in self._pool(question):
            told = {predictions(params, {**self.answers, question: one}, self.world) for one in left}
            if len(told) > 1 or not all(isinstance(one, Refused) for one in next(iter(told))):
                return False
        return True

    def _unseen(self, question: str, odd: list[RoomsView], left: list[str]) -> Decision:
        """Nothing that came was predicted: another answer, two answers, or nothing to ask about."""
        if not odd:
            needs = QUESTIONS[question].needs.en or "rooms that tell the answers apart"
            return Decision(question=question, state="not_seen", needs=needs)
        again = self.desk.ask(odd[0].exchange.request)
        steady = isinstance(again, RoomsView) and told(again) == told(odd[0])
        return Decision(
            question=question,
            state="other" if steady else "unsteady",
            exchanges=(*(view.number for view in odd), again.number),
            excerpt=told(odd[0]) if steady else f"{told(odd[0])}, then another answer",
        )

    def _uneven(self, answer: str) -> list[RoomsView]:
        """The open ranges that are answered otherwise: those that begin today, or where the reading begins."""
        found = []
        for day in (self.world.today, self.world.window[0]):
            params = {"sdate": day.isoformat(), "limit": 50}
            view = self._ask(params, "open question open_range_period, near and far")
            found += [] if self._fits(params, "open_range_period", answer, view) else [view]
        return found

    def _ask(self, params: Params, why: str) -> RoomsView:
        request = self.desk.question(params)
        kept = self.desk.kept(request)
        return kept if kept is not None else self.desk.rooms(params, why)

    def _fits(self, params: Params, question: str, answer: str, view: RoomsView) -> bool:
        expected = predictions(params, {**self.answers, question: answer}, self.world)
        return any(holds(one, view, self.world) for one in expected)

    def _best(self, question: str, left: list[str], asked: set[Any]) -> Params | None:
        """The question whose answers differ in most of the answers left."""
        best, most = None, 1
        for params in self._pool(question):
            if key(self.desk.question(params)) in asked:
                continue
            kinds = self._kinds(params, question, left)
            if kinds > most:
                best, most = params, kinds
            if most == len(left):
                break
        return best

    def _pool(self, question: str) -> Iterator[Params]:
        for at, params in enumerate(pool(question, self.world)):
            if at >= _LOOKS:
                return
            yield params

    def _kinds(self, params: Params, question: str, left: list[str]) -> int:
        """How many groups the answers left fall into; 0 where one of them predicts nothing."""
        groups: list[set[Any]] = []
        for one in left:
            expected = predictions(params, {**self.answers, question: one}, self.world)
            if not expected:
                return 0
            signs = {self._sign(each, params) for each in expected}
            touching = [group for group in groups if group & signs]
            groups = [group for group in groups if not group & signs]
            groups.append(signs.union(*touching))
        return len(groups)

    def _sign(self, expected: Expected, params: Mapping[str, Any]) -> Any:
        """What of a prediction can be seen: failures of one kind look alike, ties may be in any order."""
        if isinstance(expected, Refused):
            return expected.cause == "period"
        if self.world.exact:
            return expected
        name = "complate_date" if params.get("sort_key") == "complate_date" else "reg_date"
        keys = tuple(str(self.world.by_id[one].get(name)) for one in expected.ids)
        return (keys, expected.total, expected.page, expected.limit)

    def _confirmed(self, question: str, answer: str, asked: set[Any]) -> list[int]:
        """One more response, to another value, that the answer alone predicts."""
        rivals = [one for one in QUESTIONS[question].answers if one != answer]
        for params in self._pool(question):
            if key(self.desk.question(params)) in asked or not rivals:
                continue
            if _values(params) in {_values(view.params or {}) for view in self.desk.evidence.rooms}:
                continue
            if all(self._kinds(params, question, [answer, rival]) == 2 for rival in rivals[:1]):
                view = self._ask(params, f"open question {question}, another value")
                return [view.number] if self._fits(params, question, answer, view) else []
        return []


def _values(params: Mapping[str, Any]) -> str:
    """The values of a question, days aside."""
    days = ("ndate", "sdate", "edate")
    return repr({name: value for name, value in params.items() if name not in days or _is_odd(value)})


def _is_odd(value: Any) -> bool:
    return not (isinstance(value, str) and len(value) == 10)


def told(view: RoomsView) -> str:
    """What came, in a few words, people's words taken out."""
    if view.is_list:
        data = view.fields["data"]
        return (
            f"{len(view.rooms)} of {view.total} rooms, page {data.get('page')!r}, limit {data.get('limit')!r}"
        )
    answer = view.exchange.response
    return f"HTTP {view.status}: {' '.join(excerpt(answer.body).split())}"[:160] if answer else "no answer"


#: How the report's states are called here.
_STATES: Final[Mapping[Sighted, State]] = {
    Sighted.SEEN: "decided",
    Sighted.UNDECIDED: "undecided",
    Sighted.OTHER: "other",
    Sighted.NOT_SEEN: "not_seen",
}


def of_sightings(answer: Answer) -> Decision:
    """What the kit's report says of a question, as a decision."""
    changes = answer.state is Sighted.UNDECIDED and bool(answer.means)  # not the same throughout
    return Decision(
        question=answer.question,
        state="unsteady" if changes else _STATES[answer.state],
        answer=answer.answer,
        candidates=() if changes else answer.candidates,
        exchanges=answer.exchanges,
        excerpt=" or ".join(answer.candidates) if changes else answer.means if answer.answer is None else "",
        needs=answer.needs,
    )
