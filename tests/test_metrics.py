"""Figures for Prometheus: every request is counted, nobody is named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from happytalk_mock import MockServer
from happytalk_mock.core.exchange import Answer
from happytalk_mock.journal.tally import BOUNDS, Tally
from happytalk_mock.spec.parameters import receive
from happytalk_mock.spec.vocabulary import MESSAGES_PATH, ROOMS_PATH

PREFIX = "happytalk_mock_"


@pytest.fixture
def server() -> Iterator[MockServer]:
    with MockServer(port=None, rooms=20, now="2026-11-20 15:00:00", journal=3) as server:
        yield server


def figures(server: MockServer) -> dict[tuple[Any, ...], float]:
    """Values by name and by those of their labels, the prefix left out."""
    told = server.httpx_client().get("/__admin/metrics")
    assert told.status_code == 200
    assert told.headers["Content-Type"].startswith("text/plain; version=")
    assert server.token not in told.text
    return {
        (sample.name.removeprefix(PREFIX), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told.text)
        for sample in family.samples
    }


def test_every_request_is_counted_by_endpoint_and_outcome(server: MockServer) -> None:
    client = server.httpx_client()
    ask = {"token": server.token}
    for _ in range(5):
        client.post(ROOMS_PATH, json=ask)
    found = figures(server)
    assert found["requests_total", "rooms", "false", "success", "200"] == 3  # what the journal still has
    client.post(ROOMS_PATH, json={"token": "another"})
    client.get(MESSAGES_PATH)
    client.get("/elsewhere")
    client.post(ROOMS_PATH, json=ask, headers={"Prefer": "code=503"})
    found = figures(server)
    assert found["requests_total", "rooms", "false", "success", "200"] == 3
    assert found["requests_total", "rooms", "false", "failure", "200"] == 1
    assert found["requests_total", "rooms", "true", "failure", "503"] == 1
    assert found["requests_total", "messages", "false", "failure", "200"] == 1
    assert found["requests_total", "other", "false", "failure", "404"] == 1
    assert found["request_seconds_count", "rooms"] == found["request_seconds_bucket", "rooms", "+Inf"] == 5
    assert found["request_seconds_sum", "rooms"] > 0


def test_what_is_in_force_is_told(server: MockServer) -> None:
    with server.tenant("one", rooms=4) as one:
        one.fail(503)
        one.drift("total-count-of-page")
        one.churn("1/s")
        one.snapshot()
        server.control.gauges["replica_lag_changes"] = ("Changes not applied yet.", lambda: 7)
        found = figures(server)
    expected = {
        "tenants": 2,
        "rooms": 24,
        "faults_live": 1,
        "drifts_live": 1,
        "churn_streams": 1,
        "snapshots": 1,
    }
    expected |= {"clock_frozen": 1, "journal_size": 3, "replica_lag_changes": 7}
    assert {name: found[name,] for name in expected} == expected


def test_durations_fall_into_their_classes() -> None:
    tally = Tally()
    received, answer = receive("POST", ROOMS_PATH, "", {}, b""), Answer(200, (), b"")
    for seconds in (0, BOUNDS[0], BOUNDS[0] * 1.01, BOUNDS[-1], BOUNDS[-1] + 1):
        tally.count(received, answer, seconds, False)
    assert {kind.bound: number for kind, (number, _) in tally.read().items()} == {
        0: 2,
        1: 1,
        len(BOUNDS) - 1: 1,
        len(BOUNDS): 1,
    }


@pytest.mark.slow
def test_a_mock_that_nobody_asks_has_nothing_of_it() -> None:
    code = (
        "import sys; from happytalk_mock import MockServer\n"
        "with MockServer(port=None) as server: server.httpx_client().get('/__admin/health')\n"
        "assert not {'prometheus_client', 'wavelet_matrix', 'numpy'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
