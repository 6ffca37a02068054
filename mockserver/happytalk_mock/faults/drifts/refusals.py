"""Failures as drifts see them, of either endpoint: in another shape, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...spec.vocabulary import ROOMS_PATH
from .drift import Change, Condition, Exchange, Reply, View, instead


def see(exchange: Exchange, honest: Reply) -> View | None:
    """The envelope of a failure."""
    payload = honest.payload
    if not isinstance(payload, dict):
        return None
    if exchange.received.path == ROOMS_PATH:
        failed = payload.get("result") == "fail"
    else:
        failed = "code" in payload and "data" not in payload
    return View(exchange=exchange, reply=honest, payload=payload) if failed else None


def on_refusal(change: Callable[[View], Reply]) -> Change[View]:
    """A change that answers otherwise where the honest API refuses."""
    return instead(see, lambda view, _: change(view))


def refusing(change: Callable[[dict[str, Any]], Any]) -> Change[View]:
    """Failures get another body; `change` returns it."""
    return on_refusal(lambda view: view.reply.telling(change(view.payload)))


def code(code: int | str, says: str = "") -> Condition[View]:
    """Failures of one code."""
    return Condition(says=says, holds=lambda view: bool(view.payload.get("code") == code))
