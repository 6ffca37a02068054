"""Handlers: clock, behaviour, faults, drift, churn and health."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ...api.control import Control
from ...core.clock import Clock, parse_moment
from ...core.errors import BehaviourError, ChangeError, NotReadyError
from ...core.version import __version__
from ...core.wording import did_you_mean, said, shorten
from ...spec.behaviour import BY_ID, QUESTIONS, checked, known
from ...spec.resources import open_questions
from .asking import Asked

_UNITS: Final[Mapping[str, int]] = {"days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}


# --- clock -------------------------------------------------------------------------------------------------


def read_clock(asked: Asked) -> Any:
    """What time it is for the mock, or for a tenant."""
    tenant = asked.scope()
    own = tenant is not None and tenant.clock is not None
    clock = asked.mock.clock_of(tenant)
    return {"now": clock.now().isoformat(), "frozen": clock.frozen, "own": own}


def freeze_clock(asked: Asked) -> Any:
    """Stands the clock still, at a moment or where it is."""
    if "at" in asked.body:
        return _place(asked, "at", ticking=False)
    asked.mock.change_clock(asked.scope(), Clock.freeze)
    return read_clock(asked)


def set_clock(asked: Asked) -> Any:
    """Starts the clock running from a moment."""
    return _place(asked, "to", ticking=True)


def advance_clock(asked: Asked) -> Any:
    """Moves the clock on, or back where the sum is negative; it stays frozen or running as it was."""
    seconds = float(sum(asked.body.get(unit, 0) * size for unit, size in _UNITS.items()))
    if not seconds:
        raise ChangeError("seconds", received="no time", allowed=f"one of {', '.join(_UNITS)} that is not 0")
    try:
        asked.mock.change_clock(asked.scope(), lambda clock: clock.advance(seconds))
    except ValueError as error:
        raise ChangeError("seconds", received=f"{seconds:g} in all", allowed=str(error)) from None
    return read_clock(asked)


def run_clock(asked: Asked) -> Any:
    """Lets the clock run on from where it is."""
    asked.mock.change_clock(asked.scope(), Clock.run)
    return read_clock(asked)


def follow_clock(asked: Asked) -> Any:
    """The machine's own time again; a tenant gets the mock's."""
    tenant = asked.scope()
    if tenant is None:
        asked.mock.clock.follow_machine()
    else:
        tenant.clock = None
    return read_clock(asked)


def _place(asked: Asked, name: str, *, ticking: bool) -> Any:
    """Puts the clock at a moment of the body."""
    try:
        moment = parse_moment(asked.body[name])
    except ValueError:
        allowed = "ISO 8601 such as 2022-05-26T13:00:00+09:00; Seoul time where it names no offset"
        raise ChangeError(name, received=said(asked.body[name]), allowed=allowed) from None
    try:
        asked.mock.change_clock(asked.scope(), lambda clock: clock.set(moment, ticking=ticking))
    except ValueError as error:
        raise ChangeError(name, received=moment.isoformat(), allowed=str(error)) from None
    return read_clock(asked)


# --- behaviour ---------------------------------------------------------------------------------------------


def read_behaviour(asked: Asked) -> Any:
    """Every open question of the documentation with the answer in force and the legal ones."""
    behaviour = asked.mock.behaviour_of(asked.scope())
    questions = [
        {
            "id": question.id,
            "endpoint": question.endpoint,
            "asks": question.asks.en,
            "quote": question.quote.en or "(silent)",
            "answer": behaviour[question.id],
            "default": question.default,
            "answers": {answer: means.en for answer, means in question.answers.items()},
            "number": question.number.means.en if question.number else None,
        }
        for question in QUESTIONS
    ]
    return {"differences": behaviour.differences, "questions": questions}


def change_behaviour(asked: Asked) -> Any:
    """Changes answers, all or none."""
    tenant, body = asked.scope(), asked.body
    if not isinstance(body, dict) or not body:
        raise ChangeError("behaviour", received=said(body), allowed="an object of question: answer")
    for question, answer in body.items():
        _check_answer(question, answer)
    asked.mock.behave(asked.mock.behaviour_of(tenant).but(body), tenant)
    return {"differences": asked.mock.behaviour_of(tenant).differences}


def _check_answer(question: str, answer: Any) -> None:
    try:
        records = known(question)
    except BehaviourError as error:
        received = f"an unknown question{did_you_mean(question, BY_ID)}"
        now = open_questions().replaced.get(question)
        received = f"a question that is {now} now" if now else received
        raise ChangeError(shorten(question), received=received, allowed=", ".join(BY_ID)) from error
    try:
        checked({question: answer})
    except BehaviourError as error:
        legal = str(error).partition("allowed: ")[2] or records[0].legal
        raise ChangeError(question, received=said(answer), allowed=legal) from None


def reset_behaviour(asked: Asked) -> Any:
    """The answers of the start again; a tenant gets the mock's."""
    asked.mock.behave(None, asked.scope())
    return {"differences": asked.mock.behaviour_of(asked.scope()).differences}


# --- faults ------------------------------------------------------------------------------------------------


def list_faults(asked: Asked) -> Any:
    """Every fault with its uses, those that are over included."""
    token = asked.scope_token()
    found = [fault for fault in asked.control.faults if token in (None, fault.tenant)]
    if "unused" in asked.query:
        found = [fault for fault in found if (not fault.uses) == asked.query["unused"]]
    return {"faults": [fault.payload() for fault in found]}


def add_fault(asked: Asked) -> Any:
    """Adds a fault for the requests to come."""
    if not isinstance(asked.body, dict):
        raise ChangeError("fault", received=said(asked.body), allowed="an object that says what goes wrong")
    token = asked.scope_token()
    return asked.control.faults.add({**asked.body, "tenant": token}).payload()


def get_fault(asked: Asked) -> Any:
    """One fault with its uses."""
    return asked.control.faults.get(asked.path["id"]).payload()


def delete_fault(asked: Asked) -> Any:
    """Takes a fault away."""
    asked.control.faults.remove(asked.path["id"])
    return {"deleted": 1}


def clear_faults(asked: Asked) -> Any:
    """Takes every fault away, or those of a tenant."""
    return {"deleted": asked.control.faults.clear(asked.scope_token())}


# --- drift -------------------------------------------------------------------------------------------------


def read_drift(asked: Asked) -> Any:
    """The drifts in force, and all that there are."""
    from ...faults.drifts import DRIFTS

    known = [
        {"name": each.name, "endpoint": each.endpoint, "area": each.area, "says": each.says}
        for each in DRIFTS.values()
    ]
    return {"active": asked.control.drifts.names(asked.scope_token()), "known": known}


def set_drift(asked: Asked) -> Any:
    """Puts drifts in force, in place of those that were."""
    scope, body = asked.scope(), asked.body
    if ("name" in body) == ("names" in body):
        raise ChangeError("name", received="both or none of name and names", allowed="one of the two")
    names = body["names"] if "names" in body else [body["name"]]
    if not names:
        raise ChangeError("names", received=said(names), allowed="an array of names, not empty")
    asked.control.drifts.set(names, None if scope is None else scope.token)
    return {"active": list(dict.fromkeys(names))}


def clear_drift(asked: Asked) -> Any:
    """The API behaves as documented again; for a tenant, but for what is in force for all."""
    asked.control.drifts.clear(asked.scope_token(), everywhere=asked.token is None)
    return {"active": []}


# --- churn -------------------------------------------------------------------------------------------------


def read_churn(asked: Asked) -> Any:
    """What changes rooms while they are read, and how much it has done."""
    return {"streams": asked.control.churn.report(asked.scope_token())}


def set_churn(asked: Asked) -> Any:
    """Starts changing rooms at a rate, in place of what ran."""
    asked.control.churn.start(asked.body["rate"], tenant=asked.scope(), seed=asked.body.get("seed"))
    return read_churn(asked)


def stop_churn(asked: Asked) -> Any:
    """Stops changing rooms; no change comes after the answer."""
    return {"stopped": asked.control.churn.stop(asked.scope_token())}


# --- health ------------------------------------------------------------------------------------------------


def health(asked: Asked) -> Any:
    """Whether the mock is ready, and what is in force. Readable from anywhere; nothing secret in it."""
    return health_report(asked.control)


def live(_asked: Asked) -> Any:
    """Whether the mock answers at all. Readable from anywhere."""
    return {"status": "live"}


def ready(asked: Asked) -> Any:
    """Whether the mock can serve now; 503 with the reason if not. Readable from anywhere."""
    hindrances = asked.control.hindrances()
    if hindrances:
        received = "; ".join(f"{name}: {why}" for name, why in hindrances.items())
        raise NotReadyError("ready", received=received, allowed="to ask again in a moment")
    return {"status": "ready"}


def health_report(control: Control) -> dict[str, Any]:
    """What health says."""
    mock = control.mock
    report: dict[str, Any] = {
        "status": "ready",
        "version": __version__,
        "seed": mock.setup.seed,
        "clock": {"now": mock.clock.now().isoformat(), "frozen": mock.clock.frozen},
        "tenants": sum(1 for _ in mock.tenants),
        "active": {
            "faults": len(control.faults.live),
            "drifts": control.drifts.all_names(),
            "churn": len(control.churn.report()),
            "behaviour": mock.behaviour.differences,
        },
        "journal": {"kept": len(control.journal), "size": control.journal.size},
    }
    if mock.setup.twin is not None:
        report["twin"] = mock.setup.twin.told()
    first = next(iter(mock.tenants), None)
    if first is not None:
        now = mock.clock_of(first).second()
        counts = first.rooms.counts(now)
        messages = sum(len(first.messages.find(key, now) or ()) for key in first.messages.sender_keys)
        report["data"] = {"rooms": counts.rooms, "by_hand": counts.by_hand, "messages": messages}
        report["store"] = {"kind": "memory", "version": counts.version}
    if control.ledger is not None:
        report["state"] = {"kind": control.ledger.log.kind, "changes": control.ledger.made}
    return report
