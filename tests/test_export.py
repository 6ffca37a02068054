"""Rooms as files: JSON lines lose nothing, CSV opens in Excel, tables line up."""

from __future__ import annotations

import csv
import io
import json
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from happytalk_mock.data.export import write_rooms
from happytalk_mock.data.source import Options, RoomSource
from happytalk_mock.spec.vocabulary import ROOM_FIELDS, Room

QUICK = settings(max_examples=50)


@cache
def rooms() -> list[Room]:
    source = RoomSource(Options(seed=1), "token")
    return [
        source.fields(line.ref, registered=line.registered, completed=line.completed, status=line.final)
        for day in range(20_590, 20_600)
        for line in source.timelines(day)
    ]


def written(found: list[Room], kind: str) -> str:
    stream = io.StringIO(newline="")
    assert write_rooms(iter(found), stream, kind) == len(found)
    return stream.getvalue()


def test_json_lines_are_the_rooms_word_for_word() -> None:
    found = rooms()
    lines = written(found, "jsonl").splitlines()
    assert [json.loads(line) for line in lines] == found
    assert list(json.loads(lines[0])) == list(ROOM_FIELDS)
    assert "한" in lines[0] or any("\uac00" <= letter <= "\ud7a3" for letter in lines[0])


def test_csv_reads_back() -> None:
    found = rooms()
    header, *lines = csv.reader(io.StringIO(written(found, "csv"), newline=""))
    assert header == list(ROOM_FIELDS)
    assert lines == [[value or "" for value in room.values()] for room in found]


def test_csv_for_excel_has_a_mark_and_korean(tmp_path: Path) -> None:
    path = tmp_path / "rooms.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        write_rooms(rooms(), stream, "csv")
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,title,")
    assert raw.count(b"\r\n") >= len(rooms())


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+82 10", "'+82 10"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-1+1", "'-1+1"),
        ("\tx", "'\tx"),
        ("-1", "-1"),
        ("안녕=", "안녕="),
        ("", ""),
    ],
)
def test_csv_runs_no_formula(text: str, cell: str) -> None:
    room = {**rooms()[0], "last_message": text}
    line = list(csv.reader(io.StringIO(written([room], "csv"), newline="")))[1]
    assert line[-1] == cell


@QUICK
@given(text=st.text(max_size=60))
def test_any_text_stays_in_its_cell(text: str) -> None:
    room = {**rooms()[0], "title": text}
    table = list(csv.reader(io.StringIO(written([room], "csv"), newline="")))
    assert len(table) == 2
    assert table[1][1].removeprefix("'").replace("'", "") == text.replace("'", "")
    assert json.loads(written([room], "jsonl"))["title"] == text
    assert len(written([room], "table").splitlines()) >= 2


def test_additional_fields_are_columns() -> None:
    header = written([{**rooms()[0], "tags": "a"}], "csv").splitlines()[0]
    assert header.endswith(",last_message,tags")


def test_no_rooms() -> None:
    assert written([], "jsonl") == ""
    assert written([], "csv").count("\r\n") == 1
    assert written([], "table").startswith("id ")


def test_a_table_lines_up() -> None:
    def place(line: str, index: int) -> int:
        return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line[:index])

    header, *lines = written(rooms(), "table").splitlines()
    assert len(lines) == len(rooms())
    for line, room in zip(lines, rooms(), strict=True):
        assert place(line, line.index(str(room["customer_uuid"])[:20])) == header.index("customer_uuid")


def test_unknown_kinds_are_refused() -> None:
    with pytest.raises(KeyError):
        write_rooms([], io.StringIO(), "xlsx")
