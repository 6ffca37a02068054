"""An examination board for the contract kit: a second API, written from the documentation alone.

It shares no code with the mock server or the kit, so a misunderstanding in one of them shows here.
``faults`` are single departures from the documentation, which the kit must find; ``legal`` are answers and
manners the documentation leaves open, which the kit must not call drift.
"""

from .api import RivalApi
from .data import ACCOUNTS
from .faults import FAULTS, Fault
from .legal import LEGAL, Legal, legal_combo
from .serving import RivalServer
from .wire import Reply, Request

__all__ = [
    "ACCOUNTS",
    "FAULTS",
    "LEGAL",
    "Fault",
    "Legal",
    "Reply",
    "Request",
    "RivalApi",
    "RivalServer",
    "legal_combo",
]
