"""What a customer identifies itself with, given on the command line, in a TOML file, or derived from its token."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..core.errors import ConfigurationError

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
    def of(cls, token: str) -> Credentials:
        """Credentials derived from a token, for tenants of which only that is given."""
        return cls(
            token=token,
            client_id=f"{token}{_CLIENT_ID}",
            client_secret=f"{token}-client-secret",
            sender_keys=(f"{token}-sender-key",),
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
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad writes a byte order mark
    except OSError as error:
        raise ConfigurationError(f"tenants file {path}: {error.strerror or error}") from None
    except ValueError as error:  # no UTF-8, no TOML, or a number of thousands of digits
        raise ConfigurationError(f"tenants file {path}: not TOML ({error})") from None
    entries = content.get("tenant")
    if not isinstance(entries, list) or not entries or not all(isinstance(each, dict) for each in entries):
        raise ConfigurationError(f"tenants file {path}: expected at least one [[tenant]] with a token")
    return tuple(
        _credentials(entry, f"tenants file {path}, tenant {n}") for n, entry in enumerate(entries, 1)
    )


def _credentials(entry: Mapping[str, Any], where: str) -> Credentials:
    allowed = ("token", "client_id", "client_secret", "sender_keys")
    for name in entry:
        if name not in allowed:
            raise ConfigurationError(f"{where}: unknown field {name!r}; allowed: {', '.join(allowed)}")
    for name in ("token", "client_id", "client_secret"):
        value = entry.get(name)
        if (value is None and name == "token") or (
            value is not None and (not isinstance(value, str) or not value)
        ):
            raise ConfigurationError(f"{where}: {name} must be a text that is not empty")
    keys = entry.get("sender_keys", [])
    if not isinstance(keys, list) or not all(isinstance(key, str) and key for key in keys):
        raise ConfigurationError(f"{where}: sender_keys must be a list of texts")
    derived = Credentials.of(entry["token"])
    return Credentials(
        token=derived.token,
        client_id=entry.get("client_id", derived.client_id),
        client_secret=entry.get("client_secret", derived.client_secret),
        sender_keys=tuple(keys) or derived.sender_keys,
    )
