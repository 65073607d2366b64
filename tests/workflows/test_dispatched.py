"""Dispatching on real servers: repetitions, returns, transfers, grabs and limits (DSP-05…15)."""

from house import OPERATOR, received

TO_DISPATCH = ("respond", "clarify", "register")


async def test_a_repeated_dispatch_is_answered_though_nobody_fits_any_more(persons) -> None:
    """DSP-09, design 4a.8: whom the house chose the first time stands; only what is new is completed."""
    matter = await received(persons.desk)
    await matter.through(*TO_DISPATCH)
    first = await matter.give("dispatch", OPERATOR, key="once")
    emptied = persons.without(*persons.roster().staff)
    matter.desk = emptied.desk_with(emptied.settings)
    assert await matter.give("dispatch", OPERATOR, key="once") == first
    assert (await matter.refused("dispatch", OPERATOR, key="once", assignee="usr_S11")).code == "idempotency-key-reused"
    assert len(await matter.until("dispatched")) == 1
