"""What answers where HappyTalk should: told by what was seen, the likely reason and the way out."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from happytalk_contract.core.model import Exchange, Response
from happytalk_contract.transport.faults import WAYS_OUT, Fault, fault_of

_TITLE: Final = re.compile(rb"<title[^>]*>(.{0,200}?)</title", re.IGNORECASE | re.DOTALL)
_LOGIN: Final = re.compile(r"log.?in|sign.?in|\bsso\b|oauth|captive|portal|로그인", re.IGNORECASE)
_PROXY: Final = ("via", "x-squid-error", "proxy-authenticate")
LONGEST: Final = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """An answer, as far as it tells who gave it."""

    answer: Response
    url: str  #: that was asked
    title: str
    location: str  #: whole, without its query

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def is_moved(self) -> bool:
        return 300 <= self.status < 400 and bool(self.location)

    @property
    def is_https_of_the_same(self) -> bool:
        asked, told = urlsplit(self.url), urlsplit(self.location)
        return (asked.scheme, told.scheme) == ("http", "https") and asked.hostname == told.hostname

    @property
    def is_elsewhere(self) -> bool:
        return urlsplit(self.location).netloc != urlsplit(self.url).netloc


#: What it may be, likeliest first, and what to do.
_LIKELY: Final[tuple[tuple[Callable[[_Seen], object], str, str], ...]] = (
    (lambda seen: seen.status == 407, "a proxy that wants a password", WAYS_OUT[Fault.PROXY]),
    (
        lambda seen: seen.status >= 500 and any(name in seen.answer.headers for name in _PROXY),
        "a proxy or gateway that can not reach it, or an outage",
        WAYS_OUT[Fault.PROXY],
    ),
    (
        lambda seen: seen.status == 400 and b"HTTPS" in seen.answer.body and seen.url.startswith("http:"),
        "https is wanted",
        "use the https:// address",
    ),
    (lambda seen: seen.status >= 500, "an outage", "ask again later, or see the server's log"),
    (
        lambda seen: seen.is_moved and _LOGIN.search(seen.location),
        "a login page",
        "use an address, or a network, that needs no login in a browser",
    ),
    (
        lambda seen: seen.is_moved and seen.is_https_of_the_same,
        "https is wanted",
        "use the https:// address",
    ),
    (
        lambda seen: seen.is_moved and seen.is_elsewhere,
        "it moved to another host",
        "use that address if you trust it: redirects are not followed, credentials would go with them",
    ),
    (lambda seen: seen.is_moved, "another path is wanted, or a loop", "see whether the address is right"),
    (
        lambda seen: _LOGIN.search(seen.title) or seen.status == 401,
        "a login page, or a gateway that wants credentials of its own",
        "use an address, or a network, that needs no login in a browser",
    ),
    (
        lambda seen: seen.status == 403,
        "a gateway or firewall that lets this machine not through, or another server",
        "see whether this machine's address must be let in, and whether the address is right",
    ),
    (
        lambda seen: seen.status == 429,
        "it wants to be asked less",
        "ask again later; --rate-limit asks more slowly",
    ),
)
_OTHER: Final = ("another server, or another path", "see whether host, port and path are right")


def stranger(exchange: Exchange, url: str) -> str:
    """Tell what came of a request to `url`, what that most likely is, and the way out."""
    answer = exchange.response
    if answer is None:
        fault = fault_of(exchange.fault) or Fault.OTHER
        return f"the API can not be reached ({exchange.fault}); {WAYS_OUT[fault]}"
    title = _TITLE.search(answer.body)
    seen = _Seen(
        answer=answer,
        url=url,
        title=_plain(title[1]) if title else "",
        location=_location(answer.headers.get("location", ""), url),
    )
    likely, way_out = next(((likely, way) for holds, likely, way in _LIKELY if holds(seen)), _OTHER)
    return f"what answers is not HappyTalk ({_told(seen)}): most likely {likely}; {way_out}"


def _told(seen: _Seen) -> str:
    """Status, type, where to, and the page's title."""
    kind = seen.answer.headers.get("content-type", "").partition(";")[0].strip()[:LONGEST]
    parts = [f"HTTP {seen.status}", kind or "no content type"]
    if not seen.answer.body.strip():
        parts.append("no body")
    if seen.location:
        parts.append(f"Location {seen.location}")
    if seen.title:
        parts.append(f"title “{seen.title}”")
    return ", ".join(parts)


def _plain(raw: bytes) -> str:
    return " ".join(html.unescape(raw.decode("utf-8", "replace")).split())[:LONGEST]


def _location(text: str, url: str) -> str:
    """A Location, whole and without its query, which may hold what is nobody's business; "" for what is no address."""
    try:
        return urlsplit(urljoin(url, text))._replace(query="", fragment="").geturl()[:200] if text else ""
    except ValueError:
        return ""
