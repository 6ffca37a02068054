"""Writing files: found out before the run whether it will work, and whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from happytalk_contract.core.errors import WrongUseError


def make_sure_writable(path: Path, option: str) -> None:
    """Raise `WrongUseError` if `path` could not be written, and leave no trace if it could.

    The folder is made if it is not there: a report path in CI often names a new one.
    """
    if path.is_dir():
        raise WrongUseError(f"{option} {path}: is a folder; expected the name of a file")
    try:
        if _is_special(path):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not os.access(path, os.W_OK):
            raise PermissionError(13, "Permission denied")
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise WrongUseError(f"{option} {path}: can not be written ({error.strerror or error})") from None


def write_atomically(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write `content` as `path`: a reader sees the old file or the new one, never a part.

    `private`: nobody else may read it. A device or pipe (`/dev/stdout`) is written as it is. Raises
    `WrongUseError` if the disk does not take it.
    """
    with replacing(path, private=private) as beside:
        beside.write_bytes(content)


@contextlib.contextmanager
def replacing(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Yield a file beside `path` to write; it takes the place of `path` when the block ends well.

    A link is written through, not replaced. Raises `WrongUseError` if the disk does not take it.
    """
    try:
        if _is_special(path):
            yield path
            return
        path = path.resolve()
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        os.close(handle)
        beside = Path(name)
        try:
            yield beside
            beside.chmod(0o600 if private else 0o666 & ~_umask())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise WrongUseError(f"{path}: can not be written ({error.strerror or error})") from None


def _is_special(path: Path) -> bool:
    """Whether `path` is a device or pipe such as `/dev/stdout`, beside which nothing can be put."""
    return path.exists() and not path.is_file()


def _umask() -> int:
    """The mask of new files' permissions; reading it means setting it for a moment."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
