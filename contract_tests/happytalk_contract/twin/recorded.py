"""Learns from a recording: the same conclusions, from what happened to be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from happytalk_contract.core.model import SEOUL, Exchange
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import MessagesView, RoomsView
from happytalk_contract.rules.answers.answers import seen
from happytalk_contract.rules.answers.question import concluded
from happytalk_contract.twin.crawl import Crawled
from happytalk_contract.twin.decide import ORDER, QUESTIONS, Decision, holds, of_sightings
from happytalk_contract.twin.messages import Message, Messages
from happytalk_contract.twin.model import ways
from happytalk_contract.twin.ties import SeenList, learnt
from happytalk_contract.twin.visit import Visit, of_ties
from happytalk_contract.twin.world import World

#: Questions that a request shows which is not about them alone.
_ANYWHERE: Final = ("zero_date_order", "page_past_end", "limit_echo", "page_echo", "open_range_period")


def visit_of(exchanges: Sequence[Exchange]) -> tuple[Visit, Evidence]:
    """What a recording shows of an account and its API."""
    evidence = Evidence(exchanges)
    visit = Visit(crawled=_crawled(evidence), messages=_messages(evidence), today=_last_day(exchanges))
    for question in QUESTIONS:
        record = QUESTIONS[question]
        visit.decisions[question] = of_sightings(concluded(record, seen(record, evidence)))
    crawled, world = visit.crawled, visit.world
    if crawled is None or world is None:
        visit.notes.append(
            "no list of rooms was recorded whole: their order and what hangs on it is not known"
        )
        return visit, evidence
    visit.today = crawled.today
    for question, fits in (("tie_direction", crawled.ties.directions), ("tie_order", crawled.ties.orders)):
        visit.decisions[question] = of_ties(question, fits, crawled.ties.is_consistent)
    answers = {name: one for name, one in visit.answers.items() if name not in ORDER}
    for question in ORDER:
        made = visit.decisions[question] = _decided(question, answers, world, evidence.rooms)
        answers |= {} if made.answer is None else {question: made.answer}
    return visit, evidence


def _last_day(exchanges: Sequence[Exchange]) -> date:
    return datetime.fromtimestamp(exchanges[-1].started if exchanges else 0, SEOUL).date()


def _crawled(evidence: Evidence) -> Crawled | None:
    """The largest list that was recorded whole, and every other one for its order."""
    readings = [reading for reading in evidence.readings if reading.is_whole]
    todays = [view.today for view in evidence.rooms if view.today is not None]
    if not readings or not todays:
        return None
    largest = max(readings, key=lambda reading: len(reading.rooms))
    inside = largest.rooms
    lists = [SeenList(key="reg_date", falling=True, rooms=tuple(inside.values()))]
    lists += [
        SeenList(key=means.sort_key, falling=means.sort_value == "desc", rooms=view.rooms)
        for view in evidence.rooms
        if (means := view.judged) is not None and view.is_list and all(one in inside for one in view.ids)
    ]
    return Crawled(window=largest.window, today=max(todays), longest=None, ties=learnt(lists))


def _messages(evidence: Evidence) -> Messages:
    found: dict[Any, Message] = {}
    for view in evidence.listings[-1:]:
        found |= {one.get("id"): Message(message=one, listed=at) for at, one in enumerate(view.messages)}
    for _id, view in evidence.by_id:
        found |= _unlisted(view, found)
    return Messages(messages=list(found.values()), is_read=bool(evidence.messages))


def _unlisted(view: MessagesView, known: Mapping[Any, Message]) -> dict[Any, Message]:
    return {
        one.get("id"): Message(message=one, listed=None)
        for one in view.messages
        if one.get("id") not in known
    }


def _decided(question: str, answers: Mapping[str, str], world: World, views: Sequence[RoomsView]) -> Decision:
    """The answers that every recorded response fits which tells them apart."""
    left = list(QUESTIONS[question].answers)
    seen_in: list[int] = []
    for view in views:
        if view.params is None or view.meaning is None or view.kind not in ("success", "failure"):
            continue
        if question not in view.meaning.open and question not in _ANYWHERE:
            continue
        kinds = {
            one: expected for one, expected in ways(view.params, question, answers, world) if one in left
        }
        if len(set(kinds.values())) < 2 or not all(kinds.values()):
            continue
        fits = [one for one in left if any(holds(each, view, world) for each in kinds[one])]
        if not fits:
            return Decision(
                question=question, state="other", exchanges=(view.number,), excerpt="another answer"
            )
        if len(fits) < len(left):
            seen_in.append(view.number)
        left = fits
    needs = "" if len(left) == 1 else QUESTIONS[question].needs.en or "a request that shows it"
    if not seen_in:
        return Decision(question=question, state="not_seen", needs=needs)
    answer = left[0] if len(left) == 1 else None
    return Decision(
        question=question,
        state="undecided" if answer is None else "decided",
        answer=answer,
        candidates=() if answer else tuple(left),
        exchanges=tuple(seen_in[:3]),
        needs=needs,
    )
