"""The transport: secrets, budget, 429, connection faults, redirects; no real network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import httpx
import pytest

from happytalk_contract.core.control import Control
from happytalk_contract.core.errors import BudgetSpent
from happytalk_contract.questions.meaning import SENDER_KEY, messages, rooms
from happytalk_contract.transport.faults import Fault, NoAnswer
from happytalk_contract.transport.http import Transport, retry_after
from happytalk_contract.transport.wire import Reply

TOKEN = "s3cret-token-value"
CREDENTIALS = {"HAPPYTALK_TOKEN": TOKEN, "HAPPYTALK_SENDER_KEY": "sender/key&1"}
OK = httpx.Response(200, json={"result": "success"})


class Fake:
    """Answers from a function; its errors are those of the network."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response]) -> None:
        self._answer = answer

    def send(self, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes | None) -> Reply:
        try:
            answer = self._answer(httpx.Request(method, url, headers=list(headers), content=body))
        except httpx.TimeoutException:
            raise NoAnswer(Fault.TIMEOUT) from None
        except httpx.TransportError:
            raise NoAnswer(Fault.DROPPED) from None
        return Reply(
            status=answer.status_code,
            headers={name.lower(): value for name, value in answer.headers.items()},
            body=answer.content,
        )

    def close(self) -> None:
        pass


def transport(
    answer: Callable[[httpx.Request], httpx.Response],
    *,
    max_requests: int = 10,
    max_time: float | None = None,
    **changes: object,
) -> Transport:
    waits: list[float] = []
    control = Control(max_requests=max_requests, max_time=max_time)
    made = Transport(
        **{
            "urls": {"rooms": "http://api/rooms", "messages": "http://api/messages"},
            "credentials": CREDENTIALS,
            "control": control,
            "now": lambda: datetime(2022, 5, 26, tzinfo=UTC),
            "sleep": waits.append,
            "opener": lambda _url: Fake(answer),
            **changes,
        }
    )
    made.waits, made.control = waits, control
    return made


def test_secrets_go_in_and_do_not_come_back() -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, text=f'{{"echo":"{TOKEN}"}}', headers={"X-Echo": TOKEN})

    exchange = transport(answer).ask(rooms({"limit": 3}))
    assert TOKEN in seen[0].content.decode()
    assert TOKEN not in repr(exchange)
    assert exchange.response.body == b'{"echo":"${HAPPYTALK_TOKEN}"}'


def test_a_query_is_percent_encoded_whatever_the_secret_is() -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return OK

    exchange = transport(answer).ask(messages(message_id="1 OR 1=1", headers={}))
    assert seen == ["http://api/messages?senderKey=sender%2Fkey%261&id=1%20OR%201%3D1"]
    assert ("senderKey", SENDER_KEY) in exchange.request.query


def test_the_budget_is_a_hard_cap_and_counts_tries() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise httpx.RemoteProtocolError("gone")

    made = transport(answer, max_requests=4)
    assert made.ask(rooms()).fault == "connection dropped"
    assert made.control.sent == 3
    with pytest.raises(BudgetSpent):
        made.ask(rooms())
    assert (made.control.sent, made.control.left) == (4, 0)


def test_a_dropped_connection_is_tried_again() -> None:
    answers = [httpx.ReadError("reset"), OK]

    def answer(_request: httpx.Request) -> httpx.Response:
        one = answers.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    exchange = transport(answer).ask(rooms())
    assert (exchange.number, exchange.fault, exchange.response.status) == (1, None, 200)


def test_a_timeout_is_not_tried_again() -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("slow")

    made = transport(answer)
    assert made.ask(rooms()).fault == "timeout"
    assert made.control.sent == 1


def test_429_is_waited_for_and_not_recorded() -> None:
    answers = [httpx.Response(429, headers={"Retry-After": "7"}), OK]
    made = transport(lambda _request: answers.pop(0))
    exchange = made.ask(rooms())
    assert (exchange.number, exchange.response.status, made.control.sent) == (1, 200, 2)
    assert made.waits == [pytest.approx(7, abs=0.5)]


def test_429_without_end_is_an_answer_at_last() -> None:
    made = transport(lambda _request: httpx.Response(429), max_requests=99)
    assert made.ask(rooms()).response.status == 429


def test_redirects_are_not_followed() -> None:
    made = transport(lambda _request: httpx.Response(302, headers={"Location": "http://evil/"}))
    assert made.ask(rooms()).response.status == 302
    assert made.control.sent == 1


def test_the_rate_is_kept() -> None:
    made = transport(lambda _request: OK, rate=5.0)
    made.ask(rooms())
    made.ask(rooms())
    assert made.waits == [pytest.approx(0.2, abs=0.05)]


def test_time_can_run_out() -> None:
    made = transport(lambda _request: OK, rate=0.001, max_time=5)
    made.ask(rooms())
    with pytest.raises(BudgetSpent, match="time"):
        made.ask(rooms())


def test_nothing_is_sent_once_a_person_said_stop() -> None:
    made = transport(lambda _request: OK)
    made.control.interrupt()
    with pytest.raises(BudgetSpent, match="interrupted"):
        made.ask(rooms())
    assert (made.control.sent, made.control.left) == (0, 0)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("3", 3.0),
        ("-1", 0.0),
        ("Thu, 26 May 2022 00:00:05 GMT", 5.0),
        ("Thu, 26 May 2022 00:00:05 -0000", None),
        ("soon", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, datetime(2022, 5, 26, tzinfo=UTC)) == seconds
