"""Where the scorecard gets its journal from: a running mock or a saved file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

from ..core.errors import AdminError, ConfigurationError
from ..core.wording import did_you_mean
from ..journal.score import ITEM_IDS, Card, card
from ..testing.client import AdminClient

#: As many requests as the admin API gives.
_MOST = 10_000


def scored(
    *, url: str, journal: str | None, tenant: str | None, admin_token: str | None, skip: Sequence[str]
) -> Card:
    """The card of a saved journal, else of the mock at `url`.

    Raises ConfigurationError for an unknown item, a mock that does not answer, and what is no journal.
    """
    for item in skip:
        if item not in ITEM_IDS:
            received = f"{item!r}{did_you_mean(item, ITEM_IDS)}"
            raise ConfigurationError(f"--skip: received {received}; allowed: {', '.join(ITEM_IDS)}")
    if journal is not None and tenant is not None:
        raise ConfigurationError("--tenant: a saved journal masks tokens; save it with ?token= instead")
    entries = _fetched(url, tenant, admin_token) if journal is None else _saved(journal)
    try:
        return card(entries, skip=skip)
    except (AttributeError, KeyError, TypeError, ValueError):
        where = url if journal is None else f"--journal {journal}"
        raise ConfigurationError(
            f"{where}: no journal as /__admin/journal of this version tells it"
        ) from None


def _fetched(url: str, tenant: str | None, admin_token: str | None) -> Any:
    try:
        admin = AdminClient(url, admin_token=admin_token, tenant=tenant)
        return admin.call("GET", "/journal", limit=_MOST)["requests"]
    except (OSError, ValueError, AdminError) as error:
        raise ConfigurationError(f"--url {url}: {error}") from None


def _saved(journal: str) -> Any:
    try:
        raw = sys.stdin.buffer.read() if journal == "-" else Path(journal).read_bytes()
        found = orjson.loads(raw)
    except OSError as error:
        raise ConfigurationError(f"--journal {journal}: {error.strerror or error}") from None
    except orjson.JSONDecodeError as error:
        raise ConfigurationError(f"--journal {journal}: not JSON ({error})") from None
    return found.get("requests") if isinstance(found, dict) else found
