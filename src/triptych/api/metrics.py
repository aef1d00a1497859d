"""What Prometheus reads: requests by route and status, their durations, jobs by state, bytes stored."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import sqlalchemy as sa
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily

from triptych.core.errors import Unavailable
from triptych.db import tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from triptych.db.session import Database

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
SECONDS_KEPT = 15.0
JOB_STATES = ("waiting", "running", "succeeded", "failed", "cancelled")


class RequestMetrics:
    """The counters of one application. Labels take few values: route templates, methods, statuses."""

    def __init__(self, database: Database) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "triptych_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "triptych_request_seconds",
            "Seconds until the answer was complete.",
            ("method", "route"),
            buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0),
            registry=self.registry,
        )
        self.registry.register(_Stock(database))

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        method = method if method in METHODS else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


class _Stock:
    """Counts that are read from the database, at most once in `SECONDS_KEPT`: the sums touch whole tables."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._jobs: dict[str, int] = {}
        self._bytes = 0
        self._datasets = 0
        self._answers = False

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            if time.monotonic() - self._read_at > SECONDS_KEPT:
                self._refresh()
                self._read_at = time.monotonic()
        up = GaugeMetricFamily("triptych_database_up", "1 when the database answers.")
        up.add_metric([], 1.0 if self._answers else 0.0)
        yield up
        if not self._answers:
            return
        jobs = GaugeMetricFamily("triptych_jobs", "Jobs by state.", labels=["state"])
        for state in JOB_STATES:
            jobs.add_metric([state], self._jobs.get(state, 0))
        yield jobs
        stored = GaugeMetricFamily("triptych_stored_bytes", "Bytes of all blobs, each counted once.")
        stored.add_metric([], self._bytes)
        yield stored
        datasets = GaugeMetricFamily("triptych_datasets", "Datasets, those in the trash included.")
        datasets.add_metric([], self._datasets)
        yield datasets

    def _refresh(self) -> None:
        try:
            with self._database.read() as connection:
                by_state = sa.select(tables.jobs.c.state, sa.func.count()).group_by(tables.jobs.c.state)
                self._jobs = {row[0]: row[1] for row in connection.execute(by_state)}
                total = sa.select(sa.func.coalesce(sa.func.sum(tables.blobs.c.length), 0))
                self._bytes = int(connection.scalar(total) or 0)
                self._datasets = (
                    connection.scalar(sa.select(sa.func.count()).select_from(tables.datasets)) or 0
                )
            self._answers = True
        except Unavailable:
            self._answers = False
