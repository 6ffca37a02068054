"""The course of a run: scout, aim, cover, probe; look again where something departs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from happytalk_contract.core.events import Note, PhaseStarted
from happytalk_contract.core.model import Endpoint, Request
from happytalk_contract.engine.aims import aims
from happytalk_contract.engine.cover import Coverage
from happytalk_contract.engine.scout import SPANS, Account, ranged, read, scout
from happytalk_contract.engine.session import Desk
from happytalk_contract.engine.settle import Settler
from happytalk_contract.engine.today import EARLIEST, confirm_today
from happytalk_contract.evidence.recording import key
from happytalk_contract.evidence.views import MessagesView
from happytalk_contract.questions import draws
from happytalk_contract.questions.meaning import CLIENT_HEADERS, messages, rooms, rooms_raw
from happytalk_contract.questions.probes import (
    ODD_IDS,
    WRONG,
    date_probes,
    elsewhere,
    message_refusals,
    message_refusals_by_id,
    odd_bodies,
    odd_params,
    token_probes,
)
from happytalk_contract.rules.rooms.relations import OVER_DATE

#: Kept back from combinations for seeing more rooms, looking again at doubts and closing the bracket.
RESERVE: Final = 26
#: Kept back to the very end.
LAST: Final = 6
#: Questions drawn at random with a value of any kind.
DRAWN: Final = 24
#: Questions outside the documented use.
MOST_ODD: Final = 62
#: Ids asked for one by one.
MOST_IDS: Final = 10
#: Questions about system messages, and after how many the list is asked for again: a number that shares no
#: factor with the usual sizes of lists, so that what turns at each question does not come round unseen.
MOST_MESSAGES: Final = 54
LISTED_AGAIN: Final = 11


def explore_rooms(desk: Desk, settler: Settler) -> Iterator[str]:
    """Ask about the room list; yields between phases, so that messages can come in between."""
    desk.tell(PhaseStarted, "looking for where the account has data")
    account = scout(desk)
    day = account.best() if account is not None else None
    tokens = list(token_probes(None if day is None else day.isoformat(), client=desk.client))
    for request in tokens[:3]:
        desk.ask(request)
    if account is not None:
        if account.has_today:
            read(desk, (desk.today(), desk.today()))
        desk.tell(
            PhaseStarted,
            f"asking about {account.window[0]} to {account.window[1]}, {len(account.rooms)} rooms",
        )
        todo = [desk.question(params, why) for params, why in aims(account, desk.today())]
        share = max(10, desk.left // 4)
        _ask_all(desk, settler, account, todo[:share], every=30)
    else:
        todo, share = [], 0
        desk.tell(Note, "no room was seen: most rules of the room list can not be exercised")
    yield "aimed"
    _ask_all(desk, settler, account, todo[share:], every=30)
    desk.tell(PhaseStarted, "asking what is not documented")
    _probe(desk, settler, account, tokens[3:])
    find_period(desk)
    if account is not None:
        _cover(desk, settler, account)
        _close(desk, settler, account)
        settler.shrink(account)
        _see_more(desk, settler, account)
    confirm_today(desk)


def _ask_all(
    desk: Desk, settler: Settler, account: Account | None, todo: list[Request], *, every: int
) -> None:
    for index, request in enumerate(todo, 1):
        desk.ask(request)
        if index % every == 0:
            settler.settle(account)
    settler.settle(account)


def _probe(desk: Desk, settler: Settler, account: Account | None, tokens: list[Request]) -> None:
    day = desk.today() if account is None else account.best() or account.window[1]
    ends = () if account is None else reversed(account.window)
    other = next((end for end in ends if end != day), day + timedelta(days=1))
    first, last = sorted((day, other))
    params = [desk.question(odd, why) for odd, why in odd_params(first.isoformat(), last.isoformat())]
    within = (first, last)
    random = Random(desk.seed)  # noqa: S311 - draws questions, guards nothing
    drawn = [desk.question(draws.odd(random, within=within), "a value of any kind") for _turn in range(DRAWN)]
    any_body = [draws.odd_body(random) for _turn in range(DRAWN // 3)]
    bodies = [
        *odd_bodies(client=desk.client),
        *(rooms_raw(body, why="any bytes as the body", client=desk.client) for body in any_body),
    ]
    share = max(6, min(MOST_ODD, desk.left // 3))
    first_of_all = _in_turn(params[:30], tokens[:12], bodies[:10])
    rest = _in_turn(params[30:], tokens[12:], bodies[10:], drawn)
    for request in _open_questions(desk, account):
        desk.ask(request)
    for request in [*first_of_all, *rest][:share]:
        desk.ask(request)
    settler.settle(account)


def _open_questions(desk: Desk, account: Account | None) -> Iterator[Request]:
    """What only tells of open questions, and is not asked otherwise."""
    if desk.client:
        yield rooms({}, why="without the HT headers")
        yield rooms({}, token=WRONG, why="a wrong token without the HT headers")
    yield from elsewhere(client=desk.client)
    if account is None:
        return
    days = sorted(account.days, key=account.days.__getitem__, reverse=True)
    day = days[0] if days else account.window[1]
    other = next((one for one in days if account.days[one] != account.days[day]), day)
    firsts = [one for one in days if one.day == 1 and account.days[one] != account.days[other]]
    month = max(firsts, key=lambda one: (one - timedelta(days=1)).day < 31, default=None)
    for params, why in date_probes(day, other, month):
        yield desk.question(params, why)
    yield desk.question({"ndate": other.isoformat(), "limit": None}, "limit null")
    # Rooms that have not ended tie by their end: one page of them in either direction.
    for direction in ("asc", "desc"):
        params = {**ranged(account.window), "status": 0, "sort_key": "complate_date", "sort_value": direction}
        yield desk.question({**params, "limit": 50}, "rooms of equal complate_date")


def find_period(desk: Desk) -> None:
    """The longest period: one that is beyond all, and where some are refused, halving."""
    today = desk.today()
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


def _in_turn(*groups: list[Request]) -> list[Request]:
    """One of each group after the other, until all are through."""
    return [group[at] for at in range(max(map(len, groups))) for group in groups if at < len(group)]


def _cover(desk: Desk, settler: Settler, account: Account) -> None:
    desk.tell(PhaseStarted, "covering combinations of parameters")
    coverage = Coverage(account=account, random=desk.random)
    asked = 0
    any_valid = Random(desk.seed)  # noqa: S311 - draws questions, guards nothing
    pages = -(-len(account.rooms) // 50)
    while desk.left > RESERVE + pages + settler.to_shrink and (params := coverage.next()) is not None:
        asked += desk.once(params, "a combination of parameters")
        if asked % 9 == 8:
            asked += desk.once(draws.documented(any_valid, within=account.window), "any documented question")
        if asked and asked % 40 == 0:
            asked += 1
            settler.settle(account)


def _close(desk: Desk, settler: Settler, account: Account) -> None:
    """Ask a few questions again, late, and read the window again."""
    settler.settle(account)
    plain = [view for view in desk.evidence.rooms if view.is_list and view.meaning and view.meaning.is_plain]
    open_ = [view for view in desk.evidence.rooms if view.meaning and view.meaning.open]
    for views in (plain, open_):
        for view in desk.random.sample(views, min(4, len(views), max(0, desk.left - RESERVE // 2))):
            desk.ask(view.exchange.request)
    if desk.left > 12:
        read(desk, account.window)
    settler.settle(account)


def _see_more(desk: Desk, settler: Settler, account: Account) -> None:
    """What is left goes into rooms not seen yet: the far end of the longest range, page by page."""
    span = account.longest or account.span
    first = next((v for v in desk.evidence.rooms if v.is_list and v.window == span), None)
    pages = -(-((first.total or 0) if first else 0) // 50)
    for page in range(pages, 1, -1):
        if desk.left <= LAST:
            break
        desk.once({**ranged(span), "limit": 50, "page": page}, "rooms not seen yet")
    settler.settle(account)


def explore_messages(desk: Desk, settler: Settler) -> None:
    """Ask about the system messages."""
    desk.tell(PhaseStarted, "asking for system messages")
    headers, everything = desk.headers, desk.listing_question()
    asked = (view for view in desk.evidence.messages if view.asked == key(everything))
    listing = next(asked, None) or desk.ask(everything)
    desk.ask(everything)
    found = listing.messages if isinstance(listing, MessagesView) else ()
    ids = [one["id"] for one in found if isinstance(one.get("id"), int) and not isinstance(one["id"], bool)]
    budget = max(12, min(MOST_MESSAGES, desk.left // 4))

    def by_id(one: object, why: str) -> Request:
        return messages(headers=headers, message_id=str(one), why=why)

    near = [one for known in ids for one in (known + 1, known - 1) if one not in ids]
    cut = list(dict.fromkeys(str(one)[:-1] for one in ids if one > 9))
    order = _in_turn(
        [by_id(one, "one message by id") for one in _from_both_ends(ids)[:MOST_IDS]],
        list(message_refusals(headers)),
        list(message_refusals_by_id(headers, ids[0])) if ids else [],
        [
            *(by_id(one, "a known id cut short") for one in cut[:2]),
            *(by_id(one, "an id beside") for one in near[:6]),
        ],
        [by_id(one, "an id of an undocumented form") for one in ODD_IDS],
    )
    for index, request in enumerate(order[: budget - 8], 1):
        desk.ask(request)
        if index % LISTED_AGAIN == 0:
            desk.ask(everything)
    desk.ask(everything)
    settler.settle(None)


def _from_both_ends(ids: list[int]) -> list[int]:
    """First, last, second, last but one …: what does not belong in a list often stands together at an end."""
    return [one for pair in zip(ids, reversed(ids), strict=True) for one in pair][: len(ids)]


def first_questions(today: date, endpoints: frozenset[Endpoint], client: bool) -> Iterator[Request]:
    """What is asked whatever the answers are."""
    if "rooms" in endpoints:
        yield rooms({}, why="what today holds", client=client)
        window = (today - timedelta(days=SPANS[0] - 1), today)
        yield rooms({**ranged(window), "limit": 50}, why=f"what the last {SPANS[0]} days hold", client=client)
        yield from token_probes(client=client)
        for params, why in odd_params(window[0].isoformat(), window[1].isoformat()):
            yield rooms(params, why=why, client=client)
        yield from odd_bodies(client=client)
    if "messages" in endpoints:
        headers = dict(CLIENT_HEADERS) if client else {}
        yield messages(headers=headers, why="the sender's messages")
        yield from message_refusals(headers)
        for one in ODD_IDS:
            yield messages(headers=headers, message_id=one, why="an id of an undocumented form")
