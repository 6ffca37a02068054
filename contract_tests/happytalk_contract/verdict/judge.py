"""Recorded exchanges judged by the catalogue, without asking anything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from operator import itemgetter
from types import MappingProxyType
from typing import Final

from happytalk_contract.core.model import (
    FAIL_ON,
    NAMES,
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
from happytalk_contract.rules.answers.answers import answers
from happytalk_contract.rules.catalogue import RULES
from happytalk_contract.rules.rule import HELD, Doubt, Rule, Verdict
from happytalk_contract.verdict.fold import effort, fold, merged
from happytalk_contract.verdict.pattern import found_alone, pattern
from happytalk_contract.verdict.story import story

#: How the note of a rule begins that failed on what it saw.
COULD_NOT: Final = "could not judge what it saw"
#: What an endpoint shows that has something to judge.
CONTENT: Final[Mapping[Endpoint, str]] = MappingProxyType({"rooms": "room", "messages": "system message"})


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

    def assess(
        self, skipped: Mapping[Endpoint, str] = NOTHING_SKIPPED, *, is_over: bool = False
    ) -> Assessment:
        """What the rules say of the evidence so far; `skipped`: endpoints that are not judged, and why.

        `is_over`: nothing is asked any more, so doubts over data that stood still are findings.
        """
        judged = [
            _Judgement(outcome=_outcome(rule, Status.SKIPPED, 0, skipped[rule.endpoint]))
            if rule.endpoint in skipped
            else self._judged(rule, is_over=is_over)
            for rule in self.rules
        ]
        return Assessment(
            findings=tuple(finding for one in judged for finding in one.findings),
            doubts=tuple(doubt for one in judged for doubt in one.doubts),
            outcomes=tuple(one.outcome for one in judged),
        )

    def _judged(self, rule: Rule, *, is_over: bool) -> _Judgement:
        seen = len(self.evidence.rooms if rule.endpoint == "rooms" else self.evidence.messages)
        before, known = self._kept.get(rule.id, (None, None))
        if known is None or before != seen:
            known = _judged(rule, self.evidence)
            self._kept[rule.id] = (seen, known)
        return _without_doubt(rule, known, self.evidence) if is_over and known.doubts else known


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


def _without_doubt(rule: Rule, judged: _Judgement, evidence: Evidence) -> _Judgement:
    """The same with doubts as findings where the data stood still: nothing else explains them."""
    sure: list[Finding] = []
    doubts: list[Finding] = []
    for doubt in judged.doubts:
        (sure if evidence.stood_still(doubt) else doubts).append(doubt)
    findings = merged([*judged.findings, *sure])
    exercised = judged.outcome.exercised + len(sure)
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
    unjudged: tuple[str, ...] = (),
    wanted: Collection[Endpoint] | None = None,
    bench: Bench | None = None,
) -> RunReport:
    """Judge `exchanges` by the whole catalogue (or `only_rules`); `bench`: one that has seen just these.

    `unjudged`: what was not, and why. `wanted`: endpoints that must show something; None: those asked."""
    bench = bench or Bench(Evidence(exchanges), only_rules=only_rules)
    assessment = bench.assess(skipped, is_over=True)
    unjudged += tuple(_without_content(bench, wanted))
    findings = _led(assessment.findings, bench)
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
        notes=(*unjudged, *notes),
        unjudged=unjudged,
        exit_code=exit_code(findings, assessment.outcomes, unjudged, fail_on),
        fail_on=fail_on,
    )


#: What an answer that departs now and then looks like from afar: it explains these.
FROM_AFAR: Final = ("*.same_answer", "*.read_only", "*.open.steady", "*.answered", "rooms.notation")


def _led(found: Iterable[Finding], bench: Bench) -> tuple[Finding, ...]:
    """The findings that lead, each with how often it shows; what shows now and then explains what looks unsteady."""
    rules = {rule.id: rule for rule in bench.rules}
    told: list[Finding] = []
    led: dict[str, int] = {}  #: by condition, which one of `told` departs as a list does under it
    unsteady: list[Finding] = []
    for finding in (least(rules[one.rule], one, bench.evidence) for one in fold(found, rules)):
        often = pattern(rules[finding.rule], finding, bench.evidence) if finding.severity in FAIL_ON else None
        one = finding if often is None else replace(finding, often=often.text)
        if (
            finding.severity in FAIL_ON
            and (more := story(finding, bench.evidence))
            and more not in one.received
        ):
            one = replace(one, received=f"{one.received}; {more}")
            if one.kind == "strangers" and often is not None and often.condition:
                # `more` is of all lists, the condition only of those that others are held against.
                one = replace(one, often=often.share)
        if often is not None and often.is_intermittent and not often.is_since and one.kind != "fleeting":
            one = replace(one, message=f"{one.message}, now and then")
        if often is not None and often.condition and one.kind in OF_LISTS:
            at = led.setdefault(often.condition, len(told))
            if at < len(told):
                told[at] = replace(told[at], folded=(*told[at].folded, one))
                continue
        told.append(one)
        if often is not None and often.is_intermittent:
            unsteady.append(one)
    if not unsteady:
        return tuple(told)
    first = next((one for one in unsteady if not _is_from_afar(one)), unsteady[0])
    endpoint = first.rule.split(".")[0]
    under = tuple(
        one for one in told if one is not first and _is_from_afar(one) and one.rule.split(".")[0] == endpoint
    )
    kept = (one for one in told if one not in under)
    return tuple(replace(one, folded=(*one.folded, *under)) if one is first else one for one in kept)


#: Departures of lists that depart by one fault, if they do so under one condition.
OF_LISTS: Final = ("missing", "count", "place")


def least(rule: Rule, finding: Finding, evidence: Evidence) -> Finding:
    """A finding as the least request shows it that does so by itself: many a rule looks at each thing once only."""
    views = evidence.rooms if rule.endpoint == "rooms" else evidence.messages
    asked = {} if finding.together else {view.asked: view for view in views}
    most, sizes = effort(finding.request), [(effort(view.exchange.request), view) for view in asked.values()]
    for size, view in sorted(sizes, key=itemgetter(0)):
        if size >= most:
            break
        if (found := found_alone(rule, finding, view)) is not None:
            numbers = tuple(sorted({*finding.exchanges, view.number}))
            told = replace(found, message=finding.message, subject=finding.subject)
            return replace(_signed(rule, told), exchanges=numbers, folded=finding.folded)
    return finding


def _is_from_afar(finding: Finding) -> bool:
    return any(fnmatchcase(finding.rule, name) for name in FROM_AFAR)


def _without_content(bench: Bench, wanted: Collection[Endpoint] | None) -> Iterator[str]:
    """Say which endpoints of the rules showed nothing to judge."""
    evidence = bench.evidence
    asked = {"rooms": evidence.rooms, "messages": evidence.messages}
    shown = {"rooms": evidence.distinct_rooms, "messages": evidence.listed_messages}
    for endpoint, content in CONTENT.items():
        is_wanted = asked[endpoint] if wanted is None else endpoint in wanted
        if is_wanted and not shown[endpoint] and any(rule.endpoint == endpoint for rule in bench.rules):
            yield (
                f"not one {content} was seen, so most rules on {NAMES[endpoint]} were not exercised "
                f"(--allow-empty {endpoint} says that the account has none)"
            )


def exit_code(
    findings: Iterable[Finding],
    outcomes: Iterable[RuleOutcome],
    unjudged: Collection[str] = (),
    fail_on: frozenset[Severity] = FAIL_ON,
) -> int:
    """Drift if a finding counts; conforms if all that was to be judged was."""
    if any(finding.severity in fail_on for finding in findings):
        return ExitCode.DRIFT
    is_judged = not unjudged and any(outcome.exercised for outcome in outcomes)
    return ExitCode.CONFORMS if is_judged else ExitCode.NOTHING_JUDGED
