"""The scorecard: what a journal shows of how well a client knows the API.

A journal shows requests, not what a client made of the answers. So each item has one of four verdicts: pass,
fail, `seen` (it was put before the client, and what the client made of it no request can show), `not seen`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, Final, Literal, NamedTuple

from ..spec.vocabulary import MAX_LIMIT
from .walks import Ask, History, Walk, whole

Verdict = Literal["pass", "fail", "seen", "not seen"]
#: How often the same request may be tried on end while the server fails.
MOST_TRIES: Final = 5
#: How often one that is refused may be sent as it is: a second time may be a slip, a third is a loop.
MOST_REFUSALS: Final = 2
#: Seconds by which a pause may fall short of Retry-After: clocks of client and server.
_SLACK: Final = 0.05
#: Requests that a verdict names at most.
_NAMED: Final = 10
#: Hours in which it is another day in Seoul than by UTC.
_EARLY_HOURS: Final = 9


@dataclass(frozen=True, slots=True)
class Judged:
    """What the journal shows of one item."""

    verdict: Verdict
    why: str
    asks: tuple[Ask, ...] = ()  #: the requests that show it


class Item(NamedTuple):
    """One question to the journal."""

    id: str
    asks: str
    judge: Callable[[History], Judged]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An item with its verdict."""

    id: str
    asks: str
    verdict: Verdict
    why: str
    requests: tuple[int, ...]  #: ids of the journal's entries, at most ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The scorecard of a client."""

    requests: int  #: how many were looked at
    results: tuple[Result, ...]

    def __getitem__(self, item: str) -> Result:
        """The result of an item; KeyError for an id that is none."""
        return {result.id: result for result in self.results}[item]

    @property
    def score(self) -> int:
        """Percent of the items that passed or were at least met. What was not seen does not count for it."""
        good = sum(result.verdict in ("pass", "seen") for result in self.results)
        return 100 * good // len(self.results) if self.results else 0

    def payload(self) -> dict[str, Any]:
        """As JSON tells it."""
        results = [asdict(each) for each in self.results]
        return {"score": self.score, "requests": self.requests, "items": results}

    def text(self) -> str:
        """As a terminal shows it."""
        width = max((len(each.id) for each in self.results), default=0)
        lines = []
        for each in self.results:
            numbers = f" [{', '.join(f'#{number}' for number in each.requests)}]" if each.requests else ""
            lines.append(f"{_SHOWN[each.verdict]}  {each.id:{width}}  {each.why}{numbers}")
        counts = ", ".join(
            f"{sum(each.verdict == verdict for each in self.results)} {verdict}" for verdict in _SHOWN
        )
        return "\n".join([*lines, "", f"score {self.score} of 100: {counts}; {self.requests} requests"])


_SHOWN: Final[Mapping[Verdict, str]] = {
    "pass": "pass    ",
    "fail": "FAIL    ",
    "seen": "seen    ",
    "not seen": "not seen",
}


def card(entries: Iterable[Mapping[str, Any]], *, skip: Iterable[str] = ()) -> Card:
    """The card from entries of a journal (as /__admin/journal tells them), in any order.

    Raises KeyError, TypeError or ValueError where an entry is none.
    """
    left_out = set(skip)
    history = History.of(entries)
    results = []
    for item in ITEMS:
        if item.id in left_out:
            continue
        found = item.judge(history)
        numbers = tuple(dict.fromkeys(ask.id for ask in found.asks))[:_NAMED]
        results.append(
            Result(id=item.id, asks=item.asks, verdict=found.verdict, why=found.why, requests=numbers)
        )
    return Card(requests=len(history.asks), results=tuple(results))


# --- what is asked -----------------------------------------------------------------------------------------


def _documented(history: History) -> Judged:
    if not history.asks:
        return Judged("not seen", "no request")
    departing = [ask for ask in history.asks if ask.violations]
    if not departing:
        return Judged("pass", f"{_many(history.asks, 'request')}, none departs from the documentation")
    messages = "; ".join(dict.fromkeys(message for ask in departing for message in ask.violations))
    return Judged("fail", messages[:300], tuple(departing))


def _limit(history: History) -> Judged:
    asked = [ask for ask in history.asks if ask.endpoint == "rooms" and "limit" in ask.parameters]
    above = [ask for ask in asked if whole(ask.parameters["limit"], 0) > MAX_LIMIT]
    if above:
        why = f"asked for more than {MAX_LIMIT} a page; {MAX_LIMIT} come, so pages are not what it thinks"
        return Judged("fail", why, tuple(above))
    if not asked:
        return Judged("not seen", "no request names a limit; 10 a page come")
    most = max(whole(ask.parameters["limit"], 0) for ask in asked)
    return Judged("pass", f"asked for at most {most} a page")


# --- pages -------------------------------------------------------------------------------------------------


def _past_first_page(history: History) -> Judged:
    longer = [walk for walk in history.walks if walk.last > 1 and 1 in walk.pages]
    if not longer:
        return Judged("not seen", "no list that was served has a second page")
    went_on = [walk for walk in longer if any(ask.page > 1 for ask in walk.asks)]
    why = f"asked for the second page of {len(went_on)} of {_many(longer, 'longer list')}"
    if went_on:
        return Judged("pass", why, _all(went_on))
    return Judged("fail", f"{why}: the rooms behind the first page are lost", _all(longer))


def _every_page(history: History) -> Judged:
    begun = [walk for walk in history.walks if walk.last > 1 and len(walk.pages) > 1]
    if not begun:
        return Judged("not seen", "no list was read past its first page")
    gaps = [walk for walk in begun if walk.missed is not None]
    if gaps:
        why = f"page {gaps[0].missed} was never served, and later ones were: its rooms are lost"
        return Judged("fail", why, _all(gaps))
    short = [walk for walk in begun if max(walk.pages) < walk.last]
    if short:
        return Judged("fail", f"stopped at page {max(short[0].pages)} of {short[0].last}", _all(short))
    return Judged("pass", f"read {_many(begun, 'list')} to the last page", _all(begun))


def _stops_at_end(history: History) -> Judged:
    reached = [
        walk
        for walk in history.walks
        if any(ask.rooms for ask in walk.pages.values()) and max(walk.pages) >= walk.last
    ]
    if not reached:
        return Judged("not seen", "no list was read to its end")
    for walk in reached:
        last = walk.last
        beyond = [ask for ask in walk.asks if ask.served and ask.page > last]
        if len(beyond) > 1:
            why = f"asked for {len(beyond)} pages past the last one ({last}); one empty page tells the end"
            return Judged("fail", why, tuple(beyond))
    return Judged("pass", f"stopped at the end of {_many(reached, 'list')}")


def _empty_list(history: History) -> Judged:
    empty = [walk for walk in history.walks if 1 in walk.pages and walk.pages[1].total == 0]
    if not empty:
        return Judged("not seen", "no list without rooms was served")
    further = [ask for walk in empty for ask in walk.asks if ask.page > 1]
    if further:
        return Judged("fail", "asked for further pages of a list without rooms", tuple(further))
    return Judged("pass", f"took {_many(empty, 'list')} without rooms for what it is", _all(empty))


# --- trouble -----------------------------------------------------------------------------------------------


def _rate_limit(history: History) -> Judged:
    limited = [ask for ask in history.asks if ask.status == 429]
    if not limited:
        return Judged("not seen", "no request was answered 429")
    for ask in limited:
        later = next(history.after(ask), None)
        if later is None:
            return Judged("fail", "asked no more after a 429", (ask,))
        wait, paused = float(whole(ask.answer.get("retry_after"), 0)), later.began - ask.ended
        if paused < wait - _SLACK:
            why = f"asked again {max(paused, 0):.1f} s after a 429 that said Retry-After: {wait:.0f}"
            return Judged("fail", why, (ask, later))
    return Judged(
        "pass", f"waited as told after 429 ({_many(limited, 'time')}), and asked again", tuple(limited)
    )


def _server_errors(history: History) -> Judged:
    broken = [ask for ask in history.asks if ask.broken]
    if not broken:
        return Judged("not seen", "no request met a 5xx, a cut or a broken answer")
    for run in history.runs(broken):
        tries = [each for each in run if each.broken]
        if len(tries) > MOST_TRIES:
            return Judged("fail", f"tried the same request {len(tries)} times on end", tuple(tries))
    alone = [ask for ask in broken if len(list(islice(history.again(ask), 2))) == 1]
    retried = len(broken) - len(alone)
    return Judged("pass", f"{len(broken)} failed on the server's side, {retried} asked again", tuple(broken))


def _refusals(history: History) -> Judged:
    refused = [ask for ask in history.asks if ask.refused]
    if not refused:
        return Judged("not seen", "no request was refused, such as with -501")
    for run in history.runs(refused):
        tries = [each for each in run if each.refused]
        if len(tries) > MOST_REFUSALS:
            why = f"sent the same request {len(tries)} times, refused each time"
            return Judged("fail", why, tuple(tries))
    codes = ", ".join(dict.fromkeys(str(ask.answer.get("code")) for ask in refused))
    return Judged("pass", f"did not insist on what was refused ({codes})", tuple(refused))


# --- data that clients stumble over ------------------------------------------------------------------------


def _zero_dates(history: History) -> Judged:
    return _met(history, "zero_dates", "rooms whose complate_date is the zero date")


def _null_users_ids(history: History) -> Judged:
    return _met(history, "null_users_ids", "rooms whose users_id is null")


def _met(history: History, count: str, what: str) -> Judged:
    asks = [ask for ask in history.asks if ask.served and ask.answer.get(count)]
    if not asks:
        return Judged("not seen", f"no {what} were served")
    went_on = next(history.after(asks[0]), None) is not None
    then = "it went on asking" if went_on else "no request came after that"
    return Judged("seen", f"{_many(asks, 'answer')} had {what}; {then}", tuple(asks))


def _ties(history: History) -> Judged:
    tied = [walk for walk in history.walks if _is_tied(walk)]
    if not tied:
        return Judged("not seen", "no page ended and the next began with rooms of the same date")
    whole_walks = [walk for walk in tied if walk.missed is None and max(walk.pages) >= walk.last]
    if whole_walks:
        why = f"read {_many(whole_walks, 'list')} to the end across rooms of the same date, by page number"
        return Judged("pass", why, _all(whole_walks))
    return Judged(
        "seen", "rooms of the same date stood on two pages; the list was not read to its end", _all(tied)
    )


def _is_tied(walk: Walk) -> bool:
    for page, ask in walk.pages.items():
        name = f"{ask.parameters.get('sort_key', 'reg_date')}s"
        here, there = (
            ask.answer.get(name),
            walk.pages[page + 1].answer.get(name) if page + 1 in walk.pages else None,
        )
        if here and there and here[1] == there[0]:
            return True
    return False


def _seoul_day(history: History) -> Judged:
    early = [ask for ask in history.asks if ask.endpoint == "rooms" and ask.moment.hour < _EARLY_HOURS]
    if not early:
        return Judged("not seen", "no request came between 00:00 and 09:00 in Seoul")
    right = [ask for ask in early if f"{ask.moment:%Y-%m-%d}" in _days(ask) or not _days(ask)]
    if right:
        return Judged("pass", "between 00:00 and 09:00 it asked for the day in Seoul", tuple(right))
    behind = [ask for ask in early if f"{ask.moment - timedelta(days=1):%Y-%m-%d}" in _days(ask)]
    if behind:
        why = "between 00:00 and 09:00 in Seoul it asked for the day before, which is the day by UTC"
        return Judged("fail", why, tuple(behind))
    return Judged("not seen", "between 00:00 and 09:00 it asked for other days only")


def _days(ask: Ask) -> set[str]:
    """The days that decide what is asked for: sdate and edate, else ndate."""
    values = [ask.parameters.get(name) for name in ("sdate", "edate", "ndate")]
    chosen = values[:2] if values[0] and values[1] else values[2:]
    return {str(day) for day in chosen if day}


def _many(things: Iterable[Any], name: str) -> str:
    number = len(list(things))
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _all(walks: Iterable[Walk]) -> tuple[Ask, ...]:
    return tuple(ask for walk in walks for ask in walk.asks)


#: Read it from top to bottom: what is asked, pages, trouble, data.
ITEMS: Final = (
    Item("documented", "Do all requests keep to the documentation?", _documented),
    Item("limit", "Does it ask for at most 50 rooms a page?", _limit),
    Item("past-first-page", "Does it ask for the second page where there is one?", _past_first_page),
    Item("every-page", "Does it read a list to the last page, and leave none out?", _every_page),
    Item("stops-at-end", "Does it stop at the last page, or at the first empty one?", _stops_at_end),
    Item("empty-list", "Does it take a list without rooms for what it is?", _empty_list),
    Item("rate-limit", "After a 429, does it wait for Retry-After and ask again?", _rate_limit),
    Item(
        "server-errors",
        f"Does it try at most {MOST_TRIES} times on end while the server fails?",
        _server_errors,
    ),
    Item("refusals", "Does it stop asking what is refused, such as with -501?", _refusals),
    Item("ties", "Does it read on where rooms of the same date stand on two pages?", _ties),
    Item("zero-dates", "Was it served rooms that have not ended (0000-00-00 00:00:00)?", _zero_dates),
    Item("null-users-id", "Was it served rooms whose users_id is null?", _null_users_ids),
    Item("seoul-day", "Is its today the day in Seoul, between 00:00 and 09:00 too?", _seoul_day),
)
ITEM_IDS: Final = tuple(item.id for item in ITEMS)
