"""The way of one message to one person: tried until it is handed over, or given up after a day."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows import effects

RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=30), backoff_coefficient=2.0, maximum_interval=timedelta(minutes=15)
)
GIVEN_UP_AFTER = timedelta(hours=24)


def delivery_id(notice_id: str) -> str:
    """Return the workflow id of a notice's delivery, so that it has one at most."""
    return f"delivery:{notice_id}"


@workflow.defn(name="Delivery")
class DeliveryProcess:
    """One notice, from the outbox to its channel."""

    @workflow.run
    async def run(self, notice_id: str) -> None:
        """Hand the notice over; each try carries the same id."""
        await workflow.execute_activity(
            effects.DELIVER,
            notice_id,
            start_to_close_timeout=timedelta(seconds=20),
            schedule_to_close_timeout=GIVEN_UP_AFTER,
            retry_policy=RETRIES,
        )
