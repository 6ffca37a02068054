"""Checks of several servers at once, in a process of their own so that its memory tells.

Reads `{name: {"url": …, "max_time": …}}` from standard input and writes what came of each, and the most memory
that the process had, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any

from happytalk_contract.core.model import SEOUL
from happytalk_contract.engine.runner import Settings, run
from happytalk_contract.evidence import recording
from happytalk_contract.report import WRITERS
from happytalk_contract.report.document import as_document
from happytalk_contract.report.text import verdict_sentence

CREDENTIALS = {
    "HAPPYTALK_TOKEN": "tok/12345+=",
    "HAPPYTALK_CLIENT_ID": "cid-12345",
    "HAPPYTALK_CLIENT_SECRET": "sec-12345",
    "HAPPYTALK_SENDER_KEY": "key-12345",
}
#: One writes at a time: sixteen that meet a template for the first time would each compile it.
WRITING = Lock()


def played(given: dict[str, Any]) -> dict[str, Any]:
    """Check one server as the command does, with all its reports."""
    began = time.monotonic()
    report = run(
        Settings(
            chat_url=given["url"],
            message_url=given["url"],
            credentials=given.get("credentials", CREDENTIALS),
            target=given["url"],
            seed=1,
            now=lambda: datetime.now(SEOUL),
            max_time=given["max_time"],
            max_requests=given.get("max_requests", 300),
            request_timeout=given.get("request_timeout", 1.0),
            ca_bundle=Path(given["ca_bundle"]) if "ca_bundle" in given else None,
        )
    )
    document = as_document(report)
    recording.save(report.exchanges, Path("/dev/null"))
    with WRITING:
        reports = [len(writer.render(document)) for writer in WRITERS]
    return {
        "exit": report.exit_code,
        "seconds": time.monotonic() - began,
        "requests": report.requests,
        "said": verdict_sentence(document),
        "notes": list(report.notes),
        "findings": [finding.rule for finding in report.findings],
        "answers": [answer.question for answer in report.answers if answer.answer is not None],
        "reports": reports,
    }


def main() -> None:
    """Check all, some at a time."""
    given = json.load(sys.stdin)
    with ThreadPoolExecutor(16) as threads:
        outcomes = dict(zip(given, threads.map(played, given.values()), strict=True))
    json.dump({"outcomes": outcomes, "megabytes": megabytes()}, sys.stdout)


def megabytes() -> float:
    """The most memory that this process had; `ru_maxrss` counts, on Linux, what its parent had when it forked."""
    status = Path("/proc/self/status")
    if status.exists():
        (most,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(most.split()[1]) / (1 << 10)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)  # bytes on macOS


if __name__ == "__main__":
    main()
