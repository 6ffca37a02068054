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
_TIME: Final = (r"[0-9]{1,6}(\.[0-9]{1,6})?", float, MAX_DELAY)
#: Preferences that are numbers: how they are written, and the greatest.
_NUMBERS: Final[Mapping[str, tuple[str, Callable[[str], float], float]]] = {
    "status": ("[45][0-9][0-9]", int, 599),
    "retry-after": ("[0-9]{1,5}", int, 86_400),
    "delay": _TIME,
    "seconds": _TIME,
}


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
        known = allowed(endpoint)
        if name not in known:
            received = f"an unknown preference{did_you_mean(name, known)}"
            raise ChangeError(f"Prefer: {shorten(name)}", received=received, allowed=", ".join(known))
        read = _read(name, value, endpoint) if equals else None
        if read is None:
            received = shorten(value) or "no value"
            raise ChangeError(f"Prefer: {name}", received=received, allowed=known[name])
        written |= dict([read])
    written.pop("nothing", None)
    if not written:
        return None
    try:
        return disturbances.parse(written)
    except ChangeError as error:
        name = error.field.replace("_", "-")
        raise ChangeError(f"Prefer: {name}", received=error.received, allowed=error.allowed) from None


def _read(name: str, value: str, endpoint: str) -> tuple[str, Any] | None:
    """The field of a disturbance that a preference stands for, and its value; None: it is not allowed."""
    if name == "code":
        # A documented failure first: 403 and 405 are codes of the system messages and HTTP statuses as well.
        if value in FAILURES[endpoint]:
            return "failure", value
        if value == "200":
            return "nothing", None
        name = "status"
    if name == "retry-after" and value == "none":
        return "retry_after", None
    if name == "fault":
        return (name, value) if value in FAULT_NAMES else None
    form, kind, most = _NUMBERS[name]
    found = kind(value) if re.fullmatch(form, value) else None
    return None if found is None or found > most else (name.replace("-", "_"), found)
