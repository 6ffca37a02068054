"""Faults in what a list holds and how it stands: order, pages, status filter."""

from typing import Any

from .data import Room
from .fault import Fault, Test, always, one_in


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


def _by_end_asc(ask: Any) -> bool:
    return ask.by_end and ask.sort_value == "asc"


_ORDER = (
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
    _f("sort-key-ignored-asc", "5", "complate_date asc sorts by reg_date", "order", _by(_reg, _by_end_asc)),
    _f(
        "sort-key-ignored-desc",
        "5",
        "complate_date desc sorts by reg_date",
        "order",
        _by(_reg, lambda a: a.by_end and a.sort_value == "desc"),
    ),
    _f(
        "sort-end-asc-is-desc", "5", "complate_date asc is desc", "order", _by(_asked, _by_end_asc, flip=True)
    ),
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
        _by(_reg, lambda a: _by_end_asc(a) and a.status == 2 and a.days > 6),
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
            sorted(rooms[::-1], key=lambda r: r["reg_date"][:10], reverse=True)
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


_PAGES = (
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
        _without(lambda _, r: r["complate_date"] < "1", _by_end_asc),
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


def _leaks(extra: dict[int, str], when: Test = always) -> Any:
    """A fault that lets rooms of another status through a filter."""

    def do(ask: Any, verdict: bool, room: Room) -> bool:
        return verdict or (when(ask) and extra.get(ask.status) == room["status"])

    return do


def _open_filter(when: Test) -> Any:
    return lambda ask, verdict, _: verdict or when(ask)


def _misses(where: Test, when: Test = always) -> Any:
    return lambda ask, verdict, room: verdict and not (when(ask) and where(ask, room))


def _hides(*statuses: str, when: Test = always) -> Any:
    """A fault that hides statuses from the list of all, while their filters show them."""
    return _misses(lambda _, r: r["status"] in statuses, lambda a: not a.filtered and when(a))


def _filter_after_paging(ask: Any, shown: list[Room]) -> list[Room]:
    if not ask.filtered:
        return shown
    day = [r for r in ask.api.store.rooms if ask.first <= r["reg_date"] < ask.last + " 24"]
    day.sort(key=lambda r: r[ask.sort_key], reverse=ask.sort_value == "desc")
    return [r for r in day[ask.start :][: ask.limit] if r["status"] == str(ask.status)]


def _unended(_: Any, room: Room) -> bool:
    return room["complate_date"] < "1"


_STATUS = (
    _f("all-hides-deleted", "4", "99 leaves deleted rooms out", "has_status", _hides("3")),
    _f("all-hides-waiting-bot", "4", "99 leaves -2 out, its filter shows them", "has_status", _hides("-2")),
    _f("all-hides-bot", "4", "99 leaves -1 out, its filter shows them", "has_status", _hides("-1")),
    _f(
        "all-hides-both-bots",
        "4",
        "99 leaves -1 and -2 out, their filters show them",
        "has_status",
        _hides("-1", "-2"),
    ),
    _f("all-hides-waiting", "4", "99 leaves waiting rooms out", "has_status", _hides("0")),
    _f(
        "all-hides-bot-ended",
        "4",
        "99 leaves bot-ended rooms out, status 4 shows them",
        "has_status",
        _hides("4"),
    ),
    _f(
        "all-hides-deleted-by-end",
        "4",
        "99 leaves deleted rooms out by complate_date",
        "has_status",
        _hides("3", when=lambda a: a.by_end),
    ),
    _f(
        "all-hides-deleted-range",
        "4",
        "99 leaves deleted rooms out over several days",
        "has_status",
        _hides("3", when=lambda a: a.first != a.last),
    ),
    _f(
        "all-hides-one-in-30",
        "4",
        "99 leaves one room of thirty out, filters show it",
        "has_status",
        _misses(one_in(30), lambda a: not a.filtered),
    ),
    _f(
        "bot-filter-empty",
        "4",
        "filter -1 is empty, 99 shows them",
        "has_status",
        _misses(always, lambda a: a.status == -1),
    ),
    _f(
        "waiting-bot-filter-empty",
        "4",
        "filter -2 is empty, 99 shows them",
        "has_status",
        _misses(always, lambda a: a.status == -2),
    ),
    _f(
        "deleted-filter-empty",
        "4",
        "filter 3 is empty, 99 shows them",
        "has_status",
        _misses(always, lambda a: a.status == 3),
    ),
    _f("status-ignored", "4", "status is ignored", "has_status", _open_filter(always)),
    _f(
        "status-0-ignored",
        "4",
        "status 0 is taken as not given",
        "has_status",
        _open_filter(lambda a: a.status == 0),
    ),
    _f(
        "status-negative-ignored",
        "4",
        "status -1 and -2 are taken as not given",
        "has_status",
        _open_filter(lambda a: a.filtered and (a.status or 0) < 0),
    ),
    _f(
        "status-absolute",
        "4",
        "status -2 is 2 and -1 is 1",
        "has_status",
        lambda a, ok, r: r["status"] == str(abs(a.status)) if a.status in (-1, -2) else ok,
    ),
    _f(
        "status-ignored-by-end",
        "4",
        "status is ignored by complate_date",
        "has_status",
        _open_filter(lambda a: a.by_end),
    ),
    _f(
        "status-ignored-range",
        "4",
        "status is ignored over several days",
        "has_status",
        _open_filter(lambda a: a.first != a.last),
    ),
    _f(
        "status-ignored-one-day-range",
        "4",
        "status is ignored with sdate = edate",
        "has_status",
        _open_filter(lambda a: a.dates == "range" and a.first == a.last),
    ),
    _f(
        "status-ignored-today",
        "4",
        "status is ignored when no date is given",
        "has_status",
        _open_filter(lambda a: a.dates == "today"),
    ),
    _f(
        "status-ignored-page-2",
        "4",
        "status is ignored from page 2",
        "has_status",
        _open_filter(lambda a: a.page > 1),
    ),
    _f(
        "status-ignored-asc",
        "4",
        "status is ignored in asc",
        "has_status",
        _open_filter(lambda a: a.sort_value == "asc"),
    ),
    _f("done-leaks-deleted", "4", "filter 2 shows deleted rooms too", "has_status", _leaks({2: "3"})),
    _f(
        "done-leaks-deleted-by-end",
        "4",
        "filter 2 shows deleted rooms too by complate_date",
        "has_status",
        _leaks({2: "3"}, lambda a: a.by_end),
    ),
    _f("done-leaks-bot-ended", "4", "filter 2 shows bot-ended rooms too", "has_status", _leaks({2: "4"})),
    _f("deleted-leaks-bot-ended", "4", "filter 3 shows bot-ended rooms too", "has_status", _leaks({3: "4"})),
    _f(
        "deleted-leaks-limit-50",
        "4",
        "filter 3 shows done rooms too with limit 50",
        "has_status",
        _leaks({3: "2"}, lambda a: a.limit == 50),
    ),
    _f("waiting-leaks-bot", "4", "filter 0 shows -2 too", "has_status", _leaks({0: "-2"})),
    _f("bot-leaks-waiting-bot", "4", "filter -1 shows -2 too", "has_status", _leaks({-1: "-2"})),
    _f(
        "progress-leaks-waiting-asc",
        "4",
        "filter 1 shows waiting rooms too by complate_date asc",
        "has_status",
        _leaks({1: "0"}, _by_end_asc),
    ),
    _f(
        "done-leaks-one",
        "4",
        "filter 2 shows some rooms in progress",
        "has_status",
        lambda a, ok, r: ok or (a.status == 2 and r["status"] == "1" and one_in(5)(a, r)),
    ),
    _f(
        "done-misses-null-users",
        "4",
        "filter 2 misses rooms without users_id",
        "has_status",
        _misses(lambda _, r: r["users_id"] is None, lambda a: a.status == 2),
    ),
    _f(
        "filter-misses-one-in-12",
        "4",
        "filters miss one room of twelve",
        "has_status",
        _misses(one_in(12), lambda a: a.filtered),
    ),
    _f(
        "done-misses-next-day",
        "4",
        "filter 2 misses rooms that ended on a later day",
        "has_status",
        _misses(lambda _, r: r["complate_date"][:10] > r["reg_date"][:10], lambda a: a.status == 2),
    ),
    _f(
        "deleted-misses-unended-by-end",
        "4",
        "filter 3 misses rooms without an end by complate_date",
        "has_status",
        _misses(_unended, lambda a: a.status == 3 and a.by_end),
    ),
    _f(
        "filter-misses-by-end",
        "4",
        "filters miss one room of six by complate_date",
        "has_status",
        _misses(one_in(6), lambda a: a.filtered and a.by_end),
    ),
    _f(
        "filter-misses-midnight",
        "4",
        "filters miss rooms at 00:00:00",
        "has_status",
        _misses(lambda _, r: r["reg_date"].endswith("00:00:00"), lambda a: a.filtered),
    ),
    _f("filter-after-paging", "4", "a page is cut before it is filtered", "page", _filter_after_paging),
    _f(
        "bots-as-waiting",
        "4",
        "rooms -1 and -2 are shown as 0",
        "room",
        lambda _, r: r.update(status="0") if r["status"] in ("-1", "-2") else None,
    ),
    _f(
        "bots-unsigned",
        "4",
        "rooms -1 and -2 are shown without the sign",
        "room",
        lambda _, r: r.update(status=r["status"].lstrip("-")),
    ),
)

LIST_FAULTS = (*_ORDER, *_PAGES, *_STATUS)
