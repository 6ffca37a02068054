"""Known findings that are accepted for now, so that CI fails on what is new.

A baseline is a TOML file, because people write in it (a reason, a ticket, a day it expires) and read its
changes in reviews:

    [[accepted]]
    id = "rooms.fields.out_api"
    signature = "rooms.fields.out_api:7"
    reason = "Instagram rooms; our client shows them as unknown"
    ticket = "CS-1234"
    expires = 2026-12-31
    since = 2026-05-01

`signature` is what a finding is known by from run to run; `id` is the rule that found it, for the reader.
`expires` "" or left out: never. `since` is the day the entry was written.
"""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from happytalk_contract.core.documents import checked
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.files import write_atomically
from happytalk_contract.core.model import Accepted, ExitCode, Finding, RunReport, Severity, Status

HEADER = """\
# Findings that are accepted for now; a check fails on what is not in here.
# Written by: happytalk-contract check --baseline {name} --update-baseline
# Yours to fill in: reason, ticket, expires (a day such as 2026-12-31; "" for never). They are kept.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One accepted finding."""

    id: str  #: the rule
    signature: str
    reason: str = ""
    ticket: str = ""
    expires: dt.date | None = None  #: the last day on which it is accepted; None: no end
    since: dt.date
    message: str = ""  #: the finding's sentence when it was written, for the reader

    def is_expired(self, today: dt.date) -> bool:
        """Whether `today` is past the entry's last day."""
        return self.expires is not None and today > self.expires


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The accepted findings of one file, by signature."""

    entries: tuple[Entry, ...] = ()

    def get(self, signature: str) -> Entry | None:
        """The entry for `signature`, expired or not."""
        return next((entry for entry in self.entries if entry.signature == signature), None)


def load(path: Path, *, may_be_missing: bool = False) -> Baseline:
    """Read a baseline; raises `WrongUseError` that names file, entry and field where it is not one.

    `may_be_missing`: a file that is not there yet is an empty baseline (it is about to be written).
    """
    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        if may_be_missing:
            return Baseline()
        raise WrongUseError(f"--baseline {path}: no such file; --update-baseline writes one") from None
    except OSError as error:
        raise WrongUseError(f"--baseline {path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongUseError(f"--baseline {path}: not TOML: {error}") from None
    given = document.get("accepted", [])
    tables = [_plain(table) for table in given] if isinstance(given, list) else given
    (known,) = checked([(f"--baseline {path}", document | {"accepted": tables})], "contract_baseline.schema")
    entries = [_entry(**table) for table in known["accepted"]]
    seen: set[str] = set()
    for entry in entries:
        if entry.signature in seen:
            raise WrongUseError(f"--baseline {path}: {entry.signature!r} stands in it twice")
        seen.add(entry.signature)
    return Baseline(entries=tuple(entries))


def save(baseline: Baseline, path: Path) -> None:
    """Write `baseline`, sorted by signature so that changes read well in a review."""
    blocks = [HEADER.format(name=path.name)]
    for entry in sorted(baseline.entries, key=lambda entry: entry.signature):
        lines = ["[[accepted]]"]
        lines += [f"{name} = {_toml(getattr(entry, name))}" for name in _FIELDS]
        blocks.append("\n".join(lines) + "\n")
    write_atomically(path, "\n".join(blocks).encode())


def apply(report: RunReport, baseline: Baseline) -> RunReport:
    """Move what `baseline` accepts from `findings` to `accepted`, and judge by what is left.

    Tells in `baseline_notes` which entries expired, and which were not found again although their rule
    was exercised.
    """
    today = dt.date.fromisoformat(report.started[:10])
    new, accepted, notes = [], [], []
    for finding in report.findings:
        entry = baseline.get(finding.signature)
        if entry is None or entry.is_expired(today):
            new.append(finding)
        else:
            accepted.append(_accepted(finding, entry))
        if entry is not None and entry.is_expired(today):
            notes.append(f"expired: {entry.signature} was accepted until {entry.expires}{_why(entry)}")
    notes += [
        f"vanished: {entry.signature}{_why(entry)} is no longer found" for entry in _gone(report, baseline)
    ]
    judged = replace(report, findings=tuple(new), accepted=tuple(accepted), baseline_notes=tuple(notes))
    return replace(judged, exit_code=_exit_code(judged))


def updated(report: RunReport, baseline: Baseline) -> Baseline:
    """The baseline that accepts all that `report` (not yet applied to any) found.

    Kept entries keep reason, ticket, since and an end in the future; vanished ones go; entries whose rule
    was not exercised stay. Open answers are no departures and are not written.
    """
    today = dt.date.fromisoformat(report.started[:10])
    gone = {entry.signature for entry in _gone(report, baseline)}
    entries = {entry.signature: entry for entry in baseline.entries if entry.signature not in gone}
    for finding in report.findings:
        if finding.severity is Severity.OPEN_ANSWER:
            continue
        old = entries.get(finding.signature)
        fresh = Entry(id=finding.rule, signature=finding.signature, since=today)
        kept = fresh if old is None else replace(old, expires=None) if old.is_expired(today) else old
        entries[finding.signature] = replace(kept, message=finding.message)
    return Baseline(entries=tuple(entries.values()))


def _accepted(finding: Finding, entry: Entry) -> Accepted:
    return Accepted(
        finding=finding,
        reason=entry.reason,
        ticket=entry.ticket,
        expires=entry.expires.isoformat() if entry.expires else "",
        since=entry.since.isoformat(),
    )


def _gone(report: RunReport, baseline: Baseline) -> list[Entry]:
    """Entries that were looked for and not found. One folded under another finding is still there."""
    found = set(_signatures(report.findings))
    exercised = {rule.id for rule in report.rules if rule.status in (Status.PASS, Status.FAIL)}
    return [entry for entry in baseline.entries if entry.signature not in found and entry.id in exercised]


def _signatures(findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        yield finding.signature
        yield from _signatures(finding.folded)


def _exit_code(report: RunReport) -> int:
    if any(finding.severity in report.fail_on for finding in report.findings):
        return ExitCode.DRIFT
    if report.exit_code != ExitCode.DRIFT:
        return report.exit_code
    return ExitCode.NOTHING_JUDGED if report.unjudged else ExitCode.CONFORMS


def _why(entry: Entry) -> str:
    parts = [part for part in (entry.reason, entry.ticket) if part]
    return f" ({', '.join(parts)})" if parts else ""


_FIELDS = ("id", "signature", "message", "reason", "ticket", "expires", "since")


def _plain(table: Any) -> Any:
    """`table` as JSON would have it: days as text, and left out where they are empty."""
    if not isinstance(table, dict):
        return table
    plain = {
        name: value.isoformat() if isinstance(value, dt.date) else value for name, value in table.items()
    }
    return {name: value for name, value in plain.items() if name != "expires" or value != ""}


def _entry(*, since: str, expires: str | None = None, **texts: str) -> Entry:
    last = None if expires is None else dt.date.fromisoformat(expires)
    return Entry(**texts, since=dt.date.fromisoformat(since), expires=last)


def _toml(value: str | dt.date | None) -> str:
    """A TOML value. JSON's escapes are TOML's too, but for DEL, which JSON leaves bare."""
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value or "", ensure_ascii=False).replace("\x7f", "\\u007f")
