"""`learn` and `fidelity` from outside: files, their words, a visit that is killed, a mock that answers alike."""

from __future__ import annotations

import json
import shutil
import stat
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.kit.score_rival import NOW, Job
from tests.kit.score_twin import server_of, settings_of
from tests.rival import RivalServer
from tests.twins import a_room, write_twin

from happytalk_contract.check import rejudged
from happytalk_contract.cli.commands import main
from happytalk_contract.core.control import Control
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.events import Event
from happytalk_contract.core.model import SEOUL, Exchange, ExitCode, Response, RunReport
from happytalk_contract.engine import session
from happytalk_contract.engine.runner import Settings, run
from happytalk_contract.evidence import recording
from happytalk_contract.evidence.recording import encoded
from happytalk_contract.evidence.views import rooms_view
from happytalk_contract.questions.meaning import rooms
from happytalk_contract.twin import notebook
from happytalk_contract.twin.fidelity import fidelity
from happytalk_contract.twin.folder import asked_alike, told_body
from happytalk_contract.twin.learn import Asked, Outcome, learn
from happytalk_contract.twin.pseudonyms import Pseudonyms
from happytalk_mock import MockServer

pytestmark = pytest.mark.usefixtures("wireless")

JOB = Job(account="one-day-only", max_requests=400)
#: What must not be found in a file of a twin, planted into the account.
PLANTED = ("홍길순", "010-9876-5432", "ORD-77120934", "서울시 강남구 역삼동", "hong.gilsoon@example.com")


@contextmanager
def account() -> Iterator[RivalServer]:
    """A rival with people's words in it."""
    with server_of(JOB) as server:
        server.api.store.rooms[3]["last_message"] = " ".join(PLANTED)
        server.api.store.rooms[4]["users_id"] = PLANTED[0]
        server.api.store.rooms[5]["last_message"] = f"{PLANTED[0]}님 안녕하세요"
        yield server


@pytest.fixture
def rival() -> Iterator[RivalServer]:
    with account() as server:
        yield server


def learnt(server: RivalServer, folder: Path, **more: Any) -> Outcome:
    asked = Asked(output=folder, key_file=folder.parent / "key", message_ids=(177, 179), **more)
    return learn(settings_of(server, JOB), asked)


def secrets_of(server: RivalServer) -> tuple[str, ...]:
    return (server.token, server.client_id, server.client_secret, server.sender_key)


@dataclass(frozen=True, slots=True)
class Visited:
    """A twin that was learnt once, for all who only read it or go on from it."""

    folder: Path  #: `t.twin` and the `key` are in it
    outcome: Outcome
    server: RivalServer  #: as it was, and closed
    requests: int

    def copied(self, to: Path) -> Path:
        """The twin and its key in a folder of one's own."""
        shutil.copytree(self.folder, to, dirs_exist_ok=True)
        return to / "t.twin"


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Visited:
    folder = tmp_path_factory.mktemp("visited")
    with account() as server:
        outcome = learnt(server, folder / "t.twin")
        return Visited(folder, outcome, server, server.requests)


@pytest.fixture(scope="module")
def played() -> RunReport:
    """What a check of the same account recorded."""
    with server_of(JOB) as server:
        return run(settings_of(server, JOB))


@pytest.mark.slow
def test_a_twin_holds_no_ones_words(visited: Visited) -> None:
    twin, rival, outcome = visited.folder / "t.twin", visited.server, visited.outcome
    files = {path.name: path.read_text() for path in twin.iterdir()}
    assert files.keys() >= {"twin.toml", "behaviour.toml", "account.toml", "rooms.jsonl", "evidence.jsonl"}
    rooms, messages = rival.api.store.rooms, rival.api.store.messages[rival.sender_key]
    told = [room[name] for room in rooms for name in room if name not in ("reg_date", "complate_date")]
    # What is short enough to be met by chance proves nothing.
    words = {word for word in told if isinstance(word, str) and len(word) >= (3 if word > "~" else 7)}
    words |= {one["name"] for one in messages} | set(PLANTED) | set(secrets_of(rival))
    assert len(words) > 200
    for name, text in files.items():
        found = [word for word in words if json.dumps(word, ensure_ascii=False)[1:-1] in text]
        assert not found, (name, found)
        assert stat.S_IMODE((twin / name).stat().st_mode) == 0o600
    quoting = [line["room"] for line in map(json.loads, files["rooms.jsonl"].splitlines())]
    assert any(
        quoting[one]["users_id"] and quoting[one]["users_id"] in quoting[other]["last_message"]
        for one in range(len(quoting))
        for other in range(len(quoting))
        if one != other and not (quoting[one]["users_id"] or "").isascii()
    )
    assert not outcome.verified.departing


@pytest.mark.slow
def test_odd_data_are_recorded_as_they_are(rival: RivalServer, tmp_path: Path) -> None:
    rooms = rival.api.store.rooms
    rooms[1] |= {"complate_date": None, "out_api": "7", "status": "2", "extra": {"a": [1, 2.5, None, True]}}
    rooms[2] |= {"id": rooms[3]["id"], "status": "상담중", "title": None}
    rooms[6] |= {"complate_date": "0000-00-00", "parameter1": 12, "customer_uuid": "없음"}
    del rooms[7]["last_message"]
    outcome = learnt(rival, tmp_path / "t.twin")
    told = [
        json.loads(line)["room"] for line in (tmp_path / "t.twin" / "rooms.jsonl").read_text().splitlines()
    ]
    assert {room.get("out_api") for room in told} >= {"7"}
    assert [room["extra"]["a"][2:] for room in told if "extra" in room] == [[None, True]]
    assert sum("last_message" not in room for room in told) == 1
    assert outcome.twin is not None
    with MockServer(twin=tmp_path / "t.twin") as server:
        assert server.url


@pytest.mark.slow
def test_two_visits_with_one_key_give_equal_rooms(
    rival: RivalServer, visited: Visited, tmp_path: Path
) -> None:
    twin = visited.copied(tmp_path)
    again = learnt(rival, twin)
    for name in ("rooms.jsonl", "messages.jsonl", "behaviour.toml"):
        assert (twin / name).read_bytes() == (visited.folder / "t.twin" / name).read_bytes()
    assert again.changes == []


@pytest.mark.slow
def test_a_visit_killed_at_any_request_goes_on_without_asking_again(
    rival: RivalServer, visited: Visited, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed again and again: each of its lives begins where the last one ended."""
    shutil.copy(visited.folder / "key", tmp_path)
    through = notebook.Notebook.through
    kept = tmp_path / "t.twin" / notebook.NAME
    for at in (0, 1, 12, 70, 150):

        def killing(self: notebook.Notebook, control: Any, at: int = at) -> Any:
            def with_end(send: Any) -> Any:
                ask = through(self, control)(send)

                def until(request: Any) -> Any:
                    if rival.requests >= at:
                        raise SystemExit
                    return ask(request)

                return until

            return with_end

        with monkeypatch.context() as patched:
            patched.setattr(notebook.Notebook, "through", killing)
            with pytest.raises(SystemExit):
                learnt(rival, tmp_path / "t.twin")
        assert rival.requests == at
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        kept.write_bytes(kept.read_bytes() + b'{"number": 3, "star')  # the last line was cut off
    outcome = learnt(rival, tmp_path / "t.twin")
    assert rival.requests == visited.requests
    assert outcome.resumed == 150
    assert not kept.exists()
    for name in ("rooms.jsonl", "behaviour.toml"):
        assert (tmp_path / "t.twin" / name).read_bytes() == (visited.folder / "t.twin" / name).read_bytes()


def test_a_notebook_survives_being_cut_off_twice(tmp_path: Path) -> None:
    about = {"target": "x", "seed": 1}
    for turn in range(3):
        book = notebook.Notebook(tmp_path, about)
        assert book.resumed == turn
        book._write(encoded(exchange(turn), bytes))
        book.close(finished=False)
        with book.path.open("ab") as file:
            file.write(b'{"number": 9, "st')


def test_an_unfinished_visit_goes_on_with_its_own_seed_and_no_other_options(tmp_path: Path) -> None:
    book = notebook.Notebook(tmp_path, {"target": "x", "days": 30, "seed": 1})
    book._write(encoded(exchange(0), bytes))
    book.close(finished=False)
    with pytest.raises(WrongUseError, match=r"with other options \(days 30, now 9\): give"):
        notebook.Notebook(tmp_path, {"target": "x", "days": 9, "seed": 2})
    again = notebook.Notebook(tmp_path, {"target": "x", "days": 30, "seed": 2})
    assert (again.about["seed"], again.resumed) == (1, 1)
    control, sent = Control(max_requests=9), []

    def send(request: Any) -> Exchange:
        sent.append(request)
        control.sent += 1
        return exchange(7)

    ask = again.through(control)(send)
    told = [ask(exchange(number).request) for number in (0, 0, 5)]
    assert [one.number for one in told] == [1, 2, 3]
    assert (control.sent, len(sent)) == (3, 2)  # what was kept counts, and is told once
    again.close(finished=True)
    assert not again.path.exists()


def exchange(number: int) -> Exchange:
    answer = Response(status=200, headers={}, body=b"{}", seconds=0.1)
    return Exchange(number=number, started=0.0, request=rooms({"page": number}), response=answer)


@pytest.mark.slow
def test_an_api_that_falls_silent_leaves_a_visit_to_go_on_with(
    rival: RivalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, handle = rival.requests, rival.api.handle
    monkeypatch.setattr(session, "WAITS", (0.0, 0.0, 0.0))

    def failing(request: Any) -> Any:
        reply = handle(request)
        if rival.requests - began > 60:
            reply.status, reply.body = 503, b"<html>"
        return reply

    monkeypatch.setattr(rival.api, "handle", failing)
    cut = learnt(rival, tmp_path / "t.twin")
    assert (cut.twin, cut.visit.cut) == (None, "the API stopped answering")
    monkeypatch.setattr(rival.api, "handle", handle)
    whole = learnt(rival, tmp_path / "t.twin")
    assert whole.twin is not None
    assert whole.resumed >= 60


def test_an_unfinished_visit_of_other_options_is_not_mixed_in(rival: RivalServer, tmp_path: Path) -> None:
    book = notebook.Notebook(tmp_path, {"target": "another", "seed": 1})
    book._write({"number": 1})
    book.close(finished=False)
    (tmp_path / "twin.toml").write_text("")
    with pytest.raises(WrongUseError, match=r"visit\.jsonl"):
        learnt(rival, tmp_path)


@pytest.mark.slow
def test_a_twin_answers_as_its_api(rival: RivalServer, visited: Visited) -> None:
    twin, key = visited.folder / "t.twin", visited.folder / "key"
    settings = replace(settings_of(rival, JOB), max_requests=150, seed=5)
    exact = fidelity(settings, twin, key_file=key)
    assert (exact.share, exact.moved) == (1.0, 0), exact.examples
    by_form = fidelity(settings, twin)
    assert by_form.share == 1.0, by_form.examples


@pytest.mark.slow
def test_a_twin_that_answers_otherwise_is_told(rival: RivalServer, visited: Visited) -> None:
    rival.api.answers["limit-bad"] = "failure"
    rival.api.answers["zero-dates"] = "last"
    settings = replace(settings_of(rival, JOB), max_requests=300, seed=5)
    found = fidelity(settings, visited.folder / "t.twin", key_file=visited.folder / "key")
    assert found.share < 1.0
    assert {kind for kind, _difference in found.kinds} >= {"boundary", "odd"}


@pytest.mark.slow
def test_another_key_is_refused(rival: RivalServer, visited: Visited, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("ab" * 32)
    with pytest.raises(WrongUseError, match="another key"):
        fidelity(settings_of(rival, JOB), visited.folder / "t.twin", key_file=tmp_path / "other")


def test_the_command_writes_a_twin_that_the_mock_serves(
    rival: RivalServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("HAPPYTALK_TOKEN", "HAPPYTALK_CLIENT_ID", "HAPPYTALK_CLIENT_SECRET", "HAPPYTALK_SENDER_KEY")
    for name, value in zip(names, secrets_of(rival), strict=True):
        monkeypatch.setenv(name, value)
    twin = tmp_path / "shop.twin"
    assert (
        main(["learn", "--target", rival.base_url, "-o", str(twin), "--no-rooms", "--max-requests", "300"])
        == 0
    )
    told = capsys.readouterr().out
    assert "as recorded" in told
    assert not (twin / "rooms.jsonl").exists()
    assert '"complate_date"' not in (twin / "evidence.jsonl").read_text()
    behaviour = tomllib.loads((twin / "behaviour.toml").read_text())
    assert behaviour["learned"]["limit_above_max"]["state"] == "decided"
    with MockServer(twin=twin) as server:
        assert server.url


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        ("TOKEN", "rooms not judged: the API refuses the credentials"),
        ("SENDER_KEY", "messages not judged: the API refuses the credentials"),
    ],
)
def test_refused_credentials_write_no_twin_and_leave_one_as_it_was(
    secret: str,
    told: str,
    rival: RivalServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in zip(
        ("TOKEN", "CLIENT_ID", "CLIENT_SECRET", "SENDER_KEY"), secrets_of(rival), strict=True
    ):
        monkeypatch.setenv(f"HAPPYTALK_{name}", value)
    monkeypatch.setenv(f"HAPPYTALK_{secret}", "expired-since")
    twin = write_twin(tmp_path / "t.twin", rooms=[a_room("a", "2026-11-20 09:00:00")])
    before = {path.name: path.read_bytes() for path in twin.iterdir()}
    for folder, left in ((twin, "t.twin is as it was"), (tmp_path / "new", "no twin was written")):
        asking = ["learn", "--target", rival.base_url, "-o", str(folder), "--max-requests", "200"]
        assert main(asking) == ExitCode.NOTHING_JUDGED
        shown = capsys.readouterr().out
        assert all(text in shown for text in (told, f"HAPPYTALK_{secret}", left))
        assert "expired-since" not in shown
    assert {path.name: path.read_bytes() for path in twin.iterdir() if path.name != ".gitignore"} == before
    assert not (tmp_path / "new" / "twin.toml").exists()


def test_credentials_that_expire_in_the_midst_of_a_visit_teach_nothing(
    rival: RivalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = rival.api.handle

    def expiring(request: Any) -> Any:
        if rival.api.turn > 60:
            request = replace(request, body=request.body.replace(rival.token.encode(), b"expired"))
        return handle(request)

    monkeypatch.setattr(rival.api, "handle", expiring)
    outcome = learnt(rival, tmp_path / "t.twin")
    assert outcome.twin is None
    assert "refuses the credentials" in outcome.visit.unread[0]
    assert rival.token not in outcome.visit.unread[0]
    assert not (tmp_path / "t.twin" / "twin.toml").exists()


def test_a_recording_without_rooms_does_not_replace_a_twin_that_has_some(
    rival: RivalServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = run(replace(settings_of(rival, JOB), chat_url=None, max_requests=30))
    recording.save(report.exchanges, tmp_path / "run.jsonl")
    twin = write_twin(tmp_path / "t.twin", rooms=[a_room("a", "2026-11-20 09:00:00")])
    learning = ["learn", "--from", str(tmp_path / "run.jsonl"), "-o"]
    assert main([*learning, str(twin)]) == ExitCode.NOTHING_JUDGED
    assert "holds rooms, of which none were read" in capsys.readouterr().out
    assert (twin / "rooms.jsonl").read_text()
    assert main([*learning, str(tmp_path / "new")]) == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--words", "original"], "--these-are-test-data"),
        (["--message-ids", "9-3"], "100-300"),
        (["--limits", "20,51"], "numbers from 1 to 50 with commas between"),
        (["--limits", "20,,5"], "numbers from 1 to 50 with commas between"),
        (["--key-file", "{bad}"], "64 hex digits"),
        (["--key-file", "{bad}/key"], "can not be written"),
        (["--target", "production"], "--i-know-this-is-production"),
    ],
)
def test_what_can_not_be_is_refused_before_anything_is_asked(
    arguments: list[str], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad").write_text("ab")
    given = [one.format(bad=tmp_path / "bad") for one in arguments]
    assert main(["learn", "-o", str(tmp_path / "t.twin"), *given]) == 2
    assert expected in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_told_by_the_file_that_it_does_not_take(tmp_path: Path) -> None:
    book = notebook.Notebook(tmp_path, {"target": "x", "seed": 1})
    book.close(finished=False)
    said = pytest.raises(WrongUseError, match=r"visit\.jsonl: can not be written \(No space left")
    with Path("/dev/full").open("ab", buffering=0) as book._file, said:
        book._write({"number": 1})


def test_a_twin_is_held_against_what_answers_and_has_rooms(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TOKEN", "CLIENT_ID", "CLIENT_SECRET", "SENDER_KEY"):
        monkeypatch.setenv(f"HAPPYTALK_{name}", "x" * 20)
    twin = write_twin(tmp_path / "t.twin", rooms=[a_room("a", "2026-11-20 09:00:00")])
    asking = ["fidelity", "--target", "http://127.0.0.1:9", "--twin", str(twin)]
    assert main(asking) == ExitCode.NOTHING_JUDGED
    assert "can not be reached" in capsys.readouterr().out
    about = (twin / "twin.toml").read_text()
    (twin / "twin.toml").write_text(about.replace("rooms = true", "rooms = false"))
    assert main(asking) == ExitCode.USAGE
    assert "--no-rooms" in capsys.readouterr().err


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert main(["learn", "-o", str(tmp_path)]) == 2
    assert "thesis.txt" in capsys.readouterr().err


def asking(server: MockServer) -> dict[str, Any]:
    return {
        "chat_url": server.url,
        "message_url": server.url,
        "credentials": {
            "HAPPYTALK_TOKEN": server.token,
            "HAPPYTALK_CLIENT_ID": server.client_id,
            "HAPPYTALK_CLIENT_SECRET": server.client_secret,
            "HAPPYTALK_SENDER_KEY": server.sender_key,
        },
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "drift",
    [
        *("one-day-range-empty", "out-api-number-when-kakao", "chat-list-null-when-empty"),
        *("content-type-html", "comments-missing-in-list", "neighbours-swapped"),
    ],
)
def test_a_drift_is_named_whatever_it_touches(drift: str, tmp_path: Path) -> None:
    with MockServer(now="2026-11-20T15:30:00+09:00", rooms=150, days=12) as server:
        server.happytalk.drift(drift)
        settings = Settings(target="mock", seed=1, now=lambda: NOW, max_requests=400, **asking(server))
        assert learn(settings, Asked(output=tmp_path / "t.twin")).verified.drifts == (drift,)
    assert '"rank"' not in (tmp_path / "t.twin" / "rooms.jsonl").read_text()


@pytest.mark.slow
def test_what_was_asked_of_the_day_before_midnight_is_no_drift(tmp_path: Path) -> None:
    moments = [datetime(2026, 11, 20, 23, 55, tzinfo=SEOUL)]
    with MockServer(now=moments[0].isoformat(), rooms=150, days=12, seed=2) as server:  # no room changes

        def passing(event: Event) -> None:
            if "system messages" in event.text:
                server.happytalk.advance(minutes=10)
                moments.append(moments[0] + timedelta(minutes=10))

        settings = Settings(
            target="mock", seed=1, now=lambda: moments[-1], max_requests=400, **asking(server)
        )
        outcome = learn(settings, Asked(output=tmp_path / "t.twin"), passing)
    assert outcome.visit.today.isoformat() == "2026-11-21"
    assert outcome.verified.drifts == ()
    assert outcome.verified.other_lists == []


@pytest.mark.slow
def test_a_drift_of_the_api_is_in_force_on_its_twin(tmp_path: Path) -> None:
    with MockServer(now="2026-11-20T15:30:00+09:00", rooms=150, days=12) as server:
        server.happytalk.drift("end-day-excluded")
        settings = Settings(target="mock", seed=1, now=lambda: NOW, max_requests=400, **asking(server))
        outcome = learn(settings, Asked(output=tmp_path / "t.twin"))
    assert outcome.verified.drifts == ("end-day-excluded",)
    with MockServer(twin=tmp_path / "t.twin") as twin:
        report = run(replace(settings, **asking(twin), now=lambda: datetime.now(SEOUL)))
    assert report.verdict == "drift"
    found = {finding.rule for finding in report.findings}
    assert found & {"rooms.count.sum", "rooms.dates.range", "rooms.dates.ndate", "rooms.limits.union"}
    assert not any(".wire." in rule for rule in found)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["zero-blank", "status-ignored", ""])
def test_a_recording_is_judged_alike_before_and_after_pseudonyms(fault: str, played: RunReport) -> None:
    report = played
    if fault:
        with RivalServer(account="one-day-only", faults=[fault], now=NOW) as server:
            report = run(replace(settings_of(server, JOB), max_requests=200))
    rooms = [room for exchange in report.exchanges for room in rooms_view(exchange).rooms]
    words = Pseudonyms(b"k" * 32, NOW.date(), rooms)
    told = [pseudonymous(exchange, words) for exchange in report.exchanges]
    before, after = rejudged(report.exchanges), rejudged(told)
    assert bool(before.findings) == bool(fault)
    assert [one.signature for one in before.findings] == [one.signature for one in after.findings]
    assert [(one.question, one.answer) for one in before.answers] == [
        (one.question, one.answer) for one in after.answers
    ]


def pseudonymous(exchange: Exchange, words: Pseudonyms) -> Exchange:
    answer = exchange.response
    if answer is not None:
        answer = replace(answer, body=told_body(exchange.request.endpoint, answer, words))
    return replace(
        exchange,
        request=asked_alike(exchange.request, words),
        response=answer,
        started=exchange.started + words.shift.total_seconds(),
    )


@pytest.mark.slow
def test_a_recording_teaches_without_asking(played: RunReport, tmp_path: Path) -> None:
    """Nobody is there who could be asked."""
    recording.save(played.exchanges, tmp_path / "run.jsonl")
    assert main(["learn", "--from", str(tmp_path / "run.jsonl"), "-o", str(tmp_path / "t.twin"), "-q"]) == 0
    behaviour = tomllib.loads((tmp_path / "t.twin" / "behaviour.toml").read_text())
    assert behaviour["limit_above_max"] == "capped"
    assert behaviour["bad_date.form"] == "failure"


@pytest.mark.slow
def test_fields_around_lists_that_change_by_themselves_do_not_count(tmp_path: Path) -> None:
    job = replace(JOB, legal=("more-envelope-fields=changing",))
    with server_of(job) as server:
        outcome = learnt(server, tmp_path / "t.twin")
        assert not outcome.verified.departing
        settings = replace(settings_of(server, job), max_requests=60, seed=5)
        found = fidelity(settings, tmp_path / "t.twin")
    assert (found.share, found.moved) == (1.0, 0), found.examples
    assert found.asked["valid"] > 10
