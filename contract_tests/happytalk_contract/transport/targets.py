"""Where a run asks: the mock, the vendor's two environments, or any address.

The two endpoints live on different hosts; the mock serves both on one. Hosts: the vendor's pages.
"""

from __future__ import annotations

import contextlib
import difflib
import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import NAMES, Endpoint
from happytalk_mock.spec.resources import endpoints

PATHS: Final[Mapping[Endpoint, str]] = {name: endpoints()[name]["path"] for name in NAMES}
CHAT_PATH: Final = PATHS["rooms"]
MESSAGE_PATH: Final = PATHS["messages"]

#: name -> (origin of the chat room list, origin of the system messages)
ENVIRONMENTS: Final = {
    "dev": ("https://patch-customer.happytalk.io", "https://patch-kakao-api.happytalk.io"),
    "production": ("https://customer.happytalk.io", "https://kakao-api.happytalk.io"),
}

#: Requests per second to a remote target that is told nothing else. A loopback target has no limit.
REMOTE_RATE: Final = 5.0

_RATE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*/\s*(?P<unit>s|sec|second|m|min|minute|h|hour)")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The whole addresses of the two endpoints; None: that endpoint is not asked."""

    name: str  #: "mock", "dev", "production", or the address as given
    chat_url: str | None
    message_url: str | None

    def url(self, endpoint: Endpoint) -> str | None:
        """The address of `endpoint`; None: it is not asked."""
        return self.chat_url if endpoint == "rooms" else self.message_url

    @property
    def is_loopback(self) -> bool:
        """Whether all that is asked is on this machine."""
        return all(is_loopback(url) for url in (self.chat_url, self.message_url) if url)

    @property
    def default_rate(self) -> float | None:
        """Requests per second unless told otherwise; None: no limit."""
        return None if self.is_loopback else REMOTE_RATE


#: Where `happytalk-mock serve` listens unless told otherwise. A mock that a check starts is gone when its
#: report is read, so the requests shown go here.
SERVED_MOCK: Final = Target(
    name="mock",
    chat_url=f"http://127.0.0.1:8080{CHAT_PATH}",
    message_url=f"http://127.0.0.1:8080{MESSAGE_PATH}",
)


def resolve(
    target: str | None,
    *,
    chat_url: str | None = None,
    message_url: str | None = None,
    production_confirmed: bool = False,
) -> Target | None:
    """Say which addresses are meant; None means a mock that is yet to be started, as no target at all does.

    `chat_url` and `message_url` win over `target`; given without `target`, only what they name is asked.
    Raises `WrongUseError` for what is no address, and for production without its confirmation.
    """
    if target in ("mock", None) and not (chat_url or message_url):
        return None
    origins = _origins(target)
    found = Target(
        name=target or " and ".join(url for url in (chat_url, message_url) if url),
        chat_url=endpoint_url(chat_url or origins[0], CHAT_PATH),
        message_url=endpoint_url(message_url or origins[1], MESSAGE_PATH),
    )
    if not production_confirmed:
        _refuse_production(found)
    return found


def endpoint_url(base: str | None, path: str) -> str | None:
    """Complete `base` to the whole address of the endpoint at `path`.

    `base` is an origin (`https://host`), an origin and a prefix (`https://gateway/happytalk`), or the
    whole address already.
    """
    if base is None:
        return None
    try:
        parts = urlsplit(base if "://" in base else f"http://{base}")
        host = connected_host(parts.hostname or "")
        usable = parts.scheme in ("http", "https") and bool(host) and parts.port != 0
    except ValueError:  # brackets that do not match, a port that is no number, a name that is none
        usable = False
    if not usable or re.search(r"\s", base):
        raise WrongUseError(
            f"{base!r} is no target: expected mock, dev, production or an address such as http://127.0.0.1:8080"
            f"{_meant(base)}"
        )
    if parts.username is not None:
        raise WrongUseError("an address with a user or password in it is not taken: reports would show it")
    if parts.query or parts.fragment:
        raise WrongUseError(f"{base!r} has a query or fragment: give the address without it")
    prefix = parts.path.rstrip("/")
    whole = prefix if prefix.endswith(path) else prefix + path
    port = f":{parts.port}" if parts.port else ""
    return urlunsplit((parts.scheme, f"[{host}]{port}" if ":" in host else host + port, whole, "", ""))


def connected_host(host: str) -> str:
    """The name that is looked up for `host`: full-width letters, other full stops and capitals made plain.

    Raises ValueError for what is no name.
    """
    if ":" in host:
        return str(ipaddress.ip_address(host))
    return host.rstrip(".。．｡").encode("idna").decode("ascii").lower() if host else ""


def _meant(target: str) -> str:
    near = difflib.get_close_matches(target.lower(), ["mock", *ENVIRONMENTS], n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def parse_rate(text: str) -> float | None:
    """Read `5/s`, `90/min`, `1000/h` or `none` as requests per second (None: no limit)."""
    if text.strip().lower() in ("none", "off", "0"):
        return None
    match = _RATE.fullmatch(text.strip().lower())
    rate = float(match["number"]) / _SECONDS[match["unit"][0]] if match else 0.0
    if rate <= 0:
        raise WrongUseError(
            f"--rate-limit {text!r}: expected a number of requests per s, min or h such as 5/s, or none"
        )
    return rate


def parse_duration(text: str, option: str) -> float:
    """Read `90`, `90s`, `2m` or `1h` as seconds."""
    plain = text.strip().lower()
    factor = _SECONDS.get(plain[-1:], 0)
    try:
        seconds = float(plain[:-1]) * factor if factor else float(plain)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e9:
        raise WrongUseError(f"{option} {text!r}: expected a time such as 90s or 2m")
    return seconds


@contextlib.contextmanager
def started_mock() -> Iterator[tuple[Target, dict[str, str]]]:
    """Start a mock on a free port; yields its addresses and its credentials by environment variable."""
    from happytalk_mock import MockServer  # here: a run against another target needs no server

    with MockServer() as server:
        target = Target(
            name="mock",
            chat_url=endpoint_url(server.url, CHAT_PATH),
            message_url=endpoint_url(server.url, MESSAGE_PATH),
        )
        credentials = {
            "HAPPYTALK_TOKEN": server.token,
            "HAPPYTALK_CLIENT_ID": server.client_id,
            "HAPPYTALK_CLIENT_SECRET": server.client_secret,
            "HAPPYTALK_SENDER_KEY": server.sender_key,
        }
        yield target, credentials


def _origins(target: str | None) -> tuple[str | None, str | None]:
    if target is None:
        return None, None
    if target in ENVIRONMENTS:
        return ENVIRONMENTS[target]
    if not re.search(r"[.:/]", target) and target != "mock" and (meant := _meant(target)):
        raise WrongUseError(f"{target!r} is no target{meant} A host of that name is given as http://{target}")
    if target == "mock":
        raise WrongUseError("--target mock starts a mock of its own: leave out --chat-url and --message-url")
    return target, target


def _refuse_production(target: Target) -> None:
    """Production is known by its hosts, however they were given."""
    hosts = {urlsplit(origin).hostname for origin in ENVIRONMENTS["production"]}
    for url in (target.chat_url, target.message_url):
        if url and urlsplit(url).hostname in hosts:
            raise WrongUseError(
                f"{urlsplit(url).hostname} is production, where real people are served: "
                "add --i-know-this-is-production if you mean it"
            )


def is_loopback(url: str) -> bool:
    """Whether an address is one of this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
