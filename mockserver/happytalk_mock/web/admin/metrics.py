"""Handlers: figures for whoever runs the mock, in the text format of Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from flask import Response, request

from ...api.control import Control
from ...core.version import __version__
from ...journal.tally import BOUNDS
from .asking import Asked

if TYPE_CHECKING:
    from prometheus_client import Metric

_PREFIX = "happytalk_mock_"


def metrics(asked: Asked) -> Any:
    """Requests by endpoint and outcome, how long they took, and what is in force, as Prometheus reads it."""
    from prometheus_client import CollectorRegistry, ProcessCollector  # here: most mocks are never asked
    from prometheus_client.exposition import choose_encoder

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(asked.control))
    ProcessCollector(registry=registry)
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=content_type)


class _Figures:
    """What is collected at each look. No label tells of a tenant."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def collect(self) -> Iterator[Metric]:
        """The figures of this moment."""
        from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily

        yield InfoMetricFamily(f"{_PREFIX}build", "What runs here.", value={"version": __version__})
        yield from self._requests()
        for name, says, value in self._gauges():
            yield GaugeMetricFamily(_PREFIX + name, says, value=value)

    def _requests(self) -> Iterator[Metric]:
        from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily

        labels = ("endpoint", "outcome", "status", "fault")
        numbers: dict[tuple[str, ...], int] = {}
        classes: dict[str, list[int]] = {}
        seconds: dict[str, float] = {}
        for kind, (number, taken) in self._control.count_requests().read().items():
            outcome = "success" if kind.success else "failure"
            key = (kind.endpoint, outcome, str(kind.status), "true" if kind.struck else "false")
            numbers[key] = numbers.get(key, 0) + number
            classes.setdefault(kind.endpoint, [0] * (len(BOUNDS) + 1))[kind.bound] += number
            seconds[kind.endpoint] = seconds.get(kind.endpoint, 0.0) + taken
        says = "Requests answered since they were first counted; what the journal kept by then is among them."
        counter = CounterMetricFamily(f"{_PREFIX}requests", says, labels=labels)
        for kinds, number in numbers.items():
            counter.add_metric(kinds, number)
        yield counter
        says = "Seconds from a request to its answer, delays on purpose included."
        histogram = HistogramMetricFamily(f"{_PREFIX}request_seconds", says, labels=("endpoint",))
        bounds = [*map(str, BOUNDS), "+Inf"]
        for endpoint, found in classes.items():
            buckets = list(zip(bounds, accumulate(found), strict=True))
            histogram.add_metric((endpoint,), buckets, seconds[endpoint])
        yield histogram

    def _gauges(self) -> Iterator[tuple[str, str, float]]:
        control, mock = self._control, self._control.mock
        tenants = list(mock.tenants)
        known = [each for each in tenants if not each.on_demand]
        rooms = sum(each.rooms.counts(mock.clock_of(each).second()).rooms for each in known)
        yield "tenants", "Customers that there are.", len(tenants)
        yield "rooms", "Visible rooms of all customers but those that --any-token made.", rooms
        yield "journal_requests", "Requests that the journal keeps.", len(control.journal)
        yield "journal_size", "Requests that the journal keeps at most.", control.journal.size
        yield "faults_live", "Faults that may still strike.", len(control.faults.live)
        yield "drifts_live", "Names of drifts in force for anyone.", len(control.drifts.all_names())
        yield "churn_streams", "Customers whose rooms change by themselves.", len(control.churn.report())
        yield "clock_frozen", "1 while the mock's clock stands still.", mock.clock.frozen
        yield "snapshots", "Snapshots kept.", len(control.snapshots)
        for name, (says, value) in control.gauges.items():
            yield name, says, value()
