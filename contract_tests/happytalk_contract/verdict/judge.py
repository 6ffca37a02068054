"""Recorded exchanges judged by the catalogue, without asking anything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from happytalk_contract.core.model import (
    Exchange,
    ExitCode,
    Finding,
    RuleOutcome,
    RunReport,
    Severity,
    Status,
)
from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.rules.answers.rooms import answers
from happytalk_contract.rules.catalogue import RULES
from happytalk_contract.rules.rule import HELD, Doubt, Rule, Verdict
from happytalk_contract.verdict.fold import fold, merged

DRIFT: Final = frozenset({Severity.BREAKING, Severity.VALUE})
#: How the note of a rule begins that failed on what it saw.
COULD_NOT: Final = "could not judge what it saw"
#: Rules whose exercise shows that an endpoint had something to judge.
SUBSTANCE: Final = frozenset({"rooms.field.present", "messages.field.present"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the rules say of the evidence so far."""

    findings: tuple[Finding, ...]  #: put together by signature, not folded
    doubts: tuple[Finding, ...]  #: what would be findings, if the data did not move
    outcomes: tuple[RuleOutcome, ...]


def assess(
    evidence: Evidence,
    *,
    rules: Sequence[Rule] = RULES,
    endpoints: frozenset[str] = frozenset({"rooms", "messages"}),
) -> Assessment:
    """Let every rule judge the evidence."""
    findings: list[Finding] = []
    doubts: list[Finding] = []
    outcomes: list[RuleOutcome] = []
    for rule in rules:
        if rule.endpoint not in endpoints:
            outcomes.append(
                _outcome(rule, Status.SKIPPED, 0, "no credentials or no address for this endpoint")
            )
            continue
        try:
            own, open_doubts, exercised = _judged(rule, evidence)
        except Exception as error:
            # What one rule can not read must not take the others' findings with it.
            note = f"{COULD_NOT} ({type(error).__name__}): a defect of the kit, please report it"
            outcomes.append(_outcome(rule, Status.NOT_EXERCISED, 0, note))
            continue
        findings += own
        doubts += open_doubts
        outcomes.append(_summed_up(rule, own, open_doubts, exercised))
    return Assessment(findings=tuple(findings), doubts=tuple(doubts), outcomes=tuple(outcomes))


def verdicts(rule: Rule, evidence: Evidence) -> Iterable[Verdict]:
    """What one rule says of the evidence."""
    return rule.check(evidence)


def _judged(rule: Rule, evidence: Evidence) -> tuple[list[Finding], list[Finding], int]:
    found: list[Finding] = []
    doubts: list[Finding] = []
    exercised = 0
    for verdict in verdicts(rule, evidence):
        if isinstance(verdict, Doubt):
            doubts.append(_signed(rule, verdict.finding))
            continue
        exercised += 1
        if verdict is not HELD:
            found.append(_signed(rule, verdict))
    return merged(found), doubts, exercised


def _signed(rule: Rule, finding: Finding) -> Finding:
    documented = f"{finding.documented} ({rule.sentence})"
    return replace(finding, rule=rule.id, severity=rule.severity, documented=documented)


def _summed_up(rule: Rule, findings: list[Finding], doubts: list[Finding], exercised: int) -> RuleOutcome:
    note = f"{len(doubts)} not judged: the data moved, or could not be read again" if doubts else ""
    if findings and rule.severity in DRIFT:
        return _outcome(rule, Status.FAIL, exercised, note)
    if not exercised:
        return _outcome(rule, Status.NOT_EXERCISED, 0, note or f"needs {rule.needs}")
    return _outcome(rule, Status.PASS, exercised, note)


def _outcome(rule: Rule, status: Status, exercised: int, note: str) -> RuleOutcome:
    return RuleOutcome(
        id=rule.id,
        endpoint=rule.endpoint,
        sentence=rule.sentence,
        severity=rule.severity,
        status=status,
        exercised=exercised,
        needs=rule.needs,
        note=note,
    )


def judge(
    exchanges: Sequence[Exchange],
    *,
    target: str = "recording",
    seed: int = 0,
    max_requests: int = 0,
    requests: int | None = None,
    started: str = "",
    seconds: float = 0.0,
    notes: tuple[str, ...] = (),
    fail_on: frozenset[Severity] = DRIFT,
    only_rules: frozenset[str] | None = None,
    endpoints: frozenset[str] = frozenset({"rooms", "messages"}),
) -> RunReport:
    """Judge `exchanges` by the whole catalogue (or `only_rules`)."""
    evidence = Evidence(exchanges)
    rules = [rule for rule in RULES if only_rules is None or rule.id in only_rules]
    assessment = assess(evidence, rules=rules, endpoints=endpoints)
    findings = fold(assessment.findings, {rule.id: rule for rule in rules})
    return RunReport(
        target=target,
        seed=seed,
        started=started,
        seconds=seconds,
        requests=len(exchanges) if requests is None else requests,
        max_requests=max_requests,
        rules=assessment.outcomes,
        findings=findings,
        answers=answers(evidence),
        exchanges=tuple(exchanges),
        notes=notes,
        exit_code=exit_code(findings, assessment.outcomes, fail_on),
        fail_on=fail_on,
    )


def exit_code(
    findings: Iterable[Finding], outcomes: Iterable[RuleOutcome], fail_on: frozenset[Severity] = DRIFT
) -> int:
    """Drift if a finding counts; nothing judged if no room and no message was seen; else conforms."""
    if any(finding.severity in fail_on for finding in findings):
        return ExitCode.DRIFT
    judged = any(outcome.exercised for outcome in outcomes if outcome.id in SUBSTANCE)
    narrowed = not any(outcome.id in SUBSTANCE for outcome in outcomes)
    if narrowed:
        judged = any(outcome.exercised for outcome in outcomes)
    return ExitCode.CONFORMS if judged else ExitCode.NOTHING_JUDGED
