"""The journal: the last requests with their answers, kept raw and read only when someone looks.

Recording is on the way of every answer, so it does no more than keep references. What an entry says
(`entries`) is worked out when the journal is read.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from threading import Lock
from time import time
from typing import Any, Final, NamedTuple

from ..core.exchange import Answer, Received, Unreadable

#: Requests kept unless said otherwise.
DEFAULT_SIZE: Final = 1000
#: Bytes of requests and answers kept, whatever the number of requests (a quarter more may be kept for a moment).
MAX_BYTES: Final = 32 * 1024 * 1024
#: Of a longer request body only the beginning is kept.
MAX_BODY: Final = 64 * 1024
#: A longer request body than this is no usual one.
_USUAL: Final = 1024
#: So many bytes a decoded body takes for each of its own where it is made of empty lists.
_SPREAD: Final = 24


class Recorded(NamedTuple):
    """A request and its answer as they passed."""

    number: int  #: counts from 1, over the life of the server
    epoch: float  #: when it came, by the mock's clock (seconds since 1970-01-01 UTC)
    received: Received
    answer: Answer
    seconds: float  #: how long answering took, delays on purpose included
    faults: tuple[int, ...]  #: ids of the faults that were put on it; 0 is one of a Prefer header
    drifts: tuple[str, ...]  #: names of the drifts in force on it
    machine_epoch: float  #: when it was answered, by the machine's clock


class Journal:
    """The last requests, the oldest forgotten first. Any number of threads may record and read."""

    def __init__(self, size: int = DEFAULT_SIZE, *, max_bytes: int = MAX_BYTES) -> None:
        """`size` 0 keeps nothing."""
        self.size = size
        self._max_bytes = max_bytes
        # As long as no request is heavier than this, the journal cannot be either.
        self._fair = max_bytes // size if size else 0
        self._unweighed = 0  # bytes of heavier ones since the journal was last weighed
        self._lock = Lock()
        # Plain tuples in the order of Recorded: making those here would triple the cost of recording.
        self._kept: deque[tuple[Any, ...]] = deque(maxlen=size)
        self._last = 0

    def __len__(self) -> int:
        """How many requests are kept."""
        return len(self._kept)

    def __iter__(self) -> Iterator[Recorded]:
        """The kept requests, the oldest first, as of this call."""
        with self._lock:
            kept = tuple(self._kept)
        return map(Recorded._make, kept)

    @property
    def last_number(self) -> int:
        """The number of the last request recorded; 0 before the first. A mark for `since`."""
        return self._last

    def record(
        self,
        epoch: float,
        received: Received,
        answer: Answer,
        seconds: float,
        faults: tuple[int, ...] = (),
        drifts: tuple[str, ...] = (),
    ) -> None:
        """Keeps a request and its answer."""
        if not self.size:
            return
        if len(received.body) > MAX_BODY:
            parameters = received.parameters._replace(values={}, unreadable=Unreadable("not kept"))
            received = received._replace(body=received.body[:MAX_BODY], parameters=parameters)
        weight = _weight(received, answer)
        with self._lock:
            self._last = number = self._last + 1
            self._kept.append((number, epoch, received, answer, seconds, faults, drifts, time()))
            if weight > self._fair:
                self._unweighed += weight
                if self._unweighed > self._max_bytes // 4:
                    self._shed()

    def get(self, number: int) -> Recorded | None:
        """The request of that number, if it is still kept."""
        return next((recorded for recorded in self if recorded.number == number), None)

    def clear(self, numbers: frozenset[int] | None = None) -> int:
        """Forgets every request, or those of `numbers`; says how many. Numbers go on where they were."""
        with self._lock:
            stay = [kept for kept in self._kept if numbers is not None and kept[0] not in numbers]
            gone = len(self._kept) - len(stay)
            self._kept = deque(stay, maxlen=self.size)
        return gone

    def _shed(self) -> None:
        """Forgets the oldest until the bodies fit. With the lock held."""
        self._unweighed = 0
        kept = self._kept
        weight = sum(_weight(received, answer) for _, _, received, answer, *_ in kept)
        while weight > self._max_bytes and len(kept) > 1:
            _, _, received, answer, *_ = kept.popleft()
            weight -= _weight(received, answer)


def _weight(received: Received, answer: Answer) -> int:
    """The bytes of a request and its answer; one that is no usual request counts as what it may take when decoded."""
    size = len(received.body) + 2 * len(received.query)  # a pair of a query takes twice as much
    headers = sum(map(len, received.headers.values()))
    return (size if size <= _USUAL else size * _SPREAD) + headers + len(answer.body)
