"""Why a request got no answer, each by its name, and what a person can do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from happytalk_contract.core.errors import KitError


class Fault(StrEnum):
    """Why there is no answer."""

    TIMEOUT = "timeout"
    REFUSED = "connection refused"
    UNREACHABLE = "host can not be reached"
    UNKNOWN_HOST = "unknown host"
    CERTIFICATE = "certificate not trusted"
    NO_TLS = "the port speaks no TLS"
    TLS_WANTED = "the port speaks TLS"
    TLS = "TLS failed"
    PROXY = "proxy refused"
    DROPPED = "connection dropped"
    TORN = "answer torn"
    NO_HTTP = "no HTTP"
    ENCODING = "content encoding broken"
    TOO_LARGE = "answer too large"
    OTHER = "no answer"


#: What became of an answer that had begun.
CUT_SHORT: Final = frozenset({Fault.TORN, Fault.ENCODING})
#: What a person can do.
WAYS_OUT: Final = {
    Fault.TIMEOUT: "see whether the address is right and the service is up; --request-timeout waits longer",
    Fault.REFUSED: "see whether the service is up and the port is right",
    Fault.UNREACHABLE: "see whether this machine has a way to it: network, VPN, firewall",
    Fault.UNKNOWN_HOST: "see whether the name is spelt right, and whether this machine's DNS knows it (VPN?)",
    Fault.CERTIFICATE: "name the certificates to trust: --ca-bundle FILE, or SSL_CERT_FILE",
    Fault.NO_TLS: "use http:// for this address, or another port",
    Fault.TLS_WANTED: "use https:// for this address",
    Fault.TLS: "see which TLS versions the server takes; a proxy in between may break it",
    Fault.PROXY: "see the proxy's settings (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY), or name the host in NO_PROXY",
    Fault.DROPPED: "see whether it is the right port, and the server's log",
    Fault.TORN: "see what ends the connection in the midst of an answer: server, gateway or proxy",
    Fault.NO_HTTP: "see whether it is the right port: what answers there speaks another protocol",
    Fault.ENCODING: "see what compresses the answers: server, gateway or proxy",
    Fault.TOO_LARGE: "see whether the address is right: no documented answer comes near that size",
    Fault.OTHER: "see whether the address is right",
}


def fault_of(text: str | None) -> Fault | None:
    """The fault that an exchange's `fault` begins with; None where there is none."""
    try:
        return None if text is None else Fault(text.partition(": ")[0])
    except ValueError:
        return Fault.OTHER


class NoAnswer(KitError):  # noqa: N818 - what the network does is no error of ours
    """A request got no answer; the text is its fault, and what more is known."""

    def __init__(self, fault: Fault, more: str = "") -> None:
        super().__init__(f"{fault}: {more}" if more else str(fault))
        self.fault = fault
