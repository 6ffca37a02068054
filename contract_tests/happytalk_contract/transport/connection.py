"""Connections to an address: directly or through the environment's proxy, kept open from request to request.

What is on this machine is asked directly, always: no proxy can reach it, and none should see its credentials.
"""

from __future__ import annotations

import os
import ssl
import zlib
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

import httpcore

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.transport.targets import is_loopback

#: What `decoded` can undo.
ACCEPTED_CODINGS: Final = "gzip, deflate"


def connection(url: str) -> httpcore.ConnectionPool:
    """Make connections to the host of `url`. Raises `WrongUseError` for a proxy that can not be used."""
    authorities = os.environ.get("SSL_CERT_FILE")
    context = ssl.create_default_context(cafile=authorities) if authorities else None
    proxy = None if is_loopback(url) else _proxy(urlsplit(url))
    if proxy is None:
        return httpcore.ConnectionPool(ssl_context=context)
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme not in ("http", "https"):
        raise WrongUseError(
            f"the environment names a {parts.scheme} proxy: expected an HTTP one; unset it, or set NO_PROXY"
        )
    port = f":{parts.port}" if parts.port else ""
    return httpcore.HTTPProxy(
        proxy_url=f"{parts.scheme}://{parts.hostname}{port}/",
        proxy_auth=(unquote(parts.username), unquote(parts.password or "")) if parts.username else None,
        ssl_context=context,
    )


def _proxy(target: SplitResult) -> str | None:
    from urllib import request  # here: it is large, and most runs ask this machine

    if request.proxy_bypass(target.netloc):
        return None
    proxies = request.getproxies()
    return proxies.get(target.scheme) or proxies.get("all")


def ascii_host(url: str) -> str:
    """`url` with its host as it goes over the wire. Raises `WrongUseError` for what is no host."""
    parts = urlsplit(url)
    try:
        return parts._replace(netloc=parts.netloc.encode("idna").decode()).geturl()
    except UnicodeError:
        raise WrongUseError(f"{url!r} is no address: expected one such as https://host") from None


def decoded(body: bytes, codings: str, most: int) -> bytes:
    """Undo the Content-Encoding of an answer, up to `most` bytes. Raises `zlib.error`."""
    for coding in reversed([name.strip().lower() for name in codings.split(",")]):
        if coding in ("gzip", "x-gzip"):
            body = zlib.decompressobj(wbits=31).decompress(body, most)
        elif coding == "deflate":
            # With its own header by the standard, without it by habit.
            has_header = len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
            body = zlib.decompressobj(wbits=15 if has_header else -15).decompress(body, most)
    return body
