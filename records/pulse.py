"""How the house is doing now, read from the record in one go, for status and metrics."""

from collections.abc import Mapping
from typing import NamedTuple

from records.errors import guarded
from records.pool import Database, queries


class Pulse(NamedTuple):
    """Counts without test orders; ages and lateness in seconds, none when there is nothing to be old or late."""

    open_by_stage: Mapping[str, int]
    due_within_hour: int
    overdue: int
    breaches_by_clock: Mapping[str, int]  # within the last 24 hours
    alarms: int  # warnings, breaches and levels within the last hour
    alarm_late_p99: float | None  # of those
    alarm_late_max: float | None
    outbox_open: int
    outbox_age: float | None
    notices_open: int
    notices_age: float | None
    unstarted: int
    unstarted_age: float | None
    deeds_open: int  # what levels do beside telling somebody
    deeds_age: float | None


@guarded
async def pulse(db: Database) -> Pulse:
    """Read all of it at one instant of the server's clock."""
    return Pulse(*await queries.pulse(db))
