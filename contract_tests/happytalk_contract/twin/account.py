"""The shape of an account: counts and quantiles, nothing of any one room; cells under five are pooled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from happytalk_contract.core.model import Exchange
from happytalk_contract.evidence.views import ZERO_DATE, as_time
from happytalk_contract.twin.crawl import Crawled
from happytalk_contract.twin.world import Room

#: Fewer than this are never told.
LEAST: Final = 5
_AGES: Final = (("0", 0), ("1", 1), ("2-3", 3), ("4+", 10**6))
_ENDED: Final = ("2", "3", "4")


def shape(crawled: Crawled, exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """The tables of account.toml."""
    rooms = [room for room in crawled.ties.rooms if as_time(room.get("reg_date")) is not None]
    days = (crawled.window[1] - crawled.window[0]).days + 1
    found: dict[str, Any] = {"format": 1, "rooms": len(rooms), "days": days}
    if len(rooms) < LEAST:
        return found | _wire(exchanges)
    customers = Counter(str(room.get("customer_uuid")) for room in rooms)
    visits = Counter(str(count) if count < 4 else "4+" for count in customers.values())
    times = [time for room in rooms if (time := as_time(room.get("reg_date"))) is not None]
    found |= {
        "customers": len(customers) if len(customers) >= LEAST else LEAST,
        "returning": _pooled(visits),
        "week": _smoothed(Counter(time.weekday() for time in times), 7),
        "hours": {
            "working": _smoothed(Counter(time.hour for time in times if time.weekday() < 5), 24),
            "weekend": _smoothed(Counter(time.hour for time in times if time.weekday() > 4), 24),
        },
        "status": _by_age(rooms, crawled.today),
        "seconds": dict(_seconds(rooms)),
        "ends": dict(_ends(rooms)),
        "ties": _ties(rooms),
        "categories": {"tree": _tree(rooms)},
        "channels": {
            name: _pooled(Counter(str(room.get(name)) for room in rooms)) for name in ("out_api", "phone_os")
        },
        "fields": dict(_fields(rooms)),
    }
    return {name: table for name, table in found.items() if table not in ({}, [])} | _wire(exchanges)


def _pooled(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts by name; small ones together, and left out where even together they are few."""
    kept = {name: count for name, count in sorted(counts.items()) if count >= LEAST}
    rest = sum(counts.values()) - sum(kept.values())
    return kept | ({"other": rest} if rest >= LEAST else {})


def _smoothed(counts: Mapping[int, int], size: int) -> list[float]:
    """Counts in a row; neighbours are pooled until each pool has enough, and share it evenly."""
    found: list[float] = []
    pool: list[int] = []
    for place in range(size):
        pool.append(counts.get(place, 0))
        if sum(pool) >= LEAST:
            found += [round(sum(pool) / len(pool), 2)] * len(pool)
            pool = []
    if pool and found:
        last = len([value for value in found if value == found[-1]])
        together = round((sum(found[-last:]) + sum(pool)) / (last + len(pool)), 2)
        return [*found[:-last], *[together] * (last + len(pool))]
    return found or [0] * size


def _by_age(rooms: Iterable[Room], today: date) -> dict[str, dict[str, int]]:
    ages: dict[str, Counter[str]] = {name: Counter() for name, _most in _AGES}
    for room in rooms:
        age = (today - date.fromisoformat(str(room["reg_date"])[:10])).days
        name = next(name for name, most in _AGES if age <= most)
        ages[name][str(room.get("status"))] += 1
    return {name: pooled for name, counts in ages.items() if (pooled := _pooled(counts))}


def quantiles(values: Iterable[float], parts: int) -> list[int]:
    """The values at equal parts; the least and the greatest, which are one room's, to two digits."""
    ordered = sorted(values)
    found = [int(ordered[round(part * (len(ordered) - 1) / parts)]) for part in range(parts + 1)]
    return [_rough(found[0]), *found[1:-1], max(_rough(found[-1]), *found[1:-1])] if parts > 1 else found


def _rough(value: int) -> int:
    digits = max(0, len(str(abs(value))) - 2)
    return round(value, -digits)


def _seconds(rooms: Iterable[Room]) -> Iterator[tuple[str, list[int]]]:
    took: dict[str, list[float]] = {"done": [], "ended": []}
    for room in rooms:
        first, last = as_time(room.get("reg_date")), as_time(room.get("complate_date"))
        if first is not None and last is not None and last >= first:
            took["done" if room.get("status") == "2" else "ended"].append((last - first).total_seconds())
    for name, seconds in took.items():
        if len(seconds) >= 4 * LEAST:
            yield name, sorted(quantiles(seconds, 20))


def _ends(rooms: Iterable[Room]) -> Iterator[tuple[str, dict[str, int]]]:
    counts: dict[str, Counter[str]] = {status: Counter() for status in _ENDED}
    for room in rooms:
        if room.get("status") in counts:
            counts[room["status"]]["zero" if room.get("complate_date") == ZERO_DATE else "real"] += 1
    for status, kinds in counts.items():
        pooled = {kind: count for kind, count in kinds.items() if count >= LEAST}
        if pooled:
            yield status, pooled


def _ties(rooms: Sequence[Room]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    sweeps: Counter[str] = Counter()
    for name in ("reg_date", "complate_date"):
        counts = Counter(str(room.get(name)) for room in rooms if room.get(name) != ZERO_DATE)
        shared = sum(count for count in counts.values() if count > 1)
        if shared >= LEAST:
            found[name] = shared
        if name == "complate_date":
            sweeps.update(time[11:] for time, count in counts.items() if count >= LEAST and as_time(time))
    if sweeps:
        found["sweeps"] = sorted(sweeps)[:24]
    return found


def _tree(rooms: Iterable[Room]) -> list[list[int]]:
    """By category its divisions, the most used first; small ones together as the last."""
    pairs = Counter((str(room.get("category_id")), str(room.get("division_id"))) for room in rooms)
    ordered = sorted(pairs.items())
    tree = [
        _branch([count for _pair, count in some])
        for _category, some in groupby(ordered, lambda item: item[0][0])
    ]
    return sorted((branch for branch in tree if branch), key=lambda branch: -sum(branch))


def _branch(counts: list[int]) -> list[int]:
    kept = sorted((count for count in counts if count >= LEAST), reverse=True)
    rest = sum(count for count in counts if count < LEAST)
    return kept + ([rest] if rest >= LEAST else [])


def _fields(rooms: Sequence[Room]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in dict.fromkeys(name for room in rooms[:200] for name in room):
        values = [room.get(name) for room in rooms]
        texts = [value for value in values if isinstance(value, str) and value]
        told: dict[str, Any] = {
            "null": _share(sum(value is None for value in values), len(rooms)),
            "empty": _share(sum(value == "" for value in values), len(rooms)),
        }
        if len(texts) >= LEAST:
            told["lengths"] = sorted(quantiles(map(len, texts), 4))
        yield name, told


def _share(count: int, of: int) -> float:
    """A share; that of a few, or of all but a few, is none or all."""
    if count < LEAST:
        return 0.0
    return 1.0 if of - count < LEAST else round(count / of, 4)


def _wire(exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """How long answers took, and how they were written."""
    latency = {}
    for endpoint in ("rooms", "messages"):
        took = sorted(
            one.response.seconds * 1000
            for one in exchanges
            if one.response and one.request.endpoint == endpoint
        )
        if len(took) >= LEAST:
            latency[endpoint] = [round(took[int(part * (len(took) - 1))], 1) for part in (0.5, 0.9, 0.99)]
    answers = [
        one.response for one in exchanges if one.response is not None and one.request.endpoint == "rooms"
    ]
    types = Counter(answer.headers.get("content-type", "") for answer in answers)
    wire: dict[str, Any] = {}
    if types:
        wire = {
            "content_type": types.most_common(1)[0][0],
            "gzip": any("gzip" in answer.headers.get("content-encoding", "") for answer in answers),
            "escapes": any(b"\\u" in answer.body for answer in answers),
        }
    return {name: table for name, table in (("latency", latency), ("wire", wire)) if table}
