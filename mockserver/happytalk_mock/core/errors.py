"""Every error of the mock, in one tree.

    MockError
    ├── ConfigurationError          a bad option, file or port: one line on the terminal, exit code 2
    │   ├── BehaviourError          an unknown open question, or an answer that is not legal for it
    │   ├── ScenarioError           a scenario: file, entry, field, received, allowed
    │   └── TwinError               a twin: file, line, field, received, allowed
    ├── ResourceNotFound            there is no schema, example or scenario of that name
    ├── ChangeError                 a change asked of the mock cannot be made: field, received, allowed
    │   ├── DuplicateRoomError      a room would get an id that another has
    │   ├── NotReadyError           not now: what it takes is not there for the moment
    │   └── NotFoundError           it speaks of something that is not there
    │       └── UnknownRoomError    no visible room has that id
    ├── AdminError                  the admin API of a mock elsewhere refused
    ├── StateLostError              the database of the state cannot be reached, or is no longer ours
    ├── UnservableError             what came over a connection is no request that can be served
    ├── AbortedOnPurpose            a signal: the connection ends here because a fault says so
    ├── CutShort                    a signal: that is what a client without a socket sees of it
    ├── Refused                     a signal: the honest API refuses what a drift asked in its turn
    └── ApiFailure                  the API answers with its failure envelope; `cause` says what is wrong
        ├── RoomsFailure            {"result":"fail","code":-501,"message":"token"}
        │   ├── ParameterFailure    a parameter is not of its documented form
        │   └── BodyFailure         the body is not a JSON object
        └── MessagesFailure         {"code":"403","message":"…"}

The codes and messages that the vendor's failure pages list stand in schemas/endpoints.toml. The documentation
names none for a malformed parameter, body, method or path: those codes, and the HTTP status of every failure,
are the behaviour profile's, which knows a failure by its cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class MockError(Exception):
    """The root of what this package raises on purpose."""


class ConfigurationError(MockError):
    """An option, a file or a port cannot be used. The message is one line for a person."""


class BehaviourError(ConfigurationError):
    """A behaviour profile names an unknown question or an answer that is not legal."""


class ScenarioError(ConfigurationError):
    """A scenario cannot be used: the message names file, entry, field, what was received, what is allowed.

    The same is in the attributes, for those who tell it in another form; `field` is without the file.
    """

    def __init__(self, message: str, *, field: str = "", received: str = "", allowed: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.received = received
        self.allowed = allowed


class TwinError(ConfigurationError):
    """A twin cannot be served: the message names file, line, field, what was received, what is expected."""


class ResourceNotFound(MockError, LookupError):  # noqa: N818 - named as LookupError is
    """There is no data of that name; the message lists what there is."""

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"no {kind} named {name!r}; there are: {', '.join(known) or 'none'}")


class ChangeError(MockError):
    """A change asked of the running mock cannot be made. Nothing was changed."""

    def __init__(self, field: str, *, received: str, allowed: str) -> None:
        super().__init__(f"{field}: received {received}; allowed: {allowed}")
        self.field = field
        self.received = received
        self.allowed = allowed

    def within(self, place: str) -> ChangeError:
        """The same error, its field inside `place`, such as `rooms[3]`."""
        return type(self)(f"{place}.{self.field}", received=self.received, allowed=self.allowed)


class NotFoundError(ChangeError):
    """A change or a question speaks of something that is not there."""


class NotReadyError(ChangeError):
    """It cannot be done for the moment; later it can."""


class DuplicateRoomError(ChangeError):
    """A room would get an id that another room of the tenant has."""


class UnknownRoomError(NotFoundError):
    """No visible room of the tenant has that id."""


class StateLostError(MockError):
    """What outlives this process cannot be read or written now. `problem` has what a client is told."""

    def __init__(self, received: str, *, allowed: str = "") -> None:
        later = "to ask again once the database can be reached; a change may have been made or not"
        self.problem = ChangeError("state", received=received, allowed=allowed or later)
        super().__init__(str(self.problem))


class AdminError(MockError):
    """The admin API refused. `problem` has what it said: field, received, allowed."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"HTTP {status}: {problem.get('detail', 'no problem details')}")
        self.status = status
        self.problem = problem


class UnservableError(MockError):
    """No request that can be served: the HTTP status, what of it is wrong, what was received and is allowed."""

    def __init__(self, status: int, field: str, *, received: str, allowed: str) -> None:
        super().__init__(f"{field}: received {received}; allowed: {allowed}")
        self.status = status
        self.problem = ChangeError(field, received=received, allowed=allowed)


class AbortedOnPurpose(MockError):  # noqa: N818 - no error of ours: it ends the connection
    """Raised by a WSGI application among the frames of a body, or before the head: the connection ends there."""


class CutShort(MockError):  # noqa: N818 - what happened, for the transports to say in their client's words
    """The application ended the connection in the middle of its answer."""


class Refused(MockError):  # noqa: N818 - an outcome, not an error
    """The honest API refuses what a drift asked in its turn; the request then gets its honest answer."""


class ApiFailure(MockError):  # noqa: N818 - the vendor's word for it
    """The API refuses. `hint` says what was received and expected where the vendor's body does not."""

    field = ""  #: the parameter that is wrong, where it is one
    received = ""  #: and what was received for it

    def __init__(self, message: str = "", *, cause: str, hint: str = "") -> None:
        """`message`: what the answer says; "" where the vendor's list of failures has the words.

        `cause`: the case of the behaviour profile's questions on failures.
        """
        super().__init__(message)
        self.message = message
        self.cause = cause
        self.hint = hint


class RoomsFailure(ApiFailure):
    """A failure of the chat room list."""


class ParameterFailure(RoomsFailure):
    """A parameter is not of its documented form; the message names it."""

    def __init__(self, field: str, *, received: str, expected: str) -> None:
        message = f"{field}: received {received}; expected {expected}"
        super().__init__(message, cause="parameter", hint=f"field {field}")
        self.field = field
        self.received = received


class BodyFailure(RoomsFailure):
    """The body is not a JSON object."""

    def __init__(self, *, received: str, expected: str = "a JSON object with a token") -> None:
        super().__init__(f"body: received {received}; expected {expected}", cause="body")


class MessagesFailure(ApiFailure):
    """A failure of the system messages; the code is text."""

    def __init__(self, code: str, message: str = "", *, cause: str, hint: str = "") -> None:
        super().__init__(message, cause=cause, hint=hint)
        self.code = code
