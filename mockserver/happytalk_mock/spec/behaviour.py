"""The behaviour profile: what the mock answers where the documentation is silent or contradicts itself.

Each open question is one record of `QUESTIONS`. Every answer listed is legal for the real API; the
contract kit never calls one of them drift. A profile is the set of answers in force: the defaults, and what
a TOML file (`question = "answer"`) or `--set question=answer` changes.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from ..core.errors import BehaviourError
from ..core.wording import shorten

ROOMS: Literal["rooms"] = "rooms"
MESSAGES: Literal["messages"] = "messages"
#: No count of days is longer than the calendar.
_COUNT = re.compile("[1-9][0-9]{0,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An open question of the documentation."""

    id: str
    endpoint: Literal["rooms", "messages"]
    asks: str
    quote: str  #: what the documentation says, or that it says nothing
    answers: Mapping[str, str]  #: legal answers and what each means
    default: str
    #: Where an answer may be a count: what it counts. `longest_period` takes "none" or a number of days.
    number: str = ""

    def accepts(self, answer: str) -> bool:
        """Whether `answer` is legal."""
        return answer in self.answers or bool(self.number and _COUNT.fullmatch(answer))

    @property
    def legal(self) -> str:
        """The legal answers, for messages."""
        return ", ".join([*self.answers, *(["a number of " + self.number] if self.number else [])])


def _q(
    endpoint: Literal["rooms", "messages"],
    id: str,
    asks: str,
    quote: str,
    answers: Mapping[str, str],
    number: str = "",
) -> Question:
    """A record; the first answer is the default."""
    return Question(
        id=id,
        endpoint=endpoint,
        asks=asks,
        quote=quote,
        answers=answers,
        default=next(iter(answers)),
        number=number,
    )


_SILENT = "(silent)"

#: Read it from top to bottom: POST chat_room_lists, then GET system messages.
QUESTIONS: tuple[Question, ...] = (
    _q(
        ROOMS,
        "size_type",
        "Are page, limit and total_count numbers or text?",
        'dictionary: page String; example: "page": 1',
        {"number": "numbers, as in the example", "text": "text, as in the dictionary"},
    ),
    _q(
        ROOMS,
        "limit_above_max",
        "What does a limit above 50 get?",
        "limit: 기본 : 10, 최대 : 50",
        {"capped": "50 rooms a page", "failure": "the failure envelope"},
    ),
    _q(
        ROOMS,
        "limit_echo",
        "What does data.limit say when more than 50 was asked?",
        "limit: 한 페이지당 상담방 출력 수",
        {"served": "50, what was served", "asked": "the number asked"},
    ),
    _q(
        ROOMS,
        "limit_invalid",
        "What does limit 0, a negative one, or no number get?",
        _SILENT,
        {"default": "10 a page", "failure": "the failure envelope", "clamp": "1 a page"},
    ),
    _q(
        ROOMS,
        "page_invalid",
        "What does page 0, a negative one, or no number get?",
        _SILENT,
        {"first": "page 1", "failure": "the failure envelope"},
    ),
    _q(
        ROOMS,
        "page_past_end",
        "What does a page past the end get?",
        _SILENT,
        {"empty": "an empty list and the true total_count", "failure": "the failure envelope"},
    ),
    _q(
        ROOMS,
        "single_date",
        "What does only one of sdate and edate mean?",
        "sdate,edate > ndate > null (the pair)",
        {
            "ignored": "nothing: ndate decides, then today",
            "open_range": "a range that is open at the other end",
            "failure": "the failure envelope",
        },
    ),
    _q(
        ROOMS,
        "reversed_dates",
        "What does an sdate after the edate get?",
        _SILENT,
        {"empty": "an empty list", "failure": "the failure envelope", "swapped": "the range between them"},
    ),
    _q(
        ROOMS,
        "bad_date",
        "What does a date get that is not Y-m-d, or no day of the calendar?",
        "ndate: 조회 일자 (Y-m-d)",
        {"failure": "the failure envelope", "absent": "as if it were not there"},
    ),
    _q(
        ROOMS,
        "longest_period",
        "How long may a period be?",
        "failure -504 overDate; no maximum is stated for this endpoint",
        {"none": "as long as one likes"},
        "days; a longer period gets -504",
    ),
    _q(
        ROOMS,
        "unknown_sort",
        "What does an unknown sort_key or sort_value get?",
        "정렬 기준 (reg_date, complate_date)), 정렬 방식 (asc, desc)",
        {"default": "the default order", "failure": "the failure envelope"},
    ),
    _q(
        ROOMS,
        "unknown_status",
        'What does a status outside the request\'s list (4, 7, "abc") get?',
        "4 (챗봇종료) exists only in the response dictionary",
        {
            "that_status": "the rooms that have it; none where no room can",
            "empty": "an empty list",
            "all": "every room, as 99",
            "failure": "the failure envelope",
        },
    ),
    _q(
        ROOMS,
        "bot_statuses",
        "How do rooms of status -2 and -1 appear in answers?",
        "-2 and -1 are in the request dictionary, not in the response dictionary",
        {"shown": "with their number as text", "hidden": "not at all"},
    ),
    _q(
        ROOMS,
        "zero_date_order",
        "Where do zero dates stand when sorted by complate_date?",
        _SILENT,
        {"lowest": "as the lowest date", "last": "last, in either direction"},
    ),
    _q(
        ROOMS,
        "numeric_text",
        "Is numeric text taken for an int parameter?",
        "status: int; the sample sends text",
        {"taken": "as its number", "failure": "the failure envelope"},
    ),
    _q(
        ROOMS,
        "empty_date",
        'What does "" mean for a date?',
        _SILENT,
        {"null": "as null", "failure": "the failure envelope"},
    ),
    _q(
        ROOMS,
        "unknown_parameters",
        "What do parameters get that the page does not list?",
        _SILENT,
        {"ignored": "nothing", "failure": "the failure envelope"},
    ),
    _q(
        ROOMS,
        "form_body",
        "Is a form-encoded body taken?",
        "Request (Json)",
        {"failure": "the failure envelope", "taken": "as JSON would be"},
    ),
    _q(
        ROOMS,
        "failure_http_status",
        "What HTTP status does a failure have?",
        _SILENT,
        {"200": "200", "400": "400", "401": "401", "403": "403"},
    ),
    _q(
        ROOMS,
        "failure_text",
        "What code and message has a failure other than token, permission and period?",
        _SILENT,
        {
            "detailed": "-505 to -507 and what was received and expected",
            "terse": "-505 to -507 and the bare name of what is wrong, as the documented failures have it",
        },
    ),
    _q(
        ROOMS,
        "ht_headers",
        "Are HT-Client-Id and HT-Client-Secret needed for the chat room list?",
        "the production sample sends them, the development sample does not",
        {"not_needed": "they are not looked at", "needed": "missing or wrong: -502"},
    ),
    _q(
        ROOMS,
        "deleted_end_date",
        "Which complate_date has a deleted room (3)?",
        _SILENT,
        {"mixed": "some the zero date, some a real one", "zero": "the zero date", "real": "a real one"},
    ),
    _q(
        ROOMS,
        "bot_ended_end_date",
        "Which complate_date has a room ended by the bot (4)?",
        _SILENT,
        {"real": "a real one", "zero": "the zero date", "mixed": "some the zero date, some a real one"},
    ),
    _q(
        ROOMS,
        "parcel_w",
        'Is parcel_companycode "W" seen?',
        "in the page's example, not in its list",
        {"seen": "now and then", "not_seen": "never"},
    ),
    _q(
        MESSAGES,
        "message_unknown_id",
        "What does an id get that the sender has not?",
        _SILENT,
        {"508": "failure 508", "empty": "an empty list"},
    ),
    _q(
        MESSAGES,
        "no_messages",
        "What does a sender without messages get?",
        'an empty success is {"code":"200","data":[]}',
        {"empty": "an empty list", "508": "failure 508"},
    ),
    _q(
        MESSAGES,
        "unknown_sender_key",
        "What does an unknown senderKey get?",
        _SILENT,
        {"507": "failure 507", "empty": "an empty list"},
    ),
    _q(
        MESSAGES,
        "message_headers",
        "What does a missing or wrong HT header get?",
        "HT-Client-Id, HT-Client-Secret: Required Y",
        {"403": "failure 403"},
    ),
    _q(
        MESSAGES,
        "sender_key_missing",
        "What does a missing senderKey get?",
        "senderKey: Required Y",
        {"405": "failure 405"},
    ),
    _q(
        MESSAGES,
        "message_id_invalid",
        "What does an id get that is no number?",
        "id: Number",
        {"405": "failure 405", "508": "failure 508", "ignored": "the list, as without id"},
    ),
    _q(
        MESSAGES,
        "message_failure_http_status",
        "What HTTP status does a failure have?",
        _SILENT,
        {"200": "200", "4xx": "400, 403, 404 or 405 by its kind"},
    ),
    _q(
        MESSAGES,
        "message_on_success",
        "What is `message` on success?",
        "message: 처리 실패 시 결과 메시지",
        {"absent": "not there", "null": "null", "empty": '""'},
    ),
    _q(
        MESSAGES,
        "uninspected_dates",
        "What are inspectRequestAt and inspectedAt before they happen?",
        _SILENT,
        {"null": "null", "empty": '""'},
    ),
    _q(
        MESSAGES,
        "unused_links",
        "What are the links that a button's type does not use?",
        _SILENT,
        {"null": "null", "empty": '""', "absent": "not there"},
    ),
    _q(
        MESSAGES,
        "message_order",
        "In which order do messages stand?",
        _SILENT,
        {"id": "by id", "newest_first": "by modifiedAt, the newest first"},
    ),
)

BY_ID: Mapping[str, Question] = MappingProxyType({question.id: question for question in QUESTIONS})
DEFAULTS: Mapping[str, str] = MappingProxyType({question.id: question.default for question in QUESTIONS})


@dataclass(frozen=True, slots=True)
class Behaviour:
    """The answers in force. Immutable; `but` makes one that differs."""

    answers: Mapping[str, str] = field(default_factory=lambda: DEFAULTS)

    def __getitem__(self, question: str) -> str:
        """The answer to a question; KeyError for a question that is not in `QUESTIONS`."""
        return self.answers[question]

    def but(self, changes: Mapping[str, Any]) -> Behaviour:
        """This profile with some answers changed. Raises BehaviourError if one is not legal."""
        checked = {question: check(question, answer) for question, answer in changes.items()}
        return Behaviour(MappingProxyType({**self.answers, **checked}))

    @property
    def differences(self) -> dict[str, str]:
        """The answers that are not the default."""
        return {question: answer for question, answer in self.answers.items() if answer != DEFAULTS[question]}


def check(question: str, answer: Any) -> str:
    """The answer as text, if legal for `question`; numbers are taken. Raises BehaviourError."""
    record = BY_ID.get(question)
    if record is None:
        near = difflib.get_close_matches(question, BY_ID, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else "see `happytalk-mock behaviours`"
        raise BehaviourError(f"behaviour: there is no open question {shorten(repr(question))}; {hint}")
    text = str(answer) if isinstance(answer, str) or type(answer) is int else ""
    if not record.accepts(text):
        raise BehaviourError(
            f"behaviour {question}: received {shorten(repr(answer))}; allowed: {record.legal}"
        )
    return text


def parse_setting(text: str) -> tuple[str, str]:
    """`question=answer` of the command line. Raises BehaviourError."""
    question, equals, answer = text.partition("=")
    if not equals:
        raise BehaviourError(
            f"--set: received {text!r}; expected question=answer, such as zero_date_order=last"
        )
    return question.strip(), check(question.strip(), answer.strip())


def load(path: Path) -> dict[str, str]:
    """The answers a TOML file gives. Raises BehaviourError for an unreadable or illegal file."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad writes a byte order mark
    except OSError as error:
        raise BehaviourError(f"behaviour file {path}: {error.strerror or error}") from None
    except ValueError as error:  # no UTF-8, no TOML, or a number of thousands of digits
        raise BehaviourError(f"behaviour file {path}: not TOML ({error})") from None
    try:
        return {question: check(question, answer) for question, answer in content.items()}
    except BehaviourError as error:
        raise BehaviourError(f"behaviour file {path}: {error}") from None
