"""What answers in HappyTalk's place is told by what it shows: a table of answers, and what is made of each."""

from __future__ import annotations

import pytest

from happytalk_contract.core.model import Exchange, Request, Response
from happytalk_contract.transport.faults import WAYS_OUT, Fault, NoAnswer, fault_of
from happytalk_contract.transport.strangers import stranger

URL = "http://api.example/user/api/chat_room_lists"
ASKED = Request(endpoint="rooms", method="POST")
PAGE = {"content-type": "text/html; charset=utf-8"}
LOGIN, HTTPS = "a login page", "https is wanted"


def told(status: int, headers: dict[str, str], body: bytes = b"<p>", url: str = URL) -> str:
    answer = Response(status=status, headers=headers, body=body, seconds=0.0)
    return stranger(Exchange(number=1, started=0.0, request=ASKED, response=answer), url)


def moved(location: str, url: str = URL, status: int = 302) -> str:
    return told(status, {"location": location}, b"", url)


@pytest.mark.parametrize(
    ("text", "likely"),
    [
        (told(407, PAGE), "a proxy that wants a password"),
        (told(502, {"via": "1.1 squid"}), "a proxy or gateway that can not reach it, or an outage"),
        (told(500, {"x-squid-error": "ERR"}), "a proxy or gateway that can not reach it, or an outage"),
        (told(400, PAGE, b"plain HTTP sent to HTTPS port"), HTTPS),
        (told(400, PAGE, b"plain HTTP sent to HTTPS port", "https://api.example/"), "another server, or another path"),
        (told(400, {"via": "1.1 squid"}), "another server, or another path"),
        (told(500, PAGE), "an outage"),
        (told(499, PAGE), "another server, or another path"),
        (moved("https://sso.example/login?next=secret"), LOGIN),
        (moved(URL.replace("http:", "https:")), HTTPS),
        (moved(URL, URL.replace("http:", "https:")), "another path is wanted, or a loop"),
        (moved(URL.replace("http://api.example", "https://api.example:8443")), HTTPS),
        (moved("https://new.example/", "https://api.example/"), "it moved to another host"),
        (moved("https://new.example/"), "it moved to another host"),
        (moved("/elsewhere"), "another path is wanted, or a loop"),
        (moved("/elsewhere", status=300), "another path is wanted, or a loop"),
        (moved("/elsewhere", status=400), "another server, or another path"),
        (moved("", status=304), "another server, or another path"),
        (told(200, PAGE, b"<title>Sign in</title>"), "a login page, or a gateway that wants credentials of its own"),
        (told(401, PAGE), "a login page, or a gateway that wants credentials of its own"),
        (told(403, PAGE), "a gateway or firewall that lets this machine not through, or another server"),
        (told(429, PAGE), "it wants to be asked less"),
        (told(404, PAGE), "another server, or another path"),
    ],
)  # fmt: skip
def test_what_it_most_likely_is(text: str, likely: str) -> None:
    assert f"): most likely {likely}; " in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (told(404, PAGE), "HTTP 404, text/html"),
        (told(404, {}), "HTTP 404, no content type"),
        (told(404, {}, b" \n"), "HTTP 404, no content type, no body"),
        (told(200, PAGE, b"<TITLE a='b'>Tom &amp;\n Jerry</TITLE>"), "HTTP 200, text/html, title “Tom & Jerry”"),
        (told(200, PAGE, b"<title>" + b"x" * 100 + b"</title>"), f"HTTP 200, text/html, title “{'x' * 80}”"),
        (told(200, {"content-type": "t" * 99}), f"HTTP 200, {'t' * 80}"),
        (moved("../b?token=secret#here"), "HTTP 302, no content type, no body, Location http://api.example/user/b"),
        (moved("http://x.example/" + "y" * 300), f"Location http://x.example/{'y' * 183}"),
        (moved("http://[bad/"), "HTTP 302, no content type, no body"),
    ],
)  # fmt: skip
def test_what_is_shown_of_it(text: str, shown: str) -> None:
    assert f"({shown}): most likely" in text or f", {shown}): most likely" in text
    assert "secret" not in text


@pytest.mark.parametrize("fault", [*Fault, None])
def test_no_answer_is_told_with_its_way_out(fault: Fault | None) -> None:
    text = "who knows" if fault is None else str(NoAnswer(fault, "more"))
    exchange = Exchange(number=1, started=0.0, request=ASKED, response=None, fault=text)
    assert stranger(exchange, URL) == f"the API can not be reached ({text}); {WAYS_OUT[fault or Fault.OTHER]}"
    assert fault_of(text) is (fault or Fault.OTHER)


def test_where_there_was_an_answer_there_is_no_fault() -> None:
    assert fault_of(None) is None
    assert str(NoAnswer(Fault.REFUSED)) == "connection refused"
