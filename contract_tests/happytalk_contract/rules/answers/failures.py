"""What failures of the room list show of the open questions, and what other methods, paths and bodies get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson

from happytalk_contract.evidence.evidence import Evidence
from happytalk_contract.evidence.views import RoomsView
from happytalk_contract.questions.meaning import CLIENT_HEADERS, TOKEN
from happytalk_contract.rules.answers.lists import OVER_DATE
from happytalk_contract.rules.answers.question import Look, Seen, sighting
from happytalk_mock.spec.resources import endpoints

_TOKEN, _PERMISSION = (
    next(int(code) for code, each in endpoints()["rooms"]["failures"].items() if each["cause"] == cause)
    for cause in ("token", "permission")
)


def _body(view: RoomsView) -> dict[str, Any] | None:
    """The JSON object that was sent, if it was one."""
    try:
        body = orjson.loads(view.exchange.request.body or b"")
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def _is_form(view: RoomsView) -> bool:
    return "form" in view.exchange.request.headers.get("Content-Type", "")


def _has_headers(view: RoomsView) -> bool:
    return view.exchange.request.headers.keys() >= CLIENT_HEADERS.keys()


def _refused_for_headers(view: RoomsView) -> bool:
    """Whether a request without the HT headers was refused for want of them, whatever else it was."""
    return not _has_headers(view) and view.fields.get("code") == _PERMISSION


def cause(view: RoomsView) -> str:
    """What a failure is about, by what was asked; "" where that is not clear."""
    request, code = view.exchange.request, view.fields.get("code")
    body = _body(view)
    if request.suffix:
        return "" if request.suffix == "/" else "path"
    if request.method != "POST":
        return "method"
    if _refused_for_headers(view):
        return "permission"
    if _is_form(view) or body is None:
        return "body"
    if body.get("token") != TOKEN:
        return "token" if code == _TOKEN else ""
    if code == OVER_DATE:
        return "period"
    means = view.meaning
    return "parameter" if means is not None and (means.open or means.page > 1) else ""


def _failures(evidence: Evidence, wanted: str) -> list[RoomsView]:
    views = [*evidence.rooms, *evidence.elsewhere]
    return [view for view in views if view.kind == "failure" and cause(view) == wanted]


def http_status(evidence: Evidence, case: str) -> Seen:
    """The HTTP status of failures of one cause."""
    for view in _failures(evidence, case):
        yield sighting(view, str(view.status))


def code(evidence: Evidence, case: str) -> Seen:
    """The code of failures of one cause."""
    for view in _failures(evidence, case):
        yield sighting(view, str(view.fields.get("code"))[:12])


def message(evidence: Evidence, case: str) -> Seen:
    """Whether the message is one bare word."""
    for view in _failures(evidence, case):
        told = str(view.fields.get("message"))
        yield sighting(view, "terse" if len(told.split()) <= 1 else "detailed")


def form_body(evidence: Evidence, _case: str) -> Seen:
    """What a form with the right token gets."""
    for view in evidence.rooms:
        if _is_form(view) and view.kind in ("success", "failure") and not _refused_for_headers(view):
            yield sighting(view, "taken" if view.kind == "success" else "failure")


def ht_headers(evidence: Evidence, _case: str) -> Seen:
    """What a documented question without the headers gets."""
    for view in evidence.rooms:
        if view.is_plain and not _has_headers(view):
            if view.kind == "success":
                yield sighting(view, "not_needed")
            elif _refused_for_headers(view):
                yield sighting(view, "needed")


def first_check(evidence: Evidence, _case: str) -> Seen:
    """What a wrong token without the headers gets, where they are needed."""
    if not any("needed" in one.fits for one in ht_headers(evidence, "")):
        return
    for view in evidence.rooms:
        body = _body(view)
        if view.kind != "failure" or _has_headers(view) or body is None or body.get("token") == TOKEN:
            continue
        fits = {_TOKEN: "token", _PERMISSION: "headers"}.get(view.fields.get("code", 0))
        yield sighting(view, *filter(None, [fits]), told=f"code {view.fields.get('code')}")


def _elsewhere(view: RoomsView) -> tuple[str, str]:
    """The answer that fits, and what was seen."""
    told = f"HTTP {view.status}"
    return ("failure" if view.kind == "failure" else str(view.status)), told


def other_method(evidence: Evidence, _case: str) -> Seen:
    """What another method gets."""
    for view in evidence.elsewhere:
        if not view.exchange.request.suffix and view.kind != "none":
            fits, told = _elsewhere(view)
            yield sighting(view, fits, told=told)


def other_path(evidence: Evidence, _case: str) -> Seen:
    """What another path gets."""
    for view in evidence.elsewhere:
        if view.exchange.request.suffix not in ("", "/") and view.kind != "none":
            fits, told = _elsewhere(view)
            yield sighting(view, fits, told=told)


def trailing_slash(evidence: Evidence, _case: str) -> Seen:
    """What the path with a slash behind it gets: rooms, or what other paths get."""
    others = {
        _elsewhere(view)[0] for view in evidence.elsewhere if view.exchange.request.suffix not in ("", "/")
    }
    for view in evidence.elsewhere:
        if view.exchange.request.suffix == "/" and view.kind != "none":
            fits = {"taken"} if view.is_list else {"unknown"} if _elsewhere(view)[0] in others else set()
            yield sighting(view, *fits, told=f"HTTP {view.status}")


FAILURES: Final[Mapping[str, Look]] = {
    "form_body": form_body,
    "failure_http_status": http_status,
    "failure_code": code,
    "failure_message": message,
    "ht_headers": ht_headers,
    "first_check": first_check,
    "other_method": other_method,
    "other_path": other_path,
    "trailing_slash": trailing_slash,
}
