"""Documented questions to the room list: what each can refute, and the drawing of new ones.

A list is computed by its days, status, order, size and page, and by how the days were written. The points of a
question are these values, each pair of them, and the triples that one list is computed by. Questions are drawn,
Hypothesis's choice, and only such as the account has rooms for: the plan takes the one with most points not yet asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, product
from random import Random
from typing import Any, Final

from happytalk_contract.core.model import Window, within
from happytalk_contract.engine.plan import Point, Points
from happytalk_contract.engine.scout import Account, ranged
from happytalk_contract.questions.draws import Chance
from happytalk_contract.questions.meaning import (
    DEFAULTS,
    MOST_PER_PAGE,
    SORT_KEYS,
    SORT_VALUES,
    STATUSES,
    Meaning,
    meaning,
)
from happytalk_contract.questions.strategies import drawn, questions

#: Questions drawn to choose from: any, and so many for each status and order.
DRAWN: Final = 64
EACH: Final = 6
LIMITS: Final = (50, 10, 3, 1, 2, 49, 20, 7, None)
PAGES: Final = ("first", "second", "last", "middle")
FORMS: Final = ("range", "range", "ndate inside", "ndate outside", "ndate null")
DAY_FORMS: Final = (*FORMS, "ndate", "ndate", "null ends")

#: What a point is worth: one value, two together, and three or four of those that a list is computed by.
WEIGHTS: Final = {1: 8.0, 2: 1.25, 3: 0.6, 4: 0.1}
#: What three kinds of value together are worth where the answer is known: most faults show under any value of a kind.
KINDS: Final = 1.2
#: What a status is worth whose rooms are known one by one.
EXACTLY: Final = 14.0
PAIR: Final = 7.0  #: the same under one sort_key, one sort_value, or with as many as come back at once
BOTH: Final = 12.0  #: the same under one order
#: Statuses that are asked for most, and what each order of them is worth over a week and more.
USUAL: Final = (2, 99)
ORDERED: Final = 15.0
LONG: Final = 6
#: Rooms that a list must show for its order to tell, and for it to tell at all.
TELLING: Final = 20
LITTLE: Final = 3
_HEAVY: Final = ("status", "sort_key", "sort_value", "page", "span")
_ORDERS: Final = tuple(product(STATUSES, SORT_KEYS, SORT_VALUES))

Params = dict[str, Any]


def points(params: Mapping[str, Any], account: Account, today: date) -> Points:
    """What a documented question can refute; nothing where it is none."""
    means = meaning(params)
    if not means.is_plain:
        return {}
    window = (means.first or today, means.last or today)
    pages = -(-account.count(window, means.status) // means.limit)
    shown = min(means.limit, account.expected(window, means.status) - (means.page - 1) * means.limit)
    values = {
        "status": means.status,
        "sort_key": means.sort_key,
        "sort_value": means.sort_value,
        "page": _place(means.page, pages),
        "span": _span(window, account, today),
        "limit": means.limit if means.limit in (1, 10, 49, 50) else "few" if means.limit < 10 else "some",
        "dates": _form(params, window),
    }
    written = tuple(name in params for name in ("sort_key", "sort_value"))
    values["order written"] = "both" if all(written) else "neither" if not any(written) else written
    found: dict[Point, float] = {("written", name): WEIGHTS[2] for name in DEFAULTS if name in params}
    # A page of one room in an order can be the same in another: it leaves the order of its status to be asked.
    telling = _HEAVY if shown >= LITTLE else ("status", "page", "span")
    items, heavy = tuple(values.items()), [(name, values[name]) for name in telling]
    for size, some in ((1, items), (2, items), (3, heavy), (4, heavy)):
        found.update(dict.fromkeys(combinations(some, size), WEIGHTS[size]))
    if account.is_read(window) and shown >= LITTLE:
        found.update(
            _exactly(means, window, account, is_beside=bool(params.get("sdate") and "ndate" in params))
        )
    if means.status in USUAL and means.limit >= TELLING and (window[1] - window[0]).days >= LONG:
        found["usual", means.status, means.sort_key, means.sort_value] = ORDERED
    return found


def _exactly(
    means: Meaning, window: Window, account: Account, *, is_beside: bool
) -> Iterator[tuple[Point, float]]:
    """What more a list can refute whose rooms are known one by one."""
    yield ("exactly", means.status), EXACTLY
    yield ("exactly", means.status, means.sort_key), PAIR
    yield ("exactly", means.status, means.sort_value), PAIR
    yield ("exactly", means.status, means.sort_key, means.sort_value), BOTH
    if means.limit == MOST_PER_PAGE:
        yield ("exactly", means.status, means.limit), PAIR
    if means.is_today:
        yield ("exactly", "today", means.sort_key), PAIR
        yield ("exactly", "today", means.sort_value), PAIR
    kinds = {
        "filtered": means.status != DEFAULTS["status"],
        "sort_key": means.sort_key,
        "sort_value": means.sort_value,
        "later page": means.page > 1,
        "days": "over a month's end"
        if any(window[0] <= day < window[1] for day in account.month_ends())
        else window[0] != window[1],
        "ndate beside": is_beside,
    }
    yield from ((("kinds", *some), KINDS) for some in combinations(kinds.items(), 3))


def _place(page: int, pages: int) -> str:
    """Where a page stands in its list."""
    if page > max(pages, 1):
        return "past the end" if pages else "unknown"
    return {1: "first", 2: "second"}.get(page, "last" if page == pages else "middle")


def _span(window: Window, account: Account, today: date) -> str:
    """Which kind of days are asked for."""
    days = (window[1] - window[0]).days + 1
    if days == 1:
        is_edge = (window[0] + timedelta(days=1)).day == 1 or window[0].day == 1
        named = {today: "today", account.busy: "busy day"}
        return named.get(window[0], "edge of a month" if is_edge else "day")
    return "few days" if days <= 3 else "week" if days <= 10 else "month" if days <= 31 else "months"


def _form(params: Mapping[str, Any], window: Window) -> str:
    """How the days are written."""
    ndate, first = params.get("ndate", ""), params.get("sdate", "")
    beside = (
        ""
        if ndate == ""
        else " null"
        if ndate is None
        else " inside"
        if _holds(window, ndate)
        else " outside"
    )
    if first:
        return f"range{beside}"
    return f"{'ndate' if ndate else 'none'}{beside if ndate is None else ''}{' null ends' if first is None else ''}"


def _holds(window: Window, day: str) -> bool:
    return window[0].isoformat() <= day <= window[1].isoformat()


@dataclass(slots=True, kw_only=True)
class Draws:
    """Draws questions that the account has rooms for."""

    account: Account
    today: date
    random: Random
    _spans: dict[str, list[Window]] = field(default_factory=dict)
    _by_status: dict[int, Mapping[str, list[Window]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Name the kinds of span that there are rooms in."""
        self._spans = {name: windows for name, windows in self._all_spans() if windows}

    def some(self, seed: int) -> Iterator[Params]:
        """Questions to choose from: any that Hypothesis draws, and some of each status and order."""
        yield from filter(None, drawn(questions(self.one), DRAWN, by=seed))
        usual = [order for order in _ORDERS if order[0] in USUAL]
        for order in [*_ORDERS] * EACH + usual * EACH * 4:
            if (params := self.one(self.random, order)) is not None:
                yield params

    def _all_spans(self) -> Iterator[tuple[str, list[Window]]]:
        account, (first, last) = self.account, self.account.window
        days = [day for day in account.days if first <= day <= last]
        yield "today", [(self.today, self.today)] if account.has_today else []
        yield "day", [(day, day) for day in sorted(days, key=lambda day: -account.days[day])[:4]]
        yield "busy day", [(account.busy, account.busy)] if account.busy is not None else []
        yield "edge", [(day, day) for day in days if day.day == 1 or (day + timedelta(days=1)).day == 1]
        ends = account.month_ends()
        yield "across a month", [(day, day + timedelta(days=1)) for day in ends]
        two = [(day, day + timedelta(days=1)) for day in days if day < last]
        yield "few days", two[:6]
        yield "tail", [(first + timedelta(days=1), last)] if (last - first).days >= 4 else []
        yield "whole", [(first, last)] if first < last else []
        # Longer than what is read whole: filters, order and days can be told all the same.
        far = account.span[1] - timedelta(days=1)
        yield "week", [(max(account.span[0], far - timedelta(days=6)), far)]
        yield "span", [account.span]

    def _telling(self, status: int) -> Mapping[str, list[Window]]:
        """The kinds of span with so many rooms of a status that its order tells; any where there are none.

        What is asked for seldom is asked where the filter has rooms of every other status to leave out, if it can be.
        """
        if status not in self._by_status:
            expected = self.account.expected
            enough = self._holding(lambda days: expected(days, status) >= LITTLE, self._spans)
            others = [one for one in STATUSES if expected(self.account.window, one)]
            every = self._holding(lambda days: all(expected(days, one) for one in others), enough)
            self._by_status[status] = enough if status in USUAL else every
        return self._by_status[status]

    @staticmethod
    def _holding(
        holds: Callable[[Window], bool], spans: Mapping[str, list[Window]]
    ) -> Mapping[str, list[Window]]:
        """Those of the spans that hold what they should; all where none does."""
        some = {name: [one for one in windows if holds(one)] for name, windows in spans.items()}
        return {name: windows for name, windows in some.items() if windows} or spans

    def one(self, by: Chance, order: tuple[int, str, str] | None = None) -> Params | None:
        """A question by any choices; None where the account has no such page."""
        pick = by.choice
        status, sort_key, sort_value = order or (pick(STATUSES), pick(SORT_KEYS), pick(SORT_VALUES))
        spans = self._spans if order is None else self._telling(status)
        window = pick(spans[pick(list(spans))])
        limit = pick(LIMITS)
        rooms, size = self.account.expected(window, status), DEFAULTS["limit"] if limit is None else limit
        # Where rooms are only expected there may be fewer: the first page, and the second of very many.
        pages = -(-rooms // size) if self.account.is_read(window) else 1 + (rooms > 2 * size)
        page = {"first": 1, "second": 2, "last": pages, "middle": pages // 3 + 1}[pick(PAGES)]
        if not 1 <= page <= pages:
            return None
        orders = {"status": status, "sort_key": sort_key, "sort_value": sort_value}
        chosen = {**orders, "limit": limit, "page": page}
        # What is left out is its default: half of the time it is.
        rest = {
            name: value
            for name, value in chosen.items()
            if value is not None and (value != DEFAULTS[name] or by.random() < 0.5)
        }
        return {**self._dates(window, by), **rest}

    def _dates(self, window: Window, by: Chance) -> Params:
        """One of the documented ways to write days."""
        if window == (self.today, self.today):
            day = self.today.isoformat()
            ways: dict[str, Params] = {
                "none": {},
                "ndate null": {"ndate": None},
                "nulls": dict.fromkeys(("ndate", "sdate", "edate")),
                "ndate": {"ndate": day},
                "range": ranged(window),
            }
            return by.choice(list(ways.values()))
        form = by.choice(DAY_FORMS if window[0] == window[1] else FORMS)
        if form in ("ndate", "null ends"):
            ends = {"sdate": None, "edate": None} if form == "null ends" else {}
            return {"ndate": window[0].isoformat(), **ends}
        if form == "range":
            return ranged(window)
        return {**ranged(window), "ndate": self._beside(window, form, by)}

    def _beside(self, window: Window, form: str, by: Chance) -> str | None:
        """An ndate beside a range, which must not count: a day with rooms, at its ends, within it or outside."""
        if form == "ndate null":
            return None
        if form == "ndate inside" and by.random() < 0.3:
            return by.choice(window).isoformat()
        days = [day for day in self.account.days if within((day, day), window) == (form == "ndate inside")]
        if form == "ndate outside":
            days = [*days, self.today]
        return (by.choice(days) if days else window[0] - timedelta(days=40)).isoformat()
