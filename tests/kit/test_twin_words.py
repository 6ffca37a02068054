"""How failures are worded: what an answer repeats of what was asked, and what only looks like it."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson
import pytest

from happytalk_contract.core.model import Exchange, Response
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.questions.meaning import rooms
from happytalk_contract.twin.decide import QUESTIONS
from happytalk_contract.twin.pseudonyms import Originals
from happytalk_contract.twin.words import failing
from happytalk_contract.twin.world import World

DAY = date(2026, 11, 28)
REFUSING = {name: one.default for name, one in QUESTIONS.items()} | {
    f"page_invalid.{case}": "failure" for case in ("zero", "negative", "text")
}


@pytest.mark.parametrize(
    ("message", "values", "learnt"),
    [
        ("page '{}'은(는) 쓸 수 없습니다", [0, -1, "abc"], "page '{value}'은(는) 쓸 수 없습니다"),
        ("page {} of 90 and -505", [0, -1, -1], "page {value} of 90 and -505"),
        ("parameter: page", [0, 0, -1, "abc"], "parameter: page"),
    ],
)
def test_a_value_is_repeated_where_each_answer_repeats_its_own(
    message: str, values: list[Any], learnt: str
) -> None:
    exchanges = [answered(number, value, message.format(value)) for number, value in enumerate(values, 1)]
    world = World((), (DAY, DAY), DAY)
    told = failing(Evidence(exchanges), REFUSING, world, Originals())["rooms"]["parameter.page"]
    assert orjson.loads(told.body) == {
        "result": "fail",
        "code": -505,
        "message": learnt,
        "request_id": "r-90",
    }


def answered(number: int, value: Any, message: str) -> Exchange:
    """A refusal with a number of its own around it, in which a value may be met by chance."""
    body = {"result": "fail", "code": -505, "message": message, "request_id": f"r-{89 + number}"}
    return Exchange(
        number=number,
        started=1_790_000_000.0,
        request=rooms({"ndate": DAY.isoformat(), "page": value}, why="odd"),
        response=Response(
            status=200, headers={"content-type": "application/json"}, body=orjson.dumps(body), seconds=0.1
        ),
    )
