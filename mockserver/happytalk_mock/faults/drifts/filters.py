"""Drifts of the status filter: leaks, losses, alone and together with sort key, limit, page or dates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from . import conditions as when
from .drift import Change, Record, area, drift, where
from .room_lists import ONE_DAY, Page, emptying, losing, misreading, mixing, on_list

_UNFILTERED: Final = misreading(lambda _: {"status": 99})
_OTHER_CHANNEL: Final = where("", lambda room: bool(room["out_api"] != "0"))


def _leaking(also: str) -> Change[Page]:
    """The list shows another status too."""

    def kept(room: Record, page: Page) -> bool:
        return room["status"] in (str(page.asked.status), also)

    return mixing(lambda _: {"status": 99}, kept)


def _after_paging(page: Page) -> None:
    rooms = page.ask(status=99).rooms
    page.data["chat_list"] = [room for room in rooms if room["status"] == str(page.asked.status)]


def _from_day_before(page: Page) -> Mapping[str, Any]:
    return {"sdate": page.asked.first - ONE_DAY, "edate": page.asked.last}


DRIFTS: Final = area(
    "filters",
    drift("status-ignored", _UNFILTERED, when.FILTERED),
    drift("status-0-means-all", _UNFILTERED, when.status(0)),
    drift(
        "negative-status-made-positive",
        misreading(lambda page: {"status": -page.asked.status}),
        when.asks("status=-1 or -2", lambda asked: asked.status < 0),
    ),
    drift("done-leaks-deleted", _leaking("3"), when.status(2)),
    drift("in-progress-leaks-waiting-by-completion", _leaking("0"), when.status(1) & when.BY_COMPLETION),
    drift("deleted-not-found", emptying, when.status(3)),
    drift("all-hides-deleted", losing, when.UNFILTERED & when.DELETED),
    drift("all-hides-bot-rooms", losing, when.UNFILTERED & when.BOT_ROOMS),
    drift("all-hides-bot-ended-by-completion", losing, when.UNFILTERED & when.BY_COMPLETION & when.BOT_ENDED),
    drift("status-filtered-after-paging", on_list(_after_paging), when.FILTERED),
    drift("status-lost-from-page-2", _UNFILTERED, when.FILTERED & when.LATER),
    drift("status-lost-in-ranges", _UNFILTERED, when.FILTERED & when.SEVERAL_DAYS),
    drift("status-lost-at-limit-50", _UNFILTERED, when.FILTERED & when.LIMIT_50),
    drift(
        "deleted-leak-from-the-day-before",
        on_list(lambda page: page.serve(page.everything(**_from_day_before(page)))),
        when.status(3),
    ),
    drift("guests-lost-with-status", losing, when.FILTERED & when.GUESTS),
    drift("channels-lost-by-completion", losing, when.BY_COMPLETION & when.ASCENDING & _OTHER_CHANNEL),
    drift("open-rooms-lost-by-completion", losing, when.BY_COMPLETION & when.NEVER_ENDED),
    drift("waiting-lost-ascending", losing, when.ASCENDING & when.WAITING),
)
