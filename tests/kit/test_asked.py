"""What there is to ask is held: every question by its words, what each is worth, and what a seed draws.

A run asks what is worth most, so no single run shows all. `python -m tests.kit.test_asked` writes
tests/golden/asked.json anew where other questions are meant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from happytalk_contract.core.clock import Clock
from happytalk_contract.core.control import Control
from happytalk_contract.engine.aims import message_steps, room_steps
from happytalk_contract.engine.cover import points
from happytalk_contract.engine.explore import first_questions
from happytalk_contract.engine.plan import Step
from happytalk_contract.engine.scout import Account
from happytalk_contract.engine.session import Desk
from happytalk_contract.questions import draws, probes
from happytalk_contract.questions.meaning import SORT_KEYS, SORT_VALUES, meaning
from happytalk_contract.twin.drawing import drawn
from happytalk_contract.twin.probes import VALUES, pool
from happytalk_contract.twin.world import World

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit.fake_api import NOW, TODAY, rooms
from tests.kit.test_plans import digest

GOLDEN = Path(__file__).parents[1] / "golden" / "asked.json"
DAY, OTHER = TODAY - timedelta(days=4), TODAY - timedelta(days=9)
WINDOW = (TODAY - timedelta(days=13), TODAY - timedelta(days=1))
HEADERS = {"HT-Client-Id": "${HAPPYTALK_CLIENT_ID}", "HT-Client-Secret": "${HAPPYTALK_CLIENT_SECRET}"}


def account(window: tuple[date, date] = WINDOW, **more: Any) -> Account:
    stored = rooms(days=14, per_day=12)
    days: dict[date, int] = {}
    for one in stored:
        day = date.fromisoformat(one["reg_date"][:10])
        days[day] = days.get(day, 0) + 1
    given: dict[str, Any] = {"has_today": True, "total": 700, "days": days, **more}
    return Account(window=window, span=window, rooms=tuple(stored), **given)


ACCOUNTS: dict[str, Account | None] = {
    "two weeks": account(),
    "two weeks and a busy day": account(busy=DAY, has_today=False),
    "one day": account((DAY, DAY), has_today=False, days={DAY: 12}, total=12),
    "no rooms": None,
}
LISTED = [
    {"id": number, "status": status, "inspectStatus": inspected}
    for number, status, inspected in zip(
        (3, 9, 10, 11, 175, 177, 178, 250), "AATASASA", ("APR", "APR", "REQ", "REJ") * 2, strict=True
    )
]


def desk(*, client: bool) -> Desk:
    """One that asks nothing."""
    return Desk(
        send=lambda _request: pytest.fail("nothing is asked to know what there is to ask"),
        control=Control(max_requests=300),
        clock=Clock(lambda: NOW),
        seed=3,
        client=client,
    )


def steps(some: Iterable[Step]) -> list[Any]:
    return [(one.endpoint, one.cost, one.is_bracketed, *one.points.items()) for one in some]


def documented() -> list[dict[str, Any]]:
    """Documented questions of each kind of days, pages, orders and sizes."""
    spans: list[dict[str, Any]] = [{}, {"ndate": None}, {"ndate": DAY.isoformat()}]
    for first, last in (
        (DAY, DAY),
        (DAY, DAY + timedelta(days=1)),
        WINDOW,
        (OTHER, DAY),
        (WINDOW[0] - timedelta(days=50), WINDOW[1]),
    ):
        ends = {"sdate": first.isoformat(), "edate": last.isoformat()}
        spans += [ends, {**ends, "ndate": DAY.isoformat()}, {**ends, "ndate": None}]
    rest = [
        {"limit": limit, "page": page} for limit, page in ((1, 1), (3, 2), (20, 2), (50, 1), (50, 9), (49, 3))
    ]
    orders = [
        {"status": 2, "sort_key": key, "sort_value": value} for key, value in product(SORT_KEYS, SORT_VALUES)
    ]
    return [
        {**span, **one}
        for span in spans
        for one in ({}, *rest, *orders, {"status": 99, "limit": 50}, {"status": 3})
    ]


def world() -> World:
    return World(tuple(rooms(days=20, per_day=7)), (TODAY - timedelta(days=25), TODAY), TODAY)


def made() -> dict[str, list[Any]]:
    """Everything that there is to ask, by kind."""
    both = (True, False)
    found: dict[str, list[Any]] = {
        "tokens": [
            one
            for client in both
            for day in (None, DAY.isoformat())
            for one in probes.token_probes(day, client=client)
        ],
        "unremembered": [*probes.unremembered({"limit": 2}, client=True)],
        "odd parameters": [
            *probes.odd_params(DAY.isoformat(), OTHER.isoformat()),
            *probes.more_odd_params(DAY.isoformat()),
        ],
        "nested": [*probes.nested(DAY.isoformat())],
        "dates": [
            one
            for month in (None, date(2026, 11, 1), date(2026, 10, 1))
            for one in probes.date_probes(DAY, OTHER, month)
        ],
        "elsewhere": [one for client in both for one in probes.elsewhere(client=client)],
        "bodies": [one for client in both for one in probes.odd_bodies(client=client)],
        "refusals": [
            *probes.message_refusals(HEADERS),
            *probes.message_refusals_by_id(HEADERS, 175),
            *probes.message_refusals({}),
            probes.ODD_IDS,
        ],
        "first questions": [*first_questions(TODAY, frozenset({"rooms", "messages"}), client=True)],
        "messages": [
            one
            for client in both
            for listed in (LISTED, LISTED[:3], [])
            for one in steps(message_steps(desk(client=client), listed))
        ],
        "points": [
            sorted(points(params, one, TODAY).items(), key=repr)
            for one in ACCOUNTS.values()
            if one
            for params in documented()
        ],
        "meant": [
            replace(means, open=tuple(sorted(means.open)))
            for means in (
                meaning(params)
                for params, _why in (
                    *probes.odd_params(DAY.isoformat(), OTHER.isoformat()),
                    *probes.more_odd_params(DAY.isoformat()),
                )
            )
        ],
    }
    for name, one in ACCOUNTS.items():
        found[f"rooms, {name}"] = [
            two for client in both for two in steps(room_steps(desk(client=client), one))
        ]
    for seed in (1, 2):
        random = Random(seed)
        found[f"drawn by {seed}"] = [
            *(
                [make(random, within=WINDOW) for _ in range(150)]
                for make in (draws.documented, draws.dates, draws.odd)
            ),
            *([make(random) for _ in range(150)] for make in (draws.odd_body, draws.odd_id)),
        ]
        for client, ids in ((True, [175, 177]), (False, []), (True, [])):
            found[f"drawn for a twin by {seed}, {client}, {ids}"] = [
                *islice(drawn(random, WINDOW, ids, client=client), 250)
            ]
    for question in (
        *VALUES,
        "single_date",
        "open_range_period",
        "reversed_dates",
        "empty_date",
        "bad_date.form",
        "bad_date.type",
        "bad_date.no_such_day",
    ):
        found[f"of {question}"] = [*pool(question, world())]
    return found


def golden() -> dict[str, list[Any]]:
    """How many there are of each kind, and what stands for them."""
    return {name: [len(found), digest(found)] for name, found in made().items()}


def test_what_there_is_to_ask_stays_what_it_is() -> None:
    assert golden() == json.loads(GOLDEN.read_text("utf-8"))


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), indent=1) + "\n", "utf-8")
