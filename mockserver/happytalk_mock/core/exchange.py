"""What passes the edge of the mock: a request as received and an answer as sent, both plain data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from .waiting import Wait

#: Every answer carries it, so that nobody takes a mock for the real API.
MOCK_HEADER: Final = "X-HappyTalk-Mock"
#: Says what was received and expected where the vendor's failure body has no room for it.
HINT_HEADER: Final = "X-HappyTalk-Mock-Hint"
#: Says which fault was put on an answer on purpose.
FAULT_HEADER: Final = "X-HappyTalk-Mock-Fault"
#: Of a twin: whether an answer is `recorded`, `computed` from what was learnt, or hangs on a `default`.
SOURCE_HEADER: Final = "HappyTalk-Mock-Source"
JSON_TYPE: Final = "application/json; charset=utf-8"
FORM_TYPE: Final = "application/x-www-form-urlencoded"


class Unreadable(NamedTuple):
    """Why a body gives no parameters."""

    why: Literal["nothing", "no JSON", "no object", "no form", "too long", "not kept"]
    says: str = ""  #: of no JSON: what is wrong
    line: int = 0  #: and where
    column: int = 0
    value: Any = None  #: of no object: what it is instead


class Parameters(NamedTuple):
    """What a request asks, decoded once (`spec.parameters`) and carried on. Nobody writes into it."""

    values: Mapping[str, Any]  #: of the body, or of the query for system messages; none where unreadable
    form: Literal["json", "form", "query"] = "json"
    unreadable: Unreadable | None = None
    pairs: Sequence[tuple[str, str]] = ()  #: of the query string as they stand there, repeated ones too


class Received(NamedTuple):
    """A request. Header names are in lower case."""

    method: str
    path: str
    query: str  #: the query string as sent, without "?"
    headers: Mapping[str, str]
    body: bytes  #: as sent, whatever `parameters` say since
    parameters: Parameters

    @property
    def token(self) -> str | None:
        """The customer token among the parameters, if there is one."""
        token = self.parameters.values.get("token")
        return token if isinstance(token, str) else None

    def asking(self, values: Mapping[str, Any]) -> Received:
        """The same request with other parameters, as if they had been decoded."""
        return self._replace(parameters=self.parameters._replace(values=values))


class Frame(NamedTuple):
    """A piece of a body, and what is waited for before it is sent: seconds by cause."""

    pause: Mapping[int, float]
    data: bytes


class Delivery(NamedTuple):
    """How a body travels where it does not simply arrive whole."""

    announced: int  #: Content-Length, whatever is sent
    frames: tuple[Frame, ...]
    wait: Wait  #: waits between the frames
    #: cut: the connection closes after the last frame; reset: it breaks before the head
    end: Literal["whole", "cut", "reset"] = "whole"


class Answer(NamedTuple):
    """An answer. `headers` holds Content-Type and whatever is special; lengths are the server's affair."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    delivery: Delivery | None = None  #: None: whole and at once


class Held(NamedTuple):
    """An answer that is held back: made after the wait, or when the client gives up. It may be held once more."""

    wait: Wait
    make: Callable[[], Answer | Held]


#: What an endpoint does with a request; None: it is not for it, and gets what any other path does.
Respond = Callable[[Received], Answer | Held | None]
