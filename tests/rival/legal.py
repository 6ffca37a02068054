"""What the documentation leaves open, and manners of a server that are no business of a contract.

Each question has answers that are all legal; the first is the rival's own. A legal behaviour is named
``question=answer``. Two decisions that a reader may doubt:

* Bot rooms (-2, -1) may be hidden, but then everywhere: in the 99 list, in their own filter and in
  total_count. Hidden in one of them only is a fault (rooms-4).
* Ties may stand in any order that is the same on every page of one question. Other limits, directions,
  filters or spans are other questions, and may order ties otherwise.

Answers that are neither in the lists of legal answers nor excluded by a statement (zero dates sorted
highest, a failure with HTTP 404, page as text beside total_count as a number) are on neither side here.
"""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing left open: its legal answers, the rival's own first; ``calm`` when answering costs no time."""

    says: str
    answers: tuple[str, ...]
    kind: str
    calm: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Legal:
    """One legal behaviour that is not the rival's own."""

    name: str
    question: str
    answer: str
    says: str
    kind: str
    calm: bool


def _open(says: str, *answers: str) -> Question:
    return Question(says=says, answers=answers, kind="open")


def _wire(says: str, *answers: str, calm: bool = True) -> Question:
    return Question(says=says, answers=answers, kind="wire", calm=calm)


def _data(says: str, *answers: str) -> Question:
    return Question(says=says, answers=answers, kind="data")


QUESTIONS: dict[str, Question] = {
    # POST chat_room_lists, in the order of the table of open questions
    "envelope-numbers": _open("page, limit, total_count", "number", "text"),
    "limit-over": _open("limit above 50", "50", "failure"),
    "limit-over-echo": _open("what limit echoes then", "50", "asked"),
    "limit-bad": _open("limit 0, negative, not a number", "default", "failure", "one"),
    "page-bad": _open("page 0, negative, not a number", "one", "failure"),
    "page-past-end": _open("page past the end", "empty", "failure"),
    "half-range": _open("only one of sdate, edate", "ignored", "open-ended", "failure"),
    "backward-range": _open("sdate after edate", "empty", "failure", "swapped"),
    "bad-date": _open("a date that is none", "failure", "absent"),
    "longest-period": _open("days that a range may have", "none", "1", "7", "31"),
    "bad-sort": _open("unknown sort_key or sort_value", "default", "failure"),
    "status-outside": _open("status outside the list", "that", "empty", "all", "failure"),
    "bot-rooms": _open("rooms of status -2 and -1", "shown", "hidden"),
    "zero-dates": _open("where zero dates sort", "lowest", "last"),
    "numeric-text": _open("numeric text for a number", "taken", "failure"),
    "empty-date": _open('"" for a date', "null", "failure"),
    "unknown-parameters": _open("parameters nobody documented", "ignored", "failure"),
    "form-body": _open("a form-encoded body", "failure", "taken"),
    "http-status": _open("HTTP status of a failure", "200", "400", "401", "403", "by-kind"),
    "failure-words": _open("code and message of other failures", "-505", "-1", "korean", "zero", "long"),
    "ht-headers": _open("HT headers on the chat room list", "not-needed", "needed"),
    "end-dates": _open("end date of rooms 3 and 4", "3-mixed", "zero", "real", "mixed"),
    "parcel-w": _open("parcel_companycode W", "seen", "not-seen", "always"),
    "ties": _open(
        "order of equal keys", "stored", "reversed", "with-direction", "by-id", "by-limit", "by-filter"
    ),
    # GET system messages, likewise
    "m-unknown-id": _open("unknown id", "508", "empty"),
    "m-none": _open("no message for the sender", "empty", "508"),
    "m-unknown-sender": _open("unknown senderKey", "507", "empty"),
    "m-bad-id": _open("id not a number", "405", "508", "ignored"),
    "m-http-status": _open("HTTP status of a failure", "200", "400", "403", "404", "by-kind"),
    "m-success-message": _open("message on success", "absent", "null", "blank"),
    "m-not-yet": _open("inspection times before they happen", "null", "blank"),
    "m-unused-links": _open("links that a button's type does not use", "null", "blank", "absent"),
    "m-order": _open("order of data", "by-id", "newest-first", "by-name", "scattered"),
    # additive fields
    "more-room-fields": _data("additive fields in rooms", "none", "sister-endpoint", "surprising"),
    "more-envelope-fields": _data("additive fields around", "none", "some", "changing"),
    "more-message-fields": _data("additive fields in system messages", "none", "everywhere"),
    # data
    "data": _data("rooms of the normal account", "usual", "midnight"),
    "churn": Question(says="changes a second", answers=("none", "1", "10", "50"), kind="moving", calm=False),
    "clock": _data("hour of the Seoul day", "real", "just-after-midnight", "just-before-midnight", "night"),
    # how it is written and sent
    "json-style": _wire("how JSON is written", "compact", "escaped", "pretty", "padded"),
    "key-order": _wire("order of keys", "documented", "sorted", "reversed", "shuffled"),
    "content-type": _wire("how the content type is written", "utf8", "bare", "UTF8", "capitals"),
    "extra-headers": _wire("other headers", "none", "php"),
    "header-case": _wire("case of header names", "usual", "lower", "upper"),
    "reason": _wire("reason phrase", "usual", "blank"),
    "compression": _wire("compression when accepted", "none", "gzip"),
    "framing": _wire("how the end of a body is told", "length", "chunked", "until-close"),
    "connection": _wire("life of a connection", "kept", "closed", "silently-closed"),
    "dropped": _wire("requests dropped without an answer", "none", "one-in-40", calm=False),
    "rate": _wire("429 with Retry-After", "none", "one-in-40", "with-date", calm=False),
    "delay": _wire("time to an answer", "none", "50ms", "200ms", "uneven", calm=False),
}

#: Legal, but leaves so little to look at that a random set with it examines nothing.
BLINDING = {("longest-period", "1")}

DEFAULTS = {name: question.answers[0] for name, question in QUESTIONS.items()}
LEGAL: dict[str, Legal] = {
    f"{name}={answer}": Legal(
        name=f"{name}={answer}",
        question=name,
        answer=answer,
        says=f"{question.says}: {answer}",
        kind=question.kind,
        calm=question.calm and (name, answer) not in BLINDING,
    )
    for name, question in QUESTIONS.items()
    for answer in question.answers[1:]
}


def answers_of(names: tuple[str, ...]) -> dict[str, str]:
    """The answers of a server with these legal behaviours. Unknown name: KeyError."""
    chosen = {LEGAL[name].question: LEGAL[name].answer for name in names}
    return {**DEFAULTS, **chosen}


def legal_combo(seed: int, *, calm: bool = True) -> tuple[str, ...]:
    """Names of a random set of legal behaviours that go together; ``calm`` leaves out what takes time."""
    rng = random.Random(f"legal/{seed}")
    share = rng.choice((0.15, 0.3, 0.6))
    chosen = []
    for name, question in QUESTIONS.items():
        names = [LEGAL[f"{name}={answer}"] for answer in question.answers[1:]]
        fitting = [legal.name for legal in names if legal.calm or not calm]
        if fitting and rng.random() < share:
            chosen.append(rng.choice(fitting))
    return tuple(chosen)
