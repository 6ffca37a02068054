"""The store answers what filtering and sorting everything anew would, and every change at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from happytalk_mock.core.clock import DAY, ZERO_DATE, second_text
from happytalk_mock.core.errors import DuplicateRoomError, UnknownRoomError
from happytalk_mock.store import columns, generated
from happytalk_mock.store.rooms import RoomStore, Selection
from happytalk_mock.store.rows import Recent
from happytalk_mock.store.warm import Warm
from room_model import SECONDS, FakeSource, Naive, room

TODAY = 20_000
NOON = TODAY * DAY + 43_200
PLAIN, COLUMNS = 1 << 30, 0  # bulk_from: never, always
QUICK = settings(max_examples=60)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few rooms stand in several blocks, as else very many do."""
    monkeypatch.setattr(columns, "_BLOCK", 16)


kinds = pytest.mark.parametrize("bulk_from", [PLAIN, COLUMNS], ids=["rows", "columns"])


def select(**changes: Any) -> Selection:
    """Every room, as registered; with changes."""
    defaults = {
        "first": -(1 << 50),
        "last": 1 << 50,
        "status": None,
        "hidden": frozenset(),
        "sort_key": "reg_date",
        "descending": False,
        "zero_last": False,
    }
    return Selection(**{**defaults, **changes})


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Any documented selection around TODAY: a day, some days, all."""
    first = draw(st.integers(TODAY - 45, TODAY + 20))
    last = first + draw(st.sampled_from((0, 0, 1, 5, 60, -1)))
    whole = draw(st.booleans())
    return select(
        first=-(1 << 50) if whole else first * DAY,
        last=1 << 50 if whole else last * DAY + DAY - 1,
        status=draw(st.sampled_from((None, None, None, -2, -1, 0, 1, 2, 3, 4, 7))),
        hidden=draw(st.sampled_from((frozenset(), frozenset(), frozenset((-2, -1))))),
        sort_key=draw(st.sampled_from(("reg_date", "complate_date"))),
        descending=draw(st.booleans()),
        zero_last=draw(st.booleans()),
        ties=draw(st.sampled_from(("registration", "registration", "insertion", "id", "id_falling"))),
        turned=draw(st.booleans()),
    )


def moments(*, first: int = TODAY - 12, last: int = TODAY + 12) -> st.SearchStrategy[int]:
    """Wall seconds, mostly ones at which rooms begin or end, or just before."""
    control = st.builds(
        lambda day, second, step: day * DAY + second + step,
        st.integers(first, last),
        st.sampled_from(SECONDS),
        st.integers(-1, 1),
    )
    return control | st.integers(first * DAY, last * DAY + DAY - 1)


@st.composite
def rooms_by_hand(draw: st.DrawFn) -> dict[str, str | None]:
    """A room with an id out of few."""
    registered = draw(moments(first=TODAY - 20))
    end = draw(st.none() | st.integers(0, 3) | st.integers(0, 5 * DAY))
    return room(
        f"h{draw(st.integers(0, 11))}",
        second_text(registered),
        ZERO_DATE if end is None else second_text(registered + end),
        draw(st.integers(-2, 4)),
    )


def texts(answer: tuple[int, list[bytes]]) -> tuple[int, list[Any]]:
    """An answer of the store with its rooms decoded."""
    return answer[0], [orjson.loads(text) for text in answer[1]]


def ids(store: RoomStore, now: int, **changes: Any) -> list[str]:
    """Ids of the rooms that a selection has."""
    return [text["id"] for text in texts(store.page(select(**changes), 0, 10_000, now))[1]]


@pytest.mark.slow
@QUICK
@given(
    st.integers(0, 5),
    st.sampled_from((1, 7, 60, 150)),
    st.sampled_from((PLAIN, COLUMNS)),
    st.lists(
        st.tuples(moments(), selections(), st.integers(0, 70), st.integers(1, 50)), min_size=1, max_size=6
    ),
)
def test_any_query_at_any_moment_is_the_naive_answer(
    seed: int, size: int, bulk_from: int, queries: list[tuple[int, Selection, int, int]]
) -> None:
    source = FakeSource(seed=seed, rooms=size)
    store, naive = RoomStore(source, bulk_from=bulk_from), Naive(source)
    for now, selection, offset, count in queries:
        assert texts(store.page(selection, offset, count, now)) == naive.page(selection, offset, count, now)


class Changes(RuleBasedStateMachine):
    """Clock moves, changes and queries in any order."""

    bulk_from = PLAIN

    @initialize(seed=st.integers(0, 3), size=st.sampled_from((5, 60, 120)), per_day=st.sampled_from((6, 30)))
    def start(self, seed: int, size: int, per_day: int) -> None:
        source = FakeSource(seed=seed, rooms=size, per_day=per_day)
        self.store = RoomStore(source, bulk_from=self.bulk_from)
        self.naive = Naive(source)
        self.now = NOON

    @rule(moment=moments())
    def set_clock(self, moment: int) -> None:
        self.now = moment

    @rule(seconds=st.sampled_from((-1, 1, 600, 3600, DAY)))
    def move_clock(self, seconds: int) -> None:
        self.now += seconds

    @rule(new=rooms_by_hand())
    def add(self, new: dict[str, str | None]) -> None:
        if str(new["id"]) in self.naive.by_hand:
            with pytest.raises(DuplicateRoomError):
                self.store.add([new])
        else:
            self.store.add([new])
            self.naive.put(None, new)

    @rule(
        pick=st.integers(0, 1 << 20),
        new=rooms_by_hand(),
        names=st.sets(st.sampled_from(sorted(room("", "", "", 0)))),
    )
    def update(self, pick: int, new: dict[str, str | None], names: set[str]) -> None:
        visible = self.naive.visible(self.now)
        if not visible:
            return
        old = visible[pick % len(visible)].room
        fields = {name: new[name] for name in sorted(names)}
        if fields.get("id", old["id"]) != old["id"] and new["id"] in self.naive.by_hand:
            with pytest.raises(DuplicateRoomError):
                self.store.update(str(old["id"]), fields, self.now)
            return
        assert self.store.update(str(old["id"]), fields, self.now) == {**old, **fields}
        self.naive.put(str(old["id"]), {**old, **fields})

    @rule(pick=st.integers(0, 1 << 20), most=st.integers(1, 12))
    def delete(self, pick: int, most: int) -> None:
        visible = self.naive.visible(self.now)
        for entry in visible[pick % (len(visible) or 1) :][:most]:
            self.store.delete(str(entry.room["id"]), self.now)
            self.naive.delete(str(entry.room["id"]))

    @precondition(lambda self: self.naive.on)
    @rule(really=st.integers(0, 4))
    def clear(self, really: int) -> None:
        if not really:
            self.store.clear()
            self.naive.by_hand, self.naive.removed, self.naive.on = {}, set(), False

    @rule()
    def restore(self) -> None:
        self.store.restore()
        self.naive.by_hand, self.naive.removed, self.naive.on = {}, set(), True

    @rule(selection=selections(), offset=st.integers(0, 80), count=st.integers(1, 50))
    def query(self, selection: Selection, offset: int, count: int) -> None:
        expected = self.naive.page(selection, offset, count, self.now)
        assert texts(self.store.page(selection, offset, count, self.now)) == expected

    @rule(selection=selections(), count=st.integers(1, 50))
    def pages_partition(self, selection: Selection, count: int) -> None:
        total, every = self.naive.page(selection, 0, 1 << 30, self.now)
        pages = [self.store.page(selection, offset, count, self.now)[1] for offset in range(0, total, count)]
        assert [orjson.loads(text) for page in pages for text in page] == every

    @rule(pick=st.integers(0, 1 << 20))
    def get(self, pick: int) -> None:
        visible = self.naive.visible(self.now)
        if visible:
            found = visible[pick % len(visible)].room
            assert self.store.get(str(found["id"]), self.now) == found

    @invariant()
    def all_rooms_in_order(self) -> None:
        if hasattr(self, "store"):
            expected = [entry.room for entry in self.naive.visible(self.now)]
            assert list(self.store.rooms(self.now)) == expected
            assert self.store.counts(self.now).rooms == len(expected)


class ChangesInColumns(Changes):
    bulk_from = COLUMNS


for machine in (Changes, ChangesInColumns):
    machine.TestCase.settings = settings(QUICK, max_examples=15, stateful_step_count=30)
TestChanges = pytest.mark.slow(Changes.TestCase)
TestChangesInColumns = pytest.mark.slow(ChangesInColumns.TestCase)


@pytest.mark.slow
@kinds
@pytest.mark.parametrize("sort_key", ["reg_date", "complate_date"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("zero_last", [False, True])
def test_pages_of_any_size_around_what_was_removed_and_added(
    bulk_from: int, sort_key: str, descending: bool, zero_last: bool
) -> None:
    source = FakeSource(seed=4, rooms=97)
    store, naive = RoomStore(source, bulk_from=bulk_from), Naive(source)
    removed = [entry.room for entry in naive.visible(NOON)]
    for old in [*removed[:3], *removed[10:14], *removed[20:60:3], *removed[-2:]]:
        store.delete(str(old["id"]), NOON)
        naive.delete(str(old["id"]))
    for number, old in enumerate([*removed[4:60:7], *removed[20:23]]):
        new = {**old, "id": f"h{number}"}
        store.add([new])
        naive.put(None, new)
    asked = select(sort_key=sort_key, descending=descending, zero_last=zero_last)
    total, every = naive.page(asked, 0, 1000, NOON)
    for count in (1, 2, 7, 50):
        for offset in range(total + 2):
            shown = texts(store.page(asked, offset, count, NOON))
            assert shown == (total, every[offset : offset + count])


@kinds
def test_exactly_so_many_generated_rooms_are_visible(bulk_from: int) -> None:
    store = RoomStore(FakeSource(seed=1, rooms=97), bulk_from=bulk_from)
    for hours in range(0, 24 * 20, 5):
        assert store.page(select(), 0, 1, NOON + hours * 3600)[0] == 97


@kinds
def test_a_room_by_hand_comes_on_top(bulk_from: int) -> None:
    store = RoomStore(FakeSource(seed=1, rooms=97), bulk_from=bulk_from)
    store.add([room("mine", "1999-01-01 00:00:00", ZERO_DATE, 0)])
    assert store.page(select(), 0, 1, NOON)[0] == 98
    assert ids(store, NOON)[0] == "mine"


@kinds
@pytest.mark.parametrize(
    "source", [None, FakeSource(seed=1, rooms=97)], ids=["by hand", "among generated ones"]
)
@pytest.mark.parametrize(
    ("ties", "rising", "falling", "turned"),
    [
        ("registration", "bac", "bac", "cab"),
        ("insertion", "bac", "bac", "cab"),
        ("id", "abc", "abc", "cba"),
        ("id_falling", "cba", "cba", "abc"),
    ],
)
def test_rooms_of_one_second_stand_as_selected(
    bulk_from: int, source: FakeSource | None, ties: str, rising: str, falling: str, turned: str
) -> None:
    store = RoomStore(source, bulk_from=bulk_from)
    for name in "bac":
        store.add([room(name, "1999-01-01 00:00:00", ZERO_DATE, 0)])
    asked = {"last": NOON - 1000 * DAY, "ties": ties}
    assert "".join(ids(store, NOON, **asked)) == rising
    assert "".join(ids(store, NOON, **asked, descending=True, turned=False)) == falling
    assert "".join(ids(store, NOON, **asked, descending=True)) == turned


def test_a_sparse_source_is_searched_far_back_but_not_for_ever() -> None:
    class Sparse(FakeSource):
        def timelines(self, day: int) -> Any:
            return super().timelines(day) if day in (TODAY - 300, TODAY - 900) else []

    store = RoomStore(Sparse(seed=2, rooms=50, days=1, per_day=40))
    assert store.page(select(), 0, 1, NOON)[0] == len(
        Sparse(seed=2, rooms=1, per_day=40).timelines(TODAY - 300)
    )


@pytest.mark.parametrize("source", [None, FakeSource(seed=1, rooms=0)])
def test_no_generated_rooms(source: FakeSource | None) -> None:
    store = RoomStore(source)
    assert texts(store.page(select(), 0, 10, NOON)) == (0, [])
    store.add([room("mine", second_text(NOON), ZERO_DATE, 0)])
    assert ids(store, NOON) == ["mine"]


@kinds
def test_a_generated_id_is_refused_until_its_room_is_gone(bulk_from: int) -> None:
    store = RoomStore(FakeSource(seed=1, rooms=97), bulk_from=bulk_from)
    for taken in (ids(store, NOON)[0], ids(store, NOON)[-1]):
        copy = store.get(taken, NOON)
        with pytest.raises(DuplicateRoomError, match=taken):
            store.add([copy])
        store.delete(taken, NOON)
        store.add([copy])
        assert store.get(taken, NOON) == copy
    assert store.counts(NOON).rooms == 97


@kinds
def test_adding_is_all_or_nothing(bulk_from: int) -> None:
    store = RoomStore(FakeSource(seed=1, rooms=97), bulk_from=bulk_from)
    good = room("good", second_text(NOON), ZERO_DATE, 0)
    for bad, error in (
        (good, DuplicateRoomError),
        (room("bad", "yesterday", ZERO_DATE, 0), ValueError),
        (room("bad", second_text(NOON), "2022-02-30 00:00:00", 2), ValueError),
        ({**good, "id": "bad", "status": "done"}, ValueError),
    ):
        with pytest.raises(error):
            store.add([good, bad])
    assert "good" not in ids(store, NOON)
    assert store.version == 0


@kinds
def test_a_refused_change_changes_nothing(bulk_from: int) -> None:
    store = RoomStore(FakeSource(seed=1, rooms=97), bulk_from=bulk_from)
    before = list(store.rooms(NOON))
    some, other = (str(before[index]["id"]) for index in (3, 90))
    with pytest.raises(DuplicateRoomError):
        store.update(some, {"id": other}, NOON)
    with pytest.raises(ValueError, match="complate_date"):
        store.update(some, {"complate_date": "soon"}, NOON)
    for change in (store.get, store.delete, lambda room_id, now: store.update(room_id, {}, now)):
        with pytest.raises(UnknownRoomError, match="nobody"):
            change("nobody", NOON)
    assert list(store.rooms(NOON)) == before


@kinds
def test_a_room_out_of_sight_is_unknown(bulk_from: int) -> None:
    store = RoomStore(FakeSource(seed=1, rooms=97), bulk_from=bulk_from)
    newest = ids(store, NOON + 9 * DAY)[-1]
    oldest = ids(store, NOON)[0]
    for room_id, now in ((newest, NOON), (oldest, NOON + 9 * DAY)):
        with pytest.raises(UnknownRoomError):
            store.get(room_id, now)


def test_initial_rooms_return_with_restore() -> None:
    mine = room("mine", second_text(NOON), ZERO_DATE, 0)
    store = RoomStore(None, initial=[mine])
    store.update("mine", {"title": "changed"}, NOON)
    store.add([{**mine, "id": "other"}])
    store.restore()
    assert list(store.rooms(NOON)) == [mine]
    store.clear()
    assert list(store.rooms(NOON)) == []
    with pytest.raises(DuplicateRoomError):
        RoomStore(None, initial=[mine, mine])


@kinds
def test_another_source_keeps_changes(bulk_from: int) -> None:
    store = RoomStore(FakeSource(seed=1, rooms=97), bulk_from=bulk_from)
    gone = ids(store, NOON)[5]
    store.delete(gone, NOON)
    store.replace_source(FakeSource(seed=1, rooms=97))
    assert gone not in ids(store, NOON)
    store.clear()
    store.replace_source(FakeSource(seed=1, rooms=97))
    assert ids(store, NOON) == []


def test_a_room_that_changes_is_written_anew() -> None:
    source = FakeSource(seed=1, rooms=50)
    store = RoomStore(source)
    recent = [line for day in range(TODAY - 9, TODAY) for line in source.timelines(day)]
    line = next(x for x in recent if x.ended > x.registered)
    shown = [store.get(f"g{line.ref}", now)["status"] for now in (line.registered, line.ended)]
    assert shown == [str(line.first if line.answered != line.registered else 1), str(line.final)]
    before = {text["id"]: text for text in texts(store.page(select(), 0, 99, line.ended - 1))[1]}
    after = {text["id"]: text for text in texts(store.page(select(), 0, 99, line.ended))[1]}
    assert before[f"g{line.ref}"] != after[f"g{line.ref}"]


def test_what_is_remembered_is_bounded() -> None:
    recent: Recent[int, bytes] = Recent(100)
    for number in range(1000):
        recent.put(number, b"123456789")
        assert recent.get(0) is not None  # in use all the time
    assert len(recent) <= 20
    assert recent.get(999) == b"123456789"
    assert recent.get(500) is None


def test_what_was_used_last_is_remembered_longest() -> None:
    recent: Recent[str, bytes] = Recent(20)
    for key in "abc":  # each weighs ten: with the third two are the older half
        recent.put(key, b"123456789")
    assert (len(recent), recent.get("a")) == (3, b"123456789")
    recent.put("d", b"123456789")
    assert [recent.get(key) is not None for key in "bacd"] == [False, True, True, True]


class Holding:
    """Holds rooms, and lets them go unless it is in use."""

    def __init__(self, cools: bool = True) -> None:
        self.cools, self.cooled = cools, 0

    def cool(self) -> bool:
        self.cooled += self.cools
        return self.cools


def test_stores_let_go_of_rooms_the_longest_unused_first() -> None:
    warm = Warm(10)
    first, used, third, fourth = Holding(), Holding(cools=False), Holding(), Holding()
    for store, rooms in ((first, 4), (used, 4), (third, 2)):
        warm.holds(store, rooms)
    assert [store.cooled for store in (first, used, third)] == [0, 0, 0]  # ten are not too many
    warm.holds(third, 3)  # in place of its two, eleven now
    assert [store.cooled for store in (first, used, third)] == [1, 0, 0]
    warm.holds(fourth, 3)  # ten again
    assert (third.cooled, fourth.cooled) == (0, 0)
    warm.holds(fourth, 4)
    assert (third.cooled, fourth.cooled) == (1, 0)
    warm.forget(used)
    warm.forget(used)
    warm.holds(first, 6)
    assert (first.cooled, fourth.cooled) == (1, 0)
    warm.holds(third, 11)  # a single one may hold more
    assert (first.cooled, third.cooled, fourth.cooled) == (2, 1, 1)


def test_many_different_periods_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("happytalk_mock.store.rows.KEPT_REFERENCES", 1000)
    source = FakeSource(seed=1, rooms=200)
    store = RoomStore(source)
    kept: list[Any] = []
    for back in range(400):
        store.page(select(last=NOON - back), 0, 10, NOON)
        kept.append(store._snapshot.engine)
    assert all(rows is kept[0] for rows in kept)
    assert len(kept[0]._asked) <= 2 * (1000 // 100)


def test_the_same_columns_serve_some_days(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[int] = []

    class Counting(FakeSource):
        def columns(self, first_day: int, last_day: int) -> Any:
            built.append(last_day)
            return super().columns(first_day, last_day)

    store = RoomStore(Counting(seed=1, rooms=97), bulk_from=COLUMNS)
    for day in range(generated.SLACK_DAYS + 1):
        store.prepare(NOON + day * DAY)
    assert built == [TODAY - 4]
    store.prepare(NOON + (generated.SLACK_DAYS + 1) * DAY)
    assert len(built) == 2


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as executor:
        yield executor


@kinds
def test_threads_read_whole_answers_while_rooms_change(bulk_from: int, pool: ThreadPoolExecutor) -> None:
    store = RoomStore(FakeSource(seed=1, rooms=97), bulk_from=bulk_from)

    def read(number: int) -> None:
        for step in range(60):
            now = NOON + (step % 3) * 3600
            total, page = store.page(
                select(sort_key="complate_date", descending=bool(number % 2)), 0, 200, now
            )
            assert total == len(page)
            assert total >= 97
            assert len(set(page)) == total

    def write(number: int) -> None:
        for step in range(30):
            name = f"{number}-{step}"
            store.add([room(name, second_text(NOON), ZERO_DATE, 0)])
            assert name in ids(store, NOON)
            if step % 2:
                store.delete(name, NOON)
                assert name not in ids(store, NOON)

    for job in [pool.submit(read, number) for number in range(2)] + [pool.submit(write, n) for n in range(2)]:
        job.result()
