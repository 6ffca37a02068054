"""A visit of the mock itself recovers every legal answer that can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from tests.kit import test_vocabulary as vocabulary

from happytalk_contract.core.control import Control
from happytalk_contract.core.model import SEOUL
from happytalk_contract.engine.runner import Settings, desk_of
from happytalk_contract.twin.visit import Visit, Visitor
from happytalk_mock import MockServer

pytestmark = pytest.mark.usefixtures("wireless")

#: Answers that no data shows, or that the mock gives no occasion to see.
UNSEEN = vocabulary.INDISTINGUISHABLE | {("tie_order", "registration")}


def visited(profile: Mapping[str, str], **more: Any) -> Visit:
    with MockServer(behaviour=dict(profile), seed=3, **more) as server:
        if more:  # registered before the others, and inserted after them
            server.happytalk.add_rooms(6, reg_date="2022-05-25 10:00:00", every="5m", status=0)
        settings = Settings(
            chat_url=server.url,
            message_url=None,
            credentials={
                "HAPPYTALK_TOKEN": server.token,
                "HAPPYTALK_CLIENT_ID": server.client_id,
                "HAPPYTALK_CLIENT_SECRET": server.client_secret,
            },
            target="mock",
            seed=1,
            now=lambda: server.mock.clock.now() if more else datetime.now(SEOUL),
            max_requests=500,
        )
        with desk_of(settings, Control(max_requests=500)) as desk:
            return Visitor(desk, days=30).go()


def named(profile: Mapping[str, str], visit: Visit) -> set[tuple[str, str]]:
    """The answers of a profile that a visit decides; what it decides is never another."""
    found = set()
    for question, answer in profile.items():
        made = visit.decisions[question]
        if made.answer is not None:
            assert made.answer == answer, (question, made)
            found.add((question, answer))
        elif made.candidates:
            assert answer in made.candidates, (question, answer, made)
    return found


@pytest.mark.slow
def test_every_answer_about_rooms_is_recovered() -> None:
    found = {pair for profile in vocabulary.ROOMS for pair in named(profile, visited(profile))}
    for ties in ("registration", "id", "id_falling", "insertion"):
        for direction in ("turned", "kept"):
            profile = {"tie_order": ties, "tie_direction": direction}
            found |= named(profile, visited(profile, scenario="ties"))
    wanted = {
        (question.id, answer) for question in vocabulary.of("rooms") for answer in vocabulary.legal(question)
    }
    assert wanted - found <= UNSEEN
