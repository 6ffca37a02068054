"""Requests as drifts read them and send them on changed: nothing else here decodes or encodes a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson

from ...core.exchange import Received
from ...spec.vocabulary import MESSAGES_PATH
from .drift import Refused


def parameters(received: Received) -> dict[str, Any] | None:
    """What was sent: the JSON object of a body, or a query (of a repeated name the first); else None."""
    if received.path == MESSAGES_PATH:
        return dict(reversed(parse_qsl(received.query, keep_blank_values=True)))
    try:
        body = orjson.loads(received.body)
    except orjson.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def is_json(received: Received) -> bool:
    """Whether the body is JSON, of whatever kind."""
    try:
        orjson.loads(received.body)
    except orjson.JSONDecodeError:
        return False
    return True


def asking(received: Received, values: Mapping[str, Any]) -> Received:
    """The request with these parameters in place of its own. Raises Refused for what cannot be written."""
    if received.path == MESSAGES_PATH:
        return received._replace(query=urlencode(values))
    try:
        return received._replace(body=orjson.dumps(values))
    except orjson.JSONEncodeError:
        raise Refused from None
