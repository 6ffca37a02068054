"""The report as Markdown that fits a GitHub step summary."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Final

import jinja2

from happytalk_contract.report.document import Document
from happytalk_contract.report.text import answer_text, finding_facts, verdict_sentence

#: GitHub drops a step summary over 1 MiB; the rest is left for what else the step writes.
LARGEST: Final = 900_000

SIGNS: Final = {"conforms": "✅", "drift": "❌", "nothing_judged": "⚠️"}


#: Stands between the parts of a rendered page; no text of a document holds it.
_BETWEEN: Final = "\x1e"


def render(document: Document) -> str:
    """Findings, then coverage, then open questions; the least telling part is cut if it gets too long."""
    template = _environment().get_template("report.md.j2")
    verdict = document["summary"]["verdict"]
    page = template.render(report=document, sign=SIGNS[verdict], sentence=verdict_sentence(document))
    parts = page.removesuffix(_BETWEEN).split(_BETWEEN)
    kept: list[str] = []
    size = 0
    for part in parts:
        size += len(part.encode()) + 1
        if size > LARGEST:
            kept.append(f"… {len(parts) - len(kept)} more parts are left out: too long for a summary.\n")
            break
        kept.append(part)
    return "\n".join(kept)


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("happytalk_contract", "report"),
        autoescape=False,  # noqa: S701 - what the run says is made plain by the filters below
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters |= {"plain": _plain, "code": _code, "cell": _cell, "fence": _fence, "words": _words}
    made.globals |= {
        "facts": finding_facts,
        "answer_text": answer_text,
        "between": _BETWEEN,
        "rule_rows": _rules,
    }
    return made


def _words(name: str) -> str:
    return name.replace("_", " ")


def _rules(rules: list[Document]) -> list[tuple[str, ...]]:
    alike: dict[tuple[str, str, str, str], list[str]] = {}
    for rule in rules:
        # All rules of an endpoint are skipped for one reason, which is told once.
        name = f"{rule['endpoint']}.*" if rule["status"] == "skipped" else rule["id"]
        told = (name, _words(rule["status"]), str(rule["exercised"]), _cell(_plain(rule["note"])))
        alike.setdefault(told, []).append(rule["id"])
    return [
        (_cell(f"{len(ids)} of {_code(name)}" if len(ids) > 1 else _code(ids[0])), *rest)
        for (name, *rest), ids in alike.items()
    ]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


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
