"""What can go wrong with an answer on purpose: a table of effects, delays, and how both are written.

A disturbance is a delay, an effect, or both. It is written as a mapping (admin API, Python) or in a request's
`Prefer` header, and knows nothing of when it is due: that is `faults`' affair.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final, Literal

import orjson

from ..core.errors import ChangeError
from ..core.exchange import JSON_TYPE, Answer, Delivery, Frame
from ..core.waiting import Wait
from ..core.wording import said
from ..spec.behaviour import Behaviour
from ..spec.resources import endpoints
from .rate import Rate

#: The longest delay, in seconds: a forgotten one must have an end.
MAX_DELAY: Final = 300.0
#: How many standard deviations above the mean 99 of 100 stay under: statistics.NormalDist().inv_cdf(0.99).
_Z99: Final = 2.3263478740408408
_TRICKLE_PIECES: Final = 20
_TRICKLE_SECONDS: Final = 5.0

#: The failures the vendor documents, by endpoint: code and message (pages of failure codes).
FAILURES: Final[Mapping[str, Mapping[str, str]]] = {
    name: {code: each["message"] for code, each in endpoint["failures"].items()}
    for name, endpoint in endpoints().items()
}
_REASONS: Final[Mapping[int, str]] = {
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
_HTML: Final = (
    b"<!DOCTYPE html>\n<html><head><title>Service unavailable</title></head>"
    b"<body><h1>Service unavailable</h1></body></html>\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What an effect may need to know of the request it strikes."""

    endpoint: str  #: "rooms" or "messages"
    honest: Callable[[], Answer]  #: the answer without the effect
    behaviour: Behaviour
    wait: Wait  #: what is waited for between the pieces of a body
    cause: int  #: id of the fault whose effect it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long an answer is held back, in seconds."""

    kind: str  #: fixed, uniform, lognormal or percentiles (lognormal too)
    first: float  #: the seconds; the least; the median; the median
    second: float = 0.0  #: the most; sigma of the logarithm; what 99 of 100 stay under

    def draw(self, random: Random) -> float:
        """The seconds for one answer, never over MAX_DELAY."""
        if self.kind == "uniform":
            return random.uniform(self.first, self.second)
        if self.kind in ("lognormal", "percentiles") and self.first > 0:
            sigma = math.log(self.second / self.first) / _Z99 if self.kind == "percentiles" else self.second
            return min(random.lognormvariate(math.log(self.first), sigma), MAX_DELAY)
        return self.first

    def payload(self) -> dict[str, Any]:
        """As it is written."""
        if self.kind == "fixed":
            return {"fixed": self.first}
        if self.kind == "uniform":
            return {"uniform": [self.first, self.second]}
        if self.kind == "percentiles":
            return {"median_ms": round(self.first * 1000, 6), "p99_ms": round(self.second * 1000, 6)}
        return {"lognormal": {"median": self.first, "sigma": self.second}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """A delay, an effect, or both."""

    delay: Delay | None = None
    effect: str | None = None  #: a name of EFFECTS
    status: int | None = None  #: of the effect `status`
    failure: str | None = None  #: the code, of the effect `failure`
    retry_after: int | None = None  #: seconds, of the effects `status` and `rate_limit`
    rate: Rate | None = None  #: of the effect `rate_limit`
    seconds: float = _TRICKLE_SECONDS  #: how long `slow-trickle` takes

    def strike(self, situation: Situation) -> Answer:
        """The answer with the effect on it; without an effect the honest one. Does not wait for the delay."""
        return EFFECTS[self.effect](self, situation) if self.effect else situation.honest()

    @property
    def endpoint(self) -> str | None:
        """The only endpoint it can strike, if its failure is one of that endpoint."""
        return endpoint_of_failure(self.failure) if self.failure is not None else None

    def payload(self) -> dict[str, Any]:
        """As it is written."""
        written: dict[str, Any] = {} if self.delay is None else {"delay": self.delay.payload()}
        if self.effect == "status":
            written["status"] = self.status
        elif self.effect == "failure" and self.failure is not None:
            written["failure"] = int(self.failure)
        elif self.rate is not None:
            return {**written, "rate_limit": self.rate.written}
        elif self.effect:
            written["fault"] = self.effect
        if self.retry_after is not None or self.status == 429:
            written["retry_after"] = self.retry_after
        if self.effect == "slow-trickle":
            written["seconds"] = self.seconds
        return written


# --- the effects -------------------------------------------------------------------------------------------


def _status(self: Disturbance, situation: Situation) -> Answer:
    """An HTTP status from 400 to 599, such as 429 with Retry-After or 503; the body is a failure."""
    status = self.status or 500
    text = _REASONS.get(status, f"HTTP {status}")
    if situation.endpoint == "rooms":
        payload: dict[str, Any] = {"result": "fail", "code": status, "message": text}
    else:
        payload = {"code": str(status), "message": text}
    headers: tuple[tuple[str, str], ...] = (("Content-Type", JSON_TYPE),)
    if self.retry_after is not None:
        headers += (("Retry-After", str(self.retry_after)),)
    return Answer(status, headers, orjson.dumps(payload))


def _rate_limit(self: Disturbance, situation: Situation) -> Answer:
    """HTTP 429 with Retry-After for each request of a customer beyond a rate, such as 60/min."""
    return _status(replace(self, status=429), situation)


def _failure(self: Disturbance, situation: Situation) -> Answer:
    """A documented failure by its code, with the HTTP status that the behaviour gives failures."""
    code = self.failure or next(iter(FAILURES[situation.endpoint]))
    message = FAILURES[situation.endpoint][code]
    if situation.endpoint == "rooms":
        payload: dict[str, Any] = {"result": "fail", "code": int(code), "message": message}
        question = "failure_http_status"
    else:
        payload = {"code": code, "message": message}
        question = "message_failure_http_status"
    status = int(
        situation.behaviour[f"{question}.{endpoints()[situation.endpoint]['failures'][code]['cause']}"]
    )
    return Answer(status, (("Content-Type", JSON_TYPE),), orjson.dumps(payload))


def _empty_body(_self: Disturbance, situation: Situation) -> Answer:
    """The usual status and headers, and no body."""
    return situation.honest()._replace(body=b"")


def _malformed_json(_self: Disturbance, situation: Situation) -> Answer:
    """A body that is complete as HTTP and lacks its last brace."""
    # Every answer is an object: without its last brace it is JSON for no parser, and yet complete as HTTP.
    answer = situation.honest()
    return answer._replace(body=answer.body.rstrip()[:-1])


def _truncated_body(_self: Disturbance, situation: Situation) -> Answer:
    """Half of the body that Content-Length announces, then the connection closes."""
    answer = situation.honest()
    return _broken(answer, situation, answer.body[: len(answer.body) // 2], "cut")


def _connection_reset(_self: Disturbance, situation: Situation) -> Answer:
    """The connection breaks (a TCP reset) before a byte of the answer."""
    return _broken(situation.honest(), situation, b"", "reset")


def _broken(answer: Answer, situation: Situation, sent: bytes, end: Literal["cut", "reset"]) -> Answer:
    """The answer, of whose body only `sent` arrives."""
    return answer._replace(delivery=Delivery(len(answer.body), (Frame({}, sent),), situation.wait, end))


def _slow_trickle(self: Disturbance, situation: Situation) -> Answer:
    """The whole body in about twenty pieces over `seconds` (5 by default)."""
    answer = situation.honest()
    size = max(1, -(-len(answer.body) // _TRICKLE_PIECES))
    starts = range(0, len(answer.body), size)
    pause = {situation.cause: self.seconds / max(1, len(starts))}
    frames = tuple(Frame(pause, answer.body[start : start + size]) for start in starts)
    return answer._replace(delivery=Delivery(len(answer.body), frames, situation.wait))


def _wrong_content_type(_self: Disturbance, _situation: Situation) -> Answer:
    """HTTP 200 with an HTML page, as a proxy in the way may send."""
    return Answer(200, (("Content-Type", "text/html; charset=utf-8"),), _HTML)


#: Every effect by name; its docstring is what people read of it. `status`, `failure` and `rate_limit` are written by
#: their own names, the others as `"fault": NAME`.
EFFECTS: Final[Mapping[str, Callable[[Disturbance, Situation], Answer]]] = {
    "status": _status,
    "failure": _failure,
    "rate_limit": _rate_limit,
    "empty-body": _empty_body,
    "malformed-json": _malformed_json,
    "truncated-body": _truncated_body,
    "connection-reset": _connection_reset,
    "slow-trickle": _slow_trickle,
    "wrong-content-type": _wrong_content_type,
}
#: What `fault` may name.
FAULT_NAMES: Final = tuple(name for name in EFFECTS if name not in ("status", "failure", "rate_limit"))
_TABLE: Final = tomllib.loads(Path(__file__).with_name("fields.toml").read_text(encoding="utf-8"))
#: The fields in which a disturbance is written, and those of its plan, each with the schema of its value.
FIELDS: Final[Mapping[str, Mapping[str, Any]]] = _TABLE["disturbance"]
PLAN_FIELDS: Final[Mapping[str, Mapping[str, Any]]] = _TABLE["plan"]
_TABLE["disturbance"]["fault"] |= {"enum": FAULT_NAMES, "description": ", ".join(FAULT_NAMES)}
_TABLE["disturbance"]["failure"]["description"] += ": " + "; ".join(
    f"{endpoint} {', '.join(codes)}" for endpoint, codes in FAILURES.items()
)


#: Of these a disturbance has one.
_CHOICES: Final = ("status", "failure", "fault", "rate_limit")


# --- how they are written ----------------------------------------------------------------------------------


def parse(written: Mapping[str, Any]) -> Disturbance:
    """The disturbance that a mapping of FIELDS describes, of values as their schemas say; null is as absent.

    Raises ChangeError for two effects at once, for what does not go together, and where there is nothing.
    """
    given = {name: value for name, value in written.items() if value is not None}
    chosen = [name for name in _CHOICES if name in given]
    if len(chosen) > 1:
        raise ChangeError(chosen[1], received=" and ".join(chosen), allowed=f"one of {', '.join(_CHOICES)}")
    effect = given.get("fault") or (chosen[0] if chosen else None)
    for name, needed in (("retry_after", "status"), ("seconds", "slow-trickle")):
        if name in given and effect != needed:
            raise ChangeError(name, received=said(given[name]), allowed=FIELDS[name]["description"])
    if not chosen and "delay" not in given:
        raise ChangeError(
            "fault", received="nothing to do", allowed=f"delay, or one of {', '.join(_CHOICES)}"
        )
    # A 429 has the header that clients are to be tested on, but where it is said to have none (null).
    usual = 1 if given.get("status") == 429 and "retry_after" not in written else None
    return Disturbance(
        delay=_delay(given["delay"]) if "delay" in given else None,
        effect=effect,
        status=given.get("status"),
        failure=_code(given["failure"]) if "failure" in given else None,
        retry_after=given.get("retry_after", usual),
        rate=Rate.of(given["rate_limit"]) if "rate_limit" in given else None,
        seconds=float(given.get("seconds", _TRICKLE_SECONDS)),
    )


def endpoint_of_failure(code: str) -> str:
    """The endpoint whose failure a code is; the two lists have none in common."""
    return next(endpoint for endpoint, codes in FAILURES.items() if code in codes)


def _code(value: int | str) -> str:
    if not any(str(value) in codes for codes in FAILURES.values()):
        raise ChangeError("failure", received=said(value), allowed=FIELDS["failure"]["description"])
    return str(value)


def _delay(value: Any) -> Delay:
    if isinstance(value, Mapping) and "median_ms" in value:
        median, p99 = value["median_ms"], value["p99_ms"]
        if median > p99:
            raise ChangeError("delay.p99_ms", received=said(value), allowed="no less than median_ms")
        return Delay(kind="percentiles", first=median / 1000, second=p99 / 1000)
    kind, given = next(iter(value.items())) if isinstance(value, Mapping) else ("fixed", value)
    if kind == "lognormal":
        return Delay(kind=kind, first=float(given["median"]), second=float(given["sigma"]))
    if kind == "fixed":
        return Delay(kind=kind, first=float(given))
    if given[0] > given[1]:
        raise ChangeError("delay.uniform", received=said(value), allowed="the least first")
    return Delay(kind=kind, first=float(given[0]), second=float(given[1]))
