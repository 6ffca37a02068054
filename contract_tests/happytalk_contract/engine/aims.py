"""What is worth asking beside drawn questions, as steps of the plan: cheap probes, lists in parts, whole lists.

What a step can bring to light beside its own point is how likely it is, by what stands behind it: a whole way to be
refused, one more value of a kind that was asked already. The likeliest of each kind stand first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from happytalk_contract.core.model import Request
from happytalk_contract.engine.cover import points
from happytalk_contract.engine.plan import Point, Points, Step
from happytalk_contract.engine.scout import Account, ranged, read
from happytalk_contract.engine.session import Desk
from happytalk_contract.engine.today import EARLIEST
from happytalk_contract.evidence.views import registered_on
from happytalk_contract.questions import draws
from happytalk_contract.questions.meaning import STATUSES, as_day, messages, rooms, rooms_raw
from happytalk_contract.questions.probes import (
    ODD_IDS,
    WRONG,
    date_probes,
    elsewhere,
    message_refusals,
    message_refusals_by_id,
    more_odd_params,
    nested,
    odd_bodies,
    odd_params,
    several_odd,
    token_probes,
    told_alone,
    unremembered,
)
from happytalk_contract.questions.strategies import drawn, questions

#: What is worth asking by itself: one of a kind that was not asked yet, and the next of the same kind.
KIND: Final = 40.0
OPEN: Final = 15.0
#: What is asked only where requests are left over.
LATE: Final = 4.0
#: How much less the next of a kind is worth.
FADING: Final = 0.97
#: Questions drawn at random with a value of any kind.
DRAWN: Final = 6
#: Ids asked for one by one.
MOST_IDS: Final = 6

#: By completion, rising.
RISING: Final = {"sort_key": "complate_date", "sort_value": "asc"}

Params = dict[str, Any]


def room_steps(desk: Desk, account: Account | None) -> Iterator[Step]:
    """What to ask of the room list."""
    yield from probes(desk, account)
    if account is None:
        return
    yield from _unseen(desk, account)
    for why, worth, asked in (*lists(account), *((why, OPEN, pages) for why, pages in walks(account))):
        found: dict[Point, float] = {(why, repr(asked)): worth * len(asked)}
        for params in asked:
            found.update(points(params, account, desk.today()))
        yield _step(partial(_each, desk, asked, why), found, len(asked))


def _step(ask: Callable[[], object], points: Points, cost: int) -> Step:
    return Step(endpoint="rooms", ask=ask, points=points, cost=cost, is_bracketed=True)


def lists(account: Account) -> Iterator[tuple[str, float, tuple[Params, ...]]]:
    """Lists with something about them that no drawn question has: why, what each is worth, and what is asked."""
    whole, (first, last) = ranged(account.window), account.window
    if first < last:
        edge = next(iter(account.month_ends()), first + (last - first) // 2)
        parts = ranged((first, edge)), ranged((edge + timedelta(days=1), last))
        yield "two parts of the window", 2 * OPEN, tuple({**part, "limit": 50} for part in parts)
        # Where ranges lose a day, all that was read lacks it: alone it is listed.
        yield "the last day of a part alone", OPEN, ({"ndate": edge.isoformat()},)
    written = {"status": 99, "sort_key": "reg_date", "sort_value": "desc", "limit": 10, "page": 1}
    yield "all defaults left out", OPEN, (whole,)
    yield "all defaults written out", OPEN, ({**whole, **written},)
    yield "all numbers as numeric text", OPEN, ({**whole, "status": "2", "limit": "3", "page": "2"},)
    # 4 is in the response list alone: whether one can ask for it is open, that 99 holds such rooms is not.
    yield "status 4", KIND, ({**whole, "limit": 50, "status": 4},)
    for limit, page, worth in ((51, 1, KIND), (100, 2, OPEN)):
        yield "more than fifty asked", worth, ({**whole, "limit": limit, "page": page},)
    day = account.crossed() or account.best()
    if day is not None:  # one page that shows where rooms without an end stand, and whose days count
        yield "a day by completion", OPEN, ({**ranged((day, day)), "limit": 50, **RISING},)
    past = -(-account.count(account.window) // 10) + 1
    yield "past the last page", OPEN, ({**whole, "limit": 10, "page": past},)
    days = (first + timedelta(days=offset) for offset in range((last - first).days))
    begins = min(account.days, default=last)
    empty = min((day for day in days if day not in account.days), key=lambda day: day < begins, default=None)
    # A gap between days with rooms may be what ranges lose: by ndate. Without one: a day from before the service.
    none = ranged((EARLIEST, EARLIEST)) if empty is None else {"ndate": empty.isoformat()}
    yield "a day without rooms", 2 * OPEN, (none,)


def _unseen(desk: Desk, account: Account) -> Iterator[Step]:
    """A status, and today, of which no room was seen: the lists that were read may be what leaves them out."""
    today, span = desk.today(), {**ranged(account.span), "limit": 50}
    asked = [
        ("a status without rooms", 4 * OPEN, {**span, "status": status})
        for status in STATUSES
        if not account.count(account.window, status)
    ]
    if not account.has_today:
        asked.append(("today written out", KIND, {"ndate": today.isoformat()}))
    else:
        yield _step(
            partial(desk.rooms, {"ndate": today.isoformat()}, "today written out"),
            {("today written out",): KIND},
            1,
        )
        none = (status for status in STATUSES if not account.count((today, today), status))
        asked += [("a status without rooms today", OPEN / 2, {"status": status}) for status in none]
    for why, worth, params in asked:
        yield _step(partial(_look_at, desk, account, params, why), {(why, repr(params)): worth}, 2)


def _each(desk: Desk, asked: Iterable[Params], why: str) -> None:
    for params in asked:
        desk.rooms(params, why)


def _look_at(desk: Desk, account: Account, params: Params, why: str) -> None:
    """Ask for what nothing showed, and read the whole day of a room that comes; where that lacks it, again."""
    view = desk.rooms(params, why)
    days = [as_day(registered_on(room)) for room in view.rooms]
    at, day = next(
        ((at, day) for at, day in enumerate(days) if day is not None and day not in account.days), (0, None)
    )
    if day is None:
        return
    reading = read(desk, (day, day))
    if reading is not None and view.ids[at] not in reading.rooms:
        desk.rooms(params, why)
        read(desk, (day, day))


def walks(account: Account) -> Iterator[tuple[str, tuple[Params, ...]]]:
    """Lists page by page, where equal keys are cut by the ends of pages.

    Rooms without a completion date all tie by it; under status 0 and 1 there are no others.
    """
    whole = ranged(account.window)
    params: Params = {**whole, "status": 0, "sort_key": "complate_date"}
    yield "all of status 0", _pages(params, account.count(account.window, 0))
    day = account.best()
    if day is None:
        return
    if (limit := _cutting(account, day)) is not None:
        cut = {**ranged((day, day)), "limit": limit}
        yield "pages that cut rooms of one second", tuple({**cut, "page": page} for page in (1, 2))


def _pages(params: Params, rooms: int) -> tuple[Params, ...]:
    """The first two pages of three, or of as many as it takes."""
    limit = min(50, max(1, -(-rooms // 3)))
    return tuple({**params, "limit": limit, "page": page} for page in (1, 2))


def _cutting(account: Account, day: date) -> int | None:
    """A limit whose first page ends between two rooms that were registered in the same second."""
    times = sorted(str(room.get("reg_date")) for room in account.inside((day, day)))
    ties = [index for index in range(1, len(times)) if times[index] == times[index - 1]]
    return next((index for index in ties if index <= 50 and len(times) - index <= 50), None)


def probes(desk: Desk, account: Account | None) -> Iterator[Step]:
    """What is asked outside the documented use: wrong tokens, values and bodies of any kind, beside the path."""
    days = () if account is None else sorted(account.days, key=account.days.__getitem__, reverse=True)
    best = desk.today() if account is None else account.best() or account.window[1]
    other = next((day for day in days if day != best and day != desk.today()), best + timedelta(days=1))
    first, last = sorted((best, other))
    odd = drawn(questions(partial(draws.odd, within=(first, last))), DRAWN, by=desk.seed)
    yield from steps(
        desk,
        "a wrong token",
        token_probes(best.isoformat(), client=desk.client),
        first=KIND,
        worth=19,
        fading=0.974,
    )
    for params in several_odd(first.isoformat()):
        ask = partial(desk.rooms, params, "several odd values")
        yield Step(endpoint="rooms", ask=ask, points={("several odd values", repr(params)): 30})
    for params, why in odd_params(first.isoformat(), last.isoformat()):
        found: dict[Point, float] = {(why,): 20, (why, repr(params)): OPEN}
        yield Step(endpoint="rooms", ask=partial(desk.rooms, params, why), points=found)
    more = [desk.question(params, why) for params, why in more_odd_params(first.isoformat())]
    yield from steps(desk, "more values not documented", more, first=0, worth=LATE)
    for turn, (params, parts) in enumerate(nested(best.isoformat())):
        found = {("a list or an object",): OPEN, ("a list or an object", turn): 15.2}
        yield Step(endpoint="rooms", ask=partial(_together, desk, params, parts), points=found)
    wild = [desk.question(params, "a value of any kind") for params in odd]
    yield from steps(desk, "a value of any kind", wild, first=OPEN, worth=15.2, fading=0.97)
    unknown = unremembered({"ndate": best.isoformat(), "limit": 2}, client=desk.client)
    yield _step(lambda: [desk.ask(one) for one in unknown], {("a token remembered",): KIND}, len(unknown))
    yield from steps(desk, "a body that is none", odd_bodies(client=desk.client), first=KIND, worth=16)
    yield from steps(
        desk, "an open question", _open_questions(desk, account), first=KIND, worth=OPEN, fading=1.0
    )
    any_body = (
        rooms_raw(body, why="any bytes as the body", client=desk.client)
        for body in drawn(questions(draws.odd_body), 2, by=desk.seed)
    )
    yield from steps(desk, "any bytes", any_body, first=OPEN, worth=9)


def _together(desk: Desk, params: Params, parts: Iterable[Params]) -> None:
    """Ask with several odd parameters; where that is no success one may hide the others, so each alone."""
    if desk.rooms(params, "a list or an object").kind != "success":
        _each(desk, parts, "a list or an object")


def steps(
    desk: Desk, kind: str, requests: Iterable[Request], *, first: float, worth: float, fading: float = FADING
) -> Iterator[Step]:
    """A step for each request: the first of its kind is worth more, each later one a little less."""
    for turn, request in enumerate(requests):
        found: dict[Point, float] = {(kind,): first, (kind, turn): worth * fading**turn}
        if desk.is_moot(request):
            continue
        yield Step(endpoint=request.endpoint, ask=partial(desk.ask, request), points=found)


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
    for params, why in (*told_alone(other.isoformat()), *date_probes(day, other, month)):
        yield desk.question(params, why)
    yield desk.question({"ndate": other.isoformat(), "limit": None}, "limit null")


def message_steps(desk: Desk, listed: Sequence[Mapping[str, Any]]) -> Iterator[Step]:
    """What to ask of the system messages, given the sender's list."""
    headers = desk.headers
    kinds_of = {
        one["id"]: (one.get("status"), one.get("inspectStatus"))
        for one in listed
        if type(one.get("id")) is int
    }
    ids = list(kinds_of)

    def by_id(some: Iterable[object], why: str) -> list[Request]:
        return [messages(headers=headers, message_id=str(one), why=why) for one in some]

    near = [one for known in ids for one in (known + 1, known - 1) if one not in ids]
    above = [max(ids, default=0) + far for far in (1, 10)]
    cut = list(dict.fromkeys(str(one)[:-1] for one in ids if one > 9))
    kinds: tuple[tuple[str, Iterable[Request], float, float, float], ...] = (
        ("a message by id", by_id(_various(kinds_of)[:MOST_IDS], "one message by id"), 60, 26, 0.88),
        ("refused", message_refusals(headers), KIND, 23, 0.975),
        ("refused by id", message_refusals_by_id(headers, ids[0]) if ids else (), KIND, 22, 0.92),
        ("an id beside", by_id((*near[:1], *above), "an id beside"), 20, 15.5, 0.995),
        ("an id cut short", by_id(cut[:1], "a known id cut short"), OPEN, 15.5, FADING),
        ("any id", by_id(drawn(questions(draws.odd_id), 1, by=desk.seed), "any text as the id"), 0, 15, 1.0),
        ("an odd id", by_id(ODD_IDS, "an id of an undocumented form"), 20, 19.3, 0.92),
    )
    for kind, requests, first, worth, fading in kinds:
        yield from steps(desk, kind, requests, first=first, worth=worth, fading=fading)


def _various(kinds: Mapping[int, object]) -> list[int]:
    """One of each kind first; of these and of the rest first, last, second, last but one …

    What does not belong in a list often stands together at an end.
    """
    ids = list(kinds)
    from_both_ends = [one for pair in zip(ids, reversed(ids), strict=True) for one in pair][: len(ids)]
    seen: Counter[object] = Counter()
    ranks = {}
    for one in from_both_ends:
        ranks[one] = seen[kinds[one]]
        seen[kinds[one]] += 1
    return sorted(from_both_ends, key=ranks.__getitem__)
