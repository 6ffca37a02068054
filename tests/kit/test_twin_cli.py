"""The commands `learn` and `fidelity` as a person sees them: what they say, and their exit codes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from happytalk_contract.check import Settings
from happytalk_contract.cli.commands import main
from happytalk_contract.cli.twins import _numbers
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import SECRETS
from happytalk_contract.questions.meaning import messages, rooms
from happytalk_contract.twin import fidelity as fidelity_module
from happytalk_contract.twin import learn as learn_module
from happytalk_contract.twin.decide import Decision
from happytalk_contract.twin.fidelity import Fidelity
from happytalk_contract.twin.learn import Outcome
from happytalk_contract.twin.verifying import Recorded, Verified
from happytalk_contract.twin.visit import Visit

KEPT = ". Until then a.twin/visit.jsonl holds answers as they came"
TARGET = ["--target", "http://localhost:9", "--seed", "7"]


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in SECRETS:
        monkeypatch.setenv(name, "x" * 12)


def told(monkeypatch: pytest.MonkeyPatch, outcome: Fidelity, *arguments: str) -> tuple[int, dict[str, Any]]:
    """The exit code, and what was asked for."""
    given: dict[str, Any] = {}

    def fidelity(settings: Settings, folder: Path, **more: Any) -> Fidelity:
        given.update(more, settings=settings, folder=folder)
        return outcome

    monkeypatch.setattr(fidelity_module, "fidelity", fidelity)
    return main(["fidelity", *TARGET, "--twin", "a.twin", *arguments]), given


def alike(asked: int, same: int, **more: Any) -> Fidelity:
    return Fidelity(seed=7, asked=+Counter(valid=asked), alike=Counter(valid=same), **more)


@pytest.mark.parametrize(
    ("asked", "same", "at_least", "code"),
    [
        (10, 9, [], 0),
        (10, 9, ["--at-least", "0.9"], 0),
        (10, 8, ["--at-least", "0.9"], 1),
        (10, 0, [], 0),
        (10, 0, ["--at-least", "0"], 0),
        (0, 0, [], 3),
        (0, 0, ["--at-least", "0"], 3),
    ],
)
def test_an_exit_code_says_whether_they_are_alike_enough(
    asked: int, same: int, at_least: list[str], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert told(monkeypatch, alike(asked, same), *at_least)[0] == code


def test_shares_and_examples_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcome = alike(
        8, 6, moved=2, notes=["interrupted"],
        examples=[("valid", "order", rooms({"page": 2})), ("messages", "answered", messages(message_id="9" * 200))],
    )  # fmt: skip
    _code, given = told(monkeypatch, outcome, "--max-requests", "20")
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "note: interrupted",
        "valid: 6 of 8 alike (75.0%)",
        '  valid, order: POST {"token":"${HAPPYTALK_TOKEN}","page":2}',
        f"  messages, answered: GET senderKey=${{HAPPYTALK_SENDER_KEY}}&id={'9' * 200}",
        "not counted, for the data moved: 2",
        "75.00% of 8 questions are answered alike, seed 7",
    ]
    assert shown.err.startswith("target http://localhost:9, seed 7\n")
    assert (given["folder"], given["key_file"]) == (Path("a.twin"), None)
    assert (given["settings"].max_requests, given["settings"].seed) == (20, 7)


def test_quiet_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(monkeypatch, alike(2, 2), "-q")[0] == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("cut", "code", "line"),
    [
        ("interrupted", 130, "interrupted after 12 requests; the same command goes on where it was" + KEPT),
        ("it fell silent", 3, "it fell silent after 12 requests; the same command goes on where it was" + KEPT),
        ("", 3, "nothing was learned: no endpoint could be asked"),
    ],
)  # fmt: skip
def test_a_visit_that_gave_no_twin_says_why(
    cut: str, code: int, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    visit = Visit(cut=cut, notes=["a note"])
    monkeypatch.setattr(learn_module, "learn", lambda *_: Outcome(visit=visit, twin=None, requests=12))
    assert main(["learn", *TARGET, "-o", "a.twin"]) == code
    assert capsys.readouterr().out.splitlines() == ["note: a note", line]


def test_options_reach_the_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []

    def learn(settings: Settings, asked: Any, _on_event: Any) -> Outcome:
        given.extend((settings, asked))
        return Outcome(visit=Visit(cut=""), twin=None, requests=0)

    monkeypatch.setattr(learn_module, "learn", learn)
    more = ["--days", "9", "--no-rooms", "--words", "made", "--key-file", "key", "--message-ids", "5-7"]
    more += ["--limits", "25, 5"]
    main(["learn", *TARGET, "-o", "a.twin", "-q", *more])
    main(["learn", *TARGET, "-o", "a.twin", "-q"])
    settings, asked, plain, usual = given
    assert (settings.seed, settings.max_requests, plain.max_requests) == (7, 400, 400)
    assert (asked.output, asked.days, asked.rooms, asked.words) == (Path("a.twin"), 9, False, "made")
    assert (asked.key_file, asked.message_ids, asked.meant) == (Path("key"), (5, 6, 7), False)
    assert (asked.limits, usual.limits) == ((25, 5), (10, 20, 30))
    assert (usual.days, usual.rooms, usual.words, usual.message_ids) == (30, True, "pseudonyms", ())


@pytest.mark.parametrize(
    ("text", "numbers"),
    [(None, ()), ("5", (5,)), (" 5-7 ", (5, 6, 7)), ("0-1999", tuple(range(2000))), ("5-5", (5,))],
)
def test_message_ids_are_a_range(text: str | None, numbers: tuple[int, ...]) -> None:
    assert _numbers(text) == numbers


@pytest.mark.parametrize("text", ["", "x", "7-5", "0-2000", "-1", "1-2-3", "1234567890"])
def test_what_is_no_range_is_told(text: str) -> None:
    with pytest.raises(WrongUseError, match=r"expected FIRST-LAST such as 100-300, at most 2000 of them"):
        _numbers(text)


def test_what_became_of_a_visit_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def decision(question: str, state: Any, **more: Any) -> Decision:
        return Decision(question=question, state=state, **more)

    decisions = [
        decision("page_echo", "decided", answer="served"),
        decision("tie_order", "undecided", candidates=("id", "insertion")),
        decision("null_value", "other", excerpt="HTTP 200"),
        decision("parcel_w", "not_seen"),
    ]
    apart = [
        (
            Recorded(
                number=at,
                request=rooms({}, why="any"),
                status=200,
                body={},
                media_type="",
                changing=frozenset(),
            ),
            "order",
        )
        for at in range(1, 23)
    ]
    outcome = Outcome(
        visit=Visit(decisions={one.question: one for one in decisions}),
        twin=SimpleNamespace(about={"notice": "personal data"}),  # type: ignore[arg-type]
        requests=12,
        changes=["page_echo: asked, was served"],
        verified=Verified(asked=30, departing=tuple(apart), drifts=("end-day-excluded",)),
    )
    monkeypatch.setattr(learn_module, "learn", lambda *_: outcome)
    assert main(["learn", *TARGET, "-o", "a.twin"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "read 0 rooms and 0 system messages in 12 requests",
        "open questions: 1 decided, 1 not seen, 1 other, 1 undecided",
        "  tie_order: undecided: id or insertion",
        "  null_value: other: HTTP 200",
        "differences to the twin that was there:",
        "  page_echo: asked, was served",
        "drifts as end-day-excluded: the mock on the twin does so too",
        "mock answers 8 of 30 as recorded",
        *(f"  {at}: any (order): served as it was recorded" for at in range(1, 21)),
        "wrote a.twin: personal data",
    ]
