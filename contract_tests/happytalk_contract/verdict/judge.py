"""Recorded exchanges judged by the catalogue, without asking anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from happytalk_contract.core.model import (
    FAIL_ON,
    Endpoint,
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

#: How the note of a rule begins that failed on what it saw.
COULD_NOT: Final = "could not judge what it saw"
#: Rules whose exercise shows that an endpoint had something to judge.
SUBSTANCE: Final = frozenset({"rooms.field.present", "messages.field.present"})


#: Every endpoint is judged.
NOTHING_SKIPPED: Final[Mapping[Endpoint, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judgement:
    """What one rule says of the evidence."""

    findings: tuple[Finding, ...] = ()  #: put together by signature
    doubts: tuple[Finding, ...] = ()
    outcome: RuleOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What the rules say of the evidence so far."""

    findings: tuple[Finding, ...]  #: put together by signature, not folded
    doubts: tuple[Finding, ...]  #: what would be findings, if the data did not move
    outcomes: tuple[RuleOutcome, ...]


class Bench:
    """Lets rules judge evidence that grows; a rule looks again only once its endpoint was asked again."""

    def __init__(self, evidence: Evidence, *, only_rules: frozenset[str] | None = None) -> None:
        """`only_rules`: ids; None: the whole catalogue."""
        self.evidence = evidence
        self.rules = tuple(rule for rule in RULES if only_rules is None or rule.id in only_rules)
        self._kept: dict[str, tuple[int, _Judgement]] = {}

    def assess(self, skipped: Mapping[Endpoint, str] = NOTHING_SKIPPED) -> Assessment:
        """What the rules say of the evidence so far; `skipped`: endpoints that are not judged, and why."""
        judged = [
            _Judgement(outcome=_outcome(rule, Status.SKIPPED, 0, skipped[rule.endpoint]))
            if rule.endpoint in skipped
            else self._judged(rule)
            for rule in self.rules
        ]
        return Assessment(
            findings=tuple(finding for one in judged for finding in one.findings),
            doubts=tuple(doubt for one in judged for doubt in one.doubts),
            outcomes=tuple(one.outcome for one in judged),
        )

    def _judged(self, rule: Rule) -> _Judgement:
        seen = len(self.evidence.rooms if rule.endpoint == "rooms" else self.evidence.messages)
        before, known = self._kept.get(rule.id, (None, None))
        if known is None or before != seen:
            known = _judged(rule, self.evidence)
            self._kept[rule.id] = (seen, known)
        return known


def verdicts(rule: Rule, evidence: Evidence) -> Iterable[Verdict]:
    """What one rule says of the evidence."""
    return rule.check(evidence)


def _judged(rule: Rule, evidence: Evidence) -> _Judgement:
    found: list[Finding] = []
    doubts: list[Finding] = []
    exercised = 0
    try:
        for verdict in verdicts(rule, evidence):
            if isinstance(verdict, Doubt):
                doubts.append(_signed(rule, verdict.finding))
                continue
            exercised += 1
            if verdict is not HELD:
                found.append(_signed(rule, verdict))
    except Exception as error:
        # What one rule can not read must not take the others' findings with it.
        note = f"{COULD_NOT} ({type(error).__name__}): a defect of the kit, please report it"
        return _Judgement(outcome=_outcome(rule, Status.NOT_EXERCISED, 0, note))
    findings = merged(found)
    return _Judgement(
        findings=tuple(findings), doubts=tuple(doubts), outcome=_summed_up(rule, findings, doubts, exercised)
    )


def _signed(rule: Rule, finding: Finding) -> Finding:
    documented = f"{finding.documented} ({rule.sentence})"
    return replace(finding, rule=rule.id, severity=rule.severity, documented=documented)


def _summed_up(rule: Rule, findings: list[Finding], doubts: list[Finding], exercised: int) -> RuleOutcome:
    note = f"{len(doubts)} not judged: the data moved, or could not be read again" if doubts else ""
    if findings and rule.severity in FAIL_ON:
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
    fail_on: frozenset[Severity] = FAIL_ON,
    only_rules: frozenset[str] | None = None,
    skipped: Mapping[Endpoint, str] = NOTHING_SKIPPED,
    bench: Bench | None = None,
) -> RunReport:
    """Judge `exchanges` by the whole catalogue (or `only_rules`); `bench`: one that has seen just these."""
    bench = bench or Bench(Evidence(exchanges), only_rules=only_rules)
    assessment = bench.assess(skipped)
    findings = fold(assessment.findings, {rule.id: rule for rule in bench.rules})
    return RunReport(
        target=target,
        seed=seed,
        started=started,
        seconds=seconds,
        requests=len(exchanges) if requests is None else requests,
        max_requests=max_requests,
        rules=assessment.outcomes,
        findings=findings,
        answers=answers(bench.evidence),
        exchanges=tuple(exchanges),
        notes=notes,
        exit_code=exit_code(findings, assessment.outcomes, fail_on),
        fail_on=fail_on,
    )


def exit_code(
    findings: Iterable[Finding], outcomes: Iterable[RuleOutcome], fail_on: frozenset[Severity] = FAIL_ON
) -> int:
    """Drift if a finding counts; nothing judged if no room and no message was seen; else conforms."""
    if any(finding.severity in fail_on for finding in findings):
        return ExitCode.DRIFT
    judged = any(outcome.exercised for outcome in outcomes if outcome.id in SUBSTANCE)
    narrowed = not any(outcome.id in SUBSTANCE for outcome in outcomes)
    if narrowed:
        judged = any(outcome.exercised for outcome in outcomes)
    return ExitCode.CONFORMS if judged else ExitCode.NOTHING_JUDGED
