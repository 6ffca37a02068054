"""Where credentials come from: the environment, a `.env` file, or a person at the terminal.

Never from the command line, where other users of the machine and the shell's history would see them.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import NAMES, SECRETS, Endpoint

#: What each endpoint can not be asked without. The chat room list takes the client's id and secret too
#: where the environment has them: the page's production sample sends them, its development sample does not.
REQUIRED: Mapping[Endpoint, tuple[str, ...]] = {
    "rooms": ("HAPPYTALK_TOKEN",),
    "messages": ("HAPPYTALK_CLIENT_ID", "HAPPYTALK_CLIENT_SECRET", "HAPPYTALK_SENDER_KEY"),
}

#: What a person is asked for, in Korean as on the page and in English.
PROMPTS: Mapping[str, str] = {
    "HAPPYTALK_TOKEN": "Customer token (고객사 토큰)",
    "HAPPYTALK_CLIENT_ID": "HT-Client-Id (고객센터에서 발급 받은 key)",
    "HAPPYTALK_CLIENT_SECRET": "HT-Client-Secret (고객센터에서 발급 받은 token)",
    "HAPPYTALK_SENDER_KEY": "senderKey (발신프로필 키)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """The secrets at hand, by environment variable. Its repr shows names only."""

    values: Mapping[str, str] = field(repr=False, default_factory=dict)

    def missing(self, endpoint: Endpoint) -> tuple[str, ...]:
        """The variables without which `endpoint` can not be asked."""
        return tuple(name for name in REQUIRED[endpoint] if not self.values.get(name))


def find(
    *,
    environ: Mapping[str, str] | None = None,
    env_file: Path | None = None,
    ask: Callable[[str], str] | None = None,
    wanted: tuple[Endpoint, ...] = ("rooms", "messages"),
) -> Credentials:
    """Look for credentials: environment first, then the file, then `ask` (one hidden prompt each).

    `env_file` None reads `.env` of the current folder if there is one. `ask` gets the prompt's text and
    returns "" for "skip"; it is called only for what an endpoint of `wanted` needs, and not for the rest
    of an endpoint once one part was skipped. Raises `WrongUseError` for a file that can not be read.
    """
    given = os.environ if environ is None else environ
    from_file = _read(env_file)
    values = {name: given.get(name) or from_file.get(name) or "" for name in SECRETS}
    if ask is not None and not any(values.values()):
        for endpoint in wanted:
            for name in REQUIRED[endpoint]:
                values[name] = _clean(name, ask(PROMPTS[name]))
                if not values[name]:
                    break
    return Credentials(values={name: _clean(name, value) for name, value in values.items() if value.strip()})


def skipped(credentials: Credentials, endpoint: Endpoint) -> str:
    """Say that `endpoint` is skipped for want of credentials, and which; "" if it is not."""
    missing = credentials.missing(endpoint)
    if not missing:
        return ""
    return f"{NAMES[endpoint]} skipped: {', '.join(missing)} not set (environment or .env)"


def _read(env_file: Path | None) -> dict[str, str]:
    path = env_file or Path(".env")
    if env_file is None and not path.is_file():
        return {}
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise WrongUseError(f"--env-file {path}: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise WrongUseError(f"--env-file {path}: not UTF-8 text") from None
    from dotenv import dotenv_values  # here: most runs have no file

    # interpolate=False: a `$` in a secret is a character of it
    values = dotenv_values(stream=io.StringIO(text), interpolate=False)
    return {name: value for name, value in values.items() if name in SECRETS and value}


def _clean(name: str, value: str) -> str:
    """`value` without the blanks that come with copying; refused if a header could not carry it."""
    value = value.strip()
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise WrongUseError(f"{name} has a line break or control character in it: was too much copied?")
    if name in ("HAPPYTALK_CLIENT_ID", "HAPPYTALK_CLIENT_SECRET") and not value.isascii():
        raise WrongUseError(f"{name} has characters that an HTTP header can not carry: expected ASCII")
    return value
