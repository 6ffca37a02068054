"""The columns of very many rooms: order statistics without sorting."""

from __future__ import annotations

import pytest

from happytalk_mock.store import columns
from happytalk_mock.store.columns import Base
from happytalk_mock.store.rows import Row, Selection
from room_model import FakeSource

TODAY = 20_000
EVERYTHING = {"first": -(1 << 50), "last": 1 << 50, "descending": False, "zero_last": False}


@pytest.mark.slow
@pytest.mark.parametrize("sort_key", ["reg_date", "complate_date"])
@pytest.mark.parametrize("hidden", [(), (-2, -1), (-2, -1, 0, 1, 2, 3, 4)])
@pytest.mark.parametrize("status", [None, 2, 4, -1, 7])
@pytest.mark.parametrize("block", [7, 65_536])
def test_a_part_is_what_sorting_gives(
    sort_key: str, hidden: tuple[int, ...], status: int | None, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "_BLOCK", block)
    base = Base(FakeSource(seed=5, rooms=0, per_day=20), TODAY - 30, TODAY)
    rows = [base.row(index) for index in range(len(base))]
    asked = Selection(**EVERYTHING, status=status, hidden=frozenset(hidden), sort_key=sort_key)
    wanted = [
        place
        for place in range(40, len(base))
        if status in (None, rows[place].status) and rows[place].status not in hidden
    ]
    if sort_key == "complate_date":
        wanted.sort(key=lambda place: rows[place].completed)
    part = base.part(asked, 40)
    if part is None:
        assert wanted == []
        return
    assert part.places(0, len(part)) == wanted
    assert [part.places(start, start + 7) for start in range(0, len(wanted), 7)] == [
        wanted[start : start + 7] for start in range(0, len(wanted), 7)
    ]
    assert part.places(3, 3) == []
    for rank, place in enumerate(wanted):
        row = rows[place]
        assert part.index(Row(row.registered, row.completed, row.status, place)) == rank
        tied = sum(
            base.key(other, by_end=asked.by_end) <= base.key(place, by_end=asked.by_end) for other in wanted
        )
        assert part.before(row) == tied


def test_statuses_that_do_not_occur_have_no_part() -> None:
    base = Base(FakeSource(seed=5, rooms=0), TODAY - 30, TODAY)
    asked = Selection(**EVERYTHING, status=9, hidden=frozenset(), sort_key="reg_date")
    assert base.part(asked, 0) is None


def test_no_rooms_at_all() -> None:
    base = Base(FakeSource(seed=5, rooms=0, per_day=0), TODAY - 30, TODAY)
    asked = Selection(**EVERYTHING, status=None, hidden=frozenset(), sort_key="complate_date")
    assert len(base) == 0
    assert base.part(asked, 0) is None
