"""One fault is one finding: equal findings are put together, and what a deeper one explains goes under it.

A finding explains another if its rule is named by the other's rule (`Rule.explained_by`) and either it is
about a field that the other reads, or it shows wherever the other shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from happytalk_contract.model import Finding, Request, Severity
from happytalk_contract.questions import parameters
from happytalk_contract.rule import Rule

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with one signature become one: the least request, all exchanges."""
    found: dict[str, Finding] = {}
    numbers: dict[str, set[int]] = {}
    for finding in findings:
        signature = finding.signature
        numbers.setdefault(signature, set()).update(finding.exchanges)
        before = found.get(signature)
        if before is None or effort(finding.request) < effort(before.request):
            found[signature] = finding
    return [
        replace(finding, exchanges=tuple(sorted(numbers[signature]))) for signature, finding in found.items()
    ]


def effort(request: Request | None) -> tuple[int, int]:
    """How much there is to a request: parameters, then characters."""
    if request is None:
        return (0, 0)
    params = parameters(request)
    size = len(request.body or b"") + sum(len(name) + len(value) for name, value in request.query)
    return (len(params) if params is not None else 100, size)


def fold(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> tuple[Finding, ...]:
    """Put findings under the ones that explain them; worst first, then in the catalogue's order."""
    depth = {name: index for index, name in enumerate(rules)}
    kept: list[Finding] = []
    under: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: (depth[finding.rule], finding.subject)):
        deeper = next((other for other in kept if explains(other, finding, rules[finding.rule])), None)
        if deeper is None:
            kept.append(finding)
        else:
            under.setdefault(deeper.signature, []).append(finding)
    kept.sort(key=lambda finding: _RANK[finding.severity])
    return tuple(replace(finding, folded=tuple(under.get(finding.signature, ()))) for finding in kept)


def explains(deeper: Finding, finding: Finding, rule: Rule) -> bool:
    """Whether `deeper` explains `finding`, which `rule` yielded."""
    if not any(fnmatchcase(deeper.signature, pattern) for pattern in rule.explained_by):
        return False
    if ".field." in deeper.rule or ".wire." in deeper.rule:
        return True
    return set(finding.exchanges) <= set(deeper.exchanges)
