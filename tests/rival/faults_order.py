"""Faults in the order of a list."""

from typing import Any

from .data import Room
from .fault import Fault, Test, always, by_end_asc


def _f(name: str, breaks: str, says: str, stage: str, do: Any) -> Fault:
    return Fault(name=name, breaks=f"rooms-{breaks}", says=says, stage=stage, do=do)


def _by(key: Any, where: Test = always, *, flip: bool = False) -> Any:
    """A fault that orders by another key (``key(ask, room)``), or in the other direction."""

    def do(ask: Any, rooms: list[Room]) -> list[Room]:
        down = (ask.sort_value == "desc") != flip
        return sorted(rooms, key=lambda room: key(ask, room), reverse=down) if where(ask) else rooms

    return do


def _asked(ask: Any, room: Room) -> Any:
    return room[ask.sort_key]


def _reg(_: Any, room: Room) -> Any:
    return room["reg_date"]


def _desc_only(key: Any, where: Test = always) -> Any:
    def do(ask: Any, rooms: list[Room]) -> list[Room]:
        return sorted(rooms, key=lambda room: key(ask, room), reverse=True) if where(ask) else rooms

    return do


def _neighbours(where: Test = always) -> Any:
    """A fault that exchanges the first two rooms of a page whose keys differ."""

    def do(ask: Any, shown: list[Room]) -> list[Room]:
        for at in range(len(shown) - 1) if where(ask) else ():
            if shown[at][ask.sort_key] != shown[at + 1][ask.sort_key]:
                return [*shown[:at], shown[at + 1], shown[at], *shown[at + 2 :]]
        return shown

    return do


def _last_first(where: Test = always) -> Any:
    return lambda ask, shown: [*shown[-1:], *shown[:-1]] if where(ask) else shown


def _page_sorted(ask: Any, rooms: list[Room]) -> list[Room]:
    """Pages are cut by registration, each then sorted by the key asked for."""
    if not ask.by_end:
        return rooms
    base = sorted(rooms, key=lambda room: str(room["reg_date"]), reverse=True)
    pages = [base[at : at + ask.limit] for at in range(0, len(base), ask.limit)]
    down = ask.sort_value == "desc"
    return [r for page in pages for r in sorted(page, key=lambda r: str(r["complate_date"]), reverse=down)]


def _ties_by_page(ask: Any, rooms: list[Room]) -> list[Room]:
    base = rooms if ask.page % 2 else rooms[::-1]
    return sorted(base, key=lambda room: str(room[ask.sort_key]), reverse=ask.sort_value == "desc")


ORDER_FAULTS = (
    _f("sort-value-ignored", "5", "the order is always desc", "order", _desc_only(_asked)),
    _f("sort-value-flipped", "5", "asc is desc and desc is asc", "order", _by(_asked, flip=True)),
    _f(
        "sort-none",
        "5",
        "the list stands as stored",
        "order",
        lambda _, rooms: sorted(rooms, key=lambda r: r["id"][::-1]),
    ),
    _f("sort-key-ignored", "5", "complate_date sorts by reg_date", "order", _by(_reg)),
    _f("sort-key-ignored-asc", "5", "complate_date asc sorts by reg_date", "order", _by(_reg, by_end_asc)),
    _f(
        "sort-key-ignored-desc",
        "5",
        "complate_date desc sorts by reg_date",
        "order",
        _by(_reg, lambda a: a.by_end and a.sort_value == "desc"),
    ),
    _f("sort-end-asc-is-desc", "5", "complate_date asc is desc", "order", _by(_asked, by_end_asc, flip=True)),
    _f(
        "sort-reg-asc-is-desc",
        "5",
        "reg_date asc is desc",
        "order",
        _by(_asked, lambda a: not a.by_end and a.sort_value == "asc", flip=True),
    ),
    _f(
        "sort-asc-is-desc-filtered",
        "5",
        "asc is desc with a status filter",
        "order",
        _desc_only(_asked, lambda a: a.filtered),
    ),
    _f(
        "sort-asc-is-desc-done",
        "5",
        "complate_date asc is desc when done rooms are asked for",
        "order",
        _desc_only(_asked, lambda a: a.by_end and a.status == 2),
    ),
    _f(
        "sort-asc-is-desc-deleted",
        "5",
        "asc is desc when deleted rooms are asked for",
        "order",
        _desc_only(_asked, lambda a: a.status == 3),
    ),
    _f(
        "sort-asc-is-desc-limit-50",
        "5",
        "asc is desc with limit 50",
        "order",
        _desc_only(_asked, lambda a: a.limit == 50),
    ),
    _f(
        "sort-asc-is-desc-ndate",
        "5",
        "asc is desc with ndate",
        "order",
        _desc_only(_asked, lambda a: a.dates == "ndate"),
    ),
    _f(
        "sort-asc-is-desc-range",
        "5",
        "complate_date asc is desc over several days",
        "order",
        _desc_only(_asked, lambda a: a.by_end and a.first != a.last),
    ),
    _f(
        "sort-asc-is-desc-today",
        "5",
        "asc is desc when no date is given",
        "order",
        _desc_only(_asked, lambda a: a.dates == "today"),
    ),
    _f(
        "sort-key-ignored-filtered",
        "5",
        "complate_date sorts by reg_date with a filter",
        "order",
        _by(_reg, lambda a: a.filtered),
    ),
    _f(
        "sort-key-ignored-done",
        "5",
        "complate_date sorts by reg_date when done rooms are asked for",
        "order",
        _by(_reg, lambda a: a.status == 2),
    ),
    _f(
        "sort-key-ignored-done-week",
        "5",
        "complate_date asc sorts done rooms by reg_date over a week and more",
        "order",
        _by(_reg, lambda a: by_end_asc(a) and a.status == 2 and a.days > 6),
    ),
    _f(
        "sort-key-ignored-limit-50",
        "5",
        "complate_date sorts by reg_date with limit 50",
        "order",
        _by(_reg, lambda a: a.limit == 50),
    ),
    _f(
        "sort-key-ignored-range",
        "5",
        "complate_date sorts by reg_date over several days",
        "order",
        _by(_reg, lambda a: a.first != a.last),
    ),
    _f("sort-by-day", "5", "only the day counts", "order", _by(lambda a, r: (r[a.sort_key][:10], r["id"]))),
    _f("sort-by-hour", "5", "minutes do not count", "order", _by(lambda a, r: (r[a.sort_key][:13], r["id"]))),
    _f(
        "sort-by-minute",
        "5",
        "seconds do not count",
        "order",
        _by(lambda a, r: (r[a.sort_key][:16], r["id"])),
    ),
    _f("sort-by-time-of-day", "5", "the day does not count", "order", _by(lambda a, r: r[a.sort_key][11:])),
    _f(
        "sort-day-in-month",
        "5",
        "the day counts before the month",
        "order",
        _by(lambda a, r: (r[a.sort_key][8:10], r[a.sort_key])),
    ),
    _f("sort-by-id", "5", "the list stands by id", "order", _by(lambda _, r: r["id"])),
    _f(
        "sort-by-status",
        "5",
        "open rooms come first by reg_date desc",
        "order",
        _by(
            lambda _, r: (r["status"] in ("0", "1"), r["reg_date"]),
            lambda a: not a.by_end and a.sort_value == "desc",
        ),
    ),
    _f(
        "sort-days-apart",
        "5",
        "asc inside a day, the days descending",
        "order",
        lambda a, rooms: (
            sorted(rooms, key=lambda r: r["reg_date"][:10], reverse=True)
            if not a.by_end and a.sort_value == "asc"
            else rooms
        ),
    ),
    _f("sort-on-page", "5", "only each page is sorted by complate_date", "order", _page_sorted),
    _f("sort-neighbours", "5", "two neighbours of each page are exchanged", "page", _neighbours()),
    _f(
        "sort-neighbours-page-3",
        "5",
        "two neighbours are exchanged from page 3",
        "page",
        _neighbours(lambda a: a.page >= 3),
    ),
    _f(
        "sort-neighbours-limit-50",
        "5",
        "two neighbours are exchanged with limit 50",
        "page",
        _neighbours(lambda a: a.limit == 50),
    ),
    _f(
        "sort-neighbours-filtered",
        "5",
        "two neighbours are exchanged with a filter, asc",
        "page",
        _neighbours(lambda a: a.filtered and a.sort_value == "asc"),
    ),
    _f(
        "sort-neighbours-end-filtered",
        "5",
        "two neighbours are exchanged by complate_date desc with a filter",
        "page",
        _neighbours(lambda a: a.filtered and a.by_end and a.sort_value == "desc"),
    ),
    _f(
        "sort-last-first",
        "5",
        "the page's last room stands first",
        "page",
        _last_first(lambda a: not a.by_end),
    ),
    _f(
        "sort-last-first-page-2",
        "5",
        "the last room stands first from page 2",
        "page",
        _last_first(lambda a: a.page > 1),
    ),
    _f("ties-by-page", "5", "ties stand in another order on even pages", "order", _ties_by_page),
    _f(
        "ties-by-page-end",
        "5",
        "ties of complate_date stand in another order on even pages",
        "order",
        lambda a, rooms: _ties_by_page(a, rooms) if a.by_end else rooms,
    ),
)
