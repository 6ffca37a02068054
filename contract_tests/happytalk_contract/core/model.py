"""What the kit's parts hand to each other: requests, exchanges, findings, outcomes.

Data flows one way: the planner makes `Request`s, the transport turns each into an `Exchange`,
the rules judge exchanges into `Finding`s, the runner sums up in a `RunReport`, and the writers
(console, JSON, HTML, JUnit, Markdown) only read that. Nothing here sends, prints or judges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Literal
from zoneinfo import ZoneInfo

Endpoint = Literal["rooms", "messages"]

#: What a person calls the endpoints.
NAMES: Final[Mapping[Endpoint, str]] = {"rooms": "chat rooms", "messages": "system messages"}

#: The vendor's time zone, in which days are counted.
SEOUL: Final = ZoneInfo("Asia/Seoul")

#: The environment variables that hold credentials. In a `Request` a secret is only ever its placeholder,
#: `${HAPPYTALK_TOKEN}`; the transport puts the value in at the moment of sending and takes it out of what
#: comes back, so neither a recording nor a report can hold it.
SECRETS: tuple[str, ...] = (
    "HAPPYTALK_TOKEN",
    "HAPPYTALK_CLIENT_ID",
    "HAPPYTALK_CLIENT_SECRET",
    "HAPPYTALK_SENDER_KEY",
)


def placeholder(name: str) -> str:
    """The text that stands for secret `name` in requests, recordings and reports: `${HAPPYTALK_TOKEN}`."""
    return "${" + name + "}"


def cut_placeholder(name: str) -> str:
    """The text that stands for secret `name` without its last character: `${HAPPYTALK_TOKEN%?}`, as a shell has it."""
    return "${" + name + "%?}"


def swapped_placeholder(name: str) -> str:
    """The text that stands for secret `name` with small letters for capitals and capitals for small ones."""
    return "${" + name + "~~}"


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    BREAKING = "breaking"  #: a stated rule is broken
    VALUE = "value"  #: a documented code list grew
    ADDITIVE = "additive"  #: a field the documentation does not have (announced as legal)
    OPEN_ANSWER = "open_answer"  #: an answer to an open question, for information


#: The severities that make a run drift, unless it is told otherwise.
FAIL_ON: Final = frozenset({Severity.BREAKING, Severity.VALUE})


#: How answers depart, where what is made of a finding goes by it.
Kind = Literal[
    "refused",  # down to "content": from what a whole reading predicts
    "strangers",
    "missing",
    "count",
    "twice",
    "place",
    "content",
    "days",  # from the days that were asked for
    "since",  # from what they were until one request
    "fleeting",  # now and then
]


class Status(StrEnum):
    """What became of a rule in one run."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NOT_EXERCISED = "not_exercised"
    SKIPPED = "skipped"


class Sighted(StrEnum):
    """How much was seen of an open question's answer."""

    SEEN = "seen"
    UNDECIDED = "undecided"  #: several answers fit, or none fits all
    OTHER = "other"  #: an answer that is not among the legal ones
    NOT_SEEN = "not_seen"


class ExitCode:
    """What `happytalk-contract` exits with."""

    CONFORMS = 0
    DRIFT = 1
    USAGE = 2
    NOTHING_JUDGED = 3
    BROKEN = 70  # the kit itself failed: sysexits' EX_SOFTWARE, so that no crash looks like drift


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it is asked, secrets as placeholders."""

    endpoint: Endpoint
    method: str  #: "POST" for rooms, "GET" for messages; others to probe the refusal
    headers: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None  #: as sent, but for secrets; None: no body
    suffix: str = ""  #: what follows the endpoint's address, to ask a path beside it
    why: str = ""  #: what the planner wanted to know, in a few words


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer as it came, secrets taken out."""

    status: int
    headers: Mapping[str, str]  #: names in lower case
    body: bytes  #: decoded from any Content-Encoding
    seconds: float  #: from sending to the last byte


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and what came of it: an answer, or a transport fault."""

    number: int  #: 1, 2, 3 … in the order of sending
    started: float  #: seconds since the epoch, UTC
    request: Request
    response: Response | None
    fault: str | None = None  #: why there is no answer: "timeout", "connection refused", …
    connection: int = 0  #: 1, 2, 3 … in the order of opening; 0: not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One departure from the documentation (or, with lesser severities, one thing worth telling)."""

    rule: str  #: id of the rule
    severity: Severity
    message: str  #: one sentence: what departs
    received: str  #: what came, shortened, people's words and secrets taken out
    documented: str  #: what the documentation says, quoted or derived from it
    way_out: str = ""  #: what the reader can do, where there is something
    json_path: str = ""  #: such as `$.data.chat_list[3].status`; "" where there is no one place
    request: Request | None = None  #: the least request that shows it
    exchanges: tuple[int, ...] = ()  #: the numbers of the exchanges behind it
    together: tuple[int, ...] = ()  #: those that only show it together, in this order; none: one is enough
    often: str = ""  #: how often it shows, and when
    kind: Kind | None = None  #: how it departs, where something goes by it
    subject: str = ""  #: what is at fault: a field, a parameter …; with the rule, it is the signature
    folded: tuple[Finding, ...] = ()  #: findings that this one explains

    @property
    def signature(self) -> str:
        """What makes a finding the same from one run to the next; baselines go by it."""
        return f"{self.rule}:{self.subject}" if self.subject else self.rule


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """What one rule saw in this run."""

    id: str
    endpoint: Endpoint
    status: Status
    exercised: int  #: how often its premise held
    severity: Severity
    sentence: str  #: the sentence of the documentation it stands on
    needs: str  #: what an account must have for the rule to be exercised
    note: str = ""  #: why it was skipped or not exercised, or could not be judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An open question of the documentation, and what was seen of its answer."""

    question: str  #: id, with the case where there is one
    endpoint: Endpoint
    asks: str  #: the question in words
    state: Sighted
    answer: str | None = None  #: the id of the one answer that fits all that was seen
    means: str = ""  #: what it means, or what was seen in place of any legal answer
    candidates: tuple[str, ...] = ()  #: undecided: the answers that are left, or that were seen in turn
    needs: str = ""  #: not seen or undecided: what it would need
    legal: tuple[str, ...]
    exchanges: tuple[int, ...] = ()  #: behind it: the first of each kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A finding that a baseline accepts."""

    finding: Finding
    reason: str
    ticket: str
    expires: str  #: Y-m-d, or "" for never
    since: str  #: Y-m-d when the baseline first had it


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """A whole run. `findings` are new ones; what the baseline accepts is in `accepted`."""

    target: str  #: "mock", or the base URLs
    chat_url: str = ""  #: the whole address that was asked for rooms, for the requests shown; "": not asked
    message_url: str = ""  #: the same for system messages
    seed: int
    started: str  #: ISO 8601, Asia/Seoul
    seconds: float
    requests: int
    max_requests: int
    rules: tuple[RuleOutcome, ...]
    findings: tuple[Finding, ...]
    answers: tuple[Answer, ...]
    exchanges: tuple[Exchange, ...]
    accepted: tuple[Accepted, ...] = ()
    baseline_notes: tuple[str, ...] = ()  #: expired or vanished entries
    #: what else a reader must know: skipped endpoints, budget used up, data moved …
    notes: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()  #: what was to be judged and was not, and why; with any, nothing conforms
    exit_code: int = ExitCode.CONFORMS
    fail_on: frozenset[Severity] = FAIL_ON
    interrupted: bool = False  #: by a person: what was seen until then is judged

    @property
    def verdict(self) -> str:
        """The exit code in a word: conforms, drift, or nothing_judged."""
        return {ExitCode.CONFORMS: "conforms", ExitCode.DRIFT: "drift"}.get(self.exit_code, "nothing_judged")


#: Days from the first to the last, both included.
Window = tuple[date, date]


def within(inner: Window, outer: Window) -> bool:
    """Whether all days of `inner` are days of `outer`."""
    return outer[0] <= inner[0] and inner[1] <= outer[1]
