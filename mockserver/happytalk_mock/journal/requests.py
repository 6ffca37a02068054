"""Requests as a test looks at them: what was asked, what was answered, where the documentation was left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, SupportsIndex, overload

from ..core.exchange import Received
from ..spec.violations import Violation

#: pytest shows a failing test at its own line, not inside this module.
__tracebackhide__ = True
#: Requests that a report lists at most; of more, the last ones.
MOST_REPORTED = 40


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Request:
    """A request that the mock answered. Its `repr` masks secrets; the attributes have them in the clear."""

    id: int  #: counts over all tenants, in the order of arrival
    moment: datetime  #: when it came, by the mock's clock, in Seoul time
    endpoint: str  #: "rooms", "messages" or "other" (a path that is none)
    method: str
    path: str
    params: Mapping[str, Any]  #: of the JSON body (rooms) or the query (messages), as the client typed them
    headers: Mapping[str, str]  #: names in lower case
    body: bytes | None  #: as received; None from a mock in another process, which keeps it to itself
    violations: tuple[Violation, ...]  #: where it departs from the documentation
    status: int  #: HTTP status of the answer
    result: str  #: "success", "failure" (the documented envelope) or "broken"
    code: int | str | None  #: of a failure, such as -501 or "508"
    answer: Mapping[str, Any]  #: what the journal tells of the answer: page, limit, total_count, ids …
    duration: float  #: seconds that answering took, delays on purpose included
    faults: tuple[int, ...]  #: ids of the faults that struck it
    drifts: tuple[str, ...]  #: drifts in force
    shown: Mapping[str, Any] = field(compare=False)  #: the parameters with secrets masked

    @classmethod
    def of(cls, payload: Mapping[str, Any], received: Received | None = None) -> Request:
        """From an entry of the journal, and the raw request where it is at hand."""
        answer = payload["answer"]
        return cls(
            id=payload["id"],
            moment=datetime.fromisoformat(payload["moment"]),
            endpoint=payload["endpoint"],
            method=payload["method"],
            path=payload["path"] if received is None else received.path,
            params=payload["parameters"] if received is None else dict(received.parameters.values),
            headers=payload["headers"] if received is None else received.headers,
            body=None if received is None else received.body,
            violations=tuple(Violation(**each) for each in payload["violations"]),
            status=payload["status"],
            result=payload["result"],
            code=answer.get("code") if payload["result"] == "failure" else None,
            answer=answer,
            duration=payload["milliseconds"] / 1000,
            faults=tuple(payload["faults"]),
            drifts=tuple(payload["drifts"]),
            shown=payload["parameters"],
        )

    def __repr__(self) -> str:
        """`<POST rooms {"page": 2} -> 200 success, 20 of 120 rooms, 1.2 ms>`."""
        violations = "; ".join(each.message for each in self.violations)
        return f"<{self.line()}{f' VIOLATES {violations}' if violations else ''}>"

    def line(self) -> str:
        """The request on one line, secrets masked, without its violations."""
        asked = {name: value for name, value in self.shown.items() if name not in ("token", "senderKey")}
        where = self.path if self.endpoint == "other" else self.endpoint
        told = json.dumps(asked, ensure_ascii=False) if asked else ""
        return " ".join(
            part for part in (self.method, where, told, "->", f"{self.status} {self._outcome()}") if part
        )

    def _outcome(self) -> str:
        answer, parts = self.answer, [self.result]
        if self.code is not None:
            parts[0] += f" {self.code} {answer.get('message', '')}".rstrip()
        if "rooms" in answer:
            parts.append(f"{answer['rooms']} of {answer['total_count']} rooms")
        elif "messages" in answer:
            parts.append(f"{answer['messages']} messages")
        parts.append(f"{self.duration * 1e3:.1f} ms")
        if "fault" in answer:
            parts.append(f"on purpose: {answer['fault']}")
        return ", ".join([*parts, *(f"drift {name}" for name in self.drifts)])


class Requests(list[Request]):
    """Requests in the order of arrival."""

    @overload
    def __getitem__(self, index: SupportsIndex, /) -> Request: ...
    @overload
    def __getitem__(self, index: slice, /) -> Requests: ...
    def __getitem__(self, index: SupportsIndex | slice, /) -> Request | Requests:
        """One of them, or some of them; an error says how many there are."""
        if isinstance(index, slice):
            return Requests(super().__getitem__(index))
        try:
            return super().__getitem__(index)
        except IndexError:
            raise IndexError(f"there is no request [{index}]: {len(self)} came") from None

    @property
    def violations(self) -> list[Violation]:
        """Every departure from the documentation."""
        return [violation for request in self for violation in request.violations]

    def to(self, endpoint: str) -> Requests:
        """Those to "rooms", to "messages", or to "other" paths."""
        if endpoint not in ("rooms", "messages", "other"):
            raise ValueError(f"endpoint: received {endpoint!r}; allowed: rooms, messages, other")
        return Requests(request for request in self if request.endpoint == endpoint)

    def where(self, **params: Any) -> Requests:
        """Those with these parameters; None stands for null or not given."""
        return Requests(request for request in self if all(_has(request, *pair) for pair in params.items()))

    def report(self) -> str:
        """A line for each request, the last ones if there are many, and below it one for each violation."""
        lines = [f"… {len(self) - MOST_REPORTED} before"] if len(self) > MOST_REPORTED else []
        for request in self[-MOST_REPORTED:]:
            lines.append(f"{request.moment:%Y-%m-%d %H:%M:%S} {request.line()}")
            lines += [
                f"    violates: {each.message} (received {each.received}; documented: {each.expected})"
                for each in request.violations
            ]
        return "\n".join(lines)


def _has(request: Request, name: str, value: Any) -> bool:
    given = request.params.get(name)
    return type(given) is type(value) and bool(given == value)
