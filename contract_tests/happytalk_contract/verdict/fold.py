"""One fault is one finding: equal findings are put together, and what a deeper one explains goes under it.

A finding explains another if its rule is named by the other's rule (`Rule.explained_by`) and either it is
about a field that the other reads, or the rules are akin (`Rule.akin`), or the other shows nowhere else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from happytalk_contract.core.model import Finding, Request, Severity
from happytalk_contract.questions.meaning import meaning, parameters
from happytalk_contract.rules.rule import Rule

#: From how many on findings that depart alike count as one fault.
MANY = 3
_NUMBER = re.compile(r"-?[0-9.]+(e[+-]?[0-9]+)?")
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with one signature become one: the least request, all exchanges."""
    found: dict[str, Finding] = {}
    numbers: dict[str, set[int]] = {}
    for finding in findings:
        signature = finding.signature
        numbers.setdefault(signature, set()).update(finding.exchanges)
        before = found.get(signature)
        if before is None or _length(finding) < _length(before):
            found[signature] = finding
    return [
        replace(finding, exchanges=tuple(sorted(numbers[signature]))) for signature, finding in found.items()
    ]


def _length(finding: Finding) -> tuple[bool, tuple[bool, int, int], int]:
    """What is told: which whole list is wrong before what it makes wrong, then the least to ask."""
    return finding.kind != "strangers", effort(finding.request), len(finding.together)


def effort(request: Request | None) -> tuple[bool, int, int]:
    """How much there is to a request: whether it is a documented one, parameters, then characters."""
    if request is None:
        return (False, 0, 0)
    size = len(request.body or b"") + sum(len(name) + len(value) for name, value in request.query)
    try:
        body = json.loads(request.body or b"")
    except (ValueError, RecursionError):
        body = None
    params = parameters(request)
    is_odd = request.endpoint == "rooms" and (params is None or not meaning(params).is_plain)
    return (is_odd, len(body.keys() - {"token"}) if isinstance(body, dict) else 100, size)


def fold(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> tuple[Finding, ...]:
    """Put findings under the ones that explain them; worst first, then in the catalogue's order."""
    depth = {name: index for index, name in enumerate(rules)}
    kept: list[Finding] = []
    under: dict[str, list[Finding]] = {}
    for finding in sorted(
        findings, key=lambda finding: (depth[finding.rule], finding.kind != "strangers", finding.subject)
    ):
        lead = _lead(kept, under, finding, rules[finding.rule])
        if lead is None:
            kept.append(finding)
        else:
            under.setdefault(lead, []).append(finding)
    kept = _alike([_least(finding, under.get(finding.signature, ())) for finding in kept], under)
    kept.sort(key=lambda finding: _RANK[finding.severity])
    return tuple(_sharpest(finding, under.get(finding.signature, ())) for finding in kept)


def _sharpest(lead: Finding, folded: Sequence[Finding]) -> Finding:
    """Which rooms a page holds says more than how many: that leads over a count, which goes under it."""
    told = (
        one
        for one in folded
        if one.kind == "place" or (one.kind == "missing" and "chat_list" in one.json_path)
    )
    rooms = next(told, None) if lead.kind == "count" else None
    if rooms is None:
        return replace(lead, folded=tuple(folded))
    return replace(rooms, folded=(lead, *(one for one in folded if one is not rooms)))


def _least(lead: Finding, folded: Iterable[Finding]) -> Finding:
    """`lead`, as the least request shows it that departs in the same way, by whatever rule."""
    same = (
        one for one in folded if one.message == lead.message or (one.kind == "days" and lead.kind == "days")
    )
    least = min((lead, *same), key=lambda one: effort(one.request))
    return replace(least, rule=lead.rule, message=lead.message, subject=lead.subject, severity=lead.severity)


def _alike(kept: list[Finding], under: dict[str, list[Finding]]) -> list[Finding]:
    """Many fields that depart in one way (all null, all missing) are one fault: the first stands for them."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in kept:
        groups.setdefault((finding.rule, _way(finding)), []).append(finding)
    folded: set[str] = set()
    for group in groups.values():
        if len(group) < MANY or not group[0].subject:
            continue
        folded.update(finding.signature for finding in group[1:])
        for finding in group[1:]:
            under.setdefault(group[0].signature, []).extend([finding, *under.pop(finding.signature, [])])
    return [finding for finding in kept if finding.signature not in folded]


def _way(finding: Finding) -> str:
    """How a field departs, whatever its name: missing, null, a number, text …"""
    if finding.rule.endswith(".present"):
        return "missing"
    received = finding.received
    return (
        "number" if _NUMBER.fullmatch(received) else received.split(" ")[0] if received[:1] != '"' else "text"
    )


def _lead(
    kept: Iterable[Finding], under: Mapping[str, Sequence[Finding]], finding: Finding, rule: Rule
) -> str | None:
    """Under which finding, by its signature, `finding` goes; None where nothing explains it."""
    if (deeper := _deeper(kept, finding, rule)) is not None:
        return deeper.signature
    if ".order." not in finding.rule:
        return None
    # Where all orders are broken, the one that explains it may be explained itself.
    orders = [(one, lead) for lead, folded in under.items() for one in folded if ".order." in one.rule]
    deeper = _deeper([one for one, _ in orders], finding, rule)
    return next((lead for one, lead in orders if one is deeper), None)


def _deeper(kept: Iterable[Finding], finding: Finding, rule: Rule) -> Finding | None:
    """The first finding that explains `finding`, alone or with others."""
    named = [other for other in kept if _matches(other, rule.explained_by)]
    for other in named:
        # A list that is out of order has other rooms on its pages, of whatever kind the page is.
        is_order = ".order." in other.rule and finding.kind == "place"
        if ".field." in other.rule or ".wire." in other.rule or is_order or _matches(other, rule.akin):
            return other
    shown = {number for other in named for number in other.exchanges}
    return named[0] if named and shown.issuperset(finding.exchanges) else None


def _matches(finding: Finding, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(finding.signature, pattern) for pattern in patterns)
