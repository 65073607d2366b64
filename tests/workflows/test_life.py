"""The life of an order on the real server."""

import asyncio
from datetime import timedelta

from house import OPERATOR, WHOLE_LIFE, instant, received


async def test_a_clean_case_from_reception_to_close(desk) -> None:
    """Intake → registration → dispatch → handling → feedback → callback → closed; the record says so."""
    matter = await received(desk)
    await matter.through(*WHOLE_LIFE)
    row = (await matter.file()).row
    assert (row.stage, row.close_reason, row.version, row.breaches) == ("closed", "confirmed", 9, 0)


async def test_response_breached_at_its_due_instant_and_level_1_told(desk) -> None:
    """CLK-02, ESC-02: no response 15 min after reception."""
    matter = await received(desk)
    await matter.skip(timedelta(minutes=16))
    [breach] = await matter.until("clock_breached", clock="response")
    received_at = (await matter.file()).row.received_at
    assert instant(breach["at"]) == received_at + timedelta(minutes=15)
    [level] = await matter.until("escalated", clock="response")
    assert (level["payload"]["level"], level["payload"]["addressee"]) == (1, "duty_supervisor")


async def test_two_dispatches_at_once_one_wins(desk) -> None:
    """API-01: the other is told the new state."""
    matter = await received(desk)
    await matter.through("respond", "register")
    said = {"team": "engineering"}
    both = [matter.give("dispatch", OPERATOR, assignee=f"usr_{who}", **said) for who in ("S09", "S12")]
    outcomes = await asyncio.gather(*both, return_exceptions=True)
    [lost] = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert lost.code == "already-dispatched"
    assert lost.facts["assignee"] in {"usr_S09", "usr_S12"}
