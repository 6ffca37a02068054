"""The JSON report is what its schema says, and the schema says it tightly enough to notice."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sample_report
from jsonschema import Draft202012Validator

from happytalk_contract.core.model import ExitCode
from happytalk_contract.report import json as json_report
from happytalk_contract.report.document import as_document
from happytalk_contract.verdict.baseline import Baseline, apply
from happytalk_mock.spec import resources

VALIDATOR = Draft202012Validator(resources.schema("contract_report.schema"))

RUNS = {
    "with everything": sample_report.sample(accepted=(sample_report.accepted(),)),
    "conforming": sample_report.conforming(),
    "empty": sample_report.sample(
        findings=(),
        rules=(),
        answers=(),
        exchanges=(),
        notes=(),
        requests=0,
        exit_code=ExitCode.NOTHING_JUDGED,
    ),
    "after a baseline": apply(sample_report.sample(), Baseline()),
}


def faults(document: dict[str, Any]) -> list[str]:
    return [f"{fault.json_path}: {fault.message}" for fault in VALIDATOR.iter_errors(document)]


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_reports_are_valid(run: Any) -> None:
    assert faults(json.loads(json_report.render(as_document(run)))) == []


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_reports_hold_nothing_the_schema_does_not_tell(run: Any) -> None:
    closed = resources.schema("contract_report.schema", strict=True)
    assert [fault.message for fault in Draft202012Validator(closed).iter_errors(as_document(run))] == []


def paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every field of the document is."""
    if isinstance(node, dict):
        return [(*path, key) for key in node] + [
            deeper for key, value in node.items() for deeper in paths(value, (*path, key))
        ]
    if isinstance(node, list):
        return [deeper for index, value in enumerate(node) for deeper in paths(value, (*path, index))]
    return []


@pytest.mark.slow
def test_a_missing_field_is_noticed() -> None:
    document = json.loads(json_report.render(as_document(RUNS["with everything"])))
    free = {"headers", "findings", "rules", "behaviour"}  # maps whose keys are data: a header, a severity
    places = {tuple(step for step in path if isinstance(step, str)): path for path in paths(document)}
    for path in places.values():  # of each list one item that has it
        if len(path) > 1 and path[-2] in free:
            continue
        broken = json.loads(json.dumps(document))
        holder = broken
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
        assert not VALIDATOR.is_valid(broken), path


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("findings", 0, "severity"), "grave"),
        (("rules", 0, "status"), "failed"),
        (("summary", "verdict"), "ok"),
        (("summary", "requests"), "3"),
        (("seed",), -1),
        (("accepted", 0, "since"), "May 1st"),
        (("answers", 0, "endpoint"), "chat"),
    ],
)
def test_a_wrong_value_is_noticed(path: tuple[Any, ...], value: Any) -> None:
    document = as_document(RUNS["with everything"])
    holder: Any = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    assert faults(document)
