"""Baselines: what is accepted, until when, and what is told about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sample_report import NEW_CODE, NEW_FIELD, ORDER, RULES, conforming, rule, sample

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import ExitCode, Finding, Severity, Status
from happytalk_contract.verdict.baseline import Baseline, Entry, apply, load, save, updated

TODAY = dt.date(2026, 5, 26)  # the sample's day
ALL = (NEW_FIELD, ORDER, NEW_CODE)


def entry(finding: Finding = ORDER, **changes: object) -> Entry:
    made = Entry(id=finding.rule, signature=finding.signature, since=dt.date(2026, 5, 1))
    return replace(made, **changes)


def test_what_is_accepted_is_no_finding() -> None:
    report = apply(sample(), Baseline(entries=(entry(reason="known", ticket="T-1"),)))
    assert [finding.rule for finding in report.findings] == [NEW_FIELD.rule, NEW_CODE.rule]
    (accepted,) = report.accepted
    assert (accepted.finding, accepted.reason, accepted.ticket) == (ORDER, "known", "T-1")
    assert (accepted.since, accepted.expires) == ("2026-05-01", "")
    assert report.exit_code == ExitCode.DRIFT  # the new code is not accepted


def test_only_new_findings_make_drift() -> None:
    report = apply(sample(), Baseline(entries=(entry(ORDER), entry(NEW_CODE))))
    assert report.exit_code == ExitCode.CONFORMS
    assert report.findings == (NEW_FIELD,)


def test_another_subject_of_the_same_rule_is_new() -> None:
    report = apply(
        sample(findings=(ORDER,)), Baseline(entries=(entry(signature="rooms.order:reg_date desc"),))
    )
    assert report.findings == (ORDER,)
    assert report.exit_code == ExitCode.DRIFT


def test_what_was_not_judged_is_no_conforming_however_much_is_accepted() -> None:
    run = sample(findings=(ORDER,), exit_code=ExitCode.DRIFT, unjudged=("stopped early",))
    accepting = Baseline(entries=(entry(),))
    assert apply(run, accepting).exit_code == ExitCode.NOTHING_JUDGED
    assert apply(replace(run, unjudged=()), accepting).exit_code == ExitCode.CONFORMS


def test_nothing_judged_stays_so() -> None:
    report = sample(findings=(), exit_code=ExitCode.NOTHING_JUDGED)
    assert apply(report, Baseline(entries=(entry(),))).exit_code == ExitCode.NOTHING_JUDGED


@pytest.mark.parametrize(
    ("expires", "is_accepted"),
    [(None, True), (TODAY, True), (TODAY - dt.timedelta(1), False), (TODAY + dt.timedelta(1), True)],
)
def test_an_entry_holds_through_its_last_day(expires: dt.date | None, is_accepted: bool) -> None:
    report = apply(sample(findings=(ORDER,)), Baseline(entries=(entry(expires=expires, ticket="T-9"),)))
    assert bool(report.accepted) is is_accepted
    assert report.exit_code == (ExitCode.CONFORMS if is_accepted else ExitCode.DRIFT)
    told = [note for note in report.baseline_notes if note.startswith("expired")]
    assert bool(told) is not is_accepted
    assert all("T-9" in note and ORDER.signature in note for note in told)


def test_a_vanished_entry_is_told() -> None:
    (note,) = apply(
        conforming(), Baseline(entries=(entry(id="rooms.fields", signature="rooms.fields:x"),))
    ).baseline_notes
    assert note == "vanished: rooms.fields:x is no longer found"


def test_an_entry_whose_rule_was_not_exercised_has_not_vanished() -> None:
    known = Baseline(entries=(entry(id="rooms.ties", signature="rooms.ties"),))
    assert apply(sample(), known).baseline_notes == ()
    assert updated(sample(), known).get("rooms.ties") is not None


def test_an_entry_folded_under_another_finding_has_not_vanished() -> None:
    known = Baseline(entries=(entry(id="rooms.pages", signature="rooms.pages"),))
    assert apply(sample(), known).baseline_notes == ()
    assert updated(sample(), known).get("rooms.pages") is not None


def test_update_accepts_everything_that_departs() -> None:
    answer = Finding(
        rule="rooms.open", severity=Severity.OPEN_ANSWER, message="m", received="r", documented="d"
    )
    made = updated(sample(findings=(*ALL, answer)), Baseline())
    assert {e.signature for e in made.entries} == {finding.signature for finding in ALL}
    assert {e.since for e in made.entries} == {TODAY}
    assert apply(sample(), made).exit_code == ExitCode.CONFORMS


def test_update_keeps_what_people_wrote() -> None:
    kept = entry(reason="why", ticket="T", expires=dt.date(2027, 1, 1), message="old words")
    made = updated(sample(), Baseline(entries=(kept,))).get(ORDER.signature)
    assert made == replace(kept, message=ORDER.message)


def test_update_drops_what_vanished_and_renews_what_expired() -> None:
    gone = entry(id="rooms.fields", signature="rooms.fields:x")
    expired = entry(expires=dt.date(2026, 1, 1), reason="why")
    made = updated(sample(), Baseline(entries=(gone, expired)))
    assert made.get(gone.signature) is None
    renewed = made.get(ORDER.signature)
    assert renewed is not None
    assert (renewed.expires, renewed.reason, renewed.since) == (None, "why", expired.since)


def test_a_skipped_rule_does_not_lose_its_entries() -> None:
    known = Baseline(entries=(entry(id="messages.status", signature="messages.status:Z"),))
    assert updated(sample(), known).get("messages.status:Z") is not None
    exercised = sample(rules=(*RULES[:-1], rule("messages.status", Status.PASS, 3)))
    assert updated(exercised, known).get("messages.status:Z") is None


def test_a_file_comes_back_as_it_was(tmp_path: Path) -> None:
    awkward = 'quote " backslash \\ 해피톡 \n tab \t del \x7f nul \x00 # [x] = 1'
    whole = Baseline(
        entries=(
            entry(reason=awkward, ticket="T", expires=TODAY, message="m"),
            entry(signature="rooms.a:" + awkward),
        )
    )
    path = tmp_path / "baseline.toml"
    save(whole, path)
    assert set(load(path).entries) == set(whole.entries)
    first = path.read_bytes()
    save(load(path), path)
    assert path.read_bytes() == first
    assert "--update-baseline" in path.read_text("utf-8")


def test_entries_stand_in_order(tmp_path: Path) -> None:
    path = tmp_path / "b.toml"
    save(Baseline(entries=(entry(signature="b"), entry(signature="a"))), path)
    assert [e.signature for e in load(path).entries] == ["a", "b"]


GOOD = 'id = "r"\nsignature = "s"\nsince = 2026-05-01\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("accepted = 1", r"accepted: 1 is not of type 'array'; expected \[\[accepted\]\] tables"),
        ("accepted = [1]", r"accepted\[0\]: 1 is not of type 'object'; expected id, signature, message"),
        ("[[acepted]]\n" + GOOD, r"'acepted' was unexpected\); expected nothing but \[\[accepted\]\] tables"),
        (
            "[[accepted]]\n" + GOOD + 'reson = "x"',
            r"accepted\[0\]: .*'reson' was unexpected\); expected id, sig",
        ),
        ("[[accepted]]\nid = 'r'\nsince = 2026-05-01", r"accepted\[0\]: 'signature' is a required property"),
        (
            "[[accepted]]\nid = 'r'\nsignature = ''\nsince = 2026-05-01",
            r"accepted\[0\].signature: '' should be",
        ),
        ("[[accepted]]\nid = 'r'\nsignature = 's'", r"accepted\[0\]: 'since' is a required property"),
        (
            "[[accepted]]\n" + GOOD + 'expires = "soon"',
            r"accepted\[0\].expires: 'soon' .*; expected a day such as",
        ),
        ("[[accepted]]\n" + GOOD + 'expires = "2026-02-30"', "'2026-02-30' is not a 'date'; expected a day"),
        ("[[accepted]]\n" + GOOD + "expires = 2026-02-30", "not TOML"),
        ("[[accepted]]\n" + GOOD + "expires = 2026-02-03T00:00:00", "expected a day"),
        ("[[accepted]]\n" + GOOD + "reason = 5", "reason: 5 is not of type 'string'; expected text"),
        ("[[accepted]]\n" + GOOD + "[[accepted]]\n" + GOOD, "'s' stands in it twice"),
        ("not toml at all", "not TOML"),
    ],
)
def test_a_bad_file_is_told_in_a_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "b.toml"
    path.write_text(text)
    with pytest.raises(WrongUseError, match=told) as caught:
        load(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value).strip()


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "b.toml"
    path.write_text("[[accepted]]\n" + GOOD, "utf-8-sig")
    assert len(load(path).entries) == 1


def test_a_day_may_be_text_or_empty(tmp_path: Path) -> None:
    path = tmp_path / "b.toml"
    path.write_text("[[accepted]]\n" + GOOD + 'expires = "2026-12-31"\n')
    assert load(path).entries[0].expires == dt.date(2026, 12, 31)
    path.write_text("[[accepted]]\n" + GOOD + 'expires = ""\n')
    assert load(path).entries[0].expires is None


def test_a_missing_file_is_an_error_unless_it_is_about_to_be_written(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="--update-baseline writes one"):
        load(tmp_path / "none.toml")
    assert load(tmp_path / "none.toml", may_be_missing=True) == Baseline()
