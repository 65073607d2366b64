"""The activity by which a work order writes its record to PostgreSQL."""

from temporalio import activity
from temporalio.exceptions import ApplicationError

from records.errors import CHAIN_CONFLICT, RecordsError
from records.pool import Pool
from records.write import record_decided
from workflows import effects


class RecordActivities:
    """Implements `effects.RECORD` over a pool that belongs to the worker's loop."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @activity.defn(name=effects.RECORD)
    async def record(self, batch: effects.Batch) -> effects.Recorded:
        """Write a batch; failures carry a code and the order's id, never a driver's words (PA-04)."""
        try:
            return effects.Recorded(seq=await record_decided(self._pool, batch))
        except RecordsError as error:
            failure = _failure(error, batch.order_id)
        raise failure


def _failure(error: RecordsError, order_id: str) -> ApplicationError:
    """Let everything be tried again but a conflict of chains, which never heals by itself."""
    return ApplicationError(f"{error.code} {order_id}", type=error.code, non_retryable=error.code == CHAIN_CONFLICT)
