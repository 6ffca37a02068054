"""Faults in the status filter."""

from typing import Any

from .data import Room
from .fault import Fault, Test, always, by_end_asc, one_in


def _f(name: str, breaks: str, says: str, stage: str, do: Any) -> Fault:
    return Fault(name=name, breaks=f"rooms-{breaks}", says=says, stage=stage, do=do)


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


STATUS_FAULTS = (
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
        _leaks({1: "0"}, by_end_asc),
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
