"""A finding in plain lines, as the console, JUnit and pytest show it."""

from __future__ import annotations

from collections import Counter

from happytalk_contract.report.document import Document


def finding_facts(finding: Document) -> list[tuple[str, str]]:
    """What there is to tell about a finding beside its message: (label, text), most telling first."""
    facts = [
        ("received", finding["received"]),
        ("documented", finding["documented"]),
        ("the page", sentence_of(finding)),
        ("at", finding["json_path"]),
        ("how often", finding["often"]),
        ("seen", finding["seen"]),
        ("way out", finding["way_out"]),
        *((f"ask {number}", line) for number, line in enumerate(finding["together"], 1)),
        ("ask again", "" if finding["together"] else finding["curl"]),
        ("explains", folded_summary(finding)),
    ]
    return [(label, text) for label, text in facts if text]


def sentence_of(finding: Document) -> str:
    """The sentence of the documentation; "" where what is documented says it already."""
    sentence: str = finding["sentence"]
    return "" if sentence in finding["documented"] else sentence


def finding_lines(finding: Document) -> list[str]:
    """A finding as lines of text: the message, then its facts."""
    head = f"{finding['severity']}: {finding['message']} [{finding['rule']}]"
    return [head, *(f"  {label:<11}{text}" for label, text in finding_facts(finding))]


def folded_summary(finding: Document) -> str:
    """The findings that this one explains, in a line; "" if none."""
    rules = Counter(folded["rule"] for folded in finding["folded"])
    named = (f"{rule} ({times})" if times > 1 else rule for rule, times in sorted(rules.items()))
    count = rules.total()
    return f"{count} more finding{'s' * (count != 1)}: {', '.join(named)}" if count else ""


def answer_text(answer: Document) -> str:
    """What was seen of an open question, in a line."""
    match answer["state"]:
        case "seen":
            return f"{answer['answer']}: {answer['means']}"
        case "other":
            return f"another answer: {answer['means']}"
        case "undecided":
            told = f"{answer['means']}: " if answer["means"] else ""
            return f"undecided: {told}{' or '.join(answer['candidates'])}; needs {answer['needs']}"
    return f"not seen; needs {answer['needs']}"


def verdict_sentence(document: Document) -> str:
    """The outcome in one sentence."""
    summary = document["summary"]
    failing, rules = summary["failing"], summary["rules"]
    judged = rules["pass"] + rules["fail"]
    coverage = f"{judged} of {sum(rules.values())} rules were exercised"
    accepted = f", {summary['accepted']} accepted by the baseline" if summary["accepted"] else ""
    match summary["verdict"]:
        case "drift":
            what = f"{'new ' * bool(accepted)}departure{'s' * (failing != 1)}"
            return f"{failing} {what} from the documentation{accepted}; {coverage}."
        case "conforms":
            return f"No{' new' * bool(accepted)} departure from the documentation{accepted}; {coverage}."
    head = f"{'Not all' if judged else 'Nothing'} could be judged"
    return f"{'; '.join([head, *document['unjudged'], coverage])}."
