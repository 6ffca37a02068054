"""The report files: readable by their readers, and nobody's words or secrets in any of them."""

from __future__ import annotations

import html.parser
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest
from sample_report import (
    CHAT_URL,
    NEW_CODE,
    NEW_FIELD,
    ORDER,
    RULES,
    WORDS,
    accepted,
    answer,
    conforming,
    exchange,
    question,
    room,
    sample,
)

from happytalk_contract.core.model import ExitCode, Finding, Severity, Status
from happytalk_contract.report import WRITERS, behaviour, junit, markdown
from happytalk_contract.report import html as html_report
from happytalk_contract.report.document import SHOWN_EXCHANGES, as_document
from happytalk_contract.report.excerpt import excerpt, glimpse, masked
from happytalk_contract.report.text import finding_facts, folded_summary, verdict_sentence

EVERY_WRITER = pytest.mark.parametrize("writer", WRITERS, ids=lambda writer: writer.name)

#: What breaks a format if it is written as it is.
NASTY = (
    "</script><script>alert(1)</script> ]]> &amp; \" ' `` ``` | \\ * _ \x00\x1b[31m \ud800 {{ 7 * 7 }} \u202e"
)


def nasty_run() -> Any:
    finding = replace(ORDER, message=NASTY, received=NASTY, documented=NASTY, way_out=NASTY, json_path=NASTY)
    return sample(
        findings=(finding,),
        notes=(NASTY,),
        baseline_notes=(NASTY,),
        accepted=(replace(accepted(), reason=NASTY, ticket=NASTY),),
        rules=(replace(RULES[0], sentence=NASTY, note=NASTY, needs=NASTY),),
    )


# --- the document ------------------------------------------------------------------------------------------


def test_findings_come_worst_first() -> None:
    assert [f["severity"] for f in as_document(sample())["findings"]] == ["breaking", "value", "additive"]


def test_the_summary_counts() -> None:
    summary = as_document(sample(accepted=(accepted(),)))["summary"]
    assert summary["findings"] == {"breaking": 1, "value": 1, "additive": 1, "open_answer": 0}
    assert summary["failing"] == 2
    assert summary["accepted"] == 1
    assert summary["rules"] == {"pass": 1, "fail": 3, "not_exercised": 1, "skipped": 1}
    assert (summary["verdict"], summary["exit_code"], summary["requests"]) == ("drift", 1, 3)


def test_a_finding_has_its_least_request_or_that_of_its_last_exchange() -> None:
    order, new_code, _ = as_document(sample())["findings"]
    assert '"sort_key": "complate_date"' in order["curl"]
    assert order["curl"].startswith(f"curl --request POST {CHAT_URL}")
    assert "$HAPPYTALK_TOKEN" in new_code["curl"]
    assert "sort_key" not in new_code["curl"]
    assert 'os.environ["HAPPYTALK_TOKEN"]' in new_code["python"]


def test_what_status_or_headers_show_is_asked_for_with_them() -> None:
    findings = (replace(ORDER, rule="rooms.wire.server_error"),)
    (told,) = as_document(sample(findings=findings))["findings"]
    assert told["curl"].startswith(f"curl --include --request POST {CHAT_URL}")


def test_a_mock_that_is_gone_is_not_what_a_reader_is_sent_to() -> None:
    document = as_document(sample(target="mock", chat_url="http://127.0.0.1:40123/user/api"))
    assert "http://127.0.0.1:8080/user/api/chat_room_lists" in document["findings"][0]["curl"]


def test_a_finding_without_any_request_is_still_told() -> None:
    finding = Finding(rule="r", severity=Severity.BREAKING, message="m", received="", documented="")
    (told,) = as_document(sample(findings=(finding,)))["findings"]
    assert (told["curl"], told["python"]) == ("", "")


def test_only_exchanges_behind_findings_are_kept_and_not_too_many() -> None:
    assert [e["number"] for e in as_document(sample())["exchanges"]] == [1, 2]
    assert as_document(conforming())["exchanges"] == []
    many = tuple(exchange(number, question(page=number), answer([])) for number in range(1, 100))
    finding = replace(ORDER, exchanges=tuple(range(1, 100)), folded=())
    document = as_document(sample(findings=(finding,), exchanges=many))
    assert len(document["exchanges"]) == SHOWN_EXCHANGES
    assert document["findings"][0]["exchanges"] == list(range(1, 100))


# --- people's words ----------------------------------------------------------------------------------------


@EVERY_WRITER
def test_no_report_shows_peoples_words(writer: Any) -> None:
    text = writer.render(as_document(sample(accepted=(accepted(),))))
    for words in WORDS:
        assert words not in text
        assert json.dumps(words)[1:-1] not in text


def test_an_excerpt_shows_codes_times_and_ids_a_room_to_a_line() -> None:
    text = excerpt(answer([room(0), room(1, status="2")]), {"$.data.chat_list[1].title"})
    lines = text.splitlines()
    first = next(line for line in lines if room(0)["id"] in line)
    second = next(line for line in lines if room(1)["id"] in line)
    assert '"reg_date": "2026-05-26 12:59:00"' in first
    assert "… 5 more" in first
    assert f'"title": "({len(WORDS[1])} characters)"' in second
    assert '"users_id": null' in second
    assert '"total_count": 2' in text


@pytest.mark.parametrize(
    "body",
    [
        b'[{"title": "secret words"}]',
        b'{"data": {"chat_list": "secret words"}}',
        b'{"data": {"chat_list": ["secret words"]}}',
        b'{"data": [{"tags": ["secret words"], "deep": {"er": ["secret words"]}}]}',
        b'{"result": "success", "data": "secret words"}',
        b'"secret words"',
        b'{"title": "secret words", "broken": ',
        b'{"title": "secret words',
        b'callback({"title" : "se\\"secret words"})',
    ],
)
def test_an_excerpt_of_any_shape_keeps_words_in(body: bytes) -> None:
    assert "secret words" not in excerpt(body)


def test_a_finding_shows_a_line_of_its_answer_and_nobodys_words() -> None:
    listed = answer([room(0), room(1, title="secret words", status="2")])
    line = glimpse(listed, "$.data.chat_list[1].status")
    assert f'"id": "{room(1)["id"]}"' in line
    assert '"status": "2"' in line
    assert "secret words" not in line
    assert "\n" not in glimpse(listed, "$.data.total_count")
    assert glimpse(b"<h1>Bad\nGateway</h1>", "") == "<h1>Bad Gateway</h1>"
    assert len(glimpse(b"x" * 1000, "$.data.chat_list[9]")) < 300
    (finding, *_more) = as_document(nasty_run())["findings"]
    assert finding["excerpt"] in dict(finding_facts(finding)).get("answer", "")


def test_a_number_may_be_about_a_person_too() -> None:
    assert masked({"users_id": 8210123456, "status": 2, "page": 1}) == {
        "users_id": "(a number)",
        "status": 2,
        "page": 1,
    }


def test_what_is_no_json_is_shown_by_its_beginning() -> None:
    assert excerpt(b"<html>\n<h1>502 Bad Gateway</h1>") == "<html>\n<h1>502 Bad Gateway</h1>"
    assert excerpt(b"\xff\x00ab") == "\\xff\\x00ab"
    assert "100,000 bytes in all" in excerpt(b"x" * 100_000)
    assert len(excerpt(b"x" * 100_000)) < 1000
    assert excerpt(b"") == ""


def test_what_is_long_is_cut_where_it_is_said_and_not_before() -> None:
    assert masked("x" * 120, "id") == "x" * 120
    assert masked("x" * 121, "id") == "x" * 120 + "… (121 characters)"
    assert masked({"k" * 121: None}) == {"k" * 120 + "… (121 characters)": None}
    assert excerpt(b"x" * 600) == "x" * 600
    assert excerpt(b"x" * 601) == "x" * 600 + "… (601 bytes in all)"
    assert excerpt(b"[" + b"1," * 5000).startswith("[1,1,")
    assert glimpse(b"x" * 240, "") == "x" * 240
    assert glimpse(b"x" * 241, "") == "x" * 240 + "…"
    whole = excerpt(answer([room(n % 60, id="x" * 100) for n in range(45)]))
    assert (len(whole) < 12_000, whole[-1]) == (True, "}")
    cut = excerpt(answer([room(n % 60, id="x" * 100) for n in range(90)]))
    assert (len(cut), cut[-1]) == (12_001, "…")


def test_a_behaviour_has_what_was_seen_and_leaves_the_rest_to_the_mock() -> None:
    document = as_document(sample())
    answers = [
        {"question": "size_type.page", "answer": "text", "candidates": [], "means": ""},
        {"question": "ties", "answer": None, "candidates": ["id", "insertion"], "means": ""},
        {"question": "bad_date.form", "answer": None, "candidates": [], "means": "HTTP 400"},
        {"question": "bad_date.day", "answer": None, "candidates": [], "means": ""},
    ]
    assert behaviour.render({**document, "answers": answers}).splitlines() == [
        f"# What {document['target']} was seen to answer on {document['started'][:10]}.",
        'size_type.page = "text"',
        "# ties: id or insertion",
        "# bad_date.form: HTTP 400",
        "# bad_date.day: not seen",
    ]


def test_what_one_request_shows_names_no_others() -> None:
    run = sample()
    first, *others = [one.number for one in run.exchanges]
    for together, lines in (((), 0), ((first,), 0), ((first, *others[:1]), 2), ((first, 99), 0)):
        (one, *_more) = as_document(replace(run, findings=(replace(ORDER, together=together),)))["findings"]
        assert len(one["together"]) == lines, together


def test_a_deep_or_huge_answer_does_not_break_the_report() -> None:
    assert excerpt(b"[" * 100_000)
    assert len(excerpt(answer([room(n % 60, id="x" * 500) for n in range(2000)]))) < 15_000


# --- HTML --------------------------------------------------------------------------------------------------


class _Page(html.parser.HTMLParser):
    VOID = frozenset({"meta", "br", "link", "img", "hr", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize(
    "run", [sample(accepted=(accepted(),)), conforming(), nasty_run()], ids=["full", "none", "nasty"]
)
def test_html_is_one_well_formed_page_that_fetches_nothing(run: Any) -> None:
    text = html_report.render(as_document(run))
    page = _Page(text)
    assert page.open == []
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "b"}
    for _, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert (attributes.get("href") or "#").startswith("#")
    assert "url(" not in text
    assert "@import" not in text


def test_html_links_lead_somewhere() -> None:
    page = _Page(html_report.render(as_document(sample(accepted=(accepted(),)))))
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = {(attributes["href"] or "")[1:] for tag, attributes in page.tags if tag == "a"}
    assert {"exchange-1", "exchange-2", "findings", "accepted", "rules", "answers"} <= links <= ids


def test_html_tells_everything() -> None:
    text = " ".join(
        " ".join(_Page(html_report.render(as_document(sample(accepted=(accepted(),))))).text).split()
    )
    for part in (
        ORDER.message,
        ORDER.received,
        ORDER.json_path,
        ORDER.way_out,
        "$HAPPYTALK_TOKEN",
        "A room stands on two pages",
        "known since 2026-05-01",
        "CS-12",
        "no two rooms had the same time",
        "It needs two rooms of one second.",
        "Is data.page a number or text?",
        "not seen",
        "system messages skipped",
        "Bad gateway",
        "20260526",
        "3 of 300",
    ):
        assert part in text, part


def test_html_says_when_there_is_nothing() -> None:
    text = html_report.render(as_document(conforming()))
    assert "Nothing." in text
    assert ">Conforms<" in text


# --- Markdown ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_markdown_fits_a_step_summary_whatever_was_found() -> None:
    finding = replace(ORDER, received="x" * 5_000, folded=())
    run = sample(findings=tuple(replace(finding, subject=str(number)) for number in range(500)))
    text = markdown.render(as_document(run))
    assert len(text.encode()) < 1_000_000
    assert "more parts are left out" in text
    assert "drift" in text[:100]


def test_markdown_holds_no_mark_up_of_what_was_received() -> None:
    text = markdown.render(as_document(nasty_run()))
    outside = re.sub(r"(`+)(?:.|\n)*?(?<!`)\1(?!`)", "", text)
    assert "<script" not in outside
    for line in text.splitlines():
        if line.startswith("| `rooms.order` |"):
            assert len(re.findall(r"(?<!\\)\|", line)) == 5


def test_markdown_tells_findings_rules_and_answers() -> None:
    text = markdown.render(as_document(sample(accepted=(accepted(),))))
    assert "❌" in text
    for part in (
        "rooms.order",
        "```bash\ncurl ",
        "| `rooms.ties` | not exercised | 0 |",
        "`size_type.page` | number: a number",
        "CS-12",
    ):
        assert part in text
    assert "✅" in markdown.render(as_document(conforming()))


def test_markdown_tells_one_reason_once() -> None:
    why = "chat rooms not judged: what answers is not HappyTalk"
    skipped = [
        replace(rule, status=Status.SKIPPED, note=why, endpoint="rooms", exercised=0) for rule in RULES[:3]
    ]
    text = markdown.render(as_document(sample(findings=(), rules=(*skipped, RULES[3]))))
    assert text.count(why) == 1
    assert "| 3 of `rooms.*` | skipped | " in text


def test_what_a_finding_explains_is_counted_by_rule() -> None:
    folded = tuple(replace(NEW_CODE, subject=str(number)) for number in range(3))
    (told,) = [as_document(sample(findings=(replace(ORDER, folded=(*folded, NEW_FIELD)),)))["findings"][0]]
    assert folded_summary(told) == f"4 more findings: {NEW_FIELD.rule}, {NEW_CODE.rule} (3)"


# --- JUnit -------------------------------------------------------------------------------------------------


def cases(run: Any) -> dict[str, ET.Element]:
    root = ET.fromstring(junit.render(as_document(run)))  # noqa: S314 - our own
    return {case.get("name", ""): case for case in root.iter("testcase")}


def test_junit_has_a_case_per_rule() -> None:
    found = cases(sample(accepted=(accepted(),), findings=(ORDER, NEW_FIELD)))
    assert list(found) == [rule.id for rule in RULES]
    failure = found["rooms.order"].find("failure")
    assert failure is not None
    assert failure.get("message") == ORDER.message
    assert ORDER.received in (failure.text or "")
    assert found["rooms.ties"].find("skipped") is not None
    assert found["messages.status"].find("skipped") is not None
    assert "accepted by the baseline" in (found["rooms.out_api"].findtext("system-out") or "")
    assert found["rooms.fields"].find("failure") is None  # additive: told, not failed
    assert NEW_FIELD.message in (found["rooms.fields"].findtext("system-out") or "")


def test_junit_counts_agree_with_its_cases() -> None:
    root = ET.fromstring(junit.render(as_document(sample())))  # noqa: S314 - our own
    for suite in root.iter("testsuite"):
        own = list(suite.iter("testcase"))
        assert suite.get("tests") == str(len(own))
        assert suite.get("failures") == str(len(list(suite.iter("failure"))))
        assert suite.get("skipped") == str(len(list(suite.iter("skipped"))))
    assert sum(int(suite.get("failures", "0")) for suite in root.iter("testsuite")) == 2


def test_junit_loses_no_finding_of_an_unknown_rule() -> None:
    stray = replace(NEW_CODE, rule="rooms.unheard_of")
    assert cases(sample(findings=(stray,)))["rooms.unheard_of"].find("failure") is not None


def test_junit_is_xml_whatever_was_received() -> None:
    assert "alert(1)" in (cases(nasty_run())["rooms.order"].findtext("failure") or "")


# --- all ---------------------------------------------------------------------------------------------------


@EVERY_WRITER
def test_every_writer_copes_with_anything(writer: Any) -> None:
    text = writer.render(as_document(nasty_run()))
    assert not set(text) & set("\x00\x1b\u202e\ud800")
    assert text.encode()
    assert writer.render(as_document(sample(findings=(), rules=(), answers=(), exchanges=(), notes=())))


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (sample(), "2 departures from the documentation; 4 of 6 rules were exercised."),
        (
            sample(findings=(ORDER,), accepted=(accepted(),)),
            "1 new departure from the documentation, 1 accepted by the baseline; 4 of 6 rules were exercised.",
        ),
        (conforming(), "No departure from the documentation; 1 of 3 rules were exercised."),
        (
            sample(findings=(), exit_code=ExitCode.NOTHING_JUDGED, rules=RULES[4:]),
            "Nothing could be judged; 0 of 2 rules were exercised.",
        ),
    ],
)
def test_the_outcome_in_a_sentence(run: Any, expected: str) -> None:
    assert verdict_sentence(as_document(run)) == expected
