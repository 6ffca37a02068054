"""How long the room store takes: to be ready, for a documented query, and in memory.

    python benchmarks/store.py --rooms 1000000 --days 365
    python benchmarks/store.py --rooms 1000 --days 30

No server and no network: `RoomStore.page` alone, the encoding of rooms that are shown for the first time included.
`new` queries are asked for the first time and write up to 50 rooms that nobody saw yet (most of their time);
`again` is the same page once more, right after it: what finding it costs. `ticking`
moves the clock by a minute before each query, so that rooms come and change in between. The last column is the
processor time of the thread, which a busy machine does not lengthen.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterator
from random import Random

from happytalk_mock.core.clock import DAY
from happytalk_mock.data.source import Options, RoomSource
from happytalk_mock.spec.vocabulary import MAX_LIMIT, REQUEST_STATUSES, SORT_KEYS
from happytalk_mock.store.rooms import RoomStore, Selection

NOON = 20_594 * DAY + 12 * 3600  # a Thursday


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rooms", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--queries", type=int, default=5_000)
    options = parser.parse_args()
    started = time.perf_counter()
    store = RoomStore(RoomSource(Options(seed=1, rooms=options.rooms, days=options.days), "benchmark"))
    store.prepare(NOON)
    print(f"{options.rooms} rooms over {options.days} days, {os.cpu_count()} cores")
    print(f"ready in {time.perf_counter() - started:.2f} s; {resident()}")
    store.page(select(Random(0), "a day", options.days), 0, 1, NOON)  # the pools of words are made once
    print(f"{'query':<32}{'p50 us':>12}{'p99 us':>12}{'max us':>12}{'p99 cpu us':>12}")
    for span in ("a day", "some days", "all days"):
        for order in SORT_KEYS:
            wanted = list(queries(span, order, options.queries, options.days, store))
            store.add([])  # forgets every order that was asked for
            report(f"{span}, {order}", store, wanted, tick=0)
    for order in SORT_KEYS:
        wanted = list(queries("all days", order, options.queries // 10, options.days, store))
        report(f"all days, {order}, ticking", store, wanted, tick=60)
    print(f"in the end {resident()}")


def select(random: Random, span: str, days: int, sort_key: str = "reg_date") -> Selection:
    """Any documented selection over a span."""
    today = NOON // DAY
    length = {"a day": 1, "some days": random.randint(2, days), "all days": 2 * days}[span]
    last = today - (random.randint(0, days - length) if length < days else 0)
    return Selection(
        first=(last - length + 1) * DAY,
        last=last * DAY + DAY - 1,
        status=random.choice((None, None, *REQUEST_STATUSES)),
        hidden=frozenset(),
        sort_key=sort_key,
        descending=random.random() < 0.5,
        zero_last=random.random() < 0.5,
    )


def queries(
    span: str, sort_key: str, number: int, days: int, store: RoomStore
) -> Iterator[tuple[Selection, int, int]]:
    """Selections with the first, a middle or the last page, of 1 to 50 rooms."""
    random = Random(f"{span} {sort_key}")
    for _ in range(number):
        selection = select(random, span, days, sort_key)
        total, _ = store.page(selection, 0, 0, NOON)
        limit = random.randint(1, MAX_LIMIT)
        last = max(0, (total - 1) // limit)
        yield selection, random.choice((0, random.randint(0, last), last)) * limit, limit


def report(name: str, store: RoomStore, wanted: list[tuple[Selection, int, int]], *, tick: int) -> None:
    gc.collect()
    spent: dict[str, list[tuple[float, float]]] = {"new": [], "again": []}
    for number, (selection, offset, count) in enumerate(wanted):
        for each in spent.values():
            start, start_cpu = time.perf_counter(), time.thread_time()
            store.page(selection, offset, count, NOON + number * tick)
            each.append((time.perf_counter() - start, time.thread_time() - start_cpu))
    for kind, found in spent.items():
        taken, busy = (sorted(each) for each in zip(*found, strict=True))
        p99 = len(taken) * 99 // 100
        chosen = (taken[len(taken) // 2], taken[p99], taken[-1], busy[p99])
        print(f"{name + ', ' + kind:<32}" + "".join(f"{1e6 * value:>12.1f}" for value in chosen), flush=True)


def resident() -> str:
    """The memory that the process has and at most had."""
    if sys.platform == "win32":
        return "memory unknown on Windows"
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 if sys.platform != "darwin" else 1024)
    return f"at most {peak / 1024:.0f} MB of memory so far"


if __name__ == "__main__":
    main()
