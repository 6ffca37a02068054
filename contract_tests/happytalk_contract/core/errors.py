"""Everything the kit raises on purpose, in one tree.

KitError                 exit code
├── WrongUseError        2          an option, a file or a setting is wrong; nothing was asked yet
└── AskingEnds           -          never leaves a run, which judges what it has
    ├── BudgetSpent                 requests are used up, or a person said stop
    │   └── TimeSpent               the time allowed is over, and with it what was planned
    └── OutOfReachError             one endpoint does not let itself be judged; the other one is asked on

The text of each is one line that says what was received, what is expected, and what to do.
"""

from __future__ import annotations


class KitError(Exception):
    """What the kit can not do; the message is for the person at the terminal."""


class WrongUseError(KitError):
    """A wrong option, file or setting."""


class AskingEnds(KitError):  # noqa: N818 - the end of a run is no error
    """Nothing more is asked; the text says why."""


class BudgetSpent(AskingEnds):
    """No request may be sent any more; the text says which limit was reached."""


class TimeSpent(BudgetSpent):
    """The time allowed is over."""


class OutOfReachError(AskingEnds):
    """An endpoint does not let itself be judged; the text says why."""
