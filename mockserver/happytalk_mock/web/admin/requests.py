"""Handlers: the journal, and who changed what."""

from __future__ import annotations

from dataclasses import asdict
from os import getpid
from socket import gethostname
from typing import Any, Final

from ...core.errors import ChangeError, NotFoundError
from ...core.wording import said
from ...journal.matching import Filter, near_misses
from .asking import Asked

#: Entries listed unless said otherwise.
PAGE: Final = 100
#: A query's names that ask for a parameter's value: `body.status=2`.
PARAMETER_PREFIXES: Final = ("body.", "query.")


def list_requests(asked: Asked) -> Any:
    """The requests that match, the newest first."""
    return _found(asked, _filter(asked, _parameters(asked.query), loose=True), asked.query.get("limit", PAGE))


def count_requests(asked: Asked) -> Any:
    """How many requests match."""
    chosen = _filter(asked, _parameters(asked.query), loose=True).choose(
        asked.control.journal, asked.control.reader
    )
    return {"count": sum(1 for _ in chosen), "last": asked.control.journal.last_number, **_keeper(asked)}


def get_request(asked: Asked) -> Any:
    """One request."""
    recorded = asked.control.journal.get(asked.path["id"])
    if recorded is None:
        allowed = "the id of a request that is still kept"
        raise NotFoundError("id", received=str(asked.path["id"]), allowed=allowed)
    return asked.control.reader.entry(recorded).payload()


def find_requests(asked: Asked) -> Any:
    """The requests with these parameters, by value and type, the newest first."""
    return _found(asked, _filter(asked, _expected(asked), loose=False), asked.body.get("limit", PAGE))


def clear_requests(asked: Asked) -> Any:
    """Forgets every request, or those of a tenant."""
    return {"deleted": asked.control.forget_requests(asked.scope_token())}


def near_requests(asked: Asked) -> Any:
    """The requests closest to an expected one, and what differs, field by field."""
    expected = _expected(asked)
    if not expected:
        raise ChangeError("body", received=said(expected), allowed="at least one expected parameter")
    chosen = Filter(tenant=asked.scope_token(), since=asked.body.get("since", 0))
    found = near_misses(
        expected,
        chosen.choose(asked.control.journal, asked.control.reader),
        asked.control.reader,
        endpoint=asked.body.get("endpoint"),
        most=asked.body.get("limit", 3),
    )
    misses = [
        {
            "distance": miss.distance,
            "differences": [asdict(each) for each in miss.differences],
            "request": miss.entry.payload(),
        }
        for miss in found
    ]
    return {"matches": sum(not miss.distance for miss in found), "near_misses": misses, **_keeper(asked)}


def _keeper(asked: Asked) -> dict[str, str]:
    """Whose journal it is, where several processes may have one state: each keeps its own."""
    if asked.control.ledger is None:
        return {}
    return {"kept_by": f"process {getpid()} on {gethostname()}; every other keeps its own requests"}


def list_changes(asked: Asked) -> Any:
    """Who changed what over the admin API, the newest first; names of fields, never what was written into them."""
    found = [each for each in asked.control.audit if each.id > asked.query.get("since", 0)]
    newest = found[::-1][: asked.query.get("limit", PAGE)]
    return {"count": len(found), "changes": [asdict(each) for each in newest]}


def _expected(asked: Asked) -> dict[str, Any]:
    return {**asked.body.get("body", {}), **asked.body.get("query", {})}


def _parameters(query: Any) -> dict[str, Any]:
    return {
        name.partition(".")[2]: value for name, value in query.items() if name.startswith(PARAMETER_PREFIXES)
    }


def _filter(asked: Asked, parameters: dict[str, Any], *, loose: bool) -> Filter:
    given = asked.query if loose else asked.body
    named = ("endpoint", "result", "status", "since", "violations", "faulty")
    chosen = {name: given[name] for name in named if name in given}
    return Filter(**chosen, tenant=asked.scope_token(), parameters=parameters, loose=loose)


def _found(asked: Asked, wanted: Filter, limit: int) -> Any:
    journal, reader = asked.control.journal, asked.control.reader
    found = list(wanted.choose(journal, reader))
    newest = found[::-1][:limit]
    return {
        "count": len(found),
        "last": journal.last_number,
        **_keeper(asked),
        "requests": [reader.entry(recorded).payload() for recorded in newest],
    }
