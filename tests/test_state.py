"""State that outlives the process: what was acknowledged is there again, whatever ended the process, and whole."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest

from happytalk_mock.api.control import Control
from happytalk_mock.core.clock import at_moment
from happytalk_mock.core.errors import AdminError, ConfigurationError, StateLostError
from happytalk_mock.state import log as logs
from happytalk_mock.state.places import open_log
from happytalk_mock.state.settings import Settings
from happytalk_mock.testing.client import AdminClient
from happytalk_mock.testing.hosting import InProcessAdmin
from happytalk_mock.web.app import create_app
from served import Served, ask_messages, ask_rooms, serve

TOKEN = "happytalk-mock-token"
workers = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot hand a socket on")


@contextmanager
def mock(where: Path | str, **settings: Any) -> Iterator[InProcessAdmin]:
    """The admin API of a mock of this process with its state there."""
    made = Settings(**{"rooms": 20, "any_token": True, "now": "2026-11-20 15:00:00"} | settings)
    log = open_log(str(where), made.digests())
    with at_moment(log.started):
        control = Control(made.mock())
        ledger = control.keep_in(log)
    app = create_app(control)
    ledger.open()
    admin = InProcessAdmin(app)
    admin.control = control  # type: ignore[attr-defined]
    try:
        yield admin
    finally:
        control.close()
        ledger.close()


def test_the_newest_snapshot_is_kept_with_the_changes_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "TAIL", 2)
    log = open_log(str(tmp_path / "a.db"), {})
    for number in range(1, 8):
        assert log.append(f"change {number}", 10.0 * number) == (number, 10.0 * number, f"change {number}")
    assert log.snapshot() is None
    for number, state in ((3, "a"), (6, "b"), (5, "c"), (6, "d")):
        log.keep(number, state)
    assert log.snapshot() == (6, "b")
    assert [change.number for change in log.after(0)] == [5, 6, 7]
    assert [change.change for change in log.after(6)] == ["change 7"]
    log.close()


def test_the_last_replica_says_how_far_the_state_is_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> dict[str, int]:
        raise StateLostError("it")

    with mock(tmp_path / "a.db") as admin:
        ledger: Any = admin.control.ledger  # type: ignore[attr-defined]
        assert ledger.lag() == 0
        monkeypatch.setattr(ledger.log, "lag", lambda: {"a": 1, "b": 3, "c": 0})
        assert ledger.lag() == 3
        monkeypatch.setattr(ledger.log, "lag", lost)
        assert str(ledger.lag()) == "nan"


def everything(admin: AdminClient, *tokens: str) -> dict[str, Any]:
    """What there is to see of a mock, but for the time that passes."""
    seen: dict[str, Any] = {
        path: admin.call("GET", path) for path in ("/clock", "/faults", "/drift", "/churn", "/audit")
    }
    seen["behaviour"] = admin.call("GET", "/behaviour")["differences"]
    for token in tokens:
        seen[token] = [
            admin.call("GET", "/rooms", token=token, limit=1000),
            admin.call("GET", "/messages", token=token),
            admin.call("GET", "/behaviour", token=token)["differences"],
            admin.call("GET", "/clock", token=token),
            admin.call("GET", "/drift", token=token)["active"],
            admin.call("GET", "/snapshots", token=token),
        ]
    return seen


def change_all(admin: AdminClient) -> None:
    """A change of every kind there is."""
    admin.call("POST", "/tenants", {"token": "team-a", "empty": True})
    admin.call("POST", "/tenants", {"token": "gone"})
    admin.call("DELETE", "/tenants", token="gone")
    admin.call("POST", "/generate", {"rooms": 30, "days": 3, "tenant": "team-a"})
    first = admin.call("POST", "/rooms", {"status": "2", "count": 3})["rooms"][0]["id"]
    admin.call("PATCH", f"/rooms/{first}", {"status": "3"})
    generated = admin.call("GET", "/rooms", token=TOKEN)["rooms"][-1]["id"]
    admin.call("DELETE", f"/rooms/{generated}")
    admin.call("POST", "/rooms", {"title": "한글", "tenant": "on-demand"})
    admin.call("DELETE", "/rooms", token="emptied")
    message = admin.call("POST", "/messages", {"name": "안내", "status": "A"})["messages"][0]["id"]
    admin.call("PATCH", f"/messages/{message}", {"status": "T"})
    with pytest.raises(AdminError):
        admin.call("POST", "/rooms", {"id": first})  # uses up a number all the same
    admin.call("PATCH", "/behaviour", {"zero_date_order": "last", "deleted_end_date": "zero"})
    admin.call("PATCH", "/behaviour", {"size_type": "text", "tenant": "team-a"})
    admin.call("POST", "/clock/advance", {"hours": 30})
    admin.call("POST", "/clock/freeze", {"at": "2026-11-01 10:00:00", "tenant": "team-a"})
    admin.call("POST", "/faults", {"status": 429, "times": 3, "probability": 0.5})
    admin.call("POST", "/faults", {"delay": {"uniform": [0, 0.001]}, "tenant": "team-a"})
    admin.call("PUT", "/drift", {"names": ["total-count-of-page"], "tenant": "team-a"})
    admin.call("PUT", "/churn", {"rate": "0.01/s", "tenant": "team-a"})

    admin.call("PUT", "/snapshots/before")
    admin.call("DELETE", "/rooms")
    admin.call("PUT", "/snapshots/empty", {"tenant": "team-a"})
    admin.call("POST", "/faults", {"rate_limit": "2/h", "tenant": "team-b"})
    for _ in range(3):  # the third one is too many
        admin.control.change("take", endpoint="rooms", token="team-b")
    admin.call("POST", "/snapshots/before/restore")


TOKENS = (TOKEN, "team-a", "on-demand", "emptied", "never-changed")


@pytest.mark.slow
@pytest.mark.parametrize("snapshot", [False, True])
def test_every_kind_of_change_is_there_again(tmp_path: Path, snapshot: bool) -> None:
    with mock(tmp_path / "a.db") as admin:
        change_all(admin)
        if snapshot:
            admin.control.ledger.snapshot()
        admin.call("POST", "/rooms", {"title": "after"})
        before = everything(admin, *TOKENS)
    with mock(tmp_path / "a.db") as admin:
        assert everything(admin, *TOKENS) == before
        again = admin.call("POST", "/rooms", {"title": "more"})
        assert admin.control.change("take", endpoint="rooms", token="team-b")
    with mock(tmp_path / "b.db") as admin:  # the same changes without a pause give the same
        change_all(admin)
        admin.call("POST", "/rooms", {"title": "after"})
        assert admin.call("POST", "/rooms", {"title": "more"}) == again


def test_a_reset_is_a_change_too(tmp_path: Path) -> None:
    with mock(tmp_path / "a.db") as admin:
        untouched = everything(admin, *TOKENS[:1])
        change_all(admin)
        admin.call("POST", "/reset")
        admin.call("DELETE", "/tenants", token="team-a")
    with mock(tmp_path / "a.db") as admin:
        again = everything(admin, *TOKENS[:1])
        left = {"/audit": 0, TOKEN: again[TOKEN][:5]}
        assert {**again, **left} == {**untouched, **left, TOKEN: untouched[TOKEN][:5]}


def test_a_scenario_and_a_running_clock_go_on_where_they_were(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"scenario": "documented", "now": "2022-05-26T13:00:00,ticking"}
    with mock(tmp_path / "a.db", **settings) as admin:
        admin.call("PATCH", "/behaviour", {"deleted_end_date": "real"})
        first = admin.call("GET", "/rooms")["rooms"][0]["id"]
        admin.call("PATCH", f"/rooms/{first}", {"title": "changed"})
        admin.control.ledger.snapshot()
        before, now = admin.call("GET", "/rooms"), admin.call("GET", "/clock")["now"]
    with mock(tmp_path / "a.db", **settings) as admin:
        assert admin.call("GET", "/rooms") == before
        assert now < admin.call("GET", "/clock")["now"] < "2022-05-26T13:10:00"


def test_a_reset_of_all_means_the_tenants_that_there_were(tmp_path: Path) -> None:
    with mock(tmp_path / "a.db") as one, mock(tmp_path / "a.db") as two:
        one.call("GET", "/rooms", token="seen by one")
        two.call("GET", "/rooms", token="seen by the other")
        one.call("POST", "/reset", {"to": "empty"})
        for admin in (one, two):
            assert admin.call("GET", "/rooms", token="seen by one")["total_count"] == 0
            assert admin.call("GET", "/rooms", token="seen by the other")["total_count"] == 20
    with mock(tmp_path / "a.db") as again:
        assert again.call("GET", "/rooms", token="seen by one")["total_count"] == 0
        assert again.call("GET", "/rooms", token="seen by the other")["total_count"] == 20


def test_a_scenario_that_was_loaded_is_served_again(tmp_path: Path) -> None:
    with mock(tmp_path / "a.db") as admin:
        admin.call("PUT", "/scenario", {"rooms": [{"title": "from it", "day": "today-1", "count": 2}]})
        admin.control.ledger.snapshot()
        admin.call("POST", "/rooms", {"title": "on top"})
        before = everything(admin, *TOKENS)
        assert before[TOKEN][0]["total_count"] == 3
    with mock(tmp_path / "a.db") as admin:
        assert everything(admin, *TOKENS) == before


@pytest.mark.slow
def test_what_was_used_up_stays_used_up(tmp_path: Path) -> None:
    with serve(tmp_path, "--state", tmp_path / "a.db", "--rooms", 5) as server:
        server.admin.call("POST", "/faults", {"status": 429, "times": 3})
        assert [ask_rooms(server)[0] for _ in range(2)] == [429, 429]
        server.kill()
    with serve(tmp_path, "--state", tmp_path / "a.db", "--rooms", 5) as server:
        assert [ask_rooms(server)[0] for _ in range(2)] == [429, 200]
        assert [fault["uses"] for fault in server.admin.call("GET", "/faults")["faults"]] == [3]


def test_churn_goes_on(tmp_path: Path) -> None:
    with mock(tmp_path / "a.db", rooms=0) as admin:
        admin.call("PUT", "/churn", {"rate": "200/s"})
        until = time.monotonic() + 20
        while admin.call("GET", "/churn")["streams"][0]["added"] < 5 and time.monotonic() < until:
            time.sleep(0.02)
        admin.call("POST", "/clock/advance", {"seconds": 1})
        admin.control.ledger.snapshot()
        before = admin.call("GET", "/churn")["streams"][0]["added"]
    with mock(tmp_path / "a.db", rooms=0) as admin:
        assert admin.call("GET", "/churn")["streams"][0]["added"] >= before >= 5
        admin.call("DELETE", "/churn")
        stopped = everything(admin, TOKEN)
    with mock(tmp_path / "a.db", rooms=0) as admin:
        assert everything(admin, TOKEN) == stopped


def test_a_start_does_not_make_every_change_once_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "TAIL", 2)
    with mock(tmp_path / "a.db") as admin:
        for number in range(5):
            admin.call("POST", "/rooms", {"title": str(number)})
        admin.control.ledger.snapshot()
        before = everything(admin, TOKEN)
    with sqlite3.connect(tmp_path / "a.db") as database:
        assert database.execute("select count(*), min(number) from happytalk_changes").fetchone() == (2, 4)
    with mock(tmp_path / "a.db") as admin:
        assert everything(admin, TOKEN) == before


@pytest.mark.slow
def test_snapshots_come_by_themselves_when_changes_weigh_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("happytalk_mock.api.ledger._HEAVY", 2000)
    with mock(tmp_path / "a.db") as admin, sqlite3.connect(tmp_path / "a.db") as database:
        for number in range(5):
            admin.call("POST", "/rooms", {"title": str(number)})
        until = time.monotonic() + 20
        while not database.execute("select 1 from happytalk_snapshots").fetchone():
            assert time.monotonic() < until
            time.sleep(0.05)


@pytest.mark.slow
def test_two_processes_of_one_file_see_each_other_at_once_and_end_cleanly(tmp_path: Path) -> None:
    where = ("--state", tmp_path / "a.db", "--rooms", 5)
    with serve(tmp_path, *where) as one, serve(tmp_path, *where) as two:
        for number in range(20):
            maker, other = (one, two) if number % 2 else (two, one)
            maker.admin.call("POST", "/rooms", {"title": str(number)})
            assert ask_rooms(other)[1]["data"]["total_count"] == 6 + number
        one.admin.call("POST", "/faults", {"status": 503, "times": 5})
        assert [ask_rooms(each)[0] for each in (one, two) * 4] == [503] * 5 + [200] * 3
        assert (one.stop(), two.stop()) == (0, 0)
    assert not (tmp_path / "a.db-wal").exists()


# --- ends ---


@pytest.mark.slow
@workers
def test_kill_9_loses_nothing_that_was_acknowledged_and_tears_nothing(tmp_path: Path) -> None:
    random, sure, asked = Random(5), set[str](), set[str]()
    options = ("--state", tmp_path / "a.db", "--rooms", 0)
    for turn in range(2):
        with serve(tmp_path, *options, "--workers", 2) as server:
            hold(server, sure, asked)
            writers = [Thread(target=write, args=(server, f"{turn}.{each}", sure, asked)) for each in "xyz"]
            for writer in writers:
                writer.start()
            for _ in range(3):  # one that is killed is started again, and makes every change once more
                time.sleep(random.uniform(0.05, 0.4))
                with suppress(ProcessLookupError, IndexError):  # it is just being started again
                    os.kill(random.choice(server.children()), signal.SIGKILL)
            server.kill()
            for writer in writers:
                writer.join()
    with serve(tmp_path, *options) as server:
        hold(server, sure, asked)
    assert len(sure) > 30


def hold(server: Served, sure: set[str], asked: set[str]) -> None:
    """What was acknowledged is there, nothing that nobody asked for is, and a change of three rooms is whole."""
    found = server.titles()
    assert sure <= found <= asked
    assert all({f"{each[:-2]}-{part}" for part in "abc"} <= found for each in found)


def write(server: Served, name: str, sure: set[str], asked: set[str]) -> None:
    """Adds three rooms at a time until the server is killed."""
    for number in range(10_000):
        titles = [f"{name}.{number}-{part}" for part in "abc"]
        asked.update(titles)
        try:
            server.admin.call("POST", "/rooms", [{"title": title} for title in titles])
        except (OSError, HTTPException, AdminError):
            if server.ended:
                return
        else:
            sure.update(titles)


@pytest.mark.slow
def test_a_file_that_is_gone_is_told_and_no_change_is_acknowledged(tmp_path: Path) -> None:
    with serve(tmp_path, "--state", tmp_path / "a.db", "--rooms", 5) as server:
        (tmp_path / "a.db").unlink()
        with pytest.raises(AdminError) as refused:
            server.admin.call("POST", "/rooms", {"title": "x"})
        assert refused.value.status == 503
        assert refused.value.problem["field"] == "state"
        assert "moved or deleted" in refused.value.problem["received"]
        assert ask_rooms(server)[1]["data"]["total_count"] == 5
        assert ask_messages(server)[0] == 200


# --- what cannot be used ---


def test_other_settings_are_refused_by_name(tmp_path: Path) -> None:
    with mock(tmp_path / "a.db"):
        pass
    with pytest.raises(
        ConfigurationError, match=r"made with another --rooms, --seed; start it with the same"
    ):
        open_log(
            str(tmp_path / "a.db"),
            Settings(rooms=3, seed=9, any_token=True, now="2026-11-20 15:00:00").digests(),
        )


def test_another_format_is_refused(tmp_path: Path) -> None:
    with mock(tmp_path / "a.db"):
        pass
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("update happytalk_state set format = 7")
    with pytest.raises(ConfigurationError, match="received format 7; this version reads format 1"):
        open_log(str(tmp_path / "a.db"), {})


def test_a_change_of_a_kind_that_is_not_known_is_refused(tmp_path: Path) -> None:
    with mock(tmp_path / "a.db") as admin:
        admin.call("POST", "/rooms", {"title": "x"})
    with sqlite3.connect(tmp_path / "a.db") as database:
        database.execute("""update happytalk_changes set change = '{"do":"POST /dances"}'""")
    with pytest.raises(Exception, match="change 1, of a kind that is not known"), mock(tmp_path / "a.db"):
        pass


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("missing/folder/a.db", "No such file or directory"),
        ("notes.txt", "file is not a database"),
        (".", "Is a directory|unable to open|Permission"),
        ("mysql://root:hunter2@localhost/x", "received mysql://; allowed: a file, or postgresql://"),
        ("postgresql://me:hunter2@127.0.0.1:1/x", r"postgresql://me:\*\*\*@127.0.0.1:1/x.*refused"),
    ],
)
def test_places_that_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.txt").write_text("no database, but for whoever wrote it " * 50)
    with pytest.raises(ConfigurationError, match=told) as refused:
        open_log(where, {})
    assert "hunter2" not in str(refused.value)


def test_the_file_is_its_owners(tmp_path: Path) -> None:
    with mock(tmp_path / "a.db"):
        assert sys.platform == "win32" or (tmp_path / "a.db").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_without_state_nothing_of_it_is_imported() -> None:
    script = (
        "import sys, happytalk_mock\n"
        "with happytalk_mock.MockServer(rooms=3) as server:\n"
        "    server.happytalk.add_room()\n"
        "from happytalk_mock.cli import commands, serving\n"
        "print([each for each in sys.modules if each.split('.')[0] in ('sqlalchemy', 'psycopg', 'sqlite3')"
        " or each in ('happytalk_mock.state.log', 'happytalk_mock.api.ledger')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


# --- several processes ---


@pytest.mark.slow
@workers
def test_workers_have_one_state_and_end_together(tmp_path: Path) -> None:
    with serve(tmp_path, "--workers", 3, "--rooms", 5) as server:
        children = server.children()
        assert len(children) == 3
        server.admin.call("POST", "/faults", {"status": 429, "times": 4})
        assert [ask_rooms(server)[0] for _ in range(8)] == [429] * 4 + [200] * 4
        for number in range(12):
            server.admin.call("POST", "/rooms", {"title": str(number)})
            assert ask_rooms(server)[1]["data"]["total_count"] == 6 + number
        os.kill(children[0], signal.SIGKILL)
        until = time.monotonic() + 20
        while set(server.children()) == set(children) or len(server.children()) < 3:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert [ask_rooms(server)[1]["data"]["total_count"] for _ in range(6)] == [17] * 6
        left = server.children()
        assert server.stop() == 0
    assert not any(alive(each) for each in left)


@pytest.mark.slow
@workers
def test_workers_end_with_who_started_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with serve(tmp_path, "--workers", 2, "--rooms", 5) as server:
        children = server.children()
        server.kill()
        until = time.monotonic() + 20
        while any(alive(each) for each in children):
            assert time.monotonic() < until
            time.sleep(0.05)
    assert not list(tmp_path.glob("happytalk-mock-*"))


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
