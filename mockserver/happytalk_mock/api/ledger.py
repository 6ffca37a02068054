"""The state that outlives the process: every change is kept in a log first, then made, in the log's order.

Making a change once more gives what it gave at first, so each process that reads the log has the same state. A
change is made as of the moment when it was asked for, whatever the machine's clock says meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

from ..core.clock import at_moment
from ..core.errors import StateLostError
from ..core.exchange import MOCK_HEADER, Answer, Held, Received
from ..core.problems import PROBLEM_TYPE, problem
from ..core.version import __version__
from ..core.waiting import Wait

if TYPE_CHECKING:
    from ..state.log import Change, Log

R = TypeVar("R", bound=Answer | Held | None)

#: A snapshot is made when the changes since the last one weigh more than it does, and than this, in bytes.
_HEAVY: Final = 512 * 1024
#: What a change weighs beside its text.
_EACH: Final = 512
#: Seconds between two looks at the log where nobody asks.
_LOOK: Final = 0.5
#: What a request or the time uses up: seen by the next one to use it, so nobody waits until all have seen it.
_USED_UP: Final = ("take", "churn")
#: Seconds that a request waits for a fault to be counted.
_LONGEST: Final = 15.0
_NEWER: Final = "the version of happytalk-mock that made it"


class Ledger:
    """Makes the changes of a mock by way of a log. Safe under threads."""

    def __init__(
        self,
        log: Log,
        makers: Mapping[str, Callable[..., Any]],
        saved: Callable[[], Any],
        load: Callable[[Any], object],
    ) -> None:
        """`makers` make changes by their kind; `saved` is all that they made, and `load` has it again."""
        self.log = log
        self._makers, self._saved, self._restore = makers, saved, load
        self._lock = RLock()
        self._made = 0  #: number of the last change that was made here
        self._mark = -1
        self._loading = False
        self._weight = self._heavy = 0
        self._stop = Event()
        self._pool = ThreadPoolExecutor(2, "happytalk-state")
        self._keeper = Thread(target=self._keep, name="happytalk-state", daemon=True)

    @property
    def made(self) -> int:
        """The number of the last change that was made here."""
        return self._made

    def open(self) -> None:
        """Makes every change that there is, and takes part from now on. Raises StateLostError."""
        with self._lock:
            self._load()
            self.catch_up()
            self.log.join(self._made)
            self.catch_up()
            self.log.made(self._made)
        self._keeper.start()

    def close(self) -> None:
        """Takes part no more."""
        self._stop.set()
        if self._keeper.is_alive():
            self._keeper.join(5)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self.log.close()

    # --- changing ---

    def change(self, do: str, given: Mapping[str, Any]) -> Any:
        """Keeps a change, makes it, and returns what its maker says once every process would say so.

        Raises StateLostError where it could not be kept, or whoever else answers may not have seen it, and what
        the maker raises.
        """
        text = orjson.dumps({"do": do, **given}).decode()
        with self._lock:
            change = self.log.append(text, time.time())
            if change.number != self._made + 1:
                self.catch_up(change.number - 1)
            outcome = self._make(change)
        if do not in _USED_UP:
            self.log.wait_for_others(change.number)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def later(self, do: str, given: Mapping[str, Any]) -> tuple[Wait, Callable[[], Any]]:
        """Makes a change on a thread: a wait that ends when it is made, and what gives what `change` does then."""
        wait = Wait({0: _LONGEST})
        made = self._pool.submit(self.change, do, given)
        made.add_done_callback(lambda _: wait.lift())

        def outcome() -> Any:
            if not made.done() or made.cancelled():  # the client left, or the database takes too long
                raise StateLostError(f"nothing from {self.log} for long")
            return made.result()

        return wait, outcome

    def catch_up(self, upto: int | None = None) -> None:
        """Makes the changes that other processes made, up to a number or all. Raises StateLostError."""
        with self._lock:
            mark = self.log.mark() if upto is None else self._mark
            changes = self.log.after(self._made)
            if changes and changes[0].number != self._made + 1:  # it slept while others went on
                self._load()
                changes = self.log.after(self._made)
            for change in changes:
                if upto is None or change.number <= upto:
                    self._make(change)
            self._mark = mark

    def _make(self, change: Change) -> Any:
        """Makes a change; what its maker returns or raises, which is the same in every process."""
        given = orjson.loads(change.change)
        maker = self._makers.get(given.pop("do"))
        if maker is None:
            raise StateLostError(f"change {change.number}, of a kind that is not known", allowed=_NEWER)
        self._made = change.number
        self._weight += len(change.change) + _EACH
        with at_moment(change.moment):
            try:
                return maker(**given)
            except Exception as error:
                return error

    # --- answering ---

    def answering(self, respond: Callable[[Received], R]) -> Callable[[Received], R | Answer | Held]:
        """The same answers, from a state that has every change; 503 where that cannot be had."""

        def answer(received: Received) -> R | Answer | Held:
            try:
                self.look()
                found = respond(received)
            except StateLostError as error:
                return unavailable(error)
            return self._late(found) if isinstance(found, Held) else found

        return answer

    def _late(self, held: Held) -> Held:
        def make() -> Answer | Held:
            try:
                self.look()
                found = held.make()
            except StateLostError as error:
                return unavailable(error)
            return self._late(found) if isinstance(found, Held) else found

        return Held(held.wait, make)

    def look(self) -> None:
        """Sees every change that was acknowledged by now. Raises StateLostError where that cannot be known."""
        if self.log.mark() != self._mark:
            self.catch_up()
        if self._loading:
            raise StateLostError("a mock that reads its state", allowed="to ask again in a moment")

    def wrong(self) -> str | None:
        """Why this process cannot answer from its state; None: it can."""
        try:
            self.look()
        except StateLostError as error:
            return str(error)
        return None

    def lag(self) -> float:
        """How many changes the last process is behind."""
        try:
            return max(self.log.lag().values(), default=0)
        except StateLostError:
            return float("nan")

    # --- keeping ---

    def _keep(self) -> None:
        """Looks at the log now and then, and makes a snapshot when the changes since the last one weigh enough."""
        while not self._stop.is_set():
            try:
                self.log.wait(self._stop, _LOOK)
                self.catch_up()
                self.log.made(self._made)
                if self._weight > max(_HEAVY, self._heavy):
                    self.snapshot()
            except StateLostError:
                self._stop.wait(_LOOK)

    def snapshot(self) -> None:
        """Keeps all that there is, so that a start need not make every change once more."""
        with self._lock:
            number, state = self._made, orjson.dumps(self._saved()).decode()
            self._weight, self._heavy = 0, len(state)
        self.log.keep(number, state)

    def _load(self) -> None:
        """Has what the snapshot says in place of what there is."""
        found = self.log.snapshot()
        if found is None or found[0] <= self._made:
            return
        self._loading = True
        try:
            self._restore(orjson.loads(found[1]))
            self._made = found[0]
            self._weight, self._heavy = 0, len(found[1])
        finally:
            self._loading = False


def unavailable(error: StateLostError) -> Answer:
    """503 with problem details."""
    headers = (("Content-Type", PROBLEM_TYPE), (MOCK_HEADER, __version__))
    return Answer(503, headers, orjson.dumps(problem(503, error.problem)))
