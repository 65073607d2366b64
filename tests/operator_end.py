"""The end of a random run: when nothing is on its way any more, everything is looked at once more."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import operator_together as together
from evidence import CANARY, holds
from house import eventually
from operator_deeds import PATIENCE, Operator
from operator_tables import F
from violation import must

from starter import reconcile
from starter.owed import Wish, owed
from starter.replay import replay_all, runs

CARRIED = (
    "child_report",
    "incident_joining",
    "child_step",
    "mass_watch",
    "order_merge",
    "order_unmerge",
    "ladder_deed",
)
"""What the relay carries between orders, or does by a rule, until its outcome stands in the record."""
COUNT = "select count(*) from {}"
LATER = "update {} set try_at = now() where outcome is null and try_at > now()"
OPEN = (
    *(f"{table} where outcome is null" for table in CARRIED),
    "outbox where done_at is null",
    "owner_message where sent_at is null and given_up_at is null",
    "owner_message where sent_at is not null and confirmed_at is null and key_digest is not null",
)


async def end(house: Operator) -> None:
    """Look at everything once more: answers and duties, histories and record, and no word where none belongs."""
    await _settle(house)
    for case in house.cases.values():
        case.answered_or_owed()
        house.tally.stages[case.stage] += 1
        house.tally.kinds.update(case.kinds)
        for one in house.refusals:  # a merged case hands on what it refuses
            case.refused(one.command, one.request_id)
    cases = house.by_number()
    for one in house.refusals:
        together.refused_for_a_reason(cases, one.command, one.code, one.orders)
    together.judge(cases, together.sent_words(_messages(house)))
    await _everybody_is_named(house)
    await _histories_tell_the_same(house)


async def _settle(house: Operator) -> None:
    """Wait until nothing is on its way between cases, and nothing has happened to any of them meanwhile."""
    before: list[int] = []

    async def seen() -> list[int]:
        return [await _on_its_way(house), *[(await house.look(name)).seq for name in tuple(house.cases)]]

    def still(now: list[int]) -> bool:
        nonlocal before
        calm, before = now == before and now[0] == 0, now
        return calm

    await eventually(seen, still, PATIENCE * 2)
    while any(order_id not in house.names for order_id in await house.proposed_by_rule()):
        await house.find(f"house.{len(house.cases)}")


async def _on_its_way(house: Operator) -> int:
    """Count it; what was put off is to be tried now."""
    for table in CARRIED:
        await house.desk.pool.execute(LATER.format(table))
    return sum([await house.desk.pool.fetchval(COUNT.format(what)) for what in OPEN])


def _messages(house: Operator) -> Iterator[dict[str, Any]]:
    for file in (house.house.data / "messages").glob("*/*.json"):
        yield json.loads(file.read_text(encoding="utf-8"))


async def _everybody_is_named(house: Operator) -> None:
    """What is open is somebody's duty, by name; an incident that is dealt with may wait for its children."""
    desk = house.desk
    found = await owed(desk, list(desk.settings.communities), Wish(None, None, 10_000), datetime.now(UTC))
    named = {one.row.order_id for one in found if one.persons}
    for case in house.cases.values():
        waits = case.kin.parent and case.stage == F
        must(case.over or waits or case.order_id in named, f"{case.order_id}: open, and `duties` names nobody for it")


async def _histories_tell_the_same(house: Operator) -> None:
    desk, orders = house.desk, list(house.by_number())
    for order_id in orders:
        histories = await runs(desk, order_id)
        must(not any(holds(history, CANARY) for history in histories), f"{order_id}: words in a history")
    different = [f"{one}: {found}" for one in orders if (found := await reconcile.differences(desk, one))]
    must(not different, f"history and record differ: {different}")
    replayed = [verdict async for verdict in replay_all(desk)]
    must(len(replayed) == len(orders), f"{len(replayed)} histories replayed of {len(orders)}")
    wrong = {verdict.name: verdict.differences for verdict in replayed if verdict.differences}
    must(not wrong, f"histories do not replay: {wrong}")
