"""Looking again: what is asked once more of an API that departs or moves, in which order, and what is told of it.

`python -m tests.kit.test_settle` writes tests/golden/settled.json anew where another course is meant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest

from happytalk_contract.core.clock import Clock
from happytalk_contract.core.control import Control
from happytalk_contract.core.errors import BudgetSpent
from happytalk_contract.core.events import Answered, Event
from happytalk_contract.core.model import Exchange, Request, Severity
from happytalk_contract.engine.scout import ranged, scout
from happytalk_contract.engine.session import Desk
from happytalk_contract.engine.settle import Settler
from happytalk_contract.questions.meaning import parameters

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit import fake_api
from tests.kit.fake_api import NOW, TODAY, FakeApi
from tests.kit.test_judged import (
    MESSAGE_WAYS,
    WAYS,
    Answer,
    Params,
    each,
    exchange,
    message,
    questions,
)

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "settled.json"
#: Whether it departs at a request, by its number and by what it asks.
Shows = Callable[[int, Params], bool]


def usual(_number: int, _params: Params) -> bool:
    return True


def done(_number: int, params: Params) -> bool:
    return params.get("status") == 2


def later(number: int, _params: Params) -> bool:
    return number > 40


def before(number: int, _params: Params) -> bool:
    return 20 < number < 40


def every_other(number: int, _params: Params) -> bool:
    return number % 2 == 0


def range_of_today(_number: int, params: Params) -> bool:
    return str(params.get("edate", "")) >= TODAY.isoformat()


def of_days(_number: int, params: Params) -> bool:
    return "ndate" in params


#: How and when an API departs; rooms a day, requests.
CASES: Final[dict[str, tuple[str, Shows, int, int]]] = {
    "a room fewer of a status, not counted": ("a room fewer, not counted", done, 8, 300),
    "a room fewer of a status, few requests": ("a room fewer, not counted", done, 8, 60),
    "a room fewer of a status, many rooms": ("a room fewer, not counted", done, 24, 400),
    "the first two exchanged on single days": ("the first two exchanged", of_days, 8, 300),
    "the first two exchanged, each time": ("the first two exchanged", usual, 8, 300),
    "a title of null": ("a title of null", usual, 8, 300),
    "counts one more before, no account": ("counts one more", before, 8, 300),
    "counts one more before": ("counts one more", before, 8, 300),
    "counts one more at every other": ("counts one more", every_other, 8, 300),
    "a room twice in ranges up to today": ("a room twice, counted", range_of_today, 8, 300),
    "none of single days": ("none of them, and none counted", of_days, 8, 300),
    "another title at every request": ("another title", every_other, 8, 300),
    "moves by being read": ("moves", usual, 8, 300),
    "another name of messages": ("another name", every_other, 8, 300),
    "a message fewer": ("a message fewer", later, 8, 300),
}


class Api(FakeApi):
    """Departs in one way; answers for the sender's messages too."""

    def __init__(self, way: str, shows: Shows, per_day: int) -> None:
        super().__init__(fake_api.rooms(days=12, per_day=per_day))
        self._way, self._shows = way, shows

    def _changed(self, answer: Answer, params: Params, known: dict[str, Callable[[Answer], None]]) -> Answer:
        answer = deepcopy(answer)
        if self._way in known and self._shows(self.asked, params):
            known[self._way](answer)
        return answer

    def answer(self, body: bytes) -> Answer:
        answer = super().answer(body)
        moves = each(title=f"read {self.asked} times")
        return (
            answer
            if answer["result"] == "fail"
            else self._changed(answer, json.loads(body), {**WAYS, "moves": moves})
        )

    def __call__(self, request: Request) -> Exchange:
        if request.endpoint == "rooms":
            return super().__call__(request)
        self.asked += 1
        answer = self._changed({"code": "200", "data": [message(1), message(2)]}, {}, MESSAGE_WAYS)
        return exchange(self.asked, NOW.timestamp() + self.asked / 100 + self.waited, request, answer)


def settled(name: str, *, stops_at: frozenset[Severity] = frozenset()) -> list[str]:
    """What is asked and told after some questions were asked: once looked, settled, and shrunk."""
    way, shows, per_day, left = CASES[name]
    api, told = Api(way, shows, per_day), list[str]()
    control = Control(max_requests=left, on_event=lambda event: told.append(_in_short(event)))

    def send(request: Request) -> Exchange:
        control.admit()
        control.sent += 1
        return api(request)

    desk = Desk(send=send, control=control, clock=Clock(lambda: NOW), seed=1, client=True, sleep=api.wait)
    account = None if name.endswith("no account") else scout(desk)
    listing = desk.listing_question()
    desk.ask(listing)
    for params in [*questions()][:34]:
        desk.rooms(params)
    desk.ask(listing)
    told.clear()
    settler = Settler(desk, stops_at=stops_at)
    with suppress(BudgetSpent):
        settler.look()
        told.append(f"looked: {settler.to_shrink} to shrink, drift {settler.has_drift}")
        settler.settle(account)
        told.append(f"settled: {settler.to_shrink} to shrink, drift {settler.has_drift}")
        if account is not None:
            settler.shrink(account)
            told.append("shrunk")
            settler.settle(account)
    return told


def _in_short(event: Event) -> str:
    if not isinstance(event, Answered):
        return event.text
    request = event.exchange.request
    return f"{request.why or request.endpoint}: {' '.join(map(str, (parameters(request) or {}).values()))}"


def golden() -> dict[str, Any]:
    """What is asked and told in each case."""
    found = {name: settled(name) for name in CASES}
    stopped = settled("a title of null", stops_at=frozenset({Severity.BREAKING}))
    return {**found, "a title of null, to end at it": stopped}


def test_what_is_asked_again_stays_what_it_is() -> None:
    assert golden() == json.loads(GOLDEN.read_text("utf-8"))


@pytest.mark.parametrize(("counted", "pages", "is_short"), [(100, 2, True), (101, 2, False), (50, 1, True)])
def test_a_window_is_short_that_takes_few_pages(counted: int, pages: int, is_short: bool) -> None:
    def change(answer: Answer, _params: Params) -> Answer:
        return {**answer, "data": {**answer["data"], "total_count": counted}}

    desk = Desk(
        send=FakeApi(change=change),
        control=Control(max_requests=9),
        clock=Clock(lambda: NOW),
        seed=1,
        client=False,
    )
    window = (TODAY, TODAY)
    assert Settler(desk)._is_short(window, pages)  # of which nothing is known yet
    desk.rooms(ranged(window))
    assert Settler(desk)._is_short(window, pages) is is_short


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), ensure_ascii=False, indent=1) + "\n", "utf-8")
