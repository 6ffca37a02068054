"""Every error of the mock, in one tree.

    MockError
    ├── ConfigurationError          a bad option, file or port: one line on the terminal, exit code 2
    │   └── BehaviourError          an unknown open question, or an answer that is not legal for it
    ├── DuplicateRoomError          a room is added under an id that exists
    ├── UnknownRoomError            a room is asked for by an id that does not exist
    ├── ChangeError                 a change asked of the mock cannot be made: field, received, allowed
    │   └── NotFoundError           it speaks of something that is not there
    └── ApiFailure                  the API answers with its failure envelope
        ├── RoomsFailure            {"result":"fail","code":-501,"message":"token"}
        │   ├── TokenFailure        -501  token missing or not valid
        │   ├── PermissionFailure   -502  no permission: the HT headers are missing or wrong
        │   ├── PeriodFailure       -504  query period over the maximum
        │   ├── ParameterFailure    -505  a parameter is not of its documented form (the mock's own code)
        │   ├── BodyFailure         -506  the body is not a JSON object (the mock's own code)
        │   ├── MethodFailure       -507  not a POST (the mock's own code)
        │   └── PathFailure         -508  no path of the API (the mock's own code)
        └── MessagesFailure         {"code":"403","message":"…"}
            ├── ForbiddenFailure    403   HT-Client-Id or HT-Client-Secret missing or wrong
            ├── InputFailure        405   a parameter is missing or not of its documented form
            ├── SenderFailure       507   sender profile not valid
            └── NoDataFailure       508   no data for the request

The codes of the vendor are listed on its failure-code pages; -505 to -508 are of the same family and the
mock's own, because the documentation names no code for a malformed parameter, body, method or path. These
codes, and the HTTP status of every failure, are the behaviour profile's, which knows a failure by its cause.
"""

from __future__ import annotations


class MockError(Exception):
    """The root of what this package raises on purpose."""


class ConfigurationError(MockError):
    """An option, a file or a port cannot be used. The message is one line for a person."""


class BehaviourError(ConfigurationError):
    """A behaviour profile names an unknown question or an answer that is not legal."""


class DuplicateRoomError(MockError):
    """A room is added under an id that the tenant already has."""

    def __init__(self, room_id: str) -> None:
        super().__init__(f"a room with id {room_id!r} exists already; ids are unique")
        self.room_id = room_id


class UnknownRoomError(MockError):
    """A room is asked for by an id that the tenant does not have."""

    def __init__(self, room_id: str) -> None:
        super().__init__(f"there is no room with id {room_id!r}")
        self.room_id = room_id


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


class ApiFailure(MockError):  # noqa: N818 - the vendor's word for it
    """The API refuses. `hint` says what was received and expected where the vendor's body does not."""

    #: The case of the behaviour profile's questions on failures.
    cause: str

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        """`message`: what the answer says; "" where the vendor's list of failures has the words."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class RoomsFailure(ApiFailure):
    """A failure of the chat room list."""


class TokenFailure(RoomsFailure):
    """-501: token missing or not valid."""

    cause = "token"


class PermissionFailure(RoomsFailure):
    """-502: no permission."""

    cause = "permission"


class PeriodFailure(RoomsFailure):
    """-504: the query period is over the maximum."""

    cause = "period"


class ParameterFailure(RoomsFailure):
    """A parameter is not of its documented form; the message names it."""

    cause = "parameter"

    def __init__(self, field: str, *, received: str, expected: str) -> None:
        super().__init__(f"{field}: received {received}; expected {expected}", hint=f"field {field}")
        self.field = field


class BodyFailure(RoomsFailure):
    """The body is not a JSON object."""

    cause = "body"

    def __init__(self, *, received: str, expected: str = "a JSON object with a token") -> None:
        super().__init__(f"body: received {received}; expected {expected}")


class MethodFailure(RoomsFailure):
    """The chat room list is asked by POST."""

    cause = "method"

    def __init__(self, method: str) -> None:
        super().__init__(f"method: received {method}; expected POST")


class PathFailure(RoomsFailure):
    """The API has no such path."""

    cause = "path"

    def __init__(self, path: str) -> None:
        super().__init__(f"path: received {path}; expected a path of the API")


class MessagesFailure(ApiFailure):
    """A failure of the system messages; the code is text."""

    code: str

    def __init__(self, message: str = "", *, cause: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.cause = cause


class ForbiddenFailure(MessagesFailure):
    """403: no permission."""

    code = "403"


class InputFailure(MessagesFailure):
    """405: parameter error."""

    code = "405"


class SenderFailure(MessagesFailure):
    """507: sender profile not valid."""

    code = "507"


class NoDataFailure(MessagesFailure):
    """508: no data for the request."""

    code = "508"
