"""``python -m tests.rival``: run the rival, or list what it can do wrong and differently."""

import argparse
import sys
import threading
from datetime import datetime

from . import ACCOUNTS, FAULTS, LEGAL, RivalServer, legal_combo


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; an unknown name ends with code 2."""
    options = _parser().parse_args(arguments)
    if options.list:
        print(*_listing(), sep="\n")  # noqa: T201 - the command's output
        return 0
    legal = [*options.legal, *(legal_combo(options.legal_combo) if options.legal_combo is not None else ())]
    server = RivalServer(
        account=options.account,
        faults=options.fault,
        legal=legal,
        seed=options.seed,
        now=options.now,
        port=options.port,
    )
    with server:
        lines = [
            f"url: {server.base_url}",
            f"token: {server.token}",
            f"HT-Client-Id: {server.client_id}",
            f"HT-Client-Secret: {server.client_secret}",
            f"senderKey: {server.sender_key}",
            f"other senderKey: {server.other_sender_key}",
            f"faults: {' '.join(options.fault) or '-'}",
            f"legal: {' '.join(legal) or '-'}",
        ]
        print(*lines, sep="\n", flush=True)  # noqa: T201 - the command's output
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.rival", description=__doc__)
    parser.add_argument("--fault", action="append", default=[], choices=sorted(FAULTS), metavar="NAME")
    parser.add_argument("--legal", action="append", default=[], choices=sorted(LEGAL), metavar="NAME")
    parser.add_argument("--legal-combo", type=int, metavar="SEED", help="a random set of legal behaviours")
    parser.add_argument("--account", default="normal", choices=sorted(ACCOUNTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--now", type=datetime.fromisoformat, help="freeze the clock; Seoul without an offset"
    )
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--list", action="store_true", help="list faults, legal behaviours, accounts")
    return parser


def _listing() -> list[str]:
    faults = [f"fault   {f.name:44} {f.breaks:11} {f.severity:8} {f.says}" for f in FAULTS.values()]
    legal = [f"legal   {name:44} {one.kind:11} {one.says}" for name, one in LEGAL.items()]
    accounts = [f"account {name:44} {plan.says}" for name, plan in ACCOUNTS.items()]
    return [*faults, *legal, *accounts]


if __name__ == "__main__":
    sys.exit(main())
