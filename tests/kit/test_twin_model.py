"""The model of a twin: whole answers of another API, predicted from its rooms and its answers.

`python -m tests.kit.test_twin_model` writes tests/golden/predicted.json anew where other predictions are meant.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice, permutations
from pathlib import Path
from random import Random
from typing import Any

import pytest

from happytalk_contract.core.model import Exchange, Request, Response
from happytalk_contract.evidence.views import rooms_view
from happytalk_contract.questions import draws
from happytalk_contract.questions.meaning import rooms
from happytalk_contract.twin.decide import ORDER, holds
from happytalk_contract.twin.forms import plainest
from happytalk_contract.twin.model import Expected, Listed, Refused, predictions, ways
from happytalk_contract.twin.probes import pool
from happytalk_contract.twin.ties import SeenList, crossing, learnt, other_lists, pages_of_ties
from happytalk_contract.twin.world import World
from happytalk_mock.spec import resources

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.kit import fake_api
from tests.kit.score_rival import NOW
from tests.kit.score_twin import truth
from tests.kit.test_plans import digest
from tests.rival import Request as RivalRequest
from tests.rival import RivalApi, legal_combo
from tests.rival.api import CHAT_PATH, TOKEN
from tests.rival.legal import LEGAL, answers_of

GOLDEN = Path(__file__).parents[1] / "golden" / "predicted.json"
TODAY = NOW.date()
#: What no profile says: ties that depend on the limit or the filter.
UNRULY = {"ties=by-limit", "ties=by-filter"}
#: Behaviours that no well-formed question with the right token shows.
ELSEWHERE = ("m-", "http", "failure", "parcel", "form", "ht-")
SHOWN = sorted(
    name
    for name, one in LEGAL.items()
    if one.kind == "open" and name not in UNRULY and not one.question.startswith(ELSEWHERE)
)


def world_of(api: RivalApi) -> World:
    stored = [
        room
        for room in api.store.rooms
        if not (api.answers["bot-rooms"] == "hidden" and room["status"] < "0")
    ]
    if api.answers["ties"] == "reversed":
        stored = stored[::-1]
    return World(stored, (TODAY - timedelta(days=61), TODAY), TODAY)


def asked(api: RivalApi, params: dict[str, Any]) -> tuple[Request, Response]:
    request = rooms(params)
    body = (request.body or b"").replace(b"${HAPPYTALK_TOKEN}", TOKEN.encode())
    reply = api.handle(RivalRequest(method="POST", path=CHAT_PATH, headers={}, body=body))
    return request, Response(status=reply.status, headers={}, body=reply.body, seconds=0.0)


def profile(names: tuple[str, ...]) -> dict[str, str]:
    known = {
        question: next(iter(fits)) for question, fits in truth(answers_of(names)).items() if len(fits) == 1
    }
    return {**known, "page_invalid.huge": "past_end"}


def play(names: tuple[str, ...], seed: int, questions: int) -> int:
    """Ask at random; returns how many answers were predicted, all of them rightly."""
    api = RivalApi(legal=names, seed=1, now=NOW)
    world, answers, random = world_of(api), profile(names), Random(seed)
    told = 0
    for turn in range(questions):
        draw = draws.documented if turn % 2 else draws.odd
        params = draw(random, within=(TODAY - timedelta(days=30), TODAY))
        request, response = asked(api, params)
        expected = predictions(params, answers, world)
        view = rooms_view(Exchange(number=1, started=NOW.timestamp(), request=request, response=response))
        if expected:
            told += 1
            assert any(holds(one, view, world) for one in expected), (names, params, response.body[:200])
    return told


@pytest.mark.parametrize("name", SHOWN)
def test_the_model_predicts_what_another_api_answers(name: str) -> None:
    assert play((name,), seed=3, questions=30) > 20


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 9))
def test_the_model_predicts_combinations(seed: int) -> None:
    names = tuple(
        name
        for name in legal_combo(seed)
        if name not in UNRULY and not name.startswith(("ht-", "half-range=open", "more-room"))
    )
    assert play(names, seed=seed, questions=60) > 20


def room(one: str, registered: str, ended: str = "0000-00-00 00:00:00", status: str = "2") -> dict[str, Any]:
    return {"id": one, "reg_date": registered, "complate_date": ended, "status": status}


def listed(key: str, falling: bool, *rooms: dict[str, Any]) -> SeenList:
    return SeenList(key=key, falling=falling, rooms=rooms)


A, B, C = (
    room("b", "2026-11-01 10:00:00", "2026-11-01 12:00:00"),
    room("a", "2026-11-01 10:00:00", "2026-11-01 12:00:00"),
    room("c", "2026-11-01 09:00:00", "2026-11-01 12:00:00"),
)


def test_ties_that_stand_alike_in_both_directions_are_kept() -> None:
    found = learnt([listed("reg_date", True, A, B, C), listed("reg_date", False, C, A, B)])
    assert found.directions == {"kept"}
    assert [one["id"] for one in found.rooms].index("b") < [one["id"] for one in found.rooms].index("a")


def test_ties_that_turn_round_are_told() -> None:
    assert learnt([listed("reg_date", True, A, B), listed("reg_date", False, B, A)]).directions == {"turned"}


def test_rooms_by_id_are_told_from_rooms_as_inserted() -> None:
    by_id = learnt([listed("complate_date", False, B, A, C)])
    assert by_id.orders == {"id"}
    inserted = learnt([listed("complate_date", False, A, C, B)])
    assert inserted.orders == {"insertion"}


def test_lists_that_no_one_order_explains_keep_their_ranks() -> None:
    found = learnt([listed("reg_date", False, A, B), listed("complate_date", False, B, A)])
    assert not found.is_consistent
    assert found.ranks["complate_date asc"] == {"a": 1, "b": 2}


def test_what_is_not_known_is_predicted_each_way() -> None:
    world = World([A, B, C], (date(2026, 11, 1), TODAY), TODAY)
    both = predictions(
        {"ndate": "2026-11-01", "limit": 0}, {"tie_order": "id", "tie_direction": "kept"}, world
    )
    assert Refused("parameter.limit") in both
    assert {len(one.ids) for one in both if isinstance(one, Listed)} == {3, 1}


def test_days_that_were_not_read_are_not_predicted() -> None:
    world = World([A], (date(2026, 11, 1), TODAY), TODAY)
    assert not predictions({"ndate": "2026-10-31"}, {}, world)


def test_of_the_forms_of_a_room_the_documented_one_is_kept() -> None:
    (sample,) = resources.documented("chat_room_lists.success")["data"]["chat_list"][:1]
    plain, number, other = {**sample, "id": "a"}, {**sample, "id": "a", "out_api": 9}, {**sample, "id": "b"}
    short = {**plain, "complate_date": "2026-11-28 10:00"}
    for odd in (number, short):
        assert plainest([odd, other], [odd, plain, other]) == (plain, other)
    ended = {**plain, "status": "2"}  # what changed while it was read is no odd form
    assert plainest([ended, other], [plain, ended, other]) == (ended, other)


# --- what is predicted stays what it is ----------------------------------------------------------------------


def known_world(*, exact: bool = True) -> World:
    """Three weeks, where two rooms a day tie by registration and every fourth by completion."""
    stored = fake_api.rooms(days=20, per_day=7)
    for at, one in enumerate(stored):
        if at % 4 == 0 and one["complate_date"] > "2":
            one["complate_date"] = one["complate_date"][:11] + "18:00:00"
    window = (fake_api.TODAY - timedelta(days=25), fake_api.TODAY)
    return World(stored, window, fake_api.TODAY, exact=exact)


def in_short(expected: frozenset[Expected]) -> list[str]:
    return sorted(
        one.cause
        if isinstance(one, Refused)
        else f"{len(one.ids)} of {one.total}, {one.page} {one.limit}, {digest(one.ids)[:6]}"
        for one in expected
    )


def predicted() -> Iterator[tuple[str, list[Any]]]:
    """Of each open question, what each answer predicts; a usual profile, one of periods, and none beside."""
    world, questions = known_world(), resources.open_questions().questions
    first = {name: next(iter(one.answers)) for name, one in questions.items() if one.answers}
    last = {name: [*one.answers][-1] for name, one in questions.items() if one.answers} | {
        "longest_period": "7"
    }
    for question in ORDER:
        for name, profile in (("first", first), ("last", last), ("no", {})):
            asked = [*islice(pool(question, world), 12)]
            told = [
                [one, in_short(found)]
                for params in (*asked[:2], *asked[2::3])
                for one, found in ways(params, question, profile, world)
            ]
            yield f"{question}, {name} answers", [len(told), digest(told), told[0]]
    for order in ("id", "id_falling", "registration", "insertion"):
        for turn in ("kept", "turned"):
            answers = {**first, "tie_order": order, "tie_direction": turn}
            for key in ("reg_date", "complate_date"):
                told = [
                    in_short(
                        predictions({**days, "sort_key": key, "sort_value": value, **more}, answers, world)
                    )
                    for days in ({"ndate": "2026-11-03"}, {"sdate": "2026-10-20", "edate": "2026-11-04"})
                    for value in ("asc", "desc")
                    for more in (
                        {"limit": 50},
                        {"limit": 7, "page": 3},
                        {"status": 2},
                        {"status": 0, "limit": 3},
                    )
                ]
                yield f"{key} by {order}, {turn}", [digest(told), *told[:2]]


def of_ties() -> Iterator[tuple[str, list[Any]]]:
    """What lists show of the order of ties: of any two orders of four rooms, some of one second."""
    some = [
        room(one, f"2026-11-01 10:00:0{begun}", f"2026-11-01 12:00:0{ended}")
        for one, begun, ended in (("b", 0, 5), ("a", 0, 5), ("d", 1, 5), ("c", 1, 6))
    ]
    for key in ("reg_date", "complate_date"):
        for falling in (True, False):
            told = []
            for order in permutations(some):
                listed_as = sorted(order, key=lambda one: str(one[key]), reverse=falling)
                found = learnt([listed("reg_date", True, *some[::-1]), listed(key, falling, *listed_as)])
                ids = "".join(one["id"] for one in found.rooms)
                told.append([ids, sorted(found.directions), sorted(found.orders), found.pairs, found.ranks])
            yield f"ties by {key}, falling {falling}", [digest(told), told[0]]
    world = known_world()
    for key in ("reg_date", "complate_date"):
        pages = [pages_of_ties(world.rooms, key, limit) for limit in (1, 7, 50)]
        yield f"pages of ties by {key}", [crossing(world.rooms, key), pages]
    for longest in (None, 31, 7, 1):
        yield f"lists with ties, {longest} days", [*other_lists(world, longest)]
    yield "tied", [len(world.tied()), sorted(map(len, world.tied()))]
    loose = known_world(exact=False)
    ids = [one["id"] for one in loose.rooms]
    yield (
        "alike",
        [
            loose.alike(one, other, key)
            for key in ("reg_date", "complate_date")
            for one, other in (
                (ids[:2], ids[:2]),
                (ids[2:4], ids[3:1:-1]),
                (ids[:2], ids[1:3]),
                (["x"], ["y"]),
            )
        ],
    )


def golden() -> dict[str, list[Any]]:
    """All that is predicted."""
    return dict((*predicted(), *of_ties()))


def test_what_is_predicted_stays_what_it_is() -> None:
    assert json.loads(json.dumps(golden())) == json.loads(GOLDEN.read_text("utf-8"))


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(golden(), ensure_ascii=False, indent=1) + "\n", "utf-8")
