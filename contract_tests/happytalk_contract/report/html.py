"""The report as one page for a reader who was not there: no script, nothing fetched, light and dark."""

from __future__ import annotations

from functools import cache
from typing import Final

import jinja2

from happytalk_contract.report.document import Document
from happytalk_contract.report.text import answer_text, folded_summary, sentence_of, verdict_sentence

VERDICTS: Final = {"conforms": "Conforms", "drift": "Drift", "nothing_judged": "Nothing could be judged"}

#: Severities in words, with what they mean for the reader.
SEVERITIES: Final = {
    "breaking": ("breaking", "a stated rule is broken"),
    "value": ("new value", "a documented code list grew"),
    "additive": ("additive", "a field the documentation does not have; announced as legal"),
    "open_answer": ("open answer", "an answer to a question the documentation leaves open"),
}
#: In the order in which the rules are listed: what a reader looks for first.
STATUSES: Final = {"fail": "fail", "not_exercised": "not exercised", "skipped": "skipped", "pass": "pass"}
ENDPOINTS: Final = {"rooms": "Chat room list", "messages": "System messages"}


def render(document: Document) -> str:
    """Fill the template; everything from the run is escaped."""
    exchanges = {exchange["number"]: exchange for exchange in document["exchanges"]}
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=document,
            summary=document["summary"],
            exchanges=exchanges,
            verdict=VERDICTS[document["summary"]["verdict"]],
            sentence=verdict_sentence(document),
            severities=SEVERITIES,
            statuses=STATUSES,
            endpoints=ENDPOINTS,
            answer_text=answer_text,
            folded_summary=folded_summary,
            sentence_of=sentence_of,
        )
    )


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("happytalk_contract", "report"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
