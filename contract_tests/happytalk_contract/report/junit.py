"""The report for CI servers: one test suite per endpoint, one test case per rule."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # only written here, never parsed
from typing import Final

from happytalk_contract.report.document import Document
from happytalk_contract.report.text import finding_lines

SUITES: Final = {"rooms": "HappyTalk chat room list", "messages": "HappyTalk system messages"}

#: XML 1.0 has no way to write these, not even escaped.
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(document: Document) -> str:
    """JUnit XML as Jenkins, GitLab and GitHub actions read it; a rule that found only what the run does
    not fail on passes, and says so in its output."""
    summary = document["summary"]
    root = ET.Element("testsuites", name="happytalk-contract", time=str(summary["seconds"]))
    cases = _cases(document)
    for endpoint, title in SUITES.items():
        own = [case for rule, case in cases if rule["endpoint"] == endpoint]
        suite = ET.SubElement(
            root,
            "testsuite",
            name=title,
            tests=str(len(own)),
            failures=str(sum(case.find("failure") is not None for case in own)),
            errors="0",
            skipped=str(sum(case.find("skipped") is not None for case in own)),
            timestamp=document["started"],
        )
        properties = ET.SubElement(suite, "properties")
        for name in ("target", "seed", "kit"):
            ET.SubElement(properties, "property", name=name, value=_clean(str(document[name])))
        suite.extend(own)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _cases(document: Document) -> list[tuple[Document, ET.Element]]:
    """A test case per rule, and one for each finding of a rule that the list of rules does not have."""
    known = {rule["id"] for rule in document["rules"]}
    strays = {finding["rule"] for finding in document["findings"]} - known
    blank = {"endpoint": "rooms", "status": "fail", "note": "", "needs": ""}
    rules = document["rules"] + [blank | {"id": name} for name in sorted(strays)]
    return [(rule, _case(rule, document)) for rule in rules]


def _case(rule: Document, document: Document) -> ET.Element:
    group = f"happytalk_contract.{rule['endpoint']}"
    case = ET.Element("testcase", classname=group, name=rule["id"], time="0")
    own = [finding for finding in document["findings"] if finding["rule"] == rule["id"]]
    failing = [finding for finding in own if finding["severity"] in document["summary"]["fail_on"]]
    if failing:
        kind = failing[0]["severity"]
        failure = ET.SubElement(case, "failure", type=kind, message=_clean(failing[0]["message"]))
        failure.text = _clean("\n\n".join("\n".join(finding_lines(finding)) for finding in failing))
    elif rule["status"] in ("not_exercised", "skipped"):
        why = rule["note"] or (f"needs {rule['needs']}" if rule["needs"] else rule["status"])
        ET.SubElement(case, "skipped", message=_clean(why))
    quiet = [finding for finding in own if finding not in failing]
    lines = ["\n".join(finding_lines(finding)) for finding in quiet]
    lines += [
        f"accepted by the baseline since {accepted['since']}: {accepted['finding']['message']}"
        for accepted in document["accepted"]
        if accepted["finding"]["rule"] == rule["id"]
    ]
    if lines:
        ET.SubElement(case, "system-out").text = _clean("\n\n".join(lines))
    return case


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
