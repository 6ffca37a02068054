"""The last days' rooms, moved through time, are at every moment what they are when looked at anew."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from happytalk_mock.core.clock import DAY
from happytalk_mock.store.rows import BY_END_AND_PLACE, BY_PLACE
from happytalk_mock.store.window import Window
from room_model import SECONDS, FakeSource

TODAY = 20_000
FIELDS = ("registered", "completed", "status", "ref")


def states(window: Window) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """What a window shows, in both orders."""
    lists = (window.rows(), window.by_completion())
    assert lists[0] == sorted(lists[0], key=BY_PLACE)
    assert lists[1] == sorted(lists[0], key=BY_END_AND_PLACE)
    by_place, by_end = ([tuple(getattr(row, name) for name in FIELDS) for row in rows] for rows in lists)
    return by_place, by_end


@pytest.mark.parametrize(
    "seconds",
    [pytest.param(SECONDS, id="tied"), pytest.param(range(0, DAY, 97), id="spread", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("most", [1, 20, 45, 130, 10_000])
def test_moved_or_made_anew_it_is_the_same(most: int, seconds: Sequence[int]) -> None:
    source = FakeSource(seed=18, rooms=most, per_day=60, seconds=seconds)
    first = TODAY - 6
    lines = [line for day in range(first, TODAY + 1) for line in source.timelines(day)]
    edges = {second for line in lines for second in (line.registered, line.answered, line.ended)}
    moments = [control + step for control in edges if control // DAY == TODAY for step in (-1, 0, 1)]
    moments = sorted({moment for moment in moments if moment // DAY == TODAY} | {TODAY * DAY})
    random = Random(7)
    walk = [*moments, *reversed(moments), *(random.choice(moments) for _ in range(40))]
    moved = Window(source, first, TODAY)
    for now in walk:
        moved.move(now, most)
        anew = Window(source, first, TODAY)
        anew.move(now, most)
        assert states(moved) == states(anew)
        assert moved.since <= now < moved.until
        assert (moved.since, moved.until) == (anew.since, anew.until)


def test_between_two_changes_nothing_changes() -> None:
    window = Window(FakeSource(seed=3, rooms=45, per_day=60), TODAY - 6, TODAY)
    now = TODAY * DAY
    seen = []
    while now // DAY == TODAY:
        window.move(now, 45)
        assert window.since == now
        shown, until = states(window), window.until
        window.move(until - 1, 45)
        assert states(window) == shown
        seen.append(shown)
        now = until
    assert len({str(shown) for shown in seen}) > 3
