"""A fault that a test planned, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from .client import AdminClient

#: pytest shows a failing test at its own line, not inside this module.
__tracebackhide__ = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault that was planned."""

    id: int
    _admin: AdminClient

    @property
    def uses(self) -> int:
        """Requests that it struck so far."""
        return int(self._admin.call("GET", f"/faults/{self.id}")["uses"])

    def cancel(self) -> None:
        """Lets it strike no more."""
        self._admin.call("DELETE", f"/faults/{self.id}")


def written_failure(what: int | str) -> dict[str, Any]:
    """How a fault is written that `fail` was told in a word."""
    if isinstance(what, str) and not what.removeprefix("-").isdigit():
        return {"fault": what}
    if isinstance(what, int) and what >= 0:
        return {"status": what}
    return {"failure": what}


_EFFECTS: Final = ("status", "failure", "fault", "rate_limit", "delay")


def told(fault: Mapping[str, Any]) -> str:
    """A fault in a line."""
    plan = [f"{name} {fault[name]}" for name in _EFFECTS if name in fault]
    limits = [f"{name} {fault[name]}" for name in ("times", "endpoint") if fault[name] is not None]
    return f"    fault {fault['id']}: {', '.join([*plan, *limits])}"
