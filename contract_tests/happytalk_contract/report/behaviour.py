"""The answers that were seen, as a behaviour profile: `happytalk-mock serve --behaviour FILE` answers alike."""

from __future__ import annotations

import json

from happytalk_contract.report.document import Document


def render(document: Document) -> str:
    """TOML, a line for each answer that was seen; what was not decided is told and left to the mock."""
    lines = [f"# What {document['target']} was seen to answer on {document['started'][:10]}."]
    for answer in document["answers"]:
        if answer["answer"] is not None:
            lines.append(f"{answer['question']} = {json.dumps(answer['answer'])}")
        else:
            told = " or ".join(answer["candidates"]) or answer["means"] or "not seen"
            lines.append(f"# {answer['question']}: {told}")
    return "\n".join(lines) + "\n"
