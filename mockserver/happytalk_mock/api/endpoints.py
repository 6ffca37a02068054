"""The two endpoints by path: a request as received in, an answer in the documented envelope out.

Nothing here knows of Flask or sockets, and every failure is an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from ..core.exchange import Answer, Received
from ..spec.vocabulary import MESSAGES_PATH, ROOMS_PATH
from ..state.mock import Mock
from .messages import answer_messages
from .rooms import answer_rooms

Endpoint = Callable[[Mock, Received], Answer]
#: Path -> what answers there, whatever the method.
ENDPOINTS: Final[Mapping[str, Endpoint]] = {ROOMS_PATH: answer_rooms, MESSAGES_PATH: answer_messages}
