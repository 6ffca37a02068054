"""Whether an endpoint lets itself be judged: it can be reached, and takes the credentials.

Seen in a run's own first answers, so that it costs no request. The session asks here before it asks on: an
endpoint out of reach is left alone, for hundreds of questions more would find out nothing, and "refused"
hundreds of times is no drift.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import orjson

from happytalk_contract.core.model import NAMES, SECRETS, Endpoint, Exchange, Request, placeholder
from happytalk_mock.spec.resources import endpoints

#: So many first questions have to come to nothing, each asked again by the transport where that helps.
#: The first rooms questions differ in dates and limits; the messages' list is the only sure question there.
PATIENCE: Final[Mapping[Endpoint, int]] = {"rooms": 3, "messages": 2}

#: Faults of an endpoint that is not there. A dropped connection is one that was there, and is judged.
OUT_OF_REACH: Final = frozenset({"connection refused", "timeout"})

#: Codes of a failure that is about the credentials and not about the question.
REFUSALS: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(code for code, each in endpoint["failures"].items() if each.get("credentials"))
    for name, endpoint in endpoints().items()
}


class Reach:
    """Which endpoints do not let themselves be judged, going by what they answered."""

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        self.lost: dict[Endpoint, str] = {}  #: endpoints to leave alone, and why
        self._in_reach: set[Endpoint] = set()
        self._obstacles: Counter[Endpoint] = Counter()

    def see(self, exchange: Exchange) -> None:
        """Take one exchange; one too many that came to nothing loses its endpoint."""
        endpoint = exchange.request.endpoint
        why = None if endpoint in self._in_reach else obstacle(exchange)
        if why is None:
            return
        if not why:
            self._in_reach.add(endpoint)
            return
        self._obstacles[endpoint] += 1
        if self._obstacles[endpoint] >= PATIENCE[endpoint]:
            self.lost[endpoint] = f"{NAMES[endpoint]} not judged: the API {why}"


def obstacle(exchange: Exchange) -> str | None:
    """Why `exchange` came to nothing; "" if it did not; None if it can not say (it asked without our credentials)."""
    if exchange.fault is not None or exchange.response is None:
        return f"can not be reached ({exchange.fault})" if exchange.fault in OUT_OF_REACH else ""
    if not _has_credentials(exchange.request):
        return None
    body = _json(exchange.response.body)
    if body.get("result") == "success" or str(body.get("code")) == "200":
        return ""
    code = str(body.get("code"))
    if code in REFUSALS[exchange.request.endpoint]:
        return f"refuses the credentials (code {code})"
    if exchange.response.status in (401, 403, 407):
        return f"refuses the credentials (HTTP {exchange.response.status})"
    return ""


def _has_credentials(request: Request) -> bool:
    """Whether `request` is an ordinary one with the credentials as they were given."""
    token, client_id, client_secret, sender_key = (placeholder(name) for name in SECRETS)
    if request.endpoint == "rooms":
        return request.method == "POST" and _json(request.body or b"").get("token") == token
    headers = {name.lower(): value for name, value in request.headers.items()}
    return (
        request.method == "GET"
        and request.query == (("senderKey", sender_key),)
        and (headers.get("ht-client-id"), headers.get("ht-client-secret")) == (client_id, client_secret)
    )


def _json(body: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return document if isinstance(document, dict) else {}
