"""Whether HappyTalk answers at an endpoint at all, found out before anything is judged.

Any other server, an outage or a login page is told within a few requests. A refusal is a good sign too: the
wrong token of the second question is answered by HappyTalk alone as documented.
"""

from __future__ import annotations

from contextlib import suppress

from happytalk_contract.core.errors import OutOfReachError
from happytalk_contract.core.model import NAMES, Endpoint, Request
from happytalk_contract.engine.session import Desk
from happytalk_contract.questions.meaning import messages, rooms
from happytalk_contract.questions.probes import WRONG


def greet(desk: Desk, endpoint: Endpoint) -> None:
    """Ask until an answer is HappyTalk's. Raises `OutOfReachError` where none is."""
    if not _answers(desk, endpoint):
        for other in NAMES:
            with suppress(OutOfReachError):
                if other != endpoint and other not in desk.skipped:
                    _answers(desk, other)
        if not desk.reach.vouch(endpoint, desk.urls):
            desk.reach.lose(endpoint, desk.urls.get(endpoint, ""))
    desk.make_sure(endpoint)


def _answers(desk: Desk, endpoint: Endpoint) -> bool:
    for request in _first_words(desk, endpoint)[desk.reach.tried(endpoint) :]:
        if endpoint in desk.reach.found or desk.reach.is_hopeless(endpoint):
            break
        desk.ask(request)
    return endpoint in desk.reach.found


def _first_words(desk: Desk, endpoint: Endpoint) -> tuple[Request, ...]:
    if endpoint == "rooms":
        return (
            desk.today_question(),
            rooms({}, why="is this HappyTalk? It refuses a wrong token", token=WRONG, client=desk.client),
            desk.question({"ndate": desk.today().isoformat()}, "is this HappyTalk? It lists a day"),
        )
    return (
        desk.listing_question(),
        messages(
            headers=desk.headers, sender_key=None, why="is this HappyTalk? It refuses without senderKey"
        ),
        messages(headers=desk.headers, message_id="1", why="is this HappyTalk? It knows or refuses an id"),
    )
