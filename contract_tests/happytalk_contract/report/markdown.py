"""The report as Markdown that fits a GitHub step summary."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

from happytalk_contract.report.document import Document
from happytalk_contract.report.text import answer_text, finding_facts, verdict_sentence

#: GitHub drops a step summary over 1 MiB; the rest is left for what else the step writes.
LARGEST: Final = 900_000

SIGNS: Final = {"conforms": "✅", "drift": "❌", "nothing_judged": "⚠️"}


def render(document: Document) -> str:
    """Findings, then coverage, then open questions; the least telling part is cut if it gets too long."""
    verdict = document["summary"]["verdict"]
    title = f"## {SIGNS[verdict]} HappyTalk contract: {verdict.replace('_', ' ')}"
    parts = [
        f"{title}\n\n{_plain(verdict_sentence(document))}\n",
        _facts(document),
        *(f"> {_plain(note)}\n" for note in [*document["notes"], *document["baseline_notes"]]),
        *(_finding(finding) for finding in document["findings"]),
        *_accepted(document),
        *_rules(document),
        *_answers(document),
    ]
    kept: list[str] = []
    size = 0
    for part in parts:
        size += len(part.encode()) + 1
        if size > LARGEST:
            kept.append(f"… {len(parts) - len(kept)} more parts are left out: too long for a summary.\n")
            break
        kept.append(part)
    return "\n".join(kept)


def _facts(document: Document) -> str:
    summary = document["summary"]
    facts = (
        f"Target {_code(document['target'])}",
        f"{summary['requests']} of {summary['max_requests']} requests in {summary['seconds']:.1f} s",
        f"seed {_code(str(document['seed']))}",
        _plain(document["started"]),
    )
    return " · ".join(facts) + "\n"


def _finding(finding: Document) -> str:
    lines = [f"### {finding['severity']}: {_plain(finding['message'])}\n", f"Rule {_code(finding['rule'])}\n"]
    lines += [
        f"- {label}: {_plain(text) if label == 'way out' else _code(text)}"
        for label, text in finding_facts(finding)
        if label != "ask again"
    ]
    if finding["curl"]:
        lines += ["", "<details><summary>Ask again</summary>\n", _fence(finding["curl"], "bash")]
        lines += [_fence(finding["python"], "python"), "</details>"]
    return "\n".join(lines) + "\n"


def _accepted(document: Document) -> list[str]:
    if not document["accepted"]:
        return []
    rows = [
        (
            _plain(accepted["finding"]["message"]),
            _code(accepted["finding"]["signature"]),
            _plain(accepted["reason"]),
            _plain(accepted["ticket"]),
            accepted["since"],
            accepted["expires"] or "never",
        )
        for accepted in document["accepted"]
    ]
    head = ("finding", "signature", "reason", "ticket", "since", "expires")
    return [_table("Accepted by the baseline", head, rows)]


def _rules(document: Document) -> list[str]:
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for rule in document["rules"]:
        # All rules of an endpoint are skipped for one reason, which is told once.
        name = f"{rule['endpoint']}.*" if rule["status"] == "skipped" else rule["id"]
        told = (name, rule["status"].replace("_", " "), str(rule["exercised"]), _plain(rule["note"]))
        alike.setdefault(told, []).append(rule["id"])
    rows = [
        (f"{len(ids)} of {_code(name)}" if len(ids) > 1 else _code(ids[0]), *rest)
        for (name, *rest), ids in alike.items()
    ]
    counts = document["summary"]["rules"]
    counted = (f"{count} {status.replace('_', ' ')}" for status, count in counts.items() if count)
    head = ("rule", "outcome", "exercised", "note")
    return [_table(f"Rules: {', '.join(counted)}", head, rows)] if rows else []


def _answers(document: Document) -> list[str]:
    rows = [
        (_plain(answer["asks"]), _code(answer["question"]), _plain(answer_text(answer)))
        for answer in document["answers"]
    ]
    return (
        [_table("Open questions of the documentation", ("question", "id", "answer seen"), rows)]
        if rows
        else []
    )


def _table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    return f"<details><summary>{_plain(title)}</summary>\n\n" + "\n".join(lines) + "\n\n</details>\n"


def _plain(text: str) -> str:
    """`text` as text: on one line, with no mark-up in it."""
    escaped = html.escape(" ".join(text.split()), quote=False)
    return re.sub(r"([\\`*_\[\]#~@])", r"\\\1", escaped)


def _code(text: str) -> str:
    """`text` as inline code, whatever backticks it holds."""
    text = " ".join(text.split())
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    ticks = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}" if text else ""


def _fence(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall("`{3,}", text)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{text}\n{ticks}\n"
