"""The clock: Seoul's wall seconds, frozen or running."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from happytalk_mock.core.clock import (
    SEOUL,
    Clock,
    day_text,
    parse_second,
    second_text,
    seoul_time,
    wall_second,
)


@given(st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))
def test_wall_seconds_and_text_are_inverse(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    second = wall_second(moment)
    assert second_text(second) == moment.strftime("%Y-%m-%d %H:%M:%S").zfill(19)
    assert parse_second(second_text(second)) == second
    assert day_text(second // 86400) == moment.date().isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "2022-05-26",
        "2022-05-26T12:00:00",
        "2022-02-30 00:00:00",
        "2022-5-26 1:02:03",
        "",
        "0000-00-00 00:00:00",
    ],
)
def test_what_is_no_second(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the message is the library's
        parse_second(text)


def test_a_frozen_clock_stands() -> None:
    clock = Clock.parse("2022-05-26T13:00:00+09:00")
    assert clock.frozen
    assert second_text(clock.second()) == "2022-05-26 13:00:00"
    clock.advance(9 * 3600)
    assert clock.now() == datetime(2022, 5, 26, 22, tzinfo=SEOUL)
    assert clock.frozen


def test_seoul_is_meant_without_an_offset_and_utc_is_nine_hours_behind() -> None:
    assert Clock.parse("2022-05-26 13:00:00").second() == Clock.parse("2022-05-26T04:00:00Z").second()


def test_a_ticking_clock_runs_from_its_moment() -> None:
    clock = Clock.parse("2022-05-26T13:00:00+09:00,ticking")
    first = clock.epoch()
    time.sleep(0.02)
    assert 0.01 < clock.epoch() - first < 5
    clock.freeze()
    assert clock.epoch() == clock.epoch()
    clock.run()
    assert not clock.frozen
    clock.follow_machine()
    assert abs(clock.epoch() - datetime.now(UTC).timestamp()) < 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("yesterday", "no moment; expected ISO 8601"),
        ("2022-05-26T13:00:00+09:00,running", "only 'ticking'"),
        ("", "no moment"),
        ("9999-12-31T23:59:59-12:00", "out of range"),
        ("0001-01-01T00:00:00+09:00", "years from 0006"),
    ],
)
def test_what_is_no_clock(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Clock.parse(text)


def test_a_clock_refuses_to_leave_the_calendar() -> None:
    clock = Clock.parse("2022-05-26T13:00:00+09:00")
    with pytest.raises(ValueError, match="years from"):
        clock.advance(timedelta(days=365 * 9000).total_seconds())
    assert second_text(clock.second()) == "2022-05-26 13:00:00"


@given(st.floats(-60_000_000_000, 250_000_000_000))
def test_moments_are_those_of_the_standard_library(epoch: float) -> None:
    assert abs(seoul_time(epoch) - datetime.fromtimestamp(epoch, SEOUL)) <= timedelta(microseconds=1)
