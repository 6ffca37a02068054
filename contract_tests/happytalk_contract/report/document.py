"""A run as one plain document: what the JSON report holds, and what the other writers read.

The layout is `schemas/contract_report.schema.json`; a change that removes or renames anything raises
`FORMAT`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace
from enum import Enum
from importlib import metadata
from typing import Any, Final
from urllib.parse import urlencode

from happytalk_contract.core.model import (
    SEOUL,
    Accepted,
    Answer,
    Endpoint,
    Exchange,
    Finding,
    Request,
    RunReport,
    Severity,
    Status,
)
from happytalk_contract.evidence.recording import key
from happytalk_contract.report.curl import as_curl, as_python
from happytalk_contract.report.excerpt import excerpt, glimpse
from happytalk_contract.transport.targets import SERVED_MOCK

Document = dict[str, Any]

FORMAT: Final = 1

#: Exchanges shown for one finding: the first ones. Their numbers are all told.
SHOWN_EXCHANGES: Final = 6

#: Headers that say who answered and what.
TELLING_HEADERS: Final = ("content-type", "content-encoding", "server", "via", "age", "retry-after")

#: Control characters but for tab and line feed, marks of reading direction, lone surrogates.
_WILD: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

_WORST_FIRST: Final = tuple(Severity)


def as_document(report: RunReport) -> Document:
    """Lay out `report` as JSON-able data, worst findings first."""
    findings = sorted(report.findings, key=lambda finding: _WORST_FIRST.index(finding.severity))
    render = _Findings(report)
    document: Document = _tame(
        {
            "format": FORMAT,
            "kit": f"happytalk-contract {metadata.version('happytalk-mock')}",
            "target": report.target,
            "chat_url": report.chat_url,
            "message_url": report.message_url,
            "seed": report.seed,
            "started": report.started,
            "summary": _summary(report),
            "findings": [render.finding(finding) for finding in findings],
            "accepted": [render.accepted(accepted) for accepted in report.accepted],
            "baseline_notes": list(report.baseline_notes),
            "notes": list(report.notes),
            "unjudged": list(report.unjudged),
            "rules": [asdict(rule) for rule in report.rules],
            "answers": [asdict(answer) for answer in report.answers],
            "behaviour": behaviour(report.answers),
            "exchanges": render.exchanges(),
        }
    )
    return document


def behaviour(answers: Iterable[Answer]) -> dict[str, str]:
    """The answers that were seen, as a behaviour profile of the mock."""
    return {one.question: one.answer for one in answers if one.answer is not None}


def _tame(value: Any) -> Any:
    """`value` with all text fit for every kind of report: what could steer a terminal, turn the direction
    of reading, or can not be written as UTF-8 is escaped."""
    match value:
        case dict():
            return {_tame(key): _tame(item) for key, item in value.items()}
        case list() | tuple():
            return [_tame(item) for item in value]
        case Enum():
            return value.value
        case str() if _WILD.search(value):
            return _WILD.sub(lambda match: match[0].encode("unicode_escape").decode(), value)
    return value


def _summary(report: RunReport) -> Document:
    severities = Counter(finding.severity for finding in report.findings)
    statuses = Counter(rule.status for rule in report.rules)
    return {
        "verdict": report.verdict,
        "exit_code": report.exit_code,
        "requests": report.requests,
        "max_requests": report.max_requests,
        "seconds": round(report.seconds, 3),
        "fail_on": [severity.value for severity in Severity if severity in report.fail_on],
        "findings": {severity.value: severities[severity] for severity in Severity},
        "failing": sum(severities[severity] for severity in report.fail_on),
        "accepted": len(report.accepted),
        "rules": {status.value: statuses[status] for status in Status},
    }


class _Findings:
    """Renders findings, and notes which exchanges they stand on and where to look in them."""

    def __init__(self, report: RunReport) -> None:
        self._report = report
        self._sentences = {rule.id: rule.sentence for rule in report.rules}
        self._exchanges = {exchange.number: exchange for exchange in report.exchanges}
        self._paths: dict[int, set[str]] = {}  #: number of an exchange -> JSON paths that findings name

    def finding(self, finding: Finding) -> Document:
        known = [number for number in finding.exchanges if number in self._exchanges]
        # The answer to what is to be asked again comes first: what was received, and where, is told of it.
        asked = None if finding.request is None else key(finding.request)
        known.sort(key=lambda number: key(self._exchanges[number].request) != asked)
        for number in known[:SHOWN_EXCHANGES]:
            self._paths.setdefault(number, set()).add(finding.json_path)
        request = finding.request or (self._exchanges[known[-1]].request if known else None)
        url = _url(self._report, request.endpoint) if request else ""
        plain = asdict(replace(finding, request=None, folded=()))
        del plain["request"], plain["kind"]
        return plain | {
            "signature": finding.signature,
            "sentence": self._sentences.get(finding.rule, ""),
            "often": finding.often,
            "curl": as_curl(request, url, with_head=_is_of_wire(finding)) if request else "",
            "together": self._together(finding),
            "seen": self._seen(known),
            "excerpt": self._excerpt(known, finding.json_path),
            "python": as_python(request, url) if request else "",
            "folded": [self.finding(folded) for folded in finding.folded],
        }

    def _together(self, finding: Finding) -> list[str]:
        """The requests that only show it together, one line each, in the order of asking; [] where one is enough."""
        asked = [self._exchanges[number].request for number in finding.together if number in self._exchanges]
        lines = [
            as_curl(request, _url(self._report, request.endpoint), with_head=_is_of_wire(finding))
            for request in asked
        ]
        return lines[-SHOWN_EXCHANGES:] if len(lines) > 1 else []

    def _seen(self, known: list[int]) -> str:
        """When, how and how fast the answer came that shows it."""
        exchange = self._exchanges[known[0]] if known else None
        if exchange is None or exchange.response is None:
            return ""
        response, at = exchange.response, dt.datetime.fromtimestamp(exchange.started, SEOUL)
        told = [f"request {exchange.number} at {at:%Y-%m-%d %H:%M:%S}: HTTP {response.status}"]
        told.append(f"{response.seconds * 1000:.0f} ms, {len(response.body):,} bytes")
        told += [
            f"{name}: {response.headers[name][:60]}" for name in TELLING_HEADERS if name in response.headers
        ]
        return "; ".join(told)

    def _excerpt(self, known: list[int], path: str) -> str:
        """What a reader must see of the answer, without anyone's words."""
        exchange = self._exchanges[known[0]] if known else None
        answer = exchange.response if exchange else None
        return glimpse(answer.body, path) if answer and answer.body else ""

    def accepted(self, accepted: Accepted) -> Document:
        return asdict(accepted) | {"finding": self.finding(accepted.finding)}

    def exchanges(self) -> list[Document]:
        """The exchanges behind the findings rendered so far, in the order of sending."""
        return [
            self._exchange(self._exchanges[number], self._paths[number]) for number in sorted(self._paths)
        ]

    def _exchange(self, exchange: Exchange, paths: set[str]) -> Document:
        response = exchange.response
        return {
            "number": exchange.number,
            "started": dt.datetime.fromtimestamp(exchange.started, SEOUL).isoformat(timespec="milliseconds"),
            "endpoint": exchange.request.endpoint,
            "why": exchange.request.why,
            "request": _request(exchange.request, _url(self._report, exchange.request.endpoint)),
            "response": None
            if response is None
            else {
                "status": response.status,
                "content_type": response.headers.get("content-type", ""),
                "seconds": round(response.seconds, 3),
                "bytes": len(response.body),
                "excerpt": excerpt(response.body, paths),
            },
            "fault": exchange.fault,
        }


def _request(request: Request, url: str) -> Document:
    url += request.suffix
    return {
        "method": request.method,
        "url": f"{url}?{urlencode(request.query, safe='${}')}" if request.query else url,
        "headers": dict(request.headers),
        "body": None if request.body is None else _text(request.body),
    }


def _text(body: bytes, longest: int = 2_000) -> str:
    text = body[:longest].decode("utf-8", "backslashreplace")
    return text if len(body) <= longest else f"{text}… ({len(body):,} bytes in all)"


def _is_of_wire(finding: Finding) -> bool:
    """Whether status and headers are what departs."""
    return ".wire." in finding.rule


def _url(report: RunReport, endpoint: Endpoint) -> str:
    """Where to ask again; a recording does not know, and a mock that was started is gone."""
    asked = report.chat_url if endpoint == "rooms" else report.message_url
    return (asked if report.target != "mock" else "") or SERVED_MOCK.url(endpoint) or ""
