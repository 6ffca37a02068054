"""The target's today: a mock with a clock of its own is no drift, a wrong day behind no date is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from fake_api import NOW, TODAY, FakeApi, rooms
from test_rules import run as run_fake

from happytalk_contract.core.clock import Clock
from happytalk_contract.core.control import Control
from happytalk_contract.core.model import SEOUL, RunReport
from happytalk_contract.engine.runner import Settings, run
from happytalk_contract.engine.session import Desk
from happytalk_contract.engine.today import confirm_today, todays_day
from happytalk_mock import MockServer

pytestmark = pytest.mark.usefixtures("wireless")


def played(now: str, own: Callable[[], datetime], **given: object) -> RunReport:
    """A check by this machine's clock `own` of a mock that goes by another."""
    with MockServer(now=now, **given) as mock:
        known = {
            "HAPPYTALK_TOKEN": mock.token,
            "HAPPYTALK_CLIENT_ID": mock.client_id,
            "HAPPYTALK_CLIENT_SECRET": mock.client_secret,
            "HAPPYTALK_SENDER_KEY": mock.sender_key,
        }
        return run(
            Settings(
                chat_url=mock.url, message_url=mock.url, credentials=known, target="t", seed=1, now=own,
                max_requests=200,
            )
        )  # fmt: skip


def at(moment: str) -> Callable[[], datetime]:
    return lambda: datetime.fromisoformat(moment).replace(tzinfo=SEOUL)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("now", "given"),
    [
        ("2022-05-26T13:00:00+09:00", {"scenario": "documented"}),
        ("2031-02-03T09:30:00+09:00", {}),
        ("2022-05-29T03:00:00+09:00", {}),  # a Sunday, before anyone is up
    ],
)
def test_a_mock_in_another_year_conforms(now: str, given: dict[str, str]) -> None:
    report = played(now, at("2026-11-20T15:30:00"), **given)
    assert (report.findings, report.exit_code) == ((), 0)
    if now < "2022-05-29" or now > "2030":
        assert any(
            f"today is {now[:10]} there, not 2026-11-20 as on this machine" in note for note in report.notes
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("now", "own"),
    [
        ("2026-11-20T23:58:00+09:00,ticking", "2026-11-21T00:02:00"),
        ("2026-11-21T00:02:00+09:00,ticking", "2026-11-20T23:58:00"),
        ("2026-11-20T23:59:58+09:00,ticking", "2026-11-20T23:59:59"),
    ],
)
def test_near_midnight_it_does_not_matter_whose_clock_is_right(now: str, own: str) -> None:
    began, start = datetime.now(SEOUL), at(own)()
    report = played(now, lambda: start + (datetime.now(SEOUL) - began))
    assert report.findings == ()


def desk_of(api: FakeApi, now: datetime = NOW) -> Desk:
    """A desk whose exchanges are dated by its own clock, as those of the transport are."""
    clock = Clock(lambda: now)
    return Desk(
        send=lambda request: replace(api(request), started=clock().timestamp()),
        control=Control(max_requests=99),
        clock=clock,
        seed=1,
        client=False,
    )


def asked(api: FakeApi, now: datetime = NOW) -> tuple[date, Desk]:
    desk = desk_of(api, now)
    return todays_day(desk, desk.rooms({})), desk


def test_the_same_day_costs_nothing() -> None:
    api = FakeApi()
    day, desk = asked(api)
    assert (day, api.asked, desk.notes) == (TODAY, 1, [])


@pytest.mark.parametrize("days", [-1, 1, -400, 400, 3000])
def test_another_day_is_gone_by(days: int) -> None:
    api = FakeApi()
    own = NOW + timedelta(days=days)
    day, desk = asked(api, own)
    assert (day, desk.today()) == (TODAY, TODAY)
    assert api.asked <= 3
    assert desk.notes == [
        f"today is {TODAY} there, not {own.date()} as on this machine: days and times are those of the target's clock"
    ]
    assert [view.today for view in desk.evidence.rooms] == [TODAY] * api.asked


@pytest.mark.parametrize(("minutes", "day"), [(59, TODAY + timedelta(days=1)), (61, TODAY)])
def test_within_an_hour_of_midnight_the_day_there_is_not_told(minutes: int, day: date) -> None:
    own = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=SEOUL) + timedelta(days=1, minutes=minutes)
    assert asked(FakeApi(), own)[0] == day


def test_no_date_that_gives_an_earlier_day_than_there_are_rooms_is_not_believed() -> None:
    wrong = FakeApi()
    honest = wrong._window
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    wrong._window = lambda params: honest(
        params if params.get("ndate") or params.get("sdate") else {"ndate": yesterday}
    )
    day, desk = asked(wrong)
    assert (day, desk.notes) == (TODAY, [])


@pytest.mark.slow
def test_a_wrong_day_behind_no_date_is_found_and_says_what_today_is() -> None:
    wrong = FakeApi()
    honest = wrong._window
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    wrong._window = lambda params: honest(
        params if params.get("ndate") or params.get("sdate") else {"ndate": yesterday}
    )
    report = run_fake(wrong)
    told = [finding for finding in report.findings if "today" in finding.signature]
    assert told
    assert all(f"today is {TODAY} by the target's clock" in finding.documented for finding in told)


def test_a_day_without_rooms_is_this_machines() -> None:
    api = FakeApi(stored=[one for one in rooms() if not one["reg_date"].startswith(TODAY.isoformat())])
    day, desk = asked(api)
    assert (day, api.asked, desk.notes) == (TODAY, 2, [])


def test_what_was_asked_while_the_targets_day_changed_is_not_judged_as_today() -> None:
    api = FakeApi()
    day, desk = asked(api, NOW + timedelta(days=90))
    assert day == TODAY
    honest = api._window
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    api._window = lambda params: honest(
        params if params.get("ndate") or params.get("sdate") else {"ndate": tomorrow}
    )
    confirm_today(desk)
    assert {view.today for view in desk.evidence.rooms} == {None}
    assert desk.today() == TODAY + timedelta(days=1)
