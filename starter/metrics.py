"""The figures of the business for Prometheus, read when they are asked for; the relay serves them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from threading import Thread
from wsgiref.simple_server import WSGIServer

import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily as Gauge
from prometheus_client.registry import Collector

from records.pulse import Pulse
from starter.desk import Desk
from starter.sight import Sight, look

log = structlog.get_logger("huiyin.metrics")

WITHIN = 10.0  # seconds for one look


def figures(sight: Sight) -> Iterator[Gauge]:
    """Turn one look into metrics; what could not be seen is absent, and `huiyin_reachable` says so."""
    reachable = Gauge("huiyin_reachable", "1 when the server answered this look.", labels=["server"])
    reachable.add_metric(["record"], sight.pulse is not None)
    reachable.add_metric(["engine"], sight.stuck is not None)
    yield reachable
    if sight.stuck is not None:
        yield Gauge("huiyin_processes_stuck", "Processes whose task fails again and again.", sight.stuck)
        yield Gauge("huiyin_orders_lost", "Orders the engine knows and the record lacks.", len(sight.lost_orders))
    if sight.pulse is not None:
        yield from _of_the_record(sight.pulse)


def _of_the_record(pulse: Pulse) -> Iterator[Gauge]:
    stages = Gauge("huiyin_orders_open", "Open orders by stage.", labels=["stage"])
    for stage, count in pulse.open_by_stage.items():
        stages.add_metric([stage], count)
    yield stages
    breaches = Gauge("huiyin_breaches_last_day", "Limits breached within the last 24 hours.", labels=["clock"])
    for clock, count in pulse.breaches_by_clock.items():
        breaches.add_metric([clock], count)
    yield breaches
    late = Gauge(
        "huiyin_alarm_lateness_seconds",
        "How late alarms of the last hour came; quantile 1 is the latest.",
        labels=["quantile"],
    )
    late.add_metric(["0.99"], pulse.alarm_late_p99 or 0)
    late.add_metric(["1"], pulse.alarm_late_max or 0)
    yield late
    yield Gauge("huiyin_orders_due_within_hour", "Open orders with a limit within the hour.", pulse.due_within_hour)
    yield Gauge("huiyin_orders_overdue", "Open orders whose nearest limit is over.", pulse.overdue)
    yield Gauge("huiyin_alarms_last_hour", "Warnings, breaches and levels of the last hour.", pulse.alarms)
    yield Gauge("huiyin_outbox_waiting", "What the relay has not carried yet.", pulse.outbox_open)
    yield Gauge("huiyin_outbox_age_seconds", "Age of the oldest of it.", pulse.outbox_age or 0)
    yield Gauge("huiyin_notices_waiting", "Messages not handed over yet.", pulse.notices_open)
    yield Gauge("huiyin_notices_age_seconds", "Age of the oldest of them.", pulse.notices_age or 0)
    yield Gauge("huiyin_intakes_not_started", "Orders received whose process does not run yet.", pulse.unstarted)
    yield Gauge("huiyin_intakes_not_started_age_seconds", "Age of the oldest of them.", pulse.unstarted_age or 0)
    yield Gauge("huiyin_deeds_open", "What levels are still to do beside telling somebody.", pulse.deeds_open)
    yield Gauge("huiyin_deeds_age_seconds", "Age of the oldest of it.", pulse.deeds_age or 0)


class OnDemand(Collector):
    """Looks whenever Prometheus asks; nobody asking costs nothing."""

    def __init__(self, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        self._desk, self._loop = desk, loop

    def collect(self) -> Iterator[Gauge]:
        """Ask the loop that owns the desk; called by a thread of the metrics server."""
        looking = asyncio.run_coroutine_threadsafe(look(self._desk.pool, self._desk.engine), self._loop)
        try:
            sight = looking.result(WITHIN)
        except TimeoutError:
            looking.cancel()
            sight = Sight(None, None)
        yield from figures(sight)

    def describe(self) -> Iterator[Gauge]:
        """Look at nothing when it is registered."""
        return iter(())


@asynccontextmanager
async def served(desk: Desk, address: str | None) -> AsyncIterator[None]:
    """Serve the figures at `host:port` for the length of a block; nothing without an address.

    An address that can't be used is logged and passed over: messages matter more than figures.
    """
    try:
        server, thread = _serve(desk, address) if address else (None, None)
    except (OSError, ValueError, OverflowError):
        log.exception("metrics.address_unusable", address=address)
        server, thread = None, None
    try:
        yield
    finally:
        if server and thread:
            await asyncio.to_thread(server.shutdown)
            server.server_close()
            await asyncio.to_thread(thread.join)


def _serve(desk: Desk, address: str) -> tuple[WSGIServer, Thread]:
    registry = CollectorRegistry()
    registry.register(OnDemand(desk, asyncio.get_running_loop()))
    host, _, port = address.rpartition(":")
    return start_http_server(int(port), addr=host.strip("[]") or "127.0.0.1", registry=registry)
