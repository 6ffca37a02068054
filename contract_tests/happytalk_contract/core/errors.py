"""Everything the kit raises on purpose, in one tree.

KitError                 exit code
├── WrongUseError        2          an option, a file or a setting is wrong; nothing was asked yet
└── NothingJudgedError   3          the target can not be reached, or refuses the credentials

The text of each is one line that says what was received, what is expected, and what to do.
"""

from __future__ import annotations

from happytalk_contract.core.model import ExitCode


class KitError(Exception):
    """A run that can not go on; the message is for the person at the terminal."""

    #: what the command exits with
    exit_code: int = ExitCode.USAGE


class WrongUseError(KitError):
    """A wrong option, file or setting."""


class NothingJudgedError(KitError):
    """The target gives nothing to judge."""

    exit_code = ExitCode.NOTHING_JUDGED
