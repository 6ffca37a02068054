"""The `Prefer` header (RFC 7240): how a client that cannot call the admin API asks for a fault of one answer.

    Prefer: code=429, delay=1.5
    Prefer: fault=truncated-body

Preferences that the RFC and its registry know (`return=minimal`, `wait=10`, …) are none of ours and ignored.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from ..core.errors import ChangeError
from ..core.wording import did_you_mean, shorten
from . import effects as disturbances
from .effects import FAILURES, FAULT_NAMES, Disturbance

#: The longest delay a client may prefer, in seconds.
MAX_DELAY: Final = 60
#: Registered elsewhere (IANA, HTTP preferences): not for us.
_FOREIGN: Final = frozenset(
    {
        *("depth-noroot", "handling", "respond-async", "return", "safe", "timezone", "wait"),
        *("allow-entityreferences", "callback", "continue-on-error", "include-annotations", "maxpagesize"),
        *("odata.allow-entityreferences", "odata.callback", "odata.continue-on-error"),
        *("odata.include-annotations", "odata.maxpagesize", "odata.track-changes", "track-changes"),
    }
)
_NUMBER: Final = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


def allowed(endpoint: str) -> dict[str, str]:
    """What may be preferred, by name."""
    return {
        "code": f"200, a documented failure ({', '.join(FAILURES[endpoint])}) or an HTTP status from 400 to 599",
        "status": "an HTTP status from 400 to 599",
        "retry-after": "whole seconds from 0 to 86400, or none, together with an HTTP status",
        "delay": f"seconds from 0 to {MAX_DELAY}, such as 1.5",
        "fault": ", ".join(FAULT_NAMES),
        "seconds": f"how long slow-trickle takes: seconds from 0 to {MAX_DELAY}",
    }


@lru_cache(maxsize=256)
def parse(header: str, endpoint: str) -> Disturbance | None:
    """What a Prefer header asks of this endpoint; None for nothing of ours.

    Raises ChangeError naming the preference, what was received and what is allowed.
    """
    written: dict[str, Any] = {}
    for part in header.split(","):
        name, equals, value = part.partition(";")[0].partition("=")
        name, value = name.strip().lower(), value.strip().strip('"')
        if not name or name in _FOREIGN:
            continue
        read = _READERS.get(name)
        if read is None:
            raise ChangeError(
                f"Prefer: {shorten(name)}",
                received=f"an unknown preference{did_you_mean(name, _READERS)}",
                allowed=", ".join(_READERS),
            )
        key, found = read(value, endpoint) if equals else ("", None)
        if not key:
            raise ChangeError(
                f"Prefer: {name}", received=shorten(value) or "no value", allowed=allowed(endpoint)[name]
            )
        written[key] = found
    written.pop("nothing", None)
    if not written:
        return None
    try:
        return disturbances.parse(written)
    except ChangeError as error:
        name = error.field.replace("_", "-")
        raise ChangeError(f"Prefer: {name}", received=error.received, allowed=error.allowed) from None


#: A reader gives the field of a disturbance and its value, or ("", None) for a value that is not allowed.
_Read = tuple[str, Any]
_NOT_ALLOWED: Final[_Read] = ("", None)


def _code(value: str, endpoint: str) -> _Read:
    # A documented failure first: 403 and 405 are codes of the system messages and HTTP statuses as well.
    if value in FAILURES[endpoint]:
        return "failure", value
    return ("nothing", None) if value == "200" else _status(value, endpoint)


def _status(value: str, _endpoint: str) -> _Read:
    return ("status", int(value)) if re.fullmatch("[45][0-9][0-9]", value) else _NOT_ALLOWED


def _retry_after(value: str, _endpoint: str) -> _Read:
    if value == "none":
        return "retry_after", None
    whole = re.fullmatch("[0-9]{1,5}", value) and int(value) <= 86_400
    return ("retry_after", int(value)) if whole else _NOT_ALLOWED


def _fault(value: str, _endpoint: str) -> _Read:
    return ("fault", value) if value in FAULT_NAMES else _NOT_ALLOWED


def _time(name: str) -> Callable[[str, str], _Read]:
    def read(value: str, _endpoint: str) -> _Read:
        fits = _NUMBER.fullmatch(value) and float(value) <= MAX_DELAY
        return (name, float(value)) if fits else _NOT_ALLOWED

    return read


_READERS: Final[Mapping[str, Callable[[str, str], _Read]]] = {
    "code": _code,
    "status": _status,
    "retry-after": _retry_after,
    "delay": _time("delay"),
    "fault": _fault,
    "seconds": _time("seconds"),
}
