"""Made data stay what they are: a seed gives the same rooms and messages as ever, to the byte.

What they must be like is tested elsewhere; here any change of them is seen. Where one is meant:
`python tests/test_making.py` writes the digests anew, and the change belongs into the changelog.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from faker import Factory

from happytalk_mock import MockServer
from happytalk_mock.cli.commands import main
from happytalk_mock.core.clock import Clock
from happytalk_mock.data import pools
from happytalk_mock.data.rooms.korean import KoreanFaker
from happytalk_mock.state.settings import Settings

GOLDEN = Path(__file__).parent / "golden" / "making.json"
#: Moments at which the visible part of the data is special: office hours, midnight, a leap day, the turn of the
#: year, a Sunday night, the days of Seollal and Chuseok, before the service's beginning, far in the future.
MOMENTS = (
    "2026-11-20T15:30:00", "2026-11-20T00:00:00", "2024-02-29T00:00:05", "2026-12-31T23:59:59",
    "2027-01-01T09:00:00", "2026-11-22T03:00:00", "2027-02-07T12:00:00", "2026-09-25T18:45:10",
    "2022-05-26T13:00:00", "2009-08-15T10:10:10", "2051-03-01T08:59:59",
)  # fmt: skip


def cases() -> Iterator[tuple[str, list[str]]]:
    """What is made: a name, and the options that make it."""
    for index, moment in enumerate(MOMENTS):
        for seed in (1, 2 + index):
            yield (
                f"seed {seed}, {moment}",
                ["--seed", str(seed), "--now", moment, "--rooms", "400", "--days", "12"],
            )
    for rooms, days in ((1, 1), (7, 1), (60, 400), (500, 30), (3000, 5), (6000, 120), (5001, 2)):
        options = ["--now", MOMENTS[0], "--rooms", str(rooms), "--days", str(days)]
        yield f"{rooms} rooms in {days} days", options
    for token in ("a", "다른 고객", "x" * 64):
        yield f"token {token[:8]}", ["--now", MOMENTS[0], "--rooms", "300", "--token", token]
    for name in ("ties", "one-busy-day", "midnight"):
        yield f"scenario {name}", ["--scenario", name, "--now", MOMENTS[0]]
    for form in ("csv", "table"):
        yield f"as {form}", ["--now", MOMENTS[0], "--rooms", "120", "--format", form]


def digests() -> dict[str, str]:
    """The digest of everything that is made."""
    found = {}
    for name, options in cases():
        made = CliRunner().invoke(main, ["rooms", "--format", "jsonl", *options])
        assert made.exit_code == 0, made.output
        found[name] = _digest(made.output)
    for seed in (1, 2, 3):
        with MockServer(port=None, seed=seed, now=MOMENTS[0]) as server:
            for token in ("a", "b", "다른 고객"):
                with server.tenant(token) as tenant:
                    tenant.generate(rooms=1, days=1)
                    found[f"messages of seed {seed}, {token}"] = _digest(json.dumps(tenant.messages))
    for module in pkgutil.iter_modules(pools.__path__):  # what is drawn from, down to a price none drew here
        words = vars(importlib.import_module(f"{pools.__name__}.{module.name}"))
        own = {name: words[name] for name in words if name[0].isupper() and not isinstance(words[name], type)}
        # A set read from a compiled file has another order than one read from the source.
        own = {name: sorted(each) if isinstance(each, frozenset) else each for name, each in own.items()}
        found[f"the pool of {module.name}"] = _digest(re.sub(" at 0x[0-9a-f]+", "", repr(own)))
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@pytest.mark.slow
def test_a_seed_gives_the_same_data_as_ever() -> None:
    expected, made = json.loads(GOLDEN.read_text("utf-8")), digests()
    assert {name: made.get(name) for name in expected} == expected
    assert made.keys() == expected.keys()


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(digests(), ensure_ascii=False, indent=1) + "\n", "utf-8")


@pytest.mark.slow
def test_names_are_fakers_own() -> None:
    for seed in range(5):
        faker = Factory.create("ko_KR")
        faker.seed_instance(seed)
        own = KoreanFaker(seed)
        assert [own.name() for _ in range(300)] == [faker.name() for _ in range(300)]  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["2026-11-20T15:30:00", "2026-02-18T00:00:00"])
def test_every_seed_has_the_ties_that_the_page_promises(moment: str) -> None:
    for seed in range(100, 120):
        tenant = next(iter(Settings(seed=seed, now=moment).mock().tenants))
        rooms = list(tenant.rooms.rooms(Clock.parse(moment).second()))
        begun = Counter(room["reg_date"] for room in rooms)
        ended = Counter(
            room["complate_date"] for room in rooms if str(room["complate_date"]).endswith(" 18:00:00")
        )
        assert sum(number for number in begun.values() if number > 1) >= 4
        assert sum(number for number in ended.values() if number > 1) >= 8
