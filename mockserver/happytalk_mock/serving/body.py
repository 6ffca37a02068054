"""The body of a request as it arrives, of a known length or in chunks."""

from __future__ import annotations

import re
from tempfile import SpooledTemporaryFile
from typing import Final

from ..core.errors import UnservableError
from .head import Head

#: The longest body that an application gets; a longer one is read to its end, and cut a byte behind this.
MOST: Final = 64 * 1024 * 1024
#: A longer body is kept in a file.
IN_MEMORY: Final = 1 << 20
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n")
_LONGEST_LINE: Final = 4096


class Body:
    """Takes what arrives until the body is whole; keeps its beginning, and drops what is too much."""

    def __init__(self, head: Head, most: int) -> None:
        """Keeps `most` bytes and one, so that one can see that there were more."""
        self.file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the request's end closes it
        self.size = 0  #: bytes that came
        self._room = most + 1
        self._chunked = head.length < 0
        self._left = max(head.length, 0)  # of the body, or of the chunk that is arriving with its line end
        self._trailer = False

    def close(self) -> None:
        """Lets go of it."""
        self.file.close()

    def take(self, data: bytearray) -> bool:
        """Takes its part off the front of `data`; says whether the body is whole. Raises UnservableError."""
        if not self._chunked:
            self._keep(data, self._left)
            return not self._left
        while data:
            if self._trailer:
                return self._take_trailer(data)
            if self._left > 2:
                self._keep(data, self._left - 2)
            elif self._left:
                if len(data) < self._left:
                    return False
                self._line_end(data)
            elif not self._take_size(data):
                return False
        return False

    def _keep(self, data: bytearray, most: int) -> None:
        size = min(len(data), most)
        kept = min(size, self._room)
        self.file.write(data[:kept])
        self._room -= kept
        self._left -= size
        self.size += size
        del data[:size]

    def _line_end(self, data: bytearray) -> None:
        if data[:2] != b"\r\n":
            raise _refused("a chunk that is longer than it says")
        del data[:2]
        self._left = 0

    def _take_size(self, data: bytearray) -> bool:
        size = _SIZE.match(data)
        if size is None:
            if b"\n" in data or len(data) > _LONGEST_LINE:
                raise _refused("a line that is no size of a chunk")
            return False
        number = int(size[1], 16)
        del data[: size.end()]
        self._left = number + 2 if number else 0
        self._trailer = not number
        return True

    def _take_trailer(self, data: bytearray) -> bool:
        """Drops the headers after the last chunk, up to an empty line."""
        if data.startswith(b"\r\n"):
            del data[:2]
            return True
        end = data.find(b"\r\n\r\n")
        if end < 0:
            if len(data) > _LONGEST_LINE:
                raise _refused("headers after the body that have no end")
            return False
        del data[: end + 4]
        return True


def _refused(received: str) -> UnservableError:
    return UnservableError(400, "body", received=received, allowed="chunks of RFC 9112")
