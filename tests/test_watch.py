"""`--watch`: a scenario file that was saved is served; a broken one changes nothing and is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from happytalk_mock import MockServer
from happytalk_mock.cli.watch import Watch
from happytalk_mock.testing.hosting import InProcessAdmin

TWO, THREE = ('[[rooms]]\ncount = 2\nstatus = "0"\n', '[[rooms]]\ncount = 3\nstatus = "0"\n')


class Watched:
    """A file that is watched for a mock, and what was told of it."""

    def __init__(self, file: Path) -> None:
        self.file, self.told, self.time = file, list[tuple[str, dict[str, Any]]](), 10**9
        self.save(TWO)
        self.server = MockServer(port=None, scenario=str(file))
        self.watch = Watch(file, InProcessAdmin(self.server.app), self.tell)

    def tell(self, text: str, **fields: Any) -> None:
        self.told.append((text, fields))

    def save(self, text: str) -> None:
        self.file.write_text(text, "utf-8")
        self.time += 1
        os.utime(self.file, (self.time, self.time))

    def look(self) -> int:
        """How many rooms there are after two looks."""
        self.watch.look()
        self.watch.look()
        return len(self.server.happytalk.rooms)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path / "mine.toml")


def test_a_saved_file_is_served(watched: Watched) -> None:
    assert watched.look() == 2
    assert watched.told == []
    watched.server.happytalk.add_room()
    watched.server.happytalk.freeze("2026-11-20 15:00:00")
    watched.save(THREE)
    assert watched.look() == 3
    ((text, fields),) = watched.told
    assert fields == {"event": "scenario-loaded", "file": "mine.toml", "rooms": 3}
    assert "3 rooms" in text
    assert "no change by hand" in text
    assert watched.server.happytalk.now.day == 20
    assert watched.look() == 3
    assert len(watched.told) == 1


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ("rooms = [", "mine.toml: not TOML"),
        ('[[rooms]]\nstatus = "9"\n', "mine.toml: rooms[0].status: received"),
        (
            '[[rooms]]\nreg_date = "2026-11-20 10:00:00"\ncomplate_date = "2026-11-19 10:00:00"\n',
            "complate_date",
        ),
    ],
)
def test_a_broken_file_changes_nothing_and_is_told(watched: Watched, broken: str, why: str) -> None:
    watched.server.happytalk.add_room()
    watched.save(broken)
    assert watched.look() == 3
    ((text, fields),) = watched.told
    assert why in text
    assert text.endswith("; the data stay as they were")
    assert fields["event"] == "scenario-refused"
    watched.save(THREE + THREE)
    assert watched.look() == 6


def test_a_file_that_is_being_written_is_left_alone(watched: Watched) -> None:
    watched.save("rooms = [")
    watched.watch.look()
    watched.save(THREE)
    watched.watch.look()
    assert watched.told == []
    assert watched.look() == 3


def test_a_file_that_is_gone_is_told_once(watched: Watched) -> None:
    watched.file.unlink()
    assert watched.look() == watched.look() == 2
    ((text, _),) = watched.told
    assert "cannot be read" in text
    watched.save(THREE)
    assert watched.look() == 3
