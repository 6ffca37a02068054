"""Targets: what is meant by a name or an address, and what is refused."""

from __future__ import annotations

import pytest

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.transport.targets import (
    CHAT_PATH,
    MESSAGE_PATH,
    Target,
    endpoint_url,
    parse_duration,
    parse_rate,
    resolve,
)


def test_the_vendors_hosts() -> None:
    dev = resolve("dev")
    assert dev == Target(
        name="dev",
        chat_url="https://patch-customer.happytalk.io/user/api/chat_room_lists/format/json",
        message_url="https://patch-kakao-api.happytalk.io/kakaoWebhook/v3/bzmc/sm",
    )
    production = resolve("production", production_confirmed=True)
    assert production is not None
    assert production.chat_url == "https://customer.happytalk.io/user/api/chat_room_lists/format/json"
    assert production.message_url == "https://kakao-api.happytalk.io/kakaoWebhook/v3/bzmc/sm"


@pytest.mark.parametrize(
    "given",
    [
        {"target": "production"},
        {"target": "https://customer.happytalk.io"},
        {"target": "HTTPS://CUSTOMER.happytalk.io./"},
        {"target": "dev", "message_url": "https://kakao-api.happytalk.io"},
        {"target": None, "chat_url": "http://customer.happytalk.io:8443/user"},
    ],
)
def test_production_wants_to_be_confirmed_however_it_is_named(given: dict[str, str]) -> None:
    with pytest.raises(WrongUseError, match="--i-know-this-is-production"):
        resolve(given.pop("target"), **given)


def test_a_mock_is_yet_to_be_started() -> None:
    assert resolve("mock") is None
    assert resolve(None) is None


def test_a_mock_takes_no_addresses() -> None:
    with pytest.raises(WrongUseError, match="leave out"):
        resolve("mock", chat_url="http://127.0.0.1:1")


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080" + CHAT_PATH),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080" + CHAT_PATH),
        ("localhost:8080", "http://localhost:8080" + CHAT_PATH),
        ("https://gate/happytalk", "https://gate/happytalk" + CHAT_PATH),
        ("https://h" + CHAT_PATH, "https://h" + CHAT_PATH),
        ("https://h" + CHAT_PATH + "/", "https://h" + CHAT_PATH),
        ("http://[::1]:80", "http://[::1]:80" + CHAT_PATH),
        (None, None),
    ],
)
def test_addresses_are_completed(base: str | None, expected: str | None) -> None:
    assert endpoint_url(base, CHAT_PATH) == expected


@pytest.mark.parametrize(
    "base",
    ["", "x y", "ftp://h", "http://", "http://h:99999", "http://h:x", "http://h:0", "file:///etc/passwd"],
)
def test_what_is_no_address_is_told(base: str) -> None:
    with pytest.raises(WrongUseError, match="is no target: expected mock, dev, production or an address"):
        endpoint_url(base, CHAT_PATH)


def test_an_address_with_a_password_is_refused_without_showing_it() -> None:
    with pytest.raises(WrongUseError, match="user or password") as caught:
        resolve("http://me:hunter2@h")
    assert "hunter2" not in str(caught.value)


def test_an_address_with_a_query_is_refused() -> None:
    with pytest.raises(WrongUseError, match="query"):
        resolve("http://h/?a=1")


def test_addresses_alone_ask_only_what_they_name() -> None:
    target = resolve(None, message_url="http://127.0.0.1:1")
    assert target is not None
    assert (target.chat_url, target.message_url) == (None, "http://127.0.0.1:1" + MESSAGE_PATH)


def test_an_address_wins_over_the_target() -> None:
    target = resolve("dev", chat_url="http://127.0.0.1:1")
    assert target is not None
    assert target.chat_url == "http://127.0.0.1:1" + CHAT_PATH
    assert target.message_url == "https://patch-kakao-api.happytalk.io" + MESSAGE_PATH


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1", True),
        ("http://127.9.9.9", True),
        ("http://[::1]", True),
        ("http://localhost", True),
        ("http://a.localhost", True),
        ("http://localhost.example.com", False),
        ("http://10.0.0.1", False),
        ("https://patch-customer.happytalk.io", False),
    ],
)
def test_only_this_machine_has_no_rate_limit(url: str, loopback: bool) -> None:
    target = resolve(url)
    assert target is not None
    assert target.is_loopback is loopback
    assert target.default_rate == (None if loopback else 5.0)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("5/s", 5.0), ("90/min", 1.5), ("1800 / h", 0.5), ("0.5/s", 0.5), ("none", None), ("OFF", None)],
)
def test_rates(text: str, rate: float | None) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["5", "5/x", "/s", "-1/s", "0/s", "fast", ""])
def test_what_is_no_rate_is_told(text: str) -> None:
    with pytest.raises(WrongUseError, match="--rate-limit"):
        parse_rate(text)


@pytest.mark.parametrize(("text", "seconds"), [("90", 90.0), ("1.5s", 1.5), (" 2m ", 120.0), ("1H", 3600.0)])
def test_times(text: str, seconds: float) -> None:
    assert parse_duration(text, "--max-time") == seconds


@pytest.mark.parametrize("text", ["", "0", "-1s", "soon", "s", "1d", "inf", "nan"])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(WrongUseError, match=r"--max-time .*: expected a time such as 90s"):
        parse_duration(text, "--max-time")
