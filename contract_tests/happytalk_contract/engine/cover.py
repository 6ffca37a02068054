"""Combinations of parameters by design: every pair that the account's data allows, and the triples that matter.

First a grid: every status under both sort keys in both directions, and again over other kinds of span, for
that is what a list is computed by. What else a row of the grid holds, and every row after it, is a greedy
covering array: candidates are drawn at random and kept only if the account has data for them (a page that
exists, rooms that match); of each batch the one that covers most of what is not yet covered is asked. Pairs
count more than triples, triples of status, sort, page and span more than others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations, product
from random import Random
from typing import Any, Final

from happytalk_contract.core.model import Window
from happytalk_contract.engine.scout import Account, ranged

#: Statuses of the grid, those with most code behind them first.
GRID_STATUSES: Final = (2, 99, 0, 3, 1, -1, -2)
#: Those asked for most.
USUAL: Final = (2, 99)
#: Candidates drawn for each question.
BATCH: Final = 24
#: Draws without anything new before the array counts as complete.
PATIENCE: Final = 6

LIMITS: Final = (50, 10, 3, 1, 2, 49, 20, 7, None)
PAGES: Final = ("first", "second", "third", "last", "middle")
FORMS: Final = ("range", "range", "ndate inside", "ndate outside", "ndate null", "ndate")

_HEAVY: Final = frozenset({"status", "sort_key", "sort_value", "page", "span"})

Row = dict[str, Any]
Tuples = frozenset[tuple[tuple[str, Any], ...]]


@dataclass(slots=True, kw_only=True)
class Coverage:
    """Draws one question after the other; `next` gives None when nothing new is to be had."""

    account: Account
    random: Random
    covered: set[tuple[tuple[str, Any], ...]] = field(default_factory=set)
    _spans: dict[str, list[Window]] = field(default_factory=dict)
    _grid: list[Row] = field(default_factory=list)
    _statuses: dict[Window, Counter[str]] = field(default_factory=dict)  #: how many rooms of each

    def __post_init__(self) -> None:
        """Name the kinds of span that the window has."""
        self._spans = {name: windows for name, windows in self._all_spans() if windows}
        self._grid = list(self._rows_of_the_grid())

    def _rows_of_the_grid(self) -> Iterator[Row]:
        """Every status under every sort: the usual statuses over each kind of span, then the others in turn."""
        kinds = (("week", "over a week", "whole"), ("day",), ("whole",))
        spans = [
            next(name for name in kind if name in self._spans)
            for kind in kinds
            if set(kind) & set(self._spans)
        ]
        sorts = list(product(("reg_date", "complate_date"), ("asc", "desc")))
        later = []
        for index, (status, (key, direction)) in enumerate(product(GRID_STATUSES, sorts)):
            for turn, span in enumerate(spans):
                row = {"status": status, "sort_key": key, "sort_value": direction, "span": span}
                if span == "day":
                    # One day can be asked for by ndate; that must not depend on the other parameters.
                    row["form"] = "ndate" if index % 3 else "range"
                if status in USUAL or turn == index % len(spans):
                    yield row
                else:
                    later.append(row)
        yield from later

    def next(self) -> dict[str, Any] | None:
        """The parameters of the most useful next question."""
        while self._grid:
            fixed = self._grid.pop(0)
            if (made := self._best(fixed)) is not None:
                return made
        for _attempt in range(PATIENCE):
            if (made := self._best({})) is not None:
                return made
        return None

    def _best(self, fixed: Row) -> dict[str, Any] | None:
        """The most useful of a batch of questions that have what is `fixed`."""
        batch = [made for _draw in range(BATCH) if (made := self._draw(fixed)) is not None]
        gain, params, tuples = max(
            ((self._gain(tuples), params, tuples) for params, tuples in batch),
            key=lambda made: made[0],
            default=(0, None, frozenset()),
        )
        if params is None or not (gain or fixed):
            return None
        self.covered |= tuples
        return params

    def _gain(self, tuples: Tuples) -> int:
        return sum(map(_weight, tuples - self.covered))

    def _all_spans(self) -> Iterator[tuple[str, list[Window]]]:
        first, last = self.account.window
        days = [day for day in self.account.days if first <= day <= last]
        busy = self.account.busy
        length = (last - first).days + 1
        ends = self.account.month_ends()
        yield "day", [(day, day) for day in sorted(days, key=lambda day: -self.account.days[day])[:4]]
        yield "busy day", [(busy, busy)] if busy is not None else []
        yield "month's last day", [(day, day) for day in ends if day in self.account.days]
        yield "month's first day", [(day, day) for day in days if day.day == 1]
        yield "across a month", [(day, day + timedelta(days=1)) for day in ends]
        yield (
            "few days",
            [(day, day + timedelta(days=2)) for day in days if day + timedelta(days=2) <= last][:6],
        )
        yield (
            "week",
            [(last - timedelta(days=6), last), (first, first + timedelta(days=6))] if length >= 7 else [],
        )
        yield "over a week", [(first + timedelta(days=1), last)] if length >= 10 else []
        yield "whole", [(first, last)]

    def _draw(self, fixed: Row) -> tuple[dict[str, Any], Tuples] | None:
        pick = self.random.choice
        span = fixed.get("span") or pick(list(self._spans))
        window = pick(self._spans[span])
        row: Row = {
            "span": span,
            "status": pick((None, 99, 2, 2, 0, 1, 3, -1, -2)),
            "sort_key": pick((None, "reg_date", "complate_date", "complate_date")),
            "sort_value": pick((None, "asc", "desc")),
            "limit": pick(LIMITS),
            "page": pick(PAGES),
            "form": pick(FORMS),
            **fixed,
        }
        if row["form"] == "ndate" and window[0] != window[1]:
            row["form"] = "range"
        number = _page_number(row["page"], row["limit"] or 10, self._count(window, row["status"]))
        if number is None:
            return None
        return self._params(row, window, number), _tuples(row)

    def _count(self, window: Window, status: int | None) -> int:
        if window not in self._statuses:
            inside = self.account.inside(window)
            self._statuses[window] = Counter(str(room.get("status")) for room in inside)
        statuses = self._statuses[window]
        return statuses.total() if status in (None, 99) else statuses[str(status)]

    def _params(self, row: Row, window: Window, number: int) -> dict[str, Any]:
        params = self._dates(row["form"], window)
        for name in ("status", "sort_key", "sort_value", "limit"):
            if row[name] is not None:
                params[name] = row[name]
        if number > 1 or self.random.random() < 0.3:
            params["page"] = number
        return params

    def _dates(self, form: str, window: Window) -> dict[str, Any]:
        if form == "ndate":
            return {"ndate": window[0].isoformat()}
        params = ranged(window)
        if form == "ndate null":
            params["ndate"] = None
        elif form != "range":
            inside = form == "ndate inside"
            days = [day for day in self.account.days if (window[0] <= day <= window[1]) == inside]
            day: date = self.random.choice(days) if days else window[0] - timedelta(days=40)
            params["ndate"] = day.isoformat()
        return params


def _page_number(name: str, limit: int, rooms: int) -> int | None:
    """The page that `name` means; None where the list has no such page."""
    pages = -(-rooms // limit)
    number = {"first": 1, "second": 2, "third": 3, "last": pages, "middle": (pages + 1) // 2}[name]
    if rooms == 0 or number > pages or (name in ("last", "middle") and pages < 2 + (name == "middle")):
        return None
    return number


def _tuples(row: Row) -> Tuples:
    """The pairs and the triples of a row; with them the foursome that lists are computed by."""
    items = tuple(row.items())
    heavy = [item for item in items if item[0] in _HEAVY]
    return frozenset(
        (*combinations(items, 2), *combinations(items, 3), *combinations(heavy, 4)),
    )


def _weight(one: tuple[tuple[str, Any], ...]) -> int:
    if len(one) == 2:
        return 12
    heavy = all(name in _HEAVY for name, _value in one)
    return (4 if heavy else 1) if len(one) == 3 else 2
