"""All that was seen in a run, arranged for judging, and what follows from it.

It grows while the run goes on. Each conclusion is drawn once, when it is asked for, and drawn anew only after
one more exchange; what is known of an exchange that can not change any more is never asked for again.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, Final, TypeVar

from happytalk_contract.core.model import Exchange, Finding, Window
from happytalk_contract.core.room_fields import NAMES
from happytalk_contract.evidence.blame import Blamed, blamed
from happytalk_contract.evidence.predictions import Comparison, compare
from happytalk_contract.evidence.readings import Basis, Readings
from happytalk_contract.evidence.views import Listed, MessagesView, RoomsView, messages_view, rooms_view
from happytalk_contract.questions.meaning import CLIENT_HEADERS, SENDER_KEY, Meaning, is_addressed

#: A message id as one is written; what is longer may count as no number.
MESSAGE_ID: Final = re.compile(r"[1-9][0-9]{0,8}")

Item = TypeVar("Item")
Said = TypeVar("Said")


class Evidence:
    """The exchanges of a run, read."""

    def __init__(self, exchanges: Iterable[Exchange] = ()) -> None:
        """Read what is there already."""
        self.rooms: list[RoomsView] = []
        self.elsewhere: list[RoomsView] = []  #: asked by another method or at another path: open, not judged
        self.by_request: dict[Any, list[RoomsView]] = defaultdict(list)  #: by what was asked, word for word
        #: Those that touch one open question and no other, by that question (and case).
        self.touching: dict[str, list[RoomsView]] = defaultdict(list)
        self.distinct_rooms: list[Listed] = []  #: every room content, once, where it was seen first
        self.readings = Readings()
        self.messages: list[MessagesView] = []
        self.listed_messages: list[Listed] = []
        self._contents: set[bytes] = set()
        self._additions: set[frozenset[str]] = {frozenset()}
        self._compared: dict[Any, Comparison] = {}
        self._said: dict[str, tuple[int, list[Any]]] = {}
        for exchange in exchanges:
            self.add(exchange)

    def add(self, exchange: Exchange) -> RoomsView | MessagesView:
        """Read one more exchange; conclusions are drawn anew when asked for."""
        for name in CONCLUSIONS:
            self.__dict__.pop(name, None)
        if exchange.request.endpoint == "messages":
            seen = messages_view(exchange)
            self.messages.append(seen)
            self.listed_messages += [Listed(seen, *place) for place in enumerate(seen.messages)]
            return seen
        view = rooms_view(exchange)
        if not is_addressed(exchange.request):
            self.elsewhere.append(view)
            return view
        self.rooms.append(view)
        self.by_request[view.asked].append(view)
        if view.meaning is not None and len(view.meaning.open) == 1:
            self.touching[next(iter(view.meaning.open))].append(view)
        self.readings.add_page(view)
        for index, (content, room) in enumerate(zip(view.contents, view.rooms, strict=True)):
            additions = frozenset() if room.keys() <= NAMES else frozenset(room.keys() - NAMES)
            if content not in self._contents or additions not in self._additions:
                self._contents.add(content)
                self._additions.add(additions)
                self.distinct_rooms.append(Listed(view, index, room))
        return view

    def said(self, name: str, items: Sequence[Item], of: Callable[[Item], Iterable[Said]]) -> Sequence[Said]:
        """All that `of` yields for `items`, kept under `name`: items are only ever added and never change."""
        asked, kept = self._said.get(name, (0, []))
        kept.extend([said for item in items[asked:] for said in of(item)])
        self._said[name] = len(items), kept
        return kept

    @cached_property
    def comparisons(self) -> list[Comparison]:
        """Every answer that can be predicted, held against its prediction."""
        return [made for view in self.rooms if (made := self._comparison(view)) is not None]

    def _comparison(self, view: RoomsView) -> Comparison | None:
        means, window = view.judged, view.window
        if means is None or window is None or not (view.is_list or view.kind == "failure"):
            return None
        basis = self.readings.basis(view.number, window)
        if basis is None:
            return None
        made = self._predicted(view, means, window, basis)
        if (kind := made.departure and made.departure.kind) is not None:  # the fewer pages show it the better
            short = (
                self._predicted(view, means, window, replace(basis, reading=reading))
                for reading in self.readings.shorter(view.number, window, basis)
            )
            same = [one for one in short if one.departure is not None and one.departure.kind == kind]
            return min((made, *same), key=lambda one: (len(one.read), one.reading.days))
        return made

    def _predicted(self, view: RoomsView, means: Meaning, window: Window, basis: Basis) -> Comparison:
        # Neither the view nor the reading ever changes, so what was predicted once holds.
        place = (view.number, basis.reading.first, basis.reading.last, basis.is_calm)
        if place not in self._compared:
            self._compared[place] = compare(view, means, window, basis)
        return self._compared[place]

    @cached_property
    def departures(self) -> dict[str, list[Blamed]]:
        """The departing answers by the rule they are blamed on."""
        by_request: dict[Any, list[Comparison]] = defaultdict(list)
        for made in self.comparisons:
            by_request[made.view.asked].append(made)
        return blamed(self.comparisons, by_request)

    def stood_still(self, doubt: Finding) -> bool:
        """Whether the data are known to have been the same before and after all that `doubt` stands on."""
        first, last = min(doubt.exchanges), max(doubt.exchanges)
        if doubt.request is None or doubt.rule.endswith(".wire.whole"):
            return False  # what the network did is no matter of data
        if doubt.rule.endswith(".wire.server_error"):
            views = self.rooms if doubt.request.endpoint == "rooms" else self.messages
            return sum(view.status >= 500 for view in views) > 1  # a single one may be a gateway's
        if doubt.request.endpoint == "rooms":
            if self.readings.is_moving:
                return False
            window = self.window_of(doubt)
            return window is not None and self.readings.calm_between(window, first, last) is not None
        before, after = bisect_left(self._listed_at, first) - 1, bisect_right(self._listed_at, last)
        if before < 0 or after == len(self._listed_at):
            return False
        return self.listings[before].messages == self.listings[after].messages

    def window_of(self, doubt: Finding) -> Window | None:
        """The days that have to stand still: those of the reading that it is held against, else of the question."""
        read = [number for number in doubt.together if number not in doubt.exchanges]
        asked = (read or doubt.exchanges)[0]
        return next((view.window for view in self.rooms if view.number == asked), None)

    @cached_property
    def _listed_at(self) -> list[int]:
        """Numbers of the sender's lists."""
        return [view.number for view in self.listings]

    @cached_property
    def flaws(self) -> dict[int, str | None]:
        """What is wrong with each question about messages, by its number: a header's name, senderKey, or nothing."""
        usual: frozenset[str] = frozenset()
        for names, _times in Counter(
            frozenset(view.exchange.request.headers) for view in self.messages
        ).most_common(1):
            usual = names
        return {view.number: _flaw(view, usual) for view in self.messages}

    @cached_property
    def proper(self) -> list[MessagesView]:
        """The questions about messages as documented: both headers and the sender key, nothing odd beside them."""
        return [view for view in self.messages if self.flaws[view.number] is None]

    @cached_property
    def listings(self) -> list[MessagesView]:
        """The sender's lists."""
        return [
            view
            for view in self.proper
            if view.message_id is None and view.kind == "success" and view.has_list
        ]

    @cached_property
    def by_id(self) -> list[tuple[int, MessagesView]]:
        """The proper questions for one message, with its id."""
        return [
            (int(view.message_id), view)
            for view in self.proper
            if view.message_id is not None and MESSAGE_ID.fullmatch(view.message_id)
        ]


def _flaw(view: MessagesView, usual: frozenset[str]) -> str | None:
    """Headers count as missing only where they are `usual`."""
    headers = view.exchange.request.headers
    for name, value in CLIENT_HEADERS.items():
        if headers.get(name) != value and (name in usual or name in headers):
            return name
    return None if view.query("senderKey") == [SENDER_KEY] else "senderKey"


#: What is concluded from all exchanges together.
CONCLUSIONS: Final = tuple(
    name for name, value in vars(Evidence).items() if isinstance(value, cached_property)
)
