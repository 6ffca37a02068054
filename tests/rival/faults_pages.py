"""Faults in pages: where they begin, how long they are, what their union is."""

from typing import Any

from .data import Room
from .fault import Fault, Test, always, by_end_asc, one_in


def _f(name: str, breaks: str, says: str, stage: str, do: Any) -> Fault:
    return Fault(name=name, breaks=f"rooms-{breaks}", says=says, stage=stage, do=do)


def _from(start: Any, where: Test = always) -> Any:
    """A fault that cuts the page from another place of the list."""

    def do(ask: Any, shown: list[Room]) -> list[Room]:
        return ask.found[max(0, start(ask)) :][: ask.limit] if where(ask) else shown

    return do


def _size(size: Any) -> Any:
    """A fault that cuts pages of another size."""

    def do(ask: Any, _: list[Room]) -> list[Room]:
        wanted = size(ask)
        return ask.found[(ask.page - 1) * wanted :][:wanted]

    return do


def _overlap(where: Test = always) -> Any:
    return _from(lambda a: a.start - (a.page > 1), where)


def _skip(where: Test = always) -> Any:
    return _from(lambda a: a.start + (a.page > 1), where)


def _is_last(ask: Any) -> bool:
    return ask.page > 1 and ask.start < ask.total <= ask.start + ask.limit


def _wanted_limit(ask: Any) -> int:
    wanted = ask.body.get("limit")
    return wanted if isinstance(wanted, int) and wanted > 50 else ask.limit


def _set_limit(limit: int, where: Test) -> Any:
    def do(ask: Any) -> None:
        if where(ask):
            ask.limit = ask.echo = limit

    return do


def _without(where: Test, when: Test = always) -> Any:
    """A fault that loses the rooms where ``where(ask, room)`` holds from page and count."""
    return lambda ask, rooms: [r for r in rooms if not where(ask, r)] if when(ask) else rooms


PAGES_FAULTS = (
    _f("pages-overlap", "6", "each page begins with the last room of that before", "page", _overlap()),
    _f("pages-skip", "6", "a room is lost between pages", "page", _skip()),
    _f("pages-overlap-page-3", "6", "pages overlap from page 3", "page", _overlap(lambda a: a.page >= 3)),
    _f(
        "pages-skip-page-3",
        "6",
        "a room is lost before page 3 and later ones",
        "page",
        _skip(lambda a: a.page >= 3),
    ),
    _f(
        "pages-overlap-limit-50",
        "6",
        "pages overlap with limit 50",
        "page",
        _overlap(lambda a: a.limit == 50),
    ),
    _f(
        "pages-skip-limit-50",
        "6",
        "a room is lost between pages with limit 50",
        "page",
        _skip(lambda a: a.limit == 50),
    ),
    _f(
        "pages-overlap-filtered",
        "6",
        "pages overlap with a status filter",
        "page",
        _overlap(lambda a: a.filtered),
    ),
    _f(
        "pages-skip-by-end",
        "6",
        "a room is lost between pages by complate_date",
        "page",
        _skip(lambda a: a.by_end),
    ),
    _f(
        "pages-skip-filtered-end",
        "6",
        "a room is lost between pages by complate_date with a filter",
        "page",
        _skip(lambda a: a.by_end and a.filtered),
    ),
    _f("pages-overlap-asc", "6", "pages overlap in asc", "page", _overlap(lambda a: a.sort_value == "asc")),
    _f(
        "pages-overlap-range",
        "6",
        "pages overlap over several days",
        "page",
        _overlap(lambda a: a.first != a.last),
    ),
    _f("pages-from-0", "6", "pages count from 0", "page", _from(lambda a: a.page * a.limit)),
    _f("page-ignored", "6", "every page is the first", "page", _from(lambda _: 0)),
    _f("page-2-is-1", "6", "page 2 is page 1", "page", _from(lambda _: 0, lambda a: a.page == 2)),
    _f(
        "page-3-is-2",
        "6",
        "page 3 is page 2",
        "page",
        _from(lambda a: a.start - a.limit, lambda a: a.page == 3),
    ),
    _f("page-is-offset", "6", "page is the place of the first room", "page", _from(lambda a: a.page - 1)),
    _f(
        "page-ignored-filtered",
        "6",
        "every page is the first with a filter",
        "page",
        _from(lambda _: 0, lambda a: a.filtered),
    ),
    _f(
        "page-steps-of-10",
        "6",
        "pages step by 10 whatever limit is",
        "page",
        _from(lambda a: (a.page - 1) * 10),
    ),
    _f(
        "last-page-short",
        "6",
        "the last of several pages lacks its last room",
        "page",
        lambda a, shown: shown[:-1] if _is_last(a) else shown,
    ),
    _f(
        "last-page-full",
        "6",
        "the last page is filled from that before",
        "page",
        _from(lambda a: a.total - a.limit, _is_last),
    ),
    _f(
        "last-page-empty",
        "6",
        "a last page that is not full is empty",
        "page",
        lambda a, shown: [] if _is_last(a) and len(shown) < a.limit else shown,
    ),
    _f(
        "past-end-is-last",
        "6",
        "past the end stands the last page",
        "page",
        _from(lambda a: (a.total - 1) // a.limit * a.limit, lambda a: a.start >= a.total > 0),
    ),
    _f(
        "past-end-is-first",
        "6",
        "past the end stands the first page",
        "page",
        _from(lambda _: 0, lambda a: a.start >= a.total),
    ),
    _f(
        "pages-end-at-100",
        "6",
        "nothing is shown after the hundredth room",
        "page",
        lambda a, shown: shown if a.start < 100 else [],
    ),
    _f(
        "pages-end-at-1000",
        "6",
        "nothing is shown after the thousandth room",
        "page",
        lambda a, shown: shown if a.start < 1000 else [],
    ),
    _f(
        "pages-end-at-page-5",
        "6",
        "nothing is shown after page 5",
        "page",
        lambda a, shown: shown if a.page < 6 else [],
    ),
    _f("limit-ignored", "6", "ten rooms whatever limit is", "page", _size(lambda _: 10)),
    _f("limit-60", "6", "60 rooms when 60 are asked for", "page", _size(lambda a: min(60, _wanted_limit(a)))),
    _f(
        "limit-100",
        "6",
        "100 rooms when 100 are asked for",
        "query",
        lambda a: setattr(a, "limit", min(100, _wanted_limit(a))),
    ),
    _f(
        "limit-none",
        "6",
        "as many rooms as asked for, told so",
        "query",
        lambda a: (setattr(a, "limit", _wanted_limit(a)), setattr(a, "echo", a.limit)),
    ),
    _f("limit-50-gives-49", "6", "limit 50 gives 49 rooms", "page", lambda a, shown: shown[:49]),
    _f("limit-30", "6", "more than 30 rooms are never shown", "page", lambda a, shown: shown[:30]),
    _f(
        "limit-20-told",
        "6",
        "limit is at most 20, and told so",
        "query",
        lambda a: _set_limit(20, lambda a: a.limit > 20)(a),
    ),
    _f("limit-plus-1", "6", "a room more than limit", "page", lambda a, _: a.found[a.start :][: a.limit + 1]),
    _f("limit-1-gives-10", "6", "limit 1 gives 10", "query", _set_limit(10, lambda a: a.limit == 1)),
    _f(
        "limit-ignored-by-end", "6", "ten rooms by complate_date", "query", _set_limit(10, lambda a: a.by_end)
    ),
    _f(
        "limit-ignored-filtered",
        "6",
        "ten rooms with a status filter",
        "query",
        _set_limit(10, lambda a: a.filtered),
    ),
    _f(
        "room-twice",
        "6",
        "the first room of each page stands twice",
        "page",
        lambda _, shown: [*shown[:1], *shown],
    ),
    _f(
        "room-twice-in-list",
        "6",
        "some rooms are in the list twice",
        "order",
        lambda a, rooms: [r for r in rooms for _ in range(1 + one_in(30)(a, r))],
    ),
    _f(
        "first-on-every-page",
        "6",
        "the first room stands on every page",
        "page",
        lambda a, shown: [*a.found[:1], *shown[1:]],
    ),
    _f(
        "end-loses-open",
        "6",
        "complate_date leaves rooms without an end out",
        "rooms",
        _without(lambda _, r: r["complate_date"] < "1", lambda a: a.by_end),
    ),
    _f(
        "end-asc-loses-open",
        "6",
        "complate_date asc leaves rooms without an end out",
        "rooms",
        _without(lambda _, r: r["complate_date"] < "1", by_end_asc),
    ),
    _f(
        "end-loses-waiting",
        "6",
        "complate_date leaves waiting rooms out",
        "rooms",
        _without(lambda _, r: r["status"] == "0", lambda a: a.by_end),
    ),
    _f(
        "asc-loses-one",
        "6",
        "asc loses the oldest room",
        "order",
        lambda a, rooms: rooms[a.sort_value == "asc" :],
    ),
    _f(
        "limit-50-loses-deleted",
        "6",
        "limit 50 leaves deleted rooms out",
        "rooms",
        _without(lambda _, r: r["status"] == "3", lambda a: a.limit == 50),
    ),
    _f(
        "limit-1-loses-null-users",
        "6",
        "limit 1 leaves rooms without users_id out",
        "rooms",
        _without(lambda _, r: r["users_id"] is None, lambda a: a.limit == 1),
    ),
    _f(
        "ties-merged",
        "6",
        "of rooms with the same end one is shown, by complate_date",
        "order",
        lambda a, rooms: (
            list({r["complate_date"] + (r["complate_date"] < "1") * r["id"]: r for r in rooms}.values())
            if a.by_end
            else rooms
        ),
    ),
)
