"""What a customer identifies itself with, given on the command line, in a TOML file, or derived from its token."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..spec.documents import check, read_toml

#: What follows the token in an HT-Client-Id that is derived from it.
_CLIENT_ID: Final = "-client-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a customer of the mock identifies itself with. None of it is a secret."""

    token: str
    client_id: str
    client_secret: str
    sender_keys: tuple[str, ...]

    @classmethod
    def of(
        cls,
        token: str,
        client_id: str = "",
        client_secret: str = "",
        sender_keys: Sequence[str] | None = None,
    ) -> Credentials:
        """The credentials of a token; what is not given is derived from it."""
        return cls(
            token=token,
            client_id=client_id or f"{token}{_CLIENT_ID}",
            client_secret=client_secret or f"{token}-client-secret",
            sender_keys=(f"{token}-sender-key",) if sender_keys is None else tuple(sender_keys),
        )


#: The documented default: works out of the box.
DEFAULT_CREDENTIALS: Final = Credentials(
    token="happytalk-mock-token",  # noqa: S106 - the mock's own, printed at every start
    client_id="happytalk-mock-client-id",
    client_secret="happytalk-mock-client-secret",  # noqa: S106 - the same
    sender_keys=("happytalk-mock-sender-key", "happytalk-mock-sender-key-2"),
)


def token_of_client(client_id: str) -> str:
    """The token from which an HT-Client-Id is derived; of one that is not, a token of its own."""
    return client_id.removesuffix(_CLIENT_ID) or client_id


def load_credentials(path: Path) -> tuple[Credentials, ...]:
    """The tenants of a TOML file: `[[tenant]]` with token and maybe client_id, client_secret, sender_keys.

    Raises ConfigurationError naming file, tenant and field.
    """
    content = read_toml(path, "tenants file")
    check(content, "tenants.schema", f"tenants file {path}")
    given = ({name: value for name, value in entry.items() if value} for entry in content["tenant"])
    return tuple(Credentials.of(**entry) for entry in given)
