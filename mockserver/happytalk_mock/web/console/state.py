"""What the page shows beside the rooms: settings in force and the journal, told by the admin API's handlers."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from ...api.control import RESETTABLE, Control
from ...faults.effects import EFFECTS, FAILURES
from ...journal.entries import ENDPOINT_NAMES, RESULTS
from ...spec.behaviour import QUESTIONS
from ...spec.open_questions import Question
from ..admin import requests, settings
from ..admin.asking import Asked
from . import texts
from .texts import Lang, expected_ko, received_ko

#: Requests of the journal on the page.
SHOWN: Final = 50


def state(
    control: Control, token: str | None, journal_filter: Mapping[str, str], lang: Lang
) -> dict[str, Any]:
    """What is in force for `token` (None: for everyone), and what was asked. Raises ChangeError for no tenant."""
    asked = Asked(control=control, token=token)
    return {
        "clock": settings.read_clock(asked),
        "faults": settings.list_faults(asked)["faults"],
        "drifts": settings.read_drift(asked)["active"],
        # Those set for everyone beside the tenant's own.
        "common_drifts": [] if token is None else settings.read_drift(Asked(control=control))["active"],
        "churn": settings.read_churn(asked)["streams"],
        "differences": control.mock.behaviour_of(asked.scope()).differences,
        "journal": journal(control, token, journal_filter, lang),
        "journal_filter": journal_filter,
    }


# --- journal -----------------------------------------------------------------------------------------------


def journal_filter(given: Mapping[str, str]) -> dict[str, str]:
    """The journal's filter as it stands in the form; what is no choice of the form is left out."""
    choices = {"endpoint": ENDPOINT_NAMES, "result": RESULTS, "violations": ("true", "false")}
    chosen = {name: given.get(f"j_{name}", "") for name in choices}
    kept = {name: value for name, value in chosen.items() if value in choices[name]}
    return {**kept, **({"faulty": "true"} if given.get("j_faulty") == "true" else {})}


def journal(control: Control, token: str | None, chosen: Mapping[str, str], lang: Lang) -> dict[str, Any]:
    """The newest requests that match, with their verdicts in `lang`."""
    query: dict[str, Any] = {name: chosen[name] for name in ("endpoint", "result") if name in chosen}
    query |= {name: chosen[name] == "true" for name in ("violations", "faulty") if name in chosen}
    found = requests.list_requests(Asked(control=control, token=token, query={**query, "limit": SHOWN}))
    for entry in found["requests"]:
        entry["told"] = [_told(violation, lang) for violation in entry["violations"]]
    return {**found, "kept": len(control.journal), "size": control.journal.size}


def _told(violation: Mapping[str, str], lang: Lang) -> dict[str, str]:
    """A violation in a language. The English sentence says no more than the three parts do."""
    if lang == "en":
        return {**violation}
    return {
        "field": violation["field"],
        "received": received_ko(violation["received"]),
        "expected": expected_ko(violation["expected"]),
        "message": "",
    }


# --- what can be chosen ------------------------------------------------------------------------------------


def choices(control: Control, token: str | None) -> dict[str, list[tuple[Question, str]]]:
    """The open questions of each endpoint, with the answers in force."""
    asked = Asked(control=control, token=token)
    behaviour = control.mock.behaviour_of(asked.scope())
    found: dict[str, list[tuple[Question, str]]] = {}
    for question in QUESTIONS:
        found.setdefault(question.endpoint, []).append((question, behaviour[question.id]))
    return found


def drift_areas(lang: Lang) -> list[tuple[str, str, list[dict[str, str]]]]:
    """Every drift, area by area: the area, its name, and of each drift its name, what it does, and when."""
    from ...faults.drifts import DRIFTS

    return [
        (area, texts.told("areas", area, lang), [_drift(each, lang) for each in drifts])
        for area, drifts in groupby(DRIFTS.values(), key=lambda each: each.area)
    ]


def _drift(drift: Any, lang: Lang) -> dict[str, str]:
    says = drift.says_ko if lang == "ko" else drift.says
    return {"name": drift.name, "says": says, "when": texts.told("conditions", drift.when, lang)}


def effects(lang: Lang) -> dict[str, str]:
    """Every effect of a fault with what it does."""
    korean = texts.catalogue()["effects"]
    english = {name: each.__doc__ or "" for name, each in EFFECTS.items()}
    return {**english, **(korean if lang == "ko" else {})}


def lists() -> dict[str, Any]:
    """What the forms choose from, the same in both languages."""
    return {"endpoints": ENDPOINT_NAMES, "results": RESULTS, "failures": FAILURES, "resettable": RESETTABLE}
