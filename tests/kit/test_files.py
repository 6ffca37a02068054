"""Files: found out before the run whether they can be written, and whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.core.files import make_sure_writable, replacing, write_atomically

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links as POSIX has them")


def test_a_new_file_in_a_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "report.json"
    make_sure_writable(path, "--report-json")
    assert not path.exists()
    assert list(path.parent.iterdir()) == []
    write_atomically(path, b"x")
    assert path.read_bytes() == b"x"
    assert list(path.parent.iterdir()) == [path]


def test_an_old_file_stays_whole_until_the_new_one_is(tmp_path: Path) -> None:
    path = tmp_path / "r"
    path.write_text("old")

    def fail() -> None:
        with replacing(path) as beside:
            beside.write_text("half")
            assert path.read_text() == "old"
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@posix
def test_the_file_is_as_readable_as_any(tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.write_text("")
    write_atomically(tmp_path / "report", b"")
    assert stat.S_IMODE((tmp_path / "report").stat().st_mode) == stat.S_IMODE(ordinary.stat().st_mode)


@posix
def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@posix
def test_a_pipe_is_written_as_it_is(tmp_path: Path) -> None:
    make_sure_writable(Path(os.devnull), "--report-json")
    write_atomically(Path(os.devnull), b"x")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match=r"--record .* is a folder"):
        make_sure_writable(tmp_path, "--record")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongUseError, match=r"--report-html .* can not be written"):
        make_sure_writable(tmp_path / "file" / "report.html", "--report-html")


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0,
    reason="nothing is unwritable to root, nor in this way on Windows",
)
def test_a_read_only_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(WrongUseError, match="Permission denied"):
        make_sure_writable(tmp_path / "r", "--record")
