"""Whether an endpoint lets itself be judged: HappyTalk answers there, and takes the credentials.

Seen in a run's own answers. An endpoint out of reach is left alone, for hundreds of questions more would find
out nothing, and what another server says hundreds of times is no drift. A drifting API is HappyTalk still: an
answer counts as one of its own if it has words that only this API has, however broken the rest is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from happytalk_contract.core.model import NAMES, SECRETS, Endpoint, Exchange, Request, placeholder
from happytalk_contract.questions.meaning import is_addressed
from happytalk_contract.transport.faults import Fault, fault_of
from happytalk_contract.transport.strangers import stranger
from happytalk_mock.spec.resources import endpoints

#: So many first questions have to be refused for the credentials' sake.
#: The first rooms questions differ in dates and limits; the messages' list is the only sure question there.
PATIENCE: Final[Mapping[Endpoint, int]] = {"rooms": 3, "messages": 2}
#: So many answers in a row that are not HappyTalk's make it doubtful whether it is there still.
IN_A_ROW: Final = 3

#: Codes of a failure that is about the credentials and not about the question.
REFUSALS: Final[Mapping[str, frozenset[str]]] = {
    name: frozenset(code for code, each in endpoint["failures"].items() if each.get("credentials"))
    for name, endpoint in endpoints().items()
}

_ROOM_WORDS: Final = re.compile(rb"\b(chat_list|total_count|complate_date)\b")
_RESULT: Final = re.compile(rb"\bresult\W{1,12}(success|fail)\b")
_MESSAGE_WORDS: Final = re.compile(rb"\b(inspectStatus|inspectRequestAt|messageType|linkMobile)\b")
_CODE: Final = re.compile(rb"\bcode\W{1,12}(\d{3})\b")


class Reach:
    """Which endpoints do not let themselves be judged, going by what they answered."""

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        self.lost: dict[Endpoint, str] = {}  #: endpoints to leave alone, and why
        self.found: set[Endpoint] = set()  #: endpoints where HappyTalk answered
        self.good: dict[Endpoint, Request] = {}  #: a question that was answered well, by endpoint
        self.last: dict[Endpoint, int] = {}  #: number of the last answer of HappyTalk's, by endpoint
        self.broken: set[Endpoint] = set()  #: lost endpoints that were judged until then
        self._in_a_row: Counter[Endpoint] = Counter()  #: answers since then
        self._strange: dict[Endpoint, list[Exchange]] = {}  #: what came before HappyTalk answered
        self._vouched: set[Endpoint] = set()
        self._accepted: set[Endpoint] = set()
        self._refused: Counter[Endpoint] = Counter()

    def see(self, exchange: Exchange) -> None:
        """Take one exchange; credentials refused too often lose its endpoint."""
        endpoint = exchange.request.endpoint
        if speaks(exchange):
            self.found.add(endpoint)
            self.last[endpoint] = exchange.number
            self._in_a_row[endpoint] = 0
            self._see_credentials(endpoint, exchange)
            return
        if not is_addressed(exchange.request):
            return
        self._in_a_row[endpoint] += 1
        if endpoint not in self.found:
            self._strange.setdefault(endpoint, []).append(exchange)

    def _see_credentials(self, endpoint: Endpoint, exchange: Exchange) -> None:
        why = obstacle(exchange)
        self.good.setdefault(endpoint, exchange.request)
        if why == "" and endpoint not in self._accepted:
            self._accepted.add(endpoint)
            self.good[endpoint] = exchange.request
        elif why and endpoint not in self._accepted:
            self._refused[endpoint] += 1
            if self._refused[endpoint] >= PATIENCE[endpoint]:
                self.lost[endpoint] = f"{NAMES[endpoint]} not judged: the API {why}"

    def tried(self, endpoint: Endpoint) -> int:
        """How many answers came before the first one of HappyTalk's."""
        return len(self._strange.get(endpoint, ()))

    def is_hopeless(self, endpoint: Endpoint) -> bool:
        """Whether asking on is sure to get no other answer than the one before, or takes too long."""
        seen = self._strange.get(endpoint, [])
        if not seen:
            return False
        answer, fault = seen[-1].response, fault_of(seen[-1].fault)
        if answer is not None:
            return answer.status == 429
        return fault in _SURE or (fault in _SLOW and len(seen) > 1)

    def is_doubtful(self, endpoint: Endpoint) -> bool:
        """Whether HappyTalk was there, and has not answered for some time."""
        if endpoint not in self.found or endpoint in self._vouched:
            return False
        return self._in_a_row[endpoint] >= IN_A_ROW

    def lose(self, endpoint: Endpoint, url: str, last: Exchange | None = None) -> None:
        """Leave an endpoint alone where HappyTalk never answered, or, after `last`, does not any more."""
        if last is not None:
            self.broken.add(endpoint)
            self.lost[endpoint] = (
                f"{NAMES[endpoint]} not judged to the end: HappyTalk stopped answering: {stranger(last, url)}"
            )
            return
        seen = max(self._strange[endpoint], key=lambda exchange: exchange.response is not None)
        self.lost[endpoint] = f"{NAMES[endpoint]} not judged: {stranger(seen, url)}"

    def vouch(self, endpoint: Endpoint, urls: Mapping[Endpoint, str]) -> bool:
        """Whether an endpoint is HappyTalk's although no answer says so; from now on it counts as such.

        It is if the other endpoint at the same origin is, and what came was well announced: HTTP 200, JSON.
        """
        origins = {urlsplit(urls[name])[:2] for name in {*self.found, endpoint}}
        seen = [exchange.response for exchange in self._strange[endpoint]]
        if len(origins) > 1 or not self.found:
            return False
        if not all(
            one and one.status == 200 and "json" in one.headers.get("content-type", "") for one in seen
        ):
            return False
        self._vouched.add(endpoint)
        self.found.add(endpoint)
        return True

    def is_tail(self, exchange: Exchange) -> bool:
        """Whether an exchange came after HappyTalk's last answer: it may be an outage's."""
        endpoint = exchange.request.endpoint
        if endpoint in self._vouched or exchange.number <= self.last.get(endpoint, 0):
            return False
        return endpoint in self.broken or is_addressed(exchange.request)


#: Faults that the next try is sure to meet as well.
_SURE: Final = {Fault.UNKNOWN_HOST, Fault.CERTIFICATE, Fault.NO_TLS, Fault.TLS_WANTED, Fault.TLS, Fault.PROXY}
#: Faults that cost time, or that nobody is there to end.
_SLOW: Final = {Fault.TIMEOUT, Fault.REFUSED, Fault.UNREACHABLE, Fault.TOO_LARGE}


def speaks(exchange: Exchange) -> bool:
    """Whether an answer is HappyTalk's, as it documents it or broken."""
    if exchange.response is None:
        return False
    text = exchange.response.body.replace(b"\0", b"")  # UTF-16 has the same letters with zeros between
    if exchange.request.endpoint == "rooms":
        told = _RESULT.search(text) and re.search(rb"\b(code|data|message)\b", text)
        return bool(told or _ROOM_WORDS.search(text))
    if _MESSAGE_WORDS.search(text):
        return True
    code = _CODE.search(text)
    if code is None:
        return False
    if code[1] == b"200":
        return b"data" in text
    return b"message" in text and code[1].decode() in endpoints()["messages"]["failures"]


def obstacle(exchange: Exchange) -> str | None:
    """Why HappyTalk refused us; "" if it did not; None if it can not say (it was asked without our credentials)."""
    if exchange.response is None or not _has_credentials(exchange.request):
        return None
    code = str(_json(exchange.response.body).get("code"))
    return f"refuses the credentials (code {code})" if code in REFUSALS[exchange.request.endpoint] else ""


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
