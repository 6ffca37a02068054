"""What `--state` holds and costs: kill -9 in the middle of changes, replicas beside one model, reads with and without.

    python benchmarks/state.py [--kills 1000] [--postgres-kills 100] [--examples 60] [--seconds 4] [--only kills …]

Changes are made without a pause by three clients while one process of three is killed at random moments; each that is
killed is started again and makes every change once more. What was acknowledged must be there, whole, in the state as
a fresh start reads it. PostgreSQL is one of its own, where it is installed; `wrk` makes the load of the reads.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from threading import Thread
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from hypothesis import settings as examples
from hypothesis.stateful import run_state_machine_as_test
from serving import FIXED, ROOMS, load

from happytalk_mock.core.errors import AdminError
from postgres import binaries, postgres
from replicas import Replicas
from served import Served, serve

#: Kills between two looks at all that is there.
LOOK = 25


class Writers:
    """Three clients that add three rooms at a time, and what they know."""

    def __init__(self) -> None:
        self.sure: set[str] = set()
        self.asked: set[str] = set()
        self.slowest = 0.0
        self._stop = False
        self._threads: list[Thread] = []

    def begin(self, server: Served, turn: int) -> None:
        """Begins to write."""
        self._stop = False
        self._threads = [Thread(target=self._write, args=(server, f"{turn}.{each}")) for each in "xyz"]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Writes no more."""
        self._stop = True
        for thread in self._threads:
            thread.join()

    def _write(self, server: Served, name: str) -> None:
        number = 0
        while not self._stop:
            number += 1
            titles = [f"{name}.{number}-{part}" for part in "abc"]
            self.asked.update(titles)
            began = time.monotonic()
            try:
                server.admin.call("POST", "/rooms", [{"title": title} for title in titles])
            except (OSError, HTTPException, AdminError):
                continue
            self.slowest = max(self.slowest, time.monotonic() - began)
            self.sure.update(titles)
            time.sleep(0.02)

    def judge(self, server: Served) -> tuple[int, int]:
        """How many acknowledged changes are lost, and how many are torn or were never asked for."""
        found = server.titles()
        torn = {each[:-2] for each in found} - {each[:-2] for each in found if each.endswith("-a")}
        torn |= {each[:-2] for each in found if not {f"{each[:-2]}-{part}" for part in "abc"} <= found}
        return len(self.sure - found), len(torn) + len(found - self.asked)


def kills(name: str, place: str, number: int) -> None:
    """Kills one of three processes so many times."""
    writers, lost, torn, done, began = Writers(), 0, 0, 0, time.monotonic()
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        options = ("--state", place, "--rooms", 0)
        while done < number:
            with serve(Path(folder), *options, "--workers", 3) as server:
                writers.begin(server, done)
                for _ in range(min(LOOK, number - done)):
                    # Where changes wait for a lease to end, some are to come through between two kills.
                    time.sleep(chance.uniform(0.02, 0.4) if "://" not in place else chance.uniform(0.1, 4))
                    with suppress(ProcessLookupError, IndexError):  # it is just being started again
                        os.kill(chance.choice(server.children()), signal.SIGKILL)
                        done += 1
                writers.end()
                server.kill()  # and the one that started them, last
            with serve(Path(folder), *options) as server:
                now_lost, now_torn = writers.judge(server)
                lost, torn = max(lost, now_lost), max(torn, now_torn)
    print(
        f"{name}: {done} times kill -9 in {time.monotonic() - began:.0f} s: {len(writers.sure) // 3} acknowledged "
        f"changes of three rooms, {lost} rooms lost, {torn} torn; slowest change {writers.slowest:.1f} s",
        flush=True,
    )


def models(name: str, number: int, place: Any) -> None:
    """Three replicas beside one model, so many random histories of 30 operations."""

    class Here(Replicas):
        def place(self) -> str:
            self.where = place()
            return self.where

    began = time.monotonic()
    run_state_machine_as_test(
        Here, settings=examples(max_examples=number, stateful_step_count=30, deadline=None, database=None)
    )
    print(
        f"{name}: {number} histories equal one model in memory ({time.monotonic() - began:.0f} s)", flush=True
    )


def reads(folder: Path, seconds: int, rounds: int, places: dict[str, Any]) -> None:
    """Requests a second with and without, in turn."""
    script = folder / "fixed.lua"
    script.write_text(FIXED % ROOMS)
    figures: dict[str, list[float]] = {name: [] for name in places}
    for _ in range(rounds):
        for name, place in places.items():
            options = () if place is None else ("--state", place() if callable(place) else place)
            with serve(folder, *options, "--log", "never") as server:
                load(f"http://127.0.0.1:{server.port}{ROOMS}", script, 1, 8)
                figures[name].append(load(f"http://127.0.0.1:{server.port}{ROOMS}", script, seconds, 8)[0])
    plain = sorted(figures["without"])[rounds // 2]
    for name, found in figures.items():
        middle = sorted(found)[rounds // 2]
        print(f"reads a second at 8 connections, {name}: {middle:,.0f} ({middle / plain:.2f})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--postgres-kills", type=int, default=100)
    parser.add_argument("--examples", type=int, default=60)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--only", nargs="*", choices=["kills", "models", "reads"], default=["kills", "models", "reads"]
    )
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="happytalk-state-"))
    numbers = iter(range(1_000_000))
    try:
        measure(chosen, folder, lambda: str(folder / f"{next(numbers)}.db"), "SQLite", chosen.kills)
        if binaries() is None:
            print("PostgreSQL: left out, it is not installed here")
            return
        with postgres() as server:
            measure(chosen, folder, server.database, "PostgreSQL", chosen.postgres_kills)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def measure(chosen: argparse.Namespace, folder: Path, place: Any, name: str, number: int) -> None:
    """What was chosen, with the state in one kind of database."""
    if "kills" in chosen.only:
        kills(name, place(), number)
    if "models" in chosen.only:
        models(name, chosen.examples, place)
    if "reads" in chosen.only:
        reads(folder, chosen.seconds, chosen.rounds, {"without": None, name: place})


if __name__ == "__main__":
    main()
