"""What a visit has asked so far, kept as it goes, so that one that was killed goes on where it was.

The same questions come in the same order as long as the answers are the same; what is in the notebook is
not asked again. It holds answers as they came, so nobody else may read it, and it is gone when the twin is
written.
"""

from __future__ import annotations

import os
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import orjson

from happytalk_contract.core.control import Control
from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.model import Exchange, Request
from happytalk_contract.engine.runner import Send, Through
from happytalk_contract.evidence.recording import decoded, encoded, key

NAME: Final = "visit.jsonl"


class Notebook:
    """The exchanges of a visit that is not finished."""

    def __init__(self, folder: Path, about: Mapping[str, Any]) -> None:
        """Open, or begin. `about`: what makes a visit the same. Raises `WrongUseError` for another one's."""
        self.path = folder / NAME
        self._kept: dict[Any, deque[Exchange]] = defaultdict(deque)
        self.resumed = 0  #: exchanges that were there already
        self.about = dict(about)
        if self.path.is_file():
            self._read()
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._file = os.fdopen(handle, "ab", buffering=0)
        if not self.resumed:
            self._file.truncate(0)
            self._write({"visit": self.about})

    def _read(self) -> None:
        text = self.path.read_bytes()
        whole = text[: text.rfind(b"\n") + 1]
        os.truncate(self.path, len(whole))  # what was cut off in the midst of a line is asked again
        lines = whole.split(b"\n")[:-1]
        try:
            first, *rest = (orjson.loads(line) for line in lines or [b"{}"])
            exchanges = [decoded(line) for line in rest]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            raise WrongUseError(
                f"{self.path}: no visit can be read from it; remove it to begin anew"
            ) from None
        before = first.get("visit")
        if rest and {**self.about, "seed": None} != {**(before or {}), "seed": None}:
            raise WrongUseError(
                f"{self.path}: an unfinished visit with other options ({_told(before, self.about)}): "
                "give the same ones to go on, or remove the file to begin anew"
            )
        if rest:
            self.about, self.resumed = before, len(rest)
        for exchange in exchanges:
            # What the network or a failing server did is no answer: that is asked again.
            if exchange.response is not None and exchange.response.status < 500:
                self._kept[key(exchange.request)].append(exchange)

    def _write(self, line: Any) -> None:
        try:
            self._file.write(orjson.dumps(line) + b"\n")
        except OSError as error:
            raise WrongUseError(
                f"{self.path}: can not be written ({error.strerror or error}); the same command goes on where it was"
            ) from None

    def through(self, control: Control) -> Through:
        """What answers from the notebook, and asks and keeps the rest."""

        def with_notes(send: Send) -> Send:
            count = 0

            def ask(request: Request) -> Exchange:
                nonlocal count
                kept = self._kept.get(key(request))
                if kept:
                    control.admit()
                    control.sent += 1
                    found = kept.popleft()
                else:
                    found = send(request)
                    self._write(encoded(found, bytes))
                count += 1
                return replace(found, number=count, request=request)

            return ask

        return with_notes

    def close(self, *, finished: bool) -> None:
        """Close it; where the visit is finished, it goes."""
        self._file.close()
        if finished:
            self.path.unlink(missing_ok=True)


def _told(before: Any, now: Mapping[str, Any]) -> str:
    old = before if isinstance(before, dict) else {}
    return ", ".join(
        f"{name} {old.get(name)!r}, now {value!r}"
        for name, value in now.items()
        if name != "seed" and old.get(name) != value
    )
