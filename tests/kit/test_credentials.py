"""Credentials: found in the right order, never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from happytalk_contract.core.errors import WrongUseError
from happytalk_contract.transport.credentials import Credentials, find, skipped

ALL = {
    "HAPPYTALK_TOKEN": "tok",
    "HAPPYTALK_CLIENT_ID": "cid",
    "HAPPYTALK_CLIENT_SECRET": "sec",
    "HAPPYTALK_SENDER_KEY": "key",
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_environment_goes_before_the_file() -> None:
    Path(".env").write_text("HAPPYTALK_TOKEN=file\nHAPPYTALK_SENDER_KEY=file-key\nOTHER=x\n")
    assert find(environ={"HAPPYTALK_TOKEN": "env"}).values == {
        "HAPPYTALK_TOKEN": "env",
        "HAPPYTALK_SENDER_KEY": "file-key",
    }


def test_an_empty_variable_does_not_hide_the_file() -> None:
    Path(".env").write_text("HAPPYTALK_TOKEN=file\n")
    assert find(environ={"HAPPYTALK_TOKEN": ""}).values == {"HAPPYTALK_TOKEN": "file"}


def test_a_named_file_is_read_instead_of_the_default() -> None:
    Path(".env").write_text("HAPPYTALK_TOKEN=default\n")
    Path("other").write_bytes('\ufeffexport HAPPYTALK_TOKEN="a$b ${HOME} #해"\n'.encode())
    assert find(environ={}, env_file=Path("other")).values == {"HAPPYTALK_TOKEN": "a$b ${HOME} #해"}


def test_no_file_is_no_error_unless_named() -> None:
    assert find(environ={}).values == {}
    with pytest.raises(WrongUseError, match="No such file"):
        find(environ={}, env_file=Path("none"))


def test_a_file_that_is_not_text_is_told() -> None:
    Path("bin").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WrongUseError, match="not UTF-8"):
        find(environ={}, env_file=Path("bin"))


def test_a_person_is_asked_only_if_there_is_nothing() -> None:
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return " typed\n"

    assert find(environ={"HAPPYTALK_TOKEN": "x"}, ask=ask).values == {"HAPPYTALK_TOKEN": "x"}
    assert asked == []
    assert set(find(environ={}, ask=ask).values.values()) == {"typed"}
    assert len(asked) == 4


def test_skipping_one_prompt_skips_the_rest_of_that_endpoint() -> None:
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return "t" if "token (고객사" in text else ""

    assert find(environ={}, ask=ask).values == {"HAPPYTALK_TOKEN": "t"}
    assert len(asked) == 2


def test_only_what_the_wanted_endpoint_needs_is_asked_for() -> None:
    asked: list[str] = []
    find(environ={}, ask=lambda text: asked.append(text) or "x", wanted=("rooms",))
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("names", "rooms", "messages"),
    [
        (("HAPPYTALK_TOKEN",), "", "skipped"),
        (("HAPPYTALK_CLIENT_ID", "HAPPYTALK_CLIENT_SECRET", "HAPPYTALK_SENDER_KEY"), "skipped", ""),
        (("HAPPYTALK_SENDER_KEY",), "skipped", "skipped"),
        (tuple(ALL), "", ""),
        ((), "skipped", "skipped"),
    ],
)
def test_what_lacks_credentials_is_told(names: tuple[str, ...], rooms: str, messages: str) -> None:
    known = Credentials(values={name: ALL[name] for name in names})
    assert rooms in skipped(known, "rooms")
    assert messages in skipped(known, "messages")
    assert bool(skipped(known, "rooms")) == bool(rooms)
    assert bool(skipped(known, "messages")) == bool(messages)
    for name in set(ALL) - set(names) - {"HAPPYTALK_TOKEN"}:
        assert name in skipped(known, "messages")


def test_values_are_never_shown() -> None:
    known = find(environ=ALL)
    for value in ALL.values():
        assert value not in repr(known).replace("Credentials", "")


@pytest.mark.parametrize("value", ["two\nlines", "nul\0", "esc\x1b[31m"])
def test_a_value_that_was_badly_copied_is_refused_without_showing_it(value: str) -> None:
    with pytest.raises(WrongUseError, match="HAPPYTALK_TOKEN has a line break") as caught:
        find(environ={"HAPPYTALK_TOKEN": value})
    assert value not in str(caught.value)


def test_a_header_takes_ascii_only() -> None:
    with pytest.raises(WrongUseError, match="HAPPYTALK_CLIENT_ID has characters"):
        find(environ={"HAPPYTALK_CLIENT_ID": "키"})
    assert find(environ={"HAPPYTALK_TOKEN": "키"}).values  # goes in a JSON body


def test_blanks_around_a_value_go() -> None:
    assert find(environ={"HAPPYTALK_TOKEN": " x\n", "HAPPYTALK_SENDER_KEY": "  "}).values == {
        "HAPPYTALK_TOKEN": "x"
    }
