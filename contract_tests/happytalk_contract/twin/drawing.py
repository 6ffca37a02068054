"""Questions drawn at random to hold a twin against the API it was learnt from, each of a class.

All are about days that were recorded; which ones are drawn depends on the seed alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any, Final, Literal

from happytalk_contract.core.model import Request, Window, cut_placeholder
from happytalk_contract.questions import draws
from happytalk_contract.questions.meaning import CLIENT_HEADERS, TOKEN, messages, rooms, rooms_raw
from happytalk_contract.questions.probes import TOKENS, WRONG, elsewhere, odd_bodies

Class = Literal["valid", "boundary", "odd", "refused", "messages"]

CLASSES: Final[tuple[Class, ...]] = ("valid", "boundary", "odd", "refused", "messages")
_WEIGHTS: Final = (45, 20, 20, 10, 5)
_EDGES: Final[tuple[dict[str, Any], ...]] = (
    {"limit": 0}, {"limit": 51}, {"limit": 100}, {"limit": -1}, {"page": 0}, {"page": -1}, {"page": 99},
    {"limit": "5"}, {"page": "2"}, {"status": "2"}, {"status": 4}, {"status": 7}, {"limit": None}, {"page": None},
    {"sort_key": None}, {"sort_value": "ASC"}, {"sort_key": "id"}, {"unknown": "x"}, {"status": None},
)  # fmt: skip


def drawn(random: Random, within: Window, ids: list[int], *, client: bool) -> Iterator[tuple[Class, Request]]:
    """One question after the other, without end."""
    make: dict[Class, Callable[[], Request]] = {
        "valid": lambda: rooms(draws.documented(random, within=within), why="valid", client=client),
        "boundary": lambda: rooms(_boundary(random, within), why="boundary", client=client),
        "odd": lambda: rooms(draws.odd(random, within=within), why="odd", client=client),
        "refused": lambda: _refused(random, within, client=client),
        "messages": lambda: _about_messages(random, ids, client=client),
    }
    classes = CLASSES if client else CLASSES[:-1]
    while True:
        one = random.choices(classes, _WEIGHTS[: len(classes)])[0]
        yield one, make[one]()


def _boundary(random: Random, within: Window) -> dict[str, Any]:
    params = draws.documented(random, within=within)
    if random.random() < 0.6:
        return {**params, **random.choice(_EDGES)}
    first, last = sorted(
        within[0] + timedelta(days=random.randint(0, (within[1] - within[0]).days)) for _ in "ab"
    )
    rest = {name: value for name, value in params.items() if name not in ("ndate", "sdate", "edate")}
    dates = random.choice(
        (
            {"sdate": last.isoformat(), "edate": first.isoformat()},
            {"sdate": first.isoformat()},
            {"sdate": first.isoformat(), "ndate": last.isoformat()},
            {"ndate": ""},
            {"ndate": None},
            {},
            {"sdate": "", "edate": "", "ndate": first.isoformat()},
            {"ndate": f"{first:%Y%m%d}"},
            {"ndate": f"{first:%Y/%m/%d}"},
        )
    )
    return {**rest, **dates}


def _refused(random: Random, within: Window, *, client: bool) -> Request:
    params = draws.documented(random, within=within)
    kind = random.random()
    if kind < 0.5:
        token, _why = random.choice(TOKENS)
        return rooms(params, why="refused: token", token=token, client=client)
    if kind < 0.6 and client:
        return rooms(params, why="refused: without the HT headers")
    others = [*elsewhere(client=client), *[*odd_bodies(client=client)][:7]]
    if kind < 0.7:
        body = b'{"token":"' + TOKEN.encode() + b'","limit":3'
        return rooms_raw(body, why="refused: JSON cut short", client=client)
    return random.choice(others)


def _about_messages(random: Random, ids: list[int], *, client: bool) -> Request:
    headers = dict(CLIENT_HEADERS)
    known = str(random.choice(ids)) if ids else "1"
    return random.choice(
        (
            messages(headers=headers, why="the list"),
            messages(headers=headers, message_id=known, why="by id"),
            messages(headers=headers, message_id=str(random.randint(900000, 999999)), why="an unknown id"),
            messages(
                headers=headers, message_id=random.choice(("abc", "1x", "가")), why="an id of no number"
            ),
            messages(headers=headers, sender_key=None, why="without senderKey"),
            messages(headers=headers, sender_key=WRONG, why="a wrong senderKey"),
            messages(headers={**headers, "HT-Client-Id": WRONG}, why="a wrong HT-Client-Id"),
            messages(
                headers=headers,
                sender_key=cut_placeholder("HAPPYTALK_SENDER_KEY"),
                why="a senderKey cut short",
            ),
        )
    )
