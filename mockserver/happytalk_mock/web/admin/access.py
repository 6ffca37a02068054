"""Who may use the admin API and the console: people at this machine, or with the admin token.

Three dangers are met: another machine (loopback only), a web page open in a browser of this machine (foreign
Origin, simple cross-site form), and a name of the attacker's that resolves to this machine (foreign Host: DNS
rebinding).
"""

from __future__ import annotations

import base64
import binascii
import hmac
import ipaddress
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote

from werkzeug.wrappers import Request

from ...core.errors import ConfigurationError
from ...core.wording import shorten

_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_FORWARDING: Final = ("Forwarded", "X-Forwarded-For", "X-Real-IP")
#: `NAME=TOKEN`.
_NAMED: Final = re.compile(r"([^\W_][\w.-]{0,31})=(.*[^=].*)")
_CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Refusal(NamedTuple):
    """Why a request may not pass."""

    status: int  #: 401, 403 or 415
    field: str  #: what of the request is wrong
    received: str
    allowed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An admin token, and whose it is."""

    name: str
    token: str
    reads_only: bool

    @classmethod
    def of(cls, written: str, *, reads_only: bool = False) -> Key:
        """Of `TOKEN` or `NAME=TOKEN`, as an option takes it. Raises ConfigurationError for an empty one."""
        if not written:
            option = "--admin-read-token" if reads_only else "--admin-token"
            raise ConfigurationError(f"{option}: it cannot be empty; everyone would know it")
        named = _NAMED.fullmatch(written)
        name = named[1] if named else "reader" if reads_only else "admin"
        return cls(name=name, token=named[2] if named else written, reads_only=reads_only)

    def opens(self, given: bytes) -> bool:
        """Whether that is the token: alone or behind its name, and maybe percent-encoded."""
        spelled = (self.token, f"{self.name}={self.token}")
        known = [each.encode() for token in spelled for each in (token, quote(token, safe=""))]
        return any(hmac.compare_digest(given, each) for each in known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """The rule. With a token everyone needs one, loopback too: a proxy on this machine comes from there."""

    keys: tuple[Key, ...] = ()
    host: str = "127.0.0.1"  #: the address that the server listens on

    @classmethod
    def by(
        cls,
        tokens: Iterable[str],
        read_tokens: Iterable[str] = (),
        *,
        host: str = "127.0.0.1",
        inner: str | None = None,
    ) -> Access:
        """Access of who knows one of the tokens, and where there is one of a part of the mock, `inner`, too.

        The token of `inner` is the last one, and nobody else's. Raises ConfigurationError.
        """
        keys = [*map(Key.of, tokens), *(Key.of(each, reads_only=True) for each in read_tokens)]
        if len({key.token for key in keys}) < len(keys):
            raise ConfigurationError(
                "--admin-token: two are the same; each is to have one name and one power"
            )
        if keys and inner is not None:
            keys.append(Key(name=inner, token=secrets.token_urlsafe(), reads_only=False))
        return cls(keys=tuple(keys), host=host)

    def refusal(self, request: Request, *, reads: bool = True) -> Refusal | None:
        """Why the request may not pass; None if it may. `reads`: it changes nothing."""
        return (
            self._sender(request, reads=reads)
            or self._host(request)
            or _origin(request)
            or _content_type(request)
        )

    def who(self, request: Request) -> str:
        """The name of who asks: that of its token, or `local` where none is needed."""
        key = self._key(request)
        return "local" if key is None else key.name

    def _key(self, request: Request) -> Key | None:
        given = _presented(request)
        if given is None:
            return None
        return next((key for key in self.keys if key.opens(given)), None)

    def _sender(self, request: Request, *, reads: bool) -> Refusal | None:
        if self.keys:
            key = self._key(request)
            if key is not None and (reads or not key.reads_only):
                return None
            if key is not None:
                allowed = "one of --admin-token, for what changes something"
                return Refusal(403, "Authorization", "a token that may only read", allowed)
            received = "no token" if _presented(request) is None else "another token"
            allowed = "Bearer and the value of --admin-token, or it as the password of Basic"
            if not all(
                key.token.isascii() for key in self.keys
            ):  # other than ASCII does not arrive in a header
                allowed = "Bearer and the value of --admin-token, percent-encoded; or the password of Basic"
            return Refusal(401, "Authorization", received, allowed)
        address = request.remote_addr or ""
        if not _is_loopback(address):
            allowed = "loopback; from elsewhere start the mock with --admin-token"
            return Refusal(403, "address", shorten(address), allowed)
        for name in _FORWARDING:
            if name in request.headers:
                allowed = "no proxy without --admin-token"
                return Refusal(403, name, "a forwarded request", allowed)
        return None

    def _host(self, request: Request) -> Refusal | None:
        # Who knows the token is no page that was lured here, and may use any name of this machine.
        if self.keys:
            return None
        given = request.headers.get("Host", "")
        name = _without_port(given).lower().removesuffix(".")
        own = f"[{self.host}]" if ":" in self.host else self.host.lower()
        if name in _LOCAL_HOSTS or name == own:
            return None
        return Refusal(403, "Host", shorten(given) or "nothing", ", ".join(sorted({*_LOCAL_HOSTS, own})))


def _presented(request: Request) -> bytes | None:
    """The token of an Authorization header: a Bearer one, or the password of Basic, which browsers ask for."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip().encode("latin-1", "replace")  # WSGI's way to hand over the bytes of a header
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):  # ValueError: not ASCII
            return b""
    return None


def _origin(request: Request) -> Refusal | None:
    given = request.headers.get("Origin")
    own = request.headers.get("Host", "").lower()
    if given is None or given.lower() in (f"http://{own}", f"https://{own}"):
        return None
    return Refusal(403, "Origin", shorten(given) or "nothing", f"http://{shorten(own)}, or none")


def _content_type(request: Request) -> Refusal | None:
    """A form of another site can POST text or a form, but not JSON. A DELETE without a body it cannot send."""
    if request.method not in _CHANGING or (request.method == "DELETE" and not request.get_data()):
        return None
    if request.mimetype == "application/json":
        return None
    received = shorten(request.headers.get("Content-Type", "")) or "nothing"
    return Refusal(415, "Content-Type", received, "application/json")


def _is_loopback(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_loopback


def _without_port(host: str) -> str:
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
