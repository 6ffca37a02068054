"""What a journal shows of clients: their requests in order, and the lists that they walked page by page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from ..spec.vocabulary import DEFAULT_LIMIT, MAX_LIMIT

#: Faults after which the client cannot have the answer, whatever the journal says of its content.
_LOST: Final = ("truncated-body", "connection-reset")
#: Faults after which it may have stopped waiting.
_LATE: Final = ("slow-trickle", "delay")
#: Seconds after which a request that is sent again is no retry: a client that asks every so often.
_SOON: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request of a client with its answer, from an entry of the journal."""

    id: int
    endpoint: str
    client: tuple[str, str]  #: customer and user agent
    parameters: Mapping[str, Any]
    moment: datetime  #: by the mock's clock, Seoul time
    began: float  #: by the machine's clock, seconds since 1970
    ended: float
    status: int
    result: str  #: success, failure or broken
    answer: Mapping[str, Any]
    violations: tuple[str, ...]
    question: str  #: what was asked, but for the page; equal questions of a client belong to one list

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Ask:
        """Raises KeyError, TypeError or ValueError for what is no entry."""
        ended = datetime.fromisoformat(entry["machine_moment"]).timestamp()
        client = (str(entry["customer"]), str(entry["headers"].get("user-agent", "")))
        rest = {name: value for name, value in entry["parameters"].items() if name != "page"}
        return cls(
            id=entry["id"],
            endpoint=entry["endpoint"],
            client=client,
            parameters=dict(entry["parameters"]),
            moment=datetime.fromisoformat(entry["moment"]),
            began=ended - entry["milliseconds"] / 1000,
            ended=ended,
            status=entry["status"],
            result=entry["result"],
            answer=dict(entry["answer"]),
            violations=tuple(violation["message"] for violation in entry["violations"]),
            question=json.dumps([*client, entry["endpoint"], rest], sort_keys=True, default=str),
        )

    @property
    def fault(self) -> str:
        """The effect that a fault had on the answer; "" for none."""
        return str(self.answer.get("fault", "")).partition(" ")[0]

    @property
    def served(self) -> bool:
        """Whether the client was sent what it asked for, whole."""
        return self.result == "success" and self.status == 200 and self.fault not in _LOST

    @property
    def late(self) -> bool:
        """Whether it may have stopped waiting for the answer."""
        return self.fault in _LATE

    @property
    def refused(self) -> bool:
        """Whether the answer is a failure that asking again does not mend: a documented one, or 4xx but 429."""
        return self.result == "failure" and self.status < 500 and self.status != 429

    @property
    def broken(self) -> bool:
        """Whether it failed on the server's side: 5xx, cut short, or no documented answer."""
        return self.status >= 500 or self.fault in _LOST or (self.result == "broken" and self.status == 200)

    @property
    def page(self) -> int:
        """The page asked for."""
        return max(1, whole(self.parameters.get("page"), 1))

    @property
    def rooms(self) -> int:
        """How many rooms were sent."""
        return whole(self.answer.get("rooms"), 0)

    @property
    def total(self) -> int:
        """total_count, as answered."""
        return whole(self.answer.get("total_count"), 0)


@dataclass(slots=True)
class Walk:
    """Requests of one client for pages of one list, retries included."""

    asks: list[Ask] = field(default_factory=list)
    pages: dict[int, Ask] = field(default_factory=dict)  #: those served

    def takes(self, ask: Ask) -> bool:
        """Whether a request goes on with this walk: a page that it has not been served yet."""
        given_up = self.asks[-1].late and self.asks[-1].page == ask.page
        return ask.page not in self.pages or given_up

    def add(self, ask: Ask) -> None:
        """Goes on with a request."""
        self.asks.append(ask)
        if ask.served:
            self.pages[ask.page] = ask

    @property
    def last(self) -> int:
        """The number of the last page, by the last total_count that was answered; 0 where none was."""
        newest = next((ask for ask in reversed(self.asks) if ask.served), None)
        if newest is None:
            return 0
        size = min(max(1, whole(newest.answer.get("limit"), DEFAULT_LIMIT)), MAX_LIMIT)
        return max(1, -(-newest.total // size))

    @property
    def missed(self) -> int | None:
        """The first page before the last one served that was never served."""
        # The work is that of the pages served: their numbers may be as great as a client likes.
        before = enumerate(sorted(self.pages), 1)
        return next((number for number, page in before if page != number), None)

    @property
    def ids(self) -> tuple[int, ...]:
        """The requests' numbers."""
        return tuple(ask.id for ask in self.asks)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All that a journal shows."""

    asks: tuple[Ask, ...]
    walks: tuple[Walk, ...]
    #: The requests of each client to each endpoint, and where each request stands among them.
    fellows: Mapping[tuple[tuple[str, str], str], list[Ask]]
    place: Mapping[int, int]

    @classmethod
    def of(cls, entries: Iterable[Mapping[str, Any]]) -> History:
        """Raises KeyError, TypeError or ValueError where an entry is none."""
        asks = sorted((Ask.of(entry) for entry in entries), key=lambda ask: ask.id)
        open_walks: dict[str, Walk] = {}
        walks = []
        for ask in asks:
            if ask.endpoint != "rooms":
                continue
            walk = open_walks.get(ask.question)
            if walk is None or not walk.takes(ask):
                walk = open_walks[ask.question] = Walk()
                walks.append(walk)
            walk.add(ask)
        fellows: dict[tuple[tuple[str, str], str], list[Ask]] = {}
        place = {}
        for ask in asks:
            found = fellows.setdefault((ask.client, ask.endpoint), [])
            place[ask.id] = len(found)
            found.append(ask)
        return cls(asks=tuple(asks), walks=tuple(walks), fellows=fellows, place=place)

    def after(self, ask: Ask) -> Iterator[Ask]:
        """What the same client asked of the same endpoint afterwards."""
        found = self.fellows[ask.client, ask.endpoint]
        return map(found.__getitem__, range(self.place[ask.id] + 1, len(found)))

    def again(self, ask: Ask) -> Iterator[Ask]:
        """The same request sent on end, soon after one another and nothing else between, from this one on."""
        yield ask
        last = ask
        for later in self.after(ask):
            is_same = (later.question, later.page) == (ask.question, ask.page)
            if not is_same or later.began > last.ended + _SOON:
                return
            yield later
            last = later

    def runs(self, asks: Iterable[Ask]) -> Iterator[list[Ask]]:
        """The same requests sent on end, each run from the first of `asks` in it."""
        seen: set[int] = set()
        for ask in asks:
            if ask.id not in seen:
                run = list(self.again(ask))
                seen.update(each.id for each in run)
                yield run


def whole(value: Any, default: int) -> int:
    """A number, or text of one, as a whole number; `default` for anything else."""
    try:
        return default if value is None or isinstance(value, bool) else int(value)
    except (TypeError, ValueError, OverflowError):
        return default
