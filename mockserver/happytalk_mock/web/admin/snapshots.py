"""Handlers: snapshots of a tenant's data, and data as a scenario: out of the mock and into it."""

from __future__ import annotations

from typing import Any

from ...core.clock import second_text
from ...core.errors import ChangeError, ScenarioError
from ...core.wording import said
from ...data.export import scenario_of
from ...state.snapshots import Snapshot
from ...state.tenants import Tenant
from .asking import Asked


def list_snapshots(asked: Asked) -> Any:
    """The snapshots of a tenant, the oldest first."""
    return {"snapshots": [_told(each) for each in asked.control.snapshots.of(asked.tenant())]}


def save_snapshot(asked: Asked) -> Any:
    """Keeps the tenant's rooms and system messages under a name; one of that name is replaced."""
    return _told(asked.control.snapshots.save(asked.tenant(), asked.path["name"]))


def restore_snapshot(asked: Asked) -> Any:
    """Gives the tenant the rooms and messages of a snapshot again; clock, behaviour and faults stay."""
    return _told(asked.control.snapshots.restore(asked.tenant(), asked.path["name"]))


def delete_snapshot(asked: Asked) -> Any:
    """Forgets a snapshot."""
    asked.control.snapshots.delete(asked.tenant(), asked.path["name"])
    return {"deleted": 1}


def _told(snapshot: Snapshot) -> dict[str, Any]:
    by_hand = len(snapshot.rooms.by_hand)
    return {
        "name": snapshot.name,
        "saved": second_text(snapshot.saved),
        "rooms": snapshot.count,
        "by_hand": by_hand,
    }


def export_scenario(asked: Asked) -> Any:
    """The tenant's data, or a snapshot of it, as a scenario file that `serve --scenario` takes."""
    (tenant, now), name = asked.data(), asked.query.get("snapshot")
    if name is None:
        return scenario_of(tenant.rooms, tenant.messages, now, about=f"as of {second_text(now)}")
    found = asked.control.snapshots.get(tenant, name)
    return scenario_of(found.store(), _messages(tenant, found), now, about=f"snapshot {name}")


def _messages(tenant: Tenant, found: Snapshot) -> Any:
    store = tenant.messages.copy()
    store.put_back(found.messages)
    return store


def load_scenario(asked: Asked) -> Any:
    """Serves another scenario from now on: every tenant's rooms and messages begin anew. All or nothing.

    What was changed by hand is gone, as after a reset of the data. `now` and `token` count at the start only.
    """
    if not isinstance(asked.body, dict) or not asked.body:
        allowed = "an object with rooms and system_messages"
        raise ChangeError("scenario", received=said(asked.body), allowed=allowed)
    try:
        asked.control.load_scenario(asked.body)
    except ScenarioError as error:
        raise ChangeError(
            error.field or "scenario",
            received=error.received or str(error),
            allowed=error.allowed or "a scenario",
        ) from None
    tenant = asked.tenant()
    return {"rooms": tenant.rooms.counts(asked.mock.clock_of(tenant).second()).rooms}
