"""What a case takes over that is merged into an order whose work was done before (GRP-01).

An order that nobody follows asks nothing to be carried; so what it had done by then is read from its own events.
"""

from domain import events as e
from domain.evolve import evolve
from domain.order import WorkOrder
from domain.vocabulary import Stage
from records import incidents
from records import read as reading
from records.incidents import Step
from records.pool import transaction
from starter.desk import Desk, kept
from starter.standing import born_of, life, whole_until
from workflows.between_orders import to_followers

DONE_IN = frozenset({Stage.FEEDBACK, Stage.CALLBACK, Stage.CLOSED})


async def open_late_steps(desk: Desk, survivor: str, duplicate: str) -> bool:
    """Open the steps; False while the record does not show that the survivor has the case: it may be behind."""
    file = await kept(reading.order(desk.pool, survivor, list(desk.settings.communities)))
    if whole_until(file) is not None or not file.events:
        return False
    told = await life(desk, file)
    order, done, taken = born_of(file, told), list[Step](), None
    for seq, (event, recorded_at) in enumerate(told[1:], 2):
        order = evolve(order, event, recorded_at)
        done = [] if isinstance(event, e.Reopened) else [*done, *_steps(order, event, seq, duplicate)]
        if isinstance(event, e.Absorbed) and event.duplicate == duplicate:
            taken = done if order.stage in DONE_IN else []
    await _open(desk, taken or [])
    return taken is not None


def _steps(order: WorkOrder, event: e.Event, seq: int, duplicate: str) -> list[Step]:
    """Return what an event asks of a follower, if it counts for those who join later too."""
    late = (row.body for row in to_followers(order, event, seq) if row.body["late"])
    return [Step(order.order_id, seq, duplicate, body["command"], body["said"], 0) for body in late]


async def _open(desk: Desk, steps: list[Step]) -> None:
    async with transaction(desk.pool) as connection:
        for one in steps:
            await incidents.add_step(connection, one)
